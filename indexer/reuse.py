"""The reuse map of a report: which of its sentences others use too, since when, and which are its own (docs/wording.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from corpus.agencies import lineage
from corpus.folding import fold_with_offsets
from corpus.model import Block, Report, Section
from corpus.regions import current_code
from indexer.deadline import Deadline
from indexer.errors import ReportNotFound
from indexer.results import Filter, SearchRequest, Span
from indexer.sentences import sentences
from indexer.service import Searcher
from indexer.wordingcounts import WordingCounts
from indexer.wordings import Use, use_of
from indexer.wordingstore import NO_YEAR, Numbers, WordingStore

Reuse = Literal["boilerplate", "last_year", "elsewhere", "new"]
REUSES: Final[tuple[Reuse, ...]] = ("boilerplate", "last_year", "elsewhere", "new")
#: A wording that reports of so many other agencies have used by then is boilerplate.
BOILERPLATE: Final = 2


@dataclass(frozen=True, slots=True)
class SentenceReuse:
    """A sentence with its place in its paragraph. ``reuse`` is None where it is too short to be a wording.

    ``others`` counts the other reports that use it, whenever; ``agencies`` the agencies of these; ``earliest`` the reports
    of its first year, this one included, and ``first`` is the first of them.
    """

    span: Span
    text: str
    reuse: Reuse | None
    key: str = ""
    others: int = 0
    agencies: int = 0
    first_year: int | None = None
    earliest: int = 0
    first: Use | None = None


@dataclass(frozen=True, slots=True)
class ParagraphReuse:
    """A paragraph; ``others`` counts the other reports that use all of its wordings, ``first`` is the oldest of these."""

    section_id: str
    paragraph_id: str
    heading: str
    text: str
    others: int
    first: Use | None
    sentences: tuple[SentenceReuse, ...]


@dataclass(frozen=True, slots=True)
class ReuseMap:
    """A report's paragraphs with who else uses their wordings. ``characters``: of its sentences, by kind of reuse.

    ``previous`` is its agency's latest report of an earlier year, if the index has one.
    """

    report: Report
    previous: Report | None
    paragraphs: tuple[ParagraphReuse, ...]
    characters: dict[Reuse, int]
    generation: str
    corpus_id: str

    def share(self, reuse: Reuse) -> float:
        """Return the share of a kind of reuse in the characters of all sentences that have a wording."""
        return self.characters[reuse] / max(1, sum(self.characters.values()))


def reuse_map(searcher: Searcher, report_id: str, seconds: float | None = None) -> ReuseMap:
    """Return the reuse map of a report. Raises ReportNotFound, SearchTimeout."""
    report = searcher.texts.report(report_id)
    deadline = Deadline(searcher.limits.seconds if seconds is None else seconds)
    store = searcher.wordings
    own = store.report_numbered(report_id)
    before = _previous(searcher, report)
    uses = _Uses(searcher, own, before, deadline)
    characters: dict[Reuse, int] = dict.fromkeys(REUSES, 0)
    paragraphs = []
    for section, number in zip(report.sections, store.sections_of(own).tolist(), strict=True):
        at = int(store.first_sentence[number])
        for block in section.blocks if section.form != "table" else ():
            if block.form == "heading":
                continue
            deadline.check()
            paragraph = _paragraph(searcher, uses, section, block, at)
            at += len(paragraph.sentences)
            for sentence in paragraph.sentences:
                if sentence.reuse:
                    characters[sentence.reuse] += len("".join(sentence.text.split()))
            paragraphs.append(paragraph)
    previous = searcher.texts.section((store.identity(before), 0))[0] if before is not None else None
    manifest = searcher.manifest
    return ReuseMap(report, previous, tuple(paragraphs), characters, manifest.generation, manifest.corpus_id)


class _Uses:
    """Who uses the wordings of a report's sentences."""

    def __init__(self, searcher: Searcher, own: int, before: int | None, deadline: Deadline) -> None:
        store = searcher.wordings
        self._store = store
        self.own = own
        self._before = before
        self._wordings = store.wordings(store.sentences_of(store.sections_of(own)))
        found = store.sentences_of_wordings(np.unique(self._wordings).tolist())
        owners = store.report_of[store.section_of[found]]
        originals = searcher.passing(SearchRequest(), deadline)[store.section_of[found]]
        # What a copy shares with the report that stands for it is no reuse; copies of this one don't count anyway.
        for original in _stand_for(searcher, store.identity(own)):
            originals &= owners != original
        self._counts = WordingCounts(store, found[originals | (owners == own)])
        self._place = {number: place for place, number in enumerate(self._counts.numbers.tolist())}

    def reports(self, wording: int) -> Numbers:
        """Return the reports that use a wording, the oldest first, this one among them."""
        return self._counts.reports_of(self._place[wording])

    def first(self, searcher: Searcher, wording: int, report: int) -> Use:
        """Return the first place of a report that uses a wording."""
        return use_of(searcher, self._counts.first_sentence(self._place[wording], report))

    def kind(self, wording: int) -> Reuse:
        """Return how a wording was reused, by what there was in the report's year: see docs/wording.md."""
        store, reports = self._store, self.reports(wording)
        reports = reports[(reports != self.own) & (store.years[reports] <= store.years[self.own])]
        agencies = set(store.agency_of[reports].tolist()) - {0, int(store.agency_of[self.own])}
        if len(agencies) >= BOILERPLATE:
            return "boilerplate"
        if self._before is not None and self._before in reports:
            return "last_year"
        return "elsewhere" if len(reports) else "new"


def _stand_for(searcher: Searcher, report_id: str) -> list[int]:
    """Return the reports that stand for a report, as far as the links lead."""
    found: list[str] = []
    following = report_id
    while following and following not in found:
        found.append(following)
        try:
            following = searcher.texts.section((following, 0))[0].same_as
        except ReportNotFound:
            break
    return [searcher.wordings.report_numbered(each) for each in found[1:] if searcher.wordings.has_report(each)]


def _paragraph(searcher: Searcher, uses: _Uses, section: Section, block: Block, first: int) -> ParagraphReuse:
    store = searcher.wordings
    text = section.block_text(block)
    folded = fold_with_offsets(text)
    found = []
    common: set[int] | None = None
    oldest: list[int] = []
    for number, folded_span in enumerate(sentences(folded.text), first):
        span = folded.original_span(*folded_span)
        wording = store.wording_of(number)
        if wording is None:
            found.append(SentenceReuse(span, text[slice(*span)], None))
            continue
        sentence = _sentence(searcher, uses, wording, span, text[slice(*span)])
        found.append(sentence)
        reports = uses.reports(wording).tolist()
        common = set(reports) if common is None else common & set(reports)
        oldest = oldest or reports
    others = [report for report in oldest if report in (common or ()) and report != uses.own]
    start = next(
        (store.wording_of(n) for n in range(first, first + len(found)) if store.wording_of(n) is not None), None
    )
    return ParagraphReuse(
        section_id=section.section_id,
        paragraph_id=block.block_id,
        heading=section.heading,
        text=text,
        others=len(others),
        first=uses.first(searcher, start, others[0]) if others and start is not None else None,
        sentences=tuple(found),
    )


def _sentence(searcher: Searcher, uses: _Uses, wording: int, span: Span, text: str) -> SentenceReuse:
    store: WordingStore = searcher.wordings
    reports = uses.reports(wording)
    others = reports[reports != uses.own]
    years = store.years[reports]
    known = years[years != NO_YEAR]
    first_year = int(known.min()) if len(known) else None
    return SentenceReuse(
        span=span,
        text=text,
        reuse=uses.kind(wording),
        key=f"{int(store.keys[wording]):016x}",
        others=len(others),
        agencies=len(set(store.agency_of[others].tolist()) - {0}),
        first_year=first_year,
        earliest=int(np.count_nonzero(years == first_year)) if first_year is not None else 0,
        first=uses.first(searcher, wording, int(reports[0])),
    )


def _previous(searcher: Searcher, report: Report) -> int | None:
    """Return the number of the same agency's latest report of an earlier year and the same type, under its other names too."""
    if not report.agency or report.year is None:
        return None
    names = tuple(dict.fromkeys((report.agency, *(name.name for name in lineage(report.agency)))))
    filters = [Filter("agency", names), Filter("year", low=None, high=report.year - 1)]
    if report.region:
        filters.append(Filter("region", (current_code(report.region, report.year),)))
    if report.doctype:
        filters.append(Filter("doctype", (report.doctype,)))
    asked = SearchRequest(filters=tuple(filters), facets=(), sort="date", size=searcher.limits.page_size)
    found = searcher.by_report(asked, 1)
    years = {group.report_id: group.hits[0].year or 0 for group in found.groups if group.hits}
    latest = max(years, key=lambda report_id: (years[report_id], report_id), default="")
    return searcher.wordings.report_numbered(latest) if latest else None
