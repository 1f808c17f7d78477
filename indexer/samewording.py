"""Sections whose matching sentence is the same wording, folded into one line of the result (contract 7.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.deadline import Deadline
from indexer.matching import text_leaves
from indexer.query import Plan
from indexer.wordingmatch import SentenceQuery
from indexer.wordingstore import Numbers, WordingStore


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the place of its section in the order, its wording's key ("" for none), how many are folded into it."""

    place: int
    wording: str
    same: int


class Lines:
    """The lines of a result: each wording where its first section stands, and every section without one."""

    def __init__(self, store: WordingStore, plan: Plan, sections: Numbers, deadline: Deadline) -> None:
        self._store = store
        self._wordings = matching_wordings(store, plan, sections, deadline)
        places = np.arange(len(sections))
        first = np.empty(len(store.keys) + 1, np.int64)
        # Of several values for one element the last one stays: that of the first place.
        first[self._wordings[::-1]] = places[::-1]
        self._places: NDArray[np.intp] = np.flatnonzero((self._wordings < 0) | (first[self._wordings] == places))

    def __len__(self) -> int:
        return len(self._places)

    def window(self, offset: int, size: int) -> list[Line]:
        """Return some lines in their order."""
        return [self._line(int(place)) for place in self._places[offset : offset + size]]

    def others(self, key: str) -> NDArray[np.intp]:
        """Return the places that are folded into the line of a wording, by its key."""
        number = self._store.number_of(int(key, 16))
        return np.flatnonzero(self._wordings == number)[1:] if number is not None else np.zeros(0, np.intp)

    def _line(self, place: int) -> Line:
        wording = int(self._wordings[place])
        if wording < 0:
            return Line(place, "", 0)
        key = f"{int(self._store.keys[wording]):016x}"
        return Line(place, key, int(np.count_nonzero(self._wordings == wording)) - 1)


def matching_wordings(store: WordingStore, plan: Plan, sections: Numbers, deadline: Deadline) -> Numbers:
    """Return the wording of each section's matching sentence: the first of those with the most leaves; -1 for none."""
    found = np.full(len(sections), -1, np.int64)
    leaves = dict.fromkeys(text_leaves(plan))
    if not leaves or not len(sections):
        return found
    asked = SentenceQuery(store, plan, "section", deadline)
    if len(sections) <= store.few:
        sentences = store.sentences_of(np.sort(sections))
    else:
        wanted = np.zeros(store.size, np.bool_)
        wanted[sections] = True
        sentences = asked.with_any_leaf(wanted)
    deadline.check()
    weights = asked.weights(sentences)
    sentences, weights = sentences[weights > 0], weights[weights > 0]
    if not len(sentences):
        return found
    owners = store.section_of[sentences]
    starts = _firsts(owners)
    if len(leaves) > 1:
        at = np.flatnonzero(starts)
        best = np.repeat(np.maximum.reduceat(weights, at), np.diff(at, append=len(owners)))
        sentences, owners = sentences[weights == best], owners[weights == best]
        starts = _firsts(owners)
    of_section = np.full(store.size, -1, np.int64)
    of_section[owners[starts]] = store.wordings(sentences[starts])
    chosen: Numbers = of_section[sections]
    return chosen


def _firsts(ascending: NDArray[np.uint32]) -> NDArray[np.bool_]:
    firsts = np.ones(len(ascending), np.bool_)
    firsts[1:] = ascending[1:] != ascending[:-1]
    return firsts
