"""What was typed -> lexemes in which every operator has its sides; what hasn't is text (contract 5.5). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from corpus.folding import fold
from indexer.errors import QueryRejected
from indexer.fields import FIELD_OF_NAME
from indexer.results import Limits

Kind = Literal["piece", "phrase", "open", "close", "or", "and", "not", "field"]

_CLOSERS: Final = {'"': '"', "“": "”", "「": "」"}
_ORPHANS: Final = "”」"
_OPEN: Final = "(（"
_CLOSE: Final = ")）"
_BAR: Final = "|｜"
_NEAR: Final = re.compile(r"~(\d{1,9})")
_FIELD: Final = re.compile(r"([A-Za-z]{4,10}|[一-鿿]{2,4})[:：](?=\S)")
_KEYWORDS: Final[dict[str, Kind]] = {"OR": "or", "AND": "and", "NOT": "not"}
_STARTS: Final = frozenset({"piece", "phrase", "open", "field", "not"})
_ENDS: Final = frozenset({"piece", "phrase", "close"})


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A lexeme with its text as meant and its source as typed; ``within`` for a near phrase."""

    kind: Kind
    text: str
    source: str
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Lexed:
    """The lexemes of a query and codes for what was taken as plain text."""

    lexemes: tuple[Lexeme, ...]
    notes: tuple[str, ...]


def lex(text: str, limits: Limits) -> Lexed:
    """Return lexemes that the grammar accepts whatever the text is."""
    scanner = _Scanner(text, limits)
    lexemes = _with_sides(scanner.lexemes(), scanner.notes)
    return Lexed(tuple(lexemes), tuple(sorted(scanner.notes)))


class _Scanner:
    """Finds quotes first, then pairs of brackets outside them, then cuts what remains at blanks and operators."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._text = text
        self.notes: set[str] = set()
        self._quotes = self._find_quotes()
        self._pairs = self._find_pairs(limits)

    def lexemes(self) -> list[Lexeme]:
        found: list[Lexeme] = []
        at = 0
        while at < len(self._text):
            if self._text[at].isspace():
                at += 1
                continue
            lexeme, at = self._one(at)
            found.append(lexeme)
        return found

    def _one(self, at: int) -> tuple[Lexeme, int]:
        char = self._text[at]
        if at in self._quotes:
            return self._phrase(at)
        if at in self._pairs:
            kind: Kind = "open" if char in _OPEN else "close"
            return Lexeme(kind, char, char), at + 1
        if char in _BAR:
            return Lexeme("or", char, char), at + 1
        if char == "-":
            if self._text[at + 1 : at + 2].strip():
                return Lexeme("not", char, char), at + 1
            self.notes.add("dangling_operator")
        named = _FIELD.match(self._text, at)
        field = FIELD_OF_NAME.get(fold(named[1])) if named else None
        if named and field and not self._ends_piece(named.end(), in_piece=False):
            return Lexeme("field", field, named[0]), named.end()
        return self._piece(at)

    def _phrase(self, at: int) -> tuple[Lexeme, int]:
        end = self._quotes[at]
        inner = re.sub(r'\\(["\\])', r"\1", self._text[at + 1 : end])
        near = _NEAR.match(self._text, end + 1)
        after = near.end() if near else end + 1
        return Lexeme("phrase", inner, self._text[at:after], int(near[1]) if near else None), after

    def _piece(self, start: int) -> tuple[Lexeme, int]:
        at = start
        while at < len(self._text) and (at == start or not self._ends_piece(at, in_piece=True)):
            if self._text.startswith('\\"', at):
                at += 2
            elif at in self._pairs and self._text[at] in _OPEN:
                at = self._pairs[at] + 1  # a pair without a blank in it is text
            else:
                at += 1
        source = self._text[start:at]
        keyword = _KEYWORDS.get(source)
        if keyword:
            return Lexeme(keyword, source, source), at
        return Lexeme("piece", source.replace('\\"', '"'), source), at

    def _ends_piece(self, at: int, *, in_piece: bool) -> bool:
        char = self._text[at]
        if char.isspace() or char in _BAR:
            return True
        if not in_piece:
            return False
        if at in self._quotes:
            return True
        if at not in self._pairs:
            return False
        if char in _CLOSE:
            return True
        return any(c.isspace() for c in self._text[at : self._pairs[at]])

    def _find_quotes(self) -> dict[int, int]:
        """Return opening -> closing position of every quote that has its twin."""
        found: dict[int, int] = {}
        at = 0
        while at < len(self._text):
            char = self._text[at]
            if char == "\\" and self._text[at + 1 : at + 2] == '"':
                at += 2
                continue
            if char in _CLOSERS:
                end = self._closing(at)
                if end is None:
                    self.notes.add("unclosed_quote")
                else:
                    found[at] = end
                    at = end
            elif char in _ORPHANS:
                self.notes.add("unclosed_quote")
            at += 1
        return found

    def _closing(self, opening: int) -> int | None:
        closer = _CLOSERS[self._text[opening]]
        at = opening + 1
        while at < len(self._text):
            if self._text[at] == "\\" and self._text[at + 1 : at + 2] in {'"', "\\"}:
                at += 2
                continue
            if self._text[at] == closer:
                return at
            at += 1
        return None

    def _find_pairs(self, limits: Limits) -> dict[int, int]:
        """Return position -> twin for every bracket outside quotes that has one."""
        pairs: dict[int, int] = {}
        open_at: list[int] = []
        at = 0
        while at < len(self._text):
            if at in self._quotes:
                at = self._quotes[at]
            elif self._text[at] in _OPEN:
                open_at.append(at)
            elif self._text[at] in _CLOSE and open_at:
                twin = open_at.pop()
                pairs[twin], pairs[at] = at, twin
            elif self._text[at] in _CLOSE:
                self.notes.add("unbalanced_bracket")
            at += 1
        if open_at:
            self.notes.add("unbalanced_bracket")
        _check_nesting(self._text, pairs, limits)
        return pairs


def _check_nesting(text: str, pairs: dict[int, int], limits: Limits) -> None:
    depth = 0
    for at in sorted(pairs):
        depth += 1 if text[at] in _OPEN else -1
        if depth > limits.nesting:
            raise QueryRejected(
                zh=f"括号嵌套超过 {limits.nesting} 层；请简化检索式",
                en=f"brackets are nested deeper than {limits.nesting}; simplify the query",
            )


def _with_sides(lexemes: list[Lexeme], notes: set[str]) -> list[Lexeme]:
    """Turn operators without their operands into pieces of text, and empty brackets too."""
    filled = _without_empty_groups(lexemes, notes)
    for at in range(len(filled) - 1, -1, -1):
        after = filled[at + 1].kind if at + 1 < len(filled) else "close"
        valid = _STARTS - {"field", "not"} if filled[at].kind == "field" else _STARTS
        if filled[at].kind in {"not", "field"} and after not in valid:
            filled[at] = _as_text(filled[at], notes)
    for at, lexeme in enumerate(filled):
        if lexeme.kind in {"or", "and"}:
            before = filled[at - 1].kind if at else "open"
            after = filled[at + 1].kind if at + 1 < len(filled) else "close"
            if before not in _ENDS or after not in _STARTS:
                filled[at] = _as_text(lexeme, notes)
    return filled


def _without_empty_groups(lexemes: list[Lexeme], notes: set[str]) -> list[Lexeme]:
    kept: list[Lexeme] = []
    for lexeme in lexemes:
        if lexeme.kind == "close" and kept and kept[-1].kind == "open":
            kept[-1] = Lexeme("piece", "()", "()")
            notes.add("dangling_operator")
        else:
            kept.append(lexeme)
    return kept


def _as_text(lexeme: Lexeme, notes: set[str]) -> Lexeme:
    notes.add("dangling_operator")
    return replace(lexeme, kind="piece", text=lexeme.source)
