"""Write the invented examples of PDF, OFD, RTF and DOC in tests/examples/formats.

Needs: pip install fpdf2, LibreOffice with Writer, the fonts Noto Sans CJK (fonts-noto-cjk). All names and figures
are made up. The files in the repository were written by this script; run it again only to change them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "tests" / "examples" / "formats"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

TITLE = "青川县水务局2019年政府信息公开工作年度报告"
PARAGRAPHS = (
    "本报告依据《中华人民共和国政府信息公开条例》要求，由青川县水务局编制。全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开"
    "申请情况、行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分。",
    "一、总体情况",
    "2019年，我局坚持以公开为常态、不公开为例外，全年通过门户网站、政务新媒体和公告栏主动公开各类信息312条，其中工程建设类96条、水资源管理类"
    "81条、防汛抗旱类73条、其他62条。对群众关心的饮水安全、河道治理、水费标准等事项逐一作出说明，及时回应社会关切。",
    "（一）主动公开情况",
    "全年编制并发布规范性文件2件，解读材料4篇。信息经“分级审核、先审后发”后发布，做到公开一件、审核一件，未发生泄露国家秘密的情况，也没有"
    "因公开不及时而引起投诉。查阅点设在局办公室，全年接待查阅35人次。",
    "（二）依申请公开情况",
    "全年收到政府信息公开申请5件，均按期答复。申请人可以通过信函、电子邮件或者当面提交申请，电子邮件地址为 shuiwu at qingchuan.example，"
    "工作日上午九时至下午五时受理，节假日顺延。",
)
TABLE2 = """<table border=1 cellspacing=0 cellpadding=3 width=100%>
<tr><td colspan=4 align=center>第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年新<br>制作数量</td><td>本年新<br>公开数量</td><td>对外公开总数量</td></tr>
<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr>
<tr><td>规范性文件</td><td>2</td><td>2</td><td>17</td></tr>
<tr><td colspan=4 align=center>第二十条第（五）项</td></tr>
<tr><td>信息内容</td><td>上一年项目数量</td><td>本年增/减</td><td>处理决定数量</td></tr>
<tr><td>行政许可</td><td>12</td><td>-1</td><td>84</td></tr></table>"""
ORGANISATIONS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
RESULTS = (
    ("（一）予以公开", [("", [3, 0, 0, 0, 0, 0, 3])]),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", [("", [1, 0, 0, 0, 0, 0, 1])]),
    (
        "（三）不予公开",
        [
            ("1.属于国家秘密", [0] * 7),
            ("2.其他法律行政法规禁止公开", [0] * 7),
            ("3.危及“三安全一稳定”", [0] * 7),
            ("4.保护第三方合法权益", [1, 0, 0, 0, 0, 0, 1]),
        ],
    ),
    ("（四）无法提供", [("1.本机关不掌握相关政府信息", [0] * 7), ("2.没有现成信息需要另行制作", [0] * 7)]),
    ("（六）其他处理", [("", [0] * 7)]),
    ("（七）总计", [("", [5, 0, 0, 0, 0, 0, 5])]),
)


def table3() -> str:
    """Return a statutory table three (2019 form, some rows left out) as HTML."""

    def figures(values: list[int]) -> str:
        return "".join(f"<td>{value}</td>" for value in values)

    height = sum(len(rows) for _, rows in RESULTS)
    html = [
        "<table border=1 cellspacing=0 cellpadding=2 width=100%>",
        "<tr><td rowspan=3 colspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>",
        "<td colspan=7 align=center>申请人情况</td></tr><tr><td rowspan=2>自然人</td>",
        "<td colspan=5 align=center>法人或其他组织</td><td rowspan=2>总计</td></tr><tr>",
        "".join(f"<td>{name}</td>" for name in ORGANISATIONS),
        "</tr><tr><td colspan=3>一、本年新收政府信息公开申请数量</td>" + figures([5, 0, 0, 0, 0, 0, 5]) + "</tr>",
        "<tr><td colspan=3>二、上年结转政府信息公开申请数量</td>" + figures([0] * 7) + "</tr>",
    ]
    first = f"<td rowspan={height} width=20>" + "<br>".join("三、本年度办理结果") + "</td>"
    for label, rows in RESULTS:
        for number, (inner, values) in enumerate(rows):
            left = f"<td rowspan={len(rows)}>{label}</td><td>{inner}</td>" if inner else f"<td colspan=2>{label}</td>"
            html.append("<tr>" + first + (left if not number else f"<td>{inner}</td>") + figures(values) + "</tr>")
            first = ""
    html.append("<tr><td colspan=3>四、结转下年度继续办理</td>" + figures([0] * 7) + "</tr></table>")
    return "".join(html)


def report_html() -> str:
    """Return a whole report, which LibreOffice turns into other formats."""
    body = "".join(f"<p style='text-indent:2em;margin:0'>{text}</p>" for text in PARAGRAPHS)
    return (
        "<html><head><meta charset=utf-8><style>@page {size:A4;margin:2.5cm} body,td {font-family:'Noto Sans CJK SC'}"
        f"p {{font-size:14pt}} td {{font-size:9pt}}</style><title>{TITLE}</title></head><body>"
        f"<p style='font-size:20pt;text-align:center'>{TITLE}</p>{body}"
        f"<p>二、主动公开政府信息情况</p>{TABLE2}<p>三、收到和处理政府信息公开申请情况</p>{table3()}"
        "<p>四、政府信息公开行政复议、行政诉讼情况</p><p style='text-indent:2em'>本年度没有行政复议和行政诉讼。</p></body></html>"
    )


def by_office(html: str, kind: str, name: str) -> None:
    """Write ``name`` by converting HTML with LibreOffice; ``kind`` is its suffix and filter."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.html"
        source.write_text(html, "utf-8")
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{folder}/profile",
                "--infilter=HTML (StarWriter)",
                "--convert-to",
                kind,
                "--outdir",
                folder,
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        OUT.joinpath(name).write_bytes(Path(folder, f"source.{kind.partition(':')[0]}").read_bytes())


def furnished_pdf(name: str) -> None:
    """Write a report of three pages with running head, page numbers, a watermark and sentences across pages."""
    import fpdf  # noqa: PLC0415 - only who runs this script needs it

    class Paper(fpdf.FPDF):
        def header(self) -> None:
            self.set_font("han", size=9)
            self.set_xy(28, 10)
            self.cell(text="青川县水务局文件汇编")
            with self.rotation(45, 105, 150):
                self.set_font("han", size=40)
                self.text(70, 150, "内部资料")

        def footer(self) -> None:
            self.set_font("han", size=9)
            self.set_xy(28, 282)
            self.cell(w=154, text=f"- {self.page_no()} -", align="C")

    pdf = Paper(format="A4")
    pdf.set_title("Microsoft Word - 文档1")
    pdf.add_font("han", fname=FONT, collection_font_number=2)
    pdf.set_auto_page_break(auto=False)
    top, step, width, per_page = 30.0, 10.0, 28, 24
    lines: list[tuple[float, float, str]] = [(22.0, 30.0, TITLE)]
    for number in range(4):
        for text in PARAGRAPHS:
            said = text.replace(" shuiwu at qingchuan.example", "见门户网站")
            flow = said if said.startswith(("一", "（")) else said.replace("2019年", f"2019年第{number + 1}季度")
            room, indent, start = width - 2, 2, 0
            while start < len(flow):
                lines.append((14.0, 28.0 + indent * 14 * 25.4 / 72, flow[start : start + room]))
                start, room, indent = start + room, width, 0
    for at, (size, left, text) in enumerate(lines):
        if at % per_page == 0:
            pdf.add_page()
        pdf.set_font("han", size=size)
        pdf.text(left, top + (at % per_page) * step, text)
    pdf.output(str(OUT / name))


def odd_pdf(name: str, *, rotate: int = 0, radicals: bool = False, vertical: bool = False, turned: int = 0) -> None:
    """Write one page: letter-spaced text, and as asked Kangxi radicals, a turned page or vertical writing."""
    import fpdf  # noqa: PLC0415

    pdf = fpdf.FPDF(format="A4")
    pdf.add_font("han", fname=FONT, collection_font_number=2)
    pdf.add_page()
    pdf.set_font("han", size=14)
    if turned:
        with pdf.rotation(turned, 105, 148):
            for row, text in enumerate(("横向排版的页面第一行。", "横向排版的页面第二行。", "第三行写水资源费。")):
                pdf.text(40, 120 + row * 8, text)
    elif vertical:
        for column, text in enumerate(("第一列从上往下书写的文字内容继续到第二列", "的开头并在此结束。", "另起一段。")):
            for row, char in enumerate(text):
                pdf.text(170 - column * 9, 30 + row * 6 + (12 if column == 2 else 0), char)
    else:
        texts = ["地 址 ： 清 江 路 90 号 ， 邮 编 ： 223100", "电子邮箱 open data office 以及 2 0 1 9 年 信 箱"]
        if radicals:
            texts = ["⼀、总体情况", "⽔务局⻓对⻔户⽹站信息作了说明，⻅附件。"]
        for row, text in enumerate(texts):
            pdf.text(30, 40 + row * 14, text)
    body = bytes(pdf.output())
    if rotate:
        body = body.replace(b"/Type /Page\n", b"/Type /Page\n/Rotate 90\n")
    OUT.joinpath(name).write_bytes(body)


def scanned_pdf(name: str) -> None:
    """Write a page that holds nothing but a picture."""
    import fpdf  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    pdf = fpdf.FPDF(format="A4")
    pdf.add_page()
    pdf.image(Image.new("L", (60, 80), 200), 10, 10, 150)
    pdf.output(str(OUT / name))


def ofd(name: str, *, prefix: str = "ofd:", absolute: bool = False, per_letter: bool = False) -> None:
    """Write a small OFD after GB/T 33190-2016: a title, two pages of text, page numbers in a template, a table."""
    space = "http://www.ofdspec.org/2016"
    declared = f'xmlns:{prefix[:-1]}="{space}"' if prefix else f'xmlns="{space}"'

    def tag(text: str) -> str:
        return '<?xml version="1.0" encoding="UTF-8"?>' + text.replace("<@", f"<{prefix}").replace("</@", f"</{prefix}")

    where = "/Doc_0/" if absolute else ""

    def words(text: str, x: float, y: float, size: float = 5.0) -> str:
        run = f"g {len(text) - 1} {size}" if not per_letter else " ".join([str(size)] * (len(text) - 1))
        delta = f' DeltaX="{run}"' if len(text) > 1 else ""
        return (
            f'<@TextObject ID="9" Boundary="{x} {y} {size * len(text)} {size}" Font="1" Size="{size}">'
            f'<@TextCode X="0" Y="{size * 0.85:.2f}"{delta}>{text}</@TextCode></@TextObject>'
        )

    def rule(x0: float, y0: float, x1: float, y1: float) -> str:
        return (
            f'<@PathObject ID="8" Boundary="{x0} {y0} {max(x1 - x0, 0.1)} {max(y1 - y0, 0.1)}" LineWidth="0.2">'
            f"<@AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</@AbbreviatedData></@PathObject>"
        )

    first = [words("清河市档案局2020年工作报告", 40, 25, 8.0), words("一、总体情况", 40, 45)]
    flow = (
        "全年主动公开信息一百二十条，其中通过门户网站公开九十八条，通过公告栏公开二十二条，均按规定时限办理，"
        "公开前经过保密审查，没有发生泄密事件，也没有因信息公开引起的行政复议。"
    )
    lines = ["".join(part) for part in (flow[:26], flow[26:54], flow[54:])]
    first += [words(lines[0], 40, 55), words(lines[1], 30, 65)]
    second = [words(lines[2], 30, 30), words("二、主动公开政府信息情况", 40, 40)]
    second += [rule(30, y, 150, y) for y in (60, 70, 80)] + [rule(x, 60, x, 80) for x in (30, 150)]
    second += [rule(90, 70, 90, 80), words("第二十条第（一）项", 60, 62), words("规章", 35, 72), words("3", 100, 72)]

    def page(parts: list[str], template: str = "") -> str:
        return tag(f'<@Page {declared}>{template}<@Content><@Layer ID="2">{"".join(parts)}</@Layer></@Content></@Page>')

    used = '<@Template TemplateID="5" ZOrder="Background"/>'
    members = {
        "OFD.xml": tag(
            f'<@OFD {declared} Version="1.0" DocType="OFD"><@DocBody><@DocInfo><@DocID>1</@DocID><@Title>清河市档案局2020年工作报告'
            f"</@Title></@DocInfo><@DocRoot>{where and '/'}Doc_0/Document.xml</@DocRoot></@DocBody></@OFD>"
        ),
        "Doc_0/Document.xml": tag(
            f"<@Document {declared}><@CommonData><@MaxUnitID>99</@MaxUnitID><@PageArea><@PhysicalBox>0 0 210 297</@PhysicalBox>"
            f'</@PageArea><@TemplatePage ID="5" BaseLoc="{where}Tpls/Tpl_0/Content.xml"/></@CommonData><@Pages>'
            f'<@Page ID="1" BaseLoc="{where}Pages/Page_0/Content.xml"/><@Page ID="3" BaseLoc="{where}Pages/Page_1/Content.xml"/>'
            "</@Pages></@Document>"
        ),
        "Doc_0/Tpls/Tpl_0/Content.xml": page([words("清河市档案局内部编印", 30, 10, 4.0)]),
        "Doc_0/Pages/Page_0/Content.xml": page([*first, words("— 1 —", 95, 285, 4.0)], used),
        "Doc_0/Pages/Page_1/Content.xml": page([*second, words("— 2 —", 95, 285, 4.0)], used),
    }
    with zipfile.ZipFile(OUT / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members.items():
            archive.writestr(zipfile.ZipInfo(member, (2020, 1, 1, 0, 0, 0)), text)


def main() -> int:
    """Write all examples."""
    OUT.mkdir(parents=True, exist_ok=True)
    by_office(
        report_html(),
        'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"false"}}',
        "statutory-tables.pdf",
    )
    by_office(report_html(), "rtf", "report.rtf")
    by_office(report_html(), "doc:MS Word 97", "report.doc")
    furnished_pdf("furnished.pdf")
    odd_pdf("letter-spaced.pdf")
    odd_pdf("radicals.pdf", radicals=True)
    odd_pdf("rotated.pdf", rotate=90)
    odd_pdf("vertical.pdf", vertical=True)
    odd_pdf("turned-left.pdf", turned=90)
    odd_pdf("turned-right.pdf", turned=-90)
    scanned_pdf("scanned.pdf")
    ofd("report.ofd")
    ofd("report-plain-names.ofd", prefix="", absolute=True)
    ofd("report-per-letter.ofd", prefix="a:", per_letter=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
