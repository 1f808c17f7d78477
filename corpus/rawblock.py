"""What readers yield and the splitter takes: blocks of text before they have a place in a report. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.tables import Merged


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One paragraph, one row of the table numbered ``table`` (from 1), or a line that the file marks as a heading.

    ``level`` is that of a marked heading, from 1 for the outermost; ``merged`` the merged cells of a row.
    """

    form: Literal["paragraph", "row", "heading"]
    text: str
    table: int = 0
    level: int = 0
    merged: tuple[Merged, ...] = ()
