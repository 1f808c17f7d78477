"""Articles in several pages: the later pages of a crawl joined to the first, which names the report."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.folding import fold
from corpus.htmlreader import read_html
from corpus.member import Member
from corpus.pagers import is_further_page, page_order
from corpus.warcstore import FIRST_PAGE


def first_pages(path: Path) -> dict[str, str]:
    """Return address of a later page -> address of its article's first page, as our scraper writes them.

    Empty for files of other crawlers, which don't mark such pages.
    """
    found: dict[str, str] = {}
    # What is wrong with the file is said by its reader, not on the terminal.
    with path.open("rb") as stream, redirect_stderr(io.StringIO()):
        try:
            for record in ArchiveIterator(stream):
                first = record.rec_headers.get_header(FIRST_PAGE)
                kind = record.http_headers.get_header("Content-Type", "") if record.http_headers else ""
                url = record.rec_headers.get_header("WARC-Target-URI")
                if first and "html" in kind.lower() and is_further_page(first, url):  # else an attachment
                    found[url] = first
        except (ArchiveLoadFailed, OSError, EOFError, ValueError, KeyError, AttributeError, TypeError, IndexError):
            return found  # the reader of the pages says what is wrong with the file
    return found


def joined(members: Iterator[Member], first_of: Mapping[str, str]) -> Iterator[Member]:
    """Yield members with the pages of one article as one, once all of them were seen; the others as they come.

    Holds the first and later pages of articles in memory until they are complete, nothing else.
    """
    wanted: dict[str, set[str]] = {}
    for later, first in first_of.items():
        wanted.setdefault(first, {first}).add(later)
    waiting: dict[str, dict[str, Member]] = {}
    for member in members:
        article = first_of.get(member.url, member.url)
        if article not in wanted:
            yield member
            continue
        pages = waiting.setdefault(article, {})
        pages[member.url] = member
        if pages.keys() == wanted[article]:
            yield from _article(waiting.pop(article), article)
    for article, pages in waiting.items():
        yield from _article(pages, article)


def _article(pages: Mapping[str, Member], first: str) -> Iterator[Member]:
    """Yield the one member of an article; its pages as they are where they can't be read together."""
    head = pages.get(first)
    documents = []
    later = sorted((page for url, page in pages.items() if url != first), key=lambda page: page_order(page.url))
    for page in (*([head] if head else []), *later):
        try:
            documents.append(read_html(page.content) if isinstance(page.content, bytes) else None)
        except UnreadableFile:
            documents.append(None)
    whole = [document for document in documents if document is not None]
    if head is None or len(whole) < len(pages):
        yield from pages.values()
        return
    newest = max(page.fetched_at for page in pages.values())  # what changed may be a later page only
    yield replace(head, content=_together(whole), fetched_at=newest)


def _together(documents: list[Document]) -> Document:
    """Return pages as one text; the title that each page repeats stands once."""
    first = documents[0]
    blocks = list(first.blocks)
    titles = {fold(text) for _, text in first.titles}
    for document in documents[1:]:
        tables = max((block.table for block in blocks), default=0)
        for number, block in enumerate(document.blocks):
            if number < 2 and fold(block.text) in titles:
                continue
            blocks.append(replace(block, table=block.table + tables if block.table else 0))
    return replace(
        first,
        blocks=tuple(blocks),
        raw_size=sum(document.raw_size for document in documents),
        doubts=tuple(dict.fromkeys(code for document in documents for code in document.doubts)),
    )
