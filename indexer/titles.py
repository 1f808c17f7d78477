"""Which reports a query names by their title, and what that is worth (rules in indexer/ranking.py)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from corpus.folding import fold
from indexer.ranking import TITLE_COVERED, best_titles, title_tokens, title_worth


class Titles:
    """The titles of all reports in memory, each under the rarest of its tokens.

    A query that has three quarters of a title's m tokens has one of any m/4 + 1 of them, whichever these are: so a
    title stands under its rarest ones only, and a query looks at few titles, none of them much longer than itself.
    """

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        self._reports: dict[str, list[str]] = {}
        for report_id, title in titles:
            if folded := fold(title):
                self._reports.setdefault(folded, []).append(report_id)
        having = Counter(token for title in self._reports for token in title_tokens(title))
        self._under: dict[str, list[tuple[int, str]]] = {}
        for title in self._reports:
            tokens = sorted(title_tokens(title), key=lambda token: (having[token], token))
            for token in tokens[: len(tokens) - math.ceil(TITLE_COVERED * len(tokens)) + 1]:
                self._under.setdefault(token, []).append((len(tokens), title))

    def worths(self, text: str) -> dict[str, float]:
        """Return report -> worth for the few reports whose title a folded query spells out."""
        return best_titles(self._worths(title_tokens(text)))

    def _worths(self, query: frozenset[str]) -> Iterator[tuple[str, float]]:
        longest = len(query) / TITLE_COVERED
        found = {title for token in query for size, title in self._under.get(token, ()) if size <= longest}
        for title in found:
            worth = title_worth(query, title_tokens(title))
            yield from ((report_id, worth) for report_id in self._reports[title])
