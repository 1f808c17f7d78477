"""The mix-up check (串稿检查): what of a draft may have come from another's report, or from another year's.

Names of other regions and agencies, years that aren't the one reported (``indexer.mixupnames``), and wording that other
agencies' reports share. A draft is an argument here and nothing else: it is never kept, logged or put into an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus.folding import fold
from corpus.model import Report
from corpus.regions import find_region, is_region, region_named
from indexer.deadline import Deadline
from indexer.errors import QueryRejected, SearchTimeout, WordingNotFound
from indexer.mixupnames import Named, Own, named_in
from indexer.results import Filter, SearchRequest, Span
from indexer.sentences import sentences
from indexer.service import Searcher
from indexer.similar import LONGEST, similar
from indexer.windows import similarity
from indexer.wordingkey import wording_key
from indexer.wordings import users

#: Characters of a draft; of a sentence whose sharing says something; of a sentence whose wording is looked for.
MOST_CHARACTERS: Final = 200_000
_SHORTEST: Final = 12
_LONGEST_SENTENCE: Final = 400
#: A paragraph of so many characters is compared as a whole, unless so much of it is known to be shared already.
_PARAGRAPH: Final = 30
_KNOWN: Final = 0.5
#: Percent from which a passage of another report is named as a source.
LEAST: Final = 80.0
_SOURCES: Final = 3


@dataclass(frozen=True, slots=True)
class Source:
    """Where wording stands too; ``similarity`` in percent, 100 for the very same."""

    report_id: str
    section_id: str
    block_id: str
    title: str
    agency: str
    year: int | None
    text: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Shared:
    """Wording of a paragraph that reports of others share: a sentence's, or nearly all of the paragraph.

    ``reports`` of ``agencies`` use the sentence's wording, whatever its figures, dates and own names; both are 0 where
    it is only nearly the same. Sources: the earliest, or the most similar.
    """

    paragraph: int
    span: Span
    text: str
    reports: int
    agencies: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a draft. ``compared``: how many of its paragraphs were compared with others before time ran out."""

    own: Own
    paragraphs: tuple[str, ...]
    names: tuple[Named, ...]
    shared: tuple[Shared, ...]
    compared: int

    @property
    def complete(self) -> bool:
        """Whether every paragraph was compared."""
        return self.compared == len(self.paragraphs)


def own_of(draft: Report, agency: str = "", region: str = "", year: int | None = None) -> Own:
    """Return whose draft it is: what is given goes before what the draft says itself. Raises QueryRejected for no region."""
    code = region if is_region(region) else region_named(region) or find_region(region)
    if region and not code:
        raise QueryRejected(
            zh=f"没有名为“{region[:40]}”的地区；请写全称，如 山东省青岛市，或六位代码",
            en=f"no region is called {region[:40]!r}; write its full name, such as 山东省青岛市, or its code",
        )
    return Own(agency or draft.agency, code or find_region(agency) or draft.region, year or draft.year)


def check(searcher: Searcher, draft: Report, own: Own, *, seconds: float) -> Checked:
    """Return what of a draft may be another's. Names and years need no index; sharing is looked for as long as there is time.

    Raises QueryRejected for a draft that is too long.
    """
    blocks = [(block, section.block_text(block).strip()) for section, block in draft.blocks_in_order()]
    kept = [(block, text) for block, text in blocks if text]
    paragraphs = tuple(text for _, text in kept)
    if sum(map(len, paragraphs)) > MOST_CHARACTERS:
        raise QueryRejected(
            zh=f"文稿超过 {MOST_CHARACTERS:,} 字；请分几次检查",
            en=f"the draft has more than {MOST_CHARACTERS:,} characters; check it in parts",
        )
    names = tuple(
        each for number, text in enumerate(paragraphs) for each in named_in(text, number, own, searcher.segmenter)
    )
    deadline = Deadline(seconds)
    others = (Filter("agency", own.names, exclude=True),) if own.names else ()
    shared: list[Shared] = []
    compared = 0
    for number, (block, text) in enumerate(kept):
        try:
            # Headings are those of the template.
            shared += () if block.form == "heading" else _shared(searcher, text, number, own, others, deadline)
        except SearchTimeout:
            break
        compared = number + 1
    return Checked(own, paragraphs, names, tuple(shared), compared)


def _shared(
    searcher: Searcher, text: str, number: int, own: Own, others: tuple[Filter, ...], deadline: Deadline
) -> Iterator[Shared]:
    same: list[Shared] = []
    known = 0
    for start, end in sentences(text):
        sentence = text[start:end]
        if not _SHORTEST <= len(fold(sentence)) <= _LONGEST_SENTENCE:
            continue
        found = _same(searcher, sentence, number, (start, end), own, others, deadline)
        if found:
            known += end - start
            same.append(found)
    yield from _joined(same, text)
    if len(text) >= _PARAGRAPH and known < _KNOWN * len(text):
        near = _near(searcher, text, number, others, deadline)
        if near:
            yield near


def _joined(same: Sequence[Shared], text: str) -> Iterator[Shared]:
    """Yield shared sentences, those that follow each other and come from the same reports as one."""
    run: Shared | None = None
    for each in same:
        if run and _users(run) == _users(each) and not text[run.span[1] : each.span[0]].strip():
            span = (run.span[0], each.span[1])
            sources = tuple(
                replace(one, text=one.text + two.text, similarity=min(one.similarity, two.similarity))
                for one, two in zip(run.sources, each.sources, strict=True)
            )
            run = replace(run, span=span, text=text[slice(*span)], sources=sources)
            continue
        if run:
            yield run
        run = each
    if run:
        yield run


def _users(shared: Shared) -> tuple[object, ...]:
    return shared.reports, shared.agencies, *(source.report_id for source in shared.sources)


def _same(
    searcher: Searcher, sentence: str, number: int, span: Span, own: Own, others: tuple[Filter, ...], deadline: Deadline
) -> Shared | None:
    """Return the reports of others that use a sentence's wording (figures, dates and own names aside), the earliest first."""
    deadline.check()
    key = wording_key(sentence, own.agency, own.region, own.year)
    if not key:
        return None
    request = SearchRequest(match="exact", filters=others, facets=(), size=_SOURCES)
    try:
        found = users(searcher, request, f"{key:016x}", seconds=max(deadline.left(), 0.1))
    except WordingNotFound:
        return None
    sources = tuple(
        Source(
            use.report_id,
            use.section_id,
            use.paragraph_id,
            use.title,
            use.agency,
            use.year,
            use.text,
            similarity(fold(sentence), fold(use.text)),
        )
        for use in found.uses
    )
    return Shared(number, span, sentence, found.wording.reports, found.wording.agencies, sources)


def _near(searcher: Searcher, text: str, number: int, others: tuple[Filter, ...], deadline: Deadline) -> Shared | None:
    """Return the passages of others that say nearly all of a paragraph."""
    deadline.check()
    try:
        found = similar(
            searcher, text[:LONGEST], filters=others, size=_SOURCES, least=LEAST, seconds=max(deadline.left(), 0.1)
        )
    except QueryRejected:  # a line without a word
        return None
    if not found.passages:
        return None
    sources = tuple(
        Source(
            each.report.report_id,
            each.section.section_id,
            each.block_id,
            each.report.title,
            each.report.agency,
            each.report.year,
            each.text,
            each.similarity,
        )
        for each in found.passages
    )
    part = found.passages[0].part
    return Shared(number, part, text[slice(*part)], 0, 0, sources)
