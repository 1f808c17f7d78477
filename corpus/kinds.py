"""Canonical kinds of sections and types of reports, from the words of headings and titles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import Levenshtein

from corpus.folding import fold
from corpus.numbering import LONGEST, heading_line, strip_number

#: First match wins: 申请行政复议 is a review, not a request; 咨询和投诉 precedes 申请.
_KINDS: Final = (
    ("review", re.compile(r"复议|诉讼|申诉")),
    ("requests", re.compile(r"依申.公开|依申请|收到和处理|申请公开|公开申请|受理.{0,6}申请|申请.{0,4}(?:情况|办理)")),
    ("proactive", re.compile(r"主动公开")),
    ("consultation", re.compile(r"咨询|投诉|举报")),
    ("staffing", re.compile(r"工作人员|费用|经费|收费|支出|机构.{0,4}人员|人员.{0,4}机构")),
    ("problems", re.compile(r"问题|不足|改进|下一步|今后|打算|困难")),
    ("appendix", re.compile(r"^附(?:[表件录]|$)|统计表")),
    ("other", re.compile(r"其[他它].{0,4}(?:事项|情况)|需要(?:报告|说明)|事项说明")),
    ("preface", re.compile(r"^(?:引言|前言|序言)$")),
    (
        "overview",
        re.compile(
            r"概述|概况|总体情况|基本情况|工作情况|组织领导|制度建设|推进情况|开展情况|重点领域|回应社会关切|政策解读|平台建设|监督保障|信息管理"
        ),
    ),
)
#: Titles of the templates in full; 主动公开 alone is a child of 总体情况 in most reports since 2019.
_FIRST_LEVEL: Final = re.compile(
    r"""(?x)
      (?:主动公开政府信息|政府信息主动公开|依申请公开政府信息|政府信息依申请公开)的?情况
    | (?:收到和处理|受理)政府信息公开申请的?情况
    | (?:政府信息)?(?:公开)?咨询(?:处理|和投诉|及投诉)的?情况
    | (?:因?政府信息公开(?:工作)?被?)?(?:申请)?行政复议[、和及与]?(?:提起)?(?:行政)?诉讼的?情况
    | (?:存在的?)?(?:主要)?问题[和及](?:改进|整改)(?:措施|情况) | 其他需要(?:报告|说明)的?(?:事项|情况)
    """
)
_LONGEST_USUAL: Final = 16
#: Usual titles, against which one with a slip of OCR is held: 慨述, 依申请公幵.
_USUAL: Final = (
    ("overview", "概述"),
    ("overview", "总体情况"),
    ("overview", "基本情况"),
    ("proactive", "主动公开情况"),
    ("proactive", "主动公开政府信息情况"),
    ("proactive", "主动公开政府信息的情况"),
    ("requests", "依申请公开情况"),
    ("requests", "依申请公开政府信息情况"),
    ("requests", "收到和处理政府信息公开申请情况"),
    ("consultation", "咨询和投诉情况"),
    ("problems", "存在的主要问题和改进情况"),
    ("problems", "存在的主要问题及改进情况"),
    ("problems", "存在的主要问题和改进措施"),
    ("other", "其他需要报告的事项"),
    ("other", "其他需要说明的事项"),
    ("appendix", "附表"),
)
_ANNUAL = re.compile(r"(?:信息|资讯)公开.{0,8}(?:年报|年度报告|工作报告|工作年度报告|报告|总结)|政务公开.{0,6}年度报告")
#: The report's name in a sentence: 现公布某局2018年度政府信息公开工作报告.
_ANNUAL_NAMED = re.compile(r"政府信息公开(?:工作)?年度报告|(?:19|20)\d\d年度?政府信息公开(?:工作)?(?:年度)?报告")
_FEWEST_OWN: Final = 3
_COVERING = re.compile(
    r"^[^。,;:]{0,40}关于(?:公布|发布|印发|报送|公开|转发)[^。,;:]{2,60}的?(?:通知|公告|函|报告|通告)(?:\(.{1,8}\))?$"
)
_WORK = re.compile(r"政府工作报告")
_WORK_BODY = re.compile(r"代表.{0,16}(?:政府|国务院).{0,4}向.{0,12}大会.{0,24}(?:工作|报告)")
#: Rows that only table three of 2021 has, below 其他处理.
_ROWS_OF_2021 = re.compile(r"逾期不补正|逾期未按收费通知")
_POLICY = re.compile(r"(?:通知|意见|办法|规定|决定|方案|批复|公告|通告|函|条例|细则|规划|纲要|命令?)(?:\(.{1,8}\))?$")


def kind_of(heading: str) -> str:
    """Return the canonical kind that a heading of an annual report names; "body" if it names none."""
    title = strip_number(heading)
    for kind, pattern in _KINDS:
        if pattern.search(title):
            return kind
    return _kind_of_slip(title)


def _kind_of_slip(title: str) -> str:
    """Return the kind of a usual title of which one character in five, or the first of 概述, was read wrongly."""
    if not 2 <= len(title) <= _LONGEST_USUAL:
        return "body"
    for kind, usual in _USUAL:
        most = len(usual) // 5 or int(usual == "概述" and title.endswith("述"))
        if len(title) == len(usual) and Levenshtein.distance(title, usual, score_cutoff=most) <= most:
            return kind
    return "body"


def is_first_level_title(heading: str) -> bool:
    """Whether a heading is the whole title of a part in the official templates, wherever it was put."""
    return _FIRST_LEVEL.fullmatch(strip_number(heading)) is not None


def doctype_of(title: str, opening: str) -> str:
    """Return the type of a report from its title and, where the title is silent, its first paragraphs."""
    named = _named_type(title)
    if named:
        return named
    start = fold(opening[:1_000])
    if _WORK_BODY.search(start[:400]):
        return "work_report"
    return "annual_report" if _ANNUAL_NAMED.search(start[:600]) else "document"


def has_parts_of_annual_report(lines: Iterable[str]) -> bool:
    """Whether lines hold three different headings that only annual reports on disclosure have, whatever the title."""
    found = {
        kind_of(line)
        for line in lines
        if len(line) <= LONGEST and heading_line(line) is not None and is_first_level_title(line)
    }
    return len(found) >= _FEWEST_OWN


def is_covering_title(line: str) -> bool:
    """Whether a line is the title of a notice that sends or publishes something."""
    return _COVERING.search(fold(line)) is not None


def names_a_type(title: str) -> bool:
    """Whether a title alone says that it is an annual or a work report; endings like 方案 are too common to tell."""
    return _named_type(title) in {"annual_report", "work_report"}


def _named_type(title: str) -> str:
    folded = fold(title)
    # A notice on how to write annual reports is a notice.
    for name, pattern in (("policy", _POLICY), ("annual_report", _ANNUAL), ("work_report", _WORK)):
        if pattern.search(folded):
            return name
    return ""


def template_of(doctype: str, year: int | None, texts: Iterable[str]) -> str:
    """Return the generation of the official template: old, 2019, 2021, or none for other reports.

    The tables decide where they are (国办公开办函〔2019〕60号 and 〔2021〕30号), else the headings and the year.
    """
    if doctype != "annual_report":
        return "none"
    whole = "\n".join(texts)
    if "制发件数" in whole or "现行有效件数" in whole:
        return "2021"
    if "新制作数量" in whole or "对外公开总数量" in whole:
        return "2019"
    if _ROWS_OF_2021.search(whole):
        return "2021"
    if "其他处理" in whole and "结转下年度继续办理" in whole:
        return "2019"
    if "收到和处理政府信息公开申请" in whole and year is not None and year >= 2019:
        return "2019" if year < 2021 else "2021"
    return "old"
