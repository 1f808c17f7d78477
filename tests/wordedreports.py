"""Small reports whose sentences are known, and a library of them."""

from __future__ import annotations

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
