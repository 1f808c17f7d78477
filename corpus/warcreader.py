"""WARC -> the pages and files of a crawl, one at a time (ISO 28500, warcio)."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import parse_qsl, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from corpus.brotlicoding import plain_brotli
from corpus.errors import UnreadableFile
from corpus.member import LARGEST_MEMBER, Columns, Member
from corpus.mhtmlreader import with_charset
from corpus.multipage import first_pages, joined
from corpus.sniff import suffix_of as by_bytes
from corpus.warcrecords import next_record, open_records
from corpus.zipreader import Allowance, suffix_of

_CHUNK: Final = 1 << 20
#: Content type -> suffix of the reader; what isn't here (pictures, styles, scripts) is no report.
_SUFFIXES: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "application/pdf": ".pdf",
    "application/ofd": ".ofd",
    "application/msword": ".doc",
    "application/vnd.ms-works": ".wps",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "multipart/related": ".mhtml",
}
#: Suffixes that an address may lend to a file which the server says nothing useful about.
_BY_ADDRESS: Final = frozenset(
    ".html .htm .shtml .txt .md .csv .rtf .pdf .ofd .doc .wps .docx .xlsx .zip .mht .mhtml".split()
)
#: What servers call files that they don't know (application/x-msdownload, application/save-as ...) may be anything;
#: these kinds are what they say, and no report.
_OTHER: Final = re.compile(r"script|json|xml|font|wasm|flash|rss|atom|css|protobuf|x-www-form")
#: Kinds of file that are believed by their bytes alone.
_BY_BYTES: Final = frozenset(".pdf .rtf .doc .xls .docx .xlsx .ofd .html .mhtml".split())
_VAGUE: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
_ERRORS: Final = (
    ArchiveLoadFailed,
    EOFError,
    OSError,
    zlib.error,
    ValueError,
    KeyError,
    AttributeError,
    TypeError,
    IndexError,
)


class UnknownCoding(UnreadableFile):
    """A record whose body is packed in a way that isn't known here."""


def read_warc(path: Path, columns: Columns) -> Iterator[Member]:
    """Yield what a WARC file holds of pages and documents, in its order, an article of several pages as one.

    ``columns`` isn't used.

    Answers with status 200, resources, and conversions where the file has no answers; the name is the address, and
    of two records of one address the later is the newer. A damaged record is a failure, reading goes on at the next.
    What a killed crawler left half written at the end is left out; the member before it says so in its doubts.
    """
    del columns
    first_of = first_pages(path)
    yield from joined(read_records(path), first_of) if first_of else read_records(path)


def read_records(path: Path) -> Generator[Member, None, None]:
    """Yield the members as they stand in the file: an article of several pages as several."""
    allowance = Allowance.of(path.stat().st_size)
    held: Member | None = None
    with open_records(path, allowance.take) as stream:
        for member in _members(stream, allowance):
            if member is None:
                yield replace(held, doubts=(*held.doubts, "torn_tail")) if held is not None else Member("", _empty())
                return
            if held is not None:
                yield held
            held = member
        if held is not None:
            yield held


def _members(stream: BinaryIO, allowance: Allowance) -> Iterator[Member | None]:
    """Yield the members, a failure for what is damaged between two records, None at the end if the last one is torn."""
    answered = broken = False
    start: int | None = 0
    while start is not None:
        at = end = start
        stream.seek(start)
        try:
            # What is wrong with the file goes to our caller, not to the terminal.
            with redirect_stderr(io.StringIO()):
                records = ArchiveIterator(stream)
            while (record := _next(records)) is not None:
                at = records.offset
                answered = answered or record.rec_type == "response"
                member = None if record.rec_type == "conversion" and answered else _member(record, allowance)
                while part := record.raw_stream.read(_CHUNK):
                    allowance.take(len(part))
                if (
                    record.rec_headers.get_header("Content-Length") is None
                    or getattr(record.raw_stream, "limit", 0) > 0
                ):
                    raise EOFError
                end = at + _length(records)
                if broken:
                    broken = False
                    yield Member(f"before byte {at}", _damaged())
                if member is not None:
                    yield member
            stream.seek(end)
            ended = not stream.read(64).strip()  # else a record begins here whose header is torn
        except UnreadableFile:
            raise
        except _ERRORS:
            ended = False
        start = next_record(stream, at + 1)
        broken = True
        if start is None and not ended:
            yield None


def _next(records: ArchiveIterator) -> ArcWarcRecord | None:
    with redirect_stderr(io.StringIO()):
        return next(records, None)


def _length(records: ArchiveIterator) -> int:
    with redirect_stderr(io.StringIO()):
        return int(records.get_record_length() or 0)


def _member(record: ArcWarcRecord, allowance: Allowance) -> Member | None:
    """Return the page or file of a record, None if it holds none (a request, a picture, an error page)."""
    if record.rec_type not in {"response", "resource", "conversion"}:
        return None
    http = record.http_headers
    if record.rec_type == "response" and (http is None or http.get_statuscode() != "200"):
        return None
    address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    kind = str((http.get_header("Content-Type") if http else record.rec_headers.get_header("Content-Type")) or "")
    said = str((http.get_header("Content-Disposition") if http else "") or "")
    suffix = _suffix(kind, address, said)
    if not address or (not suffix and not _may_be_file(kind)):
        return None
    fetched = str(record.rec_headers.get_header("WARC-Date") or "")
    try:
        body = _body(record, allowance)
    except UnknownCoding as error:
        return Member(address, error, suffix or ".html", address, fetched)
    suffix = suffix or (sniffed if body and (sniffed := by_bytes(body, "")) in _BY_BYTES else "")
    if not suffix:
        return None
    if body is None:
        return Member(address, _too_large(), suffix, address, fetched)
    cut = ("truncated",) if record.rec_headers.get_header("WARC-Truncated") else ()
    charset = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", kind, re.IGNORECASE)
    if suffix == ".html" and charset:
        body = with_charset(body, charset[1])
    return Member(address, body, suffix, address, fetched, cut)


def _body(record: ArcWarcRecord, allowance: Allowance) -> bytes | None:
    """Return a record's content, chunks joined and compression undone; None if it is too large."""
    parts: list[bytes] = []
    size = 0
    for part in _content(record):
        size += len(part)
        allowance.take(len(part))
        if size > LARGEST_MEMBER:
            return None
        parts.append(part)
    return b"".join(parts)


def _content(record: ArcWarcRecord) -> Iterator[bytes]:
    """Yield a record's content in parts; raises UnreadableFile where its compression isn't known."""
    http = record.http_headers
    coding = str(http.get_header("Content-Encoding") or "").strip().lower() if http else ""
    if coding == "br":  # warcio would inflate it without a limit
        http.replace_header("Content-Encoding", "identity")
    elif coding == "zstd":
        raise UnknownCoding(
            zh="网页以 zstd 压缩存档，无法读取；请重新抓取，或转存为未压缩的 WARC",
            en="the page was archived packed with zstd, which can't be read; crawl it again, or unpack the WARC",
        )
    stream = record.content_stream()
    parts = iter(lambda: stream.read(_CHUNK), b"")
    yield from plain_brotli(parts) if coding == "br" else parts


def _suffix(content_type: str, address: str, disposition: str = "") -> str:
    """Return the suffix for a content type, or of its names where the type says nothing; "" if that is none known."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _SUFFIXES:
        return _SUFFIXES[kind]
    if not _may_be_file(kind):
        return ""
    try:
        parts = urlsplit(address)
        names = [parts.path, *(value for _, value in parse_qsl(parts.query))]
    except ValueError:
        names = []
    named = re.search(r"filename\*?\s*=\s*\"?([^\";]+)", disposition, re.IGNORECASE)
    names = [named[1].strip(), *names] if named else names
    return next((suffix for suffix in map(suffix_of, names) if suffix in _BY_ADDRESS), "")


def _may_be_file(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _VAGUE or (kind.startswith(("application/", "binary/")) and not _OTHER.search(kind))


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        zh="WARC 中的这条记录已损坏，未读入；请重新抓取该页",
        en="this record of the WARC file is damaged; fetch the page again",
    )


def _empty() -> UnreadableFile:
    return UnreadableFile(
        zh="WARC 文件不完整，没有一条可读的记录；请重新抓取",
        en="the WARC file is incomplete, without a record that can be read; crawl again",
    )


def _too_large() -> UnreadableFile:
    size = LARGEST_MEMBER >> 20
    return UnreadableFile(zh=f"页面超过 {size} MB，未读入", en=f"the page is larger than {size} MB and was left out")
