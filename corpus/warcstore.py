"""Raw pages as WARC 1.1 (ISO 28500): one response record per gzip member, on the disk before anything else knows it.

A record's payload is the decoded body: the headers of content and transfer coding are left out and Content-Length is
right. The second and later pages of an article carry ``WARC-Refers-To-Target-URI: <URL of its first page>``, so that
a reader can join them; attachments carry it as well, told apart by their Content-Type and name. Listings aren't kept.
"""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.errors import FetchError
from corpus.page import Page

_ENDING: Final = ".warc.gz"
_FULL: Final = 1_000_000_000
_GZIP: Final = 31
_BITE: Final = 1_048_576
FIRST_PAGE: Final = "WARC-Refers-To-Target-URI"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: file name, byte offset, length in bytes."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Saved:
    """A page found in a WARC file; ``first`` is the URL of the article's first page, "" for a first page."""

    page: Page
    first: str
    place: Place


def warc_paths(folder: Path) -> list[Path]:
    """Return the WARC files of a folder, the oldest first."""
    return sorted(folder.glob("*" + _ENDING))


class WarcStore:
    """Appends pages to the newest WARC file of a run (``stamp``, which sorts by time)."""

    def __init__(self, folder: Path, stamp: str) -> None:
        self._folder = folder
        self._stamp = stamp

    def append(self, page: Page, first: str) -> Place:
        """Write a page and wait until it is on the disk. Raises FetchError, leaving the file as it was."""
        return self._written(_record(page, first))

    def copy(self, place: Place) -> Place:
        """Write a record once more, into the newest file. Raises FetchError."""
        path = self._folder / place.file
        try:
            with path.open("rb") as file:
                file.seek(place.offset)
                data = file.read(place.length)
        except OSError as error:
            raise FetchError(
                zh=f"无法读取 {path}：{error.strerror}；请检查权限，再运行同一命令",
                en=f"can't read {path}: {error.strerror}; check the rights, then run the same command",
            ) from error
        return self._written(data)

    def current(self) -> str:
        """Return the name of the file that the next record goes into."""
        return self._current().name

    def _written(self, data: bytes) -> Place:
        path = self._current()
        fresh = not path.exists()
        try:
            with path.open("ab") as file:
                offset = file.tell()
                try:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    file.truncate(offset)
                    raise
            if fresh:
                _sync_folder(self._folder)
        except OSError as error:
            raise FetchError(
                zh=f"无法写入 {path}：{error.strerror}；请检查磁盘空间和权限，再运行同一命令",
                en=f"can't write {path}: {error.strerror}; check space and rights, then run the same command",
            ) from error
        return Place(path.name, offset, len(data))

    def _current(self) -> Path:
        mine = [path for path in warc_paths(self._folder) if path.name.startswith(self._stamp)]
        if mine and mine[-1].stat().st_size < _FULL:
            return mine[-1]
        return self._folder / f"{self._stamp}-{len(mine) + 1:03d}{_ENDING}"


def check_tail(path: Path, start: int) -> Iterator[Saved]:
    """Yield the records from byte ``start`` on, and cut off a last one that was torn by a kill."""
    good = start
    with path.open("rb") as file:
        file.seek(start)
        for offset, length, data in _members(file, start):
            saved = _read(data, Place(path.name, offset, length))
            if saved is None:
                break
            good = offset + length
            yield saved
    if good < path.stat().st_size:
        with path.open("r+b") as file:
            file.truncate(good)
            os.fsync(file.fileno())


def read_pages(path: Path) -> Iterator[Saved]:
    """Yield every whole record of a WARC file; changes nothing."""
    with path.open("rb") as file:
        for offset, length, data in _members(file, 0):
            if (saved := _read(data, Place(path.name, offset, length))) is not None:
                yield saved


def _members(file: io.BufferedReader, start: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield offset, length and content of each whole gzip member."""
    offset, pending = start, b""
    while True:
        inflate, content, length = zlib.decompressobj(_GZIP), bytearray(), 0
        while not inflate.eof:
            data = pending or file.read(_BITE)
            if not data:
                return
            pending = b""
            try:
                content += inflate.decompress(data)
            except zlib.error:
                return
            length += len(data)
        pending = inflate.unused_data
        length -= len(pending)
        yield offset, length, bytes(content)
        offset += length


def _record(page: Page, first: str) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    try:
        reason = HTTPStatus(page.status).phrase
    except ValueError:
        reason = ""
    kept = [(key, re.sub(r"[\r\n]+", " ", value)) for key, value in page.headers if key != "content-length"]
    http = StatusAndHeaders(
        f"{page.status} {reason}".strip(), [*kept, ("content-length", str(len(page.body)))], protocol="HTTP/1.1"
    )
    headers = {"WARC-Date": page.fetched_at}
    if first:
        headers[FIRST_PAGE] = first
    record = writer.create_warc_record(
        page.url, "response", payload=io.BytesIO(page.body), http_headers=http, warc_headers_dict=headers
    )
    writer.write_record(record)
    return buffer.getvalue()


def _read(data: bytes, place: Place) -> Saved | None:
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            headers = record.http_headers
            if record.rec_type != "response" or headers is None:
                return None
            fields = tuple((key.lower(), value) for key, value in headers.headers if key.lower() != "content-length")
            page = Page(
                record.rec_headers.get_header("WARC-Target-URI"),
                record.rec_headers.get_header("WARC-Date"),
                int(headers.get_statuscode()),
                headers.get_header("content-type") or "",
                fields,
                record.content_stream().read(),
            )
            return Saved(page, record.rec_headers.get_header(FIRST_PAGE) or "", place)
    except (ArchiveLoadFailed, ValueError, EOFError):
        return None
    return None


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder can't be synced there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
