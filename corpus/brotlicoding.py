"""Bodies in Brotli (Content-Encoding: br), inflated in bites: a bomb is met by its size, not by its memory. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import brotli

_BITE: Final = 1 << 20


def plain_brotli(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes that Brotli packed; what isn't Brotli, whatever its header says, as it stands.

    A stream that breaks off or goes wrong ends there.
    """
    inflate = brotli.Decompressor()
    begun = plain = False
    for part in parts:
        if plain:
            yield part
            continue
        try:
            piece = inflate.process(part, output_buffer_limit=_BITE)
            while piece or not inflate.can_accept_more_data():
                begun = True
                yield piece
                if inflate.is_finished():
                    return
                piece = inflate.process(b"", output_buffer_limit=_BITE)
        except brotli.error:
            if begun:
                return
            plain = True
            yield part
