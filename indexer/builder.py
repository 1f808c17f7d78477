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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a generation is to hold.

    ``states``: the library's hash of each report, or of those that ``changed`` names: all that may differ from the
    earlier generation (None: any may). ``copies``: the reports that others stand for.
    """

    states: Mapping[str, str]
    copies: set[str]
    changed: set[str] | None = None


class Builder(Protocol):
    """One generation of one engine; nothing refers to it before it is finished."""

    def wanted(self, library: Library, copies: set[str], previous: Path | None, mark: str) -> Wanted:
        """Return what the library holds; where an earlier generation is to be taken over, what of it may differ.

        ``mark``: the state of the library that the earlier generation is of.
        """
        ...

    def start_from(self, previous: Path, wanted: Wanted) -> bool:
        """Take over an earlier generation without the reports that changed or went since.

        Returns False, and takes nothing over, where so much changed that building anew is cheaper.
        """
        ...

    def missing(self, wanted: Wanted) -> list[str]:
        """Return the reports that are still to be added."""
        ...

    def gone(self) -> Mapping[str, tuple[str, str]]:
        """Return what was left out of the earlier generation: report -> the library's hashes of it (state, text)."""
        ...

    def add_from(
        self,
        library: Library,
        missing: list[str],
        wanted: Wanted,
        progress: Progress | None,
        workers: int,
    ) -> None:
        """Add reports as the library's open transaction sees them, in up to so many processes."""
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
