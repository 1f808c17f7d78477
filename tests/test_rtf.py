"""RTF: double bytes, \\u with its replacement, tables with merged cells, headings; hostile files."""

from __future__ import annotations

import random

import pytest
from striprtf.striprtf import rtf_to_text

from corpus.errors import UnreadableFile
from corpus.rtfreader import read_rtf

HEAD = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fswiss\fcharset0 Arial;}}"


def coded(text: str) -> bytes:
    """Text as \\'xx of GBK."""
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030")).encode("ascii")


def rtf(inside: bytes) -> bytes:
    return HEAD + inside + b"}"


def texts(body: bytes) -> list[tuple[str, str]]:
    return [(block.form, block.text) for block in read_rtf(body).blocks]


TABLE = (
    rb"\trowd\clvmgf\cellx1000\cellx3000\pard\intbl " + coded("项目") + rb"\cell " + coded("数量") + rb"\cell\row"
    rb"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl \cell "
    + coded("本年")
    + rb"\cell "
    + coded("上年")
    + rb"\cell\row"
    rb"\trowd\cellx1000\cellx2010\cellx3000\pard\intbl " + coded("申请") + rb"\cell 5\cell 3\par 1\cell\row\pard "
)


def test_double_bytes_paragraphs_and_headings():
    body = rtf(
        rb"{\info{\title " + coded("年度报告") + rb"}}{\header " + coded("页眉") + rb"}"
        rb"\pard\outlinelevel0\f0 " + coded("一、总体情况") + rb"\par\pard\f1 " + coded("全年共受理")
        + rb"{\b 5}" + coded("件。") + rb"\par {\*\unknown " + coded("藏") + rb"}\v " + coded("隐") + rb"\v0 "
        + coded("第二段。") + rb"\par"
    )  # fmt: skip
    document = read_rtf(body)
    assert [(b.form, b.text, b.level) for b in document.blocks] == [
        ("heading", "一、总体情况", 1), ("paragraph", "全年共受理5件。", 0), ("paragraph", "第二段。", 0)
    ]  # fmt: skip
    assert ("rtf:title", "年度报告") in document.titles


def test_unicode_with_replacements_and_pairs():
    body = rtf(rb"\uc2 \u25919\'d5\'fe\u24220\'b8\'ae\uc1\u-10179?\u-9216? \uc0\u20844\u24320 A{\uc3 \u21578abc}B")
    assert texts(body) == [("paragraph", "政府\U0001f400 公开A告B")]


def test_a_second_byte_may_be_a_plain_letter_where_striprtf_fails():
    body = rtf(rb"\f0 \'81@\'d2\'bb\par")
    assert texts(body) == [("paragraph", "\u4e02一")]
    with pytest.raises(UnicodeDecodeError):
        rtf_to_text(body.decode("latin-1"))


def test_tables_keep_merged_cells_which_striprtf_does_not():
    document = read_rtf(rtf(coded("一、前文。") + rb"\par" + TABLE + coded("后文。") + rb"\par"))
    assert [b.text for b in document.blocks] == [
        "一、前文。", "项目 | 数量 | ", " | 本年 | 上年", "申请 | 5 | 3 1", "后文。"
    ]  # fmt: skip
    merged = [(m.column, m.columns, m.rows) for b in document.blocks for m in b.merged]
    assert merged == [(0, 1, 2), (1, 2, 1)]
    assert "项目|数量|\n|本年|上年" in rtf_to_text(rtf(TABLE).decode("latin-1"))


def test_what_is_torn_is_read_to_there():
    found = read_rtf(rtf(coded("第一段。") + rb"\par " + coded("第二段在这里断"))[:-5])
    assert found.blocks[0].text == "第一段。"
    assert "truncated" in found.doubts


@pytest.mark.parametrize("inside", [b"{" * 200_000, b"{\\*" * 20_000])
def test_deep_nesting_is_refused(inside):
    with pytest.raises(UnreadableFile):
        read_rtf(rtf(inside))


def test_crafted_numbers_and_binary_do_no_harm():
    assert texts(rtf(b"a\\bin999999999 " + b"x" * 99)) == [("paragraph", "a")]
    assert texts(rtf(b"\\u999999999?b\\par\\cellx-999999999\\trowd\\cell\\row\\uc999999999 c\\u20840 d"))
    assert texts(rtf(b"}" * 1000 + b"a")) == []


def test_mutations_give_a_document_or_a_reason():
    chance = random.Random(3)
    whole = rtf(coded("一、总体情况") + rb"\par" + TABLE * 3 + rb"\u25919?\par")
    for _ in range(200):
        body = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(1, 9)):
            if body:
                body[chance.randrange(len(body))] = chance.choice(b"{}\\'*u0 \xff" + bytes(range(256)))
        try:
            read_rtf(bytes(body))
        except UnreadableFile:
            continue


def test_headings_are_known_by_their_style_too():
    sheet = (
        rb"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 own;}{\s2 "
        + coded("标题 2")
        + rb";}{\s3 heading 3;}{\*\cs10 heading 1;}}"
    )
    body = rtf(
        sheet
        + b"".join(
            rb"\pard\plain\s%d " % style + coded(text) + rb"\par" for style, text in enumerate(["文", "甲", "乙", "丙"])
        )
    )
    assert [(b.form, b.text, b.level) for b in read_rtf(body).blocks] == [
        ("paragraph", "文", 0), ("heading", "甲", 1), ("heading", "乙", 2), ("heading", "丙", 3)
    ]  # fmt: skip


def test_text_boxes_and_footnotes_follow_their_paragraph():
    box = (
        rb"{\shp{\*\shpinst\shpleft0{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard " + coded("框一。") + rb"\par "
        + coded("框二。") + rb"\par}}{\shprslt{\*\do{\dptxbx{\dptxbxtext\pard " + coded("框一。") + rb"\par}}}}}"
    )  # fmt: skip
    body = rtf(
        rb"{\header " + box + rb"}\pard " + coded("前文") + box + coded("后文")
        + rb"{\super\chftn{\footnote\pard\plain " + coded("脚注。") + rb"}}" + coded("完。") + rb"\par "
        + coded("第二段") + rb"{\*\footnote " + coded("另注。") + rb"}" + coded("。") + rb"\par"
    )  # fmt: skip
    assert [text for _, text in texts(body)] == ["前文后文完。", "框一。", "框二。", "脚注。", "第二段。", "另注。"]


def test_a_footnote_in_a_cell_stays_in_it():
    note = rb"{\*\footnote\pard\plain " + coded("注") + rb"}"
    row = rb"\trowd\cellx1000\cellx2000\pard\intbl " + coded("甲") + note + rb"\cell 1\cell\row\pard "
    assert texts(rtf(row)) == [("row", "甲注 | 1")]


def test_the_title_in_unicode_counts_where_there_are_two():
    body = rtf(
        rb"{\info{\upr{\title Word ??}{\*\ud{\title Word \u25991?\u26723?}}}{\author x}}" + coded("正文") + rb"\par"
    )
    assert ("rtf:title", "Word 文档") in read_rtf(body).titles


def test_long_numbers_of_revisions_are_no_text():
    body = rtf(coded("原文") + rb"{\revised\revauth1\revdttm-2074015744 " + coded("新增") + rb"}\par")
    assert texts(body) == [("paragraph", "原文新增")]


def test_line_breaks_written_as_characters_part_lines():
    assert texts(rtf(coded("一、总体情况") + rb"\u13?" + coded("全年五件。") + rb"\par")) == [
        ("paragraph", "一、总体情况"), ("paragraph", "全年五件。")
    ]  # fmt: skip
