"""What the JSON API takes and gives for similar wording, comparisons, the mix-up check and the basket."""

from __future__ import annotations

from typing import Final

from apiflask import Schema
from apiflask.fields import Boolean, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from indexer.basketwriting import FORMATS
from indexer.mixup import MOST_CHARACTERS
from indexer.results import COPIES, FACETS
from indexer.similar import LEAST, MOST_PASSAGES
from webui.apifields import says
from webui.apischemas import Language

_FORMS: Final = ("equal", "insert", "delete")
#: Characters of a text in one request; what is beyond the text's own limit is left out, and said.
_MOST_CHARACTERS: Final = 100_000


class SimilarText(Schema):
    """A text whose like is looked for. It travels in the body, never in an address."""

    text = String(
        required=True,
        validate=Length(1, _MOST_CHARACTERS),
        metadata=says("要比对的文字 The text, 10 to 5,000 characters"),
    )
    filter = List(
        String(validate=Length(max=200)),
        load_default=list,
        metadata=says("筛选 field=value, field!=value, year=2010..2015; fields: " + " ".join(FACETS)),
    )
    size = Integer(load_default=10, strict=True, validate=Range(1, MOST_PASSAGES), metadata=says("条数 Passages"))
    least = Float(load_default=LEAST, validate=Range(0, 100), metadata=says("最低相似度（%） Percent at least"))
    without = String(load_default="", metadata=says("不查这份报告 A report that is left out: the text's own"))
    copies = String(load_default="once", validate=OneOf(COPIES), metadata=says("副本计一次或全部 Copies once, or all"))


class Difference(Schema):
    """A run of characters that both have, or only the passage (insert) or only the text (delete)."""

    form = String(required=True, validate=OneOf(_FORMS))
    text = String(required=True)


class PassageOut(Schema):
    """A passage of the library like the text, or like a part of it."""

    report_id = String(required=True)
    section_id = String(required=True)
    paragraph_id = String(required=True)
    title = String(required=True)
    agency = String(required=True)
    region = String(required=True)
    year = Integer(required=True, allow_none=True)
    kind = String(required=True)
    heading_path = List(String(), required=True)
    text = String(required=True)
    similarity = Float(required=True, validate=Range(0, 100), metadata=says("百分比 Percent, docs/wording.md"))
    part = List(
        Integer(),
        required=True,
        validate=Length(equal=2),
        metadata=says("文字中相近部分的起止 Start and end of the part"),
    )
    differences = List(Nested(Difference), required=True)


class SimilarOut(Schema):
    """The passages, those like most of the text first; ``cut``: only the first 5,000 characters were compared."""

    passages = List(Nested(PassageOut), required=True)
    cut = Boolean(required=True)


class CompareQuery(Language):
    """Parameters of a comparison."""

    a = String(
        required=True,
        validate=Length(1, 100),
        metadata=says("前一篇：报告编号或 报告编号/章节编号 The earlier: REPORT or REPORT/SECTION"),
    )
    b = String(
        required=True,
        validate=Length(1, 100),
        metadata=says("后一篇：报告编号或 报告编号/章节编号 The later: REPORT or REPORT/SECTION"),
    )


class ComparedRow(Schema):
    """A paragraph beside its counterpart; ``pieces`` are pairs of form and text."""

    status = String(required=True, validate=OneOf(("same", "changed", "added", "removed", "moved")))
    pieces = List(List(String()), required=True)


class ComparedPart(Schema):
    """The counterparts of one section; a heading is empty where one report hasn't it."""

    kind = String(required=True)
    before = String(required=True)
    after = String(required=True)
    rows = List(Nested(ComparedRow), required=True)


class CompareOut(Schema):
    """Two reports or sections side by side; ``coarse``: some paragraphs were too long to be compared by characters."""

    before = String(required=True)
    after = String(required=True)
    coarse = Boolean(required=True)
    new = List(String(), required=True, metadata=says("后一篇新增 What the later says anew"))
    parts = List(Nested(ComparedPart), required=True)


class CheckedDraft(Schema):
    """A draft, and whose it is where it doesn't say so itself. It travels in the body, and nothing of it is kept."""

    text = String(
        required=True,
        validate=Length(1, MOST_CHARACTERS),
        metadata=says("文稿，每行一段 The draft, a line a paragraph"),
    )
    agency = String(load_default="", validate=Length(max=200), metadata=says("机关 Its agency"))
    region = String(
        load_default="",
        validate=Length(max=200),
        metadata=says("地区：全称或六位代码 Its region: a full name, or a code of GB/T 2260"),
    )
    year = Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(1950, 2100),
        metadata=says("报告年度 The year reported"),
    )


class NamedOut(Schema):
    """A name or year that may be another's. Paragraphs count from 1, spans are code points of the paragraph."""

    kind = String(required=True, validate=OneOf(("region", "agency", "year")))
    sure = Boolean(required=True, metadata=says("多半有误，否则请确认 Probably wrong; else to be looked at"))
    paragraph = Integer(required=True, validate=Range(1))
    span = List(Integer(), required=True, validate=Length(equal=2))
    text = String(required=True)
    meaning = String(required=True)


class SourceOut(Schema):
    """Where shared wording stands in the library."""

    report_id = String(required=True)
    section_id = String(required=True)
    title = String(required=True)
    agency = String(required=True)
    year = Integer(required=True, allow_none=True)
    text = String(required=True)
    similarity = Float(required=True, validate=Range(0, 100))


class SharedOut(Schema):
    """Wording that reports of other agencies share; no reports and agencies where it is only nearly the same."""

    paragraph = Integer(required=True, validate=Range(1))
    span = List(Integer(), required=True, validate=Length(equal=2))
    text = String(required=True)
    reports = Integer(required=True, validate=Range(0))
    agencies = Integer(required=True, validate=Range(0))
    sources = List(Nested(SourceOut), required=True)


class CheckOut(Schema):
    """What was found in a draft, and what it was checked against. Fewer ``compared`` than ``paragraphs``: time ran out."""

    agency = String(required=True)
    region = String(required=True)
    year = Integer(required=True, allow_none=True)
    paragraphs = Integer(required=True, validate=Range(0))
    compared = Integer(required=True, validate=Range(0))
    names = List(Nested(NamedOut), required=True)
    shared = List(Nested(SharedOut), required=True)


class BasketExport(Schema):
    """How the basket is exported: a Word file with sources as comments, Markdown, text, or JSON."""

    format = String(load_default="docx", validate=OneOf((*FORMATS, "json")), metadata=says("文件格式 Form of the file"))
    style = String(
        load_default="gb2025", validate=OneOf(("gb2025", "gb2015")), metadata=says("引用格式 Style of the references")
    )
    lang = String(load_default="zh", validate=OneOf(("zh", "en")), metadata=says("语言 Language of what isn't quoted"))
