"""What the commands that make tables share: their option for a file, and writing to it or to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import click

from corpus.cli import Settings
from indexer.errors import QueryRejected
from indexer.exporting import FORMATS, Format
from indexer.exportreading import SIDECAR
from indexer.exportwriting import csv_bytes, csv_cell
from indexer.outputfile import refuse_to_replace, written_whole
from indexer.tablefiles import table_csv, table_document, write_table
from indexer.tables import Table

F = TypeVar("F", bound=Callable[..., object])

_FILE: Final = click.Path(path_type=Path, dir_okay=False)


def output_options(command: F) -> F:
    """Give a command the options of a file."""
    file = click.option("--output", "-o", type=_FILE, help="Save the table: .csv, .xlsx or .jsonl.")
    force = click.option("--force", is_flag=True, help="Replace the file if it exists.")
    return file(force(command))


def print_table(table: Table) -> None:
    """Print a table as CSV, UTF-8 whatever the terminal's encoding is."""
    for chunk in table_csv(table):
        sys.stdout.buffer.write(chunk)
    sys.stdout.flush()


def print_csv(rows: Iterable[Sequence[str | float | None]]) -> None:
    """Print rows as CSV, UTF-8 with BOM whatever the terminal's encoding is; None is an empty cell."""
    for chunk in csv_bytes([csv_cell(value) for value in row] for row in rows):
        sys.stdout.buffer.write(chunk)
    sys.stdout.flush()


def check_output(path: Path, force: bool) -> None:
    """Make sure that a table can be saved there, before it is counted. Raises QueryRejected."""
    if _format(path) is None:
        raise QueryRejected(
            zh=f"{path.name} 的后缀不是 .csv、.xlsx 或 .jsonl；请换一个文件名",
            en=f"{path.name} doesn't end in .csv, .xlsx or .jsonl; choose another name",
        )
    refuse_to_replace(path, force)


def save_table(settings: Settings, table: Table, path: Path) -> None:
    """Save a table in the format that its file's suffix names; a file is there whole or not at all."""
    with written_whole(path) as target:
        write_table(table, _format(path) or "csv", target)
    if _format(path) == "csv":
        # A table without rows says nothing of itself.
        with written_whole(path.with_name(path.name + SIDECAR)) as target:
            target.write(table_document(table))
    settings.say(f"已保存 {path}", f"saved {path}")


def _format(path: Path) -> Format | None:
    return next((f for f in FORMATS if path.suffix.lower() == f".{f}"), None)
