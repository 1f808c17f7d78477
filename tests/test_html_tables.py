"""Tables of pages: data stays a table with its merged cells, layout stays text, rows never become headings."""

from __future__ import annotations

import pytest

from corpus.document import Document
from corpus.htmlreader import read_html
from corpus.parsing import parse

TEXT = "全年主动公开政府信息1203条，办理申请17件，均按期答复。" * 6


def read(body: str) -> Document:
    return read_html(
        f"<html><head><meta charset=utf-8></head><body><div id=zoom><p>{TEXT}</p>{body}</div></body></html>".encode()
    )


def rows(body: str) -> list[str]:
    return [block.text for block in read(body).blocks if block.form == "row"]


def test_merged_cells_keep_their_places() -> None:
    body = (
        "<table border=1><thead><tr><th rowspan=2>项目</th><th colspan=2>件数</th></tr><tr><th>新收</th><th>办结</th></tr></thead>"
        "<tbody><tr><td>申请</td><td>17</td><td>16</td></tr></tbody></table>"
    )
    blocks = [block for block in read(body).blocks if block.form == "row"]
    assert [block.text for block in blocks] == ["项目 | 件数 | ", " | 新收 | 办结", "申请 | 17 | 16"]
    assert [(m.column, m.columns, m.rows) for m in blocks[0].merged] == [(0, 1, 2), (1, 2, 1)]


def test_a_foot_written_before_the_body_comes_last() -> None:
    body = "<table border=1><tfoot><tr><td>合计</td><td>3</td></tr></tfoot><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
    assert rows(body) == ["甲 | 1", "乙 | 2", "合计 | 3"]


def test_a_cell_printed_one_character_per_line_reads_as_words() -> None:
    body = (
        "<table border=1><tr><td>三<br>、<br>本<br>年<br>度</td><td><p>予以</p><p>公开</p></td><td>5<br>6</td></tr>"
        "<tr><td><span>本年</span><span>新收</span></td><td>Open<br>data</td><td>&nbsp;&nbsp;</td></tr></table>"
    )
    assert rows(body) == ["三、本年度 | 予以公开 | 5 6", "本年新收 | Open data | "]


def test_a_layout_table_around_a_data_table_is_only_layout() -> None:
    data = "<table border=1><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
    body = f"<table><tr><td>左栏</td><td><p>{TEXT}</p>{data}</td></tr></table>"
    document = read(body)
    assert [block.text for block in document.blocks if block.form == "row"] == ["甲 | 1", "乙 | 2"]
    assert [block.text for block in document.blocks if block.form == "paragraph"].count(TEXT) == 2


def test_a_table_of_one_cell_or_column_is_prose() -> None:
    assert rows(f"<table border=1><tr><td><p>{TEXT}</p><p>{TEXT}</p></td></tr></table>") == []
    assert rows(f"<table><tr><td>{TEXT}</td></tr><tr><td>{TEXT}</td></tr></table>") == []


def test_a_ruled_table_of_long_cells_is_a_table() -> None:
    long = "由牵头部门会同有关部门按职责分工负责并持续推进。" * 20
    body = f"<table border=1><tr><th>任务</th><th>分工</th></tr><tr><td>甲：{long}</td><td>{long}</td></tr></table>"
    assert len(rows(body)) == 2


def test_rows_that_look_like_headings_are_rows() -> None:
    table = "<table border=1>" + "".join(
        f"<tr><td>{name}</td><td>0</td></tr>" for name in ("一、本年新收", "（一）予以公开", "四、结转下年度继续办理")
    )
    page = f"<html><body><div id=zoom><p>三、收到和处理申请情况</p>{table}</table><p>四、复议诉讼情况</p><p>{TEXT}</p></div></body></html>"
    report = parse(page.encode(), "a.html", "a")
    assert [s.heading for s in report.sections if s.level == 1 and s.form == "prose"] == [
        "三、收到和处理申请情况",
        "四、复议诉讼情况",
    ]


def test_unclosed_rows_and_cells_and_cells_without_rows_are_read() -> None:
    assert rows("<table border=1><tr><td>甲<td>1<tr><td>乙<td>2</table>") == ["甲 | 1", "乙 | 2"]


def test_a_caption_stands_above_its_table() -> None:
    document = read(
        "<table><caption>统计表</caption><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
    )
    assert [block.text for block in document.blocks][1:] == ["统计表", "甲 | 1", "乙 | 2"]


def test_preformatted_text_keeps_its_lines() -> None:
    found = read("<pre>　　第一行文字。\n　　第二行文字。</pre>")
    assert [block.text for block in found.blocks][1:] == ["第一行文字。", "第二行文字。"]


INNER = "<table border=1><tr><td>自然人</td><td>5</td></tr><tr><td>法人</td><td>6</td></tr></table>"


def test_a_table_in_a_cell_of_a_ruled_table_is_that_cells_text() -> None:
    outer = f"<table border=1><tr><td>类别</td><td>内容</td></tr><tr><td>申请</td><td>共：{INNER}件</td></tr></table>"
    blocks = read_html(f"<div id=zoom><p>{'正文一句。' * 20}</p>{outer}</div>".encode()).blocks
    assert [block.text for block in blocks if block.form == "row"] == ["类别 | 内容", "申请 | 共： 自然人 5 法人 6 件"]


@pytest.mark.parametrize(
    "outer",
    [
        "<table border=1><tr><td><a>公开指南</a></td><td>{text}{inner}</td></tr><tr><td></td><td>{text}</td></tr></table>",
        "<table><tr><td>类别</td><td>内容</td></tr><tr><td>申请</td><td>{inner}</td></tr></table>",
        "<table border=1><tr><td>框</td></tr><tr><td>{inner}</td></tr></table>",
    ],
)
def test_a_table_that_only_lays_out_another_one_is_none(outer: str) -> None:
    text = "".join(f"<p>{'这是正文的一句话。' * 8}</p>" for _ in range(3))
    page = f"<div id=zoom>{text}{outer.format(text=text, inner=INNER)}</div>"
    blocks = read_html(page.encode()).blocks
    assert [block.text for block in blocks if block.form == "row"] == ["自然人 | 5", "法人 | 6"]


CELLS = [["项目", "自然人", "总计"], ["一、本年新收申请数量", "5", "5"], ["四、结转下年度继续办理", "1", "1"]]


@pytest.mark.parametrize(
    ("style", "table", "row", "cell"),
    [
        ("", "style='display:table'", "style='width:9px; DISPLAY : table-row;'", "style=display:table-cell"),
        (".t{display:table}.x .r,h9{color:red;display:table-row}\n.r > .c{ display : table-cell }", "class=t", "class='a r'", "class=c"),
    ],
)  # fmt: skip
def test_boxes_laid_out_as_a_table_are_one_and_its_rows_no_headings(
    style: str, table: str, row: str, cell: str
) -> None:
    inside = "".join(f"<div {row}>{''.join(f'<div {cell}>{text}</div>' for text in cells)}</div>" for cells in CELLS)
    page = f"<html><head><meta charset=utf-8><style>{style}</style></head><body><div id=zoom><p>三、收到和处理政府信息公开申请情况</p>"
    page += f"<div {table}>{inside}</div><p>四、政府信息公开行政复议、行政诉讼情况</p><p>本年度未发生。</p></div></body></html>"
    report = parse(page.encode(), "a.html", "a")
    (found,) = (section for section in report.sections if section.form == "table")
    assert found.grid() == CELLS
    headings = [section.heading for section in report.sections if section.form == "prose"]
    assert headings[-2:] == ["三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"]


@pytest.mark.parametrize(
    "inside",
    ["<div class=r><div class=c>左</div></div>", "<div class=r><p>文字。</p></div>" * 3, "文字<div class=r></div>"],
)
def test_boxes_that_are_no_rows_of_cells_stay_text(inside: str) -> None:
    page = f"<html><head><style>.r{{display:table-row}}.c{{display:table-cell}}</style></head><body><div id=zoom>{inside}</div></body></html>"
    assert [block.form for block in read_html(page.encode()).blocks if block.form == "row"] == []
