"""Strings of what is taken out: exports, the methods note, citations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXPORT_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "export": ("导出", "Export"),
    "export.all": ("导出全部命中，不只本页；每行附出处。", "Every hit, not only this page, each row with its source."),
    "export.unit": ("每行一个", "One row for each"),
    "export.unit.section": ("章节", "section"),
    "export.unit.report": ("报告", "report"),
    "export.sample": ("抽样", "Sample"),
    "export.sample.all": ("全部", "all"),
    "export.seed": ("随机种子", "Seed"),
    "export.coding": ("附空白编码列（code、memo、coder）", "With empty columns for coding (code, memo, coder)"),
    "export.download": ("下载", "Download"),
    "results.count": ("统计这些命中：", "Count these hits:"),
    "export.table": ("下载此表（附检索说明）：", "Download this table with its methods note:"),
    "export.facets": ("分面计数表：", "Counts of all facets:"),
    "methods": ("检索说明", "Methods note"),
    "citation": ("引用格式", "Citation"),
    "citation.sections": ("各章节的引用格式", "Citations of each section"),
    "citation.back": ("返回报告", "Back to the report"),
    "citation.copy": ("复制并附出处", "Copy with source"),
    "citation.copy.why": (
        "选中一段文字再点，连同所在章节的出处一起复制；未选中则只复制出处。",
        "Copies the selected passage with the source of its section, or only the source if nothing is selected.",
    ),
    "citation.copied": ("已复制", "Copied"),
    "api.title": ("JSON 接口", "JSON API"),
    "api.lead": (
        "与网页相同的检索，以 JSON 回答；只在本机可用。翻页用 next_cursor，再次请求带上 ETag。",
        "The searches of the page, answered as JSON, on this computer only. Page with next_cursor, ask again with the ETag.",
    ),
    "api.document": ("OpenAPI 3.1 文档", "OpenAPI 3.1 document"),
    "api.parameters": ("参数", "Parameters"),
    "api.default": ("默认", "default"),
    "api.answers": ("回答：", "Answers:"),
    "api.problems": ("报错（RFC 9457）", "Problems (RFC 9457)"),
    "citation.style": ("格式", "Style"),
}
