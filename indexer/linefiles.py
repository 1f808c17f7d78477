"""Files of one line for each report, mapped: a line is read by its number, and a number found by its line."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FEED: Final = 10


class LineFile:
    """The lines of a file that doesn't change; there are ``size`` of them (an empty file may have one)."""

    def __init__(self, path: Path, size: int) -> None:
        """Map the file. Raises OSError, ValueError if it can't be, or has another number of lines."""
        self.size = size
        self._bytes: bytes | mmap.mmap = b""
        with path.open("rb") as file:
            if file.seek(0, 2):
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._ends) != size and (size or self._bytes):
            raise ValueError(f"{path.name} has {len(self._ends)} lines instead of {size}")

    def line(self, number: int) -> str:
        """Return a line."""
        start = int(self._ends[number - 1]) + 1 if number else 0
        return self._bytes[start : int(self._ends[number])].decode("utf-8")

    def lines(self) -> list[str]:
        """Return all lines."""
        return self._bytes[:].decode("utf-8").split("\n") if self.size else []

    def find(self, text: str) -> Iterator[int]:
        """Yield the numbers of the lines that are equal to a text (not ""), ascending."""
        wanted = text.encode("utf-8", "surrogatepass")
        at = self._bytes.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            number = int(np.searchsorted(self._ends, at))
            begins = at == 0 or self._bytes[at - 1] == _FEED
            if begins and end == self._ends[number]:
                yield number
            at = self._bytes.find(wanted, at + 1)

    def with_more(self, more: Iterable[str]) -> bytes:
        """Return the bytes of a file with further lines."""
        added = [line.encode("utf-8") for line in more]
        return b"\n".join([self._bytes[:], *added] if self.size else added)

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """Where the lines end."""
        return np.append(np.flatnonzero(np.frombuffer(self._bytes, np.uint8) == _FEED), len(self._bytes))
