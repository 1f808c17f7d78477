"""Files and folders into the library: again, changed, gone, twice, unreadable, hostile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import LibraryError
from corpus.library import Library
from corpus.loader import LoadSummary, load, parse

TEXT = "青岛市教育局2010年政府信息公开工作年度报告\n一、概述\n全年公开信息12条。\n二、主动公开政府信息情况\n通过网站公开。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, "utf-8")
    (folder / "b.txt").write_text(TEXT.replace("2010", "2011"), "utf-8")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home" / "library.db") as library:
        yield library


def done(summary: LoadSummary) -> tuple[int, int, int, int]:
    return summary.added, summary.changed, summary.unchanged, len(summary.failed)


def rewrite(path: Path, text: str) -> None:
    before = path.stat().st_mtime_ns
    path.write_text(text, "utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_loading_again_changes_nothing(library: Library, folder: Path) -> None:
    assert done(load(library, [folder])) == (2, 0, 0, 0)
    before = (library.corpus_id(), list(library.reports()), list(library.sources()))
    assert done(load(library, [folder])) == (0, 0, 2, 0)
    (folder / "a.txt").touch()  # another time, the same text
    assert done(load(library, [folder])) == (0, 0, 2, 0)
    assert (library.corpus_id(), list(library.reports())) == before[:2]


def test_a_report_comes_back_from_the_library_as_it_was_parsed(library: Library, folder: Path) -> None:
    load(library, [folder])
    (stored,) = [report for report in library.reports() if report.year == 2010]
    assert stored == parse((folder / "a.txt").read_bytes(), "a.txt", "报告/a.txt")


def test_a_changed_file_replaces_its_report_under_the_same_identity(library: Library, folder: Path) -> None:
    load(library, [folder])
    before = library.text_hashes()
    rewrite(folder / "a.txt", TEXT.replace("12条", "13条"))
    assert done(load(library, [folder])) == (0, 1, 1, 0)
    after = library.text_hashes()
    assert before.keys() == after.keys()
    assert len(before.items() - after.items()) == 1
    assert sum("13条" in report.text for report in library.reports()) == 1
    assert not any("12条" in report.text and report.year == 2010 for report in library.reports())


def test_a_removed_file_is_reported_and_removed_on_request(library: Library, folder: Path) -> None:
    load(library, [folder])
    (folder / "a.txt").unlink()
    load(library, [folder])
    assert [source.source for source in library.missing()] == ["报告/a.txt"]
    assert library.counts()["reports"] == 2
    assert load(library, [], remove_missing=True).removed == 1
    assert library.missing() == []
    assert library.counts()["reports"] == 1


def test_a_file_that_cannot_be_read_is_recorded_and_stops_nothing(library: Library, folder: Path) -> None:
    (folder / "0.txt").write_bytes(b"")
    (folder / "1.bin").write_bytes(b"\x00\x01")
    (folder / "2.txt").write_bytes(b"\xff\xff\xff\x80 broken \x81")
    (folder / "3.html").write_text("<html><body><img src=x></body></html>", "utf-8")
    (folder / "4.txt").symlink_to(folder / "nowhere")
    summary = load(library, [folder])
    assert done(summary) == (2, 0, 0, 5)
    assert [s.source for s in library.failures()] == [
        f"报告/{n}" for n in ("0.txt", "1.bin", "2.txt", "3.html", "4.txt")
    ]
    assert all(s.reason_zh and s.reason_en for s in library.failures())
    rewrite(folder / "0.txt", TEXT.replace("2010", "2012"))
    assert done(load(library, [folder])) == (0, 1, 2, 4)


def test_a_file_that_became_unreadable_loses_its_report_but_not_its_record(library: Library, folder: Path) -> None:
    load(library, [folder])
    rewrite(folder / "a.txt", "")
    summary = load(library, [folder])
    assert [source.source for source in summary.failed] == ["报告/a.txt"]
    assert library.counts()["reports"] == 1


def test_a_parser_that_raises_is_a_recorded_failure(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(body: bytes) -> None:
        raise RecursionError("too deep")

    monkeypatch.setitem(__import__("corpus.loader").loader.READERS, ".htm", explode)
    (folder / "x.htm").write_text("<p>x", "utf-8")
    summary = load(library, [folder])
    assert done(summary) == (2, 0, 0, 1)
    assert "RecursionError" in summary.failed[0].reason_en


def test_identities_survive_moving_the_folder(library: Library, folder: Path) -> None:
    load(library, [folder])
    before = library.text_hashes()
    moved = folder.parent / "elsewhere" / "报告"
    moved.parent.mkdir()
    folder.rename(moved)
    load(library, [moved])
    assert library.text_hashes() == before
    assert library.missing() == []


def test_two_folders_of_one_name_keep_all_their_files(library: Library, tmp_path: Path) -> None:
    for number, parent in enumerate(("甲", "乙")):
        inside = tmp_path / parent / "2010"
        inside.mkdir(parents=True)
        (inside / "a.txt").write_text(TEXT.replace("12条", f"{number}条"), "utf-8")
    for parent in ("甲", "乙", "甲", "乙"):
        load(library, [tmp_path / parent / "2010"])
    assert library.counts()["reports"] == 2
    assert sorted(source.source for source in library.sources()) == ["2010/a.txt", "乙/2010/a.txt"]


def test_the_same_text_from_two_files_is_one_report_with_two_sources(library: Library, folder: Path) -> None:
    (folder / "copy.txt").write_text(TEXT, "utf-8")
    load(library, [folder])
    assert library.counts()["reports"] == 2
    (shared,) = [report for report in library.reports() if report.year == 2010]
    assert shared.sources == ("报告/a.txt", "报告/copy.txt")
    (folder / "a.txt").unlink()
    load(library, [], remove_missing=True)
    assert library.counts()["reports"] == 2


def test_one_address_declared_by_two_texts_loses_neither(library: Library, tmp_path: Path) -> None:
    page = '<html><head><meta name="Url" content="http://a.example/art/1.html"></head><body><p>{}</p></body></html>'
    for number in range(3):
        (tmp_path / f"{number}.html").write_text(page.format(TEXT.replace("2010", f"201{number}")), "utf-8")
    load(library, sorted(tmp_path.glob("*.html")))
    assert library.counts()["reports"] == 3
    load(library, sorted(tmp_path.glob("*.html")))
    assert library.counts()["reports"] == 3


def test_a_declared_address_is_the_identity_wherever_the_file_lies() -> None:
    page = f'<html><head><link rel="canonical" href="http://a.example/art/1.html"></head><body><p>{TEXT}</p></body>'
    assert (
        parse(page.encode(), "x.html", "一/x.html").report_id == parse(page.encode(), "y.html", "二/y.html").report_id
    )


def test_a_path_that_does_not_exist_is_said_and_the_rest_loads(library: Library, folder: Path) -> None:
    summary = load(library, [folder / "nothing", folder])
    assert summary.gone == [str(folder / "nothing")]
    assert summary.added == 2


def test_an_interrupted_load_keeps_what_it_had_and_goes_on(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(230):
        (folder / f"{number:03}.txt").write_text(TEXT.replace("12条", f"{number}条"), "utf-8")

    def stopping(files: list[Path]) -> Iterator[Path]:
        yield from files[:150]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(library, [folder], progress=stopping)
    assert library.counts()["reports"] == 100  # whole batches only
    assert done(load(library, [folder])) == (130, 0, 100, 0)


def test_a_library_of_another_version_is_refused(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "library.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryError, match="another version"):
        Library(path)


def test_a_library_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(LibraryError, match="can't open"):
        Library(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_texts_of_each_encoding_are_read(encoding: str) -> None:
    report = parse(TEXT.encode(encoding), "a.txt", "a.txt")
    assert report.title == "青岛市教育局2010年政府信息公开工作年度报告"


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "utf-8", "iso-8859-1"])
def test_a_wrong_declaration_does_not_make_mojibake(declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"><title>x</title></head><body><p>青岛市教育局鎔基年度报告</p></body>'
    for encoding in ("utf-8", "gbk"):
        assert "青岛市教育局鎔基" in parse(page.encode(encoding), "a.html", "a").text


def test_hostile_text_is_text() -> None:
    page = "<html><body><p>一、概述</p><p>&lt;script&gt;alert(1)&lt;/script&gt;\x00\x08正文</p><script>var 不要 = 1</script></body>"
    text = parse(page.encode(), "a.html", "a").text
    assert "<script>alert(1)</script>正文" in text
    assert "不要" not in text


def test_deeply_nested_html_is_read() -> None:
    body = "<div>" * 300 + "<p>深处的正文</p>" + "</div>" * 300
    assert "深处的正文" in parse(f"<html><body>{body}</body></html>".encode(), "a.html", "a").text
