"""What the JSON API takes and gives for trends, concordances, collocates and suggestions."""

from __future__ import annotations

from typing import Final, get_args

from apiflask import Schema
from apiflask.fields import Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from indexer.concordance import FARTHEST, MEASURE, SORTS, WIDEST
from indexer.query import RUNGS, SCOPES
from indexer.results import COPIES, Limits
from indexer.trend import BYS, MOST_QUERIES, Status
from webui.apischemas import Language, Selection, Where, Whole
from webui.suggesting import Kind

#: Lines of a concordance in one answer.
MOST_LINES: Final = 1000
MOST_WORDS: Final = 1000
_LENGTH: Final = Limits().query_length


def _says(text: str) -> dict[str, str]:
    return {"description": text}


def _rung() -> String:
    return String(load_default="exact", validate=OneOf(RUNGS), metadata=_says("匹配方式，从不自动 Never automatic"))


def _asked() -> String:
    return String(
        required=True, validate=Length(min=1, max=_LENGTH), metadata=_says("检索式，不能为空 Query, never empty")
    )


class TrendQuery(Where):
    """Parameters of a trend."""

    q = List(
        String(validate=Length(min=1, max=_LENGTH)),
        required=True,
        validate=Length(min=1, max=MOST_QUERIES),
        metadata=_says(f"检索式，可重复，至多 {MOST_QUERIES} 个 Query, repeatable"),
    )
    match = _rung()
    by = String(load_default="year", validate=OneOf(BYS), metadata=_says("按什么分组 What is counted by"))


class ConcordanceQuery(Selection):
    """Parameters of a concordance."""

    q = _asked()
    match = _rung()
    width = Whole(load_default=25, validate=Range(0, WIDEST), metadata=_says("语境字数 Characters of context"))
    sort = String(load_default="place", validate=OneOf(SORTS), metadata=_says("排序 Order"))
    size = Whole(load_default=100, validate=Range(1, MOST_LINES), metadata=_says("每页行数 Lines of a page"))
    cursor = String(load_default="", metadata=_says("上一页的 next_cursor Go on from next_cursor of the page before"))


class CollocatesQuery(Selection):
    """Parameters of collocates."""

    q = _asked()
    match = _rung()
    within = Whole(load_default=5, validate=Range(1, FARTHEST), metadata=_says("词距 Words apart at most"))
    least = Whole(load_default=2, validate=Range(1, 10**9), metadata=_says("至少共现次数 Together at least so often"))
    size = Whole(load_default=100, validate=Range(1, MOST_WORDS), metadata=_says("至多词数 Words at most"))


class SuggestionsQuery(Language):
    """Parameters of suggestions."""

    q = String(
        load_default="",
        validate=Length(max=_LENGTH),
        metadata=_says("正在输入的检索式；补全最后一词 Query being typed; its last word is completed"),
    )
    filter = List(
        String(validate=Length(max=200)), load_default=list, metadata=_says("已有筛选，可重复 Filters set, repeatable")
    )


def _text() -> String:
    return String(required=True)


def _count() -> Integer:
    return Integer(required=True, validate=Range(0))


def _perhaps(low: int = 0) -> Integer:
    return Integer(required=True, allow_none=True, validate=Range(low))


class _AnalysisOut(Schema):
    """What makes an analysis repeatable."""

    match = String(required=True, validate=OneOf(RUNGS))
    scope = String(required=True, validate=OneOf(SCOPES))
    copies = String(required=True, validate=OneOf(COPIES))
    filters = List(String(), required=True)
    unit = _text()
    date = _text()
    engine = _text()
    generation = _text()
    corpus_id = _text()


class PointOut(Schema):
    """One group; counts are null where no section could match (dropped by the template, or absent)."""

    value = _text()
    status = String(required=True, validate=OneOf(get_args(Status)))
    sections = _perhaps()
    reports = _perhaps()
    of_reports = _count()
    share = Float(required=True, allow_none=True)
    occurrences = _perhaps()
    characters = _perhaps()
    per_10000 = Float(required=True, allow_none=True)
    filters = List(String(), required=True, metadata=_says("通向命中的筛选 Filters that lead to the hits"))


class SeriesOut(Schema):
    """The points of one query."""

    query = _text()
    read_as = _text()
    notes = List(String(), required=True)
    points = List(Nested(PointOut), required=True)


class TrendOut(_AnalysisOut):
    """A trend; ``problem`` says why occurrences are missing, by language, and is null where they are there."""

    by = String(required=True, validate=OneOf(BYS))
    breaks = List(Integer(), required=True, metadata=_says("换用新格式的年度 Years another template begins"))
    problem = Dict(keys=String(), values=String(), required=True, allow_none=True)
    series = List(Nested(SeriesOut), required=True)


class _ReadOut(_AnalysisOut):
    """How one query was read."""

    query = _text()
    read_as = _text()
    notes = List(String(), required=True)


class LineOut(Schema):
    """One match in its context, and its place; ``start`` counts code points in its paragraph, row or heading."""

    report_id = _text()
    section_id = _text()
    paragraph_id = _text()
    ordinal = _count()
    start = _count()
    left = _text()
    match = _text()
    right = _text()
    title = _text()
    agency = _text()
    year = Integer(required=True, allow_none=True)
    kind = _text()
    form = _text()
    source_url = _text()


class ConcordanceOut(_ReadOut):
    """One page of lines; totals are of all. ``next_cursor`` is "" on the last."""

    sort = String(required=True, validate=OneOf(SORTS))
    width = _count()
    offset = _count()
    total = _count()
    sections = _count()
    lines = List(Nested(LineOut), required=True)
    next_cursor = _text()


class CollocateOut(Schema):
    """A word near the matches."""

    word = _text()
    frequency = _count()
    before = _count()
    after = _count()
    elsewhere = _count()
    expected = Float(required=True)
    log_likelihood = Float(required=True)


class CollocatesOut(_ReadOut):
    """Words by their association with the matches, strongest first."""

    measure = String(required=True, validate=OneOf((MEASURE,)))
    within = _count()
    matches = _count()
    words_near = _count()
    words_elsewhere = _count()
    collocates = List(Nested(CollocateOut), required=True)


class SuggestionOut(Schema):
    """What may be meant: ``q`` and ``filter`` ask for it in a search, ``url`` is its page."""

    kind = String(required=True, validate=OneOf(get_args(Kind)))
    text = _text()
    detail = _text()
    q = _text()
    filter = List(String(), required=True)
    url = _text()


class SuggestionsOut(Schema):
    """Suggestions, best first of each kind."""

    suggestions = List(Nested(SuggestionOut), required=True)
