"""Concordance: every place where a query's matches stand, line by line, in its context."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Final

from corpus.model import Report, Section
from indexer.errors import QueryRejected
from indexer.highlight import Highlighter
from indexer.lineorder import COMPARED, LineSort, context_key, keys_at, line_order
from indexer.occurrences import Watch, units
from indexer.query import rung_of
from indexer.results import SearchRequest
from indexer.scratch import scratch_database
from indexer.service import Searcher

SORTS: Final[tuple[LineSort, ...]] = ("place", "left", "right", "year")
WIDEST: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One match with its context within its paragraph, row or heading, and its place.

    ``block_id`` is "" where the match is in a title that stands in no block. ``start`` counts code points in the unit.
    """

    report_id: str
    section_id: str
    block_id: str
    ordinal: int
    start: int
    left: str
    match: str
    right: str
    title: str
    agency: str
    year: int | None
    kind: str
    form: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Concordance:
    """A window of the lines, with the exact totals of all; ``read_as`` and what is needed to cite it."""

    request: SearchRequest
    read_as: str
    notes: tuple[str, ...]
    sort: LineSort
    width: int
    lines: tuple[Line, ...]
    total: int
    sections: int
    offset: int
    generation: str
    corpus_id: str
    engine: str


def concordance(
    searcher: Searcher,
    request: SearchRequest,
    *,
    width: int = 20,
    sort: LineSort = "place",
    offset: int = 0,
    limit: int = 100,
    seconds: float | None = None,
) -> Concordance:
    """Return ``limit`` lines from ``offset`` on in an order, of all there are; the totals are of all of them.

    ``match`` auto reads as exact. Raises QueryRejected, SearchTimeout, AnalysisTimeout.
    """
    _check(width, offset, limit)
    watch = Watch(seconds)
    asked = plain_request(request)
    reading = searcher.reading(asked.query, asked.match)
    order = line_order(searcher, asked, sort, watch)
    window = order.window(offset, limit)
    keys = keys_at(searcher, asked, (section for section, _ in window))
    held: dict[int, list[Line]] = {}
    for number, key in keys.items():
        report, section = searcher.section(key)
        held[number] = list(lines_of(report, section, reading.highlighter, width))
    manifest = searcher.manifest
    return Concordance(
        request=asked,
        read_as=reading.read_as,
        notes=reading.notes,
        sort=sort,
        width=width,
        lines=tuple(held[section][line] for section, line in window),
        total=order.total,
        sections=order.sections,
        offset=offset,
        generation=manifest.generation,
        corpus_id=manifest.corpus_id,
        engine=manifest.engine,
    )


def all_lines(
    searcher: Searcher,
    request: SearchRequest,
    *,
    width: int = 20,
    sort: LineSort = "place",
    seconds: float | None = None,
) -> Iterator[Line]:
    """Yield every line in an order, in bounded memory however many there are. Raises as ``concordance`` does."""
    _check(width, 0, 0)
    watch = Watch(seconds)
    asked = plain_request(request)
    highlighter = searcher.reading(asked.query, asked.match, watch.check).highlighter
    lines = _lines(searcher, asked, highlighter, width, watch)
    if sort == "place":
        return (_cut(line, width) for line in lines)
    return _spooled((_key(line, sort), place, _cut(line, width)) for place, line in enumerate(lines))


def plain_request(request: SearchRequest) -> SearchRequest:
    """Return the request for all that it finds, on the rung on which it is read."""
    match = rung_of(request.match)
    return replace(request, match=match, page=1, cursor="", sort="relevance", facets=())


def _check(width: int, offset: int, limit: int) -> None:
    if not 0 <= width <= WIDEST or offset < 0 or limit < 0:
        raise QueryRejected(
            zh=f"语境字数须为 0 到 {WIDEST}，起点和行数不能为负；现为 {width}、{offset}、{limit}",
            en=f"the width is 0 to {WIDEST}, offset and limit aren't negative; they are {width}, {offset}, {limit}",
        )


def _lines(
    searcher: Searcher, request: SearchRequest, highlighter: Highlighter, width: int, watch: Watch
) -> Iterator[Line]:
    """Yield all lines by place, with at least as much context as a sort compares."""
    for report, section in searcher.everything(request):
        watch.section()
        yield from lines_of(report, section, highlighter, max(width, COMPARED))


def lines_of(report: Report, section: Section, highlighter: Highlighter, width: int) -> Iterator[Line]:
    """Yield the lines of one section, in their order."""
    for unit in units(section):
        for start, end in highlighter.spans(unit.text):
            yield Line(
                report_id=report.report_id,
                section_id=section.section_id,
                block_id=unit.block_id,
                ordinal=section.ordinal,
                start=start,
                left=unit.text[max(start - width, 0) : start],
                match=unit.text[start:end],
                right=unit.text[end : end + width],
                title=report.title,
                agency=report.agency,
                year=report.year,
                kind=section.kind,
                form=section.form,
                source_url=report.source_url,
            )


def _cut(line: Line, width: int) -> Line:
    return replace(line, left=line.left[len(line.left) - min(width, len(line.left)) :], right=line.right[:width])


def _key(line: Line, sort: LineSort) -> str:
    """Return what lines are sorted by; equal keys stay in the order of their places. Code points, blanks left out."""
    if sort == "year":
        return "9999" if line.year is None else f"{line.year:04}"
    return context_key(line.left if sort == "left" else line.right, sort)


def _spooled(keyed: Iterable[tuple[str, int, Line]]) -> Iterator[Line]:
    """Yield lines by key, sorted in a file that is gone afterwards."""
    with scratch_database() as db:
        db.execute("CREATE TABLE line (key BLOB NOT NULL, place INTEGER NOT NULL, line TEXT NOT NULL)")
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO line VALUES (?, ?, ?)",
            ((key.encode("utf-32-be", "replace"), place, json.dumps(asdict(line))) for key, place, line in keyed),
        )
        db.execute("COMMIT")
        for (text,) in db.execute("SELECT line FROM line ORDER BY key, place"):
            yield Line(**json.loads(text))
