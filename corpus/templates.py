"""The labels of the statutory tables, from the shipped data/templates.tsv. Reads that file once, at first use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from corpus.folding import fold

_POINTS: Final = re.compile(r"[\s、,.:;()\[\]“”\"'‘’《》·|｜]")
_NUMBER: Final = re.compile(r"^(?:[一二三四五六七八九]|\d)(?=\D)")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one table: plain text (see ``plain``) -> role, the lengths longest first, all of it to look in.

    A role is item (a bar over its rows), head, column, group (merged over rows), row or unit.
    """

    by_text: Mapping[str, str]
    lengths: tuple[int, ...]
    whole: str


def plain(text: str) -> str:
    """Return folded text without blanks and punctuation, as labels are compared."""
    return _POINTS.sub("", fold(text))


@cache
def labels(table: str) -> Labels:
    """Return the labels of table 2, 3, 4 or s; rows also without their number, names of columns first."""
    found: dict[str, str] = {}
    lines = (files("corpus") / "data" / "templates.tsv").read_text("utf-8").splitlines()
    for line in lines:
        of, _, rest = line.partition("\t")
        if of != table:
            continue
        role, _, text = rest.partition("\t")
        whole = plain(text)
        names = (whole, _NUMBER.sub("", whole)) if role in ("row", "group") else (whole,)
        for name in names:
            found.setdefault(name, role)
    return Labels(found, tuple(sorted({len(name) for name in found}, reverse=True)), "\n".join(found))
