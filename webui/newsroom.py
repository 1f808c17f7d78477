"""What is new of the saved searches, remembered for the home page and their own."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Final

from indexer.errors import QueryRejected, SavedSearchError, SearchTimeout
from indexer.saved import News, SavedSearch, SavedSearches, news
from indexer.service import Searcher

_REMEMBERED: Final = 500


class Newsroom:
    """What is new of each saved search, worked out once for each generation; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[tuple[int, str, str], News] = OrderedDict()
        self._slow: set[tuple[int, str, str]] = set()

    def news(self, searcher: Searcher, saved: SavedSearch) -> News:
        """Return what is new. Raises QueryRejected, SearchTimeout."""
        key = _key(searcher, saved)
        with self._lock:
            known = self._known.get(key)
        # What a word list stands for may have changed since.
        if known is not None and "@" not in saved.request.query:
            return known
        found = news(searcher, saved)
        with self._lock:
            self._known[key] = found
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found

    def unseen(
        self, searcher: Searcher, kept: SavedSearches, seconds: float
    ) -> tuple[list[tuple[SavedSearch, News]], bool]:
        """Return the saved searches with something new, and whether all were looked at within so many seconds.

        One that took too long isn't tried again: each attempt would keep the page waiting.
        """
        end = time.monotonic() + seconds
        found: list[tuple[SavedSearch, News]] = []
        try:
            searches = kept.all()
        except SavedSearchError:  # their own page says so
            return found, True
        every = True
        for saved in searches:
            if time.monotonic() > end:
                return found, False
            key = _key(searcher, saved)
            if key in self._slow and key not in self._known:
                every = False
                continue
            try:
                new = self.news(searcher, saved)
            except SearchTimeout:
                every = False
                if len(self._slow) >= _REMEMBERED:
                    self._slow.clear()  # those of earlier generations
                self._slow.add(key)
            except QueryRejected:
                continue
            else:
                if new.new:
                    found.append((saved, new))
        return found, every


def _key(searcher: Searcher, saved: SavedSearch) -> tuple[int, str, str]:
    return saved.number, saved.seen_at, searcher.manifest.generation
