"""How many matches are marked in texts, counted without folding them wherever that is exact. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from corpus.folding import dropped, expanding, is_han, originals
from indexer.highlight import Highlighter
from indexer.matching import Check, unchecked
from indexer.query import Nearby, Phrase
from indexer.results import Span

#: Stands between two texts: it folds to itself, is no blank, and no phrase that is counted this way has it.
_BOUNDARY: Final = "\ue000"


def counting(highlighter: Highlighter, check: Check = unchecked) -> Callable[[Sequence[str]], int]:
    """Return what counts the marks in the texts of a section: ``len(highlighter.spans(text))``, added up."""
    pattern = _pattern(highlighter.leaves)
    if pattern is None:
        return lambda texts: sum(len(highlighter.spans(text)) for text in texts)
    find = pattern.findall

    def count(texts: Sequence[str]) -> int:
        check()
        return len(find(_BOUNDARY.join(texts)))

    return count


def spanning(highlighter: Highlighter, check: Check = unchecked) -> Callable[[str], Sequence[Span]]:
    """Return what gives the marks in one text: ``highlighter.spans(text)``."""
    pattern = _pattern(highlighter.leaves)
    if pattern is None:
        return highlighter.spans
    find = pattern.finditer

    def spans(text: str) -> list[Span]:
        check()
        return [found.span() for found in find(text)]

    return spans


def _pattern(leaves: Sequence[Phrase | Nearby]) -> re.Pattern[str] | None:
    """Return what finds the phrases in original text, or None where only folding tells.

    Between Han characters every blank is folded away, so a phrase of these is its characters in any of their forms with
    blanks between. Phrases that can overlap would be marked as one; those are left to folding.
    """
    phrases = []
    for leaf in leaves:
        if isinstance(leaf, Nearby) or leaf.whole_run or not leaf.text or not all(map(is_han, leaf.text)):
            return None
        phrases.append(leaf.text)
    if (
        not phrases
        or any(_overlap(one, other) for one in phrases for other in phrases)
        or expanding(set("".join(phrases)))
    ):
        return None
    gap = rf"[\s{re.escape(dropped())}]*"
    return re.compile("|".join(gap.join(_any_of(originals(char)) for char in phrase) for phrase in phrases))


def _any_of(chars: str) -> str:
    return re.escape(chars) if len(chars) == 1 else f"[{re.escape(chars)}]"


def _overlap(one: str, other: str) -> bool:
    """Whether matches of two different places can share characters: an end of one begins the other, or it is within."""
    if one != other and other in one:
        return True
    return any(one.endswith(other[:size]) for size in range(1, min(len(one), len(other) + 1)))
