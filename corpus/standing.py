"""What an agency's name says of its region and its level. Pure."""

from __future__ import annotations

import re
from typing import Final

from corpus.agencies import is_national
from corpus.folding import fold
from corpus.placenames import find_region, is_place
from corpus.regions import NATIONAL, full_name, level_of, region_path

#: A field office of a city's agency is that of a district: 公安局市南分局.
_BRANCH: Final = re.compile(r"^.+(?:局|委员会)(?P<place>[一-鿿]{1,8}?)分局$")
_STATE: Final = re.compile(
    r"^(?:国务院|国家|中国|中央|中华人民共和国)(?!.*(?:大学|学院|公司|协会)$)|[^支]部$|总局$|总署$"
)
_TOWN = re.compile(
    r"(?:[镇乡]|苏木)(?:(?:人民)?政府(?:办公室|党政办)?|党政办公室)?$|街道(?:办事处|办|党政办公室|办公室)?(?:办公室)?$|街道办事处"
)
_ZONE = re.compile(
    r"(?:开发|高新|经开|经济|工业园|园|保税|保税港|示范|度假|风景名胜|试验|自贸|合作|管理|新|产业|物流|空港)区(?:管委会|管理委员会|$|[^政]{2,12}[局委])"
    r"|(?:产业园|新城|工业园)(?:管委会|管理委员会|$)"
)


def region_of(agency: str, year: int | None) -> str:
    """Return the code of the region that an agency's name says, NATIONAL for one of the state; "" if it says none."""
    named = find_region(fold(agency), year)
    named = _branch_region(agency, named, year) or named
    return named or (NATIONAL if is_national(agency) or _STATE.search(agency) else "")


def level_of_agency(agency: str, region: str, year: int | None) -> str:
    """Return the administrative level of an agency of a region: a town's by its name; "" where it can't be told."""
    name = fold(agency)
    if _TOWN.search(name) and not is_place(name, year):
        return "town"
    if _is_branch(name) and level_of(region) in {"province", "prefecture"} and not name.startswith(("国家", "中国")):
        return ""  # of a city's branches only those named after a district are known to be its
    if _ZONE.search(name) and level_of(region) != "county":
        return ""  # a zone is neither the city that it lies in nor one of its districts
    return level_of(region)


def _branch_region(agency: str, region: str, year: int | None) -> str:
    """Return the district of a city's branch (青岛市公安局市南分局 -> 370202); "" if it is none or not a district's."""
    found = _BRANCH.match(fold(agency))
    if not found or not region or (region.endswith("0000") and region[:2] not in {"11", "12", "31", "50"}):
        return ""
    if not _is_city(region):
        return ""
    below = find_region(full_name(region, year) + found["place"], year)
    if below == region:
        below = next(
            (
                code
                for suffix in "区县市旗"
                if (code := find_region(f"{full_name(region, year)}{found['place']}{suffix}", year)) != region
            ),
            region,
        )
    return below if below != region else ""


def _is_branch(agency: str) -> bool:
    """Whether an agency is a branch (分局) of another one."""
    return _BRANCH.match(fold(agency)) is not None


def _is_city(region: str) -> bool:
    """Whether a region has districts of its own: a municipality or a prefecture."""
    return len(region_path(region)) <= 2
