"""A database for what is too much to sort in memory, gone afterwards."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def scratch_database() -> Iterator[sqlite3.Connection]:
    """Give a connection, outside a transaction, to an empty file that no crash needs to outlive."""
    with (
        tempfile.TemporaryDirectory(prefix="chadang-", ignore_cleanup_errors=True) as folder,
        closing(sqlite3.connect(Path(folder) / "scratch.db", isolation_level=None)) as db,
    ):
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        yield db
