"""Columns of a table of reports -> the fields they hold -> a Document with its clues. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from corpus.characters import clean_characters
from corpus.document import Document
from corpus.errors import CorpusError, UnreadableFile
from corpus.folding import fold
from corpus.htmlreader import read_html
from corpus.member import Columns
from corpus.textreader import from_lines

#: Field -> names of columns that are known to hold it (folded, without blanks and underscores), likeliest first.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        "fulltext", "text", "content", "body", "正文", "内容", "全文", "正文内容", "报告全文", "报告正文", "报告内容",
        "文章内容", "文章正文", "正文文本", "articlecontent", "articlebody", "article", "maintext", "plaintext",
        "rawtext", "paragraphs",
    ),
    "html": ("html", "rawhtml", "网页", "contenthtml", "htmlcontent", "bodyhtml", "正文html"),
    "title": ("title", "标题", "题名", "名称", "文章标题", "报告标题", "文件标题", "文件名称", "headline", "articletitle"),
    "url": (
        "url", "sourceurl", "link", "网址", "链接", "来源网址", "原文链接", "href", "pageurl", "链接地址", "网页地址",
        "原文地址", "文章链接",
    ),
    "date": (
        "date", "publishdate", "pubdate", "publishedon", "发布日期", "发布时间", "日期", "publishtime", "pubtime",
        "publishedat", "发文日期", "公布日期", "时间",
    ),
    "agency": (
        "agency", "机关", "机构", "单位", "发布机构", "发文机关", "发布单位", "发布机关", "公开机构", "发文机构", "单位名称",
        "机关名称", "organization", "publisher",
    ),
    "number": ("number", "documentnumber", "文号", "发文字号", "docnumber", "文件编号"),
    "year": ("year", "年份", "年度", "年", "报告年度"),
    "region": ("region", "province", "地区", "省份"),
    "id": ("id", "编号"),
}  # fmt: skip
#: Field -> the label under which it becomes a clue: ``column:`` and what a page's number table would call it.
_LABELS: Final = {
    "date": "column:发布日期",
    "agency": "column:发文机关",
    "number": "column:发文字号",
    "year": "column:年度",
    "region": "column:地区",
}
_UTF8: Final = b"\xef\xbb\xbf"
_SHOWN_COLUMNS: Final = 30
#: Line breaks written out in a text, from which they aren't what it says.
_FEWEST_ESCAPED: Final = 2
_LONGEST_VALUE: Final = 500
_TAG = re.compile(
    r"<(?:/?(?:p|br|div|span|table|tr|td|h[1-6]|strong|b|a|font|section|article|ul|li)\b|!doctype|html)", re.I
)
_STARTS = re.compile(r"\s*<(?:!doctype|[a-z][a-z0-9]*[\s/>])", re.I)


def parse_columns(text: str) -> Columns:
    """Return the mapping of the option ``--columns 正文=text,标题=title``; blank text gives an empty one.

    Raises CorpusError for a pair without ``=``, a field that doesn't exist or one that is named twice.
    """
    found: dict[str, str] = {}
    known = " ".join(NAMES)
    for pair in re.split(r"[,，;；]", text):
        if not pair.strip():
            continue
        column, equals, field = (part.strip() for part in pair.replace("＝", "=").rpartition("="))
        if not equals or not column or field.lower() not in NAMES:
            raise CorpusError(
                zh=f"--columns 中的“{pair.strip()}”无法理解；请写成 列名=字段，字段为：{known}",
                en=f"can't read '{pair.strip()}' in --columns; write column=field, where field is one of: {known}",
            )
        if field.lower() in found.values() or column in found:
            raise CorpusError(
                zh=f"--columns 中“{pair.strip()}”重复；每一列、每个字段只能写一次",
                en=f"'{pair.strip()}' in --columns repeats a column or a field; name each once",
            )
        found[column] = field.lower()
    return found


def fields_of(header: Sequence[str], columns: Columns) -> dict[int, str]:
    """Return place in the header -> field: as ``columns`` says, and for fields it doesn't name by their usual names.

    Where ``columns`` names none of them, it was meant for another file: usual names count if they tell both text and title.

    Names are compared without regard to case, width, blanks and underscores. Each field has one column.
    """
    names = [_plain(name) for name in header]
    found: dict[int, str] = {}
    if columns:
        wanted = {_plain(column): field for column, field in columns.items()}
        for place, name in enumerate(names):
            if name in wanted and wanted[name] not in found.values():
                found[place] = wanted[name]
        if not found:
            usual = fields_of(header, {})
            return usual if has_text(usual.values()) and "title" in usual.values() else {}
    stated = set(found.values())
    if {"text", "html"} & stated:
        stated |= {"text", "html"}  # a report has one text
    for field, known in NAMES.items():
        places = (names.index(name) for name in known if field not in stated and name in names)
        first = next((place for place in places if place not in found), None)
        if first is not None:
            found[first] = field
    return found


def has_text(fields: Iterable[str]) -> bool:
    """Whether one of the fields holds the text of a report."""
    return not {"text", "html"}.isdisjoint(fields)


def no_text_column(header: Iterable[str]) -> UnreadableFile:
    """Return the failure of a table in which no column of text can be told: which columns it has, what to do."""
    names = [" ".join(name.split())[:40] for name in header if name.strip()]
    more = " …" if len(names) > _SHOWN_COLUMNS else ""
    shown = "、".join(names[:_SHOWN_COLUMNS]) + more
    return UnreadableFile(
        zh=f"看不出哪一列是正文（各列为：{shown or '无'}）；请用 --columns 列名=text,列名=title 指明",
        en=f"no column of text can be told (columns: {shown or 'none'}); say which with --columns NAME=text,NAME=title",
    )


def document_of(values: Mapping[str, str]) -> Document:
    """Return the Document of a row: field -> value. Raises UnreadableFile where the row has no text."""
    text = _unescaped(values.get("text", "")).strip("\n") or values.get("html", "")
    if not text.strip():
        raise UnreadableFile(
            zh="这一行没有正文；请补上正文或删去这一行", en="this row has no text; add it or remove the row"
        )
    markup = _is_html(text)
    read = (
        read_html(_UTF8 + text.encode("utf-8", "replace")) if markup else from_lines(clean_characters(text).split("\n"))
    )
    return with_clues(read, values)


def with_clues(document: Document, values: Mapping[str, str]) -> Document:
    """Return a document with the clues of the fields that came beside its text; they go before its own."""
    stated = {field: " ".join(clean_characters(value).split())[:_LONGEST_VALUE] for field, value in values.items()}
    labelled = {label: stated[field] for field, label in _LABELS.items() if stated.get(field)}
    title = stated.get("title", "")
    url = stated.get("url", "")
    return replace(
        document,
        titles=((("column:title", title),) if title else ()) + document.titles,
        labelled={**document.labelled, **labelled},
        declared_url=url if re.match(r"https?://[^/\s]+", url) else document.declared_url,
    )


def name_of(values: Mapping[str, str], fields: Iterable[str], number: str) -> str:
    """Return what identifies a row: its id, else its address, else ``number``, its place in the table.

    Where the table has ids or addresses and this row has none, ``row number``: it mustn't look like an id.
    """
    for field in ("id", "url"):
        value = " ".join(clean_characters(values.get(field, "")).split())
        if value:
            return value[:_LONGEST_VALUE]
    return number if {"id", "url"}.isdisjoint(fields) else f"row {number}"


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", fold(name.replace("\ufeff", "")))


def _unescaped(text: str) -> str:
    r"""Return a text whose line breaks a database wrote as ``\n`` with real ones; others as they are."""
    if "\n" in text or text.count("\\n") < _FEWEST_ESCAPED:
        return text
    return text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t")


def _is_html(text: str) -> bool:
    """Whether a text is markup: it starts with a tag, or has many."""
    if _STARTS.match(text[:200]):
        return True
    return len(_TAG.findall(text[:20_000])) >= 4
