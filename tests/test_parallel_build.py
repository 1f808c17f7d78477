"""Building by several processes: the same index as by one; an interruption keeps finished parts; failures are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_generation import TEXT, answers, reload, write_years

pytest.importorskip("tantivy", reason="tantivy has no wheel for this machine; Whoosh serves there")

from indexer import partworkers, tantivybuild
from indexer.building import update
from indexer.errors import IndexUnwritable
from indexer.generation import UNFINISHED


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_years(tmp_path)
    reload(tmp_path)
    monkeypatch.setattr(tantivybuild, "_FEW", 1)
    monkeypatch.setattr(tantivybuild, "_MOST_IN_PART", 2)
    return tmp_path


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the tasks that are carried out from now on."""
    done: list[int] = []
    real = tantivybuild.carried_out

    def carried_out(some: list[partworkers.Task], workers: int) -> Iterator[object]:
        done.extend(task.number for task in some)
        return real(some, workers)

    monkeypatch.setattr(tantivybuild, "carried_out", carried_out)
    return done


def test_several_processes_write_what_one_writes(home: Path, tasks: list[int]) -> None:
    update(home, engine="tantivy", workers=2)
    assert len(tasks) == 6
    by_several = answers(home)
    update(home, engine="whoosh")
    assert answers(home) == by_several
    assert not (home / "index" / UNFINISHED).exists()


def interrupted(after: int) -> object:
    def progress(names: list[str]) -> Iterator[str]:
        for number, name in enumerate(names):
            if number == after:
                raise KeyboardInterrupt
            yield name

    return progress


def test_an_interrupted_build_goes_on_from_its_finished_parts(home: Path, tasks: list[int]) -> None:
    with pytest.raises(KeyboardInterrupt):
        update(home, engine="tantivy", workers=1, progress=interrupted(9))  # type: ignore[arg-type]
    kept = sorted(path.name for path in (home / "index" / UNFINISHED).glob("*/*"))
    assert kept == ["0", "1", "2", "3"]
    tasks.clear()
    manifest = update(home, engine="tantivy", workers=1)
    assert tasks == [4, 5]
    assert manifest.reports == 12
    assert not (home / "index" / UNFINISHED).exists()
    resumed = answers(home)
    update(home, engine="tantivy", rebuild=True)
    assert answers(home) == resumed


@pytest.mark.parametrize("what", ["library", "pack", "segments", "list", "wordings"])
def test_parts_that_no_longer_fit_are_written_again(home: Path, tasks: list[int], what: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        update(home, engine="tantivy", workers=1, progress=interrupted(9))  # type: ignore[arg-type]
    part = next((home / "index" / UNFINISHED).glob("*/0"))
    if what == "library":
        (home / "texts" / "2008.txt").write_text(TEXT.format(2008, 9999), "utf-8")
        reload(home)
    elif what == "pack":
        (part / "pack").write_bytes(b"")
    elif what == "segments":
        for path in (part / "index").iterdir():
            path.unlink()
    elif what == "wordings":
        held = (part / "wordings").read_bytes()
        (part / "wordings").write_bytes(held[:-200] + bytes(200))
    else:
        (part / "entries.json").write_text("[", "utf-8")
    tasks.clear()
    update(home, engine="tantivy", workers=1)
    assert tasks == ([0, 1, 2, 3, 4, 5] if what == "library" else [0, 4, 5])
    found = answers(home)
    update(home, engine="tantivy", rebuild=True)
    assert answers(home) == found


def test_what_a_worker_fails_at_is_said_and_the_old_index_answers(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(home, engine="tantivy")
    before = answers(home)
    monkeypatch.setattr(tantivybuild, "PACK", "no/such/folder")
    with pytest.raises(IndexUnwritable, match="no/such/folder"):
        update(home, engine="tantivy", rebuild=True, workers=2)
    assert answers(home) == before
