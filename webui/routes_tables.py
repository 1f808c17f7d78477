"""Downloads of the tables: a trend's, a concordance's, its collocates', the facets'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, request

from indexer.collocates import FARTHEST
from indexer.concordance import SORTS, WIDEST
from indexer.exporting import Format
from indexer.lineorder import LineSort
from indexer.occurrences import PAGE_SECONDS
from indexer.service import Services
from indexer.tablefiles import table_csv, table_jsonl, write_table_xlsx
from indexer.tables import Name, Table, collocates_table, concordance_table, facet_table, trend_table
from indexer.trend import BYS, By
from webui.page import here
from webui.routes_export import asked_format, natural, sent

#: Words in a file of collocates: unlike a page, it may have as many as anyone asks for.
_WORDS: Final = 1_000
_MOST_WORDS: Final = 100_000
_PATHS: Final[dict[str, Name]] = {
    "/trend/export": "trend",
    "/concordance/export": "concordance",
    "/collocates/export": "collocates",
    "/facets/export": "facets",
}


def blueprint(services: Services) -> Blueprint:
    """Return the routes of the tables' downloads."""
    pages = Blueprint("tables", __name__)

    for path, name in _PATHS.items():
        pages.add_url_rule(path, name, _download(services, name), methods=["GET"])
    return pages


def _download(services: Services, name: Name) -> Callable[[], Response]:
    def download() -> Response:
        wanted = asked_format()
        return sent_table(_table(services, name), wanted)

    return download


def _table(services: Services, name: Name) -> Table:
    state, searcher, now = here().state, services.searcher(), datetime.now().astimezone()
    if name == "facets":
        return facet_table(searcher, state.request(), now, state.lang)[0]
    if name == "concordance":
        sort: LineSort = next((s for s in SORTS if s == request.args.get("by")), "place")
        # The lines are sent while they are read: a limit of time would cut the file short.
        return concordance_table(searcher, state.request(), now, width=natural("width", 25, WIDEST), sort=sort)
    if name == "collocates":
        within, least = natural("within", 5, FARTHEST), natural("least", 2, 10**9)
        request_, limit = state.request(), natural("limit", _WORDS, _MOST_WORDS)
        return collocates_table(searcher, request_, now, within=within, least=least, limit=limit, seconds=PAGE_SECONDS)
    by: By = next((b for b in BYS if b == request.args.get("by")), "year")
    asked = replace(state.request(), query="")
    return trend_table(searcher, request.args.getlist("q"), by, asked, now, state.lang, PAGE_SECONDS)


def sent_table(table: Table, format_: Format) -> Response:
    """Return a table as a download, sent while it is made."""
    chunks = table_csv(table) if format_ == "csv" else table_jsonl(table)
    return sent(
        f"{table.name}-{table.facts[0].query}",
        table.facts[0].exported_at[:10],
        format_,
        chunks,
        lambda target: write_table_xlsx(table, target),
    )
