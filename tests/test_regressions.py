"""What a review of hurried fixes found: each was right once and must stay so."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.cleaning import is_junk, paragraphs
from corpus.library import Library
from corpus.loader import load
from corpus.model import Report
from corpus.numbering import heading_line
from corpus.parsing import parse
from corpus.textreader import from_lines
from indexer.building import build
from indexer.generation import folder_of
from indexer.service import open_searcher


def page(body: str, head: str = "") -> Report:
    return parse(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "a.html", "a")


def test_a_table_whose_columns_are_named_like_metadata_is_kept() -> None:
    head = "".join(f"<th>{name}</th>" for name in ("序号", "标题", "数量", "文号", "件数", "发布日期", "备注"))
    row = "".join(f"<td>{value}</td>" for value in ("1", "关于A", "2", "青1号", "3", "2020", "x"))
    text = page(f"<div id='zoom'><p>{'正文。' * 20}</p><table><tr>{head}</tr><tr>{row}</tr></table></div>").text
    assert "关于A" in text


@pytest.mark.parametrize(
    "line",
    [
        "三、本年度办理结果 （一）予以公开 3 0",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "（三）不予公开 1.属于国家秘密 0",
        "（五）不予处理 1.信访举报投诉类申请",
        "一、本年新收政府信息公开申请数量 5 0 - 0",
        "（七）总计 3",
    ],
)
def test_rows_of_a_flattened_table_are_no_headings(line: str) -> None:
    assert heading_line(line) is None


def test_a_stated_title_is_not_replaced_by_a_columns_name() -> None:
    title = "青岛市2020年国民经济和社会发展统计公报"
    head = f'<meta name="ArticleTitle" content="{title}"><title>通知公告</title>'
    assert page("<p>正文一段。</p>", head).title == title


def test_a_body_line_is_no_part_of_the_title() -> None:
    report = parse("青岛市公安局2020年度工作总结\n王局长作出工作决定\n正文。".encode(), "a.txt", "a")
    assert report.title == "青岛市公安局2020年度工作总结"


@pytest.mark.parametrize(
    "agency",
    [
        "本溪市公安局",
        "政务服务管理局",
        "青岛市政府",
        "青岛市残疾人联合会",
        "青岛市档案馆",
        "中国海洋大学",
        "中国证监会",
        "兴隆镇",
    ],
)
def test_agencies_of_every_kind_are_read_from_titles(agency: str) -> None:
    report = parse(f"{agency}2020年政府信息公开工作年度报告\n正文。".encode(), "a.txt", "a")
    assert report.agency == agency


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("政府信息公开工作年度报告\n2020年，我局认真贯彻条例。", "x.txt"),
        ("政府信息公开工作年度报告\n我局认真贯彻条例。", "qd-2020.txt"),
        ("某市人民政府办公室关于印发2020年政务公开工作要点的通知\n正文。", "x.txt"),
    ],
)
def test_years_that_can_be_told_are_told(text: str, name: str) -> None:
    assert parse(text.encode(), name, name).year == 2020


def test_a_big_menu_does_not_outweigh_a_short_report() -> None:
    menu = "<ul>" + "".join(f"<li><a>栏目名称第{n}号</a></li>" for n in range(120)) + "</ul>"
    assert page(f"{menu}<div class='TRS_Editor'><p>{'短报告。' * 37}</p></div>").text == "短报告。" * 37


def test_small_widgets_of_a_containers_name_stay_out() -> None:
    body = (
        "<div class='TRS_Editor'>侧栏通知栏目内容</div>"
        f"<div id='zoom'><p>{'报告正文。' * 40}</p></div><div class='article-content'>推荐阅读：别的文章标题一</div>"
    )
    assert page(body).text == "报告正文。" * 40


@pytest.mark.parametrize("line", ["版权所有权登记12件，同比增长3%", "版权所有人投诉处理情况"])
def test_copyright_as_a_subject_is_text(line: str) -> None:
    assert not is_junk(line)
    assert is_junk("版权所有 青岛市人民政府")


@pytest.mark.parametrize(
    "lines",
    [
        ["序号 | 项目 | 数量", "1、 | 规章 | 3", "2、 | 文件 | 5", "（一） | 合计 | 8"],
        ["1.\t规章\t3", "2.\t文件\t5", "3.\t其他\t8"],
    ],
)
def test_tables_with_numbered_rows_are_tables(lines: list[str]) -> None:
    assert {block.form for block in from_lines(lines).blocks} == {"row"}


def test_long_wrapped_paragraphs_are_not_cut_within() -> None:
    full = "全年主动公开政府信息二千四百条其中机构信息三条公文法规四百条规划二十条统计"
    one = [f"　　{full[:-2]}", *[full] * 5, f"{full[:-1]}。", *[full] * 6, "完。"]
    assert len(list(paragraphs(one * 12))) == 12


def test_a_file_that_comes_back_under_an_address_taken_over_is_read_again(tmp_path: Path) -> None:
    html = '<html><head><meta name="Url" content="http://a.example/x/1"></head><body><p>{}报告的正文一段。</p></body></html>'
    first, second, aside = tmp_path / "a.html", tmp_path / "b.html", tmp_path / "aside"
    first.write_text(html.format("甲"), "utf-8")
    with Library(tmp_path / "home" / "library.db") as library:
        load(library, [first])
        first.rename(aside)
        second.write_text(html.format("乙"), "utf-8")
        load(library, [second])
        aside.rename(first)
        load(library, [first, second])
        assert {report.text[:1] for report in library.reports()} == {"甲", "乙"}


def test_what_a_file_manager_leaves_does_not_spoil_an_index(tmp_path: Path) -> None:
    manifest = build(tmp_path, [page("<p>一、概述</p><p>正文。</p>")], corpus_id="c")
    for folder in (folder_of(tmp_path, manifest.generation), folder_of(tmp_path, manifest.generation) / "whoosh"):
        (folder / ".DS_Store").write_bytes(b"x")
    open_searcher(tmp_path).close()
