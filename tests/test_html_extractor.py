"""The extractor behind the rules: it cuts what stands around the article of an unknown page, and never the report."""

from __future__ import annotations

import subprocess
import sys

import pytest
import readability
from samples import SAMPLES

from corpus import htmlclues, htmlextractor
from corpus.htmlreader import read_html
from corpus.htmltree import Element, line_of
from corpus.parsing import parse

TITLE = "云溪市虚构局2021年政府信息公开工作年度报告"
PARTS = [
    "一、总体情况",
    "全年主动公开政府信息1203条，其中通过门户网站公开960条，通过政务新媒体公开243条，未发生行政复议。",
    "二、存在的主要问题及改进情况",
    "公开的内容还不够全面，解读的形式比较单一。下一年将充实内容，增加图解和视频，方便群众查阅和办事。",
]
SIGNED = ["云溪市虚构局", "2022年1月18日"]
LETTER = (
    "<li><p>请问如何申请公开政府信息？</p><p>您好，可以当面、邮寄或者在网站上提交申请，受理机关将依法答复。</p></li>"
)


def page(inside: str) -> bytes:
    head = f"<meta charset=utf-8><title>{TITLE}-云溪市人民政府</title>"
    menu = "".join(f"<li><a href=/{n}>栏目{n}</a></li>" for n in range(8))
    return f"<html><head>{head}</head><body><ul>{menu}</ul>{inside}</body></html>".encode()


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def texts(body: bytes) -> list[str]:
    return [block.text for block in read_html(body).blocks]


def beside(lines: list[str]) -> bytes:
    return page(
        f"<div class=p><div class=q><h2>{TITLE}</h2>{paragraphs(lines)}</div><div class=r><ul>{LETTER * 5}</ul></div></div>"
    )


def test_letters_beside_the_text_of_an_unknown_page_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    body = beside(PARTS * 2)
    assert texts(body) == [TITLE, *PARTS * 2]
    assert read_html(body).read_by == "readability"
    assert parse(body, "a.html", "a").provenance["text"] == "readability"
    # It is the extractor that knows: without it our own rule keeps them.
    monkeypatch.setattr(htmlextractor, "article_markup", lambda markup: "")
    assert "请问如何申请公开政府信息？" in texts(body)
    assert read_html(body).read_by == "region"


def test_signature_and_day_below_the_article_stay() -> None:
    assert texts(beside([*PARTS * 2, *SIGNED])) == [TITLE, *PARTS * 2, *SIGNED]


def test_a_part_in_a_box_that_the_extractor_passes_over_is_never_lost() -> None:
    first, second = paragraphs(PARTS[:2] * 3), paragraphs(PARTS[2:])
    table = "<table border=1><tr><td>信息内容</td><td>本年件数</td></tr><tr><td>行政处罚</td><td>17</td></tr></table>"
    body = page(f"<div><h2>{TITLE}</h2><div class=x>{first}</div><div class=y>{second}</div></div>")
    assert texts(body)[-2:] == PARTS[2:]
    body = page(f"<div><h2>{TITLE}</h2><div class=x>{first}</div><div class=y>{table}<p>{PARTS[3]}</p></div></div>")
    assert texts(body)[-2:] == ["行政处罚 | 17", PARTS[3]]


def test_what_the_extractor_finds_is_taken_where_our_rule_finds_little(monkeypatch: pytest.MonkeyPatch) -> None:
    body = page("<div><p>请稍候。</p></div>")
    monkeypatch.setattr(htmlextractor, "article_markup", lambda markup: f"<div>{paragraphs(PARTS)}</div>")
    assert texts(body) == PARTS


@pytest.mark.parametrize("error", [ValueError, readability.readability.Unparseable, RecursionError, AttributeError])
def test_an_extractor_that_fails_leaves_our_rule_its_finding(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise error("broken")

    monkeypatch.setattr(readability.Document, "summary", fail)
    assert texts(beside(PARTS))[:5] == [TITLE, *PARTS]


def test_pages_too_large_for_it_are_left_to_our_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(_: str) -> None:
        raise AssertionError("a page this large")

    monkeypatch.setattr(readability, "Document", called)
    assert texts(page(paragraphs(PARTS) * 3_000))[-12_000:] == PARTS * 3_000
    assert htmlextractor.article_markup("<p>" + "字" * 1_000_001) == ""


def test_known_designs_never_load_it() -> None:
    code = (
        "import sys; from pathlib import Path; from corpus.htmlreader import read_html\n"
        f"assert read_html(Path({str(SAMPLES / 'qingdao-hrss-2019.html')!r}).read_bytes()).read_by == 'container'\n"
        "assert 'readability' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_first_title_without_a_number_stays_above_what_the_extractor_takes() -> None:
    parts = ["总体情况", PARTS[1], "主动公开政府信息情况", PARTS[3]] * 2
    marked = "".join(f"<p><b>{line}</b></p>" if len(line) < 20 else f"<p>{line}</p>" for line in parts)
    assert texts(page(f"<div class=q>{marked}</div>")) == parts


def test_other_news_below_the_article_goes_however_short_it_is() -> None:
    lines = [*PARTS * 2, "六、其他需要报告的事项", "没有其他需要报告的事项，也没有收取费用，特此说明。"]
    news = "<div class=s><h3>热点新闻</h3><p>昨日，我市召开经济工作会议，强调要确保完成全年目标任务。</p></div>"
    body = page(f"<div class=p><div class=q><div>{TITLE}</div>{paragraphs(lines)}</div>{news}</div>")
    assert texts(body)[-1] == lines[-1]


def test_letters_named_as_such_go_without_the_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(htmlextractor, "article_markup", lambda markup: "")
    said = "".join(f"<p>来信：第{n}次询问如何申请公开？</p><p>答复：您好，可以当面提交申请。</p>" for n in range(3))
    body = page(f"<div class=p><div class=q><h2>{TITLE}</h2>{paragraphs(PARTS)}</div><div class=r>{said}</div></div>")
    assert texts(body) == [TITLE, *PARTS]
    one = page(
        f"<div class=p><div>{TITLE}</div>{paragraphs([*PARTS, '问：如何申请公开？', '答：可以当面提交申请。'])}</div>"
    )
    assert texts(one)[-1] == "答：可以当面提交申请。"


@pytest.mark.parametrize("above", [["三、热点问答"], ["三、热点问答", "现就有关问题解答如下。"]])
def test_questions_and_answers_that_are_a_part_of_the_report_stay(above: list[str]) -> None:
    said = [f"{who}：第{n}类信息由制作它的机关负责公开。" for n in range(4) for who in ("问", "答")]
    body = page(f"<div class=p><div class=q><h2>{TITLE}</h2>{paragraphs([*PARTS, *above, *said])}</div></div>")
    assert texts(body)[-8:] == said


def test_the_reports_title_stays_where_the_pages_own_says_nothing() -> None:
    rows = "".join(f"<tr><td class=c{n}>{line}</td></tr>" for n, line in enumerate(["当前位置：首页", TITLE]))
    inside = f"<table>{rows}<tr><td>{paragraphs(PARTS)}</td></tr></table>"
    body = page(inside).replace(f"<title>{TITLE}-云溪市人民政府</title>".encode(), "<title>年报</title>".encode())
    assert texts(body) == [TITLE, *PARTS]
    assert parse(body, "a.html", "a").title == TITLE


def test_boxes_around_the_whole_page_are_not_read_for_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def noted(element: Element) -> str:
        text = line_of(element)
        seen.append(len(text))
        return text

    monkeypatch.setattr(htmlclues, "line_of", noted)
    depth = 100
    inside = f"{'<div>' * depth}<span>{TITLE}</span>{paragraphs(PARTS * 9)}{'</div>' * depth}"
    read = read_html(page(inside).replace(f"<title>{TITLE}-云溪市人民政府</title>".encode(), b""))
    assert ("page:text", TITLE) in read.titles
    assert sum(size > len("".join(PARTS)) for size in seen) < depth // 10


def test_a_report_named_in_a_box_outside_its_text_is_no_column_name() -> None:
    head = '<meta name="ArticleTitle" content="云溪市政府信息公开">'
    inside = f"<div class=bt>{TITLE}</div><div class=x><div class=y>{paragraphs(PARTS)}</div></div>"
    body = (
        page(inside)
        .replace(b"<title>", head.encode() + b"<title>")
        .replace(f"{TITLE}-云溪市人民政府".encode(), "政府信息公开".encode())
    )
    report = parse(body, "a.html", "a")
    assert (report.title, report.agency, report.year) == (TITLE, "云溪市虚构局", 2021)
    linked = body.replace(
        f"<div class=bt>{TITLE}</div>".encode(), f"<div class=bt><a href=/1>{TITLE}</a></div>".encode()
    )
    assert parse(linked, "a.html", "a").title == "云溪市政府信息公开"
