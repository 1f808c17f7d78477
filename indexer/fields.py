"""The fields a query can name, and the codes they hold, with the names people use for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from corpus.agencies import AgencyName
from corpus.folding import fold

#: Field -> the names it answers to, the canonical one first.
_NAMES: Final = {
    "title": ("title", "标题"),
    "agency": ("agency", "机关"),
    "region": ("region", "地区"),
    "department": ("department", "系统", "所属系统", "部门"),
    "number": ("number", "文号", "发文字号"),
    "year": ("year", "年份", "年度", "报告年度"),
    "kind": ("kind", "章节", "章节类型"),
    "form": ("form", "形式"),
    "level": ("level", "层级", "行政层级"),
    "doctype": ("doctype", "类型", "报告类型"),
    "template": ("template", "格式", "报告格式"),
}
FIELD_OF_NAME: Final[Mapping[str, str]] = {name: field for field, names in _NAMES.items() for name in names}

#: Field -> code -> (Chinese name, English name).
CODES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "kind": {
        "preface": ("引言", "Preface"),
        "overview": ("总体情况", "Overview"),
        "proactive": ("主动公开", "Proactive disclosure"),
        "requests": ("依申请公开", "Requests"),
        "consultation": ("咨询和投诉", "Consultation and complaints"),
        "review": ("复议和诉讼", "Review and litigation"),
        "staffing": ("人员和经费", "Staff and costs"),
        "problems": ("问题和改进", "Problems and improvements"),
        "other": ("其他事项", "Other matters"),
        "appendix": ("附表", "Appendix"),
        "body": ("正文章节", "Body"),
    },
    "form": {"prose": ("正文", "Prose"), "table": ("表格", "Tables")},
    "level": {
        "national": ("国家级", "National"),
        "province": ("省级", "Province"),
        "prefecture": ("地市级", "Prefecture"),
        "county": ("县级", "County"),
        "town": ("乡镇级", "Town"),
    },
    "doctype": {
        "annual_report": ("信息公开年度报告", "Disclosure annual report"),
        "work_report": ("政府工作报告", "Government work report"),
        "policy": ("政策文件", "Policy document"),
        "document": ("其他文件", "Other document"),
    },
    "template": {
        "old": ("2018年及以前", "2018 and before"),
        "2019": ("2019年格式", "2019 template"),
        "2021": ("2021年格式", "2021 template"),
        "none": ("无统一格式", "No template"),
    },
}

#: What in a query was read as plain text (contract 5.5), as codes -> (Chinese, English).
NOTES: Final[Mapping[str, tuple[str, str]]] = {
    "unclosed_quote": (
        "有一个引号没有配对，已按普通文字检索。",
        "A quote without its twin was searched as plain text.",
    ),
    "unbalanced_bracket": (
        "有括号没有配对，已按普通文字检索。",
        "A bracket without its twin was searched as plain text.",
    ),
    "dangling_operator": (
        "有一个 OR、AND、NOT 或减号旁边缺少检索词，已按普通文字检索。",
        "An OR, AND, NOT or minus without a word beside it was searched as plain text.",
    ),
    "unknown_value": (
        "有一个字段没有这样的取值，已按普通文字检索。",
        "A field has no such value; it was searched as plain text.",
    ),
}

#: What begins a note that names the agencies a value of ``agency:`` stands for (contract 4.7).
_AGENCY_NOTE: Final = "agency:"
#: What begins a note that names a word list that isn't there.
_LIST_NOTE: Final = "list:"


def list_note(name: str) -> str:
    """Return the note for a word list that isn't known: ``list:收费``."""
    return f"{_LIST_NOTE}{name}"


def agency_note(value: str, names: Sequence[AgencyName]) -> str:
    """Return the note for a value and what it also stands for: ``agency:卫健委=卫生健康委员会(2018-)、卫生局(-2013)``."""
    return f"{_AGENCY_NOTE}{value}={'、'.join(name.name + _years(name) for name in names)}"


def _years(name: AgencyName) -> str:
    return f"({name.first or ''}-{name.last or ''})" if name.first or name.last else ""


def note_words(note: str) -> tuple[str, str] | None:
    """Return what a note says in Chinese and in English; None for one without words."""
    if note.startswith(_LIST_NOTE):
        name = note.removeprefix(_LIST_NOTE)
        return (
            f"没有名为“{name}”的词表，@{name} 已按普通文字检索；chadang wordlist list 列出已有词表。",
            f"There is no word list {name}; @{name} was searched as plain text. chadang wordlist list shows those there are.",
        )
    if not note.startswith(_AGENCY_NOTE):
        return NOTES.get(note)
    value, _, names = note.removeprefix(_AGENCY_NOTE).partition("=")
    return (
        f"机关“{value}”也包括其全称及机构改革前后的名称：{names}。只查原文字请加引号。",
        f"The agency {value} stands also for its full, former and later names: {names}. Quote it for these words only.",
    )


#: Other words that people use for a code.
_ALSO: Final = {
    ("doctype", "annual_report"): ("年度报告", "年报", "信息公开报告", "政府信息公开工作年度报告"),
    ("doctype", "work_report"): ("工作报告",),
    ("doctype", "policy"): ("政策", "通知", "意见"),
    ("form", "table"): ("table", "表"),
    ("level", "national"): ("国家", "中央"),
    ("level", "province"): ("省",),
    ("level", "prefecture"): ("市级", "地级", "地级市"),
    ("level", "county"): ("县", "区县级"),
    ("level", "town"): ("乡镇", "街道"),
}

_CODE_OF_NAME: Final = {
    (field, fold(name)): code
    for field, codes in CODES.items()
    for code, names in codes.items()
    for name in (code, *names, *_ALSO.get((field, code), ()))
}


def code_named(field: str, name: str) -> str | None:
    """Return the code that a field's value means: the code, its name in either language, or another word for it.

    A kind of section may also be named as its headings are: 章节:行政复议 is the kind review.
    """
    folded = fold(name)
    known = _CODE_OF_NAME.get((field, folded))
    if known is None and field == "kind":
        from corpus.kinds import kind_of  # noqa: PLC0415 - hardly a query asks it, and it takes long to load

        found = kind_of(folded)
        known = found if found != "body" else None
    return known
