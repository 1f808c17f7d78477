"""Coverage of the JSON API, and its tables as files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from apiflask import APIBlueprint
from flask import Response

from corpus.model import digest64
from indexer.commands import parse_filters
from indexer.coveragetable import Covered, coverage_json, coverage_table, covered
from indexer.cursors import cursor_at, offset_at
from indexer.expectedlists import ExpectedLists
from indexer.occurrences import PAGE_SECONDS
from indexer.results import SearchRequest
from indexer.service import Services
from indexer.tables import Table, collocates_table, concordance_table, facet_table, trend_table
from webui import apischemas_tables as schemas
from webui.api_analysis import asked_request, named_request
from webui.routes_tables import sent_table

Json: TypeAlias = "dict[str, Any]"

_MEDIA: Final[dict[str, Any]] = {
    "text/csv": {"schema": {"type": "string"}},
    "application/jsonl": {"schema": {"type": "string"}},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
        "schema": {"type": "string", "format": "binary"}
    },
}
#: What an operation that sends a file answers.
FILE: Final[dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]] = {
    200: {"description": "文件 A file", "content": _MEDIA}
}


def register(api: APIBlueprint, home: Path, services: Services) -> None:
    """Add the routes to the API's."""
    lists = ExpectedLists(home)

    def counted(asked: Json) -> Covered:
        return covered(
            home / "library.db",
            asked["q"],
            services.searcher,
            _now(),
            expected=lists.named(asked["list"]) if asked["list"] else (),
            doctype=asked["doctype"],
            filters=parse_filters(asked["filter"]),
            name=asked["name"],
            seconds=PAGE_SECONDS,
        )

    @api.get("/coverage")
    @api.doc(operation_id="coverage", summary="覆盖表 Which reports are here, agency by year")
    @api.input(schemas.CoverageQuery, location="query", arg_name="asked")
    @api.output(schemas.CoverageOut)
    def coverage(asked: Json) -> Json:
        made = counted(asked)
        same = (
            made.facts[0].corpus_id,
            digest64(repr([asked[name] for name in ("q", "list", "doctype", "filter", "name")])),
        )
        start = offset_at(asked["cursor"], *same) if asked["cursor"] else 0
        rows = made.found.rows[start : start + asked["size"]]
        end = start + len(rows)
        more = bool(rows) and end < len(made.found.rows)
        told = coverage_json(made, rows)
        return {
            **told,
            "date": told.pop("exported_at"),
            "unit": "agency-year",
            "agencies": len(made.found.rows),
            "offset": start,
            "next_cursor": cursor_at(*same, end) if more else "",
        }

    @api.get("/coverage/export")
    @api.doc(operation_id="coverage_export", summary="覆盖表（面板） The panel of a coverage", responses=FILE)
    @api.input(schemas.CoverageExport, location="query", arg_name="asked")
    def coverage_export(asked: Json) -> Response:
        return sent_table(coverage_table(counted(asked)), asked["format"])

    @api.get("/trend/export")
    @api.doc(operation_id="trend_export", summary="趋势表 The table of a trend", responses=FILE)
    @api.input(schemas.TrendExport, location="query", arg_name="asked")
    def trend_export(asked: Json) -> Response:
        request = asked_request({**asked, "q": ""})
        table = trend_table(services.searcher(), asked["q"], asked["by"], request, _now(), asked["lang"], PAGE_SECONDS)
        return sent_table(table, asked["format"])

    @api.get("/concordance/export")
    @api.doc(operation_id="concordance_export", summary="全部索引行 Every line of a concordance", responses=FILE)
    @api.input(schemas.ConcordanceExport, location="query", arg_name="asked")
    def concordance_export(asked: Json) -> Response:
        table = concordance_table(
            services.searcher(), named_request(asked), _now(), width=asked["width"], sort=asked["sort"]
        )
        return sent_table(table, asked["format"])

    @api.get("/collocates/export")
    @api.doc(operation_id="collocates_export", summary="搭配词表 The table of collocates", responses=FILE)
    @api.input(schemas.CollocatesExport, location="query", arg_name="asked")
    def collocates_export(asked: Json) -> Response:
        return sent_table(_collocates(asked), asked["format"])

    def _collocates(asked: Json) -> Table:
        within, least, limit = asked["within"], asked["least"], asked["size"]
        request = named_request(asked)
        return collocates_table(
            services.searcher(), request, _now(), within=within, least=least, limit=limit, seconds=PAGE_SECONDS
        )

    @api.get("/facets/export")
    @api.doc(operation_id="facets_export", summary="分面计数表 Exact counts of facets", responses=FILE)
    @api.input(schemas.FacetsExport, location="query", arg_name="asked")
    def facets_export(asked: Json) -> Response:
        request: SearchRequest = asked_request(asked)
        table, _ = facet_table(services.searcher(), request, _now(), asked["lang"], asked["facet"])
        return sent_table(table, asked["format"])


def _now() -> datetime:
    return datetime.now().astimezone()
