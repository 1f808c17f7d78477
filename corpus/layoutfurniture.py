"""Page furniture out: page numbers, running heads and feet. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from corpus.folding import fold
from corpus.layoutlines import TextLine

#: Furniture stands in the outer part of a page and among its outermost lines.
_ZONE: Final = 0.14
_OUTERMOST: Final = 3
#: Heads are set in letters this much smaller than the text.
_SMALL: Final = 0.92
#: Page numbers that are one by their form alone (folded): - 1 -, 第1页共9页, 1/9, Page 1 of 9.
_NUMBERED: Final = re.compile(
    r"""(?x)[-—–‐―·•~]{1,3}\s*\d{1,4}\s*[-—–‐―·•~]{1,3} | 第\s*\d{1,4}\s*页[\s,，/|]*(?:共?\s*\d{1,4}\s*页)?
      | 共\s*\d{1,4}\s*页[\s,，/|]*第\s*\d{1,4}\s*页 | \d{1,4}\s*/\s*\d{1,4} | page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"""
)
_BARE: Final = re.compile(r"\d{1,4}|[ivxl]{1,6}")
_DIGITS: Final = re.compile(r"\d+")


def without_furniture(pages: Sequence[Sequence[TextLine]], heights: Sequence[float]) -> list[list[TextLine]]:
    """Return the lines of each page without page numbers and what stands at the same height on most pages."""
    margins = [list(_margin(lines, height)) for lines, height in zip(pages, heights, strict=True)]
    filled = sum(1 for lines in pages if lines)
    running: Counter[tuple[str, int]] = Counter()
    bare: Counter[int] = Counter()
    for margin in margins:
        running.update({_place(line) for line in margin})
        bare.update({round(line.bottom / 6) for line in margin if _BARE.fullmatch(fold(line.text))})
    # Odd and even pages may have heads of their own, hence less than half.
    needed = max(2, round(filled * 0.4))
    kept: list[list[TextLine]] = []
    small = _small_heads(pages, heights)
    for lines, margin, height in zip(pages, margins, heights, strict=True):
        out = small | {
            line
            for line in margin
            if _near(running, _place(line)) >= needed or _is_number(line, lines, height, bare, needed)
        }
        kept.append([line for line in lines if line not in out])
    return kept


def _small_heads(pages: Sequence[Sequence[TextLine]], heights: Sequence[float]) -> set[TextLine]:
    """Return the first lines of pages if each stands at the same height in small letters: heads with words of their own.

    So the title of a chapter, or one head for odd and one for even pages.
    """
    filled = [(lines, height) for lines, height in zip(pages, heights, strict=True) if len(lines) > _OUTERMOST]
    if len(filled) < 2:
        return set()
    usual = median(line.size for lines, _ in filled for line in lines)
    heads = [lines[0] for lines, height in filled if lines[0].bottom <= height * _ZONE / 2]
    place = median(line.bottom for line in heads) if heads else 0.0
    found = {line for line in heads if line.size < usual * _SMALL and abs(line.bottom - place) <= line.size / 2}
    return found if len(found) == len(filled) else set()


def _margin(lines: Sequence[TextLine], height: float) -> Iterator[TextLine]:
    for line in lines[:_OUTERMOST]:
        if line.bottom <= height * _ZONE:
            yield line
    for line in lines[_OUTERMOST:][-_OUTERMOST:] if len(lines) > _OUTERMOST else lines:
        if line.top >= height * (1 - _ZONE):
            yield line


def _place(line: TextLine) -> tuple[str, int]:
    """Return what makes two lines the same furniture: text without figures, and height."""
    return _DIGITS.sub("#", fold(line.text)), round(line.bottom / 6)


def _near(running: Counter[tuple[str, int]], place: tuple[str, int]) -> int:
    text, height = place
    # "#" alone is a figure: whether it numbers the page is decided elsewhere.
    return 0 if text == "#" else sum(running[text, height + step] for step in (-1, 0, 1))


def _is_number(line: TextLine, lines: Sequence[TextLine], height: float, bare: Counter[int], needed: int) -> bool:
    text = fold(line.text)
    if _NUMBERED.fullmatch(text):
        return True
    if not _BARE.fullmatch(text):
        return False
    place = round(line.bottom / 6)
    if sum(bare[place + step] for step in (-1, 0, 1)) >= needed:
        return True
    others = [other for other in lines if other is not line]
    alone = all(abs(line.top - other.top) > 1.5 * line.size for other in others)
    return alone and not 0.08 * height < line.top < 0.9 * height
