"""Tables that a text has drawn with signs (│ ─ ┼) or set with blanks -> whole tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from corpus.document import Line
from corpus.tables import Cell, table_of

#: Signs that draw boxes, and the upright ones among them, between which cells stand.
_DRAWN: Final = re.compile("[\\s\u2500-\u257f]+")
_UPRIGHT: Final = re.compile("[│┃║┆┇┊┋|]")
_GAP: Final = re.compile("(?:[ \xa0\t]{2,}|\u3000+[ \xa0\u3000]*)")
_FIGURE: Final = re.compile("[-+]?[0-9０-９][0-9０-９,，.．:：%％/]*[^\\W\\d_]{0,2}|[-—/]")
_LONGEST_CELL: Final = 24
_LONGEST_LINE: Final = 400
_FEWEST_ROWS: Final = 3
_FEWEST_COLUMNS: Final = 3


def with_drawn(lines: Sequence[Line]) -> list[Line]:
    """Return lines with drawn boxes as tables, and runs of lines of blank-parted figures as tables.

    The latter: at least three lines with as many short cells, three or more, beside the first column mostly figures.
    """
    made: list[Line] = []
    for kind, run in groupby(lines, key=_kind):
        group = list(run)
        if kind == "drawn":
            made += _boxed([line for line in group if isinstance(line, str)])
        elif kind == "spaced":
            made += _spaced([line for line in group if isinstance(line, str)])
        else:
            made += group
    return made


def _kind(line: Line) -> str:
    if not isinstance(line, str) or len(line) > _LONGEST_LINE:
        return ""
    text = line.strip()
    if text and text[0] >= "\u2500" and text[0] <= "\u257f" and (_DRAWN.fullmatch(text) or len(_cells(text)) > 1):
        return "drawn"
    return "spaced" if len(_parts(text)) >= _FEWEST_COLUMNS else ""


def _cells(text: str) -> list[str]:
    return _UPRIGHT.split(_UPRIGHT.sub("", text[:1]) + text[1:-1] + _UPRIGHT.sub("", text[-1:]))


def _boxed(lines: Sequence[str]) -> Iterator[Line]:
    """Yield the table of a box; a single line of signs is a rule and stays what it is."""
    rows = [_cells(line.strip()) for line in lines if not _DRAWN.fullmatch(line.strip())]
    if not rows:
        yield from (lines if len(lines) == 1 else ())
        return
    yield table_of([Cell(text.strip()) for text in row] for row in rows)


def _parts(text: str) -> list[str]:
    """Return the cells of a line that blanks divide, [] if one is too long to be one."""
    if "  " not in text and "\u3000" not in text and "\xa0" not in text and "\t" not in text:
        return []
    parts = _GAP.split(text)
    return parts if all(len(part) <= _LONGEST_CELL for part in parts) else []


def _spaced(lines: Sequence[str]) -> Iterator[Line]:
    """Yield the tables among lines of several parts each, and the other lines as they are."""
    for _, run in groupby(lines, key=lambda line: len(_parts(line.strip()))):
        group = list(run)
        rows = [_parts(line.strip()) for line in group]
        body = [cell for row in rows[1:] for cell in row[1:]]
        if len(rows) >= _FEWEST_ROWS and sum(_FIGURE.fullmatch(cell) is not None for cell in body) * 3 >= len(body) * 2:
            yield table_of([Cell(text) for text in row] for row in rows)
        else:
            yield from group
