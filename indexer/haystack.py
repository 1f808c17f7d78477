"""Folded texts in memory, searched as one string: which rows hold a phrase (contract 2). Exact by construction."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from indexer.bitsets import bitset
from indexer.matching import is_whole_run

_KEPT = 512
_RUN_END = re.compile(r"[^a-z0-9]")


class Haystack:
    """Texts of ``size`` rows joined by line feeds, so that no phrase reaches from one unit into the next."""

    def __init__(self, texts: Iterable[str]) -> None:
        kept = list(texts)
        self._text = "\n".join(kept)
        self._starts = array("q")
        at = 0
        for text in kept:
            self._starts.append(at)
            at += len(text) + 1
        self.size = len(kept)
        self.holding = lru_cache(maxsize=_KEPT)(self._holding)

    def row(self, number: int) -> str:
        """Return the text of one row."""
        end = self._starts[number + 1] - 1 if number + 1 < self.size else len(self._text)
        return self._text[self._starts[number] : end]

    def _holding(self, phrase: str, whole_run: bool = False) -> int:
        """Return the set of rows that hold a folded phrase."""
        return bitset(self.rows(phrase, whole_run), self.size)

    def rows(self, phrase: str, whole_run: bool = False) -> Iterator[int]:
        """Yield the rows that hold a folded phrase, ascending."""
        text, starts, size = self._text, self._starts, self.size
        at = text.find(phrase)
        while at >= 0:
            if whole_run and not is_whole_run(text, at, at + len(phrase)):
                # No other place within this run of letters and digits can be a whole run.
                after_run = _RUN_END.search(text, at)
                at = text.find(phrase, after_run.start()) if after_run else -1
                continue
            after = bisect_right(starts, at)
            yield after - 1
            if after == size:
                return
            at = text.find(phrase, starts[after])
