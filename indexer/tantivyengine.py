"""The tantivy engine: millions of sections on one machine. Sets and order come from the index, counts from columns.

One pass over the index yields all sections of a set, best first, each with a number that says which report it is of, its
place there, its kind and its form. Everything else, filters, facets, totals and windows, is arithmetic on these numbers
and the columns of the reports: exact, and cheaper than asking the index again for each facet (docs/decisions.md).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import tantivy
from tantivy import Occur, Query

from corpus.model import FORMS, KINDS
from indexer import queries
from indexer.deadline import Deadline
from indexer.engine import Order, Ranked, Selection
from indexer.facetvalues import facet_of
from indexer.foundrows import FoundRows, RowOrder
from indexer.grouping import ReportOrder
from indexer.packs import PackedTexts
from indexer.queries import ALL, Set
from indexer.query import MatchAll
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
from indexer.results import REPORT_FACETS, SectionKey
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
    all_ordinals_of,
    facet_token,
    forms_of,
    kinds_of,
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
        return self._reports.identities()

    def identity(self, number: int) -> str:
        """Return the identity of a report by its number."""
        return self._reports.identity(number)

    def count(self, selection: Selection, seconds: float) -> int:
        """Return the exact number of sections selected."""
        deadline = Deadline(seconds)
        deadline.check()
        matching = self._matching(selection, deadline)
        return self.size(queries.as_query(self._filtered(selection, matching)))

    def select(self, selection: Selection, seconds: float) -> Ranked:
        """Return totals, facets and the window asked for."""
        # The hits are gone when this returns: the garbage collector never sees them.
        with _collecting_later():
            return self._select(selection, seconds)

    def _select(self, selection: Selection, seconds: float) -> Ranked:
        deadline = Deadline(seconds)
        deadline.check()
        matching = self._matching(selection, deadline)
        if matching is ALL and not selection.whole and _of_reports_alone(selection):
            return self._of_all(selection)
        ranked = selection.sort == "relevance" and selection.size > 0
        hits, everywhere, set_ = self._found(selection, matching, ranked, deadline)
        chosen = set_.passing() if selection.filters else None
        deadline.check()
        facets = tuple(set_.facet(field) for field in selection.facets)
        sections, reports = set_.totals()
        copies = everywhere.totals()[0] - sections if set_ is not everywhere else 0
        window: Window = ()
        if selection.size and selection.offset < sections:
            window = (
                self._best(hits, set_, chosen, selection)
                if ranked
                else self._by_date(set_.rows if chosen is None else set_.rows[chosen], selection)
            )
        order = None
        if selection.whole:
            order = self._whole(hits, set_, set_.passing() if chosen is None else chosen, selection)
        return Ranked(sections, reports, facets, window, copies, order)

    def _of_all(self, selection: Selection) -> Ranked:
        """Return what ``select`` does of all sections, whose numbers are in the columns of their reports."""
        kept = ~self._reports.copies if self._leaves_out(selection) else np.True_
        sections = self._reports.section_counts

        def counted(without: str = "") -> Counts:
            return np.where(self._reports.matching(selection.filters, without) & kept, sections, 0)

        counts = counted()
        total = int(counts.sum())
        chosen = self._filtered(selection, ALL)
        facets = []
        for field in selection.facets:
            if field in REPORT_FACETS:
                of_field = counted(field) if any(f.field == field for f in selection.filters) else counts
                facets.append(self._reports.facet(field, of_field, of_field.nonzero()[0], selection.filters))
            else:
                # Without a query it would count what was deleted as well.
                inside = queries.as_query(chosen)
                found = self._searcher.terms_with_prefix(_SECTION_FACETS[field], "", filter_query=inside)
                facets.append(facet_of(field, [(value, n, None) for value, n in found if n], selection.filters))
        copies = 0
        if self._leaves_out(selection):
            copies = int(sections[self._reports.matching(selection.filters) & self._reports.copies].sum())
        window: Window = ()
        if selection.size and selection.offset < total:
            end = min(selection.offset + selection.size, total)
            hits = self._searcher.search(_unscored(chosen), limit=end, count=False).hits[selection.offset :]
            window = tuple((self._key(row), 0.0) for row in self._rows_of(hits).tolist())
        return Ranked(total, int(np.count_nonzero(counts)), tuple(facets), window, copies)

    def by_report(self, selection: Selection, seconds: float) -> ReportOrder:
        """Return all reports with a section selected, in the order of their first."""
        ranked = selection.sort == "relevance"
        deadline = Deadline(seconds)
        deadline.check()
        _, _, set_ = self._found(selection, self._matching(selection, deadline), ranked, deadline)
        rows = set_.rows[set_.passing()]
        return RowOrder(rows if ranked else self._dated(rows, selection), self._reports)

    def everything(self, selection: Selection, seconds: float) -> Iterator[SectionKey]:
        """Yield every section selected, by (report_id, ordinal)."""
        rows = self._selected(selection, seconds)
        ordered = rows[np.lexsort((rows % ROW, self._reports.identity_ranks()[numbers_of(rows)]))]
        last, report_id = -1, ""
        for number, ordinal in zip(numbers_of(ordered).tolist(), all_ordinals_of(ordered).tolist(), strict=True):
            if number != last:
                # The table remembers what it named, so that who reads the section next needs no search for the number.
                last, report_id = number, self._reports.identity(number)
            yield report_id, ordinal

    def characters(self, selection: Selection, field: str, seconds: float) -> Mapping[str, int]:
        """Return by value of a field how many characters a reader sees of the sections selected."""
        if isinstance(selection.plan, MatchAll):
            # Without a query the columns alone know: no pass over the index.
            set_ = FoundRows(self._reports.every_section(), self._reports, selection.filters)
            set_ = set_.without_copies() if self._leaves_out(selection) else set_
            rows = set_.rows[set_.passing()]
        else:
            rows = self._selected(selection, seconds)
        numbers = numbers_of(rows)
        sizes = self._reports.sections["characters"][self._reports.first_sections[numbers] + all_ordinals_of(rows)]
        if field in _SECTION_FACETS:
            names = KINDS if field == "kind" else FORMS
            sums = np.bincount((kinds_of if field == "kind" else forms_of)(rows), sizes, len(names)).tolist()
            return {name: int(amount) for name, amount in zip(names, sums, strict=False) if amount}
        of_reports = np.bincount(numbers, sizes, self._reports.size).astype(np.int64)
        return self._reports.sums(field, of_reports)

    def frequencies(self, tokens: Sequence[str]) -> list[int]:
        """Return about how many sections have each of some tokens; those of sections that went are counted until merged."""
        return [self._searcher.doc_freq(_field_of(token), token) for token in tokens]

    def holding_most(
        self, tokens: Sequence[tuple[str, float]], selection: Selection, size: int, seconds: float
    ) -> tuple[tuple[SectionKey, float], ...]:
        """Return the sections that hold most of some weighted tokens, among those the filters let through."""
        deadline = Deadline(seconds)
        deadline.check()
        inside = self._filtered(selection, ALL)
        if not tokens or size < 1 or inside is None:
            return ()
        scored = [
            (
                Occur.Should,
                _boosted(Query.const_score_query(queries.token(self.schema, _field_of(token), token), 1.0), weight),
            )
            for token, weight in tokens
        ]
        asked = Query.boolean_query(scored)
        if inside is not ALL:
            filtered = Query.const_score_query(queries.as_query(inside), 0.0)
            asked = Query.boolean_query([(Occur.Must, asked), (Occur.Must, filtered)])
        hits = self._searcher.search(asked, limit=size, count=False).hits
        rows = self._rows_of(hits).tolist()
        return tuple((self._key(row), float(hit[0])) for row, hit in zip(rows, hits, strict=True))

    # What compiling needs

    def counts(self, query: Query) -> Counts:
        """Return how many sections of each report a query finds."""
        rows = self._rows_of(self._hits(Query.const_score_query(query, 0.0)))
        return np.bincount(numbers_of(rows), minlength=self._reports.size)

    def rows(self, query: Query) -> Rows:
        """Return the row numbers of all sections that a query finds, ascending."""
        with _collecting_later():
            return np.sort(self._rows_of(self._hits(Query.const_score_query(query, 0.0))))

    def size(self, query: Query) -> int:
        """Return how many sections a query finds."""
        result: Any = self._searcher.search(query, limit=1, count=True)  # the package's stub lacks its attribute count
        return int(result.count)

    # Sets

    def _selected(self, selection: Selection, seconds: float) -> Rows:
        """Return the row numbers of the sections selected."""
        matching = self._matching(selection, Deadline(seconds))
        return self._rows_of(self._hits(_unscored(self._filtered(selection, matching))))

    def _matching(self, selection: Selection, deadline: Deadline) -> Set:
        """Return the sections that the plan matches, filters left aside."""
        return Compiler(self, self._reports, self._texts, deadline).matching(selection.plan, selection.scope)

    def _found(
        self, selection: Selection, matching: Set, ranked: bool, deadline: Deadline
    ) -> tuple[list[tuple[Any, tantivy.DocAddress]], FoundRows, FoundRows]:
        """Return hits in their order, the set of all of them, and that without copies; filters are still to be laid over."""
        found = queries.as_query(matching)
        with _collecting_later():
            hits = self._hits(self._scored(found, selection.ranking) if ranked else found)
            deadline.check()
            rows = self._rows_of(hits)
        everywhere = FoundRows(rows, self._reports, selection.filters)
        return hits, everywhere, everywhere.without_copies() if self._leaves_out(selection) else everywhere

    def _filtered(self, selection: Selection, found: Set) -> Set:
        """Return those of the sections found that the filters let through, copies left out as asked, as a query."""
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
        return np.fromiter(values, np.int64, len(values))

    # Order

    def _best(
        self, hits: list[tuple[Any, tantivy.DocAddress]], set_: FoundRows, chosen: Mask | None, selection: Selection
    ) -> Window:
        every = np.arange(len(set_.rows)) if chosen is None else chosen.nonzero()[0]
        places = every[selection.offset : selection.offset + selection.size]
        if set_.places is not None:  # copies were left out
            rows, places = set_.rows[places], set_.places[places]
        else:
            rows = set_.rows[places]
        found = zip(rows.tolist(), places.tolist(), strict=True)
        return tuple((self._key(row), round(float(hits[place][0]), 6)) for row, place in found)

    def _by_date(self, rows: Rows, selection: Selection) -> Window:
        """Return a window of an order by date."""
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
        tokens = decisive(having, size, ranking.quoted)
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
        return self._reports.identity(row // ROW), int(ordinals_of(row))


def _of_reports_alone(selection: Selection) -> bool:
    """Whether filters and order ask nothing of a section itself."""
    ordered = selection.sort == "relevance" or not selection.size
    return ordered and all(filter_.field in REPORT_FACETS for filter_ in selection.filters)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Keep the garbage collector from looking through a hundred thousand hits, which refer to nothing, again and again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _unscored(found: Set) -> Query:
    return Query.const_score_query(queries.as_query(found), 0.0)


def _field_of(token: str) -> str:
    return _RANK_FIELDS[scored_in(token)[0][0]]


def _boosted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else Query.boost_query(query, boost)
