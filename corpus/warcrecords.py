"""WARC files that aren't as they should be: compressed as a whole, or damaged between two records."""

from __future__ import annotations

import gzip
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

_GZIP: Final = b"\x1f\x8b\x08"
_RECORD: Final = re.compile(rb"WARC/(?:0\.1[78]|1\.[01])\r?\n")
_CHUNK: Final = 1 << 20


@contextmanager
def open_records(path: Path, take: Callable[[int], None]) -> Iterator[BinaryIO]:
    """Open a WARC file; one that was compressed as a whole, not record by record, is unpacked to a temporary file.

    ``take`` is told how many bytes come out, and may raise.
    """
    with path.open("rb") as stream:
        packed = stream.read(3) == _GZIP
        stream.seek(0)
        whole = packed and len(_RECORD.findall(_first_member(stream))) > 1
        stream.seek(0)
        if not whole:
            yield stream
            return
        with tempfile.TemporaryFile() as copy, gzip.open(stream) as unpacked:
            try:
                while part := unpacked.read(_CHUNK):
                    take(len(part))
                    copy.write(part)
            except (EOFError, OSError, zlib.error):  # torn: what was read so far ends in a torn record
                pass
            copy.seek(0)
            yield copy


def _first_member(stream: BinaryIO) -> bytes:
    """Return the start of what the first gzip member of a file holds."""
    try:
        return zlib.decompressobj(wbits=31).decompress(stream.read(_CHUNK), 4 * _CHUNK)
    except zlib.error:
        return b""


def next_record(stream: BinaryIO, start: int) -> int | None:
    """Return where the next record begins that can be read, None if there is none."""
    stream.seek(0)
    packed = stream.read(3) == _GZIP
    overlap = b""
    stream.seek(start)
    while part := stream.read(_CHUNK):
        window = overlap + part
        base = stream.tell() - len(window)
        at = -1
        while True:
            found = window.find(_GZIP, at + 1) if packed else _found(window, at + 1)
            if found < 0:
                break
            at = found
            if not packed:
                return base + at
            resume = stream.tell()
            if _begins_record(stream, base + at):
                return base + at
            stream.seek(resume)
        overlap = window[-16:]
    return None


def _found(window: bytes, start: int) -> int:
    match = _RECORD.search(window, start)
    return match.start() if match else -1


def _begins_record(stream: BinaryIO, place: int) -> bool:
    """Whether a gzip member with a WARC record starts here; its three bytes also occur by chance."""
    stream.seek(place)
    try:
        return bool(_RECORD.match(zlib.decompressobj(wbits=31).decompress(stream.read(4096), 64)))
    except zlib.error:
        return False
