"""Fields that several schemas of the JSON API share."""

from __future__ import annotations

from typing import Any, Final

from apiflask.fields import Integer, String
from apiflask.validators import Length, OneOf, Range

from indexer.query import RUNGS
from indexer.results import Limits

#: Characters of a query.
LONGEST_QUERY: Final = Limits().query_length


def says(text: str) -> dict[str, str]:
    """Return what describes a field in the document."""
    return {"description": text}


def text_field(**more: Any) -> String:
    """Return a text that is always there."""
    return String(required=True, **more)


def count_field() -> Integer:
    """Return a number from 0 on that is always there."""
    return Integer(required=True, validate=Range(0))


def rung_field() -> String:
    """Return how a query matches where a ladder would make the answer depend on the corpus."""
    return String(load_default="exact", validate=OneOf(RUNGS), metadata=says("匹配方式，从不自动 Never automatic"))


def query_field() -> String:
    """Return a query that can't be left out."""
    return String(
        required=True,
        validate=Length(min=1, max=LONGEST_QUERY),
        metadata=says("检索式，不能为空 Query, never empty"),
    )
