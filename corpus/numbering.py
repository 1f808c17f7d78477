"""The numbering grammar of Chinese official documents (GB/T 9704): which line can be a heading, of what level.

Pure. 一、 and （一）, 第一章 and 第一节 open sections; 1., （1） and 第一条 stay inside them. Everything is judged on
the folded line, so that Kangxi radicals, full-width digits and mixed brackets need no rules of their own. Whether a
line is a heading in its report is said by corpus/outline.py, which sees its neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from corpus.folding import fold, fold_with_offsets, is_han

#: Longest heading in folded characters; measured on the national reports, whose longest has 51.
LONGEST: Final = 60

_DIGITS = "一二三四五六七八九十百〇零"
_PATTERNS: Final = (
    ("一、", 1, re.compile(rf"(?P<number>[{_DIGITS}]{{1,4}})[、﹑､.,:]")),
    ("（一）", 2, re.compile(rf"(?:[(]\s*(?P<number>[{_DIGITS}]{{1,4}})\s*[)][、.,:]?|(?P<circled>[㈠-㈩])[、.]?)")),
    ("第一章", 1, re.compile(rf"第(?P<number>[{_DIGITS}\d]{{1,4}})(?:部分|[章编篇])[、.,:]?")),
    ("第一节", 2, re.compile(rf"第(?P<number>[{_DIGITS}\d]{{1,4}})节[、.,:]?")),
)
_SPACED = re.compile(rf"(?P<number>[{_DIGITS}]{{1,3}})\s+(?!\d)\S")
#: A title that ends in a full stop, where nothing but a blank parts its number from it.
_TITLE_STOPPED = re.compile(r"(?:概述|情况|事项|措施)。$")
#: 一 是, 三 个, 十 二: no number of a part.
_MEASURED = re.compile(rf"[{_DIGITS}是个项年次类种份件条家方月日至到,]")
_STOP = re.compile(r"[。!?](?=.)|:(?=.)")
_INNER = re.compile(r"[。!?;]")
_ARTICLE = re.compile(rf"第[{_DIGITS}]{{1,5}}条(?![第(款项])")
_ALONE = re.compile(rf"[{_DIGITS}]{{1,3}}")
#: A line of a table of contents: its title, leaders, a page.
_CONTENTS = re.compile(r"(?:\.{3,}|…+|·{3,}|-{4,}|_{3,})\s*[-(]?\d{0,3}[-)]?$")

_SCANNED: Final = 400
#: What OCR and hasty typing make of 一、 二、 三、 at the start of a line.
_SLIPS: Final = re.compile(r"^[-—–―─━‐‑－ーニミ彡](?=、)")
_MEANT: Final = {"ニ": "二", "ミ": "三", "彡": "三"}
#: What parts a title from its text in the same line, the longest such title with its number, and the shortest text.
_GAP: Final = re.compile(r"(?<=\S)(?:[ \xa0]{2,}|\u3000[ \xa0\u3000]*)(?=\S)")
_LONGEST_PARTED: Final = 28
_SHORTEST_TEXT: Final = 12
_PARTED: Final = re.compile(r"[。!?;:,]")

#: Rows of the statutory table three: they look like headings wherever a table was flattened.
_TABLE_ROWS: Final = (
    "本年新收政府信息公开申请数量",
    "上年结转政府信息公开申请数量",
    "本年度办理结果",
    "结转下年度继续办理",
    "予以公开",
    "部分公开",
    "不予公开",
    "无法提供",
    "不予处理",
    "其他处理",
    "总计",
)

#: Titles of the free form that stand as headings without a number.
_UNNUMBERED = re.compile(rf"(?:引言|前言|序言|概述|结束语|附(?:[表件录]|则)?[{_DIGITS}\d]{{0,2}})[:.、]?")
#: An attachment with its name in the same line; a list of attachments has numbers instead.
_ATTACHED = re.compile(
    rf"附[表件录]?[{_DIGITS}\d]{{0,2}}[:.、]?(?!\d(?!\d{{3}}年))[^。;,:]{{4,44}}(?:表|报告|名单|清单|目录|附录)(?:\(.{{1,10}}\))?"
)
_VALUES: Final = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading at the start of a line: ``line[:end]``; ``glued`` if its text goes on in the same line.

    ``style`` is how such headings are numbered (一、 （一） 第一章 第一节, "一" for one that stands apart from its
    text, "" for none) and ``number`` the number, 0 for none.
    """

    level: int
    end: int
    glued: bool
    style: str = ""
    number: int = 0


def heading_line(line: str) -> HeadingLine | None:
    """Return the heading that a line can be or begin with, or None."""
    # What follows the part that is looked at only matters by being there.
    return _heading_line(line[: _SCANNED + 1])


@lru_cache(maxsize=4096)  # cleaning, splitting and metadata ask for the same lines
def _heading_line(line: str) -> HeadingLine | None:
    # A heading is at the start; a paragraph of a megabyte need not be folded to see that it has none.
    text = _corrected(fold(line[:_SCANNED]))
    if not text or line.count("\t") > 1 or _CONTENTS.search(text):
        return None
    if len(line) <= _SCANNED and (_UNNUMBERED.fullmatch(text) or _ATTACHED.fullmatch(text)):
        return HeadingLine(1, len(line), glued=False)
    for style, level, pattern in _PATTERNS:
        found = pattern.match(text)
        if found:
            return _with_title(line, text, HeadingLine(level, 0, False, style, _number(found)), found.end())
    # Folding drops the blanks, so the number is folded by itself.
    first = line[:_SCANNED].strip()[:4].split(maxsplit=1)
    number = fold(first[0]) if first else ""
    spaced = _SPACED.match(re.sub(r"\s+", " ", number + line[:_SCANNED].strip()[len(first[0]) :])) if number else None
    title = text.removesuffix("。") if _TITLE_STOPPED.search(text) else text
    if (
        spaced
        and len(line) <= _SCANNED
        and len(title) <= 20
        and not _INNER.search(title)
        and not _ALONE.fullmatch(title)
    ):
        return HeadingLine(1, len(line), False, "一、", number_of(spaced["number"]))
    stop = _STOP.search(text) if spaced else None
    if spaced and stop and stop[0] == "。" and _TITLE_STOPPED.search(text[: stop.end()]):
        title = text[len(spaced["number"]) : stop.start()]
        if 2 <= len(title) <= 20 and not _INNER.search(title) and not _MEASURED.match(title):
            end = fold_with_offsets(line[:_SCANNED]).ends[stop.end() - 1]
            return HeadingLine(1, end, True, "一、", number_of(spaced["number"]))
    return None


def _corrected(text: str) -> str:
    """Return folded text with a number that was read wrongly put right: a dash for 一, a kana for 二 or 三."""
    return _SLIPS.sub(lambda found: _MEANT.get(found[0], "一"), text, count=1)


def numeral_alone(line: str) -> int:
    """Return the number that a line consists of (一, 二 …), as older reports divide their parts; 0 if it doesn't."""
    text = fold(line) if len(line) <= 12 else ""
    return number_of(text) if _ALONE.fullmatch(text) else 0


def is_article(line: str) -> bool:
    """Whether a line begins an article of a statute (第一条)."""
    return _ARTICLE.match(fold(line[:40])) is not None


def number_of(numeral: str) -> int:
    """Return the value of 一 … 九百九十九, or of figures."""
    if numeral.isdecimal() and numeral.isascii():
        return int(numeral)
    total = digit = 0
    for char in numeral:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _VALUES[char]
    return total + digit


def strip_number(heading: str) -> str:
    """Return the folded heading without its number and closing punctuation."""
    text = _corrected(fold(heading))
    for _, _, pattern in _PATTERNS:
        number = pattern.match(text)
        if number:
            text = text[number.end() :]
            break
    else:
        text = re.sub(rf"^[{_DIGITS}]{{1,3}}(?=\S\S)", "", text) if _SPACED.match(heading.strip()) else text
    return text.strip(" 。.:;")


def _number(found: re.Match[str]) -> int:
    circled = found.groupdict().get("circled")
    return ord(circled) - ord("㈠") + 1 if circled else number_of(found["number"])


def _is_table_row(title: str) -> bool:
    """Whether a title is a row's label, alone or before figures and further labels; 不予公开情况 is a heading."""
    return any(title.startswith(row) and not is_han(title[len(row) : len(row) + 1] or " ") for row in _TABLE_ROWS)


def _stop(text: str, start: int) -> re.Match[str] | None:
    """Return where a title ends within its line: not in brackets, as in （单位：件）."""
    for found in _STOP.finditer(text, start):
        before = text[start : found.start()]
        if before.count("(") <= before.count(")"):
            return found
    return None


def _gap(line: str) -> int:
    """Return where a title ends that blanks part from its text in the same line (一、概述　　2010年，…。); 0 if none do."""
    found = max(_GAP.finditer(line[:_SCANNED]), key=lambda gap: len(gap[0]), default=None)
    if found is None:
        return 0
    title, text = fold(line[: found.start()]), fold(line[found.end() :])
    parted = 4 <= len(title) <= _LONGEST_PARTED and not _PARTED.search(title) and len(text) >= _SHORTEST_TEXT
    return found.start() if parted and "。" in text else 0


def _with_title(line: str, text: str, found: HeadingLine, number_end: int) -> HeadingLine | None:
    title = text[number_end:]
    if not title.strip() or _is_table_row(title):
        return None
    gap = _gap(line)
    if gap:
        return replace(found, end=gap, glued=True)
    stop = _stop(text, number_end)
    inside = text[number_end : stop.start() if stop else None]
    # What ends in a semicolon or comma is an item of an enumeration.
    if ";" in inside[:LONGEST] or inside.endswith((",", "、")):
        return None
    if stop is None:
        fits = len(text) <= LONGEST and len(line) <= _SCANNED
        return replace(found, end=len(line)) if fits else None
    if stop.end() > LONGEST or stop.start() == number_end:
        return None
    # Where each character comes from costs ten times the folding: it is asked only here.
    return replace(found, end=fold_with_offsets(line[:_SCANNED]).ends[stop.end() - 1], glued=True)
