"""The places, offices and years that a text names, wherever they stand in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from corpus.agencies import eras
from corpus.dates import find_years
from corpus.folding import fold, is_han
from corpus.gazetteer import depth_of
from corpus.placenames import names_of_places, stands_as_place

#: Names of places and offices are no longer than this.
_LONGEST: Final = 16
#: Names of two characters with their suffix (城区, 和县) are mostly other words.
_SHORTEST_WHOLE: Final = 3
#: Characters that make no other word with 县: 泾县 is a county wherever it begins a word, 应县 may be 对应县区.
_COUNTIES: Final = frozenset(
    "岚岷嵩彬徽攸曹朗杞梅歙沁沛沧泗泸泾浚淇渠滑滦漳澧珙盂睢磁祁绛耀茂莒莘萧蒲蓟蔚藤蠡衢赣赵邱郏郧郫鄞陇陕隰雄魏黟冠唐勉凤"
)
_BEFORE_A_NAME: Final = frozenset("在与和及同对向由从到赴至于经")
_YEAR: Final = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|二[〇零○0o][〇零○0o一二三四五六七八九]{2})(?=\s*(?:年|学年))")
_NATIONAL: Final = ("国家", "中国", "全国", "中央")


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named at a span of a folded text; ``codes`` are the regions of GB/T 2260 that it may be."""

    start: int
    end: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfficeMention:
    """A local office named at a span of a folded text, without its place; ``departments`` it may be of."""

    start: int
    end: int
    departments: frozenset[str]


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year named at a span of a folded text, in digits or in Chinese."""

    start: int
    end: int
    year: int


def places_in(folded: str) -> Iterator[PlaceMention]:
    """Yield the places that a folded text names; names of a path that follow each other are one, the last one's."""
    names = names_of_places()
    at = 0
    open_: PlaceMention | None = None
    while at < len(folded):
        found = _place_at(folded, at, names, open_)
        if found is None:
            at += 1
            continue
        if open_ is not None and found.start == open_.end:
            open_ = PlaceMention(open_.start, found.end, found.codes)
        else:
            if open_ is not None:
                yield open_
            open_ = found
        at = found.end
    if open_ is not None:
        yield open_


def offices_in(folded: str) -> Iterator[OfficeMention]:
    """Yield the local offices that a folded text names in full or in short (教育局, 人社局), the longest names first."""
    names = _offices()
    at = 0
    while at < len(folded):
        size = next((n for n in range(min(_LONGEST, len(folded) - at), 2, -1) if folded[at : at + n] in names), 0)
        if size and not folded[max(at - 2, 0) : at].endswith(_NATIONAL):
            yield OfficeMention(at, at + size, names[folded[at : at + size]])
        at += size or 1


def years_in(folded: str) -> Iterator[YearMention]:
    """Yield the years that a folded text names as such: 2024年, 二〇二四年."""
    for found in _YEAR.finditer(folded):
        years = find_years(found[0] + "年")
        if years:
            yield YearMention(found.start(), found.end(), years[0])


def _place_at(
    folded: str, at: int, names: Mapping[str, tuple[str, ...]], before: PlaceMention | None
) -> PlaceMention | None:
    """Return the longest name of a place that stands at a position; below the one just before it, if it can be."""
    for size in range(min(_LONGEST, len(folded) - at), 1, -1):
        name = folded[at : at + size]
        codes = names.get(name, ())
        if not codes:
            continue
        follows = before is not None and before.end == at
        below = tuple(c for c in codes if before and follows and any(_inside(c, of) for of in before.codes))
        if below:
            return PlaceMention(at, at + size, below)
        if stands_as_place(folded, at, name, _SHORTEST_WHOLE) or _is_short_county(folded, at, name):
            return PlaceMention(at, at + size, codes)
    return None


def _is_short_county(folded: str, at: int, name: str) -> bool:
    """Whether a name of two characters is a county's, at the start of a word."""
    if len(name) != _SHORTEST_WHOLE - 1 or name[1] != "县" or name[0] not in _COUNTIES:
        return False
    before = folded[at - 1 : at]
    return not before or before in _BEFORE_A_NAME or not is_han(before)


def _inside(code: str, of: str) -> bool:
    return code != of and code.startswith(of[: depth_of(of)])


@cache
def _offices() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for era in eras():
        for name in (*era.local_names(), *era.short):
            folded = fold(name)
            if len(folded) > 2:
                found[folded] = found.get(folded, frozenset()) | {era.department}
    return found
