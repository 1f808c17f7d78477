"""What the JSON API takes and gives for coverage, and for tables as files."""

from __future__ import annotations

from typing import Final

from apiflask import Schema
from apiflask.fields import Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from corpus.model import DOCTYPES
from indexer.concordance import FARTHEST, SORTS, WIDEST
from indexer.coverage import STATUSES
from indexer.exporting import FORMATS
from indexer.query import RUNGS, SCOPES
from indexer.results import FACETS, Limits
from indexer.trend import BYS, MOST_QUERIES
from webui.apischemas import Language, Selection, Where, Whole
from webui.apischemas_analysis import MOST_WORDS

#: Agencies in one answer.
MOST_AGENCIES: Final = 1_000
_LENGTH: Final = Limits().query_length


def _says(text: str) -> dict[str, str]:
    return {"description": text}


def _format() -> String:
    return String(load_default="csv", validate=OneOf(FORMATS), metadata=_says("格式 Format"))


def _rung() -> String:
    return String(load_default="exact", validate=OneOf(RUNGS), metadata=_says("匹配方式，从不自动 Never automatic"))


def _asked() -> String:
    return String(
        required=True, validate=Length(min=1, max=_LENGTH), metadata=_says("检索式，不能为空 Query, never empty")
    )


class TrendExport(Where):
    """Parameters of a trend as a file."""

    q = List(
        String(validate=Length(min=1, max=_LENGTH)),
        required=True,
        validate=Length(min=1, max=MOST_QUERIES),
        metadata=_says(f"检索式，可重复，至多 {MOST_QUERIES} 个 Query, repeatable"),
    )
    match = _rung()
    by = String(load_default="year", validate=OneOf(BYS), metadata=_says("按什么分组 What is counted by"))
    format = _format()


class ConcordanceExport(Selection):
    """Parameters of a concordance as a file."""

    q = _asked()
    match = _rung()
    width = Whole(load_default=25, validate=Range(0, WIDEST), metadata=_says("语境字数 Characters of context"))
    sort = String(load_default="place", validate=OneOf(SORTS), metadata=_says("排序 Order"))
    format = _format()


class CollocatesExport(Selection):
    """Parameters of collocates as a file."""

    q = _asked()
    match = _rung()
    within = Whole(load_default=5, validate=Range(1, FARTHEST), metadata=_says("词距 Words apart at most"))
    least = Whole(load_default=2, validate=Range(1, 10**9), metadata=_says("至少共现次数 Together at least so often"))
    size = Whole(load_default=MOST_WORDS, validate=Range(1, 100 * MOST_WORDS), metadata=_says("至多词数 Words at most"))
    format = _format()


class FacetsExport(Selection):
    """Parameters of a table of facets."""

    match = _rung()
    facet = List(
        String(validate=OneOf(FACETS)),
        load_default=list,
        metadata=_says("要计数的分面，可重复，默认全部 Facets to count, repeatable, all by default"),
    )
    format = _format()


class _Coverage(Language):
    """What coverage is of."""

    q = List(
        String(validate=Length(max=_LENGTH)),
        load_default=list,
        validate=Length(max=MOST_QUERIES),
        metadata=_says("另计出现次数的检索式，可重复 Queries whose matches are counted too, repeatable"),
    )
    filter = List(
        String(validate=Length(max=200)),
        load_default=list,
        metadata=_says("只在这些命中里计出现次数，可重复 Count matches only there, repeatable"),
    )
    doctype = String(
        load_default="annual_report", validate=OneOf(DOCTYPES), metadata=_says("报告类型 Type of the reports")
    )
    name = String(load_default="", validate=Length(max=200), metadata=_says("机关名称所含 Part of the agency's name"))
    list = String(load_default="", validate=Length(max=16), metadata=_says("网页上传的应报清单 List sent to the page"))


class CoverageQuery(_Coverage):
    """Parameters of a coverage."""

    size = Whole(load_default=100, validate=Range(1, MOST_AGENCIES), metadata=_says("每页机关数 Agencies on a page"))
    cursor = String(load_default="", metadata=_says("上一页的 next_cursor Go on from next_cursor of the page before"))


class CoverageExport(_Coverage):
    """Parameters of the panel."""

    format = _format()


def _text() -> String:
    return String(required=True)


def _count() -> Integer:
    return Integer(required=True, validate=Range(0))


class CoverageCellOut(Schema):
    """One agency and year; ``matches`` is null, not 0, where there is no report."""

    status = String(required=True, validate=OneOf(STATUSES))
    report_ids = List(String(), required=True)
    copies = List(String(), required=True)
    under = _text()
    source = _text()
    matches = Dict(keys=String(), values=Integer(allow_none=True), required=True)


class CoverageRowOut(Schema):
    """One agency, by year."""

    agency = _text()
    region = _text()
    years = Dict(keys=String(), values=Nested(CoverageCellOut), required=True)


class CoverageQueryOut(Schema):
    """How one query was read."""

    query = _text()
    read_as = _text()


class CoverageOut(Schema):
    """Some agencies of a coverage; totals are of all. ``next_cursor`` is "" on the last page."""

    corpus_id = _text()
    engine = _text()
    generation = _text()
    date = _text()
    unit = _text()
    doctype = _text()
    expected = _count()
    match = String(required=True, validate=OneOf(RUNGS))
    scope = String(required=True, validate=OneOf(SCOPES))
    filters = List(String(), required=True)
    queries = List(Nested(CoverageQueryOut), required=True)
    years = List(Integer(), required=True)
    totals = Dict(keys=String(), values=Integer(), required=True)
    undated = _count()
    unplaced = List(String(), required=True)
    unexpected = _count()
    agencies = _count()
    offset = _count()
    rows = List(Nested(CoverageRowOut), required=True)
    next_cursor = _text()
