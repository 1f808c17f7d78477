"""SQLite FTS5 with its trigram tokenizer, content stored: a phrase of three characters by the index, a shorter one by LIKE."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from _bench_corpus import Text, read_reports
from _bench_pool import in_order
from _bench_protocol import SIZE, Answer, Found, Question, folded_units, line_chunks, snippet

from corpus.folding import fold
from corpus.model import KINDS

_SCHEMA = """
CREATE TABLE report (number INTEGER PRIMARY KEY, department TEXT, year TEXT);
CREATE TABLE region (report INTEGER, code TEXT, PRIMARY KEY (report, code)) WITHOUT ROWID;
CREATE INDEX region_code ON region (code, report);
CREATE TABLE section (row INTEGER PRIMARY KEY, section_id TEXT, report INTEGER, kind INTEGER);
CREATE TABLE kind (number INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE VIRTUAL TABLE text USING fts5 (body, tokenize = 'trigram');
"""
_TEMPORARY = """
CREATE TEMP TABLE hit (row INTEGER PRIMARY KEY, report INTEGER, kind INTEGER, score REAL);
CREATE TEMP TABLE found (report INTEGER PRIMARY KEY, sections INTEGER);
"""
_FILE = "fts5.db"
_CHUNK = 2_000


class Fts5:
    """One database with the folded texts; report fields in tables beside them."""

    name = "FTS5 trigram"
    unit = "section"

    def unavailable(self) -> str:
        """Return why this candidate can't run on this machine; "" if it can."""
        try:
            sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5 (b, tokenize = 'trigram')")
        except sqlite3.OperationalError as error:
            return f"SQLite {sqlite3.sqlite_version}: {error}"
        return ""

    def build(self, corpus: Path, index: Path, workers: int) -> None:
        """Index the corpus into an empty folder; other processes fold what this one writes."""
        db = sqlite3.connect(index / _FILE)
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;" + _SCHEMA)
        reports = read_reports(corpus)
        db.executemany(
            "INSERT INTO report VALUES (?, ?, ?)", [(n, r.department, r.year) for n, r in enumerate(reports)]
        )
        db.executemany(
            "INSERT INTO region VALUES (?, ?)", [(n, code) for n, r in enumerate(reports) for code in r.regions]
        )
        db.executemany("INSERT INTO kind VALUES (?, ?)", enumerate(KINDS))
        row = 0
        for folded in in_order(fold_lines, line_chunks(corpus, _CHUNK), workers):
            rows = [(n, i, r, KINDS.index(k)) for n, (i, r, k, _) in enumerate(folded, start=row)]
            db.executemany("INSERT INTO section VALUES (?, ?, ?, ?)", rows)
            bodies = [(n, body) for n, (*_, body) in enumerate(folded, start=row)]
            db.executemany("INSERT INTO text (rowid, body) VALUES (?, ?)", bodies)
            row += len(folded)
        db.commit()
        db.close()

    def open(self, corpus: Path, index: Path) -> None:
        """Make ready for questions."""
        self._db = sqlite3.connect(index / _FILE)
        self._db.executescript(
            "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -200000; PRAGMA mmap_size = 2000000000;"
        )
        self._db.executescript(_TEMPORARY)
        self.reports = int(self._db.execute("SELECT count(*) FROM report").fetchone()[0])

    def ask(self, question: Question) -> Answer | None:
        """Answer a question: all hits with their scores once into a table in memory, what remains from there.

        That takes half the time of asking the index twice, and ranking with its ORDER BY rank.
        """
        phrases = [fold(phrase) for phrase in question.phrases]
        where, values, indexed = _condition(phrases, question.near)
        score = "bm25(text)" if indexed else "0"
        db = self._db
        db.execute("DELETE FROM hit")
        db.execute("DELETE FROM found")
        db.execute(
            f"INSERT INTO hit SELECT s.row, s.report, s.kind, {score} FROM text JOIN section s ON s.row = text.rowid "  # noqa: S608
            f"WHERE {where}",
            values,
        )
        kind, kind_values = "1", []
        if question.section_kind:
            kind, kind_values = "kind = ?", [KINDS.index(question.section_kind)]
        region, region_values = "1", []
        if question.region:
            region, region_values = "report IN (SELECT report FROM region WHERE code = ?)", [question.region]
        facets = {}
        rows = db.execute(f"SELECT kind, count(*) FROM hit WHERE {region} GROUP BY kind", region_values)  # noqa: S608
        facets["kind"] = {KINDS[number]: (count, 0) for number, count in rows}
        db.execute(f"INSERT INTO found SELECT report, count(*) FROM hit WHERE {kind} GROUP BY report", kind_values)  # noqa: S608
        # A facet's own selection doesn't count for it: regions come before the others are cut to the one chosen.
        rows = db.execute("SELECT code, sum(sections), count(*) FROM found JOIN region USING (report) GROUP BY code")
        facets["region"] = {value: (sections, reports) for value, sections, reports in rows}
        if region_values:
            db.execute(f"DELETE FROM found WHERE NOT ({region})", region_values)  # noqa: S608
        for name in ("department", "year"):
            rows = db.execute(
                f"SELECT {name}, sum(sections), count(*) FROM found JOIN report ON number = report GROUP BY {name}"  # noqa: S608
            )
            facets[name] = {value: (sections, reports) for value, sections, reports in rows}
        sections, reports = db.execute("SELECT coalesce(sum(sections), 0), count(*) FROM found").fetchone()
        best = db.execute(
            f"SELECT row FROM hit WHERE {kind} AND {region} ORDER BY score, row LIMIT ? OFFSET ?",  # noqa: S608
            [*kind_values, *region_values, SIZE, (question.page - 1) * SIZE],
        ).fetchall()
        return Answer(sections, reports, facets, tuple(self._found(row, phrases) for (row,) in best))

    def change(self, reports: list[int], added: str) -> None:
        """Take in reports that changed: all of their sections anew, the last with a paragraph more."""
        with self._db:
            for report in reports:
                rows = self._db.execute("SELECT row FROM section WHERE report = ? ORDER BY row", (report,)).fetchall()
                for place, (row,) in enumerate(rows, start=1):
                    (body,) = self._db.execute("SELECT body FROM text WHERE rowid = ?", (row,)).fetchone()
                    text = f"{body}\n{added}" if place == len(rows) else body
                    self._db.execute("DELETE FROM text WHERE rowid = ?", (row,))
                    self._db.execute("INSERT INTO text (rowid, body) VALUES (?, ?)", (row, text))

    def matching(self, phrase: str) -> set[str] | int:
        """Return the identities of all sections that hold a phrase."""
        where, values, _ = _condition([fold(phrase)], None)
        query = f"SELECT section_id FROM text JOIN section ON row = text.rowid WHERE {where}"  # noqa: S608
        return {row[0] for row in self._db.execute(query, values)}

    def _found(self, row: int, phrases: list[str]) -> Found:
        section_id, body = self._db.execute(
            "SELECT section_id, body FROM section JOIN text ON text.rowid = row WHERE row = ?", (row,)
        ).fetchone()
        return snippet(section_id, body, phrases)


def fold_lines(lines: list[str]) -> list[tuple[str, int, str, str]]:
    """Return section identity, report, kind and folded text of lines of the corpus."""
    found = []
    for line in lines:
        section_id, report, kind, texts = json.loads(line)
        body = "\n".join(folded_units(Text(section_id, report, kind, tuple(texts))))
        found.append((section_id, report, kind, body))
    return found


def _condition(phrases: list[str], near: int | None) -> tuple[str, list[object], bool]:
    """Return a condition on the table text, its values, and whether the index ranks what it finds."""
    quoted = ['"' + phrase.replace('"', '""') + '"' for phrase in phrases if len(phrase) >= 3]
    short = [phrase for phrase in phrases if len(phrase) < 3]
    conditions = []
    values: list[object] = []
    if quoted:
        # Distance counts tokens: two trigrams more than the characters between two phrases. Paragraphs it doesn't know.
        match = f"NEAR({' '.join(quoted)}, {near + 2})" if near is not None else " AND ".join(quoted)
        conditions.append("text MATCH ?")
        values.append(match)
    for phrase in short:
        conditions.append("body LIKE ? ESCAPE '\\'")
        values.append("%" + phrase.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    return " AND ".join(conditions), values, bool(quoted)
