"""The joined arrays of wordings: written once, mapped after, and never needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_generation import reload, write_years

from indexer import wordingjoined
from indexer.building import update
from indexer.errors import BrokenIndex
from indexer.generation import folder_of
from indexer.wordingfolder import segment_paths
from indexer.wordingjoined import FILE, NAMES, Arrays, check_joined, joined_arrays
from indexer.wordingsegment import Segment


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    write_years(tmp_path)
    reload(tmp_path)
    return folder_of(tmp_path, update(tmp_path).generation)


def arrays_of(generation: Path) -> Arrays:
    paths = segment_paths(generation)
    return joined_arrays(generation, paths, lambda: [r.report_id for path in paths for r in Segment(path).reports])


def test_what_was_written_is_what_was_put_together(generation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = {name: np.array(array) for name, array in arrays_of(generation).items()}
    monkeypatch.setattr(wordingjoined, "_put_together", None)  # mapped: nothing to put together
    again = arrays_of(generation)
    assert len(again["keys"])
    for name in NAMES:
        np.testing.assert_array_equal(again[name], first[name])


def test_where_nothing_can_be_written_the_arrays_are_there_all_the_same(
    generation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(wordingjoined, "write_arrays", full)
        found = arrays_of(generation)
    assert [path.name for path in generation.glob("joined*")] == []
    assert len(found["keys"])


def test_the_file_is_on_the_disk_whole_before_it_has_its_name(
    generation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []

    def noted(path: Path) -> None:
        synced.append((path.read_bytes(), (generation / FILE).exists()))

    monkeypatch.setattr(wordingjoined, "sync", noted)
    arrays_of(generation)
    assert synced == [((generation / FILE).read_bytes(), False)]


@pytest.mark.parametrize("damage", [b"?", b"", None])
def test_a_cut_or_lengthened_file_is_put_together_anew(generation: Path, damage: bytes | None) -> None:
    whole = {name: np.array(array) for name, array in arrays_of(generation).items()}
    path = generation / FILE
    held = path.read_bytes()
    path.unlink()  # mapped yet
    path.write_bytes(held[:-64] if damage is None else held + b"?" if damage else b"")
    for name in NAMES:
        np.testing.assert_array_equal(arrays_of(generation)[name], whole[name])
    assert len(path.read_bytes()) == len(held)


def test_the_arrays_of_other_segments_are_put_together_anew(generation: Path) -> None:
    arrays_of(generation)
    (path,) = segment_paths(generation)
    path.rename(path.with_name(f"7-{path.name.partition('-')[2]}"))
    found = arrays_of(generation)
    assert path.name.encode()[1:] in bytes(found["of"]) and b'"7-' in bytes(found["of"])


def test_a_damaged_byte_is_found_by_who_reads_all(generation: Path) -> None:
    check_joined(generation)  # there is none yet
    arrays_of(generation)
    check_joined(generation)
    path = generation / FILE
    held = bytearray(path.read_bytes())
    path.unlink()
    held[len(held) // 2] ^= 1
    path.write_bytes(held)
    with pytest.raises(BrokenIndex, match=FILE):
        check_joined(generation)


def test_a_damaged_segment_is_said_to_be_one(generation: Path) -> None:
    (path,) = segment_paths(generation)
    whole = path.read_bytes()
    path.write_bytes(whole[:-200] + bytes(200))  # what a power failure leaves of a file that wasn't synced
    with pytest.raises(BrokenIndex, match=path.name):
        arrays_of(generation)


def test_a_cut_segment_is_said_to_be_one(generation: Path) -> None:
    (path,) = segment_paths(generation)
    path.write_bytes(path.read_bytes()[:-64])
    with pytest.raises(BrokenIndex, match=path.name):
        Segment(path)
