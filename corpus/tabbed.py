"""Paragraphs of a word processor that tabs divide into columns -> whole tables. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from corpus.document import Line
from corpus.numbering import heading_line
from corpus.tables import Cell, table_of

_TABS: Final = re.compile(r"\t+")
_LONGEST_CELL: Final = 30
_FEWEST_ROWS: Final = 3
_FIGURE: Final = re.compile(r"[-+]?[0-9０-９][0-9０-９,，.．:：%％/]*[^\W\d_]{0,3}|[-—/无]")
#: A line of contents: a heading or title and its page; dots lead to it.
_CONTENTS: Final = re.compile(r".*[.．…·]{3,}\s*\d*")


def with_tabbed(lines: Iterable[Line]) -> list[Line]:
    """Return lines with runs of paragraphs that tabs divide as tables; every other tab is a blank.

    A run is three lines at least, of short cells, most with as many. Below its header and beside its first column there
    are figures: two thirds of the cells, a third where there are three columns or more. Contents are none.
    """
    made: list[Line] = []
    run: list[str] = []
    for line in lines:
        if isinstance(line, str) and (not line.strip() and run):
            continue
        if isinstance(line, str) and _cells(line):
            run.append(line)
            continue
        made += _table(run)
        run = []
        made.append(line.replace("\t", " ") if isinstance(line, str) else line)
    return [*made, *_table(run)]


def _cells(line: str) -> list[str]:
    """Return the cells of a line, [] if it is prose, a heading or an entry of contents."""
    text = line.strip()
    if "\t" not in text or _CONTENTS.fullmatch(text):
        return []
    cells = [cell.strip() for cell in text.split("\t")]
    entry = len(cells) == 2 and heading_line(cells[0]) is not None
    return [] if entry or any(len(cell) > _LONGEST_CELL for cell in cells) else cells


def _table(run: list[str]) -> Iterator[Line]:
    rows = [_cells(line) for line in run]
    width, often = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    if often * 3 < len(rows) * 2:  # several tabs in a row were set to reach the same column
        rows = [[cell.strip() for cell in _TABS.split(line.strip())] for line in run]
        width, often = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    body = [cell for row in rows[1:] for cell in row[1:] if cell]
    figures = sum(_FIGURE.fullmatch(cell) is not None for cell in body)
    enough = figures * 3 >= len(body) * (2 if width == 2 else 1)
    if len(rows) >= _FEWEST_ROWS and often * 3 >= len(rows) * 2 and body and enough:
        yield from ("", table_of([Cell(text) for text in row] for row in rows), "")
    else:
        for line in run:
            yield from ("", line.replace("\t", " "), "")
