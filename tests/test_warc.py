"""WARC: what a crawl holds, in its order; torn tails, damage in the middle, bombs."""

from __future__ import annotations

import gzip
import io
import random
from pathlib import Path

import brotli
import pytest
from hostile import FORMATS, LINUX, mutations, peak_megabytes
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.brotlicoding import plain_brotli
from corpus.containers import read_members
from corpus.errors import UnreadableFile
from corpus.htmlreader import read_html
from corpus.member import Member


def crawl(path: Path, *, packed: bool, count: int = 5) -> list[int]:
    """Write a crawl of small pages; return where each record begins."""
    places = []
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        for number in range(count):
            places.append(stream.tell())
            page = f"<h1>第{number}页</h1>" + "<p>这一页的正文是虚构的。</p>" * 30
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=gbk")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"http://a.example/{number}", "response", payload=io.BytesIO(page.encode("gbk")), http_headers=http
            )
            writer.write_record(record)
    return places


def shown(path: Path) -> list[str]:
    """Return the last step of each member's address, ! for a failure, ~ for the doubt of a torn tail."""
    return [
        "!" if isinstance(m.content, UnreadableFile) else m.name[-1] + "~" * ("torn_tail" in m.doubts)
        for m in read_members(path, {})
    ]


def record(kind: str, address: str, body: bytes, headers: dict[str, str], **http: str) -> bytes:
    """Return a record, uncompressed."""
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=False)
    status = StatusAndHeaders("200 OK", list(http.items()), protocol="HTTP/1.1") if kind == "response" else None
    writer.write_record(
        writer.create_warc_record(
            address, kind, payload=io.BytesIO(body), http_headers=status, warc_headers_dict=headers, length=len(body)
        )
        if kind != "response"
        else writer.create_warc_record(
            address, kind, payload=io.BytesIO(body), http_headers=status, warc_headers_dict=headers
        )
    )
    return made.getvalue()


def test_the_example_gives_answers_that_can_be_reports() -> None:
    first, second = read_members(FORMATS / "crawl.warc.gz", {})
    assert (first.name, first.suffix, first.fetched_at) == (
        "https://lyj.yunxi.example/2020/1.html",
        ".html",
        "2026-01-01T00:00:00Z",
    )
    assert first.url == first.name
    assert isinstance(first.content, bytes)
    assert read_html(first.content).blocks[0].text == "云溪市林业局2019年政府信息公开工作年度报告"
    assert second.suffix == ".txt"


def test_chunked_and_compressed_answers_are_undone(tmp_path: Path) -> None:
    body = gzip.compress("<p>正文</p>".encode())
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:])) + b"0\r\n\r\n"
    kinds = {"Content-Type": "text/html", "Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}
    (tmp_path / "a.warc").write_bytes(record("response", "http://a.example/", chunked, {}, **kinds))
    (member,) = read_members(tmp_path / "a.warc", {})
    assert member.content == "<p>正文</p>".encode()


def test_resources_count_and_conversions_where_there_are_no_answers(tmp_path: Path) -> None:
    text = {"Content-Type": "text/plain"}
    resource = record("resource", "http://a.example/r", b"r", text)
    conversion = record("conversion", "http://a.example/c", b"c", text)
    answer = record("response", "http://a.example/h", b"<p>h</p>", {}, **{"Content-Type": "text/html"})
    (tmp_path / "a.warc").write_bytes(resource + conversion)
    assert shown(tmp_path / "a.warc") == ["r", "c"]
    (tmp_path / "a.warc").write_bytes(answer + resource + conversion + answer)
    assert shown(tmp_path / "a.warc") == ["h", "r", "h"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("behind", [1, 60, 250])
def test_a_torn_tail_is_a_doubt_of_the_last_whole_record(tmp_path: Path, packed: bool, behind: int) -> None:
    path = tmp_path / f"a.warc{'.gz' if packed else ''}"
    places = crawl(path, packed=packed)
    path.write_bytes(path.read_bytes()[: places[4] + behind])
    assert shown(path) == ["0", "1", "2", "3~"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_record_fails_and_reading_goes_on(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / f"a.warc{'.gz' if packed else ''}"
    places = crawl(path, packed=packed)
    body = bytearray(path.read_bytes())
    body[places[2] : places[2] + 40] = b"#" * 40
    path.write_bytes(body)
    assert shown(path) == ["0", "1", "!", "3", "4"]


def test_a_wrong_length_costs_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    places = crawl(path, packed=False)
    body = bytearray(path.read_bytes())
    at = body.index(b"Content-Length: ", places[2]) + len("Content-Length: ")
    body[at : at + 1] = b"0"
    path.write_bytes(body)
    assert shown(path)[:2] == ["0", "1"]
    assert shown(path)[-2:] == ["3", "4"]


def test_a_file_compressed_as_a_whole_is_read(tmp_path: Path) -> None:
    crawl(tmp_path / "a.warc", packed=False)
    (tmp_path / "b.warc.gz").write_bytes(gzip.compress((tmp_path / "a.warc").read_bytes()))
    assert shown(tmp_path / "b.warc.gz") == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("body", [b"\x1f\x8b\x08", b"no crawl at all\r\n" * 20])
def test_what_is_no_crawl_is_one_failure(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.warc").write_bytes(body)
    assert shown(tmp_path / "a.warc") == ["!"]


@LINUX
def test_an_answer_that_inflates_beyond_the_limit_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for size in (200_000_000, 10):
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/plain")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    f"http://a.example/{size}", "response", payload=io.BytesIO(bytes(size)), http_headers=http
                )
            )
    program = (
        "import sys, pathlib\nfrom corpus.containers import read_members\n"
        "for m in read_members(pathlib.Path(sys.argv[1]), {}):\n    print(m.name[17:], type(m.content).__name__)"
    )
    said, peak = peak_megabytes(program, str(path))
    assert said == "200000000 UnreadableFile\n10 bytes"
    assert peak < 300


def test_changed_crawls_yield_members_or_refuse(tmp_path: Path) -> None:
    for changed in mutations((FORMATS / "crawl.warc.gz").read_bytes()):
        (tmp_path / "a.warc.gz").write_bytes(changed)
        try:
            found: list[Member] = list(read_members(tmp_path / "a.warc.gz", {}))
        except UnreadableFile as error:
            assert error.zh
            continue
        assert all(isinstance(m.content, (bytes, UnreadableFile)) for m in found)


PAGE = ("<h1>年度报告</h1>" + "<p>这一页的正文是虚构的。</p>" * 30).encode("gbk")


def coded(path: Path, body: bytes, coding: str) -> Member:
    headers = {"Content-Type": "text/html; charset=gbk", "Content-Encoding": coding}
    path.write_bytes(record("response", "http://a.example/1", body, {}, **headers))
    (member,) = read_members(path, {})
    return member


def test_pages_in_brotli_are_unpacked_also_where_they_only_say_so(tmp_path: Path) -> None:
    for body in (brotli.compress(PAGE), PAGE):
        member = coded(tmp_path / "a.warc", body, "br")
        assert isinstance(member.content, bytes)
        assert member.content.endswith(PAGE)


def test_a_coding_that_is_not_known_is_a_failure_with_advice(tmp_path: Path) -> None:
    member = coded(tmp_path / "a.warc", PAGE, "zstd")
    assert isinstance(member.content, UnreadableFile)
    assert "zstd" in member.content.zh


def test_a_brotli_bomb_is_met_by_its_size(tmp_path: Path) -> None:
    member = coded(tmp_path / "a.warc", brotli.compress(bytes(200 << 20)), "br")
    assert isinstance(member.content, UnreadableFile)
    assert max(map(len, plain_brotli([brotli.compress(bytes(100 << 20))]))) < 8 << 20


def test_torn_brotli_gives_what_came(tmp_path: Path) -> None:
    packed = brotli.compress(random.Random(1).randbytes(100_000))
    torn = b"".join(plain_brotli([packed[:50_000]]))
    assert 0 < len(torn) < 100_000
