"""Small SQLite files of the home folder, beside the library: what a reader keeps (word lists, saved searches, a basket)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from indexer.errors import IndexerError

#: What a file's tables are made or checked by each time it is opened; foreign keys are on. May raise.
Prepare: TypeAlias = Callable[[sqlite3.Connection], None]
#: The error that says that a file can't be read or written, given its path and what the system said.
Failed: TypeAlias = Callable[[Path, Exception], IndexerError]

_PATIENCE: Final = 10


class HomeFile:
    """A file that is made when it is first opened; safe to use from several threads and processes."""

    def __init__(self, path: Path, prepare: Prepare, failed: Failed) -> None:
        self.path = path
        self._prepare = prepare
        self._failed = failed

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept in it: to look needn't make it."""
        return self.path.exists()

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Give a connection outside a transaction. Raises ``failed``, also for what SQLite refuses within."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)) as db:
                db.execute("PRAGMA foreign_keys = ON")
                self._prepare(db)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise self._failed(self.path, error) from error

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection within a transaction of its own: all of it counts, or after an error nothing."""
        with self.opened() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
