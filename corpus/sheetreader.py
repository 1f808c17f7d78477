"""XLSX -> one Member per row of a table of reports, or one Document whose tables are the sheets (openpyxl)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias
from warnings import catch_warnings, simplefilter

import openpyxl

from corpus.characters import clean_characters
from corpus.document import Document, Heading, Line
from corpus.errors import UnreadableFile
from corpus.mapping import document_of, fields_of, has_text, name_of, no_text_column
from corpus.member import LARGEST_MEMBER, LARGEST_RECORD, Columns, Member
from corpus.names import unique_names
from corpus.numbering import heading_line
from corpus.package import ZIP_ERRORS, Package, damaged, open_package
from corpus.sheetcells import LARGEST_PART, SheetRows, number_formats, part_of, read_strings
from corpus.tables import MOST_CELLS, Cell, Table, table_of
from corpus.textreader import from_lines

_ALL_PARTS: Final = 3 * LARGEST_PART
#: The header of a table of reports is within so many rows.
_HEADER_WITHIN: Final = 20
#: A column 内容 is one of texts if one of so many cells below has a sentence or this length; else the sheet is a table of one report.
_LOOKED_AT: Final = 60
_LEAST_TEXT: Final = 40
_MOST_SHEETS: Final = 200
#: Filled cells of a workbook that is one report at the most.
_MOST_FILLED: Final = 200_000
#: Rows without a cell that still count for merged cells.
_LONGEST_GAP: Final = 100
_LARGEST_SPAN: Final = 100
_LONGEST_TITLE: Final = 80
_MOST_TITLES: Final = 6
#: A whole report typed into a sheet has so many headings alone in their rows, and a sentence so long.
_FEWEST_HEADINGS: Final = 2
_SHORTEST_PROSE: Final = 20
_NOTE: Final = re.compile(r"\s*(?:注|备注|附注|说明|填表|填报|制表|审核|单位负责人|联系|[*＊※])")
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
    """A sheet that is shown, by its name."""

    title: str
    cells: SheetRows


#: The number of a row with column (from 1) -> text.
_Row: TypeAlias = tuple[int, dict[int, str]]


def read_xlsx(path: Path, columns: Columns) -> Iterator[Member]:
    """Yield the reports of a workbook: one for each row where a header row names columns of text, else the whole.

    A row is named by its id or address, else by its number in the sheet (``sheet/number`` if there are several).
    A workbook that is one report is a member without a name. Hidden sheets are left out. Raises UnreadableFile.
    """
    if path.stat().st_size > LARGEST_MEMBER:
        raise _too_large()
    body = path.read_bytes()
    with open_package(body) as package:
        for name in package.names():
            if name.lower().endswith((".xml", ".rels")):
                package.check(name, LARGEST_PART)
                package.left = _ALL_PARTS  # each part is read once more, one after the other
        try:
            sheets, title = _sheets(body, package)
            headers = [_header(sheet, columns) for sheet in sheets]
            if any(headers):
                yield from _tables(sheets, headers)
            elif columns:
                raise no_text_column(
                    text for sheet in sheets[:1] for text in next(iter(sheet.cells.rows()), (0, {}))[1].values()
                )
            else:
                yield Member("", _whole(sheets, title))
        except _ERRORS as error:
            raise damaged() from error


def _sheets(body: bytes, package: Package) -> tuple[list[_Sheet], str]:
    """Return the sheets that are shown (all if none is) and the workbook's own title."""
    with catch_warnings():
        simplefilter("ignore")  # what openpyxl can't make sense of and leaves out
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
    strings, formats = read_strings(package), number_formats(book)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)
    found = [
        _Sheet(
            clean_characters(sheet.title),
            SheetRows(package, part_of(sheet, package.archive), strings, formats, book.epoch),
        )
        for sheet in shown[:_MOST_SHEETS]
    ]
    return found, str(book.properties.title or "")


def _header(sheet: _Sheet, columns: Columns) -> tuple[int, dict[int, str]] | None:
    """Return the number of the row that names columns of reports and column -> field; None without such a row."""
    rows = list(sheet.cells.rows(_HEADER_WITHIN + _LOOKED_AT))
    for at, (number, row) in enumerate(rows[:_HEADER_WITHIN]):
        fields = fields_of([row.get(place, "") for place in range(1, max(row) + 1)], columns)
        # One column named 内容 alone is no table of reports.
        if has_text(fields.values()) and (columns or len(fields) > 1):
            named = {place + 1: field for place, field in fields.items()}
            held = [place for place, field in named.items() if field in {"text", "html"}]
            if columns or any(_is_text(below.get(place, "")) for _, below in rows[at + 1 :] for place in held):
                return number, named
    return None


def _is_text(cell: str) -> bool:
    """Whether a cell can be the text of a report: a sentence, or more than any label."""
    return len(cell) >= _LEAST_TEXT or "。" in cell or "<" in cell


def _tables(sheets: Sequence[_Sheet], headers: Sequence[tuple[int, dict[int, str]] | None]) -> Iterator[Member]:
    with unique_names() as names:
        for sheet, header in zip(sheets, headers, strict=True):
            if header is not None:
                prefix = f"{sheet.title}/" if len(sheets) > 1 else ""
                for member in _reports(sheet, header, prefix):
                    yield replace(member, name=names.free(member.name))


def _reports(sheet: _Sheet, header: tuple[int, dict[int, str]], prefix: str) -> Iterator[Member]:
    top, fields = header
    number = top
    for number, row in sheet.cells.rows():
        if number <= top:
            continue
        values = {field: row[place] for place, field in fields.items() if place in row}
        name = name_of(values, fields.values(), f"{prefix}{number}")
        try:
            yield Member(name, document_of(values))
        except UnreadableFile as error:
            yield Member(name, error)
    if sheet.cells.cut:
        yield Member(f"{prefix}row {number + 1}", _cut_off())


def _whole(sheets: Sequence[_Sheet], title: str) -> Document:
    """Return the Document of a workbook that is one report."""
    lines: list[Line] = []
    filled = size = 0
    cut = False
    for sheet in sheets:
        rows: list[_Row] = []
        for number, row in sheet.cells.rows():
            rows.append((number, row))
            filled += len(row)
            size += sum(map(len, row.values()))
            if filled > _MOST_FILLED or size > LARGEST_RECORD:
                cut = True
                break
        if rows:
            heading = (Heading(sheet.title, 1),) if len(sheets) > 1 else ()
            lines += ["", *heading, *_sheet_lines(rows, sheet.cells.merged)]
        cut = cut or sheet.cells.cut
        if filled > _MOST_FILLED or size > LARGEST_RECORD:
            break
    read = from_lines(lines)
    first = next((line for line in lines if isinstance(line, str) and 4 <= len(line.strip()) <= _LONGEST_TITLE), "")
    core = " ".join(clean_characters(title).split())
    offered = (("xlsx:first row", first.strip()), *read.titles, ("xlsx:core", core))
    return replace(
        read,
        titles=tuple((place, text) for place, text in offered if text),
        doubts=read.doubts + (("truncated",) if cut else ()),
    )


def _sheet_lines(rows: Sequence[_Row], merged: Sequence[tuple[int, int, int, int]]) -> Iterator[Line]:
    """Yield a sheet's lines: rows of a single text above its table are titles, notes below it say that they are.

    Any other row of a single text is a row of the table whose other cells are empty.
    """
    texts = [next(iter(row.values())) if len(row) == 1 else "" for _, row in rows]
    if _is_typed(texts):
        yield from _typed_lines(rows, texts, merged)
        return
    first = next((place for place, text in enumerate(texts) if not text), len(rows))
    first = first if first <= _MOST_TITLES or first == len(rows) else 0
    last = len(rows)
    while last > first and _NOTE.match(texts[last - 1]):
        last -= 1
    for text in texts[:first]:
        yield from ("", text, "")
    if first < last:
        yield _table(rows[first:last], merged)
    for text in texts[last:]:
        yield from ("", text, "")


def _is_typed(texts: Sequence[str]) -> bool:
    """Whether a sheet holds a whole report, typed in: numbered headings and sentences alone in their rows."""
    headed = sum(heading_line(text) is not None for text in texts if text)
    return headed >= _FEWEST_HEADINGS and any(len(text) >= _SHORTEST_PROSE and "。" in text for text in texts)


def _typed_lines(
    rows: Sequence[_Row], texts: Sequence[str], merged: Sequence[tuple[int, int, int, int]]
) -> Iterator[Line]:
    """Yield the lines of a report that was typed into a sheet: headings, sentences and titles, tables between them."""
    table: list[_Row] = []
    started = False
    for row, text in zip(rows, texts, strict=True):
        headed = bool(text) and heading_line(text) is not None
        if text and (headed or not started or "。" in text or _NOTE.match(text)):
            if table:
                yield _table(table, merged)
                table = []
            started = started or headed
            yield from ("", text, "")
        else:
            table.append(row)
            started = True
    if table:
        yield _table(table, merged)


def _table(rows: Sequence[_Row], merged: Sequence[tuple[int, int, int, int]]) -> Table:
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

    made = 0

    def cells(number: int, row: dict[int, str]) -> list[Cell]:
        nonlocal made
        made += width
        if made > MOST_CELLS:  # rows aren't aligned from here on
            return [Cell(text) for text in row.values()]
        return [
            Cell(row.get(column, ""), *spans.get((number, column), (1, 1)))
            for column in range(left, width + 1)
            if (number, column) in spans or (number, column) not in covered
        ]

    return table_of(cells(number, row) for number, row in _with_gaps(rows))


def _with_gaps(rows: Sequence[_Row]) -> Iterator[_Row]:
    """Yield rows, and empty ones where a few are missing between them."""
    before = rows[0][0]
    for number, row in rows:
        if number - before <= _LONGEST_GAP:
            yield from ((missing, {}) for missing in range(before + 1, number))
        yield number, row
        before = number


def _cut_off() -> UnreadableFile:
    return UnreadableFile(
        zh="工作表过大，从这一行起未读入；请删去空行，或另存为 CSV 后重新导入",
        en="the sheet is too large and wasn't read from this row on; remove empty rows, or save it as CSV and load that",
    )


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        zh=f"文件超过 {LARGEST_MEMBER >> 20} MB；请拆分，或另存为 CSV 后重新导入",
        en=f"the file is larger than {LARGEST_MEMBER >> 20} MB; split it, or save it as CSV and load it again",
    )
