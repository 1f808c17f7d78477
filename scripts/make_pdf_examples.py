"""Make the PDF files in tests/examples/formats from invented text, with fpdf2 and an installed Chinese font.

Run it by hand when the examples change: python scripts/make_pdf_examples.py [font file]. Fonts are subset, so that each
file is small. Needs the development dependencies and, unless given, Debian's fonts-noto-cjk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout

TARGET = Path(__file__).resolve().parent.parent / "tests" / "examples" / "formats"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
TITLE = "云溪市教育局2019年政府信息公开工作年度报告"
OPENING = (
    "根据《中华人民共和国政府信息公开条例》规定，现公布云溪市教育局2019年政府信息公开工作年度报告。本报告所列数据的统计期限自2019年1月1日起至"
    "2019年12月31日止。如有疑问，请与云溪市教育局办公室联系（电话：0555-1234567，邮编：223100，电子邮箱：jyj@yunxi.example）。"
)
WORK = (
    "在今年的各项工作中，全年主动公开政府信息{n}条，其中通过门户网站公开96条，通过政务微博、微信公众号等新媒体公开32条，同比增长百分之十二，"
    "全年没有发生因政府信息公开引起的行政复议和行政诉讼。我局还对历年公开的文件逐件清理，撤下失效文件7件，并在网站上注明。"
)
HEAD = [["（本列数据的勾稽关系）", "", "", "申请人情况", "", "", "", "", "", ""]]
ROWS = [
    ("一、本年新收政府信息公开申请数量", 5),
    ("二、上年结转政府信息公开申请数量", 0),
]


class Report(FPDF):
    """Pages with a running head and a page number."""

    running = ""

    def header(self) -> None:
        """Print the running head."""
        if self.running:
            self.set_font("cjk", size=9)
            self.set_xy(20, 8)
            self.cell(0, 5, self.running, align="C")
            self.set_xy(20, 20)

    def footer(self) -> None:
        """Print the number of the page."""
        self.set_y(-15)
        self.set_font("cjk", size=9)
        self.cell(0, 5, f"- {self.page_no()} -", align="C")


def begin(font: str, running: str = "") -> Report:
    """Return an empty file with one page begun."""
    pdf = Report()
    pdf.running = running
    pdf.set_margins(20, 20, 20)
    pdf.add_font("cjk", fname=font, collection_font_number=2)
    pdf.add_page()
    return pdf


def paragraph(pdf: Report, text: str, size: float = 12) -> None:
    """Print a paragraph with an indent of two characters."""
    pdf.set_font("cjk", size=size)
    pdf.multi_cell(0, 7, "　　" + text, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")


def title(pdf: Report, text: str = TITLE) -> None:
    """Print the title, larger and centred."""
    pdf.set_font("cjk", size=18)
    pdf.multi_cell(0, 10, text, align="C", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")
    pdf.ln(4)


def report(font: str) -> None:
    """Three pages of prose with furniture; sentences go on over the pages."""
    pdf = begin(font, running="云溪市教育局政府信息公开年报")
    title(pdf)
    paragraph(pdf, OPENING)
    for number, heading in enumerate(("一、总体情况", "二、主动公开政府信息情况", "五、存在的主要问题及改进情况"), 1):
        paragraph(pdf, heading)
        for part in range(6):
            paragraph(pdf, WORK.format(n=100 * number + part)[part:])
    pdf.output(str(TARGET / "report.pdf"))


def table(font: str) -> None:
    """The statutory table of 2019 in part, with merged cells."""
    pdf = begin(font)
    title(pdf)
    paragraph(pdf, "三、收到和处理政府信息公开申请情况")
    pdf.set_font("cjk", size=8)
    with pdf.table(borders_layout=TableBordersLayout.ALL, first_row_as_headings=False, line_height=5) as grid:
        row = grid.row()
        row.cell("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", colspan=3, rowspan=3)
        row.cell("申请人情况", colspan=7)
        row = grid.row()
        row.cell("自然人", rowspan=2)
        row.cell("法人或其他组织", colspan=5)
        row.cell("总计", rowspan=2)
        row = grid.row()
        for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"):
            row.cell(name)
        for label, value in ROWS:
            row = grid.row()
            row.cell(label, colspan=3)
            figures(row, value)
        row = grid.row()
        row.cell("三、本年度办理结果", rowspan=4)
        row.cell("（一）予以公开", colspan=2)
        figures(row, 3)
        row = grid.row()
        row.cell("（三）不予公开", rowspan=2)
        row.cell("1.属于国家秘密")
        figures(row, 0)
        row = grid.row()
        row.cell("2.其他法律行政法规禁止公开")
        figures(row, 1)
        row = grid.row()
        row.cell("（七）总计", colspan=2)
        figures(row, 4)
        row = grid.row()
        row.cell("四、结转下年度继续办理", colspan=3)
        figures(row, 1)
    pdf.ln(4)
    paragraph(pdf, "四、政府信息公开行政复议、行政诉讼情况")
    paragraph(pdf, "本年度未发生。")
    pdf.output(str(TARGET / "table.pdf"))


def figures(row: object, value: int) -> None:
    """Fill the seven columns of a row."""
    for number in (value, 0, 0, 0, 0, 0, value):
        row.cell(str(number))  # type: ignore[attr-defined]


def spaced(font: str) -> None:
    """Letter-spaced lines and Kangxi radicals, as PDF files from Word and WPS have them."""
    pdf = begin(font)
    title(pdf, "云溪市卫生局2009年政府信息公开工作年度报告")
    paragraph(pdf, "\u2f00、总体情况")
    pdf.set_char_spacing(3)
    paragraph(pdf, "联系地址：云溪市长安路 90 号 ，邮编 ：223100。")
    pdf.set_char_spacing(0)
    paragraph(pdf, "全年\u2f42件公开\u2f47常进行，群众满意。")
    pdf.output(str(TARGET / "spaced.pdf"))


class Gazette(Report):
    """Pages whose small head is another one on odd and on even pages."""

    def header(self) -> None:
        """Print the head of this page."""
        self.running = "云溪市人民政府公报" if self.page_no() % 2 else f"2019年第{self.page_no()}期"
        super().header()


def columns(font: str) -> None:
    """Two columns of prose as in a gazette, with a title, a ruled table and a notice across both."""
    pdf = Gazette()
    pdf.set_margins(20, 20, 20)
    pdf.add_font("cjk", fname=font, collection_font_number=2)
    pdf.add_page()
    title(pdf)
    pdf.set_font("cjk", size=10.5)
    for number, heading in enumerate(("一、总体情况", "二、主动公开情况", "三、依申请公开情况", "四、其他情况"), 1):
        with pdf.text_columns(ncols=2, gutter=8, text_align="L", line_height=1.4, balance=True) as text:
            for line in (heading, *(WORK.format(n=100 * number + part)[part:] for part in range(5))):
                text.write(f"{line}\n")
        pdf.ln(4)
        with pdf.table(borders_layout=TableBordersLayout.ALL, first_row_as_headings=False, line_height=6) as grid:
            for cells in (("项目", "本年", "上年"), (f"公开第{number}类", "5", "3")):
                row = grid.row()
                for cell in cells:
                    row.cell(cell)
        pdf.ln(4)
    pdf.multi_cell(0, 6, OPENING, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")
    pdf.output(str(TARGET / "columns.pdf"))


if __name__ == "__main__":
    for make in (report, table, spaced, columns):
        make(sys.argv[1] if len(sys.argv) > 1 else FONT)
