"""Tables as CSV, XLSX and JSONL, written row by row, each with what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from indexer.exporting import Format
from indexer.exportwriting import (
    SHEET_ROWS,
    csv_bytes,
    csv_cell,
    data_sheet,
    facts_sheet,
    json_line,
    xlsx_cell,
)
from indexer.tables import Cell, Table, table_facts, table_methods


def table_csv(table: Table) -> Iterator[bytes]:
    """Yield a table as CSV: UTF-8 with BOM, what the table is in the last columns of each row (``export_…``)."""
    facts = [list(each.values()) for each in table_facts(table)]
    names = [f"export_{name}" for name in table_facts(table)[0]]
    constants = [[csv_cell(_cell(value)) for value in each] for each in facts]
    rows = ([*map(csv_cell, row), *constants[number]] for number, row in table.rows)
    yield from csv_bytes(chain([[*table.columns, *names]], rows))


def table_jsonl(table: Table) -> Iterator[bytes]:
    """Yield a table as JSON lines: first what it is, for each query (``"type": "export"``), then its rows."""
    for values, facts in zip(table_facts(table), table.facts, strict=True):
        yield json_line({"type": "export", **values, "methods": table_methods(table, facts)})
    for number, row in table.rows:
        query = {"query": table.facts[number].query} if "query" not in table.columns else {}
        yield json_line({"type": table.name, **query, **dict(zip(table.columns, row, strict=True))})


def write_table_xlsx(table: Table, target: Path | BinaryIO) -> None:
    """Write a table as a workbook: a sheet that says what it is, then the data with typed cells."""
    from openpyxl import Workbook  # noqa: PLC0415 - not for those who never export

    book = Workbook(write_only=True)
    about = facts_sheet(book)
    for values, facts in zip(table_facts(table), table.facts, strict=True):
        methods = {f"methods_{lang}": text for lang, text in table_methods(table, facts).items()}
        for name, value in (values | methods).items():
            about.append([name, xlsx_cell(about, _cell(value))])
        about.append([])
    sheet, written = data_sheet(book, table.columns), 0
    book.active = 1
    for _, row in table.rows:
        if written == SHEET_ROWS:
            sheet, written = data_sheet(book, table.columns), 0
        sheet.append([xlsx_cell(sheet, value) for value in row])
        written += 1
    book.save(target)


def write_table(table: Table, format_: Format, target: BinaryIO) -> None:
    """Write a table in a format."""
    if format_ == "xlsx":
        write_table_xlsx(table, target)
        return
    for chunk in table_csv(table) if format_ == "csv" else table_jsonl(table):
        target.write(chunk)


def table_document(table: Table) -> bytes:
    """Return what a table is as a JSON document of its own, to lie beside a CSV file."""
    about = [
        {**values, "methods": table_methods(table, facts)}
        for values, facts in zip(table_facts(table), table.facts, strict=True)
    ]
    return json.dumps(about, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def _cell(value: object) -> Cell:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
