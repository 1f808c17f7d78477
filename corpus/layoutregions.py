"""A page set in several columns of prose -> its regions in the order in which they are read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.layoutgrid import Grid
from corpus.layoutlines import Glyph, TextLine, text_lines

#: A gap of so many letters may be part of a gutter, which is never narrower.
_GUTTER: Final = 0.9
#: So many letters of a column's edge count as reaching it; so many make the narrowest column.
_NEAR_EDGE: Final = 2.5
_NARROWEST: Final = 7
_FEWEST_LINES: Final = 4
_MOST_LINES: Final = 400
_MOST_PLACES: Final = 60
#: Where a gutter is looked for: so far from the edges of the text.
_OUTER: Final = 0.2
_DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the whole width: its box, and the stretches of it that are printed on."""

    line: TextLine
    ink: tuple[tuple[float, float], ...]

    def crosses(self, x: float) -> bool:
        return any(start < x < end for start, end in self.ink)


def regions_of(
    glyphs: Sequence[Glyph], lines: Sequence[TextLine], grids: Sequence[Grid], *, depth: int = 0
) -> list[list[TextLine | Grid]]:
    """Return the lines and tables of a page in regions that are read one after the other, each from top to bottom.

    A page of one column is one region. Where a gutter divides lines of prose, what is left of it comes before what is
    right of it; what runs across it (a title, a table) ends the columns above it. ``lines`` are those to keep of the
    ``glyphs``.
    """
    items: list[TextLine | Grid] = sorted([*lines, *grids], key=lambda item: (item.top, item.x0))
    if depth >= _DEEPEST or not 2 * _FEWEST_LINES <= len(lines) <= _MOST_LINES:
        return [items]
    rows = {row.line: row for row in _rows(glyphs, lines)}
    gutter = _gutter(list(rows.values()))
    if gutter is None:
        return [items]
    regions: list[list[TextLine | Grid]] = []
    columns_before = False
    for crossing, run in _runs(items, rows, gutter):
        found = [item for item in run if isinstance(item, TextLine)]
        if crossing or not _are_columns([rows[line] for line in found], gutter):
            if regions and not columns_before:
                regions[-1] += run
            else:
                regions.append(list(run))
            columns_before = False
            continue
        columns_before = True
        inked = _within(glyphs, found)
        for side in (False, True):
            part = [glyph for glyph in inked if (glyph.x0 + glyph.x1 > 2 * gutter) is side]
            tables = [item for item in run if isinstance(item, Grid) and (item.x0 >= gutter) is side]
            regions += regions_of(part, text_lines(part), tables, depth=depth + 1)
    return [region for region in regions if region]


def _rows(glyphs: Sequence[Glyph], lines: Sequence[TextLine]) -> Iterator[_Row]:
    """Yield each line with its printed stretches."""
    order = sorted(lines, key=lambda line: line.top)
    solid = sorted((g for g in glyphs if g.text.strip()), key=lambda g: g.top + g.bottom)
    at = 0
    for line in order:
        inside: list[Glyph] = []
        while at < len(solid) and (solid[at].top + solid[at].bottom) / 2 <= line.bottom:
            if (solid[at].top + solid[at].bottom) / 2 >= line.top:
                inside.append(solid[at])
            at += 1
        yield _Row(line, tuple(_stretches(inside, line.size)))


def _stretches(glyphs: Iterable[Glyph], size: float) -> Iterator[tuple[float, float]]:
    start = end = None
    for glyph in sorted(glyphs, key=lambda g: g.x0):
        if start is None or end is None:
            start, end = glyph.x0, glyph.x1
        elif glyph.x0 - end > _GUTTER * size:
            yield start, end
            start, end = glyph.x0, glyph.x1
        else:
            end = max(end, glyph.x1)
    if start is not None and end is not None:
        yield start, end


def _gutter(rows: Sequence[_Row]) -> float | None:
    """Return where text begins that stands beside the most other text, a little before it; None without such a place.

    The lines of two columns needn't stand at the same height.
    """
    inked = [row for row in rows if row.ink]
    if not inked:
        return None
    left, right = min(row.ink[0][0] for row in inked), max(row.ink[-1][1] for row in inked)
    least, most = left + _OUTER * (right - left), right - _OUTER * (right - left)
    starts = sorted(start - row.line.size * _GUTTER / 2 for row in inked for start, _ in row.ink)
    places = [start for start in starts if least < start < most]
    best, found = None, _FEWEST_LINES - 1
    for x in places[:: max(1, len(places) // _MOST_PLACES)]:
        free = [row for row in inked if not row.crosses(x)]
        beside = min(sum(row.ink[0][0] < x for row in free), sum(row.ink[-1][1] > x for row in free))
        if beside > found:
            best, found = x, beside
    return best


def _runs(
    items: Sequence[TextLine | Grid], rows: dict[TextLine, _Row], gutter: float
) -> Iterator[tuple[bool, list[TextLine | Grid]]]:
    """Yield runs of items that cross the gutter, or don't."""
    run: list[TextLine | Grid] = []
    before = False
    for item in items:
        crosses = item.x0 < gutter < item.xs[-1] if isinstance(item, Grid) else rows[item].crosses(gutter)
        if run and crosses != before:
            yield before, run
            run = []
        run.append(item)
        before = crosses
    if run:
        yield before, run


def _are_columns(rows: Sequence[_Row], gutter: float) -> bool:
    """Whether lines are prose on both sides of a gutter: most of them reach their column's edge, as no cells do."""
    for side in (False, True):
        parts = [[ink for ink in row.ink if (ink[0] >= gutter) is side] for row in rows]
        edges = [(part[0][0], part[-1][1], row.line.size) for part, row in zip(parts, rows, strict=True) if part]
        if len(edges) < _FEWEST_LINES:
            return False
        start, end = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
        full = sum(1 for _, last, size in edges if last >= end - _NEAR_EDGE * size)
        if full * 2 < len(edges) or end - start < _NARROWEST * edges[0][2]:
            return False
    return True


def _within(glyphs: Sequence[Glyph], lines: Sequence[TextLine]) -> list[Glyph]:
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    return [glyph for glyph in glyphs if top <= (glyph.top + glyph.bottom) / 2 <= bottom]
