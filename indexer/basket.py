"""The basket: passages that a reader collected, with where each stands, in a file beside the library.

A passage keeps its text and the facts of its report as they were when it was taken: it stays citable when the library
changes. What is removed can be put back until the basket is next emptied of it.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from corpus.characters import clean_characters
from corpus.model import Report, Section
from indexer.errors import BasketError, ReportNotFound
from indexer.homefile import HomeFile
from indexer.texts import report_from_meta, report_meta

FILE: Final = "basket.db"
MOST_PASSAGES: Final = 500
LONGEST_PASSAGE: Final = 50_000
LONGEST_NOTE: Final = 2_000
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS passage (
    passage_id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL, report_id TEXT NOT NULL,
    section_id TEXT NOT NULL, block_id TEXT NOT NULL, text TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
    report TEXT NOT NULL, section TEXT NOT NULL, taken_at TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0
) STRICT
"""
_COLUMNS: Final = "passage_id, report_id, section_id, block_id, text, note, report, section, taken_at"


@dataclass(frozen=True, slots=True)
class Kept:
    """A passage in the basket. ``report`` and ``section`` bear the facts that a reference needs, and no text."""

    passage_id: int
    block_id: str
    text: str
    note: str
    report: Report
    section: Section
    taken_at: str


class Basket:
    """The basket below a home folder; safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._file = HomeFile(home / FILE, _prepare, _failed)

    def passages(self) -> list[Kept]:
        """Return what is in the basket, in the reader's order."""
        return self._read("WHERE removed = 0 ORDER BY place")

    def removed(self) -> list[Kept]:
        """Return what was removed last, in the order it had."""
        return self._read("WHERE removed = 1 ORDER BY place")

    def count(self) -> int:
        """Return how many passages are in the basket."""
        if not self._file.exists:
            return 0
        with self._file.opened() as db:
            return int(db.execute("SELECT count(*) FROM passage WHERE removed = 0").fetchone()[0])

    def add(self, report: Report, section: Section, block_id: str, text: str) -> bool:
        """Put a passage at the end; False where the same passage of the same place is there. Raises BasketError."""
        kept = clean_characters(text).strip()
        if not kept:
            raise BasketError(zh="没有可摘录的文字", en="there is no text to take")
        if len(kept) > LONGEST_PASSAGE:
            raise BasketError(
                zh=f"这段文字有 {len(kept):,} 字，上限是 {LONGEST_PASSAGE:,} 字；请分段摘录",
                en=f"this passage has {len(kept):,} characters, the limit is {LONGEST_PASSAGE:,}; take it in parts",
            )
        facts = json.dumps(report_meta(report), ensure_ascii=False)
        place = json.dumps(
            [section.ordinal, section.level, section.form, section.kind, section.heading, section.heading_path],
            ensure_ascii=False,
        )
        with self._file.changing() as db:
            same = db.execute(
                "SELECT 1 FROM passage WHERE removed = 0 AND section_id = ? AND block_id = ? AND text = ?",
                (section.section_id, block_id, kept),
            ).fetchone()
            if same:
                return False
            count, last = db.execute(
                "SELECT count(*) FILTER (WHERE removed = 0), coalesce(max(place), 0) FROM passage"
            ).fetchone()
            if count >= MOST_PASSAGES:
                raise BasketError(
                    zh=f"摘录夹已有 {MOST_PASSAGES} 段；请先导出并清空，或移除不用的",
                    en=f"the basket has {MOST_PASSAGES} passages; export and empty it, or remove some",
                )
            values = (last + 1, report.report_id, section.section_id, block_id, kept, facts, place, _now())
            db.execute(
                "INSERT INTO passage (place, report_id, section_id, block_id, text, report, section, taken_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        return True

    def move(self, passage_id: int, steps: int) -> None:
        """Move a passage up (negative) or down by so many places, as far as it goes. Raises ReportNotFound."""
        with self._file.changing() as db:
            order = [row[0] for row in db.execute("SELECT passage_id FROM passage WHERE removed = 0 ORDER BY place")]
            if passage_id not in order:
                raise _unknown(passage_id)
            at = order.index(passage_id)
            order.insert(min(max(at + steps, 0), len(order) - 1), order.pop(at))
            db.executemany("UPDATE passage SET place = ? WHERE passage_id = ?", list(enumerate(order, 1)))

    def annotate(self, passage_id: int, note: str) -> None:
        """Give a passage a note, or with "" none. Raises ReportNotFound, BasketError where it is too long."""
        kept = clean_characters(note).strip()
        if len(kept) > LONGEST_NOTE:
            raise BasketError(
                zh=f"备注有 {len(kept):,} 字，上限是 {LONGEST_NOTE:,} 字",
                en=f"the note is longer than {LONGEST_NOTE:,} characters",
            )
        self._change("UPDATE passage SET note = ? WHERE passage_id = ?", kept, passage_id)

    def remove(self, passage_id: int) -> None:
        """Take a passage out; it can be put back until the next one is taken out. Raises ReportNotFound."""
        with self._file.changing() as db:
            db.execute("DELETE FROM passage WHERE removed = 1 AND passage_id <> ?", (passage_id,))
            if not db.execute("UPDATE passage SET removed = 1 WHERE passage_id = ?", (passage_id,)).rowcount:
                raise _unknown(passage_id)

    def clear(self) -> None:
        """Take everything out; it can be put back until something else is taken out."""
        with self._file.changing() as db:
            db.execute("DELETE FROM passage WHERE removed = 1")
            db.execute("UPDATE passage SET removed = 1")

    def restore(self) -> None:
        """Put back what was taken out last."""
        with self._file.changing() as db:
            db.execute("UPDATE passage SET removed = 0 WHERE removed = 1")

    def _change(self, statement: str, value: str, passage_id: int) -> None:
        with self._file.changing() as db:
            if not db.execute(statement, (value, passage_id)).rowcount:
                raise _unknown(passage_id)

    def _read(self, where: str) -> list[Kept]:
        if not self._file.exists:
            return []
        with self._file.opened() as db:
            return [_kept(row) for row in db.execute(f"SELECT {_COLUMNS} FROM passage {where}")]  # noqa: S608 - ours


def _prepare(db: sqlite3.Connection) -> None:
    db.execute(_SCHEMA)


def _failed(path: Path, error: Exception) -> BasketError:
    return BasketError(
        zh=f"无法读写摘录夹文件 {path}：{error}；请检查权限和磁盘空间",
        en=f"can't use the basket's file {path}: {error}; check permissions and disk space",
    )


def _kept(row: tuple[Any, ...]) -> Kept:
    passage_id, report_id, section_id, block_id, text, note, facts, place, taken_at = row
    ordinal, level, form, kind, heading, path = json.loads(place)
    section = Section(section_id, ordinal, level, form, kind, heading, tuple(path), "", ())
    return Kept(passage_id, block_id, text, note, report_from_meta(report_id, json.loads(facts), ()), section, taken_at)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _unknown(passage_id: int) -> ReportNotFound:
    return ReportNotFound(
        zh=f"摘录夹中没有第 {passage_id} 号摘录；它可能已在别的窗口移除，请刷新页面",
        en=f"the basket has no passage {passage_id}; it may have been removed in another window: reload the page",
    )
