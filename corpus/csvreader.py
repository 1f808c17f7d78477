"""CSV -> one Member per row. A broken row is a failure; the rows after it go on."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from corpus.errors import UnreadableFile
from corpus.linereader import Lines, open_lines
from corpus.mapping import document_of, fields_of, has_text, name_of, no_text_column
from corpus.member import LARGEST_RECORD, Columns, Member
from corpus.names import unique_names

_DELIMITERS: Final = ",\t;|，"
_MOST_COLUMNS: Final = 2_000
_HEADER_LINE: Final = 1 << 20
_SEPARATOR: Final = re.compile(r"\s*sep=([,;\t|])\s*", re.IGNORECASE)
#: The row of names is one of so many; titles and notes may stand above it.
_HEADER_WITHIN: Final = 10


class _Unfinished(Exception):
    """A row's quotes don't close within what a row may hold."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as read; ``cells`` is None where it can't be, ``reason`` says why."""

    cells: Sequence[str] | None
    reason: UnreadableFile | None = None


def read_csv(path: Path, columns: Columns) -> Iterator[Member]:
    """Yield a Member for each row of a CSV or TSV file below the row that names the columns, mostly the first.

    A row is named by its id or address, else by its number as a spreadsheet counts them: 2 is the first below a header
    at the top (a line break within quotes begins no row); rows added at the end change no name.
    Raises UnreadableFile where no column holds text.
    """
    csv.field_size_limit(LARGEST_RECORD)
    with open_lines(path) as lines, unique_names() as names:
        delimiter = _delimiter(lines)
        rows = _rows(lines, delimiter)
        top, fields = _header(rows, columns)
        for number, row in enumerate(rows, start=top + 1):
            if row.cells is not None and not any(cell.strip() for cell in row.cells):
                continue
            member = _member(row, fields, str(number))
            yield replace(member, name=names.free(member.name))


def _header(rows: Iterator[_Row], columns: Columns) -> tuple[int, dict[int, str]]:
    """Return the number of the row that names the columns, and place -> field. Raises UnreadableFile if none does."""
    first: Sequence[str] = ()
    for number, row in enumerate(islice(rows, _HEADER_WITHIN), start=1):
        cells = row.cells or ()
        first = first or cells
        fields = fields_of(cells, columns)
        # Below the first row one column named 内容 alone names nothing.
        if has_text(fields.values()) and (number == 1 or len(fields) > 1):
            return number, fields
    raise no_text_column(first[:_MOST_COLUMNS])


def _member(row: _Row, fields: dict[int, str], number: str) -> Member:
    if row.cells is None:
        return Member(name_of({}, fields.values(), number), row.reason or _broken_row())
    values = {field: row.cells[place] for place, field in fields.items() if place < len(row.cells)}
    name = name_of(values, fields.values(), number)
    try:
        document = document_of(values)
    except UnreadableFile as error:
        return Member(name, error)
    damaged = ("broken_bytes",) if any("\ufffd" in value for value in values.values()) else ()
    return Member(name, replace(document, doubts=tuple(dict.fromkeys(document.doubts + damaged))))


def _delimiter(lines: Lines) -> str:
    """Return what divides the cells of the header: what it has most of, outside of quotes.

    A first line ``sep=;``, which Excel writes and reads, says it and is left behind.
    """
    start = lines.stream.tell()
    most, mark = 0, ","
    for number in range(_HEADER_WITHIN):
        line = lines.text(lines.next_line(_HEADER_LINE))
        said = _SEPARATOR.fullmatch(line) if number == 0 else None
        if said:
            return said[1]
        outside = "".join(line.split('"')[::2])
        for each in _DELIMITERS:
            if outside.count(each) > most:
                most, mark = outside.count(each), each
        if most:
            break
    lines.stream.seek(start)
    return mark


def _rows(lines: Lines, delimiter: str) -> Iterator[_Row]:
    """Yield each row; where quotes don't fit, the row fails and reading goes on with the line after its first."""
    while first := lines.next_line():
        after = lines.stream.tell()
        if len(first) >= LARGEST_RECORD and not first.endswith(b"\n"):
            if first.count(b'"') % 2 == 0 or not lines.skip_quoted():
                lines.stream.seek(after)
                lines.skip_line()
            yield _Row(None, _too_large())
            continue
        try:
            yield _Row(next(csv.reader(_feed(lines, first), delimiter=delimiter, strict=True), []))
            continue
        except _Unfinished:
            if lines.skip_quoted():
                yield _Row(None, _too_large())
                continue
        except csv.Error:
            pass
        lines.stream.seek(after)
        alone = _alone(lines.text(first), delimiter)
        yield _Row(alone) if alone else _Row(None, _broken_row())


def _feed(lines: Lines, first: bytes) -> Iterator[str]:
    """Yield the lines of one row for as long as the CSV reader asks for more."""
    size = len(first)
    yield lines.text(first).replace("\x00", "")
    while line := lines.next_line(LARGEST_RECORD):
        size += len(line)
        if size > LARGEST_RECORD:
            raise _Unfinished
        yield lines.text(line).replace("\x00", "")


def _alone(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line whose quotes are wrong but closed (``a,"b "c" d"``); [] if they aren't."""
    try:
        cells = next(csv.reader([line.replace("\x00", "")], delimiter=delimiter), [])
    except csv.Error:
        return []
    return cells if line.count('"') % 2 == 0 else []


def _too_large() -> UnreadableFile:
    size = LARGEST_RECORD >> 20
    return UnreadableFile(
        zh=f"这一行超过 {size} MB；请拆开，或检查引号是否成对",
        en=f"this row is larger than {size} MB; split it, or see whether its quotes are closed",
    )


def _broken_row() -> UnreadableFile:
    return UnreadableFile(
        zh="这一行的引号不成对，无法分列；请改正引号（字段内的引号写两个）",
        en="this row's quotes don't fit, its columns can't be told; mend them (a quote within a field is doubled)",
    )
