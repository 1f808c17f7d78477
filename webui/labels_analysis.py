"""Strings of the pages that count over all hits: trend, concordance, coverage, word lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ANALYSIS_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "analysis.pages": ("统计页面", "Pages that count"),
    "analysis.trend": ("历年趋势", "Trend"),
    "analysis.concordance": ("索引行（KWIC）", "Concordance"),
    "analysis.coverage": ("覆盖表", "Coverage"),
    "analysis.wordlists": ("词表", "Word list"),
    "analysis.show": ("显示", "Show"),
    "analysis.query": ("检索式", "Query"),
    "analysis.another": ("再加一个检索式", "One more query"),
    "analysis.hits": ("检索结果", "Results"),
    "analysis.more_lines": ("下一页", "Next page"),
    "analysis.fewer_lines": ("上一页", "Previous page"),
    "analysis.terminal": ("命令行：", "On the command line: "),
    # Trend
    "trend.by": ("分组", "By"),
    "trend.measure": ("图中显示", "Chart"),
    "trend.share": ("占比", "Share of reports"),
    "trend.reports": ("报告数", "Reports"),
    "trend.per_10000": ("每万字出现次数", "Per 10,000 characters"),
    "trend.occurrences": ("出现次数", "Occurrences"),
    "trend.of_reports": ("有此类章节的报告", "Reports with such sections"),
    "trend.characters": ("字数", "Characters"),
    "trend.dropped": ("该部分已取消", "part dropped"),
    "trend.absent": ("本库未收", "none here"),
    "trend.break": (
        "虚线：{years} 年起报告格式改变，前后数字的口径不同",
        "Dashed: another template from {years} on; figures before and after cover different things",
    ),
    "trend.denominator": (
        "分母：同一组、同样筛选下有此类章节的报告；每万字按这些章节的标题和段落的字数，不计空白。空缺不是零。",
        "Denominators: the reports of the group that have such sections under the same filters; characters are those of "
        "their headings and paragraphs without blanks. A gap isn't a zero.",
    ),
    "trend.start": (
        "输入一个或几个词语，看它们每年在多少报告中出现。",
        "Type one or several phrases to see in how many reports they stand each year.",
    ),
    "trend.cut": ("图中只画前 {n} 组，全部见下表。", "The chart shows the first {n} groups; the table has all."),
    "trend.chart": ("{measure}，按{by}", "{measure} by {by}"),
    "trend.none": ("这些筛选下没有章节。", "There is no section under these filters."),
    # Concordance
    "kwic.width": ("语境字数", "Context in characters"),
    "kwic.sort": ("排序", "Sort"),
    "kwic.sort.place": ("报告顺序", "By report"),
    "kwic.sort.left": ("左侧语境", "Left context"),
    "kwic.sort.right": ("右侧语境", "Right context"),
    "kwic.sort.year": ("报告年度", "Report year"),
    "kwic.left": ("左侧语境", "Left context"),
    "kwic.match": ("匹配", "Match"),
    "kwic.right": ("右侧语境", "Right context"),
    "kwic.place": ("出处", "Place"),
    "kwic.lines": ("共 {n} 行，来自 {sections} 个章节", "{n} lines from {sections} sections"),
    "kwic.shown": ("第 {first} 至 {last} 行", "Lines {first} to {last}"),
    "kwic.none": (
        "没有匹配。换一种说法，去掉引号或筛选后再试。",
        "Nothing matches. Try other words, or leave out quotes or filters.",
    ),
    "kwic.start": (
        "输入一个词语，逐行查看它的全部出处和前后文。",
        "Type a phrase to see every place where it stands, line by line.",
    ),
    "kwic.collocates": ("搭配词", "Collocates"),
    "kwic.within": ("词距", "Words apart"),
    "kwic.word": ("词", "Word"),
    "kwic.frequency": ("共现次数", "Together"),
    "kwic.before": ("在左", "Left"),
    "kwic.after": ("在右", "Right"),
    "kwic.elsewhere": ("命中章节中其他位置", "Elsewhere in the matching sections"),
    "kwic.measure": (
        "对数似然比 G²（Dunning 1993）：词距之内与同一批命中章节的其余部分相比",
        "Log-likelihood G² (Dunning 1993): within the distance, against the rest of the matching sections",
    ),
    # Coverage
    "coverage.present": ("已收", "present"),
    "coverage.missing": ("缺报（本库未收）", "Missing here"),
    "coverage.unreadable": ("未能读取", "unreadable"),
    "coverage.duplicate": ("重复", "duplicate"),
    "coverage.lead": (
        "每个机关每个年度在本库中有没有信息公开年度报告。没有给出应报清单时，按本库已知的机关和年度推算。",
        "Whether the library has the disclosure annual report of each agency and year. Without a list of those expected, "
        "agencies and years are those known here.",
    ),
    "coverage.expected": ("与应报清单核对", "Check against a list of those expected"),
    "coverage.file": ("应报清单（CSV 或 XLSX）", "List (CSV or XLSX)"),
    "coverage.upload": ("核对", "Check"),
    "coverage.columns": (
        "第一行写列名：机关，可另有年度（2019 或 2008..2024）；至多 {n} MB。清单只存在本机。",
        "The first line names the columns: agency, and perhaps year (2019 or 2008..2024); {n} MB at most. The list stays on "
        "this computer.",
    ),
    "coverage.refused": ("未能采用清单：", "The list wasn't taken: "),
    "coverage.token": ("页面已过期，请再选一次文件。", "The page had expired; choose the file once more."),
    "coverage.against": ("正与应报清单核对（{n} 行）。", "Checked against a list of {n} lines."),
    "coverage.without": ("不用清单", "Without the list"),
    "coverage.unexpected": ("另有 {n} 份报告不在应报清单中。", "{n} reports aren't on the list of those expected."),
    "coverage.panel": (
        "下载的面板每行一个机关和年度：有报告而未提及记 0，没有报告则留空。",
        "A row of the panel is an agency and year: 0 where a report never mentions the query, empty where there is no report.",
    ),
    "coverage.silent": ("未提及的报告", "Reports without a match"),
    "coverage.unplaced": (
        "另有 {n} 个未能读取的文件，机关或年度不明。",
        "{n} more unreadable files are of no known agency or year.",
    ),
    "coverage.undated": (
        "另有 {n} 份报告没有机关或年度，未列入。",
        "{n} reports without agency or year aren't listed.",
    ),
    "coverage.none": ("资料库中还没有报告。", "There is no report in the library yet."),
    "coverage.agencies": ("第 {first} 至 {last} 个机关，共 {n} 个", "Agencies {first} to {last} of {n}"),
    # Word lists
    "wordlist.lead": (
        "把一组说法存成词表，检索时写 @词表名，即检索其中任一短语（逐字精确）。",
        "Keep a set of phrases as a word list; @NAME in a query finds any of them, to the letter.",
    ),
    "wordlist.name": ("词表名", "Name"),
    "wordlist.phrases": ("短语，每行一个", "Phrases, one a line"),
    "wordlist.save": ("保存", "Save"),
    "wordlist.remove": ("移除词表", "Remove the list"),
    "wordlist.new": ("新建词表", "New list"),
    "wordlist.edit": ("修改", "Edit"),
    "wordlist.count": ("{n} 个短语", "{n} phrases"),
    "wordlist.saved": ("已保存。", "Saved."),
    "wordlist.refused": ("没有保存：", "Not saved: "),
    "wordlist.token": ("页面已过期，请再保存一次。", "The page had expired; save once more."),
    "wordlist.search": ("检索 @{name}", "Search @{name}"),
}
