"""Text and spans to HTML: everything escaped, the spans in <mark>. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup, escape

from indexer.results import Span

#: What stands between the cells of a table's row.
CELL: Final = " | "


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """Return ``text`` escaped, with each span in a <mark>."""
    (whole,), _ = marked_windows(text, spans, ((0, len(text)),), None)
    return whole


def marked_row(text: str, spans: Iterable[Span]) -> Markup:
    """Return a row of a table as one line of its cells; empty ones, and what a cut left of them, are left out."""
    windows = [(start, end) for start, end in cell_windows(text) if text[start:end].strip(" |")]
    cells, _ = marked_windows(text, spans, windows, None)
    return Markup('<span class="cell-gap">|</span>').join(cells)


def cell_windows(text: str) -> tuple[Span, ...]:
    """Return where each cell of a row stands in the row's text."""
    found = []
    at = 0
    for cell in text.split(CELL):
        found.append((at, at + len(cell)))
        at += len(cell) + len(CELL)
    return tuple(found)


def marked_windows(
    text: str, spans: Iterable[Span], windows: Sequence[Span], first: int | None
) -> tuple[tuple[Markup, ...], int]:
    """Return parts of ``text`` as HTML, and the number the next mark will bear.

    With ``first``, marks are numbered from it: ``id="m3" data-m="3"``. A span that runs over several windows
    is marked in each and has its id in the first; one that shows in no window takes no number.
    """
    numbers: dict[Span, int] = {}
    ordered = merged(spans)
    pieces = []
    for start, end in windows:
        parts: list[Markup] = []
        at = start
        for span in ordered:
            low, high = max(span[0], start), min(span[1], end)
            if low >= high:
                continue
            anchor = span not in numbers
            number = numbers.setdefault(span, (first or 0) + len(numbers))
            parts.append(escape(text[at:low]))
            parts.append(_mark(text[low:high], None if first is None else number, anchor))
            at = high
        parts.append(escape(text[at:end]))
        pieces.append(Markup("").join(parts))
    return tuple(pieces), (first or 0) + len(numbers)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans sorted, those that overlap joined, empty ones left out."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def shifted(spans: Iterable[Span], by: int) -> tuple[Span, ...]:
    """Return the spans moved by ``by`` characters."""
    return tuple((start + by, end + by) for start, end in spans)


def _mark(text: str, number: int | None, anchor: bool) -> Markup:
    if number is None:
        return Markup("<mark>{}</mark>").format(text)
    if anchor:
        return Markup('<mark id="m{0}" data-m="{0}">{1}</mark>').format(number, text)
    return Markup('<mark data-m="{}">{}</mark>').format(number, text)
