"""PDF: exact text, tables, furniture out; hostile files end in a message."""

from __future__ import annotations

import zlib
from dataclasses import replace
from io import BytesIO

import pytest
from mutations import FORMATS, mutations, survives
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, RectangleObject

from corpus import pdfreader
from corpus.errors import UnreadableFile
from corpus.layout import LaidPage
from corpus.parsing import parse
from corpus.pdfcontent import content_size
from corpus.pdfplain import SAMPLE, draws_too_much, read_plain
from corpus.pdfreader import read_pdf
from corpus.tables import Merged, filled


def read(name):
    return read_pdf((FORMATS / name).read_bytes())


def texts(document):
    return [block.text for block in document.blocks if block.form != "row"]


def rows(document, table):
    return [block for block in document.blocks if block.table == table]


def page_of(content: bytes, *, extra: bytes = b"", kids: bytes = b"3 0 R") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length " + str(len(content)).encode() + extra + b">>stream\n" + content + b"\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def test_statutory_tables_keep_rows_and_merged_cells():
    document = read("statutory-tables.pdf")
    first, second = rows(document, 1), rows(document, 2)
    assert [row.text for row in first][:4] == [
        "第二十条第（一）项 |  |  | ",
        "信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量",
        "规章 | 0 | 0 | 0",
        "规范性文件 | 2 | 2 | 17",
    ]
    assert second[0].merged == (Merged(0, 3, 3), Merged(3, 7, 1))
    assert second[5].text.startswith("三、本年度办理结果 | （一）予以公开 | ")
    assert second[5].merged == (Merged(0, 1, 10), Merged(1, 2, 1))
    assert filled(second)[10] == ["三、本年度办理结果", "（三）不予公开", "4.保护第三方合法权益", *"1000001"]
    assert second[-1].text == "四、结转下年度继续办理 |  |  | 0 | 0 | 0 | 0 | 0 | 0 | 0"


def test_paragraphs_are_whole_and_headings_stand_alone():
    document = read("statutory-tables.pdf")
    found = texts(document)
    assert found[0] == "青川县水务局2019年政府信息公开工作年度报告"
    assert document.blocks[0].form == "heading"
    assert found[2] == "一、总体情况"
    assert found[3].startswith("2019年，我局坚持") and found[3].endswith("及时回应社会关切。")
    assert document.titles[0] == ("pdf:largest", found[0])


def test_running_heads_page_numbers_and_watermarks_are_out():
    document = read("furnished.pdf")
    whole = "\n".join(texts(document))
    for furniture in ("文件汇编", "内部资料", "- 1 -", "- 2 -"):
        assert furniture not in whole
    long = [text for text in texts(document) if len(text) > 40]
    assert all(text.endswith("。") for text in long) and len(long) == 16
    assert ("pdf:Title", "Microsoft Word - 文档1") not in document.titles


def test_letter_spacing_is_undone_and_latin_words_stay_apart():
    document = read("letter-spaced.pdf")
    assert texts(document)[0] == "地址：清江路90号，邮编：223100"
    assert "open data office" in texts(document)[1]
    assert "letter_spaced" in document.doubts


def test_radicals_become_letters():
    assert texts(read("radicals.pdf")) == ["一、总体情况", "水务局长对门户网站信息作了说明，见附件。"]


@pytest.mark.parametrize("name", ["turned-left.pdf", "turned-right.pdf"])
def test_turned_pages_read_from_their_top(name):
    assert texts(read(name)) == ["横向排版的页面第一行。", "横向排版的页面第二行。", "第三行写水资源费。"]


def test_rotated_pages_read_alike():
    assert texts(read("rotated.pdf")) == texts(read("letter-spaced.pdf"))


def test_vertical_writing_reads_by_columns_from_the_right():
    assert texts(read("vertical.pdf")) == ["第一列从上往下书写的文字内容继续到第二列的开头并在此结束。", "另起一段。"]


def test_a_scan_says_what_to_do():
    with pytest.raises(UnreadableFile, match="OCR") as caught:
        read("scanned.pdf")
    assert caught.value.zh.startswith("扫描件没有文字层")


def test_a_file_of_which_some_pages_are_scans_is_read_and_doubted():
    writer = PdfWriter()
    writer.append(FORMATS / "report.pdf")
    assert "scanned_pages" not in read("report.pdf").doubts
    writer.append(FORMATS / "scanned.pdf")
    out = BytesIO()
    writer.write(out)
    document = read_pdf(out.getvalue())
    assert "scanned_pages" in document.doubts
    assert texts(document) == texts(read("report.pdf"))


@pytest.mark.parametrize("name", ["statutory-tables.pdf", "radicals.pdf"])
def test_broken_files_end_in_a_document_or_a_message(name):
    assert survives(read_pdf, mutations((FORMATS / name).read_bytes(), 200)) > 0


def test_a_stream_that_inflates_too_far_is_refused():
    bomb = zlib.compress(bytes(200_000_000), 9)
    with pytest.raises(UnreadableFile, match="too large"):
        read_pdf(page_of(bomb, extra=b"/Filter/FlateDecode"))


def test_a_stream_compressed_twice_is_refused():
    bomb = zlib.compress(zlib.compress(bytes(10_000_000), 9), 9)
    with pytest.raises(UnreadableFile, match="too large"):
        read_pdf(page_of(bomb, extra=b"/Filter[/FlateDecode /FlateDecode]"))


@pytest.mark.parametrize("kids", [b"2 0 R", b"3 0 R 2 0 R 2 0 R", b"99 0 R", b""])
def test_page_trees_that_turn_in_a_circle_end(kids):
    survives(read_pdf, iter([page_of(b"BT /F 12 Tf 50 700 Td (text of a page) Tj ET", kids=kids)]))


@pytest.mark.parametrize("place", [b"1e308 1e308", b"nan inf", b"-99999999999 7", b"99999999 99999999"])
def test_absurd_places_end(place):
    content = b"BT /F 12 Tf " + place + b" Td (text of a page) Tj ET 0 0 " + place + b" re S " + place + b" l S"
    survives(read_pdf, iter([page_of(content)]))


def test_a_thousand_empty_pages_are_a_scan_or_nothing():
    kids = b"3 0 R " * 1000
    body = page_of(b"", kids=kids).replace(b"/Count 1>>", b"/Count 1000>>")
    survives(read_pdf, iter([body]))


def test_what_is_no_pdf_is_refused():
    with pytest.raises(UnreadableFile, match="damaged"):
        read_pdf(b"no such thing")


def reading_by(body, monkeypatch, *, pages=None, error=None):
    def laid(_):
        if error is not None:
            raise error
        return pages

    if pages is not None or error is not None:
        monkeypatch.setattr(pdfreader, "_pages", laid)
    return read_pdf(body)


def test_the_record_says_which_of_the_two_readers_did_better():
    table = (FORMATS / "table.pdf").read_bytes()
    assert read_pdf(table).read_by == "pdfium"  # pypdf marks no heading
    assert parse(table, "table.pdf", "table.pdf").provenance["text"] == "pdfium"
    assert read("radicals.pdf").read_by == "pypdf"  # both say the same: the first one stands
    assert read("columns.pdf").read_by == "pdfium"


@pytest.mark.parametrize("pages", [None, [LaidPage(595.0, 842.0, ())] * 3])
def test_pypdf_reads_what_pdfium_cannot_open_or_shows_empty(monkeypatch, pages):
    body = (FORMATS / "report.pdf").read_bytes()
    error = None if pages else UnreadableFile(zh="坏", en="bad")
    document = reading_by(body, monkeypatch, pages=pages and (pages, ""), error=error)
    assert document.read_by == "pypdf"
    assert "一、总体情况" in texts(document)
    assert document.doubts == ()
    with pytest.raises(UnreadableFile, match="bad" if error else "OCR"):
        reading_by((FORMATS / "scanned.pdf").read_bytes(), monkeypatch, pages=pages and (pages, ""), error=error)


def test_pypdf_reads_where_pdfium_loses_pages(monkeypatch):
    body = (FORMATS / "report.pdf").read_bytes()
    pages, title = pdfreader._pages(body)
    document = reading_by(
        body, monkeypatch, pages=([pages[0], *[LaidPage(595.0, 842.0, ())] * (len(pages) - 1)], title)
    )
    assert document.read_by == "pypdf"
    assert "五、存在的主要问题及改进情况" in texts(document)


def test_pypdf_reads_where_pdfiums_letters_are_no_chinese(monkeypatch):
    body = (FORMATS / "report.pdf").read_bytes()
    pages, title = pdfreader._pages(body)
    garbled = [replace(page, glyphs=tuple(replace(g, text="\ufffd") for g in page.glyphs)) for page in pages]
    document = reading_by(body, monkeypatch, pages=(garbled, title))
    assert (document.read_by, document.doubts) == ("pypdf", ())


def test_of_a_long_file_pypdf_reads_a_sample_unless_it_may_do_better(monkeypatch):
    writer = PdfWriter()
    for _ in range(5):
        writer.append(FORMATS / "report.pdf")
    out = BytesIO()
    writer.write(out)
    assert len(writer.pages) > SAMPLE
    asked = []
    monkeypatch.setattr(pdfreader, "read_plain", lambda body, most=None: asked.append(most) or read_plain(body, most))
    assert read_pdf(out.getvalue()).read_by == "pdfium"
    assert asked == [SAMPLE]
    blank = [LaidPage(595.0, 842.0, ())] * len(writer.pages)
    document = reading_by(out.getvalue(), monkeypatch, pages=(blank, ""))
    assert (document.read_by, asked) == ("pypdf", [SAMPLE, SAMPLE, None])
    assert texts(document).count("五、存在的主要问题及改进情况") == 5


def drawn(content: bytes, form: bytes = b"") -> bytes:
    """Return a file of one page with this content; /X is a form of its own."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    fonts = DictionaryObject({NameObject("/F"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = writer._add_object(stream)
    inner = DecodedStreamObject()
    inner.set_data(form)
    inner[NameObject("/Subtype")] = NameObject("/Form")
    inner[NameObject("/BBox")] = RectangleObject((0, 0, 9, 9))
    inner[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/X"): writer._add_object(inner)})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pypdf_ends_where_the_operators_never_do():
    words = b"BT /F 9 Tf (abc) Tj ET "
    assert read_plain(drawn(words + b"/X Do ", words)).text.count("abc") == 2
    many = b"q 1 0 0 1 0 0 cm Q " * 1_200 + words
    for body in (drawn(many * 100), drawn(b"/X Do " * 100, many)):
        plain = read_plain(body)
        assert (plain.whole, plain.pages, plain.text) == (False, 0, "")


@pytest.mark.parametrize("circle", [(b"/X Do " * 9, b"/X Do /X Do "), (b"/X Do ", b"(abc) Tj " * 700_000)])
def test_forms_that_draw_without_end_are_refused_at_once(circle):
    with pytest.raises(UnreadableFile, match="too large"):
        read_pdf(drawn(*circle))


def test_what_forms_draw_is_counted_as_often_as_it_is_drawn():
    words = b"BT /F 9 Tf (abc) Tj ET "
    page = PdfReader(BytesIO(drawn(b"/X Do " * 5, words))).pages[0]
    assert content_size(page) == 5 * (len(b"/X Do ") + len(words)) + page["/Contents"].get_data().count(b"\n")
    assert not draws_too_much(drawn(b"/X Do ", b"/X Do " + words))  # 40 levels deep, as PDFium follows it
    assert draws_too_much(drawn(b"/X Do ", b"/#58 Do /X Do "))


@pytest.mark.parametrize("between", [b"\0", b" %c\n", b"%c\r%\n", b"\0%\r \0"])
def test_what_stands_between_a_forms_name_and_its_operator_hides_nothing(between):
    draw = b"/X" + between + b"Do "
    page = PdfReader(BytesIO(drawn(draw * 5, b"(abc) Tj "))).pages[0]
    assert content_size(page) >= 5 * (len(draw) + len(b"(abc) Tj "))


def test_forms_that_glyphs_draw_are_counted_once_for_each_glyph():
    writer = PdfWriter(clone_from=BytesIO(drawn(b"BT /T 9 Tf (aaa) Tj ET", b"(abc) Tj " * 100)))
    resources = writer.pages[0]["/Resources"]
    glyph = DecodedStreamObject()
    glyph.set_data(b"9 0 0 0 9 9 d1 " + b"/X Do " * 7)
    procs = DictionaryObject({NameObject("/a"): writer._add_object(glyph)})
    font = DictionaryObject({NameObject("/Subtype"): NameObject("/Type3"), NameObject("/CharProcs"): procs})
    font[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): resources["/XObject"]})
    resources["/Font"][NameObject("/T")] = writer._add_object(font)
    out = BytesIO()
    writer.write(out)
    page = PdfReader(out).pages[0]
    assert content_size(page) == len(page["/Contents"].get_data()) + 7 * 900


def test_a_page_that_pypdf_cannot_read_hides_no_later_one():
    writer = PdfWriter(clone_from=BytesIO(drawn(b"/X Do " * 9, b"/X Do /X Do ")))
    unread = DecodedStreamObject()
    unread.set_data(b"q Q")
    unread[NameObject("/Filter")] = NameObject("/Unknown")
    writer.insert_blank_page(595, 842, 0)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(unread)
    out = BytesIO()
    writer.write(out)
    with pytest.raises(NotImplementedError):
        content_size(PdfReader(out).pages[0])
    assert draws_too_much(out.getvalue())


def test_pypdf_is_not_given_forms_too_large_to_take_apart():
    form = b"BT /F 9 Tf " + b"(abc) Tj " * 7_000 + b"ET"
    assert read_plain(drawn(b"/X Do ", form)).whole
    plain = read_plain(drawn(b"/X Do " * 20, form))
    assert (plain.whole, plain.pages) == (False, 0)


def test_pypdf_is_not_given_a_page_too_large_to_take_apart():
    plain = read_plain(drawn(b"BT /F 9 Tf " + b"(abc) Tj " * 70_000 + b"ET"))
    assert (plain.whole, plain.pages) == (False, 0)
