"""Collocates: the words that stand near a query's matches more often than in the rest of the matching sections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import Final

from indexer.concordance import plain_request
from indexer.counting import spanning
from indexer.errors import QueryRejected
from indexer.nearwords import NearWords, WordCount
from indexer.occurrences import Watch
from indexer.results import SearchRequest
from indexer.service import Reading, Searcher

FARTHEST: Final = 20
#: The measure of association of collocates, by name.
MEASURE: Final = "log-likelihood G2 (Dunning 1993)"


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word near the matches: how often within the distance (left, right), how often elsewhere in the hits, and G²."""

    word: str
    frequency: int
    before: int
    after: int
    elsewhere: int
    expected: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Collocates:
    """The words that stand near the matches more often than in the rest of the matching sections, strongest first."""

    request: SearchRequest
    read_as: str
    notes: tuple[str, ...]
    within: int
    words: tuple[Collocate, ...]
    words_near: int
    words_elsewhere: int
    matches: int
    generation: str
    corpus_id: str
    engine: str


def collocates(
    searcher: Searcher,
    request: SearchRequest,
    *,
    within: int = 5,
    least: int = 2,
    limit: int = 100,
    seconds: float | None = None,
) -> Collocates:
    """Return the words at most ``within`` words from a match in the same unit, at least ``least`` times, by G².

    A word is near if its nearest match is; matches themselves aren't words. Raises as ``concordance`` does.
    """
    if not 1 <= within <= FARTHEST:
        raise QueryRejected(
            zh=f"词距须为 1 到 {FARTHEST}，现为 {within}", en=f"the distance is 1 to {FARTHEST} words, not {within}"
        )
    watch = Watch(seconds)
    asked = plain_request(request)
    reading = searcher.reading(asked.query, asked.match, watch.check)
    key = (within, least, reading.read_as, replace(asked, query="", size=0))
    known = searcher.collocates.get(key)
    if known is None:
        known = _made(searcher, asked, reading, within, least, watch)
        searcher.collocates.put(key, known)
    return replace(known, request=asked, notes=reading.notes, words=known.words[:limit])


def _made(
    searcher: Searcher, asked: SearchRequest, reading: Reading, within: int, least: int, watch: Watch
) -> Collocates:
    """Return all words, in their order."""
    counted = NearWords(searcher.segmenter, within, watch.check)
    spans = spanning(reading.highlighter, watch.check)
    for shown in searcher.shown(asked):
        watch.section()
        for text in shown.texts:
            counted.add(text, spans(text))
    words_near, words_elsewhere = counted.totals()
    found = [_collocate(word, words_near, words_elsewhere) for word in counted.near(least)]
    kept = [each for each in found if each.frequency > each.expected]
    kept.sort(key=lambda each: (-each.log_likelihood, -each.frequency, each.word))
    manifest = searcher.manifest
    return Collocates(
        request=asked,
        read_as=reading.read_as,
        notes=reading.notes,
        within=within,
        words=tuple(kept),
        words_near=words_near,
        words_elsewhere=words_elsewhere,
        matches=counted.matches,
        generation=manifest.generation,
        corpus_id=manifest.corpus_id,
        engine=manifest.engine,
    )


def log_likelihood(near: int, elsewhere: int, words_near: int, words_elsewhere: int) -> float:
    """Return G² of the table (word, other words) x (near, elsewhere)."""
    whole = words_near + words_elsewhere
    table = (
        (near, words_near, near + elsewhere),
        (elsewhere, words_elsewhere, near + elsewhere),
        (words_near - near, words_near, whole - near - elsewhere),
        (words_elsewhere - elsewhere, words_elsewhere, whole - near - elsewhere),
    )
    return 2 * sum(seen * log(seen * whole / (column * row)) for seen, column, row in table if seen)


def _collocate(count: WordCount, words_near: int, words_elsewhere: int) -> Collocate:
    near, elsewhere = count.near, count.every - count.near
    expected = count.every * words_near / (words_near + words_elsewhere)
    measure = log_likelihood(near, elsewhere, words_near, words_elsewhere)
    return Collocate(count.word, near, count.before, count.after, elsewhere, expected, measure)
