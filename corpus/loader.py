"""Files and folders -> the library. A file that can't be read is recorded with its reason, never in the way."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Final, Protocol

from corpus.copies import link_copies
from corpus.errors import WorkersFailed
from corpus.identity import newer_capture, settled
from corpus.library import Library, Source
from corpus.parsing import PARSER_VERSION, Parsed
from corpus.workers import Ended, Message, Pool, Task, run_task

#: Results per transaction; small, since another load waits for it.
_BATCH: Final = 25
#: What lies about in any folder and is nobody's report.
_IGNORED: Final = frozenset({"thumbs.db", "desktop.ini", "readme.md", "expected.json", "frontier.db", "lock.db"})
#: Parts of saved web pages.
_PARTS: Final = frozenset({".css", ".js", ".map", ".ico", ".woff", ".woff2", ".ttf", ".eot"})


class Progress(Protocol):
    """Hears how far a load is."""

    def set_total(self, total: int) -> None:
        """There are so many files to deal with."""
        ...

    def part(self, failed: bool = False) -> None:
        """One more member of a container is dealt with."""
        ...

    def done(self, failed: bool = False) -> None:
        """One more file is dealt with."""
        ...


@dataclass(slots=True)
class LoadSummary:
    """What a load did; ``failed`` holds the sources with their reasons, ``gone`` the paths that don't exist.

    Counts are of reports: those of plain files and of the members of containers. ``doubtful`` counts those that were
    read now, but that a person should look at.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Source] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file to load and the name it would have."""

    path: Path
    root: Path

    def source_name(self, ancestors: int = 0) -> str:
        """Return load root's name + NFC path; ``ancestors`` folders above the root make it longer."""
        above = self.root.parts[max(1, len(self.root.parts) - 1 - ancestors) :]
        inside = self.path.relative_to(self.root).parts
        return unicodedata.normalize("NFC", "/".join((*above, *inside)))


def load(
    library: Library,
    paths: Sequence[Path],
    *,
    columns: Mapping[str, str] | None = None,
    remove_missing: bool = False,
    workers: int = 0,
    progress: Progress | None = None,
) -> LoadSummary:
    """Bring files and folders into the library; loading again changes nothing.

    ``columns`` maps the columns of tables of reports to fields. ``workers`` is the number of processes that parse;
    with 0 this one does, which can't be stopped in the middle of a hostile file. ``remove_missing`` forgets the
    reports whose file is no longer there: those below the paths given, or all if none is.
    """
    with library.loading():
        return _loaded(library, paths, dict(columns or {}), remove_missing, workers, progress)


def _loaded(
    library: Library,
    paths: Sequence[Path],
    columns: dict[str, str],
    remove_missing: bool,
    workers: int,
    progress: Progress | None,
) -> LoadSummary:
    work = _Load(library, columns, progress)
    if progress is not None:
        progress.set_total(sum(1 for path in paths for _ in files_below(path)))
    tasks = work.tasks(work.candidates(paths))
    if workers:
        with Pool(workers) as pool:
            work.take(pool.results(tasks))
    else:
        work.take((task, message) for task in tasks for message in run_task(task))
    if remove_missing:
        work.remove_missing(paths)
    with library.transaction():
        link_copies(library)
        library.forget_changes()
    return work.summary


class _Load:
    """One load while it runs."""

    def __init__(self, library: Library, columns: dict[str, str], progress: Progress | None) -> None:
        self._library = library
        self._columns = columns
        self._mapping = ",".join(f"{name}={field_}" for name, field_ in sorted(columns.items()))
        self._progress = progress
        self._started = datetime.now(UTC).isoformat(timespec="microseconds")
        self._files: dict[str, Source] = {}  # path -> the row of a file that is being loaded
        self._names: dict[str, str] = {}  # names given in this load -> path
        self._whole: set[str] = set()  # files that are one report, containers among them
        self._unread: set[str] = set()  # files of which that one report couldn't be read
        self._waiting: list[tuple[Task, Message]] = []
        self.summary = LoadSummary()

    def candidates(self, paths: Sequence[Path]) -> Iterator[_Candidate]:
        """Yield the files at and below the paths, each once, under the root it was first found by."""
        folders: list[Path] = []
        files: set[Path] = set()
        for path in paths:
            full = Path(os.path.abspath(path))  # noqa: PTH100 - links stay as named
            if not os.path.lexists(full):
                self.summary.gone.append(str(path))
            folder = full.is_dir()
            for file in files_below(full):
                if file not in files and not any(file.is_relative_to(earlier) for earlier in folders):
                    yield _Candidate(file, full if folder else full.parent)
            if folder:
                folders.append(full)
            else:
                files.add(full)

    def tasks(self, candidates: Iterator[_Candidate]) -> Iterator[Task]:
        """Yield the files that have to be parsed; the others are dealt with here."""
        for candidate in candidates:
            path = str(candidate.path)
            try:
                path.encode("utf-8")
            except UnicodeEncodeError:
                # Such a name can't be stored; a readable form of it can, with what to do.
                shown = os.fsencode(path).decode("utf-8", "backslashreplace")
                said = ("文件名不是有效的 UTF-8；请改名", "the file's name isn't valid UTF-8; rename it")
                self._refuse(Source(shown, shown, parser=PARSER_VERSION), said)
                continue
            known = self._library.source_at(path)
            if known is None:
                named = self._library.source_named(candidate.source_name())
                known = self._moved_here(named, path) if named is not None else None
                taken = named is not None and Path(named.path).exists()
                source = known or Source(self._free_name(candidate, taken), path)
            else:
                source = known
            task = self._task(candidate.path, source, known)
            if task is not None:
                yield task

    def _task(self, path: Path, source: Source, known: Source | None) -> Task | None:
        """Return what is to be parsed of a file; None if it is known, or can't be."""
        try:
            state = path.stat()
        except OSError as error:
            # The file may be fine the next time: what it held stays, and it is tried again.
            held = replace(source, size=0, mtime_ns=0, sha256="")
            self._refuse(held, (f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"))
            return None
        if not S_ISREG(state.st_mode):
            said = ("不是普通文件；请移走", "not a regular file; move it away")
            self._refuse(replace(source, report_id=""), said)
            return None
        current = known is not None and known.parser == PARSER_VERSION and known.columns == self._mapping
        if current and (source.size, source.mtime_ns) == (state.st_size, state.st_mtime_ns):
            self._count_known(source)
            return None
        self._files[source.path] = replace(source, size=state.st_size, mtime_ns=state.st_mtime_ns)
        return Task(path, source.source, source.sha256 if current else "", self._columns)

    def take(self, results: Iterator[tuple[Task, Message]]) -> None:
        """Write what comes, some at a time in one transaction each; nothing that was written is lost by an interrupt."""
        try:
            for task, message in results:
                self._waiting.append((task, message))
                if len(self._waiting) >= _BATCH:
                    self._write()
        except WorkersFailed:
            self._write()  # what came before is good
            raise
        self._write()

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        with self._library.transaction():
            for task, message in waiting:
                if isinstance(message, Parsed):
                    self._put(self._files[str(task.path)], message)
                elif isinstance(message, Ended):
                    self._end(self._files[str(task.path)], message)

    def _put(self, file: Source, parsed: Parsed) -> None:
        """Write what a file, or a member of it, gave."""
        name = f"{file.source}!{parsed.member}" if parsed.member else file.source
        known = self._library.source_at(file.path, parsed.member)
        if not parsed.member:
            self._whole.add(file.path)
            if parsed.report is None:
                self._unread.add(file.path)
        else:
            if self._progress is not None:
                self._progress.part(failed=parsed.report is None)
            if self._library.source_at(file.path) is None:
                # Known from the first member on, so that what an interrupted load leaves can be found and removed.
                self._library.put_failure(Source(file.source, file.path))
            file = Source(known.source if known else name, file.path, parsed.member)
        source = replace(
            file,
            parser=PARSER_VERSION,
            columns=self._mapping,
            reason_zh=parsed.reason_zh,
            reason_en=parsed.reason_en,
            doubts=parsed.doubts,
            kept=parsed.kept,
            raw_size=parsed.raw_size,
            url=parsed.url,
            fetched_at=parsed.fetched_at,
            sha256=parsed.sha256,
            loaded_at=self._started,
        )
        if parsed.report is None:
            self._fail(replace(source, report_id=""))
            return
        newer = newer_capture(self._library, source)
        if newer is not None:
            if newer.source != source.source:  # in one file the newer record may come before the older
                self._library.supersede(source)
            return
        report = settled(self._library, parsed.report, source)
        before = self._library.state(known.report_id) if known and known.report_id else ""
        report_id = self._library.put(source, report)
        if source.doubts:
            self.summary.doubtful += 1
        if not known or not known.report_id:
            self.summary.added += 1
        elif before == self._library.state(report_id):
            self.summary.unchanged += 1
        else:
            self.summary.changed += 1

    def _end(self, file: Source, ended: Ended) -> None:
        """Write the file's own row: what it was when it was read, and why it couldn't be read on."""
        zh, en = ended.failure
        whole = file.path in self._whole
        state = replace(
            file, parser=PARSER_VERSION, columns=self._mapping, sha256=ended.sha256, loaded_at=self._started
        )
        if ended.same:
            self._library.touch(state)
            self._count_known(state)
        elif zh:
            held = replace(state, size=0, mtime_ns=0) if ended.again else replace(state, report_id="")
            self._fail(replace(held, reason_zh=zh, reason_en=en))
        else:
            if ended.container and not whole:
                self._library.put_failure(replace(state, report_id="", reason_zh="", reason_en=""))
            elif ended.container or not whole:  # a plain file was written with all that is known of it
                self._library.touch(state)
            for held in self._library.members(file.path, not_since=self._started) if ended.container else ():
                self._library.remove(held.source)
                self.summary.removed += 1
        del self._files[file.path]
        self._names.pop(file.source, None)  # the library has it now
        self._whole.discard(file.path)
        if self._progress is not None:
            self._progress.done(failed=bool(zh) or file.path in self._unread)
        self._unread.discard(file.path)

    def remove_missing(self, paths: Sequence[Path]) -> None:
        """Forget the files that are no longer there."""
        with self._library.transaction():
            for source in self._library.missing():
                if not paths or _is_below(source.path, paths):
                    self.summary.removed += max(1, len(self._library.members(source.path)))
                    self._library.remove(source.source)

    def _refuse(self, source: Source, said: tuple[str, str]) -> None:
        with self._library.transaction():
            self._fail(
                replace(source, parser=PARSER_VERSION, loaded_at=self._started, reason_zh=said[0], reason_en=said[1])
            )
        if self._progress is not None:
            self._progress.done(failed=True)

    def _fail(self, source: Source) -> None:
        self._library.put_failure(source)
        self.summary.failed.append(source)

    def _count_known(self, known: Source) -> None:
        members = self._library.members(known.path)
        for source in (known, *members):
            if source.reason_zh:
                self.summary.failed.append(source)
            elif source.report_id:
                self.summary.unchanged += 1
        if self._progress is not None:
            self._progress.done(failed=bool(known.reason_zh))

    def _moved_here(self, held: Source, path: str) -> Source | None:
        """Return a container of a file's name that lay elsewhere and is gone from there, now with its members here."""
        if Path(held.path).exists() or not self._library.members(held.path):
            return None
        with self._library.transaction():
            self._library.rehome(held.path, path)
        return self._library.source_at(path)

    def _free_name(self, candidate: _Candidate, taken: bool) -> str:
        """Return a canonical name that no other existing file has; folders above are added until it is free.

        ``taken``: the shortest one is another file's.
        """
        path = str(candidate.path)
        for ancestors in range(len(candidate.root.parts)):
            name = candidate.source_name(ancestors)
            if ancestors:
                holder = self._library.source_named(name)
                taken = holder is not None and Path(holder.path).exists()
            if not taken and self._names.setdefault(name, path) == path:
                return name
        return candidate.path.as_posix()


def files_below(path: Path) -> Iterator[Path]:
    """Yield the files at or below a path, sorted; hidden ones, parts of saved pages and linked folders are left out."""
    if not path.is_dir():
        if os.path.lexists(path):
            yield path
        return
    for folder, folders, names in os.walk(path):
        pages = {Path(name).stem for name in names if Path(name).suffix.lower() in {".html", ".htm", ".mhtml"}}
        folders[:] = sorted(n for n in folders if not n.startswith(".") and not _belongs_to_page(n, pages))
        for name in sorted(names):
            lower = name.lower()
            if not name.startswith((".", "~$")) and lower not in _IGNORED and Path(lower).suffix not in _PARTS:
                yield Path(folder) / name


def _belongs_to_page(folder: str, pages: set[str]) -> bool:
    """Whether a folder holds the pictures and scripts of a page that a browser saved beside it."""
    return any(folder.endswith(end) and folder.removesuffix(end) in pages for end in ("_files", ".files", "_文件"))


def _is_below(path: str, folders: Sequence[Path]) -> bool:
    return any(Path(path).is_relative_to(os.path.abspath(folder)) for folder in folders)  # noqa: PTH100
