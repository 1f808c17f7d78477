"""PDF -> Document as pypdf reads it: the text in the order of the file, no positions; and whether the layout does better."""

from __future__ import annotations

import io
import logging
import zlib
from dataclasses import dataclass
from typing import Final

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from corpus.characters import clean_characters
from corpus.document import Document
from corpus.folding import is_han
from corpus.legibility import legibility, plain_radicals
from corpus.numbering import heading_line
from corpus.pdfcontent import content_size
from corpus.textreader import from_lines

#: Pages that are read to compare; a report has five to fifteen, and pypdf takes up to 90 ms for each.
SAMPLE: Final = 10
#: Operators of a file that are followed: a printed page has 1,500 to 4,000, and 100,000 take 2 s.
_MOST_OPERATORS: Final = 300_000
#: Bytes of one page's content, with its forms as often as they are drawn, that pypdf is given; a page printed by a
#: browser has 100,000.
_LARGEST_CONTENT: Final = 600_000
#: Bytes drawn that PDFium is given: 150 bytes of memory for each, for as long as it has the page, and up to .2 s for 1 MB.
_MOST_ON_PAGE: Final = 6_000_000
_MOST_DRAWN: Final = 60_000_000
#: What pypdf raises on a damaged file.
BROKEN: Final = (
    PyPdfError,
    DependencyError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OSError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    zlib.error,
)
#: One reading is more legible than the other by this, or as legible.
_MORE_LEGIBLE: Final = 0.05
#: The layout drops running heads and page numbers; if it has less than this share of the letters, it lost text.
_LEAST_SHARE: Final = 2 / 3
#: Paragraphs this long that end without a stop, and aren't headings, were broken in mid-sentence.
_SENTENCE: Final = 15
_STOPS: Final = tuple("。！？；：:.!?;”』」）)")
_MORE_BROKEN: Final = 0.1


class _Spent(BaseException):
    """The operators are used up; pypdf itself holds back every Exception below a form."""


@dataclass(frozen=True, slots=True)
class PlainReading:
    """What pypdf read: the document, its text, the pages read and whether they are all."""

    document: Document
    text: str
    pages: int
    whole: bool


def read_plain(body: bytes, most: int | None = None) -> PlainReading:
    """Return what pypdf makes of the first ``most`` pages; what it fails on is left out, its errors are no one's."""
    # What is wrong with the file is said by our own errors, not on the terminal.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    left = _MOST_OPERATORS

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise _Spent

    lines: list[str] = []
    done = 0
    whole = False
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        for page in reader.pages:
            if done == most:
                break
            if content_size(page) > _LARGEST_CONTENT:
                break  # pypdf takes the operators of a page, and of a form, apart before it follows the first
            lines += [*page.extract_text(visitor_operand_before=count).split("\n"), ""]
            done += 1
        else:
            whole = True
    except _Spent:
        pass
    except BROKEN:
        pass  # whatever breaks it, the other reading stands
    document = from_lines(plain_radicals(clean_characters(line)) for line in lines)
    return PlainReading(document, text_of(document), done, whole)


def draws_too_much(body: bytes) -> bool:
    """Whether a page, or all of them together, draw more than PDFium is given; pages that pypdf can't read don't count."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    left = _MOST_DRAWN
    try:
        for page in PdfReader(io.BytesIO(body), strict=False).pages:
            size = _size_known(page)
            left -= size
            if size > _MOST_ON_PAGE or left < 0:
                return True
    except RecursionError:
        return True  # forms within forms within forms
    except BROKEN:
        pass
    return False


def _size_known(page: PageObject) -> int:
    try:
        return content_size(page)
    except RecursionError:
        raise
    except BROKEN:
        return 0  # what pypdf can't read PDFium may, and the pages after it


def text_of(document: Document) -> str:
    """Return the text of a document's blocks, run together."""
    return "".join(block.text for block in document.blocks)


def layout_is_better(layout: Document, first: str, plain: PlainReading) -> bool:
    """Whether the reading by layout does better than pypdf's; ``first`` is its raw text of the pages that pypdf read.

    It does if it is clearly more legible; else if it lost no text and has more of the tables or no more sentences
    broken. Where both say the same, it doesn't.
    """
    if layout.blocks == plain.document.blocks:
        return False
    ours, theirs = legibility(text_of(layout)), legibility(plain.text)
    if abs(ours - theirs) > _MORE_LEGIBLE:
        # The numbers of glyphs read as characters are legible as well, but no Chinese.
        return ours > theirs or _han(plain.text) * 3 < len(plain.text)
    if _han(first) < _han(plain.text) * _LEAST_SHARE:
        return False
    if _rows(layout) > _rows(plain.document):
        return True
    return _broken(layout) <= _broken(plain.document) + _MORE_BROKEN


def _han(text: str) -> int:
    return sum(map(is_han, text))


def _rows(document: Document) -> int:
    return sum(block.form == "row" for block in document.blocks)


def _broken(document: Document) -> float:
    """Return the share of a document's longer paragraphs that end in mid-sentence."""
    texts = [block.text.rstrip() for block in document.blocks if block.form == "paragraph"]
    texts = [text for text in texts if len(text) >= _SENTENCE and heading_line(text) is None]
    return sum(not text.endswith(_STOPS) for text in texts) / len(texts) if texts else 0.0
