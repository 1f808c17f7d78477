"""The library: one SQLite file that is the source of truth. Transactions, WAL; an index can be made anew from it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.agencies import bare_name
from corpus.corrections import corrected
from corpus.errors import LibraryError
from corpus.folding import fold
from corpus.model import Correction, Report, digest64, digest_mapping
from corpus.rows import section_from_row, section_row
from corpus.schema import REPORT_COLUMNS, SCHEMA_VERSION, SOURCE_COLUMNS, migrate

#: The columns of a source in the order of SOURCE_COLUMNS.
_SOURCE_FIELDS = (
    "source path member size mtime_ns sha256 parser columns report_id reason_zh reason_en doubts kept raw_size url "
    "fetched_at gone_at loaded_at"
).split()


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


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a member of one, that was loaded or failed to be: then ``report_id`` is "" and the reasons say why.

    ``source`` is its canonical name (load root's name + path below it, + ``!member``), ``path`` the file it lay
    in. ``columns`` is the mapping a table was read with. ``kept`` and ``raw_size`` count the characters of the
    report and of the whole page (0: not known), ``doubts`` are codes of corpus/doubts.py. ``url`` and
    ``fetched_at`` are set for fetched pages, ``gone_at`` once the site answered that the page is no more. A
    container's own row has neither report nor reason, like that of a page of which there is a newer copy.
    """

    source: str
    path: str
    member: str = ""
    size: int = 0
    mtime_ns: int = 0
    sha256: str = ""
    parser: int = 0
    columns: str = ""
    report_id: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    doubts: tuple[str, ...] = ()
    kept: int = 0
    raw_size: int = 0
    url: str = ""
    fetched_at: str = ""
    gone_at: str = ""
    loaded_at: str = ""


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
        self._db.execute("UPDATE correction SET report_id = ? WHERE report_id = ?", (report.report_id, report_id))
        self._rehash(report.report_id)
        self._db.execute("DELETE FROM report WHERE report_id = ?", (report_id,))

    def touch(self, source: Source) -> None:
        """Record a source's new time and size where its text didn't change."""
        self._db.execute(
            "UPDATE source SET size = ?, mtime_ns = ?, sha256 = ?, parser = ?, columns = ? WHERE source = ?",
            (source.size, source.mtime_ns, source.sha256, source.parser, source.columns, source.source),
        )

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

    def source_at(self, path: str, member: str = "") -> Source | None:
        """Return the source loaded from a path, or from a member of the container there."""
        return next(self._sources("WHERE path = ? AND member = ?", (path, member)), None)

    def captures(self, url: str) -> list[Source]:
        """Return the fetched copies of a page, superseded ones too."""
        return list(self._sources("WHERE url = ? AND url <> '' AND fetched_at <> ''", (url,)))

    def rehome(self, path: str, to: str) -> None:
        """Record that a container with its members lies elsewhere now."""
        self._db.execute("UPDATE source SET path = ? WHERE path = ?", (to, path))

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

    def report_of_file(self, name: str) -> str:
        """Return the identity of the report of the only file of this name; "" if there is none, or several."""
        found = {
            source.report_id
            for source in self._sources("WHERE report_id IS NOT NULL AND source LIKE ? LIMIT 500", (f"%{name}",))
            if source.source.replace("!", "/").endswith(f"/{name}")
        }
        return found.pop() if name and len(found) == 1 else ""

    def report_at(self, url: str) -> str:
        """Return the identity of the report of an address; "" if there is none, or several."""
        rows = self._db.execute("SELECT report_id FROM report WHERE source_url = ? LIMIT 2", (url,)).fetchall()
        return str(rows[0][0]) if url and len(rows) == 1 else ""

    def members(self, path: str, *, not_since: str = "") -> list[Source]:
        """Return the members of the container at a path, or those that weren't loaded since a time."""
        until = not_since or "\uffff"
        return list(self._sources("WHERE path = ? AND member <> '' AND loaded_at < ? ORDER BY source", (path, until)))

    def doubtful(self) -> list[Source]:
        """Return the sources that were read, but that a person should look at."""
        return list(self._sources("WHERE doubts <> '' AND report_id IS NOT NULL ORDER BY source", ()))

    def supersede(self, source: Source) -> None:
        """Keep a source's record without a report, since a newer copy of the page is here."""
        self._write_source(replace(source, report_id="", reason_zh="", reason_en=""), None)

    def mark_gone(self, gone: Mapping[str, str], folder: str) -> None:
        """Record which fetched pages of a site (its files lie in ``folder``) are no more, and since when.

        A page that is back loses its mark; nothing is deleted.
        """
        inside = str(Path(folder)) + os.sep
        below = "substr(path, 1, length(?)) = ?"
        self._db.execute(f"UPDATE source SET gone_at = '' WHERE gone_at <> '' AND {below}", (inside, inside))  # noqa: S608
        for url, when in gone.items():
            self._db.execute(
                f"UPDATE source SET gone_at = ? WHERE url = ? AND {below}",  # noqa: S608 - a literal
                (when, url, inside, inside),
            )

    def gone(self) -> list[Source]:
        """Return the sources whose page is no longer on its site."""
        return list(self._sources("WHERE gone_at <> '' AND report_id IS NOT NULL ORDER BY source", ()))

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

    def unlinked_groups(self) -> list[list[str]]:
        """Return the reports of each group in which copies are to be looked for, and take the groups off the list."""
        groups = [row[0] for row in self._db.execute("DELETE FROM unlinked_group RETURNING copy_group")]
        query = "SELECT report_id FROM report WHERE copy_group = ? ORDER BY report_id"
        return [[str(row[0]) for row in self._db.execute(query, (group,))] for group in sorted(groups)]

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
        files = self._sources("WHERE member = '' ORDER BY source", ())
        return [source for source in files if not Path(source.path).exists()]

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
                f"SELECT {REPORT_COLUMNS} FROM report WHERE report_id = ?",  # noqa: S608 - fixed columns
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

    def _sources(self, clause: str, values: tuple[str, ...]) -> Iterator[Source]:
        query = f"SELECT {SOURCE_COLUMNS} FROM source {clause}"  # noqa: S608 - clauses are literals of this module
        with closing(self._db.execute(query, values)) as rows:
            for row in rows.fetchall():
                found = dict(zip(_SOURCE_FIELDS, row, strict=True))
                yield Source(**found | {"doubts": tuple(found["doubts"].split())})

    def _rehash(self, report_id: str) -> None:
        """Renew what is derived from a report's effective values."""
        for report in self.reports([report_id]):
            group = copy_group(report)
            held = self._db.execute("SELECT copy_group FROM report WHERE report_id = ?", (report_id,)).fetchone()[0]
            if group != held:
                self._unlink(report_id, group)
            self._db.execute(
                "UPDATE report SET text_hash = ?, state_hash = ?, copy_group = ? WHERE report_id = ?",
                (report.text_hash, _state_hash(report), group, report_id),
            )

    def _unlink(self, report_id: str, group: str) -> None:
        """Have the copies looked for anew in the group that a report was in and in that which it is in now."""
        held = self._db.execute("SELECT copy_group FROM report WHERE report_id = ?", (report_id,)).fetchone()
        for name in {held[0] if held else "", group} - {""}:
            self._db.execute("INSERT OR IGNORE INTO unlinked_group VALUES (?)", (name,))

    def _has_other_source(self, report_id: str, source: str) -> bool:
        return any(held.source != source for held in self.holders(report_id))

    def _drop_orphan(self, report_id: str) -> None:
        if not self.holders(report_id):
            self._unlink(report_id, "")
            self._db.execute("DELETE FROM report WHERE report_id = ?", (report_id,))

    def _write_source(self, source: Source, report_id: str | None) -> None:
        """Write a source's row in place of those of its name or place, and drop reports that lose their last one."""
        where = "WHERE source = ? OR (path = ? AND member = ?)"
        place = (source.source, source.path, source.member)
        replaced = list(self._sources(where, place))
        self._db.execute(f"DELETE FROM source {where}", place)  # noqa: S608 - a literal
        values: dict[str, object] = {name: getattr(source, name) for name in _SOURCE_FIELDS}
        values |= {"report_id": report_id, "doubts": " ".join(source.doubts)}
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO source VALUES ({marks})", tuple(values.values()))  # noqa: S608 - marks only
        for old in replaced:
            if old.report_id and old.report_id != report_id:
                self._drop_orphan(old.report_id)

    def _write_report(self, report: Report, content_hash: str) -> None:
        effective = corrected(report, self.corrections(report.report_id))
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
            effective.text_hash,
            content_hash,
            _state_hash(effective),
            copy_group(effective),
        )
        self._unlink(report.report_id, copy_group(effective))
        marks = ", ".join("?" * len(values))
        updates = ", ".join(f"{c} = excluded.{c}" for c in REPORT_COLUMNS.split(", ")[1:])
        # An upsert keeps the row, so that the sources that point to it stay valid.
        self._db.execute(
            f"INSERT INTO report ({REPORT_COLUMNS}) VALUES ({marks}) "  # noqa: S608 - fixed columns
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
        parsed = Report(
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
        return corrected(parsed, self.corrections(parsed.report_id))


def copy_group(report: Report) -> str:
    """Return what a report shares with its copies: agency (or title), region, year and type; "" where these aren't known.

    However the agency is spelt: the text decides what in a group is the same report.
    """
    if report.year is None:
        return ""
    name = bare_name(report.agency, report.region, report.year) if report.agency else fold(report.title)
    return digest64(name, report.region, str(report.year), report.doctype)


def _without(field: str) -> str:
    """Return the query that counts the reports without corrections of which a field isn't known."""
    return (
        f"SELECT count(*) FROM report WHERE coalesce({field}, '') = '' AND report_id NOT IN "  # noqa: S608 - fixed names
        "(SELECT report_id FROM correction WHERE undone_at = '')"
    )


def _state_hash(report: Report) -> str:
    """Return a hash of everything that is stored of a report, its sources apart."""
    header = repr(replace(report, sources=(), sections=()))
    return digest64(header, *(str(value) for section in report.sections for value in section_row(section)))


def _content_hash(report: Report) -> str:
    """Return what two copies of one report share, wherever they lie.

    What a table of reports states of its rows counts too: boilerplate of two agencies is no one report.
    """
    stated = [
        str(getattr(report, field))
        for field in ("agency", "region", "year")
        if report.provenance.get(field, "").startswith("column:")
    ]
    return digest64(report.title, report.text, *stated)
