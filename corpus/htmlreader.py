"""HTML -> Document: the main text of government pages, their tables and what they say about themselves."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from corpus.characters import clean_characters
from corpus.document import Document, Heading, Line
from corpus.encoding import Decoded, decode
from corpus.errors import UnreadableFile
from corpus.folding import fold
from corpus.htmlclues import datelines_of, labelled_of, read_head, titles_of
from corpus.htmlcsstables import with_css_tables
from corpus.htmlextractor import cut_to_article
from corpus.htmlhidden import framed, han_count, hidden_markup
from corpus.htmlmain import MainText, main_text, mark_commented, named_of, unlinked
from corpus.htmltext import lines_of
from corpus.htmltree import Element, parse_tree, size_of, text_of, without_unseen
from corpus.numbering import heading_line
from corpus.tables import Table
from corpus.textreader import from_lines

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_-]+)""", re.IGNORECASE)
_LONGEST_TITLE: Final = 300
_FILE_NAME = re.compile(
    r"\.(?:docx?|xlsx?|pdf|wps|et|zip|rar|ofd|jpe?g|png|ceb)\s*(?:[(（\[][^)）\]]{0,20}[)）\]])?$", re.IGNORECASE
)
#: Doubts, measured with scripts/maintext.py: below this share of the page the text is a small part of it …
_LITTLE: Final = 0.15
#: … as a general method's finding with this share of links it is a list of the site …
_LINKED: Final = 0.4
#: … or with this share in scraps like the items of a menu …
_SCRAPS: Final = 0.3
_MANY: Final = 15
#: … and so few characters are no report.
_SHORT: Final = 100
#: A page with one of these may hold its text where it isn't shown; that must be so many times as much.
_DOUBTED: Final = frozenset({"short", "little_text", "mostly_page"})
_FAR_MORE: Final = 3
#: Characters of a page that is looked through for hidden text; one that large is no page of a site.
_LARGEST_SCRIPTED: Final = 8_000_000


def decoded_page(body: bytes) -> Decoded:
    """Return the source of a page as text, by what it declares and by what reads as Chinese. Raises UnreadableFile."""
    declared = _DECLARED.search(body[:4096]) or _XML_DECLARED.search(body[:200])
    return decode(body, declared[1].decode("ascii") if declared else "")


def read_html(body: bytes) -> Document:
    """Return the Document of a page; any nesting, any charset that can be told."""
    decoded = decoded_page(body)
    text = clean_characters(decoded.text)
    root = parse_tree(text)
    head = read_head(root)
    mark_commented(root)
    if "table-cell" in text:
        with_css_tables(root)
    without_unseen(root)
    whole = text_of(root)
    raw_size = len("".join(whole.split()))
    labelled = labelled_of(root, whole)
    named = named_of(root)
    stated = tuple(titles_of(head, labelled, named.titles, root))
    main = main_text(root, named)
    lines = [line for line in lines_of(main.elements, stated[0][1] if stated else "") if not _is_download(line)]
    read_by = "container"
    if not main.known:
        lines, cut = cut_to_article(_from_title(lines, stated), main.markup, stated[0][1] if stated else "")
        read_by = "readability" if cut else "region"
    inner = from_lines(lines)
    datelines = inner.datelines or tuple(datelines_of(root, main.elements if main.known else ()))
    doubts = _doubts(inner, main, raw_size)
    if len(text) <= _LARGEST_SCRIPTED and (not _DOUBTED.isdisjoint(doubts) or not (main.known or inner.blocks)):
        inner, raw_size, doubts = _unless_hidden(text, inner, raw_size, doubts)
    return replace(
        inner,
        meta=head.meta,
        labelled=labelled,
        titles=stated + inner.titles,
        datelines=datelines,
        declared_url=head.url,
        raw_size=raw_size,
        doubts=decoded.doubts + doubts,
        read_by="script" if "scripted" in doubts else read_by,
    )


def read_page(body: bytes) -> Document:
    """Return the Document of a page as ``read_html`` does; raises UnreadableFile where it shows no text, saying why."""
    read = read_html(body)
    if len(body) > _LARGEST_SCRIPTED or any(block.text.strip() for block in read.blocks):
        return read
    root = parse_tree(clean_characters(decode(body).text))
    source = framed(root)
    if source:
        raise UnreadableFile(
            zh=f"网页本身没有正文，内容在它嵌入的另一个网页里（{source}）；请打开那个网页，保存后重新导入",
            en=f"the page has no text of its own, it shows another page in a frame ({source}); save that and load it",
        )
    if next(root.iter("script"), None) is not None:
        raise UnreadableFile(
            zh="网页没有正文，内容由脚本在打开时另行下载；请在浏览器中打开，另存为“单个文件”（MHTML）后重新导入",
            en="the page has no text, scripts fetch it when it is shown; open it in a browser, save it as a single file "
            "(MHTML) and load that",
        )
    return read


def _unless_hidden(
    text: str, inner: Document, raw_size: int, doubts: tuple[str, ...]
) -> tuple[Document, int, tuple[str, ...]]:
    """Return what a page shows, its size and doubts, or what its scripts would show if that is far more."""
    markup = clean_characters(hidden_markup(parse_tree(text)))
    if han_count(markup) < _SHORT:
        return inner, raw_size, doubts
    root = parse_tree(markup)
    without_unseen(root)
    found = from_lines(lines_of([root]))
    shown = sum(len(block.text) for block in inner.blocks)
    if sum(len(block.text) for block in found.blocks) < max(_SHORT, _FAR_MORE * shown):
        return inner, raw_size, doubts
    return found, len("".join(text_of(root).split())), ("scripted",)


def _is_download(line: Line) -> bool:
    """Whether a line is no more than the name of a file to download; a list that begins with 附件 is the report's."""
    return isinstance(line, str) and len(line) <= 120 and bool(_FILE_NAME.search(line)) and "附件" not in line[:6]


def _doubts(inner: Document, main: MainText, raw_size: int) -> tuple[str, ...]:
    """Return the codes of what a person should look at, see corpus/doubts.py."""
    held = sum(len("".join(block.text.split())) for block in inner.blocks)
    doubts = []
    if held < _SHORT:
        doubts.append("short")
    if held < raw_size * _LITTLE:
        doubts.append("little_text")
    if not main.known:
        doubts.append("fallback")
        scraps = [len(block.text) for block in inner.blocks if block.form == "paragraph" and _is_scrap(block.text)]
        in_scraps = len(scraps) >= _MANY and sum(scraps) > held * _SCRAPS
        if in_scraps or _linked_share(main.elements) > _LINKED:
            doubts.append("mostly_page")
    return tuple(doubts)


def _is_scrap(text: str) -> bool:
    """Whether a paragraph is as short as a menu's or list's item and no sentence."""
    return len(text) < 25 and not text.endswith(("。", "：", "；")) and heading_line(text) is None


def _linked_share(elements: tuple[Element, ...]) -> float:
    size = sum(map(size_of, elements))
    return 1 - sum(map(unlinked, elements)) / size if size else 0.0


def _from_title(lines: list[Line], stated: tuple[tuple[str, str], ...]) -> list[Line]:
    """Return the lines from the one that is the page's stated title on; what is above it is navigation.

    Only where most of the text is below: the title may stand again in a list at the foot of the page.
    """
    titles = {fold(text) for _, text in stated}
    sizes = [sum(len(row.text) for row in line.rows) if isinstance(line, Table) else len(_said(line)) for line in lines]
    above = 0
    for number, line in enumerate(lines):
        said = _said(line)
        if said.strip() and fold(said[:_LONGEST_TITLE]) in titles:
            return lines[number:] if above * 2 < sum(sizes) else lines
        above += sizes[number]
    return lines


def _said(line: Line) -> str:
    """Return the text of a line or heading; "" for a table."""
    return line if isinstance(line, str) else line.text if isinstance(line, Heading) else ""
