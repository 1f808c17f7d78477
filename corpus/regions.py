"""Regions of GB/T 2260: code, names, path, what they are today, and the region that a text names. Pure."""

from __future__ import annotations

from functools import cache

from corpus.gazetteer import NATIONAL, depth_of, entries, entry_of
from corpus.placenames import find_region

__all__ = [
    "NATIONAL",
    "current_code",
    "find_region",
    "full_name",
    "is_region",
    "level_of",
    "region_name",
    "region_named",
    "region_path",
    "region_texts",
    "regions_of",
]


def is_region(code: str) -> bool:
    """Whether the table has this six-digit code, in force or not."""
    return code in entries()


@cache
def current_code(code: str, year: int | None = None) -> str:
    """Return the code in force today of a region; the code itself where it is in force or unknown.

    ``year`` tells apart the few codes that were given to another place later. A region that was divided leads to the
    one that has its seat, else to the region that contains all of it (corpus/data/regions.tsv, last column).
    """
    entry = entry_of(code, year)
    return entry.now or code if entry else code


def region_path(code: str) -> tuple[str, ...]:
    """Return the codes from the province down to ``code`` itself, outermost first; () for ""."""
    if not code:
        return ()
    chain = (code[:2] + "0000", code[:4] + "00", code)
    return tuple(c for c in dict.fromkeys(chain) if is_region(c) or c == code)


@cache
def regions_of(code: str, year: int | None = None) -> tuple[str, ...]:
    """Return every region that contains a region of a year, then or now; () for ""."""
    return tuple(dict.fromkeys((*region_path(code), *region_path(current_code(code, year)))))


def region_name(code: str, year: int | None = None) -> str:
    """Return the name of one code (in a year, else its latest), or the code itself where the table lacks it."""
    entry = entry_of(code, year)
    return entry.name if entry else code


def full_name(code: str, year: int | None = None) -> str:
    """Return the names of the path, joined: 山东省青岛市市南区; with a year as they were then."""
    return "".join(region_name(c, year) for c in region_path(code))


@cache
def region_texts(code: str, year: int | None = None) -> tuple[str, ...]:
    """Return the full names of a region, the one of the year first, then today's where it differs."""
    now = current_code(code, year)
    return tuple(dict.fromkeys((full_name(code, year), full_name(now))))


def region_named(name: str) -> str:
    """Return the code whose name, or path of names, is exactly this (山东省, 山东省青岛市); "" if none or several."""
    code = find_region(name)
    lines = entries().get(code, ())
    names = {entry.name for entry in lines} | {full_name(code, entry.first) for entry in lines} | {full_name(code)}
    return code if name in names else ""


def level_of(code: str) -> str:
    """Return the administrative level of a code: national, province, prefecture, county or ""."""
    if not code:
        return ""
    if code == NATIONAL:
        return "national"
    return {2: "province", 4: "prefecture", 6: "county"}[depth_of(code)]
