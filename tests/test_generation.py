"""Generations: up to date, incremental, atomic, stale, locked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.loader import load
from indexer import generation
from indexer.errors import EngineUnavailable, IndexBusy, IndexUnwritable, NoIndex, StaleIndex
from indexer.building import update
from indexer.generation import folder_of
from indexer.results import SearchRequest
from indexer.service import Services, open_searcher

TEXT = (
    "青岛市教育局{}年政府信息公开工作年度报告\n一、概述\n全年公开信息{}条。\n二、主动公开政府信息情况\n通过网站公开。\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for year in range(2008, 2020):
        (folder / f"{year}.txt").write_text(TEXT.format(year, year), "utf-8")
    return tmp_path


def reload(home: Path) -> None:
    with Library(home / "library.db") as library:
        load(library, [home / "texts"], remove_missing=True)


def answers(home: Path) -> dict[str, list[str]]:
    """All that can be asked of a small index, in a form that two generations can be compared by."""
    searcher = open_searcher(home)
    found = {}
    for query in ("", "信息", '"2010条"', '"2099条"', "教育局 概述", "year:2010..2012", '"全年 公开"~3'):
        results = searcher.search(SearchRequest(query=query, size=100))
        found[query] = sorted(f"{hit.section_id}:{hit.snippet.text}" for hit in results.hits)
        found[f"{query} facets"] = [repr(facet) for facet in results.facets]
    searcher.close()
    return found


def test_an_index_that_is_up_to_date_is_left_alone(home: Path) -> None:
    reload(home)
    first = update(home)
    assert update(home) == first
    assert update(home, rebuild=True).generation != first.generation


def test_an_update_answers_like_a_build(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    update(home)
    (home / "texts" / "2010.txt").write_text(TEXT.format(2010, 2099) + "三、其他需要报告的事项\n无。\n", "utf-8")
    (home / "texts" / "2011.txt").unlink()
    (home / "texts" / "new.txt").write_text(TEXT.format(2020, 2020), "utf-8")
    reload(home)
    added: list[str] = []
    real = generation._Builder.add
    monkeypatch.setattr(generation._Builder, "add", lambda self, r, s: (added.append(r.title), real(self, r, s))[1])
    updated = update(home)
    assert len(added) == 2  # the changed and the new one: the cost follows what changed
    after_update = answers(home)
    update(home, rebuild=True)
    assert len(added) == 2 + 12
    assert answers(home) == after_update
    assert updated.reports == 12


def test_unchanged_files_are_shared_between_generations(home: Path) -> None:
    reload(home)
    first = folder_of(home, update(home).generation)
    inodes = {path.name: path.stat().st_ino for path in (first / "whoosh").iterdir()}
    (home / "texts" / "new.txt").write_text(TEXT.format(2020, 2020), "utf-8")
    reload(home)
    second = folder_of(home, update(home).generation)
    shared = [p.name for p in (second / "whoosh").iterdir() if inodes.get(p.name) == p.stat().st_ino]
    assert any(name.endswith(".seg") for name in shared)


def test_many_changes_are_a_build(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    update(home)
    for path in (home / "texts").iterdir():
        path.write_text(path.read_text("utf-8") + "又一段。", "utf-8")
    reload(home)
    inherited: list[int] = []
    real = generation._Builder.missing
    monkeypatch.setattr(
        generation._Builder, "missing", lambda self, s: (inherited.append(len(self._inherited)), real(self, s))[1]
    )
    assert update(home).reports == 12
    assert inherited == [0]
    assert len(answers(home)["信息"]) == 12 * 3


def test_few_changes_are_no_build(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    update(home)
    (home / "texts" / "2010.txt").write_text(TEXT.format(2010, 2099), "utf-8")
    reload(home)
    inherited: list[int] = []
    real = generation._Builder.missing
    monkeypatch.setattr(
        generation._Builder, "missing", lambda self, s: (inherited.append(len(self._inherited)), real(self, s))[1]
    )
    update(home)
    assert inherited == [11]


def test_a_second_source_of_a_report_reaches_the_index(home: Path) -> None:
    reload(home)
    update(home)
    (home / "texts" / "copy.txt").write_text((home / "texts" / "2010.txt").read_text("utf-8"), "utf-8")
    reload(home)
    manifest = update(home)
    searcher = open_searcher(home)
    (hit,) = searcher.search(SearchRequest(query='"2010条"')).hits
    assert searcher.read(hit.report_id).report.sources == ("texts/2010.txt", "texts/copy.txt")
    assert manifest.reports == 12


def test_an_update_sees_one_state_of_the_library(home: Path) -> None:
    reload(home)
    with Library(home / "library.db") as library:
        corpus_id = library.corpus_id()

    def meddling(report_ids: list[str]) -> list[str]:
        for path in list((home / "texts").iterdir())[:6]:
            path.unlink()
        reload(home)
        return report_ids

    manifest = update(home, progress=meddling)
    assert (manifest.reports, manifest.corpus_id) == (12, corpus_id)
    assert update(home).reports == 6


def test_a_file_in_place_of_the_index_folder_is_a_clear_error(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db"):
        (tmp_path / "index").write_text("", "utf-8")
    with pytest.raises(IndexUnwritable, match="check permissions"):
        update(tmp_path)


def test_an_empty_library_has_an_index_that_answers(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db"):
        pass
    assert update(tmp_path).sections == 0
    results = open_searcher(tmp_path).search(SearchRequest(query="公开"))
    assert (results.sections, results.hits) == (0, ())


def test_readers_switch_to_a_new_generation_by_themselves(home: Path) -> None:
    reload(home)
    update(home)
    services = Services(home)
    before = services.search(SearchRequest(query='"2099条"'))
    (home / "texts" / "new.txt").write_text(TEXT.format(2020, 2099), "utf-8")
    reload(home)
    assert services.search(SearchRequest(query='"2099条"')).sections == 0  # the library may be newer
    update(home)
    after = services.search(SearchRequest(query='"2099条"'))
    assert (before.sections, after.sections) == (0, 1)
    assert before.corpus_id != after.corpus_id


def test_a_failed_build_leaves_the_old_generation(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    first = update(home)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(generation._Builder, "add", fail)
    with pytest.raises(IndexUnwritable, match="disk full"):
        update(home, rebuild=True)
    assert generation.current_generation(home) == first.generation
    assert [p.name for p in (home / "index").iterdir() if p.is_dir()] == [first.generation]
    assert answers(home)["信息"]


def test_old_generations_go_but_the_one_before_stays(home: Path) -> None:
    reload(home)
    names = [update(home, rebuild=True).generation for _ in range(4)]
    left = {p.name for p in (home / "index").iterdir() if p.is_dir()}
    assert names[-1] in left
    assert len(left) == 2


def test_no_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="chadang load"):
        open_searcher(tmp_path)


def test_an_index_of_another_analysis_says_what_to_run_and_is_built_anew(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reload(home)
    first = update(home)
    monkeypatch.setattr(generation, "SCHEMA_VERSION", 99)
    with pytest.raises(StaleIndex, match="chadang index"):
        open_searcher(home)
    assert generation.current_generation(home) == first.generation  # never silently recreated
    assert update(home).generation != first.generation
    assert open_searcher(home).search(SearchRequest(query="信息")).sections


def test_two_builders_at_once_are_refused_politely(home: Path) -> None:
    reload(home)
    update(home)
    lock = sqlite3.connect(home / "index" / "lock.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(IndexBusy, match="another process"):
            update(home, rebuild=True)
    finally:
        lock.close()
    assert update(home, rebuild=True)


def test_an_unknown_engine_names_the_known(home: Path) -> None:
    reload(home)
    with pytest.raises(EngineUnavailable, match="whoosh"):
        update(home, engine="lucene")
