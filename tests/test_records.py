"""Tables of reports: CSV and JSON lines, the mapping of columns, broken and huge rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hostile import FORMATS, LINUX, mutations, peak_megabytes
from samples import need_shared

from corpus.containers import read_members
from corpus.document import Document
from corpus.errors import CorpusError, UnreadableFile
from corpus.mapping import fields_of, parse_columns
from corpus.member import Columns, Member
from corpus.metadata import describe

_JUNK = ("【字号", "您的位置", "打印", "扫一扫", "相关报道", "分享", "记者")


def members(path: Path, body: bytes | str, columns: Columns | None = None) -> list[Member]:
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return list(read_members(path, columns or {}))


def text(member: Member) -> str:
    assert isinstance(member.content, Document), member.content
    return "\n".join(block.text for block in member.content.blocks)


def shown(found: list[Member]) -> list[tuple[str, str]]:
    return [(m.name, "!" if isinstance(m.content, UnreadableFile) else text(m)) for m in found]


@pytest.mark.parametrize("name", ["reports.csv", "reports.jsonl", "reports.xlsx"])
def test_the_same_reports_come_out_of_each_table(name: str) -> None:
    first, second = read_members(FORMATS / name, {})
    assert (first.name, second.name) == ("1", "2")
    assert text(first) == "本报告为查档项目虚构，统计期限为2019年1月1日至12月31日。\n一、总体情况\n公开信息86条。"
    assert isinstance(first.content, Document)
    found = describe(first.content, name)
    assert (found.title, found.year, found.published_on, found.agency, found.source_url) == (
        "云溪市林业局2019年政府信息公开工作年度报告",
        2019,
        "2020-01-20",
        "云溪市林业局",
        "https://lyj.yunxi.example/2020/1.html",
    )
    assert found.provenance["published_on"] == "column:发布日期"


def test_columns_of_year_region_and_number_are_believed(tmp_path: Path) -> None:
    (row,) = members(
        tmp_path / "a.csv",
        "Title,Full Text,年份,Province,发文字号\n关于2018年工作的意见,正文是这样的。,2020,山东省,云政发〔2020〕3号\n",
    )
    assert isinstance(row.content, Document)
    found = describe(row.content, "a.csv!2")
    assert (found.year, found.region, found.document_number) == (2020, "370000", "云政发〔2020〕3号")
    assert found.provenance["region"] == "column:地区"


def test_a_mapping_names_the_columns_and_replaces_what_is_known() -> None:
    columns = parse_columns("甲列=text，题目 = title;Nr=id")
    assert columns == {"甲列": "text", "题目": "title", "Nr": "id"}
    assert fields_of(["题 目", "NR", "正文", "甲列"], columns) == {0: "title", 1: "id", 3: "text"}
    assert parse_columns(" ") == {}


@pytest.mark.parametrize("option", ["正文", "正文=body", "=text", "a=text,b=text", "a=text,a=title"])
def test_a_mapping_that_cannot_be_read_says_how_to_write_it(option: str) -> None:
    with pytest.raises(CorpusError) as refused:
        parse_columns(option)
    assert "--columns" in refused.value.zh


@pytest.mark.parametrize(
    ("name", "body"), [("a.csv", "省,数量\n甲,1\n"), ("a.jsonl", '{"省": "甲", "数量": 1}\n{"省": "乙"}\n')]
)
def test_a_table_without_text_names_its_columns(tmp_path: Path, name: str, body: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        members(tmp_path / name, body)
    assert "省、数量" in refused.value.zh
    assert "--columns" in refused.value.en


def test_rows_have_names_that_stay_when_rows_are_added(tmp_path: Path) -> None:
    body = 'title,text\n甲,"一行\n两行。"\n乙,正文乙。\n'
    before = members(tmp_path / "a.csv", body)
    after = members(tmp_path / "a.csv", body + "丙,正文丙。\n")
    assert [m.name for m in before] == ["2", "3"]
    assert [m.name for m in after] == ["2", "3", "4"]


def test_a_key_that_comes_twice_gets_a_number(tmp_path: Path) -> None:
    found = members(tmp_path / "a.jsonl", "".join(f'{{"id": 7, "text": "正文{n}。"}}\n' for n in "一二三"))
    assert [m.name for m in found] == ["7", "7#2", "7#3"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"])
def test_delimiters_and_encodings_are_told(tmp_path: Path, mark: str, encoding: str) -> None:
    rows = [
        ["編號", "標題", "正文"],
        ["1", "年度報告", '他說："好", 很好; 真的|\t。'],
        ["2", "年度報告二", "第二篇的正文在這裡。"],
    ]
    rows = (
        rows
        if encoding == "big5"
        else [[cell.replace("標題", "标题").replace("編號", "编号") for cell in row] for row in rows]
    )
    quoted = "\r\n".join(mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    columns = {"標題": "title", "正文": "text", "編號": "id"} if encoding == "big5" else {}
    found = members(tmp_path / "a.csv", quoted.encode(encoding), columns)
    assert [m.name for m in found] == ["1", "2"]
    assert text(found[1]) == "第二篇的正文在這裡。"


def test_text_that_is_markup_is_read_as_a_page(tmp_path: Path) -> None:
    page = "<h2>一、概述</h2><p>公开 <b>三</b> 条。</p><table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
    (found,) = members(tmp_path / "a.jsonl", json.dumps({"content": page, "title": "年报"}))
    assert text(found) == "一、概述\n公开 三 条。\n甲 | 1\n乙 | 2"


def test_an_open_quote_costs_one_row(tmp_path: Path) -> None:
    found = members(tmp_path / "a.csv", 'title,text\n甲,正文甲。\n乙,"开着的引号\n丙,"正文丙。"\n丁,正文丁。\n')
    assert shown(found) == [("2", "正文甲。"), ("3", "!"), ("4", "正文丙。"), ("5", "正文丁。")]


def test_sloppy_quotes_within_a_line_are_read(tmp_path: Path) -> None:
    found = members(tmp_path / "a.csv", 'title,text\n甲,"他说"好"了。"\n乙,说"好"。\n')
    assert [name for name, _ in shown(found)] == ["2", "3"]
    assert "他说" in text(found[0])
    assert text(found[1]) == '说"好"。'


def test_a_broken_line_of_json_is_one_failure(tmp_path: Path) -> None:
    lines = ['{"text": "正文一。"}', '{"text": "断', "[" * 100_000, "3", '{"text": ""}', '{"text": "正文二。"}']
    found = members(tmp_path / "a.jsonl", "\n".join(lines))
    assert shown(found) == [
        ("1", "正文一。"),
        ("line 2", "!"),
        ("line 3", "!"),
        ("line 4", "!"),
        ("5", "!"),
        ("6", "正文二。"),
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_objects_is_read_item_by_item(tmp_path: Path, indent: int | None) -> None:
    items = [{"text": f"正文{n}。" * 40_000, "id": n} for n in range(4)]
    found = members(tmp_path / "a.json", json.dumps(items, ensure_ascii=False, indent=indent))
    assert [m.name for m in found] == ["0", "1", "2", "3"]
    assert text(found[3]).startswith("正文3。")


def test_a_torn_list_fails_at_its_end(tmp_path: Path) -> None:
    found = members(tmp_path / "a.json", '[{"text": "正文。"}, {"text": "断了')
    assert shown(found) == [("1", "正文。"), ("line 2", "!")]


def test_broken_bytes_are_a_doubt(tmp_path: Path) -> None:
    (found,) = members(tmp_path / "a.jsonl", '{"text": "正文'.encode() + b"\xff" + '正文正文。"}'.encode())
    assert isinstance(found.content, Document)
    assert "broken_bytes" in found.content.doubts


_COUNT = """
import sys, pathlib
from corpus.containers import read_members
from corpus.errors import UnreadableFile
for member in read_members(pathlib.Path(sys.argv[1]), {}):
    print(member.name[:20], isinstance(member.content, UnreadableFile))
"""


@LINUX
def test_a_line_of_a_hundred_megabytes_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("wb") as stream:
        stream.write('{"text": "正文一。"}\n{"text": "'.encode())
        for _ in range(100):
            stream.write(b"a" * 1_000_000)
        stream.write('"}\n{"text": "正文三。"}\n'.encode())
    said, peak = peak_megabytes(_COUNT, str(path))
    assert said == "1 False\nline 2 True\n3 False"
    assert peak < 200


@pytest.mark.parametrize(
    ("opening", "piece", "closing", "expected"),
    [
        ("2,", b"a" * 1_000_000, "\n", "1 False\nrow 3 True\n3 False"),
        ('2,"', b"a" * 999_999 + b"\n", '"\n', "1 False\nrow 3 True\n3 False"),
        ('2,"', b"a" * 1_000_000, '"\n', "1 False\nrow 3 True\n3 False"),
    ],
)
@LINUX
def test_a_field_of_a_hundred_megabytes_fails_alone(
    tmp_path: Path, opening: str, piece: bytes, closing: str, expected: str
) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.write(f"id,text\n1,正文一。\n{opening}".encode())
        for _ in range(100):
            stream.write(piece)
        stream.write(f"{closing}3,正文三。\n".encode())
    said, peak = peak_megabytes(_COUNT, str(path))
    assert said == expected
    assert peak < 250


@LINUX
def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    peaks = []
    for count in (100, 60_000):
        path.write_text("id,text\n" + "".join(f"{n},正文{n}。\n" for n in range(count)), encoding="utf-8")
        said, peak = peak_megabytes(_COUNT.replace("    print(", "    pass; (") + "print('done')", str(path))
        assert said == "done"
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 20


@pytest.mark.parametrize("name", ["reports.csv", "reports.jsonl"])
def test_changed_tables_yield_members_or_refuse(tmp_path: Path, name: str) -> None:
    for changed in mutations((FORMATS / name).read_bytes()):
        try:
            for member in members(tmp_path / name, changed):
                assert isinstance(member.content, (Document, UnreadableFile))
        except UnreadableFile as error:
            assert error.zh


@pytest.mark.data
def test_the_provincial_reports_are_read_without_the_page_around_them() -> None:
    paths = sorted((need_shared() / "work-reports-provincial-2026").glob("*.csv"))
    assert len(paths) == 16
    regions = set()
    for path in paths:
        (member,) = read_members(path, {})
        assert isinstance(member.content, Document)
        found = describe(member.content, path.name)
        province = path.name.split("_")[1]
        assert found.title in {f"2026年{province}政府工作报告", f"{province}2026年政府工作报告"}
        assert (found.year, found.agency, found.doctype) == (2026, f"{province}人民政府", "work_report")
        assert found.published_on.startswith("2026-0")
        assert found.source_url.startswith("https://")
        regions.add(found.region)
        whole = [block.text for block in member.content.blocks]
        assert not [line for line in whole for junk in _JUNK if junk in line and "服务分享" not in line]
        assert len("".join(whole)) > 9_000
    assert len(regions) == 16


def records(tmp_path: Path, name: str, text: str, columns: dict[str, str] | None = None) -> list[Member]:
    (tmp_path / name).write_bytes(text.encode("gbk"))
    return list(read_members(tmp_path / name, columns or {}))


def first_text(members: list[Member]) -> tuple[tuple[str, ...], dict[str, str]]:
    (document, *_) = [member.content for member in members]
    assert isinstance(document, Document)
    return tuple(block.text for block in document.blocks), dict(document.labelled)


ROW = '标题,发文机关,正文\n年度报告,某市教育局,"第一段，说明。\n第二段。"\n'


@pytest.mark.parametrize("above", ["", "全市年报汇总,,\n", "全市年报汇总\n\n单位：件,,\n"])
def test_the_row_of_names_may_stand_below_titles(tmp_path: Path, above: str) -> None:
    members = records(tmp_path, "a.csv", above + ROW)
    assert first_text(members) == (("第一段，说明。", "第二段。"), {"column:发文机关": "某市教育局"})
    assert members[0].name == str(above.count("\n") + 2)


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_the_first_line_may_say_what_divides_cells(tmp_path: Path, mark: str) -> None:
    members = records(tmp_path, "a.csv", f"sep={mark}\r\n标题{mark}正文\r\n甲，乙；丙{mark}正文一，二；三。\r\n")
    assert first_text(members)[0] == ("正文一，二；三。",)


def test_columns_that_the_mapping_does_not_name_are_known_by_their_usual_names(tmp_path: Path) -> None:
    text = "zw,内容,发文机关\n正文一句。,另一句。,某市教育局\n"
    assert first_text(records(tmp_path, "a.csv", text, {"zw": "text"})) == (
        ("正文一句。",),
        {"column:发文机关": "某市教育局"},
    )
    with pytest.raises(UnreadableFile, match="columns"):
        records(tmp_path, "a.csv", text, {"zv": "text"})


def test_a_file_that_prints_one_object_over_several_lines_is_one_report(tmp_path: Path) -> None:
    members = records(tmp_path, "a.json", '{\n  "headline": "年度报告",\n  "article": "一句。\\n又一句。"\n}\n')
    assert first_text(members)[0] == ("一句。", "又一句。")
    with pytest.raises(UnreadableFile):
        records(tmp_path, "b.json", '{\n  "headline": "年度报告",\n  "article": "一句。\n')


def test_a_mapping_meant_for_another_file_leaves_the_usual_names(tmp_path: Path) -> None:
    usual = members(tmp_path / "a.csv", "标题,正文\n年报,全年公开信息12条。\n", {"甲列": "text"})
    assert text(usual[0]) == "全年公开信息12条。"
    with pytest.raises(UnreadableFile, match="columns"):  # a text alone may be another one than was meant
        members(tmp_path / "b.csv", "编码,正文\n1,全年公开信息12条。\n", {"甲列": "text"})
