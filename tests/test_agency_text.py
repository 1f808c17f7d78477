"""Agencies as titles, signatures and sentences name them: their region, department and level. Real places, invented reports."""

from __future__ import annotations

import pytest

from corpus.model import Report
from corpus.parsing import parse

BODY = (
    "一、概述\n全年主动公开政府信息12条，各项工作平稳有序，没有发生失密泄密事件。\n二、主动公开政府信息情况\n见网站。\n"
    "三、存在的主要问题和改进情况\n公开内容不够丰富。\n"
)


def report(title: str, opening: str = "", end: str = "", head: str = "") -> Report:
    if head:
        paragraphs = "".join(f"<p>{line}</p>" for line in f"{opening}{BODY}{end}".splitlines() if line)
        page = f"<html><head><meta charset='utf-8'>{head}</head><body><h1>{title}</h1><div id='zoom'>{paragraphs}</div>"
        return parse(page.encode(), "x.html", "x.html")
    return parse(f"{title}\n{opening}{BODY}{end}".encode(), "x.txt", "x.txt")


@pytest.mark.parametrize(
    ("name", "year", "agency", "region", "department", "level"),
    [
        ("淮安市楚州区", 2010, "淮安市楚州区人民政府", "320803", "人民政府", "county"),
        ("思茅市", 2006, "思茅市人民政府", "530800", "人民政府", "prefecture"),
        ("青岛市四方区", 2010, "青岛市四方区人民政府", "370205", "人民政府", "county"),
        ("海南州", 2020, "海南州人民政府", "632500", "人民政府", "prefecture"),
        ("锡林郭勒盟", 2021, "锡林郭勒盟行政公署", "152500", "人民政府", "prefecture"),
        ("大兴安岭地区行政公署", 2019, "大兴安岭地区行政公署", "232700", "人民政府", "prefecture"),
        ("朝阳区", 2020, "朝阳区人民政府", "", "人民政府", ""),
        ("重庆市两江新区", 2020, "重庆市两江新区", "500000", "人民政府", ""),
        ("苏州工业园区管理委员会", 2021, "苏州工业园区管理委员会", "320500", "人民政府", ""),
        ("西安高新区", 2020, "西安高新区", "610100", "人民政府", ""),
        ("市南区八大湖街道", 2021, "市南区八大湖街道", "370202", "人民政府", "town"),
        ("沭阳县扎下镇", 2021, "沭阳县扎下镇", "321322", "人民政府", "town"),
        ("鄂尔多斯市伊金霍洛旗苏布尔嘎苏木", 2021, "鄂尔多斯市伊金霍洛旗苏布尔嘎苏木", "150627", "人民政府", "town"),
        ("景德镇市", 2021, "景德镇市人民政府", "360200", "人民政府", "prefecture"),
        ("青岛市公安局市南分局", 2021, "青岛市公安局市南分局", "370202", "公安", "county"),
        ("北京市公安局海淀分局", 2020, "北京市公安局海淀分局", "110108", "公安", "county"),
        ("杭州市公安局西湖风景名胜区分局", 2020, "杭州市公安局西湖风景名胜区分局", "330100", "公安", ""),
        ("国家外汇管理局青岛市分局", 2020, "国家外汇管理局青岛市分局", "370200", "人民银行", "prefecture"),
        ("中国银行保险监督管理委员会大连监管局", 2019, "中国银行保险监督管理委员会大连监管局", "210200", "金融监管", "prefecture"),
        ("国家矿山安全监察局山东局", 2021, "国家矿山安全监察局山东局", "370000", "应急管理", "province"),
        ("生态环境部华东督察局", 2021, "生态环境部华东督察局", "100000", "生态环境", "national"),
        ("水利部长江水利委员会", 2021, "水利部长江水利委员会", "100000", "水利", "national"),
        ("财政部山东监管局", 2021, "财政部山东监管局", "370000", "财政", "province"),
        ("中华人民共和国青岛海关", 2021, "中华人民共和国青岛海关", "370200", "海关", "prefecture"),
        ("新疆生产建设兵团第八师石河子市", 2021, "新疆生产建设兵团第八师石河子市", "659001", "人民政府", "county"),
        ("公安县人民政府办公室", 2021, "公安县人民政府办公室", "421022", "人民政府", "county"),
        ("廣州市越秀區教育局", 2018, "广州市越秀区教育局", "440104", "教育", "county"),
    ],
)  # fmt: skip
def test_a_title_names_its_agency(name: str, year: int, agency: str, region: str, department: str, level: str) -> None:
    found = report(f"{name}{year}年政府信息公开工作年度报告")
    assert (found.agency, found.region, found.department, found.level) == (agency, region, department, level)
    assert found.year == year


@pytest.mark.parametrize(
    "title",
    [
        "关于2012年度政府信息公开工作情况的报告",
        "2014年度政府信息公开工作年度报告",
        "本局2014年政府信息公开工作年度报告",
    ],
)
def test_a_title_that_names_no_agency_gives_none(title: str) -> None:
    assert report(title).agency == ""


@pytest.mark.parametrize(
    ("title", "agency", "department", "year"),
    [
        ("青岛市教育局2008年5月1日至2008年12月31日政府信息公开工作年度报告", "青岛市教育局", "教育", 2008),
        ("青岛市2012年政务公开工作年度报告", "青岛市人民政府", "人民政府", 2012),
        ("沭阳县2009年政府信息公开工作总结", "沭阳县人民政府", "人民政府", 2009),
        ("花垣县教育和体育局2021年政府信息公开工作年度报告", "花垣县教育和体育局", "教育", 2021),
        ("《青岛市教育局2019年度政府信息公开工作年度报告》", "青岛市教育局", "教育", 2019),
        ("【年报】青岛市教育局2020年政府信息公开年度报告", "青岛市教育局", "教育", 2020),
        ("青岛市教育局2020年政府信息公开工作年度报告（2021年1月修订）", "青岛市教育局", "教育", 2020),
        ("青岛市中级人民法院2020年司法公开工作报告", "青岛市中级人民法院", "法院", 2020),
        ("青岛市教育局2021年法治政府建设年度报告", "青岛市教育局", "教育", 2021),
    ],
)
def test_titles_worded_otherwise_name_agency_and_year(title: str, agency: str, department: str, year: int) -> None:
    found = report(title)
    assert (found.title, found.agency, found.department, found.year) == (title, agency, department, year)


@pytest.mark.parametrize(
    "opening",
    [
        "本报告根据《中华人民共和国政府信息公开条例》要求，由延边州教育局编制。\n",
        "现公布延边州教育局2014年度政府信息公开工作年度报告。\n",
        "特编制本报告。如对报告有疑问，请与延边州教育局办公室联系（电话：0433-0000000）。\n",
        "2014年，延边州教育局认真贯彻落实条例，各项工作有序推进。\n",
    ],
)
def test_an_agency_that_the_title_leaves_out_is_found_in_the_text(opening: str) -> None:
    found = report("2014年度政府信息公开工作年度报告", opening)
    assert (found.agency, found.provenance["agency"], found.region) == ("延边州教育局", "text", "222400")


def test_an_agency_without_its_place_is_completed_from_where_it_is_named_in_full() -> None:
    found = report("市教育局2014年政府信息公开工作年度报告", end="青岛市教育局\n2015年3月2日\n")
    assert (found.agency, found.provenance["agency"], found.region) == ("青岛市教育局", "signature", "370200")
    alone = report("市教育局2014年政府信息公开工作年度报告")
    assert (alone.agency, alone.region) == ("市教育局", "")


def test_a_speech_is_that_of_the_government_of_its_congress() -> None:
    found = parse(
        "政府工作报告\n——2013年1月15日在沭阳县第十五届人民代表大会第二次会议上\n各位代表：\n现在，我代表县人民政府向大会作政府工作报告，请予审议。\n"
        "一、2012年工作回顾\n过去一年成绩显著。\n二、2013年任务\n继续努力。\n".encode(),
        "x.txt",
        "x.txt",
    )
    assert (found.agency, found.region, found.level, found.year) == ("沭阳县人民政府", "321322", "county", 2013)


@pytest.mark.parametrize(
    ("end", "date"),
    [
        ("注：以上数据截至2013年12月31日。\n", ""),
        ("青岛市教育局\n2014年2月28日\n", "2014-02-28"),
        ("青岛市市南区人民政府办公室　2014年2月28日\n", "2014-02-28"),
        ("（2014年2月28日印发）\n", "2014-02-28"),
        ("填报日期：2014年2月28日\n", "2014-02-28"),
        ("二○一四年二月二十八日\n", "2014-02-28"),
    ],
)
def test_the_date_of_a_signature_stands_alone_or_after_its_agency(end: str, date: str) -> None:
    assert report("青岛市教育局2013年政府信息公开工作年度报告", end=end).published_on == date


def test_the_date_of_a_covering_notice_is_that_of_publication() -> None:
    found = report(
        "关于公布青岛市教育局2013年政府信息公开工作年度报告的通知\n各有关单位：\n现将报告予以公布。\n青岛市教育局\n2014年3月5日\n"
        "青岛市教育局2013年政府信息公开工作年度报告"
    )
    assert (found.year, found.published_on, found.title) == (
        2013,
        "2014-03-05",
        "青岛市教育局2013年政府信息公开工作年度报告",
    )
    assert found.provenance["title"] == "text"


def test_the_site_says_that_an_office_is_of_the_state_and_which() -> None:
    said = {"SiteIDCode": "bm55000001", "SiteName": "国家金融监督管理总局", "ContentSource": "检查局"}
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in said.items())
    found = report("国家金融监督管理总局行政处罚信息公开表", head=head)
    assert (found.agency, found.region, found.level) == ("国家金融监督管理总局", "100000", "national")


@pytest.mark.parametrize(
    ("written", "agency"),
    [
        ("廣東省人民政府辦公廳", "广东省人民政府办公厅"),
        ("⻘岛市財政局", "青岛市财政局"),
        ("乾县人民政府", "乾县人民政府"),
        ("青岛市财政局", None),
    ],
)
def test_an_agency_in_traditional_characters_is_the_same_agency(written: str, agency: str | None) -> None:
    report = parse(f"{written}2012年政府信息公开工作年度报告\n一、概述\n正文。".encode(), "a.txt", "a.txt")
    assert report.agency == (agency or written)
    assert report.provenance.get("agency_written", report.agency) == written
    assert report.title.startswith(written) or written.startswith("⻘")


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("临沂市审计局局长　王某", "临沂市审计局"),
        ("临沂市发展和改革委员会主任 李某某", "临沂市发展和改革委员会"),
        ("主任、各位副主任：", ""),
        ("我局局长主持会议并讲话。", ""),
    ],
)
def test_a_report_that_is_read_out_is_its_speakers_agencys(line: str, agency: str) -> None:
    title = "关于2020年度市级预算执行和其他财政收支的审计工作报告"
    text = f"{title}\n——2021年6月25日在市第二十届人大常委会第三次会议上\n{line}\n一、总体情况\n整体较好。"
    found = parse(text.encode(), "a.txt", "a")
    assert found.agency == agency
