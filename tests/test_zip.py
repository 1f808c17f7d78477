"""ZIP archives: names, what is left out, containers within, damage, bombs."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest
from hostile import FORMATS, LINUX, mutations, peak_megabytes

from corpus.containers import is_container, read_members
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.member import Member


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return made.getvalue()


def members(path: Path, body: bytes) -> list[Member]:
    path.write_bytes(body)
    return list(read_members(path, {}))


def failed(member: Member) -> bool:
    return isinstance(member.content, UnreadableFile)


def test_the_example_from_a_chinese_windows() -> None:
    found = list(read_members(FORMATS / "reports.zip", {}))
    assert [(m.name, m.suffix) for m in found] == [
        ("年报/2019年年度报告.html", ".html"),
        ("年报/汇总.csv!1", ""),
        ("年报/汇总.csv!2", ""),
    ]
    assert isinstance(found[0].content, bytes)
    assert isinstance(found[1].content, Document)


def test_names_do_no_harm_and_stay_apart(tmp_path: Path) -> None:
    names = [
        "../../etc/a.txt",
        "/root/a.txt",
        "C:\\b\\a.txt",
        "..",
        ".DS_Store",
        "x/Thumbs.db",
        "a.txt/",
        "root/a.txt",
        "~$a.docx",
    ]
    found = members(tmp_path / "a.zip", zipped(dict.fromkeys(names, b"x")))
    assert [m.name for m in found] == ["etc/a.txt", "root/a.txt", "b/a.txt", "unnamed", "root/a.txt#2"]


def test_archives_within_archives_are_read_to_the_third(tmp_path: Path) -> None:
    body = b"text"
    for _ in range(4):
        body = zipped({"in.zip" if body != b"text" else "a.txt": body, "b.txt": b"x"})
    found = members(tmp_path / "a.zip", body)
    assert [(m.name, failed(m)) for m in found] == [
        ("in.zip!in.zip!in.zip", True),
        ("in.zip!in.zip!b.txt", False),
        ("in.zip!b.txt", False),
        ("b.txt", False),
    ]


def test_a_workbook_within_is_one_report_or_several(tmp_path: Path) -> None:
    files = {
        name: (FORMATS / name).read_bytes() for name in ("report.xlsx", "reports.xlsx", "report.docx", "crawl.warc.gz")
    }
    found = members(tmp_path / "a.zip", zipped(files))
    assert [m.name for m in found] == [
        "report.xlsx",
        "reports.xlsx!1",
        "reports.xlsx!2",
        "report.docx",
        "crawl.warc.gz!https://lyj.yunxi.example/2020/1.html",
        "crawl.warc.gz!https://lyj.yunxi.example/files/2.txt",
    ]
    assert found[4].fetched_at == "2026-01-01T00:00:00Z"


def test_a_broken_container_within_is_one_failure(tmp_path: Path) -> None:
    found = members(tmp_path / "a.zip", zipped({"a.zip": b"PK no", "b.csv": b"a,b\n1,2\n", "c.txt": b"x"}))
    assert [(m.name, failed(m)) for m in found] == [("a.zip", True), ("b.csv", True), ("c.txt", False)]


def test_a_password_and_an_odd_method_are_failures_with_advice(tmp_path: Path) -> None:
    body = bytearray(zipped({"a.txt": b"x", "b.txt": b"y", "c.txt": b"z"}, zipfile.ZIP_STORED))
    entry = body.index(b"PK\x01\x02")
    struct.pack_into("<H", body, entry + 8, 1)
    second = body.index(b"PK\x01\x02", entry + 4)
    struct.pack_into("<H", body, second + 10, 99)
    found = members(tmp_path / "a.zip", bytes(body))
    assert [failed(m) for m in found] == [True, True, False]
    assert isinstance(found[0].content, UnreadableFile)
    assert "密码" in found[0].content.zh


def test_damage_in_one_file_leaves_the_others(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(3000)
    body = bytearray(zipped({"a.txt": noise, "b.txt": noise[::-1], "c.txt": b"z"}))
    body[1000:1010] = b"##########"
    assert [failed(m) for m in members(tmp_path / "a.zip", bytes(body))] == [True, False, False]


@pytest.mark.parametrize("body", [b"", b"PK\x05\x06" + b"\0" * 10, b"no archive" * 30, zipped({"a": b"x"})[:-4]])
def test_what_is_no_archive_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(UnreadableFile):
        members(tmp_path / "a.zip", body)


def test_a_directory_that_claims_millions_of_files_is_refused_unread(tmp_path: Path) -> None:
    body = bytearray(zipped({"a.txt": b"x"}))
    end = body.rindex(b"PK\x05\x06")
    struct.pack_into("<2H2L", body, end + 8, 0xFFFE, 0xFFFE, 3_000_000_000, 0)
    with pytest.raises(UnreadableFile):
        members(tmp_path / "a.zip", bytes(body))


_READ = """
import sys, pathlib
from corpus.containers import read_members
from corpus.errors import UnreadableFile
try:
    for member in read_members(pathlib.Path(sys.argv[1]), {}):
        print(member.name[-10:], isinstance(member.content, UnreadableFile))
except UnreadableFile as error:
    print(error.en)
"""


@LINUX
def test_a_member_that_inflates_beyond_the_limit_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("big.txt", "w") as stream:
            for _ in range(100):
                stream.write(bytes(1_000_000))
        archive.writestr("good.txt", "x")
    said, peak = peak_megabytes(_READ, str(path))
    assert said == "big.txt True\ngood.txt False"
    assert peak < 300


@LINUX
def test_archives_of_bombs_end_at_their_allowance(tmp_path: Path) -> None:
    bomb = zipped({"0.txt": bytes(60_000_000)})
    layer = zipped({f"{n}.zip": bomb for n in range(10)})
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.zip": layer for n in range(10)}))
    said, peak = peak_megabytes(_READ, str(path))
    assert "inflates to more than 1 GB" in said
    assert said.count("False") < 20
    assert peak < 400


def test_changed_archives_yield_members_or_refuse(tmp_path: Path) -> None:
    for changed in mutations((FORMATS / "reports.zip").read_bytes()):
        try:
            for member in members(tmp_path / "a.zip", changed):
                assert isinstance(member.content, (bytes, Document, UnreadableFile))
        except UnreadableFile as error:
            assert error.zh


def test_containers_are_told_by_their_suffix() -> None:
    assert is_container(Path("A.WARC.GZ"))
    assert is_container(Path("a.Zip"))
    assert not is_container(Path("a.docx"))
    assert not is_container(Path("a.gz"))
