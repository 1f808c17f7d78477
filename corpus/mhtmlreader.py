"""MHTML -> Document: a page as a browser saved it, with its parts in one file (RFC 2557)."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.message
import re
from dataclasses import replace
from hashlib import sha256
from typing import Final

from corpus.characters import clean_characters
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.htmlreader import read_html

#: Parts within parts at the most; the parser's work grows with the product of lines and depth.
_MOST_MULTIPARTS: Final = 20
_MULTIPART: Final = re.compile(rb"(?i)content-type:\s*multipart/")
_BOUNDARY: Final = re.compile(
    rb"(?im)^content-type:\s*multipart/[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*?\bboundary\s*=\s*\"?([^\"\r\n;]{1,200})\"?"
)
_BOUNDARY_LINE: Final = re.compile(rb"(?m)^--([^\r\n]{1,202}?)(--)?[ \t]*\r?$")
_MOST_PARTS: Final = 5_000
#: How many of its pages are read, and how many times a frame's text must be that of the page.
_MOST_FRAMES: Final = 6
_FAR_MORE: Final = 3
_ADDRESS: Final = re.compile(r"https?://[^/\s]+")
_HTML: Final = ("text/html", "application/xhtml+xml")


def read_mhtml(body: bytes) -> Document:
    """Return the Document of the page that an MHTML file holds; raises UnreadableFile if it holds none."""
    if len(_MULTIPART.findall(body)) > _MOST_MULTIPARTS:
        body = _flat(body)
    try:
        message = email.message_from_bytes(body)
        pages = _pages(message)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise _no_page() from error
    if not pages:
        raise _no_page()
    part, read = _fullest(pages)
    if not read.blocks:
        raise _no_page()
    address = next((a for a in (_header(part, "Content-Location"), *_addresses(message)) if _ADDRESS.match(a)), "")
    subject = clean_characters(_header(message, "Subject"))
    offered = (("mhtml:Subject", subject),) if subject else ()
    return replace(read, declared_url=address or read.declared_url, titles=read.titles + offered)


def _flat(body: bytes) -> bytes:
    """Return a message with parts within parts as one whose parts stand one after the other, each under its headers."""
    names = set(_BOUNDARY.findall(body))
    once = b"chadang-flat-" + sha256(body).hexdigest().encode()
    top = body[: body.find(b"\n\n")] if b"\r\n\r\n" not in body[:65_536] else body[: body.find(b"\r\n\r\n")]
    kept = re.sub(rb"(?im)^content-type:[^\n]*(?:\n[ \t][^\n]*)*\n?", b"", top.strip() + b"\n")
    parts: list[bytes] = []
    start = -1
    for found in _BOUNDARY_LINE.finditer(body):
        if found[1] not in names:
            continue
        if start >= 0 and len(parts) < _MOST_PARTS:
            part = body[start : found.start()].strip(b"\r\n")
            if part and not _MULTIPART.search(part[:2_000].split(b"\r\n\r\n")[0].split(b"\n\n")[0]):
                parts.append(part)
        start = -1 if found[2] else found.end()
    joined = b"".join(b"\n--" + once + b"\n" + part for part in parts)
    kind = b'Content-Type: multipart/related; boundary="' + once + b'"'
    return kept + kind + b"\n\n" + joined + b"\n--" + once + b"--\n"


def _fullest(pages: list[email.message.Message]) -> tuple[email.message.Message, Document]:
    """Return the first page, or one of its frames if that holds far more text: the page may be a shell around it."""
    found = [(part, read_html(with_charset(_body(part), _charset(part)))) for part in pages[:_MOST_FRAMES]]
    sizes = [sum(len(block.text) for block in read.blocks) for _, read in found]
    return found[0] if sizes[0] * _FAR_MORE >= max(sizes) else found[sizes.index(max(sizes))]


def _addresses(message: email.message.Message) -> tuple[str, ...]:
    return _header(message, "Snapshot-Content-Location"), _header(message, "Content-Location")


def with_charset(body: bytes, charset: str) -> bytes:
    """Return a page with the charset that was declared outside of it, where its own bytes aren't UTF-8."""
    if not re.fullmatch(r"[A-Za-z0-9_:.-]{2,40}", charset) or body.startswith(
        (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
    ):
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return f'<meta charset="{charset}">'.encode("ascii") + body
    return body


def _pages(message: email.message.Message) -> list[email.message.Message]:
    """Return the parts that are pages, the root of the file first."""
    found = []
    for count, part in enumerate(message.walk()):
        if count > _MOST_PARTS:
            break
        if part.get_content_type() in _HTML and not part.is_multipart():
            found.append(part)
    start = str(message.get_param("start") or "")
    address = next(filter(None, _addresses(message)), "")

    def rank(part: email.message.Message) -> int:
        if start and _header(part, "Content-ID") == start:
            return 0
        return 1 if address and _header(part, "Content-Location") == address else 2

    return sorted(found, key=rank)


def _body(part: email.message.Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError, TypeError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _charset(part: email.message.Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""


def _header(message: email.message.Message, name: str) -> str:
    """Return a header's text, encoded words decoded; "" where it is absent or broken."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        text = str(email.header.make_header(email.header.decode_header(str(raw))))
    except (email.errors.HeaderParseError, ValueError, LookupError):
        text = str(raw)
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _no_page() -> UnreadableFile:
    return UnreadableFile(
        zh="MHTML 文件中没有找到网页；请在浏览器中重新保存为“单个文件”或 HTML",
        en="no page was found in the MHTML file; save it again in the browser as a single file or as HTML",
    )
