"""A generation of the Whoosh engine in the making: one process, since Whoosh's multi-process writer loses documents."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from corpus.folding import fold
from corpus.library import Library
from corpus.rows import StoredReport, section_from_row
from indexer.builder import Progress, Totals
from indexer.generation import TEXTS, WHOOSH, link
from indexer.segment import Segmenter
from indexer.texts import TextWriter, contexts, states_in, units
from indexer.whooshindex import WhooshWriter, files_to_link, rank_tokens

#: An update that touches more of the reports than this is a build.
_UPDATE_SHARE = 0.3


class WhooshBuilder:
    """Writes texts and Whoosh's index into a folder."""

    def __init__(self, folder: Path, segmenter: Segmenter) -> None:
        self._folder = folder
        self._segmenter = segmenter
        self._inherited: dict[str, str] = {}
        self._open()

    def _open(self) -> None:
        self._texts = TextWriter(self._folder / TEXTS)
        self._whoosh = WhooshWriter(self._folder / WHOOSH)

    def start_from(self, previous: Path, states: Mapping[str, str], copies: set[str]) -> bool:
        """Take over an earlier generation; see Builder. Copies are known from the texts when they are read."""
        inherited = states_in(previous / TEXTS)
        gone = [r for r, state in inherited.items() if states.get(r) != state]
        if len(gone) + len(states.keys() - inherited.keys()) > _UPDATE_SHARE * max(1, len(states)):
            return False
        self.abandon()
        shutil.rmtree(self._folder)
        (self._folder / WHOOSH).mkdir(parents=True)
        shutil.copyfile(previous / TEXTS, self._folder / TEXTS)
        for path in files_to_link(previous / WHOOSH):
            link(path, self._folder / WHOOSH / path.name)
        self._open()
        self._texts.remove(gone)
        for report_id in gone:
            self._whoosh.remove(report_id)
            del inherited[report_id]
        self._inherited = inherited
        return True

    def missing(self, states: Mapping[str, str]) -> list[str]:
        """Return the reports that are still to be added."""
        return sorted(states.keys() - self._inherited.keys())

    def add_from(self, library: Library, wanted: list[str], progress: Progress | None, workers: int) -> None:
        """Add reports of a library."""
        for report_id in progress(wanted) if progress else wanted:
            for stored in library.stored([report_id]):
                self.add(stored)

    def add(self, stored: StoredReport, copy: bool = False) -> None:
        """Add one report."""
        report = stored.report
        self._texts.add(report, stored.state)
        for section in map(section_from_row, stored.sections):
            own = "\n".join(fold(unit) for unit in units(section))
            around = "\n".join(fold(text) for text in contexts(report, section.headings_above))
            tokens = rank_tokens(own, around, self._segmenter)
            doc = self._texts.add_section(report, section, own, tuple(map(len, tokens)))
            self._whoosh.add(doc, report.report_id, tokens)

    def finish(self) -> Totals:
        """Write everything."""
        sections, reports, characters = self._texts.finish()
        self._whoosh.commit(sections)
        return Totals(reports, sections, characters)

    def abandon(self) -> None:
        """Let go of the files."""
        self._texts.abandon()
        self._whoosh.cancel()  # an open file can't be removed on Windows
