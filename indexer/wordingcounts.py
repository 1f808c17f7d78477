"""The wordings of a set of sentences with the reports that use each: counts and orders by arithmetic on arrays. Pure."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from indexer.wordingstore import Flags, Numbers, WordingStore

WordingSort = Literal["use", "first", "rarest"]
WORDING_SORTS: Final[tuple[WordingSort, ...]] = ("use", "first", "rarest")
#: Reports counted, and years, in a number that is sorted by; the rest is the wording's own number.
_REPORT_BITS: Final = 24
_YEAR_BITS: Final = 14


class WordingCounts:
    """The wordings of some sentences, by number, with their reports, the oldest first."""

    def __init__(self, store: WordingStore, found: Numbers) -> None:
        self._store = store
        self._sentences = found
        size = max(1, store.report_count)
        self._of = store.wordings(found)
        self._reports = store.report_of[store.section_of[found]].astype(np.int64)
        # By sorting: np.unique goes through a hash table, which for a million pairs takes five times as long.
        ranks = store.rank_of[self._reports]
        pairs = np.sort(self._of * size + ranks)
        pairs = pairs[_firsts(pairs)]
        #: The reports of each wording, the oldest first.
        self._pair_reports = store.by_rank[pairs % size]
        owners = pairs // size
        self._starts = np.flatnonzero(_firsts(owners))
        #: The wordings, ascending, and how many reports use each.
        self.numbers = owners[self._starts]
        self.uses = np.diff(self._starts, append=len(owners))
        years = store.years[self._pair_reports]
        self.first_years: Numbers = np.minimum.reduceat(years, self._starts) if len(years) else years

    def window(self, sort: WordingSort, offset: int, size: int) -> NDArray[np.intp]:
        """Return the places of a window of an order: a total one, equal counts and years by the number of the wording."""
        if offset >= len(self.numbers) or not size:
            return np.zeros(0, np.intp)
        often = np.minimum(self.uses, (1 << _REPORT_BITS) - 1).astype(np.int64)
        rarely = (1 << _REPORT_BITS) - 1 - often
        years = self.first_years + 1
        first = {
            "use": rarely << _YEAR_BITS | years,
            "first": years << _REPORT_BITS | rarely,
            "rarest": often << _YEAR_BITS | years,
        }[sort]
        end = min(offset + size, len(first))
        # What can't be among the first ones isn't sorted: of a million wordings that takes longer than all the rest.
        candidates = np.flatnonzero(first <= np.partition(first, end - 1)[end - 1])
        order = candidates[np.lexsort((candidates, first[candidates]))]
        return order[offset:end]

    def reports_of(self, place: int) -> Numbers:
        """Return the reports of a wording, the oldest first: by year, then date, then identity; unknown years last."""
        start = int(self._starts[place])
        reports: Numbers = self._pair_reports[start : start + int(self.uses[place])]
        return reports

    def first_sentence(self, place: int, report: int) -> int:
        """Return the first sentence of a report that has a wording."""
        own = (self._of == self.numbers[place]) & (self._reports == report)
        return int(self._sentences[own].min())


def _firsts(ascending: Numbers) -> Flags:
    """Return where a value is another than the one before."""
    firsts = np.ones(len(ascending), np.bool_)
    firsts[1:] = ascending[1:] != ascending[:-1]
    return firsts
