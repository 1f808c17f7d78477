"""Strings of what the pages say about wordings: the same sentence in several reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDING_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "group.wording": ("相同表述", "Same wording"),
    "group.wording.why": (
        "列出匹配的不同句子，而不是雷同的副本：数字、日期和本机关、本地区的名称不计",
        "The distinct sentences that match instead of copies; figures, dates and own names don't tell them apart",
    ),
    "wording.total": ("不同表述", "Wordings"),
    "wording.order": ("排序", "Sort"),
    "wording.order.use": ("使用最多", "Most used"),
    "wording.order.first": ("最早使用", "First use"),
    "wording.order.rarest": ("最少见", "Rarest"),
    "wording.reports": ("{n} 份报告", "Reports: {n}"),
    "wording.agencies": ("{n} 个机关", "Agencies: {n}"),
    "wording.years": ("{first} 至 {last} 年", "{first} to {last}"),
    "wording.year": ("{first} 年", "{first}"),
    "wording.earliest": ("本库最早：{year} 年", "Earliest here: {year}"),
    "wording.ties": ("（同年 {n} 份）", " ({n} reports of that year)"),
    "wording.example": ("例", "Example"),
    "wording.users": ("全部使用者（{n}）", "All users ({n})"),
    "wording.back": ("返回全部表述", "Back to all wordings"),
    "wording.one": ("这种表述的使用者，由早到晚", "Users of this wording, the oldest first"),
    "wording.none": (
        "没有一个句子同时满足这些条件：各词须在同一句中（上级标题和报告的名称、机关、地区中的也算）。可改用其他匹配方式，或看章节。",
        "No sentence meets all of this: the words must stand in one sentence (or in the headings above it, or the report's "
        "title, agency or region). Try another match, or look at sections.",
    ),
    "wording.sections": ("看章节", "See the sections"),
    "same": ("同样表述", "Same wording"),
    "same.fold": ("合并", "folded"),
    "same.all": ("全部列出", "all listed"),
    "same.why": (
        "命中句相同的章节合为一条，总数不变",
        "Sections whose matching sentence is the same are one line; totals stay",
    ),
    "same.more": ("另有 {n} 处同样表述", "and {n} more with the same wording"),
    "same.less": ("收起", "Fold again"),
    "same.lines": ("合并为 {n} 条", "in {n} lines"),
    "same.rest": ("其余见相同表述", "The rest is under Same wording"),
    "error.wording.title": ("没有找到这种表述", "This wording was not found"),
}
