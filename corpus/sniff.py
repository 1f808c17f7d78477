"""What a file really is, by its bytes: names lie (a .doc that is HTML, RTF or DOCX; a .htm that is PDF). Pure."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from typing import Final

#: Of these only a mark that no text begins with is believed: Markdown may begin with HTML, a CSV with anything.
_TEXTS: Final = frozenset({".txt", ".text", ".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl", ".ndjson"})
_PAGES: Final = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_MAIL: Final = frozenset({".mht", ".mhtml"})
_MAGIC: Final = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"WARC/1.", ".warc"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Stream of an OLE file -> what it is, and the suffixes that the same stream may rightly have.
_OLE_KINDS: Final = (
    ("WordDocument", ".doc", frozenset({".doc", ".dot", ".wps", ".wpt"})),
    ("Workbook", ".xls", frozenset({".xls", ".xlt", ".et", ".ett"})),
    ("Book", ".xls", frozenset({".xls", ".xlt", ".et", ".ett"})),
    ("PowerPoint Document", ".ppt", frozenset({".ppt", ".pps", ".dps", ".dpt"})),
)
_ZIP_KINDS: Final = (
    ("word/", ".docx", frozenset({".docx", ".docm", ".dotx"})),
    ("xl/", ".xlsx", frozenset({".xlsx", ".xlsm"})),
    ("ppt/", ".pptx", frozenset({".pptx"})),
    ("ofd.xml", ".ofd", frozenset({".ofd"})),
)
#: Kinds of ZIP that tell nothing by their names, or that another reader opens.
_ZIPS: Final = frozenset({".zip", ".wacz", ".odt", ".ods", ".epub"})
_MOST_NAMES: Final = 5_000
_HEAD: Final = 4096
#: What may stand before the first tag of a page; possessive, since a hostile head must not be tried twice.
_BEFORE: Final = r"(?:\s++|\xef\xbb\xbf|<!--(?:(?!-->).)*+-->|<\?xml\s[^>]*+>)*+"
_PAGE: Final = re.compile(_BEFORE + r"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)
_PAGE_PART: Final = re.compile(
    _BEFORE
    + r"<(?:!doctype\s+html|(?:html|head|body|meta|title|script|style|link|table|div|p|span|center|font)[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_MIME: Final = re.compile(r"(?:[A-Za-z-]{2,40}:[^\n]{0,400}\n(?:[ \t][^\n]{0,400}\n){0,9}){0,30}?MIME-Version:", re.I)


def suffix_of(body: bytes, suffix: str) -> str:
    """Return the suffix that chooses a file's reader: what the bytes show, else ``suffix`` (lower case, with dot)."""
    if body.startswith(_OLE):
        return _ole(body, suffix)
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(body, suffix)
    if body.startswith(b"\x1f\x8b\x08"):
        return suffix if suffix.endswith((".gz", ".tgz")) else ".gz"
    start = body[: _HEAD // 4].removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n\x00")
    for magic, kind in _MAGIC:
        if body.startswith(magic) or (magic[:1].isascii() and kind in {".pdf", ".rtf"} and start.startswith(magic)):
            return kind
    found = _text(_head(body), suffix)
    if found in {".txt", ".text"} and body[-_HEAD // 8 :].rstrip(b"\0\r\n\t ").endswith(b">"):
        # A text that begins and ends with tags is a part of a page.
        return ".html" if _PAGE_PART.match(_head(body)) else found
    return found


def _text(head: str, suffix: str) -> str:
    """Return what a file is whose bytes are text, by its first characters."""
    if suffix in _PAGES or suffix in _MAIL:
        return ".mhtml" if suffix in _PAGES and _is_mail(head) else suffix
    if suffix in _TEXTS:
        if suffix not in {".txt", ".text"}:
            return suffix
        saved = _is_mail(head) and "boundary=" in head  # and so is no mail that was copied into a text
        return ".mhtml" if saved else ".html" if _PAGE.match(head) else suffix
    if _is_mail(head):
        return ".mhtml"
    return ".html" if _PAGE_PART.match(head) else suffix


def _is_mail(head: str) -> bool:
    return bool(_MIME.match(head)) and "multipart/related" in head.lower()


def _head(body: bytes) -> str:
    """Return the first characters of a text, good enough to see ASCII in it."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body[: _HEAD * 2].decode("utf-16", "replace")
    return body[:_HEAD].removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _ole(body: bytes, suffix: str) -> str:
    """Return what an OLE file is by the names of its streams; a document with another one inside keeps its suffix."""
    found = [(kind, own) for stream, kind, own in _OLE_KINDS if _has_stream(body, stream)]
    if not found or any(suffix in own for _, own in found):
        # None of them: encrypted DOCX and XLSX are OLE as well, as is the format of old WPS; their readers know.
        return suffix
    return found[0][0]


def _has_stream(body: bytes, name: str) -> bool:
    """Whether an entry of an OLE directory has this name; an entry has 64 bytes of name, then its length [MS-CFB]."""
    coded = name.encode("utf-16-le") + b"\x00\x00"
    place = body.find(coded)
    while place >= 0:
        if place % 128 == 0 and body[place + 64 : place + 66] == struct.pack("<H", len(coded)):
            return True
        place = body.find(coded, place + 1)
    return False


def _zip(body: bytes, suffix: str) -> str:
    """Return what a ZIP is by the names in it: an office document, an OFD, or an archive."""
    names = {name.lower().lstrip("/") for name in _zip_names(body)}
    for mark, kind, own in _ZIP_KINDS:
        # A package that lacks its list of types is still what its name says, if its parts agree.
        known = "[content_types].xml" in names or suffix in own
        if mark in names or (mark.endswith("/") and known and any(name.startswith(mark) for name in names)):
            return suffix if suffix in own else kind
    if not names or suffix in _ZIPS:
        return suffix
    return ".zip"


def _zip_names(body: bytes) -> Iterator[str]:
    """Yield the first names in a ZIP's directory; nothing is unpacked, whatever the directory says is checked."""
    end = body.rfind(b"PK\x05\x06", max(0, len(body) - 66_000))
    if end < 0 or end + 22 > len(body):
        return
    size, offset = struct.unpack_from("<II", body, end + 12)
    # What was put before the archive moves the directory; its end is where its end record starts.
    place = end - size if 0 <= size <= end else offset
    for _ in range(_MOST_NAMES):
        if place + 46 > len(body) or body[place : place + 4] != b"PK\x01\x02":
            return
        name, extra, comment = struct.unpack_from("<HHH", body, place + 28)
        yield body[place + 46 : place + 46 + name].decode("latin-1").replace("\\", "/")
        place += 46 + name + extra + comment
