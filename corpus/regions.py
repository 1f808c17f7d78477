"""Regions of GB/T 2260: code, name, path, and the longest region name in a text. Pure, one shipped table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

#: The whole country; not a code of GB/T 2260 itself, but the one that map services use for it.
NATIONAL = "100000"

_SUFFIXES = ("特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")
#: Provincial and prefecture names that are also everyday words when their suffix is left out.
_NOT_SHORT = frozenset({"海南", "三明", "白山", "通化", "东方", "巴中", "中山", "中卫"})


#: What after a short name makes it another place or thing: 朝阳区, 湖南路, 北京师范大学.
_NOT_THE_PLACE = re.compile(r"[区县旗市路街]|[东西南北中]路|大道|.{0,6}(?:大学|学院)")


@cache
def _regions() -> dict[str, str]:
    lines = (files("corpus") / "data" / "regions.tsv").read_text("utf-8").splitlines()
    return {code: name for code, name, _ in (line.split("\t") for line in lines)}


@cache
def _in_force() -> frozenset[str]:
    lines = (files("corpus") / "data" / "regions.tsv").read_text("utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if line.endswith("\t"))


def is_region(code: str) -> bool:
    """Whether the table has this six-digit code."""
    return code in _regions()


def region_path(code: str) -> tuple[str, ...]:
    """Return the codes from the province down to ``code`` itself, outermost first; () for ""."""
    if not code:
        return ()
    chain = (code[:2] + "0000", code[:4] + "00", code)
    return tuple(c for c in dict.fromkeys(chain) if is_region(c) or c == code)


def region_name(code: str) -> str:
    """Return the name of one code, or the code itself where the table lacks it."""
    return _regions().get(code, code)


def full_name(code: str) -> str:
    """Return the names of the path, joined: 山东省青岛市市南区."""
    return "".join(region_name(c) for c in region_path(code))


def region_named(name: str) -> str:
    """Return the code whose name, or path of names, is exactly this (山东省, 山东省青岛市); "" if none or several."""
    code = find_region(name)
    return code if code and name in {region_name(code), full_name(code)} else ""


def level_of(code: str) -> str:
    """Return the administrative level of a code: national, province, prefecture, county or ""."""
    if not code:
        return ""
    if code == NATIONAL:
        return "national"
    if code.endswith("0000"):
        return "province"
    if code.endswith("00"):
        return "prefecture"
    return "county"


def find_region(text: str) -> str:
    """Return the code of the region that a name begins with or holds, the most specific; "" if none.

    Reads down the path: 山东省青岛市市南区教育局 -> 370202; a bare county name counts only if it is
    unique in the table.
    """
    found = ""
    rest = text
    for depth in (2, 4, 6):
        code, after = _first(rest, depth, found)
        if code:
            found, rest = code, rest[after:]
    return found


def _first(text: str, depth: int, inside: str) -> tuple[str, int]:
    """Return the leftmost, then longest, region of one depth below ``inside``, and where it ends."""
    best: tuple[int, int, str] | None = None
    for name, code in _names(depth, inside):
        at = text.find(name)
        if at < 0 or (best is not None and (at, -len(name)) >= best[:2]):
            continue
        # 朝阳区 is a district of several cities, not the city 朝阳市 called by its short name.
        if name[-1] in "省市区县旗盟州" or (at == 0 and not _NOT_THE_PLACE.match(text, at + len(name))):
            best = (at, -len(name), code)
    return (best[2], best[0] - best[1]) if best else ("", 0)


@cache
def _names(depth: int, inside: str) -> tuple[tuple[str, str], ...]:
    """Return (name, code) of one depth below a code; without a parent, only names that are unique."""
    prefix = inside.rstrip("0") if inside.endswith("0000") else inside[: max(depth - 2, 0)]
    if inside.endswith("0000"):
        prefix = inside[:2]
    owners: dict[str, list[str]] = {}
    for code, name in _regions().items():
        if code == NATIONAL or _depth(code) != depth or not code.startswith(prefix):
            continue
        for form in _forms(name, depth):
            owners.setdefault(form, []).append(code)
    return tuple(sorted(_settled(owners)))


def _settled(owners: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield names with the one code that bears them; a code in force wins over one that was."""
    for name, codes in owners.items():
        current = [code for code in codes if code in _in_force()]
        choice = current or codes
        if len(choice) == 1:
            yield name, choice[0]


def _depth(code: str) -> int:
    return 2 if code.endswith("0000") else 4 if code.endswith("00") else 6


def _forms(name: str, depth: int) -> Iterator[str]:
    """Yield the full name and, above counties, the name without its suffix (青岛, 内蒙古)."""
    yield name
    if depth == 6:
        return
    for suffix in _SUFFIXES:
        short = name.removesuffix(suffix)
        if short != name and len(short) > 1 and short not in _NOT_SHORT:
            yield short
            return
