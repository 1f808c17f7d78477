"""Query + stored text -> what is marked, and the snippet of a hit (contract 8). Pure, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from corpus.folding import fold, fold_with_offsets, stays_in_place
from corpus.rows import SectionRow, blocks_of
from indexer.matching import Check, nearby_spans, positions, text_leaves, unchecked
from indexer.query import Nearby, Phrase, Plan
from indexer.results import Snippet, Span

SNIPPET_LENGTH: Final = 160
_SENTENCE_ENDS: Final = "。！？；"


def spans(plan: Plan, text: str) -> tuple[Span, ...]:
    """Return what a plan marks in one unit of original text: sorted, disjoint, in code points."""
    return Highlighter(plan).spans(text)


class Highlighter:
    """The marks of one plan, over many texts."""

    def __init__(self, plan: Plan, check: Check = unchecked) -> None:
        self._check = check
        self._leaves = tuple(dict.fromkeys(text_leaves(plan)))
        self._last = ("", "")
        #: The weight that no unit exceeds.
        self.most = len(self._leaves)

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return what is marked in one unit of original text."""
        return self.known_spans(text) if self.weight(text) else ()

    def known_spans(self, text: str) -> tuple[Span, ...]:
        """Return what is marked in a unit of which it is known that something is."""
        as_sought = self._fold(text)
        if stays_in_place(text, as_sought):
            return tuple(_merged(span for leaf in self._leaves for span in self._folded_spans(as_sought, leaf)))
        folded = fold_with_offsets(text)
        found = (span for leaf in self._leaves for span in self._folded_spans(folded.text, leaf))
        return tuple(_merged(folded.original_span(*span) for span in found))

    def counts(self, text: str) -> tuple[tuple[str, int], ...]:
        """Return each leaf that stands in one unit, as it is looked for, with how often; overlapping ones as one."""
        if not self._leaves:
            return ()
        folded = fold(text)
        found = ((_name(leaf), sum(1 for _ in _merged(self._folded_spans(folded, leaf)))) for leaf in self._leaves)
        return tuple((name, count) for name, count in found if count)

    @property
    def leaves(self) -> tuple[Phrase | Nearby, ...]:
        """What is marked, each once."""
        return self._leaves

    @property
    def names(self) -> tuple[str, ...]:
        """What is looked for, in the order of the query."""
        return tuple(dict.fromkeys(_name(leaf) for leaf in self._leaves))

    def weight(self, text: str) -> int:
        """Return how many leaves (the parts of near together as one) a unit has."""
        if not self._leaves:
            return 0
        folded = self._fold(text)
        return sum([1 for leaf in self._leaves if self._stands(folded, leaf)])

    def _stands(self, unit: str, leaf: Phrase | Nearby) -> bool:
        if isinstance(leaf, Phrase) and not leaf.whole_run:
            self._check()
            return leaf.text in unit
        return next(iter(self._folded_spans(unit, leaf)), None) is not None

    def _fold(self, text: str) -> str:
        """Return a folded text; what weighs most is marked next."""
        if text != self._last[0]:
            self._last = text, fold(text)
        return self._last[1]

    def _folded_spans(self, unit: str, leaf: Phrase | Nearby) -> Iterable[Span]:
        self._check()
        return nearby_spans(unit, leaf, self._check) if isinstance(leaf, Nearby) else positions(unit, leaf, self._check)


def _name(leaf: Phrase | Nearby) -> str:
    return " … ".join(leaf.parts) if isinstance(leaf, Nearby) else leaf.text


@dataclass(frozen=True, slots=True)
class BestMatch:
    """The block that a hit points to, and its snippet."""

    block_id: str
    snippet: Snippet


def best_match(row: SectionRow, highlighter: Highlighter) -> BestMatch:
    """Return the block with the most leaves of the query, the first of them; else the heading; else the first.

    The section comes as a row: a page reads ten and needs none of their objects.
    """
    text, heading, lines = row[7], row[5], blocks_of(row)
    body = [block for block in lines if block[1] != "heading"]
    best_weight = 0
    best = body[0] if body else None
    for block in body:
        weight = highlighter.weight(text[block[2] : block[3]])
        if weight > best_weight:
            best_weight, best = weight, block
            if weight == highlighter.most:
                break
    if best is None or (not best_weight and highlighter.weight(heading)):
        anchor = next((block for block in lines if block[1] == "heading"), None) or best
        return BestMatch(anchor[0] if anchor else row[1], make_snippet(heading, highlighter.spans(heading)))
    shown = text[best[2] : best[3]]
    return BestMatch(best[0], make_snippet(shown, highlighter.known_spans(shown) if best_weight else ()))


def make_snippet(text: str, marks: tuple[Span, ...], length: int = SNIPPET_LENGTH) -> Snippet:
    """Return the window of a text with the most marks, begun at a sentence where one is near."""
    if len(text) <= length:
        return Snippet(text, marks)
    start = _window_start(text, marks, length)
    end = min(len(text), start + length)
    if marks:
        # A mark longer than the window is cut with it; the snippet still begins where the mark does.
        end = max(end, min(len(text), next(e for s, e in marks if s >= start), start + 2 * length))
    inside = tuple((max(s, start) - start, min(e, end) - start) for s, e in marks if s < end and e > start)
    return Snippet(text[start:end], inside, before=start > 0, after=end < len(text))


def _window_start(text: str, marks: tuple[Span, ...], length: int) -> int:
    if not marks:
        return 0
    room = length - length // 4
    densest = max(range(len(marks)), key=lambda i: (sum(1 for s, _ in marks[i : i + 20] if s < marks[i][0] + room), -i))
    first = marks[densest][0]
    earliest = max(0, first - length // 4)
    for at in range(first - 1, earliest - 1, -1):
        if text[at] in _SENTENCE_ENDS:
            return at + 1
    return min(earliest, max(0, len(text) - length))


def _merged(found: Iterable[Span]) -> Iterator[Span]:
    current: Span | None = None
    for start, end in sorted(found):
        if current is not None and start < current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current
