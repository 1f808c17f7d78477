"""A segment of the wording store: the sentences of some reports, each distinct text once, with the key of its wording.

Only paragraphs have sentences: headings and tables are forms that everyone fills in, no wordings. Sentences are those
of the folded paragraph, in order, so that a place in a section is a number. Segments never change; those of an update
lie beside the older ones, and a report's latest segment is the one that counts.
"""

from __future__ import annotations

import json
import mmap
import tempfile
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.folding import fold
from corpus.model import Report
from corpus.regions import region_texts
from corpus.rows import SectionRow, row_headings_above
from indexer.ownnames import OWN
from indexer.sentences import sentence_texts
from indexer.wordingcodes import NONE, numbered, packed, packed_numbers, unpacked, unpacked_numbers
from indexer.wordingfile import broken, read_arrays, write_arrays
from indexer.wordingkey import WordingForms, key_of
from indexer.wordingplanes import PLANES, Planes, Units, planes_of

#: A sentence without a wording: too short, or too long.
NO_TEXT: Final = NONE
#: Texts are UTF-16, each ended by a line feed, so that they are searched as numbers.
CODING: Final = "utf-16-le"
_UNIT: Final = np.dtype("<u2")
_LEVEL: Final = 6
#: Where every so manieth text begins is written down.
STEP: Final = 16


@dataclass(frozen=True, slots=True)
class WordedReport:
    """What the store knows of a report."""

    report_id: str
    agency: str
    year: int | None
    published_on: str
    sections: int


class SegmentWriter:
    """Collects the sentences of reports; ``save`` writes them. Texts wait in a file without a name in a folder."""

    def __init__(self, folder: Path) -> None:
        self._reports: list[list[object]] = []
        self._contexts: list[str] = []
        # By the hash of a text: the odds that any two of a part's texts share these 64 bits, of which the key is chosen
        # anew for each process, are 1 in 200 million; the texts themselves would take half of a build's memory.
        self._numbers: dict[int, int] = {}
        self._texts = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it is open as long as this is
        self._lengths = array("H")
        self._keys = array("Q")
        self._sentences = array("I")
        self._counts = array("I")
        self._paths: dict[str, int] = {}
        self._path_numbers: dict[tuple[str, bool, str], int] = {}
        self._path_of = array("I")

    def __len__(self) -> int:
        return len(self._reports)

    def add(self, report: Report, sections: Sequence[tuple[SectionRow, Sequence[str]]]) -> None:
        """Add a report (its own sections don't count) with the rows and the folded units of its sections."""
        self._contexts.append(
            "\n".join(map(fold, (report.title, report.agency, *region_texts(report.region, report.year))))
        )
        self._reports.append([report.report_id, report.agency, report.year, report.published_on, len(sections)])
        numbers, keys, spoken = self._numbers, self._keys, self._sentences
        texts: list[str] = []
        for row, units in sections:
            self._path_of.append(self._path(row, units[0]))
            own = sentence_texts(folded_paragraphs(row[3], units))
            self._counts.append(len(own))
            texts += own
        new: list[str] = []
        forms = WordingForms(report.agency, report.region, report.year).of_sentences(texts)
        for text, form in zip(texts, forms, strict=True):
            if not form:
                spoken.append(NO_TEXT)
                continue
            # The same text may be two wordings: where it has the own name of one report and not of the other.
            known = hash(f"{text}\n{form}" if OWN in form else text)
            number = numbers.get(known)
            if number is None:
                number = numbers[known] = len(keys)
                keys.append(key_of(form))
                new.append(text)
            spoken.append(number)
        self._write(new)

    def _write(self, texts: list[str]) -> None:
        coded = "".join([f"{text}\n" for text in texts]).encode(CODING, "surrogatepass")
        self._texts.write(coded)
        sizes = [len(text) + 1 for text in texts]
        if sum(sizes) * _UNIT.itemsize != len(coded):  # characters of two units
            sizes = [len(text.encode(CODING, "surrogatepass")) // _UNIT.itemsize + 1 for text in texts]
        self._lengths.extend(sizes)

    def save(self, path: Path) -> None:
        """Write the segment, and let go of everything."""
        self._numbers.clear()
        self._texts.flush()
        size = self._texts.tell()
        held = mmap.mmap(self._texts.fileno(), size, access=mmap.ACCESS_READ) if size else b""
        texts = np.frombuffer(held, _UNIT)
        columns = _Columns(
            texts,
            np.asarray(self._lengths),
            np.asarray(self._keys),
            np.asarray(self._sentences),
            np.asarray(self._counts),
            np.asarray(self._path_of),
        )
        _write_segment(path, columns, self._reports, self._contexts, list(self._paths))
        self.abandon()

    def abandon(self) -> None:
        """Let go of the file."""
        self._texts.close()

    def _path(self, row: SectionRow, heading: str) -> int:
        """Return the number of a section's headings: its own, folded, and those above."""
        written = row[6], row[5] != "" and row[0] > 0, heading
        number = self._path_numbers.get(written)
        if number is None:
            headings = "\n".join((heading, *map(fold, row_headings_above(row))))
            number = self._path_numbers[written] = self._paths.setdefault(headings, len(self._paths))
        return number


@dataclass(frozen=True, slots=True)
class _Columns:
    """The arrays of a segment: all texts one after the other; of each text its length and key; the text of each sentence;
    of each section how many sentences it has, and the number of its headings."""

    texts: Units
    lengths: NDArray[np.uint16]
    keys: NDArray[np.uint64]
    sentences: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    paths: NDArray[np.uint32]


class Segment:
    """A segment that is open for reading: its texts as they lie, the rest when it is asked for."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises BrokenIndex."""
        self._path = path
        self._arrays = read_arrays(path)
        try:
            self.planes = Planes(self._arrays)
            self.lengths: NDArray[np.uint16] = self._arrays["lengths"]
            self.starts: NDArray[np.uint32] = self._arrays["starts"]
        except (KeyError, ValueError) as error:
            raise broken(path) from error
        if len(self.starts) != -(-len(self.lengths) // STEP):
            raise broken(path)

    @property
    def sentences(self) -> NDArray[np.uint32]:
        """The text of each sentence."""
        return self._numbers("sentences")

    @property
    def keys(self) -> NDArray[np.uint64]:
        """The key of each text's wording."""
        keys: NDArray[np.uint64] = self._arrays["keys"][self._numbers("wordings")]
        return keys

    @property
    def counts(self) -> NDArray[np.uint32]:
        """How many sentences each section has."""
        return self._column("counts")

    @property
    def paths(self) -> NDArray[np.uint32]:
        """The number of the headings of each section."""
        return self._column("paths")

    @cached_property
    def reports(self) -> list[WordedReport]:
        """The reports, in the order of their sections."""
        # Agencies and dates are those of many reports: each is kept once.
        once: dict[str, str] = {}
        return [
            WordedReport(identity, once.setdefault(agency, agency), year, once.setdefault(day, day), sections)
            for identity, agency, year, day, sections in self._texts("reports")
        ]

    @property
    def contexts(self) -> list[str]:
        """What may meet a bare piece besides a section of each report (contract 4.1)."""
        return self._texts("contexts")

    @property
    def path_texts(self) -> list[str]:
        """The headings that sections have, each once: its own and those above."""
        return self._texts("headings")

    def _numbers(self, name: str) -> NDArray[np.uint32]:
        try:
            return unpacked_numbers(self._arrays[name])
        except (KeyError, ValueError, zlib.error) as error:
            raise broken(self._path) from error

    def _column(self, name: str) -> NDArray[np.uint32]:
        try:
            return unpacked(self._arrays[name], "<u4")
        except (KeyError, ValueError, zlib.error) as error:
            raise broken(self._path) from error

    def _texts(self, name: str) -> list[Any]:
        try:
            found: list[Any] = json.loads(zlib.decompress(self._arrays[name].data))
        except (KeyError, ValueError, zlib.error) as error:
            raise broken(self._path) from error
        return found


def folded_paragraphs(form: str, units: Sequence[str]) -> str:
    """Return what the sentences of a section are cut from, given its folded units: the paragraphs below its heading."""
    return "" if form == "table" else "\n".join(units[1:])


def merge_segments(segments: Sequence[Segment], wanted: Sequence[set[str]], target: Path) -> None:
    """Write the reports that are wanted of each segment as one segment."""
    parts: dict[str, list[NDArray[Any]]] = {each.name: [] for each in fields(_Columns)}
    reports: list[list[object]] = []
    contexts: list[str] = []
    headings: list[str] = []
    texts = 0
    for segment, ids in zip(segments, wanted, strict=True):
        kept = np.array([each.report_id in ids for each in segment.reports], np.bool_)
        sections = np.repeat(kept, [each.sections for each in segment.reports])
        counts = segment.counts
        held = segment.sentences[np.repeat(sections, counts)]
        spoken = held != NO_TEXT
        used, numbers = numbered(held[spoken])
        held[spoken] = numbers + np.uint32(texts)
        lengths = segment.lengths[used]
        parts["texts"].append(segment.planes.at(_places(segment, used)))
        parts["lengths"].append(lengths)
        parts["keys"].append(segment.keys[used])
        parts["sentences"].append(held)
        parts["counts"].append(counts[sections])
        parts["paths"].append(segment.paths[sections] + np.uint32(len(headings)))
        reports += [_row(each) for each in segment.reports if each.report_id in ids]
        contexts += [each for each, own in zip(segment.contexts, kept.tolist(), strict=True) if own]
        headings += segment.path_texts
        texts += len(used)
    arrays = {name: np.concatenate(held) for name, held in parts.items()}
    _write_segment(target, _Columns(**arrays), reports, contexts, headings)


def text_places(ends: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the units of texts, one text after the other, given where each ends."""
    upto = np.cumsum(lengths)
    return np.repeat(ends - upto, lengths) + np.arange(upto[-1] if len(upto) else 0)


def _places(segment: Segment, texts: NDArray[np.uint32]) -> NDArray[np.int64]:
    lengths = segment.lengths.astype(np.int64)
    return text_places(np.cumsum(lengths)[texts], lengths[texts])


def _write_segment(
    path: Path, columns: _Columns, reports: list[list[object]], contexts: list[str], headings: list[str]
) -> None:
    distinct, wordings = numbered(columns.keys)
    ends = np.cumsum(columns.lengths, dtype=np.int64)
    planes = planes_of(columns.texts)
    write_arrays(
        path,
        {
            **{name: planes[name] for name in PLANES},
            "lengths": columns.lengths.astype("<u2"),
            "starts": (ends - columns.lengths)[::STEP].astype("<u4"),
            "keys": distinct.astype("<u8"),
            "wordings": packed_numbers(wordings),
            "sentences": packed_numbers(columns.sentences),
            "counts": packed(columns.counts.astype("<u4")),
            "paths": packed(columns.paths.astype("<u4")),
            "reports": _packed(reports),
            "contexts": _packed(contexts),
            "headings": _packed(headings),
        },
    )


def _row(report: WordedReport) -> list[object]:
    return [report.report_id, report.agency, report.year, report.published_on, report.sections]


def _packed(value: object) -> NDArray[np.uint8]:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return np.frombuffer(zlib.compress(text.encode("utf-8", "replace"), _LEVEL), np.uint8)
