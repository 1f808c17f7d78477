"""Rows of RTF cells, which know their right edges and marks of merging -> a Table. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus.cleaning import clean_characters
from corpus.tables import Cell, Table, table_of

#: Edges that differ by less than so many twips (1/1440 inch) are one.
_NEAR: Final = 40


@dataclass(frozen=True, slots=True)
class CellEdge:
    """A cell's definition: right edge in twips; begun or continued merging, downwards and to the right."""

    right: int = 0
    down_from: bool = False
    down_on: bool = False
    right_from: bool = False
    right_on: bool = False

    def marked(self, word: str) -> CellEdge:
        """Return the definition with the mark of a control word."""
        if word == "clvmgf":
            return replace(self, down_from=True)
        if word == "clvmrg":
            return replace(self, down_on=True)
        return replace(self, right_from=True) if word == "clmgf" else replace(self, right_on=True)


@dataclass(frozen=True, slots=True)
class RtfRow:
    """One row: the cells' texts and definitions, in order; writers may give more of one than of the other."""

    cells: tuple[str, ...]
    edges: tuple[CellEdge, ...]


def rtf_table(rows: Sequence[RtfRow]) -> Table:
    """Return the table of rows; cells take the columns between their edges, as all rows together divide them."""
    borders = _borders(rows)
    made: list[list[Cell]] = []
    open_cells: dict[int, tuple[int, int]] = {}  # column -> row and place of the cell that is merged downwards
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        left = 0
        for at, raw in enumerate(row.cells):
            text = clean_characters(raw).strip()
            edge = row.edges[at] if at < len(row.edges) else CellEdge()
            columns = max(1, bisect_left(borders, edge.right - _NEAR) + 1 - left) if edge.right else 1
            if edge.right_on and cells:
                cells[-1] = replace(cells[-1], columns=cells[-1].columns + columns, text=cells[-1].text + text)
            elif edge.down_on and left in open_cells:
                above, place = open_cells[left]
                merged = made[above][place]
                made[above][place] = replace(merged, rows=number - above + 1, text=merged.text + text)
            else:
                open_cells.pop(left, None)
                if edge.down_from:
                    open_cells[left] = (number, len(cells))
                cells.append(Cell(text, columns))
            left += columns
        made.append(cells)
    return table_of(made)


def _borders(rows: Sequence[RtfRow]) -> list[int]:
    borders: list[int] = []
    for right in sorted({edge.right for row in rows for edge in row.edges}):
        if not borders or right - borders[-1] > _NEAR:
            borders.append(right)
    return borders
