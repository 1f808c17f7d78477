"""Dates, years and document numbers in every notation."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.dates import arabic_years, find_date, find_years
from corpus.model import Report
from corpus.parsing import parse, parsed_file
from corpus.rows import report_from_rows


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2010年1月19日", "2010-01-19"),
        ("２００９年１月２日", "2009-01-02"),
        ("2010 年 1 月 19 日", "2010-01-19"),
        ("2010年元月19日", "2010-01-19"),
        ("二〇一〇年一月十九日", "2010-01-19"),
        ("二○一○年一月十九日", "2010-01-19"),
        ("二◯一◯年一月十九日", "2010-01-19"),
        ("二零一零年十月十日", "2010-10-10"),
        ("二0一0年十二月三十一日", "2010-12-31"),
        ("二０一０年1月19日", "2010-01-19"),
        ("二O一O年一月三十日", "2010-01-30"),
        ("二〇一〇年十二月廿一日", "2010-12-21"),
        ("一九九八年三月五日", "1998-03-05"),
        ("2010.1.19", "2010-01-19"),
        ("2010/1/19", "2010-01-19"),
        ("2010-01-19T08:00", "2010-01-19"),
        ("2010-01-19 08:00:05", "2010-01-19"),
        ("20100119", "2010-01-19"),
        ("发布于20100119，共3页", "2010-01-19"),
        ("二〇一〇年一月十九日至2011年2月1日", "2010-01-19"),
        ("2010年1月", ""),
        ("10年1月3日", ""),
        ("〇一〇年一月三日", ""),
        ("民国二十年一月一日", ""),
        ("20101319", ""),
        ("2010年2月30日", ""),
        ("202111日起至20211230日", ""),
        ("编号20100119号", ""),
        ("20100119元", ""),
        ("电话20100119-12", ""),
        ("120100119", ""),
        ("", ""),
    ],
)
def test_a_date_is_found_in_its_notation_or_not_guessed(text: str, date: str) -> None:
    assert find_date(text) == date


def test_years() -> None:
    assert find_years("二0一0年、二○一一年度、2012年，一九八五年，20133，〇九年") == [2010, 2011, 2012, 1985]
    assert arabic_years("二○一○年度报告") == "2010年度报告"


def described(text: str, name: str = "x.txt") -> Report:
    return parse(text.encode(), name, name)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某某市财政局2010年政府信息公开工作年度报告", 2010),
        ("某某市财政局二○一○年政府信息公开工作年度报告", 2010),
        ("某某市财政局二0一0年度政府信息公开工作报告", 2010),
        ("某某市财政局2019-2020年政府信息公开工作年度报告", 2020),
        ("某某市财政局2019年至2020年政府信息公开工作年度报告", 2020),
        ("某某市财政局截至2011年1月的2010年度政府信息公开工作报告", 2010),
        ("2011年1月某某市财政局2010年政府信息公开工作年度报告", 2010),
        ("2009年某某市政府工作报告", 2009),
        ("某某市财政局政府信息公开工作年度报告", None),
    ],
)
def test_the_year_reported_is_the_titles(title: str, year: int | None) -> None:
    report = described(f"{title}\n发布日期：2021-03-05\n一、概述\n正文一段。\n")
    assert (report.year, report.provenance.get("year")) == (year, "title" if year else None)
    assert report.published_on == "2021-03-05"


@pytest.mark.parametrize(
    "opening",
    [
        "本报告所列数据的统计期限自2010年1月1日起至2010年12月31日止。",
        "二○一○年度，某某市财政局认真贯彻条例。",
        "现公布2010年度报告。",
    ],
)
def test_a_year_that_the_title_lacks_is_taken_from_the_text(opening: str) -> None:
    report = described(f"某某市财政局政府信息公开工作年度报告\n发布日期：2021-03-05\n{opening}\n一、概述\n正文。\n")
    assert (report.year, report.provenance["year"]) == (2010, "text")


@pytest.mark.parametrize(
    "opening", ["2011年1月20日，某某市财政局召开会议。", "统计期限为202111日起至20211230日。", "地址：某路2012号。"]
)
def test_a_day_or_lost_digits_are_no_year_reported(opening: str) -> None:
    report = described(f"某某市财政局政府信息公开工作年度报告\n{opening}\n一、概述\n正文。\n")
    assert report.year is None


@pytest.mark.parametrize(
    "number",
    [
        "国发〔2010〕33号",
        "永政办[2009]51号",
        "国办发(1985)12号",
        "国办发（1985）12号",
        "某政发【2011】7号",
        "鲁政办字〔2011〕12 号",
        "中华人民共和国国务院令第711号",
        "某某市人民政府令第二十一号",
        "公告2021年第5号",
        "某某部公告2021年第5号",
    ],
)
def test_document_numbers(number: str) -> None:
    report = described(f"关于做好有关工作的通知\n{number}\n各有关单位：\n一、总体要求\n正文一段。\n")
    assert report.document_number == number


def test_a_documents_year_is_its_numbers_not_that_of_its_posting() -> None:
    report = described("某某办公厅对第4626号提案的答复\n某办函〔2006〕82号\n发布日期：2018-12-24\n某某：\n来函收悉。")
    assert (report.year, report.provenance["year"], report.published_on) == (2006, "document_number", "2018-12-24")


@pytest.mark.parametrize("text", ["依据国务院令第711号编制本报告。", "按照国发〔2010〕33号文件要求，做好工作。"])
def test_a_number_in_a_sentence_is_another_documents(text: str) -> None:
    assert described(f"关于做好有关工作的通知\n{text}\n一、总体要求\n正文。\n").document_number == ""


@pytest.mark.parametrize(
    "title",
    [
        "2026年陕西省政府工作报告",
        "陕西省2026年政府工作报告",
        "二〇二六年陕西省人民政府工作报告",
        "陕西省人民政府二○二六年政府工作报告",
    ],
)
def test_a_work_report_is_the_governments_of_its_title(title: str) -> None:
    report = described(f"{title}\n各位代表：\n一、回顾\n正文。")
    assert (report.agency, report.region, report.year) == ("陕西省人民政府", "610000", 2026)


def test_the_region_is_that_of_the_year_and_says_its_source() -> None:
    then = described("巢湖市财政局2009年政府信息公开工作年度报告\n一、概述\n正文。")
    now = described("巢湖市财政局2015年政府信息公开工作年度报告\n一、概述\n正文。")
    assert (then.region, then.region_now, then.level) == ("341400", "340181", "prefecture")
    assert (now.region, now.region_now, now.level) == ("340181", "340181", "county")
    assert then.provenance["region"] == "agency"


def test_the_sites_code_comes_before_the_agency_unless_that_is_within_it_or_older() -> None:
    def region(code: str, agency: str) -> tuple[str, str]:
        head = f'<meta name="SiteIDCode" content="{code}0001"><meta name="ArticleTitle" content="{agency}2010年政府信息公开工作年度报告">'
        html = f"<html><head>{head}</head><body><p>一、概述</p><p>正文一段。</p></body></html>"
        report = parse(html.encode(), "p.html", "p.html")
        return report.region, report.provenance["region"]

    assert region("370200", "青岛市财政局") == ("370200", "meta:SiteIDCode")
    assert region("370200", "青岛市市南区财政局") == ("370202", "agency")
    assert region("370116", "莱芜市财政局") == ("371200", "agency")
    assert region("110110", "北京市房山区财政局") == ("110111", "agency")
    assert region("370200", "烟台市财政局") == ("370200", "meta:SiteIDCode")
    assert region("370202", "青岛市财政局") == ("370202", "meta:SiteIDCode")
    assert region("999999", "烟台市财政局") == ("370600", "agency")


@pytest.mark.parametrize(
    ("code", "agency", "otherwise"),
    [
        ("370200", "烟台市财政局", "agency 370600"),
        ("370202", "青岛市财政局", "agency 370200"),
        ("370200", "青岛市市南区财政局", None),
        ("370116", "莱芜市财政局", None),
        ("370200", "财政局", None),
    ],
)
def test_a_region_that_contradicts_the_sites_code_is_kept_beside_it_and_doubted(
    code: str, agency: str, otherwise: str | None
) -> None:
    head = f'<meta name="SiteIDCode" content="{code}0001"><meta name="ArticleTitle" content="{agency}2010年政府信息公开工作年度报告">'
    html = f"<html><head>{head}</head><body><p>一、概述</p><p>正文一段。</p></body></html>"
    parsed = parsed_file(html.encode(), Path("p.html"), "p.html")
    assert ("region_disagrees" in parsed.doubts) == (otherwise is not None)
    assert parsed.report is not None
    assert report_from_rows(parsed.report).provenance.get("region_otherwise") == otherwise


LONG = "\n".join(f"{number}.全年主动公开政府信息{number}条，均按期答复。" for number in range(1, 30))


@pytest.mark.parametrize(
    "line",
    ["2020-01-15", "2020年1月15日", "二〇二〇年一月十五日", "（2020年1月15日）", "[2020.1.15]", "【2020-01-15】", "2020/1/15 10:20:31",
     "２０２０年１月１５日"],
)  # fmt: skip
def test_a_day_alone_below_the_title_is_that_of_publication(line: str) -> None:
    title = "云溪市教育局2019年政府信息公开工作年度报告"
    report = parse(f"{title}\n{line}\n一、总体情况\n{LONG}".encode(), "a.txt", "a")
    assert (report.published_on, report.provenance["published_on"]) == ("2020-01-15", "text")
    assert report.year == 2019
    told = parse(f"{title}\n{line}起施行的条例\n一、总体情况\n{LONG}".encode(), "a.txt", "a")
    assert told.published_on == ""


def test_a_report_without_a_title_is_told_by_its_parts_and_named_by_its_file() -> None:
    parts = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、其他需要报告的事项"]
    text = "".join(f"{part}\n全年没有收到投诉，也没有发生泄密。\n" for part in parts)
    report = parse(text.encode(), "年报/青岛市司法局2015年.txt", "a")
    assert (report.doctype, report.agency, report.year) == ("annual_report", "青岛市司法局", 2015)
    assert report.provenance["agency"] == "file name"
    assert [section.kind for section in report.sections[1:]] == ["overview", "proactive", "requests", "other"]
    letter = parse(
        text.replace("政府信息公开申请", "群众来信").replace("主动公开政府信息", "帮扶").encode(), "信.txt", "b"
    )
    assert letter.doctype == "document"


def test_a_code_of_a_former_county_is_no_disagreement() -> None:
    head = '<meta name="SiteIDCode" content="3702820011"><meta name="ArticleTitle" content="即墨区住建局2019年政府信息公开工作年度报告">'
    parsed = parsed_file(f"<html><head>{head}</head><body><p>正文。</p></body></html>".encode(), Path("p.html"), "p")
    assert parsed.report is not None
    assert "region_disagrees" not in parsed.doubts
    assert report_from_rows(parsed.report).region == "370215"
