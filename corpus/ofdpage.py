"""The content of one OFD page -> glyphs with boxes and rules, in points."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree

from corpus.layoutgrid import Rule
from corpus.layoutlines import Glyph
from corpus.ofdparts import local

#: Points in a millimetre, the unit of OFD.
POINTS: Final = 72 / 25.4
_MOST_GLYPHS: Final = 200_000
_THIN: Final = 1.0  # mm: a filled box no wider is a rule
#: Letters that stand solid are no further apart than this share of their size.
_SOLID: Final = 1.1
_STEPS: Final = re.compile(r"[MSLQBCA]|-?[\d.]+(?:[eE]-?\d+)?")
#: a b c d e f of GB/T 33190 8.5: x' = ax + cy + e, y' = bx + dy + f.
Matrix: TypeAlias = "tuple[float, float, float, float, float, float]"


def numbers(text: str | None) -> list[float]:
    """Return the numbers of an attribute; what isn't a finite number ends it."""
    found: list[float] = []
    for part in (text or "").split():
        try:
            value = float(part)
        except ValueError:
            break
        if not math.isfinite(value):
            break
        found.append(value)
    return found


def deltas(text: str | None, most: int) -> list[float]:
    """Return DeltaX or DeltaY as one step for each glyph; ``g n v`` stands for n times v."""
    found: list[float] = []
    parts = iter((text or "").split())
    try:
        for part in parts:
            times = 1
            if part == "g":
                times, part = int(next(parts)), next(parts)  # noqa: PLW2901
            found += [float(part)] * max(0, min(times, most - len(found)))
            if len(found) >= most:
                break
    except (ValueError, StopIteration):
        pass
    return found


def page_content(root: etree._Element, glyphs: list[Glyph], rules: list[Rule]) -> bool:
    """Add what a Content.xml prints to glyphs and rules; return whether it holds a picture."""
    pictured = False
    for item in root.iter():
        kind = local(item)
        if kind == "TextObject" and item.get("Visible") != "false":
            glyphs += _glyphs(item, _MOST_GLYPHS - len(glyphs))
        elif kind == "PathObject" and len(rules) < _MOST_GLYPHS:
            rules += _rules(item)
        pictured = pictured or kind == "ImageObject"
    return pictured


def _matrix(item: etree._Element) -> Matrix:
    """Return an object's matrix into the page, its Boundary's corner added."""
    corner = [*numbers(item.get("Boundary")), 0.0, 0.0][:2]
    own = numbers(item.get("CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return a, b, c, d, e + corner[0], f + corner[1]


def _placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * POINTS, (b * x + d * y + f) * POINTS


def _glyphs(item: etree._Element, most: int) -> Iterator[Glyph]:
    matrix = _matrix(item)
    size = (numbers(item.get("Size")) or [3.7])[0]
    scale = (numbers(item.get("HScale")) or [1.0])[0]
    tall = size * math.hypot(matrix[2], matrix[3]) * POINTS
    x = y = 0.0
    for code in item:
        if local(code) != "TextCode":
            continue
        text = (code.text or "").strip("\r\n\t")[: max(0, most)]
        most -= len(text)
        x, y = (numbers(code.get("X")) or [x])[0], (numbers(code.get("Y")) or [y])[0]
        right, down = deltas(code.get("DeltaX"), len(text)), deltas(code.get("DeltaY"), len(text))
        for place, char in enumerate(text):
            full = size * scale
            width = full * (0.5 if ord(char) < 0x2000 else 1.0)
            step = right[place] if place < len(right) else 0.0
            if width < step <= full * _SOLID and not text[place + 1 : place + 2].isspace():
                width = step  # a digit as wide as a Han character: nothing stands between it and the next
            (x0, base), (x1, _) = _placed(matrix, x, y), _placed(matrix, x + width, y)
            if not char.isspace():
                yield Glyph(char, min(x0, x1), base - 0.88 * tall, max(x0, x1), base + 0.12 * tall, tall)
            x += right[place] if place < len(right) else (0.0 if down else width)
            y += down[place] if place < len(down) else 0.0


def _rules(item: etree._Element) -> Iterator[Rule]:
    """Yield the straight lines of a path (M, L, C of AbbreviatedData); a thin filled box is one rule."""
    data = next((child.text or "" for child in item if local(child) == "AbbreviatedData"), "")
    matrix = _matrix(item)
    lines: list[tuple[float, float, float, float]] = []
    start = at = (0.0, 0.0)
    parts = iter(_STEPS.findall(data[:100_000]))
    try:
        for part in parts:
            if part in "MSL":
                to = float(next(parts)), float(next(parts))
                if part == "L":
                    lines.append((*at, *to))
                else:
                    start = to
                at = to
            elif part == "C":
                lines.append((*at, *start))
                at = start
            elif part in "QBA":
                return  # a curve is no part of a table
    except (StopIteration, ValueError):
        pass
    xs, ys = [x for line in lines for x in line[::2]], [y for line in lines for y in line[1::2]]
    if len(lines) >= 3 and min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
        tall = max(ys) - min(ys) > max(xs) - min(xs)
        x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        lines = [(x, min(ys), x, max(ys)) if tall else (min(xs), y, max(xs), y)]
    for x0, y0, x1, y1 in lines:
        (left, top), (right, bottom) = _placed(matrix, x0, y0), _placed(matrix, x1, y1)
        if abs(left - right) <= 1 or abs(top - bottom) <= 1:
            yield Rule(min(left, right), min(top, bottom), max(left, right), max(top, bottom))
