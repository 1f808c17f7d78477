"""Parts of a tantivy index, each written by one process: documents, a pack of texts, and what the columns hold.

Parts are put together by moving their files: segments are immutable, named by random identities, and known by a list.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import tantivy

from corpus.folding import fold
from corpus.rows import SectionRow, StoredReport, row_headings_above, row_units
from indexer import queries
from indexer.aside import Aside
from indexer.errors import BrokenIndex
from indexer.grams import gram_text, run_text
from indexer.packs import PackWriter
from indexer.ranking import character_text, title_tokens
from indexer.tablewriter import ReportEntry, entry_of
from indexer.tantivyschema import (
    CHARACTERS,
    CONTEXT,
    CONTEXT_RUNS,
    COPY_TOKEN,
    FACETS,
    FORM,
    GRAMS,
    KIND,
    REPORT,
    ROW_NUMBER,
    RUNS,
    TITLE,
    create_index,
    facet_token,
    open_index,
    row_number,
    title_size,
)
from indexer.texts import contexts
from indexer.wordingsegment import SegmentWriter

#: Memory for documents before a segment is written, in bytes: of a build, and of a small update.
BUILD_MEMORY: Final = 100_000_000
UPDATE_MEMORY: Final = 30_000_000
#: Segments of fewer documents are merged, eight of them in less time than a small change takes otherwise; so many are
#: too few to be.
_SMALL: Final = 2_000
_UNMERGED: Final = 7
#: Reports of a part whose wordings take little memory.
_FEW: Final = 1_000
_META: Final = "meta.json"
_MANAGED: Final = ".managed.json"
_FIELDS: Final = ("agency", "department", "level", "year", "doctype", "template")


class PartWriter:
    """Writes one part in a folder of its own."""

    def __init__(
        self, folder: Path, pack: Path, pack_number: int, wordings: Path, memory: int, dictionary: bytes = b""
    ) -> None:
        self._index = create_index(folder)
        self._writer = self._index.writer(heap_size=memory, num_threads=1)
        self._pack = PackWriter(pack, dictionary)
        self._pack_number = pack_number
        self._wordings: SegmentWriter | None = SegmentWriter(wordings.parent)
        self._wordings_path = wordings
        self._committing: Aside | None = None

    def add(self, stored: StoredReport, number: int, copy: bool) -> ReportEntry:
        """Write a report under a number; return its row of the columns.

        ``copy``: another report of the index stands for it.
        """
        entry = entry_of(stored, pack=self._pack_number, copy=copy)
        self._pack.add(stored.report, stored.sections)
        facets = [facet_token(field, getattr(entry, field)) for field in _FIELDS]
        facets += [facet_token("region", region) for region in entry.regions]
        if copy:
            facets.append(COPY_TOKEN)
        around = [fold(text) for text in contexts(stored.report, ())]
        worded = [(section, [fold(unit) for unit in row_units(section)]) for section in stored.sections]
        for section, own in worded:
            self._writer.add_document(_document(section, own, number, around, facets))
        assert self._wordings is not None  # noqa: S101 - it isn't finished
        self._wordings.add(stored.report, worded)
        return entry

    def finish(self) -> list[tuple[int, int]]:
        """Write everything; return where the records lie in the pack, in the order the reports were added."""
        assert self._wordings is not None  # noqa: S101 - it isn't finished
        if len(self._wordings) <= _FEW:  # tantivy writes its segment, and waits for the disk, on its own
            self._committing = Aside(self._commit)
            self._wordings.save(self._wordings_path)
        else:  # to commit takes memory too: what the wordings take is let go before
            self._wordings.save(self._wordings_path)
            self._wordings = None
            self._committing = Aside(self._commit)
        places = self._pack.close()
        self._committing.wait()
        return places

    def _commit(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def abandon(self) -> None:
        """Let go of the files."""
        self._pack.abandon()
        if self._wordings is not None:
            self._wordings.abandon()
        if self._committing is None:
            self._writer.rollback()
        else:
            # Only one at a time can use the writer; what went wrong before is told.
            with suppress(BaseException):
                self._committing.wait()


def _document(row: SectionRow, own: list[str], number: int, around: list[str], facets: list[str]) -> tantivy.Document:
    context = [*around, *map(fold, row_headings_above(row))]
    ordinal = row[0]
    document = tantivy.Document()
    document.add_text(GRAMS, gram_text(own))
    document.add_text(RUNS, run_text(own))
    document.add_text(CONTEXT, gram_text(context))
    document.add_text(CONTEXT_RUNS, run_text(context))
    document.add_text(CHARACTERS, character_text("\n".join((*own, *context))))
    if ordinal == 0:
        title = title_tokens(own[0])
        document.add_text(TITLE, " ".join((*title, title_size(len(title)))))
    for token in facets:
        document.add_text(FACETS, token)
    document.add_text(KIND, row[4])
    document.add_text(FORM, row[3])
    document.add_unsigned(REPORT, number)
    document.add_unsigned(ROW_NUMBER, row_number(number, ordinal, row[4], row[3]))
    return document


def put_together(folder: Path, parts: list[Path]) -> None:
    """Move the segments of finished parts into an index, which need not exist yet."""
    folder.mkdir(parents=True, exist_ok=True)
    target = _meta(folder) if (folder / _META).exists() else None
    managed = set(json.loads((folder / _MANAGED).read_text("utf-8"))) if target else {_META}
    for part in parts:
        meta = _meta(part)
        for path in _live_files(part, meta):
            path.rename(folder / path.name)
            managed.add(path.name)
        if target is None:
            target = meta
        else:
            target["segments"] += meta["segments"]
            target["opstamp"] = max(target["opstamp"], meta["opstamp"])
    if target is None:
        raise BrokenIndex(zh="没有可写入的索引", en="there is no part to make an index of")
    _replace(folder / _MANAGED, json.dumps(sorted(managed)))
    _replace(folder / _META, json.dumps(target))


def _live_files(folder: Path, meta: dict[str, Any]) -> Iterator[Path]:
    """Yield the files that a list of segments refers to: those of merged segments may lie about yet."""
    deletes = {_file_prefix(segment): segment["deletes"] for segment in meta["segments"]}
    for path in segment_files(folder):
        prefix = path.name.split(".")[0]
        if prefix in deletes:
            current = deletes[prefix]
            if path.suffix != ".del" or (current and path.name == f"{prefix}.{current['opstamp']}.del"):
                yield path


def segment_files(folder: Path) -> Iterator[Path]:
    """Yield the files of an index that never change and that a later generation can share."""
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.is_file() and not entry.name.startswith(".") and entry.name != _META and "lock" not in entry.name:
            yield Path(entry.path)


def copy_lists(source: Path, target: Path) -> None:
    """Copy the two files that say which segments there are; these change with every commit."""
    for name in (_META, _MANAGED):
        (target / name).write_bytes((source / name).read_bytes())


def remove_reports(folder: Path, numbers: list[int]) -> None:
    """Delete the sections of reports from an index; small segments are merged on this occasion, large ones never.

    tantivy considers merging at every commit, wherever eight segments are of about one size, and has no setting for it
    here: eight large ones would make a small change wait for seconds. So large segments are seen by it a few at a time.
    """
    meta = _meta(folder)
    groups = _seldom_merged(meta["segments"])
    parts = [folder / f"group-{n}" for n in range(len(groups))]
    for part, group in zip(parts, groups, strict=True):
        part.mkdir()
        names = {_file_prefix(segment) for segment in group}
        held = [path for path in segment_files(folder) if path.name.split(".")[0] in names]
        for path in held:
            path.rename(part / path.name)
        (part / _META).write_text(json.dumps({**meta, "segments": group}), "utf-8")
        (part / _MANAGED).write_text(json.dumps([_META, *(path.name for path in held)]), "utf-8")
        index = open_index(part)
        writer = index.writer(heap_size=UPDATE_MEMORY, num_threads=1)
        # By query: delete_documents_by_term takes an integer for a signed one and deletes nothing (tantivy-py 0.27).
        writer.delete_documents_by_query(queries.as_query(queries.tokens(index.schema, REPORT, numbers)))
        writer.commit()
        writer.wait_merging_threads()
    (folder / _META).unlink()
    (folder / _MANAGED).unlink()
    put_together(folder, parts)
    for part in parts:
        # What was merged may be mapped by a reader of an earlier generation: Windows removes no such file.
        shutil.rmtree(part, ignore_errors=True)


def _seldom_merged(segments: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return segments in groups: all small ones together, the others too few at a time to be merged."""
    small = [segment for segment in segments if segment["max_doc"] < _SMALL]
    large = [segment for segment in segments if segment["max_doc"] >= _SMALL]
    groups = [large[n : n + _UNMERGED] for n in range(0, len(large), _UNMERGED)]
    return [*groups, small] if small else groups


def _file_prefix(segment: dict[str, Any]) -> str:
    return str(segment["segment_id"]).replace("-", "")


def check_size(folder: Path, sections: int) -> None:
    """Make sure that an index holds as many sections as were written. Raises BrokenIndex."""
    held = open_index(folder).searcher().num_docs
    if held != sections:
        raise BrokenIndex(
            zh=f"写入的索引有 {held} 个章节，应有 {sections} 个；请运行 chadang index --rebuild",
            en=f"the index was written with {held} sections instead of {sections}; run chadang index --rebuild",
        )


def _meta(folder: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((folder / _META).read_text("utf-8"))
    return meta


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, "utf-8")
    aside.replace(path)
