"""What a report calls its own agency and region: in full, in short, without their place, and 我市, 本局 and the like. Pure."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from corpus.agencies import bare_name, eras
from corpus.folding import fold
from corpus.regions import region_name, regions_of

#: Stands for an own name; no text has it (private use).
OWN: Final = "\ue000"

_PLACE_ENDS: Final = "省市县区旗盟州"
_AUTONOMOUS: Final = re.compile(r"^(.{2,}?)(?:(?:[^\s自治族]{1,4}族)+|维吾尔)?自治([区州县旗])$")
#: 本办法 is a rule and 全市场 a market, whoever writes of them.
_SELF: Final = re.compile(
    r"[本我全](?:(?<=[本我])(?:机关|单位|部门|[厅院镇乡州旗]|委(?:员会)?|局|办(?![法理公事])|街道)|省(?!份)|市(?![场民])|区(?!域)|[县旗州盟])"
)
_RUNS: Final = re.compile(f"{OWN}{OWN}+")
_GOVERNMENT: Final = "人民政府"
_GOVERNMENTS: Final = ("人民政府办公室", "人民政府办公厅", "人民政府", "政府办公室", "政府办公厅", "政府办", "政府")
_OFFICE_ENDS: Final = ("局", "厅", "委", "院", "会", "室", "处", "站", "中心", "街道", "镇", "乡", "队")
_OFFICES: Final = ("局", "委员会", "厅", "委", "办公室", "办")


@lru_cache(maxsize=8192)
def own_names(agency: str, region: str, year: int | None) -> tuple[str, ...]:
    """Return the folded names of a report's agency and of the regions of its path, the longest first."""
    places = [fold(region_name(code, year)) for code in regions_of(region, year)] if region else []
    found = {form for place in places for form in _place_forms(place)}
    if agency:
        found.add(fold(agency))
        own_end = places[-1][-1] if places and places[-1][-1] in _PLACE_ENDS else ""
        bare = bare_name(agency, region, year)
        offices = _offices(bare)
        found |= {own_end + office for office in offices} if own_end else set()
        found |= {office for office in offices if len(office) > 2 and bare != _GOVERNMENT}
    return tuple(sorted((name for name in found if len(name) > 1), key=lambda name: (-len(name), name)))


def without_own_names(text: str, names: tuple[str, ...]) -> str:
    """Return a folded text in which each run of own names is one sign."""
    for name in names:
        if name in text:
            if name[-1] == "市":  # 青岛市场监管局 is of the market
                text = text.replace(f"{name}场", f"{OWN}市场")
            text = text.replace(name, OWN)
    text = _SELF.sub(OWN, text)
    return _RUNS.sub(OWN, text) if OWN + OWN in text else text


def _place_forms(place: str) -> tuple[str, ...]:
    """Return a region's name with and without its ending: 青岛市, 青岛; 恩施土家族苗族自治州, 恩施州, 恩施."""
    autonomous = _AUTONOMOUS.match(place)
    if autonomous:
        return place, autonomous[1] + autonomous[2], autonomous[1]
    short = place[:-1] if place[-1:] in tuple(_PLACE_ENDS) else place
    return (place, short) if len(short) > 1 else (place,)


@cache
def _offices(bare: str) -> tuple[str, ...]:
    """Return how an office without its place may be called: 教育局, 教育委员会; 人力资源和社会保障局, 人社局."""
    if bare == _GOVERNMENT:
        return _GOVERNMENTS
    known = tuple(name for era in eras() if era.stem == bare for name in (*era.local_names(), *era.short))
    if bare.endswith(_OFFICE_ENDS):
        return tuple(dict.fromkeys((bare, *known)))
    # A stem alone (交通运输) is what the office is about, not its name.
    return tuple(dict.fromkeys((*known, *(bare + end for end in _OFFICES))))
