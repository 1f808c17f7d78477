"""The query tree: what was asked (raw text leaves) and, below a rung, what is searched (folded leaves)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Match = Literal["auto", "exact", "words", "most"]
Rung = Literal["exact", "words", "most"]
Scope = Literal["section", "report"]

MATCHES: Final[tuple[Match, ...]] = ("auto", "exact", "words", "most")
RUNGS: Final[tuple[Rung, ...]] = ("exact", "words", "most")
SCOPES: Final[tuple[Scope, ...]] = ("section", "report")


def rung_of(match: Match) -> Rung:
    """Return the rung of an answer that must not depend on the ladder: there ``auto`` reads as exact."""
    return "exact" if match == "auto" else match


#: Fields with a fixed set of codes.
CODE_FIELDS: Final = ("kind", "form", "level", "doctype", "template")


@dataclass(frozen=True, slots=True)
class Term:
    """A piece typed without quotes; raw text."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """A quoted phrase; raw text."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Two or more texts in one paragraph, at most ``within`` folded characters apart; raw texts."""

    parts: tuple[str, ...]
    within: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """``low`` to ``high``, both included; None is open. Only years have ranges."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Code:
    """A field that holds exactly this code (``kind:review``)."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """A bare value of a field that also stands for other names: short, former and later ones (contract 4.7); raw texts."""

    text: str
    names: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded text to be found as a substring.

    ``whole_run``: an ASCII run that must not touch another ASCII letter or digit.
    ``context``: it may also be met by the headings above the section or the report's title, agency, region.
    """

    text: str
    whole_run: bool = False
    context: bool = False
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Nearby:
    """The folded texts of a Near."""

    parts: tuple[str, ...]
    within: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` of the phrases."""

    count: int
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class And:
    """Every child."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Exactly the sections that the child, taken as a query of its own, doesn't match."""

    child: Node


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every section."""


#: What the parser yields.
Query: TypeAlias = "Term | Exact | Near | Lineage | Range | Code | And | Or | Not | MatchAll"
#: What an engine is asked: And, Or, Not over folded leaves.
Plan: TypeAlias = "Phrase | Nearby | AtLeast | Range | Code | And | Or | Not | MatchAll"
Node: TypeAlias = "Query | Plan"
