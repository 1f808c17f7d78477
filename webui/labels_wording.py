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
    "same.lines": ("合并为 {n} 条", "lines: {n}"),
    "same.rest": ("其余见相同表述", "The rest is under Same wording"),
    "reuse": ("表述复用", "Reuse"),
    "reuse.link": ("表述复用：哪些是套话，哪些是新写的", "Reuse: what is boilerplate, what is new"),
    "reuse.lead": (
        "逐句看这份报告的表述：哪些别的报告也用，本库最早见于哪里，哪些沿用上年，哪些是新写的。数字、日期和本机关、本地区的名称不计；标题和表格不看。",
        "Sentence by sentence: which wordings other reports use too, where they stand first in this library, which are last "
        "year's and which are new. Figures, dates and own names don't count; headings and tables are left out.",
    ),
    "reuse.shares": ("各类所占比例", "Shares by kind"),
    "reuse.kind": ("类别", "Kind"),
    "reuse.share": ("占比", "Share"),
    "reuse.characters": ("字数", "Characters"),
    "reuse.boilerplate": ("套话", "Boilerplate"),
    "reuse.boilerplate.why": (
        "截至该年度，至少另有两个机关用过",
        "at least two other agencies had used it by that year",
    ),
    "reuse.last_year": ("沿用上年", "From last year"),
    "reuse.last_year.why": ("本机关上一份报告已有", "it stands in the agency's report before"),
    "reuse.elsewhere": ("他处也用", "Elsewhere"),
    "reuse.elsewhere.why": (
        "截至该年度，另有一个机关用过，或见于本机关其他报告",
        "one other agency had used it by that year, or another report of this agency",
    ),
    "reuse.new": ("新写", "New"),
    "reuse.new.why": ("截至该年度，本库中只见于本报告", "by that year no other report of this library had it"),
    "reuse.previous": ("上一份：", "The report before: "),
    "reuse.no_previous": (
        "本库没有该机关更早的同类报告。",
        "The library has no earlier report of this agency and type.",
    ),
    "reuse.none": ("这份报告没有成句的段落。", "The report has no paragraphs with sentences."),
    "reuse.paragraph": ("整段另有 {n} 份报告使用，最早：", "The whole paragraph is in {n} other reports, the oldest: "),
    "reuse.paragraph.none": ("整段只见于本报告", "As a whole the paragraph stands only here"),
    "reuse.others": ("另有 {n} 份报告、{agencies} 个机关使用", "other reports: {n}, their agencies: {agencies}"),
    "reuse.here": ("本报告", "this report"),
    "error.wording.title": ("没有找到这种表述", "This wording was not found"),
}
