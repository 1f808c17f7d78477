"""A result put together by report, and the reports beside one in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from indexer.results import Hit, SearchResults, SectionKey

#: Hits shown of one report.
SECTIONS_EACH: Final = 3


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """One report of a result: how many of its sections match, and the first of them as hits."""

    report_id: str
    sections: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class ReportResults:
    """One page of all ``reports`` of a result. ``found`` has totals and facets of the whole set and no hits."""

    found: SearchResults
    groups: tuple[ReportGroup, ...]
    reports: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The reports before and after one in a result, each by its first hit, and its place among ``reports``."""

    previous: Hit | None
    next: Hit | None
    place: int
    reports: int


class InReport(NamedTuple):
    """A report of an order: how many of its sections match, and the first of them."""

    report_id: str
    sections: int
    first: tuple[SectionKey, ...]


class ReportOrder(Protocol):
    """All reports of a result, each at the place of its first section in the result's order."""

    size: int

    def window(self, start: int, stop: int, each: int) -> tuple[InReport, ...]:
        """Return the reports at some places, with so many sections of each at most; what is past the end is left out."""
        ...

    def place(self, report_id: str) -> int | None:
        """Return where a report stands; None where it isn't in the result."""
        ...


class KeyedOrder:
    """The order by report of sections that are at hand."""

    def __init__(self, keys: Iterable[SectionKey]) -> None:
        self._reports: dict[str, list[SectionKey]] = {}
        for key in keys:
            self._reports.setdefault(key[0], []).append(key)
        self._order = list(self._reports)
        self.size = len(self._order)

    def window(self, start: int, stop: int, each: int) -> tuple[InReport, ...]:
        """Return the reports at some places."""
        chosen = ((report_id, self._reports[report_id]) for report_id in self._order[start:stop])
        return tuple(InReport(report_id, len(own), tuple(own[:each])) for report_id, own in chosen)

    def place(self, report_id: str) -> int | None:
        """Return where a report stands."""
        return self._order.index(report_id) if report_id in self._reports else None
