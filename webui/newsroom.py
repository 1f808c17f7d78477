"""What is new of the saved searches, remembered for the home page and their own."""

from __future__ import annotations

import time
from collections import OrderedDict
from contextlib import suppress
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

    def news(self, searcher: Searcher, saved: SavedSearch) -> News:
        """Return what is new. Raises QueryRejected, SearchTimeout."""
        key = (saved.number, saved.seen_at, searcher.manifest.generation)
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
        """Return the saved searches with something new, and whether all were looked at within so many seconds."""
        end = time.monotonic() + seconds
        found: list[tuple[SavedSearch, News]] = []
        try:
            searches = kept.all()
        except SavedSearchError:  # their own page says so
            return found, True
        for saved in searches:
            if time.monotonic() > end:
                return found, False
            with suppress(QueryRejected, SearchTimeout):
                new = self.news(searcher, saved)
                if new.new:
                    found.append((saved, new))
        return found, True
