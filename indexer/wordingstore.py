"""The sentences of a generation by section, with the number of their wording: the segments of the store as one.

Everything is an array: sections and sentences have numbers, in the order of the segments. It is put together when the
first question needs it, and then lasts as long as the generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.matching import is_whole_run
from indexer.wordingfolder import segment_paths
from indexer.wordingsegment import NO_TEXT, Segment, WordedReport
from indexer.wordingtexts import SegmentTexts

Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

_Scalar = TypeVar("_Scalar", bound=np.generic)
#: The year of a report of which none is known, in comparisons.
NO_YEAR: Final = 9_999
#: Phrases whose places are kept: the pages of one query, and the rungs of the next.
_KEPT: Final = 24
#: What share of all sections is few: where both ways take the same time.
_FEW_OF: Final = 20
#: One by one a text is looked at in the time that a hundred take together with all others.
_ONE_BY_ONE: Final = 100


class WordingStore:
    """What is in the segments, for reading; safe to use from several threads.

    ``report_ids``: the reports of the index by the engine's number, "" for one that went.
    """

    def __init__(self, generation: Path, report_ids: Sequence[str]) -> None:
        segments = [Segment(path) for path in segment_paths(generation)]
        self.reports: list[WordedReport] = [report for segment in segments for report in segment.reports]
        sizes = np.array([report.sections for report in self.reports], np.int64)
        #: The first section of each report, and one more.
        self.first_section: Numbers = np.concatenate([[0], np.cumsum(sizes)])
        self.report_of: NDArray[np.uint32] = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        counts = _joined([segment.counts for segment in segments], np.uint32)
        #: The first sentence of each section, and one more.
        self.first_sentence: Numbers = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        self.section_of: NDArray[np.uint32] = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
        self._segments = [SegmentTexts(segment) for segment in segments]
        starts = np.cumsum([0, *(len(segment.keys) for segment in segments)])
        self._text_starts = starts
        #: The text of each sentence; NO_TEXT where it has no wording.
        self.text_of: NDArray[np.uint32] = _joined(
            [_moved(segment.sentences, int(at)) for segment, at in zip(segments, starts[:-1], strict=True)], np.uint32
        )
        every = _joined([segment.keys for segment in segments], np.uint64)
        #: The keys of all wordings, ascending; a wording's number is its place here.
        self.keys: NDArray[np.uint64]
        self.keys, numbers = np.unique(every, return_inverse=True)
        self._wording_of_text: NDArray[np.uint32] = numbers.astype(np.uint32)
        self.years: NDArray[np.int64] = np.array(
            [NO_YEAR if report.year is None else report.year for report in self.reports], np.int64
        )
        names = {"": 0}
        self.agency_of: Numbers = np.array([names.setdefault(r.agency, len(names)) for r in self.reports], np.int64)
        #: The reports from the oldest on (by year, date of publication, identity); and the place of each in that order.
        self.by_rank: Numbers = np.array(sorted(range(len(self.reports)), key=self._age), np.int64)
        self.rank_of: Numbers = np.empty_like(self.by_rank)
        self.rank_of[self.by_rank] = np.arange(len(self.by_rank))
        self._last = {report.report_id: number for number, report in enumerate(self.reports)}
        self._place_of_number: Numbers = np.array([self._last.get(each, -1) for each in report_ids], np.int64)
        self._path_of = _joined([s.paths + np.uint32(at) for s, at in _path_starts(segments)], np.uint32)
        self._paths = [text for segment in segments for text in segment.path_texts]
        self.holding = lru_cache(maxsize=_KEPT)(self._holding)
        self.around = lru_cache(maxsize=_KEPT)(self._around)

    @property
    def size(self) -> int:
        """How many sections there are, those of reports that went included."""
        return len(self._path_of)

    @property
    def few(self) -> int:
        """Of so many sections the sentences are looked at by themselves; of more, all sentences there are at once."""
        return self.size // _FEW_OF

    def sections_at(self, numbers: Numbers, ordinals: Numbers) -> Numbers:
        """Return the sections that an engine names by its report's number and their ordinal there."""
        firsts: Numbers = self.first_section[self._place_of_number[numbers]]
        return np.asarray(firsts + ordinals, np.int64)

    def place_of(self, section: int) -> tuple[WordedReport, int]:
        """Return the report of a section, and its ordinal there."""
        report = int(self.report_of[section])
        return self.reports[report], section - int(self.first_section[report])

    def has_report(self, report_id: str) -> bool:
        """Whether a report has sections here."""
        return report_id in self._last

    def report_numbered(self, report_id: str) -> int:
        """Return the number of a report of the index. Raises KeyError."""
        return self._last[report_id]

    def sections_of(self, report: int) -> Numbers:
        """Return the sections of a report by its number here, in order."""
        return np.arange(self.first_section[report], self.first_section[report + 1])

    def sentences_of(self, sections: Numbers) -> Numbers:
        """Return the sentences with a wording of some sections, section by section as given."""
        firsts, sizes = self.first_sentence[sections], self.first_sentence[sections + 1] - self.first_sentence[sections]
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        found = np.repeat(firsts, sizes) + within
        worded: Numbers = found[self.text_of[found] != NO_TEXT]
        return worded

    def count_sections(self, sentences: Numbers) -> int:
        """Return of how many sections some sentences are."""
        flags = np.zeros(self.size, np.bool_)
        flags[self.section_of[sentences]] = True
        return int(np.count_nonzero(flags))

    def sentences_with(self, phrases: Iterable[tuple[str, bool]]) -> Numbers:
        """Return the sentences that hold any of some folded phrases, of reports that went too."""
        texts = np.zeros(len(self._wording_of_text) + 1, np.bool_)
        for phrase, whole_run in phrases:
            texts[:-1] |= self.holding(phrase, whole_run)
        return np.flatnonzero(texts[np.minimum(self.text_of, len(texts) - 1)])

    def sentences_of_wordings(self, numbers: Sequence[int]) -> Numbers:
        """Return all sentences of some wordings, of reports that went too."""
        wanted = np.zeros(len(self.keys), np.bool_)
        wanted[list(numbers)] = True
        texts = np.zeros(len(self._wording_of_text) + 1, np.bool_)
        texts[:-1] = wanted[self._wording_of_text]
        return np.flatnonzero(texts[np.minimum(self.text_of, len(texts) - 1)])

    def wordings(self, sentences: Numbers) -> Numbers:
        """Return the numbers of the wordings of sentences that have one."""
        return self._wording_of_text[self.text_of[sentences]].astype(np.int64)

    def wording_of(self, sentence: int) -> int | None:
        """Return the number of a sentence's wording; None if it has none."""
        text = int(self.text_of[sentence])
        return None if text == NO_TEXT else int(self._wording_of_text[text])

    def number_of(self, key: int) -> int | None:
        """Return the number of a wording."""
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        return at if at < len(self.keys) and int(self.keys[at]) == key else None

    def text(self, number: int) -> str:
        """Return a text, folded."""
        segment = int(np.searchsorted(self._text_starts, number, "right")) - 1
        return self._segments[segment].text(number - int(self._text_starts[segment]))

    def holds(self, texts: NDArray[np.uint32], phrase: str, whole_run: bool) -> Flags:
        """Return which of some texts hold a folded phrase."""
        if len(texts) > len(self._wording_of_text):
            flags: Flags = self.holding(phrase, whole_run)[texts]
            return flags
        distinct, places = np.unique(texts, return_inverse=True)
        if len(distinct) > len(self._wording_of_text) // _ONE_BY_ONE:
            flags = self.holding(phrase, whole_run)[texts]
            return flags
        held = np.array([_holds(self.text(number), phrase, whole_run) for number in distinct.tolist()], np.bool_)
        flags = held[places] if len(held) else np.zeros(0, np.bool_)
        return flags

    def _age(self, number: int) -> tuple[int, str, str]:
        report = self.reports[number]
        return NO_YEAR if report.year is None else report.year, report.published_on or "9", report.report_id

    def _holding(self, phrase: str, whole_run: bool) -> Flags:
        """Return which of all texts hold a folded phrase."""
        return _joined([segment.holding(phrase, whole_run) for segment in self._segments], np.bool_)

    def _around(self, phrase: str, whole_run: bool) -> Flags:
        """Return the sections whose heading, headings above, title, agency or region hold a folded phrase."""
        paths = np.array([_holds(text, phrase, whole_run) for text in self._paths], np.bool_)
        reports = np.array([_holds(report.context, phrase, whole_run) for report in self.reports], np.bool_)
        flags: Flags = paths[self._path_of] | reports[self.report_of]
        return flags


def _holds(text: str, phrase: str, whole_run: bool) -> bool:
    at = text.find(phrase)
    while whole_run and at >= 0 and not is_whole_run(text, at, at + len(phrase)):
        at = text.find(phrase, at + 1)
    return at >= 0


def _moved(sentences: NDArray[np.uint32], by: int) -> NDArray[np.uint32]:
    moved = sentences + np.uint32(by)
    moved[sentences == NO_TEXT] = NO_TEXT
    return moved


def _path_starts(segments: Iterable[Segment]) -> Iterable[tuple[Segment, int]]:
    at = 0
    for segment in segments:
        yield segment, at
        at += len(segment.path_texts)


def _joined(parts: Sequence[NDArray[_Scalar]], dtype: type[_Scalar]) -> NDArray[_Scalar]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype, copy=False)
