"""The sections that a search found, as row numbers: filters, exact facets and totals by arithmetic on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.model import FORMS, KINDS
from indexer.facetvalues import facet_of
from indexer.grouping import InReport
from indexer.reporttable import Counts, Mask, ReportTable
from indexer.results import REPORT_FACETS, Facet, Filter
from indexer.tantivyschema import Rows, forms_of, kinds_of, numbers_of, ordinals_of

_CODES: Final = {"kind": KINDS, "form": FORMS}


class FoundRows:
    """The sections of a set as row numbers, with the masks that filters lay over them."""

    def __init__(self, rows: Rows, reports: ReportTable, filters: Sequence[Filter], places: Rows | None = None) -> None:
        self.rows = rows
        #: Where the rows stood before some were left out; None while none was.
        self.places = places
        self._reports = reports
        self._filters = filters
        self._numbers = numbers_of(rows)
        self._masks: dict[str, Mask] = {}
        for field in dict.fromkeys(filter_.field for filter_ in filters):
            self._masks[field] = self._mask(field)
        self._counts: dict[frozenset[str], tuple[Counts, NDArray[np.intp]]] = {}

    def without_copies(self) -> FoundRows:
        """Return the same set without the sections of reports that another one stands for."""
        kept = (~self._reports.copies[self._numbers]).nonzero()[0]
        return FoundRows(self.rows[kept], self._reports, self._filters, kept)

    def passing(self, without: str = "") -> Mask:
        """Return which rows all filters let through, those on the field ``without`` left out."""
        mask = np.ones(len(self.rows), np.bool_)
        for field, allowed in self._masks.items():
            if field != without:
                mask &= allowed
        return mask

    def totals(self) -> tuple[int, int]:
        """Return how many sections, of how many reports, the filters let through."""
        counts, present = self._of_reports("")
        return int(counts.sum()), len(present)

    def facet(self, field: str) -> Facet:
        """Return the exact counts of a field, with the filters of all other fields applied."""
        if field in REPORT_FACETS:
            return self._reports.facet(field, *self._of_reports(field), self._filters)
        codes = (kinds_of if field == "kind" else forms_of)(self.rows)
        if self._masks.keys() - {field}:
            codes = codes[self.passing(without=field)]
        counts = np.bincount(codes, minlength=len(_CODES[field])).tolist()
        found = [(value, count, None) for value, count in zip(_CODES[field], counts, strict=False) if count]
        return facet_of(field, [*found], self._filters)

    def _of_reports(self, without: str) -> tuple[Counts, NDArray[np.intp]]:
        """Return how many sections of each report pass the filters, those on a field left out; and which have any."""
        applied = frozenset(self._masks.keys() - {without})
        if applied not in self._counts:
            numbers = self._numbers[self.passing(without)] if applied else self._numbers
            counts = np.bincount(numbers, minlength=self._reports.size)
            self._counts[applied] = counts, counts.nonzero()[0]
        return self._counts[applied]

    def _mask(self, field: str) -> Mask:
        own = [filter_ for filter_ in self._filters if filter_.field == field]
        if field in REPORT_FACETS:
            return self._reports.matching(own)[self._numbers]
        codes = (kinds_of if field == "kind" else forms_of)(self.rows)
        chosen = [code for f in own if not f.exclude for code in _codes_of(field, f.values)]
        excluded = [code for f in own if f.exclude for code in _codes_of(field, f.values)]
        mask = np.isin(codes, chosen) if any(not f.exclude for f in own) else np.ones(len(codes), np.bool_)
        return mask & ~np.isin(codes, excluded)


class RowOrder:
    """The order by report of sections that are given as row numbers, best first."""

    def __init__(self, rows: Rows, reports: ReportTable) -> None:
        self._rows, self._numbers, self._reports = rows, numbers_of(rows), reports
        numbers, first, sections = np.unique(self._numbers, return_index=True, return_counts=True)
        order = np.argsort(first)
        self._order, self._sections = numbers[order], sections[order]
        self.size = len(order)

    def window(self, start: int, stop: int, each: int) -> tuple[InReport, ...]:
        """Return the reports at some places."""
        found = []
        chosen = zip(self._order[start:stop].tolist(), self._sections[start:stop].tolist(), strict=True)
        for number, sections in chosen:
            report_id = self._reports.identity(number)
            own = self._rows[np.flatnonzero(self._numbers == number)[:each]].tolist()
            found.append(InReport(report_id, sections, tuple((report_id, int(ordinals_of(row))) for row in own)))
        return tuple(found)

    def place(self, report_id: str) -> int | None:
        """Return where a report stands."""
        number = self._reports.number_of(report_id)
        if number is None:
            return None
        places = np.flatnonzero(self._order == number).tolist()
        return int(places[0]) if places else None


def _codes_of(field: str, values: Sequence[str]) -> list[int]:
    return [_CODES[field].index(value) for value in values if value in _CODES[field]]
