"""Texts: boxes drawn with signs and columns of figures are tables; bullets, numbers behind a tab and the rest are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.cleaning import clean_characters
from corpus.document import Document
from corpus.parsing import parsed_file
from corpus.sniff import suffix_of
from corpus.textreader import read_text

SENTENCE = "全年主动公开政府信息1234条，及时回应社会关切。"


def blocks(text: str) -> list[tuple[str, str]]:
    document = read_text(text.encode())
    assert isinstance(document, Document)
    return [(block.form, block.text) for block in document.blocks]


def test_a_box_drawn_with_signs_is_a_table() -> None:
    text = f"{SENTENCE}\n┌──┬──┐\n│项目│数量│\n├──┼──┤\n│ 申请 │ 5  │\n├──┼──┤\n│四、结转│   │\n└──┴──┘\n{SENTENCE}\n"
    assert blocks(text) == [
        ("paragraph", SENTENCE), ("row", "项目 | 数量"), ("row", "申请 | 5"), ("row", "四、结转 | "), ("paragraph", SENTENCE)
    ]  # fmt: skip


def test_a_rule_of_signs_is_no_table() -> None:
    assert [form for form, _ in blocks(f"{SENTENCE}\n────────\n{SENTENCE}\n")] == ["paragraph"] * 3


@pytest.mark.parametrize("gap", ["    ", "\u3000\u3000", " \xa0 \xa0"])
def test_columns_of_figures_set_with_blanks_are_a_table(gap: str) -> None:
    rows = ["项目 本年 上年", "主动公开 1,234 3件", "依申请公开 4 -", "行政复议 0 12.5%"]
    text = "\n".join([SENTENCE, *(row.replace(" ", gap) for row in rows), SENTENCE])
    assert blocks(text) == [
        ("paragraph", SENTENCE),
        *(("row", row.replace(" ", " | ")) for row in rows),
        ("paragraph", SENTENCE),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["张三    李四    王五", "赵六    钱七    孙八", "周九    吴十    郑一"],
        ["主动公开    12    3", "依申请公开    4    5"],
        ["项目    本年", "公开    12", "申请    4"],
        ["第一条\t为了规范公开。", "第二条\t适用于全市。", "第三条\t应当执行。", "第四条\t自发布之日起施行。"],
        ["1.1\t范围", "1.2\t术语", "1.3\t要求"],
        ["●\t甲项工作。", "●\t乙项工作。", "●\t丙项工作。"],
        ["\uf0d8\t甲项工作。", "\uf0d8\t乙项工作。", "\uf0d8\t丙项工作。"],
    ],
)
def test_names_lists_and_articles_are_no_table(lines: list[str]) -> None:
    assert {form for form, _ in blocks("\n".join(lines))} == {"paragraph"}


def test_bullets_of_private_fonts_are_bullets() -> None:
    assert blocks(f"\uf0b7 {SENTENCE}\n\uf06c{SENTENCE}\n") == [
        ("paragraph", f"• {SENTENCE}"),
        ("paragraph", f"•{SENTENCE}"),
    ]


@pytest.mark.parametrize("end", ["\x0c", "\x85", "\u2028", "\u2029"])
def test_every_sign_that_ends_a_line_does(end: str) -> None:
    assert blocks(f"{SENTENCE}{end}{SENTENCE}") == [("paragraph", SENTENCE)] * 2


def test_a_text_that_begins_and_ends_with_tags_is_a_part_of_a_page() -> None:
    for part in (
        "<div><p>甲</p></div>\r\n",
        "\r\n\ufeff<!-- saved from url=(0014)about:internet -->\n<html><p>甲</p></html>",
    ):
        assert suffix_of(part.encode(), ".txt") == ".html"
    for part in ("<p> 是段落标签，本文说明其用法。", "甲<div>", "<注意>以下为正文>"):
        assert suffix_of(part.encode(), ".txt") == ".txt"


def test_private_characters_are_a_doubt_in_every_format() -> None:
    found = parsed_file("<div id=zoom><p>甲\ue5e5乙</p></div>".encode(), Path("a.html"), "s")
    assert "private_use" in found.doubts
    rtf = rb"{\rtf1\ansi\ansicpg936 \u20844?\u-6683?\u24320?\par}"
    assert "private_use" in parsed_file(rtf, Path("a.rtf"), "s").doubts


def test_signs_that_no_one_sees_are_not_kept() -> None:
    assert clean_characters("青岛市\u200b财政\xad局\u2060\u200e") == "青岛市财政局"


def test_a_sentence_that_counts_is_not_cut_into_lines() -> None:
    text = "会议要求 一、提高认识 二、落实责任 三、加强督查 " + "各单位要认真抓好落实，确保各项任务按期完成。" * 12
    assert [block.text for block in read_text(text.encode()).blocks] == [text]
