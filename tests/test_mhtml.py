"""MHTML: the page that a browser saved, its address, its charset; whatever it is given."""

from __future__ import annotations

import base64

import pytest
from hostile import FORMATS, reads_or_refuses

from corpus.docxreader import read_docx
from corpus.errors import UnreadableFile
from corpus.mhtmlreader import read_mhtml, with_charset


def test_the_example_is_the_page_with_its_address() -> None:
    read = read_mhtml((FORMATS / "report.mhtml").read_bytes())
    assert read.declared_url == "https://lyj.yunxi.example/2020/1.html"
    assert ("mhtml:Subject", "年度报告") in read.titles
    word = read_docx((FORMATS / "report.docx").read_bytes())
    rows = [(b.text, b.merged) for b in read.blocks if b.form == "row"]
    assert rows == [(b.text, b.merged) for b in word.blocks if b.form == "row"]


def test_the_start_parameter_names_the_page() -> None:
    page = base64.b64encode("<p>这是要找的正文，写得足够长。</p>".encode("big5", "ignore")).decode()
    body = (
        'Content-Type: multipart/related; start="<b>"; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n'
        "Content-ID: <a>\r\n\r\n<p>advertisement</p>\r\n--x\r\nContent-Type: text/html; charset=big5\r\n"
        f"Content-ID: <b>\r\nContent-Transfer-Encoding: base64\r\n\r\n{page}\r\n--x--\r\n"
    )
    assert "找的正文" in read_mhtml(body.encode()).blocks[0].text


def test_a_frame_that_holds_far_more_text_is_the_page() -> None:
    shell = "<title>某市政府网</title><p>首页 政务公开</p><iframe src='cid:2'></iframe>"
    article = "<title>年度报告</title><div id=zoom><p>" + "这是要找的正文，写得足够长。" * 5 + "</p></div>"
    parts = "".join(
        f"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-Location: http://a.example/{number}.html\r\n\r\n{page}\r\n"
        for number, page in enumerate((shell, article, "<p>广告</p>"))
    )
    head = "Snapshot-Content-Location: http://a.example/0.html\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
    read = read_mhtml((head + parts + "--x--\r\n").encode())
    assert (len(read.blocks), read.declared_url) == (1, "http://a.example/1.html")
    again = parts.replace("<p>首页 政务公开</p>", "<p>" + "页面自己的正文也有不少。" * 4 + "</p>")
    assert read_mhtml((head + again + "--x--\r\n").encode()).declared_url == "http://a.example/0.html"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Content-Type: image/png\r\n\r\nx",
        b"Content-Type: multipart/related; boundary=x\r\n\r\n--x--",
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(5000)),
    ],
)
def test_a_file_without_a_page_is_refused_with_advice(body: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_mhtml(body)
    assert "；" in refused.value.zh


def test_a_charset_from_outside_is_only_used_where_the_bytes_allow() -> None:
    assert with_charset("政府".encode(), "gbk") == "政府".encode()
    assert with_charset("政府".encode("gbk"), "gbk").startswith(b'<meta charset="gbk">')
    assert with_charset(b"\xd5\xfe", 'x">') == b"\xd5\xfe"


def test_changed_files_are_read_or_refused() -> None:
    assert reads_or_refuses(read_mhtml, (FORMATS / "report.mhtml").read_bytes()) > 50


@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
@pytest.mark.parametrize("depth", [1, 19, 25, 1_500])
def test_a_page_is_found_below_any_number_of_parts(depth: int, newline: bytes) -> None:
    page = base64.encodebytes("<html><body><div id=zoom><p>一、总体情况</p></div></body></html>".encode())
    inside = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + page
    for number in range(depth):
        mark = b"part-%d" % number
        inside = b'Content-Type: multipart/mixed;\n\tboundary="%s"\n\nbefore\n--%s\n%s\n--%s\nContent-Type: text/css\n\na{}\n--%s--\n' % (
            mark, mark, inside, mark, mark,
        )  # fmt: skip
    whole = b"From: <Saved by Blink>\nSubject: a\nSnapshot-Content-Location: https://a.example/x\n" + inside
    found = read_mhtml(whole.replace(b"\n", newline))
    assert [block.text for block in found.blocks] == ["一、总体情况"]
    assert found.declared_url == "https://a.example/x"
    assert found.titles[-1] == ("mhtml:Subject", "a")
