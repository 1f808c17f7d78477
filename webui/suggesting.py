"""What may be meant while it is being typed: regions, agencies, headings. Pure but for the searches it asks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from corpus.folding import fold
from corpus.regions import full_name, region_name
from indexer.errors import QueryRejected, SearchTimeout
from indexer.parser import quote
from indexer.results import FacetValue, SearchRequest
from indexer.service import Services
from webui.state import SearchState

Kind = Literal["region", "agency", "heading"]
EACH: Final = 4
_LOOKED_AT: Final = 40
#: Whoever types a whole paragraph knows what is meant.
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be meant: its name, what tells it from others, and where it leads."""

    kind: Kind
    text: str
    detail: str
    url: str


class Suggester:
    """Suggestions over whatever generation is current; safe to use from several threads."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._known: tuple[str, dict[str, tuple[FacetValue, ...]]] = ("", {})

    def suggest(self, state: SearchState) -> tuple[Suggestion, ...]:
        """Return what the word that is being typed at the end of the query may mean; () where it means nothing."""
        rest, word = last_word(state.q)
        if not word or len(word) > _LONGEST:
            return ()
        before = state.with_query(rest)
        return (*self._values(before, word), *self._headings(before, word))

    def _values(self, before: SearchState, word: str) -> Iterator[Suggestion]:
        folded = fold(word)
        values = self._facets()
        regions = [(region_name(v.value), v) for v in values.get("region", ())]
        agencies = [(v.value, v) for v in values.get("agency", ())]
        for kind, named in (("region", regions), ("agency", agencies)):
            fitting = [(name, v) for name, v in named if folded in fold(name)]
            fitting.sort(key=lambda pair: (not fold(pair[0]).startswith(folded), -pair[1].sections, pair[0]))
            for name, value in fitting[:EACH]:
                where = full_name(value.value) if kind == "region" else ""
                detail = where if where != name else ""
                yield Suggestion("region" if kind == "region" else "agency", name, detail,
                                 before.with_value(kind, value.value).url)  # fmt: skip

    def _headings(self, before: SearchState, word: str) -> Iterator[Suggestion]:
        request = SearchRequest(quote(word), match="exact", facets=(), size=_LOOKED_AT)
        try:
            hits = self._services.search(request).hits
        except (SearchTimeout, QueryRejected):
            return
        folded = fold(word)
        counted = Counter(h for hit in hits for h in hit.heading_path if folded in fold(h) and len(h) <= _LONGEST)
        ordered = sorted(counted.items(), key=lambda pair: (not fold(pair[0]).startswith(folded), -pair[1], pair[0]))
        for heading, _ in ordered[:EACH]:
            yield Suggestion("heading", heading, "", before.with_query(f"{before.q} {quote(heading)}").url)

    def _facets(self) -> dict[str, tuple[FacetValue, ...]]:
        generation = self._services.manifest().generation
        with self._lock:
            if self._known[0] != generation:
                try:
                    found = self._services.search(SearchRequest(facets=("region", "agency"), size=0))
                except SearchTimeout:
                    return {}
                known = {facet.field: tuple(v for v in facet.values if v.value) for facet in found.facets}
                self._known = (generation, known)
            return self._known[1]


def last_word(query: str) -> tuple[str, str]:
    """Return a query without its last word, and that word without its quote; "" where something else ends it."""
    quotes = [at for at, char in enumerate(query) if char in '"“”']
    if len(quotes) % 2:
        return query[: quotes[-1]].strip(), query[quotes[-1] + 1 :].strip()
    head, _, word = query.rpartition(" ")
    if not word or word in ("OR", "NOT", "AND") or any(char in '"“”()（）:：|~' for char in word) or word[0] == "-":
        return query, ""
    return head.strip(), word
