"""The segments of a generation's wording store as files: which there are, in which order, and small ones put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from indexer.generation import WORDINGS, link
from indexer.wordingsegment import Segment, merge_segments

_SUFFIX: Final = ".words"
#: Segments of fewer bytes (some 10,000 sections) are put together when there are so many of them.
_SMALL: Final = 5_000_000
_MOST_SMALL: Final = 8


def segment_paths(generation: Path) -> list[Path]:
    """Return the segments of a generation, oldest first: a report's last one counts."""
    return sorted((generation / WORDINGS).glob(f"*{_SUFFIX}"), key=_number)


def next_segment(generation: Path) -> Path:
    """Return where the next segment of a generation is to be written."""
    held = segment_paths(generation)
    return segment_path(generation, _number(held[-1]) + 1 if held else 0)


def segment_path(generation: Path, number: int) -> Path:
    """Return the path of a segment; its name says what order it is in, and by which generation it was written."""
    return generation / WORDINGS / f"{number}-{generation.name[-8:]}{_SUFFIX}"


def link_segments(previous: Path, generation: Path) -> None:
    """Share the segments of an earlier generation."""
    (generation / WORDINGS).mkdir(exist_ok=True)
    for path in segment_paths(previous):
        link(path, generation / WORDINGS / path.name)


def merge_small(generation: Path, alive: Callable[[], set[str]]) -> None:
    """Put small segments together where they are many, without reports that went or changed since.

    ``alive`` names the reports of the generation, and is asked only then.
    """
    paths = segment_paths(generation)
    small = [path for path in paths if path.stat().st_size < _SMALL]
    if len(small) < _MOST_SMALL:
        return
    segments = {path: Segment(path) for path in paths}
    last = {report.report_id: path for path in paths for report in segments[path].reports}
    held = alive()
    wanted = [
        {r.report_id for r in segments[p].reports if r.report_id in held and last[r.report_id] == p} for p in small
    ]
    merged = small[-1].with_suffix(".new")
    merge_segments([segments[path] for path in small], wanted, merged)
    del segments  # a mapped file can't be removed on Windows
    target = segment_path(generation, _number(small[-1]))
    for path in small:
        _let_go(path)
    merged.rename(target)


def _let_go(path: Path) -> None:
    """Remove a segment; one that a reader of an earlier generation has mapped can only be renamed on Windows."""
    try:
        path.unlink()
    except PermissionError:
        path.rename(path.with_suffix(".gone"))


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])
