"""Which tokens of a passage tell where its like may stand, the same for every engine. Pure.

A changed character spoils two pairs of neighbours and makes two new ones, which are rare or stand nowhere. So more
tokens are asked than a passage that was left alone would need, the rarest first, and sections are ordered by the weight
of those they hold: where the passage stands, all that weren't spoiled come together (measured: docs/wording.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from indexer.ranking import characters_of, idf, pairs_of

#: So many tokens are asked at most; and no more than so many postings are read once a few tokens are there.
_MOST_TOKENS: Final = 48
_MOST_POSTINGS: Final = 800_000
_ALWAYS: Final = 6
#: A passage of fewer pairs is also told by its single characters and its figures.
_FEW_PAIRS: Final = 6
#: What holds less of a passage than this share of what the best holds has its tokens by chance.
_SHARE_OF_BEST: Final = 0.2

Held = TypeVar("Held")


def tokens_of(folded: str) -> tuple[str, ...]:
    """Return what of a folded passage may tell its like, each once: pairs of Han, of a short one single tokens too."""
    pairs = dict.fromkeys(pairs_of(folded))
    return tuple(pairs) if len(pairs) >= _FEW_PAIRS else tuple(dict.fromkeys((*pairs, *characters_of(folded))))


def worth_comparing(held: Sequence[tuple[Held, float]]) -> list[Held]:
    """Return those of (section, weight of the tokens it holds), best first, that hold enough beside the best of them."""
    return [section for section, weight in held if weight >= _SHARE_OF_BEST * held[0][1]]


def telling(having: Iterable[tuple[str, int]], size: int) -> list[tuple[str, float]]:
    """Return (token, weight) of those of (token, sections that have it) that are worth asking, the rarest first."""
    kept: list[tuple[str, float]] = []
    postings = 0
    for token, sections in sorted((pair for pair in having if pair[1]), key=lambda pair: (pair[1], pair[0])):
        postings += sections
        if len(kept) >= _MOST_TOKENS or (len(kept) >= _ALWAYS and postings > _MOST_POSTINGS):
            break
        kept.append((token, idf(sections, size)))
    return kept
