"""What a reader makes of a file: blocks of text and the clues to its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.splitting import RawBlock


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read.

    ``meta``: the page's meta tags, names in lower case. ``labelled``: the number table of gov.cn and its
    like (label without blanks or colon -> value). ``titles``: (where from, text), best first.
    ``datelines``: the lines of metadata that were taken out of the text.
    """

    blocks: tuple[RawBlock, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    labelled: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[tuple[str, str], ...] = ()
    datelines: tuple[str, ...] = ()
    declared_url: str = ""
