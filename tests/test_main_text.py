"""The main text of pages: each CMS's container, its junk, its number table, and what a page without one gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import ROOT, SAMPLES, need_shared

from corpus.document import Document
from corpus.htmlreader import read_html
from corpus.parsing import parse

PAGES = sorted((ROOT / "tests" / "examples" / "pages").glob("*.html"))
REPORT = "全年主动公开政府信息1203条，办理申请17件，均按期答复。" * 6


def read(body: str, head: str = "") -> Document:
    return read_html(f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode())


def text_of(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_each_design_gives_its_reviewed_text(page: Path) -> None:
    golden = page.with_suffix(".txt")
    found = text_of(read_html(page.read_bytes())) + "\n"
    if not golden.exists():
        golden.write_text(found, "utf-8")
        pytest.fail(f"{golden.name} was written; review it")
    assert found == golden.read_text("utf-8")


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.stem not in {"list-of-links", "error-404"}], ids=lambda p: p.stem
)
def test_each_design_says_its_date_and_agency(page: Path) -> None:
    report = parse(page.read_bytes(), page.name, page.name)
    assert report.agency == "某某市虚构局"
    assert report.published_on in {"2022-01-20", ""}
    assert report.published_on or page.stem == "word-attachments"
    assert report.title == "某某市虚构局2021年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("stem", "doubts"),
    [
        ("trs-editor", set()),
        ("no-container", {"fallback"}),
        ("list-of-links", {"fallback", "mostly_page"}),
        ("error-404", {"fallback", "short"}),
    ],
)
def test_suspicious_pages_are_doubted(stem: str, doubts: set[str]) -> None:
    document = read_html((ROOT / "tests" / "examples" / "pages" / f"{stem}.html").read_bytes())
    assert doubts <= set(document.doubts)
    assert bool(doubts) == bool(document.doubts)
    assert document.raw_size > 0


def test_the_samples_raise_no_doubts() -> None:
    doubted = {path.name: read_html(path.read_bytes()).doubts for path in SAMPLES.glob("*.html")}
    assert {name: doubts for name, doubts in doubted.items() if set(doubts) - {"fallback"}} == {}


def test_a_regulators_page_loads_and_is_flagged() -> None:
    page = need_shared() / "html" / "nfra-list-page.html"
    document = read_html(page.read_bytes())
    assert {"fallback", "mostly_page"} & set(document.doubts)
    assert "行政处罚决定书文号 | 金罚决字〔2024〕36号" in text_of(document)


def test_a_container_that_holds_little_of_the_page_is_doubted() -> None:
    links = "".join(f"<li><a href=/{n}>某市召开第{n}次全市工作会议研究部署</a></li>" for n in range(60))
    document = read(f"<ul>{links}</ul><div id='zoom'><p>{REPORT[:120]}</p></div>")
    assert text_of(document) == REPORT[:120]
    assert "little_text" in document.doubts


@pytest.mark.parametrize(
    "toolbar",
    [
        "<div class='share'>分享到：微信 微博 QQ空间</div>",
        "<div class='fontsize'>字体：<a>大</a> <a>中</a> <a>小</a></div>",
        "<p>【字号：大 中 小】</p>",
        "<div class='ewm'><img src=x>扫一扫在手机打开当前页</div>",
        "<p>【打印本页】【关闭窗口】</p>",
        "<div class='color-picker'>背景色：<span>白</span><span>绿</span></div>",
        "<div style='display:none'>请登录后查看</div>",
        "<div hidden>请登录后查看</div>",
        "<script>document.write('分享')</script><noscript>请打开脚本</noscript>",
        "<select><option>部门网站</option></select><button>打印</button>",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_toolbars_within_the_container_stay_out(toolbar: str, first: bool) -> None:
    inside = f"{toolbar}<p>{REPORT}</p>" if first else f"<p>{REPORT}</p>{toolbar}"
    assert text_of(read(f"<div class='TRS_Editor'>{inside}</div>")) == REPORT


def test_a_text_shown_by_script_is_read_though_hidden() -> None:
    assert text_of(read(f"<div id=zoom style='display:none'><p>{REPORT}</p></div><div>请稍候</div>")) == REPORT


def test_names_count_in_any_case_and_empty_twins_do_not() -> None:
    assert text_of(read(f"<div class='trs_editor'></div><DIV CLASS='Trs_Editor'>{REPORT}</DIV>")) == REPORT


@pytest.mark.parametrize("name", ["ArticleTitle", "ARTICLETITLE", " articletitle "])
def test_meta_tags_are_read_in_any_case_and_the_first_filled_counts(name: str) -> None:
    title = "某某市虚构局2021年政府信息公开工作年度报告"
    head = f"<meta name='{name}' content=' '><meta name='{name}' content='  {title} '><meta name='{name}' content='x'>"
    head += "<meta name=others content='页面生成时间 2025-01-01'><meta name=PUBDATE content='2022-01-20 09:00:00'>"
    document = read(f"<div id=zoom>{REPORT}</div>", head)
    assert document.titles[0] == ("meta:ArticleTitle", title)
    assert document.meta["pubdate"].startswith("2022-01-20")


def test_no_paragraph_is_lost_where_no_design_is_known() -> None:
    parts = [f"第{n}段：{REPORT[:90]}" for n in range(12)]
    boxes = "".join(f"<div class=c{n}><div><p>{part}</p></div></div>" for n, part in enumerate(parts))
    menu = "<ul>" + "".join(f"<li><a>栏目{n}</a></li>" for n in range(30)) + "</ul>"
    found = text_of(read(f"<div>{menu}</div><div>{boxes}</div><div>署名机关</div>"))
    assert all(part in found for part in parts)
    assert "栏目3" not in found


def test_numbers_of_a_list_are_those_a_browser_shows() -> None:
    document = read(
        "<div id=zoom><ol start=3><li>甲事项的说明</li><li><p>乙事项的说明</p></li><li>（六）丙事项</li></ol>" + REPORT
    )
    assert text_of(document).split("\n")[:3] == ["3.甲事项的说明", "4.乙事项的说明", "（六）丙事项"]


def test_bold_lines_are_headings_only_where_nothing_is_numbered() -> None:
    body = "".join(f"<p><strong>{h}</strong></p><p>{REPORT}</p>" for h in ("工作概述", "存在问题", "改进措施"))
    plain = read(f"<div id=zoom>{body}</div>")
    assert [b.text for b in plain.blocks if b.form == "heading"] == ["工作概述", "存在问题", "改进措施"]
    numbered = read(f"<div id=zoom><p>一、概述</p>{body}</div>")
    assert [b.text for b in numbered.blocks if b.form == "heading"] == []


def test_sentences_marked_as_headings_for_their_looks_are_paragraphs() -> None:
    document = read(f"<div id=zoom><h4>{REPORT}</h4><h4>也是一段正文。</h4><h4>{REPORT}</h4></div>")
    assert {block.form for block in document.blocks} == {"paragraph"}


def test_two_breaks_part_paragraphs_and_ruby_and_comments_are_silent() -> None:
    body = (
        f"<div id=zoom>{REPORT}<br><br>甲<ruby>乙<rp>(</rp><rt>yǐ</rt></ruby>丙<!-- 注 -->丁，10m<sup>2</sup>。</div>"
    )
    assert text_of(read(body)) == f"{REPORT}\n甲乙丙丁，10m2。"
