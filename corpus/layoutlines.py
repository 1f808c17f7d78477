"""Glyphs -> lines of text: clustered by baseline, in order of x, blanks only where they mean something. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.cleaning import joined_digits
from corpus.folding import is_han

#: Letters that are set apart stand in equal steps, digits too, though these are half as wide.
_SAME_PITCH: Final = 1.1
#: A gap of this share of the letter's size between two Latin glyphs is a blank, even where no blank is printed.
_BLANK_GAP: Final = 0.22
#: A gap of so many letters may divide two columns.
_CELL_GAP: Final = 1.4
#: Glyphs are on one line if their middles are within this share of a letter's height.
_SAME_LINE: Final = 0.5
#: The same glyph printed twice nearly on the spot is a poor man's bold.
_OVERPRINT: Final = 0.15
#: Below this code point (CJK radicals) a blank parts words; above, it is only layout.
_LATIN_END: Final = 0x2000


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character (or ligature) with its box and the size of its letters."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text with its box; ``spaced`` if blanks between its letters were taken out.

    ``cells``: (left edge, right edge, text) of its parts where wide gaps divide it, else empty.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    spaced: bool = False
    cells: tuple[tuple[float, float, str], ...] = ()


def text_lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Return the lines of text, from top to bottom."""
    rows = _clustered(sorted(glyphs, key=lambda glyph: (glyph.top + glyph.bottom, glyph.x0)))
    return [line for row in rows if (line := _line(row)) is not None]


def _clustered(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return glyphs grouped into lines; the middle of a line is that of its first tall glyph."""
    rows: list[list[Glyph]] = []
    middle = reach = 0.0
    for glyph in glyphs:
        own = (glyph.top + glyph.bottom) / 2
        if rows and own - middle <= _SAME_LINE * max(min(reach, glyph.size), 1.0):
            rows[-1].append(glyph)
            if glyph.size > reach:
                middle, reach = own, glyph.size
        else:
            rows.append([glyph])
            middle, reach = own, glyph.size
    return rows


def _line(row: list[Glyph]) -> TextLine | None:
    row.sort(key=lambda glyph: glyph.x0)
    solid = [glyph for glyph in row if glyph.text.strip()]
    if not solid:
        return None
    size = max(sorted(glyph.size for glyph in solid)[len(solid) // 2], 1.0)
    text, spaced = _text(row, size)
    if not text:
        return None
    top, bottom = min(glyph.top for glyph in solid), max(glyph.bottom for glyph in solid)
    cells = _cells(row, solid, size)
    return TextLine(text, solid[0].x0, top, max(glyph.x1 for glyph in solid), bottom, size, spaced, cells)


def _cells(row: Sequence[Glyph], solid: Sequence[Glyph], size: float) -> tuple[tuple[float, float, str], ...]:
    """Return the parts of a line between gaps that are wide, and much wider than those between its letters."""
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(solid)]
    wide = [gap for gap in gaps if gap > _CELL_GAP * size]
    if not wide or (len(wide) * 2 > len(gaps) + 1 and len(solid) > 2 * len(wide) + 2):
        return ()
    parts: list[list[Glyph]] = [[]]
    last: Glyph | None = None
    for glyph in row:
        if glyph.text.strip():
            if last is not None and glyph.x0 - last.x1 > _CELL_GAP * size:
                parts.append([])
            last = glyph
        parts[-1].append(glyph)
    cells = []
    for part in parts:
        printed = [glyph for glyph in part if glyph.text.strip()]
        cells.append((printed[0].x0, max(glyph.x1 for glyph in printed), _text(part, size)[0]))
    return tuple(cells)


def _text(row: Sequence[Glyph], size: float) -> tuple[str, bool]:
    """Return a line's text and whether it was letter-spaced."""
    parts: list[str] = []
    blank = False
    removed = 0
    last: Glyph | None = None
    apart = _letters_apart(row)
    for glyph in row:
        if not glyph.text.strip():
            blank = blank or last is not None
            continue
        if last is not None:
            if apart > _BLANK_GAP / 2 * size:
                # Wherever letters are set apart, the file may say that blanks stand between them.
                wide = glyph.x0 - last.x1 - apart > _BLANK_GAP * size
                removed += blank and not wide
                blank = wide
            if glyph.text == last.text and abs(glyph.x0 - last.x0) < _OVERPRINT * size:
                continue
            gap = blank or glyph.x0 - last.x1 - apart > _BLANK_GAP * size
            if apart > _BLANK_GAP * size and glyph.x0 - last.x0 < (apart + size) * _SAME_PITCH:
                gap = False  # a narrow digit in the step of the letters around it
            if gap and _is_latin(last.text[-1]) and _is_latin(glyph.text[0]):
                parts.append(" ")
            elif blank:
                removed += 1
        parts.append(glyph.text)
        last, blank = glyph, False
    text = "".join(parts).strip()
    letters = [part for part in text.split(" ") if part]
    # A row of one-digit figures is no spaced word.
    if len(letters) >= 6 and all(len(letter) == 1 for letter in letters) and not text.replace(" ", "").isdigit():
        return "".join(letters), True
    spaced = removed >= 4 and removed * 2 >= len(text.replace(" ", "")) - 1
    return joined_digits(text, spaced), spaced


def _letters_apart(row: Sequence[Glyph]) -> float:
    """Return how far apart the letters of a line are set: the usual gap between its Han characters, in points."""
    solid = [glyph for glyph in row if glyph.text.strip()]
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(solid) if is_han(a.text[-1]) and is_han(b.text[0])]
    return max(0.0, sorted(gaps)[len(gaps) // 2]) if len(gaps) > 2 else 0.0


def _is_latin(char: str) -> bool:
    return ord(char) < _LATIN_END
