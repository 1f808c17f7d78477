"""An algebra of tantivy queries that never yields one which tantivy reads otherwise than as a set.

``None`` is the empty set, ``ALL`` every section. tantivy panics at a phrase of one term, and a purely negative
Boolean query finds nothing: neither can be made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final, TypeAlias

import tantivy
from tantivy import Occur, Query

from indexer.grams import beginning_with, phrase_grams


class _All(Enum):
    ALL = "all"


ALL: Final = _All.ALL
Set: TypeAlias = "Query | _All | None"


def phrase(schema: tantivy.Schema, field: str, folded: str) -> Query:
    """Return the documents with a unit of ``field`` that holds a folded phrase of one character or more."""
    if len(folded) == 1:
        return Query.regex_query(schema, field, beginning_with(folded))
    grams = phrase_grams(folded)
    if len(grams) == 1:
        return Query.term_query(schema, field, grams[0][1], "basic")
    return Query.phrase_query(schema, field, [*grams])


def within(schema: tantivy.Schema, field: str, parts: Sequence[str], distance: int) -> Query | None:
    """Return documents among which are all where the first bigrams of two parts stand near enough; None where it can't tell."""
    left, right = parts
    if len(left) < 2 or len(right) < 2:
        return None
    first = [phrase_grams(part)[0][1] for part in (left, right)]
    if first[0] == first[1]:
        return None
    # |position of left - position of right + 1| is at most this wherever the gap is within the distance.
    slop = max(len(left), len(right)) + distance + 1
    return Query.phrase_query(schema, field, [(0, first[0]), (1, first[1])], slop=slop)


def token(schema: tantivy.Schema, field: str, value: str | int) -> Query:
    """Return the documents with a token."""
    return Query.term_query(schema, field, _plain(value), "basic")


def tokens(schema: tantivy.Schema, field: str, values: Sequence[str] | Sequence[int]) -> Set:
    """Return the documents with any of the tokens."""
    if not values:
        return None
    if len(values) == 1:
        return token(schema, field, values[0])
    return Query.term_set_query(schema, field, [_plain(value) for value in values])


def _plain(value: str | int) -> str | int:
    """Return a value without lone surrogates (from an address): they are in no token, and tantivy takes none."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def union(sets: Iterable[Set]) -> Set:
    """Return what is in any of the sets."""
    kept: list[Query] = []
    for each in sets:
        if each is ALL:
            return ALL
        if isinstance(each, Query):
            kept.append(each)
    if len(kept) < 2:
        return kept[0] if kept else None
    return Query.boolean_query([(Occur.Should, query) for query in kept])


def intersection(sets: Iterable[Set], without: Iterable[Set] = ()) -> Set:
    """Return what is in all of the sets, and in none of those after."""
    kept: list[Query] = []
    for each in sets:
        if each is None:
            return None
        if isinstance(each, Query):
            kept.append(each)
    excluded: list[Query] = []
    for each in without:
        if each is ALL:
            return None
        if isinstance(each, Query):
            excluded.append(each)
    if not excluded:
        if len(kept) < 2:
            return kept[0] if kept else ALL
        return Query.boolean_query([(Occur.Must, query) for query in kept])
    musts = [(Occur.Must, query) for query in kept or [Query.all_query()]]
    return Query.boolean_query([*musts, *((Occur.MustNot, query) for query in excluded)])


def at_least(count: int, sets: Sequence[Set]) -> Set:
    """Return what is in at least ``count`` of the sets."""
    everywhere = sum(1 for each in sets if each is ALL)
    kept = [each for each in sets if isinstance(each, Query)]
    wanted = count - everywhere
    if wanted <= 0:
        return ALL
    if wanted == 1:
        return union(kept)
    if wanted > len(kept):
        return None
    if wanted == len(kept):
        return intersection(kept)
    return Query.boolean_query([(Occur.Should, query) for query in kept], minimum_number_should_match=wanted)


def as_query(found: Set) -> Query:
    """Return a set as a query."""
    if found is None:
        return Query.empty_query()
    return found if isinstance(found, Query) else Query.all_query()
