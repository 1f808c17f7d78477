"""The columns of the reports of a generation, mapped from files: counts by field, dates, where a report's text lies.

A report has a number for as long as it stays in the index; what goes leaves a row that isn't alive. All arrays have
one element for each number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.folding import fold
from indexer.errors import BrokenIndex
from indexer.facetvalues import facet_of, plain_facet
from indexer.haystack import Haystack
from indexer.linefiles import LineFile
from indexer.results import REPORT_FACETS, Facet, Filter
from indexer.tantivyschema import row_numbers

Mask: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int64]

#: Fields of the report whose values are numbered; the rest of the texts stand once for each report.
CODED: Final = ("region", "agency", "department", "level", "year", "doctype", "template")
ROW_TYPE: Final = np.dtype(
    [
        *((name, "<u8") for name in ("start",)),
        *((name, "<u4") for name in ("pack", "size", "sections", "characters", "published", *CODED)),
        ("alive", "?"),
        ("copy", "?"),
    ]
)
#: One row for each section of each report, those of reports that went too: kind and form as in row numbers, characters.
SECTION_TYPE: Final = np.dtype([("code", "u1"), ("characters", "<u4")])
ROWS_FILE: Final = "reports.npy"
SECTIONS_FILE: Final = "sections.npy"
VALUES_FILE: Final = "values.json"
#: One line for each report: its identity; then what the library's hashes of it are; then texts that are searched.
IDS_FILE: Final = "ids.txt"
STATES_FILE: Final = "states.txt"
TITLES_FILE: Final = "titles.txt"
DOCUMENT_NUMBERS_FILE: Final = "document-numbers.txt"
#: So many identities are kept at hand.
_REMEMBERED: Final = 4_096

LINE_FILES: Final = (IDS_FILE, STATES_FILE, TITLES_FILE, DOCUMENT_NUMBERS_FILE)


class ReportTable:
    """The columns of a finished generation, for reading; arrays are indexed by a report's number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self.rows = np.load(folder / ROWS_FILE, mmap_mode="r", allow_pickle=False)
            self.sections = np.load(folder / SECTIONS_FILE, mmap_mode="r", allow_pickle=False)
            held = json.loads((folder / VALUES_FILE).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BrokenIndex(
                zh=f"索引文件 {ROWS_FILE}、{SECTIONS_FILE} 或 {VALUES_FILE} 缺失或已损坏；请运行 chadang index --rebuild",
                en=f"the index file {ROWS_FILE}, {SECTIONS_FILE} or {VALUES_FILE} is missing or damaged; run chadang index --rebuild",
            ) from error
        self.packs: list[str] = held["packs"]
        self._values: dict[str, list[Any]] = held["values"]
        self.size = len(self.rows)
        # Columns of their own are counted in a third of the time of fields of rows.
        self._columns = {name: np.ascontiguousarray(self.rows[name]) for name in CODED}
        self._places = tuple(np.ascontiguousarray(self.rows[name]) for name in ("pack", "start", "size"))
        self._regions = _memberships([value[0] for value in self._values["region"]])
        self.copies: Mask = np.ascontiguousarray(self.rows["copy"])
        self.has_copies = bool(self.copies.any())
        self._date_ranks: dict[bool, NDArray[np.intp]] = {}
        self._line_files: dict[str, LineFile] = {}
        # What was shown last is asked for next.
        self._identities: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._value_orders: dict[str, NDArray[np.intp]] = {}

    def identity(self, number: int) -> str:
        """Return the identity of a report."""
        known = self._identities.get(number)
        if known is None:
            if len(self._identities) >= _REMEMBERED:
                self._identities, self._numbers = {}, {}
            self._identities[number] = known = self._lines(IDS_FILE).line(number)
            if self.rows["alive"][number]:
                self._numbers[known] = number
        return known

    @cached_property
    def section_counts(self) -> Counts:
        """How many sections each report has."""
        counts: Counts = self.rows["sections"].astype(np.int64)
        return counts

    def number_of(self, report_id: str) -> int | None:
        """Return the number of a report that is alive."""
        known = self._numbers.get(report_id)
        if known is not None:
            return known
        return next((n for n in self._lines(IDS_FILE).find(report_id) if self.rows["alive"][n]), None)

    def identity_ranks(self) -> NDArray[np.intp]:
        """Return the place of each report in the order of the identities."""
        return self._rank

    def place(self, number: int) -> tuple[int, int, int]:
        """Return where a report's record lies: pack, start, size."""
        pack, start, size = self._places
        return int(pack[number]), int(start[number]), int(size[number])

    def title(self, number: int) -> str:
        """Return the folded title of a report."""
        return self._lines(TITLES_FILE).line(number)

    def holding(self, field: str, phrase: str, whole_run: bool = False) -> Mask:
        """Return the reports whose field holds a folded phrase: title, agency, region, department or number."""
        if field == "title":
            return self._with_lines(self._titles.rows(phrase, whole_run))
        if field == "number":
            return self._with_lines(self._document_numbers.rows(phrase, whole_run))
        found = np.zeros(len(self._values[field]) + 1, np.bool_)
        found[list(self._haystack(field).rows(phrase, whole_run))] = True
        mask: Mask = found[self._columns[field]] & self.rows["alive"]
        return mask

    def texts_of(self, field: str, numbers: Iterable[int]) -> Iterable[tuple[int, str]]:
        """Yield (number, folded texts of a field joined by line feeds)."""
        for number in numbers:
            if field in ("title", "number"):
                yield number, self._lines(TITLES_FILE if field == "title" else DOCUMENT_NUMBERS_FILE).line(number)
            else:
                yield number, self._haystack(field).row(int(self.rows[field][number]))

    def tokens_holding(self, field: str, mask: Mask) -> list[str]:
        """Return the values that the reports of a mask have in a coded field (not region), each once."""
        return [str(self._values[field][code]) for code in np.unique(self.rows[field][mask])]

    def matching(self, filters: Sequence[Filter], without: str = "") -> Mask:
        """Return the reports that all filters on fields of the report let through, those on ``without`` left out."""
        mask: Mask = np.array(self.rows["alive"])
        chosen: dict[str, Mask] = {}
        for filter_ in filters:
            if filter_.field == without or filter_.field not in REPORT_FACETS:
                continue
            found = self._with_values(filter_.field, self.values_of(filter_))
            if filter_.exclude:
                mask &= ~found
            else:
                chosen[filter_.field] = chosen[filter_.field] | found if filter_.field in chosen else found
        for found in chosen.values():
            mask &= found
        return mask

    def values_of(self, filter_: Filter) -> list[str]:
        """Return the values that a filter names; for a range of years those that the index has."""
        return self.years(filter_.low, filter_.high) if filter_.is_range else list(filter_.values)

    def years(self, low: int | None, high: int | None) -> list[str]:
        """Return the years of a range that the index has."""
        return [
            value
            for value in self._values["year"]
            if value and (low is None or int(value) >= low) and (high is None or int(value) <= high)
        ]

    def with_value(self, field: str, value: str) -> Mask:
        """Return the reports that have a value."""
        return self._with_values(field, [value])

    def with_years(self, low: int | None, high: int | None) -> Mask:
        """Return the reports about a range of years."""
        return self._with_values("year", self.years(low, high))

    def facet(self, field: str, counts: Counts, present: NDArray[np.intp], filters: Sequence[Filter]) -> Facet:
        """Return the exact counts of a field, given how many sections of each report are to be counted.

        ``present``: the reports that have any.
        """
        values, size = self._values[field], len(self._values[field])
        codes = self._columns[field][present]
        sections = np.bincount(codes, weights=counts[present], minlength=size).astype(np.int64)
        reports = np.bincount(codes, minlength=size)
        if field == "region":
            values, owners, members = self._regions
            sections = np.bincount(members, weights=sections[owners], minlength=len(values)).astype(np.int64)
            reports = np.bincount(members, weights=reports[owners], minlength=len(values)).astype(np.int64)
        found = sections.nonzero()[0]
        found = found[np.lexsort((self._value_order(field, values)[found], -sections[found]))]
        columns = (map(values.__getitem__, found.tolist()), sections[found].tolist(), reports[found].tolist())
        if any(filter_.field == field for filter_ in filters):
            return facet_of(field, list(zip(*columns, strict=True)), filters)
        return plain_facet(field, *columns)

    def _value_order(self, field: str, values: Sequence[str]) -> NDArray[np.intp]:
        """Return the place of each value of a field in the order of the values."""
        if field not in self._value_orders:
            order = np.empty(len(values), np.intp)
            order[sorted(range(len(values)), key=values.__getitem__)] = np.arange(len(values))
            self._value_orders[field] = order
        return self._value_orders[field]

    def sums(self, field: str, amounts: Counts) -> dict[str, int]:
        """Return value of a field -> sum of an amount of each report, where there is any."""
        return {value.value: value.sections for value in self.facet(field, amounts, amounts.nonzero()[0], ()).values}

    def date_ranks(self, newest_first: bool) -> NDArray[np.intp]:
        """Return the place of each report in the order by date of publication, undated last, then by identity."""
        if newest_first not in self._date_ranks:
            published = self.rows["published"].astype(np.int64)
            order = np.lexsort((self._rank, -published if newest_first else published, published == 0))
            ranks = np.empty(self.size, np.intp)
            ranks[order] = np.arange(self.size)
            self._date_ranks[newest_first] = ranks
        return self._date_ranks[newest_first]

    def context(self, phrase: str, whole_run: bool) -> Mask:
        """Return the reports whose title, agency or region hold a folded phrase."""
        return (
            self.holding("title", phrase, whole_run)
            | self.holding("agency", phrase, whole_run)
            | self.holding("region", phrase, whole_run)
        )

    def every_section(self) -> NDArray[np.int64]:
        """Return the row numbers of all sections of reports that are alive."""
        sizes = self.rows["sections"].astype(np.int64)
        numbers = np.repeat(np.arange(self.size, dtype=np.int64), sizes)
        ordinals = np.arange(len(numbers), dtype=np.int64) - self.first_sections[numbers]
        rows = row_numbers(numbers, ordinals, self.sections["code"].astype(np.int64))
        alive: NDArray[np.int64] = rows[self.rows["alive"][numbers]]
        return alive

    @cached_property
    def first_sections(self) -> NDArray[np.int64]:
        """Where the sections of each report begin among all sections, by number."""
        sizes = self.rows["sections"].astype(np.int64)
        starts: NDArray[np.int64] = np.cumsum(sizes) - sizes
        return starts

    # What a writer takes over

    def values_by_field(self) -> dict[str, list[Any]]:
        """Return the numbered values."""
        return {field: list(values) for field, values in self._values.items()}

    def hashes(self, number: int) -> tuple[str, str]:
        """Return the library's hashes of a report when it was written: of its state, and of its text."""
        state, text = self._lines(STATES_FILE).line(number).split(" ")
        return state, text

    def all_hashes(self) -> list[tuple[str, str]]:
        """Return these hashes of all reports, by number."""
        return [(state, text) for state, text in (line.split(" ") for line in self._lines(STATES_FILE).lines())]

    def numbers(self) -> dict[str, int]:
        """Return report_id -> number of the reports that are alive."""
        ids = self._lines(IDS_FILE).lines()
        return {ids[number]: number for number in np.flatnonzero(self.rows["alive"]).tolist()}

    def identities(self) -> list[str]:
        """Return the identities of all reports by number; "" for one that went."""
        ids = self._lines(IDS_FILE).lines()
        return [identity if alive else "" for identity, alive in zip(ids, self.rows["alive"].tolist(), strict=True)]

    def copied(self) -> set[str]:
        """Return the reports that were written as ones that another one stands for."""
        return set(map(self.identity, np.flatnonzero(self.rows["copy"] & self.rows["alive"]).tolist()))

    def file_with(self, name: str, more: Iterable[str]) -> bytes:
        """Return the bytes of a file of lines with those of further reports."""
        return self._lines(name).with_more(more)

    @cached_property
    def _rank(self) -> NDArray[np.intp]:
        ids = self._lines(IDS_FILE).lines()
        order = sorted(range(self.size), key=ids.__getitem__)
        rank = np.empty(self.size, np.intp)
        rank[order] = np.arange(self.size)
        return rank

    @cached_property
    def _titles(self) -> Haystack:
        return Haystack(self._lines(TITLES_FILE).lines())

    @cached_property
    def _document_numbers(self) -> Haystack:
        return Haystack(self._lines(DOCUMENT_NUMBERS_FILE).lines())

    @cached_property
    def _haystacks(self) -> dict[str, Haystack]:
        return {}

    def _haystack(self, field: str) -> Haystack:
        """Return the folded texts of the values of a coded field, by code."""
        if field not in self._haystacks:
            values = self._values[field]
            texts = ("\n".join(map(fold, v[1] if field == "region" else (v,))) for v in values)
            self._haystacks[field] = Haystack(texts)
        return self._haystacks[field]

    def _with_lines(self, numbers: Iterable[int]) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        mask[list(numbers)] = True
        mask &= self.rows["alive"]
        return mask

    def _with_values(self, field: str, values: Iterable[str]) -> Mask:
        wanted = set(values)
        held = self._values[field]
        found = np.zeros(len(held) + 1, np.bool_)
        for code, value in enumerate(held):
            if (not wanted.isdisjoint(value[0])) if field == "region" else value in wanted:
                found[code] = True
        mask: Mask = found[self._columns[field]] & self.rows["alive"]
        return mask

    def _lines(self, name: str) -> LineFile:
        if name not in self._line_files:
            try:
                self._line_files[name] = LineFile(self._folder / name, self.size)
            except (OSError, ValueError) as error:
                raise BrokenIndex(
                    zh=f"索引文件 {name} 缺失或已损坏；请运行 chadang index --rebuild",
                    en=f"the index file {name} is missing or damaged; run chadang index --rebuild",
                ) from error
        return self._line_files[name]


def _memberships(groups: Sequence[Sequence[str]]) -> tuple[list[str], NDArray[np.intp], NDArray[np.intp]]:
    """Return all members of some groups, and pairs (group, member) as two arrays of numbers."""
    number = {member: n for n, member in enumerate(dict.fromkeys(m for group in groups for m in group))}
    owners = [n for n, group in enumerate(groups) for _ in group]
    members = [number[member] for group in groups for member in group]
    return list(number), np.array(owners, np.intp), np.array(members, np.intp)
