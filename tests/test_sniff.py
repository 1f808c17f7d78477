"""What a file really is: by its bytes, whatever it is called."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.parsing import READERS, read
from corpus.sniff import suffix_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def ole(*streams: str) -> bytes:
    """The parts of an OLE file that name its streams: a header, then directory entries of 128 bytes."""
    entries = []
    for stream in streams:
        coded = stream.encode("utf-16-le") + b"\0\0"
        entries.append(coded.ljust(64, b"\0") + struct.pack("<H", len(coded)) + bytes(62))
    return OLE.ljust(512, b"\0") + b"".join(entries)


DOCX = zipped("[Content_Types].xml", "word/document.xml")
PAGE = "<!-- saved -->\r\n<!DOCTYPE html><html><body><p>一、总体情况</p></body></html>"
MAIL = b"From: <Saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=b\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "suffix", "really"),
    [
        (b"%PDF-1.7\n", ".htm", ".pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", ".doc", ".pdf"),
        (b"{\\rtf1\\ansi x}", ".doc", ".rtf"),
        (b"{\\rtf1\\ansi x}", ".wps", ".rtf"),
        (DOCX, ".doc", ".docx"),
        (DOCX, ".wps", ".docx"),
        (DOCX, ".zip", ".docx"),
        (DOCX, ".docm", ".docm"),
        (b"junk" + DOCX, ".doc", ".doc"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), ".xls", ".xlsx"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), ".doc", ".pptx"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), ".pdf", ".ofd"),
        (zipped("a.html", "b.html"), ".doc", ".zip"),
        (zipped("a.html"), ".wacz", ".wacz"),
        (zipped("word/a.html"), ".zip", ".zip"),
        (zipped(), ".docx", ".docx"),
        (ole("Root Entry", "WordDocument"), ".wps", ".wps"),
        (ole("Root Entry", "WordDocument"), ".docx", ".doc"),
        (ole("Root Entry", "Workbook"), ".doc", ".xls"),
        (ole("Root Entry", "Workbook", "WordDocument"), ".xls", ".xls"),
        (ole("Root Entry", "Workbook", "WordDocument"), ".doc", ".doc"),
        (ole("Root Entry", "PowerPoint Document"), ".bin", ".ppt"),
        (ole("Root Entry", "EncryptedPackage"), ".docx", ".docx"),
        (PAGE.encode(), ".doc", ".html"),
        (PAGE.encode("utf-8-sig"), ".pdf", ".html"),
        (PAGE.encode("utf-16"), ".doc", ".html"),
        (PAGE.encode("gbk"), ".txt", ".html"),
        (b"<table><tr><td>1</td></tr></table>", ".xls", ".html"),
        (b"<html xmlns:o='urn:o'>", "", ".html"),
        (b"<div>", ".aspx", ".html"),
        (MAIL, ".doc", ".mhtml"),
        (MAIL, ".htm", ".mhtml"),
        (MAIL, ".txt", ".mhtml"),
        (MAIL, ".mht", ".mht"),
        (gzip.compress(b"x", mtime=0), ".html", ".gz"),
        (gzip.compress(b"x", mtime=0), ".warc.gz", ".warc.gz"),
        (b"\x89PNG\r\n\x1a\n", ".pdf", ".png"),
        (b"\xff\xd8\xff\xe0", ".doc", ".jpg"),
        (b"Rar!\x1a\x07\x00", ".zip", ".rar"),
        (b"", ".doc", ".doc"),
        (b"", "", ""),
    ],
)
def test_the_bytes_go_before_the_name(body, suffix, really):
    assert suffix_of(body, suffix) == really


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("<div align=center>\n# 报告\n</div>", ".md"),
        ("<!DOCTYPE html> 是网页的开头", ".md"),
        ("<html>,1\n", ".csv"),
        ("<p>一行", ".txt"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related\n", ".txt"),
        ("关于 %PDF-1.7 与 {\\rtf1 的说明", ".txt"),
        ("PK 赛结果", ".txt"),
        ("7z 与 Rar! 的说明", ".txt"),
        ("BM 银行年度报告", ".txt"),
        ('{"text": "x"}', ".jsonl"),
        ("一、总体情况", ".doc"),
    ],
)
def test_plain_text_stays_what_it_is(text, suffix):
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert suffix_of(text.encode(encoding), suffix) == suffix


@given(st.text(st.characters(categories=("L", "N", "P", "Z"), exclude_characters="<%{"), max_size=80))
def test_no_written_text_changes_its_kind(text):
    for suffix in (".txt", ".csv", ".md", ".jsonl"):
        assert suffix_of(text.encode("utf-8"), suffix) == suffix


@given(st.binary(max_size=300), st.sampled_from((b"", OLE, b"PK\x03\x04", b"PK\x05\x06", b"<!--", b"MIME-Version:")))
def test_any_bytes_have_some_kind(body, start):
    assert isinstance(suffix_of(start + body, ".doc"), str)


def test_a_head_made_to_be_tried_again_and_again_is_read_once():
    for head in ("<!-- " * 2000, " " * 5000 + "<", "a:\n" * 3000, "<?xml " * 2000, "a-" * 4000):
        assert suffix_of(head.encode(), ".doc") == ".doc"


def test_a_page_called_doc_is_read_as_the_page_it_is():
    document = read(PAGE.encode("gbk"), ".doc")
    assert [block.text for block in document.blocks] == ["一、总体情况"]


@pytest.mark.parametrize(
    ("body", "suffix", "said"),
    [
        (ole("Workbook"), ".doc", "XLSX"),
        (b"x", ".et", "XLSX"),
        (b"x", ".ppt", "PDF"),
        (b"x", ".dps", "PDF"),
        (b"\xff\xd8\xff\xe0", ".pdf", "OCR"),
        (b"II*\x00", ".tif", "OCR"),
        (b"Rar!\x1a\x07\x00", ".rar", "ZIP"),
        (b"7z\xbc\xaf\x27\x1c", ".7z", "ZIP"),
        (gzip.compress(b"x", mtime=0), ".html", "ZIP"),
        (b"x", ".exe", ".html"),
    ],
)
def test_what_is_not_read_says_what_to_do(body, suffix, said):
    with pytest.raises(UnreadableFile) as failure:
        read(body, suffix)
    assert said in failure.value.zh
    assert said in failure.value.en
    assert suffix_of(body, suffix) not in READERS
