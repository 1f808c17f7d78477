"""Wordings: the distinct sentences that a query matches, each with who uses it and since when (docs/wording.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from corpus.folding import fold_with_offsets
from corpus.model import Section, digest64
from indexer.cursors import cursor_at, offset_at
from indexer.deadline import Deadline
from indexer.errors import QueryRejected, WordingNotFound
from indexer.matching import text_leaves
from indexer.query import MatchAll, Nearby, Plan, Rung
from indexer.results import SearchRequest, Span
from indexer.sentences import sentences
from indexer.service import Searcher, check_request
from indexer.wordingcounts import WORDING_SORTS, WordingCounts, WordingSort
from indexer.wordingmatch import SentenceQuery
from indexer.wordingstore import NO_YEAR, Numbers


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a wording is used, the sentence as it stands there. ``span``: of it in its paragraph."""

    report_id: str
    section_id: str
    paragraph_id: str
    title: str
    agency: str
    region: str
    year: int | None
    kind: str
    heading_path: tuple[str, ...]
    published_on: str
    source_url: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording with its users among the sections found: reports, agencies, and the years they are about.

    ``earliest`` counts the reports of the first year; ``example`` is the first of them (by date, then identity).
    """

    key: str
    text: str
    reports: int
    agencies: int
    first_year: int | None
    last_year: int | None
    earliest: int
    example: Use


@dataclass(frozen=True, slots=True)
class Wordings:
    """A window of the wordings in an order, and how many there are; what is needed to cite it."""

    request: SearchRequest
    read_as: str
    notes: tuple[str, ...]
    match: Rung
    sort: WordingSort
    wordings: tuple[Wording, ...]
    total: int
    sections: int
    offset: int
    generation: str
    corpus_id: str
    engine: str
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class Users:
    """A wording with a window of its uses, oldest first: each report once, by its first sentence of that wording."""

    request: SearchRequest
    read_as: str
    match: Rung
    wording: Wording
    uses: tuple[Use, ...]
    offset: int
    generation: str
    corpus_id: str
    engine: str
    next_cursor: str = ""


def wordings(
    searcher: Searcher, request: SearchRequest, *, sort: WordingSort = "use", seconds: float | None = None
) -> Wordings:
    """Return the page that a request asks for, of the distinct wordings among the sentences that its query matches.

    ``match`` auto is answered by the first rung on which a sentence matches. Raises QueryRejected, SearchTimeout.
    """
    _check(searcher, request, sort)
    rung, found = _answering(searcher, request, seconds)
    offset = _offset(searcher, request, sort)
    every = WordingCounts(searcher.wordings, found)
    chosen = every.window(sort, offset, request.size)
    end = offset + len(chosen)
    reading = searcher.reading(request.query, rung)
    manifest = searcher.manifest
    return Wordings(
        request=request,
        read_as=reading.read_as,
        notes=reading.notes,
        match=rung,
        sort=sort,
        wordings=tuple(_wording(searcher, every, place) for place in chosen.tolist()),
        total=len(every.numbers),
        sections=searcher.wordings.count_sections(found),
        offset=offset,
        generation=manifest.generation,
        corpus_id=manifest.corpus_id,
        engine=manifest.engine,
        next_cursor=cursor_at(manifest.generation, _asked(request, sort), end) if end < len(every.numbers) else "",
    )


def users(searcher: Searcher, request: SearchRequest, key: str, *, seconds: float | None = None) -> Users:
    """Return the reports that use a wording, among the sections that a request finds; all of them for its page.

    Raises WordingNotFound where none does, QueryRejected, SearchTimeout.
    """
    _check(searcher, request, "first")
    store = searcher.wordings
    number = store.number_of(int(key, 16)) if _is_key(key) else None
    if searcher.plan(request.query, "exact") == MatchAll():  # as it is asked of a report's sentence
        rung: Rung = "exact"
        passing = searcher.passing(request, _deadline(searcher, seconds))
        own = store.sentences_of_wordings([number] if number is not None else [])
        own = own[passing[store.section_of[own]]]
    else:
        rung, found = _answering(searcher, request, seconds)
        own = found[store.wordings(found) == number] if number is not None else found[:0]
    if not len(own):
        raise WordingNotFound(
            zh=f"检索结果中没有表述 {key}；索引可能已更新，请重新检索",
            en=f"no wording {key} is among the results; the index may have changed: search again",
        )
    every = WordingCounts(store, own)
    reports = every.reports_of(0)
    offset = _offset(searcher, request, key)
    shown = reports[offset : offset + request.size].tolist()
    end = offset + len(shown)
    reading = searcher.reading(request.query, rung)
    manifest = searcher.manifest
    return Users(
        request=request,
        read_as=reading.read_as,
        match=rung,
        wording=_wording(searcher, every, 0),
        uses=tuple(use_of(searcher, every.first_sentence(0, report)) for report in shown),
        offset=offset,
        generation=manifest.generation,
        corpus_id=manifest.corpus_id,
        engine=manifest.engine,
        next_cursor=cursor_at(manifest.generation, _asked(request, key), end) if end < len(reports) else "",
    )


def use_of(searcher: Searcher, sentence: int) -> Use:
    """Return where a sentence stands, with its text as it stands there."""
    store = searcher.wordings
    number = int(store.section_of[sentence])
    report_id, ordinal = store.place_of(number)
    report, section = searcher.texts.section((report_id, ordinal))
    block_id, (start, end), text = sentence_in(section, sentence - int(store.first_sentence[number]))
    return Use(
        report_id=report.report_id,
        section_id=section.section_id,
        paragraph_id=block_id,
        title=report.title,
        agency=report.agency,
        region=report.region,
        year=report.year,
        kind=section.kind,
        heading_path=section.heading_path,
        published_on=report.published_on,
        source_url=report.source_url,
        text=text,
        span=(start, end),
    )


def sentence_in(section: Section, number: int) -> tuple[str, Span, str]:
    """Return the block of a section's sentence by its number, the span there, and its text as it was written."""
    for block in section.blocks:
        if block.form == "heading":
            continue
        text = section.block_text(block)
        folded = fold_with_offsets(text)
        spans = list(sentences(folded.text))
        if number < len(spans):
            start, end = folded.original_span(*spans[number])
            return block.block_id, (start, end), text[start:end]
        number -= len(spans)
    raise IndexError(number)


def _wording(searcher: Searcher, every: WordingCounts, place: int) -> Wording:
    store = searcher.wordings
    reports = every.reports_of(place)
    years = store.years[reports]
    known = years[years != NO_YEAR]
    agencies = np.bincount(store.agency_of[reports])[1:]  # those without a name apart
    first = int(known.min()) if len(known) else None
    example = use_of(searcher, every.first_sentence(place, int(reports[0])))
    return Wording(
        key=f"{int(store.keys[every.numbers[place]]):016x}",
        text=example.text,
        reports=len(reports),
        agencies=int(np.count_nonzero(agencies)),
        first_year=first,
        last_year=int(known.max()) if len(known) else None,
        earliest=int(np.count_nonzero(years == first)) if first is not None else 0,
        example=example,
    )


def _answering(searcher: Searcher, request: SearchRequest, seconds: float | None) -> tuple[Rung, Numbers]:
    """Return the rung that answers, and the sentences that match on it."""
    deadline = _deadline(searcher, seconds)
    rungs = searcher.rungs(request.query, request.match)
    tried: dict[Plan, Numbers] = {}
    for rung in rungs:
        plan = searcher.plan(request.query, rung)
        if plan not in tried:
            tried[plan] = _matching(searcher, replace(request, match=rung), plan, deadline)
        if len(tried[plan]):
            return rung, tried[plan]
    return rungs[-1], np.zeros(0, np.int64)


def _matching(searcher: Searcher, request: SearchRequest, plan: Plan, deadline: Deadline) -> Numbers:
    """Return the sentences that match a plan, of the sections that match it and pass the filters."""
    asked = SentenceQuery(searcher.wordings, plan, request.scope, deadline)
    if plan == MatchAll():
        return asked.matching(np.flatnonzero(searcher.passing(request, deadline)))
    if not asked.decides_alone:
        return asked.matching(searcher.sections(request, plan, deadline))
    few = searcher.wordings.few
    # What engines do about near takes them longer than it takes to look at the sentences.
    near = any(isinstance(leaf, Nearby) for leaf in text_leaves(plan))
    found = few + 1 if near else searcher.count(request, plan, deadline)
    if found <= few:
        return asked.matching(searcher.sections(request, plan, deadline)) if found else np.zeros(0, np.int64)
    # So many sections are named by the engine more slowly than their sentences are looked through.
    return asked.matching_anywhere(searcher.passing(request, deadline))


def _deadline(searcher: Searcher, seconds: float | None) -> Deadline:
    return Deadline(searcher.limits.seconds if seconds is None else seconds)


def _check(searcher: Searcher, request: SearchRequest, sort: str) -> None:
    check_request(request, searcher.limits)
    if sort not in WORDING_SORTS:
        raise QueryRejected(
            zh=f"排序须为 {'、'.join(WORDING_SORTS)} 之一，现为 {sort}",
            en=f"the order is one of {', '.join(WORDING_SORTS)}, not {sort}",
        )


def _offset(searcher: Searcher, request: SearchRequest, sort: str) -> int:
    if not request.cursor:
        return (request.page - 1) * request.size
    return offset_at(request.cursor, searcher.manifest.generation, _asked(request, sort))


def _asked(request: SearchRequest, sort: str) -> str:
    kept = (request.query, request.match, request.scope, request.filters, request.copies, request.size)
    return digest64(repr((kept, sort)))


def _is_key(key: str) -> bool:
    return len(key) == 16 and set(key) <= set("0123456789abcdef")
