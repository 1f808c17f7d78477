"""Write the invented example files of tests/examples/formats: one per format, the same bytes each time.

    .venv/bin/python scripts/make_office_examples.py

Agency, figures and addresses are made up; the table is the statutory one of 2019, shortened.
"""

from __future__ import annotations

import csv
import io
import json
import quopri
import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "examples" / "formats"
TITLE = "云溪市林业局2019年政府信息公开工作年度报告"
INTRO = "本报告为查档项目虚构，统计期限为2019年1月1日至12月31日。"
#: Text, columns, rows; what a cell above or beside covers is left out, as in HTML.
TABLE: list[list[tuple[str, int, int]]] = [
    [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 7, 1)],
    [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
    [(name, 1, 1) for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    [("一、本年新收政府信息公开申请数量", 3, 1), *((n, 1, 1) for n in ("7", "2", "0", "0", "0", "0", "9"))],
    [("二、上年结转政府信息公开申请数量", 3, 1), *((n, 1, 1) for n in ("1", "0", "0", "0", "0", "0", "1"))],
    [("三、本年度办理结果", 1, 4), ("（一）予以公开", 2, 1), *((n, 1, 1) for n in ("5", "1", "0", "0", "0", "0", "6"))],
    [("（三）不予公开", 1, 2), ("1.属于国家秘密", 1, 1), *((n, 1, 1) for n in ("1", "1", "0", "0", "0", "0", "2"))],
    [("2.其他法律行政法规禁止公开", 1, 1), *((n, 1, 1) for n in ("1", "0", "0", "0", "0", "0", "1"))],
    [("（七）总计", 2, 1), *((n, 1, 1) for n in ("7", "2", "0", "0", "0", "0", "9"))],
    [("四、结转下年度继续办理", 3, 1), *((n, 1, 1) for n in ("1", "0", "0", "0", "0", "0", "1"))],
]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = f"""<w:styles {_W}>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="a"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="own"><w:name w:val="本局标题"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style></w:styles>"""
_NUMBERING = f"""<w:numbering {_W}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/>
<w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def paragraph(text: str, style: str = "") -> str:
    """Return a paragraph of WordprocessingML."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def word_table() -> str:
    """Return the table with gridSpan and vMerge, as Word writes it."""
    taken: dict[int, tuple[int, int]] = {}  # column -> (rows that its cell still takes, its columns)
    rows = []
    for row in TABLE:
        cells = []
        below: dict[int, tuple[int, int]] = {}
        column = 0
        pending = list(row)
        while pending or column in taken:
            if column in taken:
                height, width = taken[column]
                cells.append(_word_cell("", width, "<w:vMerge/>"))
            else:
                text, width, height = pending.pop(0)
                cells.append(_word_cell(text, width, '<w:vMerge w:val="restart"/>' if height > 1 else ""))
            if height > 1:
                below[column] = (height - 1, width)
            column += width
        taken = below
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _word_cell(text: str, width: int, merge: str) -> str:
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{width}"/>{merge}</w:tcPr>{paragraph(text)}</w:tc>'


def write_docx(path: Path) -> None:
    """Write a report with generated numbers, a contents page, tracked changes, a text box and a footnote."""
    changed = (
        "<w:p><w:r><w:t>全年主动公开信息</w:t></w:r><w:del><w:r><w:delText>80</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>86</w:t></w:r></w:ins><w:r><w:t>条</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>（草稿）</w:t></w:r><w:r><w:t>。</w:t></w:r></w:p>'
    )
    box = f"<w:txbxContent>{paragraph('公开电话：0000-12345。')}</w:txbxContent>"
    boxed = (
        '<w:p><w:r><w:t>联系方式见下。</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    body = "".join(
        [
            paragraph(TITLE, "t"),
            paragraph("一、总体情况\t1", "toc1"),
            paragraph(INTRO),
            paragraph("总体情况", "1"),
            changed,
            paragraph("主动公开情况", "2"),
            paragraph("公开内容包括林地审批。"),
            paragraph("收到和处理政府信息公开申请情况", "own"),
            word_table(),
            paragraph("政府信息公开行政复议、行政诉讼情况", "1"),
            boxed,
        ]
    )
    document = (
        f'<w:document {_W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>"
    )
    notes = f'<w:footnotes {_W}><w:footnote w:id="2">{paragraph("含更正三条。")}</w:footnote></w:footnotes>'
    relations = (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    parts = {
        "_rels/.rels": relations,
        "word/document.xml": document,
        "word/styles.xml": _STYLES,
        "word/numbering.xml": _NUMBERING,
        "word/footnotes.xml": notes,
    }
    _zip(path, [(name, text.encode()) for name, text in parts.items()])


def write_xlsx(path: Path) -> None:
    """Write a workbook that is one report: a title, the statutory table with merged cells, a note, another sheet."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime(2020, 1, 20)
    sheet = book.active
    sheet.title = "申请办理"
    sheet["A1"] = TITLE
    sheet.merge_cells("A1:J1")
    covered: set[tuple[int, int]] = set()
    for top, row in enumerate(TABLE, start=2):
        column = 1
        for text, width, height in row:
            while (top, column) in covered:
                column += 1
            sheet.cell(top, column).value = int(text) if text.isdigit() else text
            covered |= {(r, c) for r in range(top, top + height) for c in range(column, column + width)}
            if width > 1 or height > 1:
                sheet.merge_cells(
                    start_row=top, start_column=column, end_row=top + height - 1, end_column=column + width - 1
                )
            column += width
    sheet.cell(len(TABLE) + 2, 1).value = "注：本表数字为虚构。"
    other = book.create_sheet("收费")
    for row in (("项目", "日期", "比例", "金额"), ("检索费", datetime(2019, 5, 6), 0.125, 1234.5)):
        other.append(row)
    other["C2"].number_format = "0.0%"
    other["D2"].number_format = "#,##0.00"
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        _zip(path, [(name, archive.read(name)) for name in archive.namelist()])


ROWS = [
    (
        "1",
        TITLE,
        "2020-01-20",
        "云溪市林业局",
        "https://lyj.yunxi.example/2020/1.html",
        f"{INTRO}\n一、总体情况\n公开信息86条。",
    ),
    (
        "2",
        "云溪市水利局2019年政府信息公开工作年度报告",
        "2020-01-21",
        "云溪市水利局",
        "",
        "一、总体情况\n他说：“公开，要快”，\n共 3 条。",
    ),
]
HEADER = ("编号", "标题", "发布日期", "发文机关", "来源网址", "正文")


def write_tables(folder: Path) -> None:
    """Write the same two reports as CSV (GB18030), JSON lines and as rows of a workbook."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *ROWS])
    (folder / "reports.csv").write_bytes(text.getvalue().encode("gb18030"))
    lines = (json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS)
    (folder / "reports.jsonl").write_bytes(("\n".join(lines) + "\n").encode())
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime(2020, 1, 20)
    for row in (HEADER, *ROWS):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        _zip(folder / "reports.xlsx", [(name, archive.read(name)) for name in archive.namelist()])


def html() -> str:
    """Return the report as a page."""
    rows = "".join(
        "<tr>" + "".join(f'<td colspan="{w}" rowspan="{h}">{text}</td>' for text, w, h in row) + "</tr>"
        for row in TABLE
    )
    return (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{INTRO}</p><h2>一、总体情况</h2>"
        f"<p>全年主动公开信息86条。</p><h2>三、收到和处理政府信息公开申请情况</h2><table>{rows}</table></body></html>"
    )


def write_mhtml(path: Path) -> None:
    """Write the page as a browser saves it: GBK, quoted-printable, with a picture beside it."""
    page = quopri.encodestring(html().encode("gbk")).replace(b"\n", b"\r\n")
    head = (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://lyj.yunxi.example/2020/1.html\r\n"
        "Subject: =?utf-8?B?5bm05bqm5oql5ZGK?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n'
        '------b\r\nContent-Type: text/html; charset="gbk"\r\nContent-Transfer-Encoding: quoted-printable\r\n'
        "Content-Location: https://lyj.yunxi.example/2020/1.html\r\n\r\n"
    )
    tail = "\r\n------b\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQ==\r\n------b--\r\n"
    path.write_bytes(head.encode() + page + tail.encode())


MARKDOWN = f"""---
title: {TITLE}
date: 2020-01-20
agency: 云溪市林业局
url: https://lyj.yunxi.example/2020/1.html
---

# {TITLE}

## 一、总体情况

全年**主动公开**信息86条，见[目录](https://lyj.yunxi.example/)。

（一）主动公开情况

1. 林地审批；
2. 采伐许可。

| 项目 | 数量 |
| --- | ---: |
| 四、结转下年度继续办理 | 1 |

<table><tr><td rowspan="2">公开</td><td>网站</td></tr><tr><td>公报</td></tr></table>
"""


def write_zip(path: Path, folder: Path) -> None:
    """Write an archive as a Chinese Windows makes it: names in GBK, a folder, a file of the system, a table."""
    made = io.BytesIO()
    members = [
        ("年报/2019年年度报告.html".encode("gbk"), html().encode()),
        (b"__MACOSX/._x.html", b"x"),
        ("年报/汇总.csv".encode("gbk"), (folder / "reports.csv").read_bytes()),
    ]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for raw, body in members:
            info = zipfile.ZipInfo("x" * len(raw), (2020, 1, 20, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    whole = made.getvalue()
    for raw, _ in members:  # zipfile writes no such names: put them in place of the ones it wrote
        placeholder = b"x" * len(raw)
        first = whole.index(placeholder)
        whole = whole[:first] + raw + whole[first + len(raw) :]
        last = whole.index(placeholder)
        whole = whole[:last] + raw + whole[last + len(raw) :]
    path.write_bytes(whole)


def write_warc(path: Path) -> None:
    """Write a crawl of two answers, a picture and an error page."""
    answers = [
        ("https://lyj.yunxi.example/2020/1.html", "200 OK", "text/html; charset=gbk", html().encode("gbk")),
        ("https://lyj.yunxi.example/logo.png", "200 OK", "image/png", b"\x89PNG"),
        ("https://lyj.yunxi.example/gone.html", "404 Not Found", "text/html", b"<p>gone</p>"),
        ("https://lyj.yunxi.example/files/2.txt", "200 OK", "application/octet-stream", f"{TITLE}\n{INTRO}".encode()),
    ]
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number, (address, status, kind, body) in enumerate(answers):
            http = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            stated = {
                "WARC-Date": f"2026-01-0{number + 1}T00:00:00Z",
                "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-00000000000{number}>",
            }
            writer.write_record(
                writer.create_warc_record(
                    address, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict=stated
                )
            )


def _zip(path: Path, parts: list[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in parts:
            info = zipfile.ZipInfo(name, (2020, 1, 20, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)


def main() -> None:
    """Write every example."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_docx(FOLDER / "report.docx")
    write_xlsx(FOLDER / "report.xlsx")
    write_tables(FOLDER)
    (FOLDER / "report.md").write_text(MARKDOWN, encoding="utf-8", newline="\n")
    write_mhtml(FOLDER / "report.mhtml")
    write_zip(FOLDER / "reports.zip", FOLDER)
    write_warc(FOLDER / "crawl.warc.gz")
    print(f"written to {FOLDER}")


if __name__ == "__main__":
    main()
