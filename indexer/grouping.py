"""A result put together by report, and the reports beside one in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.results import Hit, SearchResults

#: Sections of the order that are put together by report: some hundred pages of it.
GROUPED: Final = 10_000
#: Hits shown of one report.
SECTIONS_EACH: Final = 3


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """One report of a result: its matching sections among those put together, and the first of them as hits."""

    report_id: str
    sections: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class ReportResults:
    """One page of reports. ``found`` has totals and facets of the whole set and no hits.

    ``reports`` can be turned to; they are all there are, unless ``cut``: then those of the first 10,000 sections.
    """

    found: SearchResults
    groups: tuple[ReportGroup, ...]
    reports: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The reports before and after one in a result, each by its first hit, and its place among ``reports``."""

    previous: Hit | None
    next: Hit | None
    place: int
    reports: int
