"""The Whoosh engine: for small corpora. Whoosh ranks by its postings; the set comes from the stored texts."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from indexer.bitsets import rows_of
from indexer.columns import Columns
from indexer.deadline import Deadline
from indexer.engine import Order, Ranked, Selection
from indexer.evaluation import Evaluator
from indexer.grouping import KeyedOrder, ReportOrder
from indexer.ranking import K1, B, Ranking, decisive, highest_score, idf, scored_in
from indexer.results import SectionKey
from indexer.texts import StoredTexts
from indexer.titles import Titles
from indexer.whooshindex import RANK_FIELDS, WhooshPostings


class WhooshEngine:
    """An open index; safe to use from several threads."""

    def __init__(self, folder: Path, texts: StoredTexts) -> None:
        reports, rows = texts.headers(), texts.rows()
        self._columns = Columns(reports, rows)
        self._reports = reports
        self._evaluator = Evaluator(reports, rows, self._columns)
        self._keys = [(row.report_id, row.ordinal) for row in rows]
        self._lengths = {field: array("l", (row.tokens[n] for row in rows)) for n, field in enumerate(RANK_FIELDS)}
        self._averages = {field: sum(lengths) / len(rows) if rows else 1.0 for field, lengths in self._lengths.items()}
        self._postings = WhooshPostings(folder, {row.doc: n for n, row in enumerate(rows)})

    def close(self) -> None:
        """Let go of files and memory."""
        self._postings.close()

    @property
    def report_ids(self) -> Sequence[str]:
        """The identities of reports by number."""
        return [report.report_id for report in self._reports]

    def identity(self, number: int) -> str:
        """Return the identity of a report by its number."""
        return self._reports[number].report_id

    def count(self, selection: Selection, seconds: float) -> int:
        """Return the exact number of sections selected."""
        matched = self._evaluator.matching(selection.plan, selection.scope, Deadline(seconds))
        matched &= self._columns.counted(selection.copies)
        return (matched & self._columns.filtered(selection.filters)).bit_count()

    def select(self, selection: Selection, seconds: float) -> Ranked:
        """Return totals, facets and the window asked for."""
        deadline = Deadline(seconds)
        everywhere = self._evaluator.matching(selection.plan, selection.scope, deadline)
        matched = everywhere & self._columns.counted(selection.copies)
        filtered = self._columns.filtered(selection.filters)
        bits = matched & filtered
        facets = tuple(
            self._columns.facet(
                field, matched & self._columns.filtered(selection.filters, without=field), selection.filters
            )
            for field in selection.facets
        )
        deadline.check()
        return Ranked(
            bits.bit_count(),
            self._columns.count_reports(bits),
            facets,
            self._window(bits, selection, deadline),
            copies=(everywhere & filtered).bit_count() - bits.bit_count(),
            order=self._whole(bits, selection, deadline) if selection.whole else None,
        )

    def everything(self, selection: Selection, seconds: float) -> Iterator[SectionKey]:
        """Yield every section selected, by (report_id, ordinal)."""
        matched = self._evaluator.matching(selection.plan, selection.scope, Deadline(seconds))
        matched &= self._columns.counted(selection.copies) & self._columns.filtered(selection.filters)
        yield from (self._keys[row] for row in rows_of(matched))

    def by_report(self, selection: Selection, seconds: float) -> ReportOrder:
        """Return all reports with a section selected, in the order of their first."""
        whole = replace(selection, offset=0, size=self._columns.size)
        return KeyedOrder(key for key, _ in self.select(replace(whole, facets=()), seconds).window)

    def characters(self, selection: Selection, field: str, seconds: float) -> Mapping[str, int]:
        """Return by value of a field how many characters a reader sees of the sections selected."""
        matched = self._evaluator.matching(selection.plan, selection.scope, Deadline(seconds))
        matched &= self._columns.counted(selection.copies) & self._columns.filtered(selection.filters)
        return self._columns.characters(field, matched)

    def frequencies(self, tokens: Sequence[str]) -> list[int]:
        """Return how many sections have each of some tokens."""
        return [len(self._postings.postings(scored_in(token)[0][0], token)[0]) for token in tokens]

    def holding_most(
        self, tokens: Sequence[tuple[str, float]], selection: Selection, size: int, seconds: float
    ) -> tuple[tuple[SectionKey, float], ...]:
        """Return the sections that hold most of some weighted tokens, among those the filters let through."""
        deadline = Deadline(seconds)
        deadline.check()
        bits = self._columns.counted(selection.copies) & self._columns.filtered(selection.filters)
        inside = set(rows_of(bits))
        held: dict[int, float] = {}
        for token, weight in tokens:
            deadline.check()
            for row in self._postings.postings(scored_in(token)[0][0], token)[0]:
                if row in inside:
                    held[row] = held.get(row, 0.0) + weight
        best = heapq.nsmallest(size, ((-weight, row) for row, weight in held.items()))
        return tuple((self._keys[row], -weight) for weight, row in best)

    @cached_property
    def _titles(self) -> Titles:
        return Titles((report.report_id, report.title) for report in self._reports)

    def _whole(self, bits: int, selection: Selection, deadline: Deadline) -> Order:
        """Return the whole order; by relevance where a window is asked for."""
        score: Callable[[int], float] = lambda place: 0.0  # noqa: E731
        if selection.sort != "relevance":
            rows = self._columns.ordered(bits, selection.sort)
        elif selection.size:
            every = self._scores(selection.ranking, deadline)
            rows = sorted(rows_of(bits), key=lambda row: (-every[row], row))
            score = lambda place: round(every[rows[place]], 6)  # noqa: E731
        else:
            rows = list(rows_of(bits))
        numbers = [self._columns.report_of[row] for row in rows]
        ordinals = [self._keys[row][1] for row in rows]
        return Order(np.array(numbers, np.int64), np.array(ordinals, np.int64), score)

    def _window(self, bits: int, selection: Selection, deadline: Deadline) -> tuple[tuple[SectionKey, float], ...]:
        start, end = selection.offset, selection.offset + selection.size
        if start >= bits.bit_count():
            return ()
        if selection.sort != "relevance":
            rows = self._columns.ordered(bits, selection.sort)[start:end]
            return tuple((self._keys[row], 0.0) for row in rows)
        scores = self._scores(selection.ranking, deadline)
        ranked = ((-scores[row], row) for row in rows_of(bits))
        best = heapq.nsmallest(end, ranked) if end < 1_000 else sorted(ranked)
        return tuple((self._keys[row], round(-score, 6)) for score, row in best[start:end])

    def _scores(self, ranking: Ranking, deadline: Deadline) -> array[float]:
        """Return the score of every row: BM25 (Robertson and Zaragoza, 2009) and the bonus of its report's title."""
        size = self._columns.size
        scores = array("d", bytes(8 * size))
        known = (
            (token, weight, len(self._postings.postings(ranking.fields_of(token)[0][0], token)[0]))
            for token, weight in ranking.tokens
        )
        tokens = decisive(known, size, ranking.quoted)
        for token, weight, _ in tokens:
            for field, boost in ranking.fields_of(token):
                deadline.check()
                rows, often = self._postings.postings(field, token)
                worth = weight * boost * idf(len(rows), size) * (K1 + 1)
                lengths, average = self._lengths[field], self._averages[field] or 1.0
                for row, times in zip(rows, often, strict=True):
                    norm = K1 * (1 - B + B * lengths[row] / average)
                    scores[row] += worth * times / (times + norm)
        highest = highest_score(ranking, tokens, size)
        for report_id, worth in self._titles.worths(ranking.text).items():
            for row in self._columns.rows_of(report_id):
                scores[row] += highest * worth
        return scores
