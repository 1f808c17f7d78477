"""Query -> Plan on one rung of the ladder (contract 3). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.folding import fold
from indexer.query import (
    And,
    AtLeast,
    Code,
    Exact,
    Lineage,
    MatchAll,
    Near,
    Nearby,
    Not,
    Or,
    Phrase,
    Plan,
    Query,
    Range,
    Rung,
    Term,
)
from indexer.segment import STOP_WORDS, Segmenter, Word, words_of

#: From this many words on, a query without operators is a description, not a phrase (contract 3.5).
MANY_WORDS = 12


def rewrite(query: Query, rung: Rung, segmenter: Segmenter) -> Plan:
    """Return what an engine is asked on a rung."""
    if isinstance(query, Term):
        return _pooled([query], segmenter) if rung == "most" and query.field is None else _piece(query, rung, segmenter)
    if isinstance(query, Exact):
        return _phrase(query.text, query.field)
    if isinstance(query, Near):
        parts = tuple(part for part in map(fold, query.parts) if part)
        return Nearby(parts, query.within, query.field) if len(parts) > 1 else _phrase("".join(parts), query.field)
    if isinstance(query, Lineage):
        return Or(tuple(_phrase(name, query.field) for name in (query.text, *query.names)))
    if isinstance(query, And):
        return _conjunction(list(_flat(query)), rung, segmenter)
    if isinstance(query, Or):
        return Or(tuple(rewrite(child, rung, segmenter) for child in _queries(query.children)))
    if isinstance(query, Not):
        return Not(rewrite(next(iter(_queries((query.child,)))), "exact", segmenter))
    return query


def has_pieces(query: Query) -> bool:
    """Whether a query has pieces that a rung reads in its own way."""
    if isinstance(query, Term):
        return True
    if isinstance(query, And | Or):
        return any(has_pieces(child) for child in _queries(query.children))
    return False


def count_words(query: Query, segmenter: Segmenter) -> int:
    """Return how many words the pieces of a query have."""
    if isinstance(query, Term):
        return len(words_of(fold(query.text), segmenter))
    if isinstance(query, And | Or):
        return sum(count_words(child, segmenter) for child in _queries(query.children))
    return 0


def _phrase(text: str, field: str | None) -> Plan:
    folded = fold(text)
    return Phrase(folded, field=field) if folded else MatchAll()


def _piece(term: Term, rung: Rung, segmenter: Segmenter) -> Plan:
    folded = fold(term.text)
    if not folded:
        return MatchAll()
    context = term.field is None
    words = [] if rung == "exact" else words_of(folded, segmenter)
    if not words:
        return Phrase(folded, context=context, field=term.field)
    phrases = tuple(dict.fromkeys(_word_phrase(word, context, term.field) for word in words))
    return phrases[0] if len(phrases) == 1 else And(phrases)


def _word_phrase(word: Word, context: bool, field: str | None) -> Phrase:
    return Phrase(word.text, whole_run=word.whole_run, context=context, field=field)


def _conjunction(children: list[Query], rung: Rung, segmenter: Segmenter) -> Plan:
    pooled = [child for child in children if rung == "most" and isinstance(child, Term) and child.field is None]
    plans = [rewrite(child, rung, segmenter) for child in children if child not in pooled]
    if pooled:
        plans.insert(0, _pooled(pooled, segmenter))
    return plans[0] if len(plans) == 1 else And(tuple(plans))


def _pooled(terms: list[Term], segmenter: Segmenter) -> Plan:
    """Return "at least a quarter of the content words" of the pieces of one conjunction."""
    words = list(dict.fromkeys(word for term in terms for word in words_of(fold(term.text), segmenter)))
    content = [word for word in words if word.text not in STOP_WORDS] or words
    if not content:
        plans = tuple(_piece(term, "exact", segmenter) for term in terms)
        return plans[0] if len(plans) == 1 else And(plans)
    phrases = tuple(_word_phrase(word, True, None) for word in content)
    return AtLeast(max(1, len(phrases) // 4), phrases)


def _flat(query: And) -> Iterable[Query]:
    for child in _queries(query.children):
        if isinstance(child, And):
            yield from _flat(child)
        else:
            yield child


def _queries(children: Iterable[object]) -> Iterable[Query]:
    for child in children:
        assert isinstance(child, Term | Exact | Near | Lineage | Range | Code | And | Or | Not | MatchAll)  # noqa: S101
        yield child
