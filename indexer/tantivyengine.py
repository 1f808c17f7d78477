"""The tantivy engine: millions of sections on one machine. Sets and ranking come from the index, counts from columns.

One pass over the matching sections gives how many of them each report has; with the columns of the reports that is
enough for all counts by report. The best sections are collected by a second pass, at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import tantivy
from tantivy import Occur, Query

from indexer import queries
from indexer.deadline import Deadline
from indexer.engine import Ranked, Selection
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
from indexer.reporttable import Counts, ReportTable
from indexer.results import REPORT_FACETS, Facet, FacetValue, Filter, SectionKey
from indexer.tantivyplan import Compiler
from indexer.tantivyschema import (
    BLOCK,
    BLOCK_SIZE,
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
    facet_token,
    open_index,
    title_size,
)

_SECTION_FACETS: Final = {"kind": KIND, "form": FORM}
_RANK_FIELDS: Final = {"pairs": GRAMS, "context": CONTEXT, "characters": CHARACTERS}
_WORTH_A_THREAD: Final = 100_000
_MOST_VALUES: Final = 10_000
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
        # Where a pass takes milliseconds, the two of a search go on at once; below, to wait for a thread takes longer.
        self._pool = ThreadPoolExecutor(2, "ranking") if self._searcher.num_docs > _WORTH_A_THREAD else None

    def close(self) -> None:
        """Let go of files and threads."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        self._texts.close()

    def count(self, selection: Selection, seconds: float) -> int:
        """Return the exact number of sections selected."""
        deadline = Deadline(seconds)
        deadline.check()
        found = self._compiler(deadline).matching(selection.plan, selection.scope)
        found = queries.intersection((found, *self._chosen(selection.filters)), self._excluded(selection))
        return self.size(queries.as_query(found))

    def select(self, selection: Selection, seconds: float) -> Ranked:
        """Return totals, facets and the window asked for."""
        deadline = Deadline(seconds)
        deadline.check()
        found = self._compiler(deadline).matching(selection.plan, selection.scope)
        filtered = queries.intersection((found, *self._chosen(selection.filters)), self._excluded(selection))
        ranked = selection.sort == "relevance" and selection.size > 0
        pending = self._pool.submit(self._best, filtered, selection) if self._pool and ranked else None
        try:
            counts, of_sections = self._counted(found, selection)
            facets = tuple(
                of_sections[field] if field in of_sections else self._report_facet(field, counts, selection.filters)
                for field in selection.facets
            )
            deadline.check()
            of_reports = self._let_through(counts, selection.filters)
            copies = self._copies(found, selection)
            if pending is not None:
                window = pending.result()
            elif ranked:
                window = self._best(filtered, selection)
            else:
                window = self._by_date(filtered, of_reports, selection)
        finally:
            if pending is not None:
                pending.cancel()
        return Ranked(int(of_reports.sum()), int(np.count_nonzero(of_reports)), facets, window, copies)

    # What compiling needs

    def counts(self, query: Query) -> Counts:
        """Return how many sections of each report a query finds."""
        return self._aggregated(query, {})[0]

    def rows(self, query: Query) -> list[int]:
        """Return the row numbers of all sections that a query finds, ascending."""
        limit = self._searcher.num_docs
        if not limit:
            return []
        size = self.size(query)
        if not size:
            return []
        constant = Query.const_score_query(query, 0.0)
        hits = self._searcher.search(
            constant, limit=size, count=False, order_by_field=ROW_NUMBER, order=tantivy.Order.Asc
        ).hits
        return [int(value) for value, _ in hits]

    def size(self, query: Query) -> int:
        """Return how many sections a query finds."""
        result: Any = self._searcher.search(query, limit=1, count=True)  # the package's stub lacks its attribute count
        return int(result.count)

    # Counting

    def _counted(self, found: Set, selection: Selection) -> tuple[Counts, dict[str, Facet]]:
        """Return how many sections of each report match, and the facets of sections.

        The filters on fields of the report aren't applied to the first: each facet leaves another one out.
        """
        filters = selection.filters
        wanted = [field for field in _SECTION_FACETS if field in selection.facets]
        of_section = [filter_ for filter_ in filters if filter_.field in _SECTION_FACETS]
        of_report = [filter_ for filter_ in filters if filter_.field in REPORT_FACETS]
        hidden = self._hidden(selection)
        everywhere = queries.intersection((found, *self._chosen(of_section)), (*self._out(of_section), *hidden))
        together = [field for field in wanted if not of_report and not any(f.field == field for f in of_section)]
        counts, values = self._aggregated(
            queries.as_query(everywhere), {name: _SECTION_FACETS[name] for name in together}
        )
        for field in wanted:
            if field in values:
                continue
            others = [filter_ for filter_ in filters if filter_.field != field]
            rest = queries.intersection((found, *self._chosen(others)), (*self._out(others), *hidden))
            result = self._searcher.aggregate(
                queries.as_query(rest), {field: _terms(_SECTION_FACETS[field], _MOST_VALUES)}
            )
            values[field] = _buckets(result, field)
        return counts, {field: _section_facet(field, values[field], filters) for field in wanted}

    def _aggregated(self, query: Query, fields: dict[str, str]) -> tuple[Counts, dict[str, dict[str, int]]]:
        """Return the sections of each report that a query finds, and of each value of some fields of sections."""
        counts = np.zeros(self._reports.size, np.int64)
        values: dict[str, dict[str, int]] = {field: {} for field in fields}
        blocks = -(-self._reports.size // BLOCK_SIZE)
        for block in range(blocks):
            inside = query
            if blocks > 1:
                place = queries.token(self.schema, BLOCK, block)
                inside = queries.as_query(queries.intersection((query, place)))
            asked = {
                REPORT: _terms(REPORT, BLOCK_SIZE),
                **{f: _terms(name, _MOST_VALUES) for f, name in fields.items()},
            }
            result = self._searcher.aggregate(inside, asked)
            buckets = result[REPORT]["buckets"]
            counts[[bucket["key"] for bucket in buckets]] = [bucket["doc_count"] for bucket in buckets]
            for field, held in values.items():
                for value, count in _buckets(result, field).items():
                    held[value] = held.get(value, 0) + count
        return counts, values

    def _report_facet(self, field: str, counts: Counts, filters: Sequence[Filter]) -> Facet:
        return self._reports.facet(field, self._let_through(counts, filters, without=field), filters)

    def _let_through(self, counts: Counts, filters: Sequence[Filter], without: str = "") -> Counts:
        if not any(f.field in REPORT_FACETS and f.field != without for f in filters):
            return counts
        return counts * self._reports.matching(filters, without)

    def _copies(self, found: Set, selection: Selection) -> int:
        if selection.copies == "all" or not self._reports.has_copies:
            return 0
        copies = queries.token(self.schema, FACETS, COPY_TOKEN)
        left_out = queries.intersection((copies, found, *self._chosen(selection.filters)), self._out(selection.filters))
        return self.size(queries.as_query(left_out))

    # Filters

    def _chosen(self, filters: Sequence[Filter]) -> list[Set]:
        """Return one set for each field that filters choose values of."""
        by_field: dict[str, list[str]] = {}
        for filter_ in filters:
            if not filter_.exclude:
                by_field.setdefault(filter_.field, []).extend(self._reports.values_of(filter_))
        return [self._with_values(field, values) for field, values in by_field.items()]

    def _out(self, filters: Sequence[Filter]) -> list[Set]:
        """Return the sets that filters exclude."""
        return [self._with_values(f.field, self._reports.values_of(f)) for f in filters if f.exclude]

    def _hidden(self, selection: Selection) -> list[Set]:
        """Return the sections of reports that another one stands for, where these don't count."""
        if selection.copies == "all" or not self._reports.has_copies:
            return []
        return [queries.token(self.schema, FACETS, COPY_TOKEN)]

    def _excluded(self, selection: Selection) -> list[Set]:
        return [*self._out(selection.filters), *self._hidden(selection)]

    def _with_values(self, field: str, values: Sequence[str]) -> Set:
        if field in _SECTION_FACETS:
            return queries.tokens(self.schema, _SECTION_FACETS[field], list(values))
        return queries.tokens(self.schema, FACETS, [facet_token(field, value) for value in values])

    # Order

    def _best(self, filtered: Set, selection: Selection) -> Window:
        limit, offset = selection.size, selection.offset
        if offset >= self._searcher.num_docs:
            return ()
        hits = self._searcher.search(
            self._ranked(queries.as_query(filtered), selection.ranking), limit=limit, count=False, offset=offset
        ).hits
        keys = self._keys([address for _, address in hits])
        return tuple((key, round(float(score), 6)) for key, (score, _) in zip(keys, hits, strict=True))

    def _ranked(self, filtered: Query, ranking: Ranking) -> Query:
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
            for field, boost in scored_in(token)
        ]
        highest = highest_score(tokens, size)
        for number, worth in self._titled(ranking.text).items():
            titled = Query.const_score_query(queries.token(self.schema, REPORT, number), highest * worth)
            scored.append((Occur.Should, titled))
        constant = Query.const_score_query(filtered, 0.0)
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
        if not hits:
            return {}
        numbers = self._searcher.fast_field_values(REPORT, [address for _, address in hits])
        titles = ((int(n), title_tokens(self._reports.title(int(n)))) for n in numbers if n is not None)
        return best_titles((number, title_worth(wanted, title)) for number, title in titles)

    def _keys(self, addresses: list[tantivy.DocAddress]) -> list[SectionKey]:
        rows = self._searcher.fast_field_values(ROW_NUMBER, addresses)
        return [self._key(int(row or 0)) for row in rows]

    def _key(self, row: int) -> SectionKey:
        return self._reports.ids[row // ROW], row % ROW

    def _by_date(self, filtered: Set, counts: Counts, selection: Selection) -> Window:
        """Return a window of an order by date: reports in their order, then the sections of those it touches."""
        if selection.sort == "relevance":
            return ()
        order = self._reports.by_date(selection.sort == "date")
        order = order[counts[order] > 0]
        ends = np.cumsum(counts[order])
        first = int(np.searchsorted(ends, selection.offset, side="right"))
        last = int(np.searchsorted(ends, selection.offset + selection.size, side="left"))
        touched = [int(number) for number in order[first : last + 1]]
        if not touched or not selection.size:
            return ()
        place = {number: at for at, number in enumerate(touched)}
        inside = queries.intersection((filtered, queries.tokens(self.schema, REPORT, touched)))
        rows = sorted(self.rows(queries.as_query(inside)), key=lambda row: (place[row // ROW], row % ROW))
        skipped = selection.offset - int(ends[first] - counts[order[first]])
        return tuple((self._key(row), 0.0) for row in rows[skipped : skipped + selection.size])

    def _compiler(self, deadline: Deadline) -> Compiler:
        return Compiler(self, self._reports, self._texts, deadline)

    # Everything

    def everything(self, selection: Selection, seconds: float) -> Iterator[SectionKey]:
        """Yield every section selected, by (report_id, ordinal)."""
        found = self._compiler(Deadline(seconds)).matching(selection.plan, selection.scope)
        found = queries.intersection((found, *self._chosen(selection.filters)), self._excluded(selection))
        ids = self._reports.ids
        rows = self.rows(queries.as_query(found))
        for row in sorted(rows, key=lambda row: (ids[row // ROW], row % ROW)):
            yield self._key(row)


def _boosted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else Query.boost_query(query, boost)


def _terms(field: str, size: int) -> dict[str, Any]:
    """Return an aggregation by all values of a field: of fewer, the counts of several segments would be wrong."""
    return {"terms": {"field": field, "size": size, "segment_size": size}}


def _buckets(result: dict[str, Any], field: str) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in result[field]["buckets"]}


def _section_facet(field: str, counts: dict[str, int], filters: Sequence[Filter]) -> Facet:
    chosen = {v for f in filters if f.field == field and not f.exclude for v in f.values}
    excluded = {v for f in filters if f.field == field and f.exclude for v in f.values}
    values = sorted({*counts, *chosen, *excluded}, key=lambda value: (-counts.get(value, 0), value))
    return Facet(
        field,
        "section",
        tuple(FacetValue(v, counts.get(v, 0), None, v in chosen, v in excluded) for v in values),
    )
