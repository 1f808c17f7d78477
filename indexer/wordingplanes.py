"""A long run of UTF-16 units in ten bits each on average, that is read at any place and searched as it lies. Pure.

Units are ranked by how often they occur. ``low`` holds the lower eight bits of each unit's rank, ``rare`` a bit that says
whether the rank is beyond these (a quarter of all units of Chinese text), and ``high`` four more bits for each rare one;
a unit that is rarer still has 0 there, and stands in ``odd`` with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Units: TypeAlias = NDArray[np.uint16]
Places: TypeAlias = NDArray[np.int64]

PLANES: Final = ("low", "rare", "high", "before", "units", "odd_at", "odd")
_COMMON: Final = 256
#: Ranks that the four bits of ``high`` can say.
_RANKED: Final = 16 * _COMMON
#: Units whose rare ones are counted ahead in ``before``: four words of ``rare``.
_BLOCK: Final = 256
_WORDS: Final = _BLOCK // 64
#: Units packed or compared at once: what stays in a processor's cache. A multiple of the block.
_CHUNK: Final = 1 << 18


def planes_of(text: Units) -> dict[str, NDArray[Any]]:
    """Return the planes of a text."""
    counts = np.zeros(1 << 16, np.int64)
    for start in range(0, len(text), _CHUNK):  # it counts a copy in eight bytes a unit
        counts += np.bincount(text[start : start + _CHUNK], minlength=1 << 16)
    units = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)].astype("<u2")
    rank_of = np.zeros(1 << 16, np.uint16)
    rank_of[units] = np.arange(len(units), dtype=np.uint16)
    size = len(text)
    low = np.empty(size, np.uint8)
    rare = np.zeros(-(-size // _BLOCK) * _BLOCK // 8, np.uint8)
    highs: list[NDArray[np.uint8]] = []
    odd_at: list[NDArray[np.uint32]] = []
    for start in range(0, size, _CHUNK):
        ranks = rank_of[text[start : start + _CHUNK]]
        low[start : start + _CHUNK] = ranks & np.uint16(_COMMON - 1)
        bits = ranks >= _COMMON
        packed = np.packbits(bits, bitorder="little")
        rare[start // 8 : start // 8 + len(packed)] = packed
        beyond = ranks[bits]
        highs.append(np.where(beyond < _RANKED, beyond // _COMMON, 0).astype(np.uint8))
        if len(units) > _RANKED:
            odd_at.append((np.flatnonzero(ranks >= _RANKED) + start).astype(np.uint32))
    odd = np.concatenate([np.zeros(0, np.uint32), *odd_at])
    counted = np.bitwise_count(rare.view("<u8")).reshape(-1, _WORDS).sum(axis=1, dtype=np.int64)
    return {
        "low": low,
        "rare": rare,
        "high": _nibbles(np.concatenate([np.zeros(0, np.uint8), *highs])),
        "before": (np.cumsum(counted) - counted).astype("<u4"),
        "units": units,
        "odd_at": odd,
        "odd": text[odd],
    }


class Planes:
    """Planes that are open for reading."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the arrays. Raises KeyError, ValueError if they aren't planes."""
        self._low: NDArray[np.uint8] = arrays["low"]
        self._rare: NDArray[np.uint8] = arrays["rare"]
        self._high: NDArray[np.uint8] = arrays["high"]
        self._before: NDArray[np.uint32] = arrays["before"]
        self._units: Units = arrays["units"]
        self._odd_at: NDArray[np.uint32] = arrays["odd_at"]
        self._odd: Units = arrays["odd"]
        self._words: NDArray[np.uint64] = self._rare.view("<u8")
        self.size = len(self._low)
        if len(self._before) != -(-self.size // _BLOCK) or len(self._words) != len(self._before) * _WORDS:
            raise ValueError("planes of different sizes")

    def at(self, places: Places) -> Units:
        """Return the units at some places."""
        ranks = self._low[places].astype(np.uint16)
        beyond = np.flatnonzero(self._is_rare(places))
        if not len(beyond):
            return self._units[ranks]
        own = places[beyond]
        block, word = own // _BLOCK, own // 64
        number = self._before[block].astype(np.int64)
        first = block * _WORDS
        for each in range(_WORDS - 1):
            number += np.where(first + each < word, np.bitwise_count(self._words[first + each]), 0)
        upto = (np.uint64(1) << (own % 64).astype(np.uint64)) - np.uint64(1)
        number += np.bitwise_count(self._words[word] & upto)
        high = (self._high[number // 2] >> (number % 2 * 4).astype(np.uint8)) & np.uint8(15)
        ranks[beyond] |= high.astype(np.uint16) * np.uint16(_COMMON)
        found = self._units[ranks]
        odd = beyond[high == 0]
        if len(odd):
            found[odd] = self._odd[np.searchsorted(self._odd_at, places[odd])]
        return found

    def find(self, wanted: Units, within: Places | None = None) -> Places:
        """Return where a phrase begins, ascending; ``within``: places that are looked at as if they were all of the text.

        Then it is their numbers that are returned.
        """
        ranks = self._ranks(wanted)
        if ranks is None or len(wanted) > (self.size if within is None else len(within)):
            return np.zeros(0, np.int64)
        order = np.argsort(-ranks, kind="stable").tolist()
        if within is None:
            found = np.concatenate([np.zeros(0, np.int64), *self._chunks(ranks, order)])
        else:
            rare = self._is_rare(within) if ranks[order[0]] >= _COMMON else None
            found = _equal(self._low[within], rare, ranks, order)
        # Units of other ranks have the same low bits.
        for offset in order:
            places = found + offset if within is None else within[found + offset]
            right = self.at(places) == wanted[offset] if ranks[offset] >= _COMMON else ~self._is_rare(places)
            found = found[right]
        return found

    def _chunks(self, ranks: NDArray[np.int64], order: list[int]) -> list[Places]:
        found = []
        for start in range(0, self.size, _CHUNK):
            # A place counts to the chunk in which it begins; its units may stand in the next.
            stop = min(start + _CHUNK + len(ranks) - 1, self.size)
            rare = None
            if ranks[order[0]] >= _COMMON:
                packed = self._rare[start // 8 : -(-stop // 8)]
                rare = np.unpackbits(packed, count=stop - start, bitorder="little").view(np.bool_)
            found.append(_equal(self._low[start:stop], rare, ranks, order) + start)
        return found

    def _is_rare(self, places: Places) -> NDArray[np.bool_]:
        bits = self._rare[places >> 3] >> (places & 7).astype(np.uint8)
        flags: NDArray[np.bool_] = (bits & np.uint8(1)).view(np.bool_)
        return flags

    def _ranks(self, wanted: Units) -> NDArray[np.int64] | None:
        """Return the ranks of a phrase's units; None if one occurs nowhere."""
        ranks = np.zeros(len(wanted), np.int64)
        for place, unit in enumerate(wanted.tolist()):
            known = np.flatnonzero(self._units == unit)
            if not len(known):
                return None
            ranks[place] = known[0]
        return ranks


def _equal(
    low: NDArray[np.uint8], rare: NDArray[np.bool_] | None, ranks: NDArray[np.int64], order: list[int]
) -> Places:
    """Return where the low bits of ranks are found: where the rarest of them is, which is the first of ``order``, the
    others around it. ``rare``: which units are, where the rarest must be one; some are other units all the same.
    """
    size = len(low) - len(ranks) + 1
    if size <= 0:
        return np.zeros(0, np.int64)
    rarest, *others = order
    held = low[rarest : rarest + size] == np.uint8(ranks[rarest] % _COMMON)
    if rare is not None:
        held &= rare[rarest : rarest + size]
    at = np.flatnonzero(held)
    for other in others:
        if not len(at):
            break
        at = at[low[other : other + size][at] == np.uint8(ranks[other] % _COMMON)]
    return at


def _nibbles(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    even = np.append(values, np.uint8(0)) if len(values) % 2 else values
    return even[0::2] | even[1::2] << np.uint8(4)
