"""Pages made to break a reader: nothing is lost below any depth, and the work stays in proportion to the size."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpus.errors import UnreadableFile
from corpus.htmlreader import read_html
from corpus.htmltree import DEEPEST, parse_tree, text_of
from corpus.parsing import parse

TEXT = "全年主动公开政府信息1203条，均按期答复。" * 3


def depth_of(root: etree._Element) -> int:
    deepest, level = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def test_lxml_alone_loses_what_is_deep_and_all_after_it() -> None:
    """The outside fact that parse_tree is built on; if it changes, parse_tree can be simpler."""
    for levels, kept in ((254, True), (255, False)):
        page = f"<html><body>{'<div>' * levels}{TEXT}{'</div>' * levels}<p>尾</p></body></html>"
        tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
        assert (TEXT in text_of(tree), "尾" in text_of(tree)) == (kept, kept)
    page = f"<html><body>{'<div>' * 2100}{TEXT}"
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    assert TEXT not in text_of(tree)


@pytest.mark.parametrize("levels", [10, 254, 255, 300, 3000])
@pytest.mark.parametrize("tag", ["div", "font", "table><tr><td", "ul><li", "span"])
def test_text_at_any_depth_is_read(levels: int, tag: str) -> None:
    page = f"<html><body>{f'<{tag}>' * levels}{TEXT}<p>中间一段文字。</p>接着。{'</div>' * levels}<p>尾巴一段文字。</p></body></html>"
    document = read_html(page.encode())
    text = "\n".join(block.text for block in document.blocks)
    assert TEXT in text
    assert text.index("中间一段文字。") < text.index("接着。") < text.index("尾巴一段文字。")
    assert depth_of(parse_tree(page)) <= 256


def test_paragraphs_stay_apart_in_the_flattened_part() -> None:
    page = "<div>" * 400 + "甲段。<div>乙<b>段</b>。<p>丙段。</p>丁段。</div>戊段。"
    root = parse_tree(page)
    assert depth_of(root) <= DEEPEST + 1
    assert [block.text for block in read_html(page.encode()).blocks] == [
        "甲段。",
        "乙段。",
        "丙段。",
        "丁段。",
        "戊段。",
    ]


def test_the_ways_of_reading_agree() -> None:
    table = "<table border=1><tr><td>甲<td>1<tr><td>乙<td>2</table>"
    page = f"<html><head><title>题目</title></head><body><div id=zoom><p>{TEXT}</p>{table}</div></body></html>"
    crowded = page.replace("<p>", "<p " + " ".join(f"a{n}=1" for n in range(4000)) + ">")
    assert read_html(page.encode()) == read_html(crowded.encode())


@pytest.mark.parametrize(
    "hostile",
    [
        "<p " + " ".join(f"a{n}='{n}'" for n in range(30_000)) + f">{TEXT}</p>",
        "<p " + " ".join(f"a{n}='<{n}>'" for n in range(30_000)) + f">{TEXT}</p>",
        "<p>" + "字" * 300_000,
        f"<p>{TEXT}" + "<table>" * 5_000,
        f"<p>{TEXT}" + "<a>链" * 20_000,
        f"<p>{TEXT}" + "<td>" * 20_000,
        f"<p>{TEXT}" + "<b>粗" * 5_000,
        f"<p>{TEXT}" + "<ol><li>项" * 3_000,
        f"<p>{TEXT}<ol>" + "<li>项" * 20_000,
        f"<p>{TEXT}" + "&nbsp;&amp;&#1;&#xffff;" * 20_000,
        f"<p>{TEXT}" + "\0" * 50_000,
        f"<p>{TEXT}" + "<![CDATA[x]]><!-- <?php" * 5_000,
        f"<p>{TEXT}<table border=1>" + "<tr><td rowspan=65534 colspan=1000>格<td>1" * 300,
        f"<p>{TEXT}" + "<div id=zoom class=TRS_Editor>字" * 3_000,
        f"<p>{TEXT}" + "<div class=title>题</div><h1></h1>" * 5_000,
        f"<p>{TEXT}" + "<p>发布日期：" * 5_000,
        f"<p>{TEXT}" + "<td>索引号：<td>文号：" * 3_000,
        f"<p>{TEXT}" + "<div class=share style='display:none'>" * 3_000,
        f"<p>{TEXT}" + "<!--正文开始-->" * 3_000,
    ],
    ids=range(19),
)
def test_hostile_pages_are_read(hostile: str) -> None:
    report = parse(hostile.encode(), "a.html", "a")
    assert TEXT in report.text or "字\n字" in report.text or "字字" in report.text


@pytest.mark.parametrize(
    "page", ["", " ", "<!--", "<html></html>", "<?xml version='1.0' encoding='gbk'?>", "</p>" * 100]
)
def test_pages_without_text_are_unreadable(page: str) -> None:
    with pytest.raises(UnreadableFile):
        parse(page.encode(), "a.html", "a")


@given(
    st.lists(
        st.sampled_from(
            '<p> </p> <table> <tr> <td> </table> <div id=zoom> </div> <br> <h2> <ol><li> <!-- --> <b> 文字。 一、概述 &nbsp; <a href=x> " < ='.split()
        ),
        max_size=60,
    )
)
def test_any_sequence_of_pieces_is_read_or_refused(pieces: list[str]) -> None:
    with suppress(UnreadableFile):
        parse("".join(pieces).encode(), "a.html", "a")
