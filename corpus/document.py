"""What a reader makes of a file: blocks of text and the clues to its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from corpus.splitting import RawBlock
from corpus.tables import Table


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that the file itself marks as a heading (h2, a style, an outline level), ``level`` counted from 1."""

    text: str
    level: int


#: What a reader yields, in order: a line of text ("" between blocks), a heading, a whole table.
Line: TypeAlias = "str | Heading | Table"


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read.

    ``meta``: the page's meta tags, names in lower case. ``labelled``: the number table of gov.cn and its
    like (label without blanks or colon -> value). ``titles``: (where from, text), best first.
    ``datelines``: the lines of metadata that were taken out of the text. ``raw_size``: characters of text in
    the whole file, furniture included (0: not known). ``doubts``: codes of what a person should look at,
    see corpus/doubts.py. ``read_by``: what decided on the text where there is a choice: of a page ``container``, ``region``,
    ``readability`` or ``script``, of a PDF ``pypdf`` or ``pdfium``.
    """

    blocks: tuple[RawBlock, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    labelled: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[tuple[str, str], ...] = ()
    datelines: tuple[str, ...] = ()
    declared_url: str = ""
    raw_size: int = 0
    doubts: tuple[str, ...] = ()
    read_by: str = ""
