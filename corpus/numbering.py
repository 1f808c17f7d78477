"""The numbering grammar of Chinese official documents (GB/T 9704): which line is a heading, of what level.

Pure. 一、 and （一） open sections; 1. and （1） stay inside them. Everything is judged on the folded line, so
that Kangxi radicals, full-width digits and mixed brackets need no rules of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from corpus.folding import Folded, fold_with_offsets, is_han

#: Longest heading in folded characters; measured on the national reports, whose longest has 51.
LONGEST: Final = 60

_DIGITS = "一二三四五六七八九十百〇零"
_FIRST = re.compile(rf"(?:[{_DIGITS}]{{1,4}}[、.,:]|第[{_DIGITS}]{{1,4}}(?:部分|章)[、.,:]?)")
_SECOND = re.compile(rf"(?:[(]\s*[{_DIGITS}]{{1,4}}\s*[)][、.,:]?|[㈠-㈩][、.]?)")
_SPACED = re.compile(rf"[{_DIGITS}]{{1,3}}\s+\S")
_STOP = re.compile(r"[。!?;](?=.)|:(?=.)")
_INNER = re.compile(r"[。!?;]")

_SCANNED: Final = 400

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
_UNNUMBERED = re.compile(r"(?:引言|前言|序言|概述|结束语|附表|附件|附录)[::]?")


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading at the start of a line: ``line[:end]``; ``glued`` if its text goes on in the same line."""

    level: int
    end: int
    glued: bool


def heading_line(line: str) -> HeadingLine | None:
    """Return the heading that a line is or begins with, or None."""
    # A heading is at the start; a paragraph of a megabyte need not be folded to see that it has none.
    folded = fold_with_offsets(line[:_SCANNED])
    text = folded.text
    if not text:
        return None
    if len(line) <= _SCANNED and _UNNUMBERED.fullmatch(text):
        return HeadingLine(1, len(line), glued=False)
    for level, pattern in ((1, _FIRST), (2, _SECOND)):
        number = pattern.match(text)
        if number:
            return _with_title(line, folded, level, number.end())
    spaced = _SPACED.match(re.sub(r"\s+", " ", line[:_SCANNED].strip()))
    if spaced and len(line) <= _SCANNED and len(text) <= 20 and not _INNER.search(text):
        return HeadingLine(1, len(line), glued=False)
    return None


def strip_number(heading: str) -> str:
    """Return the folded heading without its number and closing punctuation."""
    text = fold_with_offsets(heading).text
    for pattern in (_FIRST, _SECOND):
        number = pattern.match(text)
        if number:
            text = text[number.end() :]
            break
    else:
        text = re.sub(rf"^[{_DIGITS}]{{1,3}}(?=\S\S)", "", text) if _SPACED.match(heading.strip()) else text
    return text.strip(" 。.:;")


def _is_table_row(title: str) -> bool:
    """Whether a title is a row's label, alone or before figures and further labels; 不予公开情况 is a heading."""
    return any(title.startswith(row) and not is_han(title[len(row) : len(row) + 1] or " ") for row in _TABLE_ROWS)


def _with_title(line: str, folded: Folded, level: int, number_end: int) -> HeadingLine | None:
    title = folded.text[number_end:]
    if not title.strip() or _is_table_row(title):
        return None
    stop = _STOP.search(folded.text, number_end)
    if stop is None:
        fits = len(folded.text) <= LONGEST and len(line) <= _SCANNED
        return HeadingLine(level, len(line), glued=False) if fits else None
    if stop.end() > LONGEST or stop.start() == number_end:
        return None
    return HeadingLine(level, folded.ends[stop.end() - 1], glued=True)
