"""The two services that the page and the terminal see: search, and report reading."""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby, repeat
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from corpus.characters import clean_characters
from corpus.model import Report, Section, digest64
from corpus.rows import headings_of
from indexer.candidates import telling
from indexer.counting import counting
from indexer.cursors import cursor_at, offset_at
from indexer.deadline import Deadline, too_slow
from indexer.engine import Engine, Order, Selection
from indexer.engines import check_engine
from indexer.errors import IndexerError, QueryRejected, SearchTimeout
from indexer.generation import COLUMNS, PACKS, TANTIVY, TEXTS, WHOOSH, current_generation, usable_generation
from indexer.grouping import SECTIONS_EACH, Neighbours, ReportGroup, ReportOrder, ReportResults
from indexer.highlight import Highlighter, best_match
from indexer.ladder import MANY_WORDS, count_words, has_pieces, rewrite
from indexer.matching import Check, text_leaves, unchecked
from indexer.parser import Lists, Parsed, no_lists, parse, read_as
from indexer.query import MATCHES, RUNGS, SCOPES, Match, MatchAll, Plan, Rung, rung_of
from indexer.ranking import ranking_of
from indexer.remembered import Remembered
from indexer.results import (
    COPIES,
    FACETS,
    SAMES,
    SORTS,
    Copies,
    Filter,
    Hit,
    Limits,
    Manifest,
    SearchRequest,
    SearchResults,
    SectionKey,
    Span,
)
from indexer.samewording import Line, Lines
from indexer.segment import Segmenter, default_segmenter, segmenter_of
from indexer.texts import Shown, StoredTexts, Texts
from indexer.wordingstore import Flags, Numbers, WordingStore
from indexer.wordlists import WordLists

if TYPE_CHECKING:
    from indexer.collocates import Collocates
    from indexer.lineorder import LineOrder

_NO_LIMITS: Final = Limits()
_WARMED_AFTER: Final = 0.5
#: More marks than this make a page that no browser shows with ease.
_MOST_MARKS: Final = 20_000
#: Sets of filters whose sections are kept, a byte for each section.
_PASSING_KEPT: Final = 8
_COUNTED: Final = 64
_ORDERS: Final = 4
_COLLOCATES: Final = 2


@dataclass(frozen=True, slots=True)
class MarkedReport:
    """A report with what a query marks in it.

    ``marks``: block_id -> spans in the block's text. ``heading_marks``: section_id -> spans in its heading.
    ``occurrences`` counts the marks of headings and of blocks that aren't heading lines. Where marking takes
    too long or finds more than a page can show, there are none and ``complete`` is False. ``terms`` counts what the
    query looks for, each by itself, 0 included.
    """

    report: Report
    marks: Mapping[str, tuple[Span, ...]]
    heading_marks: Mapping[str, tuple[Span, ...]]
    occurrences: int
    read_as: str
    complete: bool = True
    terms: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query was read, in words and notes, and what marks its matches."""

    read_as: str
    notes: tuple[str, ...]
    highlighter: Highlighter


class Searcher:
    """Search and reading over one generation; safe to use from several threads."""

    def __init__(
        self,
        engine: Engine,
        texts: Texts,
        manifest: Manifest,
        limits: Limits = _NO_LIMITS,
        segmenter: Segmenter | None = None,
        lists: Lists = no_lists,
        folder: Path | None = None,
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._store: WordingStore | None = None
        self._store_lock = threading.Lock()
        self._passing: Remembered[Flags] = Remembered(_PASSING_KEPT)
        self._lists = lists
        self._texts = texts
        self._limits = limits
        self.segmenter = segmenter or default_segmenter()
        self.manifest = manifest
        #: Occurrences that trends counted: they read every hit.
        self.counted: Remembered[Mapping[str, int]] = Remembered(_COUNTED)
        #: Orders of concordances: to make one reads every hit.
        self.line_orders: Remembered[LineOrder] = Remembered(_ORDERS)
        #: Collocates, for the page and then its files: they read every hit, too.
        self.collocates: Remembered[Collocates] = Remembered(_COLLOCATES)
        self._orders: Remembered[ReportOrder] = Remembered(_ORDERS)

    def close(self) -> None:
        """Let go of files and memory."""
        self._engine.close()
        self._texts.close()

    def search(self, request: SearchRequest) -> SearchResults:
        """Return one page of results. Raises QueryRejected over a limit, SearchTimeout when it takes too long."""
        started = time.perf_counter()
        check_request(request, self._limits)
        request = replace(request, query=clean_characters(request.query))
        parsed = parse(request.query, self._limits, self._lists)
        offset = self._offset(request)
        deadline = Deadline(self._limits.seconds)
        rung, counts = self._answering(parsed, request, deadline)
        plan = rewrite(parsed.query, rung, self.segmenter)
        folded = request.same == "fold" and request.size > 0 and next(text_leaves(plan), None) is not None
        ranked = self._engine.select(
            Selection(
                plan=plan,
                scope=request.scope,
                filters=request.filters,
                facets=request.facets,
                sort=request.sort,
                offset=offset,
                size=request.size,
                copies=request.copies,
                ranking=ranking_of(parsed.query, self.segmenter),
                whole=folded,
            ),
            deadline.left(),
        )
        highlighter = Highlighter(plan, deadline.check)
        lines = ranked.sections
        if folded and ranked.order is not None:
            order = ranked.order
            every = self._lines(order, plan, deadline)
            lines = len(every)
            hits = tuple(self._folded(order, line, highlighter) for line in every.window(offset, request.size))
        else:
            hits = tuple(self._hit(key, score, highlighter) for key, score in ranked.window)
        end = offset + len(hits)
        return SearchResults(
            request=request,
            hits=hits,
            sections=ranked.sections,
            reports=ranked.reports,
            facets=ranked.facets,
            read_as=read_as(parsed.query),
            notes=parsed.notes,
            match=rung,
            rungs=tuple((name, counts[name]) for name in RUNGS if name in counts),
            generation=self.manifest.generation,
            corpus_id=self.manifest.corpus_id,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            next_cursor=self._cursor(request, end) if hits and end < lines else "",
            copies=ranked.copies,
            lines=lines,
        )

    def same(self, request: SearchRequest, wording: str, limit: int) -> tuple[Hit, ...]:
        """Return the sections that are folded into the line of a wording, in their order, so many at most."""
        check_request(request, self._limits)
        deadline = Deadline(self._limits.seconds)
        parsed = self._parsed(request.query)
        rung, _ = self._answering(parsed, request, deadline)
        plan = rewrite(parsed.query, rung, self.segmenter)
        ranking = ranking_of(parsed.query, self.segmenter)
        selection = replace(_selected(request, plan), sort=request.sort, size=1, ranking=ranking)
        order = self._engine.select(selection, deadline.left()).order
        assert order is not None  # noqa: S101 - it was asked for
        highlighter = Highlighter(plan, deadline.check)
        places = self._lines(order, plan, deadline).others(wording)[:limit].tolist()
        return tuple(self._hit_at(order, place, highlighter) for place in places)

    def _lines(self, order: Order, plan: Plan, deadline: Deadline) -> Lines:
        return Lines(self.wordings, plan, self.wordings.sections_at(order.numbers, order.ordinals), deadline)

    def _folded(self, order: Order, line: Line, highlighter: Highlighter) -> Hit:
        return replace(self._hit_at(order, line.place, highlighter), wording=line.wording, same=line.same)

    def _hit_at(self, order: Order, place: int, highlighter: Highlighter) -> Hit:
        report_id = self._engine.identity(int(order.numbers[place]))
        return self._hit((report_id, int(order.ordinals[place])), order.score(place), highlighter)

    def everything(self, request: SearchRequest) -> Iterator[tuple[Report, Section]]:
        """Yield every section that a request finds with its report's metadata, by (report_id, ordinal), however many.

        ``match`` auto reads as exact: what leaves the program doesn't depend on a ladder. Page, size, sort and facets
        don't count. Raises QueryRejected, SearchTimeout before the first.
        """
        for key in self.keys(request):
            yield self._texts.section(key)

    def keys(self, request: SearchRequest) -> Iterator[SectionKey]:
        """Yield the key of every section that ``everything`` yields, without reading it."""
        return self._engine.everything(self._selection(request), self._limits.seconds)

    def hits(self, request: SearchRequest, keys: Sequence[SectionKey]) -> tuple[Hit, ...]:
        """Return sections that a request finds as hits, in the order of ``keys``."""
        highlighter = self._highlighter(request.query, rung_of(request.match))
        return tuple(self._hit(key, 0.0, highlighter) for key in keys)

    def shown(self, request: SearchRequest) -> Iterator[Shown]:
        """Yield what a reader sees of every section that a request finds, in the order of ``everything``."""
        return self._texts.shown(self.keys(request))

    def characters(self, request: SearchRequest, field: str) -> Mapping[str, int]:
        """Return by value of a field the characters, blanks left out, that a reader sees of all that a request finds."""
        return self._engine.characters(self._selection(request), field, self._limits.seconds)

    def tallies(
        self, requests: Sequence[SearchRequest], check: Check = unchecked
    ) -> Iterator[tuple[Report, str, list[tuple[int, int]]]]:
        """Yield of every section that any of some requests finds: report, kind, and (number of the request, marks).

        Each text is read once for all of them. The marks are those of ``Searcher.read``. ``check`` is called for each
        section and may raise. Raises QueryRejected, SearchTimeout before the first.
        """
        count = [counting(self.reading(each.query, each.match, check).highlighter, check) for each in requests]
        found = [self._engine.everything(self._selection(each), self._limits.seconds) for each in requests]
        asked: deque[list[int]] = deque()

        def keys() -> Iterator[SectionKey]:
            numbered = (zip(each, repeat(number)) for number, each in enumerate(found))
            for key, group in groupby(heapq.merge(*numbered), key=itemgetter(0)):
                asked.append([number for _, number in group])
                yield key

        for shown in self._texts.shown(keys()):
            check()
            yield shown.report, shown.kind, [(number, count[number](shown.texts)) for number in asked.popleft()]

    def _selection(self, request: SearchRequest) -> Selection:
        """Return what the engine is asked for a whole result; ``match`` auto reads as exact."""
        check_request(request, self._limits)
        return Selection(
            plan=self.plan(request.query, rung_of(request.match)),
            scope=request.scope,
            filters=request.filters,
            copies=request.copies,
        )

    def telling(self, tokens: Sequence[str]) -> list[tuple[str, float]]:
        """Return those of a passage's tokens that tell where its like may stand, with their weights, the rarest first."""
        return telling(zip(tokens, self._engine.frequencies(tokens), strict=True), self.manifest.sections)

    def holding_most(
        self,
        tokens: Sequence[tuple[str, float]],
        filters: tuple[Filter, ...],
        copies: Copies,
        size: int,
        seconds: float,
    ) -> tuple[tuple[SectionKey, float], ...]:
        """Return the sections that hold most of some weighted tokens; see Engine. Raises QueryRejected, SearchTimeout."""
        check_request(SearchRequest(filters=filters, copies=copies), self._limits)
        selection = Selection(plan=MatchAll(), filters=filters, copies=copies)
        return self._engine.holding_most(tokens, selection, size, seconds)

    def section(self, key: SectionKey) -> tuple[Report, Section]:
        """Return a section and its report's metadata (the report comes without sections). Raises ReportNotFound."""
        return self._texts.section(key)

    def counter(self, request: SearchRequest) -> Callable[[Section], int]:
        """Return what counts the occurrences that a request marks in a section, its own heading included."""
        highlighter = self.reading(request.query, request.match).highlighter
        return lambda section: _occurrences(section, highlighter)

    def reading(self, query: str, match: Match = "exact", check: Check = unchecked) -> Reading:
        """Return how a query is read, and what marks its matches in any text; ``match`` auto reads as exact.

        ``check`` is called within long work and may raise. Raises QueryRejected.
        """
        parsed = self._parsed(query)
        plan = rewrite(parsed.query, rung_of(match), self.segmenter)
        return Reading(read_as(parsed.query), parsed.notes, Highlighter(plan, check))

    @property
    def limits(self) -> Limits:
        """What one question may cost."""
        return self._limits

    @property
    def texts(self) -> Texts:
        """The texts of the generation."""
        return self._texts

    @property
    def wordings(self) -> WordingStore:
        """The sentences of the generation with their wordings; put together for the first who asks."""
        with self._store_lock:
            if self._store is None:
                assert self._folder is not None  # noqa: S101 - a searcher over a generation has its folder
                self._store = WordingStore(self._folder, lambda: self._engine.report_ids)
            return self._store

    def plan(self, query: str, rung: Rung) -> Plan:
        """Return what a query looks for on a rung. Raises QueryRejected."""
        return rewrite(self._parsed(query).query, rung, self.segmenter)

    def warm(self) -> None:
        """Load what the first answer would wait for."""
        self.segmenter.words("预热")
        with suppress(IndexerError):  # it is said to who asks for it
            _ = self.wordings

    def count(self, request: SearchRequest, plan: Plan, deadline: Deadline) -> int:
        """Return how many sections a plan finds under the scope, filters and copies of a request."""
        return self._engine.count(_selected(request, plan), deadline.left())

    def sections(self, request: SearchRequest, plan: Plan, deadline: Deadline) -> Numbers:
        """Return the sections that a plan finds under the scope, filters and copies of a request.

        As the store of wordings numbers them, in no order that means anything. Raises SearchTimeout.
        """
        order = self._engine.select(_selected(request, plan), deadline.left()).order
        assert order is not None  # noqa: S101 - it was asked for
        return self.wordings.sections_at(order.numbers, order.ordinals)

    def passing(self, request: SearchRequest, deadline: Deadline) -> Flags:
        """Return which sections the filters and copies of a request let through; kept for the next request."""
        asked = (request.filters, request.copies)
        flags = self._passing.get(asked)
        if flags is None:
            flags = np.zeros(self.wordings.size, np.bool_)
            flags[self.sections(request, MatchAll(), deadline)] = True
            self._passing.put(asked, flags)
        return flags

    def rungs(self, query: str, match: Match) -> tuple[Rung, ...]:
        """Return the rungs that may answer a query, in the order in which they are tried (contract 3.5)."""
        return self._rungs(self._parsed(query), match)

    def read(self, report_id: str, query: str = "", match: Match = "exact") -> MarkedReport:
        """Return a whole report with what the query marks in it. Raises ReportNotFound, QueryRejected."""
        report = self._texts.report(report_id)
        parsed = parse(clean_characters(query)[: self._limits.query_length], self._limits, self._lists)
        plan = rewrite(parsed.query, rung_of(match), self.segmenter)
        highlighter = Highlighter(plan, Deadline(self._limits.seconds).check)
        try:
            marks, headings, occurrences = _marks(report, highlighter)
            terms = _terms(report, highlighter)
        except SearchTimeout:
            # The reader came for the report: better without marks than not at all.
            return MarkedReport(report, {}, {}, 0, read_as(parsed.query), complete=False)
        return MarkedReport(report, marks, headings, occurrences, read_as(parsed.query), terms=terms)

    def by_report(self, request: SearchRequest, each: int = SECTIONS_EACH) -> ReportResults:
        """Return one page of reports in the order of their first hit, each with its first hits; see ReportResults."""
        found = self.search(replace(request, page=1, size=0, cursor=""))
        order = self._by_report(request, found.match)
        start = (request.page - 1) * request.size
        highlighter = self._highlighter(request.query, found.match)
        groups = tuple(
            ReportGroup(report_id, sections, tuple(self._hit(key, 0.0, highlighter) for key in first))
            for report_id, sections, first in order.window(start, start + request.size, each)
        )
        return ReportResults(replace(found, request=request), groups, order.size)

    def neighbours(self, request: SearchRequest, report_id: str, rung: Rung) -> Neighbours | None:
        """Return the reports before and after one in the order of a result; None where it isn't in it."""
        order = self._by_report(request, rung)
        at = order.place(report_id)
        if at is None:
            return None
        highlighter = self._highlighter(request.query, rung)

        def beside(place: int) -> Hit | None:
            found = order.window(place, place + 1, 1) if place >= 0 else ()
            return self._hit(found[0].first[0], 0.0, highlighter) if found else None

        return Neighbours(beside(at - 1), beside(at + 1), at + 1, order.size)

    def _parsed(self, query: str) -> Parsed:
        """Return a query as it is read, word lists included."""
        return parse(clean_characters(query), self._limits, self._lists)

    def _highlighter(self, query: str, rung: Rung) -> Highlighter:
        return Highlighter(self.plan(query, rung), Deadline(self._limits.seconds).check)

    def _by_report(self, request: SearchRequest, rung: Rung) -> ReportOrder:
        """Return all reports of a result in the order of their first section."""
        check_request(request, self._limits)
        parsed = self._parsed(request.query)
        selection = Selection(
            plan=rewrite(parsed.query, rung, self.segmenter),
            scope=request.scope,
            filters=request.filters,
            sort=request.sort,
            copies=request.copies,
            ranking=ranking_of(parsed.query, self.segmenter),
        )
        # Reading on from report to report asks for the same order again and again.
        order = self._orders.get(selection)
        if order is None:
            order = self._engine.by_report(selection, self._limits.seconds)
            self._orders.put(selection, order)
        return order

    def _answering(self, parsed: Parsed, request: SearchRequest, deadline: Deadline) -> tuple[Rung, dict[Rung, int]]:
        """Return the rung that answers, and how many sections each rung gives (contract 3.5)."""
        if not has_pieces(parsed.query):
            return rung_of(request.match), {}
        counts: dict[Rung, int] = {}
        by_plan: dict[Plan, int] = {}
        for rung in RUNGS:
            plan = rewrite(parsed.query, rung, self.segmenter)
            if plan not in by_plan:
                selection = Selection(plan=plan, scope=request.scope, filters=request.filters, copies=request.copies)
                by_plan[plan] = self._engine.count(selection, deadline.left())
            counts[rung] = by_plan[plan]
        tried = self._rungs(parsed, request.match)
        return next((rung for rung in tried if counts[rung]), tried[-1]), counts

    def _rungs(self, parsed: Parsed, match: Match) -> tuple[Rung, ...]:
        if match != "auto":
            return (match,)
        if not has_pieces(parsed.query):
            return ("exact",)
        many = not parsed.operators and count_words(parsed.query, self.segmenter) >= MANY_WORDS
        return ("most",) if many else RUNGS

    def _hit(self, key: SectionKey, score: float, highlighter: Highlighter) -> Hit:
        meta, row = self._texts.row(key)
        best = best_match(row, highlighter)
        return Hit(
            report_id=key[0],
            section_id=row[1],
            paragraph_id=best.block_id,
            ordinal=row[0],
            title=meta["title"],
            agency=meta["agency"],
            region=meta["region"],
            year=meta["year"],
            kind=row[4],
            form=row[3],
            heading_path=headings_of(row),
            published_on=meta["published_on"],
            source_url=meta["source_url"],
            score=score,
            snippet=best.snippet,
            same_as=meta["same_as"],
            corrected=tuple([correction["field"] for correction in meta["corrections"]]),
        )

    def _offset(self, request: SearchRequest) -> int:
        if not request.cursor:
            return (request.page - 1) * request.size
        return offset_at(request.cursor, self.manifest.generation, _request_hash(request))

    def _cursor(self, request: SearchRequest, offset: int) -> str:
        return cursor_at(self.manifest.generation, _request_hash(request), offset)


def _selected(request: SearchRequest, plan: Plan) -> Selection:
    return Selection(plan=plan, scope=request.scope, filters=request.filters, copies=request.copies, size=0, whole=True)


def _terms(report: Report, highlighter: Highlighter) -> tuple[tuple[str, int], ...]:
    """Return how often each thing that is looked for stands in what a reader sees: as ``_marks`` counts."""
    total = dict.fromkeys(highlighter.names, 0)
    for section in report.sections:
        headed = any(block.form == "heading" for block in section.blocks)
        texts = [section.block_text(block) for block in section.blocks if block.form != "heading"]
        if headed or section.ordinal == 0:
            texts.append(section.heading)
        for text in texts:
            for name, count in highlighter.counts(text):
                total[name] += count
    return tuple(total.items())


def _marks(
    report: Report, highlighter: Highlighter
) -> tuple[dict[str, tuple[Span, ...]], dict[str, tuple[Span, ...]], int]:
    """Return the marks of blocks and of headings, and how many a reader sees."""
    marks: dict[str, tuple[Span, ...]] = {}
    headings: dict[str, tuple[Span, ...]] = {}
    occurrences = 0
    for section in report.sections:
        spans = highlighter.spans(section.heading)
        if spans:
            headings[section.section_id] = spans
            # A heading that is part of its paragraph is marked there.
            glued = section.ordinal > 0 and all(block.form != "heading" for block in section.blocks)
            occurrences += 0 if glued else len(spans)
        for block in section.blocks:
            spans = highlighter.spans(section.block_text(block))
            if spans:
                marks[block.block_id] = spans
                occurrences += len(spans) if block.form != "heading" else 0
        if occurrences > _MOST_MARKS:
            raise too_slow()
    return marks, headings, occurrences


def _occurrences(section: Section, highlighter: Highlighter) -> int:
    """Return how many marks a reader sees in a section; a heading that is part of its paragraph is marked there."""
    glued = section.ordinal > 0 and all(block.form != "heading" for block in section.blocks)
    shown = [] if glued else [section.heading]
    shown += (section.block_text(block) for block in section.blocks if block.form != "heading")
    return sum(len(highlighter.spans(text)) for text in shown)


class Services:
    """Search and report reading over whatever generation is current below a home folder."""

    def __init__(self, home: Path, limits: Limits = _NO_LIMITS) -> None:
        self._home = home
        self._limits = limits
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None

    def search(self, request: SearchRequest) -> SearchResults:
        """Return one page of results; see Searcher."""
        return self._current().search(request)

    def everything(self, request: SearchRequest) -> Iterator[tuple[Report, Section]]:
        """Yield every section that a request finds; see Searcher."""
        return self._current().everything(request)

    def read(self, report_id: str, query: str = "", match: Match = "exact") -> MarkedReport:
        """Return a report with marks; see Searcher."""
        return self._current().read(report_id, query, match)

    def by_report(self, request: SearchRequest, each: int = SECTIONS_EACH) -> ReportResults:
        """Return one page of reports; see Searcher."""
        return self._current().by_report(request, each)

    def neighbours(self, request: SearchRequest, report_id: str, rung: Rung) -> Neighbours | None:
        """Return the reports beside one in a result; see Searcher."""
        return self._current().neighbours(request, report_id, rung)

    def manifest(self) -> Manifest:
        """Return the manifest of the current generation."""
        return self._current().manifest

    def warm(self) -> None:
        """Open the index, so that the first answer takes no longer than the second; what loads slowly goes on aside.

        An index that isn't there or doesn't fit is said with the first question.
        """
        with suppress(IndexerError):
            searcher = self._current()
            # The dictionary keeps all other threads waiting while it loads: a first page is better served before.
            warming = threading.Timer(_WARMED_AFTER, searcher.warm)
            warming.name, warming.daemon = "warming", True
            warming.start()

    def searcher(self) -> Searcher:
        """Return the searcher of the current generation: what asks several things of one and the same state."""
        return self._current()

    def _current(self) -> Searcher:
        """Return a searcher on the current generation; the old one ends with the last request that uses it."""
        generation = current_generation(self._home)
        searcher = self._searcher
        if searcher is None or searcher.manifest.generation != generation:
            with self._lock:
                searcher = self._searcher
                if searcher is None or searcher.manifest.generation != generation:
                    searcher = open_searcher(self._home, self._limits)
                    self._searcher = searcher
        return searcher


def open_searcher(home: Path, limits: Limits = _NO_LIMITS) -> Searcher:
    """Open the current generation. Raises NoIndex, StaleIndex or BrokenIndex, each saying what to run."""
    segmenter = segmenter_of(home)
    folder, manifest = usable_generation(home, segmenter)
    engine, texts = open_engine(folder, manifest)
    return Searcher(engine, texts, manifest, limits, segmenter, WordLists(home).phrases, folder)


def open_engine(folder: Path, manifest: Manifest) -> tuple[Engine, Texts]:
    """Open the engine of a generation, and its texts. Raises EngineUnavailable where it isn't installed."""
    # Each engine is imported only where it is used: to load both would double the time to the first answer.
    if manifest.engine == "tantivy":
        check_engine("tantivy")
        from indexer.packs import PackedTexts  # noqa: PLC0415
        from indexer.reporttable import ReportTable  # noqa: PLC0415
        from indexer.tantivyengine import TantivyEngine  # noqa: PLC0415

        reports = ReportTable(folder / COLUMNS)
        packed = PackedTexts(folder / PACKS, reports)
        return TantivyEngine(folder / TANTIVY, reports, packed), packed
    from indexer.whooshengine import WhooshEngine  # noqa: PLC0415

    stored = StoredTexts(folder / TEXTS)
    return WhooshEngine(folder / WHOOSH, stored), stored


def check_request(request: SearchRequest, limits: Limits) -> None:
    """Make sure that a request asks what can be answered. Raises QueryRejected."""
    problems = [
        (request.match not in MATCHES, f"match={request.match}"),
        (request.scope not in SCOPES, f"scope={request.scope}"),
        (request.sort not in SORTS, f"sort={request.sort}"),
        (request.copies not in COPIES, f"copies={request.copies}"),
        (request.same not in SAMES, f"same={request.same}"),
        (not 1 <= request.page <= 10**9, f"page={request.page}"),
        (not 0 <= request.size <= limits.page_size, f"size={request.size} (0-{limits.page_size})"),
        *((field not in FACETS, f"facet={field}") for field in request.facets),
        *((filter_.field not in FACETS, f"filter={filter_.field}") for filter_ in request.filters),
        *((f.is_range and f.field != "year", f"filter={f.field}") for f in request.filters),
        (sum(len(f.values) for f in request.filters) > limits.filter_values, f"filter values > {limits.filter_values}"),
    ]
    wrong = ", ".join(said for is_wrong, said in problems if is_wrong)
    if wrong:
        raise QueryRejected(
            zh=f"检索条件无效：{wrong}；请改正后重试", en=f"the request isn't valid: {wrong}; correct it and try again"
        )


def _request_hash(request: SearchRequest) -> str:
    return digest64(repr(replace(request, page=1, cursor="")))
