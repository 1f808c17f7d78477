"""Parts of an index that a build finished before it was interrupted: the next build of the same takes them up.

A part belongs to one build, named by a key of everything that goes into it; parts of any other build are thrown away.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Final, TypeAlias

from indexer.errors import BrokenIndex
from indexer.generation import unfinished_folder
from indexer.tablewriter import ReportEntry
from indexer.tantivyparts import check_size
from indexer.wordingfile import read_arrays

INDEX: Final = "index"
PACK: Final = "pack"
WORDED: Final = "wordings"
_ENTRIES: Final = "entries.json"
_NAMES: Final = tuple(field.name for field in fields(ReportEntry))

#: What the columns hold of a report, and where its record lies in the pack of its part.
Written: TypeAlias = tuple[ReportEntry, tuple[int, int]]


class FinishedParts:
    """The finished parts of one build, by number."""

    def __init__(self, index: Path, key: str) -> None:
        self._folder = unfinished_folder(index, key)

    def path(self, number: int) -> Path:
        """Return the folder of a finished part."""
        return self._folder / str(number)

    def held(self, number: int) -> list[Written] | None:
        """Return what a part holds; None where it isn't finished, or isn't whole any more."""
        folder = self.path(number)
        try:
            rows = json.loads((folder / _ENTRIES).read_text("utf-8"))
            written = [(_entry(values), (int(start), int(size))) for values, start, size in rows]
            check_size(folder / INDEX, sum(entry.sections for entry, _ in written))
            end = max((start + size for _, (start, size) in written), default=0)
            whole = (folder / PACK).stat().st_size >= end
            read_arrays(folder / WORDED, contents=True)
        except (OSError, ValueError, TypeError, BrokenIndex):
            whole = False
        if whole:
            return written
        shutil.rmtree(folder, ignore_errors=True)
        return None

    def keep(self, part: Path, number: int, written: list[Written]) -> None:
        """Move a part here that a worker has just finished."""
        rows = [[{name: getattr(entry, name) for name in _NAMES}, start, size] for entry, (start, size) in written]
        (part / _ENTRIES).write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        self._folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.path(number), ignore_errors=True)
        part.rename(self.path(number))


def _entry(values: dict[str, object]) -> ReportEntry:
    named = {name: values[name] for name in _NAMES}
    return ReportEntry(**{name: tuple(v) if isinstance(v, list) else v for name, v in named.items()})  # type: ignore[arg-type]
