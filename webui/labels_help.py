"""The page on query syntax: examples to click, each with its meaning in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Group -> (query, key of its meaning); the keys are in HELP_LABELS.
HELP_GROUPS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "help.basic",
        (
            ("行政复议", "help.piece"),
            ('"不予公开"', "help.quoted"),
            ("依申请 答复", "help.and"),
            ("行政复议 OR 行政诉讼", "help.or"),
            ("公开 -收费", "help.not"),
            ("(复议 OR 诉讼) 维持", "help.brackets"),
            ('"依申请 答复"~20', "help.near"),
        ),
    ),
    (
        "help.fields",
        (
            ("机关:教育局 收费", "help.agency"),
            ("地区:青岛 行政复议", "help.region"),
            ("年份:2010..2015 投诉", "help.year"),
            ("标题:年度报告", "help.intitle"),
            ("系统:公安 申请", "help.department"),
            ("章节:依申请公开 答复", "help.kind"),
            ("形式:表格 信访", "help.form"),
            ("文号:青人社发", "help.number"),
        ),
    ),
)

HELP_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "help.title": ("检索语法", "Query syntax"),
    "help.lead": (
        "直接输入词语即可检索。下面的例子都可以点击试用。",
        "Just type words. Every example below can be clicked.",
    ),
    "help.query": ("写法", "Query"),
    "help.meaning": ("含义", "Meaning"),
    "help.basic": ("词语与组合", "Words and how to combine them"),
    "help.piece": ("出现“行政复议”的章节", "Sections with 行政复议"),
    "help.quoted": (
        "引号内逐字匹配，不拆词、不漏、不多；一个字或一百字都可以",
        "Quoted text to the letter: no misses, no extras, from one character to a hundred",
    ),
    "help.and": ("空格：两者都要有", "A blank: both"),
    "help.or": ("OR（大写）或 |：有其一即可", "OR in capitals, or |: either"),
    "help.not": ("减号（或 NOT）：不含“收费”", "A minus (or NOT): without 收费"),
    "help.brackets": ("括号分组", "Brackets group"),
    "help.near": (
        "同一段内，两处相距不超过 20 个字，先后不限",
        "Both in one paragraph, at most 20 characters apart, in either order",
    ),
    "help.fields": ("限定字段", "Fields"),
    "help.agency": (
        "机关名称含“教育局”，或其全称、机构改革前后的名称（agency:）；加引号则只查原文字",
        "The agency's name has 教育局, or its full, former or later names (agency:); quoted, just these words",
    ),
    "help.region": ("地区，也可写区划代码（region:370200）", "The region, or its code (region:370200)"),
    "help.year": ("报告年度，起止均可省略（year:）", "Report year; either end may be left out (year:)"),
    "help.intitle": ("报告标题（title:）", "The report's title (title:)"),
    "help.department": ("所属系统（department:）", "The department (department:)"),
    "help.kind": ("章节类型（kind:）", "The kind of section (kind:)"),
    "help.form": ("只看表格，或 形式:正文（form:）", "Tables only, or form:prose (form:)"),
    "help.number": ("发文字号（number:）", "The document number (number:)"),
    "help.ladder": ("三种匹配方式", "Three ways to match"),
    "help.ladder.lead": (
        "自动方式从“精确”开始，没有结果才依次放宽；结果页写明用的是哪一种，其余各有多少，点击即可切换。",
        "Automatic starts with Exact and widens only if nothing is found; the results name the one that "
        "answered, with the counts of the others one click away.",
    ),
    "help.ladder.exact": ("每个词语原样出现", "Each piece stands as typed"),
    "help.ladder.words": ("词语拆成词，每个词都出现", "Pieces are cut into words; each word is there"),
    "help.ladder.most": (
        "只要出现四分之一以上的词（至少一个），适合整句提问",
        "At least a quarter of the words (one or more); good for whole questions",
    ),
    "help.where": ("在哪里找", "Where it looks"),
    "help.where.section": (
        "默认逐章检索章节标题和段落。不加引号的词也可由上级标题、报告标题、机关或地区满足，但至少一个词要在章节自身文字里。",
        "By default in each section's heading and paragraphs. An unquoted piece may also be met by the headings "
        "above, or the report's title, agency or region, as long as one piece stands in the section's own text.",
    ),
    "help.where.report": (
        "检索范围改为“整篇”时，条件可分布在整篇报告，可用来查“从未提及某事的报告”，例如 -信访。",
        "With the scope set to report, conditions look at the whole report, so that reports which never mention "
        "something can be found: -信访.",
    ),
    "help.lists": ("词表", "Word list"),
    "help.lists.text": (
        "@名称 代表一个词表中的任一短语：例如把“行政复议”和“行政诉讼”存为词表“救济”，检索 @救济 即相当于"
        "行政复议 OR 行政诉讼。解读和导出中都写出全部短语。",
        "@NAME stands for any phrase of a word list: with 行政复议 and 行政诉讼 saved as the list 救济, @救济 finds what "
        "行政复议 OR 行政诉讼 does. How it was read, and every export, spell the phrases out.",
    ),
    "help.folding": ("什么算相同", "What counts as the same"),
    "help.folding.text": (
        "全角与半角、大小写、繁体与简体、汉字旁的空格都不区分；引号、括号、冒号用中文或英文的都可以。",
        "Full and half width, case, traditional and simplified, and blanks beside Chinese characters make no "
        "difference; quotes, brackets and colons may be Chinese or ASCII.",
    ),
    "help.bad": (
        "写错了也不要紧：读不懂的部分按普通文字检索，结果页会说明检索式是怎样理解的。",
        "Mistakes do no harm: what cannot be parsed is searched as plain text, and the results say how the query was read.",
    ),
}
