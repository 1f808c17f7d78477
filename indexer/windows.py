"""The part of a text that says most nearly what a passage says, and how nearly, by characters. Pure.

Similarity is the normalized Indel similarity of folded texts: 1 - (insertions + deletions) / (both lengths), in percent.
A window is found by the tokens that it shares with the passage, aligned, and cut where similarity is highest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Indel

from indexer.results import Span

#: A window is looked at with so much around it: a quarter of the passage, and a few characters.
_AROUND: Final = 4
_MORE: Final = 12
_STEPS: Final = 6
#: So near to a mark a window is widened to it: a passage should begin and end where its clause does.
_TO_THE_MARK: Final = 6
_MARKS: Final = frozenset("。!?;:,、\n|\"'”’」』)")
#: Shorter passages stand as they are: a mark may be further away than the passage is long.
_WIDENED: Final = 12


@dataclass(frozen=True, slots=True)
class Window:
    """A span of a folded text, and its similarity to the passage in percent."""

    span: Span
    similarity: float


def similarity(left: str, right: str) -> float:
    """Return the similarity of two folded texts in percent, to a tenth."""
    return round(Indel.normalized_similarity(left, right) * 100, 1)


def densest(tokens: Sequence[tuple[str, float]], text: str, length: int) -> tuple[Span, float] | None:
    """Return the span of about a length that has most of some weighted tokens, and the weight of all that the text has."""
    places: list[tuple[int, float]] = []
    held = 0.0
    for token, weight in tokens:
        at = text.find(token)
        held += weight if at >= 0 else 0.0
        while at >= 0:
            places.append((at, weight))
            at = text.find(token, at + 1)
    if not places:
        return None
    places.sort()
    best, inside, first = (-1.0, 0, 0), 0.0, 0
    for last, (place, weight) in enumerate(places):
        inside += weight
        while place - places[first][0] >= length:
            inside -= places[first][1]
            first += 1
        if inside > best[0]:
            best = (inside, first, last)
    return (places[best[1]][0], places[best[2]][0] + 1), held


def around(span: Span, length: int, text: str) -> Span:
    """Return a span with what may belong to it on both sides, for a passage of a length."""
    # What lies before the first token found and after the last may be as long as the passage less what was found.
    more = max(length - (span[1] - span[0]), 0) + length // _AROUND + _MORE
    return max(span[0] - more, 0), min(span[1] + more, len(text))


def refined(passage: str, text: str) -> Window | None:
    """Return the window of a folded text most similar to a folded passage; None if they share nothing."""
    common = bytearray(len(text))
    equal = [code for code in Indel.opcodes(passage, text) if code.tag == "equal"]
    for code in equal:
        common[code.dest_start : code.dest_end] = b"\1" * (code.dest_end - code.dest_start)
    if not any(common):
        return None
    start, end = _highest(common, len(passage))
    # How far into the passage the window's ends are, to see whether what lies beyond is the same after all.
    inside = [code for code in equal if code.dest_start < end and code.dest_end > start]
    first = inside[0].src_start + max(start - inside[0].dest_start, 0)
    last = inside[-1].src_end - max(inside[-1].dest_end - end, 0)
    start, end = _grown(passage, text, (first, last), (start, end))
    if len(passage) >= _WIDENED:
        start, end = _widened(passage, text, start, end)
    return Window((start, end), similarity(passage, text[start:end]))


def _highest(common: bytearray, length: int) -> Span:
    """Return the span where 2 * common / (length + span) is highest (Dinkelbach's steps; each is a highest sum)."""
    first, last = common.find(1), common.rfind(1) + 1
    for _ in range(_STEPS):
        ratio = 2 * common.count(1, first, last) / (length + last - first)
        best, total, begin, found = -1.0, 0.0, first, (first, last)
        for place, shared in enumerate(common):
            if total <= 0:
                total, begin = 0.0, place
            total += 2 * shared - ratio
            if shared and total > best:
                best, found = total, (begin, place + 1)
        if found == (first, last):
            break
        first, last = found
    return first, last


def _grown(passage: str, text: str, asked: Span, window: Span) -> Span:
    """Return a window with what equals the passage right before and after it.

    A passage often begins with the words of its heading. Of equally long alignments, one joins them to the heading and
    leaves the window without its own beginning.
    """
    (first, last), (start, end) = asked, window
    while first and start and passage[first - 1] == text[start - 1]:
        first, start = first - 1, start - 1
    while last < len(passage) and end < len(text) and passage[last] == text[end]:
        last, end = last + 1, end + 1
    return start, end


def _widened(passage: str, text: str, start: int, end: int) -> Span:
    """Return a span that begins and ends with its clause, where that is near and the passage begins or ends otherwise."""
    if text[start] != passage[0]:
        near = range(start, max(start - _TO_THE_MARK, 0) - 1, -1)
        start = next((left for left in near if left == 0 or text[left - 1] in _MARKS), start)
    if text[end - 1] != passage[-1]:
        near = range(end, min(end + _TO_THE_MARK, len(text)) + 1)
        end = next((right for right in near if right == len(text) or text[right] in _MARKS), end)
        if passage[-1] in _MARKS and end < len(text):
            end += 1
    return start, end
