"""The texts of a generation: what snippets, report pages and exact matching read; one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from corpus.folding import fold
from corpus.model import Correction, Report, Section
from corpus.regions import region_texts
from corpus.rows import SectionRow, row_shown, section_from_row, section_row
from indexer.errors import BrokenIndex, ReportNotFound
from indexer.occurrences import characters
from indexer.results import SectionKey

_SCHEMA: Final = """
CREATE TABLE report (report_id TEXT PRIMARY KEY, state TEXT NOT NULL, meta TEXT NOT NULL) STRICT;
CREATE TABLE section (
    doc INTEGER PRIMARY KEY AUTOINCREMENT, report_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    section_id TEXT NOT NULL UNIQUE, level INTEGER NOT NULL, form TEXT NOT NULL, kind TEXT NOT NULL,
    heading TEXT NOT NULL, heading_path TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL,
    folded TEXT NOT NULL, context TEXT NOT NULL, tokens TEXT NOT NULL, shown INTEGER NOT NULL,
    UNIQUE (report_id, ordinal)
) STRICT;
"""
#: The files of Whoosh that belong to these texts, as they were when both were last written to the end.
_FILES: Final = "CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT"
_SECTION: Final = "ordinal, section_id, level, form, kind, heading, heading_path, text, blocks"
_META: Final = (
    "title", "doctype", "template", "agency", "region", "department", "level", "year", "published_on",
    "document_number", "source_url", "same_as",
)  # fmt: skip


class Shown(NamedTuple):
    """A section as a reader sees it, without its objects: its report's metadata, its place, kind and texts, each once."""

    report: Report
    ordinal: int
    kind: str
    texts: list[str]


class Texts(Protocol):
    """Where the service reads reports and sections from."""

    def section(self, key: SectionKey) -> tuple[Report, Section]:
        """Return a section and its report's metadata (the report comes without sections)."""
        ...

    def row(self, key: SectionKey) -> tuple[Mapping[str, Any], SectionRow]:
        """Return a section as a row and what ``report_meta`` tells of its report: ``section`` without its objects."""
        ...

    def shown(self, keys: Iterable[SectionKey]) -> Iterator[Shown]:
        """Yield what a reader sees of each section, in the order asked; those of a report one after the other are cheap."""
        ...

    def report(self, report_id: str) -> Report:
        """Return a whole report. Raises ReportNotFound."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """What matching and ranking need of a section; ``folded`` and ``context`` are units joined by line feeds.

    ``tokens``: how many tokens it has in each of the fields that rank. ``shown``: the characters that a reader sees, blanks left out.
    """

    doc: int
    report_id: str
    ordinal: int
    form: str
    kind: str
    folded: str
    context: str
    tokens: tuple[int, ...]
    shown: int


def units(section: Section) -> Iterator[str]:
    """Yield the units of a section in the sense of the contract: its heading, its paragraphs and rows."""
    yield section.heading
    for block in section.blocks:
        if block.form != "heading":
            yield section.block_text(block)


def contexts(report: Report, headings_above: Sequence[str]) -> tuple[str, ...]:
    """Return the strings that may meet a bare piece besides a section's own text (contract 4.1)."""
    return (report.title, report.agency, *region_texts(report.region, report.year), *headings_above)


def states_in(path: Path) -> dict[str, str]:
    """Return report_id -> the library's hash of it, of the texts of a finished generation."""
    with closing(_opened(path)) as db:
        return dict(db.execute("SELECT report_id, state FROM report"))


def files_in(path: Path) -> dict[str, str]:
    """Return name -> checksum of what texts that a build left recorded. Raises OSError or sqlite3.Error."""
    path.stat()  # a file that isn't there would be made
    with closing(sqlite3.connect(path)) as db:  # rolls back what wasn't committed
        return dict(db.execute("SELECT name, sha256 FROM file"))


def _opened(path: Path) -> sqlite3.Connection:
    """Open finished texts for reading; nothing writes them any more."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


class TextWriter:
    """Writes the texts of a generation; call ``finish`` at the end."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        # A build that was interrupted goes on from what it recorded.
        self._db.execute("PRAGMA journal_mode = TRUNCATE")
        self._db.execute("PRAGMA synchronous = FULL")
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'section'").fetchone():
            self._db.executescript(_SCHEMA)
        self._db.execute(_FILES)

    def states(self) -> dict[str, str]:
        """Return report_id -> the library's hash of it."""
        return dict(self._db.execute("SELECT report_id, state FROM report"))

    def record(self, files: Mapping[str, str]) -> None:
        """Commit what was added and removed, with the checksums of the files that hold the rest of it."""
        self._db.execute("DELETE FROM file")
        self._db.executemany("INSERT INTO file VALUES (?, ?)", files.items())
        self._db.commit()

    def remove(self, report_ids: Iterable[str]) -> None:
        """Remove reports."""
        ids = [(report_id,) for report_id in report_ids]
        self._db.executemany("DELETE FROM section WHERE report_id = ?", ids)
        self._db.executemany("DELETE FROM report WHERE report_id = ?", ids)

    def add(self, report: Report, state: str) -> None:
        """Add a report's metadata and the library's hash of it; its sections follow one by one."""
        values = (report.report_id, state, json.dumps(report_meta(report), ensure_ascii=False))
        self._db.execute("INSERT INTO report VALUES (?, ?, ?)", values)

    def add_section(self, report: Report, section: Section, folded: str, tokens: tuple[int, ...]) -> int:
        """Add a section; return its number, which no other section of any generation derived from this one gets."""
        context = "\n".join(fold(text) for text in contexts(report, section.headings_above))
        shown = characters(section)
        values = (report.report_id, *section_row(section), folded, context, " ".join(map(str, tokens)), shown)
        marks = ", ".join("?" * len(values))
        query = f"INSERT INTO section (report_id, {_SECTION}, folded, context, tokens, shown) VALUES ({marks})"  # noqa: S608
        doc = self._db.execute(query, values).lastrowid
        assert doc is not None  # noqa: S101 - an INSERT that succeeded has a rowid
        return doc

    def totals(self) -> tuple[int, int, int]:
        """Return the numbers of sections, reports and characters so far."""
        sections, characters = self._db.execute(
            "SELECT count(*), coalesce(sum(length(text)), 0) FROM section"
        ).fetchone()
        reports = self._db.execute("SELECT count(*) FROM report").fetchone()[0]
        return int(sections), int(reports), int(characters)

    def finish(self) -> None:
        """Commit and close."""
        self._db.commit()
        self._db.close()

    def abandon(self) -> None:
        """Close without keeping anything."""
        self._db.close()


class StoredTexts:
    """The texts of a finished generation, for reading; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        try:
            self._db = _opened(path)
        except sqlite3.Error as error:
            raise BrokenIndex(
                zh=f"索引缺少 {path.name}；请运行 chadang index --rebuild",
                en=f"the index lacks {path.name}; run chadang index --rebuild",
            ) from error
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def section(self, key: SectionKey) -> tuple[Report, Section]:
        """Return a section and its report's metadata (the report comes without sections)."""
        report_id, ordinal = key
        query = f"SELECT {_SECTION} FROM section WHERE report_id = ? AND ordinal = ?"  # noqa: S608
        rows = self._rows(query, report_id, ordinal)
        if not rows:
            raise _not_found(f"{report_id}/{ordinal}")
        return self._header(report_id), section_from_row(rows[0])

    def row(self, key: SectionKey) -> tuple[Mapping[str, Any], SectionRow]:
        """Return a section as a row and what is told of its report; see Texts."""
        report, section = self.section(key)
        return report_meta(report), section_row(section)

    def shown(self, keys: Iterable[SectionKey]) -> Iterator[Shown]:
        """Yield what a reader sees of each section; see Texts."""
        for key in keys:
            report, section = self.section(key)
            yield Shown(report, section.ordinal, section.kind, row_shown(section_row(section)))

    def report(self, report_id: str) -> Report:
        """Return a whole report. Raises ReportNotFound."""
        rows = self._rows(f"SELECT {_SECTION} FROM section WHERE report_id = ? ORDER BY ordinal", report_id)  # noqa: S608
        return self._header(report_id, tuple(section_from_row(row) for row in rows))

    def with_units(self, report_id: str) -> tuple[Report, list[tuple[SectionRow, list[str]]]]:
        """Return a report without its sections, and each of these as a row with its folded units."""
        query = f"SELECT {_SECTION}, folded FROM section WHERE report_id = ? ORDER BY ordinal"  # noqa: S608
        rows = self._rows(query, report_id)
        return self._header(report_id), [(row[:-1], row[-1].split("\n")) for row in rows]

    def headers(self) -> list[Report]:
        """Return all reports without their sections, by identity."""
        rows = self._rows("SELECT report_id, meta FROM report ORDER BY report_id")
        return [report_from_meta(report_id, json.loads(meta), ()) for report_id, meta in rows]

    def rows(self) -> list[Row]:
        """Return all sections by (report_id, ordinal)."""
        query = (
            "SELECT doc, report_id, ordinal, form, kind, folded, context, tokens, shown FROM section "
            "ORDER BY report_id, ordinal"
        )
        return [
            Row(doc, report_id, ordinal, form, kind, folded, context, tuple(map(int, tokens.split())), shown)
            for doc, report_id, ordinal, form, kind, folded, context, tokens, shown in self._rows(query)
        ]

    def _header(self, report_id: str, sections: tuple[Section, ...] = ()) -> Report:
        rows = self._rows("SELECT meta FROM report WHERE report_id = ?", report_id)
        if not rows:
            raise _not_found(report_id)
        return report_from_meta(report_id, json.loads(rows[0][0]), sections)

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        # A lone surrogate (from an address or a shell) is in no identity, and SQLite can't take one.
        plain = tuple(v.encode("utf-8", "replace").decode("utf-8") if isinstance(v, str) else v for v in values)
        with self._lock:
            return self._db.execute(query, plain).fetchall()


def report_meta(report: Report) -> dict[str, Any]:
    """Return what is stored of a report besides its sections, for JSON."""
    meta: dict[str, Any] = {name: getattr(report, name) for name in _META}
    return meta | {
        "sources": report.sources,
        "provenance": dict(report.provenance),
        "corrections": [asdict(correction) for correction in report.corrections],
    }


def report_from_meta(report_id: str, meta: dict[str, Any], sections: tuple[Section, ...]) -> Report:
    """Return the report of ``report_meta``, with these sections."""
    values = dict(meta)
    values["sources"] = tuple(values["sources"])
    values["corrections"] = tuple(Correction(**each) for each in values["corrections"])
    return Report(report_id=report_id, sections=sections, **values)


def _not_found(identity: str) -> ReportNotFound:
    return ReportNotFound(
        zh=f"索引中没有报告 {identity}；它可能已被移除，或索引尚未更新（chadang index）",
        en=f"there is no report {identity} in the index; it may have been removed, or run chadang index",
    )
