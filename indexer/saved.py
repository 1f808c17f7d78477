"""Saved searches: named searches beside the library, each with what it found when it was last looked at."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from corpus.characters import clean_characters
from corpus.folding import fold
from indexer.errors import QueryRejected, SavedSearchError
from indexer.exporting import filter_texts, filters_of
from indexer.homefile import HomeFile
from indexer.query import RUNGS, SCOPES, rung_of
from indexer.results import COPIES, SearchRequest
from indexer.service import Searcher

FILE: Final = "saved.db"
MOST: Final = 200
LONGEST_NAME: Final = 80
_VERSION: Final = 1
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS search (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, "
    "name TEXT NOT NULL, request TEXT NOT NULL, saved_at TEXT NOT NULL, seen_at TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS seen (id INTEGER NOT NULL REFERENCES search ON DELETE CASCADE, report_id TEXT NOT NULL, "
    "sections INTEGER NOT NULL, PRIMARY KEY (id, report_id)) STRICT, WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name. ``request`` asks a rung, never "auto": what is new must not depend on a ladder.

    ``seen``: the reports that it found when it was last looked at (``seen_at``, ISO, UTC), with their matching sections.
    """

    number: int
    name: str
    request: SearchRequest
    saved_at: str
    seen_at: str
    seen: Mapping[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class News:
    """What a saved search finds now and didn't when it was last looked at.

    ``new`` has (report_id, matching sections more than then, ordinal of the first), by report_id; ``gone`` counts the
    reports that no longer match.
    """

    sections: int
    reports: int
    new: tuple[tuple[str, int, int], ...]
    gone: int

    @property
    def new_sections(self) -> int:
        """How many matching sections there are more, over all reports."""
        return sum(more for _, more, _ in self.new)


def found_now(searcher: Searcher, request: SearchRequest) -> dict[str, list[int]]:
    """Return what a search finds: the ordinals of the matching sections of each report. Raises QueryRejected, SearchTimeout."""
    found: dict[str, list[int]] = {}
    for report_id, ordinal in searcher.keys(request):
        found.setdefault(report_id, []).append(ordinal)
    return found


def news(searcher: Searcher, saved: SavedSearch) -> News:
    """Return what is new of a saved search in the index of now. Raises QueryRejected, SearchTimeout."""
    found = found_now(searcher, saved.request)
    new = tuple(
        (report_id, len(ordinals) - saved.seen.get(report_id, 0), ordinals[0])
        for report_id, ordinals in found.items()
        if len(ordinals) > saved.seen.get(report_id, 0)
    )
    gone = sum(report_id not in found for report_id in saved.seen)
    return News(sum(map(len, found.values())), len(found), new, gone)


class SavedSearches:
    """The saved searches below a home folder; safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._file = HomeFile(home / FILE, partial(_prepare, home / FILE), _failed)

    def all(self) -> list[SavedSearch]:
        """Return every saved search, by name."""
        return sorted(self._read("", ()), key=lambda each: (each.name, each.number))

    def named(self, name: str) -> SavedSearch:
        """Return a saved search by its name, whatever its case and width. Raises SavedSearchError."""
        found = next(self._read("WHERE key = ?", (_key(name),)), None)
        if found is None:
            raise _unknown(name)
        return found

    def numbered(self, number: int) -> SavedSearch:
        """Return a saved search by its number. Raises SavedSearchError."""
        found = next(self._read("WHERE id = ?", (number,)), None)
        if found is None:
            raise _unknown(str(number))
        return found

    def add(self, name: str, request: SearchRequest, searcher: Searcher) -> SavedSearch:
        """Save a search, with all that it finds now as seen. Raises SavedSearchError, QueryRejected, SearchTimeout."""
        clean = checked_name(name)
        asked = _kept(request)
        found = found_now(searcher, asked)
        with self._file.changing() as db:
            _make_room(db, clean)
            number = db.execute(
                "INSERT INTO search (key, name, request, saved_at, seen_at) VALUES (?, ?, ?, ?, ?)",
                (_key(clean), clean, _written(asked), _now(), _now()),
            ).lastrowid
            _see(db, int(number or 0), found)
        return self.numbered(int(number or 0))

    def see(self, number: int, searcher: Searcher) -> SavedSearch:
        """Take all that a saved search finds now as seen. Raises SavedSearchError, QueryRejected, SearchTimeout."""
        found = found_now(searcher, self.numbered(number).request)
        with self._file.changing() as db:
            if not db.execute("UPDATE search SET seen_at = ? WHERE id = ?", (_now(), number)).rowcount:
                raise _unknown(str(number))
            _see(db, number, found)
        return self.numbered(number)

    def rename(self, number: int, name: str) -> None:
        """Give a saved search another name. Raises SavedSearchError."""
        clean = checked_name(name)
        with self._file.changing() as db:
            _make_room(db, clean, number)
            if not db.execute(
                "UPDATE search SET key = ?, name = ? WHERE id = ?", (_key(clean), clean, number)
            ).rowcount:
                raise _unknown(str(number))

    def remove(self, number: int) -> None:
        """Forget a saved search. Raises SavedSearchError."""
        with self._file.changing() as db:
            if not db.execute("DELETE FROM search WHERE id = ?", (number,)).rowcount:
                raise _unknown(str(number))

    def _read(self, where: str, values: tuple[str | int, ...]) -> Iterator[SavedSearch]:
        if not self._file.exists:
            return
        with self._file.opened() as db:
            query = f"SELECT id, name, request, saved_at, seen_at FROM search {where}"  # noqa: S608 - fixed clauses
            db.execute("BEGIN")  # one state of both tables
            rows = db.execute(query, values).fetchall()
            seen = [dict(db.execute("SELECT report_id, sections FROM seen WHERE id = ?", (row[0],))) for row in rows]
        for (number, name, request, saved_at, seen_at), held in zip(rows, seen, strict=True):
            yield SavedSearch(number, name, self._request(name, request), saved_at, seen_at, held)

    def _request(self, name: str, text: str) -> SearchRequest:
        try:
            return _request_of(json.loads(text))
        except (ValueError, KeyError, TypeError, StopIteration, QueryRejected) as error:
            raise SavedSearchError(
                zh=f"{self._file.path} 中的“{name}”无法识别（由更新的版本保存，或文件被改动过）；请用那个版本打开，或移走该文件",
                en=f'"{name}" in {self._file.path} can\'t be read (saved by a newer version, or the file was changed): '
                "use that version, or move the file away",
            ) from error


def _prepare(path: Path, db: sqlite3.Connection) -> None:
    if _version(db) == 0:
        db.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
    if _version(db) != _VERSION:
        raise SavedSearchError(
            zh=f"{path} 由更新的版本写成；请使用那个版本，或移走该文件",
            en=f"{path} was written by a newer version; use that one, or move the file away",
        )


def _failed(path: Path, error: Exception) -> SavedSearchError:
    return SavedSearchError(
        zh=f"无法读写已存检索的文件 {path}：{error}；请检查权限和磁盘空间",
        en=f"can't use the file of saved searches {path}: {error}; check permissions and disk space",
    )


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def checked_name(name: str) -> str:
    """Return a name trimmed. Raises SavedSearchError for one that is empty or too long."""
    clean = " ".join(clean_characters(name).split())
    if not clean or not fold(clean) or len(clean) > LONGEST_NAME:
        raise SavedSearchError(
            zh=f"名称不能为空，也不能超过 {LONGEST_NAME} 个字符；请给检索起个名字",
            en=f"a name can't be empty or longer than {LONGEST_NAME} characters; give the search a name",
        )
    return clean


def _kept(request: SearchRequest) -> SearchRequest:
    """Return the part of a request that says what is found."""
    return SearchRequest(
        query=clean_characters(request.query),
        match=rung_of(request.match),
        scope=request.scope,
        filters=request.filters,
        copies=request.copies,
    )


def _written(request: SearchRequest) -> str:
    kept = {
        "query": request.query,
        "match": request.match,
        "scope": request.scope,
        "filters": list(filter_texts(request.filters)),
        "copies": request.copies,
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _request_of(kept: Mapping[str, object]) -> SearchRequest:
    filters = kept["filters"]
    if not isinstance(filters, list):
        raise TypeError("filters")
    return SearchRequest(
        query=str(kept["query"]),
        match=next(rung for rung in RUNGS if rung == kept["match"]),
        scope=next(scope for scope in SCOPES if scope == kept["scope"]),
        filters=filters_of(map(str, filters)),
        copies=next(copies for copies in COPIES if copies == kept["copies"]),
    )


def _make_room(db: sqlite3.Connection, name: str, number: int = 0) -> None:
    """Make sure that a name is free (or that of ``number``), and that there is room for one more."""
    taken = db.execute("SELECT name FROM search WHERE key = ? AND id <> ?", (_key(name), number)).fetchone()
    if taken:
        raise SavedSearchError(
            zh=f"已有名为“{taken[0]}”的检索；请换一个名称，或先删除原来的",
            en=f'there is a search named "{taken[0]}" already; choose another name, or delete that one first',
        )
    if not number and db.execute("SELECT count(*) FROM search").fetchone()[0] >= MOST:
        raise SavedSearchError(
            zh=f"已存检索有 {MOST} 个，请先删去不用的", en=f"there are {MOST} saved searches; delete one first"
        )


def _see(db: sqlite3.Connection, number: int, found: Mapping[str, list[int]]) -> None:
    db.execute("DELETE FROM seen WHERE id = ?", (number,))
    rows = ((number, report_id, len(ordinals)) for report_id, ordinals in found.items())
    db.executemany("INSERT INTO seen VALUES (?, ?, ?)", rows)


def _now() -> str:
    # To the microsecond: two looks within a second are two states.
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _key(name: str) -> str:
    return fold(" ".join(name.encode("utf-8", "replace").decode("utf-8").split()))


def _unknown(name: str) -> SavedSearchError:
    return SavedSearchError(
        zh=f"没有名为 {name} 的已存检索；chadang saved list 列出已有的",
        en=f"there is no saved search {name}; chadang saved list shows those there are",
    )
