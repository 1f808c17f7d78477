"""The sentences of a generation by section, with the number of their wording: the segments of the store as one.

Everything is an array that is mapped from a file: sections and sentences have numbers, in the order of the segments. It
is opened when the first question needs it, and then lasts as long as the generation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.haystack import Haystack
from indexer.wordingfolder import segment_paths
from indexer.wordingjoined import NO_YEAR, joined, joined_arrays
from indexer.wordingsegment import NO_TEXT, Segment
from indexer.wordingtexts import SegmentTexts

__all__ = ["NO_YEAR", "Flags", "Numbers", "WordingStore"]

Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

#: Phrases whose places are kept, for the pages of one query: a bit for each text of the index.
_KEPT: Final = 6
#: What share of all sections is few: where both ways take the same time.
_FEW_OF: Final = 20
#: A text by itself is looked at in the time that so many take together with all others.
_FEW_TEXTS_OF: Final = 20


class WordingStore:
    """What is in the segments, for reading; safe to use from several threads.

    ``report_ids``: the reports of the index by the engine's number, "" for one that went.
    """

    def __init__(self, generation: Path, report_ids: Callable[[], Sequence[str]]) -> None:
        """Map what a generation has. Raises BrokenIndex."""
        self._segment_paths = segment_paths(generation)
        arrays = joined_arrays(generation, self._segment_paths, report_ids)
        self._segments = [SegmentTexts(Segment(path)) for path in self._segment_paths]
        self._text_starts = np.cumsum([0, *map(len, self._segments)])
        #: The first section of each report, and one more.
        self.first_section: Numbers = arrays["first_section"]
        self.report_of: NDArray[np.uint32] = arrays["report_of"]
        #: The first sentence of each section, and one more.
        self.first_sentence: Numbers = arrays["first_sentence"]
        self.section_of: NDArray[np.uint32] = arrays["section_of"]
        #: The text of each sentence; NO_TEXT where it has no wording.
        self.text_of: NDArray[np.uint32] = arrays["text_of"]
        #: The keys of all wordings, ascending; a wording's number is its place here.
        self.keys: NDArray[np.uint64] = arrays["keys"]
        self._wording_of_text: NDArray[np.uint32] = arrays["wording_of_text"]
        self.years: Numbers = arrays["years"]
        self.agency_of: Numbers = arrays["agency_of"]
        #: The reports from the oldest on (by year, date of publication, identity); and the place of each in that order.
        self.by_rank: Numbers = arrays["by_rank"]
        self.rank_of: Numbers = arrays["rank_of"]
        self._identities: NDArray[np.bytes_] = arrays["identities"]
        self._by_identity: Numbers = arrays["by_identity"]
        self._report_of_number: Numbers = arrays["report_of_number"]
        self._path_of: NDArray[np.uint32] = arrays["path_of"]
        self._held = lru_cache(maxsize=_KEPT)(self._holding)
        self.around = lru_cache(maxsize=_KEPT)(self._around)

    def forget(self) -> None:
        """Forget what is kept of earlier questions."""
        self._held.cache_clear()
        self.around.cache_clear()

    @property
    def report_count(self) -> int:
        """How many reports there are, those that went included."""
        return len(self.years)

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
        firsts: Numbers = self.first_section[self._report_of_number[numbers]]
        return np.asarray(firsts + ordinals, np.int64)

    def place_of(self, section: int) -> tuple[str, int]:
        """Return the identity of the report of a section, and its ordinal there."""
        report = int(self.report_of[section])
        return self.identity(report), section - int(self.first_section[report])

    def identity(self, report: int) -> str:
        """Return the identity of a report by its number here."""
        return bytes(self._identities[report]).decode()

    def has_report(self, report_id: str) -> bool:
        """Whether a report has sections here."""
        return self._number_of(report_id) is not None

    def report_numbered(self, report_id: str) -> int:
        """Return the number of a report of the index. Raises KeyError."""
        number = self._number_of(report_id)
        if number is None:
            raise KeyError(report_id)
        return number

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
            texts[:-1] |= self._holding_all(phrase, whole_run)
        return self._sentences_of(texts)

    def sentences_of_wordings(self, numbers: Sequence[int]) -> Numbers:
        """Return all sentences of some wordings, of reports that went too."""
        wanted = np.zeros(len(self.keys), np.bool_)
        wanted[list(numbers)] = True
        texts = np.zeros(len(self._wording_of_text) + 1, np.bool_)
        texts[:-1] = wanted[self._wording_of_text]
        return self._sentences_of(texts)

    def _sentences_of(self, texts: Flags) -> Numbers:
        """Return the sentences of the texts that are flagged; the last flag is that of no text."""
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

    def texts(self, numbers: NDArray[np.uint32]) -> list[str]:
        """Return some texts, folded, by ascending number."""
        return [text for segment, own in self._by_segment(numbers) for text in segment.texts(own)]

    def holds(self, texts: NDArray[np.uint32], phrase: str, whole_run: bool) -> Flags:
        """Return which of some texts hold a folded phrase."""
        if len(texts) > len(self._wording_of_text):
            flags: Flags = self._holding_all(phrase, whole_run)[texts]
            return flags
        distinct, places = np.unique(texts, return_inverse=True)
        if len(distinct) > len(self._wording_of_text) // _FEW_TEXTS_OF:
            flags = self._holding_all(phrase, whole_run)[texts]
            return flags
        held = [segment.holding_of(own, phrase, whole_run) for segment, own in self._by_segment(distinct)]
        flags = joined(held, np.bool_)[places]
        return flags

    def _by_segment(self, numbers: NDArray[np.uint32]) -> Iterator[tuple[SegmentTexts, Numbers]]:
        """Yield ascending numbers of texts as those of each segment."""
        cuts = np.searchsorted(numbers, self._text_starts)
        for segment, start, (first, end) in zip(self._segments, self._text_starts[:-1], pairwise(cuts), strict=True):
            if first < end:
                yield segment, numbers[first:end].astype(np.int64) - start

    def _number_of(self, report_id: str) -> int | None:
        """Return the number of a report: the last one of its identity."""
        wanted = report_id.encode("utf-8", "surrogatepass")
        at = int(np.searchsorted(self._identities, wanted, "right", sorter=self._by_identity)) - 1
        number = int(self._by_identity[at]) if at >= 0 else -1
        return number if number >= 0 and self._identities[number] == wanted else None

    def _holding_all(self, phrase: str, whole_run: bool) -> Flags:
        """Return which of all texts hold a folded phrase."""
        flags: Flags = np.unpackbits(self._held(phrase, whole_run), count=len(self._wording_of_text)).view(np.bool_)
        return flags

    def _holding(self, phrase: str, whole_run: bool) -> NDArray[np.uint8]:
        return np.packbits(joined([segment.holding(phrase, whole_run) for segment in self._segments], np.bool_))

    @cached_property
    def _headings(self) -> Haystack:
        return Haystack(text for path in self._segment_paths for text in Segment(path).path_texts)

    @cached_property
    def _contexts(self) -> Haystack:
        return Haystack(text for path in self._segment_paths for text in Segment(path).contexts)

    def _around(self, phrase: str, whole_run: bool) -> Flags:
        """Return the sections whose heading, headings above, title, agency or region hold a folded phrase."""
        paths = _flags(self._headings, phrase, whole_run)
        reports = _flags(self._contexts, phrase, whole_run)
        flags: Flags = paths[self._path_of] | reports[self.report_of]
        return flags


def _flags(haystack: Haystack, phrase: str, whole_run: bool) -> Flags:
    flags = np.zeros(haystack.size, np.bool_)
    flags[list(haystack.rows(phrase, whole_run))] = True
    return flags
