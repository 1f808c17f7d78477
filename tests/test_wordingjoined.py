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
from indexer.wordingjoined import FOLDER, NAMES, joined_arrays
from indexer.wordingsegment import Segment


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    write_years(tmp_path)
    reload(tmp_path)
    return folder_of(tmp_path, update(tmp_path).generation)


def opened(generation: Path) -> list[Segment]:
    return [Segment(path) for path in segment_paths(generation)]


def test_what_was_written_is_what_was_put_together(generation: Path) -> None:
    first = {name: np.array(array) for name, array in joined_arrays(generation, opened(generation)).items()}
    assert sorted(path.stem for path in (generation / FOLDER).iterdir()) == sorted(NAMES)
    again = joined_arrays(generation, [])  # mapped: nothing to put together
    assert len(again["keys"])
    for name in NAMES:
        np.testing.assert_array_equal(again[name], first[name])


def test_where_nothing_can_be_written_the_arrays_are_there_all_the_same(
    generation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(wordingjoined.tempfile, "mkdtemp", full)
        found = joined_arrays(generation, opened(generation))
    assert not (generation / FOLDER).exists()
    assert len(found["keys"])


def test_a_damaged_file_is_put_together_anew(generation: Path) -> None:
    joined_arrays(generation, opened(generation))
    (generation / FOLDER / "keys.npy").write_bytes(b"?")
    assert len(joined_arrays(generation, opened(generation))["keys"])


def test_a_damaged_segment_is_said_to_be_one(generation: Path) -> None:
    (path,) = segment_paths(generation)
    whole = path.read_bytes()
    path.write_bytes(whole[:-200] + bytes(200))  # what a power failure leaves of a file that wasn't synced
    with pytest.raises(BrokenIndex, match=path.name):
        Segment(path)
