"""Names of members made unique, in a memory that doesn't grow with their number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b


class Names:
    """The names that a container has given so far, as hashes in a temporary database on disk."""

    def __init__(self, rows: sqlite3.Connection) -> None:
        self._rows = rows

    def free(self, name: str) -> str:
        """Return ``name``, or ``name#2``, ``name#3`` … where it was given before; the same each time it is read."""
        key = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
        (times,) = self._rows.execute(
            "insert into names values (?, 1) on conflict (name) do update set times = times + 1 returning times", (key,)
        ).fetchone()
        # A name that itself ends in #2 may have been given, too: ask for the new one in turn.
        return name if times == 1 else self.free(f"{name}#{times}")


@contextmanager
def unique_names() -> Iterator[Names]:
    """Open an empty set of names; SQLite keeps it in a temporary file of its own once it grows beyond its cache."""
    with closing(sqlite3.connect("", isolation_level=None)) as rows:
        rows.execute("pragma journal_mode = off")
        rows.execute("create table names (name integer primary key, times integer not null)")
        yield Names(rows)
