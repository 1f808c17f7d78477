"""What a section is ranked by, the same for every engine: tokens, weights, and the bonus of a title. Pure.

A score is BM25 (k1 1.2, b 0.75) summed over the weighted tokens of the query in three fields: pairs of characters of a
section's own text, pairs of its context, single characters of both; plus a bonus for the few reports whose title the
query spells out. The figures behind each choice are in docs/decisions.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add
from typing import Final, Literal, TypeAlias, TypeVar

from corpus.folding import HAN, fold, is_han
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
#: So many tokens of a quoted text rank.
_RAREST: Final = 2
_NEARLY: Final = 8
_CROSSING: Final = 0.7
_STOP_WORD: Final = 0.7
#: How much a single character, or a pair in the context, counts beside a pair of the section's own text; and a word of
#: jieba's of three characters or more, which only Whoosh's index has.
CHARACTERS: Final = 0.8
CONTEXT: Final = 0.3
WORDS: Final = 0.3
_HAN_RUN: Final = re.compile(rf"[{HAN}]+")
_RUNS: Final = re.compile(rf"[{HAN}]+|[a-z0-9]+|[^\W_a-z0-9{HAN}]+")
_HAN_OR_OTHER: Final = re.compile(rf"([{HAN}]+)|([a-z0-9]+|[^\W_a-z0-9{HAN}]+)")
#: What makes a question says nothing about what is sought, whatever the segmenter makes of it.
_QUESTION: Final = re.compile(
    "为什么|怎么办|怎么样|怎么|怎样|什么样的|什么样|什么时候|什么|哪[些个里种类]?|谁|如何|是否|能否|可否|可不可以|能不能|会不会"
    "|是不是|要不要|有没有|多少|多久|多长时间|何[时种]?|请问|[吗呢吧啊]"
)

#: What a report is called: its identity, or its number in an index.
Name = TypeVar("Name", str, int)
RankField: TypeAlias = Literal["pairs", "context", "characters", "words"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What of a query ranks: weighted tokens, no token twice, and the folded text that titles are compared with.

    ``own``: the tokens that count in a section's own text alone, as quoted text is never met by context. ``quoted``: of
    each quoted text those that stand in no other; its rarest decide.
    """

    tokens: tuple[tuple[str, float], ...] = ()
    text: str = ""
    own: frozenset[str] = frozenset()
    quoted: tuple[tuple[str, ...], ...] = ()

    def fields_of(self, token: str) -> tuple[tuple[RankField, float], ...]:
        """Return the fields in which one of the tokens counts, with their weights; the first tells how rare it is."""
        return scored_in(token)[:1] if token in self.own else scored_in(token)


def pairs_of(folded: str) -> Iterator[str]:
    """Yield each pair of neighbours of the runs of Han in a text."""
    for run in _HAN_RUN.findall(folded):
        yield from map(add, run, run[1:])


def characters_of(folded: str) -> Iterator[str]:
    """Yield each character of the runs of Han in a text, and each other run as a whole."""
    for run in _RUNS.findall(folded):
        if is_han(run[0]):
            yield from run
        else:
            yield run[:_LONGEST]


def character_text(folded: str) -> str:
    """Return ``characters_of`` joined by blanks, in a fraction of the time."""
    return " ".join([" ".join(han) if han else other[:_LONGEST] for han, other in _HAN_OR_OTHER.findall(folded)])


def scored_in(token: str) -> tuple[tuple[RankField, float], ...]:
    """Return the fields in which a token of a query counts, with their weights."""
    if len(token) == 1 or not is_han(token[0]):
        return (("characters", CHARACTERS),)
    return (("pairs", 1.0), ("context", CONTEXT)) if len(token) == 2 else (("words", WORDS),)


def ranking_of(query: Query, segmenter: Segmenter) -> Ranking:
    """Return what of a query ranks, whatever rung answers: of all leaves that aren't negated, with or without a field."""
    texts = {text: quoted for raw, quoted in _texts(query) if (text := fold(raw))}
    weights: dict[str, float] = {}
    free: set[str] = set()
    for text, quoted in texts.items():
        for token, weight in _asked_by(text) if quoted else _weighted(text, segmenter):
            weights[token] = max(weight, weights.get(token, 0.0))
            if not quoted:
                free.add(token)
    kept = tuple((token, weight) for token, weight in weights.items() if weight > 0)
    # A query of nothing but question words is about them.
    tokens = kept or tuple(dict.fromkeys(weights, 1.0).items())
    own = frozenset(weights.keys() - free)
    return Ranking(tokens, fold(" ".join(texts)), own, tuple(_apart(map(_asked_by, filter(texts.get, texts)), own)))


def idf(having: int, size: int) -> float:
    """Return the weight of a token that so many of all sections have; always more than nothing.

    An index may count sections that went too (``Engine.frequencies``), and so more than there are.
    """
    having = min(having, size)
    return math.log(1 + (size - having + 0.5) / (having + 0.5))


def decisive(
    tokens: Iterable[tuple[str, float, int]], size: int, quoted: Iterable[Sequence[str]] = ()
) -> list[tuple[str, float, int]]:
    """Return those of (token, weight, sections that have it) that are worth their cost, the rarest first.

    All that is found holds all of a quoted text: how often it does is told by its rarest tokens (``Ranking.quoted``).
    """
    known = sorted((t for t in tokens if t[2]), key=lambda t: (t[2], t[0]))
    place = {token: n for n, (token, _, _) in enumerate(known)}
    common = {t for text in quoted for t in sorted(filter(place.__contains__, text), key=place.__getitem__)[_RAREST:]}
    known = [t for t in known if t[0] not in common]
    rare = (t for t in known[ALWAYS_KEPT:] if t[2] <= COMMON * size)
    return [*known[:ALWAYS_KEPT], *rare][:MOST_TOKENS]


def highest_score(ranking: Ranking, tokens: Iterable[tuple[str, float, int]], size: int) -> float:
    """Return a bound that no section's BM25 reaches: the bonus of a title that is the query, word for word."""
    return (K1 + 1) * sum(
        weight * idf(having, size) * sum(boost for _, boost in ranking.fields_of(token))
        for token, weight, having in tokens
    )


def title_tokens(folded: str) -> frozenset[str]:
    """Return what titles are compared by: pairs of Han and runs of others; a lone character as it is."""
    return frozenset(
        token
        for run in _RUNS.findall(folded)
        for token in (map(add, run, run[1:]) if is_han(run[0]) and len(run) > 1 else (run,))
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


def best_titles(worths: Iterable[tuple[Name, float]]) -> dict[Name, float]:
    """Return report -> worth of the reports that get a bonus: the best, as long as they are few.

    Reports of one worth get it all or none: where hundreds bear one title, it decides nothing between them.
    """
    by_worth: dict[float, list[Name]] = {}
    for report_id, worth in worths:
        if worth > 0:
            by_worth.setdefault(round(worth, 6), []).append(report_id)
    found: dict[Name, float] = {}
    for worth in sorted(by_worth, reverse=True):
        if len(found) + len(by_worth[worth]) > MOST_TITLES:
            break
        found |= dict.fromkeys(by_worth[worth], worth)
    return found


def _apart(texts: Iterable[Iterable[tuple[str, float]]], own: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Yield of each quoted text the tokens that stand in no other text, where these are more than decide."""
    spelt = [tuple(dict.fromkeys(token for token, _ in text)) for text in texts]
    often = Counter(token for text in spelt for token in text)
    for text in spelt:
        alone = tuple(token for token in text if token in own and often[token] == 1)
        if len(alone) > _RAREST:
            yield alone


def _texts(query: Query) -> Iterator[tuple[str, bool]]:
    """Yield the texts that rank, and whether each stands as it was quoted: all that is found then holds all of it."""
    if isinstance(query, Term):
        yield query.text, False
    elif isinstance(query, Exact):
        yield query.text, True
    elif isinstance(query, Near):
        yield from ((part, True) for part in query.parts)
    elif isinstance(query, Lineage):
        yield from ((name, True) for name in (query.text, *query.names))
    elif isinstance(query, And | Or):
        for child in query.children:
            yield from _texts(child)  # type: ignore[arg-type]  # a Query's children are queries


def _asked_by(folded: str) -> Iterator[tuple[str, float]]:
    """Yield the tokens of quoted text: every second pair of a run and its last, as phrases are asked by these.

    All that is found holds all of it: more tokens, or where its words end, would tell hits apart no better.
    """
    for run in _RUNS.findall(folded):
        if len(run) == 1 or not is_han(run[0]):
            yield run[:_LONGEST], 1.0
        else:
            last = len(run) - 2
            yield from ((run[at : at + 2], 1.0) for at in dict.fromkeys([*range(0, last + 1, 2), last]))


def _weighted(folded: str, segmenter: Segmenter) -> Iterator[tuple[str, float]]:
    """Yield the tokens of a text with their weights: a pair within a word more than one across words."""
    for run in _RUNS.findall(folded):
        if not is_han(run[0]):
            yield run[:_LONGEST], 1.0
            continue
        words = segmenter.words(run)
        weights, starts = _characters(run, words)
        yield from zip(run, weights, strict=True)
        for place in range(1, len(run)):
            weight = min(weights[place - 1], weights[place])
            yield run[place - 1 : place + 1], weight * (_CROSSING if place in starts else 1.0)
        place = 0
        for word in words:
            if len(word) > 2:
                yield word, min(weights[place : place + len(word)])
            place += len(word)


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
