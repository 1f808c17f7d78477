"""Which reports a query names by their title, and what that is worth (rules in indexer/ranking.py)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from corpus.folding import fold
from indexer.ranking import TITLE_COVERED, best_titles, title_tokens, title_worth


class Titles:
    """The titles of all reports in memory, each under the rarest of its tokens.

    A title of m tokens that a query covers to three quarters shares one of its m/4 + 1 rarest tokens with it:
    so a query looks at few titles, however many there are.
    """

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        self._reports: dict[str, list[str]] = {}
        for report_id, title in titles:
            if folded := fold(title):
                self._reports.setdefault(folded, []).append(report_id)
        having = Counter(token for title in self._reports for token in title_tokens(title))
        self._under: dict[str, list[str]] = {}
        for title in self._reports:
            tokens = sorted(title_tokens(title), key=lambda token: (having[token], token))
            for token in tokens[: len(tokens) - math.ceil(TITLE_COVERED * len(tokens)) + 1]:
                self._under.setdefault(token, []).append(title)

    def worths(self, text: str) -> dict[str, float]:
        """Return report -> worth for the few reports whose title a folded query spells out."""
        return best_titles(self._worths(title_tokens(text)))

    def _worths(self, query: frozenset[str]) -> Iterator[tuple[str, float]]:
        found = {title for token in query for title in self._under.get(token, ())}
        for title in found:
            worth = title_worth(query, title_tokens(title))
            yield from ((report_id, worth) for report_id in self._reports[title])
