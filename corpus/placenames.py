"""The region that a name begins with or holds, read down the path: 山东省 → 青岛市 → 市南区. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from corpus.gazetteer import NATIONAL, Entry, depth_of, entries

_PEOPLES: Final = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|京|独龙|鄂伦春|基诺|各"
)
_AUTONOMOUS: Final = re.compile(rf"(?P<stem>.{{2,}}?)(?:(?:{_PEOPLES})族?)+自治(?P<kind>[州县旗])")
_SUFFIXES: Final = ("特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "地区", "省", "市", "盟")
#: Names that are also everyday words, or other places, when their suffix is left out.
_NOT_SHORT: Final = frozenset(
    "三明 白山 通化 东方 巴中 中山 中卫 兴安 海西 海北 黄南 甘南 怒江 红河 湘西 凉山 文山 阿里 大理".split()
)
#: What after a short name makes it another place or thing: 朝阳区, 朝阳镇, 湖南路, 北京师范大学.
_NOT_THE_PLACE: Final = re.compile(
    r"[区县旗市路街镇乡村州]|[东西南北中]路|大道|大街|社区|街道|苏木|藏族|.{0,6}(?:大学|学院)"
)
#: After these, in the name of a field office, a short name stands as it does at the start: 国家统计局青岛调查队.
_CENTRAL: Final = re.compile(
    r"(?:中华人民共和国|(?:国家|中国)[一-鿿]{2,14}(?:局|总局)|中国人民银行|监督管理委员会|[银证保]监会|^[一-鿿]{2,10}部|审计署|海关总署)驻?$"
)
_PLACE_ENDS: Final = tuple("省市区县旗盟州")
#: Names without their suffix are no longer than this, one after the other: 内蒙古呼和浩特.
_LONGEST_SHORT: Final = 8
#: 市中区 after its city's short name, 济宁市中区: the 市 belongs to both.
_SHARED: Final = "市"


@lru_cache(maxsize=4096)  # reports of one agency name it again and again
def find_region(text: str, year: int | None = None) -> str:
    """Return the code of the region that a name begins with or holds, the most specific; "" if none.

    Reads down the path: 山东省青岛市市南区教育局 -> 370202. A bare county name counts only where one county bears it.
    With a year, a name that had several codes means the one in force then (巢湖市: 341400 until 2010, 340181 since);
    without, the one in force today, else the last. A zone that became a district later (两江新区) isn't found.
    """
    found = ""
    rest = text
    for depth in (2, 4, 6):
        code, after = _first(rest, depth, found, year)
        if code:
            found, rest = code, rest[after - 1 :] if _shared(rest, after, code, year) else rest[after:]
    return found


@lru_cache(maxsize=1024)
def is_place(text: str, year: int | None = None) -> bool:
    """Whether a text is the name of a place, with or without what contains it, and nothing else.

    Also of one whose name several places share (朝阳区), and of a short name (延边州). A zone that became a district
    later isn't one yet.
    """
    if len(text) > _LONGEST_SHORT and not text.endswith(_PLACE_ENDS):
        return False
    rest = text
    found = ""
    for depth in (2, 4, 6):
        code, after = _first(rest, depth, found, year)
        if code and (rest[:after], code) in _names(depth, found, year).get(rest[0], ()):
            found, rest = code, rest[after - 1 :] if _shared(rest, after, code, year) else rest[after:]
    if found:
        return not rest
    return any(entry.name == text and not entry.was_no_district_yet(year) for entry in _forms("").get(text, ()))


def _shared(text: str, after: int, code: str, year: int | None) -> bool:
    if depth_of(code) != 4 or text[after - 1] != _SHARED:
        return False
    return any(text.startswith(name, after - 1) for name, _ in _names(6, code, year).get(_SHARED, ()))


def _first(text: str, depth: int, inside: str, year: int | None) -> tuple[str, int]:
    """Return the leftmost, then longest, region of one depth below ``inside``, and where it ends."""
    names = _names(depth, inside, year)
    for at, char in enumerate(text):
        for name, code in names.get(char, ()):
            # Only the first place of a name in the text is looked at.
            if text.find(name) == at and _stands(text, at, name, depth):
                return code, at + len(name)
    return "", 0


def _stands(text: str, at: int, name: str, depth: int) -> bool:
    """Whether a name found in a text is the place and no part of another word."""
    if depth == 6 and len(name) == 2:
        return at == 0  # 各区和县 has no 和县
    if depth < 6 and _within_a_county(text, at, at + len(name)):
        return False  # 阿拉善左旗, 黄石港区, 峨眉山市
    if name in _full_names():
        return True
    at_start = at == 0 or bool(_CENTRAL.search(text[:at]))
    return at_start and not _NOT_THE_PLACE.match(text, at + len(name))


def _within_a_county(text: str, start: int, end: int) -> bool:
    """Whether a span is part of the name of a county (or of its short form)."""
    counties = _county_names()
    return any(
        text[before:after] in counties
        for before in range(max(0, start - 4), start + 1)
        for after in range(max(end, before + 1 + end - start), min(len(text), before + 16) + 1)
    )


@cache
def _full_names() -> frozenset[str]:
    """Return the names with their suffix, 延边州 and 长阳县 among them: 荆州 ends like one but is none."""
    found = set()
    for lines in entries().values():
        for entry in lines:
            autonomous = _AUTONOMOUS.fullmatch(entry.name)
            found |= {entry.name, *([autonomous["stem"] + autonomous["kind"]] if autonomous else ())}
    return frozenset(found)


@cache
def _county_names() -> frozenset[str]:
    return frozenset(form for form, owners in _forms("").items() if any(depth_of(e.code) == 6 for e in owners))


@cache
def _names(depth: int, inside: str, year: int | None) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return first character -> (name, code) of one depth below a code, the longest first.

    Without a parent, only names that are unique.
    """
    prefix = inside[:2] if inside.endswith("0000") else inside[: max(depth - 2, 0)]
    found: dict[str, list[tuple[str, str]]] = {}
    for form, owners, always in _forms_at(prefix, depth):
        chosen = always
        if not chosen:
            here = [entry for entry in owners if not entry.was_no_district_yet(year)]
            chosen = _settled([e for e in _preferred(here, form, year) if depth_of(e.code) == depth])
        if chosen:
            found.setdefault(form[0], []).append((form, chosen))
    return {first: tuple(sorted(names, key=lambda pair: -len(pair[0]))) for first, names in found.items()}


@cache
def _forms_at(prefix: str, depth: int) -> tuple[tuple[str, list[Entry], str], ...]:
    """Return the forms below a code that an entry of one depth bears, all that bear each, the code that it is always."""
    return tuple(
        (form, owners, _always(form, owners))
        for form, owners in _forms(prefix).items()
        if any(depth_of(e.code) == depth for e in owners)
    )


def _always(form: str, owners: list[Entry]) -> str:
    """Return the code of the only one that bears a name, if that is so in any year; "" where the year matters."""
    only = owners[0]
    if len(owners) > 1 or only.name.endswith("新区"):
        return ""
    return only.code if only.last is None or only.name == form else ""


def _preferred(owners: list[Entry], form: str, year: int | None) -> list[Entry]:
    """Return those that bear the name in the year, else today; where none does, all that ever did."""
    for when in (year, None):
        there = [entry for entry in owners if entry.in_force(when)]
        if there:
            return there
    # 巢湖 alone, long after the prefecture of that name, says too little.
    return [entry for entry in owners if entry.name == form]


def _settled(owners: list[Entry]) -> str:
    """Return the one code; of several that lead to one place today the last; "" where they are different places."""
    if len({entry.now or entry.code for entry in owners}) != 1:
        return ""
    return max(owners, key=lambda entry: (entry.last is None, entry.last or 0)).code


@cache
def _forms(prefix: str) -> dict[str, list[Entry]]:
    """Return every full name and every short one (青岛, 内蒙古, 延边州, 长阳县) below a code -> the entries that bear it."""
    found: dict[str, list[Entry]] = {}
    for entry in _below(prefix):
        for form in _forms_of(entry):
            found.setdefault(form, []).append(entry)
    return found


@cache
def _below(prefix: str) -> tuple[Entry, ...]:
    """Return the entries whose code begins with a prefix, in the order of the table."""
    if len(prefix) > 2:
        return tuple(entry for entry in _below(prefix[:2]) if entry.code.startswith(prefix))
    return tuple(e for code, lines in entries().items() if code.startswith(prefix) and code != NATIONAL for e in lines)


def _forms_of(entry: Entry) -> Iterator[str]:
    yield entry.name
    depth = depth_of(entry.code)
    autonomous = _AUTONOMOUS.fullmatch(entry.name)
    if autonomous:
        yield autonomous["stem"] + autonomous["kind"]
        if depth == 4 and autonomous["stem"] not in _NOT_SHORT and autonomous["stem"] != "海南":
            yield autonomous["stem"]
    elif depth < 6:
        for suffix in _SUFFIXES:
            short = entry.name.removesuffix(suffix)
            if short != entry.name and len(short) > 1:
                if short not in _NOT_SHORT:
                    yield short
                return


@cache
def names_of_places() -> dict[str, tuple[str, ...]]:
    """Return every name of a region, in full and in short, with the codes that bear or bore it."""
    return {name: tuple(dict.fromkeys(entry.code for entry in owners)) for name, owners in _forms("").items()}


def stands_as_place(text: str, at: int, name: str, shortest: int) -> bool:
    """Whether a name found anywhere in a text is that of a place: in full and not too short, or in short before no word."""
    if name in _full_names():
        return len(name) >= shortest and not _within_a_longer_county(text, at, at + len(name))
    return not _NOT_THE_PLACE.match(text, at + len(name)) and not _within_a_county(text, at, at + len(name))


def _within_a_longer_county(text: str, start: int, end: int) -> bool:
    """Whether a county's name goes on beyond a span: 阿拉善左旗 has 阿拉善."""
    counties = _county_names()
    return any(text[before:end] in counties for before in range(max(0, start - 6), start))
