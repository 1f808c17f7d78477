"""The library's table of sources: what was loaded or failed to be, and where it lies."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.schema import SOURCE_COLUMNS

#: The columns of a source in the order of SOURCE_COLUMNS.
SOURCE_FIELDS = (
    "source path member size mtime_ns sha256 parser columns report_id reason_zh reason_en doubts kept raw_size url "
    "fetched_at gone_at loaded_at"
).split()
_DOUBTS = SOURCE_FIELDS.index("doubts")


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


class SourceTable:
    """The sources of a library, looked up and marked; which report they hold is the library's to say."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def touch(self, source: Source) -> None:
        """Record a source's new time and size where its text didn't change."""
        self._db.execute(
            "UPDATE source SET size = ?, mtime_ns = ?, sha256 = ?, parser = ?, columns = ? WHERE source = ?",
            (source.size, source.mtime_ns, source.sha256, source.parser, source.columns, source.source),
        )

    def source_at(self, path: str, member: str = "") -> Source | None:
        """Return the source loaded from a path, or from a member of the container there."""
        return next(self._sources("WHERE path = ? AND member = ?", (path, member)), None)

    def source_named(self, source: str) -> Source | None:
        """Return the source of a canonical name."""
        return next(self._sources("WHERE source = ?", (source,)), None)

    def sources(self) -> Iterator[Source]:
        """Yield all sources, by name."""
        return self._sources("ORDER BY source", ())

    def members(self, path: str, *, not_since: str = "") -> list[Source]:
        """Return the members of the container at a path, or those that weren't loaded since a time."""
        until = not_since or "\uffff"
        return list(self._sources("WHERE path = ? AND member <> '' AND loaded_at < ? ORDER BY source", (path, until)))

    def holders(self, report_id: str) -> list[Source]:
        """Return the sources of a report."""
        return list(self._sources("WHERE report_id = ? ORDER BY source", (report_id,)))

    def captures(self, url: str) -> list[Source]:
        """Return the fetched copies of a page, superseded ones too."""
        return list(self._sources("WHERE url = ? AND url <> '' AND fetched_at <> ''", (url,)))

    def report_of_file(self, name: str) -> str:
        """Return the identity of the report of the only file of this name; "" if there is none, or several."""
        found = {
            source.report_id
            for source in self._sources("WHERE report_id IS NOT NULL AND source LIKE ? LIMIT 500", (f"%{name}",))
            if source.source.replace("!", "/").endswith(f"/{name}")
        }
        return found.pop() if name and len(found) == 1 else ""

    def doubtful(self) -> list[Source]:
        """Return the sources that were read, but that a person should look at."""
        return list(self._sources("WHERE doubts <> '' AND report_id IS NOT NULL ORDER BY source", ()))

    def failures(self) -> list[Source]:
        """Return the sources that couldn't be read the last time, with their reasons."""
        return list(self._sources("WHERE reason_zh <> '' ORDER BY source", ()))

    def missing(self) -> list[Source]:
        """Return the sources whose file is no longer there."""
        files = self._sources("WHERE member = '' ORDER BY source", ())
        return [source for source in files if not Path(source.path).exists()]

    def gone(self) -> list[Source]:
        """Return the sources whose page is no longer on its site."""
        return list(self._sources("WHERE gone_at <> '' AND report_id IS NOT NULL ORDER BY source", ()))

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

    def rehome(self, path: str, to: str) -> None:
        """Record that a container with its members lies elsewhere now."""
        self._db.execute("UPDATE source SET path = ? WHERE path = ?", (to, path))

    def _sources(self, clause: str, values: tuple[str, ...]) -> Iterator[Source]:
        query = f"SELECT {SOURCE_COLUMNS} FROM source {clause}"  # noqa: S608 - clauses are literals of this module
        with closing(self._db.execute(query, values)) as rows:
            for row in rows.fetchall():
                found: list[Any] = [*row]
                found[_DOUBTS] = tuple(row[_DOUBTS].split())
                yield Source(*found)
