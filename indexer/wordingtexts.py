"""The distinct sentences of a segment, searched as they lie: which hold a phrase. Exact, whatever the phrase."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.wordingsegment import CODING, STEP, Segment, text_places

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

#: Of more than one of so many texts the places are counted from the first on.
_MANY_OF: Final = 64
#: A character that touches a whole run of ASCII letters and digits makes it none.
_RUN: Final = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz0123456789"))
_RUN_UNITS: Final = np.array(sorted(_RUN), np.uint16)


class SegmentTexts:
    """The texts of one segment. They lie one after the other, each ended by a line feed."""

    def __init__(self, segment: Segment) -> None:
        self._planes = segment.planes
        self._lengths = segment.lengths
        self._starts = segment.starts

    def __len__(self) -> int:
        return len(self._lengths)

    def texts(self, numbers: Numbers) -> list[str]:
        """Return some texts."""
        starts, lengths = self._spans(numbers)
        units = self._planes.at(text_places(starts + lengths, lengths))
        return units.tobytes().decode(CODING, "surrogatepass").split("\n")[:-1]

    def holding(self, phrase: str, whole_run: bool) -> Flags:
        """Return which texts hold a phrase."""
        wanted = _units(phrase)
        places = self._planes.find(wanted)
        if whole_run:
            places = places[self._is_whole(places, len(wanted))]
        return _owners(places, np.cumsum(self._lengths, dtype=np.int64))

    def holding_of(self, numbers: Numbers, phrase: str, whole_run: bool) -> Flags:
        """Return which of some texts hold a phrase."""
        starts, lengths = self._spans(numbers)
        within = text_places(starts + lengths, lengths)
        wanted = _units(phrase)
        found = self._planes.find(wanted, within)
        if whole_run:
            found = found[self._is_whole(within[found], len(wanted))]
        return _owners(found, np.cumsum(lengths))

    def _spans(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Return where texts begin, and their lengths with the line feed."""
        own = self._lengths[numbers].astype(np.int64)
        if len(numbers) > len(self._lengths) // _MANY_OF:
            return np.cumsum(self._lengths, dtype=np.int64)[numbers] - own, own
        within = numbers % STEP
        starts = self._starts[numbers // STEP].astype(np.int64)
        first = numbers - within
        for step in range(int(within.max()) if len(within) else 0):
            starts += np.where(step < within, self._lengths[np.minimum(first + step, numbers)], 0)
        return starts, own

    def _is_whole(self, places: Numbers, size: int) -> Flags:
        before = np.isin(self._planes.at(np.maximum(places - 1, 0)), _RUN_UNITS) & (places > 0)
        # The last text ends with a line feed, and no phrase has one.
        after = np.isin(self._planes.at(places + size), _RUN_UNITS)
        flags: Flags = ~before & ~after
        return flags


def _owners(places: Numbers, ends: Numbers) -> Flags:
    """Return which texts some places are in, given where these end."""
    found = np.zeros(len(ends), np.bool_)
    if len(places) > len(found) // 4:
        return np.diff(np.searchsorted(places, ends), prepend=0) > 0
    found[np.searchsorted(ends, places, "right")] = True
    return found


def _units(phrase: str) -> NDArray[np.uint16]:
    return np.frombuffer(phrase.encode(CODING, "surrogatepass"), "<u2")
