"""The concordance page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, render_template, request

from indexer.collocates import FARTHEST, collocates
from indexer.concordance import SORTS, WIDEST, Line, concordance
from indexer.lineorder import LineSort
from indexer.occurrences import PAGE_SECONDS
from indexer.query import rung_of
from indexer.service import Services
from indexer.tables import concordance_methods, table_methods, table_of_collocates
from webui.page import here
from webui.routes_trend import limits, terminal

LINES = 100
#: A word that stands near a match once only says nothing.
LEAST = 2
_WIDTH = 25
_WITHIN = 5
_WORDS = 50
_LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with the address of its place."""

    line: Line
    url: str


def blueprint(services: Services) -> Blueprint:
    """Return the route of the concordance page."""
    pages = Blueprint("concordance", __name__)

    @pages.get("/concordance")
    def show() -> str:
        state = here().state
        width = _number("width", _WIDTH, 0, WIDEST)
        within = _number("within", _WITHIN, 1, FARTHEST)
        sort: LineSort = next((s for s in SORTS if s == request.args.get("by")), "place")
        near = request.args.get("view") == "collocates"
        page = _number("page", 1, 1, _LAST_PAGE)
        options = ("--collocates", "--within", str(within)) if near else ("--sort", sort, "--width", str(width))
        found, words, lines, methods = None, None, [], ""
        now = datetime.now().astimezone()
        if state.q and near:
            words = collocates(
                services.searcher(), state.request(), within=within, least=LEAST, limit=_WORDS, seconds=PAGE_SECONDS
            )
            table = table_of_collocates(services.searcher(), words, now, LEAST, _WORDS)
            methods = table_methods(table, table.facts[0])[state.lang]
        elif state.q:
            found = concordance(
                services.searcher(),
                state.request(),
                width=width,
                sort=sort,
                offset=(page - 1) * LINES,
                limit=LINES,
                seconds=PAGE_SECONDS,
            )
            rung = rung_of(found.request.match)
            methods = concordance_methods(services.searcher(), state.request(), now, width)[state.lang]
            bare = replace(state, page=1)
            lines = [
                Shown(line, bare.report_url(line.report_id, rung, line.section_id, line.block_id))
                for line in found.lines
            ]
        return render_template(
            "concordance.html",
            found=found,
            words=words,
            lines=lines,
            width=width,
            within=within,
            methods=methods,
            limits=limits(state.filters(), state.lang),
            by=sort,
            near=near,
            command=terminal("concordance", state.q, *options, state=state),
            number_of_page=page,
            more=found is not None and page * LINES < found.total,
            kept=[
                *state.pairs(("page", "sort", "size")),
                ("width", str(width)),
                ("within", str(within)),
                ("by", sort),
                *([("view", "collocates")] if near else []),
            ],
        )

    return pages


def _number(name: str, default: int, least: int, most: int) -> int:
    text = request.args.get(name, "")
    return min(max(int(text), least), most) if re.fullmatch(r"[0-9]{1,6}", text) else default
