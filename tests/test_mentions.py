"""Places, offices and years that a text names: found as they are written, and not within other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.folding import fold
from corpus.mentions import offices_in, places_in, years_in
from indexer.mixupnames import Own, named_in
from indexer.segment import default_segmenter

QINGDAO = Own("青岛市财政局", "370200", 2024)


def places(text):
    folded = fold(text)
    return [folded[each.start : each.end] for each in places_in(folded)]


def named(text, own=QINGDAO):
    return [(each.kind, each.text, each.sure) for each in named_in(text, 0, own, default_segmenter())]


def test_a_path_of_places_is_one_mention_of_the_last():
    (found,) = places_in("山东省青岛市市南区人力资源")
    assert found.codes == ("370202",)
    assert places("长春市朝阳区与北京市朝阳区") == ["长春市朝阳区", "北京市朝阳区"]


@pytest.mark.parametrize("text", ["北京大学", "湖南路小学", "阿拉善左旗"[:0], "和县", "美好生活"])
def test_what_only_looks_like_a_place_is_none(text):
    assert places(text) == []


def test_offices_are_found_in_full_and_in_short_and_the_state_s_are_not():
    folded = "市教育局、人社局、中国气象局、生态环境局"
    assert [folded[o.start : o.end] for o in offices_in(folded)] == ["教育局", "人社局", "生态环境局"]


def test_years_are_found_in_digits_and_in_chinese():
    assert [each.year for each in years_in(fold("２０２３年度，二〇二二年，二○二一年，12024年，2023件"))] == [
        2023,
        2022,
        2021,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("济南市主动公开信息", [("region", "济南市", True)]),
        ("按照济南的做法", [("region", "济南", False)]),
        ("《济南市公开办法》", [("region", "济南市", False)]),
        ("济南市教育局主动公开", [("agency", "济南市教育局", True)]),
        ("泾县公开信息12件", [("region", "泾县", True)]),
        ("会同歙县教育局答复", [("agency", "歙县教育局", True)]),
        ("济南市档案局主动公开", [("agency", "济南市档案局", True)]),
        ("歙县人民政府办公室答复", [("agency", "歙县人民政府办公室", True)]),
        ("济南市公开工作的布局合理", [("region", "济南市", True)]),
        ("济南市全面部署", [("region", "济南市", True)]),
        ("对应县区开展工作", []),
        ("涉县级事项", []),
        ("随县领导调研", []),
        ("下滑县域经济", []),
        ("会同市教育局答复", [("agency", "市教育局", False)]),
        ("我教育局主动公开", [("agency", "我教育局", True)]),
        ("数据统计期限为2023年1月1日至", [("year", "2023年", True)]),
        ("截至2023年12月31日止", [("year", "2023年", True)]),
        ("2023年度报告", [("year", "2023年", True)]),
        ("2023年，我局公开", [("year", "2023年", False)]),
        ("自2008年以来", [("year", "2008年", False)]),
    ],
)
def test_what_is_another_s_is_named(text, expected):
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "青岛市财政局", "山东省青岛市市南区", "市南区财政局", "山东省人民政府", "市财政局", "2024年度", "与2023年相比", "2025年，我局将继续",
        "国办发〔2019〕33号", "《条例》（2019年修订）", "指定日县城", "美丽江苏醒", "新增城市道路", "出海口",
    ],
)  # fmt: skip
def test_what_is_its_own_or_no_name_is_not_named(text):
    assert named(text) == []


def test_a_government_may_name_its_offices_and_the_unknown_is_not_judged():
    assert named("市教育局、市财政局", Own("青岛市人民政府", "370200", 2024)) == []
    assert named("济南市教育局2020年度", Own()) == []


@given(st.text(alphabet="山东省青岛市济南教育局二〇2023年 《》〔〕，。我本" + "\n", max_size=60))
def test_spans_are_those_of_the_text_in_order(text):
    found = list(named_in(text, 0, QINGDAO, default_segmenter()))
    assert all(text[slice(*each.span)] == each.text for each in found)
    assert [each.span for each in found] == sorted(each.span for each in found)
