"""What was typed -> Query (contract 5). Pure; every input parses, only limits reject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from corpus.agencies import lineage
from corpus.characters import clean_characters
from corpus.folding import fold
from corpus.regions import is_region
from indexer.errors import QueryRejected
from indexer.fields import agency_note, code_named, list_note
from indexer.lexer import Lexeme, lex
from indexer.query import CODE_FIELDS, And, Code, Exact, Lineage, MatchAll, Near, Not, Or, Query, Range, Term
from indexer.results import Limits

_YEARS: Final = re.compile(r"(\d{4})?(\.\.|-|~)(\d{4})?|(\d{4})")


#: Name of a word list -> its phrases, () where there is no such list.
Lists: TypeAlias = Callable[[str], tuple[str, ...]]
_LIST: Final = re.compile(r"@(\w{1,40})")


def no_lists(name: str) -> tuple[str, ...]:
    """Return () for every name: where there are no word lists."""
    return ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query with what was read as plain text (codes) and whether it uses operators, quotes or fields."""

    query: Query
    notes: tuple[str, ...]
    operators: bool


def parse(text: str, limits: Limits = Limits(), lists: Lists = no_lists) -> Parsed:  # noqa: B008 - frozen
    """Return the query that a text means, ``@name`` as any phrase of that list. Raises QueryRejected over a limit."""
    if len(text) > limits.query_length:
        raise QueryRejected(
            zh=f"检索式有 {len(text)} 个字符，上限是 {limits.query_length}；请缩短，或只取其中一句",
            en=f"the query has {len(text)} characters, the limit is {limits.query_length}; shorten it",
        )
    lexed = lex(clean_characters(text), limits)
    reader = _Reader(lexed.lexemes, limits, set(lexed.notes), lists)
    query = reader.alternatives(None) if lexed.lexemes else MatchAll()
    if reader.listed > limits.list_phrases:
        raise QueryRejected(
            zh=f"词表展开后有 {reader.listed} 个短语，上限是 {limits.list_phrases}；请缩短词表，或分成几次检索",
            en=f"the word lists expand to {reader.listed} phrases, the limit is {limits.list_phrases}; "
            "shorten the lists, or search in several steps",
        )
    leaves = sum(1 for _ in leaves_of(query)) - reader.listed + reader.lists_used
    if leaves > limits.leaves:
        raise QueryRejected(
            zh=f"检索式有 {leaves} 个条件，上限是 {limits.leaves}；请减少条件，或用引号检索整句",
            en=f"the query has {leaves} conditions, the limit is {limits.leaves}; use fewer, or quote a sentence",
        )
    operators = any(lexeme.kind != "piece" for lexeme in lexed.lexemes)
    return Parsed(query, tuple(sorted(reader.notes)), operators)


def quote(text: str) -> str:
    """Return a phrase that parses back to Exact(text)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def leaves_of(query: Query) -> Iterator[Query]:
    """Yield the leaves of a query, left to right."""
    if isinstance(query, And | Or):
        for child in query.children:
            yield from leaves_of(child)  # type: ignore[arg-type]  # a Query's children are queries
    elif isinstance(query, Not):
        yield from leaves_of(query.child)  # type: ignore[arg-type]
    else:
        yield query


def read_as(query: Query) -> str:
    """Return the query written out with all its operators, for the reader to check."""
    if isinstance(query, MatchAll):
        return "*"
    if isinstance(query, Or):
        return " OR ".join(_grouped(child, (And,)) for child in query.children)
    if isinstance(query, And):
        return " AND ".join(_grouped(child, (Or,)) for child in query.children)
    if isinstance(query, Not):
        return f"NOT {_grouped(query.child, (And, Or))}"
    return _written(query)


def _grouped(child: object, kinds: tuple[type, ...]) -> str:
    text = read_as(child)  # type: ignore[arg-type]
    return f"({text})" if isinstance(child, kinds) else text


def _written(leaf: Query) -> str:
    if isinstance(leaf, Range):
        low, high = ("" if year is None else str(year) for year in (leaf.low, leaf.high))
        return f"{leaf.field}:{low}" if low == high else f"{leaf.field}:{low}..{high}"
    if isinstance(leaf, Code):
        return f"{leaf.field}:{leaf.value}"
    assert isinstance(leaf, Term | Exact | Near | Lineage)  # noqa: S101 - all other nodes are handled before
    prefix = f"{leaf.field}:" if leaf.field else ""
    if isinstance(leaf, Near):
        return f"{prefix}{quote(' '.join(leaf.parts))}~{leaf.within}"
    return prefix + (quote(leaf.text) if isinstance(leaf, Exact) else leaf.text)


class _Reader:
    """Recursive descent over lexemes whose operators all have their sides; so it can't fail."""

    def __init__(self, lexemes: tuple[Lexeme, ...], limits: Limits, notes: set[str], lists: Lists) -> None:
        self._lists = lists
        self.listed = 0
        self.lists_used = 0
        self._lexemes = lexemes
        self._limits = limits
        self._at = 0
        self.notes = notes

    def alternatives(self, field: str | None) -> Query:
        children = [self._conjunction(field)]
        while self._next_is("or"):
            self._at += 1
            children.append(self._conjunction(field))
        return children[0] if len(children) == 1 else Or(tuple(children))

    def _conjunction(self, field: str | None) -> Query:
        children = [self._negated(field)]
        while self._at < len(self._lexemes) and not self._next_is("or", "close"):
            if self._next_is("and"):
                self._at += 1
            children.append(self._negated(field))
        return children[0] if len(children) == 1 else And(tuple(children))

    def _negated(self, field: str | None) -> Query:
        negations = 0
        while self._next_is("not"):
            self._at += 1
            negations += 1
        if negations > self._limits.nesting:
            raise nesting_error(self._limits)
        query = self._operand(field)
        for _ in range(negations):
            query = Not(query)
        return query

    def _operand(self, field: str | None) -> Query:
        lexeme = self._take()
        prefix = f"{field}:"
        if lexeme.kind == "field":
            field, prefix = lexeme.text, lexeme.source
            lexeme = self._take()
        if lexeme.kind == "open":
            query = self.alternatives(field)
            self._at += 1  # its closing bracket
            return query
        if lexeme.kind == "phrase":
            return self._phrase(lexeme, field, prefix)
        return self._value(lexeme, field, prefix) or self._piece(lexeme.text, field)

    def _piece(self, text: str, field: str | None) -> Query:
        """Return a bare piece; ``@name`` as the phrases of that list, an agency's name with those of its lineage."""
        named = _LIST.fullmatch(fold(text))
        if named and self._lists is not no_lists:
            phrases = self._lists(named[1])
            if phrases:
                self.listed += len(phrases)
                self.lists_used += 1
                found = tuple(Exact(phrase, field) for phrase in phrases)
                return found[0] if len(found) == 1 else Or(found)
            self.notes.add(list_note(named[1]))
        names = lineage(fold(text)) if field == "agency" else ()
        if not names:
            return Term(text, field)
        self.notes.add(agency_note(text, names))
        return Lineage(text, tuple(name.name for name in names), "agency")

    def _phrase(self, lexeme: Lexeme, field: str | None, prefix: str) -> Query:
        value = self._value(lexeme, field, prefix)
        if value is not None:
            return value
        if lexeme.within is None:
            return Exact(lexeme.text, field)
        parts = tuple(lexeme.text.split())
        if lexeme.within > self._limits.near_within or len(parts) > self._limits.near_parts:
            raise QueryRejected(
                zh=f"邻近检索最多 {self._limits.near_parts} 个词、相距 {self._limits.near_within} 字；请减少词数或距离",
                en=f"near takes at most {self._limits.near_parts} parts and a distance of {self._limits.near_within}",
            )
        return Near(parts, lexeme.within, field) if len(parts) > 1 else Exact(lexeme.text, field)

    def _value(self, lexeme: Lexeme, field: str | None, prefix: str) -> Query | None:
        """Return the leaf of a field that isn't text; None where the piece is text."""
        if field is None:
            return None
        folded = fold(lexeme.text)
        if field == "region" and re.fullmatch(r"\d{6}", folded) and is_region(folded):
            return Code("region", folded)
        if field == "year":
            years = _YEARS.fullmatch(folded.removesuffix("年"))
            if years and any(years.group(1, 3, 4)):
                low, high = (years[4], years[4]) if years[4] else (years[1], years[3])
                if low and high and low > high:
                    low, high = high, low
                return Range("year", int(low) if low else None, int(high) if high else None)
        elif field in CODE_FIELDS:
            code = code_named(field, lexeme.text)
            if code is not None:
                return Code(field, code)
        else:
            return None
        self.notes.add("unknown_value")
        return Term(prefix + lexeme.source)

    def _next_is(self, *kinds: str) -> bool:
        return self._at < len(self._lexemes) and self._lexemes[self._at].kind in kinds

    def _take(self) -> Lexeme:
        self._at += 1
        return self._lexemes[self._at - 1]


def nesting_error(limits: Limits) -> QueryRejected:
    """Return the error for brackets or negations nested too deep."""
    return QueryRejected(
        zh=f"括号或否定嵌套超过 {limits.nesting} 层；请简化检索式",
        en=f"brackets or negations are nested deeper than {limits.nesting}; simplify the query",
    )
