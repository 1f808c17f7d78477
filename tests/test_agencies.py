"""Agencies: departments, short names, predecessors and successors."""

from __future__ import annotations

import pytest

from corpus.agencies import MOST_NAMES, eras, lineage
from corpus.departments import department_of
from indexer.fields import note_words
from indexer.parser import parse, read_as
from indexer.query import Exact, Lineage, Not, Term
from webui.labels_codes import DEPARTMENTS


def names(value: str) -> set[str]:
    return {name.name for name in lineage(value)}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("人社局", {"人力资源和社会保障局", "劳动和社会保障局", "人事局"}),
        ("青岛市人社局", {"青岛市人力资源和社会保障局", "青岛市劳动和社会保障局", "青岛市人事局"}),
        ("青岛人社局", {"青岛市人力资源和社会保障局", "青岛市人事局"}),
        ("市人社局", {"市人力资源和社会保障局"}),
        ("青岛市卫健委", {"青岛市卫生健康委员会", "青岛市卫生局", "青岛市卫生和计划生育委员会"}),
        ("青岛市卫生局", {"青岛市卫生和计划生育委员会", "青岛市卫生健康委员会"}),
        ("山东省卫生厅", {"山东省卫生和计划生育委员会", "山东省卫生健康委员会"}),
        ("卫生部", {"国家卫生和计划生育委员会", "国家卫生健康委员会"}),
        ("国家卫健委", {"国家卫生健康委员会", "卫生部"}),
        ("环保部", {"环境保护部", "生态环境部", "国家环境保护总局"}),
        ("昆明市环保局", {"昆明市环境保护局", "昆明市生态环境局"}),
        ("国土局", {"国土资源局", "自然资源局", "自然资源和规划局"}),
        ("工商局", {"工商行政管理局", "市场监督管理局"}),
        ("市场监管局", {"市场监督管理局", "工商行政管理局", "质量技术监督局", "食品药品监督管理局"}),
        ("银监会", {"中国银行业监督管理委员会", "中国银行保险监督管理委员会", "国家金融监督管理总局"}),
        ("发改委", {"发展和改革委员会", "发展和改革局"}),
        ("安监局", {"安全生产监督管理局", "应急管理局"}),
        ("国税局", {"国家税务局", "税务局"}),
        ("金融办", {"金融工作办公室", "地方金融监督管理局", "地方金融管理局"}),
    ],
)
def test_a_name_brings_its_full_former_and_later_names(value: str, wanted: set[str]) -> None:
    assert wanted <= names(value)


def test_what_stood_side_by_side_is_not_each_other() -> None:
    assert "质量技术监督局" not in names("工商局")
    assert "人口和计划生育委员会" not in names("卫生局")
    assert "青岛市卫生厅" not in names("青岛市卫健委")


@pytest.mark.parametrize(
    "value", ["", "人民政府", "局", "甲", "某某研究会", "计划生育协会", "北京师范大学教育局办公室", "李四人社局"]
)
def test_what_names_no_agency_stays_as_it_is(value: str) -> None:
    assert lineage(value) == ()


def test_no_value_stands_for_more_than_the_limit() -> None:
    for era in eras():
        for name in (*era.local_names(), *era.short, *era.national):
            for place in ("", "青岛市", "山东省"):
                assert len(lineage(place + name)) < MOST_NAMES
                assert place + name not in names(place + name)


def test_the_departments_have_english_names() -> None:
    assert {era.department for era in eras()} <= set(DEPARTMENTS)
    assert len({era.department for era in eras()}) >= 34


@pytest.mark.parametrize(
    ("agency", "department"),
    [
        ("青岛市人社局", "人力资源和社会保障"),
        ("国家卫生健康委员会", "卫生健康"),
        ("卫生部", "卫生健康"),
        ("昆明市人口和计划生育委员会", "卫生健康"),
        ("环境保护部", "生态环境"),
        ("国土资源部", "自然资源"),
        ("北京市规划和自然资源委员会", "自然资源"),
        ("农业部", "农业农村"),
        ("国家数据局", "数据管理"),
        ("中国银行保险监督管理委员会", "金融监管"),
        ("国家金融监督管理总局青岛监管局", "金融监管"),
        ("青岛市教育体育局", "教育"),
        ("浙江省农业农村厅", "农业农村"),
        ("市场监管总局", "市场监督管理"),
        ("公安县教育局", "教育"),
        ("青岛市人民政府", "人民政府"),
        ("西安交通大学", ""),
    ],
)
def test_departments_across_names_and_years(agency: str, department: str) -> None:
    assert department_of(agency) == department


def test_4_7_a_bare_value_is_read_with_its_lineage_and_says_so() -> None:
    parsed = parse("agency:人社局 公开")
    (note,) = parsed.notes
    assert "人力资源和社会保障局(2008-)" in note
    assert "人事局(-2009)" in note
    words = note_words(note)
    assert words
    assert all("劳动和社会保障局(1998-2009)" in said for said in words)
    assert read_as(parsed.query) == "agency:人社局 AND 公开"
    assert parse(read_as(parsed.query)).query == parsed.query


def test_4_7_a_quoted_value_and_other_fields_are_not() -> None:
    assert parse('agency:"卫生局"').query == Exact("卫生局", "agency")
    assert parse("title:卫生局").query == Term("卫生局", "title")
    assert parse("卫生局").query == Term("卫生局")
    assert parse("机关:甲局").query == Term("甲局", "agency")
    assert isinstance(parse("机关:(卫生局)").query, Lineage)
    negated = parse("-机关:卫生局").query
    assert isinstance(negated, Not)
    assert isinstance(negated.child, Lineage)


def test_4_7_a_value_is_one_leaf() -> None:
    assert parse(" OR ".join(["agency:卫健委"] * 64)).notes


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("青岛银保监局", {"国家金融监督管理总局青岛监管局", "中国银行保险监督管理委员会青岛监管局", "青岛银监局"}),
        ("山东省银保监局", {"国家金融监督管理总局山东监管局", "中国银行业监督管理委员会山东监管局"}),
        ("日照银保监局", {"国家金融监督管理总局日照监管分局"}),
        ("国家金融监督管理总局青岛监管局", {"青岛银保监局", "中国银行保险监督管理委员会青岛监管局", "青岛保监局"}),
        ("银保监局", {"国家金融监督管理总局", "中国银行业监督管理委员会"}),
        ("国家税务总局青岛市税务局", {"青岛市国家税务局", "青岛市地方税务局"}),
    ],
)
def test_branches_of_a_national_office_have_its_lineage(asked: str, found: set[str]) -> None:
    names = {name.name for name in lineage(asked)}
    assert found <= names
    assert not {name for name in names if "地方金融" in name or "金融工作" in name}


def test_a_ministry_before_no_place_is_no_branch() -> None:
    assert lineage("国家金融监督管理总局某监管局") == ()
    assert lineage("国家税务总局") == ()
