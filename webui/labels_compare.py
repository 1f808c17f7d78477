"""Strings of the page that compares two reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COMPARE_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "compare": ("对比", "Compare"),
    "compare.lead": (
        "左栏为前一篇，右栏为后一篇。删除的文字加删除线，新增的文字加下划线。",
        "The earlier text is on the left, the later on the right. Deletions are struck through, insertions underlined.",
    ),
    "compare.before": ("前一篇（报告编号或网址）", "Earlier report (id or address)"),
    "compare.after": ("后一篇（报告编号或网址）", "Later report (id or address)"),
    "compare.how": (
        "编号在报告页“报告信息”的最后一行，也可直接粘贴报告页的网址；只比对一个章节时，粘贴该节的固定链接。",
        "The id is the last line of the facts on a report's page; its address will do as well. "
        "To compare one section of each, paste their permanent links.",
    ),
    "compare.with_year": ("与本机关其他年度对比", "Compare with another year of this agency"),
    "compare.last_year": ("与上一份（{year} 年）对比", "Compare with the one before ({year})"),
    "compare.new": ("后一篇新增", "New in the later text"),
    "compare.none_new": ("没有新增的文字", "Nothing new"),
    "compare.status": ("状态", "Status"),
    "compare.opening": ("开头", "Opening"),
    "compare.html": ("下载 HTML", "Download HTML"),
    "compare.docx": ("下载 DOCX", "Download DOCX"),
    "compare.coarse": (
        "有的段落过长，没有逐字比较，只整段标出。",
        "Some paragraphs were too long to compare by characters and are marked as a whole.",
    ),
    "compare.counts": (
        "相同 {same} 段，改动 {changed} 段，新增 {added} 段，删除 {removed} 段，移动 {moved} 段",
        "{same} paragraphs the same, {changed} changed, {added} added, {removed} removed, {moved} moved",
    ),
}
