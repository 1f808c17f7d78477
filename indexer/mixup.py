"""The mix-up check (串稿检查): what of a draft may have come from another's report, or from another year's.

Names of other regions and agencies, years that aren't the one reported (``indexer.mixupnames``), and wording that other
agencies' reports share. A draft is an argument here and nothing else: it is never kept, logged or put into an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from corpus.folding import fold
from corpus.model import Report
from corpus.regions import find_region, is_region, region_named
from indexer.deadline import Deadline
from indexer.errors import QueryRejected, SearchTimeout
from indexer.mixupnames import Named, Own, named_in
from indexer.parser import quote
from indexer.results import Filter, SearchRequest, Span
from indexer.sentences import sentences
from indexer.service import Searcher
from indexer.similar import LONGEST, similar

#: Characters of a draft; of a sentence whose sharing says something; of a sentence that is asked for as it stands.
MOST_CHARACTERS: Final = 200_000
_SHORTEST: Final = 12
_LONGEST_SENTENCE: Final = 400
#: A paragraph of so many characters is compared as a whole, unless so much of it is known to be shared already.
_PARAGRAPH: Final = 30
_KNOWN: Final = 0.8
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
    """Wording of a paragraph that reports of others share: a sentence word for word, or nearly all of the paragraph.

    ``reports`` of ``agencies`` have the sentence; both are 0 where it is only nearly the same. Sources: the earliest,
    or the most similar.
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
            shared += () if block.form == "heading" else _shared(searcher, text, number, others, deadline)
        except SearchTimeout:
            break
        compared = number + 1
    return Checked(own, paragraphs, names, tuple(shared), compared)


def _shared(
    searcher: Searcher, text: str, number: int, others: tuple[Filter, ...], deadline: Deadline
) -> Iterator[Shared]:
    known = 0
    for start, end in sentences(text):
        sentence = text[start:end]
        if not _SHORTEST <= len(fold(sentence)) <= _LONGEST_SENTENCE:
            continue
        found = _same(searcher, sentence, number, (start, end), others, deadline)
        if found:
            known += end - start
            yield found
    if len(text) >= _PARAGRAPH and known < _KNOWN * len(text):
        near = _near(searcher, text, number, others, deadline)
        if near:
            yield near


def _same(
    searcher: Searcher, sentence: str, number: int, span: Span, others: tuple[Filter, ...], deadline: Deadline
) -> Shared | None:
    """Return the reports of others that have a sentence word for word, the earliest of them first."""
    deadline.check()
    request = SearchRequest(
        query=quote(sentence), match="exact", filters=others, facets=("agency",), sort="date-asc", size=_SOURCES
    )
    results = searcher.search(request)
    if not results.sections:
        return None
    # A facet counts its own field's values whatever is excluded of them.
    left_out = {name for each in others for name in each.values}
    agencies = sum(1 for value in results.facets[0].values if value.value and value.value not in left_out)
    sources = tuple(
        Source(hit.report_id, hit.section_id, hit.paragraph_id, hit.title, hit.agency, hit.year, sentence, 100.0)
        for hit in results.hits
    )
    return Shared(number, span, sentence, results.reports, agencies, sources)


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
