"""What the JSON API takes and gives for coverage, and for tables as files."""

from __future__ import annotations

from typing import Final

from apiflask import Schema
from apiflask.fields import Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from corpus.model import DOCTYPES
from indexer.coverage import STATUSES
from indexer.exporting import FORMATS
from indexer.query import RUNGS, SCOPES
from indexer.results import FACETS
from indexer.trend import MOST_QUERIES
from webui.apifields import LONGEST_QUERY, count_field, rung_field, says, text_field
from webui.apischemas import Language, Selection, Whole
from webui.apischemas_analysis import MOST_WORDS, CollocatesQuery, ConcordanceLines, TrendQuery

#: Agencies in one answer.
MOST_AGENCIES: Final = 1_000


def _format() -> String:
    return String(load_default="csv", validate=OneOf(FORMATS), metadata=says("格式 Format"))


class TrendExport(TrendQuery):
    """Parameters of a trend as a file."""

    format = _format()


class ConcordanceExport(ConcordanceLines):
    """Parameters of a concordance as a file."""

    format = _format()


class CollocatesExport(CollocatesQuery):
    """Parameters of collocates as a file."""

    size = Whole(load_default=MOST_WORDS, validate=Range(1, 100 * MOST_WORDS), metadata=says("至多词数 Words at most"))
    format = _format()


class FacetsExport(Selection):
    """Parameters of a table of facets."""

    match = rung_field()
    facet = List(
        String(validate=OneOf(FACETS)),
        load_default=list,
        metadata=says("要计数的分面，可重复，默认全部 Facets to count, repeatable, all by default"),
    )
    format = _format()


class _Coverage(Language):
    """What coverage is of."""

    q = List(
        String(validate=Length(max=LONGEST_QUERY)),
        load_default=list,
        validate=Length(max=MOST_QUERIES),
        metadata=says("另计出现次数的检索式，可重复 Queries whose matches are counted too, repeatable"),
    )
    filter = List(
        String(validate=Length(max=200)),
        load_default=list,
        metadata=says("只在这些命中里计出现次数，可重复 Count matches only there, repeatable"),
    )
    doctype = String(
        load_default="annual_report", validate=OneOf(DOCTYPES), metadata=says("报告类型 Type of the reports")
    )
    name = String(load_default="", validate=Length(max=200), metadata=says("机关名称所含 Part of the agency's name"))
    list = String(load_default="", validate=Length(max=16), metadata=says("网页上传的应报清单 List sent to the page"))


class CoverageQuery(_Coverage):
    """Parameters of a coverage."""

    size = Whole(load_default=100, validate=Range(1, MOST_AGENCIES), metadata=says("每页机关数 Agencies on a page"))
    cursor = String(load_default="", metadata=says("上一页的 next_cursor Go on from next_cursor of the page before"))


class CoverageExport(_Coverage):
    """Parameters of the panel."""

    format = _format()


class CoverageCellOut(Schema):
    """One agency and year; ``matches`` is null, not 0, where there is no report."""

    status = String(required=True, validate=OneOf(STATUSES))
    report_ids = List(String(), required=True)
    copies = List(String(), required=True)
    under = text_field()
    source = text_field()
    matches = Dict(keys=String(), values=Integer(allow_none=True), required=True)


class CoverageRowOut(Schema):
    """One agency, by year."""

    agency = text_field()
    region = text_field()
    years = Dict(keys=String(), values=Nested(CoverageCellOut), required=True)


class CoverageQueryOut(Schema):
    """How one query was read."""

    query = text_field()
    read_as = text_field()


class CoverageOut(Schema):
    """Some agencies of a coverage; totals are of all. ``next_cursor`` is "" on the last page."""

    corpus_id = text_field()
    engine = text_field()
    generation = text_field()
    date = text_field()
    unit = text_field()
    doctype = text_field()
    expected = count_field()
    match = String(required=True, validate=OneOf(RUNGS))
    scope = String(required=True, validate=OneOf(SCOPES))
    filters = List(String(), required=True)
    queries = List(Nested(CoverageQueryOut), required=True)
    years = List(Integer(), required=True)
    totals = Dict(keys=String(), values=Integer(), required=True)
    undated = count_field()
    unplaced = List(String(), required=True)
    unexpected = count_field()
    agencies = count_field()
    offset = count_field()
    rows = List(Nested(CoverageRowOut), required=True)
    next_cursor = text_field()
