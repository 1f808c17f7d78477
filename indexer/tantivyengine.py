"""The tantivy engine: millions of sections on one machine. Sets and order come from the index, counts from columns.

One pass over the index yields all sections of a set, best first, each with a number that says which report it is of, its
place there, its kind and its form. Everything else, filters, facets, totals and windows, is arithmetic on these numbers
and the columns of the reports: exact, and cheaper than asking the index again for each facet (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import tantivy
from tantivy import Occur, Query

from indexer import queries
from indexer.deadline import Deadline
from indexer.engine import Order, Ranked, Selection
from indexer.foundrows import FoundRows
from indexer.packs import PackedTexts
from indexer.queries import Set
from indexer.ranking import (
    TITLE_COVERED,
    Ranking,
    best_titles,
    decisive,
    highest_score,
    scored_in,
    title_tokens,
    title_worth,
)
from indexer.reporttable import Counts, Mask, ReportTable
from indexer.results import SectionKey
from indexer.tantivyplan import Compiler
from indexer.tantivyschema import (
    CHARACTERS,
    CONTEXT,
    COPY_TOKEN,
    FACETS,
    FORM,
    GRAMS,
    KIND,
    REPORT,
    ROW,
    ROW_NUMBER,
    TITLE,
    Rows,
    facet_token,
    numbers_of,
    open_index,
    ordinals_of,
    title_size,
)

_SECTION_FACETS: Final = {"kind": KIND, "form": FORM}
_RANK_FIELDS: Final = {"pairs": GRAMS, "context": CONTEXT, "characters": CHARACTERS}
#: A longer query is no title; and so many titles that share most with it are looked at.
_MOST_TITLE_TOKENS: Final = 100
_TITLES_LOOKED_AT: Final = 512
Window = tuple[tuple[SectionKey, float], ...]


class TantivyEngine:
    """An open index; safe to use from several threads."""

    def __init__(self, folder: Path, reports: ReportTable, texts: PackedTexts) -> None:
        self._index = open_index(folder)
        self._searcher = self._index.searcher()
        self.schema = self._index.schema
        self._reports = reports
        self._texts = texts

    def close(self) -> None:
        """Let go of files."""
        self._texts.close()

    @property
    def report_ids(self) -> Sequence[str]:
        """The identities of reports by number."""
        return self._reports.ids

    def count(self, selection: Selection, seconds: float) -> int:
        """Return the exact number of sections selected."""
        deadline = Deadline(seconds)
        deadline.check()
        return self.size(queries.as_query(self._filtered(selection, deadline)))

    def select(self, selection: Selection, seconds: float) -> Ranked:
        """Return totals, facets and the window asked for."""
        deadline = Deadline(seconds)
        deadline.check()
        compiler = Compiler(self, self._reports, self._texts, deadline)
        found = queries.as_query(compiler.matching(selection.plan, selection.scope))
        ranked = selection.sort == "relevance" and selection.size > 0
        hits = self._hits(self._scored(found, selection.ranking) if ranked else found)
        deadline.check()
        everywhere = FoundRows(self._rows_of(hits), self._reports, selection.filters)
        set_ = everywhere.without_copies() if self._leaves_out(selection) else everywhere
        chosen = set_.passing()
        deadline.check()
        facets = tuple(set_.facet(field) for field in selection.facets)
        copies = (
            int(np.count_nonzero(everywhere.passing())) - int(np.count_nonzero(chosen)) if set_ is not everywhere else 0
        )
        sections, reports = set_.totals()
        window: Window = ()
        if selection.size and selection.offset < sections:
            window = (
                self._best(hits, set_, chosen, selection) if ranked else self._by_date(set_.rows[chosen], selection)
            )
        order = self._whole(hits, set_, chosen, selection) if selection.whole else None
        return Ranked(sections, reports, facets, window, copies, order)

    def everything(self, selection: Selection, seconds: float) -> Iterator[SectionKey]:
        """Yield every section selected, by (report_id, ordinal)."""
        ids = self._reports.ids
        rows = self.rows(queries.as_query(self._filtered(selection, Deadline(seconds))))
        for row in sorted(rows, key=lambda row: (ids[row // ROW], row)):
            yield self._key(row)

    # What compiling needs

    def counts(self, query: Query) -> Counts:
        """Return how many sections of each report a query finds."""
        rows = self._rows_of(self._hits(Query.const_score_query(query, 0.0)))
        return np.bincount(numbers_of(rows), minlength=self._reports.size)

    def rows(self, query: Query) -> list[int]:
        """Return the row numbers of all sections that a query finds, ascending."""
        found = self._rows_of(self._hits(Query.const_score_query(query, 0.0)))
        return [int(row) for row in np.sort(found)]

    def size(self, query: Query) -> int:
        """Return how many sections a query finds."""
        result: Any = self._searcher.search(query, limit=1, count=True)  # the package's stub lacks its attribute count
        return int(result.count)

    # Sets

    def _filtered(self, selection: Selection, deadline: Deadline) -> Set:
        """Return the sections selected, filters included, as a query."""
        found = Compiler(self, self._reports, self._texts, deadline).matching(selection.plan, selection.scope)
        by_field: dict[str, list[str]] = {}
        excluded: list[Set] = []
        for filter_ in selection.filters:
            values = self._reports.values_of(filter_)
            if filter_.exclude:
                excluded.append(self._with_values(filter_.field, values))
            else:
                by_field.setdefault(filter_.field, []).extend(values)
        if self._leaves_out(selection):
            excluded.append(queries.token(self.schema, FACETS, COPY_TOKEN))
        chosen = [self._with_values(field, values) for field, values in by_field.items()]
        return queries.intersection((found, *chosen), excluded)

    def _with_values(self, field: str, values: Sequence[str]) -> Set:
        if field in _SECTION_FACETS:
            return queries.tokens(self.schema, _SECTION_FACETS[field], list(values))
        return queries.tokens(self.schema, FACETS, [facet_token(field, value) for value in values])

    def _leaves_out(self, selection: Selection) -> bool:
        return selection.copies == "once" and self._reports.has_copies

    def _hits(self, query: Query) -> list[tuple[Any, tantivy.DocAddress]]:
        """Return all sections of a query with their scores, best first; ties in the order of the index."""
        limit = self._searcher.num_docs
        return self._searcher.search(query, limit=limit, count=False).hits if limit else []

    def _rows_of(self, hits: list[tuple[Any, tantivy.DocAddress]]) -> Rows:
        values = self._searcher.fast_field_values(ROW_NUMBER, [address for _, address in hits])
        return np.array(values, np.int64)

    # Order

    def _best(
        self, hits: list[tuple[Any, tantivy.DocAddress]], set_: FoundRows, chosen: Mask, selection: Selection
    ) -> Window:
        places = chosen.nonzero()[0][selection.offset : selection.offset + selection.size]
        if set_.places is not None:  # copies were left out
            rows, places = set_.rows[places], set_.places[places]
        else:
            rows = set_.rows[places]
        found = zip(rows.tolist(), places.tolist(), strict=True)
        return tuple((self._key(row), round(float(hits[place][0]), 6)) for row, place in found)

    def _by_date(self, rows: Rows, selection: Selection) -> Window:
        ordered = self._dated(rows, selection)
        return tuple((self._key(row), 0.0) for row in ordered[selection.offset :][: selection.size].tolist())

    def _dated(self, rows: Rows, selection: Selection) -> Rows:
        """Return rows in an order by date, then identity and place in the report; without a date only by these."""
        order = self._reports.date_ranks(selection.sort == "date")[numbers_of(rows)]
        return rows[np.lexsort((rows % ROW, order))]

    def _whole(
        self, hits: list[tuple[Any, tantivy.DocAddress]], set_: FoundRows, chosen: Mask, selection: Selection
    ) -> Order:
        """Return the whole order; by relevance where a window is asked for, else as the index has the sections."""
        rows = set_.rows[chosen]
        if selection.sort != "relevance":
            rows = self._dated(rows, selection)
            return Order(numbers_of(rows), ordinals_of(rows), lambda place: 0.0)
        places = chosen.nonzero()[0]
        if set_.places is not None:  # copies were left out
            places = set_.places[places]
        return Order(numbers_of(rows), ordinals_of(rows), lambda place: round(float(hits[places[place]][0]), 6))

    def _scored(self, found: Query, ranking: Ranking) -> Query:
        """Return a query for the same set that scores by what ranks."""
        size = self._searcher.num_docs
        having = [
            (token, weight, self._searcher.doc_freq(_RANK_FIELDS[scored_in(token)[0][0]], token))
            for token, weight in ranking.tokens
            if scored_in(token)[0][0] in _RANK_FIELDS
        ]
        tokens = decisive(having, size)
        scored = [
            (Occur.Should, _boosted(Query.term_query(self.schema, _RANK_FIELDS[field], token, "freq"), weight * boost))
            for token, weight, _ in tokens
            for field, boost in ranking.fields_of(token)
        ]
        highest = highest_score(ranking, tokens, size)
        for number, worth in self._titled(ranking.text).items():
            titled = Query.const_score_query(queries.token(self.schema, REPORT, number), highest * worth)
            scored.append((Occur.Should, titled))
        constant = Query.const_score_query(found, 0.0)
        return Query.boolean_query([(Occur.Must, constant), *scored]) if scored else constant

    @cached_property
    def _title_sizes(self) -> list[int]:
        """Of how many tokens the titles of the index are."""
        found = self._searcher.terms_with_prefix(TITLE, title_size(0)[:-1])
        return sorted(int(token[1:]) for token, _ in found)

    def _titled(self, text: str) -> dict[int, float]:
        """Return report number -> worth for the few reports whose title a folded query spells out."""
        wanted = title_tokens(text)
        if not 1 < len(wanted) <= _MOST_TITLE_TOKENS:
            return {}
        # A title of more tokens than this can't have three quarters of them in the query.
        longest = int(len(wanted) / TITLE_COVERED)
        sizes = [title_size(n) for n in self._title_sizes if n <= longest]
        if not sizes:
            return {}
        tokens = [Query.term_query(self.schema, TITLE, token, "freq") for token in sorted(wanted)]
        short = Query.const_score_query(queries.as_query(queries.tokens(self.schema, TITLE, sizes)), 0.0)
        asked = Query.boolean_query([(Occur.Must, short), (Occur.Must, queries.as_query(queries.union(tokens)))])
        hits = self._searcher.search(asked, limit=_TITLES_LOOKED_AT, count=False).hits
        numbers = numbers_of(self._rows_of(hits)).tolist()
        titles = ((number, title_tokens(self._reports.title(number))) for number in numbers)
        return best_titles((number, title_worth(wanted, title)) for number, title in titles)

    def _key(self, row: int) -> SectionKey:
        return self._reports.ids[row // ROW], int(ordinals_of(row))


def _boosted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else Query.boost_query(query, boost)
