"""What building asks of an engine: a generation in the making, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from corpus.library import Library
from corpus.rows import StoredReport

#: Shows a person how far a list of reports is: yields them again, one by one.
Progress: TypeAlias = Callable[[list[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a finished generation holds."""

    reports: int
    sections: int
    characters: int


class Builder(Protocol):
    """One generation of one engine; nothing refers to it before it is finished."""

    def start_from(self, previous: Path, states: Mapping[str, str], copies: set[str]) -> bool:
        """Take over an earlier generation without the reports that changed or went since.

        ``states``: the library's hash of each report; ``copies``: the reports that others stand for. Returns False,
        and takes nothing over, where so much changed that building anew is cheaper.
        """
        ...

    def missing(self, states: Mapping[str, str]) -> list[str]:
        """Return the reports that are still to be added."""
        ...

    def add_from(
        self,
        library: Library,
        wanted: list[str],
        states: Mapping[str, str],
        copies: set[str],
        progress: Progress | None,
        workers: int,
    ) -> None:
        """Add reports as the library's open transaction sees them, in up to so many processes.

        ``states``, ``copies``: as in ``start_from``.
        """
        ...

    def add(self, stored: StoredReport, copy: bool = False) -> None:
        """Add one report; ``copy``: another one of the index stands for it."""
        ...

    def finish(self) -> Totals:
        """Write everything."""
        ...

    def abandon(self) -> None:
        """Let go of the files; the folder goes with them."""
        ...
