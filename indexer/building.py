"""Bring the index up to date: choose an engine, build a generation aside, sync, check, switch to it in one step."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from corpus.library import Library
from corpus.model import Report, digest64, digest_exchanged, digest_mapping
from corpus.rows import stored_report
from indexer import generation
from indexer.builder import Builder, Progress, Wanted
from indexer.copylinks import copies_among, stood_for
from indexer.engines import WHOOSH_LIMIT, check_engine, has_tantivy
from indexer.errors import BrokenIndex, NoIndex, StaleIndex
from indexer.generation import (
    digest_of,
    fingerprint,
    folder_of,
    forget_unfinished,
    locked,
    remove_old,
    sync,
    sync_folder,
    usable_generation,
    write_synced,
    written_files,
)
from indexer.results import Manifest
from indexer.segment import Segmenter, segmenter_of

_SYNCED_AT_ONCE: Final = 8


def update(
    home: Path,
    *,
    engine: str = "auto",
    rebuild: bool = False,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Manifest:
    """Bring the index up to date with the library below ``home``; the cost follows what changed.

    ``engine`` "auto" chooses by size. ``workers``: how many processes write a large index; all cores by default.
    """
    segmenter = segmenter_of(home)
    check_engine(engine)
    with Library(home / "library.db") as library, locked(home), library.reading():
        current = _usable(home, segmenter)
        chosen = _choose(engine, library, current)
        previous = current if current and current.engine == chosen and not rebuild else None
        if previous and library.changed_since(previous.library_mark) == set():
            return previous
        making = _Making(home, chosen, engine, segmenter)
        try:
            copies = copies_among(library.links())
            wanted = making.wanted(library, copies, previous)
            if previous and wanted.changed is None and previous.library_state == digest_mapping(wanted.states):
                making.abandon()
                return previous
            if previous and not making.start_from(previous, wanted):
                previous, wanted = None, making.wanted(library, copies, None)
            missing = making.builder.missing(wanted)
            if previous and not missing and not making.builder.gone() and wanted.changed is not None:
                making.abandon()
                return previous
            made_of = _made_of(library, previous, wanted, missing, making.builder.gone())
            making.builder.add_from(library, missing, wanted, progress, workers or os.cpu_count() or 1)
            return making.finish(made_of)
        except BaseException:
            making.abandon()
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
    check_engine(engine)
    held = list(reports)
    chosen = engine if engine != "auto" else "whoosh"
    with locked(home):
        making = _Making(home, chosen, engine, segmenter or segmenter_of(home))
        try:
            copies = stood_for({report.report_id: report.same_as for report in held})
            for report in held:
                making.builder.add(stored_report(report), copy=report.report_id in copies)
            state = digest_mapping({report.report_id: "" for report in held})
            return making.finish(_MadeOf(corpus_id, state, ""))
        except BaseException:
            making.abandon()
            raise


def _choose(engine: str, library: Library, current: Manifest | None) -> str:
    """Return the engine for a library: the one asked for, or by its size.

    A library somewhat below the limit stays with the engine that it has, so that it doesn't go back and forth.
    """
    if engine != "auto":
        return engine
    if not has_tantivy():
        return "whoosh"
    if current and current.engine == "tantivy" and current.characters > 2 * WHOOSH_LIMIT:
        return "tantivy"  # no need to count
    limit = WHOOSH_LIMIT * 0.8 if current and current.engine == "tantivy" else WHOOSH_LIMIT
    return "tantivy" if library.counts()["characters"] > limit else "whoosh"


def _usable(home: Path, segmenter: Segmenter) -> Manifest | None:
    """Return the manifest of the current generation if an update can start from it."""
    try:
        return usable_generation(home, segmenter)[1]
    except (NoIndex, StaleIndex, BrokenIndex):
        return None


@dataclass(frozen=True, slots=True)
class _MadeOf:
    """What a generation was made of: the corpus, the library's state and its mark."""

    corpus_id: str
    library_state: str
    library_mark: str


def _made_of(
    library: Library,
    previous: Manifest | None,
    wanted: Wanted,
    missing: Sequence[str],
    gone: Mapping[str, tuple[str, str]],
) -> _MadeOf:
    """Return what a generation is made of; from an earlier one's by what went and what comes, where these are known."""
    mark = library.mark()
    if previous is None or wanted.changed is None:
        return _MadeOf(library.corpus_id(), digest_mapping(wanted.states), mark)
    return _MadeOf(
        digest_exchanged(previous.corpus_id, {r: text for r, (_, text) in gone.items()}, library.text_hashes(missing)),
        digest_exchanged(
            previous.library_state,
            {r: state for r, (state, _) in gone.items()},
            {r: wanted.states[r] for r in missing},
        ),
        mark,
    )


class _Making:
    """One generation in the making: the folder, the builder of its engine, the manifest."""

    def __init__(self, home: Path, engine: str, asked: str, segmenter: Segmenter) -> None:
        self._home = home
        self._engine = engine
        self._asked = asked
        self._segmenter = segmenter
        self._name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{digest64(str(os.getpid()), str(time.time_ns()))[:8]}"
        self._previous: Manifest | None = None
        self.folder = folder_of(home, self._name)
        self.folder.mkdir(parents=True)
        self.builder: Builder = _builder(engine, self.folder, segmenter)

    def wanted(self, library: Library, copies: set[str], previous: Manifest | None) -> Wanted:
        """Return what the library holds, or what of it may differ from an earlier generation; see Builder."""
        if previous is None:
            return self.builder.wanted(library, copies, None, "")
        return self.builder.wanted(library, copies, folder_of(self._home, previous.generation), previous.library_mark)

    def start_from(self, previous: Manifest, wanted: Wanted) -> bool:
        """Take over an earlier generation, or begin anew (and return False) where too much changed."""
        if not self.builder.start_from(folder_of(self._home, previous.generation), wanted):
            self.builder.abandon()
            shutil.rmtree(self.folder)
            self.folder.mkdir()
            self.builder = _builder(self._engine, self.folder, self._segmenter)
            return False
        self._previous = previous
        return True

    def _known(self) -> dict[str, str]:
        """Return the checksums of files linked from the earlier generation: synced and hashed when they were written."""
        if self._previous is None:
            return {}
        old = folder_of(self._home, self._previous.generation)
        return {
            name: digest
            for name, digest in self._previous.files.items()
            if (self.folder / name).exists() and (self.folder / name).samefile(old / name)
        }

    def finish(self, made_of: _MadeOf) -> Manifest:
        """Write, sync, hash and switch; return the manifest."""
        totals = self.builder.finish()
        written = {path.relative_to(self.folder).as_posix(): path for path in written_files(self.folder)}
        sizes = {name: path.stat().st_size for name, path in written.items()}
        files = self._known()
        new = [name for name in written if name not in files]
        # Many files that reach the disk at once take hardly longer than one.
        with ThreadPoolExecutor(_SYNCED_AT_ONCE) as pool:
            files |= zip(new, pool.map(_kept, [written[name] for name in new]), strict=True)
        files = {name: files[name] for name in written}
        manifest = Manifest(
            generation=self._name,
            engine=self._engine,
            asked=self._asked,
            schema_version=generation.SCHEMA_VERSION,
            fingerprint=fingerprint(self._segmenter),
            corpus_id=made_of.corpus_id,
            library_state=made_of.library_state,
            library_mark=made_of.library_mark,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            sections=totals.sections,
            reports=totals.reports,
            characters=totals.characters,
            files=files,
            sizes=sizes,
        )
        write_synced(self.folder / "manifest.json", json.dumps(asdict(manifest), indent=1))
        sync_folder(self.folder)
        write_synced(self._home / "index" / "current", self._name)
        forget_unfinished(self._home / "index")
        remove_old(self._home, self._name)
        return manifest

    def abandon(self) -> None:
        """Remove what was written; readers never knew of it."""
        self.builder.abandon()
        shutil.rmtree(self.folder, ignore_errors=True)


def _kept(path: Path) -> str:
    """Have a file reach the disk (neither Whoosh nor our own writers do); return its checksum."""
    sync(path)
    return digest_of(path)


def _builder(engine: str, folder: Path, segmenter: Segmenter) -> Builder:
    # Imported only where it is used: tantivy isn't installed everywhere, and each takes its time to load.
    if engine == "tantivy":
        from indexer.tantivybuild import TantivyBuilder  # noqa: PLC0415

        return TantivyBuilder(folder)
    from indexer.whooshbuild import WhooshBuilder  # noqa: PLC0415

    return WhooshBuilder(folder, segmenter)
