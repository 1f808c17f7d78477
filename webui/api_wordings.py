"""Wordings and their users in the JSON API."""

from __future__ import annotations

from typing import Any, TypeAlias

from apiflask import APIBlueprint

from indexer.commands import parse_filters
from indexer.exporting import filter_texts
from indexer.results import SearchRequest
from indexer.reuse import reuse_map
from indexer.reusecommand import reuse_json
from indexer.service import Services
from indexer.wordings import Use, Users, Wording, Wordings, users, wordings
from webui import apischemas_wordings as schemas
from webui.apischemas import Language

Json: TypeAlias = "dict[str, Any]"


def register(api: APIBlueprint, services: Services) -> None:
    """Add the routes to the API's."""

    @api.get("/wordings")
    @api.doc(operation_id="wordings", summary="相同表述 Distinct sentences that match")
    @api.input(schemas.WordingsQuery, location="query", arg_name="asked")
    @api.output(schemas.WordingsOut)
    def wordings_(asked: Json) -> Json:
        found = wordings(services.searcher(), _request(asked), sort=asked["sort"])
        return {
            **_about(found),
            "notes": list(found.notes),
            "sort": found.sort,
            "total": found.total,
            "sections": found.sections,
            "wordings": [_wording(wording) for wording in found.wordings],
        }

    @api.get("/wordings/<wording>")
    @api.doc(operation_id="wording", summary="表述的使用者 Users of a wording")
    @api.input(schemas.UsersQuery, location="query", arg_name="asked")
    @api.output(schemas.UsersOut)
    def users_(wording: str, asked: Json) -> Json:
        found = users(services.searcher(), _request(asked), wording)
        return {**_about(found), "wording": _wording(found.wording), "users": [_use(use) for use in found.uses]}

    @api.get("/reports/<report_id>/reuse")
    @api.doc(operation_id="reuse", summary="表述复用 Who else uses the sentences of a report")
    @api.input(Language, location="query", arg_name="asked")
    @api.output(schemas.ReuseOut)
    def reuse(report_id: str, asked: Json) -> Json:
        return reuse_json(reuse_map(services.searcher(), report_id))


def _request(asked: Json) -> SearchRequest:
    return SearchRequest(
        query=asked["q"],
        match=asked["match"],
        scope=asked["scope"],
        filters=parse_filters(asked["filter"]),
        size=asked["size"],
        cursor=asked["cursor"],
        copies=asked["copies"],
    )


def _about(found: Wordings | Users) -> Json:
    request = found.request
    return {
        "query": request.query,
        "read_as": found.read_as,
        "match": found.match,
        "scope": request.scope,
        "copies": request.copies,
        "filters": list(filter_texts(request.filters)),
        "offset": found.offset,
        "engine": found.engine,
        "generation": found.generation,
        "corpus_id": found.corpus_id,
        "next_cursor": found.next_cursor,
    }


def _wording(wording: Wording) -> Json:
    names = ("text", "reports", "agencies", "first_year", "last_year", "earliest")
    figures = {name: getattr(wording, name) for name in names}
    return {"wording": wording.key, **figures, "example": _use(wording.example)}


def _use(use: Use) -> Json:
    names = (
        "report_id", "section_id", "paragraph_id", "text", "title", "agency", "region", "year", "kind", "published_on",
        "source_url",
    )  # fmt: skip
    values = {name: getattr(use, name) for name in names}
    return {**values, "start": use.span[0], "end": use.span[1], "heading_path": list(use.heading_path)}
