"""What a file really is, by its first bytes and, in a ZIP, its members' names; suffixes are often wrong."""

from __future__ import annotations

import re
from typing import Final

from corpus.safezip import BadArchive, SafeZip

_HEAD: Final = 4096
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Names of the streams in OLE files, as UTF-16 in their directory.
WORD_STREAM: Final = "WordDocument".encode("utf-16-le")
_SHEET_STREAMS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_SLIDE_STREAM: Final = "PowerPoint Document".encode("utf-16-le")
_HTML: Final = re.compile(rb"^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta)\b", re.I | re.S)
_MHTML: Final = re.compile(rb"^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version:|Content-Type:\s*multipart/related)", re.I)
#: Suffixes that say more than the bytes do: one container, several programs.
_WORD_SUFFIXES: Final = frozenset({".doc", ".wps", ".dot", ".wpt"})
_SHEET_SUFFIXES: Final = frozenset({".xls", ".et"})
_SLIDE_SUFFIXES: Final = frozenset({".ppt", ".dps"})
_WEB_SUFFIXES: Final = frozenset({".html", ".htm", ".shtml", ".xhtml"})


def suffix_of(body: bytes, suffix: str) -> str:
    """Return the suffix (lower case, with its dot) that a file's bytes call for; ``suffix`` where they tell nothing.

    Broken containers of a known kind get that kind, so that the reader can say what is wrong.
    """
    named = suffix.lower()
    head = body[:_HEAD]
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if bare.startswith(b"{\\rt"):
        return ".rtf"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _of_zip(body, named)
    if head.startswith(OLE):
        return _of_ole(body, named)
    if head.startswith(b"\x1f\x8b"):
        return ".warc.gz" if named in {".gz", ".warc", ".warc.gz", ""} else named
    if head.startswith(b"WARC/"):
        return ".warc"
    if _MHTML.match(bare) and named not in {".txt", ".md"}:
        return ".mhtml" if named not in {".mht", ".mhtml"} else named
    if _HTML.match(bare) and named not in {".txt", ".md", ".csv", ".jsonl", ".json"}:
        return named if named in _WEB_SUFFIXES else ".html"
    return named


def _of_zip(body: bytes, named: str) -> str:
    try:
        names = SafeZip(body).names()
    except BadArchive:
        return named if named in {".docx", ".xlsx", ".ofd", ".zip"} else ".zip"
    if "word/document.xml" in names or any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return ".docx"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return ".xlsx"
    if "ofd.xml" in names:
        return ".ofd"
    if "ppt/presentation.xml" in names:
        return ".pptx"
    return named if named in {".odt", ".ods", ".epub"} else ".zip"


def _of_ole(body: bytes, named: str) -> str:
    if WORD_STREAM in body:
        return named if named in _WORD_SUFFIXES else ".doc"
    if _SLIDE_STREAM in body:
        return named if named in _SLIDE_SUFFIXES else ".ppt"
    if any(stream in body for stream in _SHEET_STREAMS):
        return named if named in _SHEET_SUFFIXES else ".xls"
    return named if named in _WORD_SUFFIXES | _SHEET_SUFFIXES | _SLIDE_SUFFIXES else ".doc"
