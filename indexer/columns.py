"""The columns of a generation in memory: filters, exact facet counts, orders (contract 6 and 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property, reduce
from operator import and_

from corpus.model import Report
from corpus.regions import regions_of
from indexer.bitsets import bitset, everything, rows_of, span
from indexer.copylinks import stood_for
from indexer.facetvalues import facet_of
from indexer.results import REPORT_FACETS, Copies, Facet, Filter, Sort
from indexer.texts import Row


class Columns:
    """Reports and sections by number; rows are sections in the order (report_id, ordinal)."""

    def __init__(self, reports: Sequence[Report], rows: Sequence[Row]) -> None:
        self.size = len(rows)
        self._reports = reports
        self._numbers = {report.report_id: number for number, report in enumerate(reports)}
        self.report_of = [self._numbers[row.report_id] for row in rows]
        self._section_values = {"kind": [row.kind for row in rows], "form": [row.form for row in rows]}
        self._shown = [row.shown for row in rows]
        self._spans = self._report_spans()

    def counted(self, copies: Copies) -> int:
        """Return the rows of the reports that count: without copies whose original is here, or all of them."""
        return self._originals if copies == "once" else everything(self.size)

    def filtered(self, filters: Sequence[Filter], without: str = "") -> int:
        """Return the rows that all filters let through, those on the field ``without`` left out.

        What the filters of one field choose is OR-ed; what they exclude is taken away.
        """
        bits = everything(self.size)
        chosen: dict[str, int] = {}
        for filter_ in filters:
            if filter_.field == without:
                continue
            found = self._selected(filter_)
            if filter_.exclude:
                bits &= ~found
            else:
                chosen[filter_.field] = chosen.get(filter_.field, 0) | found
        return reduce(and_, chosen.values(), bits)

    def facet(self, field: str, bits: int, filters: Sequence[Filter]) -> Facet:
        """Return the exact counts of a field over a set of rows."""
        sections: Counter[str] = Counter()
        reports: Counter[str] = Counter()
        rows = rows_of(bits)
        of_report = field in REPORT_FACETS
        if of_report:
            for number, count in Counter(map(self.report_of.__getitem__, rows)).items():
                for value in report_values(self._reports[number], field):
                    sections[value] += count
                    reports[value] += 1
        else:
            sections = Counter(map(self._section_values[field].__getitem__, rows))
        return facet_of(field, [(v, n, reports[v] if of_report else None) for v, n in sections.items()], filters)

    def characters(self, field: str, bits: int) -> Counter[str]:
        """Return by value of a field how many characters a reader sees of a set of rows."""
        found: Counter[str] = Counter()
        for row in rows_of(bits):
            of_report = field in REPORT_FACETS
            report = self._reports[self.report_of[row]]
            for value in report_values(report, field) if of_report else (self._section_values[field][row],):
                found[value] += self._shown[row]
        return found

    def count_reports(self, bits: int) -> int:
        """Return how many distinct reports a set of rows belongs to."""
        return len({self.report_of[row] for row in rows_of(bits)})

    def reports_with(self, bits: int) -> int:
        """Return the set of report numbers (not rows) that have a row in the set."""
        return bitset({self.report_of[row] for row in rows_of(bits)}, len(self._reports))

    def rows_of_reports(self, reports: int) -> int:
        """Return the rows of a set of report numbers."""
        bits = 0
        for number in rows_of(reports):
            bits |= self._spans[number]
        return bits

    def rows_of(self, report_id: str) -> range:
        """Return the rows of one report: they stand together."""
        bits = self._spans[self._numbers[report_id]]
        return range((bits & -bits).bit_length() - 1, bits.bit_length()) if bits else range(0)

    def ordered(self, bits: int, sort: Sort) -> list[int]:
        """Return the rows of a set in a date order; undated last, then by row."""
        rows = rows_of(bits)
        key = self._newest_first if sort == "date" else self._oldest_first
        return sorted(rows, key=lambda row: key[self.report_of[row]])

    def bits_of(self, field: str, value: str) -> int:
        """Return the rows whose field has a value."""
        return self._index(field).get(value, 0)

    def years(self, low: int | None, high: int | None) -> int:
        """Return the rows of reports about a range of years."""
        bits = 0
        for value, rows in self._index("year").items():
            if value and (low is None or int(value) >= low) and (high is None or int(value) <= high):
                bits |= rows
        return bits

    def _selected(self, filter_: Filter) -> int:
        if filter_.is_range:
            return self.years(filter_.low, filter_.high)
        bits = 0
        for value in filter_.values:
            bits |= self.bits_of(filter_.field, value)
        return bits

    def _index(self, field: str) -> dict[str, int]:
        if field not in self._indexes:
            if field in REPORT_FACETS:
                found: dict[str, int] = {}
                for number, report in enumerate(self._reports):
                    for value in report_values(report, field):
                        found[value] = found.get(value, 0) | self._spans[number]
            else:
                owners: dict[str, list[int]] = {}
                for row, value in enumerate(self._section_values[field]):
                    owners.setdefault(value, []).append(row)
                found = {value: bitset(rows, self.size) for value, rows in owners.items()}
            self._indexes[field] = found
        return self._indexes[field]

    @cached_property
    def _indexes(self) -> dict[str, dict[str, int]]:
        return {}

    @cached_property
    def _originals(self) -> int:
        copies = 0
        for report_id in stood_for({report.report_id: report.same_as for report in self._reports}):
            copies |= self._spans[self._numbers[report_id]]
        return everything(self.size) & ~copies

    @cached_property
    def _newest_first(self) -> list[tuple[bool, int]]:
        return [(not report.published_on, -_day(report)) for report in self._reports]

    @cached_property
    def _oldest_first(self) -> list[tuple[bool, int]]:
        return [(not report.published_on, _day(report)) for report in self._reports]

    def _report_spans(self) -> list[int]:
        spans = [0] * len(self._reports)
        start = 0
        for row in range(1, self.size + 1):
            if row == self.size or self.report_of[row] != self.report_of[start]:
                spans[self.report_of[start]] = span(start, row)
                start = row
        return spans


def report_values(report: Report, field: str) -> tuple[str, ...]:
    """Return a report's values of a facet; a region counts for all that contain it, then or now, "" is not known."""
    if field == "region":
        return regions_of(report.region, report.year) or ("",)
    if field == "year":
        return ("" if report.year is None else str(report.year),)
    return (str(getattr(report, field)),)


def _day(report: Report) -> int:
    return int(report.published_on.replace("-", "")) if report.published_on else 0
