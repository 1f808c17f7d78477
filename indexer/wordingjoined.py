"""The large arrays of a generation's wordings, put together once and mapped from files by each process after.

To put them together takes a second at 450,000 sections, and 50 MB of a process's own memory. They are written when the
first process needs them, not when the generation is built: an update writes what changed alone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.wordingsegment import NO_TEXT, Segment

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
_Scalar = TypeVar("_Scalar", bound=np.generic)

FOLDER: Final = "joined"
#: The report of each section; the first sentence of each section, and one more; the section and the text of each sentence
#: (NO_TEXT where it has no wording); the keys of all wordings, ascending; the wording of each text, and where it ends in
#: those of its segment.
NAMES: Final = ("report_of", "first_sentence", "section_of", "text_of", "keys", "wording_of_text", "ends")


def joined_arrays(generation: Path, segments: Sequence[Segment]) -> Arrays:
    """Return the arrays of a generation: mapped where they can be, else as they were put together."""
    folder = generation / FOLDER
    found = _mapped(folder)
    if found is None:
        made = _put_together(segments)
        _write(folder, made)
        found = _mapped(folder) or made
    return found


def joined(parts: Sequence[NDArray[_Scalar]], dtype: type[_Scalar]) -> NDArray[_Scalar]:
    """Return arrays one after the other."""
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype, copy=False)


def _mapped(folder: Path) -> Arrays | None:
    try:
        found = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in NAMES}
    except (OSError, ValueError):
        return None
    return {name: np.asarray(array) for name, array in found.items()}


def _write(folder: Path, arrays: Arrays) -> None:
    """Write the arrays in one step; where they can't be written, each process puts them together."""
    try:
        aside = Path(tempfile.mkdtemp(prefix=f"{FOLDER}-", dir=folder.parent))
    except OSError:
        return
    try:
        for name in NAMES:
            np.save(aside / f"{name}.npy", arrays[name], allow_pickle=False)
        aside.rename(folder)
    except OSError:  # no room, or another process was quicker
        shutil.rmtree(aside, ignore_errors=True)


def _put_together(segments: Sequence[Segment]) -> Arrays:
    sizes = [report.sections for segment in segments for report in segment.reports]
    counts = joined([segment.counts for segment in segments], np.uint32)
    starts = np.cumsum([0, *(len(segment.keys) for segment in segments)])[:-1].tolist()
    texts = [_moved(segment.sentences, at) for segment, at in zip(segments, starts, strict=True)]
    keys, numbers = np.unique(joined([segment.keys for segment in segments], np.uint64), return_inverse=True)
    return {
        "report_of": np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes),
        "first_sentence": np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
        "section_of": np.repeat(np.arange(len(counts), dtype=np.uint32), counts),
        "text_of": joined(texts, np.uint32),
        "keys": keys,
        "wording_of_text": numbers.astype(np.uint32),
        "ends": joined([np.cumsum(segment.lengths, dtype=np.int64) for segment in segments], np.int64),
    }


def _moved(sentences: NDArray[np.uint32], by: int) -> NDArray[np.uint32]:
    moved = sentences + np.uint32(by)
    moved[sentences == NO_TEXT] = NO_TEXT
    return moved
