"""A generation of the tantivy engine in the making: parts are written by several processes, then put together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from corpus.folding import folding_version
from corpus.library import Library
from corpus.model import digest64
from corpus.rows import StoredReport
from indexer.aside import Aside
from indexer.builder import Progress, Totals, Wanted
from indexer.generation import COLUMNS, PACKS, SCHEMA_VERSION, TANTIVY, WORDINGS, link
from indexer.packs import dictionary_of
from indexer.partworkers import Finished, Task, carried_out
from indexer.reporttable import ReportTable
from indexer.tablewriter import ReportEntry, TableWriter
from indexer.tantivyparts import (
    BUILD_MEMORY,
    UPDATE_MEMORY,
    PartWriter,
    check_size,
    copy_lists,
    put_together,
    remove_reports,
    segment_files,
)
from indexer.unfinished import INDEX, PACK, WORDED, FinishedParts, Written
from indexer.wordingfolder import link_segments, merge_small, segment_path

_UPDATE_SHARE: Final = 0.3
#: So few reports are written by this process: to start others takes half a second.
_FEW: Final = 600
#: So many reports at most are written again after an interruption, by each worker.
_MOST_IN_PART: Final = 8_000
_PARTS: Final = "parts"


class TantivyBuilder:
    """Writes an index, packs and columns into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._table = TableWriter()
        self._gone: Mapping[str, tuple[str, str]] = {}
        self._numbers_gone: list[int] = []
        self._inherits = False
        self._removing: Aside | None = None
        self._parts: list[Path] = []
        self._moved: list[tuple[Path, Path]] = []
        self._finished: FinishedParts | None = None
        self._single: PartWriter | None = None
        self._entries: list[ReportEntry] = []
        (folder / PACKS).mkdir(parents=True)
        (folder / COLUMNS).mkdir()
        (folder / WORDINGS).mkdir()

    def wanted(self, library: Library, copies: set[str], previous: Path | None, mark: str) -> Wanted:
        """Return what the library holds, or what of it may differ; see Builder."""
        changed = library.changed_since(mark) if previous else None
        if changed is None or previous is None:
            return Wanted(library.states(), copies)
        changed |= copies ^ ReportTable(previous / COLUMNS).copied()
        return Wanted(library.states(changed), copies, changed)

    def start_from(self, previous: Path, wanted: Wanted) -> bool:
        """Take over an earlier generation; see Builder."""
        table = TableWriter(ReportTable(previous / COLUMNS))
        states, were_copies = wanted.states, table.copies()
        held = table.hashes(wanted.changed)
        gone = {
            r: hashes
            for r, hashes in held.items()
            if states.get(r) != hashes[0] or (r in wanted.copies) != (r in were_copies)
        }
        changes = len(gone) + len(states.keys() - held.keys())
        if changes > _UPDATE_SHARE * max(1, table.alive):
            return False
        numbers = [table.remove(report_id) for report_id in gone]
        if table.dead_share() > _UPDATE_SHARE:
            return False
        self._table, self._gone, self._numbers_gone = table, gone, numbers
        self._inherits = True
        (self._folder / TANTIVY).mkdir()
        for path in segment_files(previous / TANTIVY):
            link(path, self._folder / TANTIVY / path.name)
        copy_lists(previous / TANTIVY, self._folder / TANTIVY)
        for name in table.packs:
            link(previous / PACKS / name, self._folder / PACKS / name)
        link_segments(previous, self._folder)
        if numbers:
            # tantivy deletes and merges on its own while this process makes documents of what comes.
            self._removing = Aside(lambda: remove_reports(self._folder / TANTIVY, numbers))
        return True

    def missing(self, wanted: Wanted) -> list[str]:
        """Return the reports that are still to be added."""
        return sorted(wanted.states.keys() - self._table.held(wanted.states))

    def gone(self) -> Mapping[str, tuple[str, str]]:
        """Return what was left out of the earlier generation; see Builder."""
        return self._gone

    def add_from(
        self,
        library: Library,
        missing: list[str],
        wanted: Wanted,
        progress: Progress | None,
        workers: int,
    ) -> None:
        """Add reports of a library; see Builder."""
        shown = iter(progress(missing) if progress else missing)
        if len(missing) <= _FEW:
            for report_id in shown:
                for stored in library.stored([report_id]):
                    self.add(stored, report_id in wanted.copies)
            return
        first = self._table.size
        incoming = [(r, first + n, wanted.states[r], r in wanted.copies) for n, r in enumerate(missing)]
        base = sorted(self._table.numbers().items())
        key = digest64(repr((SCHEMA_VERSION, folding_version(), base, self._numbers_gone, incoming, self._table.packs)))
        self._finished = FinishedParts(self._folder.parent, key)
        found = self._written(self._tasks(library.path, incoming, workers), workers, shown)
        # What changed while it was read is written as this process' transaction sees it.
        left = [row for row in incoming if row[0] not in found]
        if left:
            writer = self._writer(BUILD_MEMORY)
            late = []
            for report_id, number, _, copy in left:
                late += [writer.add(stored, number, copy) for stored in library.stored([report_id])]
                next(shown, None)
            found |= {e.report_id: (e, place) for e, place in zip(late, writer.finish(), strict=True)}
            self._single = None
        for _ in shown:
            pass
        self._table.add(found[report_id] for report_id in missing)

    def _written(self, tasks: list[Task], workers: int, shown: Iterator[str]) -> dict[str, Written]:
        """Have the tasks carried out that aren't yet; return report -> what was written of it."""
        assert self._finished is not None  # noqa: S101 - set by the only caller
        found: dict[str, Written] = {}
        todo = []
        for task in tasks:
            held = self._finished.held(task.number)
            if held is None:
                todo.append(task)
                continue
            for entry, place in held:
                found[entry.report_id] = (entry, place)
                next(shown, None)
        folders = {task.number: task.folder for task in todo}
        entries: dict[int, list[ReportEntry]] = {number: [] for number in folders}
        for answer in carried_out(todo, workers):
            if isinstance(answer, Finished):
                written = list(zip(entries.pop(answer.number), answer.places, strict=True))
                self._finished.keep(folders[answer.number], answer.number, written)
                found |= {entry.report_id: (entry, place) for entry, place in written}
                continue
            number, some = answer
            entries[number] += some
            for _ in some:
                next(shown, None)
        return found

    def add(self, stored: StoredReport, copy: bool = False) -> None:
        """Add one report."""
        number = self._table.size + len(self._entries)
        self._entries.append(self._writer(UPDATE_MEMORY).add(stored, number, copy))

    def finish(self) -> Totals:
        """Write everything, and make sure that it is all there."""
        if self._single is None and not self._parts and not (self._folder / TANTIVY).exists():
            self._writer(UPDATE_MEMORY)  # an empty library has an index too
        if self._single is not None:
            self._table.add(zip(self._entries, self._single.finish(), strict=True))
            self._single = None
        if self._removing is not None:
            self._removing.wait()
        put_together(self._folder / TANTIVY, self._parts)
        for written, target in self._moved:
            written.rename(target)
        merge_small(self._folder, self._table.report_ids)
        shutil.rmtree(self._folder / _PARTS, ignore_errors=True)
        for lock in (self._folder / TANTIVY).glob("*.lock"):
            lock.unlink(missing_ok=True)
        totals = Totals(*self._table.save(self._folder / COLUMNS))
        check_size(self._folder / TANTIVY, totals.sections)
        return totals

    def abandon(self) -> None:
        """Let go of the files."""
        if self._removing is not None:
            with suppress(BaseException):  # what went wrong before is told
                self._removing.wait()
        if self._single is not None:
            self._single.abandon()
            self._single = None

    def _writer(self, memory: int) -> PartWriter:
        if self._single is None:
            earlier = self._folder / PACKS / self._table.packs[0] if self._inherits and self._table.packs else None
            number, pack = self._next_pack()
            folder = self._folder / _PARTS / str(number)
            self._parts.append(folder)
            wordings = segment_path(self._folder, number)
            self._single = PartWriter(
                folder, pack, number, wordings, memory, dictionary_of(earlier) if earlier else b""
            )
        return self._single

    def _next_pack(self) -> tuple[int, Path]:
        number = len(self._table.packs)
        name = f"{self._folder.name[-8:]}-{number}.pack"
        self._table.packs.append(name)
        return number, self._folder / PACKS / name

    def _tasks(self, library: Path, incoming: list[tuple[str, int, str, bool]], workers: int) -> list[Task]:
        """Return the tasks of a build: neighbours stay together, so that a part is in the order of the whole.

        Each is as large as one worker can do before an interruption would cost much, and all are of one size.
        """
        assert self._finished is not None  # noqa: S101 - set by the only caller
        rounds = -(-len(incoming) // (workers * _MOST_IN_PART))
        share = -(-len(incoming) // (workers * rounds))
        tasks = []
        for number, start in enumerate(range(0, len(incoming), share)):
            pack_number, pack = self._next_pack()
            self._parts.append(self._finished.path(number) / INDEX)
            self._moved.append((self._finished.path(number) / PACK, pack))
            self._moved.append((self._finished.path(number) / WORDED, segment_path(self._folder, pack_number)))
            folder = self._folder / _PARTS / str(number)
            tasks.append(Task(library, folder, number, pack_number, tuple(incoming[start : start + share])))
        return tasks
