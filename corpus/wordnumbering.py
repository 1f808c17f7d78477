"""The numbers that Word generates for headings and list items -> text (ECMA-376, part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_LARGEST: Final = 9_999
_LEVELS: Final = 9


def local(name: object) -> str:
    """Return a tag's or attribute's name without its namespace (strict and transitional files differ in it)."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Yield an element's children of a local name."""
    yield from (child for child in (element if element is not None else ()) if local(child.tag) == name)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first descendant along a path of local names, or None."""
    for name in path:
        element = next(children(element, name), None)
    return element


def value(element: etree._Element | None, *path: str, name: str = "val") -> str:
    """Return an attribute of the element along a path, "" where there is none."""
    found = child(element, *path) if path else element
    if found is None:
        return ""
    return next((str(text) for key, text in found.attrib.items() if local(key) == name), "")


def number(text: str, default: int = 0) -> int:
    """Return a small decimal number, ``default`` for anything else."""
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else default


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    start: int
    form: str
    text: str
    gap: bool
    legal: bool
    style: str
    restart: int | None


@dataclass(slots=True)
class Numbering:
    """The lists of a document with their counters, which go on as the paragraphs are read in order."""

    lists: Mapping[str, Mapping[int, _Level]]
    abstract: Mapping[str, str]
    starts: Mapping[str, Mapping[int, int]]
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def level_of(self, list_id: str, style: str) -> int:
        """Return the level that a list has for paragraphs of a style, 0 if it names none."""
        levels = self.lists.get(list_id, {})
        return next((place for place, level in levels.items() if style and level.style == style), 0)

    def next_number(self, list_id: str, place: int) -> str:
        """Return the number that stands before the list's next paragraph on a level; "" for a bullet."""
        levels = self.lists.get(list_id, {})
        level = levels.get(place)
        if level is None:
            return ""
        counters = self._counters.setdefault(self.abstract.get(list_id, list_id), {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for restarted, start in self.starts.get(list_id, {}).items():
                counters[restarted] = start - 1
        counters[place] = counters.get(place, level.start - 1) + 1
        for deeper in [p for p in counters if p > place]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart != 0 and (restart is None or place < restart):
                del counters[deeper]
        if level.form == "bullet":
            return ""
        text = re.sub(r"%([1-9])", lambda found: self._shown(levels, counters, int(found[1]) - 1, level), level.text)
        return text + (" " if level.gap and text and not text.endswith(tuple("、，．)）]】〕.：:。")) else "")

    @staticmethod
    def _shown(levels: Mapping[int, _Level], counters: dict[int, int], place: int, by: _Level) -> str:
        level = levels.get(place)
        if level is None:
            return ""
        count = counters.setdefault(place, level.start)
        return formatted(count, "decimal" if by.legal else level.form)


def read_numbering(root: etree._Element | None) -> Numbering:
    """Return the lists of numbering.xml; none without it."""
    abstract = {value(each, name="abstractNumId"): each for each in children(root, "abstractNum")}
    by_style = {value(each, "styleLink"): each for each in abstract.values() if value(each, "styleLink")}
    lists: dict[str, Mapping[int, _Level]] = {}
    belongs: dict[str, str] = {}
    starts: dict[str, Mapping[int, int]] = {}
    for num in children(root, "num"):
        list_id = value(num, name="numId")
        belongs[list_id] = value(num, "abstractNumId")
        holder = abstract.get(belongs[list_id])
        holder = by_style.get(value(holder, "numStyleLink"), holder)
        levels = dict(_levels(holder))
        restarted: dict[int, int] = {}
        for override in children(num, "lvlOverride"):
            place = number(value(override, name="ilvl"))
            levels.update(_levels(override))
            start = value(override, "startOverride")
            if start and place in levels:
                restarted[place] = number(start, 1)
        lists[list_id], starts[list_id] = levels, restarted
    return Numbering(lists, belongs, starts)


def _levels(holder: etree._Element | None) -> Iterator[tuple[int, _Level]]:
    for each in list(children(holder, "lvl"))[:_LEVELS]:
        restart = value(each, "lvlRestart")
        yield (
            number(value(each, name="ilvl")),
            _Level(
                start=number(value(each, "start"), 1),
                form=_form(each),
                text=value(each, "lvlText")[:100],
                gap=value(each, "suff") != "nothing",
                legal=child(each, "isLgl") is not None,
                style=value(each, "pStyle"),
                restart=number(restart) if restart else None,
            ),
        )


def _form(level: etree._Element) -> str:
    """Return a level's number format; newer ones stand in mc:AlternateContent, their fallback beside it."""
    found = child(level, "numFmt")
    if found is None:
        found = child(level, "AlternateContent", "Choice", "numFmt")
    return value(found) or "decimal"


def formatted(count: int, form: str) -> str:
    """Return a count in one of Word's number formats; decimal where the format is unknown."""
    if not 0 <= count <= _LARGEST:
        return str(count)
    if form in _COUNTED:
        return _COUNTED[form](count)
    first = _ENCLOSED.get(form)
    if first is not None and 1 <= count <= first[1]:
        return chr(ord(first[0]) + count - 1)
    return str(count)


def chinese(count: int) -> str:
    """Return a number as Chinese counts: 十一, 二十, 一百〇三."""
    if count == 0:
        return "零"
    text = ""
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, count = divmod(count, size)
        if digit:
            text += _DIGITS[digit] + unit
        elif text and count and not text.endswith("零"):
            text += "零"
    return re.sub("^一十", "十", text.rstrip("零"))


def _digits(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count))


def _legal(count: int) -> str:
    written = chinese(count) if not 10 <= count < 20 else "一" + chinese(count)
    return written.translate(str.maketrans("零" + _DIGITS[1:] + "十百千", _LEGAL + "拾佰仟"))


def _letters(count: int) -> str:
    """Return a, b, … z, aa, bb, …: Word repeats the letter."""
    if count < 1:
        return "0"
    again, place = divmod(count - 1, 26)
    return chr(ord("a") + place) * min(again + 1, 20)


def _roman(count: int) -> str:
    text = ""
    for size, sign in _ROMAN:
        times, count = divmod(count, size)
        text += sign * times
    return text


def _cycle(signs: str, count: int) -> str:
    return signs[(count - 1) % len(signs)] if count else "0"


_COUNTED: Final[Mapping[str, Callable[[int], str]]] = {
    "none": lambda count: "",
    "decimalZero": lambda count: f"{count:02d}",
    "decimalFullWidth": lambda count: str(count).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "decimalFullWidth2": lambda count: str(count).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": lambda count: _roman(count).lower(),
    "upperRoman": _roman,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": lambda count: _cycle(_STEMS, count),
    "ideographZodiac": lambda count: _cycle(_BRANCHES, count),
}
#: Format -> its first sign and how many there are.
_ENCLOSED: Final = {
    "decimalEnclosedCircle": ("①", 20),
    "decimalEnclosedCircleChinese": ("①", 20),
    "decimalEnclosedParen": ("⑴", 20),
    "decimalEnclosedFullstop": ("⒈", 20),
    "ideographEnclosedCircle": ("㊀", 10),
}
