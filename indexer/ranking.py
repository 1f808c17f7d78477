"""What sections are ranked by: tokens of an index, and weighted tokens of a plan. Pure."""

from __future__ import annotations

from indexer.matching import text_leaves
from indexer.query import And, Nearby, Or, Phrase, Plan
from indexer.segment import Segmenter, ranking_tokens

_MOST_TOKENS = 64


def query_weights(plan: Plan, segmenter: Segmenter) -> tuple[tuple[str, float], ...]:
    """Return the tokens that rank, each with its weight."""
    tokens = dict.fromkeys(t for text in texts_of(plan) for t in ranking_tokens(text, segmenter))
    return tuple((token, 1.0) for token in list(tokens)[:_MOST_TOKENS])


def texts_of(plan: Plan) -> list[str]:
    """Return the texts that rank: of all leaves that aren't negated, with or without a field."""
    if isinstance(plan, Phrase):
        return [plan.text]
    if isinstance(plan, Nearby):
        return list(plan.parts)
    if isinstance(plan, And | Or):
        return [text for child in plan.children for text in texts_of(child)]  # type: ignore[arg-type]
    return [leaf.text for leaf in text_leaves(plan) if isinstance(leaf, Phrase)]
