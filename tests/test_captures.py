"""Containers and copies of pages over time: the newest counts, nothing is lost, nothing that is gone stays."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.errors import LibraryError
from corpus.library import Library, Source
from corpus.loader import load

TITLE = "云溪市教育局2010年政府信息公开工作年度报告"
URL = "http://jyj.yunxi.example/2010.html"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home" / "library.db") as library:
        yield library


def crawl(path: Path, *captures: tuple[str, str]) -> Path:
    """A WARC file with captures of one page: (year of the capture, its text)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for year, text in captures:
            body = f"<html><body><h1>{TITLE}</h1><p>一、概述</p><p>{text}</p></body></html>".encode()
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    URL,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=headers,
                    warc_headers_dict={"WARC-Date": f"{year}-01-01T00:00:00Z"},
                )
            )
    return path


def said(library: Library) -> list[str]:
    return sorted(report.text.splitlines()[-1] for report in library.reports())


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newest_capture_counts_in_whatever_order_they_come(
    library: Library, tmp_path: Path, order: tuple[int, int]
) -> None:
    old = crawl(tmp_path / "w" / "1.warc.gz", ("2020", "全年公开12条，都在网站上公布。"))
    new = crawl(tmp_path / "w" / "2.warc.gz", ("2021", "全年公开13条，都在网站上公布。"))
    for number in order:
        load(library, [(old, new)[number]])
    assert said(library) == ["全年公开13条，都在网站上公布。"]
    load(library, [tmp_path / "w"])
    assert said(library) == ["全年公开13条，都在网站上公布。"]


def test_the_newest_of_one_file_counts_wherever_it_stands(library: Library, tmp_path: Path) -> None:
    path = crawl(
        tmp_path / "w.warc.gz", ("2021", "全年公开13条，都在网站上公布。"), ("2020", "全年公开12条，都在网站上公布。")
    )
    load(library, [path])
    assert said(library) == ["全年公开13条，都在网站上公布。"]


def test_an_older_capture_comes_back_when_the_newest_goes(library: Library, tmp_path: Path) -> None:
    crawl(tmp_path / "w" / "1.warc.gz", ("2020", "全年公开12条，都在网站上公布。"))
    new = crawl(tmp_path / "w" / "2.warc.gz", ("2021", "全年公开13条，都在网站上公布。"))
    load(library, [tmp_path / "w"])
    new.unlink()
    load(library, [tmp_path / "w"], remove_missing=True)
    load(library, [tmp_path / "w"])
    assert said(library) == ["全年公开12条，都在网站上公布。"]


def archive(path: Path, **texts: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as out:
        for name, text in texts.items():
            out.writestr(f"{name}.txt", f"{TITLE.replace('教育', name)}\n一、概述\n{text}")
    return path


def test_members_come_change_and_go_with_their_archive(library: Library, tmp_path: Path) -> None:
    path = archive(tmp_path / "z" / "a.zip", 教育="公开1条。", 财政="公开2条。", 民政="公开3条。")
    summary = load(library, [path])
    assert (summary.added, len(summary.failed)) == (3, 0)
    archive(path, 教育="公开1条。", 财政="公开22条。")
    summary = load(library, [path])
    assert (summary.added, summary.changed, summary.unchanged, summary.removed) == (0, 1, 1, 1)
    assert said(library) == ["公开1条。", "公开22条。"]
    moved = tmp_path / "y" / "z"
    moved.parent.mkdir()
    (tmp_path / "z").rename(moved)
    archive(moved / "a.zip", 教育="公开1条。")
    load(library, [moved])
    assert said(library) == ["公开1条。"]
    (moved / "a.zip").unlink()
    load(library, [], remove_missing=True)
    assert said(library) == []
    assert list(library.sources()) == []


def test_what_an_interrupted_load_of_an_archive_left_can_be_removed(library: Library, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{f"局{number:02}": f"公开{number}条。" for number in range(60)})

    def interrupt(source: Source, report: object) -> str:
        if library.counts()["reports"] >= 30:
            raise KeyboardInterrupt
        return put(source, report)  # type: ignore[arg-type]

    put = library.put
    library.put = interrupt  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        load(library, [path])
    library.put = put  # type: ignore[method-assign]
    kept = library.counts()["reports"]
    assert 0 < kept < 60
    path.unlink()
    assert [source.path for source in library.missing()] == [str(path)]
    load(library, [], remove_missing=True)
    assert library.counts()["reports"] == 0


def test_two_files_of_one_name_in_an_archive_are_both_read(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        for text in ("公开1条。", "公开2条。"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that the name is there already
                out.writestr("a.txt", f"{TITLE}\n一、概述\n{text}")
    assert load(library, [path]).added == 2
    assert said(library) == ["公开1条。", "公开2条。"]


def test_rows_of_other_agencies_with_one_text_are_reports_of_their_own(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "一、概述\n全年按规定公开政府信息，没有收到申请，没有发生复议和诉讼。"
    rows = [("青岛市教育局", 2019), ("青岛市教育局", 2020), ("济南市教育局", 2020)]
    path.write_text(
        "\n".join(
            json.dumps({"title": "年度报告", "text": text, "agency": agency, "year": year}) for agency, year in rows
        ),
        "utf-8",
    )
    load(library, [path])
    assert sorted((report.agency, report.year) for report in library.reports()) == sorted(rows)


def test_a_second_load_is_refused_while_one_runs(library: Library, tmp_path: Path) -> None:
    with Library(library.path) as other, other.loading(), pytest.raises(LibraryError, match="another load"):
        load(library, [tmp_path])
    load(library, [tmp_path / "home"])


def test_marks_of_one_site_leave_those_of_another_alone(library: Library, tmp_path: Path) -> None:
    for site in ("gov", "gov-cn"):
        crawl(tmp_path / site / "1.warc.gz", ("2020", f"{site}全年公开12条，都在网站上公布。"))
    load(library, [tmp_path / "gov-cn"])
    with library.transaction():
        library.mark_gone({URL: "2026-01-01"}, str(tmp_path / "gov-cn"))
        library.mark_gone({}, str(tmp_path / "gov"))
    assert [source.gone_at for source in library.gone()] == ["2026-01-01"]
