"""Reports as rows: nothing lost on the way from a worker to the library, and looked up by the indexes."""

from __future__ import annotations

import pickle
import sqlite3
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from strategies import reports

from corpus.library import Library
from corpus.loader import load
from corpus.mapping import document_of
from corpus.model import Correction, Report
from corpus.parsing import parse
from corpus.rows import report_from_rows, report_rows

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"


@given(reports("a"))
def test_rows_give_the_report_back(report: Report) -> None:
    rows = report_rows(report)
    assert report_from_rows(pickle.loads(pickle.dumps(rows)), report.sources) == report


def test_rows_of_samples_give_the_reports_back() -> None:
    for path in sorted(SAMPLES.glob("*.html")):
        report = parse(path.read_bytes(), path.name, path.name)
        assert report_from_rows(report_rows(report), report.sources) == report


def test_hashes_are_those_of_the_corrected_report_and_rows_those_of_the_parsed_one() -> None:
    path = SAMPLES / "mot-2020.html"
    report = parse(path.read_bytes(), path.name, path.name)
    parsed = report_rows(report)
    by_hand = report_rows(report, [Correction(1, "year", "1999", "", "李某", "2026-01-01", "")])
    assert report_from_rows(by_hand, report.sources) == report
    assert by_hand.state_hash != parsed.state_hash
    assert by_hand.copy_group != parsed.copy_group
    assert by_hand.content_hash == parsed.content_hash


def test_the_order_in_which_provenance_was_found_is_no_change() -> None:
    path = SAMPLES / "mot-2020.html"
    report = parse(path.read_bytes(), path.name, path.name)
    turned = replace(report, provenance=dict(reversed(report.provenance.items())))
    assert report_rows(turned).state_hash == report_rows(report).state_hash


def test_a_report_that_gives_way_takes_its_corrections_along_and_keeps_what_was_parsed(tmp_path: Path) -> None:
    text = "云溪市教育局政府信息公开工作报告\n一、概述\n全年公开信息12条。\n"
    folder = tmp_path / "f"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(text, "utf-8")
    with Library(tmp_path / "library.db") as library:
        load(library, [folder])
        (report,) = library.reports()
        with library.transaction():
            library.correct(report.report_id, "title", "另一标题", by="李某", at="2026-01-01", why="")
        (folder / "a.txt").write_text(text.replace("12条", "13条"), "utf-8")
        load(library, [folder])
        moved = next(found for found in library.reports() if found.sources == ("f/b.txt",))
        assert moved.title == "另一标题"
        assert [correction.parsed for correction in moved.corrections] == [report.title]


def test_no_query_of_a_load_goes_through_all_reports_or_sources(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    title = "云溪市教育局2012年政府信息公开工作年度报告"
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"{title}\n一、概述\n全年公开信息12条。{name}\n", "utf-8")
    asked: set[str] = set()
    with Library(tmp_path / "library.db") as library:
        library._db.set_trace_callback(asked.add)
        load(library, [folder])
        library._db.set_trace_callback(None)
    assert any("copy_group =" in query for query in asked)
    with sqlite3.connect(tmp_path / "library.db") as db:
        for query in sorted(asked):
            if query.lstrip().startswith(("SELECT", "DELETE", "UPDATE")):
                plan = [str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
                assert not any(step.startswith(("SCAN report", "SCAN source", "SCAN section")) for step in plan), query


def test_line_breaks_that_a_database_wrote_out_are_line_breaks() -> None:
    document = document_of({"text": "一、总体情况\\n　　全年公开12条。\\r\\n二、主动公开情况\\n　　见网站。"})
    assert [block.text for block in document.blocks] == [
        "一、总体情况",
        "全年公开12条。",
        "二、主动公开情况",
        "见网站。",
    ]
    assert len(document_of({"text": "共享目录为 D:\\new\\报表，请查收。"}).blocks) == 1
