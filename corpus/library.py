"""The library: one SQLite file that is the source of truth. Transactions, WAL; an index can be made anew from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.corrections import CorrectionRecord, corrected
from corpus.errors import LibraryError
from corpus.model import Correction, Report, digest64, digest_mapping
from corpus.rows import ReportRows, StoredReport, completing, report_from_rows, report_rows, section_row
from corpus.schema import REPORT_COLUMNS, SCHEMA_VERSION, migrate
from corpus.sources import SOURCE_FIELDS, Source, SourceTable

__all__ = ["Library", "Source"]

_UPSERT = (
    f"INSERT INTO report ({REPORT_COLUMNS}) VALUES ({', '.join('?' * len(REPORT_COLUMNS.split()))}) "  # noqa: S608
    "ON CONFLICT (report_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in REPORT_COLUMNS.split(", ")[1:])
)

#: A load lists two changes or so for each report.
_CHANGES_KEPT = 500_000
#: What is counted where it isn't known -> the field.
_UNKNOWN = {
    "without_year": "year",
    "without_agency": "agency",
    "without_region": "region",
    "without_department": "department",
    "without_level": "level",
    "without_date": "published_on",
    "without_number": "document_number",
}


class Library(SourceTable):
    """The library in one file; create it by opening it. Use as a context manager; one per thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            super().__init__(sqlite3.connect(path, timeout=30, isolation_level=None))
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

    def put(self, source: Source, rows: ReportRows) -> str:
        """Store a source with its report, replacing what that source held; return the report's identity.

        The same text under another source is one report with several sources. Call inside a transaction.
        """
        shared = self.same_content(rows, source.source)
        if not shared:
            self._write_report(rows)
        elif completed := self._completed(shared, rows):
            self._write_report(completed)
        report_id = shared or rows.report_id
        self._write_source(source, report_id)
        return report_id

    def _completed(self, report_id: str, rows: ReportRows) -> ReportRows | None:
        """Return a stored report with what another source of its text says beside it; None if that is nothing new."""
        stored = self.rows(report_id)
        if stored is None:
            return None
        report, other = report_from_rows(stored), report_from_rows(rows)
        added = completing(report, other)
        return report_rows(added) if added is not report else None

    def put_failure(self, source: Source) -> None:
        """Record that a source can't be read, and why. Its report stays only if the source still names it."""
        self._write_source(source, source.report_id or None)

    def same_content(self, rows: ReportRows, source: str) -> str:
        """Return the identity under which another source already holds this text, or ""."""
        found = self._db.execute(
            "SELECT report_id FROM report JOIN source USING (report_id) WHERE content_hash = ? AND source <> ? "
            "ORDER BY report_id LIMIT 1",
            (rows.content_hash, source),
        ).fetchone()
        return str(found[0]) if found else ""

    def move(self, report_id: str, rows: ReportRows) -> None:
        """Give a stored report, with all its sources, another identity (that of ``rows``)."""
        self._write_report(rows)
        self._db.execute("UPDATE source SET report_id = ? WHERE report_id = ?", (rows.report_id, report_id))
        self._db.execute("UPDATE correction SET report_id = ? WHERE report_id = ?", (rows.report_id, report_id))
        self._rehash(rows.report_id)
        self._db.execute("DELETE FROM report WHERE report_id = ?", (report_id,))

    def remove(self, source: str) -> None:
        """Forget a source, its members too, and the reports that lose their last source."""
        held = self.source_named(source)
        members = self.members(held.path) if held and not held.member else []
        for gone in (*members, *([held] if held else [])):
            self._db.execute("DELETE FROM source WHERE source = ?", (gone.source,))
            if gone.report_id:
                self._drop_orphan(gone.report_id)
            if gone.url and gone.report_id:
                # An older copy of the page may lie in another file: it is read again the next time.
                self._db.execute(
                    "UPDATE source SET size = 0, mtime_ns = 0, sha256 = '' WHERE member = '' AND path IN "
                    "(SELECT path FROM source WHERE url = ? AND report_id IS NULL AND fetched_at <> '')",
                    (gone.url,),
                )

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Keep other loads out: two that read the same files would take each other's members for gone.

        The lock is an SQLite transaction on a file of its own, so it goes with the process, however it ends.
        """
        lock = sqlite3.connect(self.path.with_name(f"{self.path.name}-loading"), timeout=0, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            raise LibraryError(
                zh="资料库正被另一个导入占用；请等它结束后再试",
                en="another load is writing the library; try again when it has finished",
            ) from error
        try:
            yield
        finally:
            lock.close()

    def report_at(self, url: str) -> str:
        """Return the identity of the report of an address; "" if there is none, or several."""
        rows = self._db.execute("SELECT report_id FROM report WHERE source_url = ? LIMIT 2", (url,)).fetchall()
        return str(rows[0][0]) if url and len(rows) == 1 else ""

    def supersede(self, source: Source) -> None:
        """Keep a source's record without a report, since a newer copy of the page is here."""
        self._write_source(replace(source, report_id="", reason_zh="", reason_en=""), None)

    def corrections(self, report_id: str) -> list[Correction]:
        """Return the corrections in force of a report, the latest for each field, by field."""
        rows = self._db.execute(
            "SELECT correction_id, field, value, by_whom, at, why FROM correction "
            "WHERE report_id = ? AND undone_at = '' ORDER BY correction_id",
            (report_id,),
        )
        latest = {row["field"]: row for row in rows}
        return [
            Correction(r["correction_id"], r["field"], r["value"], "", r["by_whom"], r["at"], r["why"])
            for _, r in sorted(latest.items())
        ]

    def correction_history(self, report_id: str) -> list[CorrectionRecord]:
        """Return every correction ever made of a report, the newest first, those undone too."""
        latest = {correction.correction_id for correction in self.corrections(report_id)}
        rows = self._db.execute(
            "SELECT correction_id, field, value, by_whom, at, why, undone_at, undone_by FROM correction "
            "WHERE report_id = ? ORDER BY correction_id DESC",
            (report_id,),
        )
        return [
            CorrectionRecord(
                Correction(r["correction_id"], r["field"], r["value"], "", r["by_whom"], r["at"], r["why"]),
                r["correction_id"] in latest,
                r["undone_by"],
                r["undone_at"],
            )
            for r in rows
        ]

    def corrected_reports(self) -> list[str]:
        """Return the identities of all reports that corrections are kept for, whether they are here or not."""
        query = "SELECT DISTINCT report_id FROM correction WHERE undone_at = '' ORDER BY report_id"
        return [str(row[0]) for row in self._db.execute(query)]

    def correct(self, report_id: str, field: str, value: str, *, by: str, at: str, why: str) -> int:
        """Keep a correction beside what was parsed; return its number. Call inside a transaction."""
        number = self._db.execute(
            "INSERT INTO correction (report_id, field, value, by_whom, at, why) VALUES (?, ?, ?, ?, ?, ?)",
            (report_id, field, value, by, at, why),
        ).lastrowid
        self._rehash(report_id)
        return int(number or 0)

    def undo(self, correction_id: int, *, by: str, at: str) -> str:
        """Undo a correction, so that an earlier one or the parsed value counts; return its report's identity.

        Returns "" if there is none of this number in force. Call inside a transaction.
        """
        row = self._db.execute(
            "SELECT report_id FROM correction WHERE correction_id = ? AND undone_at = ''", (correction_id,)
        ).fetchone()
        if row is None:
            return ""
        self._db.execute(
            "UPDATE correction SET undone_at = ?, undone_by = ? WHERE correction_id = ?", (at, by, correction_id)
        )
        self._rehash(row[0])
        return str(row[0])

    def unlinked_groups(self) -> Iterator[list[str]]:
        """Yield the reports of each group in which copies are to be looked for, then take the groups off the list.

        Groups of one report that is linked to none are left out. Call inside a transaction.
        """
        # The index is partial: without "<> ''" every group would be looked for in the whole table.
        groups = self._db.execute(
            "SELECT copy_group FROM unlinked_group CROSS JOIN report USING (copy_group) "
            "WHERE report.copy_group <> '' GROUP BY copy_group "
            "HAVING count(*) > 1 OR max(same_as) <> '' OR max(provenance LIKE '%\"same_as\"%') ORDER BY copy_group"
        ).fetchall()
        query = "SELECT report_id FROM report WHERE copy_group = ? AND copy_group <> '' ORDER BY report_id"
        for (group,) in groups:
            yield [str(row[0]) for row in self._db.execute(query, (group,))]
        self._db.execute("DELETE FROM unlinked_group")

    def state(self, report_id: str) -> str:
        """Return the hash of everything that is stored of a report; "" if it isn't here."""
        row = self._db.execute("SELECT state_hash FROM report WHERE report_id = ?", (report_id,)).fetchone()
        return str(row[0]) if row else ""

    def link(self, report_id: str, same_as: str, how: str) -> None:
        """Say that another report counts in place of this one ("": none does); ``how`` is copy or version."""
        row = self._db.execute("SELECT same_as, provenance FROM report WHERE report_id = ?", (report_id,)).fetchone()
        provenance = json.loads(row["provenance"])
        wanted = {**provenance, "same_as": how} if same_as else {k: v for k, v in provenance.items() if k != "same_as"}
        if (row["same_as"], provenance) == (same_as, wanted):
            return
        self._db.execute(
            "UPDATE report SET same_as = ?, provenance = ? WHERE report_id = ?",
            (same_as, json.dumps(wanted, ensure_ascii=False, sort_keys=True), report_id),
        )
        self._rehash(report_id)

    def has_report(self, report_id: str) -> bool:
        """Whether a report of this identity is here."""
        found = self._db.execute("SELECT 1 FROM report WHERE report_id = ?", (report_id,)).fetchone()
        return found is not None

    def reports(self, report_ids: Sequence[str] | None = None) -> Iterator[Report]:
        """Yield reports by identity: all of them, or those asked for."""
        wanted = report_ids if report_ids is not None else sorted(self.text_hashes())
        for report_id in wanted:
            rows = self.rows(report_id)
            if rows is not None:
                names = tuple(source.source for source in self.holders(report_id))
                yield corrected(report_from_rows(rows, names), self.corrections(report_id))

    def header(self, report_id: str) -> Report | None:
        """Return a report without its sections and sources; None if it isn't here."""
        query = f"SELECT {REPORT_COLUMNS} FROM report WHERE report_id = ?"  # noqa: S608 - fixed columns
        row = self._db.execute(query, (report_id,)).fetchone()
        if row is None:
            return None
        return corrected(report_from_rows(ReportRows(tuple(row), ())), self.corrections(report_id))

    def headers(self) -> Iterator[Report]:
        """Yield all reports by identity, without their sections and sources."""
        put_right = set(self.corrected_reports())
        for row in self._db.execute(f"SELECT {REPORT_COLUMNS} FROM report ORDER BY report_id"):  # noqa: S608 - fixed
            report = report_from_rows(ReportRows(tuple(row), ()))
            yield corrected(report, self.corrections(report.report_id)) if report.report_id in put_right else report

    def stored(self, report_ids: Sequence[str]) -> Iterator[StoredReport]:
        """Yield those of some reports that are here, with their sections as rows and the hashes of the whole."""
        for report_id in report_ids:
            rows = self.rows(report_id)
            if rows is None:
                continue
            held = "SELECT source FROM source WHERE report_id = ? ORDER BY source"
            names = tuple(str(row[0]) for row in self._db.execute(held, (report_id,)))
            corrections = self.corrections(report_id)
            if corrections:
                report = corrected(report_from_rows(rows, names), corrections)
                sections = tuple(map(section_row, report.sections))
                report = replace(report, sections=())
            else:
                report, sections = report_from_rows(replace(rows, sections=()), names), rows.sections
            yield StoredReport(report, sections, reduce(digest64, names, rows.state_hash), rows.text_hash)

    def text_hashes(self, report_ids: Collection[str] | None = None) -> dict[str, str]:
        """Return report_id -> hash of all that can be searched or shown of it; of all reports, or of some."""
        if report_ids is None:
            return dict(self._db.execute("SELECT report_id, text_hash FROM report"))
        return dict(self._of_each("SELECT report_id, text_hash FROM report WHERE report_id = ?", report_ids))

    def states(self, report_ids: Collection[str] | None = None) -> dict[str, str]:
        """Return report_id -> hash of everything that is stored of it, its sources included; of all, or of some."""
        if report_ids is None:
            found: dict[str, str] = dict(self._db.execute("SELECT report_id, state_hash FROM report"))
            held = "SELECT report_id, source FROM source WHERE report_id IS NOT NULL ORDER BY source"
            sources: Iterable[tuple[str, str]] = self._db.execute(held)
        else:
            found = dict(self._of_each("SELECT report_id, state_hash FROM report WHERE report_id = ?", report_ids))
            held = "SELECT report_id, source FROM source WHERE report_id = ? ORDER BY source"
            sources = self._of_each(held, found)
        for report_id, source in sources:
            found[report_id] = digest64(found[report_id], source)
        return found

    def links(self) -> dict[str, str]:
        """Return report_id -> the report that counts in its place, of those of which both are here."""
        found: dict[str, str] = dict(self._db.execute("SELECT report_id, same_as FROM report WHERE same_as <> ''"))
        corrected_links = (
            "SELECT report_id, value FROM correction WHERE field = 'same_as' AND undone_at = '' ORDER BY correction_id"
        )
        found |= dict(self._db.execute(corrected_links))
        return {r: other for r, other in found.items() if other and self.has_report(r) and self.has_report(other)}

    def mark(self) -> str:
        """Return what names the state that the library is in, for ``changed_since``."""
        number, token = self._db.execute("SELECT number, token FROM change ORDER BY number DESC LIMIT 1").fetchone()
        return f"{number}:{token}"

    def changed_since(self, mark: str) -> set[str] | None:
        """Return the reports that were added, changed or removed since a mark; None where this isn't known."""
        number, _, token = mark.partition(":")
        row = self._db.execute("SELECT token FROM change WHERE number = ?", (number,)).fetchone()
        if row is None or str(row[0]) != token:
            return None
        return {str(row[0]) for row in self._db.execute("SELECT report_id FROM change WHERE number > ?", (number,))}

    def forget_changes(self) -> None:
        """Keep the latest changes alone; an older index is compared with all reports. Call inside a transaction."""
        self._db.execute("DELETE FROM change WHERE number <= (SELECT max(number) FROM change) - ?", (_CHANGES_KEPT,))

    def _of_each(self, query: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
        for value in values:
            yield from self._db.execute(query, (value,))

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
            "sources": "SELECT count(*) FROM source WHERE report_id IS NOT NULL OR reason_zh <> ''",
            "copies": "SELECT count(*) FROM report WHERE same_as <> '' AND report_id NOT IN "
            "(SELECT report_id FROM correction WHERE undone_at = '')",
            "corrections": "SELECT count(*) FROM correction WHERE undone_at = ''",
            **{name: _without(field) for name, field in _UNKNOWN.items()},
        }
        counted = {name: int(self._db.execute(query).fetchone()[0]) for name, query in queries.items()}
        put_right = list(self.reports(self.corrected_reports()))
        counted["copies"] += sum(bool(report.same_as) for report in put_right)
        for name, field in _UNKNOWN.items():
            counted[name] += sum(getattr(report, field) in ("", None) for report in put_right)
        return counted

    def _prepare(self) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            with self.transaction():
                version = migrate(self._db)
        if version != SCHEMA_VERSION:
            raise LibraryError(
                zh=f"资料库 {self.path} 由另一版本的程序写成（格式 {version}）；请使用相应版本，或换一个 --home 重新导入",
                en=f"the library {self.path} was written by another version (format {version}); "
                "use that version, or load again with another --home",
            )

    def _rehash(self, report_id: str) -> None:
        """Renew what is derived from a report's effective values."""
        rows = self.rows(report_id)
        if rows is not None:
            made = report_rows(report_from_rows(rows), self.corrections(report_id))
            if made.copy_group != rows.copy_group:
                self._unlink(rows.copy_group, made.copy_group)
            self._db.execute(_UPSERT, made.row)

    def _unlink(self, *groups: str) -> None:
        """Have the copies looked for anew in groups that a report was in or is in now."""
        for name in {*groups} - {""}:
            self._db.execute("INSERT OR IGNORE INTO unlinked_group VALUES (?)", (name,))

    def _drop_orphan(self, report_id: str) -> None:
        if self._db.execute("SELECT 1 FROM source WHERE report_id = ?", (report_id,)).fetchone() is None:
            self._unlink(self._group(report_id))
            self._db.execute("DELETE FROM report WHERE report_id = ?", (report_id,))

    def _write_source(self, source: Source, report_id: str | None) -> None:
        """Write a source's row in place of those of its name or place, and drop reports that lose their last one."""
        where = "WHERE source = ? OR (path = ? AND member = ?)"
        place = (source.source, source.path, source.member)
        replaced = self._db.execute(f"SELECT report_id FROM source {where}", place).fetchall()  # noqa: S608 - a literal
        if replaced:
            self._db.execute(f"DELETE FROM source {where}", place)  # noqa: S608 - a literal
        values: dict[str, object] = {name: getattr(source, name) for name in SOURCE_FIELDS}
        values |= {"report_id": report_id, "doubts": " ".join(source.doubts)}
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO source VALUES ({marks})", tuple(values.values()))  # noqa: S608 - marks only
        for (old,) in replaced:
            if old and old != report_id:
                self._drop_orphan(old)

    def _write_report(self, rows: ReportRows) -> None:
        corrections = self.corrections(rows.report_id)
        written = report_rows(report_from_rows(rows), corrections) if corrections else rows
        known = self.has_report(rows.report_id)
        self._unlink(self._group(rows.report_id) if known else "", written.copy_group)
        # An upsert keeps the row, so that the sources that point to it stay valid.
        self._db.execute(_UPSERT, written.row)
        if known:
            self._db.execute("DELETE FROM section WHERE report_id = ?", (rows.report_id,))
        self._db.executemany(
            "INSERT INTO section (report_id, ordinal, section_id, level, form, kind, heading, heading_path, text, "
            "blocks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(rows.report_id, *section) for section in rows.sections],
        )

    def _group(self, report_id: str) -> str:
        row = self._db.execute("SELECT copy_group FROM report WHERE report_id = ?", (report_id,)).fetchone()
        return str(row[0]) if row else ""

    def rows(self, report_id: str) -> ReportRows | None:
        """Return what is stored of a report, as it was parsed; None if it isn't here."""
        row = self._db.execute(
            f"SELECT {REPORT_COLUMNS} FROM report WHERE report_id = ?",  # noqa: S608 - fixed columns
            (report_id,),
        ).fetchone()
        sections = self._db.execute(
            "SELECT ordinal, section_id, level, form, kind, heading, heading_path, text, blocks "
            "FROM section WHERE report_id = ? ORDER BY ordinal",
            (report_id,),
        )
        return ReportRows(tuple(row), tuple(map(tuple, sections))) if row else None


def _without(field: str) -> str:
    """Return the query that counts the reports without corrections of which a field isn't known."""
    return (
        f"SELECT count(*) FROM report WHERE coalesce({field}, '') = '' AND report_id NOT IN "  # noqa: S608 - fixed names
        "(SELECT report_id FROM correction WHERE undone_at = '')"
    )
