"""Dates and years in the notations of Chinese documents. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from corpus.folding import fold

#: Folding makes ○ and ◯ a 〇; typists also write a zero, a letter o or 零 for it.
_NUMERAL: Final = {char: digit for digit, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "0": 0, "o": 0}
_DIGIT: Final = "[〇零0o一二三四五六七八九]"
_CHINESE_YEAR_OF: Final = rf"(?:一九|二[〇零0o]){_DIGIT}{{2}}"
_WESTERN_YEAR_OF: Final = r"(?:19|20)\d\d"
_DAY_OF: Final = r"\d{1,2}|元|[一二三四五六七八九十廿卅]{1,3}"
_DATE = re.compile(rf"(?<!\d)({_WESTERN_YEAR_OF})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})(?!\d)")
_WRITTEN_DATE = re.compile(
    rf"(?<!\d)({_WESTERN_YEAR_OF}|{_CHINESE_YEAR_OF})\s*年\s*({_DAY_OF})\s*月\s*({_DAY_OF})(?![\d一二三四五六七八九十])"
)
#: Eight digits in one run; with 日 or a unit after them, digits were lost or it is a figure.
_COMPACT_DATE = re.compile(r"(?<![\d.-])((?:19|20)\d\d)(\d\d)(\d\d)(?![\d日号元件份条.]|年|-\d)")
_YEAR = re.compile(rf"(?<!\d)({_WESTERN_YEAR_OF})(?!\d)\s*年?")
_CHINESE_YEAR = re.compile(rf"({_CHINESE_YEAR_OF})(?=\s*年)")


def find_date(text: str) -> str:
    """Return the first valid date in a text as YYYY-MM-DD, or "".

    Knows 2010-01-19 (also with a time), 2010/1/19, 2010.1.19, 20100119, 2010年1月19日, 二〇一〇年元月十九日 and mixtures.
    A date that lacks its day, or that lost digits, is none.
    """
    folded = fold(text)
    found = (m for pattern in (_DATE, _WRITTEN_DATE, _COMPACT_DATE) for m in pattern.finditer(folded))
    dates = ((m.start(), _iso(_number(m[1]), _number(m[2]), _number(m[3]))) for m in found)
    return min((pair for pair in dates if pair[1]), default=(0, ""))[1]


def find_years(text: str) -> list[int]:
    """Return the years (19xx, 20xx, also 二〇一〇年) that a text names, in order."""
    return [int(m[1]) for m in _YEAR.finditer(arabic_years(text))]


def arabic_years(text: str) -> str:
    """Return the folded text with its Chinese years in digits: 二○一○年度 -> 2010年度."""
    return _CHINESE_YEAR.sub(lambda m: str(_number(m[1])), fold(text))


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _number(text: str) -> int:
    """Return a number in digits, or in Chinese: a year digit by digit, else up to 三十一; 0 for what is none."""
    if text.isdecimal():
        return int(text)
    if text == "元":
        return 1
    if len(text) == 4:
        return int("".join(str(_NUMERAL[char]) for char in text))
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").partition("十")
    if not ten:
        return _NUMERAL.get(tens, 0) if len(tens) == 1 else 0
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return (_NUMERAL[tens] if tens else 1) * 10 + (_NUMERAL[ones] if ones else 0)
