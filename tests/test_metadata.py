"""What is found about a report, over the samples (whose answers are known by construction) and the real texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from samples import SAMPLES, need_shared

from corpus.dates import find_date, find_years
from corpus.departments import department_of
from corpus.htmlreader import read_html
from corpus.metadata import describe
from corpus.model import Report
from corpus.parsing import parse
from corpus.regions import find_region

EXPECTED: list[dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))
JUNK = (
    "【字号",
    "字体大小",
    "扫一扫",
    "您的位置",
    "当前位置",
    "上一篇",
    "下一篇",
    "网站标识码",
    "ICP备",
    "打印本页",
    "分享到",
)


def load(name: str) -> Report:
    return parse((SAMPLES / name).read_bytes(), name, f"samples/{name}")


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e["file"])
def test_each_sample_yields_its_metadata_and_headings(expected: dict[str, Any]) -> None:
    report = load(expected["file"])
    found = {
        "title": report.title,
        "agency": report.agency,
        "region": report.region,
        "department": report.department,
        "level": report.level,
        "year": report.year,
        "published_on": report.published_on or None,
        "document_number": report.document_number or None,
        "doctype": report.doctype,
        "template": report.template,
    }
    assert found == {name: expected[name] for name in found}
    numbered = [s.heading for s in report.sections if s.level == 1 and s.form == "prose" and s.heading != "引言"]
    assert numbered == expected["top_level_headings"]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e["file"])
def test_each_sample_is_free_of_junk_and_says_it_is_invented(expected: dict[str, Any]) -> None:
    text = load(expected["file"]).text
    assert "虚构样例" in text
    assert [junk for junk in JUNK if junk in text] == []


def test_the_samples_span_what_they_should() -> None:
    assert len(EXPECTED) >= 40
    assert len({e["region"] for e in EXPECTED}) >= 6
    assert len({e["department"] for e in EXPECTED}) >= 6
    assert len({e["year"] for e in EXPECTED}) >= 12
    assert {e["template"] for e in EXPECTED} == {"old", "2019", "2021", "none"}
    assert {e["file"].rsplit(".")[-1] for e in EXPECTED} == {"html", "txt"}


def test_every_value_says_where_it_came_from() -> None:
    report = load("qingdao-hrss-2019.html")
    for name in ("title", "agency", "region", "year", "published_on"):
        assert getattr(report, name)
        assert report.provenance[name]


def test_statutory_tables_are_tables_below_their_section() -> None:
    report = load("qingdao-hrss-2019.html")
    tables = [section for section in report.sections if section.form == "table"]
    assert {table.kind for table in tables} >= {"proactive", "requests", "review"}
    assert any("结转下年度继续办理" in table.text for table in tables)
    assert not any("结转下年度继续办理" in section.heading for section in report.sections)
    widths = {row.count(" | ") for table in tables if table.kind == "requests" for row in table.text.split("\n")}
    assert len(widths) == 1  # merged cells keep their places


def test_the_seed_report_gives_its_nine_parts() -> None:
    path = need_shared() / "qingdao-hrss-2010.txt"
    report = parse(path.read_bytes(), path.name, path.name)
    first = [(s.heading, s.kind) for s in report.sections if s.level == 1]
    assert first == [
        ("一、概述", "overview"),
        ("二、主动公开政府信息情况", "proactive"),
        ("三、依申请公开政府信息情况", "requests"),
        ("四、咨询和投诉情况", "consultation"),
        ("五、申请行政复议和提起行政诉讼情况", "review"),
        ("六、工作人员和费用支出情况", "staffing"),
        ("七、工作存在的主要问题和改进情况", "problems"),
        ("八、其他需要报告的事项", "other"),
        ("九、附表", "appendix"),
    ]
    assert [s.heading[:3] for s in report.sections if s.heading_path[:1] == ("一、概述",)] == [
        "一、概",
        "(一)",
        "(二)",
        "(三)",
        "(四)",
    ]
    assert [s.kind for s in report.sections if s.level == 2] == (
        ["overview"] * 4 + ["proactive"] * 2 + ["requests"] * 3 + ["staffing"] * 2 + ["problems"] * 3
    )
    assert "qdhrssoa@163.com,金宏网址" in report.text
    for junk in ("字体大小", "扫一扫", "青岛政务网 发布日期"):
        assert junk not in report.text
    assert (report.year, report.published_on, report.region) == (2010, "2011-01-30", "370200")
    assert report.agency == "青岛市人力资源和社会保障局"


def test_the_national_work_reports_know_their_year_and_office() -> None:
    folder = need_shared() / "work-reports-national"
    reports = {path.stem: parse(path.read_bytes(), path.name, path.name) for path in sorted(folder.glob("*.txt"))}
    assert len(reports) == 48
    assert {stem: report.year for stem, report in reports.items()} == {stem: int(stem) for stem in reports}
    assert {report.doctype for report in reports.values()} == {"work_report"}
    assert {report.level for report in reports.values()} == {"national"}


def test_the_number_table_of_policy_pages_is_read() -> None:
    folder = need_shared() / "html" / "gov-cn-2019"
    wanted = json.loads((folder / "index.json").read_text("utf-8"))
    assert len(wanted) == 30
    for entry in wanted:
        report = parse((folder / entry["file"]).read_bytes(), entry["file"], entry["file"])
        assert (report.title, report.agency, report.document_number) == (
            entry["title"],
            entry["office"],
            entry["number"],
        )


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2011-01-30 09:20", "2011-01-30"),
        ("2011年1月30日", "2011-01-30"),
        ("２０１１年０１月３０日", "2011-01-30"),
        ("二〇一〇年一月十九日", "2010-01-19"),
        ("二○一○年十二月三十一日", "2010-12-31"),
        ("2011/1/3", "2011-01-03"),
        ("2011-13-40 至 2012.2.3", "2012-02-03"),
        ("202111日起至20211230日", ""),
        ("没有日期", ""),
    ],
)
def test_dates_in_every_notation(text: str, date: str) -> None:
    assert find_date(text) == date


def test_years_in_both_notations() -> None:
    assert find_years("2010年度与二○一一年，编号20123") == [2010, 2011]


@pytest.mark.parametrize(
    ("agency", "department"),
    [
        ("青岛市人力资源和社会保障局", "人力资源和社会保障"),
        ("昆明市卫生局", "卫生健康"),
        ("昆明市卫生和计划生育委员会", "卫生健康"),
        ("成都市环境保护局", "生态环境"),
        ("沭阳县人民政府", "人民政府"),
        ("哈尔滨市民政局", "民政"),
        ("某某研究会", ""),
    ],
)
def test_departments_have_one_name_across_regions_and_years(agency: str, department: str) -> None:
    assert department_of(agency) == department


def described(text: str, name: str = "x.txt") -> Report:
    return parse(text.encode(), name, name)


def test_an_agency_is_taken_from_elsewhere_where_the_title_names_none() -> None:
    report = described(
        "2019年政府信息公开工作年度报告\n发布日期：2020-01-20 来源：青岛市财政局\n一、总体情况\n正文。\n青岛市财政局\n"
    )
    assert (report.agency, report.provenance["agency"]) == ("青岛市财政局", "dateline")
    assert (report.region, report.department) == ("370200", "财政")


def test_a_central_document_about_a_place_is_not_filed_under_it() -> None:
    report = described(
        "国务院办公厅关于同意哈尔滨市申办2009年冬季运动会的复函\n国办函〔2004〕36号\n黑龙江省人民政府：\n同意。"
    )
    assert (report.region, report.level, report.year) == ("100000", "national", 2004)


@pytest.mark.parametrize(
    ("title", "doctype"),
    [
        ("国务院关于落实《政府工作报告》重点工作部门分工的意见", "policy"),
        ("关于做好政府信息公开工作年度报告编制工作的通知", "policy"),
        ("青岛市教育局2010年政府信息公开工作年度报告", "annual_report"),
        ("2010年青岛市政府工作报告", "work_report"),
    ],
)
def test_a_title_says_its_type(title: str, doctype: str) -> None:
    assert described(f"{title}\n正文一段。").doctype == doctype


@pytest.mark.parametrize("name", ["湖南路街道办事处", "上海路街道办事处", "南京路派出所", "北京师范大学"])
def test_a_street_or_a_university_is_no_region(name: str) -> None:
    assert find_region(name) == ""


def test_departments_are_not_read_out_of_place_names() -> None:
    assert department_of("公安县人民政府") == "人民政府"
    assert department_of("西安交通大学") == ""


def test_an_articles_number_or_an_address_is_no_year() -> None:
    report = described(
        "某某局政府信息公开工作年度报告\n地址：某路2012号。依据2007年公布的《条例》编制。\n", "art_1987_12345.txt"
    )
    assert report.year is None


def test_a_title_broken_in_two_lines_is_one() -> None:
    report = described("沭阳县人民政府\n关于2010年政府信息公开工作的报告\n一、概述\n正文。")
    assert (report.title, report.doctype, report.year, report.agency) == (
        "沭阳县人民政府关于2010年政府信息公开工作的报告",
        "annual_report",
        2010,
        "沭阳县人民政府",
    )


def test_a_photos_caption_is_no_title() -> None:
    report = described("3月5日，某人在会上作《政府工作报告》。 新华社记者摄\n各位代表：\n一、回顾\n正文。", "2014.txt")
    assert "摄" not in report.title


@pytest.mark.parametrize(
    "line",
    [
        "2020-01-15 09:30 来源：青山市教育局",
        "2020-01-15 09:30:11　来源：青山市教育局　字号：大 中 小",
        "来源：青山市教育局 2020-01-15",
        "<span>来源：</span><span>青山市教育局</span><span>2020年1月15日 10:20</span>",
        "2020/01/15 | 来源：青山市教育局",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_dateline_whose_date_bears_no_label_gives_the_date(line: str, inside: bool) -> None:
    title = "青山市教育局2019年政府信息公开工作年度报告"
    text = "<p>一、概述</p><p>全年公开信息一百二十三条，均已按期答复。</p><p>青山市教育局</p><p>2020年1月10日</p>"
    above = f"<h1>{title}</h1><div>{line}</div>"
    body = f'<div id="zoom">{above}{text}</div>' if inside else f'{above}<div id="zoom">{text}</div>'

    def found(head: str = "") -> tuple[str, str]:
        page = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
        known = describe(read_html(page.encode()), "page.html")
        return known.published_on, known.provenance["published_on"]

    assert found() == ("2020-01-15", "dateline")
    assert found('<meta name="PubDate" content="2020-01-16">') == ("2020-01-16", "meta:pubdate")
