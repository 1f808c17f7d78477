"""What a page of a site leads to: articles, further listings, further pages of an article, attachments. Pure."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from bs4.exceptions import ParserRejectedMarkup

from corpus.addresses import canonical_url, host_of
from corpus.errors import RefusedAddress
from corpus.page import Page
from corpus.site import Column, Site

#: Pages that one pager may announce; more is a mistake or a trap.
_MOST_PAGES: Final = 2000
_ATTACHMENT: Final = re.compile(r"\.(?:pdf|docx?|ofd|xlsx?|wps|zip)$", re.IGNORECASE)
_CREATE: Final = re.compile(r"createPageHTML\s*\(([^)]{1,200})\)")
_COUNT: Final = re.compile(r"\bcountPage\s*=\s*[\"']?(\d{1,6})")
_CURRENT: Final = re.compile(r"\bcurrentPage\s*=\s*[\"']?(\d{1,6})")
_JPAGE_SUM: Final = re.compile(r"totalRecord\s*[:=]\s*[\"']?(\d{1,7})")
_JPAGE_SIZE: Final = re.compile(r"perPage\s*[:=]\s*[\"']?(\d{1,4})")
_JPAGE_URL: Final = re.compile(r"[\"']([^\"'\s<>]*dataproxy\.jsp[^\"'\s<>]*)[\"']")
_JPAGE_DATA: Final = re.compile(r"dataproxy\.jsp[\"'][^}]{0,400}?data\s*:\s*[\"']([^\"']{1,400})[\"']")
_CDATA: Final = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.DOTALL)
#: A file name, its number and its extension: index_2.html -> index, 2, .html.
_NUMBERED: Final = re.compile(r"^(.*?)(?:_(\d{1,6}))?(\.[A-Za-z]{3,5})$")


@dataclass(frozen=True, slots=True)
class Links:
    """Canonical URLs on the site, in order, each once."""

    articles: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()


def listing_links(page: Page, column: Column, site: Site) -> Links:
    """Return the articles that a listing names and the listings that follow it."""
    text = page_text(page)
    records = "\n".join(_CDATA.findall(text))  # a jpage answer, or the first records within the page's own script
    urls = [url for part in (text, records) for url in _hrefs(part, page.url) if host_of(url) in site.hosts]
    articles = [url for url in urls if column.article.search(url)]
    listings = [url for url in urls if column.listing.search(url) and url not in articles]
    listings += [url for url in (*_numbered(page.url, text), *_jpage(page.url, text)) if host_of(url) in site.hosts]
    return Links(_once(articles, ""), _once(listings, page.url))


def article_links(page: Page, site: Site, first: str) -> Links:
    """Return attachments (as ``articles``, if the site wants them) and the further pages of the article (``listings``).

    ``first`` is the article's first page: its further pages are its own name with _2, _3 and so on.
    """
    if "html" not in page.content_type.lower() and not page.body[:200].lstrip().startswith(b"<"):
        return Links()
    text = page_text(page)
    urls = [url for url in _hrefs(text, page.url) if host_of(url) in site.hosts]
    stem = _stem(first)
    pages = [url for url in (*urls, *_numbered(page.url, text)) if stem and url != first and _stem(url) == stem]
    files = [url for url in urls if _ATTACHMENT.search(urlsplit(url).path)] if site.attachments else []
    return Links(_once(files, ""), _once(pages, page.url))


def same_pager(listing: str, other: str) -> bool:
    """Whether two listings are pages of one listing, as far as their URLs tell."""
    first, second = urlsplit(listing), urlsplit(other)
    if first.netloc != second.netloc:
        return False
    return first.path == second.path or second.path.endswith("dataproxy.jsp") or _stem(listing) == _stem(other) != ""


def page_text(page: Page) -> str:
    """Return the page's text as far as links need it: a wrong charset spoils the words, never the ASCII of a link."""
    detector = EncodingDetector(page.body, is_html=True)
    for name in detector.encodings:
        try:
            return page.body.decode("gb18030" if codecs.lookup(name).name.startswith("gb") else name)
        except (LookupError, UnicodeDecodeError):
            continue
    return page.body.decode("latin-1")


def _hrefs(text: str, base: str) -> list[str]:
    try:
        soup = BeautifulSoup(text, "lxml")
    except (ParserRejectedMarkup, RecursionError):
        return []
    declared = soup.find("base", href=True)
    place = str(declared["href"]) if isinstance(declared, Tag) else ""
    try:
        start = canonical_url(place, base) if place else base
    except RefusedAddress:
        start = base
    found = []
    for link in soup.find_all("a", href=True):
        try:
            found.append(canonical_url(str(link["href"]), start))
        except RefusedAddress:
            continue  # javascript:, mailto: and what isn't a URL
    return found


def _numbered(url: str, text: str) -> list[str]:
    """Return index_1.html ... of a pager script: its first page has no number, page n is called n - 1."""
    count = _announced(text)
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    called = _NUMBERED.match(name or "index.html")
    if count < 2 or called is None:
        return []
    stem, _, extension = called.groups()
    names = [f"{stem}_{number}{extension}" for number in range(1, min(count, _MOST_PAGES))]
    return [urlunsplit((parts.scheme, parts.netloc, f"{folder}/{name}", "", "")) for name in names]


def _announced(text: str) -> int:
    """Return the pages announced by createPageHTML(count, current, name, extension) or countPage/currentPage."""
    if call := _CREATE.search(text):
        first = call[1].split(",")[0].strip()
        if first.isdigit():
            return int(first)
    count = _COUNT.search(text)
    return int(count[1]) if count and (_CURRENT.search(text) or _CREATE.search(text)) else 0


def _jpage(url: str, text: str) -> list[str]:
    """Return the requests of a jpage pager after the first page's records.

    The script posts its form; the server takes the same names from the query, so each request is a URL of its own.
    """
    where, total, size = (pattern.search(text) for pattern in (_JPAGE_URL, _JPAGE_SUM, _JPAGE_SIZE))
    if not where or not total or not size or int(size[1]) == 0:
        return []
    try:
        proxy = urlsplit(canonical_url(where[1].replace("&amp;", "&"), url))
    except RefusedAddress:
        return []
    data = _JPAGE_DATA.search(text)
    fixed = parse_qsl(proxy.query) + parse_qsl(data[1].replace("&amp;", "&") if data else "")
    fixed = [(key, value) for key, value in fixed if key not in {"startrecord", "endrecord", "perpage"}]
    step, records = int(size[1]), int(total[1])
    found = []
    for start in list(range(1, records + 1, step))[:_MOST_PAGES]:
        span = [("startrecord", str(start)), ("endrecord", str(min(start + step - 1, records))), ("perpage", str(step))]
        found.append(canonical_url(urlunsplit((*proxy[:3], urlencode(fixed + span), ""))))
    return found


def _stem(url: str) -> str:
    parts = urlsplit(url)
    called = _NUMBERED.match(parts.path)
    return f"{parts.netloc}{called[1]}{called[3]}" if called else ""


def _once(urls: list[str], without: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url != without))
