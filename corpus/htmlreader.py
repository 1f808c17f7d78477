"""HTML -> Document: the main text of government pages, their tables and meta tags (BeautifulSoup over lxml)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from corpus.cleaning import clean_characters
from corpus.document import Document, Heading, Line
from corpus.encoding import decode
from corpus.folding import fold
from corpus.tables import Cell, Table, table_of
from corpus.textreader import from_lines

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_-]+)""", re.IGNORECASE)
_SILENT = frozenset(
    "script style noscript template iframe object embed svg select option button textarea input head nav".split()
)
_BLOCK = frozenset(
    """
    p div section article header footer h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tbody thead tfoot tr td th
    blockquote pre center hr main aside figure figcaption address fieldset caption body form
    """.split()
)
#: Containers of the main text that the CMSs of government sites write, by id or class (lower case).
_CONTAINERS = (
    "ucap-content",
    "ucapcontent",
    "trs_editor",
    "trs_ueditor",
    "zoom",
    "article-content",
    "article_content",
    "articlecontent",
    "pages_content",
    "bt-content",
    "content-body",
)
_AROUND = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|foot|footer|header|top|crumb|crumbs|breadcrumb|position|location|share|sidebar|"
    r"toolbar|tools|copyright|qrcode|related|prev|next|pagination)(?:$|[-_ \d])"
)
_LABEL = re.compile(r"^[一-鿿\s　]{2,8}[：:]$")
#: Labels of the table of metadata above a document; its values are read as such.
_NUMBER_LABELS = frozenset(
    {"索引号", "发文字号", "文号", "发文机关", "发布机构", "成文日期", "发布日期", "公开日期", "主题分类", "标题"}
)
_LONGEST_TITLE = 300
_MOST_LABELS = 30
_MOST_FURNITURE = 300
#: Elements that mark headings, unless they hold a part of the page.
_MARKED = frozenset("h1 h2 h3 h4 h5 h6".split())
_HOLDERS = ["p", "div", "table", "ul", "ol", "br"]
_SITE_SUFFIX = re.compile(r"\s*[-_|—–·]+\s*[^-_|—–·]{2,20}$")


def read_html(body: bytes) -> Document:
    """Return the Document of a page; any nesting, any charset that can be told."""
    declared = _DECLARED.search(body[:4096]) or _XML_DECLARED.search(body[:200])
    decoded = decode(body, declared[1].decode("ascii") if declared else "")
    text = clean_characters(decoded.text)
    soup = BeautifulSoup(text, "lxml")
    meta = _meta(soup)
    labelled = _labelled(soup)
    stated = tuple(_titles(soup, meta, labelled))
    containers = _containers(soup)
    outside = tuple(_datelines(soup, containers))
    lines = [line for container in containers for line in ("", *_lines(container))]
    inner = from_lines(lines if containers else _from_title(list(_lines(_whole(soup))), stated))
    return Document(
        inner.blocks,
        meta,
        labelled,
        stated + inner.titles,
        inner.datelines or outside,
        _declared_url(soup, meta),
        doubts=decoded.doubts,
    )


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = str(tag.get("name") or tag.get("property") or "").strip().lower()
        value = " ".join(str(tag.get("content") or "").split())
        if name and value:
            found.setdefault(name, value)
    return found


def _labelled(soup: BeautifulSoup) -> dict[str, str]:
    """Return the label: value cells of the number table (索引号, 发文机关, 标题, 发文字号, 发布日期 …)."""
    found: dict[str, str] = {}
    for cell in soup.find_all(["td", "th", "strong", "b", "li", "span", "dt"]):
        label = cell.get_text()
        if len(label) > 12 or not _LABEL.match(label.strip()):
            continue
        holder = cell if cell.name in {"td", "th", "dt"} else cell.find_parent(["td", "th"])
        value = holder.find_next_sibling(["td", "th", "dd"]) if holder else None
        if value is not None:
            found.setdefault(fold(label).rstrip(":"), " ".join(value.get_text().split()))
    return found


def _titles(soup: BeautifulSoup, meta: dict[str, str], labelled: dict[str, str]) -> Iterator[tuple[str, str]]:
    if meta.get("articletitle"):
        yield "meta:ArticleTitle", meta["articletitle"]
    if labelled.get("标题"):
        yield "table:标题", labelled["标题"]
    for selector in (".ucaptitle", "ucaptitle", "#ucaptitle", ".article-title", "h1"):
        tag = soup.select_one(selector)
        text = " ".join(tag.get_text().split()) if tag else ""
        if text:
            yield f"page:{selector}", text
    if soup.title:
        text = " ".join(soup.title.get_text().split())
        if text:
            yield "page:title", _SITE_SUFFIX.sub("", text[:_LONGEST_TITLE])


def _declared_url(soup: BeautifulSoup, meta: dict[str, str]) -> str:
    link = soup.find("link", rel="canonical")
    for url in (str(link.get("href") or "") if link else "", meta.get("url", ""), meta.get("og:url", "")):
        if re.match(r"https?://[^/\s]+/[^\s]+$", url):
            return url
    return ""


def _containers(soup: BeautifulSoup) -> list[Tag]:
    """Return the elements that a known CMS puts the report's text in, outermost ones only; [] if there is none.

    Containers that hold little of the page's text are widgets of the same name, and don't count.
    """
    found: list[Tag] = []
    within: set[int] = set()
    for tag in soup.find_all(True):
        if id(tag.parent) in within:
            within.add(id(tag))
            continue
        names = {str(tag.get("id") or "").lower(), *(name.lower() for name in _classes(tag))}
        if not names.isdisjoint(_CONTAINERS):
            within.add(id(tag))
            found.append(tag)
    sizes = [len(tag.get_text(strip=True)) for tag in found]
    fair = max(sizes, default=0) / 5
    held = sum(size for size in sizes if size >= fair)
    kept = [tag for tag, size in zip(found, sizes, strict=True) if size >= fair]
    return kept if held >= 40 and held * 5 >= _unlinked(soup.body or soup) else []


def _unlinked(whole: Tag) -> int:
    """Return how much text of a page is outside links: menus and lists of articles don't count."""
    links = sum(len(link.get_text(strip=True)) for link in whole.find_all("a"))
    return len(whole.get_text(strip=True)) - links


def _whole(soup: BeautifulSoup) -> Tag:
    """Return the body without the small elements that are named as furniture of the page."""
    whole = soup.body or soup
    named = [
        tag
        for tag in whole.find_all(True)
        if _AROUND.search(f"{tag.get('id') or ''} {' '.join(_classes(tag))}".lower())
    ]
    most = min(600, len(whole.get_text()) // 2)
    for tag in named[:_MOST_FURNITURE]:
        if not tag.decomposed and len(tag.get_text()) < most:
            tag.decompose()
    return whole


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


def _classes(tag: Tag) -> list[str]:
    return [str(name) for name in tag.get_attribute_list("class") if name]


def _datelines(soup: BeautifulSoup, containers: list[Tag]) -> Iterator[str]:
    """Yield short texts outside the containers that carry a date or a source."""
    inside = {id(node) for container in containers for node in container.descendants}
    labels = soup.find_all(string=re.compile(r"(?:发布日期|发布时间|来源|日期|时间)\s*[：:]"), limit=_MOST_LABELS)
    for text in labels:
        holder = text.parent
        if holder is None or holder.name in _SILENT or id(text) in inside:
            continue
        for whole in (holder.parent, holder):  # a label alone has its value beside it
            line = " ".join(whole.get_text().split()) if whole else ""
            if 0 < len(line) <= 200:
                yield line
                break


def _lines(container: Tag) -> Iterator[Line]:
    """Yield the lines of the flow: a blank line between blocks, none at <br>; data tables as rows."""
    line: list[str] = []
    stack: list[PageElement | None] = [container]  # None: a block ends here
    while stack:
        node = stack.pop()
        if node is None:
            yield from _flushed(line)
            yield ""
        elif isinstance(node, Tag):
            if node.name == "br":
                yield from _flushed(line)
            elif node.name == "table" and _is_data(node):
                yield from _flushed(line)
                yield from (caption.get_text(" ", strip=True) for caption in node.find_all("caption"))
                if not _is_number_table(node):
                    yield _table(node)
            elif node.name in _MARKED and not node.find(_HOLDERS):
                yield from _flushed(line)
                yield from ("", Heading(" ".join(node.get_text().split()), int(node.name[1])), "")
            elif node.name not in _SILENT:
                if node.name in _BLOCK:
                    yield from _flushed(line)
                    yield ""
                    stack.append(None)
                stack.extend(reversed(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            line.append(str(node))
    yield from _flushed(line)


def _flushed(line: list[str]) -> Iterator[str]:
    """Yield the line collected so far, its source's line breaks as blanks, and start a new one."""
    text = re.sub(r"[ \t\n\r\f]+", " ", "".join(line))
    line.clear()
    if text.strip():
        yield text.rstrip()


def _is_data(table: Tag) -> bool:
    """Whether a table holds data, not the page's layout."""
    if table.find("table"):
        return False
    rows = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
    cells = [cell.get_text(strip=True) for row in rows for cell in row]
    if len(rows) < 2 or max(map(len, rows), default=0) < 2:
        return False
    return sum(map(len, cells)) / len(cells) < 60 and max(map(len, cells)) < 400


def _is_number_table(table: Tag) -> bool:
    """Whether a table is the metadata of a document: three labels with a colon or more, each with its value beside it.

    Without colons it may as well be the head of a table of data, and stays.
    """
    labels = 0
    for cell in table.find_all(["td", "th"], limit=40):
        name = fold(cell.get_text())
        beside = cell.find_next_sibling(["td", "th"])
        value = fold(beside.get_text()) if beside else ":"
        labels += name.endswith(":") and name.rstrip(":") in _NUMBER_LABELS and not value.endswith(":")
    return labels >= 3


def _table(table: Tag) -> Table:
    return table_of(
        [
            Cell(cell.get_text(" ", strip=True), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row.find_all(["td", "th"])
        ]
        for row in table.find_all("tr")
    )


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return int(value[:9]) if value.isascii() and value.isdigit() else 1
