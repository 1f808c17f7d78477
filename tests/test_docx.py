"""DOCX: headings, generated numbers, tables, what a reader sees and what not, hostile files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hostile import FORMATS, LINUX, peak_megabytes, reads_or_refuses

from corpus.docxreader import read_docx
from corpus.errors import UnreadableFile
from corpus.parsing import parse
from corpus.tables import Merged
from corpus.wordnumbering import formatted

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TEXT = "这一段是虚构的正文，用来检查读取。"


def docx(body: str, **parts: str) -> bytes:
    """Return a DOCX file of a body and further parts below word/."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return made.getvalue()


def para(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def texts(body: bytes) -> list[str]:
    return [block.text for block in read_docx(body).blocks]


def test_the_example_reads_as_a_reader_sees_it() -> None:
    read = read_docx((FORMATS / "report.docx").read_bytes())
    shown = [(b.form, b.level, b.text) for b in read.blocks if b.form != "row"]
    assert shown == [
        ("paragraph", 0, "云溪市林业局2019年政府信息公开工作年度报告"),
        ("paragraph", 0, "本报告为查档项目虚构，统计期限为2019年1月1日至12月31日。"),
        ("heading", 1, "一、总体情况"),
        ("paragraph", 0, "全年主动公开信息86条。"),
        ("paragraph", 0, "含更正三条。"),
        ("heading", 2, "（一）主动公开情况"),
        ("paragraph", 0, "公开内容包括林地审批。"),
        ("heading", 1, "二、收到和处理政府信息公开申请情况"),
        ("heading", 1, "三、政府信息公开行政复议、行政诉讼情况"),
        ("paragraph", 0, "联系方式见下。"),
        ("paragraph", 0, "公开电话：0000-12345。"),
    ]
    assert read.titles[0] == ("docx:Title", "云溪市林业局2019年政府信息公开工作年度报告")


def test_merged_cells_keep_their_places() -> None:
    rows = [b for b in read_docx((FORMATS / "report.docx").read_bytes()).blocks if b.form == "row"]
    assert len(rows) == 10
    assert rows[0].merged == (Merged(0, 3, 3), Merged(3, 7, 1))
    assert rows[6].text == " | （三）不予公开 | 1.属于国家秘密 | 1 | 1 | 0 | 0 | 0 | 0 | 2"
    assert rows[9].text == "四、结转下年度继续办理 |  |  | 1 | 0 | 0 | 0 | 0 | 0 | 1"


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (105, "chineseCountingThousand", "一百零五"),
        (3, "chineseLegalSimplified", "叁"),
        (11, "ideographDigital", "一一"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (2, "ideographTraditional", "乙"),
        (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"),
        (7, "decimalZero", "07"),
        (5, "a format of the future", "5"),
    ],
)
def test_numbers_are_written_as_word_writes_them(count: int, form: str, text: str) -> None:
    assert formatted(count, form) == text


def test_lists_count_on_restart_and_name_their_level() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate([("chineseCounting", "%1、"), ("decimal", "%1.%2"), ("bullet", "·")])
    )
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        f'<w:numbering {_W}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{override}</w:num></w:numbering>'
    )

    def item(text: str, level: int, list_id: int = 1) -> str:
        return para(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')

    body = (
        item("甲", 0) + item("乙", 1) + item("丙", 1) + item("丁", 0) + item("戊", 1) + item("己", 2) + item("庚", 0, 2)
    )
    assert texts(docx(body, numbering=numbering)) == [
        "一、甲", "一.1 乙", "一.2 丙", "二、丁", "二.1 戊", "己", "一、庚",
    ]  # fmt: skip


def test_outline_levels_and_inherited_styles_mark_headings() -> None:
    styles = (
        f'<w:styles {_W}><w:style w:type="paragraph" w:styleId="h"><w:name w:val="标题 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="own"><w:basedOn w:val="h"/><w:name w:val="局标题"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="loop"/><w:name w:val="x"/></w:style></w:styles>'
    )
    body = (
        para("工作概况", '<w:pStyle w:val="own"/>')
        + para(_TEXT, '<w:pStyle w:val="loop"/>')
        + para("问题", '<w:outlineLvl w:val="0"/>')
        + para("正文级别", '<w:pStyle w:val="own"/><w:outlineLvl w:val="9"/>')
    )
    read = read_docx(docx(body, styles=styles))
    assert [(b.form, b.level) for b in read.blocks] == [
        ("heading", 2),
        ("paragraph", 0),
        ("heading", 1),
        ("paragraph", 0),
    ]


def test_frames_are_text_and_tables_within_tables_stay_searchable() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{para('内甲')}</w:tc><w:tc>{para('内乙')}</w:tc></w:tr></w:tbl>"
    frame = f"<w:tbl><w:tr><w:tc>{para('框内的正文。')}{inner}</w:tc></w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{para('外甲')}{inner}</w:tc><w:tc>{para('外乙')}</w:tc></w:tr></w:tbl>"
    assert [(b.form, b.text) for b in read_docx(docx(frame + outer)).blocks] == [
        ("paragraph", "框内的正文。"),
        ("row", "内甲 | 内乙"),
        ("row", "外甲 内甲 内乙 | 外乙"),
    ]


def test_breaks_symbols_and_joined_paragraphs() -> None:
    runs = '<w:p><w:r><w:t>第一行。</w:t><w:br/><w:t>第二行</w:t><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>'
    joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>" + para("后半。")
    assert texts(docx(runs + joined)) == ["第一行。", "第二行☑", "前半后半。"]


def test_strict_files_and_an_odd_main_part_are_found() -> None:
    made = io.BytesIO()
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("_rels/.rels", '<R><Relationship Type="x/officeDocument" Target="/word/main2.xml"/></R>')
        archive.writestr("word/main2.xml", f"<w:document {strict}><w:body>{para(_TEXT)}</w:body></w:document>")
    assert texts(made.getvalue()) == [_TEXT]


def test_a_torn_document_gives_what_stands_before_the_tear() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{para(_TEXT)}<w:p><w:r><w:t>后")
    read = read_docx(made.getvalue())
    assert read.blocks[0].text == _TEXT
    assert read.doubts == ("truncated",)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"no zip at all" * 9])
def test_what_is_no_docx_is_refused_with_advice(body: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_docx(body)
    assert "；" in refused.value.zh


def test_entities_are_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document/>')
    with pytest.raises(UnreadableFile, match="entities"):
        read_docx(made.getvalue())


@pytest.mark.parametrize("filler", ["<w:p/>", "<w:p><w:r><w:t>" + "字" * 4000 + "</w:t></w:r></w:p>", " "])
@LINUX
def test_a_bomb_is_refused_in_bounded_memory(tmp_path: Path, filler: str) -> None:
    piece = filler.encode() * (4_000_000 // len(filler.encode()))
    archive = zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("word/document.xml", "w", force_zip64=True) as part:
        part.write(f"<w:document {_W}><w:body>".encode())
        for _ in range(60):
            part.write(piece)
    program = (
        "import sys, pathlib\nfrom corpus.docxreader import read_docx\nfrom corpus.errors import UnreadableFile\n"
        "try:\n    read_docx(pathlib.Path(sys.argv[1]).read_bytes())\nexcept UnreadableFile as error:\n    print(error.en)"
    )
    said, peak = peak_megabytes(program, str(tmp_path / "bomb.docx"))
    assert "larger than" in said
    assert peak < 300


@LINUX
def test_millions_of_elements_in_one_paragraph_are_refused(tmp_path: Path) -> None:
    (tmp_path / "runs.docx").write_bytes(docx(f"<w:p>{'<w:r/>' * 2_500_000}</w:p>"))
    program = (
        "import sys, pathlib\nfrom corpus.docxreader import read_docx\nfrom corpus.errors import UnreadableFile\n"
        "try:\n    read_docx(pathlib.Path(sys.argv[1]).read_bytes())\nexcept UnreadableFile as error:\n    print(error.en)"
    )
    said, peak = peak_megabytes(program, str(tmp_path / "runs.docx"))
    assert "elements" in said
    assert peak < 900


def test_deep_nesting_is_no_danger() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 3000 + para(_TEXT)
    assert read_docx(docx(para(_TEXT) + deep)).blocks[0].text == _TEXT


def test_changed_files_are_read_or_refused() -> None:
    assert reads_or_refuses(read_docx, (FORMATS / "report.docx").read_bytes()) > 0


def test_changed_xml_is_read_or_refused() -> None:
    with zipfile.ZipFile(FORMATS / "report.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in ("word/document.xml", "word/styles.xml", "word/numbering.xml"):

        def packed(changed: bytes, name: str = name) -> bytes:
            made = io.BytesIO()
            with zipfile.ZipFile(made, "w") as archive:
                for each, body in parts.items():
                    archive.writestr(each, changed if each == name else body)
            return made.getvalue()

        assert reads_or_refuses(lambda changed, packed=packed: read_docx(packed(changed)), parts[name]) > 100  # type: ignore[misc]


def bold(text: str) -> str:
    return f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text[:1]}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{text[1:]}</w:t></w:r></w:p>"


FACE = '<w:p><w:r><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr><w:t>存在的问题</w:t></w:r></w:p>'
HALF = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>一是</w:t></w:r><w:r><w:t>公开不够及时</w:t></w:r></w:p>"


def test_bold_lines_before_text_are_headings_where_nothing_else_marks_them() -> None:
    title, text = "某市教育局2019年度报告", para(_TEXT * 2)
    body = para(title, '<w:jc w:val="center"/>') + bold("总体情况") + text + HALF + text + FACE + text
    found = [(block.form, block.text) for block in read_docx(docx(body)).blocks]
    assert found[0] == ("paragraph", title)
    assert [text for form, text in found if form == "heading"] == ["总体情况", "存在的问题"]


@pytest.mark.parametrize("before", [para("一、概述"), para("概述", '<w:outlineLvl w:val="0"/>')])
def test_bold_lines_are_text_where_headings_are_marked_or_numbered(before: str) -> None:
    body = docx(before + bold("总体情况") + para(_TEXT * 2) + FACE + para(_TEXT * 2))
    assert ("paragraph", "总体情况") in [(block.form, block.text) for block in read_docx(body).blocks]


def test_lines_divided_by_tabs_are_no_headings_whatever_number_they_bear() -> None:
    rows = [
        "项目\t自然人\t总计",
        "一、本年新收政府信息公开申请数量\t5\t5",
        "（一）予以公开\t3\t3",
        "四、结转下年度继续办理\t1\t1",
    ]
    lines = [
        "云溪市教育局2019年政府信息公开工作年度报告",
        "三、收到和处理政府信息公开申请情况",
        *rows,
        "四、政府信息公开行政复议、行政诉讼情况",
        "本年度未发生。",
    ]
    tabs = [para(line).replace("\t", "</w:t><w:tab/><w:t>") for line in lines]
    report = parse(docx("".join(tabs)), "a.docx", "a")
    assert [section.heading for section in report.sections if section.form == "prose"] == [
        lines[0],
        lines[1],
        lines[-2],
    ]
    for row in rows:
        assert row.split("\t")[0] in report.text


def tabbed(*cells: str) -> str:
    return "<w:p><w:r>" + "<w:tab/>".join(f"<w:t>{cell}</w:t>" for cell in cells) + "</w:r></w:p>"


def test_a_table_typed_with_tabs_is_a_table_with_its_header() -> None:
    rows = [("类别", "单位", "数量"), ("工作动态", "条", "120"), ("政策文件", "件", "15"), ("合计", "", "135")]
    body = para("数量如下：") + "".join(tabbed(*row) for row in rows) + para("以上均已公开。")
    assert [(b.form, b.text) for b in read_docx(docx(body)).blocks] == [
        ("paragraph", "数量如下："),
        *(("row", " | ".join(row)) for row in rows),
        ("paragraph", "以上均已公开。"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("一、概述", "1"), ("二、主动公开", "2"), ("三、依申请公开", "5")],
        [("概述……………", "1"), ("主动公开…………", "2"), ("依申请公开………", "5")],
        [("联系人：", "王某"), ("电话：", "见网站"), ("地址：", "城中路")],
        [("青原县水务局", "2017年1月5日"), ("印发", "共8份")],
    ],
)
def test_contents_labels_and_signatures_set_with_tabs_are_no_tables(rows: list[tuple[str, str]]) -> None:
    body = para("青原县水务局2016年年报") + "".join(tabbed(*row) for row in rows)
    assert {b.form for b in read_docx(docx(body)).blocks} == {"paragraph"}
