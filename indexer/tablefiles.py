"""Tables as CSV, XLSX and JSONL, written row by row, each with what it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from indexer.exporting import Format
from indexer.exportwriting import DATA_SHEET, FACTS_SHEET, SHEET_ROWS, encodable, guarded, xlsx_cell
from indexer.methodsnote import methods_note
from indexer.tables import Cell, Table, table_facts


def table_csv(table: Table) -> Iterator[bytes]:
    """Yield a table as CSV: UTF-8 with BOM, what the table is in the last columns of each row (``export_…``)."""
    facts = [list(each.values()) for each in table_facts(table)]
    names = [f"export_{name}" for name in table_facts(table)[0]]
    constants = [[_csv_cell(_cell(value)) for value in each] for each in facts]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([*table.columns, *names])
    for number, row in table.rows:
        writer.writerow([*(_csv_cell(value) for value in row), *constants[number]])
        if buffer.tell() > 1 << 16:
            yield _taken(buffer)
    yield _taken(buffer)


def table_jsonl(table: Table) -> Iterator[bytes]:
    """Yield a table as JSON lines: first what it is, for each query (``"type": "export"``), then its rows."""
    for head in _heads(table):
        yield _json_line({"type": "export", **head})
    for number, row in table.rows:
        query = {"query": table.facts[number].query} if "query" not in table.columns else {}
        yield _json_line({"type": table.name, **query, **dict(zip(table.columns, row, strict=True))})


def write_table_xlsx(table: Table, target: Path | BinaryIO) -> None:
    """Write a table as a workbook: a sheet that says what it is, then the data with typed cells."""
    from openpyxl import Workbook  # noqa: PLC0415 - not for those who never export

    book = Workbook(write_only=True)
    about = book.create_sheet(FACTS_SHEET)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 100
    for head in _heads(table):
        methods = head.pop("methods")
        assert isinstance(methods, dict)  # noqa: S101 - as it was made
        head |= {f"methods_{lang}": text for lang, text in methods.items()}
        for name, value in head.items():
            about.append([name, _xlsx_cell(about, _cell(value))])
        about.append([])
    sheet, written = book.create_sheet(DATA_SHEET), 0
    sheet.append(list(table.columns))
    book.active = 1
    for _, row in table.rows:
        if written == SHEET_ROWS:
            sheet, written = book.create_sheet(f"{DATA_SHEET} {len(book.worksheets)}"), 0
            sheet.append(list(table.columns))
        sheet.append([_xlsx_cell(sheet, value) for value in row])
        written += 1
    book.save(target)


def write_table(table: Table, format_: Format, target: BinaryIO) -> None:
    """Write a table in a format."""
    if format_ == "xlsx":
        write_table_xlsx(table, target)
        return
    for chunk in table_csv(table) if format_ == "csv" else table_jsonl(table):
        target.write(chunk)


def _heads(table: Table) -> list[dict[str, object]]:
    return [
        {**head, "methods": {lang: methods_note(facts, lang) for lang in ("zh", "en")}}
        for head, facts in zip(table_facts(table), table.facts, strict=True)
    ]


def _cell(value: object) -> Cell:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _csv_cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, float):
        return round(value, 6)
    return value if isinstance(value, int) else guarded(encodable(value))


def _xlsx_cell(sheet: object, value: Cell) -> object:
    return value if isinstance(value, float) else xlsx_cell(sheet, value)


def _json_line(value: dict[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")
