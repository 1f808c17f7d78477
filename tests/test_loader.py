"""Files and folders into the library: again, changed, gone, twice, unreadable, hostile."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import need_shared

import corpus.parsing
from corpus.errors import LibraryError
from corpus.library import Library
from corpus.loader import LoadSummary, load
from corpus.parsing import parse

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
    assert done(load(library, [folder])) == (1, 0, 2, 4)


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

    monkeypatch.setitem(corpus.parsing.READERS, ".htm", explode)
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

    class Stopping:
        """Interrupts like Ctrl+C once 160 files are written."""

        left = 160

        def set_total(self, total: int) -> None:
            assert total == 230

        def done(self, failed: bool = False) -> None:
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(library, [folder], progress=Stopping())
    kept = library.counts()["reports"]
    assert 130 <= kept <= 160  # whole batches only
    assert done(load(library, [folder])) == (230 - kept, 0, kept, 0)


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


def test_of_two_files_with_one_text_either_may_change(library: Library, folder: Path) -> None:
    (folder / "copy.txt").write_text(TEXT, "utf-8")
    load(library, [folder])
    rewrite(folder / "a.txt", TEXT.replace("12条", "13条"))
    load(library, [folder])
    texts = {report.sources: "12条" in report.text for report in library.reports() if report.year == 2010}
    assert texts == {("报告/a.txt",): False, ("报告/copy.txt",): True}
    rewrite(folder / "copy.txt", TEXT.replace("12条", "14条"))
    load(library, [folder])
    assert sorted(r.sources for r in library.reports()) == [("报告/a.txt",), ("报告/b.txt",), ("报告/copy.txt",)]
    ids = [section.section_id for report in library.reports() for section in report.sections]
    assert len(set(ids)) == len(ids)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["", "1", "2", "3"])), min_size=1, max_size=12))
@settings(max_examples=40)
def test_the_library_holds_just_the_texts_of_its_files(steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as home, Library(Path(home) / "library.db") as library:
        folder = Path(home) / "f"
        folder.mkdir()
        for number, (name, text) in enumerate(steps):
            path = folder / f"{name}.txt"
            if text:
                path.write_text(TEXT.replace("12条", f"{text}条"), "utf-8")
                os.utime(path, ns=(number * 10**9, number * 10**9))
            else:
                path.unlink(missing_ok=True)
            load(library, [folder], remove_missing=True)
        wanted = {path.read_text("utf-8").strip() for path in folder.iterdir()}
        assert {report.text for report in library.reports()} == wanted
        held = [source for report in library.reports() for source in report.sources]
        assert sorted(held) == sorted(f"f/{path.name}" for path in folder.iterdir())


def test_a_moved_file_that_became_another_report_leaves_no_orphan(library: Library, tmp_path: Path) -> None:
    page = '<html><head><meta name="Url" content="http://a.example/{}"></head><body><p>{}</p></body></html>'
    (tmp_path / "x" / "r").mkdir(parents=True)
    (tmp_path / "x" / "r" / "a.html").write_text(page.format(1, TEXT), "utf-8")
    load(library, [tmp_path / "x" / "r"])
    (tmp_path / "x").rename(tmp_path / "y")
    rewrite(tmp_path / "y" / "r" / "a.html", page.format(2, TEXT.replace("12条", "13条")))
    load(library, [tmp_path / "y" / "r"])
    assert [report.source_url for report in library.reports()] == ["http://a.example/2"]


def test_a_file_that_is_locked_for_a_moment_keeps_its_report_and_is_tried_again(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(library, [folder])
    rewrite(folder / "a.txt", TEXT.replace("12条", "13条"))

    def locked(self: Path) -> bytes:
        raise PermissionError(13, "locked")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", locked)
        assert done(load(library, [folder])) == (0, 0, 1, 1)
    assert library.counts()["reports"] == 2
    assert [failure.source for failure in library.failures()] == ["报告/a.txt"]
    assert done(load(library, [folder])) == (0, 1, 1, 0)
    assert library.failures() == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_named_pipe_is_a_failure_and_not_a_wait(library: Library, folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    summary = load(library, [folder])
    assert done(summary) == (2, 0, 0, 1)
    assert "regular file" in summary.failed[0].reason_en


def test_a_file_too_large_says_so(library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.workers.LARGEST_FILE", 100)
    assert "larger than" in load(library, [folder]).failed[0].reason_en


def test_removing_what_is_missing_stays_below_the_paths_named(library: Library, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "另一处"
    other.mkdir()
    (other / "c.txt").write_text(TEXT.replace("2010", "2012"), "utf-8")
    load(library, [folder, other])
    (other / "c.txt").unlink()
    (folder / "a.txt").unlink()
    assert load(library, [folder], remove_missing=True).removed == 1
    assert [source.source for source in library.missing()] == ["另一处/c.txt"]


def test_a_few_broken_bytes_do_not_cost_a_report() -> None:
    text = TEXT * 20
    for encoding in ("utf-8", "gb18030"):
        body = text.encode(encoding)
        report = parse(body[:1000] + b"\xff" + body[1000:], "a.txt", "a")
        assert report.text.count("全年公开信息12条") >= 19
    cut = text.encode()[:-2]
    assert parse(cut, "a.txt", "a").year == 2010


def test_pages_without_a_known_container_are_read(tmp_path: Path) -> None:
    body = "<div class='nav'><a>首页</a><ul><li><a>栏目</a></li></ul></div><form id='form1'>{}</form><div class='footer'><p>版权</p></div>"
    page = f"<html><body>{body.format('<p>一、概述</p><p>正文一段。</p>')}</body></html>"
    assert parse(page.encode(), "a.html", "a").text == "一、概述\n正文一段。"


def test_text_in_two_containers_is_all_kept_and_widgets_are_not_the_text() -> None:
    first = f"<div class='TRS_Editor'><p>一、概述</p><p>{'甲' * 60}。</p></div>"
    second = f"<div class='TRS_Editor'><p>二、其他</p><p>{'乙' * 60}。</p></div>"
    widget = "<div class='zoom'>放大缩小放大缩小放大缩小放大缩小放大缩小放大缩小放大缩小放大缩小放大缩小放大缩小</div>"
    text = parse(f"<html><body>{first}<hr>{second}</body></html>".encode(), "a.html", "a").text
    assert [line[:2] for line in text.split("\n")] == ["一、", "甲甲", "二、", "乙乙"]
    page = f"<html><body>{widget}<p>一、概述</p><p>{'丙' * 400}。</p></body></html>"
    assert "丙" * 400 in parse(page.encode(), "a.html", "a").text


def test_a_title_that_stands_again_below_the_text_does_not_cut_it() -> None:
    title = "青岛市教育局2010年政府信息公开工作年度报告"
    page = (
        f"<html><head><title>{title}</title></head><body><h2>青岛市教育局2010年<br>政府信息公开工作年度报告</h2>"
        f"<p>一、概述</p><p>{'正文。' * 40}</p><ul><li>{title}</li><li>另一篇</li></ul></body></html>"
    )
    assert "正文。正文。" in parse(page.encode(), "a.html", "a").text


def test_captions_and_tables_of_data_are_kept() -> None:
    rows = "<tr><th>索引号</th><th>名称</th><th>公开日期</th></tr><tr><td>1</td><td>办法</td><td>2010</td></tr>"
    table = f"<table><caption>公开目录</caption>{rows}</table>"
    text = parse(f"<html><body><p>一、概述</p>{table}</body></html>".encode(), "a.html", "a").text
    assert text == "一、概述\n公开目录\n索引号 | 名称 | 公开日期\n1 | 办法 | 2010"


def test_the_browser_saved_page_of_a_regulator_is_read() -> None:
    path = need_shared() / "html" / "nfra-list-page.html"
    assert parse(path.read_bytes(), path.name, path.name).text


def test_furniture_that_holds_the_whole_text_is_not_furniture() -> None:
    page = "<html><body><div class='main top'><p>一、概述</p><p>正文一段。</p></div></body></html>"
    assert parse(page.encode(), "a.html", "a").text == "一、概述\n正文一段。"
