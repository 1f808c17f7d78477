"""Dates and years in the notations of Chinese documents. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from corpus.folding import fold

_NUMERAL: Final = {char: digit for digit, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_CHINESE_DATE = re.compile(
    r"([一二]?[〇零一二三四五六七八九]{3,4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)\s*年?")
_CHINESE_YEAR = re.compile(r"((?:一九|二[〇零])[〇零一二三四五六七八九]{2})年")


def find_date(text: str) -> str:
    """Return the first valid date in a text as YYYY-MM-DD, or ""."""
    folded = fold(text)
    for found in _DATE.finditer(folded):
        valid = _iso(*(int(part) for part in found.groups()))
        if valid:
            return valid
    for found in _CHINESE_DATE.finditer(folded):
        year, month, day = found.groups()
        valid = _iso(_digits(year), _number(month), _number(day))
        if valid:
            return valid
    return ""


def find_years(text: str) -> list[int]:
    """Return the years (19xx, 20xx, also 二〇一〇年) that a text names, in order."""
    folded = fold(text)
    found = [(m.start(), int(m[1])) for m in _YEAR.finditer(folded)]
    found += [(m.start(), _digits(m[1])) for m in _CHINESE_YEAR.finditer(folded)]
    return [year for _, year in sorted(found)]


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _digits(text: str) -> int:
    return int("".join(str(_NUMERAL[char]) for char in text))


def _number(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        return _digits(tens) if len(tens) == 1 else 0
    return (_NUMERAL[tens] if tens else 1) * 10 + (_NUMERAL[ones] if ones else 0)
