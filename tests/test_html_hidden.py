"""Pages that show their text by script: taken from fields, templates and strings, and marked as such."""

from __future__ import annotations

import html
import json
from urllib.parse import quote

import pytest

from corpus.errors import UnreadableFile
from corpus.htmlreader import read_html
from corpus.parsing import read

FIRST = "2019年，我局坚持以公开为常态、不公开为例外，全年主动公开政府信息1234条，及时回应社会关切，没有发生行政复议。"
SECOND = "存在的主要问题：一是公开的及时性有待提高；二是解读的形式还不够丰富。“下一步”将加强培训，完善机制，落实责任。"
TABLE = '<table border="1"><tr><td>项目</td><td>数量</td></tr><tr><td>申请</td><td>5</td></tr></table>'
ARTICLE = f"<p>一、总体情况</p><p>{FIRST}</p>{TABLE}<p>{SECOND}</p>"
BLOCKS = ["一、总体情况", FIRST, "项目 | 数量", "申请 | 5", SECOND]


def page(inside: str) -> bytes:
    menu = "<div class=nav><a href=/>首页</a> <a href=/a>政务公开</a></div>"
    return f"<html><head><title>某市教育局年度报告</title></head><body>{menu}{inside}</body></html>".encode()


def percent_u(text: str) -> str:
    return "".join(
        c if c.isascii() and c.isalnum() else f"%u{ord(c):04X}" if ord(c) > 255 else f"%{ord(c):02X}" for c in text
    )


def backslash_u(text: str) -> str:
    return json.dumps(text)[1:-1].replace("<", "\\u003c").replace("/", "\\/")


HALF = len(ARTICLE) // 2
HIDDEN = {
    "field": f'<div id=zoom></div><textarea style="display:none">{html.escape(ARTICLE)}</textarea>',
    "field with markup": f"<textarea id=txt>{ARTICLE}</textarea>",
    "input": f'<input type=hidden name=content value="{html.escape(ARTICLE)}">',
    "frame": f'<iframe srcdoc="{html.escape(ARTICLE)}"></iframe>',
    "template": f'<script type="text/template">{ARTICLE}</script>',
    "template element": f"<template>{ARTICLE}</template>",
    "no frames": f"<noframes>{ARTICLE}</noframes>",
    "unescape": f'<script>var a = unescape("{percent_u(ARTICLE)}");</script>',
    "decodeURIComponent": f"<script>var a = decodeURIComponent('{quote(ARTICLE)}');</script>",
    "written": f'<script>document.write("{backslash_u(ARTICLE[:HALF])}");\ndocument.write("{backslash_u(ARTICLE[HALF:])}");</script>',
    "joined": f"<script>// isn't it\nbox.innerHTML = '{ARTICLE[:HALF]}' +\n  '{ARTICLE[HALF:]}';</script>",
    "entities in a string": f'<script>var a = "{html.escape(ARTICLE)}";</script>',
    "state": f'<script>window.__STATE__={{"title":"x","content":"{backslash_u(ARTICLE)}"}}</script>',
    "literal": f"<script>const a = `{ARTICLE}`</script>",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_text_that_is_shown_by_script_is_found_and_marked(name: str) -> None:
    document = read_html(page(HIDDEN[name]))
    assert [block.text for block in document.blocks] == BLOCKS
    assert "scripted" in document.doubts


def test_what_a_page_shows_goes_before_what_it_hides() -> None:
    shown = page(f"<div id=zoom>{ARTICLE}</div><textarea>{html.escape('<p>' + '旧的草稿。' * 30 + '</p>')}</textarea>")
    document = read_html(shown)
    assert [block.text for block in document.blocks] == BLOCKS
    assert "scripted" not in document.doubts


def test_short_pages_do_not_take_the_messages_of_scripts_for_their_text() -> None:
    short = page(
        "<p>本页的正文只有这一句话，没有别的内容。</p><noscript>请启用脚本。</noscript><script>alert('出错了')</script>"
    )
    assert [block.text for block in read_html(short).blocks] == ["本页的正文只有这一句话，没有别的内容。"]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<iframe src="inner.html"></iframe>', "inner.html"),
        ("<div id=app></div><script src=app.js></script>", "MHTML"),
        ("<img src=a.jpg>", "图片"),
    ],
)
def test_a_page_without_text_says_where_it_is(inside: str, said: str) -> None:
    body = f"<html><body>{inside}</body></html>".encode()
    if said == "图片":
        assert not read(body, ".html").blocks
        return
    with pytest.raises(UnreadableFile) as refused:
        read(body, ".html")
    assert said in refused.value.zh
    assert said in refused.value.en


@pytest.mark.parametrize("inside", ["\\ud800" * 200, "\\u{110000}" * 50 + "政" * 200, "`" * 999, "'" * 10_000, "\\"])
def test_broken_strings_of_scripts_are_survived(inside: str) -> None:
    read_html(page(f'<script>var a = "{inside}";var b = "{inside}</script>'))


def test_references_to_controls_are_what_windows_has_there() -> None:
    (block,) = read_html(page(f"<div id=zoom><p>&#147;公开&#148;&#x96;{FIRST}&#160;&#1234;</p></div>")).blocks
    assert block.text == f"“公开”–{FIRST}\xa0Ӓ"


def test_indented_lines_of_a_text_that_was_pasted_into_one_paragraph_are_paragraphs() -> None:
    document = read_html(page(f"<div id=zoom><p>　　一、总体情况\n　　{FIRST}\n　　{SECOND}\n继续的一行</p></div>"))
    assert [block.text.strip() for block in document.blocks] == ["一、总体情况", FIRST, f"{SECOND} 继续的一行"]


def test_a_numbered_part_is_no_title_of_its_page() -> None:
    body = f"<html><body><p align=center>某市教育局2019年度报告</p><h1>一、总体情况</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>"
    document = read_html(body.encode())
    assert document.titles[0][1] == "某市教育局2019年度报告"
    assert document.blocks[0].text == "某市教育局2019年度报告"
