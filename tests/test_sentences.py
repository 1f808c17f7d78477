"""Sentences of a text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.sentences import sentences


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_lines_cells_and_sentence_ends_part_sentences() -> None:
    text = "一、总体情况\n收到申请3件。“都办结了！”  共两类；\n项目 | 本年 | 备注"
    assert _split(text) == ["一、总体情况", "收到申请3件。", "“都办结了！”", "共两类；", "项目", "本年", "备注"]


@given(st.text("甲乙。；！”| \n", max_size=60))
def test_spans_are_in_order_and_lose_no_letter(text: str) -> None:
    spans = list(sentences(text))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    letters = [c for c in text if c in "甲乙"]
    assert [c for start, end in spans for c in text[start:end] if c in "甲乙"] == letters
