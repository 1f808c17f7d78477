"""Broken copies of a file, the same in every run, for the tests of readers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.document import Document
from corpus.errors import UnreadableFile

FORMATS = Path(__file__).resolve().parent / "examples" / "formats"
#: No timing is asserted closely: a broken file takes milliseconds, the limit of a load is 30 s.
_SECONDS = 20


def mutations(body: bytes, times: int) -> Iterator[bytes]:
    """Yield copies that are cut short, overwritten, doubled or stripped somewhere."""
    chance = random.Random(len(body))
    for _ in range(times):
        copy = bytearray(body)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(copy))
            kind = chance.randrange(5)
            if kind == 0:
                copy[at] = chance.randrange(256)
            elif kind == 1:
                del copy[at : at + chance.randint(1, 200)]
            elif kind == 2:
                copy[at:at] = copy[at : at + chance.randint(1, 200)]
            elif kind == 3:
                copy[at : at + 8] = bytes(chance.randrange(256) for _ in range(8))
            else:
                copy[at : at + 4] = b"9999"
            if len(copy) < 2:
                break
        yield bytes(copy[: chance.randrange(1, len(copy))] if chance.random() < 0.15 else copy)


def survives(read: Callable[[bytes], Document], bodies: Iterator[bytes]) -> int:
    """Return how many were read; each must give a Document or say that it is unreadable, within seconds."""
    read_ones = 0
    for body in bodies:
        start = time.monotonic()
        try:
            assert isinstance(read(body), Document)
            read_ones += 1
        except UnreadableFile as error:
            assert error.zh and error.en
        assert time.monotonic() - start < _SECONDS
    return read_ones
