"""Bring the index up to date: choose an engine, build a generation aside, sync, check, switch to it in one step."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from corpus.library import Library
from corpus.model import Report, digest64, digest_mapping
from corpus.rows import stored_report
from indexer import generation
from indexer.builder import Builder, Progress
from indexer.copylinks import stood_for
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
        states = library.states()
        current = _usable(home, segmenter)
        chosen = _choose(engine, library, current)
        previous = current if current and current.engine == chosen and not rebuild else None
        state = digest_mapping(states)
        if previous and previous.library_state == state:
            return previous
        making = _Making(home, chosen, engine, library.corpus_id(), segmenter)
        try:
            copies = stood_for(library.links())
            if previous:
                making.start_from(previous, states, copies)
            wanted = making.builder.missing(states)
            making.builder.add_from(library, wanted, states, copies, progress, workers or os.cpu_count() or 1)
            return making.finish(state)
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
        making = _Making(home, chosen, engine, corpus_id, segmenter or segmenter_of(home))
        try:
            copies = stood_for({report.report_id: report.same_as for report in held})
            for report in held:
                making.builder.add(stored_report(report), copy=report.report_id in copies)
            return making.finish(digest_mapping({report.report_id: "" for report in held}))
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


class _Making:
    """One generation in the making: the folder, the builder of its engine, the manifest."""

    def __init__(self, home: Path, engine: str, asked: str, corpus_id: str, segmenter: Segmenter) -> None:
        self._home = home
        self._engine = engine
        self._asked = asked
        self._corpus_id = corpus_id
        self._segmenter = segmenter
        self._name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{digest64(corpus_id, str(time.time_ns()))[:8]}"
        self._previous: Manifest | None = None
        self.folder = folder_of(home, self._name)
        self.folder.mkdir(parents=True)
        self.builder: Builder = _builder(engine, self.folder, segmenter)

    def start_from(self, previous: Manifest, states: Mapping[str, str], copies: set[str]) -> None:
        """Take over an earlier generation, or begin anew where too much changed."""
        if not self.builder.start_from(folder_of(self._home, previous.generation), states, copies):
            self.builder.abandon()
            shutil.rmtree(self.folder)
            self.folder.mkdir()
            self.builder = _builder(self._engine, self.folder, self._segmenter)
            return
        self._previous = previous

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

    def finish(self, library_state: str) -> Manifest:
        """Write, sync, hash and switch; return the manifest. ``library_state``: the hash of all that was taken in."""
        totals = self.builder.finish()
        files, sizes, known = {}, {}, self._known()
        for path in written_files(self.folder):
            name = path.relative_to(self.folder).as_posix()
            sizes[name] = path.stat().st_size
            if name not in known:
                sync(path)  # neither Whoosh nor our own writers do
            files[name] = known.get(name) or digest_of(path)
        manifest = Manifest(
            generation=self._name,
            engine=self._engine,
            asked=self._asked,
            schema_version=generation.SCHEMA_VERSION,
            fingerprint=fingerprint(self._segmenter),
            corpus_id=self._corpus_id,
            library_state=library_state,
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


def _builder(engine: str, folder: Path, segmenter: Segmenter) -> Builder:
    # Imported only where it is used: tantivy isn't installed everywhere, and each takes its time to load.
    if engine == "tantivy":
        from indexer.tantivybuild import TantivyBuilder  # noqa: PLC0415

        return TantivyBuilder(folder)
    from indexer.whooshbuild import WhooshBuilder  # noqa: PLC0415

    return WhooshBuilder(folder, segmenter)
