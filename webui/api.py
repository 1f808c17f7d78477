"""The JSON API: the page's services, at /api/v1, with one OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from apiflask import APIBlueprint, APIFlask
from apiflask.exceptions import HTTPError
from flask import Blueprint, Response, g, jsonify, render_template, request

from corpus.model import Report, Section, digest64
from indexer.citation import cite
from indexer.commands import parse_filters
from indexer.errors import ReportNotFound
from indexer.exportrun import PROGRAM, prepare
from indexer.jsonform import dated, report_json, results_json
from indexer.results import SearchRequest
from indexer.service import MarkedReport, Services
from webui import api_analysis, api_drafting, api_tables, api_wordings
from webui import apischemas as schemas
from webui.api_tables import FILE
from webui.problems import CONTENT_TYPE, PROBLEM_SCHEMA, TITLES, problem
from webui.routes_export import download_of

Json: TypeAlias = "dict[str, Any]"

_PREFIX: Final = "/api/v1"
_UNTAGGED: Final = ("/export", "/citation", "/coverage")
_PROBLEMS: Final = {
    "400": "请求无效 The request isn't valid",
    "413": "请求过长 The request is too long",
    "404": "没有这个地址、报告、章节或表述 There is no such address, report, section or wording",
    "503": "没有可用的索引，或检索超时 There is no usable index, or the search took too long",
}


def blueprint(home: Path, services: Services) -> APIBlueprint:
    """Return the routes of the API."""
    api = APIBlueprint("api", __name__, url_prefix=_PREFIX, tag="v1")

    @api.before_request
    def unchanged() -> Response | None:
        tag = _tag(services)
        if tag and request.if_none_match.contains_weak(tag):
            response = Response(status=304)
            response.set_etag(tag, weak=True)
            return response
        return None

    @api.after_request
    def tagged(response: Response) -> Response:
        complete = not g.get("incomplete", False)
        if response.status_code == 200 and complete and (tag := _tag(services)):
            response.set_etag(tag, weak=True)
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    @api.errorhandler(HTTPError)
    def invalid(error: HTTPError) -> Response:
        errors = error.detail if isinstance(error.detail, dict) else {}
        wrong = "; ".join(f"{name}: {why}" for where in errors.values() for name, why in dict(where).items())
        return problem(
            "query",
            error.status_code,
            f"参数无效：{wrong}；请按 /api/docs 改正",
            f"invalid: {wrong}; see /api/docs",
            errors,
        )

    @api.get("/search")
    @api.doc(operation_id="search", summary="检索 Search")
    @api.input(schemas.SearchQuery, location="query", arg_name="asked")
    @api.output(schemas.SearchOut)
    def search(asked: Json) -> Json:
        searcher = services.searcher()
        found = searcher.search(
            SearchRequest(
                query=asked["q"],
                match=asked["match"],
                scope=asked["scope"],
                filters=parse_filters(asked["filter"]),
                facets=tuple(dict.fromkeys(asked["facet"])),
                sort=asked["sort"],
                size=asked["size"],
                cursor=asked["cursor"],
                copies=asked["copies"],
                same=asked["same"],
            )
        )
        return {**results_json(found), "engine": searcher.manifest.engine, **dated()}

    @api.get("/reports/<report_id>")
    @api.doc(operation_id="report", summary="报告 A report")
    @api.input(schemas.ReportQuery, location="query", arg_name="asked")
    @api.output(schemas.ReportOut)
    def report(report_id: str, asked: Json) -> Json:
        found = services.read(report_id, asked["q"], asked["match"])
        return {**_header(services, found.report), **_marks(found), "sections": report_json(found.report)["sections"]}

    @api.get("/reports/<report_id>/sections/<section_id>")
    @api.doc(operation_id="section", summary="章节 A section")
    @api.input(schemas.Language, location="query", arg_name="asked")
    @api.output(schemas.OneSectionOut)
    def section(report_id: str, section_id: str, asked: Json) -> Json:
        found = services.read(report_id).report
        listed: Any = report_json(found)["sections"]
        ordinal = _section(found, section_id).ordinal
        own: Json = next(each for each in listed if each["ordinal"] == ordinal)
        return {**own, "report": _header(services, found)}

    @api.get("/reports/<report_id>/citation")
    @api.doc(operation_id="citation", summary="引用格式 A citation")
    @api.input(schemas.CitationQuery, location="query", arg_name="asked")
    @api.output(schemas.CitationOut)
    def citation(report_id: str, asked: Json) -> Json:
        found = services.read(report_id).report
        part = _section(found, asked["section"]) if asked["section"] else None
        day = asked["accessed"] or datetime.now().astimezone().date()
        return {"style": asked["style"], "text": cite(found, asked["style"], day, part)}

    @api.get("/export")
    @api.doc(
        operation_id="export",
        summary="导出全部命中 Export every hit",
        responses=FILE,
    )
    @api.input(schemas.ExportQuery, location="query", arg_name="asked")
    def export(asked: Json) -> Response:
        made = prepare(
            services.searcher(),
            SearchRequest(
                query=asked["q"],
                match=asked["match"],
                scope=asked["scope"],
                filters=parse_filters(asked["filter"]),
                copies=asked["copies"],
            ),
            datetime.now().astimezone(),
            asked["unit"],
            asked["sample"],
            asked["seed"] if asked["sample"] else 0,
        )
        return download_of(made, asked["format"], coding=bool(asked["coding"]))

    @api.get("/corpus")
    @api.doc(operation_id="corpus", summary="语料版本 What is searched")
    @api.input(schemas.Language, location="query", arg_name="asked")
    @api.output(schemas.CorpusOut)
    def corpus(asked: Json) -> Json:
        manifest = services.manifest()
        names = ("corpus_id", "generation", "engine", "built_at", "sections", "reports", "characters")
        return {name: getattr(manifest, name) for name in names}

    api_analysis.register(api, services)
    api_tables.register(api, home, services)
    api_drafting.register(api, home, services)
    api_wordings.register(api, services)
    return api


def document_blueprint(app: APIFlask) -> Blueprint:
    """Return the routes of the API's document, and make the document say which problems there are."""
    pages = Blueprint("apidocs", __name__)

    @app.spec_processor
    def with_problems(spec: Any) -> Any:
        spec["components"]["schemas"]["Problem"] = dict(PROBLEM_SCHEMA)
        for path, methods in spec.get("paths", {}).items():
            for method, operation in methods.items():
                _complete(path, method, operation)
        return spec

    @pages.get("/api/openapi.json")
    def document() -> Response:
        return jsonify(_spec(app))

    @pages.get("/api/docs")
    def docs() -> str:
        spec = _spec(app)
        operations = [
            (path, method.upper(), operation)
            for path, methods in spec["paths"].items()
            for method, operation in methods.items()
        ]
        bodies = {operation["operationId"]: _body(spec, operation) for _, _, operation in operations}
        return render_template(
            "api_docs.html", info=spec["info"], operations=operations, bodies=bodies, problems=TITLES
        )

    return pages


def _spec(app: APIFlask) -> Json:
    spec = app.spec
    assert isinstance(spec, dict)  # noqa: S101 - JSON is what the app is set to
    return spec


def _body(spec: Json, operation: Json) -> list[Json]:
    """Return what stands in the body of a request, as parameters are written."""
    body = operation.get("requestBody")
    if not body:
        return []
    (content,) = body["content"].values()
    schema = spec["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    return [
        {"name": name, "schema": of, "description": of.get("description", "")}
        for name, of in schema["properties"].items()
    ]


def _complete(path: str, method: str, operation: Json) -> None:
    reference = {"$ref": "#/components/schemas/Problem"}
    for status, description in _PROBLEMS.items():
        operation["responses"][status] = {"description": description, "content": {CONTENT_TYPE: {"schema": reference}}}
    if method == "get" and not path.endswith(_UNTAGGED):
        operation["responses"]["304"] = {"description": "与上次相同 Not changed since the ETag"}
        operation["responses"]["200"]["headers"] = {
            "ETag": {"description": "索引代与请求 Generation and request", "schema": {"type": "string"}}
        }


def _tag(services: Services) -> str:
    """Return the tag of what a request gives.

    There is none ("") for what holds the day, a word list or the library's state, which may change any time.
    """
    named = any(sign in query for query in request.args.getlist("q") for sign in "@＠﹫")
    # What is posted stands in no address, so an address says nothing of the answer.
    if request.method not in ("GET", "HEAD") or named or request.path.endswith(_UNTAGGED):
        return ""
    asked = sorted(request.args.items(multi=True))
    return digest64(PROGRAM, services.manifest().generation, request.path, *(part for pair in asked for part in pair))


def _header(services: Services, report: Report) -> Json:
    header = report_json(report)
    del header["sections"]
    return {**header, "corpus_id": services.manifest().corpus_id}


def _marks(found: MarkedReport) -> Json:
    return {
        "read_as": found.read_as,
        "occurrences": found.occurrences,
        "marks": {name: [list(span) for span in spans] for name, spans in found.marks.items()},
        "heading_marks": {name: [list(span) for span in spans] for name, spans in found.heading_marks.items()},
    }


def _section(report: Report, section_id: str) -> Section:
    found = next((each for each in report.sections if each.section_id == section_id), None)
    if found is None:
        raise ReportNotFound(
            zh=f"报告 {report.report_id} 中没有章节 {section_id[:80]}；章节编号见该报告的 sections",
            en=f"the report {report.report_id} has no section {section_id[:80]}; its sections name theirs",
        )
    return found
