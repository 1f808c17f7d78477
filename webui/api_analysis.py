"""Trends, concordances, collocates and suggestions of the JSON API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from apiflask import APIBlueprint
from flask import g

from corpus.model import digest64
from indexer.collocates import collocates
from indexer.commands import parse_filters
from indexer.concordance import concordance
from indexer.concordancecommand import collocates_json, concordance_json
from indexer.cursors import cursor_at, offset_at
from indexer.errors import QueryRejected
from indexer.exporting import filter_texts
from indexer.jsonform import dated
from indexer.occurrences import PAGE_SECONDS
from indexer.results import SearchRequest
from indexer.service import Services
from indexer.trend import trend
from indexer.trendcommand import trend_json
from webui import apischemas_analysis as schemas
from webui.routes_trend import state_of
from webui.state import SearchState, parse
from webui.suggesting import Suggester

Json: TypeAlias = "dict[str, Any]"


def register(api: APIBlueprint, services: Services) -> None:
    """Add the routes to the API's."""
    suggester = Suggester(services)

    @api.get("/trend")
    @api.doc(operation_id="trend", summary="趋势 How often, by year, region, department or kind")
    @api.input(schemas.TrendQuery, location="query", arg_name="asked")
    @api.output(schemas.TrendOut)
    def trend_(asked: Json) -> Json:
        request = asked_request({**asked, "q": ""})
        found = trend(services.searcher(), asked["q"], asked["by"], request, seconds=PAGE_SECONDS)
        # What was left out for want of time may be there the next time.
        g.incomplete = found.problem is not None
        return {**trend_json(found), **dated()}

    @api.get("/concordance")
    @api.doc(operation_id="concordance", summary="索引行 Every match in its context")
    @api.input(schemas.ConcordanceQuery, location="query", arg_name="asked")
    @api.output(schemas.ConcordanceOut)
    def concordance_(asked: Json) -> Json:
        searcher = services.searcher()
        request, width, sort, size = named_request(asked), asked["width"], asked["sort"], asked["size"]
        same = searcher.manifest.generation, digest64(repr((request, width, sort)))
        found = concordance(
            searcher,
            request,
            width=width,
            sort=sort,
            offset=offset_at(asked["cursor"], *same) if asked["cursor"] else 0,
            limit=size,
            seconds=PAGE_SECONDS,
        )
        end = found.offset + len(found.lines)
        more = bool(found.lines) and end < found.total
        return {**concordance_json(found), **dated(), "next_cursor": cursor_at(*same, end) if more else ""}

    @api.get("/collocates")
    @api.doc(operation_id="collocates", summary="搭配词 Words near the matches")
    @api.input(schemas.CollocatesQuery, location="query", arg_name="asked")
    @api.output(schemas.CollocatesOut)
    def collocates_(asked: Json) -> Json:
        found = collocates(
            services.searcher(),
            named_request(asked),
            within=asked["within"],
            least=asked["least"],
            limit=asked["size"],
            seconds=PAGE_SECONDS,
        )
        return {**collocates_json(found), **dated()}

    @api.get("/suggestions")
    @api.doc(operation_id="suggestions", summary="输入提示 What may be meant")
    @api.input(schemas.SuggestionsQuery, location="query", arg_name="asked")
    @api.output(schemas.SuggestionsOut)
    def suggestions(asked: Json) -> Json:
        bare = SearchState(lang=asked["lang"]).with_query(asked["q"])
        state = state_of(bare, bare.q, "auto", parse_filters(asked["filter"]))
        found = []
        for suggestion in suggester.suggest(state):
            led = parse(parse_qsl(urlsplit(suggestion.url).query, keep_blank_values=True))
            found.append({**asdict(suggestion), "q": led.q, "filter": list(filter_texts(led.filters()))})
        return {"suggestions": found}


def asked_request(asked: Json) -> SearchRequest:
    """Return the request that parameters mean. Raises QueryRejected."""
    return SearchRequest(
        query=asked["q"],
        match=asked["match"],
        scope=asked["scope"],
        filters=parse_filters(asked["filter"]),
        copies=asked["copies"],
    )


def named_request(asked: Json) -> SearchRequest:
    """Return the request; every section would be read for a query that names nothing."""
    if not asked["q"].strip():
        raise QueryRejected(zh="检索式 q 为空；请给出要找的词语", en="the query q is empty; say what to look for")
    return asked_request(asked)
