"""The large arrays of a generation's wordings, put together once and mapped from a file by each process after.

To put them together takes a second at 450,000 sections, and 100 MB of a process's own memory. They are written when the
first process needs them, not when the generation is built: an update writes what changed alone.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.errors import BrokenIndex
from indexer.generation import sync
from indexer.wordingfile import read_arrays, write_arrays
from indexer.wordingsegment import NO_TEXT, Segment, WordedReport

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
_Scalar = TypeVar("_Scalar", bound=np.generic)

FILE: Final = "joined.words"
#: The year of a report of which none is known, in comparisons.
NO_YEAR: Final = 9_999
#: Which segments the arrays are of: their names and sizes.
_OF: Final = "of"
#: By report: the first section of each, and one more; its year; its agency's number, 0 for none; its place in the order
#: of their age; the reports from the oldest on; identities, and the reports in the order of these. By the engine's number:
#: the report, -1 for one that went.
#: By section: its report; its first sentence, and one more; the number of its headings. By sentence: its section; its text
#: (NO_TEXT where it has no wording). The keys of all wordings, ascending; the wording of each text.
NAMES: Final = (
    "first_section", "years", "agency_of", "rank_of", "by_rank", "identities", "by_identity", "report_of_number",
    "report_of", "first_sentence", "path_of", "section_of", "text_of", "keys", "wording_of_text",
)  # fmt: skip


def joined_arrays(generation: Path, paths: Sequence[Path], report_ids: Callable[[], Sequence[str]]) -> Arrays:
    """Return the arrays of a generation's segments: mapped where they can be, else as they were put together.

    ``report_ids``: see WordingStore. Raises BrokenIndex.
    """
    target = generation / FILE
    of = np.frombuffer(json.dumps([(path.name, _size(path)) for path in paths]).encode(), np.uint8)
    found = _mapped(target, of)
    if found is None:
        made = _put_together([Segment(path) for path in paths], report_ids())
        _write(target, {**made, _OF: of})
        found = _mapped(target, of) or made
    return found


def check_joined(generation: Path) -> None:
    """Make sure that the arrays, if they were written, are what was written. Raises BrokenIndex."""
    if (generation / FILE).exists():
        read_arrays(generation / FILE, contents=True)


def joined(parts: Sequence[NDArray[_Scalar]], dtype: type[_Scalar]) -> NDArray[_Scalar]:
    """Return arrays one after the other."""
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype, copy=False)


def _mapped(path: Path, of: NDArray[np.uint8]) -> Arrays | None:
    """Return the arrays of a file; None if there is none, it isn't whole, or is of other segments."""
    try:
        found = read_arrays(path)
    except BrokenIndex:
        return None
    same = _OF in found and np.array_equal(found[_OF], of) and all(name in found for name in NAMES)
    return found if same else None


def _write(path: Path, arrays: Arrays) -> None:
    """Write the arrays in one step; where they can't be written, each process puts them together."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="joined-", dir=path.parent, ignore_cleanup_errors=True)
    except OSError:
        return
    with folder, suppress(OSError):  # no room, or a file that is open (Windows)
        aside = Path(folder.name) / path.name
        write_arrays(aside, arrays)
        sync(aside)  # after a power cut a file of the right length may hold zeros, and only its head is checked
        aside.replace(path)


def _put_together(segments: Sequence[Segment], report_ids: Sequence[str]) -> Arrays:
    reports = [report for segment in segments for report in segment.reports]
    counts = joined([segment.counts for segment in segments], np.uint32)
    starts = np.cumsum([0, *(len(segment.lengths) for segment in segments)])[:-1].tolist()
    texts = [_moved(segment.sentences, at) for segment, at in zip(segments, starts, strict=True)]
    keys, numbers = np.unique(joined([segment.keys for segment in segments], np.uint64), return_inverse=True)
    sizes = [report.sections for report in reports]
    return {
        **_of_reports(reports, report_ids),
        "report_of": np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes),
        "first_sentence": np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
        "path_of": joined(_paths(segments), np.uint32),
        "section_of": np.repeat(np.arange(len(counts), dtype=np.uint32), counts),
        "text_of": joined(texts, np.uint32),
        "keys": keys,
        "wording_of_text": numbers.astype(np.uint32),
    }


def _of_reports(reports: Sequence[WordedReport], report_ids: Sequence[str]) -> Arrays:
    agencies = {"": 0}
    by_rank = np.array(sorted(range(len(reports)), key=lambda number: _age(reports[number])), np.int64)
    rank_of = np.empty_like(by_rank)
    rank_of[by_rank] = np.arange(len(by_rank))
    last = {report.report_id: number for number, report in enumerate(reports)}
    identities = np.array([report.report_id.encode() for report in reports], np.bytes_)
    return {
        "first_section": np.cumsum([0, *(report.sections for report in reports)], dtype=np.int64),
        "years": np.array([_year(report) for report in reports], np.int64),
        "agency_of": np.array([agencies.setdefault(each.agency, len(agencies)) for each in reports], np.int64),
        "rank_of": rank_of,
        "by_rank": by_rank,
        "identities": identities,
        "by_identity": np.argsort(identities, kind="stable"),
        "report_of_number": np.array([last.get(each, -1) for each in report_ids], np.int64),
    }


def _age(report: WordedReport) -> tuple[int, str, str]:
    return _year(report), report.published_on or "9", report.report_id


def _year(report: WordedReport) -> int:
    return NO_YEAR if report.year is None else report.year


def _paths(segments: Sequence[Segment]) -> list[NDArray[np.uint32]]:
    moved, at = [], 0
    for segment in segments:
        moved.append(segment.paths + np.uint32(at))
        at += len(segment.path_texts)
    return moved


def _moved(sentences: NDArray[np.uint32], by: int) -> NDArray[np.uint32]:
    moved = sentences + np.uint32(by)
    moved[sentences == NO_TEXT] = NO_TEXT
    return moved


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
