"""Cells as Word lays them on a grid (spans to the right, merges downwards) -> Table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.tables import Cell, Table, table_of

_LARGEST_SPAN = 100


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that takes ``columns`` columns; ``merged`` downwards, ``goes_on``: it continues the cell above."""

    text: str
    columns: int = 1
    merged: bool = False
    goes_on: bool = False


def table_from_grid(rows: Sequence[Sequence[GridCell]]) -> Table:
    """Return the table of rows whose merged cells are written in every row they reach into."""
    placed = [dict(_places(row)) for row in rows]
    heights = _heights(placed)
    found: list[list[Cell]] = []
    for top, row in enumerate(placed):
        cells: list[Cell] = []
        for column, cell in row.items():
            height = heights.get((top, column))
            if height is None:
                continue  # taken from above
            cells.append(Cell(cell.text, cell.columns, height))
        found.append(cells)
    return table_of(found)


def _places(row: Sequence[GridCell]) -> Iterator[tuple[int, GridCell]]:
    column = 0
    for cell in row:
        yield column, cell
        column += min(max(cell.columns, 1), _LARGEST_SPAN)


def _heights(placed: Sequence[dict[int, GridCell]]) -> dict[tuple[int, int], int]:
    """Return (row, column) -> height of each cell that begins there; one merge is cut after every hundred rows."""
    heights: dict[tuple[int, int], int] = {}
    begun: dict[int, tuple[int, int]] = {}  # column -> (row in which its merged cell begins, its columns)
    for top, row in enumerate(placed):
        going = {}
        for column, cell in row.items():
            start = begun.get(column)
            if cell.goes_on and start and start[1] == cell.columns and top - start[0] < _LARGEST_SPAN:
                heights[start[0], column] += 1
                going[column] = start
                continue
            heights[top, column] = 1
            if cell.merged:
                going[column] = (top, cell.columns)
        begun = going
    return heights
