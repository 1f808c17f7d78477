"""Rules and glyphs -> tables: the grid that rules draw, its merged cells, its text. Pure."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus.layoutlines import Glyph, TextLine, text_lines

#: Ends and crossings of rules agree within so many points.
_NEAR: Final = 3.0
#: Shorter rules are dashes, underlines of blanks and corners.
_SHORTEST: Final = 4.0
#: Beyond, a page is a drawing and no table; checked before anything is compared.
MOST_RULES: Final = 6_000
_MOST_PLACES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical rule from (x0, y0) to (x1, y1); thin filled boxes count as rules."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class GridCell:
    """One printed cell: its place, its spans, its text."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One ruled table; ``xs`` are the column borders, ``x0`` and ``top`` its corner on the page."""

    x0: float
    top: float
    xs: tuple[float, ...]
    rows: int
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """A rule by its constant coordinate ``at`` and its extent."""

    at: float
    start: float
    end: float


def grids_of(glyphs: Sequence[Glyph], rules: Iterable[Rule]) -> tuple[list[Grid], list[Glyph]]:
    """Return the ruled tables of a page and the glyphs outside them."""
    level, upright = _spans(rules)
    grids: list[Grid] = []
    rest = list(glyphs)
    for across, down in _components(level, upright):
        xs = _places([v.at for v in down] + [end for h in across for end in (h.start, h.end)])
        ys = _places([h.at for h in across])
        if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _MOST_PLACES:
            continue
        inside = [g for g in rest if xs[0] <= (g.x0 + g.x1) / 2 < xs[-1] and ys[0] <= (g.top + g.bottom) / 2 < ys[-1]]
        if not any(glyph.text.strip() for glyph in inside):
            continue
        grids.append(_grid(xs, ys, across, down, inside))
        taken = set(map(id, inside))
        rest = [glyph for glyph in rest if id(glyph) not in taken]
    return grids, rest


def continued(above: Grid, below: Grid) -> Grid | None:
    """Return one table of two on facing pages if their columns agree; a repeated head is left out, else None."""
    shift = below.xs[0] - above.xs[0]
    if len(above.xs) != len(below.xs):
        return None
    if any(abs(b - shift - a) > _NEAR for a, b in zip(above.xs, below.xs, strict=True)):
        return None
    head = _repeated_head(above, below)
    cells = list(above.cells)
    for cell in below.cells:
        if cell.row < head:
            continue
        moved = replace(cell, row=cell.row - head + above.rows)
        # A merged cell that the page break cut in two: its lower part is empty and fits the upper one's columns.
        upper = _ends_in(cells, moved, above.rows) if cell.row == head and not cell.text and cell.rows > 1 else None
        if upper is None:
            cells.append(moved)
        else:
            cells[upper] = replace(cells[upper], rows=cells[upper].rows + cell.rows)
    return Grid(above.x0, above.top, above.xs, above.rows + below.rows - head, tuple(cells))


def _ends_in(cells: Sequence[GridCell], below: GridCell, rows: int) -> int | None:
    for at, cell in enumerate(cells):
        same = cell.column == below.column and cell.columns == below.columns
        if same and cell.rows > 1 and cell.row + cell.rows == rows:
            return at
    return None


def _repeated_head(above: Grid, below: Grid) -> int:
    """Return how many first rows of ``below`` repeat those of ``above``."""
    ends = {cell.row + cell.rows for cell in above.cells}
    same = 0
    for rows in range(1, min(above.rows, below.rows, 5)):
        first = [cell for cell in above.cells if cell.row < rows]
        second = [cell for cell in below.cells if cell.row < rows]
        if first != second or not any(cell.text for cell in first):
            break
        if rows in ends and all(cell.row + cell.rows <= rows for cell in first):
            same = rows
    return same


def _spans(rules: Iterable[Rule]) -> tuple[list[_Span], list[_Span]]:
    """Return horizontal and vertical rules, pieces of one joined; nothing if there are too many."""
    level: list[_Span] = []
    upright: list[_Span] = []
    for number, rule in enumerate(rules):
        if number >= MOST_RULES:
            return [], []
        if not all(map(math.isfinite, (rule.x0, rule.y0, rule.x1, rule.y1))):
            continue
        wide, tall = abs(rule.x1 - rule.x0), abs(rule.y1 - rule.y0)
        if tall <= _NEAR and wide >= _SHORTEST:
            level.append(_Span((rule.y0 + rule.y1) / 2, min(rule.x0, rule.x1), max(rule.x0, rule.x1)))
        elif wide <= _NEAR and tall >= _SHORTEST:
            upright.append(_Span((rule.x0 + rule.x1) / 2, min(rule.y0, rule.y1), max(rule.y0, rule.y1)))
    return _joined(level), _joined(upright)


def _joined(spans: Sequence[_Span]) -> list[_Span]:
    """Return spans with pieces of the same rule joined."""
    lines: list[list[_Span]] = []
    for span in sorted(spans, key=lambda s: s.at):
        if lines and span.at - lines[-1][-1].at <= 1.5:
            lines[-1].append(span)
        else:
            lines.append([span])
    made: list[_Span] = []
    for line in lines:
        at = sum(span.at for span in line) / len(line)
        pieces = sorted(line, key=lambda s: s.start)
        start, end = pieces[0].start, pieces[0].end
        for piece in pieces[1:]:
            if piece.start <= end + _NEAR:
                end = max(end, piece.end)
            else:
                made.append(_Span(at, start, end))
                start, end = piece.start, piece.end
        made.append(_Span(at, start, end))
    return made


def _components(level: Sequence[_Span], upright: Sequence[_Span]) -> list[tuple[list[_Span], list[_Span]]]:
    """Return groups of rules that touch each other, from top to bottom."""
    owner = list(range(len(level) + len(upright)))

    def find(at: int) -> int:
        while owner[at] != at:
            owner[at] = owner[owner[at]]
            at = owner[at]
        return at

    for i, across in enumerate(level):
        for j, down in enumerate(upright, len(level)):
            meets = across.start - _NEAR <= down.at <= across.end + _NEAR
            if meets and down.start - _NEAR <= across.at <= down.end + _NEAR:
                owner[find(i)] = find(j)
    groups: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for i, across in enumerate(level):
        groups.setdefault(find(i), ([], []))[0].append(across)
    for j, down in enumerate(upright, len(level)):
        groups.setdefault(find(j), ([], []))[1].append(down)
    return [(across, down) for across, down in groups.values() if len(across) >= 2 and down]


def _places(values: Iterable[float]) -> list[float]:
    """Return distinct coordinates in order, those that nearly agree as one."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= _NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _grid(xs: list[float], ys: list[float], across: list[_Span], down: list[_Span], glyphs: list[Glyph]) -> Grid:
    columns, rows = len(xs) - 1, len(ys) - 1
    held: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        row = min(bisect_right(ys, (glyph.top + glyph.bottom) / 2) - 1, rows - 1)
        held.setdefault((row, min(bisect_right(xs, (glyph.x0 + glyph.x1) / 2) - 1, columns - 1)), []).append(glyph)
    sides = _ruled(down, xs, ys)
    floors = _ruled(across, ys, xs)
    done: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in done:
                continue
            width = 1
            while column + width < columns and (column + width, row) not in sides:
                if (row, column + width) in done:
                    break
                width += 1
            height = 1
            while row + height < rows and all((row + height, c) not in floors for c in range(column, column + width)):
                height += 1
            places = [(r, c) for r in range(row, row + height) for c in range(column, column + width)]
            done.update(places)
            inside = [glyph for place in places for glyph in held.get(place, ())]
            cells.append(GridCell(row, column, height, width, _cell_text(inside, xs[column + width] - xs[column])))
    return Grid(xs[0], ys[0], tuple(xs), rows, tuple(cells))


def _ruled(spans: Sequence[_Span], at: Sequence[float], along: Sequence[float]) -> set[tuple[int, int]]:
    """Return (border, step) for each step between two places of ``along`` at which a rule draws the border."""
    found: set[tuple[int, int]] = set()
    middles = [(a + b) / 2 for a, b in itertools.pairwise(along)]
    for span in spans:
        border = min(range(len(at)), key=lambda i: abs(at[i] - span.at))
        found.update((border, step) for step, middle in enumerate(middles) if span.start <= middle <= span.end)
    return found


def _cell_text(glyphs: Sequence[Glyph], width: float) -> str:
    """Return a cell's text, its lines joined; a word or figure that filled its line goes on without a blank."""
    text = ""
    last: TextLine | None = None
    for line in text_lines(glyphs):
        if last is not None and text[-1].isascii() and line.text[0].isascii() and text[-1].isalnum():
            filled = last.x1 - last.x0 >= width - 1.6 * line.size
            text += "" if filled or not line.text[0].isalnum() else " "
        text += line.text
        last = line
    return text
