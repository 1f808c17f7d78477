"""PDF -> Document: PDFium's positions for paragraphs and tables, pypdf's text where PDFium's reads worse."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from typing import Final, TypeAlias

import pypdfium2
import pypdfium2.raw as pdfium
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from corpus.cleaning import clean_characters
from corpus.document import Document, Line
from corpus.errors import UnreadableFile
from corpus.folding import fold
from corpus.layout import Glyph, PageLayout, largest_text, lines_of
from corpus.layouttables import Rule
from corpus.textreader import from_lines

_Place: TypeAlias = "Callable[[float, float], tuple[float, float]]"
_MOST_PAGES: Final = 3_000
_MOST_CHARACTERS: Final = 200_000
_MOST_SEGMENTS: Final = 20_000
#: Fewer characters on a page mean that it has no text layer worth the name.
_FEW: Final = 8
_BAD = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
#: Radicals that fonts give for the characters they look like (domain: PDF from Word and WPS).
_RADICALS = re.compile("[\u2e80-\u2fdf]")
_NO_TITLE = re.compile(r"(?:microsoft word|untitled|无标题|文档\s*\d*|新建|\.docx?$|\.wps$|^\S{0,3}$)", re.IGNORECASE)


def read_pdf(body: bytes) -> Document:
    """Return the Document of a PDF with a text layer. Raises UnreadableFile."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise _locked() if "assword" in str(error) else _damaged() from error
    with closing(document):
        if len(document) > _MOST_PAGES:
            raise _too_long()
        pages, torn = _pages(document)
        title = str(document.get_metadata_dict().get("Title") or "").strip()
    sizes = [len(page.glyphs) for page in pages]
    if torn and sum(sizes) < _FEW:
        raise _damaged()
    if sum(sizes) < _FEW:
        raise _scanned()
    text = "".join(glyph.text for page in pages for glyph in page.glyphs)
    lines: list[Line] = lines_of(pages)
    largest = largest_text(pages)
    if _bad(text) > 0.02:
        plain = _by_pypdf(body)
        if _bad(plain) < _bad(text) / 2 and len(plain) > len(text) / 2:
            text, lines, largest = plain, [*plain.split("\n")], ""
        elif _bad(text) > 0.3:
            raise _garbled()
    found = from_lines(lines)
    titles = tuple(_titles(largest, title, found.titles))
    doubts = {
        "truncated": torn,
        "scanned_pages": any(size < _FEW for size in sizes[:-1]),
        "private_use": _bad(text) > 0.002,
    }
    return Document(
        blocks=found.blocks,
        titles=titles,
        datelines=found.datelines,
        raw_size=len(text),
        doubts=tuple(code for code, doubtful in doubts.items() if doubtful),
    )


def _pages(document: pypdfium2.PdfDocument) -> tuple[list[PageLayout], bool]:
    """Return what stands on the pages that can be read, and whether there are others."""
    pages: list[PageLayout] = []
    torn = False
    for number in range(len(document)):
        try:
            pages.append(_page(document[number]))
        except pypdfium2.PdfiumError:
            torn = True
    return pages, torn


def _titles(largest: str, stated: str, offered: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    if 4 <= len(fold(largest)) <= 80:
        yield "pdf:largest", largest
    yield from offered
    if stated and not _NO_TITLE.search(stated):
        yield "pdf:Title", stated


def _page(page: pypdfium2.PdfPage) -> PageLayout:
    with closing(page):
        left, bottom, right, top = page.get_bbox()
        turned = page.get_rotation()
        width, height = right - left, top - bottom

        def place(x: float, y: float) -> tuple[float, float]:
            """Return a point from the top left of the page as it is seen."""
            across, down = x - left, top - y
            if turned == 90:
                return height - down, across
            if turned == 180:
                return width - across, height - down
            return (down, width - across) if turned == 270 else (across, down)

        with closing(page.get_textpage()) as text:
            glyphs = tuple(_glyphs(text, place))
        rules = tuple(_rules(page, place))
    return PageLayout(*((height, width) if turned in (90, 270) else (width, height)), glyphs, rules)


def _glyphs(text: pypdfium2.PdfTextPage, place: _Place) -> Iterator[Glyph]:
    box = pdfium.FS_RECTF()
    high = 0
    for index in range(min(text.count_chars(), _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        char = chr(code) if code < 0x110000 else "\ufffd"
        if char.isspace() or not clean_characters(char):
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            continue
        (xa, ya), (xb, yb) = place(box.left, box.top), place(box.right, box.bottom)
        size = pdfium.FPDFText_GetFontSize(text, index)
        x0, x1, y0, y1 = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        # The size that a font is asked for may be scaled afterwards: the box is what is seen.
        seen = y1 - y0 if not 0.5 < (y1 - y0) / max(size, 0.1) < 2.0 else size
        yield Glyph(_RADICALS.sub(lambda found: fold(found[0]), char), x0, y0, x1, y1, max(seen, 1.0))


def _rules(page: pypdfium2.PdfPage, place: _Place) -> Iterator[Rule]:
    """Yield the straight lines of a page's paths, across or down."""
    left = _MOST_SEGMENTS
    x, y = ctypes.c_float(), ctypes.c_float()
    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        a, b, c, d, e, f = shape.get_matrix().get()
        before: tuple[float, float] | None = None
        start: tuple[float, float] | None = None
        for number in range(min(pdfium.FPDFPath_CountSegments(shape), left)):
            left -= 1
            segment = pdfium.FPDFPath_GetPathSegment(shape, number)
            if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                continue
            point = place(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO and before is not None:
                yield from _straight(before, point)
            before = point
            if pdfium.FPDFPathSegment_GetClose(segment) and start is not None:
                yield from _straight(point, start)
        if left <= 0:
            return


def _straight(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Rule]:
    x0, x1 = sorted((start[0], end[0]))
    y0, y1 = sorted((start[1], end[1]))
    if min(x1 - x0, y1 - y0) < 1.0 and max(x1 - x0, y1 - y0) > 4.0:
        yield Rule(x0, y0, x1, y1)


def _by_pypdf(body: bytes) -> str:
    """Return the text as pypdf reads it; "" if it can't."""
    try:
        pages = PdfReader(BytesIO(body)).pages
        return clean_characters("\n\n".join(page.extract_text() for page in pages))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return ""  # a second opinion only


def _bad(text: str) -> float:
    """Return the share of characters that mean nothing."""
    return len(_BAD.findall(text)) / len(text) if text else 1.0


def _locked() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 设有打开密码；请去掉密码后另存再导入",
        en="the PDF has a password; save it without one and load it again",
    )


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 已损坏，无法打开；请重新下载或另存",
        en="the PDF is damaged and can't be opened; get it again or save it anew",
    )


def _too_long() -> UnreadableFile:
    return UnreadableFile(
        zh=f"PDF 超过 {_MOST_PAGES} 页；请拆分后导入", en=f"the PDF has more than {_MOST_PAGES} pages; split it"
    )


def _scanned() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 没有文字层（扫描件）；请先用 OCR 软件识别成可搜索的 PDF 或 DOCX，再导入",
        en="the PDF has no text layer (a scan); make it searchable with OCR software, or a DOCX, and load that",
    )


def _garbled() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 的文字层没有可用的编码，读出来是乱码；请用 OCR 软件识别，或向发布者索取 DOCX",
        en="the PDF's text layer has no usable encoding; use OCR software, or ask its publisher for a DOCX",
    )
