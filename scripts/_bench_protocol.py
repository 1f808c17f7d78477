"""What every candidate of the bench is asked, and what it has to answer: the same work on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from _bench_corpus import SECTIONS, Text

from corpus.folding import fold

#: The four facets that every answer holds; all but the kind count distinct reports as well.
FACETS = ("region", "department", "year", "kind")
SIZE = 10
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Question:
    """Sections that hold each of the phrases (exactly, folded); with ``near`` all in one unit so many characters apart."""

    phrases: tuple[str, ...]
    near: int | None = None
    region: str = ""
    section_kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One of the ten best: the section, a piece of its text and what is marked in it."""

    section_id: str
    snippet: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Totals, facets (field -> value -> sections and distinct reports, for kinds 0 of these) and the ten best."""

    sections: int
    reports: int
    facets: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    hits: tuple[Found, ...] = ()


class Candidate(Protocol):
    """A way to search the corpus. ``unavailable`` says why it can't run here, or "".

    ``unit`` is what it finds: sections, or reports where it knows files only.
    """

    name: str
    unit: str

    def unavailable(self) -> str:
        """Return why this candidate can't run on this machine; "" if it can."""
        ...

    def build(self, corpus: Path, index: Path, workers: int) -> None:
        """Index the corpus into an empty folder."""
        ...

    def open(self, corpus: Path, index: Path) -> None:
        """Make ready for questions."""
        ...

    def ask(self, question: Question) -> Answer | None:
        """Answer a question; None if this candidate can't ask that."""
        ...

    def matching(self, phrase: str) -> set[str] | int:
        """Return the identities of all sections that hold a phrase, or only their number where that is all it tells."""
        ...


def snippet(section_id: str, text: str, phrases: Sequence[str]) -> Found:
    """Cut a piece of folded text around the first phrase found, and mark all of them in it."""
    first = min((at for at in (text.find(phrase) for phrase in phrases) if at >= 0), default=0)
    start = max(0, first - _AROUND)
    piece = text[start : first + 2 * _AROUND]
    marks = []
    for phrase in phrases:
        at = piece.find(phrase)
        while at >= 0:
            marks.append((at, at + len(phrase)))
            at = piece.find(phrase, at + 1)
    return Found(section_id, piece, tuple(sorted(marks)))


def folded_units(text: Text) -> list[str]:
    """Return a section's units, folded; empty ones left out."""
    return [folded for unit in text.units if (folded := fold(unit))]


def line_chunks(corpus: Path, size: int) -> Iterator[list[str]]:
    """Yield the lines of the sections' file, so many at a time: what worker processes parse and fold."""
    chunk: list[str] = []
    with (corpus / SECTIONS).open(encoding="utf-8") as file:
        for line in file:
            chunk.append(line)
            if len(chunk) == size:
                yield chunk
                chunk = []
    if chunk:
        yield chunk
