"""One page of OFD -> glyphs and rules. Positions after GB/T 33190-2016, 11.3 (TextCode) and 9.1 (PathObject). Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from corpus.cleaning import clean_characters
from corpus.layoutgrid import MOST_RULES, Rule
from corpus.layoutlines import Glyph
from corpus.legibility import plain_radicals

#: OFD measures in millimetres.
POINTS: Final = 72 / 25.4
MOST_GLYPHS: Final = 3_000_000
_THIN: Final = 1.0
_TIGHT: Final = 1.3
_LONGEST_RUN: Final = 100_000
_WIDE_FROM: Final = 0x2E80
_DRAWN: Final = frozenset({"TextObject", "PathObject", "ImageObject"})

_Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page or template draws."""

    glyphs: tuple[Glyph, ...] = ()
    rules: tuple[Rule, ...] = ()
    pictured: bool = False


def drawn_on(root: etree._Element, most: int) -> Drawn:
    """Return the glyphs (``most`` at the most) and rules below an element, in points from the page's corner."""
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    pictured = False
    for element in root.iter(*(f"{{*}}{name}" for name in sorted(_DRAWN))):
        name = etree.QName(element).localname
        if name == "ImageObject":
            pictured = True
        elif name == "TextObject" and element.get("Visible", "true") != "false":
            for glyph in _glyphs(element):
                if len(glyphs) >= most:
                    return Drawn(tuple(glyphs), tuple(rules), pictured)
                glyphs.append(glyph)
        elif name == "PathObject" and len(rules) <= MOST_RULES:
            rules.extend(_rules(element))
    return Drawn(tuple(glyphs), tuple(rules), pictured)


def numbers(text: str | None) -> tuple[float, ...]:
    """Return the numbers of a list with blanks or commas between; () if anything else stands there."""
    try:
        found = tuple(float(part) for part in (text or "").replace(",", " ").split())
    except ValueError:
        return ()
    return found if all(map(math.isfinite, found)) else ()


def _glyphs(element: etree._Element) -> Iterator[Glyph]:
    boundary = numbers(element.get("Boundary"))
    matrix = _matrix(element)
    size = next(iter(numbers(element.get("Size"))), 0.0)
    if len(boundary) < 2 or not 0 < size < 2_000:
        return
    stretch = next(iter(numbers(element.get("HScale"))), 1.0)
    printed = size * math.hypot(matrix[2], matrix[3])
    x = y = 0.0
    for code in element.iter("{*}TextCode"):
        text = clean_characters(code.text or "")
        # X and Y may be left out from the second TextCode on: they are those of the one before.
        x, y = next(iter(numbers(code.get("X"))), x), next(iter(numbers(code.get("Y"))), y)
        steps_x = _deltas(code.get("DeltaX"), len(text))
        steps_y = _deltas(code.get("DeltaY"), len(text))
        px, py = x, y
        for at, char in enumerate(text):
            if at:
                px += steps_x[at - 1] if at <= len(steps_x) else (0.0 if steps_y else _advance(text[at - 1], size))
                py += steps_y[at - 1] if at <= len(steps_y) else 0.0
            # A writer that gives fewer glyph positions than characters leaves the rest to the font's advance.
            wide = _advance(char, size) * stretch
            if at < len(steps_x) and wide < steps_x[at] <= _TIGHT * size:
                wide = steps_x[at]  # one run of text: letters set a little apart have no blank between them
            corner, far = _put(matrix, px, py - size * 0.85), _put(matrix, px + wide, py + size * 0.15)
            edges = [(boundary[0] + p[0], boundary[1] + p[1]) for p in (corner, far)]
            (ax, ay), (bx, by) = edges
            yield Glyph(
                plain_radicals(char), min(ax, bx) * POINTS, min(ay, by) * POINTS, max(ax, bx) * POINTS,
                max(ay, by) * POINTS, printed * POINTS,
            )  # fmt: skip


def _advance(char: str, size: float) -> float:
    return size if ord(char) >= _WIDE_FROM else size / 2


def _deltas(text: str | None, most: int) -> list[float]:
    """Return the steps of a DeltaX or DeltaY: numbers, of which ``g n v`` stands for n times v."""
    found: list[float] = []
    parts = (text or "").split()
    at = 0
    while at < len(parts) and len(found) < min(most, _LONGEST_RUN):
        run = parts[at : at + 3]
        if run[0].lower() == "g" and len(run) == 3:
            count, value = numbers(run[1]), numbers(run[2])
            if not count or not value:
                break
            found.extend([value[0]] * max(0, min(int(min(count[0], _LONGEST_RUN)), most)))
            at += 3
            continue
        value = numbers(run[0])
        if not value:
            break
        found.append(value[0])
        at += 1
    return found


def _rules(element: etree._Element) -> Iterator[Rule]:
    boundary = numbers(element.get("Boundary"))
    data = next(iter(element.iter("{*}AbbreviatedData")), None)
    if len(boundary) < 4 or data is None:
        return
    matrix = _matrix(element)
    stroked = element.get("Stroke", "true") != "false"
    for points in _subpaths(data.text or ""):
        placed = [(boundary[0] + x, boundary[1] + y) for x, y in (_put(matrix, *point) for point in points)]
        xs, ys = [p[0] for p in placed], [p[1] for p in placed]
        if max(xs) - min(xs) <= _THIN or max(ys) - min(ys) <= _THIN:
            yield Rule(min(xs) * POINTS, min(ys) * POINTS, max(xs) * POINTS, max(ys) * POINTS)
        elif stroked:
            for (ax, ay), (bx, by) in zip(placed, placed[1:], strict=False):
                if abs(ax - bx) <= _THIN or abs(ay - by) <= _THIN:
                    yield Rule(ax * POINTS, ay * POINTS, bx * POINTS, by * POINTS)


def _subpaths(text: str) -> Iterator[list[tuple[float, float]]]:
    """Yield the points of each subpath of M, L and C commands; one with curves isn't a rule."""
    points: list[tuple[float, float]] = []
    parts = text.split()[:_LONGEST_RUN]
    at = 0
    straight = True
    while at < len(parts):
        command = parts[at]
        if command in {"S", "M", "L"}:
            point = numbers(" ".join(parts[at + 1 : at + 3]))
            if len(point) != 2:
                break
            if command != "L":
                if len(points) > 1 and straight:
                    yield points
                points, straight = [], True
            points.append((point[0], point[1]))
            at += 3
        elif command == "C":
            if points:
                points.append(points[0])
            at += 1
        else:
            straight = False
            at += 1
    if len(points) > 1 and straight:
        yield points


def _matrix(element: etree._Element) -> _Matrix:
    found = numbers(element.get("CTM"))
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else _PLAIN


def _put(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
