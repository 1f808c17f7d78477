"""The links in a page of a site, wherever its makers put them: anchors, frames, menus, scripts, JSON. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from bs4.exceptions import ParserRejectedMarkup

from corpus.addresses import canonical_url
from corpus.encoding import decode
from corpus.errors import RefusedAddress, UnreadableFile
from corpus.page import Page

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
#: Where a click leads: location.href = '...', window.open('...').
_CLICK: Final = re.compile(
    r"(?:location(?:\.href)?\s*=|(?:window\.open|location\.(?:replace|assign))\s*\()\s*([\"'])(.{1,2000}?)\1"
)
_REFRESH: Final = re.compile(r"^\s*\d{1,2}(?:\.\d*)?\s*[;,]\s*url\s*=\s*[\"']?([^\"'>]+)", re.IGNORECASE)
_HREF: Final = re.compile(r"\bhref\s*=\s*([\"'])([^\"'<>\s]{1,2000})\1")
_QUOTED: Final = re.compile(r"([\"'])([^\"'<>\s\\]{3,2000})\1")
#: JSON, or JSONP: a call with it.
_JSONP: Final = re.compile(r"^[\w.$\s]{0,100}\((.*)\)\s*;?\s*$", re.DOTALL)
_DATA: Final = re.compile(r"(?:[\w.$]{1,100}\s*\(\s*)?[{\[]")
_DEEPEST: Final = 50


@dataclass(frozen=True, slots=True)
class Link:
    """A canonical URL and the words that lead to it."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text, the encoding it was read in, and whether it is data (JSON, JSONP) rather than HTML or XML."""

    text: str
    encoding: str
    data: bool


def page_text(page: Page) -> PageText:
    """Return the page's text; a wrong charset spoils the words at worst, never the ASCII of a link."""
    named = _CHARSET.search(page.content_type)
    declared = named[1] if named else EncodingDetector.find_declared_encoding(page.body, is_html=True) or ""
    try:
        read = decode(page.body, declared)
        text, encoding = read.text, read.encoding
    except UnreadableFile:
        text, encoding = page.body.decode("latin-1"), "latin-1"
    start = text[:200].lstrip()
    data = not start.startswith("<") and (
        _DATA.match(start) is not None or re.search(r"json|javascript", page.content_type, re.IGNORECASE) is not None
    )
    return PageText(text, encoding, data)


def links(page: Page, text: PageText) -> list[Link]:
    """Return what a page of HTML or data links to, in order; frames, menus and clicks as well as anchors."""
    if text.data:
        return list(_resolved(_in_data(text.text), page.url, text.encoding))
    return markup_links(text.text, page.url, text.encoding)


def markup_links(text: str, base: str, encoding: str) -> list[Link]:
    """Return the links of HTML."""
    soup = _soup(text)
    if soup is None:
        return []
    return list(_resolved(_in_markup(soup), _base(soup, base), encoding))


def script_links(text: PageText, base: str) -> list[Link]:
    """Return what the scripts of a page name like a URL: lists of articles that the browser writes into the page."""
    soup = None if text.data else _soup(text.text)
    if soup is None:
        return []
    scripts = "\n".join(tag.get_text() for tag in soup.find_all("script"))
    scripts = scripts.replace("\\/", "/").replace('\\"', '"').replace("\\'", "'")
    found = [(match[2], "") for pattern in (_HREF, _QUOTED) for match in pattern.finditer(scripts)]
    return list(_resolved(found, _base(soup, base), text.encoding))


def file_links(text: PageText, base: str) -> list[Link]:
    """Return what a page shows within itself: embedded files, and those that a viewer in a frame is told to show."""
    soup = _soup(text.text)
    if soup is None:
        return []
    found: list[tuple[str, str]] = []
    for tag in soup.find_all(["iframe", "embed", "object"]):
        place = _value(tag, "data" if tag.name == "object" else "src")
        named = [value for key, value in parse_qsl(_split_query(place)) if key.lower() in {"file", "url", "src"}]
        found += [(value, "") for value in named or [place]]
    return list(_resolved(found, _base(soup, base), text.encoding))


def _soup(text: str) -> BeautifulSoup | None:
    try:
        return BeautifulSoup(text, "lxml")
    except (ParserRejectedMarkup, RecursionError):
        return None


def _base(soup: BeautifulSoup, url: str) -> str:
    declared = soup.find("base", href=True)
    place = _value(declared, "href") if isinstance(declared, Tag) else ""
    try:
        return canonical_url(place, url) if place.strip() else url
    except RefusedAddress:
        return url


def _in_markup(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all(["a", "area", "iframe", "frame", "option", "link", "meta"]):
        if tag.name in {"a", "area"}:
            label = tag.get_text(" ", strip=True) or _value(tag, "title")
            yield _value(tag, "href"), label
            for attribute in ("href", "onclick"):  # href="javascript:window.open('...')"
                yield from ((match[2], label) for match in _CLICK.finditer(_value(tag, attribute)))
        elif tag.name in {"iframe", "frame"}:
            yield _value(tag, "src"), ""
        elif tag.name == "option":
            value = _value(tag, "value")
            if re.search(r"[/.]", value):
                yield value, tag.get_text(" ", strip=True)
        elif tag.name == "link":
            if "next" in _value(tag, "rel").lower().split():
                yield _value(tag, "href"), ""
        elif _value(tag, "http-equiv").lower() == "refresh" and (match := _REFRESH.match(_value(tag, "content"))):
            yield match[1], ""


def _in_data(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the strings of JSON name like a URL, and the links of HTML in them; of what is no JSON its strings."""
    call = _JSONP.match(text)
    try:
        value = json.loads(call[1] if call else text)
    except (ValueError, RecursionError):
        plain = text.replace("\\/", "/").replace('\\"', '"')
        yield from ((match[2], "") for pattern in (_HREF, _QUOTED) for match in pattern.finditer(plain))
        return
    yield from _in_value(value, 0)


def _in_value(value: object, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for item in value.values():
            yield from _in_value(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _in_value(item, depth + 1)
    elif isinstance(value, str):
        if "<" in value:
            soup = _soup(value)
            if soup is not None:
                yield from _in_markup(soup)
        elif re.search(r"[/.]", value) and not re.search(r"\s", value.strip()):
            yield value, ""


def _resolved(found: Iterator[tuple[str, str]] | list[tuple[str, str]], base: str, encoding: str) -> Iterator[Link]:
    # A browser escapes what a query writes in Chinese in the page's encoding, unless that is a form of Unicode.
    escapes = encoding if encoding in {"gb18030", "big5"} else "utf-8"
    for place, label in found:
        if not place.strip() or place.lstrip().startswith("#"):
            continue
        try:
            yield Link(canonical_url(place, base, escapes), label)
        except RefusedAddress:
            continue  # javascript:, mailto: and what isn't a URL


def _value(tag: Tag, attribute: str) -> str:
    value = tag.get(attribute)
    return " ".join(value) if isinstance(value, list) else value or ""


def _split_query(place: str) -> str:
    try:
        return urlsplit(place).query
    except ValueError:
        return ""
