"""XLSX -> one Member per row of a table of reports, or one Document whose tables are the sheets (openpyxl)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import openpyxl
from lxml import etree
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from corpus.cellvalues import printed
from corpus.cleaning import clean_characters
from corpus.document import Document, Heading, Line
from corpus.errors import UnreadableFile
from corpus.mapping import document_of, fields_of, has_text, name_of, no_text_column
from corpus.member import LARGEST_MEMBER, LARGEST_RECORD, Columns, Member
from corpus.names import unique_names
from corpus.package import ZIP_ERRORS, Package, damaged, open_package
from corpus.tables import Cell, Table, table_of
from corpus.textreader import from_lines

#: Inflated bytes of one part: openpyxl reads some ten megabytes a second.
_LARGEST_PART: Final = 100 * 1024 * 1024
#: The header of a table of reports is within so many rows.
_HEADER_WITHIN: Final = 10
_MOST_COLUMNS: Final = 1_000
_MOST_SHEETS: Final = 200
#: Filled cells of a workbook that is one report, and merged ranges of a sheet, at the most.
_MOST_FILLED: Final = 200_000
_MOST_MERGED: Final = 50_000
#: Rows without a cell that still count for merged cells.
_LONGEST_GAP: Final = 100
_LARGEST_SPAN: Final = 100
_LONGEST_TITLE: Final = 80
#: What openpyxl raises on damaged workbooks.
_ERRORS: Final = (
    *ZIP_ERRORS,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    ArithmeticError,
    AssertionError,
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with its rows as numbers of columns (from 1) with their texts, and the number of each row."""

    title: str
    rows: Sequence[tuple[int, dict[int, str]]]
    merged: Sequence[tuple[int, int, int, int]]


def read_xlsx(path: Path, columns: Columns) -> Iterator[Member]:
    """Yield the reports of a workbook: one for each row where a header row names columns of text, else the whole.

    A row is named by its id or address, else by its number in the sheet (``sheet/number`` if there are several).
    A workbook that is one report is a member without a name. Hidden sheets are left out. Raises UnreadableFile.
    """
    size = path.stat().st_size
    if size > LARGEST_MEMBER:
        raise _too_large()
    body = path.read_bytes()
    with open_package(body) as package:
        for name in package.names():
            if name.lower().endswith((".xml", ".rels")):
                package.check(name, _LARGEST_PART)
        try:
            book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
            sheets = list(book.worksheets[:_MOST_SHEETS])
        except _ERRORS as error:
            raise damaged() from error
        shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
        headers = [_header(sheet, columns) for sheet in shown]
        if not any(headers):
            if columns:
                raise no_text_column(text for sheet in shown[:1] for text in _first_row(sheet))
            yield Member("", _whole(shown, package, str(book.properties.title or "")))
            return
        with unique_names() as names:
            for sheet, header in zip(shown, headers, strict=True):
                if header is not None:
                    prefix = f"{sheet.title}/" if len(shown) > 1 else ""
                    for member in _reports(sheet, header, prefix):
                        yield replace(member, name=names.free(member.name))


def _header(sheet: Worksheet, columns: Columns) -> tuple[int, dict[int, str]] | None:
    """Return the number of the row that names columns of reports and column -> field; None without such a row."""
    for number, row in islice(_rows(sheet), _HEADER_WITHIN):
        fields = fields_of([row.get(place, "") for place in range(1, max(row, default=0) + 1)], columns)
        # One column named 内容 alone is no table of reports.
        if has_text(fields.values()) and (columns or len(fields) > 1):
            return number, {place + 1: field for place, field in fields.items()}
    return None


def _first_row(sheet: Worksheet) -> list[str]:
    return next((list(row.values()) for _, row in _rows(sheet) if row), [])


def _reports(sheet: Worksheet, header: tuple[int, dict[int, str]], prefix: str) -> Iterator[Member]:
    top, fields = header
    for number, row in _rows(sheet):
        if number <= top or not row:
            continue
        values = {field: row[place] for place, field in fields.items() if place in row}
        name = name_of(values, f"{prefix}{number}")
        try:
            yield Member(name, document_of(values))
        except UnreadableFile as error:
            yield Member(name, error)


def _rows(sheet: Worksheet) -> Iterator[tuple[int, dict[int, str]]]:
    """Yield the number of each row with column -> text of its filled cells."""
    try:
        # What a sheet says of its own size may be a lie; the rows themselves are read either way.
        sheet.reset_dimensions()  # type: ignore[attr-defined]
        for row in sheet.iter_rows(max_col=_MOST_COLUMNS):
            found: dict[int, str] = {}
            at = 0
            for cell in row:
                if cell.value is not None:
                    at = cell.row
                    text = clean_characters(printed(cell.value, cell.number_format))
                    if text.strip():
                        found[cell.column] = text
            if found:
                yield at, found
    except _ERRORS as error:
        raise damaged() from error


def _whole(sheets: Sequence[Worksheet], package: Package, title: str) -> Document:
    """Return the Document of a workbook that is one report."""
    lines: list[Line] = []
    filled = size = 0
    cut = False
    for sheet in sheets:
        rows: list[tuple[int, dict[int, str]]] = []
        for number, row in _rows(sheet):
            rows.append((number, row))
            filled += len(row)
            size += sum(map(len, row.values()))
            if filled > _MOST_FILLED or size > LARGEST_RECORD:
                cut = True
                break
        read = _Sheet(sheet.title, rows, _merged(sheet, package))
        if rows:
            lines += [
                "",
                *((Heading(clean_characters(sheet.title), 1),) if len(sheets) > 1 else ()),
                *_sheet_lines(read),
            ]
        if cut:
            break
    read_lines = from_lines(lines)
    first = next((line for line in lines if isinstance(line, str) and 4 <= len(line.strip()) <= _LONGEST_TITLE), "")
    core = " ".join(clean_characters(title).split())
    return replace(
        read_lines,
        titles=(
            *((("xlsx:first row", first.strip()),) if first else ()),
            *read_lines.titles,
            *((("xlsx:core", core),) if core else ()),
        ),
        doubts=read_lines.doubts + (("truncated",) if cut else ()),
    )


def _sheet_lines(sheet: _Sheet) -> Iterator[Line]:
    """Yield a sheet's lines: rows of a single text above and below its table are its titles and notes."""
    single = [len(row) == 1 for _, row in sheet.rows]
    if all(single):
        yield from ("\n".join(row.values()) for _, row in sheet.rows)
        return
    first = single.index(False)
    last = len(single) - single[::-1].index(False)
    for _, row in sheet.rows[:first]:
        yield from ("", *row.values(), "")
    yield _table(sheet.rows[first:last], sheet.merged)
    for _, row in sheet.rows[last:]:
        yield from ("", *row.values(), "")


def _table(rows: Sequence[tuple[int, dict[int, str]]], merged: Sequence[tuple[int, int, int, int]]) -> Table:
    """Return the table of rows, merged ranges (left, top, right, bottom) as cells with spans."""
    width = max(max(row) for _, row in rows)
    left = min(min(row) for _, row in rows)
    bottom = rows[-1][0]
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for first, top, last, low in merged:
        last, low = min(last, width), min(low, bottom)  # noqa: PLW2901 - cut to what is used
        if top < rows[0][0] or top > low or first > last or (low - top + 1) * (last - first + 1) > _MOST_FILLED:
            continue
        places = [(row, column) for row in range(top, low + 1) for column in range(first, last + 1)]
        if len(covered) + len(places) > _MOST_FILLED or not covered.isdisjoint(places):
            continue
        covered.update(places)
        for row, column in places:
            if (row - top) % _LARGEST_SPAN == 0 and (column - first) % _LARGEST_SPAN == 0:
                spans[row, column] = (
                    min(_LARGEST_SPAN, last - column + 1),
                    min(_LARGEST_SPAN, low - row + 1),
                )

    def cells(number: int, row: dict[int, str]) -> list[Cell]:
        return [
            Cell(row.get(column, ""), *spans.get((number, column), (1, 1)))
            for column in range(left, width + 1)
            if (number, column) in spans or (number, column) not in covered
        ]

    return table_of(cells(number, row) for number, row in _with_gaps(rows))


def _with_gaps(rows: Sequence[tuple[int, dict[int, str]]]) -> Iterator[tuple[int, dict[int, str]]]:
    """Yield rows, and empty ones where a few are missing between them."""
    before = rows[0][0]
    for number, row in rows:
        if number - before <= _LONGEST_GAP:
            yield from ((missing, {}) for missing in range(before + 1, number))
        yield number, row
        before = number


def _merged(sheet: Worksheet, package: Package) -> list[tuple[int, int, int, int]]:
    """Return a sheet's merged ranges; openpyxl leaves them out where it doesn't hold the whole sheet in memory."""
    found: list[tuple[int, int, int, int]] = []
    name = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")  # the worksheet of a file opened for reading only
    with package.stream(name, _LARGEST_PART) as stream:
        events = etree.iterparse(
            stream,
            tag=("{*}row", "{*}mergeCell"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            recover=True,
        )
        try:
            for _, element in events:
                if element.tag.endswith("mergeCell") and len(found) < _MOST_MERGED:
                    try:
                        left, top, right, bottom = range_boundaries(str(element.get("ref") or ""))
                        found.append((left or 1, top or 1, right or _MOST_COLUMNS, bottom or 1))
                    except (ValueError, TypeError):
                        continue
                element.clear(keep_tail=False)
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError:
            pass
    return found


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        zh=f"文件超过 {LARGEST_MEMBER >> 20} MB；请拆分，或另存为 CSV 后重新导入",
        en=f"the file is larger than {LARGEST_MEMBER >> 20} MB; split it, or save it as CSV and load it again",
    )
