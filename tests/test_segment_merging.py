"""What an update does to the segments of a tantivy index: removed reports are gone, and only small segments are merged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("tantivy")

import tantivy

from indexer import tantivyparts
from indexer.tantivyparts import check_size, put_together, remove_reports
from indexer.tantivyschema import REPORT, create_index, open_index

_PARTS = 9
_EACH = 3


def _index(folder: Path) -> Path:
    """Make an index of nine segments, each with three reports of one section."""
    parts = []
    for part in range(_PARTS):
        parts.append(folder / f"part-{part}")
        writer = create_index(parts[-1]).writer(heap_size=15_000_000, num_threads=1)
        for n in range(_EACH):
            document = tantivy.Document()
            document.add_unsigned(REPORT, part * _EACH + n)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    put_together(folder / "whole", parts)
    return folder / "whole"


def _segments(folder: Path) -> int:
    return len(json.loads((folder / "meta.json").read_text("utf-8"))["segments"])


def test_large_segments_are_not_merged_by_an_update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivyparts, "_SMALL", 0)
    folder = _index(tmp_path)
    remove_reports(folder, [0, 10, 26])
    assert _segments(folder) == _PARTS
    check_size(folder, _PARTS * _EACH - 3)


def test_small_segments_are_merged_by_an_update_and_leave_no_file_behind(tmp_path: Path) -> None:
    folder = _index(tmp_path)
    remove_reports(folder, [0, 10, 26])
    assert _segments(folder) < _PARTS
    check_size(folder, _PARTS * _EACH - 3)
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    living = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    assert {path.name.split(".")[0] for path in tantivyparts.segment_files(folder)} == living
    assert [path for path in folder.iterdir() if path.is_dir()] == []


def test_reports_can_be_removed_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivyparts, "_SMALL", 0)
    folder = _index(tmp_path)
    for removed, number in enumerate((3, 4, 5, 12), 1):
        remove_reports(folder, [number])
        check_size(folder, _PARTS * _EACH - removed)
    # A segment of which nothing is left is gone.
    assert _segments(folder) == _PARTS - 1
    assert open_index(folder).searcher().num_docs == _PARTS * _EACH - 4
