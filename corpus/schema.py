"""The library's tables, and how a library of an earlier version becomes one of this."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

SCHEMA_VERSION: Final = 4
REPORT_COLUMNS: Final = (
    "report_id, title, doctype, template, agency, region, department, level, year, published_on, "
    "document_number, source_url, same_as, provenance, text_hash, content_hash, state_hash, copy_group"
)
SOURCE_COLUMNS: Final = (
    "source, path, member, size, mtime_ns, sha256, parser, columns, coalesce(report_id, ''), reason_zh, reason_en, "
    "doubts, kept, raw_size, url, fetched_at, gone_at, loaded_at"
)
_REPORT: Final = """
CREATE TABLE report (
    report_id TEXT PRIMARY KEY, title TEXT NOT NULL, doctype TEXT NOT NULL, template TEXT NOT NULL,
    agency TEXT NOT NULL, region TEXT NOT NULL, department TEXT NOT NULL, level TEXT NOT NULL,
    year INTEGER, published_on TEXT NOT NULL, document_number TEXT NOT NULL, source_url TEXT NOT NULL,
    same_as TEXT NOT NULL, provenance TEXT NOT NULL, text_hash TEXT NOT NULL, content_hash TEXT NOT NULL,
    state_hash TEXT NOT NULL, copy_group TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX report_content ON report (content_hash);
CREATE TABLE section (
    report_id TEXT NOT NULL REFERENCES report ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    section_id TEXT NOT NULL UNIQUE, level INTEGER NOT NULL, form TEXT NOT NULL, kind TEXT NOT NULL,
    heading TEXT NOT NULL, heading_path TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL,
    PRIMARY KEY (report_id, ordinal)
) STRICT, WITHOUT ROWID;
"""
# member: "" for a file, else the item of a container; the row of a container itself has no report and no reason.
_SOURCE: Final = """
CREATE TABLE source (
    source TEXT PRIMARY KEY, path TEXT NOT NULL, member TEXT NOT NULL, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, parser INTEGER NOT NULL, columns TEXT NOT NULL,
    report_id TEXT REFERENCES report, reason_zh TEXT NOT NULL, reason_en TEXT NOT NULL, doubts TEXT NOT NULL,
    kept INTEGER NOT NULL, raw_size INTEGER NOT NULL, url TEXT NOT NULL, fetched_at TEXT NOT NULL,
    gone_at TEXT NOT NULL, loaded_at TEXT NOT NULL, UNIQUE (path, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_report ON source (report_id);
CREATE INDEX source_url ON source (url) WHERE url <> '';
"""
# Apart from what was parsed, and without a reference to the report: a correction outlives parsing and removal.
_CORRECTION: Final = """
CREATE TABLE correction (
    correction_id INTEGER PRIMARY KEY AUTOINCREMENT, report_id TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    by_whom TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL, undone_at TEXT NOT NULL DEFAULT '',
    undone_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX correction_report ON correction (report_id);
"""
# copy_group: hash of agency, year and type, corrections included. Those that changed wait here to be linked anew.
_COPIES: Final = """
CREATE INDEX report_group ON report (copy_group) WHERE copy_group <> '';
CREATE TABLE unlinked_group (copy_group TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""
_FROM_2: Final = f"""
ALTER TABLE source RENAME TO source_2;
DROP INDEX source_report;
{_SOURCE};
INSERT INTO source
    SELECT source, path, '', size, mtime_ns, sha256, 0, '', report_id, reason_zh, reason_en, '', 0, 0, '', '', '',
        loaded_at
    FROM source_2;
DROP TABLE source_2;
{_CORRECTION};
ALTER TABLE report ADD COLUMN copy_group TEXT NOT NULL DEFAULT '';
{_COPIES}
"""  # noqa: S608 - literals of this module
# Which reports changed, in the order in which they did, whoever changed them. A number with its token names a state of
# the library: a copy that went its own way has other tokens. The first row names the state before any change.
_CHANGES: Final = """
CREATE TABLE change (
    number INTEGER PRIMARY KEY AUTOINCREMENT, report_id TEXT NOT NULL, token INTEGER NOT NULL DEFAULT (random())
) STRICT;
INSERT INTO change (report_id) VALUES ('');
CREATE TRIGGER report_added AFTER INSERT ON report BEGIN
    INSERT INTO change (report_id) VALUES (NEW.report_id);
END;
CREATE TRIGGER report_changed AFTER UPDATE ON report
WHEN (OLD.state_hash, OLD.text_hash, OLD.same_as) IS NOT (NEW.state_hash, NEW.text_hash, NEW.same_as) BEGIN
    INSERT INTO change (report_id) VALUES (NEW.report_id);
END;
CREATE TRIGGER report_removed AFTER DELETE ON report BEGIN
    INSERT INTO change (report_id) VALUES (OLD.report_id);
END;
CREATE TRIGGER source_added AFTER INSERT ON source WHEN NEW.report_id IS NOT NULL BEGIN
    INSERT INTO change (report_id) VALUES (NEW.report_id);
END;
CREATE TRIGGER source_changed AFTER UPDATE ON source
WHEN (OLD.report_id, OLD.source) IS NOT (NEW.report_id, NEW.source) BEGIN
    INSERT INTO change (report_id) SELECT OLD.report_id WHERE OLD.report_id IS NOT NULL;
    INSERT INTO change (report_id) SELECT NEW.report_id WHERE NEW.report_id IS NOT NULL;
END;
CREATE TRIGGER source_removed AFTER DELETE ON source WHEN OLD.report_id IS NOT NULL BEGIN
    INSERT INTO change (report_id) VALUES (OLD.report_id);
END;
CREATE INDEX report_link ON report (report_id, same_as) WHERE same_as <> '';
"""
#: Version -> the statements that make the next one of it; 0 is an empty file.
_STEPS: Final = {0: (3, _REPORT + _SOURCE + _CORRECTION + _COPIES), 2: (3, _FROM_2), 3: (4, _CHANGES)}


def migrate(db: sqlite3.Connection) -> int:
    """Bring the tables to this version as far as is known how; return the version they have then.

    Call inside a transaction. Reports of version 2 stay; the next load reads their files again.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    while version in _STEPS:
        version, statements = _STEPS[version]
        for statement in _each(statements):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")
    return version


def _each(script: str) -> Iterator[str]:
    """Yield the statements of a script; a trigger has some of its own."""
    begun = ""
    for piece in script.split(";"):
        begun += f"{piece};"
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""
