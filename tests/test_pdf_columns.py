"""PDF in several columns: read column by column; tables and single columns as before; fonts that name no characters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.document import Heading
from corpus.errors import UnreadableFile
from corpus.layout import LaidPage, read_layout
from corpus.layoutlines import Glyph
from corpus.pdfreader import read_pdf
from corpus.tables import Table

FORMATS = Path(__file__).resolve().parent / "examples" / "formats"
SENTENCE = "本年度全市主动公开政府信息若干条并及时回应社会关切同时加强培训完善机制"


def line(text: str, x: float, y: float, size: float = 10.0) -> list[Glyph]:
    return [Glyph(c, x + n * size, y, x + (n + 1) * size, y + size, size) for n, c in enumerate(text)]


def page(*lines: list[Glyph]) -> LaidPage:
    return LaidPage(600, 842, tuple(glyph for each in lines for glyph in each))


def column(letter: str, x: float, top: float, lines: int, width: int, offset: float = 0) -> list[list[Glyph]]:
    """Return the lines of one paragraph, indented by two letters; its last line is half as long."""
    text = (
        [f"　　{letter}{SENTENCE}"[:width]]
        + [(letter + SENTENCE)[:width]] * (lines - 2)
        + [letter * (width // 2) + "。"]
    )
    return [line(said, x, top + offset + 15 * n) for n, said in enumerate(text)]


def said(*pages: LaidPage) -> list[str]:
    found = [each for each in read_layout(pages).lines if each]
    return [each.text if isinstance(each, Heading) else "表" if isinstance(each, Table) else each[0] for each in found]


def test_the_example_is_read_down_one_column_and_then_the_next() -> None:
    blocks = read_pdf((FORMATS / "columns.pdf").read_bytes()).blocks
    work = "在今年的各项工作中，全年主动公开政府信息{n}条，其中通过门户网站公开96条，通过政务微博、微信公众号等新媒体公开32条，同比增长百分之十二，"
    work += "全年没有发生因政府信息公开引起的行政复议和行政诉讼。我局还对历年公开的文件逐件清理，撤下失效文件7件，并在网站上注明。"
    expected = ["云溪市教育局2019年政府信息公开工作年度报告"]
    for number, heading in enumerate(("一、总体情况", "二、主动公开情况", "三、依申请公开情况", "四、其他情况"), 1):
        expected += [heading, *(work.format(n=100 * number + part)[part:] for part in range(5))]
        expected += ["项目 | 本年 | 上年", f"公开第{number}类 | 5 | 3"]
    assert [block.text for block in blocks][:-1] == expected
    assert blocks[-1].text.startswith("根据") and blocks[-1].text.endswith("。")


@pytest.mark.parametrize("offset", [0, 4, 7.5])
def test_columns_are_read_one_after_the_other_wherever_their_lines_stand(offset: float) -> None:
    title = line("某市某局年度报告", 200, 40, 18)
    left = [*column("甲", 50, 100, 6, 22), *column("乙", 50, 190, 6, 22)]
    right = [*column("丙", 290, 100, 6, 22, offset), *column("丁", 290, 190, 6, 22, offset)]
    wide = [line(f"　　戊{SENTENCE}{SENTENCE}"[:46], 50, 300), line("戊" * 30 + "。", 50, 315)]
    assert said(page(title, *left, *right, *wide)) == ["某市某局年度报告", "甲", "乙", "丙", "丁", "戊"]
    texts = [each for each in read_layout([page(title, *left, *right, *wide)]).lines if isinstance(each, str) and each]
    assert [text.strip()[0] for text in texts] == ["甲", "乙", "丙", "丁", "戊"]
    assert all(text.endswith("。") for text in texts)


def test_a_paragraph_goes_on_at_the_top_of_the_next_column() -> None:
    broken = [*column("甲", 50, 100, 6, 22)[:-1], *column("甲", 290, 85, 6, 22)[1:]]
    texts = [each for each in read_layout([page(*broken)]).lines if each]
    assert len(texts) == 1


def test_three_columns() -> None:
    parts = [column(letter, x, 100, 8, 13) for letter, x in (("甲", 50), ("乙", 210), ("丙", 370))]
    texts = [each for each in read_layout([page(*(each for part in parts for each in part))]).lines if each]
    assert [str(text).strip()[0] for text in texts] == ["甲", "乙", "丙"]


def test_a_table_without_rules_is_no_text_in_columns() -> None:
    rows = [
        ("主动公开政府信息", "5"),
        ("依申请公开", "3"),
        ("行政复议", "0"),
        ("行政诉讼", "12"),
        ("举报", "1"),
        ("其他", "0"),
    ]
    lines = [each for n, (a, b) in enumerate(rows) for each in (line(a, 50, 100 + 15 * n), line(b, 320, 100 + 15 * n))]
    (table,) = [
        each for each in read_layout([page(*lines, *column("甲", 50, 300, 8, 50))]).lines if isinstance(each, Table)
    ]
    assert [row.text for row in table.rows] == [f"{a} | {b}" for a, b in rows]


def test_one_column_stays_one() -> None:
    assert len([each for each in read_layout([page(*column("甲", 50, 100, 20, 50))]).lines if each]) == 1


def test_heads_with_words_of_their_own_are_furniture_where_they_are_small_and_alike() -> None:
    pages = [
        page(line(head, 60, 30, 8), *column("甲", 50, 100, 6, 50), *column("乙", 50, 300, 6, 50))
        for head in ("云溪市公报", "年度报告")
    ]
    assert "云" not in said(*pages) and "年" not in said(*pages)
    large = [page(line(head, 60, 30, 10), *column("甲", 50, 100, 6, 50)) for head in ("云溪市公报", "年度报告")]
    assert "云" in said(*large)


def test_a_font_that_names_no_characters_is_said_and_never_stored_as_signs() -> None:
    body = (FORMATS / "report.pdf").read_bytes()
    blind = re.sub(rb"/ToUnicode \d+ 0 R", lambda found: b" " * len(found[0]), body)
    assert blind != body
    with pytest.raises(UnreadableFile) as refused:
        read_pdf(blind)
    assert "OCR" in refused.value.zh


def test_a_figure_broken_at_the_end_of_a_line_is_one() -> None:
    lines = [
        line("　　" + (SENTENCE * 2)[:46] + "10", 50, 100),
        line("0条，" + "甲" * 46, 50, 115),
        line("完。", 50, 130),
    ]
    (text,) = [each for each in read_layout([page(*lines)]).lines if each]
    assert "100条" in str(text)
