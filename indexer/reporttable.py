"""The columns of the reports of a generation, mapped from files: counts by field, dates, where a report's text lies.

A report has a number for as long as it stays in the index; what goes leaves a row that isn't alive. All arrays have
one element for each number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.folding import fold
from corpus.regions import region_texts, regions_of
from corpus.rows import StoredReport
from indexer.errors import BrokenIndex
from indexer.haystack import Haystack
from indexer.results import REPORT_FACETS, Facet, FacetValue, Filter

Mask: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int64]

#: Fields of the report whose values are numbered; the rest of the texts stand once for each report.
_CODED: Final = ("region", "agency", "department", "level", "year", "doctype", "template")
_ROW: Final = np.dtype(
    [
        *((name, "<u8") for name in ("start",)),
        *((name, "<u4") for name in ("pack", "size", "sections", "characters", "published", *_CODED)),
        ("alive", "?"),
        ("copy", "?"),
    ]
)
_ROWS_FILE: Final = "reports.npy"
_VALUES_FILE: Final = "values.json"
#: One line for each report: its identity; then what the library's hashes of it are; then texts that are searched.
_IDS_FILE: Final = "ids.txt"
_STATES_FILE: Final = "states.txt"
_TITLES_FILE: Final = "titles.txt"
_DOCUMENT_NUMBERS_FILE: Final = "document-numbers.txt"


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """What the columns hold of a report. ``values``: field -> value; a region is its codes and its names."""

    report_id: str
    state: str
    text_hash: str
    pack: int
    sections: int
    characters: int
    copy: bool
    published_on: str
    title: str
    document_number: str
    agency: str
    department: str
    level: str
    year: str
    doctype: str
    template: str
    regions: tuple[str, ...]
    region_texts: tuple[str, ...]


def entry_of(stored: StoredReport, *, pack: int, copy: bool) -> ReportEntry:
    """Return what the columns hold of a report; where its record lies in the pack is known when that is finished."""
    report = stored.report
    return ReportEntry(
        report_id=report.report_id,
        state=stored.state,
        text_hash=stored.text_hash,
        pack=pack,
        sections=len(stored.sections),
        characters=sum(len(row[7]) for row in stored.sections),
        copy=copy,
        published_on=report.published_on,
        title=fold(report.title),
        document_number=fold(report.document_number),
        agency=report.agency,
        department=report.department,
        level=report.level,
        year="" if report.year is None else str(report.year),
        doctype=report.doctype,
        template=report.template,
        regions=regions_of(report.region, report.year) or ("",),
        region_texts=region_texts(report.region, report.year),
    )


class TableWriter:
    """The columns in the making: those of an earlier generation, without what goes, and new reports after them."""

    def __init__(self, previous: ReportTable | None = None) -> None:
        self.packs: list[str] = list(previous.packs) if previous else []
        self._values: dict[str, list[Any]] = previous.values_by_field() if previous else {name: [] for name in _CODED}
        self._codes = {name: {_key(v): n for n, v in enumerate(values)} for name, values in self._values.items()}
        self._rows = previous.rows.copy() if previous else np.zeros(0, _ROW)
        self._lines = previous.lines() if previous else {name: [] for name in _LINE_FILES}
        self._new: list[tuple[int, ...]] = []
        self.number_of = previous.numbers() if previous else {}

    @property
    def size(self) -> int:
        """How many numbers are taken, those of reports that went included."""
        return len(self._rows) + len(self._new)

    def states(self) -> dict[str, str]:
        """Return report_id -> the library's hash of it, of the reports that are alive."""
        return {report_id: self._lines[_STATES_FILE][n].split(" ")[0] for report_id, n in self.number_of.items()}

    def text_hashes(self) -> dict[str, str]:
        """Return report_id -> the hash that the corpus_id is made of."""
        return {report_id: self._lines[_STATES_FILE][n].split(" ")[1] for report_id, n in self.number_of.items()}

    def copies(self) -> set[str]:
        """Return the reports that were written as ones that another one stands for."""
        return {report_id for report_id, n in self.number_of.items() if self._rows["copy"][n]}

    def remove(self, report_id: str) -> int:
        """Take a report out; return the number that it had."""
        number = self.number_of.pop(report_id)
        self._rows["alive"][number] = False
        return number

    def dead_share(self) -> float:
        """Return which share of the numbers belongs to reports that went."""
        return 1 - len(self.number_of) / self.size if self.size else 0.0

    def add(self, entries: Iterable[tuple[ReportEntry, tuple[int, int]]]) -> None:
        """Append reports with where their records lie (start, size); they get the next numbers."""
        for entry, (start, size) in entries:
            self.number_of[entry.report_id] = self.size
            year, month, day = (entry.published_on or "0-0-0").split("-")
            published = int(year) * 10_000 + int(month) * 100 + int(day)
            codes = (
                self._code("region", [list(entry.regions), list(entry.region_texts)]),
                *(self._code(name, getattr(entry, name)) for name in _CODED[1:]),
            )
            self._new.append(
                (
                    start, entry.pack, size, entry.sections, entry.characters, published, *codes,
                    True, entry.copy,
                )
            )  # fmt: skip
            self._lines[_IDS_FILE].append(entry.report_id)
            self._lines[_STATES_FILE].append(f"{entry.state} {entry.text_hash}")
            self._lines[_TITLES_FILE].append(entry.title)
            self._lines[_DOCUMENT_NUMBERS_FILE].append(entry.document_number)

    def save(self, folder: Path) -> tuple[int, int, int]:
        """Write the files; return how many reports, sections and characters there are."""
        rows = np.concatenate([self._rows, np.array(self._new, _ROW)]) if self._new else self._rows
        np.save(folder / _ROWS_FILE, rows, allow_pickle=False)
        values = {"packs": self.packs, "values": self._values}
        (folder / _VALUES_FILE).write_text(json.dumps(values, ensure_ascii=False), "utf-8", newline="\n")
        for name, lines in self._lines.items():
            (folder / name).write_text("\n".join(lines), "utf-8", newline="\n")
        alive = rows[rows["alive"]]
        return len(alive), int(alive["sections"].sum()), int(alive["characters"].sum(dtype=np.int64))

    def _code(self, field: str, value: object) -> int:
        codes = self._codes[field]
        key = _key(value)
        if key not in codes:
            codes[key] = len(codes)
            self._values[field].append(value)
        return codes[key]


_LINE_FILES: Final = (_IDS_FILE, _STATES_FILE, _TITLES_FILE, _DOCUMENT_NUMBERS_FILE)


def _key(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class ReportTable:
    """The columns of a finished generation, for reading; arrays are indexed by a report's number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self.rows = np.load(folder / _ROWS_FILE, mmap_mode="r", allow_pickle=False)
            held = json.loads((folder / _VALUES_FILE).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BrokenIndex(
                zh=f"索引文件 {_ROWS_FILE} 或 {_VALUES_FILE} 缺失或已损坏；请运行 chadang index --rebuild",
                en=f"the index file {_ROWS_FILE} or {_VALUES_FILE} is missing or damaged; run chadang index --rebuild",
            ) from error
        self.packs: list[str] = held["packs"]
        self._values: dict[str, list[Any]] = held["values"]
        self.size = len(self.rows)
        # Columns of their own are counted in a third of the time of fields of rows.
        self._columns = {name: np.ascontiguousarray(self.rows[name]) for name in _CODED}
        self._places = tuple(np.ascontiguousarray(self.rows[name]) for name in ("pack", "start", "size"))
        self._regions = _memberships([value[0] for value in self._values["region"]])
        self.copies: Mask = np.ascontiguousarray(self.rows["copy"])
        self.has_copies = bool(self.copies.any())
        self._date_ranks: dict[bool, NDArray[np.intp]] = {}

    @cached_property
    def ids(self) -> list[str]:
        """The identities, by number."""
        return self._read(_IDS_FILE)

    def number_of(self, report_id: str) -> int | None:
        """Return the number of a report that is alive."""
        return self._numbers.get(report_id)

    def place(self, number: int) -> tuple[int, int, int]:
        """Return where a report's record lies: pack, start, size."""
        pack, start, size = self._places
        return int(pack[number]), int(start[number]), int(size[number])

    def title(self, number: int) -> str:
        """Return the folded title of a report."""
        return self._titles.row(number)

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
                yield number, (self._titles if field == "title" else self._document_numbers).row(number)
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

    def facet(self, field: str, counts: Counts, filters: Sequence[Filter]) -> Facet:
        """Return the exact counts of a field, given how many sections of each report are to be counted."""
        codes, size = self._columns[field], len(self._values[field])
        present = counts.nonzero()[0]
        of_present = codes[present]
        sections = np.bincount(of_present, weights=counts[present], minlength=size).astype(np.int64)
        reports = np.bincount(of_present, minlength=size)
        values = self._values[field]
        if field == "region":
            values, owners, members = self._regions
            sections = np.bincount(members, weights=sections[owners], minlength=len(values)).astype(np.int64)
            reports = np.bincount(members, weights=reports[owners], minlength=len(values)).astype(np.int64)
        found = sections.nonzero()[0]
        numbers = zip(found.tolist(), sections[found].tolist(), reports[found].tolist(), strict=True)
        return report_facet(field, [(values[n], count, of_reports) for n, count, of_reports in numbers], filters)

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

    # What a writer takes over

    def values_by_field(self) -> dict[str, list[Any]]:
        """Return the numbered values."""
        return {field: list(values) for field, values in self._values.items()}

    def lines(self) -> dict[str, list[str]]:
        """Return the files of lines."""
        return {name: self._read(name) for name in _LINE_FILES}

    def numbers(self) -> dict[str, int]:
        """Return report_id -> number of the reports that are alive."""
        return dict(self._numbers)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {self.ids[number]: number for number in np.flatnonzero(self.rows["alive"]).tolist()}

    @cached_property
    def _rank(self) -> NDArray[np.intp]:
        order = sorted(range(self.size), key=self.ids.__getitem__)
        rank = np.empty(self.size, np.intp)
        rank[order] = np.arange(self.size)
        return rank

    @cached_property
    def _titles(self) -> Haystack:
        return Haystack(self._read(_TITLES_FILE))

    @cached_property
    def _document_numbers(self) -> Haystack:
        return Haystack(self._read(_DOCUMENT_NUMBERS_FILE))

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

    def _read(self, name: str) -> list[str]:
        try:
            text = (self._folder / name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BrokenIndex(
                zh=f"索引文件 {name} 缺失或已损坏；请运行 chadang index --rebuild",
                en=f"the index file {name} is missing or damaged; run chadang index --rebuild",
            ) from error
        return text.split("\n") if self.size else []


def report_facet(field: str, counts: list[tuple[str, int, int]], filters: Sequence[Filter]) -> Facet:
    """Return a facet of (value, sections, reports), together with what is chosen or excluded, in its order."""
    chosen = {v for f in filters if f.field == field and not f.exclude for v in f.values}
    excluded = {v for f in filters if f.field == field and f.exclude for v in f.values}
    if chosen or excluded:
        missing = (chosen | excluded).difference(value for value, _, _ in counts)
        counts = [*counts, *((value, 0, 0) for value in missing)]
    counts.sort(key=_facet_order)
    if not chosen and not excluded:
        return Facet(field, "report", tuple([FacetValue(*counted) for counted in counts]))
    return Facet(
        field,
        "report",
        tuple(FacetValue(value, n, of, value in chosen, value in excluded) for value, n, of in counts),
    )


def _facet_order(counted: tuple[str, int, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _memberships(groups: Sequence[Sequence[str]]) -> tuple[list[str], NDArray[np.intp], NDArray[np.intp]]:
    """Return all members of some groups, and pairs (group, member) as two arrays of numbers."""
    number = {member: n for n, member in enumerate(dict.fromkeys(m for group in groups for m in group))}
    owners = [n for n, group in enumerate(groups) for _ in group]
    members = [number[member] for group in groups for member in group]
    return list(number), np.array(owners, np.intp), np.array(members, np.intp)
