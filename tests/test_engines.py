"""Which engine an index gets: by size, by wish, by what the machine has; and that both say and answer the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_generation import TEXT, answers, reload

from chadang import main
from indexer import building, engines, indexcommand
from indexer.building import update
from indexer.errors import EngineUnavailable

CHARACTERS = 900  # of the library below, about


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for year in range(2008, 2020):
        (folder / f"{year}.txt").write_text(TEXT.format(year, year), "utf-8")
    reload(tmp_path)
    return tmp_path


def limit(monkeypatch: pytest.MonkeyPatch, characters: int) -> None:
    for module in (engines, building, indexcommand):
        monkeypatch.setattr(module, "WHOOSH_LIMIT", characters)


def without_tantivy(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (engines, building, indexcommand):
        monkeypatch.setattr(module, "has_tantivy", lambda: False)


def run(home: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["--home", str(home), "--lang", "en", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_auto_takes_whoosh_for_small_libraries_and_tantivy_beyond(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tantivy")
    small = update(home)
    assert (small.engine, small.asked) == ("whoosh", "auto")
    by_whoosh = answers(home)
    limit(monkeypatch, 100)
    large = update(home)
    assert (large.engine, large.asked) == ("tantivy", "auto")
    assert large.generation != small.generation  # by itself, and without loading anything again
    assert (large.reports, large.sections, large.characters) == (small.reports, small.sections, small.characters)
    assert answers(home) == by_whoosh
    assert update(home) == large


def test_auto_doesnt_go_back_and_forth_at_the_limit(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tantivy")
    size = update(home).characters
    limit(monkeypatch, size - 1)
    assert update(home).engine == "tantivy"
    limit(monkeypatch, size + 1)
    assert update(home).engine == "tantivy"  # a little below the limit it stays
    limit(monkeypatch, size * 2)
    assert update(home).engine == "whoosh"


def test_where_tantivy_is_missing_auto_stays_with_whoosh_and_says_what_that_costs(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_tantivy(monkeypatch)
    limit(monkeypatch, 100)
    said = run(home, "index")
    assert "engine whoosh" in said
    assert "isn't installed" in said
    assert "fifteen times" in said
    assert answers(home)["信息"]
    with pytest.raises(EngineUnavailable, match="--engine whoosh"):
        update(home, engine="tantivy")


def test_an_index_of_tantivy_is_not_opened_without_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tantivy")
    update(home, engine="tantivy")
    without_tantivy(monkeypatch)
    with pytest.raises(EngineUnavailable, match="tantivy isn't installed"):
        answers(home)


def test_index_and_status_say_which_engine_and_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tantivy")
    assert "Whoosh was chosen by size" in run(home, "index")
    index = json.loads(run(home, "status", "--json"))["index"]
    assert (index["engine"], index["asked"]) == ("whoosh", "auto")
    assert "by size" in index["engine_why"]
    assert "asked for by --engine tantivy" in run(home, "index", "--engine", "tantivy")
    assert "engine tantivy" in run(home, "status", "--verify")
    limit(monkeypatch, 100)
    assert "tantivy was chosen by size" in run(home, "index", "--rebuild")
