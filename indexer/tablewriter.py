"""The columns of the reports of a generation in the making (indexer/reporttable.py reads them)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from corpus.folding import fold
from corpus.regions import region_texts, regions_of
from corpus.rows import StoredReport, row_shown
from indexer.occurrences import shown_characters
from indexer.reporttable import (
    CODED,
    DOCUMENT_NUMBERS_FILE,
    IDS_FILE,
    LINE_FILES,
    ROW_TYPE,
    ROWS_FILE,
    SECTION_TYPE,
    SECTIONS_FILE,
    STATES_FILE,
    TITLES_FILE,
    VALUES_FILE,
    ReportTable,
)
from indexer.tantivyschema import row_code

#: So many reports at most are looked for one by one, each in a tenth of a millisecond or so.
_FEW: Final = 300


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """What the columns hold of a report; a region is its codes and its names.

    ``codes``: kind and form of each section as in row numbers; ``shown``: the characters that a reader sees, blanks left out.
    """

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
    codes: tuple[int, ...]
    shown: tuple[int, ...]


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
        codes=tuple(row_code(row[4], row[3]) for row in stored.sections),
        shown=tuple(shown_characters(row_shown(row)) for row in stored.sections),
    )


class TableWriter:
    """The columns in the making: those of an earlier generation, without what goes, and new reports after them."""

    def __init__(self, previous: ReportTable | None = None) -> None:
        self.packs: list[str] = list(previous.packs) if previous else []
        self._values: dict[str, list[Any]] = previous.values_by_field() if previous else {name: [] for name in CODED}
        self._codes = {name: {_key(v): n for n, v in enumerate(values)} for name, values in self._values.items()}
        self._previous = previous
        self._looked_up: dict[str, int | None] = {}
        self._rows = previous.rows.copy() if previous else np.zeros(0, ROW_TYPE)
        self._sections = previous.sections.copy() if previous else np.zeros(0, SECTION_TYPE)
        #: How many reports there are that didn't go.
        self.alive = int(np.count_nonzero(self._rows["alive"]))
        self._new: list[tuple[int, ...]] = []
        self._new_sections: list[tuple[int, int]] = []
        self._new_lines: dict[str, list[str]] = {name: [] for name in LINE_FILES}

    @property
    def size(self) -> int:
        """How many numbers are taken, those of reports that went included."""
        return len(self._rows) + len(self._new)

    def hashes(self, report_ids: Collection[str] | None) -> dict[str, tuple[str, str]]:
        """Return the library's hashes (state, text) of reports of the earlier generation; of all, or of some."""
        if self._previous is None:
            return {}
        if report_ids is None or len(report_ids) > _FEW:
            every, numbers = self._previous.all_hashes(), self.numbers()
            return {r: every[n] for r, n in numbers.items() if report_ids is None or r in report_ids}
        found = {report_id: self._number(report_id) for report_id in report_ids}
        return {report_id: self._previous.hashes(number) for report_id, number in found.items() if number is not None}

    def numbers(self) -> dict[str, int]:
        """Return report -> number of those of the earlier generation that didn't go."""
        alive = self._rows["alive"]
        return {r: n for r, n in self._previous.numbers().items() if alive[n]} if self._previous else {}

    def held(self, report_ids: Collection[str]) -> set[str]:
        """Return those of some reports that are in the earlier generation and didn't go."""
        if len(report_ids) > _FEW:
            return self.numbers().keys() & set(report_ids)
        return {report_id for report_id in report_ids if self._number(report_id) is not None}

    def report_ids(self) -> set[str]:
        """Return the reports that the columns hold by now."""
        return self.numbers().keys() | set(self._new_lines[IDS_FILE])

    def copies(self) -> set[str]:
        """Return the reports that were written as ones that another one stands for."""
        return self._previous.copied() if self._previous else set()

    def remove(self, report_id: str) -> int:
        """Take a report out; return the number that it had."""
        number = self._number(report_id)
        assert number is not None  # noqa: S101 - what isn't held can't be removed
        self._rows["alive"][number] = False
        self.alive -= 1
        return number

    def dead_share(self) -> float:
        """Return which share of the numbers belongs to reports that went."""
        return 1 - (self.alive + len(self._new)) / self.size if self.size else 0.0

    def add(self, entries: Iterable[tuple[ReportEntry, tuple[int, int]]]) -> None:
        """Append reports with where their records lie (start, size); they get the next numbers."""
        for entry, (start, size) in entries:
            year, month, day = (entry.published_on or "0-0-0").split("-")
            published = int(year) * 10_000 + int(month) * 100 + int(day)
            codes = (
                self._code("region", [list(entry.regions), list(entry.region_texts)]),
                *(self._code(name, getattr(entry, name)) for name in CODED[1:]),
            )
            self._new.append(
                (
                    start, entry.pack, size, entry.sections, entry.characters, published, *codes,
                    True, entry.copy,
                )
            )  # fmt: skip
            self._new_sections += zip(entry.codes, entry.shown, strict=True)
            self._new_lines[IDS_FILE].append(entry.report_id)
            self._new_lines[STATES_FILE].append(f"{entry.state} {entry.text_hash}")
            self._new_lines[TITLES_FILE].append(entry.title)
            self._new_lines[DOCUMENT_NUMBERS_FILE].append(entry.document_number)

    def save(self, folder: Path) -> tuple[int, int, int]:
        """Write the files; return how many reports, sections and characters there are."""
        rows = np.concatenate([self._rows, np.array(self._new, ROW_TYPE)]) if self._new else self._rows
        np.save(folder / ROWS_FILE, rows, allow_pickle=False)
        sections = np.concatenate([self._sections, np.array(self._new_sections, SECTION_TYPE)])
        np.save(folder / SECTIONS_FILE, sections, allow_pickle=False)
        values = {"packs": self.packs, "values": self._values}
        (folder / VALUES_FILE).write_text(json.dumps(values, ensure_ascii=False), "utf-8", newline="\n")
        for name, lines in self._new_lines.items():
            held = self._previous.file_with(name, lines) if self._previous else "\n".join(lines).encode()
            (folder / name).write_bytes(held)
        alive = rows[rows["alive"]]
        return len(alive), int(alive["sections"].sum()), int(alive["characters"].sum(dtype=np.int64))

    def _number(self, report_id: str) -> int | None:
        """Return the number of a report of the earlier generation that didn't go."""
        if self._previous is None:
            return None
        if report_id not in self._looked_up:
            self._looked_up[report_id] = self._previous.number_of(report_id)
        number = self._looked_up[report_id]
        return number if number is not None and self._rows["alive"][number] else None

    def _code(self, field: str, value: object) -> int:
        codes = self._codes[field]
        key = _key(value)
        if key not in codes:
            codes[key] = len(codes)
            self._values[field].append(value)
        return codes[key]


def _key(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
