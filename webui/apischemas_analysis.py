"""What the JSON API takes and gives for trends, concordances, collocates and suggestions."""

from __future__ import annotations

from typing import Final, get_args

from apiflask import Schema
from apiflask.fields import Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from indexer.collocates import FARTHEST, MEASURE
from indexer.concordance import SORTS, WIDEST
from indexer.query import RUNGS, SCOPES
from indexer.results import COPIES
from indexer.trend import BYS, MOST_QUERIES, Status
from webui.apifields import LONGEST_QUERY, count_field, query_field, rung_field, says, text_field
from webui.apischemas import Language, Selection, Where, Whole
from webui.suggesting import Kind

#: Lines of a concordance in one answer.
MOST_LINES: Final = 1000
MOST_WORDS: Final = 1000


class TrendQuery(Where):
    """Parameters of a trend."""

    q = List(
        String(validate=Length(min=1, max=LONGEST_QUERY)),
        required=True,
        validate=Length(min=1, max=MOST_QUERIES),
        metadata=says(f"检索式，可重复，至多 {MOST_QUERIES} 个 Query, repeatable"),
    )
    match = rung_field()
    by = String(load_default="year", validate=OneOf(BYS), metadata=says("按什么分组 What is counted by"))


class ConcordanceLines(Selection):
    """What says which lines a concordance has."""

    q = query_field()
    match = rung_field()
    width = Whole(load_default=25, validate=Range(0, WIDEST), metadata=says("语境字数 Characters of context"))
    sort = String(load_default="place", validate=OneOf(SORTS), metadata=says("排序 Order"))


class ConcordanceQuery(ConcordanceLines):
    """Parameters of a concordance."""

    size = Whole(load_default=100, validate=Range(1, MOST_LINES), metadata=says("每页行数 Lines of a page"))
    cursor = String(load_default="", metadata=says("上一页的 next_cursor Go on from next_cursor of the page before"))


class CollocatesQuery(Selection):
    """Parameters of collocates."""

    q = query_field()
    match = rung_field()
    within = Whole(load_default=5, validate=Range(1, FARTHEST), metadata=says("词距 Words apart at most"))
    least = Whole(load_default=2, validate=Range(1, 10**9), metadata=says("至少共现次数 Together at least so often"))
    size = Whole(load_default=100, validate=Range(1, MOST_WORDS), metadata=says("至多词数 Words at most"))


class SuggestionsQuery(Language):
    """Parameters of suggestions."""

    q = String(
        load_default="",
        validate=Length(max=LONGEST_QUERY),
        metadata=says("正在输入的检索式；补全最后一词 Query being typed; its last word is completed"),
    )
    filter = List(
        String(validate=Length(max=200)), load_default=list, metadata=says("已有筛选，可重复 Filters set, repeatable")
    )


def _perhaps(low: int = 0) -> Integer:
    return Integer(required=True, allow_none=True, validate=Range(low))


class _AnalysisOut(Schema):
    """What makes an analysis repeatable."""

    match = String(required=True, validate=OneOf(RUNGS))
    scope = String(required=True, validate=OneOf(SCOPES))
    copies = String(required=True, validate=OneOf(COPIES))
    filters = List(String(), required=True)
    unit = text_field()
    date = text_field()
    engine = text_field()
    generation = text_field()
    corpus_id = text_field()


class PointOut(Schema):
    """One group; counts are null where no section could match (dropped by the template, or absent)."""

    value = text_field()
    status = String(required=True, validate=OneOf(get_args(Status)))
    sections = _perhaps()
    reports = _perhaps()
    of_reports = count_field()
    share = Float(required=True, allow_none=True)
    occurrences = _perhaps()
    characters = _perhaps()
    per_10000 = Float(required=True, allow_none=True)
    filters = List(String(), required=True, metadata=says("通向命中的筛选 Filters that lead to the hits"))


class SeriesOut(Schema):
    """The points of one query."""

    query = text_field()
    read_as = text_field()
    notes = List(String(), required=True)
    points = List(Nested(PointOut), required=True)


class TrendOut(_AnalysisOut):
    """A trend; ``problem`` says why occurrences are missing, by language, and is null where they are there."""

    by = String(required=True, validate=OneOf(BYS))
    breaks = List(Integer(), required=True, metadata=says("换用新格式的年度 Years another template begins"))
    problem = Dict(keys=String(), values=String(), required=True, allow_none=True)
    series = List(Nested(SeriesOut), required=True)


class _ReadOut(_AnalysisOut):
    """How one query was read."""

    query = text_field()
    read_as = text_field()
    notes = List(String(), required=True)


class LineOut(Schema):
    """One match in its context, and its place; ``start`` counts code points in its paragraph, row or heading."""

    report_id = text_field()
    section_id = text_field()
    paragraph_id = text_field()
    ordinal = count_field()
    start = count_field()
    left = text_field()
    match = text_field()
    right = text_field()
    title = text_field()
    agency = text_field()
    year = Integer(required=True, allow_none=True)
    kind = text_field()
    form = text_field()
    source_url = text_field()


class ConcordanceOut(_ReadOut):
    """One page of lines; totals are of all. ``next_cursor`` is "" on the last."""

    sort = String(required=True, validate=OneOf(SORTS))
    width = count_field()
    offset = count_field()
    total = count_field()
    sections = count_field()
    lines = List(Nested(LineOut), required=True)
    next_cursor = text_field()


class CollocateOut(Schema):
    """A word near the matches."""

    word = text_field()
    frequency = count_field()
    before = count_field()
    after = count_field()
    elsewhere = count_field()
    expected = Float(required=True)
    log_likelihood = Float(required=True)


class CollocatesOut(_ReadOut):
    """Words by their association with the matches, strongest first."""

    measure = String(required=True, validate=OneOf((MEASURE,)))
    within = count_field()
    matches = count_field()
    words_near = count_field()
    words_elsewhere = count_field()
    collocates = List(Nested(CollocateOut), required=True)


class SuggestionOut(Schema):
    """What may be meant: ``q`` and ``filter`` ask for it in a search, ``url`` is its page."""

    kind = String(required=True, validate=OneOf(get_args(Kind)))
    text = text_field()
    detail = text_field()
    q = text_field()
    filter = List(String(), required=True)
    url = text_field()


class SuggestionsOut(Schema):
    """Suggestions, best first of each kind."""

    suggestions = List(Nested(SuggestionOut), required=True)
