"""A Whoosh build that is interrupted or killed goes on from its last checkpoint, to the index of a build at one go."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_generation import TEXT, answers, reload, write_years

from indexer import whooshbuild
from indexer.building import update
from indexer.generation import TEXTS, UNFINISHED, WHOOSH, current_generation
from indexer.whooshbuild import WhooshBuilder

#: Builds as the command does, slowly, with a checkpoint after every report or so.
BUILD = """
import sys, time
from pathlib import Path
from indexer import whooshbuild, whooshindex
from indexer.building import update

def slowly(names):
    for name in names:
        time.sleep(0.01)
        yield name

whooshbuild._BATCH = 60
print("go", flush=True)
update(Path(sys.argv[1]), engine="whoosh", progress=slowly)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_years(tmp_path)
    reload(tmp_path)
    monkeypatch.setattr(whooshbuild, "_BATCH", 60)
    return tmp_path


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the reports that builders are given from now on."""
    titles: list[str] = []
    real = WhooshBuilder.add

    def add(self: WhooshBuilder, stored: object, copy: bool = False) -> None:
        titles.append(stored.report.title)  # type: ignore[attr-defined]
        real(self, stored, copy)  # type: ignore[arg-type]

    monkeypatch.setattr(WhooshBuilder, "add", add)
    return titles


def interrupted(after: int) -> Callable[[list[str]], Iterator[str]]:
    def progress(names: list[str]) -> Iterator[str]:
        for number, name in enumerate(names):
            if number == after:
                raise KeyboardInterrupt
            yield name

    return progress


def same_as_at_one_go(home: Path) -> bool:
    found = answers(home)
    update(home, engine="whoosh", rebuild=True)
    return answers(home) == found


def test_an_interrupted_build_goes_on(home: Path, added: list[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        update(home, engine="whoosh", progress=interrupted(8))
    assert len(added) == 8
    added.clear()
    manifest = update(home, engine="whoosh")
    assert 4 <= len(added) <= 6
    assert manifest.reports == 12
    assert [p.name for p in (home / "index").iterdir() if p.is_dir()] == [manifest.generation]
    assert same_as_at_one_go(home)


def test_what_changed_in_between_is_done_anew(home: Path, added: list[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        update(home, engine="whoosh", progress=interrupted(12 - 1))
    texts = sorted((home / "texts").iterdir())
    texts[0].write_text(TEXT.format(2008, 2099), "utf-8")
    texts[1].unlink()
    reload(home)
    added.clear()
    assert update(home, engine="whoosh").reports == 11
    assert len(added) <= 4
    assert len(answers(home)['"2099条"']) == 1
    assert same_as_at_one_go(home)


def test_an_interrupted_update_and_an_interrupted_rebuild_go_on_each_from_its_own(home: Path, added: list[str]) -> None:
    update(home, engine="whoosh")
    for year in (2020, 2021, 2022):
        (home / "texts" / f"{year}.txt").write_text(TEXT.format(year, year), "utf-8")
    reload(home)
    before = answers(home)
    with pytest.raises(KeyboardInterrupt):
        update(home, engine="whoosh", progress=interrupted(2))
    assert answers(home) == before
    added.clear()
    assert update(home, engine="whoosh").reports == 15
    assert 1 <= len(added) <= 2
    with pytest.raises(KeyboardInterrupt):
        update(home, engine="whoosh", rebuild=True, progress=interrupted(10))
    added.clear()
    assert update(home, engine="whoosh", rebuild=True).reports == 15
    assert len(added) < 10
    assert same_as_at_one_go(home)


@pytest.mark.parametrize("what", ["segment", "texts", "list", "half a commit"])
def test_what_is_damaged_is_never_opened_and_what_is_half_done_is_put_back(
    home: Path, added: list[str], what: str
) -> None:
    with pytest.raises(KeyboardInterrupt):
        update(home, engine="whoosh", progress=interrupted(8))
    folder = next((home / "index" / UNFINISHED).iterdir())
    segment = next((folder / WHOOSH).glob("*.seg"))
    toc = next((folder / WHOOSH).glob("*.toc"))
    if what == "segment":
        segment.write_bytes(segment.read_bytes()[:-1] + b"?")
    elif what == "texts":
        (folder / TEXTS).write_bytes(b"no database, whatever its name is")
    elif what == "list":
        toc.write_bytes(b"cos\nsystem\n")
    else:  # killed between Whoosh's commit and the record of it
        toc.rename(toc.with_name("_MAIN_99.toc"))
        (folder / WHOOSH / "MAIN_new.seg").write_bytes(b"")
        (folder / WHOOSH / "MAIN.tmp").mkdir()
    added.clear()
    update(home, engine="whoosh")
    assert len(added) <= 6 if what == "half a commit" else len(added) == 12
    assert same_as_at_one_go(home)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_builds_killed_at_random_moments_end_as_one_at_one_go(home: Path, ending: signal.Signals) -> None:
    for year in range(1980, 2008):
        (home / "texts" / f"{year}.txt").write_text(
            TEXT.format(year, year) + "三、其他\n" + f"第{year}段。\n" * 9, "utf-8"
        )
    reload(home)
    update(home, engine="whoosh")
    wanted, first = answers(home), current_generation(home)
    for number, path in enumerate(sorted((home / "texts").iterdir())):
        if number % 2:
            path.write_text(path.read_text("utf-8") + "又一段。\n", "utf-8")
    reload(home)
    chance = random.Random(20101)
    kills = 0
    for _ in range(6):
        build = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(home)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert build.stdout is not None
        assert build.stdout.readline() == "go\n"
        time.sleep(chance.uniform(0, 0.4))
        build.send_signal(ending)
        said = build.communicate()[1]
        if build.returncode == 0:
            break
        kills += 1
        assert said.endswith("KeyboardInterrupt\n") if ending == signal.SIGINT else not said
        assert current_generation(home) == first
        assert answers(home) == wanted
    assert kills >= 2
    assert update(home, engine="whoosh").reports == 40
    assert len(answers(home)["信息"]) > 40
    assert same_as_at_one_go(home)
