"""Ruled lines of a page -> grids of cells, merged ones resolved. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

#: Points by which two rules may miss each other.
_NEAR: Final = 3.0
_MOST_RULES: Final = 3_000
_MOST_EDGES: Final = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line on a page, across or down, in points from the top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def across(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a grid: where it starts, and how many rows and columns it takes."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: the edges of its columns (``xs``) and rows (``ys``), and its cells in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Place, ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside the table."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def cell_at(self, x: float, y: float) -> int:
        """Return the number of the cell that a point inside the table is in."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        for number, place in enumerate(self.cells):
            if place.row <= row < place.row + place.rows and place.column <= column < place.column + place.columns:
                return number
        return 0


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """Return the tables that the rules of a page draw, from the top; a frame with one cell is none."""
    found = (_grid(group) for group in _connected(sorted(rules[:_MOST_RULES], key=lambda rule: rule.y0)))
    return sorted((grid for grid in found if grid is not None), key=lambda grid: grid.ys[0])


def _connected(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Yield the groups of rules that touch each other."""
    parent = list(range(len(rules)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for number, rule in enumerate(rules):
        for other in range(number + 1, len(rules)):
            below = rules[other]
            if below.y0 > rule.y1 + _NEAR:
                break
            if below.x0 <= rule.x1 + _NEAR and rule.x0 <= below.x1 + _NEAR:
                parent[root(other)] = root(number)
    groups: dict[int, list[Rule]] = {}
    for number, rule in enumerate(rules):
        groups.setdefault(root(number), []).append(rule)
    yield from groups.values()


def _grid(rules: Sequence[Rule]) -> Grid | None:
    down = [rule for rule in rules if not rule.across]
    across = [rule for rule in rules if rule.across]
    xs, ys = _edges([rule.x0 for rule in down]), _edges([rule.y0 for rule in across])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) < 2 or len(xs) + len(ys) > _MOST_EDGES:
        return None
    columns, rows = len(xs) - 1, len(ys) - 1
    walls = {(_nearest(xs, rule.x0), row) for rule in down for row in _spanned(ys, rule.y0, rule.y1)}
    floors = {(_nearest(ys, rule.y0), column) for rule in across for column in _spanned(xs, rule.x0, rule.x1)}
    cells: list[Place] = []
    taken: set[tuple[int, int]] = set()
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            wide = 1
            while column + wide < columns and (column + wide, row) not in walls and (row, column + wide) not in taken:
                wide += 1
            high = 1
            while row + high < rows and all((row + high, c) not in floors for c in range(column, column + wide)):
                high += 1
            taken |= {(r, c) for r in range(row, row + high) for c in range(column, column + wide)}
            cells.append(Place(row, column, high, wide))
    return Grid(xs, ys, tuple(cells)) if len(cells) > 1 else None


def _edges(values: Sequence[float]) -> tuple[float, ...]:
    """Return where rules stand, those next to each other as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return tuple(found)


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - value))


def _spanned(edges: Sequence[float], start: float, end: float) -> range:
    """Return the intervals between edges that a rule from start to end runs along."""
    first = next((n for n, edge in enumerate(edges) if edge >= start - _NEAR), len(edges))
    last = bisect_right(edges, end + _NEAR) - 1
    return range(first, max(first, last))
