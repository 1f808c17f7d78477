"""What the JSON API takes and gives, as schemas from which its document is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from apiflask import Schema
from apiflask.fields import Date, Dict, Float, Integer, List, Nested, Raw, String
from apiflask.validators import Length, OneOf, Range

from indexer.citation import STYLES
from indexer.exporting import FORMATS, MOST_SAMPLED, UNITS
from indexer.query import MATCHES, RUNGS, SCOPES
from indexer.results import COPIES, FACETS, SAMES, SORTS, Limits
from webui.apifields import count_field, says, text_field

_LIMITS: Final = Limits()
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")


class Whole(Integer):
    """A whole number in plain digits; Python's int() would also take 1_000, blanks and digits of other scripts."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if isinstance(value, str) and not _WHOLE.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Language(Schema):
    """The language of titles and details of problems."""

    lang = String(load_default="zh", validate=OneOf(("zh", "en")), metadata=says("报错语言 Language of problems"))


class Where(Language):
    """Where is searched, whatever is asked."""

    scope = String(load_default="section", validate=OneOf(SCOPES), metadata=says("检索范围 Scope"))
    copies = String(load_default="once", validate=OneOf(COPIES), metadata=says("副本计一次或全部 Copies once, or all"))
    filter = List(
        String(validate=Length(max=200)),
        load_default=list,
        metadata=says(
            f"筛选，可重复：字段=值、字段!=值、year=2010..2015；字段有 {'、'.join(FACETS)} "
            f"Repeatable: field=value, field!=value, year=2010..2015; fields: {' '.join(FACETS)}"
        ),
    )


class Selection(Where):
    """What is searched, for results and exports alike."""

    q = String(
        load_default="",
        validate=Length(max=_LIMITS.query_length),
        metadata=says("检索式，空为全部章节 Query as on the page; empty finds every section"),
    )


class SearchQuery(Selection):
    """Parameters of a search.

    ``same`` is off unless asked for: a program that pages through an answer expects every section in it.
    """

    same = String(
        load_default="all",
        validate=OneOf(SAMES),
        metadata=says("命中句相同的章节合为一条或全部列出 Fold sections of the same wording into one hit, or list all"),
    )

    match = String(load_default="auto", validate=OneOf(MATCHES), metadata=says("匹配方式 Rung of the ladder"))
    sort = String(load_default="relevance", validate=OneOf(SORTS), metadata=says("排序 Order"))
    size = Whole(load_default=10, validate=Range(0, _LIMITS.page_size), metadata=says("每页 Hits on a page"))
    cursor = String(load_default="", metadata=says("上一页的 next_cursor Go on from next_cursor of the page before"))
    facet = List(
        String(validate=OneOf(FACETS)),
        load_default=list,
        metadata=says("要计数的分面，可重复 Facets to count, repeatable"),
    )


class ExportQuery(Selection):
    """Parameters of an export."""

    match = String(load_default="exact", validate=OneOf(RUNGS), metadata=says("匹配方式，从不自动 Never automatic"))
    format = String(load_default="jsonl", validate=OneOf(FORMATS), metadata=says("格式 Format"))
    unit = String(load_default="section", validate=OneOf(UNITS), metadata=says("每行一个 What a row is"))
    sample = Whole(
        load_default=0,
        validate=Range(0, MOST_SAMPLED),
        metadata=says("抽样数，0 为全部 Rows drawn at random, 0 for all"),
    )
    seed = Whole(load_default=1, validate=Range(0, 10**9), metadata=says("随机种子 Seed of the sample"))
    coding = Whole(
        load_default=0,
        validate=Range(0, 1),
        metadata=says("1：附空白编码列 code、memo、coder With empty columns code, memo, coder"),
    )


class ReportQuery(Language):
    """Parameters of reading."""

    q = String(
        load_default="",
        validate=Length(max=_LIMITS.query_length),
        metadata=says("标出匹配之处 Marks what this query matches"),
    )
    match = String(load_default="exact", validate=OneOf(RUNGS), metadata=says("匹配方式 Rung of the ladder"))


class CitationQuery(Language):
    """Parameters of a citation."""

    section = String(load_default="", metadata=says("章节编号；空为整份报告 A section_id; empty cites the report"))
    style = String(load_default="gb2025", validate=OneOf(STYLES), metadata=says("格式 GB/T 7714-2025, 2015 or BibTeX"))
    accessed = Date(load_default=None, metadata=says("访问日期，默认今天 Day of access, today if left out"))


class SnippetOut(Schema):
    """A piece of the best paragraph; highlights are [start, end] in code points."""

    text = text_field()
    highlights = List(List(Integer(), validate=Length(equal=2)), required=True)


class HitOut(Schema):
    """A matching section."""

    report_id = text_field()
    section_id = text_field()
    paragraph_id = text_field()
    ordinal = count_field()
    title = text_field()
    agency = text_field()
    region = text_field()
    year = Integer(required=True, allow_none=True)
    kind = text_field()
    form = text_field()
    heading_path = List(String(), required=True)
    published_on = text_field()
    source_url = text_field()
    same_as = text_field()
    corrected = List(String(), required=True)
    wording = text_field()
    same = count_field()
    score = Float(required=True)
    snippet = Nested(SnippetOut, required=True)


class FacetValueOut(Schema):
    """A value of a facet with exact counts; ``reports`` is null for fields of the section."""

    value = text_field()
    sections = count_field()
    reports = Integer(required=True, allow_none=True)
    selected = Raw(required=True, metadata={"type": "boolean"})
    excluded = Raw(required=True, metadata={"type": "boolean"})


class SearchOut(Schema):
    """One page of results; ``next_cursor`` is "" on the last."""

    query = text_field()
    read_as = text_field()
    notes = List(String(), required=True)
    match = String(required=True, validate=OneOf(RUNGS))
    scope = String(required=True, validate=OneOf(SCOPES))
    unit = text_field()
    filters = List(String(), required=True)
    date = text_field()
    copies = String(required=True, validate=OneOf(COPIES))
    copies_left_out = count_field()
    same = String(required=True, validate=OneOf(SAMES))
    rungs = Dict(keys=String(), values=Integer(), required=True)
    sections = count_field()
    reports = count_field()
    lines = count_field()
    took_ms = Float(required=True)
    generation = text_field()
    corpus_id = text_field()
    engine = text_field()
    next_cursor = text_field()
    hits = List(Nested(HitOut), required=True)
    facets = Dict(keys=String(), values=List(Nested(FacetValueOut)), required=True)


class ParagraphOut(Schema):
    """A heading line, paragraph or row: a slice of its section's text."""

    paragraph_id = text_field()
    form = text_field()
    start = count_field()
    end = count_field()


class SectionOut(Schema):
    """A section with its text; a table also has ``rows``."""

    section_id = text_field()
    ordinal = count_field()
    level = count_field()
    form = text_field()
    kind = text_field()
    heading = text_field()
    heading_path = List(String(), required=True)
    text = text_field()
    rows = List(List(String()))
    paragraphs = List(Nested(ParagraphOut), required=True)


class CorrectionOut(Schema):
    """A value that a person put right."""

    correction_id = Integer(required=True)
    field = text_field()
    value = text_field()
    parsed = text_field()
    by = text_field()
    at = text_field()
    why = text_field()


class HeaderOut(Schema):
    """A report's metadata; what isn't known is "" (null for the year)."""

    report_id = text_field()
    title = text_field()
    doctype = text_field()
    template = text_field()
    agency = text_field()
    region = text_field()
    region_now = text_field()
    department = text_field()
    level = text_field()
    year = Integer(required=True, allow_none=True)
    published_on = text_field()
    document_number = text_field()
    source_url = text_field()
    same_as = text_field()
    sources = List(String(), required=True)
    provenance = Dict(keys=String(), values=String(), required=True)
    corrections = List(Nested(CorrectionOut), required=True)
    corpus_id = text_field()


class ReportOut(HeaderOut):
    """A whole report; ``marks`` and ``heading_marks`` are spans by paragraph_id and section_id."""

    sections = List(Nested(SectionOut), required=True)
    read_as = text_field()
    occurrences = count_field()
    marks = Dict(keys=String(), values=List(List(Integer())), required=True)
    heading_marks = Dict(keys=String(), values=List(List(Integer())), required=True)


class OneSectionOut(SectionOut):
    """A section with the report it stands in."""

    report = Nested(HeaderOut, required=True)


class CitationOut(Schema):
    """A reference."""

    style = String(required=True, validate=OneOf(STYLES))
    text = text_field()


class CorpusOut(Schema):
    """What is searched: the identity that makes a count repeatable."""

    corpus_id = text_field()
    generation = text_field()
    engine = text_field()
    built_at = text_field()
    sections = count_field()
    reports = count_field()
    characters = count_field()
