"""Counts the words of many texts, those near a match apart: each distinct run of characters is cut into words once.

Texts are gathered, folded together and cut into runs; of a run only its number is kept, and what stands where is then
arithmetic on arrays. Reports repeat their wording, so that of a million runs few are new.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.folding import fold
from indexer.matching import Check, unchecked
from indexer.results import Span
from indexer.segment import Segmenter, runs_of, words_of_runs

#: Stand for a match and for the end of a text; no stored text has a lone surrogate.
_MATCH: Final = "\ud800"
_END: Final = "\ud801"
_MATCH_WORD, _END_WORD = 0, 1
_NEW: Final = -1
#: So many characters are counted at once, and so many distinct runs are kept.
_BATCH: Final = 1 << 20
_RUNS: Final = 400_000


@dataclass(frozen=True, slots=True)
class WordCount:
    """A word: how often in all texts, near a match, before one and after one."""

    word: str
    every: int
    near: int
    before: int
    after: int


class NearWords:
    """The counts of the texts added so far; a word is near if a match is at most ``within`` words away in its text."""

    def __init__(self, segmenter: Segmenter, within: int, check: Check = unchecked) -> None:
        self._segmenter = segmenter
        self._within = within
        self._check = check
        self.matches = 0
        self._waiting: list[str] = []
        self._size = 0
        self._numbers: dict[str, int] = {_MATCH: _MATCH_WORD, _END: _END_WORD}
        self._counts = np.zeros((4, 1024), np.int64)
        self._forget()

    def add(self, text: str, spans: Sequence[Span]) -> None:
        """Count a text in which these spans, disjoint and in order, are matches."""
        at = 0
        for start, end in spans:
            self._waiting += (text[at:start], _MATCH)
            at = end
        self._waiting += (text[at:], _END)
        self.matches += len(spans)
        self._size += len(text)
        if self._size >= _BATCH:
            self._count()

    def totals(self) -> tuple[int, int]:
        """Return how many words are near a match and how many aren't."""
        self._count()
        every, near, *_ = self._counts.sum(axis=1).tolist()
        return near, every - near

    def near(self, least: int) -> Iterator[WordCount]:
        """Yield the words that are near a match at least so often (once or more)."""
        self._count()
        words = list(self._numbers)
        for number in np.flatnonzero(self._counts[1] >= max(least, 1)).tolist():
            yield WordCount(words[number], *self._counts[:, number].tolist())

    def _count(self) -> None:
        if not self._waiting:
            return
        text = fold("".join(self._waiting))
        self._waiting, self._size = [], 0
        if len(self._run_numbers) > _RUNS:
            self._forget()
        runs = runs_of(text, _MATCH + _END)
        numbers = np.fromiter(map(self._run_numbers.get, runs, repeat(_NEW)), np.int64, len(runs))
        new = np.flatnonzero(numbers == _NEW).tolist()
        self._learn(list(dict.fromkeys([runs[at] for at in new])))
        numbers[new] = [self._run_numbers[runs[at]] for at in new]
        self._check()
        sizes, firsts = np.array(self._run_sizes)[numbers], np.array(self._run_starts)[numbers]
        words = np.array(self._run_words)[np.repeat(firsts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())]
        marks = words <= _END_WORD
        after = self._beside(np.append(marks, True), np.flatnonzero(words == _MATCH_WORD), 1)
        before = self._beside(np.append(marks, True), np.flatnonzero(words == _MATCH_WORD), -1)
        known = len(self._numbers)
        if known > self._counts.shape[1]:
            self._counts = np.pad(self._counts, ((0, 0), (0, known)))
        for row, chosen in enumerate((~marks, after | before, before, after)):
            self._counts[row, :known] += np.bincount(words[chosen], minlength=known)

    def _beside(self, marks: NDArray[np.bool_], matches: NDArray[np.intp], step: int) -> NDArray[np.bool_]:
        """Return which words are at most ``within`` from a match on one side, nothing marked between them."""
        found = np.zeros(len(marks), np.bool_)
        at = matches
        for _ in range(self._within):
            at = at + step
            at = at[~marks[at]]  # the last mark ends the last text, and is also what stands before the first word
            found[at] = True
        return found[:-1]

    def _learn(self, runs: Sequence[str]) -> None:
        """Cut new runs into words, and give them numbers."""
        parts = words_of_runs(runs, self._segmenter)
        first = len(self._run_sizes)
        self._run_numbers.update(zip(runs, range(first, first + len(runs)), strict=True))
        known = self._numbers
        for part in parts:
            self._run_starts.append(len(self._run_words))
            self._run_sizes.append(len(part))
            self._run_words.extend([known.setdefault(word, len(known)) for word in part])

    def _forget(self) -> None:
        """Let go of the runs, not of the words."""
        self._run_numbers: dict[str, int] = {}
        self._run_starts = array("q")
        self._run_sizes = array("q")
        self._run_words = array("q")
