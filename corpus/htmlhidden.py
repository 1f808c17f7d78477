"""Text that a page holds but shows only by script: fields, templates, frames' sources, strings of scripts. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote

from lxml import etree

from corpus.htmltree import Element, text_of

#: Scripts beyond this size are libraries; of each kind of hiding place so many are looked at.
_LARGEST_SCRIPT: Final = 4_000_000
_MOST: Final = 500
_HOLDERS: Final = ("textarea", "template", "noscript", "noframes", "xmp")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_LITERAL: Final = re.compile(r""""(?:[^"\\\n]|\\[\s\S])*+"|'(?:[^'\\\n]|\\[\s\S])*+'|`(?:[^`\\]|\\[\s\S])*+`""")
_JOINED: Final = re.compile(r"\s*\+\s*")
_WRITES: Final = re.compile(r"document\s*\.\s*write(?:ln)?\s*\(\s*$")
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r?\n)|([\s\S]))")
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "\n", "v": "\n", "0": ""}
_PERCENT_U: Final = re.compile(r"%u([0-9A-Fa-f]{4})")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}){3}")
_TEMPLATES: Final = re.compile(r"html|template|plain|x-tmpl", re.IGNORECASE)
_DATA: Final = re.compile(r"json", re.IGNORECASE)


def hidden_markup(root: Element) -> str:
    """Return the piece of markup (or plain text) with the most Chinese of those that a page keeps from view; "" if none.

    ``root`` is the page's tree with everything in it.
    """
    return max(_pieces(root), key=han_count, default="")


def han_count(text: str) -> int:
    """Return how many Han characters a text has."""
    return len(_HAN.findall(text))


def framed(root: Element) -> str:
    """Return the address of the first frame of a page, "" if it has none."""
    sources = (frame.get("src") or "" for frame in root.iter("frame", "iframe"))
    return next((source[:200] for source in sources if source and not source.startswith(("about:", "javascript:"))), "")


def _pieces(root: Element) -> Iterator[str]:
    for holder in islice(root.iter(*_HOLDERS), _MOST):
        if next(holder.iterancestors(*_HOLDERS), None) is None:
            yield _inner(holder)
    for field in islice(root.iter("input"), _MOST):
        yield _unescaped(field.get("value") or "")
    for frame in islice(root.iter("iframe"), _MOST):
        yield frame.get("srcdoc") or ""
    for script in islice(root.iter("script"), _MOST):
        code = script.text or ""
        if len(code) > _LARGEST_SCRIPT:
            continue
        if _TEMPLATES.search(script.get("type") or "") and not _DATA.search(script.get("type") or ""):
            yield _unescaped(code)
        else:
            yield from _strings(code)


def _inner(holder: Element) -> str:
    """Return what an element holds as markup; where it holds none, its text, which may be markup itself."""
    if not len(holder):
        return _unescaped(text_of(holder))
    written = (etree.tostring(child, encoding="unicode", method="html") for child in holder)
    return html.escape(holder.text or "") + "".join(written)


def _strings(code: str) -> Iterator[str]:
    """Yield the texts that a script has as strings: those joined by ``+``, and all that it writes to the page."""
    written: list[str] = []
    chain: list[str] = []
    end = -1
    writes = False
    for found in _LITERAL.finditer(code):
        between = code[end : found.start()] if end >= 0 else ""
        if not (chain and len(between) < 100 and _JOINED.fullmatch(between)):
            yield _chain(chain, written if writes else None)
            chain = []
            writes = bool(_WRITES.search(code[max(0, found.start() - 40) : found.start()]))
        chain.append(found[0][1:-1])
        end = found.end()
    yield _chain(chain, written if writes else None)
    yield "".join(written)


def _chain(literals: Iterable[str], written: list[str] | None) -> str:
    text = "".join(map(_meant, literals))
    if written is not None:
        written.append(text)
    return _unescaped(text)


def _meant(literal: str) -> str:
    """Return what a literal of JavaScript means, the work of unescape() and decodeURIComponent() done."""
    text = _ESCAPE.sub(_escaped, literal) if "\\" in literal else literal
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # \\ud83d\\ude00 is one character
    if "%u" in text:
        return unquote(_PERCENT_U.sub(lambda found: chr(int(found[1], 16)), text), errors="replace")
    return unquote(text, errors="replace") if not _HAN.search(text) and _PERCENT.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    braced, four, two, broken, other = found.groups()
    if broken:
        return ""
    if other:
        return _PLAIN.get(other, other)
    point = int(braced or four or two, 16)
    return chr(point) if point <= 0x10FFFF else ""


def _unescaped(text: str) -> str:
    """Return markup whose brackets were written as entities (&lt;p&gt;) as markup."""
    return html.unescape(text) if "<" not in text and "&lt;" in text else text
