"""What a page of a site leads to: articles, further listings, further pages of an article, attachments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from corpus.addresses import host_of
from corpus.page import Page
from corpus.pagelinks import Link, file_links, links, markup_links, page_text, script_links
from corpus.pagers import is_further_page, jpage_pages, numbered_pages, same_pager
from corpus.site import Column, Site

_ATTACHMENT: Final = re.compile(r"\.(?:pdf|docx?|ofd|xlsx?|wps|rtf|zip)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Links:
    """Canonical URLs on the site, in order, each once; ``pager`` are those of ``listings`` that go on with this one.

    ``others`` fit no pattern; ``elsewhere`` are the hosts off the site on which there are URLs that would be articles.
    """

    articles: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    pager: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


def listing_links(page: Page, column: Column, site: Site) -> Links:
    """Return the articles that a listing names and the listings that follow it."""
    text = page_text(page)
    records = "\n".join(_records(text.text))  # a jpage answer, or the first records within the page's own script
    found = links(page, text)
    found += markup_links(records, page.url, text.encoding) if records else []
    away = [
        host_of(link.url) for link in found if column.article.search(link.url) and host_of(link.url) not in site.hosts
    ]
    found = _on_site(found, site)
    scripted = _on_site(script_links(text, page.url), site)
    articles = [link.url for link in (*found, *scripted) if column.article.search(link.url)]
    named = [link for link in found if column.listing.search(link.url) and link.url not in set(articles)]
    announced = [*numbered_pages(page.url, "", text.text), *jpage_pages(page.url, text.text)]
    announced = [url for url in announced if host_of(url) in site.hosts]
    pager = {link.url for link in named if same_pager(page.url, link.url, link.label)} | set(announced)
    listings = _once([*(link.url for link in named), *announced], page.url)
    others = [link.url for link in found if link.url not in {*articles, *listings}]
    return Links(
        _once(articles, page.url), listings, frozenset(pager), _once(others, page.url), tuple(dict.fromkeys(away))
    )


def article_links(page: Page, site: Site, first: str) -> Links:
    """Return attachments (as ``articles``, if the site wants them) and the further pages of the article (``listings``).

    ``first`` is the article's first page: its further pages are its own name with _2, _3 and so on.
    """
    if not _is_markup(page):
        return Links()
    text = page_text(page)
    found = _on_site(markup_links(text.text, page.url, text.encoding), site)
    pages = [link.url for link in found if is_further_page(first, link.url)]
    pages += [url for url in numbered_pages(page.url, first, text.text) if is_further_page(first, url)]
    files: list[str] = []
    if site.attachments:
        shown = _on_site(file_links(text, page.url), site)
        files = [link.url for link in (*found, *shown) if is_attachment(link.url) and link.url != first]
    return Links(_once(files, ""), _once([url for url in pages if url != first], page.url))


def is_attachment(url: str) -> bool:
    """Whether a URL names a file: by its path, or by a value in its query (downfile.jsp?filename=report.pdf)."""
    parts = urlsplit(url)
    if _ATTACHMENT.search(parts.path):
        return True
    if parts.path.lower().endswith((".html", ".htm", ".shtml")):  # a viewer
        return False
    return any(_ATTACHMENT.search(value) for _, value in parse_qsl(parts.query))


def _records(text: str) -> Iterator[str]:
    for part in text.split("<record>")[1:]:
        record, closed, _ = part.partition("</record>")
        if closed:
            yield record.strip().removeprefix("<![CDATA[").removesuffix("]]>")


def _is_markup(page: Page) -> bool:
    """Whether a page is HTML, whatever the server calls it."""
    if "html" in page.content_type.lower():
        return not page.body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return page.body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _on_site(found: list[Link], site: Site) -> list[Link]:
    return [link for link in found if host_of(link.url) in site.hosts]


def _once(urls: list[str], without: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url != without))
