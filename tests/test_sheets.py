"""Workbooks: one report of sheets with merged cells, or a table of reports; values as printed; hostile files."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hostile import FORMATS, LINUX, mutations, peak_megabytes

from corpus.cellvalues import printed
from corpus.containers import read_members
from corpus.document import Document
from corpus.docxreader import read_docx
from corpus.errors import UnreadableFile

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def whole(path: Path) -> Document:
    (member,) = read_members(path, {})
    assert member.name == ""
    assert isinstance(member.content, Document)
    return member.content


def book(path: Path, sheet: str, head: str = "") -> Path:
    """Write a workbook around the XML of one sheet."""
    plain = openpyxl.Workbook()
    made = io.BytesIO()
    plain.save(made)
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            changed = (
                f"{head}<worksheet {_NS}>{sheet}</worksheet>" if name.endswith("sheet1.xml") else archive.read(name)
            )
            copy.writestr(name, changed)
    return path


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_statistics_workbook_is_one_report_with_the_tables_of_its_sheets() -> None:
    read = whole(FORMATS / "report.xlsx")
    assert [(b.form, b.text) for b in read.blocks if b.form != "row"] == [
        ("heading", "申请办理"),
        ("paragraph", "云溪市林业局2019年政府信息公开工作年度报告"),
        ("paragraph", "注：本表数字为虚构。"),
        ("heading", "收费"),
    ]
    assert read.titles[0] == ("xlsx:first row", "云溪市林业局2019年政府信息公开工作年度报告")
    assert [b.text for b in read.blocks if b.table == 2] == [
        "项目 | 日期 | 比例 | 金额",
        "检索费 | 2019-05-06 | 12.5% | 1,234.50",
    ]


def test_one_table_reads_alike_from_word_and_from_a_sheet() -> None:
    sheet = [(b.text, b.merged) for b in whole(FORMATS / "report.xlsx").blocks if b.table == 1]
    word = [(b.text, b.merged) for b in read_docx((FORMATS / "report.docx").read_bytes()).blocks if b.table == 1]
    assert sheet == word
    assert len(sheet) == 10


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (0.125, "0.00%", "12.50%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (2.0, "0", "2"),
        (-7, "#,##0;[Red]-#,##0", "-7"),
        (True, "General", "TRUE"),
        (datetime(2019, 5, 6), "yyyy", "2019-05-06"),
        (datetime(2019, 5, 6, 7, 8), "yyyy", "2019-05-06 07:08"),
        ("甲", "@", "甲"),
        (float("nan"), "0.00", "nan"),
    ],
)
def test_values_are_written_as_printed(value: object, form: str, text: str) -> None:
    assert printed(value, form) == text


def test_rows_of_a_table_of_reports_are_named_by_sheet_and_number(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "一"
    made.active.append(["汇总表"])
    for row in (("标题", "内容"), ("甲", "正文甲。"), (), ("乙", "正文乙。"), ("丙", None)):
        made.active.append(row)
    made.create_sheet("说明").append(["没有报告"])
    made.create_sheet("隐藏").append(["标题", "内容"])
    made["隐藏"].append(["丁", "正文丁。"])
    made["隐藏"].sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")
    found = list(read_members(tmp_path / "a.xlsx", {}))
    assert [(m.name, isinstance(m.content, Document)) for m in found] == [
        ("一/3", True),
        ("一/5", True),
        ("一/6", False),
    ]


def test_a_mapping_that_fits_no_sheet_is_an_error_unless_usual_names_tell_text_and_title(tmp_path: Path) -> None:
    meant_for_another = list(read_members(FORMATS / "reports.xlsx", {"不存在": "text"}))
    assert [m.name for m in meant_for_another] == [m.name for m in read_members(FORMATS / "reports.xlsx", {})]
    made = openpyxl.Workbook()
    for row in (["编码", "正文"], ["1", "全年公开信息12条。"]):
        made.active.append(row)
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(UnreadableFile, match="columns"):
        list(read_members(tmp_path / "a.xlsx", {"不存在": "text"}))


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    rows = f'<row r="1">{cell("A1", "甲")}{cell("B1", "乙")}</row><row r="2">{cell("A2", "丙")}{cell("B2", "丁")}</row>'
    for said in ("A1", "A1:XFD1048576"):
        path = book(tmp_path / "a.xlsx", f'<dimension ref="{said}"/><sheetData>{rows}</sheetData>')
        assert [b.text for b in whole(path).blocks] == ["甲 | 乙", "丙 | 丁"]


_READ = """
import sys, pathlib
from corpus.containers import read_members
from corpus.errors import UnreadableFile
try:
    for member in read_members(pathlib.Path(sys.argv[1]), {}):
        print(sum(len(block.text) for block in member.content.blocks))
except UnreadableFile as error:
    print(error.en)
"""


@pytest.mark.parametrize(
    "sheet",
    [
        "".join(f'<row r="{n}"/>' for n in range(1, 1_000_001)),
        f'<row r="1">{cell("A1", "甲")}</row><row r="1048576">{cell("XFD1048576", "乙")}</row>',
        "".join(f'<row r="{n}">{cell(f"XFD{n}", "乙")}</row>' for n in range(1, 3001)),
        "".join(f'<row r="{n}">{cell(f"A{n}", "甲")}{cell(f"ALL{n}", "乙")}</row>' for n in range(1, 3001)),
    ],
    ids=["empty rows", "corners", "last column", "wide"],
)
@LINUX
def test_sparse_sheets_take_bounded_memory(tmp_path: Path, sheet: str) -> None:
    path = book(tmp_path / "a.xlsx", f"<sheetData>{sheet}</sheetData>")
    _, peak = peak_megabytes(_READ, str(path))
    assert peak < 400


def test_merged_ranges_that_overlap_or_cover_everything_do_no_harm(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", "甲")}{cell(f"B{n}", "乙")}</row>' for n in range(1, 4))
    ranges = ["A1:XFD1048576", "A1:B2", "B2:C3", "Z", "A3:A3", "C1:A1"] * 500
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
    path = book(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>")
    assert "甲" in whole(path).blocks[0].text


def test_a_merge_over_more_than_a_hundred_rows_keeps_its_columns(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}">{cell("A1", "甲") if n == 1 else ""}{cell(f"B{n}", f"乙{n}")}</row>' for n in range(1, 251)
    )
    path = book(
        tmp_path / "a.xlsx", f'<sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A1:A250"/></mergeCells>'
    )
    texts = [b.text for b in whole(path).blocks]
    assert (texts[0], texts[249]) == ("甲 | 乙1", " | 乙250")


@LINUX
def test_entities_and_bombs_are_refused(tmp_path: Path) -> None:
    lol = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>"
    path = book(tmp_path / "lol.xlsx", f"<sheetData><row r='1'>{cell('A1', '&a;')}</row></sheetData>", lol)
    with pytest.raises(UnreadableFile, match="entities"):
        list(read_members(path, {}))
    path = book(tmp_path / "bomb.xlsx", "<sheetData>" + " " * 150_000_000 + "</sheetData>")
    said, peak = peak_megabytes(_READ, str(path))
    assert "larger than" in said
    assert peak < 300


@pytest.mark.parametrize("name", ["report.xlsx", "reports.xlsx"])
def test_changed_workbooks_are_read_or_refused(tmp_path: Path, name: str) -> None:
    for changed in mutations((FORMATS / name).read_bytes(), 120):
        (tmp_path / name).write_bytes(changed)
        try:
            for member in read_members(tmp_path / name, {}):
                assert isinstance(member.content, (Document, UnreadableFile))
        except UnreadableFile as error:
            assert error.zh


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_changed_xml_is_read_or_refused(tmp_path: Path, part: str) -> None:
    with zipfile.ZipFile(FORMATS / "report.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for changed in mutations(parts[part], 60):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as copy:
            for name, body in parts.items():
                copy.writestr(name, changed if name == part else body)
        try:
            list(read_members(tmp_path / "a.xlsx", {}))
        except UnreadableFile as error:
            assert error.zh


def test_a_label_without_figures_at_the_end_stays_a_row(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (("统计表",), ("项目", "数量"), ("三、本年度办理结果", 3), ("四、结转下年度继续办理",), ("注：虚构。",)):
        made.active.append(row)
    made.save(tmp_path / "a.xlsx")
    assert [(b.form, b.text) for b in whole(tmp_path / "a.xlsx").blocks] == [
        ("paragraph", "统计表"),
        ("row", "项目 | 数量"),
        ("row", "三、本年度办理结果 | 3"),
        ("row", "四、结转下年度继续办理 | "),
        ("paragraph", "注：虚构。"),
    ]


@pytest.mark.parametrize("merged", ["A1:A2", "A1:C1", ""])
def test_a_table_of_one_report_with_columns_named_like_texts_is_one_report(tmp_path: Path, merged: str) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    rows = [
        ["内容", "年度", "名称"],
        ["", "", "数量"],
        ["规章", 2019, 3],
        ["规范性文件", 2019, 17],
        ["行政许可", 2019, 1203],
    ]
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    made.save(tmp_path / "a.xlsx")
    found = list(read_members(tmp_path / "a.xlsx", {}))
    assert [member.name for member in found] == [""]
    assert isinstance(found[0].content, Document)
    assert "行政许可" in "".join(block.text for block in found[0].content.blocks)
    # The user's word counts.
    told = list(read_members(tmp_path / "a.xlsx", {"内容": "text"}))
    assert len(told) == 4


def test_a_whole_report_typed_into_a_sheet_keeps_its_headings_between_its_tables(tmp_path: Path) -> None:
    filled = openpyxl.Workbook()
    sheet = filled.active
    assert sheet is not None
    lines: list[list[str | int]] = [
        ["云溪市体育局2021年政府信息公开工作年度报告"],
        ["一、总体情况"],
        ["全年通过政府网站主动公开政府信息356条，均按时更新。"],
        ["二、主动公开政府信息情况"],
        ["第二十条第（一）项"],
        ["信息内容", "本年制发件数", "现行有效件数"],
        ["规章", 0, 0],
        ["三、收到和处理政府信息公开申请情况"],
        ["", "自然人", "总计"],
        ["一、本年新收政府信息公开申请数量", 7, 7],
        ["四、结转下年度继续办理", 0, 0],
        ["四、政府信息公开行政复议、行政诉讼情况"],
        ["全年没有发生。"],
    ]
    for line in lines:
        sheet.append(line)
    sheet.merge_cells("A1:C1")
    filled.save(tmp_path / "typed.xlsx")
    read = whole(tmp_path / "typed.xlsx")
    assert [b.text for b in read.blocks if b.form != "row"] == [str(lines[at][0]) for at in (0, 1, 2, 3, 7, 11, 12)]
    assert [b.text for b in read.blocks if b.form == "row" and b.table == 2] == [
        " | 自然人 | 总计",
        "一、本年新收政府信息公开申请数量 | 7 | 7",
        "四、结转下年度继续办理 | 0 | 0",
    ]
