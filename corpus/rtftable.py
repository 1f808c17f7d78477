"""Rows of RTF table cells by their right edges -> Table: RTF says where a cell ends, not how many columns it takes."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Final

from corpus.tables import Cell, Table, table_of

#: Twips that two edges of one column may lie apart.
_NEAR: Final = 30


@dataclass(frozen=True, slots=True)
class Edge:
    """The definition of a cell: its right edge (twips), and whether it goes on the one above or to the left."""

    right: int
    goes_on_above: bool = False
    goes_on_left: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells' texts and their definitions, in order."""

    texts: tuple[str, ...]
    edges: tuple[Edge, ...]


def rtf_table(rows: list[Row]) -> Table:
    """Return the table of rows; a cell that goes on the one above makes that one taller."""
    if any(len(row.texts) > len(row.edges) for row in rows):
        return table_of([Cell(text) for text in row.texts] for row in rows)
    columns = _columns({edge.right for row in rows for edge in row.edges})
    made: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}  # column -> row and place of the cell that may go on below
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        here: dict[int, tuple[int, int]] = {}
        start = 0
        for edge, text in zip(row.edges, row.texts, strict=False):
            end = max(bisect_left(columns, edge.right - _NEAR) + 1, start + 1)
            width = end - start
            if edge.goes_on_left and cells:
                cells[-1] = replace(cells[-1], columns=cells[-1].columns + width)
            elif edge.goes_on_above and start in above:
                top, place = above[start]
                made[top][place] = replace(made[top][place], rows=number - top + 1)
                here[start] = above[start]
            else:
                here[start] = number, len(cells)
                cells.append(Cell(text, width))
            start = end
        made.append(cells)
        above = here
    return table_of(made)


def _columns(rights: set[int]) -> list[int]:
    """Return the right edges of the columns, those that lie near each other once."""
    found: list[int] = []
    for right in sorted(rights):
        if not found or right - found[-1] > _NEAR:
            found.append(right)
    return found
