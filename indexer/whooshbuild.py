"""A generation of the Whoosh engine in the making: one process, since Whoosh's multi-process writer loses documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from corpus.folding import fold
from corpus.library import Library
from corpus.rows import StoredReport, section_from_row
from indexer.builder import Progress, Totals, Wanted
from indexer.generation import TEXTS, WHOOSH, WORDINGS
from indexer.segment import Segmenter
from indexer.texts import StoredTexts, TextWriter, contexts, states_in, units
from indexer.whooshindex import WhooshWriter, rank_tokens
from indexer.whooshresume import UnfinishedWhoosh
from indexer.wordingfolder import link_segments, merge_small, next_segment
from indexer.wordingsegment import SegmentWriter

#: An update that touches more of the reports than this is a build.
_UPDATE_SHARE: Final = 0.3
#: Characters after which what was written can't be lost any more: some seconds of work, and few segments.
_BATCH: Final = 300_000


class WhooshBuilder:
    """Writes texts and Whoosh's index into a folder; what comes from a library aside first, so that it can go on."""

    def __init__(self, folder: Path, segmenter: Segmenter) -> None:
        self._folder = folder
        self._segmenter = segmenter
        self._inherited: set[str] = set()
        self._unfinished: UnfinishedWhoosh | None = None
        self._writers: tuple[TextWriter, WhooshWriter] | None = None
        self._since = 0
        self._previous: Path | None = None
        (folder / WORDINGS).mkdir()

    def wanted(self, library: Library, copies: set[str], previous: Path | None, mark: str) -> Wanted:
        """Return what the library holds: of a small corpus, all of it."""
        return Wanted(library.states(), copies)

    def start_from(self, previous: Path, wanted: Wanted) -> bool:
        """Take over an earlier generation; see Builder. Copies are known from the texts when they are read."""
        states = wanted.states
        inherited = states_in(previous / TEXTS)
        gone = [r for r, state in inherited.items() if states.get(r) != state]
        if len(gone) + len(states.keys() - inherited.keys()) > _UPDATE_SHARE * max(1, len(states)):
            return False
        self._previous = previous
        self._go_on(previous, states)
        return True

    def missing(self, wanted: Wanted) -> list[str]:
        """Return the reports that are still to be added."""
        return sorted(wanted.states.keys() - self._inherited)

    def gone(self) -> Mapping[str, tuple[str, str]]:
        """Return nothing: all states of a small corpus are looked at."""
        return {}

    def add_from(
        self,
        library: Library,
        missing: list[str],
        wanted: Wanted,
        progress: Progress | None,
        workers: int,
    ) -> None:
        """Add reports of a library; those that an interrupted build added already are passed over."""
        if self._unfinished is None:
            self._go_on(None, wanted.states)
        for report_id in progress(missing) if progress else missing:
            if report_id not in self._inherited:
                for stored in library.stored([report_id]):
                    self.add(stored)
                self._checkpoint()

    def add(self, stored: StoredReport, copy: bool = False) -> None:
        """Add one report."""
        texts, whoosh = self._open()
        report = stored.report
        texts.add(report, stored.state)
        for section in map(section_from_row, stored.sections):
            own = "\n".join(fold(unit) for unit in units(section))
            around = "\n".join(fold(text) for text in contexts(report, section.headings_above))
            tokens = rank_tokens(own, around, self._segmenter)
            doc = texts.add_section(report, section, own, tuple(map(len, tokens)))
            whoosh.add(doc, report.report_id, tokens)
            self._since += len(own)

    def finish(self) -> Totals:
        """Write everything."""
        texts, whoosh = self._open()
        sections, reports, characters = texts.totals()
        whoosh.commit(sections)
        if self._unfinished is not None:
            self._unfinished.checkpoint(texts)
        texts.finish()
        if self._unfinished is not None:
            self._unfinished.hand_over(self._folder)
        self._add_wordings()
        return Totals(reports, sections, characters)

    def abandon(self) -> None:
        """Let go of the files; what a library's build has checkpointed stays."""
        if self._writers is not None:
            texts, whoosh = self._writers
            texts.abandon()
            whoosh.cancel()  # an open file can't be removed on Windows
            self._writers = None
        if self._unfinished is not None:
            self._unfinished.abandon()

    def _add_wordings(self) -> None:
        """Write the sentences of the reports that the earlier generation hasn't; an interrupted build has none yet."""
        earlier = states_in(self._previous / TEXTS) if self._previous else {}
        if self._previous:
            link_segments(self._previous, self._folder)
        states = states_in(self._folder / TEXTS)
        texts = StoredTexts(self._folder / TEXTS)
        writer = SegmentWriter(self._folder)
        for report_id, state in states.items():
            if report_id not in earlier or earlier[report_id] != state:
                writer.add(*texts.with_units(report_id))
        texts.close()
        if len(writer):
            writer.save(next_segment(self._folder))
        writer.abandon()
        merge_small(self._folder, lambda: set(states))

    def _open(self) -> tuple[TextWriter, WhooshWriter]:
        if self._writers is None:
            self._writers = TextWriter(self._folder / TEXTS), WhooshWriter(self._folder / WHOOSH)
        return self._writers

    def _go_on(self, previous: Path | None, states: Mapping[str, str]) -> None:
        """Take up what an interrupted build of the same base left, else begin; without the reports that changed since."""
        unfinished = UnfinishedWhoosh(self._folder.parent, previous.name if previous else "", self._segmenter)
        if not unfinished.restore():
            unfinished.begin(previous)
        self._unfinished = unfinished
        self._writers = texts, whoosh = TextWriter(unfinished.texts), WhooshWriter(unfinished.whoosh)
        held = texts.states()
        gone = [report_id for report_id, state in held.items() if states.get(report_id) != state]
        texts.remove(gone)
        for report_id in gone:
            whoosh.remove(report_id)
        self._inherited = held.keys() - set(gone)

    def _checkpoint(self) -> None:
        if self._since < _BATCH or self._unfinished is None:
            return
        texts, whoosh = self._open()
        whoosh.checkpoint()
        self._unfinished.checkpoint(texts)
        whoosh.go_on()
        self._since = 0
