"""The texts of a generation in immutable packs, one compressed record for each report: what snippets and pages read.

A pack is written once and shared by all later generations; which of its records count is said by the columns.
"""

from __future__ import annotations

import json
import mmap
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from corpus.folding import fold
from corpus.model import Report, Section
from corpus.rows import section_from_row, section_row
from indexer.errors import BrokenIndex, ReportNotFound
from indexer.reporttable import ReportTable
from indexer.results import SectionKey
from indexer.texts import report_from_meta, report_meta, units

_LEVEL: Final = 6
#: Records kept open: the sections of one page of results, and the report that is being read.
_KEPT: Final = 32

Record = tuple[dict[str, Any], list[list[Any]]]


def pack_record(report: Report) -> bytes:
    """Return a report as a record of a pack."""
    rows = [section_row(section) for section in report.sections]
    text = json.dumps([report_meta(report), rows], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


class PackWriter:
    """Appends records to a new pack."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._at = 0

    def add(self, report: Report) -> tuple[int, int]:
        """Write a report; return the place of its record: where it begins, and its length in bytes."""
        record = pack_record(report)
        self._file.write(record)
        place = (self._at, len(record))
        self._at += len(record)
        return place

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class PackedTexts:
    """The texts of a finished generation, for reading; safe to use from several threads."""

    def __init__(self, folder: Path, reports: ReportTable) -> None:
        self._reports = reports
        self._packs = [_opened(folder / name) for name in reports.packs]
        self._kept: OrderedDict[int, Record] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._kept.clear()
            for pack in self._packs:
                if pack is not None:
                    pack.close()

    def section(self, key: SectionKey) -> tuple[Report, Section]:
        """Return a section and its report's metadata (the report comes without sections)."""
        report_id, ordinal = key
        meta, rows = self._record(self._number(report_id))
        for row in rows:
            if row[0] == ordinal:
                return report_from_meta(report_id, meta, ()), section_from_row(row)
        raise _not_found(f"{report_id}/{ordinal}")

    def report(self, report_id: str) -> Report:
        """Return a whole report. Raises ReportNotFound."""
        meta, rows = self._record(self._number(report_id))
        return report_from_meta(report_id, meta, tuple(map(section_from_row, rows)))

    def folded_units(self, number: int, ordinals: set[int]) -> Iterator[tuple[int, str]]:
        """Yield (ordinal, folded units joined by line feeds) of some sections of a report by its number."""
        for row in self._read(number)[1]:
            if row[0] in ordinals:
                yield row[0], "\n".join(fold(unit) for unit in units(section_from_row(row)))

    def _number(self, report_id: str) -> int:
        number = self._reports.number_of(report_id)
        if number is None:
            raise _not_found(report_id)
        return number

    def _record(self, number: int) -> Record:
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number]
        record = self._read(number)
        with self._lock:
            self._kept[number] = record
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return record

    def _read(self, number: int) -> Record:
        pack, start, size = self._reports.place(number)
        held = self._packs[pack]
        try:
            assert held is not None  # noqa: S101 - a report's pack isn't empty
            meta, rows = json.loads(zlib.decompress(held[start : start + size]).decode("utf-8", "surrogatepass"))
        except (zlib.error, ValueError) as error:
            raise BrokenIndex(
                zh=f"索引文件 {self._reports.packs[pack]} 已损坏；请运行 chadang index --rebuild",
                en=f"the index file {self._reports.packs[pack]} is damaged; run chadang index --rebuild",
            ) from error
        return meta, rows


def _opened(path: Path) -> mmap.mmap | None:
    """Map a pack; None for an empty one, which can't be mapped."""
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else None
    except OSError as error:
        raise BrokenIndex(
            zh=f"索引缺少 {path.name}；请运行 chadang index --rebuild",
            en=f"the index lacks {path.name}; run chadang index --rebuild",
        ) from error


def _not_found(identity: str) -> ReportNotFound:
    return ReportNotFound(
        zh=f"索引中没有报告 {identity}；它可能已被移除，或索引尚未更新（chadang index）",
        en=f"there is no report {identity} in the index; it may have been removed, or run chadang index",
    )
