"""A segment of the wording store: the sentences of some reports, each distinct text once, with the key of its wording.

Only paragraphs have sentences: headings and tables are forms that everyone fills in, no wordings. Sentences are those
of the folded paragraph, in order, so that a place in a section is a number. Segments never change; those of an update
lie beside the older ones, and a report's latest segment is the one that counts.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.folding import fold
from corpus.model import Report
from corpus.regions import region_texts
from corpus.rows import SectionRow, row_headings_above
from indexer.ownnames import OWN
from indexer.wordingfile import broken, read_arrays, write_arrays
from indexer.wordingkey import WordingForms, key_of

#: A sentence without a wording: too short, or too long.
NO_TEXT: Final = 0xFFFFFFFF
#: Texts are kept as UTF-16, each ended by a line feed, so that they are searched as numbers.
_CODING: Final = "utf-16-le"
_UNIT: Final = np.dtype("<u2")
#: Of zlib, for the names of reports and headings: a fifth of their size at little cost.
_LEVEL: Final = 1
_COLUMNS: Final = ("texts", "lengths", "keys", "sentences", "counts", "paths")


@dataclass(frozen=True, slots=True)
class WordedReport:
    """What the store knows of a report; ``context`` is what may meet a bare piece besides a section (contract 4.1)."""

    report_id: str
    agency: str
    year: int | None
    published_on: str
    context: str
    sections: int


class SegmentWriter:
    """Collects the sentences of reports; ``save`` writes them."""

    def __init__(self) -> None:
        self._reports: list[list[object]] = []
        self._numbers: dict[str, int] = {}
        self._texts: list[bytes] = []
        self._lengths: list[int] = []
        self._keys: list[int] = []
        self._sentences: list[int] = []
        self._counts: list[int] = []
        self._paths: dict[str, int] = {}
        self._path_of: list[int] = []

    def __len__(self) -> int:
        return len(self._reports)

    def add(self, report: Report, sections: Sequence[tuple[SectionRow, Sequence[str]]]) -> None:
        """Add a report (its own sections don't count) with the rows and the folded units of its sections."""
        context = "\n".join(map(fold, (report.title, report.agency, *region_texts(report.region, report.year))))
        self._reports.append(
            [report.report_id, report.agency, report.year, report.published_on, context, len(sections)]
        )
        forms = WordingForms(report.agency, report.region, report.year)
        numbers, keys = self._numbers, self._keys
        for row, units in sections:
            self._path_of.append(self._path(row, units[0]))
            before = len(self._sentences)
            paragraphs = folded_paragraphs(row[3], units)
            for text, form in forms.of(paragraphs) if paragraphs else ():
                if not form:
                    self._sentences.append(NO_TEXT)
                    continue
                # The same text may be two wordings: where it has the own name of one report and not of the other.
                known = f"{text}\n{form}" if OWN in form else text
                number = numbers.get(known)
                if number is None:
                    number = numbers[known] = len(keys)
                    keys.append(key_of(form))
                    coded = f"{text}\n".encode(_CODING, "surrogatepass")
                    self._texts.append(coded)
                    self._lengths.append(len(coded) // 2)
                self._sentences.append(number)
            self._counts.append(len(self._sentences) - before)

    def save(self, path: Path) -> None:
        """Write the segment."""
        write_arrays(
            path,
            {
                "texts": np.frombuffer(b"".join(self._texts), _UNIT),
                "lengths": np.array(self._lengths, _UNIT),
                "keys": np.array(self._keys, "<u8"),
                "sentences": np.array(self._sentences, "<u4"),
                "counts": np.array(self._counts, "<u4"),
                "paths": np.array(self._path_of, "<u4"),
                "about": _packed({"reports": self._reports, "paths": list(self._paths)}),
            },
        )

    def _path(self, row: SectionRow, heading: str) -> int:
        headings = "\n".join((heading, *map(fold, row_headings_above(row))))
        return self._paths.setdefault(headings, len(self._paths))


class Segment:
    """A segment that is open for reading: arrays as they were written."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises BrokenIndex."""
        arrays = read_arrays(path)
        try:
            self.texts: NDArray[np.uint16] = arrays["texts"]
            self.lengths: NDArray[np.uint16] = arrays["lengths"]
            self.keys: NDArray[np.uint64] = arrays["keys"]
            self.sentences: NDArray[np.uint32] = arrays["sentences"]
            self.counts: NDArray[np.uint32] = arrays["counts"]
            self.paths: NDArray[np.uint32] = arrays["paths"]
            about = json.loads(zlib.decompress(arrays["about"].tobytes()))
        except (KeyError, ValueError, zlib.error) as error:
            raise broken(path) from error
        # Agencies and dates are those of many reports: each is kept once.
        once: dict[str, str] = {}
        self.reports = [
            WordedReport(identity, once.setdefault(agency, agency), year, once.setdefault(day, day), *rest)
            for identity, agency, year, day, *rest in about["reports"]
        ]
        self.path_texts: list[str] = about["paths"]


def folded_paragraphs(form: str, units: Sequence[str]) -> str:
    """Return what the sentences of a section are cut from, given its folded units: the paragraphs below its heading."""
    return "" if form == "table" else "\n".join(units[1:])


def merge_segments(segments: Sequence[Segment], wanted: Sequence[set[str]], target: Path) -> None:
    """Write the reports that are wanted of each segment as one segment."""
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in _COLUMNS}
    reports: list[list[object]] = []
    paths: list[str] = []
    texts = 0
    for segment, ids in zip(segments, wanted, strict=True):
        kept = np.array([each.report_id in ids for each in segment.reports], np.bool_)
        sections = np.repeat(kept, [each.sections for each in segment.reports])
        held = segment.sentences[np.repeat(sections, segment.counts)]
        spoken = held != NO_TEXT
        used = np.zeros(len(segment.keys), np.bool_)
        used[held[spoken]] = True
        renumbered = held.copy()
        renumbered[spoken] = (np.cumsum(used) - 1 + texts)[held[spoken]]
        parts["texts"].append(segment.texts[np.repeat(used, segment.lengths)])
        parts["lengths"].append(segment.lengths[used])
        parts["keys"].append(segment.keys[used])
        parts["sentences"].append(renumbered)
        parts["counts"].append(segment.counts[sections])
        parts["paths"].append(segment.paths[sections] + np.uint32(len(paths)))
        reports += [_row(each) for each in segment.reports if each.report_id in ids]
        paths += segment.path_texts
        texts += int(used.sum())
    arrays = {name: np.concatenate(held) for name, held in parts.items()}
    write_arrays(target, {**arrays, "about": _packed({"reports": reports, "paths": paths})})


def _row(report: WordedReport) -> list[object]:
    return [report.report_id, report.agency, report.year, report.published_on, report.context, report.sections]


def _packed(value: object) -> NDArray[np.uint8]:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return np.frombuffer(zlib.compress(text.encode("utf-8", "replace"), _LEVEL), np.uint8)
