"""Strings of what the search page offers beside its hits: reading, offers, suggestions, years, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SEARCH_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "group": ("列出", "List"),
    "group.section": ("章节", "section"),
    "group.report": ("报告", "report"),
    "group.why": ("同一报告的命中章节放在一起", "The matching sections of one report together"),
    "group.all": ("本报告命中章节 {n}", "{n} matching sections in this report"),
    "within": ("在结果中检索", "Search within results"),
    "within.go": ("缩小", "Narrow"),
    "offers": ("改作筛选", "Make it a filter"),
    "offers.one": ("{field}：{name}", "{field}: {name}"),
    "histogram": ("各年度命中", "Hits by year"),
    "histogram.bar": (
        "{year} 年：{sections} 章节，{reports} 报告",
        "{year}: {sections} sections, {reports} reports",
    ),
    "histogram.none": ("{year} 年：0", "{year}: 0"),
    "histogram.hint": (
        "点击选定一年，再按住 Shift 点击选定一段",
        "Click for one year, Shift-click another for a range",
    ),
    "filters.find": ("查找{facet}", "Find in {facet}"),
    "filters.find.do": ("查找", "Find"),
    "filters.find.none": ("没有名称含“{text}”的值", 'No value has "{text}" in its name'),
    "filters.find.all": ("显示全部", "Show all"),
    # The query in words
    "words.sections": ("查找这样的章节：{what}", "Sections that {what}"),
    "words.reports": ("查找这样的报告：{what}", "Reports that {what}"),
    "words.piece": ("含“{text}”", 'have "{text}"'),
    "words.piece.words": ("含“{text}”中的各词", 'have each word of "{text}"'),
    "words.piece.most": ("含“{text}”中的一部分词", 'have some of the words of "{text}"'),
    "words.exact": ("逐字含“{text}”", 'have "{text}" to the letter'),
    "words.near": (
        "同一段内含{text}，相距不超过 {n} 字",
        "have {text} in one paragraph, at most {n} characters apart",
    ),
    "words.field": ("{field}含“{text}”", 'have "{text}" in {field}'),
    "words.lineage": ("{field}为“{text}”或其前后名称", 'have "{text}" or another of its names in {field}'),
    "words.code": ("{field}为“{text}”", 'are of {field} "{text}"'),
    "words.years": ("报告年度为 {low} 至 {high}", "are for {low} to {high}"),
    "words.year": ("报告年度为 {year}", "are for {year}"),
    "words.since": ("报告年度为 {low} 或以后", "are for {low} or later"),
    "words.until": ("报告年度为 {high} 或以前", "are for {high} or earlier"),
    "words.not": ("排除{what}的", "aren't among those that {what}"),
    "words.and": ("，并且", ", and "),
    "words.or": ("，或者", ", or "),
    "words.group": ("（{what}）", "({what})"),
    "words.all": ("不限条件", "are in the library"),
    "words.quoted": ("“{text}”", '"{text}"'),
    "words.beside": ("和", " and "),
    # Suggestions
    "suggest": ("检索建议", "Suggestions"),
    "suggest.heading": ("标题", "Headings"),
    "suggest.earlier": ("以前的检索", "Earlier queries"),
    "suggest.forget": ("清除以前的检索", "Forget earlier queries"),
    "suggest.count": ("{n} 条建议，用上下键选择", "{n} suggestions; choose with the arrow keys"),
    "suggest.kept": (
        "以前的检索只存在这个浏览器里。",
        "Earlier queries are kept in this browser only.",
    ),
    # Keys
    "keys": ("键盘", "Keyboard"),
    "keys.search": ("转到检索框", "Go to the search box"),
    "keys.move": ("下一条、上一条；在报告页为下一段、上一段", "Next, previous hit; in a report the paragraphs"),
    "keys.open": ("打开所选的一条", "Open the hit"),
    "keys.match": ("下一处、上一处匹配", "Next, previous match"),
    "keys.report": ("上一篇、下一篇报告", "Previous, next report"),
    "keys.filters": ("转到筛选", "Go to the filters"),
    "keys.trend": ("历年趋势", "Trend"),
    "keys.help": ("显示本表", "Show this table"),
    "keys.on": ("使用单键快捷键", "Use single keys"),
    "keys.on.why": (
        "使用读屏或语音输入时可关闭；设置只存在这个浏览器里。",
        "Switch off for screen readers or voice input; the setting is kept in this browser only.",
    ),
    "keys.close": ("关闭", "Close"),
}
