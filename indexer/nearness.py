"""Which of the sections that an index offers for near hold its parts near each other, most of them without a look at their text.

What stands near each other in thousands of sections mostly does so in the same words. So a few sections are read, what
stands between the parts there is asked for as a phrase, and who holds that phrase needn't be read: exact, since a phrase
reaches over no unit's end. The rest is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np

from indexer.matching import Check, nearby_test
from indexer.query import Nearby
from indexer.tantivyschema import Rows

#: Yields (row, folded units joined by line feeds) of some rows; returns the rows that hold any of some phrases.
Read: TypeAlias = Callable[[Rows], Iterator[tuple[int, str]]]
Holding: TypeAlias = Callable[[Sequence[str]], Rows]

#: So many are rather read at once; so many are read to learn from; a phrase in fewer of these isn't asked for.
_FEW: Final = 400
_SAMPLE: Final = 48
_OFTEN: Final = 2
#: A longer phrase isn't the same in many; and to go on, a round must settle this share of what is left.
_LONGEST: Final = 64
_LEAST_SETTLED: Final = 0.1


def settled(leaf: Nearby, candidates: Rows, read: Read, holding: Holding, check: Check) -> tuple[list[str], Rows]:
    """Return phrases that hold the parts near each other, and the candidates without one that are left to be read."""
    phrases: list[str] = []
    left = candidates
    while len(leaf.parts) == 2 and len(left) > _FEW:
        check()
        sample = left[np.linspace(0, len(left) - 1, _SAMPLE).astype(np.int64)]
        found = Counter(span for _, units in read(sample) for span in _spans(leaf, units))
        repeated = [span for span, often in found.items() if often >= _OFTEN]
        if not repeated:
            break
        phrases += repeated
        before = len(left)
        left = np.setdiff1d(left, holding(repeated), assume_unique=True)
        if before - len(left) < _LEAST_SETTLED * before:
            break
    return phrases, left


def read_through(leaf: Nearby, rows: Rows, read: Read, check: Check) -> list[int]:
    """Return those of some rows whose text holds the parts near each other."""
    stands = nearby_test(leaf, check)
    return [row for row, units in read(rows) if stands(units)]


def _spans(leaf: Nearby, units: str) -> Iterable[str]:
    """Return the shortest texts in which the parts stand near each other, one for each direction."""
    left, right = (re.escape(part) for part in leaf.parts)
    gap = f"[^\\n]{{0,{leaf.within}}}?"
    found = {match[0] for pattern in (left + gap + right, right + gap + left) if (match := re.search(pattern, units))}
    return [span for span in found if len(span) <= _LONGEST]
