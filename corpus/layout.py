"""Positioned text of pages (PDF, OFD) -> lines as a reader of text has them: furniture out, paragraphs joined. Pure."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from corpus.document import Heading, Line
from corpus.folding import fold, is_han
from corpus.layouttables import Grid, Rule, grids_of
from corpus.numbering import heading_line
from corpus.tables import Cell, Table, table_of

#: Share of a page's height at its head and foot where furniture stands.
_MARGIN: Final = 0.12
_PAGE_NUMBER: Final = re.compile(
    r"[-—–~·\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[,/，]?\s*共?\s*\d{1,4}\s*页?)?|[ivxlc]{1,6}|[〇一二三四五六七八九十]{1,4})[-—–~·\s]*"
)
_TERMINAL: Final = tuple("。！？；：.!?;:”』」）)】》…")
_LARGEST: Final = 1e6
#: Lines of a page that show where its text begins and ends.
_ENOUGH: Final = 6


@dataclass(frozen=True, slots=True)
class Glyph:
    """A piece of text on one line, mostly one character; points from the top left, ``size`` of its font."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float


@dataclass(frozen=True, slots=True)
class PageLayout:
    """What stands on a page: glyphs without blanks, and ruled lines."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class _TextLine:
    """A printed line; ``left`` and ``right`` are where the column of text begins and ends on its page."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    left: float = 0.0
    right: float = 0.0
    page: int = 0

    @property
    def centred(self) -> bool:
        """Whether it stands in the middle, away from both edges."""
        before, after = self.x0 - self.left, self.right - self.x1
        return before > 2 * self.size and abs(before - after) < 2 * self.size


@dataclass(frozen=True, slots=True)
class _TableAt:
    """A table with the edges of its columns, for the part that may follow on the next page."""

    table: Table
    xs: tuple[float, ...]
    page: int


def largest_text(pages: Sequence[PageLayout]) -> str:
    """Return the text of the largest lines of the first page, joined: mostly the title; "" if all are alike."""
    lines = _printed(pages[0].glyphs) if pages else []
    sizes = [line.size for line in lines if len(line.text) > 1]
    if not sizes or max(sizes) < 1.15 * median(sizes):
        return ""
    found = [line for line in lines if line.size > 0.95 * max(sizes)]
    return "".join(line.text for line in found[:4])


def lines_of(pages: Iterable[PageLayout]) -> list[Line]:
    """Return the text of pages in order, a blank line between paragraphs, tables where they stand."""
    items: list[_TextLine | _TableAt] = []
    column = (0.0, 0.0)
    for number, page in enumerate(_without_furniture([_page_items(page) for page in pages])):
        lines = [item for item in page if isinstance(item, _TextLine)]
        if len(lines) >= _ENOUGH or not number:
            column = _column(lines) or column  # a page with few lines has the edges of the one before
        for item in page:
            here = replace(item, page=number)
            items.append(replace(here, left=column[0], right=column[1]) if isinstance(here, _TextLine) else here)
    body = _body_size([item for item in items if isinstance(item, _TextLine)])
    return list(_joined(items, body))


def _page_items(page: PageLayout) -> tuple[float, list[_TextLine | _TableAt]]:
    """Return a page's height, its printed lines and tables from top to bottom."""
    glyphs = [glyph for glyph in page.glyphs if _is_sane(glyph)]
    grids = grids_of([rule for rule in page.rules if _is_sane(rule)])
    inside: dict[int, list[Glyph]] = {}
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        number = next((n for n, grid in enumerate(grids) if grid.holds(x, y)), -1)
        (inside.setdefault(number, []) if number >= 0 else outside).append(glyph)
    placed: list[tuple[float, _TextLine | _TableAt]] = [(line.y0, line) for line in _printed(outside)]
    for number, held in inside.items():
        grid = grids[number]
        placed.append((grid.ys[0], _TableAt(_table(grid, held), grid.xs, 0)))
    return page.height, [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def _is_sane(what: Glyph | Rule) -> bool:
    return all(math.isfinite(value) and abs(value) < _LARGEST for value in (what.x0, what.y0, what.x1, what.y1))


def _printed(glyphs: Iterable[Glyph]) -> list[_TextLine]:
    """Return the lines that glyphs stand in, from the top, each from left to right."""
    lines: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.y0 + g.y1) / 2):
        at = (glyph.y0 + glyph.y1) / 2
        if lines and abs(at - middle) <= 0.45 * max(glyph.y1 - glyph.y0, 1.0):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            middle = at
    return [_text_line(sorted(line, key=lambda g: g.x0)) for line in lines]


def _text_line(glyphs: Sequence[Glyph]) -> _TextLine:
    parts = [glyphs[0].text]
    tracking = _tracking(glyphs)
    for before, after in itertools.pairwise(glyphs):
        parts += (_gap(before, after, tracking), after.text)
    return _TextLine(
        "".join(parts),
        glyphs[0].x0,
        min(glyph.y0 for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        max(glyph.y1 for glyph in glyphs),
        median(glyph.size for glyph in glyphs),
    )


def _tracking(glyphs: Sequence[Glyph]) -> float:
    """Return how far apart the letters of a line are set, as a share of their size: the usual gap in its Chinese."""
    gaps = [
        (after.x0 - before.x1) / max(before.size, after.size)
        for before, after in itertools.pairwise(glyphs)
        if is_han(before.text[-1:] or " ") and is_han(after.text[:1] or " ")
    ]
    return max(0.0, median(gaps)) if len(gaps) > 2 else 0.0


def _gap(before: Glyph, after: Glyph, tracking: float) -> str:
    """Return what stands between two glyphs: nothing in Chinese, however widely it is set; a tab between columns."""
    gap = (after.x0 - before.x1) / max(before.size, after.size) - tracking
    if gap > 2.5:
        return "\t"
    latin = before.text[-1:].isascii() and after.text[:1].isascii()
    return " " if (latin and gap > 0.18) or gap > 1.4 else ""


def _column(lines: Sequence[_TextLine]) -> tuple[float, float] | None:
    """Return where the text of a page begins and ends: the edges that its long lines share; None without any."""
    widest = max((line.x1 - line.x0 for line in lines), default=0.0)
    long = [line for line in lines if line.x1 - line.x0 > 0.6 * widest]
    if not long:
        return None
    starts, ends = sorted(line.x0 for line in long), sorted(line.x1 for line in long)
    return starts[len(starts) // 10], ends[-1 - len(ends) // 10]


def _table(grid: Grid, glyphs: Iterable[Glyph]) -> Table:
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        number = grid.cell_at((glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2)
        held.setdefault(number, []).append(glyph)
    rows: list[list[Cell]] = [[] for _ in range(len(grid.ys) - 1)]
    for number, place in enumerate(grid.cells):
        text = ""
        for line in _printed(held.get(number, ())):
            part = line.text.replace("\t", " ")
            apart = text[-1:].isascii() and part[:1].isascii() and text[-1:].isalnum() and part[:1].isalnum()
            text += (" " if apart else "") + part
        rows[place.row].append(Cell(text, place.columns, place.rows))
    return table_of(rows)


def _without_furniture(
    pages: Sequence[tuple[float, list[_TextLine | _TableAt]]],
) -> Iterator[list[_TextLine | _TableAt]]:
    """Yield the items of each page without page numbers, and without what stands at the head or foot of most."""
    counts: Counter[str] = Counter()
    for height, items in pages:
        counts.update({_sameness(item) for item in items if _in_margin(item, height)})
    often = max(2, math.ceil(0.6 * len(pages)))
    running = {text for text, count in counts.items() if text and count >= often} if len(pages) > 2 else set()
    for height, items in pages:
        yield [
            item
            for item in items
            if not (
                _in_margin(item, height)
                and isinstance(item, _TextLine)
                and (_PAGE_NUMBER.fullmatch(fold(item.text)) or _sameness(item) in running)
            )
        ]


def _in_margin(item: _TextLine | _TableAt, height: float) -> bool:
    return isinstance(item, _TextLine) and (item.y1 < _MARGIN * height or item.y0 > (1 - _MARGIN) * height)


def _sameness(item: _TextLine | _TableAt) -> str:
    """Return a line without its figures, and its height: what a running head with a page number has on each page."""
    if not isinstance(item, _TextLine):
        return ""
    return f"{round(item.y0 / 4)} {re.sub(r'[0-9]+', '', fold(item.text))}"


def _body_size(lines: Sequence[_TextLine]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _joined(items: Sequence[_TextLine | _TableAt], body: float) -> Iterator[Line]:
    """Yield paragraphs from printed lines, tables that go on over a page as one."""
    pitch = _pitch([item for item in items if isinstance(item, _TextLine)])
    waiting: list[_TextLine] = []
    table: _TableAt | None = None
    for item in items:
        if isinstance(item, _TableAt):
            yield from _flushed(waiting, body)
            if table is not None and _goes_on(table, item):
                table = replace(item, table=_appended(table.table, item.table))
            else:
                if table is not None:
                    yield table.table
                table = item
            continue
        if table is not None:
            yield table.table
            table = None
        if waiting and not _continues(waiting[-1], item, pitch, body):
            yield from _flushed(waiting, body)
        waiting.append(item)
    yield from _flushed(waiting, body)
    if table is not None:
        yield table.table


def _pitch(lines: Sequence[_TextLine]) -> float:
    """Return the usual distance from line to line."""
    steps = [after.y0 - before.y0 for before, after in itertools.pairwise(lines) if after.page == before.page]
    ordered = [step for step in steps if step > 0]
    return median(ordered) if ordered else 20.0


def _continues(before: _TextLine, line: _TextLine, pitch: float, body: float) -> bool:
    """Whether a line goes on the paragraph of the one before it."""
    if abs(before.size - line.size) > 0.15 * max(before.size, line.size) or "\t" in line.text:
        return False
    apart = line.page == before.page and line.y0 - before.y0 > 1.6 * pitch
    if before.size > 1.15 * body and before.centred and line.centred and not apart:
        return True  # a title in two lines
    indented = line.x0 > line.left + 0.9 * line.size
    ended = before.text.endswith(_TERMINAL)
    if apart or indented or line.page - before.page > 1 or (ended and heading_line(line.text) is not None):
        return False
    found = heading_line(before.text)
    if found is not None and not found.glued:
        return False
    short = before.right - before.x1
    full = short < 1.6 * before.size
    unfinished = short < 4 * before.size and not ended
    return full or unfinished


def _flushed(waiting: list[_TextLine], body: float) -> Iterator[Line]:
    if not waiting:
        return
    text = waiting[0].text
    for line in waiting[1:]:
        apart = text[-1].isascii() and line.text[0].isascii() and text[-1].isalnum() and line.text[0].isalnum()
        text += (" " if apart else "") + line.text
    marked = waiting[0].size > 1.15 * body and len(text) <= 60 and any(is_han(char) for char in text)
    waiting.clear()
    yield ""
    yield Heading(text, 1) if marked else text
    yield ""


def _goes_on(table: _TableAt, below: _TableAt) -> bool:
    same = len(table.xs) == len(below.xs) and all(abs(a - b) < 6 for a, b in zip(table.xs, below.xs, strict=True))
    return same and below.page == table.page + 1


def _appended(first: Table, second: Table) -> Table:
    """Return both parts as one; a head that is printed again on the next page stands once."""
    rows = list(second.rows)
    while (
        rows and len(first.rows) > len(second.rows) - len(rows) and rows[0] == first.rows[len(second.rows) - len(rows)]
    ):
        rows.pop(0)
    return Table((*first.rows, *rows))
