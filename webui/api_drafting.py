"""Similar wording, comparisons, the mix-up check and the basket of the JSON API."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response, request

from corpus.characters import clean_characters
from corpus.draft import draft_of_text
from corpus.errors import CorpusError
from indexer.basket import Basket
from indexer.basketwriting import basket_json
from indexer.commands import parse_filters
from indexer.comparecommand import compared
from indexer.comparewriting import comparison_json
from indexer.errors import QueryRejected
from indexer.mixup import MOST_CHARACTERS, check, own_of
from indexer.mixupwriting import check_json
from indexer.service import Services
from indexer.similar import Passage, similar
from webui import apischemas_drafting as schemas
from webui.routes_basket import TYPES, basket_file
from webui.routes_check import SECONDS

Json: TypeAlias = "dict[str, Any]"

#: Bytes of a request with a draft: JSON may write six for a character, twelve for a rare one.
_DRAFT_BYTES: Final = 12 * MOST_CHARACTERS + (1 << 16)
#: What the export of the basket answers.
_BASKET: Final[dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]] = {
    200: {
        "description": "文件 A file",
        "content": {
            **{each.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for each in TYPES.values()},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}


def register(api: APIBlueprint, home: Path, services: Services) -> None:
    """Add the routes to the API's."""
    basket = Basket(home)

    @api.before_request
    def room_for_a_draft() -> None:
        if request.endpoint == "api.check_":
            request.max_content_length = _DRAFT_BYTES

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

    @api.post("/check")
    @api.doc(operation_id="check", summary="串稿检查 Mix-up check of a draft; nothing of it is kept")
    @api.input(schemas.CheckedDraft, location="json", arg_name="asked")
    @api.output(schemas.CheckOut)
    def check_(asked: Json) -> tuple[Json, int, dict[str, str]]:
        try:
            draft = draft_of_text(asked["text"])
        except CorpusError as error:  # a text without a word
            raise QueryRejected(zh=error.zh, en=error.en) from error
        # JSON may name half of a character, which no answer can repeat.
        agency, region = (clean_characters(asked[name]).strip() for name in ("agency", "region"))
        own = own_of(draft, agency, region, asked["year"])
        return check_json(check(services.searcher(), draft, own, seconds=SECONDS)), 200, {"Cache-Control": "no-store"}

    @api.post("/basket/export")
    @api.doc(operation_id="basket_export", summary="导出摘录夹 The basket as a file, or as JSON", responses=_BASKET)
    @api.input(schemas.BasketExport, location="json", arg_name="asked")
    def basket_export(asked: Json) -> Response:
        if asked["format"] == "json":
            day = datetime.now().astimezone().date()
            answer = make_response(jsonify(basket_json(basket.passages(), day, asked["style"])))
        else:
            answer = basket_file(basket, asked["format"], asked["style"], asked["lang"])
        answer.headers["Cache-Control"] = "no-store"
        return answer


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
