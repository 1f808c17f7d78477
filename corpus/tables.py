"""Tables: cells with their spans -> rows of equal width with a readable, searchable text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: What stands between two cells in a row's text.
CELL: Final = " | "
#: Cells of one table at the most, merged ones counted with all their places; beyond, rows aren't aligned.
MOST_CELLS: Final = 50_000
_LARGEST_SPAN: Final = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell; a merged one takes ``columns`` columns and ``rows`` rows, to the right and down."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged cell of a row: it starts at ``column`` and takes ``columns`` columns and ``rows`` rows."""

    column: int
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: ``text`` holds one cell for each column; a merged cell's text stands once, its other places are empty."""

    text: str
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a reader found it."""

    rows: tuple[TableRow, ...]


def row_text(cells: Iterable[str]) -> str:
    """Return the readable form of a table row: cells joined by `` | ``."""
    return CELL.join([" ".join(cell.replace("|", "｜").split()) for cell in cells])


def row_cells(text: str) -> list[str]:
    """Return the cells of a row's text, empty ones included."""
    return [cell.strip() for cell in f" {text} ".split(CELL)]


def table_of(rows: Iterable[Iterable[Cell]]) -> Table:
    """Return the table of rows of cells as HTML, DOCX or a sheet has them, aligned; rows without text are left out.

    A cell reaches down over what the rows below leave out, as in HTML.
    """
    taken: dict[int, int] = {}  # column -> rows that a cell from above still takes
    made = 0
    found: list[TableRow] = []
    for cells_of_row in rows:
        row = list(cells_of_row)
        if made > MOST_CELLS or not (taken or any(cell.columns > 1 or cell.rows > 1 for cell in row)):
            made += len(row)
            plain = row_text([cell.text for cell in row])
            found += [TableRow(plain)] if plain.strip(CELL) else []
            continue
        texts: dict[int, str] = {}
        spans: dict[int, int] = {}
        merged: list[Merged] = []
        column = 0
        for cell in row:
            while taken.get(column):
                column += 1
            columns, height = _span(cell.columns), _span(cell.rows)
            texts[column] = cell.text
            if columns > 1 or height > 1:
                merged.append(Merged(column, columns, height))
            for place in range(column, column + columns):
                spans[place] = height
            column += columns
        width = max([*texts, *spans, *taken], default=-1) + 1
        made += width
        aligned = made <= MOST_CELLS
        taken = {c: left - 1 for c, left in (taken | spans).items() if left > 1}
        if any(text.strip() for text in texts.values()):
            cells = [texts.get(c, "") for c in range(width)] if aligned else list(texts.values())
            found.append(TableRow(row_text(cells), tuple(merged) if aligned else ()))
    return Table(tuple(found))


def filled(rows: Sequence[TableRow]) -> list[list[str]]:
    """Return rows of cells in which a merged cell's text stands in each of its places."""
    cut = [row_cells(row.text) for row in rows]
    width = max(map(len, cut), default=0)
    grid = [cells + [""] * (width - len(cells)) for cells in cut]
    for top, row in enumerate(rows):
        for merged in row.merged:
            value = grid[top][merged.column] if merged.column < width else ""
            for cells in grid[top : top + merged.rows]:
                cells[merged.column : min(merged.column + merged.columns, width)] = [value] * (
                    min(merged.column + merged.columns, width) - merged.column
                )
    return grid


def _span(value: int) -> int:
    return min(max(value, 1), _LARGEST_SPAN)
