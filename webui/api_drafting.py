"""Similar wording and comparisons of the JSON API."""

from __future__ import annotations

from typing import Any, TypeAlias

from apiflask import APIBlueprint

from indexer.commands import parse_filters
from indexer.comparecommand import compared
from indexer.comparewriting import comparison_json
from indexer.service import Services
from indexer.similar import Passage, similar
from webui import apischemas_drafting as schemas

Json: TypeAlias = "dict[str, Any]"


def register(api: APIBlueprint, services: Services) -> None:
    """Add the routes to the API's."""

    @api.post("/similar")
    @api.doc(operation_id="similar", summary="相近表述 Passages that say a text in nearly the same words")
    @api.input(schemas.SimilarText, location="json", arg_name="asked")
    @api.output(schemas.SimilarOut)
    def similar_(asked: Json) -> Json:
        found = similar(
            services.searcher(),
            asked["text"],
            filters=parse_filters(asked["filter"]),
            copies=asked["copies"],
            size=asked["size"],
            least=asked["least"],
            without=asked["without"],
        )
        return {"passages": [_passage(each) for each in found.passages], "cut": found.cut}

    @api.get("/compare")
    @api.doc(operation_id="compare", summary="对比 Two reports or sections side by side")
    @api.input(schemas.CompareQuery, location="query", arg_name="asked")
    @api.output(schemas.CompareOut)
    def compare_(asked: Json) -> Json:
        return comparison_json(compared(services.searcher(), asked["a"], asked["b"]))


def _passage(found: Passage) -> Json:
    report, section = found.report, found.section
    return {
        "report_id": report.report_id,
        "section_id": section.section_id,
        "paragraph_id": found.block_id,
        "title": report.title,
        "agency": report.agency,
        "region": report.region,
        "year": report.year,
        "kind": section.kind,
        "heading_path": list(section.heading_path),
        "text": found.text,
        "similarity": found.similarity,
        "part": list(found.part),
        "differences": [{"form": piece.form, "text": piece.text} for piece in found.pieces],
    }
