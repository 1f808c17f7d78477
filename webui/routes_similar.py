"""The page of passages that say a text in nearly the same words; a text that is pasted travels by POST alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from corpus.folding import fold
from corpus.model import Report, Section
from corpus.regions import is_region, region_named
from indexer.errors import QueryRejected, ReportNotFound
from indexer.service import Services
from indexer.similar import LEAST, LONGEST, Passage, similar
from webui.page import here
from webui.state import SearchState, parse

#: Bytes of a form with a text: percent signs make nine of one character.
MOST_BYTES: Final = 1 << 20
#: Places looked at for one page; those of one wording are one line.
_PLACES: Final = 100


@dataclass(frozen=True, slots=True)
class Group:
    """A passage, and the other places that have the very same text."""

    first: Passage
    others: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The paragraph of the library that is asked about."""

    report: Report
    section: Section
    block_id: str
    text: str


def blueprint(services: Services) -> Blueprint:
    """Return the routes of the page of similar wording."""
    pages = Blueprint("similar", __name__)

    @pages.get("/similar")
    def of_paragraph() -> str:
        report_id, block_id = request.args.get("report", ""), request.args.get("block", "")
        source = paragraph(services.read(report_id).report, block_id) if report_id else None
        return _shown(services, request.args.items(multi=True), source.text if source else "", source)

    @pages.post("/similar")
    def of_text() -> Response:
        request.max_content_length = request.max_form_memory_size = MOST_BYTES
        text = request.form.get("text", "")
        try:
            page = make_response(_shown(services, request.form.items(multi=True), text, None))
        except QueryRejected as error:
            refused = _shown(services, request.form.items(multi=True), "", None, text, error.text(here().lang))
            page = make_response(refused, 400)
        # A page with a draft in it is nothing for a cache on a disk.
        page.headers["Cache-Control"] = "no-store"
        return page

    return pages


def paragraph(report: Report, block_id: str) -> Source:
    """Return a paragraph of a report. Raises ReportNotFound."""
    for section in report.sections:
        for block in section.blocks:
            if block.block_id == block_id:
                return Source(report, section, block_id, section.block_text(block))
    raise ReportNotFound(
        zh=f"报告 {report.report_id} 中没有段落 {block_id[:80]}；它可能已随新版报告改变，请从报告页重新选择",
        en=f"the report {report.report_id} has no paragraph {block_id[:80]}; it may have changed: choose it on the "
        "report's page",
    )


def grouped(passages: Iterable[Passage]) -> tuple[Group, ...]:
    """Return passages with those of the same text and similarity as one, in their order."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(fold(passage.text), []).append(passage)
    return tuple(Group(same[0], tuple(same[1:])) for same in found.values())


def _shown(
    services: Services,
    pairs: Iterable[tuple[str, str]],
    text: str,
    source: Source | None,
    refused_text: str = "",
    refused: str = "",
) -> str:
    state, unknown = _state(pairs)
    found = None
    if text.strip() or (request.method == "POST" and not refused):
        found = similar(
            services.searcher(),
            text,
            filters=state.filters(),
            size=_PLACES,
            without=source.report.report_id if source else "",
        )
    return render_template(
        "similar.html",
        found=found,
        groups=grouped(found.passages) if found else (),
        source=source,
        text=refused_text or ("" if source else text),
        refused=refused,
        chosen=state,
        unknown_region=unknown,
        least=f"{LEAST:g}",
        longest=LONGEST,
        places=_PLACES,
    )


def _state(pairs: Iterable[tuple[str, str]]) -> tuple[SearchState, str]:
    """Return the filters of a form, and the name that is no region; a region may be typed."""
    kept: list[tuple[str, str]] = []
    unknown = ""
    for name, raw in pairs:
        value = raw.strip()
        if name == "region" and value and not is_region(value):
            code = region_named(value)
            unknown = "" if code else value[:40]
            value = code
        if name in ("text", "q") or not value:
            continue
        kept.append((name, value))
    return replace(parse(kept), q="", lang=here().lang), unknown
