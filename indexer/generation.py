"""Generations of the index: built aside, synced, checked, and switched to in one step."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from corpus.folding import fold, folding_version
from corpus.library import Library
from corpus.model import Report, digest64, digest_mapping
from indexer.errors import BrokenIndex, EngineUnavailable, IndexBusy, IndexUnwritable, NoIndex, StaleIndex
from indexer.ranking import rank_tokens
from indexer.results import Manifest
from indexer.segment import Segmenter, default_segmenter
from indexer.texts import TextWriter, ranked_text, states_in, units
from indexer.whooshindex import WhooshWriter, files_to_link

#: Raise it when the files of a generation or the tokens in them change.
SCHEMA_VERSION: Final = 3
ENGINES: Final = ("auto", "whoosh")
#: Beyond this many characters Whoosh's slowest common query isn't interactive any more (docs/performance.md).
WHOOSH_LIMIT: Final = 5_000_000
#: An update that touches more of the reports than this is a build.
_UPDATE_SHARE: Final = 0.3
_TEXTS: Final = "texts.db"
_WHOOSH: Final = "whoosh"
_KEPT: Final = 2

Progress = Callable[[list[str]], Iterable[str]]


def fingerprint(segmenter: Segmenter) -> str:
    """Return what an index depends on besides the texts: the folding table, the segmenter, our schema."""
    return digest64(folding_version(), segmenter.name, str(SCHEMA_VERSION))


def update(home: Path, *, engine: str = "auto", rebuild: bool = False, progress: Progress | None = None) -> Manifest:
    """Bring the index up to date with the library below ``home``; the cost follows what changed."""
    segmenter = default_segmenter()
    chosen = _chosen(engine)
    with Library(home / "library.db") as library, _locked(home), library.reading():
        states = library.states()
        previous = None if rebuild else _usable(home, chosen, segmenter)
        if previous and previous.library_state == digest_mapping(states):
            return previous
        builder = _Builder(home, chosen, library.corpus_id(), segmenter)
        try:
            if previous:
                builder.start_from(folder_of(home, previous.generation), states)
            wanted = builder.missing(states)
            shown = progress(wanted) if progress else wanted
            for report_id in shown:
                for report in library.reports([report_id]):
                    builder.add(report, states[report_id])
            return builder.finish()
        except BaseException:
            builder.abandon()
            raise


def build(
    home: Path,
    reports: Iterable[Report],
    *,
    corpus_id: str,
    engine: str = "whoosh",
    segmenter: Segmenter | None = None,
) -> Manifest:
    """Write a new generation of these reports and switch to it."""
    with _locked(home):
        builder = _Builder(home, _chosen(engine), corpus_id, segmenter or default_segmenter())
        try:
            for report in reports:
                builder.add(report)
            return builder.finish()
        except BaseException:
            builder.abandon()
            raise


def folder_of(home: Path, generation: str) -> Path:
    """Return the folder of a generation."""
    return home / "index" / generation


def current_generation(home: Path) -> str:
    """Return the name of the generation that readers are to open. Raises NoIndex."""
    try:
        return (home / "index" / "current").read_text("utf-8").strip()
    except OSError as error:
        raise NoIndex(
            zh="还没有索引；请先导入报告（chadang load 文件夹），再运行 chadang index",
            en="there is no index yet; load reports (chadang load FOLDER), then run chadang index",
        ) from error


def usable_generation(home: Path, segmenter: Segmenter) -> tuple[Path, Manifest]:
    """Return the folder and manifest of the current generation, checked. Raises NoIndex, StaleIndex or BrokenIndex."""
    folder = folder_of(home, current_generation(home))
    manifest = read_manifest(folder)
    check_usable(folder, manifest, segmenter)
    return folder, manifest


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest. Raises BrokenIndex."""
    try:
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text("utf-8")))
    except TypeError as error:  # a manifest with other fields
        raise _stale() from error
    except (OSError, ValueError) as error:
        raise _broken(folder / "manifest.json") from error
    return manifest


def check_usable(folder: Path, manifest: Manifest, segmenter: Segmenter) -> None:
    """Make sure that a generation fits this program and is what was written, before anything in it is opened.

    Whoosh's files hold pickles: a file that isn't the one we wrote is never opened. Raises StaleIndex or BrokenIndex.
    """
    if manifest.fingerprint != fingerprint(segmenter) or manifest.schema_version != SCHEMA_VERSION:
        raise _stale()
    for path in _written_files(folder / _WHOOSH):
        if path.relative_to(folder).as_posix() not in manifest.files:
            raise _broken(path)
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise _broken(path)


class _Builder:
    """One generation in the making, in a folder of its own; nothing refers to it before ``finish``."""

    def __init__(self, home: Path, engine: str, corpus_id: str, segmenter: Segmenter) -> None:
        self._home = home
        self._engine = engine
        self._corpus_id = corpus_id
        self._segmenter = segmenter
        self._name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{digest64(corpus_id, str(time.time_ns()))[:8]}"
        self.folder = folder_of(home, self._name)
        self.folder.mkdir(parents=True)
        self._inherited: dict[str, str] = {}
        self._added: dict[str, str] = {}
        self._open()

    def _open(self) -> None:
        self._texts = TextWriter(self.folder / _TEXTS)
        self._whoosh = WhooshWriter(self.folder / _WHOOSH)

    def start_from(self, previous: Path, states: dict[str, str]) -> None:
        """Take over an earlier generation, but not the reports that changed or went since.

        Where too much changed, nothing is taken over and the generation is built anew.
        """
        inherited = states_in(previous / _TEXTS)
        gone = [r for r, state in inherited.items() if states.get(r) != state]
        if len(gone) + len(states.keys() - inherited.keys()) > _UPDATE_SHARE * max(1, len(states)):
            return
        self._texts.abandon()
        self._whoosh.cancel()
        shutil.rmtree(self.folder)
        (self.folder / _WHOOSH).mkdir(parents=True)
        shutil.copyfile(previous / _TEXTS, self.folder / _TEXTS)
        for path in files_to_link(previous / _WHOOSH):
            _link(path, self.folder / _WHOOSH / path.name)
        self._open()
        self._texts.remove(gone)
        for report_id in gone:
            self._whoosh.remove(report_id)
            del inherited[report_id]
        self._inherited = inherited

    def missing(self, states: dict[str, str]) -> list[str]:
        """Return the reports that are still to be added."""
        return sorted(states.keys() - self._inherited.keys())

    def add(self, report: Report, state: str = "") -> None:
        """Add a report; ``state`` is the library's hash of all that it stores of it."""
        self._added[report.report_id] = state
        self._texts.add(report, state)
        for section in report.sections:
            folded = "\n".join(fold(unit) for unit in units(section))
            ranked = ranked_text(report, section, folded)
            tokens = sum(1 for _ in rank_tokens(ranked))
            doc = self._texts.add_section(report, section, folded, tokens)
            self._whoosh.add(doc, report.report_id, ranked)

    def finish(self) -> Manifest:
        """Write, check, sync and switch; return the manifest."""
        sections, reports, characters = self._texts.finish()
        self._whoosh.commit(sections)
        files = {}
        for path in _written_files(self.folder):
            _sync(path)  # Whoosh never does
            files[path.relative_to(self.folder).as_posix()] = _digest(path)
        manifest = Manifest(
            generation=self._name,
            engine=self._engine,
            schema_version=SCHEMA_VERSION,
            fingerprint=fingerprint(self._segmenter),
            corpus_id=self._corpus_id,
            library_state=digest_mapping(self._inherited | self._added),
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            sections=sections,
            reports=reports,
            characters=characters,
            files=files,
        )
        _write_synced(self.folder / "manifest.json", json.dumps(asdict(manifest), indent=1))
        _sync_folder(self.folder)
        _write_synced(self._home / "index" / "current", self._name)
        _remove_old(self._home, self._name)
        return manifest

    def abandon(self) -> None:
        """Remove what was written; readers never knew of it."""
        self._texts.abandon()
        self._whoosh.cancel()  # an open file can't be removed on Windows
        shutil.rmtree(self.folder, ignore_errors=True)


def _written_files(folder: Path) -> list[Path]:
    """Return the files that a manifest answers for: not itself, not Whoosh's lock, not what a file manager leaves."""
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return sorted(p for p in found if p.name != "manifest.json" and not p.name.endswith("LOCK"))


def _chosen(engine: str) -> str:
    if engine not in ENGINES:
        known = ", ".join(ENGINES)
        raise EngineUnavailable(
            zh=f"没有名为 {engine} 的引擎；可用：{known}", en=f"there is no engine {engine}; available: {known}"
        )
    return "whoosh"


def _usable(home: Path, engine: str, segmenter: Segmenter) -> Manifest | None:
    """Return the manifest of the current generation if an update can start from it."""
    try:
        _, manifest = usable_generation(home, segmenter)
    except (NoIndex, StaleIndex, BrokenIndex):
        return None
    return manifest if manifest.engine == engine else None


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Keep other builders out; the lock goes with the process, however it ends."""
    try:
        (home / "index").mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(home / "index" / "lock.db", timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(home, error) from error
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" not in str(error):
            raise _unwritable(home, error) from error
        raise IndexBusy(
            zh="另一个进程正在建立索引；请等它结束后再试",
            en="another process is building the index; try again when it has finished",
        ) from error
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(home, error) from error
    finally:
        lock.close()


def _remove_old(home: Path, current: str) -> None:
    """Remove all but the newest generations; one that is still open (Windows) stays until the next time."""
    names = sorted(p.name for p in (home / "index").iterdir() if p.is_dir() and p.name != current)
    for name in names[: max(0, len(names) - _KEPT + 1)]:
        shutil.rmtree(home / "index" / name, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    state = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            state.update(chunk)
    return state.hexdigest()


def _write_synced(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader sees the old or the new."""
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, "utf-8")
    _sync(aside)
    aside.replace(path)
    _sync_folder(path.parent)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stale() -> StaleIndex:
    return StaleIndex(
        zh="索引由另一版本的程序（格式、分词或折叠表）写成；请运行 chadang index 重建",
        en="the index was written by another version (format, segmenter or folding); run chadang index",
    )


def _unwritable(home: Path, error: Exception) -> IndexUnwritable:
    return IndexUnwritable(
        zh=f"无法在 {home / 'index'} 建立索引：{error}；请检查权限、磁盘空间和资料库文件后重试",
        en=f"can't build the index in {home / 'index'}: {error}; check permissions, disk space and the library's file",
    )


def _broken(path: Path) -> BrokenIndex:
    return BrokenIndex(
        zh=f"索引文件 {path.name} 缺失或已损坏；请运行 chadang index --rebuild",
        en=f"the index file {path.name} is missing or damaged; run chadang index --rebuild",
    )
