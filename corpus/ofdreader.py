"""OFD -> Document: the pages of each document body as positioned glyphs, laid out by corpus/layout.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.layout import LaidPage, read_layout
from corpus.layoutgrid import Rule
from corpus.layoutlines import Glyph
from corpus.ofdpage import POINTS, numbers, page_content
from corpus.ofdparts import Parts, damaged, local, text_at
from corpus.textreader import from_lines

_MOST_PAGES: Final = 3_000
_A4: Final = (210.0, 297.0)


def read_ofd(body: bytes) -> Document:
    """Return the Document of an OFD file; raises UnreadableFile if it is damaged, or pictures only."""
    parts = Parts(body)
    root = parts.tree("ofd.xml")
    if root is None:
        raise damaged()
    pages = [page for item in root.iter() if local(item) == "DocRoot" for page in _pages(parts, item.text or "")]
    if not any(page.glyphs for page, _ in pages):
        raise _no_text() if pages else damaged()
    reading = read_layout([page for page, _ in pages])
    found = from_lines(reading.lines)
    offered = (("ofd:layout", reading.title), ("ofd:Title", text_at(root, "Title")))
    titles = (*found.titles, *((where, title) for where, title in offered if len(title) >= 4))
    doubts = ("letter_spaced",) * reading.letter_spaced
    doubts += ("scanned_pages",) * any(pictured and not page.glyphs for page, pictured in pages)
    return replace(found, titles=titles, doubts=found.doubts + doubts)


def _pages(parts: Parts, path: str) -> Iterator[tuple[LaidPage, bool]]:
    """Yield the pages of one document body and whether each holds a picture; a page that can't be read is left out."""
    key = parts.find(path, "")
    document = parts.tree(key)
    if document is None:
        return
    root = key.rpartition("/")[0]
    templates = {
        item.get("ID", ""): parts.find(item.get("BaseLoc", ""), key, root)
        for item in document.iter()
        if local(item) == "TemplatePage"
    }
    size = _size(document, _A4)
    listed = [item for item in document.iter() if local(item) == "Page" and item.get("BaseLoc")]
    for item in listed[:_MOST_PAGES]:
        page = parts.tree(parts.find(item.get("BaseLoc", ""), key, root))
        if page is not None:
            yield _page(parts, page, templates, size)


def _page(
    parts: Parts, page: etree._Element, templates: dict[str, str], size: tuple[float, float]
) -> tuple[LaidPage, bool]:
    """Return one page; what its template prints comes first, since it may rule the page's tables."""
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    used = [templates.get(item.get("TemplateID", ""), "") for item in page if local(item) == "Template"]
    for key in used[:5]:
        template = parts.tree(key)
        if template is not None:
            page_content(template, glyphs, rules)
    pictured = page_content(page, glyphs, rules)
    width, height = _size(page, size)
    return LaidPage(width * POINTS, height * POINTS, tuple(glyphs), tuple(rules)), pictured


def _size(element: etree._Element, otherwise: tuple[float, float]) -> tuple[float, float]:
    box = numbers(text_at(element, "PhysicalBox"))
    return (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else otherwise


def _no_text() -> UnreadableFile:
    return UnreadableFile(
        zh="OFD 只有图片或字形，没有文字（扫描件）；请先用文字识别（OCR）软件转成带文字层的 PDF 或 DOCX，再重新导入",
        en="the OFD holds pictures only, no text (a scan); make a PDF with a text layer or a DOCX of it by OCR",
    )
