"""The texts of a generation in immutable packs, one compressed record for each report: what snippets and pages read.

A pack is written once and shared by all later generations; which of its records count is said by the columns. It begins
with the length of a dictionary and the dictionary, of what its first reports have in common: with it a record is read
alone and still takes a third of its text (measured: 0.31 against 0.50 of zlib, at a quarter of its time). A small pack
takes over that of an earlier one, as to learn one takes longer than to write a hundred reports.
"""

from __future__ import annotations

import json
import mmap
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import zstandard

from corpus.folding import fold
from corpus.model import Report, Section
from corpus.rows import SectionRow, row_units, section_from_row, shown_of
from indexer.errors import BrokenIndex, ReportNotFound
from indexer.reporttable import ReportTable
from indexer.results import SectionKey
from indexer.texts import Shown, report_from_meta, report_meta

#: Level 3 takes a third of the time of level 6 for 8% more.
_LEVEL: Final = 3
#: So many bytes hold the length of the dictionary; its size; the records it is learned from, and with how few it isn't.
_HEAD: Final = 8
_DICTIONARY: Final = 100_000
_SAMPLE: Final = 200
_LEAST_SAMPLE: Final = 50
#: Records kept open: the sections of one page of results, and the report that is being read.
_KEPT: Final = 32

_DECODE: Final = json.JSONDecoder().raw_decode
#: The lines of a record: a report's metadata, then one for each section, by ordinal; JSON has no line feeds of its own.
Record = list[bytes]


class PackWriter:
    """Writes records to a new pack; ``dictionary``: one that was learned before, instead of one of its own."""

    def __init__(self, path: Path, dictionary: bytes = b"") -> None:
        self._file = path.open("xb")
        self._waiting: list[bytes | bytearray | memoryview] = []
        self._compressor: zstandard.ZstdCompressor | None = None
        self._places: list[tuple[int, int]] = []
        if dictionary:
            self._begin_with(dictionary)

    def add(self, report: Report, sections: Sequence[SectionRow]) -> None:
        """Write a report (its own sections don't count) with the rows of its sections."""
        lines = [
            json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in (report_meta(report), *sections)
        ]
        record = "\n".join(lines).encode()
        if self._compressor is None:
            self._waiting.append(record)
            if len(self._waiting) >= _SAMPLE:
                self._begin()
        else:
            self._write(record)

    def close(self) -> list[tuple[int, int]]:
        """Finish the file; return where each record begins and its length in bytes, in the order they were added."""
        if self._compressor is None:
            self._begin()
        self._file.close()
        return self._places

    def abandon(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _begin(self) -> None:
        """Write the dictionary, and the records that waited for it."""
        dictionary = b""
        if len(self._waiting) >= _LEAST_SAMPLE:
            with suppress(zstandard.ZstdError):  # a sample from which nothing can be learned
                dictionary = zstandard.train_dictionary(_DICTIONARY, self._waiting).as_bytes()
        self._begin_with(dictionary)
        for record in self._waiting:
            self._write(record)
        self._waiting.clear()

    def _begin_with(self, dictionary: bytes) -> None:
        data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=data)
        self._file.write(len(dictionary).to_bytes(_HEAD, "little") + dictionary)

    def _write(self, record: bytes | bytearray | memoryview) -> None:
        assert self._compressor is not None  # noqa: S101 - begun
        packed = self._compressor.compress(record)
        self._places.append((self._file.tell(), len(packed)))
        self._file.write(packed)


def dictionary_of(path: Path) -> bytes:
    """Return the dictionary that a pack begins with; empty where it has none."""
    with path.open("rb") as file:
        return file.read(int.from_bytes(file.read(_HEAD), "little"))


class _Pack:
    """A pack that is open; safe to use from several threads, one after the other."""

    def __init__(self, path: Path, dictionaries: dict[bytes, zstandard.ZstdCompressionDict]) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        size = int.from_bytes(self._map[:_HEAD], "little")
        data = None
        if size:
            held = self._map[_HEAD : _HEAD + size]
            data = dictionaries.setdefault(held, zstandard.ZstdCompressionDict(held))
        self._decompressor = zstandard.ZstdDecompressor(dict_data=data)
        self._lock = threading.Lock()

    def read(self, start: int, size: int) -> bytes:
        with self._lock:
            return self._decompressor.decompress(self._map[start : start + size])

    def close(self) -> None:
        self._map.close()


class PackedTexts:
    """The texts of a finished generation, for reading; safe to use from several threads."""

    def __init__(self, folder: Path, reports: ReportTable) -> None:
        self._reports = reports
        # Each update adds a pack with the dictionary of an earlier one: a tenth of a megabyte, and as much to read by it.
        dictionaries: dict[bytes, zstandard.ZstdCompressionDict] = {}
        self._packs = [_opened(folder / name, dictionaries) for name in reports.packs]
        self._kept: OrderedDict[int, Record] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._kept.clear()
            for pack in self._packs:
                pack.close()

    def section(self, key: SectionKey) -> tuple[Report, Section]:
        """Return a section and its report's metadata (the report comes without sections)."""
        meta, row = self.row(key)
        return report_from_meta(key[0], meta, ()), section_from_row(row)

    def row(self, key: SectionKey) -> tuple[dict[str, Any], SectionRow]:
        """Return a section as a row and what is told of its report; see Texts."""
        report_id, ordinal = key
        lines = self._record(report_id)
        if not 0 <= ordinal < len(lines) - 1:
            raise _not_found(f"{report_id}/{ordinal}")
        return _decoded(lines[0]), _decoded(lines[ordinal + 1])

    def shown(self, keys: Iterable[SectionKey]) -> Iterator[Shown]:
        """Yield what a reader sees of each section; see Texts."""
        for report_id, of_report in groupby(keys, key=itemgetter(0)):
            lines = self._record(report_id)
            report = _header(report_id, lines)
            # One document of all lines is read in a third of the time that each by itself takes.
            rows = json.loads(b"[%s]" % b",".join([lines[ordinal + 1] for _, ordinal in of_report]))
            blocks = json.loads(f"[{','.join([row[8] for row in rows])}]")
            for row, own in zip(rows, blocks, strict=True):
                yield Shown(report, row[0], row[4], shown_of(row, own))

    def report(self, report_id: str) -> Report:
        """Return a whole report. Raises ReportNotFound."""
        lines = self._record(report_id)
        sections = tuple(section_from_row(_decoded(line)) for line in lines[1:])
        return report_from_meta(report_id, _decoded(lines[0]), sections)

    def folded_units(self, number: int, ordinals: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Yield (ordinal, folded units joined by line feeds) of some sections of a report by its number."""
        lines = self._read(number)
        for ordinal in sorted(ordinals):
            yield ordinal, "\n".join(map(fold, row_units(_decoded(lines[ordinal + 1]))))

    def _number(self, report_id: str) -> int:
        number = self._reports.number_of(report_id)
        if number is None:
            raise _not_found(report_id)
        return number

    def _record(self, report_id: str) -> Record:
        """Return the record of a report."""
        number = self._number(report_id)
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number]
        lines = self._read(number)
        with self._lock:
            self._kept[number] = lines
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return lines

    def _read(self, number: int) -> Record:
        pack, start, size = self._reports.place(number)
        try:
            return self._packs[pack].read(start, size).split(b"\n")
        except zstandard.ZstdError as error:
            raise BrokenIndex(
                zh=f"索引文件 {self._reports.packs[pack]} 已损坏；请运行 chadang index --rebuild",
                en=f"the index file {self._reports.packs[pack]} is damaged; run chadang index --rebuild",
            ) from error


def _header(report_id: str, lines: Record) -> Report:
    """Return the report of a record without its sections."""
    return report_from_meta(report_id, _decoded(lines[0]), ())


def _decoded(line: bytes) -> Any:
    return _DECODE(line.decode("utf-8"))[0]


def _opened(path: Path, dictionaries: dict[bytes, zstandard.ZstdCompressionDict]) -> _Pack:
    try:
        return _Pack(path, dictionaries)
    except (OSError, ValueError, zstandard.ZstdError) as error:
        raise BrokenIndex(
            zh=f"索引缺少 {path.name}；请运行 chadang index --rebuild",
            en=f"the index lacks {path.name}; run chadang index --rebuild",
        ) from error


def _not_found(identity: str) -> ReportNotFound:
    return ReportNotFound(
        zh=f"索引中没有报告 {identity}；它可能已被移除，或索引尚未更新（chadang index）",
        en=f"there is no report {identity} in the index; it may have been removed, or run chadang index",
    )
