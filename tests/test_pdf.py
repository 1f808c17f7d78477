"""PDF: paragraphs, headings and ruled tables as printed; furniture gone; scans and damage said clearly."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import RectangleObject

from corpus.document import Document, Heading
from corpus.errors import UnreadableFile
from corpus.layout import LaidPage, read_layout
from corpus.layoutgrid import Rule
from corpus.layoutlines import Glyph
from corpus.parsing import parse
from corpus.pdfreader import read_pdf
from corpus.tables import Table

FORMATS = Path(__file__).resolve().parent / "examples" / "formats"
TITLE = "云溪市教育局2019年政府信息公开工作年度报告"


def example(name: str) -> Document:
    return read_pdf((FORMATS / name).read_bytes())


def test_prose_is_whole_paragraphs_without_the_furniture_of_pages() -> None:
    texts = [block.text for block in example("report.pdf").blocks]
    assert texts[0] == TITLE
    assert texts[1].startswith("根据《中华人民共和国政府信息公开条例》规定，现公布")
    assert texts[1].endswith("电子邮箱：jyj@yunxi.example）。")
    work = "在今年的各项工作中，全年主动公开政府信息{n}条，其中通过门户网站公开96条，通过政务微博、微信公众号等新媒体公开32条，同比增长百分之十二，"
    work += "全年没有发生因政府信息公开引起的行政复议和行政诉讼。我局还对历年公开的文件逐件清理，撤下失效文件7件，并在网站上注明。"
    headings = ["一、总体情况", "二、主动公开政府信息情况", "五、存在的主要问题及改进情况"]
    expected = [
        text
        for number, heading in enumerate(headings, 1)
        for text in (heading, *(work.format(n=100 * number + part)[part:] for part in range(6)))
    ]
    assert texts[2:] == expected  # nothing lost over the pages, no running head, no number


def test_a_ruled_table_keeps_its_grid_and_its_rows_are_no_headings() -> None:
    report = parse((FORMATS / "table.pdf").read_bytes(), "table.pdf", "table.pdf")
    assert report.title == TITLE
    assert report.year == 2019
    (table,) = (section for section in report.sections if section.form == "table")
    grid = table.grid()
    assert {len(row) for row in grid} == {10}
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    assert grid[0] == [note] * 3 + ["申请人情况"] * 7
    assert grid[2][3:] == ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    assert grid[7][:4] == ["三、本年度办理结果", "（三）不予公开", "2.其他法律行政法规禁止公开", "1"]
    assert grid[9] == ["四、结转下年度继续办理"] * 3 + ["1", "0", "0", "0", "0", "0", "1"]
    assert [s.heading for s in report.sections if s.form == "prose"] == [
        TITLE,
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]


def test_spaced_letters_and_radicals_read_as_words() -> None:
    texts = [block.text for block in example("spaced.pdf").blocks]
    assert texts[1:] == [
        "一、总体情况",
        "联系地址：云溪市长安路90号，邮编：223100。",
        "全年文件公开日常进行，群众满意。",
    ]


def test_a_scan_says_what_to_do() -> None:
    with pytest.raises(UnreadableFile, match="OCR"):
        example("scanned.pdf")


def test_a_password_is_said_and_an_empty_one_is_none() -> None:
    for password, readable in (("", True), ("秘密", False)):
        writer = PdfWriter(clone_from=PdfReader(FORMATS / "table.pdf"))
        writer.encrypt(user_password=password, owner_password=password, algorithm="RC4-128")
        out = BytesIO()
        writer.write(out)
        if readable:
            assert "四、结转下年度继续办理" in "".join(b.text for b in read_pdf(out.getvalue()).blocks)
        else:
            with pytest.raises(UnreadableFile, match="password"):
                read_pdf(out.getvalue())


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(angle: int) -> None:
    writer = PdfWriter(clone_from=PdfReader(FORMATS / "table.pdf"))
    for page in writer.pages:
        # Drawn on its side, and shown upright by the page's own entry.
        wide, high = page.mediabox.width, page.mediabox.height
        moved = {90: (high, 0), 180: (wide, high), 270: (0, wide)}[angle]
        page.add_transformation(Transformation().rotate(angle).translate(*moved))
        page.mediabox = page.cropbox = RectangleObject((0, 0, wide, high) if angle == 180 else (0, 0, high, wide))
        page.rotate(angle)
    out = BytesIO()
    writer.write(out)
    assert [b.text for b in read_pdf(out.getvalue()).blocks] == [b.text for b in example("table.pdf").blocks]


@pytest.mark.parametrize("name", ["report.pdf", "table.pdf", "spaced.pdf"])
def test_damaged_files_give_a_document_or_a_reason(name: str) -> None:
    body = (FORMATS / name).read_bytes()
    dice = random.Random(name)
    outcomes = set()
    for number in range(70):
        damaged = bytearray(body[: dice.randrange(len(body))] if number % 5 == 0 else body)
        for _ in range(dice.choice([1, 10, 100])):
            if damaged:
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            outcomes.add(type(read_pdf(bytes(damaged))))
        except UnreadableFile:
            outcomes.add(UnreadableFile)
    assert outcomes <= {Document, UnreadableFile}
    assert UnreadableFile in outcomes


def test_furniture_marks_and_a_table_over_pages() -> None:
    furnished = [block.text for block in example("furnished.pdf").blocks]
    assert "（一）主动公开情况" in furnished  # the letters of a watermark aren't in it
    assert not any(text.strip("-—– ").isdigit() for text in furnished)
    tables = [b for b in example("statutory-tables.pdf").blocks if b.form == "row"]
    assert "四、结转下年度继续办理" in {block.text.split(" | ")[0] for block in tables}


def test_turned_pages_and_columns_from_top_to_bottom() -> None:
    sideways = ["横向排版的页面第一行。", "横向排版的页面第二行。", "第三行写水资源费。"]
    assert [block.text for block in example("turned-left.pdf").blocks] == sideways
    assert [block.text for block in example("turned-right.pdf").blocks] == sideways
    assert [block.text for block in example("vertical.pdf").blocks] == [
        "第一列从上往下书写的文字内容继续到第二列的开头并在此结束。",
        "另起一段。",
    ]


COORDINATE = st.one_of(st.floats(-100, 900), st.sampled_from([float("nan"), float("inf"), -float("inf"), 1e308, 0.0]))


@given(
    st.lists(
        st.builds(Glyph, st.text("政a1。", min_size=1, max_size=2), *[COORDINATE] * 4, st.floats(0.1, 100)), max_size=30
    ),
    st.lists(st.builds(Rule, *[COORDINATE] * 4), max_size=30),
)
def test_any_layout_gives_lines(glyphs: list[Glyph], rules: list[Rule]) -> None:
    lines = read_layout([LaidPage(600, 800, tuple(glyphs), tuple(rules))] * 2).lines
    assert all(isinstance(line, str | Heading | Table) for line in lines)


def test_many_empty_pages_are_a_scan() -> None:
    pdf = FPDF()
    for _ in range(300):
        pdf.add_page()
    with pytest.raises(UnreadableFile, match="text layer"):
        read_pdf(bytes(pdf.output()))
