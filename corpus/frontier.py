"""The frontier: which pages of a site are to be asked, are being asked, and were asked. One SQLite file per site.

A page's states: known (from an earlier run), queued, in_flight, done, moved (a redirect), failed, gone (404, 410),
waiting (its host is postponed).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from corpus.page import Page, utc_now
from corpus.warcstore import Place

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, stamp TEXT NOT NULL, finished_at TEXT);
CREATE TABLE IF NOT EXISTS pages (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, role TEXT NOT NULL, col TEXT NOT NULL, first TEXT NOT NULL,
  chain TEXT NOT NULL, hops INTEGER NOT NULL, state TEXT NOT NULL, outcome TEXT NOT NULL DEFAULT '',
  reason_zh TEXT NOT NULL DEFAULT '', reason_en TEXT NOT NULL DEFAULT '', etag TEXT NOT NULL DEFAULT '',
  modified TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '', file TEXT NOT NULL DEFAULT '',
  start INTEGER NOT NULL DEFAULT 0, length INTEGER NOT NULL DEFAULT 0, gone_at TEXT, links TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS queue ON pages (state, role, id);
CREATE TABLE IF NOT EXISTS links (source TEXT, target TEXT, role TEXT, UNIQUE (source, target, role));
CREATE TABLE IF NOT EXISTS rules (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counts (run INTEGER, col TEXT, articles INTEGER, PRIMARY KEY (run, col));
"""
#: More redirects than one page may lead through; beyond, it is a circle.
_LONGEST_CIRCLE: Final = 100
_ENTRY: Final = "url, role, col, first, chain, hops, etag, modified, sha256, file"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page to ask: ``role`` listing, article, more (a further page) or attachment; ``col`` its column's name."""

    url: str
    role: str
    col: str
    first: str
    chain: str
    hops: int = 0
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    file: str = ""


class Frontier:
    """The state of one site's runs. Every change is committed when its method returns."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, or one in memory for None."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", timeout=30, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._run = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def entry(self, url: str) -> Entry | None:
        """Return a page by its URL."""
        row = self._db.execute(f"SELECT {_ENTRY} FROM pages WHERE url = ?", (url,)).fetchone()  # noqa: S608
        return Entry(*row) if row else None

    def state(self, url: str) -> str:
        """Return a page's state, "" for one never met."""
        row = self._db.execute("SELECT state FROM pages WHERE url = ?", (url,)).fetchone()
        return str(row[0]) if row else ""

    def listing_waits(self) -> bool:
        """Whether a listing is queued."""
        query = "SELECT 1 FROM pages WHERE state = 'queued' AND role = 'listing' LIMIT 1"
        return self._db.execute(query).fetchone() is not None

    def left(self) -> int:
        """Return how many pages are queued, listings left out."""
        query = "SELECT count(*) FROM pages WHERE state = 'queued' AND role <> 'listing'"
        return int(self._db.execute(query).fetchone()[0])

    def queued(self) -> list[str]:
        """Return the queued pages, listings left out."""
        query = "SELECT url FROM pages WHERE state = 'queued' AND role <> 'listing' ORDER BY id"
        return [row[0] for row in self._db.execute(query)]

    def postpone(self, url: str) -> None:
        """Put a page aside until the next command."""
        self._db.execute("UPDATE pages SET state = 'waiting' WHERE url = ?", (url,))

    def end_of(self, file: str, size: int) -> int:
        """Return the end of the last record known in a WARC file; records beyond its ``size`` are asked again."""
        with self._db:
            self._db.execute(
                "UPDATE pages SET file = '', etag = '', modified = '', sha256 = '', state = 'queued' "
                "WHERE file = ? AND start + length > ?",
                (file, size),
            )
        row = self._db.execute("SELECT max(start + length) FROM pages WHERE file = ?", (file,)).fetchone()
        return int(row[0] or 0)

    def begin(self, rules: Mapping[str, str], wanted: Callable[[Entry], bool]) -> str:
        """Go on with the unfinished run or begin a new one; return its stamp, e.g. 20240506T070809000001Z.

        A new run asks again for the articles and files that the site file still wants. ``rules`` is what the site
        file says of "links" (patterns) and of "files"; where it says something else than the last time, a new run is
        begun, and pages are asked for without conditions: the same page leads elsewhere now.
        """
        row = self._db.execute("SELECT id, stamp FROM runs WHERE finished_at IS NULL").fetchone()
        known = dict(self._db.execute("SELECT name, value FROM rules").fetchall())
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            if known != dict(rules):
                row = None
                self._forget_validators(listings_only=known.get("files") == rules.get("files"))
                self._db.execute("DELETE FROM runs WHERE finished_at IS NULL")
                self._db.executemany("INSERT OR REPLACE INTO rules VALUES (?, ?)", list(rules.items()))
            if row is not None:
                self._db.execute("UPDATE pages SET state = 'queued' WHERE state IN ('in_flight', 'waiting')")
                self._run = row[0]
                return str(row[1])
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            self._db.execute("UPDATE pages SET state = 'known', outcome = '', hops = 0")
            pages = self._db.execute(f"SELECT {_ENTRY} FROM pages WHERE role <> 'listing'").fetchall()  # noqa: S608
            again = [(page[0],) for page in pages if wanted(Entry(*page))]
            self._db.executemany("UPDATE pages SET state = 'queued' WHERE url = ?", again)
            self._run = self._db.execute("INSERT INTO runs (stamp) VALUES (?)", (stamp,)).lastrowid or 0
        return stamp

    def forget_lost(self, files: Iterable[str]) -> None:
        """Ask again for what was saved in WARC files that are there no more; ``files`` are those that are."""
        held = set(files)
        named = [name for (name,) in self._db.execute("SELECT DISTINCT file FROM pages WHERE file <> ''")]
        self._db.executemany(
            "UPDATE pages SET file = '', etag = '', modified = '', sha256 = '', "
            "state = CASE state WHEN 'done' THEN 'queued' ELSE state END WHERE file = ?",
            [(name,) for name in named if name not in held],
        )

    def _forget_validators(self, *, listings_only: bool) -> None:
        self._db.execute("UPDATE pages SET etag = '', modified = '' WHERE role = 'listing' OR NOT ?", (listings_only,))

    def add(self, entries: Iterable[Entry]) -> None:
        """Queue pages that this run hasn't met yet."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._add(entries)

    def next(self) -> Entry | None:
        """Take the next page: listings first, in the order in which they were met."""
        row = self._db.execute(
            f"SELECT {_ENTRY} FROM pages WHERE state = 'queued' ORDER BY role <> 'listing', id LIMIT 1"  # noqa: S608
        ).fetchone()
        if row is None:
            return None
        self._db.execute("UPDATE pages SET state = 'in_flight' WHERE url = ?", (row[0],))
        return Entry(*row)

    def stored(self, page: Page, place: Place | None, outcome: str, found: Iterable[Entry]) -> None:
        """A page was taken: remember its validators, place and links, and queue what it leads to."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._store(page, place, outcome)
            self._db.execute("DELETE FROM links WHERE source = ?", (page.url,))
            entries = list(found)
            rows = [(page.url, entry.url, entry.role) for entry in entries]
            self._db.executemany("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", rows)
            self._add(entries)

    def unchanged(self, entry: Entry) -> int:
        """A page is as it was: queue again what it led to; return how many pages that are."""
        rows = self._db.execute(
            "SELECT p.url, l.role, p.col, p.first, p.chain FROM links l JOIN pages p ON p.url = l.target "
            "WHERE l.source = ? AND l.role <> 'moved' ORDER BY l.rowid",
            (entry.url,),
        ).fetchall()
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._db.execute(
                "UPDATE pages SET state = 'done', outcome = 'unchanged', gone_at = NULL WHERE url = ?", (entry.url,)
            )
            self._add(Entry(*row) for row in rows)
        return len(rows)

    def moved(self, entry: Entry, target: Entry) -> None:
        """A page redirects: queue where it leads."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._db.execute("UPDATE pages SET state = 'moved' WHERE url = ?", (entry.url,))
            self._db.execute("DELETE FROM links WHERE source = ?", (entry.url,))
            self._db.execute("INSERT INTO links VALUES (?, ?, 'moved')", (entry.url, target.url))
            self._add([target])

    def leads_to(self, url: str, end: str) -> bool:
        """Whether the redirects followed in this run lead from one page to another."""
        for _ in range(_LONGEST_CIRCLE):
            if url == end:
                return True
            row = self._db.execute(
                "SELECT l.target FROM links l JOIN pages p ON p.url = l.source "
                "WHERE l.source = ? AND l.role = 'moved' AND p.state = 'moved'",
                (url,),
            ).fetchone()
            if row is None:
                return False
            url = row[0]
        return True

    def failed(self, url: str, zh: str, en: str) -> None:
        """A page couldn't be taken in this run, with the reason in both languages."""
        self._db.execute("UPDATE pages SET state = 'failed', reason_zh = ?, reason_en = ? WHERE url = ?", (zh, en, url))

    def gone(self, url: str) -> None:
        """The server says 404 or 410: mark the page, keep what was saved."""
        self._db.execute(
            "UPDATE pages SET state = 'gone', gone_at = coalesce(gone_at, ?) WHERE url = ?", (utc_now(), url)
        )

    def repeats(self, entry: Entry, digest: str) -> bool:
        """Whether a listing of the same pager gave the same links in this run; remembers these links if not."""
        row = self._db.execute(
            "SELECT 1 FROM pages WHERE chain = ? AND links = ? AND url <> ? AND state = 'done'",
            (entry.chain, digest, entry.url),
        ).fetchone()
        if row is None:
            self._db.execute("UPDATE pages SET links = ? WHERE url = ?", (digest, entry.url))
        return row is not None

    def drop_pager(self, chain: str) -> None:
        """Ask no further listing of this pager."""
        self._db.execute(
            "UPDATE pages SET state = 'known' WHERE chain = ? AND role = 'listing' AND state = 'queued'", (chain,)
        )

    def drop_listings(self) -> None:
        """Ask no further listing at all."""
        self._db.execute("UPDATE pages SET state = 'known' WHERE role = 'listing' AND state = 'queued'")

    def scattered(self) -> list[list[tuple[str, Place]]]:
        """Return the articles whose pages lie in several WARC files: for each, URL and place of every page."""
        rows = self._db.execute(
            "WITH held AS (SELECT CASE first WHEN '' THEN url ELSE first END AS head, url, file, start, length FROM pages "
            "WHERE state = 'done' AND file <> '' AND role IN ('article', 'more')) "
            "SELECT head, url, file, start, length FROM held WHERE head IN "
            "(SELECT head FROM held GROUP BY head HAVING count(DISTINCT file) > 1) ORDER BY head, url"
        ).fetchall()
        articles: dict[str, list[tuple[str, Place]]] = {}
        for head, url, *place in rows:
            articles.setdefault(head, []).append((url, Place(*place)))
        return list(articles.values())

    def placed(self, url: str, place: Place) -> None:
        """A page's record lies elsewhere now."""
        self._db.execute(
            "UPDATE pages SET file = ?, start = ?, length = ? WHERE url = ?",
            (place.file, place.offset, place.length, url),
        )

    def finish(self) -> None:
        """Close the run and keep its counts: a column's articles that its listings named."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO counts VALUES (?, ?, ?)",
                [(self._run, col, number) for col, number in self.column_counts().items()],
            )
            self._db.execute("UPDATE runs SET finished_at = ? WHERE id = ?", (utc_now(), self._run))

    def column_counts(self) -> dict[str, int]:
        """Return column -> distinct articles named by the listings taken in this run."""
        rows = self._db.execute(
            "SELECT s.col, count(DISTINCT l.target) FROM links l JOIN pages s ON s.url = l.source "
            "WHERE s.role = 'listing' AND s.state = 'done' AND l.role = 'article' GROUP BY s.col"
        )
        return dict(rows.fetchall())

    def last_counts(self) -> dict[str, int]:
        """Return the same of the last finished run."""
        rows = self._db.execute(
            "SELECT col, articles FROM counts WHERE run = (SELECT max(id) FROM runs WHERE finished_at IS NOT NULL "
            "AND id <> ?)",
            (self._run,),
        )
        return dict(rows.fetchall())

    def outcomes(self) -> dict[str, int]:
        """Return state or outcome -> pages of this run, listings left out."""
        rows = self._db.execute(
            "SELECT CASE state WHEN 'done' THEN outcome ELSE state END, count(*) FROM pages "
            "WHERE role <> 'listing' GROUP BY 1"
        )
        return dict(rows.fetchall())

    def failures(self) -> list[tuple[str, str, str]]:
        """Return url and reasons (Chinese, English) of what failed in this run."""
        return self._db.execute(
            "SELECT url, reason_zh, reason_en FROM pages WHERE state = 'failed' ORDER BY id"
        ).fetchall()

    def gone_pages(self) -> dict[str, str]:
        """Return url -> when it was first found gone; listings left out."""
        query = "SELECT url, gone_at FROM pages WHERE gone_at IS NOT NULL AND role <> 'listing'"
        return dict(self._db.execute(query).fetchall())

    def _add(self, entries: Iterable[Entry]) -> None:
        self._db.executemany(
            "INSERT INTO pages (url, role, col, first, chain, hops, state) VALUES (?, ?, ?, ?, ?, ?, 'queued') "
            "ON CONFLICT (url) DO UPDATE SET state = 'queued', role = excluded.role, col = excluded.col, "
            "first = excluded.first, chain = excluded.chain, hops = excluded.hops WHERE state = 'known'",
            [(e.url, e.role, e.col, e.first, e.chain, e.hops) for e in entries],
        )

    def _store(self, page: Page, place: Place | None, outcome: str) -> None:
        where = (place.file, place.offset, place.length) if place else (None, None, None)
        self._db.execute(
            "UPDATE pages SET state = 'done', outcome = ?, etag = ?, modified = ?, sha256 = ?, gone_at = NULL, "
            "file = coalesce(?, file), start = coalesce(?, start), length = coalesce(?, length) WHERE url = ?",
            (outcome, page.header("etag"), page.header("last-modified"), page.sha256, *where, page.url),
        )
