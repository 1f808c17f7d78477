"""The distinct sentences of a segment, searched as numbers: which hold a phrase. Exact, whatever the phrase."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.wordingsegment import Segment

#: Characters compared at once: what stays in a processor's cache.
_CHUNK: Final = 1 << 18
#: The frequency of characters is that of every so manieth.
_SAMPLED: Final = 16
_CODING: Final = "utf-16-le"
#: A character that touches a whole run of ASCII letters and digits makes it none.
_RUN: Final = np.zeros(1 << 16, np.bool_)
_RUN[[ord(char) for char in "abcdefghijklmnopqrstuvwxyz0123456789"]] = True


class SegmentTexts:
    """The texts of one segment. They lie one after the other, each ended by a line feed."""

    def __init__(self, segment: Segment) -> None:
        self._units = segment.texts
        self._ends: NDArray[np.int64] = np.cumsum(segment.lengths, dtype=np.int64)

    def text(self, number: int) -> str:
        """Return a text."""
        start = int(self._ends[number - 1]) if number else 0
        return self._units[start : int(self._ends[number]) - 1].tobytes().decode(_CODING, "surrogatepass")

    def holding(self, phrase: str, whole_run: bool) -> NDArray[np.bool_]:
        """Return which texts hold a phrase."""
        found = np.zeros(len(self._ends), np.bool_)
        places = self._places(np.frombuffer(phrase.encode(_CODING, "surrogatepass"), np.uint16), whole_run)
        if len(places) > len(found) // 4:
            upto = np.searchsorted(places, self._ends)
            found = np.diff(upto, prepend=0) > 0
        else:
            found[np.searchsorted(self._ends, places, "right")] = True
        return found

    def _places(self, wanted: NDArray[np.uint16], whole_run: bool) -> NDArray[np.int64]:
        """Return where a phrase begins: where its rarest character is, and the others around it."""
        units, size = self._units, len(wanted)
        order = sorted(range(size), key=lambda at: int(self._frequency[wanted[at]]))
        rarest, others = order[0], order[1:]
        parts = []
        for start in range(0, len(units) - size + 1, _CHUNK):
            # A place counts to the chunk in which it begins; its characters may stand in the next.
            stop = min(start + _CHUNK, len(units) - size + 1)
            at = np.flatnonzero(units[start + rarest : stop + rarest] == wanted[rarest]) + start
            for other in others:
                if not len(at):
                    break
                at = at[units[at + other] == wanted[other]]
            if whole_run and len(at):
                before = _RUN[units[np.maximum(at - 1, 0)]] & (at > 0)
                at = at[~before & ~_RUN[units[at + size]]]  # the last text ends with a line feed
            parts.append(at)
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    @cached_property
    def _frequency(self) -> NDArray[np.int64]:
        return np.bincount(self._units[::_SAMPLED], minlength=1 << 16)
