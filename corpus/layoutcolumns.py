"""Tables without rules: runs of lines whose parts stand in the same columns. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from corpus.layoutgrid import Grid, GridCell
from corpus.layoutlines import TextLine

#: Fewer lines than this in the same columns are an accident.
_FEWEST_ROWS: Final = 3


def with_aligned(items: Sequence[TextLine | Grid]) -> list[TextLine | Grid]:
    """Return the items of a page with runs of lines in the same columns made into tables."""
    made: list[TextLine | Grid] = []
    run: list[TextLine] = []
    for item in items:
        if isinstance(item, TextLine) and item.cells and (not run or _aligned(run[-1], item)):
            run.append(item)
            continue
        made.extend(_closed(run))
        run = [item] if isinstance(item, TextLine) and item.cells else []
        if not run:
            made.append(item)
    return [*made, *_closed(run)]


def _aligned(above: TextLine, below: TextLine) -> bool:
    """Whether two lines have as many parts, each over the other, and one of their edges or middles agrees."""
    if len(above.cells) != len(below.cells) or below.top - above.bottom > 2.5 * above.size:
        return False
    near = 0.8 * above.size
    for (a0, a1, _), (b0, b1, _) in zip(above.cells, below.cells, strict=True):
        if not (abs(a0 - b0) <= near or abs(a1 - b1) <= near or abs((a0 + a1) - (b0 + b1)) <= 2 * near):
            return False
    return True


def _closed(run: Sequence[TextLine]) -> list[TextLine | Grid]:
    if len(run) < _FEWEST_ROWS:
        return list(run)
    cells = tuple(
        GridCell(row, column, 1, 1, text)
        for row, line in enumerate(run)
        for column, (_, _, text) in enumerate(line.cells)
    )
    xs = (*(min(line.cells[c][0] for line in run) for c in range(len(run[0].cells))), max(line.x1 for line in run))
    return [Grid(xs[0], run[0].top, xs, len(run), cells)]
