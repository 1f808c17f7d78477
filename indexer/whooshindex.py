"""The Whoosh side of an index: what is written and read, and its traps (docs/decisions.md)."""

from __future__ import annotations

import os
import threading
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from whoosh import fields, index
from whoosh.analysis import SpaceSeparatedTokenizer

from indexer.errors import BrokenIndex
from indexer.ranking import RankField, characters_of, pairs_of
from indexer.segment import Segmenter, words_of

#: What sections are ranked by (indexer/ranking.py); the words are jieba's.
RANK_FIELDS: Final[tuple[RankField, ...]] = ("pairs", "context", "characters", "words")

#: Memory for postings while building, in MB.
_BUILD_MEMORY = 256
_POSTINGS_KEPT = 1_024


def schema() -> fields.Schema:
    """Return the schema; always passed from code, since Whoosh pickles it. Tokens come ready, joined by blanks."""
    shape = {name: fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False) for name in RANK_FIELDS}
    return fields.Schema(doc=fields.NUMERIC(int, bits=64, sortable=True), report=fields.ID, **shape)


def rank_tokens(own: str, context: str, segmenter: Segmenter) -> tuple[list[str], ...]:
    """Return the tokens of a section's folded text with its context, for each field that ranks.

    jieba's words are cut by jieba itself, not by its ChineseAnalyzer: that one drops digits and single characters, and
    gives offsets for positions.
    """
    everything = f"{own}\n{context}"
    words = [word.text for word in words_of(everything, segmenter)]
    return list(pairs_of(own)), list(pairs_of(context)), list(characters_of(everything)), words


class WhooshWriter:
    """Writes documents in one process: Whoosh's multi-process writer loses some silently."""

    def __init__(self, folder: Path) -> None:
        shape = schema()
        folder.mkdir(parents=True, exist_ok=True)
        exists = index.exists_in(folder)
        self._index = index.open_dir(folder, schema=shape) if exists else index.create_in(folder, shape)
        self.go_on()

    def go_on(self) -> None:
        """Begin the next segment, whose files are opened at once."""
        self._writer = self._index.writer(limitmb=_BUILD_MEMORY, procs=1)

    def remove(self, report_id: str) -> None:
        """Remove the documents of a report."""
        self._writer.delete_by_term("report", report_id)

    def add(self, doc: int, report_id: str, tokens: Sequence[Sequence[str]]) -> None:
        """Add one document: its number, its report and the tokens that rank it, by field."""
        texts = {name: " ".join(found) for name, found in zip(RANK_FIELDS, tokens, strict=True)}
        self._writer.add_document(doc=doc, report=report_id, **texts)

    def checkpoint(self) -> None:
        """Write what was added so far as a segment of its own; call ``go_on`` before adding more."""
        self._writer.commit(merge=False)

    def commit(self, expected: int) -> None:
        """Write everything, and make sure that it is all there."""
        self._writer.commit()
        count = self._index.doc_count()
        self._index.close()
        if count != expected:
            raise BrokenIndex(
                zh=f"写入的索引有 {count} 个章节，应有 {expected} 个；请运行 chadang index --rebuild",
                en=f"the index was written with {count} sections instead of {expected}; run chadang index --rebuild",
            )

    def cancel(self) -> None:
        """Let go of the files; nothing of what was added is kept."""
        if not self._writer.is_closed:
            self._writer.cancel()
        self._index.close()


class WhooshPostings:
    """Postings of ranking tokens by row; one reader behind a lock, since readers aren't for several threads."""

    def __init__(self, folder: Path, row_of_doc: dict[int, int]) -> None:
        self._index = index.open_dir(folder, schema=schema())
        self._reader = self._index.reader()
        self._lock = threading.Lock()
        self._rows = self._rows_by_number(row_of_doc)
        self.postings = lru_cache(maxsize=_POSTINGS_KEPT)(self._postings)

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            self._reader.close()
            self._index.close()

    def _postings(self, field: RankField, token: str) -> tuple[array[int], array[float]]:
        """Return the rows that have a token, and how often each has it."""
        rows, weights = array("l"), array("d")
        with self._lock:
            if (field, token) not in self._reader:
                return rows, weights
            matcher = self._reader.postings(field, token)
            while matcher.is_active():
                rows.append(self._rows[matcher.id()])
                weights.append(matcher.weight())
                matcher.next()
        return rows, weights

    def _rows_by_number(self, row_of_doc: dict[int, int]) -> list[int]:
        """Return Whoosh's document number -> row; -1 where a document was deleted."""
        if not row_of_doc:
            return []
        column = self._reader.column_reader("doc")
        return [row_of_doc.get(column[number], -1) for number in range(self._reader.doc_count_all())]


def files_to_link(folder: Path) -> Iterator[Path]:
    """Yield the files of an index that a later generation can share: Whoosh never changes a file it wrote."""
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.is_file() and not entry.name.endswith((".lock", "LOCK")):
            yield Path(entry.path)
