"""A library of the version before is brought up to date in place; nothing in it is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from corpus.library import Library
from corpus.loader import load
from corpus.schema import SCHEMA_VERSION

VERSION_2 = """
CREATE TABLE report (
    report_id TEXT PRIMARY KEY, title TEXT NOT NULL, doctype TEXT NOT NULL, template TEXT NOT NULL,
    agency TEXT NOT NULL, region TEXT NOT NULL, department TEXT NOT NULL, level TEXT NOT NULL,
    year INTEGER, published_on TEXT NOT NULL, document_number TEXT NOT NULL, source_url TEXT NOT NULL,
    same_as TEXT NOT NULL, provenance TEXT NOT NULL, text_hash TEXT NOT NULL, content_hash TEXT NOT NULL,
    state_hash TEXT NOT NULL
) STRICT;
CREATE INDEX report_content ON report (content_hash);
CREATE TABLE section (
    report_id TEXT NOT NULL REFERENCES report ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    section_id TEXT NOT NULL UNIQUE, level INTEGER NOT NULL, form TEXT NOT NULL, kind TEXT NOT NULL,
    heading TEXT NOT NULL, heading_path TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL,
    PRIMARY KEY (report_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE source (
    source TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, parser INTEGER NOT NULL, report_id TEXT REFERENCES report,
    reason_zh TEXT NOT NULL, reason_en TEXT NOT NULL, loaded_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX source_report ON source (report_id);
"""


def test_a_library_of_version_2_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    file = folder / "a.txt"
    file.write_text("云溪市教育局2010年政府信息公开工作年度报告\n一、概述\n全年公开12条。\n", "utf-8")
    path = tmp_path / "library.db"
    with sqlite3.connect(path) as db:
        db.executescript(VERSION_2)
        db.execute(
            "INSERT INTO report VALUES ('r1', '旧题', 'annual_report', 'old', '', '', '', '', 2010, '', '', '', '', '{}', "
            "'t', 'c', 's')"
        )
        db.execute(
            "INSERT INTO section VALUES ('r1', 0, 's1', 0, 'prose', 'body', '旧题', '[]', '旧文', "
            '\'[["b1", "paragraph", 0, 2, 0]]\')'
        )
        db.execute("INSERT INTO source VALUES ('f/a.txt', ?, 1, 1, 'x', 1, 'r1', '', '', '2026')", (str(file),))
        db.execute("PRAGMA user_version = 2")
    db.close()
    with Library(path) as library:
        assert [(report.title, report.text) for report in library.reports()] == [("旧题", "旧文")]
        assert library.counts()["sources"] == 1
        summary = load(library, [folder])
        assert (summary.added, summary.changed, len(summary.failed)) == (0, 1, 0)
        (report,) = library.reports()
        assert report.title == "云溪市教育局2010年政府信息公开工作年度报告"
    with Library(path):
        pass
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
