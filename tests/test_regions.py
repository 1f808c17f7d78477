"""Regions: the code of then and of now, and the region a name holds. Real places, invented agencies."""

from __future__ import annotations

import pytest
from strategies import Part, build_report

from corpus.gazetteer import entries
from corpus.regions import (
    current_code,
    find_region,
    full_name,
    is_region,
    level_of,
    region_named,
    region_path,
    region_texts,
    regions_of,
)
from indexer.columns import report_values
from indexer.jsonform import report_json

#: Well-known changes: code then, its name, code now, its name.
CHANGES = """
330184 余杭市 330110 余杭区|330181 萧山市 330109 萧山区|330183 富阳市 330111 富阳区|330185 临安市 330112 临安区
330103 下城区 330105 拱墅区|330104 江干区 330102 上城区|330204 江东区 330212 鄞州区|330283 奉化市 330213 奉化区
330621 绍兴县 330603 柯桥区|331021 玉环县 331083 玉环市|110103 崇文区 110101 东城区|110104 宣武区 110102 西城区
110228 密云县 110118 密云区|110229 延庆县 110119 延庆区|120107 塘沽区 120116 滨海新区|120109 大港区 120116 滨海新区
120225 蓟县 120119 蓟州区|310103 卢湾区 310101 黄浦区|310108 闸北区 310106 静安区|310119 南汇区 310115 浦东新区
310230 崇明县 310151 崇明区|320103 白下区 320104 秦淮区|320107 下关区 320106 鼓楼区|320503 平江区 320508 姑苏区
320584 吴江市 320509 吴江区|320684 海门市 320614 海门区|320683 通州市 320612 通州区|320202 崇安区 320213 梁溪区
341400 巢湖市 340181 巢湖市|341421 庐江县 340124 庐江县|341422 无为县 340281 无为市|341424 和县 340523 和县
340221 芜湖县 340210 湾沚区|350681 龙海市 350604 龙海区|350427 沙县 350405 沙县区|350402 梅列区 350404 三元区
360105 湾里区 360112 新建区|360121 南昌县 360121 南昌县|360421 九江县 360404 柴桑区|370181 章丘市 370114 章丘区
371200 莱芜市 370116 莱芜区|371202 莱城区 370116 莱芜区|371203 钢城区 370117 钢城区|370205 四方区 370203 市北区
370284 胶南市 370211 黄岛区|370282 即墨市 370215 即墨区|370684 蓬莱市 370614 蓬莱区|370802 市中区 370811 任城区
410322 孟津县 410308 孟津区|410381 偃师市 410307 偃师区|420321 郧县 420304 郧阳区|430124 宁乡县 430182 宁乡市
440116 萝岗区 440112 黄埔区|440183 增城市 440118 增城区|440102 东山区 440104 越秀区|450127 横县 450181 横州市
500222 綦江县 500110 綦江区|500225 大足县 500111 大足区|510124 郫县 510117 郫都区|510184 崇州市 510184 崇州市
520321 遵义县 520304 播州区|522201 铜仁市 520602 碧江区|522401 毕节市 520502 七星关区|532331 禄丰县 532302 禄丰市
542400 那曲地区 540600 那曲市|542301 日喀则市 540202 桑珠孜区|610125 户县 610118 鄠邑区|620121 永登县 620121 永登县
652201 哈密市 650502 伊州区|652101 吐鲁番市 650402 高昌区|230702 伊春区 230717 伊美区|220381 公主岭市 220184 公主岭市
130521 邢台县 130503 信都区|130682 定州市 130682 定州市|469003 儋州市 460400 儋州市|232723 漠河县 232701 漠河市
"""


@pytest.mark.parametrize("change", CHANGES.strip().replace("\n", "|").split("|"))
def test_a_code_leads_to_the_one_of_today(change: str) -> None:
    then, name, now, name_now = change.split()
    assert name in {entry.name for entry in entries()[then]}
    assert current_code(then) == now
    assert full_name(now).endswith(name_now)


def test_every_code_leads_to_one_in_force_in_one_step() -> None:
    in_force = {code for code, lines in entries().items() if any(entry.last is None for entry in lines)}
    assert len(in_force) > 3_100
    for code in entries():
        assert current_code(code) in in_force
        assert current_code(current_code(code)) == current_code(code)


def test_no_place_changes_its_province_but_those_of_chongqing() -> None:
    moved = {code[:2] for code in entries() if current_code(code)[:2] != code[:2]}
    assert moved == {"51"}


def test_a_code_given_to_another_place_is_told_apart_by_the_year() -> None:
    assert (current_code("469025", 2005), current_code("469025", 2015)) == ("469021", "469025")
    assert (full_name("469025", 2005), full_name("469025")) == ("海南省定安县", "海南省白沙黎族自治县")


def test_names_of_then_and_now() -> None:
    assert region_texts("420600", 2008) == ("湖北省襄樊市", "湖北省襄阳市")
    assert region_texts("330184", 2000) == ("浙江省杭州市余杭市", "浙江省杭州市余杭区")
    assert region_texts("370200", 2010) == ("山东省青岛市",)
    assert regions_of("371202", 2010) == ("370000", "371200", "371202", "370100", "370116")
    assert (region_path(""), regions_of(""), region_texts("")) == ((), (), ("",))
    assert current_code("") == ""
    assert current_code("999999") == "999999"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("山东省教育厅", "370000"),
        ("广东教育厅", "440000"),
        ("内蒙古教育厅", "150000"),
        ("海南教育厅", "460000"),
        ("海南州教育局", "632500"),
        ("吉林教育厅", "220000"),
        ("吉林市教育局", "220200"),
        ("青岛人社局", "370200"),
        ("延边州卫生局", "222400"),
        ("恩施州人民政府", "422800"),
        ("恩施市人民政府", "422801"),
        ("黔东南州教育局", "522600"),
        ("锡林郭勒盟行政公署", "152500"),
        ("大兴安岭地区行署", "232700"),
        ("伊犁哈萨克自治州财政局", "654000"),
        ("长阳县人民政府", "420528"),
        ("长阳土家族自治县民政局", "420528"),
        ("云南省大理市水务局", "532901"),
        ("和县人民政府", "340523"),
        ("济源市人民政府", "419001"),
        ("兵团第八师石河子市教育局", "659001"),
        ("新疆生产建设兵团教育局", "650000"),
        ("浦东新区财政局", "310115"),
        ("天津滨海新区管委会", "120116"),
        ("河北雄安新区管委会", "130000"),
        ("青岛经济技术开发区管委会", "370200"),
        ("成都高新区管委会", "510100"),
        ("苏州工业园区管委会", "320500"),
        ("乐山市市中区教育局", "511102"),
        ("济宁市中区教育局", "370802"),
        ("南京市鼓楼区教育局", "320106"),
        ("福州鼓楼区教育局", "350102"),
        ("北京市朝阳区教委", "110105"),
        ("朝阳市教育局", "211300"),
        ("海淀区教委", "110108"),
        ("国家税务总局青岛市税务局", "370200"),
        ("国家统计局青岛调查队", "370200"),
        ("中国证券监督管理委员会上海监管局", "310000"),
        ("余杭市人民政府", "330184"),
        ("襄樊市教育局", "420600"),
        ("阿拉善左旗教育局", "152921"),
        ("本溪满族自治县教育局", "210521"),
        ("黄石港区教育局", "420202"),
        ("峨眉山市教育局", "511181"),
        ("河南蒙古族自治县教育局", "632324"),
        ("荆州区教育局", "421003"),
        ("荆州教育局", "421000"),
        ("朝阳区教育局", ""),
        ("鼓楼区人民政府", ""),
        ("城关镇人民政府", ""),
        ("朝阳镇人民政府", ""),
        ("长沙乡人民政府", ""),
        ("各区和县人民政府", ""),
        ("湖南路街道办事处", ""),
        ("北京师范大学", ""),
        ("中国人民大学", ""),
        ("某某局", ""),
    ],
)
def test_the_region_that_a_name_holds(name: str, code: str) -> None:
    assert find_region(name) == code


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("巢湖市人民政府", 2009, "341400"),
        ("巢湖市人民政府", 2012, "340181"),
        ("巢湖市人民政府", None, "340181"),
        ("和县人民政府", 2009, "341424"),
        ("莱芜市教育局", 2020, "371200"),
        ("重庆两江新区管委会", 2015, "500000"),
        ("重庆两江新区管委会", 2026, "500157"),
        ("杭州市临平区财政局", 2021, "330113"),
        ("重庆市綦江县教育局", 2010, "500222"),
        ("宿州市教育局", 2010, "341300"),
    ],
)
def test_a_name_means_the_region_of_the_year(name: str, year: int | None, code: str) -> None:
    assert find_region(name, year) == code


def test_every_region_in_force_is_found_by_its_full_name() -> None:
    for code in (c for c, lines in entries().items() if c != "100000" and any(e.last is None for e in lines)):
        assert find_region(f"{full_name(code)}教育局") == code


def test_a_bare_county_is_found_or_nothing_is() -> None:
    for code, lines in entries().items():
        if not code.endswith("00") and lines[-1].last is None:
            assert find_region(f"{lines[-1].name}教育局") in {code, ""}


def test_levels_and_exact_names() -> None:
    assert [level_of(c) for c in ("", "100000", "370000", "341400", "340181")] == [
        "",
        "national",
        "province",
        "prefecture",
        "county",
    ]
    assert region_named("湖北省襄樊市") == "420600"
    assert region_named("青岛市某局") == ""
    assert is_region("330184")
    assert not is_region("330199")


def test_a_report_counts_where_its_region_was_and_where_it_is() -> None:
    report = build_report("r", "年度报告", [Part("")], region="371200", year=2010)
    assert report.region_now == "370116"
    assert report_values(report, "region") == ("370000", "371200", "370100", "370116")
    found = report_json(report)
    assert (found["region"], found["region_now"]) == ("371200", "370116")
    assert build_report("r", "年度报告", [Part("")]).region_now == ""
