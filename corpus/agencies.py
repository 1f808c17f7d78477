"""Agencies: short names, and what an office was called before and after a reorganisation. Pure, one shipped table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from corpus.folding import fold
from corpus.regions import find_region, full_name, region_name, regions_of

#: A value of ``agency:`` stands for at most this many names.
MOST_NAMES: Final = 12

#: Marks an ending of the table as that of a branch.
_BRANCH: Final = "+"
_PLACE_ENDS: Final = tuple("省市区县旗盟州")


@dataclass(frozen=True, slots=True)
class Era:
    """What the offices of one department were called for some years; None where a bound isn't known, or still lasts.

    ``branches``: how the names of the national office's branches end, after its own name and the place
    (国家金融监督管理总局青岛监管局).
    """

    department: str
    stem: str
    endings: tuple[str, ...]
    branches: tuple[str, ...]
    short: tuple[str, ...]
    national: tuple[str, ...]
    first: int | None
    last: int | None

    def local_names(self) -> tuple[str, ...]:
        """The full names without a place: 卫生健康委员会, 卫生健康局."""
        return tuple(self.stem + ending for ending in self.endings)

    def beside(self, other: Era) -> bool:
        """Whether both stood for some time next to each other, as 工商局 and 质监局 did."""
        begins_after = other.last is not None and (self.first or 0) >= other.last
        ends_before = self.last is not None and (other.first or 0) >= self.last
        return not (begins_after or ends_before)


@dataclass(frozen=True, slots=True)
class AgencyName:
    """A name with the years of its era, as far as they are known."""

    name: str
    first: int | None
    last: int | None


@cache
def eras() -> tuple[Era, ...]:
    """Return the lines of corpus/data/agencies.tsv."""
    found = []
    for line in (files("corpus") / "data" / "agencies.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            department, stem, endings, short, national, first, last = line.split("\t")
            found.append(
                Era(
                    department,
                    stem,
                    tuple(ending for ending in endings.split() if not ending.startswith(_BRANCH)),
                    tuple(ending.removeprefix(_BRANCH) for ending in endings.split() if ending.startswith(_BRANCH)),
                    tuple(short.split()),
                    tuple(national.split()),
                    int(first) if first else None,
                    int(last) if last else None,
                )
            )
    return tuple(found)


def department_named(agency: str) -> str:
    """Return the department whose full or short name an agency's name ends with, the longest; "" if none."""
    folded = fold(agency)
    names = _by_name()
    found = next((at for at in range(len(folded)) if folded[at:] in names), len(folded))
    # Of an office of two (教育和体育局) the last half alone says too little.
    return names[folded[found:]][0].department if folded[found:] and folded[found - 1 : found] != "和" else ""


def is_national(agency: str) -> bool:
    """Whether a name begins with that of a ministry or another office of the State Council: 水利部长江水利委员会."""
    folded = fold(agency)
    return any(len(name) > 2 and folded.startswith(name) for name in _national_names())


@cache
def _national_names() -> tuple[str, ...]:
    return tuple(fold(name) for era in eras() for name in era.national)


@cache
def lineage(value: str) -> tuple[AgencyName, ...]:
    """Return the names that a name stands for besides itself: in full, before and after; () if it says no agency.

    The name may have a place before it (青岛市人社局, 青岛人社局, 市人社局), which each name then has too. Offices that stood side
    by side and were merged later (工商局, 质监局) aren't each other's; what they became has both. At most MOST_NAMES - 1,
    today's first.
    """
    folded = fold(value)
    branch, short_place = _branch(folded)
    if branch is not None:
        names = _related((branch,), folded, short_place)
        return tuple(name for name in names if fold(name.name) != folded)[: MOST_NAMES - 1]
    ministry = next((name for name in _national_names() if len(name) > 4 and folded.startswith(name)), "")
    if len(ministry) < len(folded):  # 国家税务总局青岛市税务局
        folded = folded.removeprefix(ministry)
    for at in range(len(folded)):
        asked = _by_name().get(folded[at:])
        place = _place(folded[:at]) if asked else None
        if asked and place is not None:
            names = _related(asked, folded[at:], place)
            return tuple(name for name in names if fold(name.name) != folded)[: MOST_NAMES - 1]
    return ()


def _branch(folded: str) -> tuple[Era | None, str]:
    """Return whose branch a name is, and its place in short (青岛); (None, "") if it is none."""
    for era in eras():
        for national in map(fold, era.national) if era.branches else ():
            for ending in era.branches if folded.startswith(national) else ():
                place = folded.removeprefix(national).removesuffix(ending)
                if national + place + ending == folded and find_region(place):
                    return era, place
    return None, ""


@cache
def _by_name() -> dict[str, tuple[Era, ...]]:
    found: dict[str, tuple[Era, ...]] = {}
    for era in eras():
        for name in (*era.local_names(), *era.short, *era.national):
            found[fold(name)] = (*found.get(fold(name), ()), era)
    return found


def bare_name(agency: str, region: str, year: int | None) -> str:
    """Return an agency's name as all spellings of it share it: without its place, in full (人社局), an office as its government.

    青岛市四方区人民政府办公室, 四方区政府 -> 人民政府; 市人社局, 青岛市人力资源和社会保障局 -> 人力资源和社会保障.
    """
    name = fold(agency)
    rest = _without_place(name, region, year) if region else name
    named = _by_name().get(rest)
    if named and len({era.stem for era in named}) == 1:
        return named[0].stem
    if region and (not rest or re.fullmatch(r"(?:人民)?政府(?:办公[厅室]|办)?", rest)):
        return "人民政府"
    return re.sub(r"(?<=[镇乡])(?:人民政府|政府)$|(?<=街道)办事处$", "", rest) if region else name


def _without_place(name: str, region: str, year: int | None) -> str:
    """Return a name without the places of its region's path at its start, then or now, in full or short."""
    names = sorted(
        {fold(region_name(code, when)) for code in regions_of(region, year) for when in (year, None)}, key=len
    )
    forms = [form for each in reversed(names) for form in (each, each.rstrip("省市区县旗盟州")) if len(form) > 1]
    rest = name
    while found := next((form for form in forms if rest.startswith(form)), ""):
        rest = rest[len(found) :]
    bare = re.sub(r"^[省市区县旗盟州](?=[一-鿿]{2})", "", rest)
    return bare if bare != rest and (rest == name or find_region(rest) == "") else rest


def _place(text: str) -> str | None:
    """Return the place before an agency's name with its ending (青岛 -> 青岛市), None if it is no place."""
    if not text or text.endswith(_PLACE_ENDS):
        return text
    code = find_region(text)
    name = region_name(code)
    return name if code and (name.startswith(text) or full_name(code).startswith(text)) else None


def _short_place(place: str) -> str:
    """Return a place as the names of branches have it: 青岛市 -> 青岛, 内蒙古自治区 -> 内蒙古."""
    bare = re.sub(r"(?:(?:壮族|回族|维吾尔)?自治区|[省市盟])$", "", place)
    return bare if len(bare) > 1 else place


def _related(asked: tuple[Era, ...], name: str, place: str) -> list[AgencyName]:
    of_state = not place and any(name in map(fold, era.national) for era in asked)
    found: dict[str, AgencyName] = {}
    # Offices of a place that share the department (金融办) aren't those of a ministry's branches.
    family = [e for e in eras() if e.department == asked[0].department and bool(e.branches) == bool(asked[0].branches)]
    for era in sorted(family, key=lambda e: (e not in asked, e.last is not None, -(e.last or 0), -(e.first or 0))):
        if era in asked or all(of.last is None or not era.beside(of) for of in asked):
            for full in era.national[:1] if of_state else _fitting(era, name, place):
                found.setdefault(full, AgencyName(full, era.first, era.last))
    return list(found.values())


def _fitting(era: Era, name: str, place: str) -> list[str]:
    """Return an era's names in full, with the place; a province has 厅 and others 局, a 委 may be of either."""
    provincial = name.endswith("厅") or place.endswith(("省", "自治区"))
    if era.branches and era.national:
        if not place:  # every branch's name begins so
            return [era.national[0], *era.local_names(), *era.short]
        short = _short_place(place)
        return [era.national[0] + short + era.branches[0], *(short + name for name in era.short)] + [
            era.national[0] + short + ending for ending in era.branches[1:] if not provincial
        ]
    unsaid = not place and not name.endswith(("厅", "局"))
    return [
        place + full
        for full in era.local_names()
        if not full.endswith(("厅", "局")) or unsaid or full.endswith("厅") == provincial or "厅" not in era.endings
    ]
