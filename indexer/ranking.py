"""What a section is ranked by, the same for every engine: tokens, weights, and the bonus of a title. Pure.

A score is BM25 (k1 1.2, b 0.75) over one field of tokens, summed over the weighted tokens of the query, plus a bonus for
the few reports whose title the query spells out. The figures behind each choice are in docs/decisions.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corpus.folding import HAN, fold
from indexer.query import And, Exact, Lineage, Near, Or, Query, Term
from indexer.segment import STOP_WORDS, Segmenter

K1: Final = 1.2
B: Final = 0.75
#: So many of the rarest tokens always rank; of the others only those in no more than the share of sections below.
ALWAYS_KEPT: Final = 8
COMMON: Final = 0.3
#: Rare tokens decide an order; more than this many only cost time.
MOST_TOKENS: Final = 64
#: A title counts if the query has this share of it; more than so many titles are no longer a matter of titles.
TITLE_COVERED: Final = 0.75
MOST_TITLES: Final = 64

_LONGEST: Final = 64
_NEARLY: Final = 8
_CROSSING: Final = 0.7
_STOP_WORD: Final = 0.7
_RUNS: Final = re.compile(rf"(?P<han>[{HAN}]+)|(?P<other>[a-z0-9]+|[^\W_a-z0-9{HAN}]+)")
#: What makes a question says nothing about what is sought, whatever the segmenter makes of it.
_QUESTION: Final = re.compile(
    "为什么|怎么办|怎么样|怎么|怎样|什么样的|什么样|什么时候|什么|哪[些个里种类]?|谁|如何|是否|能否|可否|可不可以|能不能|会不会"
    "|是不是|要不要|有没有|多少|多久|多长时间|何[时种]?|请问|[吗呢吧啊]"
)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What of a query ranks: weighted tokens, no token twice, and the folded text that titles are compared with."""

    tokens: tuple[tuple[str, float], ...] = ()
    text: str = ""


def rank_tokens(folded: str) -> Iterator[str]:
    """Yield the tokens of a text: each character and each pair of neighbours of a run of Han, other runs whole."""
    for run in _RUNS.finditer(folded):
        text = run[0]
        if run.lastgroup == "han":
            yield from text
            yield from _pairs(text)
        else:
            yield text[:_LONGEST]


def ranking_of(query: Query, segmenter: Segmenter) -> Ranking:
    """Return what of a query ranks, whatever rung answers: of all leaves that aren't negated, with or without a field."""
    texts = list(dict.fromkeys(filter(None, map(fold, _texts(query)))))
    weights: dict[str, float] = {}
    for text in texts:
        for token, weight in _weighted(text, segmenter):
            weights[token] = max(weight, weights.get(token, 0.0))
    kept = tuple((token, weight) for token, weight in weights.items() if weight > 0)
    # A query of nothing but question words is about them.
    return Ranking(kept or tuple(dict.fromkeys(weights, 1.0).items()), fold(" ".join(texts)))


def idf(having: int, size: int) -> float:
    """Return the weight of a token that so many of all sections have."""
    return math.log(1 + (size - having + 0.5) / (having + 0.5))


def decisive(tokens: Iterable[tuple[str, float, int]], size: int) -> list[tuple[str, float, int]]:
    """Return those of (token, weight, sections that have it) that are worth their cost, the rarest first."""
    known = sorted((t for t in tokens if t[2]), key=lambda t: (t[2], t[0]))
    rare = (t for t in known[ALWAYS_KEPT:] if t[2] <= COMMON * size)
    return [*known[:ALWAYS_KEPT], *rare][:MOST_TOKENS]


def highest_score(tokens: Iterable[tuple[str, float, int]], size: int) -> float:
    """Return a bound that no section's BM25 reaches: the bonus of a title that is the query, word for word."""
    return (K1 + 1) * sum(weight * idf(having, size) for _, weight, having in tokens)


def title_tokens(folded: str) -> frozenset[str]:
    """Return what titles are compared by: pairs of Han and runs of others; a lone character as it is."""
    return frozenset(
        token
        for run in _RUNS.finditer(folded)
        for token in (_pairs(run[0]) if run.lastgroup == "han" and len(run[0]) > 1 else (run[0],))
    )


def title_worth(query: frozenset[str], title: frozenset[str]) -> float:
    """Return which part of the highest score a title adds to its report's sections, 0 to 1; both as title_tokens.

    How much of the query the title has, times how much of the title the query has, the latter to the power of eight:
    titles that differ by a year or an article's number have nearly all in common. Nothing below three quarters.
    """
    common = len(query & title)
    if not common or common < TITLE_COVERED * len(title):
        return 0.0
    return (common / len(title)) ** _NEARLY * (common / len(query))


def best_titles(worths: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return report -> worth of the reports that get a bonus: the best, as long as they are few.

    Reports of one worth get it all or none: where hundreds bear one title, it decides nothing between them.
    """
    by_worth: dict[float, list[str]] = {}
    for report_id, worth in worths:
        if worth > 0:
            by_worth.setdefault(round(worth, 6), []).append(report_id)
    found: dict[str, float] = {}
    for worth in sorted(by_worth, reverse=True):
        if len(found) + len(by_worth[worth]) > MOST_TITLES:
            break
        found |= dict.fromkeys(by_worth[worth], worth)
    return found


def _texts(query: Query) -> Iterator[str]:
    """Yield the texts that rank."""
    if isinstance(query, Term | Exact):
        yield query.text
    elif isinstance(query, Near):
        yield from query.parts
    elif isinstance(query, Lineage):
        yield from (query.text, *query.names)
    elif isinstance(query, And | Or):
        for child in query.children:
            yield from _texts(child)  # type: ignore[arg-type]  # a Query's children are queries


def _weighted(folded: str, segmenter: Segmenter) -> Iterator[tuple[str, float]]:
    """Yield the tokens of a text with their weights: a pair within a word more than one across words."""
    for run in _RUNS.finditer(folded):
        text = run[0]
        if run.lastgroup != "han":
            yield text[:_LONGEST], 1.0
            continue
        words = segmenter.words(text)
        weights, starts = _characters(text, words)
        yield from zip(text, weights, strict=True)
        for place in range(1, len(text)):
            weight = min(weights[place - 1], weights[place])
            yield text[place - 1 : place + 1], weight * (_CROSSING if place in starts else 1.0)


def _characters(run: str, words: Sequence[str]) -> tuple[list[float], set[int]]:
    """Return the weight of each character of a run, and where its words start."""
    weights: list[float] = []
    starts: set[int] = set()
    for word in words:
        starts.add(len(weights))
        weights += [_STOP_WORD if word in STOP_WORDS else 1.0] * len(word)
    for found in _QUESTION.finditer(run):
        weights[found.start() : found.end()] = [0.0] * (found.end() - found.start())
    return weights, starts


def _pairs(run: str) -> Iterator[str]:
    return map("".join, pairwise(run))
