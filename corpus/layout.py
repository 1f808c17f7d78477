"""Positioned glyphs and rules of a page -> lines, paragraphs, headings and tables. Pure; PDF and OFD share it.

Coordinates: points (1/72 inch), x to the right, y downwards from the top of the page as it is read.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from corpus.document import Heading, Line
from corpus.folding import fold, is_han
from corpus.kinds import names_a_type
from corpus.layoutcolumns import with_aligned
from corpus.layoutfurniture import without_furniture
from corpus.layoutgrid import Grid, Rule, continued, grids_of
from corpus.layoutlines import Glyph, TextLine, text_lines
from corpus.layoutregions import regions_of
from corpus.numbering import heading_line
from corpus.tables import Cell, Table, table_of

#: Pages are this large at the most (200 inches, as in PDF 1.7 annex C); what lies beyond is a mistake or an attack.
LARGEST_PAGE: Final = 14_400.0
#: A line is full if no more than so many letters would have fitted.
_FULL_WITHIN: Final = 1.9
_INDENT: Final = 1.2
_HEADING_RATIO: Final = 1.15
_LONGEST_HEADING: Final = 40
#: What the first heading below a title begins with; a title may be as wide as its page.
_FIRST_NUMBERS: Final = frozenset("一1１")
_WORD: Final = re.compile(r"[!-~]{1,60}")
_SENTENCE_END: Final = tuple("。！？；.!?;”』」")
_FULL_STOP: Final = tuple("。！？.!?”』」")


@dataclass(frozen=True, slots=True)
class LaidPage:
    """One page: its size, its glyphs in the order of the file, its horizontal and vertical rules, and whether it
    holds a picture (a page without text but with a picture is a scan)."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the layout gives: lines in reading order, the largest text of page one, whether letters were spaced."""

    lines: tuple[Line, ...]
    title: str
    letter_spaced: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """The body of a page: left and right edge, size of its letters, the usual step from line to line."""

    left: float
    right: float
    size: float
    step: float


def read_layout(pages: Sequence[LaidPage]) -> Reading:
    """Return the text of pages as lines for ``from_lines``: whole paragraphs, headings and tables."""
    laid: list[tuple[list[TextLine], list[Grid], list[Glyph]]] = []
    for page in pages:
        glyphs = [glyph for glyph in page.glyphs if _is_sane(glyph)]
        grids, rest = grids_of(glyphs, page.rules)
        laid.append((text_lines(rest), grids, rest))
    kept = without_furniture([lines for lines, _, _ in laid], [page.height for page in pages])
    regions = [
        region
        for lines, (every, grids, glyphs) in zip(kept, laid, strict=True)
        for region in regions_of(_without(glyphs, set(every).difference(lines)), lines, grids)
    ]
    items = [with_aligned(region) for region in regions]
    everything = [line for page in kept for line in page]
    spaced = sum(line.spaced for line in everything)
    size = _body_size(everything)
    texts = [[item for item in region if isinstance(item, TextLine)] for region in regions]
    lines = tuple(_assembled(items, _columns(texts, size), size))
    return Reading(lines, _largest(kept[0] if kept else [], size), spaced >= max(1, len(everything) // 20))


def _is_sane(glyph: Glyph) -> bool:
    edges = (glyph.x0, glyph.top, glyph.x1, glyph.bottom, glyph.size)
    return all(math.isfinite(edge) and abs(edge) <= LARGEST_PAGE for edge in edges)


def _without(glyphs: Sequence[Glyph], lines: Iterable[TextLine]) -> Sequence[Glyph]:
    """Return glyphs without those of some lines."""
    bands = [(line.top, line.bottom) for line in lines]
    if not bands:
        return glyphs
    return [g for g in glyphs if not any(top <= (g.top + g.bottom) / 2 <= bottom for top, bottom in bands)]


def _body_size(lines: Sequence[TextLine]) -> float:
    """Return the size most of the text is set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _columns(pages: Sequence[Sequence[TextLine]], size: float) -> list[_Column]:
    """Return the body column of each page or region; one with little text takes the edges of those in its place."""
    found: list[_Column | None] = []
    for lines in pages:
        body = [line for line in lines if abs(line.size - size) <= size * 0.1]
        if len(body) < 6:
            found.append(None)
            continue
        steps = [b.bottom - a.bottom for a, b in itertools.pairwise(body) if b.bottom > a.bottom]
        lefts = Counter(round(line.x0 / 2) for line in body)
        usual = [left * 2 for left, times in lefts.items() if times >= max(2, len(body) // 8)]
        left = min(usual, default=min(line.x0 for line in body))
        rights = sorted(line.x1 for line in body)
        found.append(_Column(left, rights[-1], size, median(steps) if steps else size * 1.5))
    known = [column for column in found if column is not None]
    return [column or _spare(lines, known, size) for column, lines in zip(found, pages, strict=True)]


def _spare(lines: Sequence[TextLine], known: Sequence[_Column], size: float) -> _Column:
    """Return the column of a region with few lines: the usual one of those it overlaps, else by its own edges."""
    left = min((line.x0 for line in lines), default=0.0)
    right = max((line.x1 for line in lines), default=0.0)
    beside = [c for c in known if left >= c.left - 2 * size and right <= c.right + 2 * size]
    if not beside:
        return _Column(left, right, size, size * 2)
    return _Column(
        median(c.left for c in beside), median(c.right for c in beside), size, median(c.step for c in beside)
    )


def _assembled(pages: Sequence[Sequence[TextLine | Grid]], columns: Sequence[_Column], size: float) -> Iterator[Line]:
    """Yield paragraphs, headings and tables, joined across lines and pages."""
    paragraph: list[TextLine] = []
    table: Grid | None = None
    last = columns[0] if columns else _Column(0, 0, size, size)
    indents = _has_indents(pages, columns)
    for items, column in zip(pages, columns, strict=True):
        for at, item in enumerate(items):
            if isinstance(item, Grid):
                yield from _finished(paragraph, size)
                paragraph = []
                joined = continued(table, item) if table is not None and at == 0 else None
                if joined is None and table is not None:
                    yield _table(table)
                table = joined or item
                continue
            if table is not None:
                yield _table(table)
                table = None
            if paragraph and not _goes_on(paragraph, item, (last, column), at == 0, indents):
                yield from _finished(paragraph, size)
                paragraph = []
            paragraph.append(item)
            last = column
    yield from _finished(paragraph, size)
    if table is not None:
        yield _table(table)


def _has_indents(pages: Sequence[Sequence[TextLine | Grid]], columns: Sequence[_Column]) -> bool:
    lines = [(item, c) for items, c in zip(pages, columns, strict=True) for item in items if isinstance(item, TextLine)]
    indented = sum(1 for line, column in lines if 1.5 <= (line.x0 - column.left) / column.size <= 2.6)
    return indented >= max(1, len(lines) // 12)


def _goes_on(
    paragraph: Sequence[TextLine], line: TextLine, columns: tuple[_Column, _Column], new_page: bool, indents: bool
) -> bool:
    """Whether a line goes on the paragraph: the line before is full, this one has no indent, size and step agree."""
    before, (above, here) = paragraph[-1], columns
    if abs(line.size - before.size) > 0.12 * max(line.size, before.size):
        return False
    if not new_page and line.bottom - before.bottom > 1.7 * max(here.step, line.size * 1.2):
        return False
    if line.size > here.size * _HEADING_RATIO:  # a title in two lines, centred; nothing to tell by its edges
        return not new_page and heading_line(line.text) is None and not before.text.endswith(_SENTENCE_END)
    ended = before.text.endswith(_SENTENCE_END if indents else _FULL_STOP)
    ended = ended or (line.text[:1] in _FIRST_NUMBERS and names_a_type("".join(part.text for part in paragraph)))
    if line.x0 > here.left + _INDENT * line.size or (heading_line(line.text) is not None and ended):
        return False
    if before.x1 >= above.right - max(_FULL_WITHIN * before.size, _first_word(line) + before.size):
        return indents or not ended
    # Ragged lines: where paragraphs are indented, what isn't indented goes on, if the line before broke off.
    long = before.x1 - above.left >= 0.75 * (above.right - above.left)
    return indents and long and not ended and heading_line(before.text) is None


def _first_word(line: TextLine) -> float:
    """Return the width of the word that starts a line, which is wrapped as a whole; letters are half a size wide."""
    word = _WORD.match(line.text)
    return 0.5 * line.size * len(word[0]) if word else 0.0


def _finished(paragraph: Sequence[TextLine], size: float) -> Iterator[Line]:
    """Yield a paragraph, set off by empty lines so that nothing else is joined to it."""
    if not paragraph:
        return
    text = joined_text([line.text for line in paragraph])
    large = paragraph[0].size > size * _HEADING_RATIO
    if large and len(text) <= _LONGEST_HEADING * 2 and not text.endswith("。") and fold(text):
        yield Heading(text, 1 if paragraph[0].size > size * 1.3 else 2)
    else:
        yield text
    yield ""


def joined_text(parts: Sequence[str]) -> str:
    """Return lines of one paragraph as one text: a blank between Latin words, none beside Han or in a broken figure."""
    text = ""
    for part in parts:
        apart = text and part and text[-1].isascii() and part[0].isascii() and text[-1].isalnum() and part[0].isalnum()
        apart = apart and not (text[-1].isdigit() and part[0].isdigit())
        text += (" " if apart else "") + part
    return text


def _table(grid: Grid) -> Table:
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row].append(Cell(cell.text, cell.columns, cell.rows))
    return table_of(rows)


def _largest(lines: Sequence[TextLine], size: float) -> str:
    """Return the largest text of page one, its lines joined; "" if nothing stands out."""
    largest = max((line.size for line in lines if any(map(is_han, line.text))), default=0.0)
    if largest < size * _HEADING_RATIO:
        return ""
    run: list[str] = []
    for line in lines:
        if line.size >= largest * 0.95:
            run.append(line.text)
        elif run:
            break
    return joined_text(run)
