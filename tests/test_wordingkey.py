"""The fingerprint of a sentence's wording."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.ownnames import own_names
from indexer.wordingkey import wording_key

QINGDAO = ("青岛市教育局", "370200", 2019)
JINAN = ("济南市教育局", "370100", 2021)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_figures_years_blanks_width_and_own_names_are_ignored(one: int, other: int) -> None:
    first = f"2019年,青岛市教育局收到公开申请{one}件,全部按时答复。"
    second = f"二〇二一年，济南市教育局 收到公开申请{other}件， 全部按时答复。"
    assert wording_key(first, *QINGDAO) == wording_key(second, *JINAN) != 0
    assert wording_key("2020年，我局收到公开申请三件，全部按时答复。", *JINAN) == wording_key(first, *QINGDAO)


def test_other_words_and_other_agencies_names_count() -> None:
    sentence = "青岛市主动公开工作仍有不足。"
    assert wording_key(sentence, *QINGDAO) != wording_key(sentence, *JINAN)
    assert wording_key(sentence, *QINGDAO) != wording_key("青岛市主动公开工作仍有差距。", *QINGDAO)


def test_short_sentences_have_no_wording() -> None:
    assert wording_key("共收到3件。", *QINGDAO) == 0


def test_large_units_and_shares_are_figures_but_words_with_a_numeral_are_not() -> None:
    def key(text: str) -> int:
        return wording_key(f"投入政务公开专项经费{text}", *QINGDAO)

    assert key("3万元") == key("5000元") == key("十二万元")
    assert key("增长百分之三") == key("增长百分之二十点五")
    assert key("多了一点") != key("多了十点")
    assert wording_key("市教育局加强公开队伍建设", *QINGDAO) == wording_key("本局加强公开队伍建设", *JINAN) != 0


def test_dates_of_any_shape_are_one_figure() -> None:
    def key(text: str) -> int:
        return wording_key(f"截至{text}，政务公开专栏已建成。", *QINGDAO)

    assert (
        key("2019年12月31日") == key("12月31日") == key("二〇一九年十二月") == key("2019-12-31") == key("2020年") != 0
    )


def test_numbers_before_a_sentence_and_its_end_are_not_of_its_wording() -> None:
    keys = {
        wording_key(f"{before}公开的主动性仍需加强{after}", *QINGDAO)
        for before in ("", "一是", "三是", "1.", "(二)", "（３）", "④", "第三，", "2、")
        for after in ("", "。", "；")
    }
    assert len(keys) == 1


def test_every_form_of_an_own_name_is_ignored() -> None:
    def key(name: str, *report: str) -> int:
        return wording_key(f"2020年，{name}进一步加大公开力度。", report[0], report[1], 2020)

    bureau = ("青岛市市南区人力资源和社会保障局", "370202")
    names = ("青岛市市南区人力资源和社会保障局", "市南区人社局", "区人力资源和社会保障局", "人社局", "我局", "本局", "我区",
             "市南区", "市南", "青岛市", "山东省青岛市", "山东", "全区")  # fmt: skip
    assert len({key(name, *bureau) for name in names}) == 1
    assert key("我州", "恩施土家族苗族自治州人民政府", "422800") == key(
        "恩施州政府", "恩施土家族苗族自治州人民政府", "422800"
    )
    assert "政府" not in own_names("青岛市人民政府", "370200", 2020)


def test_words_that_only_begin_like_an_own_name_stay() -> None:
    def key(text: str) -> int:
        return wording_key(f"{text}公开工作有序推进。", *QINGDAO)

    assert key("本办法规定的") != key("本办规定的")
    assert key("全市场监管领域") != key("全市监管领域")
    assert key("市人社局的") != key("市教育局的") == key("本局的")


def test_what_an_office_is_about_is_no_name_of_it() -> None:
    names = own_names("青岛市交通运输局", "370200", 2020)
    assert "交通运输" not in names
    assert "交通运输局" in names
    assert wording_key("青岛市场监管部门公开了结果。", *QINGDAO) == wording_key(
        "青岛市市场监管部门公开了结果。", *QINGDAO
    )
