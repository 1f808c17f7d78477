"""Content codings of HTTP, unpacked in small bites: a bomb is met by its size, not by the memory it takes. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from corpus.errors import PageFailed, Transient

_BITE: Final = 262_144
#: zlib's window for "gzip or zlib, look at the header", and for deflate without a header, as some servers send it.
_GZIP_OR_ZLIB: Final = 47
_BARE: Final = -15
#: Codings that pack; what else stands in Content-Encoding (utf-8, binary, none) is a mistake that means nothing.
_PACKS: Final = re.compile(r"br|zstd|compress|dcb|dcz|exi|pack200|gzip|deflate", re.IGNORECASE)


def unpacked(parts: Iterable[bytes], coding: str, url: str) -> Iterator[bytes]:
    """Yield the decoded bytes in pieces of at most 256 KiB; ``coding`` is the value of Content-Encoding.

    Raises PageFailed for a coding we didn't ask for (chains of codings among them) or bytes that don't decode,
    Transient for a stream that ends too early.
    """
    name = coding.strip().lower()
    if name in {"gzip", "x-gzip", "deflate"}:
        yield from _inflated(parts, url)
    elif not _PACKS.search(name):
        yield from parts
    else:
        raise PageFailed(zh=f"{url} 的压缩方式 {coding} 不受支持", en=f"{url} came in the coding {coding}")


def _inflated(parts: Iterable[bytes], url: str) -> Iterator[bytes]:
    inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
    begun = False
    for part in parts:
        data = part
        while data:
            if inflate.eof:
                if data[:1] != b"\x1f":
                    break  # padding or noise after the last member
                inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                if not begun and not _has_header(data):
                    inflate = zlib.decompressobj(_BARE)
                begun = True
                piece = inflate.decompress(data, _BITE)
            except zlib.error as error:
                raise PageFailed(zh=f"{url} 的压缩数据已损坏", en=f"{url} doesn't unpack: {error}") from error
            if piece:
                yield piece
            data = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    if begun and not inflate.eof:
        yield from _rest(inflate, url)


def _has_header(data: bytes) -> bool:
    """Whether a stream begins as gzip (RFC 1952) or zlib (RFC 1950) does."""
    if data[:1] == b"\x1f":
        return True
    return data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] * 256 + data[1]) % 31 == 0)


def _rest(inflate: zlib._Decompress, url: str) -> Iterator[bytes]:
    while not inflate.eof:
        piece = inflate.decompress(inflate.unconsumed_tail, _BITE)
        if not piece:
            raise Transient(zh=f"{url} 没有传完", en=f"{url} broke off")
        yield piece
