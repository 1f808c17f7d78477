"""Small reports whose sentences are known, and a library of them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from strategies import Part, build_report

from corpus.library import Library
from corpus.model import Report
from corpus.rows import report_rows
from corpus.sources import Source

#: Place -> agency, region.
PLACES: Final = {
    "青岛市": ("青岛市教育局", "370200"),
    "济南市": ("济南市教育局", "370100"),
    "市南区": ("青岛市市南区财政局", "370202"),
    "恩施州": ("恩施土家族苗族自治州教育局", "422800"),
}


#: Sentences that several reports use; the last one is too short to be a wording.
STOCK: Final = [
    "公开内容与群众需求还有差距，更新不够及时。",
    "{year}年，{agency}主动公开政府信息{n}条，比上年增长{n}%。",
    "全年收到信息公开申请{n}件，均已按时答复。",
    "一是公开意识有待增强；二是{place}队伍建设需要加强；",
    "没有因信息公开被提起行政复议、行政诉讼的情况。",
    "青岛市教育局的做法值得学习借鉴。",
    "共{n}件。",
]


def worded_report(
    name: str, agency: str, region: str, year: int | None, *, overview: str = "", problems: str = ""
) -> Report:
    """Return a report with an overview, a table and a section of problems; paragraphs are parted by line feeds."""
    parts = [
        Part("", ("本报告根据信息公开条例编制。",), 0, "preface"),
        Part("一、总体情况", tuple(filter(None, overview.split("\n"))), 1, "overview"),
        Part(
            "",
            ("主动公开政府信息数量 | 3", "没有因信息公开被提起行政复议、行政诉讼的情况 | 0"),
            2,
            "overview",
            "table",
            "none",
        ),
        Part("二、存在的主要问题", tuple(filter(None, problems.split("\n"))), 1, "problems"),
    ]
    title = f"{agency}{year or ''}年政府信息公开工作年度报告"
    published = "" if year is None else f"{year + 1}-01-20"
    address = f"https://reports.example/{name}"
    return build_report(
        name, title, parts, agency=agency, region=region, year=year, published_on=published, source_url=address
    )


def put(home: Path, reports: Iterable[Report], gone: str = "") -> None:
    """Put reports into the library of a home, each from a source of its own, and take one out."""
    with Library(home / "library.db") as library, library.transaction():
        for report in reports:
            name = f"{report.report_id}.txt"
            library.put(Source(name, str(home / name), parser=1, loaded_at="2026-01-01T00:00:00"), report_rows(report))
        if gone:
            library.remove(f"{gone}.txt")


def random_reports(chance: random.Random, count: int = 12) -> list[Report]:
    """Return reports of stock sentences, with their own figures and names."""
    found = []
    for number in range(count):
        place = chance.choice(list(PLACES))
        year = chance.choice((2018, 2019, 2020, None))
        name, region = PLACES[place]

        def sentence(agency: str = name, place: str = place, year: int | None = year) -> str:
            return chance.choice(STOCK).format(year=year or 2017, agency=agency, n=chance.randint(1, 99), place=place)

        problems = "".join(sentence() for _ in range(chance.randint(1, 4)))
        overview = "\n".join("".join(sentence() for _ in range(2)) for _ in range(chance.randint(1, 2)))
        found.append(worded_report(f"r{number}", name, region, year, overview=overview, problems=problems))
    return found
