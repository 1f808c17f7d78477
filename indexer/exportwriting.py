"""Exports as CSV, XLSX and JSONL, written row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from indexer.exporting import CODING, COLUMNS, FACT_NAMES, Facts, Value, facts_json, facts_texts
from indexer.exportrun import Export
from indexer.methodsnote import methods_note

if TYPE_CHECKING:
    from openpyxl import Workbook

#: Excel holds 32,767 UTF-16 units in a cell and 1,048,576 rows in a sheet; the rest is air.
CELL_UNITS: Final = 32_000
SHEET_ROWS: Final = 1_000_000
FACTS_SHEET: Final = "检索说明 Methods"
DATA_SHEET: Final = "数据 Data"

#: Excel, WPS and LibreOffice take a cell of a CSV file that begins so for a formula; so they do the full-width signs in Chinese.
_FORMULA: Final = frozenset("=+-@＝＋－＠")
_WIDTHS: Final = {
    "title": 40,
    "heading": 24,
    "heading_path": 32,
    "text": 80,
    "citation": 60,
    "source_url": 30,
    "agency": 24,
}


def columns_of(export: Export, coding: bool) -> tuple[str, ...]:
    """Return the columns of the data, those for coding last."""
    return COLUMNS[export.facts.unit] + (CODING if coding else ())


def guarded(text: str) -> str:
    """Return a text as a CSV cell that no table program takes for a formula; ``unguarded`` gives it back."""
    return f"'{text}" if _looks_like_formula(text) else text


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` made a cell of."""
    return text[1:] if text.startswith("'") and _looks_like_formula(text[1:]) else text


def _looks_like_formula(text: str) -> bool:
    # Quotes in front are looked through, so that taking one away always undoes putting one there.
    bare = text.lstrip("'")
    return bare[:1] in ("\t", "\r") or bare.lstrip()[:1] in _FORMULA


def csv_chunks(export: Export, coding: bool = False) -> Iterator[bytes]:
    """Yield an export as CSV: UTF-8 with BOM, one header line, what the export is in the last columns of each row.

    No line of comment stands above the header: R, pandas, Stata and Excel read it as it is.
    """
    names = columns_of(export, coding)
    constants = facts_texts(export.facts)
    facts = [csv_cell(constants[name]) for name in FACT_NAMES]
    header = [*names, *(f"export_{name}" for name in FACT_NAMES)]
    rows = ([*(csv_cell(row.get(name)) for name in names), *facts] for row in export.rows)
    yield from csv_bytes(chain([header], rows))


def csv_bytes(rows: Iterable[Sequence[str | float]]) -> Iterator[bytes]:
    """Yield rows of finished cells (``csv_cell``) as CSV: UTF-8 with BOM, some 64 KB at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > 1 << 16:
            yield _taken(buffer)
    yield _taken(buffer)


def jsonl_chunks(export: Export, coding: bool = False) -> Iterator[bytes]:
    """Yield an export as JSON lines: first what it is (``"type": "export"``), then one object for each row."""
    names = columns_of(export, coding)
    head = {"type": "export", **facts_json(export.facts), "methods": methods_of(export.facts)}
    yield json_line(head)
    for row in export.rows:
        yield json_line({"type": export.facts.unit} | {name: _json_value(row.get(name, "")) for name in names})


def facts_document(export: Export) -> bytes:
    """Return what an export is as a JSON document of its own, to lie beside a CSV file."""
    head = {**facts_json(export.facts), "methods": methods_of(export.facts)}
    return json.dumps(head, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def write_xlsx(export: Export, target: Path | BinaryIO, coding: bool = False) -> None:
    """Write an export as a workbook: a sheet that says what it is, then the data with typed cells.

    A text too long for a cell goes on in the next row: ``part`` of ``parts``, everything else repeated.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - not for those who never export

    book = Workbook(write_only=True)
    _write_facts(book, export)
    names = columns_of(export, coding)
    at = names.index("text") + 1 if "text" in names else 0
    header = (*names[:at], "part", "parts", *names[at:]) if at else names
    sheet = data_sheet(book, header)
    book.active = 1
    written = 0
    for row in export.rows:
        for cells in _xlsx_rows(row, at > 0):
            if written == SHEET_ROWS:
                sheet, written = data_sheet(book, header), 0
            sheet.append([xlsx_cell(sheet, cells.get(name)) for name in header])
            written += 1
    book.save(target)


def pieces(text: str, size: int = CELL_UNITS) -> list[str]:
    """Return a text in pieces of at most ``size`` UTF-16 units that join to it again, cut after lines where that is possible."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end, room = start, size
        while end < len(text) and room >= (cost := 2 if text[end] > "\uffff" else 1):
            room -= cost
            end += 1
        if end < len(text):
            line = text.rfind("\n", start + 1, end) + 1
            end = line if line > start + (end - start) // 2 else max(end, start + 1)
        found.append(text[start:end])
        start = end
    return found or [""]


def methods_of(facts: Facts) -> dict[str, str]:
    """Return the methods note of an export in both languages."""
    return {lang: methods_note(facts, lang) for lang in ("zh", "en")}


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")


def csv_cell(value: Value | float) -> str | float:
    """Return a value as a cell of CSV that no table program takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 6)
    return value if isinstance(value, int) else guarded(encodable(value))


def _json_value(value: Value) -> str | int | None:
    if isinstance(value, date):
        return value.isoformat()
    return value


def json_line(value: dict[str, object]) -> bytes:
    """Return a line of JSON."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def encodable(text: str) -> str:
    """Return a text with what UTF-8 can't carry replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _write_facts(book: Workbook, export: Export) -> None:
    sheet = facts_sheet(book)
    for name, value in facts_texts(export.facts).items():
        sheet.append([name, xlsx_cell(sheet, value)])
    for lang, text in methods_of(export.facts).items():
        sheet.append([f"methods_{lang}", xlsx_cell(sheet, text)])


def facts_sheet(book: Workbook) -> Any:
    """Return the sheet, empty yet, that says what a workbook is: names and values."""
    sheet = _sheet(book, FACTS_SHEET)
    sheet.column_dimensions["A"].width = 16
    sheet.column_dimensions["B"].width = 100
    return sheet


def _sheet(book: Workbook, title: str) -> Any:
    # openpyxl's types don't know what a sheet that is only written has.
    return book.create_sheet(title)


def data_sheet(book: Workbook, header: Iterable[str]) -> Any:
    """Return one more sheet of data, with its header."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    number = len(book.worksheets)
    sheet = _sheet(book, DATA_SHEET if number == 1 else f"{DATA_SHEET} {number}")
    sheet.freeze_panes = "A2"
    for column, name in enumerate(header, 1):
        if name in _WIDTHS:
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[name]
    sheet.append(list(header))
    return sheet


def _xlsx_rows(row: dict[str, Value], split: bool) -> Iterator[dict[str, Value]]:
    if not split:
        yield row
        return
    parts = pieces(str(row.get("text") or ""))
    for number, part in enumerate(parts, 1):
        yield row | {"text": part, "part": number, "parts": len(parts)}


def xlsx_cell(sheet: Any, value: Value | float) -> object:
    """Return a value as a typed cell; a text is never a formula."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    if value is None or value == "" or isinstance(value, (int, float)):
        return value if value != "" else None
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime(value.year, value.month, value.day))
        cell.number_format = "yyyy-mm-dd"
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", encodable(value)).replace("\ufffe", "").replace("\uffff", "")
    if len(text) > CELL_UNITS // 2:
        text = pieces(text)[0]
    if text.lstrip()[:1] not in _FORMULA:
        return text
    cell = WriteOnlyCell(sheet, text)
    # A string, and shown as one also after somebody edits the cell.
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
