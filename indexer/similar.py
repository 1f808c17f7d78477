"""Similar wording: passages of the library that say a text in nearly the same words, each with its similarity.

A text is cut into pieces of whole sentences; a sketch of each piece (``indexer.candidates``) names some sections, and a
real comparison (``indexer.windows``) decides. Neighbouring pieces that stand in one section one after the other are one
passage, so a long text is found where all of it, or a part of it, stands. docs/wording.md says what the figures mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.characters import clean_characters
from corpus.folding import Folded, fold, fold_with_offsets
from corpus.model import Report, Section
from indexer.candidates import tokens_of, worth_comparing
from indexer.compare import Piece, marked
from indexer.deadline import Deadline
from indexer.errors import QueryRejected
from indexer.results import Copies, Filter, SectionKey, Span
from indexer.sentences import sentences
from indexer.service import Searcher
from indexer.windows import around, densest, refined

#: Characters of a text that is looked for; passages in one answer; percent below which likeness is chance.
LONGEST: Final = 5_000
MOST_PASSAGES: Final = 200
LEAST: Final = 50.0
#: A piece is so long at least, if its text is, and at most. A text up to _WHOLE is one piece.
_PIECE: Final = 120
_LONGEST_PIECE: Final = 260
_WHOLE: Final = 300
#: Sections that are compared: for a text of one piece, and for each piece of several.
_CANDIDATES: Final = 160
_CANDIDATES_EACH: Final = 60
#: Two pieces with no more than so many between them, and so many characters between their windows, are one passage.
_PIECES_APART: Final = 2
_WINDOWS_APART: Final = 400
_SECONDS: Final = 20.0
#: Percent from which one piece of a longer text is looked at more closely.
_LEAST_OF_PIECE: Final = 30.0
#: A section is read as it is written if that shows so much of what the index says it holds.
_WRITTEN_ALIKE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of the library like a text, or like a part of it.

    ``span`` is its place in the section's text, ``part`` in the text asked of what it is like, ``similarity`` that of
    both in percent. ``pieces`` read in order give the part asked (equal, delete) and the passage (equal, insert).
    """

    report: Report
    section: Section
    block_id: str
    span: Span
    text: str
    part: Span
    similarity: float
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        """What stands before the passage in its sentence."""
        return self.section.text[self.whole[0] : self.span[0]].lstrip()

    @property
    def after(self) -> str:
        """What stands after the passage in its sentence."""
        return self.section.text[self.span[1] : self.whole[1]].rstrip()

    @property
    def whole(self) -> Span:
        """The span of the sentences that the passage stands in, from the first's beginning to the last's end."""
        start, end = self.span
        for first, last in sentences(self.section.text):
            if first < start < last:
                start = first
            if first < end < last:
                end = last
        return start, end


@dataclass(frozen=True, slots=True)
class Similar:
    """The passages like a text, those that are like most of it first; ``cut`` where the text went on beyond the limit."""

    text: str
    passages: tuple[Passage, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a run of pieces (``asked``, of the folded text) stands: a span of a section's text.

    ``alike`` is what the order goes by: how much of the text is said how nearly.
    """

    key: SectionKey
    asked: Span
    span: Span
    similarity: float

    @property
    def alike(self) -> float:
        return self.similarity * (self.asked[1] - self.asked[0])


def similar(
    searcher: Searcher,
    text: str,
    *,
    filters: tuple[Filter, ...] = (),
    copies: Copies = "once",
    size: int = 20,
    least: float = LEAST,
    without: str = "",
    seconds: float = _SECONDS,
) -> Similar:
    """Return the passages most like a text; of a text longer than LONGEST, of its beginning.

    ``without`` is a report that isn't looked at: the text's own. Raises QueryRejected for a text without anything to
    look for, SearchTimeout.
    """
    asked = clean_characters(text).strip()
    cut = len(asked) > LONGEST
    asked = asked[:LONGEST]
    folded = fold_with_offsets(asked)
    if not tokens_of(folded.text):
        raise QueryRejected(
            zh="没有可比对的文字；请给出一句话或一段文字",
            en="there is no text to compare; give a sentence or a passage",
        )
    search = _Search(searcher, folded.text, filters, copies, without, Deadline(seconds))
    found = sorted(search.found(least), key=lambda each: (-each.alike, each.key))[:size]
    return Similar(asked, tuple(search.passage(each, asked, folded) for each in found), cut)


def pieces_of(folded: str) -> list[Span]:
    """Return the spans of a folded text's pieces, in order and without gaps: whole sentences, unless one is too long."""
    if len(folded) <= _WHOLE:
        return [(0, len(folded))]
    ends = [end for _, end in sentences(folded)]
    pieces: list[Span] = []
    start = 0
    for place, end in enumerate(ends):
        following = ends[place + 1] if place + 1 < len(ends) else len(folded)
        while end - start > _LONGEST_PIECE:
            pieces.append((start, start + _LONGEST_PIECE))
            start += _LONGEST_PIECE
        if end - start >= _PIECE or following - start > _LONGEST_PIECE:
            pieces.append((start, end))
            start = end
    if start < len(folded):
        # A short rest belongs to the piece before it.
        if pieces and len(folded) - start < _PIECE // 2:
            start = pieces.pop()[0]
        pieces.append((start, len(folded)))
    return [piece for piece in pieces if piece[0] < piece[1]]


class _Search:
    """One search; each section is read and folded once."""

    def __init__(
        self,
        searcher: Searcher,
        folded: str,
        filters: tuple[Filter, ...],
        copies: Copies,
        without: str,
        deadline: Deadline,
    ) -> None:
        self._searcher = searcher
        self._folded = folded
        self._filters = filters
        self._copies = copies
        self._without = without
        self._deadline = deadline
        self._texts: dict[SectionKey, str] = {}

    def found(self, least: float) -> Iterator[_Found]:
        """Yield at most one find for each section: the run of pieces that is like most of it."""
        pieces = pieces_of(self._folded)
        one = len(pieces) == 1
        by_section: dict[SectionKey, list[_Found]] = {}
        for piece in pieces:
            # A piece may be alike only in part: what it is like decides where that part begins and ends.
            for each in self._of_piece(piece, least if one else min(least, _LEAST_OF_PIECE), one):
                by_section.setdefault(each.key, []).append(each)
        for key, finds in by_section.items():
            best = max((self._joined(key, run) for run in _runs(finds, pieces)), key=lambda each: each.alike)
            best = best if one else self._cut(best)
            if best.similarity >= least:
                yield best

    def _cut(self, found: _Found) -> _Found:
        """Return a find with that part of the text that its passage is most like: a piece isn't cut where likeness ends."""
        text = fold(self._text(found.key)[slice(*found.span)])
        region = max(found.asked[0] - _PIECE // 2, 0), min(found.asked[1] + _PIECE // 2, len(self._folded))
        part = refined(text, self._folded[slice(*region)])
        if part is None or part.similarity < found.similarity:
            return found
        start, end = part.span
        return _Found(found.key, (region[0] + start, region[0] + end), found.span, part.similarity)

    def passage(self, found: _Found, asked: str, folded: Folded) -> Passage:
        """Return a find as it is shown, in the characters of the original texts."""
        report, section = self._searcher.section(found.key)
        part = folded.original_span(*found.asked)
        text = section.text[slice(*found.span)]
        block = next((b for b in section.blocks if b.end > found.span[0]), None)
        return Passage(
            report=report,
            section=section,
            block_id=block.block_id if block else section.section_id,
            span=found.span,
            text=text,
            part=part,
            similarity=found.similarity,
            pieces=marked(asked[slice(*part)], text),
        )

    def _of_piece(self, piece: Span, least: float, whole: bool) -> Iterator[_Found]:
        self._deadline.check()
        asked = self._folded[slice(*piece)]
        tokens = self._searcher.telling(tokens_of(asked))
        size = _CANDIDATES if whole else _CANDIDATES_EACH
        held = self._searcher.holding_most(tokens, self._filters, self._copies, size, self._deadline.left())
        weights = dict(held)
        for key in worth_comparing(held):
            region = self._region(key, tokens, len(asked), weights[key]) if key[0] != self._without else None
            found = self._compared(key, piece, region, least) if region else None
            if found is not None:
                yield found

    def _region(self, key: SectionKey, tokens: Sequence[tuple[str, float]], length: int, held: float) -> Span | None:
        """Return where in a section a passage of a length may stand, by what the section holds of its tokens."""
        text = self._text(key)
        place = densest(tokens, text, length)
        if place is not None and place[1] >= _WRITTEN_ALIKE * held:
            return around(place[0], length, text)
        # Of a text in other characters, or with blanks between them, only the folded one has what the index says.
        folded = fold_with_offsets(text)
        place = densest(tokens, folded.text, length)
        return folded.original_span(*around(place[0], length, folded.text)) if place else None

    def _compared(self, key: SectionKey, asked: Span, region: Span, least: float) -> _Found | None:
        """Return the window of a region of a section that is most like a part of the text; None if it isn't like it."""
        self._deadline.check()
        text = self._text(key)[slice(*region)]
        window = refined(self._folded[slice(*asked)], fold(text))
        if window is None or window.similarity < least:
            return None
        start, end = fold_with_offsets(text).original_span(*window.span)
        return _Found(key, asked, (region[0] + start, region[0] + end), window.similarity)

    def _joined(self, key: SectionKey, run: Sequence[_Found]) -> _Found:
        """Return a run of pieces as one find, compared anew as a whole."""
        best = max(run, key=lambda each: each.alike)
        if len(run) == 1:
            return best
        asked = (run[0].asked[0], run[-1].asked[1])
        joined = self._compared(key, asked, (run[0].span[0], max(each.span[1] for each in run)), 0.0)
        return max(joined, best, key=lambda each: each.alike) if joined else best

    def _text(self, key: SectionKey) -> str:
        if key not in self._texts:
            self._texts[key] = self._searcher.section(key)[1].text
        return self._texts[key]


def _runs(finds: Sequence[_Found], pieces: Sequence[Span]) -> Iterator[list[_Found]]:
    """Yield the finds of one section, those of neighbouring pieces that follow each other there together."""
    place = {piece: number for number, piece in enumerate(pieces)}
    run: list[_Found] = []
    for found in sorted(finds, key=lambda each: each.asked):
        if run:
            last = run[-1]
            gap = found.span[0] - last.span[1]
            between = found.asked[0] - last.asked[1]
            near = place[found.asked] - place[last.asked] <= _PIECES_APART
            if not near or gap < -_PIECE // 2 or gap > between + _WINDOWS_APART:
                yield run
                run = []
        run.append(found)
    if run:
        yield run
