"""Folding (contract 1) and regions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.folding import fold, fold_with_offsets, stays_in_place
from corpus.regions import find_region, full_name, level_of, region_path

TEXTS = st.text(alphabet="年月Aaß　 \t\u00a0\u200b（）〔〕【】[]１1ａ開开復⻓⻔⼀○〇◯，。\n\ufeffİ", max_size=12)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("２０１０年", "2010年"),
        ("2010 年 1 月", "2010年1月"),
        ("政府 信息　公开", "政府信息公开"),
        ("Open  Data", "open data"),
        ("開發復議", "开发复议"),
        ("⼀、总体情况", "一、总体情况"),
        ("⻓ ⻅ ⻔", "长见门"),
        ("二○一○年", "二〇一〇年"),
        ("〔2010〕【2010】﹝2010﹞", "[2010][2010][2010]"),
        ("（一)", "(一)"),
        ("straße", "strasse"),
        ("\u200b公\ufeff开\u00ad", "公开"),
        ("  公开  ", "公开"),
        ("①“引”", "①“引”"),  # nothing beyond the contract's list
    ],
)
def test_text_folds_to_one_form(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_offsets_lead_back_to_what_was_folded(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    for at, char in enumerate(folded.text):
        start, end = folded.original_span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert char == " " or char in fold(text[start:end])


@given(TEXTS, st.data())
def test_a_piece_of_a_text_folds_to_a_piece_of_the_folded_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert fold(text[start:end]) in fold(text)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("青岛市人力资源和社会保障局", "370200"),
        ("青岛市市南区教育局", "370202"),
        ("市南区教育局", "370202"),
        ("沭阳县人民政府", "321322"),
        ("吉林市公安局", "220200"),
        ("长春市朝阳区财政局", "220104"),
        ("朝阳区", ""),  # several cities have one
        ("内蒙古自治区", "150000"),
        ("国务院", ""),
    ],
)
def test_a_region_is_read_down_its_path(name: str, code: str) -> None:
    assert find_region(name) == code


def test_a_region_has_path_name_and_level() -> None:
    assert region_path("370202") == ("370000", "370200", "370202")
    assert full_name("370202") == "山东省青岛市市南区"
    assert region_path("110108") == ("110000", "110108")
    assert [level_of(code) for code in ("100000", "370000", "370200", "370202", "")] == [
        "national",
        "province",
        "prefecture",
        "county",
        "",
    ]


@given(st.text(alphabet="公开Ａß１，\u200b ,信　é\U00020000", max_size=12))
def test_a_text_that_stays_in_place_needs_no_offsets(text: str) -> None:
    if stays_in_place(text, fold(text)):
        folded = fold_with_offsets(text)
        assert (folded.text, [*folded.starts]) == (fold(text), [*range(len(text))])
        assert [*folded.ends] == [*range(1, len(text) + 1)]


def test_a_plain_text_stays_in_place() -> None:
    assert stays_in_place("公开１２条，３件", fold("公开１２条，３件"))
    assert not stays_in_place("公开 12 条", fold("公开 12 条"))
