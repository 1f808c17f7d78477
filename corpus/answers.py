"""What to think of an answer, and of a page that an earlier run knew. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from corpus.addresses import host_of
from corpus.errors import PageFailed
from corpus.frontier import Entry
from corpus.listing import is_attachment
from corpus.page import Page
from corpus.site import Column, Site

#: Where servers send those who ask for what isn't there, with an answer of 200.
_ERROR_PAGE: Final = re.compile(r"/(?:404|error|not_?found)[^/]*(?:/[^/]*)?$", re.IGNORECASE)
_HOME: Final = re.compile(r"^https?://[^/]+/(?:index\.[a-z]+)?$")
#: What guards of sites answer to whom they take for a machine.
_GUARDED: Final = frozenset((202, 401, 403, 405, 412, 418, 468, 521))


def rules_of(site: Site) -> dict[str, str]:
    """Return what the site file says of where links lead, to be compared with the last run's."""
    columns = [
        # A site file without "post" says what it said before there was such a key.
        [c.name, c.start, c.counted, c.listing.pattern, c.article.pattern, *([c.post.pattern] if c.post else [])]
        for c in site.columns
    ]
    files = [site.attachments, sorted(site.hosts)]
    return {"links": json.dumps([columns, sorted(site.hosts)], ensure_ascii=False), "files": json.dumps(files)}


def is_wanted(site: Site, entry: Entry) -> bool:
    """Whether a page of an earlier run is one that the site file as it is now would lead to."""
    column = next((column for column in site.columns if column.name == entry.col), None)
    if column is None or host_of(entry.url) not in site.hosts or (entry.role == "attachment" and not site.attachments):
        return False
    return column.article.search(entry.first or entry.url) is not None


def is_posted(column: Column, entry: Entry) -> bool:
    """Whether a page is a listing that its column's site file says to ask for by POST."""
    return entry.role == "listing" and column.post is not None and column.post.search(entry.url) is not None


def conditions(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Return the headers that ask for a page only if it has changed; a page that isn't kept is asked for anyway."""
    if entry.role != "listing" and not entry.file:
        return ()
    wanted: Iterable[tuple[str, str]] = (("If-None-Match", entry.etag), ("If-Modified-Since", entry.modified))
    return tuple((name, value) for name, value in wanted if value and value.isascii() and value.isprintable())


def is_no_file(page: Page) -> bool:
    """Whether a page came where a file was asked for; DOC, XLS and WPS may truly be HTML, as office programs save it."""
    bare = re.sub(rb"\A(?:\xef\xbb\xbf)?\s*", b"", page.body[:200])
    named = re.search(r"\.(?:pdf|docx|xlsx|ofd|zip)(?:$|[&])", page.url, re.IGNORECASE)
    return (
        bool(named)
        and is_attachment(page.url)
        and re.match(rb"<(?:!doctype|html|head|script|meta)", bare, re.I) is not None
    )


def is_elsewhere(target: str, entry: Entry, site: Site) -> bool:
    """Whether a redirect leads to an error page, the home page or a listing, as servers do instead of saying 404."""
    starts = {
        url for column in site.columns for url in (*column.start, *(one for urls in column.counted for one in urls))
    }
    lost = bool(_ERROR_PAGE.search(target) or _HOME.match(target))
    own = next(column for column in site.columns if column.name == entry.col)
    return target in starts or (lost and not own.article.search(target))


def answered(url: str, status: int) -> PageFailed:
    """Return the failure for a status, with what to do where a guard of the site may be meant."""
    if status not in _GUARDED:
        return PageFailed(zh=f"{url} 返回 {status}", en=f"{url} answered {status}")
    return PageFailed(
        zh=f"{url} 返回 {status}，网站可能拒绝程序访问；可用浏览器另存网页，再用 chadang load 导入",
        en=f"{url} answered {status}, the site may refuse programs; save it with a browser and use chadang load",
    )
