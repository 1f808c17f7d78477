"""One page of PDFium -> a LaidPage: glyphs with boxes turned upright, ruled lines, pictures."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.layout import LARGEST_PAGE, LaidPage
from corpus.layoutgrid import MOST_RULES, Rule
from corpus.layoutlines import Glyph
from corpus.legibility import plain_radicals

#: Objects and segments of one page that are looked at for rules; a ruled page has some hundreds.
_MOST_OBJECTS: Final = 30_000
_THIN: Final = 3.0
_DEEPEST_FORM: Final = 6
_QUARTER: Final = math.pi / 2
_CONTROL_END: Final = 0x20
_HIDDEN: Final = frozenset({0xFFFE, 0xFFFF, 0x2, 0xAD})

_Box = tuple[float, float, float, float]


def laid_page(page: pypdfium2.PdfPage, most: int) -> LaidPage | None:
    """Return the page with its main direction of writing turned to left-to-right; None if it has over ``most`` glyphs."""
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > most:
            return None
        raw = list(_characters(text.raw, count))
    finally:
        text.close()
    left, bottom, right, top = page.get_bbox()
    frame = (left, bottom, min(right, left + LARGEST_PAGE), min(top, bottom + LARGEST_PAGE))
    turns = Counter(quarter for _, _, _, quarter in raw if quarter is not None).most_common(1)
    turn = turns[0][0] if turns else 0
    upright = [(char, box, size) for char, box, size, quarter in raw if quarter == turn]
    if turn == 0 and _is_vertical(upright):
        turn = 1
    glyphs = tuple(Glyph(char, *_turned(box, frame, turn), size) for char, box, size in upright)
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    boxes, pictured = _drawn(page)
    rules = tuple(Rule(*_turned(box, frame, turn)) for box in boxes)
    return LaidPage(*((height, width) if turn % 2 else (width, height)), glyphs, rules, pictured)


def _characters(text: object, count: int) -> Iterator[tuple[str, _Box, float, int | None]]:
    """Yield each character with its box, size and quarter turns; slanted ones (watermarks) have none."""
    box = pdfium.FS_RECTF()
    place = ctypes.byref(box)
    pending = 0
    for at in range(count):
        code = pdfium.FPDFText_GetUnicode(text, at)
        if 0xD800 <= code < 0xDC00:  # PDFium gives UTF-16 on some systems
            pending = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((pending - 0xD800) << 10) + (code - 0xDC00) if pending else 0xFFFD
        pending = 0
        if pdfium.FPDFText_HasUnicodeMapError(text, at) == 1:
            code = 0xFFFD  # the font doesn't say which character it is; PDFium gives the number of its glyph
        if code < _CONTROL_END or code in _HIDDEN or pdfium.FPDFText_IsGenerated(text, at) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, at, place):
            continue
        quarter = _quarter(pdfium.FPDFText_GetCharAngle(text, at))
        edges = (box.left, box.bottom, box.right, box.top)
        size = abs(edges[2] - edges[0]) if quarter in {1, 3} else abs(edges[3] - edges[1])
        yield plain_radicals(chr(code)), edges, _size(text, at, size), quarter


def _size(text: object, at: int, height: float) -> float:
    """Return the size of a character's letters as printed: the stated one, scaled as the text is."""
    matrix = pdfium.FS_MATRIX()
    stated = pdfium.FPDFText_GetFontSize(text, at)
    if not pdfium.FPDFText_GetMatrix(text, at, ctypes.byref(matrix)):
        return height
    scaled = stated * math.hypot(matrix.c, matrix.d)
    return float(scaled) if 0.5 <= scaled <= 1_000 else max(height, 1.0)


def _quarter(angle: float) -> int | None:
    if not math.isfinite(angle) or angle < 0:
        return 0
    turns = round(angle / _QUARTER)
    return turns % 4 if abs(angle - turns * _QUARTER) < 0.1 else None


def _is_vertical(glyphs: list[tuple[str, _Box, float]]) -> bool:
    """Whether most letters stand below the one before: columns written from top to bottom."""
    steps = [(b[1][0] - a[1][0], b[1][1] - a[1][1], a[2]) for a, b in itertools.pairwise(glyphs)]
    below = sum(1 for dx, dy, size in steps if abs(dx) < 0.3 * size and -2.5 * size < dy < -0.5 * size)
    return len(steps) >= 20 and below > len(steps) * 0.7


def _turned(box: _Box, frame: _Box, turn: int) -> _Box:
    """Return a box of page space (y upwards) as (x0, top, x1, bottom) with y downwards, turned by quarters."""
    left, bottom, right, top = box
    x0, x1 = left - frame[0], right - frame[0]
    y0, y1 = frame[3] - top, frame[3] - bottom
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if turn == 1:
        return y0, width - x1, y1, width - x0
    if turn == 2:
        return width - x1, height - y1, width - x0, height - y0
    if turn == 3:
        return height - y1, x0, height - y0, x1
    return x0, y0, x1, y1


def _drawn(page: pypdfium2.PdfPage) -> tuple[list[_Box], bool]:
    """Return thin boxes of what is ruled on the page, in page space, and whether there is a picture."""
    boxes: list[_Box] = []
    pictured = False
    wanted = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE]
    for number, drawn in enumerate(page.get_objects(filter=wanted, max_depth=_DEEPEST_FORM)):
        if number >= _MOST_OBJECTS or len(boxes) > MOST_RULES:
            break
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictured = True
            continue
        matrix = drawn.get_matrix()
        form = drawn.container
        while form is not None:
            matrix = matrix.multiply(form.get_matrix())
            form = form.container
        boxes.extend(_ruled(drawn.raw, matrix))
    return boxes, pictured


def _ruled(path: object, matrix: pypdfium2.PdfMatrix) -> Iterator[_Box]:
    """Yield the rules of a path: its straight strokes, or itself where it is a thin filled box."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(filled), ctypes.byref(stroked)):
        return
    if not stroked.value and not filled.value:
        return
    points: list[tuple[float, float]] = []
    start = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            return
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield from _shape(points, bool(stroked.value))
            points, start = [point], point
        else:
            points.append(point)
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(start)
    yield from _shape(points, bool(stroked.value))


def _shape(points: list[tuple[float, float]], stroked: bool) -> Iterator[_Box]:
    if len(points) < 2:
        return
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    whole = (min(xs), min(ys), max(xs), max(ys))
    if whole[2] - whole[0] <= _THIN or whole[3] - whole[1] <= _THIN:
        yield whole
    elif stroked:
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            if abs(ax - bx) <= _THIN or abs(ay - by) <= _THIN:
                yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
