"""The library: one SQLite file that is the source of truth. Transactions, WAL; an index can be made anew from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from corpus.errors import LibraryError
from corpus.model import Report, digest64, digest_mapping
from corpus.rows import section_from_row, section_row

SCHEMA_VERSION: Final = 2
_REPORT_COLUMNS: Final = (
    "report_id, title, doctype, template, agency, region, department, level, year, published_on, "
    "document_number, source_url, same_as, provenance, text_hash, content_hash, state_hash"
)
_SOURCE_COLUMNS: Final = (
    "source, path, size, mtime_ns, sha256, parser, coalesce(report_id, ''), reason_zh, reason_en, loaded_at"
)
_SCHEMA: Final = """
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


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was loaded, or failed to be: then ``report_id`` is "" and the reasons say why.

    ``source`` is its canonical name (load root's name + path below it), ``path`` where it lay.
    """

    source: str
    path: str
    size: int
    mtime_ns: int
    sha256: str
    parser: int
    report_id: str
    reason_zh: str
    reason_en: str
    loaded_at: str


class Library:
    """The library in one file; create it by opening it. Use as a context manager; one per thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._db.row_factory = sqlite3.Row
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise LibraryError(
                zh=f"无法打开资料库 {path}：{error}；请检查路径、权限和磁盘空间",
                en=f"can't open the library {path}: {error}; check the path, its permissions and the disk space",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside, or nothing; one writer at a time."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise LibraryError(
                zh="资料库正被另一个导入占用；请等它结束后再试",
                en="another load is writing the library; try again when it has finished",
            ) from error
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def put(self, source: Source, report: Report) -> str:
        """Store a source with its report, replacing what that source held; return the report's identity.

        The same text under another source is one report with several sources. Call inside a transaction.
        """
        shared = self.same_content(report, source.source)
        if not shared:
            self._write_report(report, _content_hash(report))
        report_id = shared or report.report_id
        self._write_source(source, report_id)
        return report_id

    def put_failure(self, source: Source) -> None:
        """Record that a source can't be read, and why. Its report stays only if the source still names it."""
        self._write_source(source, source.report_id or None)

    def same_content(self, report: Report, source: str) -> str:
        """Return the identity under which another source already holds this text, or ""."""
        rows = self._db.execute(
            "SELECT report_id FROM report WHERE content_hash = ? ORDER BY report_id", (_content_hash(report),)
        )
        return next((row[0] for row in rows.fetchall() if self._has_other_source(row[0], source)), "")

    def move(self, report_id: str, report: Report) -> None:
        """Give a stored report, with all its sources, another identity (that of ``report``)."""
        self._write_report(report, _content_hash(report))
        self._db.execute("UPDATE source SET report_id = ? WHERE report_id = ?", (report.report_id, report_id))
        self._db.execute("DELETE FROM report WHERE report_id = ?", (report_id,))

    def touch(self, source: Source) -> None:
        """Record a source's new time and size where its text didn't change."""
        self._db.execute(
            "UPDATE source SET size = ?, mtime_ns = ?, sha256 = ? WHERE source = ?",
            (source.size, source.mtime_ns, source.sha256, source.source),
        )

    def remove(self, source: str) -> None:
        """Forget a source, and its report if it was the only one."""
        row = self._db.execute("SELECT report_id FROM source WHERE source = ?", (source,)).fetchone()
        self._db.execute("DELETE FROM source WHERE source = ?", (source,))
        if row and row[0]:
            self._drop_orphan(row[0])

    def source_at(self, path: str) -> Source | None:
        """Return the source loaded from a path."""
        return next(self._sources("WHERE path = ?", (path,)), None)

    def source_named(self, source: str) -> Source | None:
        """Return the source of a canonical name."""
        return next(self._sources("WHERE source = ?", (source,)), None)

    def sources(self) -> Iterator[Source]:
        """Yield all sources, by name."""
        return self._sources("ORDER BY source", ())

    def failures(self) -> list[Source]:
        """Return the sources that couldn't be read the last time, with their reasons."""
        return list(self._sources("WHERE reason_zh <> '' ORDER BY source", ()))

    def missing(self) -> list[Source]:
        """Return the sources whose file is no longer there."""
        return [source for source in self.sources() if not Path(source.path).exists()]

    def has_report(self, report_id: str) -> bool:
        """Whether a report of this identity is here."""
        found = self._db.execute("SELECT 1 FROM report WHERE report_id = ?", (report_id,)).fetchone()
        return found is not None

    def holders(self, report_id: str) -> list[Source]:
        """Return the sources of a report."""
        return list(self._sources("WHERE report_id = ? ORDER BY source", (report_id,)))

    def reports(self, report_ids: Sequence[str] | None = None) -> Iterator[Report]:
        """Yield reports by identity: all of them, or those asked for."""
        wanted = report_ids if report_ids is not None else sorted(self.text_hashes())
        for report_id in wanted:
            row = self._db.execute(
                f"SELECT {_REPORT_COLUMNS} FROM report WHERE report_id = ?",  # noqa: S608 - fixed columns
                (report_id,),
            ).fetchone()
            if row is not None:
                yield self._report(row)

    def text_hashes(self) -> dict[str, str]:
        """Return report_id -> hash of all that can be searched or shown of it."""
        return dict(self._db.execute("SELECT report_id, text_hash FROM report"))

    def states(self) -> dict[str, str]:
        """Return report_id -> hash of everything that is stored of it, its sources included."""
        found = dict(self._db.execute("SELECT report_id, state_hash FROM report"))
        for source in self.sources():
            if source.report_id:
                found[source.report_id] = digest64(found[source.report_id], source.source)
        return found

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one state of the library throughout, whatever other processes write meanwhile."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    def corpus_id(self) -> str:
        """Return the identity of what the library holds: equal libraries, equal counts."""
        return digest_mapping(self.text_hashes())

    def counts(self) -> dict[str, int]:
        """Return how many reports, sections and sources there are, and how many values aren't known."""
        queries = {
            "reports": "SELECT count(*) FROM report",
            "sections": "SELECT count(*) FROM section",
            "characters": "SELECT coalesce(sum(length(text)), 0) FROM section",
            "sources": "SELECT count(*) FROM source",
            "without_year": "SELECT count(*) FROM report WHERE year IS NULL",
            "without_agency": "SELECT count(*) FROM report WHERE agency = ''",
            "without_region": "SELECT count(*) FROM report WHERE region = ''",
            "without_date": "SELECT count(*) FROM report WHERE published_on = ''",
        }
        return {name: int(self._db.execute(query).fetchone()[0]) for name, query in queries.items()}

    def _prepare(self) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            with self.transaction():
                # Another process may have been first.
                if self._db.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _SCHEMA.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        elif version != SCHEMA_VERSION:
            raise LibraryError(
                zh=f"资料库 {self.path} 由另一版本的程序写成（格式 {version}）；请使用相应版本，或换一个 --home 重新导入",
                en=f"the library {self.path} was written by another version (format {version}); "
                "use that version, or load again with another --home",
            )

    def _sources(self, clause: str, values: tuple[str, ...]) -> Iterator[Source]:
        query = f"SELECT {_SOURCE_COLUMNS} FROM source {clause}"  # noqa: S608 - clauses are literals of this module
        with closing(self._db.execute(query, values)) as rows:
            for row in rows.fetchall():
                yield Source(*row)

    def _has_other_source(self, report_id: str, source: str) -> bool:
        return any(held.source != source for held in self.holders(report_id))

    def _drop_orphan(self, report_id: str) -> None:
        if not self.holders(report_id):
            self._db.execute("DELETE FROM report WHERE report_id = ?", (report_id,))

    def _write_source(self, source: Source, report_id: str | None) -> None:
        """Write a source's row in place of those of its name or path, and drop reports that lose their last one."""
        replaced = list(self._sources("WHERE source = ? OR path = ?", (source.source, source.path)))
        self._db.execute("DELETE FROM source WHERE source = ? OR path = ?", (source.source, source.path))
        self._db.execute(
            "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source.source,
                source.path,
                source.size,
                source.mtime_ns,
                source.sha256,
                source.parser,
                report_id,
                source.reason_zh,
                source.reason_en,
                source.loaded_at,
            ),
        )
        for old in replaced:
            if old.report_id and old.report_id != report_id:
                self._drop_orphan(old.report_id)

    def _write_report(self, report: Report, content_hash: str) -> None:
        values = (
            report.report_id,
            report.title,
            report.doctype,
            report.template,
            report.agency,
            report.region,
            report.department,
            report.level,
            report.year,
            report.published_on,
            report.document_number,
            report.source_url,
            report.same_as,
            json.dumps(dict(report.provenance), ensure_ascii=False, sort_keys=True),
            report.text_hash,
            content_hash,
            digest64(repr(replace(report, sources=()))),
        )
        marks = ", ".join("?" * len(values))
        updates = ", ".join(f"{c} = excluded.{c}" for c in _REPORT_COLUMNS.split(", ")[1:])
        # An upsert keeps the row, so that the sources that point to it stay valid.
        self._db.execute(
            f"INSERT INTO report ({_REPORT_COLUMNS}) VALUES ({marks}) "  # noqa: S608 - fixed columns
            f"ON CONFLICT (report_id) DO UPDATE SET {updates}",
            values,
        )
        self._db.execute("DELETE FROM section WHERE report_id = ?", (report.report_id,))
        self._db.executemany(
            "INSERT INTO section (report_id, ordinal, section_id, level, form, kind, heading, heading_path, text, "
            "blocks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(report.report_id, *section_row(section)) for section in report.sections],
        )

    def _report(self, row: sqlite3.Row) -> Report:
        sections = self._db.execute(
            "SELECT ordinal, section_id, level, form, kind, heading, heading_path, text, blocks "
            "FROM section WHERE report_id = ? ORDER BY ordinal",
            (row["report_id"],),
        ).fetchall()
        return Report(
            report_id=row["report_id"],
            title=row["title"],
            doctype=row["doctype"],
            template=row["template"],
            agency=row["agency"],
            region=row["region"],
            department=row["department"],
            level=row["level"],
            year=row["year"],
            published_on=row["published_on"],
            document_number=row["document_number"],
            source_url=row["source_url"],
            sections=tuple(section_from_row(values) for values in sections),
            same_as=row["same_as"],
            provenance=json.loads(row["provenance"]),
            sources=tuple(source.source for source in self.holders(row["report_id"])),
        )


def _content_hash(report: Report) -> str:
    """Return what two copies of one report share, wherever they lie."""
    return digest64(report.title, report.text)
