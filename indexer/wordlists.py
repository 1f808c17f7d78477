"""Word lists: named lists of phrases beside the library, which a query names as ``@name``."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus.characters import clean_characters
from corpus.folding import fold
from indexer.errors import WordListError
from indexer.homefile import HomeFile

FILE: Final = "wordlists.db"
MOST_PHRASES: Final = 500
LONGEST_PHRASE: Final = 200
MOST_LISTS: Final = 200
_NAME: Final = re.compile(r"\w{1,40}")
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS wordlist (key TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS phrase (key TEXT NOT NULL REFERENCES wordlist ON DELETE CASCADE, place INTEGER NOT NULL, "
    "text TEXT NOT NULL, PRIMARY KEY (key, place)) STRICT",
)


@dataclass(frozen=True, slots=True)
class WordList:
    """A list: its name as it was given, and its phrases in their order, none twice."""

    name: str
    phrases: tuple[str, ...]


class WordLists:
    """The word lists below a home folder; safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._file = HomeFile(home / FILE, _prepare, _failed)

    def phrases(self, name: str) -> tuple[str, ...]:
        """Return the phrases of a list, () if there is none of this name."""
        found = self.named(name)
        return found.phrases if found else ()

    def named(self, name: str) -> WordList | None:
        """Return a list by its name, whatever its case and width; None if there is none."""
        return next(self._read("WHERE key = ?", (_key(name),)), None)

    def all(self) -> list[WordList]:
        """Return every list, by name."""
        return sorted(self._read("", ()), key=lambda each: each.name)

    def add(self, name: str, phrases: Sequence[str]) -> WordList:
        """Add phrases at the end of a list, which is made if it isn't there. Raises WordListError."""
        return self._write(name, phrases, keep=True)

    def put(self, name: str, phrases: Sequence[str]) -> WordList:
        """Have a list hold exactly these phrases. Raises WordListError."""
        return self._write(name, phrases, keep=False)

    def remove(self, name: str, phrases: Sequence[str] = ()) -> None:
        """Remove some phrases of a list, or (without any, or if none is left) the list. Raises WordListError."""
        with self._file.changing() as db:
            known = self._stored(db, name)
            if known is None:
                raise _unknown(name)
            gone = {fold(phrase) for phrase in phrases}
            absent = [phrase for phrase in phrases if fold(phrase) not in set(map(fold, known.phrases))]
            if absent:
                raise WordListError(
                    zh=f"词表 {known.name} 中没有：{'、'.join(absent)}；什么也没有改动",
                    en=f"the word list {known.name} doesn't hold: {', '.join(absent)}; nothing was changed",
                )
            left = [phrase for phrase in known.phrases if gone and fold(phrase) not in gone]
            _replace(db, known.name, left)

    def _write(self, name: str, phrases: Sequence[str], *, keep: bool) -> WordList:
        clean = checked_phrases(phrases)
        if not _NAME.fullmatch(name) or not _NAME.fullmatch(_key(name)):
            raise WordListError(
                zh=f"词表名 {name or '（空）'} 无效；请用 1 到 40 个汉字、字母、数字或下划线",
                en=f"{name or '(empty)'} can't name a word list; use 1 to 40 letters, digits, Han characters or _",
            )
        with self._file.changing() as db:
            known = self._stored(db, name)
            if known is None and db.execute("SELECT count(*) FROM wordlist").fetchone()[0] >= MOST_LISTS:
                raise WordListError(
                    zh=f"词表已有 {MOST_LISTS} 个，请先删去不用的",
                    en=f"there are {MOST_LISTS} word lists; remove one first",
                )
            made = _distinct([*(known.phrases if known and keep else ()), *clean])
            _check_size(made)
            result = WordList(known.name if known else name, tuple(made))
            _replace(db, result.name, made)
        return result

    def _stored(self, db: sqlite3.Connection, name: str) -> WordList | None:
        return next(_lists(db, "WHERE key = ?", (_key(name),)), None)

    def _read(self, where: str, values: tuple[str, ...]) -> Iterator[WordList]:
        if not self._file.exists:
            return
        with self._file.opened() as db:
            yield from list(_lists(db, where, values))


def checked_phrases(phrases: Sequence[str]) -> list[str]:
    """Return phrases trimmed, empty ones left out. Raises WordListError where nothing is left or one is too long."""
    clean = [text for text in (" ".join(clean_characters(phrase).split()) for phrase in phrases) if fold(text)]
    too_long = next((text for text in clean if len(text) > LONGEST_PHRASE), None)
    if too_long is not None:
        raise WordListError(
            zh=f"短语“{too_long[:20]}…”有 {len(too_long)} 个字符，上限是 {LONGEST_PHRASE}",
            en=f"the phrase {too_long[:20]}... has {len(too_long)} characters, the limit is {LONGEST_PHRASE}",
        )
    if not clean:
        raise WordListError(
            zh="词表不能为空；请给出至少一个短语", en="a word list can't be empty; give at least one phrase"
        )
    return clean


def _prepare(db: sqlite3.Connection) -> None:
    for statement in _SCHEMA:
        db.execute(statement)


def _failed(path: Path, error: Exception) -> WordListError:
    return WordListError(
        zh=f"无法读写词表文件 {path}：{error}；请检查权限和磁盘空间",
        en=f"can't use the file of word lists {path}: {error}; check permissions and disk space",
    )


def _check_size(phrases: Sequence[str]) -> None:
    if len(phrases) > MOST_PHRASES:
        raise WordListError(
            zh=f"词表会有 {len(phrases)} 个短语，上限是 {MOST_PHRASES}；请分成几个词表",
            en=f"the list would have {len(phrases)} phrases, the limit is {MOST_PHRASES}; make several lists",
        )


def _distinct(phrases: Sequence[str]) -> list[str]:
    """Return phrases without those that fold to an earlier one."""
    by_fold: dict[str, str] = {}
    for phrase in phrases:
        by_fold.setdefault(fold(phrase), phrase)
    return list(by_fold.values())


def _replace(db: sqlite3.Connection, name: str, phrases: Sequence[str]) -> None:
    key = _key(name)
    db.execute("DELETE FROM wordlist WHERE key = ?", (key,))
    if phrases:
        db.execute("INSERT INTO wordlist VALUES (?, ?)", (key, name))
        db.executemany("INSERT INTO phrase VALUES (?, ?, ?)", [(key, n, text) for n, text in enumerate(phrases)])


def _lists(db: sqlite3.Connection, where: str, values: tuple[str, ...]) -> Iterator[WordList]:
    found = db.execute(f"SELECT key, name FROM wordlist {where}", values).fetchall()  # noqa: S608 - fixed clauses
    for key, name in found:
        phrases = db.execute("SELECT text FROM phrase WHERE key = ? ORDER BY place", (key,))
        yield WordList(name, tuple(str(row[0]) for row in phrases))


def _key(name: str) -> str:
    return fold(name.encode("utf-8", "replace").decode("utf-8"))


def _unknown(name: str) -> WordListError:
    return WordListError(
        zh=f"没有名为 {name} 的词表；chadang wordlist list 列出已有词表",
        en=f"there is no word list {name}; chadang wordlist list shows those there are",
    )
