"""The Whoosh engine: for small corpora. Whoosh ranks by its postings; the set comes from the stored texts."""

from __future__ import annotations

import heapq
import math
from array import array
from pathlib import Path
from typing import Final

from indexer.bitsets import rows_of
from indexer.columns import Columns
from indexer.deadline import Deadline
from indexer.engine import Ranked, Selection
from indexer.evaluation import Evaluator
from indexer.matching import text_leaves
from indexer.query import And, Nearby, Or, Phrase, Plan
from indexer.results import SectionKey
from indexer.segment import Segmenter, ranking_tokens
from indexer.texts import StoredTexts
from indexer.whooshindex import WhooshPostings

_K1: Final = 1.2
_B: Final = 0.75
#: Rare tokens decide an order; more than this many only cost time.
_MOST_TOKENS: Final = 64


class WhooshEngine:
    """An open index; safe to use from several threads."""

    def __init__(self, folder: Path, texts: StoredTexts, segmenter: Segmenter) -> None:
        reports, rows = texts.headers(), texts.rows()
        self._columns = Columns(reports, rows)
        self._evaluator = Evaluator(reports, rows, self._columns)
        self._keys = [(row.report_id, row.ordinal) for row in rows]
        self._lengths = array("l", (row.tokens for row in rows))
        self._average = sum(self._lengths) / len(rows) if rows else 1.0
        self._segmenter = segmenter
        self._postings = WhooshPostings(folder, segmenter, {row.doc: n for n, row in enumerate(rows)})

    def close(self) -> None:
        """Let go of files and memory."""
        self._postings.close()

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
        )

    def _window(self, bits: int, selection: Selection, deadline: Deadline) -> tuple[tuple[SectionKey, float], ...]:
        start, end = selection.offset, selection.offset + selection.size
        if start >= bits.bit_count():
            return ()
        if selection.sort != "relevance":
            rows = self._columns.ordered(bits, selection.sort)[start:end]
            return tuple((self._keys[row], 0.0) for row in rows)
        scores = self._scores(selection.plan, deadline)
        ranked = ((-scores[row], row) for row in rows_of(bits))
        best = heapq.nsmallest(end, ranked) if end < 1_000 else sorted(ranked)
        return tuple((self._keys[row], round(-score, 6)) for score, row in best[start:end])

    def _scores(self, plan: Plan, deadline: Deadline) -> array[float]:
        """Return BM25 of every row for the words and bigrams of a plan's texts (Robertson and Zaragoza, 2009)."""
        size = self._columns.size
        scores = array("d", bytes(8 * size))
        tokens = dict.fromkeys(t for text in _texts(plan) for t in ranking_tokens(text, self._segmenter))
        found = sorted((self._postings.postings(token) for token in tokens), key=lambda posting: len(posting[0]))
        for rows, weights in found[:_MOST_TOKENS]:
            deadline.check()
            idf = math.log(1 + (size - len(rows) + 0.5) / (len(rows) + 0.5))
            for row, weight in zip(rows, weights, strict=True):
                norm = _K1 * (1 - _B + _B * self._lengths[row] / self._average)
                scores[row] += idf * weight * (_K1 + 1) / (weight + norm)
        return scores


def _texts(plan: Plan) -> list[str]:
    """Return the texts that rank: of all leaves that aren't negated, with or without a field."""
    if isinstance(plan, Phrase):
        return [plan.text]
    if isinstance(plan, Nearby):
        return list(plan.parts)
    if isinstance(plan, And | Or):
        return [text for child in plan.children for text in _texts(child)]  # type: ignore[arg-type]
    return [leaf.text for leaf in text_leaves(plan) if isinstance(leaf, Phrase)]
