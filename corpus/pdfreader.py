"""PDF -> Document: pypdf reads first, PDFium by layout where that does better, which is said."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import Final

import pypdfium2

from corpus.characters import clean_characters
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.folding import is_han
from corpus.layout import LaidPage, Reading, read_layout
from corpus.legibility import legibility
from corpus.pdfpage import laid_page
from corpus.pdfplain import SAMPLE, PlainReading, draws_too_much, layout_is_better, read_plain, text_of
from corpus.textreader import from_lines

MOST_PAGES: Final = 3_000
#: Characters of a whole file; the longest report known has 60,000.
MOST_GLYPHS: Final = 3_000_000
#: One stream of a PDF inflates to so much at the most; a page's content has some kilobytes, a whole CJK font 20 MB.
_LARGEST_STREAM: Final = 32_000_000
#: What is neither font, picture nor part of the file's own tables: a page's content, which PDFium makes objects of,
#: 150 bytes of memory for each of content.
_LARGEST_CONTENT: Final = 6_000_000
#: Glyphs of one page: a broadsheet in small print has 30,000.
_MOST_ON_PAGE: Final = 60_000
#: Smaller streams can't inflate beyond that (deflate reaches 1:1032).
_SUSPECT_STREAM: Final = 5_000
#: Below this share of plausible characters pypdf is asked as well.
_DOUBTFUL: Final = 0.9
_GARBLED: Final = 0.6
#: So little of it, and there is nothing to search for.
_UNKNOWN: Final = 0.2
#: Glyphs on a page that count as a text layer; stamps and page numbers alone are none.
_FEWEST_GLYPHS: Final = 12
#: Titles that programs write by themselves.
_NO_TITLE: Final = re.compile(
    r"(?i)(?:microsoft\s*(?:word|powerpoint|excel).*|.*\.(?:docx?|wps|pptx?|xlsx?|pdf|indd|cdr|et)|untitled.*|无标题.*"
    r"|文档\s*\d*|(?:幻灯片|演示文稿|新建).*|(?:slide|document|doc|word)\s*\d*|[\W\d_]*|.{0,3})"
)
#: Deflate upon deflate has no use but to inflate a million times.
_TWICE: Final = re.compile(rb"/(?:FlateDecode|Fl)\s*/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)\b")
_STREAM: Final = re.compile(rb"stream\r?\n")


def read_pdf(body: bytes) -> Document:
    """Return the Document of a PDF with a text layer. Raises UnreadableFile (scanned, encrypted, broken, too large)."""
    if b"%PDF-" not in body[:1024]:
        raise _broken()
    if _inflates_too_far(body) or draws_too_much(body):
        raise _too_large()
    plain = read_plain(body, SAMPLE)
    try:
        pages, stated = _pages(body)
        if not any(page.glyphs for page in pages):
            raise _scanned()
    except UnreadableFile as error:
        return _without_layout(body, plain, error)
    reading = read_layout(pages)
    document, read_by = _better(body, plain, from_lines(reading.lines), pages)
    return _described(document, read_by, pages, reading, stated)


def _better(body: bytes, plain: PlainReading, layout: Document, pages: list[LaidPage]) -> tuple[Document, str]:
    """Return the better reading and whose it is. Of a long file pypdf reads the rest only if it may be the better one."""
    compared = "".join(glyph.text for page in pages[: plain.pages] for glyph in page.glyphs)
    better = layout_is_better(layout, compared, plain)
    if not plain.whole and plain.pages and (not better or legibility(text_of(layout)) < _DOUBTFUL):
        plain = read_plain(body)
        compared = "".join(glyph.text for page in pages for glyph in page.glyphs)
        better = layout_is_better(layout, compared, plain)
    return (layout, "pdfium") if better or not plain.whole else (plain.document, "pypdf")


def _described(document: Document, read_by: str, pages: list[LaidPage], reading: Reading, stated: str) -> Document:
    """Return the document of a readable file with its titles, size and doubts."""
    score = legibility(text_of(document))
    if score < _UNKNOWN:
        raise _no_characters()
    doubts = []
    short = [page for page in pages if len(page.glyphs) < _FEWEST_GLYPHS]
    if short and any(page.pictured for page in short):
        doubts.append("scanned_pages")
    if reading.letter_spaced:
        doubts.append("letter_spaced")
    if score < _GARBLED:
        doubts.append("mojibake")
    largest = reading.title
    titles = [("pdf:largest", largest)] if 4 <= len(largest) <= 120 and legibility(largest) > _DOUBTFUL else []
    if _is_title(stated):
        titles.append(("pdf:Title", stated))
    return Document(
        blocks=document.blocks,
        titles=(*titles, *document.titles),
        datelines=document.datelines,
        raw_size=sum(len(page.glyphs) for page in pages),
        doubts=tuple(doubts),
        read_by=read_by,
    )


def _without_layout(body: bytes, plain: PlainReading, error: UnreadableFile) -> Document:
    """Return what pypdf reads of a file that PDFium can't open or finds nothing in. Raises the error if that is nothing."""
    if sum(map(is_han, plain.text)) < _FEWEST_GLYPHS or legibility(plain.text) < _DOUBTFUL:
        raise error
    whole = plain if plain.whole else read_plain(body)
    doubts = () if whole.whole else ("truncated",)
    return replace(whole.document, raw_size=len("".join(whole.text.split())), doubts=doubts, read_by="pypdf")


def _pages(body: bytes) -> tuple[list[LaidPage], str]:
    """Return the pages as PDFium lays them out, and the title that the metadata state."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise (_encrypted() if "assword" in str(error) else _broken()) from error
    try:
        if len(document) > MOST_PAGES:
            raise _too_large()
        pages: list[LaidPage] = []
        left = MOST_GLYPHS
        for number in range(len(document)):
            page = _page(document, number, left)
            left -= len(page.glyphs)
            pages.append(page)
        if not pages:
            raise _broken()
        return pages, " ".join(clean_characters(str(document.get_metadata_value("Title") or "")).split())
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int, most: int) -> LaidPage:
    """Return one page; an empty one for a page that PDFium can't read, the others may be whole."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return LaidPage(595.0, 842.0, ())
    try:
        found = laid_page(page, min(most, _MOST_ON_PAGE))
    except pypdfium2.PdfiumError:
        return LaidPage(595.0, 842.0, ())
    finally:
        page.close()
    if found is None:
        raise _too_large()
    return found


def _is_title(text: str) -> bool:
    return (
        not _NO_TITLE.fullmatch(text) and len(text) <= 120 and any(map(is_han, text)) and legibility(text) > _DOUBTFUL
    )


def _inflates_too_far(body: bytes) -> bool:
    """Whether a compressed stream, pictures aside, inflates beyond any page's content: PDFium would go to 1 GB."""
    for start in _STREAM.finditer(body):
        stated = body[max(0, start.start() - 600) : start.start()].rpartition(b"obj")[2]
        if _TWICE.search(stated):
            return True
        if b"/Image" in stated:
            continue
        end = body.find(b"endstream", start.end())
        end = len(body) if end < 0 else end
        special = any(mark in stated for mark in (b"/Length1", b"/Subtype", b"/Type"))
        most = _LARGEST_STREAM if special else _LARGEST_CONTENT
        if end - start.end() >= _SUSPECT_STREAM and _inflated(memoryview(body)[start.end() : end], most) > most:
            return True
    return False


def _inflated(data: memoryview, most: int) -> int:
    """Return how many bytes a zlib stream inflates to, counting a little beyond the limit at the most."""
    inflater = zlib.decompressobj()
    made = 0
    rest: bytes | memoryview = data
    try:
        while len(rest) and made <= most and not inflater.eof:
            made += len(inflater.decompress(rest, 4_000_000))
            rest = inflater.unconsumed_tail
    except zlib.error:
        return made
    return made


def _broken() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 文件已损坏或不完整；请重新下载，或用阅读器打开后另存为 PDF",
        en="the PDF is damaged or incomplete; download it again, or open it in a viewer and save it anew",
    )


def _encrypted() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 已加密，需要口令；请打开后另存为不加密的 PDF",
        en="the PDF is encrypted and needs a password; open it and save it without encryption",
    )


def _scanned() -> UnreadableFile:
    return UnreadableFile(
        zh="扫描件没有文字层，请先 OCR（文字识别）后另存为带文字层的 PDF 或文本",
        en="a scan without a text layer; run OCR on it and save it as PDF with text, or as text",
    )


def _no_characters() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 的字体没有注明文字（缺 ToUnicode），复制出来也是乱码；请取得原文件，或先 OCR（文字识别）后另存",
        en="the PDF's fonts don't say which characters they show (no ToUnicode); get the original file, or run OCR on it",
    )


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        zh="PDF 过大（页数、文字或压缩内容超出上限）；请拆分后重新导入",
        en="the PDF is too large (pages, text or compressed content); split it and load the parts",
    )
