"""Generations: up to date, incremental, atomic, stale, locked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.loader import load
from corpus.rows import StoredReport
from indexer import building, generation
from indexer.errors import BrokenIndex, EngineUnavailable, IndexBusy, IndexUnwritable, NoIndex, StaleIndex
from indexer.generation import check_files, folder_of
from indexer.results import Manifest, SearchRequest
from indexer.service import Services, open_searcher
from indexer.tantivybuild import TantivyBuilder
from indexer.whooshbuild import WhooshBuilder
from indexer.wordingsegment import SegmentWriter

Update = Callable[..., Manifest]
BUILDERS = (WhooshBuilder, TantivyBuilder)
TEXT = (
    "青岛市教育局{}年政府信息公开工作年度报告\n一、概述\n全年公开信息{}条。\n二、主动公开政府信息情况\n通过网站公开。\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_years(tmp_path)
    return tmp_path


@pytest.fixture(params=["whoosh", "tantivy"])
def update(request: pytest.FixtureRequest) -> Update:
    """Updates the index with one of the engines."""
    return partial(building.update, engine=request.param)


def record_added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of what builders are given from now on."""
    added: list[str] = []
    for builder in BUILDERS:

        def add(
            self: object, stored: StoredReport, *rest: object, real: Callable[..., None] = builder.add, **named: object
        ) -> None:
            added.append(stored.report.title)
            real(self, stored, *rest, **named)

        monkeypatch.setattr(builder, "add", add)
    return added


def reload(home: Path) -> None:
    with Library(home / "library.db") as library:
        load(library, [home / "texts"], remove_missing=True)


def write_years(home: Path) -> None:
    """Write twelve small reports, one for each year, for ``reload`` to take in."""
    folder = home / "texts"
    folder.mkdir()
    for year in range(2008, 2020):
        (folder / f"{year}.txt").write_text(TEXT.format(year, year), "utf-8")


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


def test_an_index_that_is_up_to_date_is_left_alone(update: Update, home: Path) -> None:
    reload(home)
    first = update(home)
    assert update(home) == first
    assert update(home, rebuild=True).generation != first.generation


def test_an_update_answers_like_a_build(update: Update, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    update(home)
    (home / "texts" / "2010.txt").write_text(TEXT.format(2010, 2099) + "三、其他需要报告的事项\n无。\n", "utf-8")
    (home / "texts" / "2011.txt").unlink()
    (home / "texts" / "new.txt").write_text(TEXT.format(2020, 2020), "utf-8")
    reload(home)
    added = record_added(monkeypatch)
    updated = update(home)
    assert len(added) == 2  # the changed and the new one: the cost follows what changed
    after_update = answers(home)
    update(home, rebuild=True)
    assert len(added) == 2 + 12
    assert answers(home) == after_update
    assert updated.reports == 12


def test_unchanged_files_are_shared_between_generations(update: Update, home: Path) -> None:
    reload(home)
    first = folder_of(home, update(home).generation)
    inodes = {path.name: path.stat().st_ino for path in first.rglob("*")}
    (home / "texts" / "new.txt").write_text(TEXT.format(2020, 2020), "utf-8")
    reload(home)
    second = folder_of(home, update(home).generation)
    shared = [p.name for p in second.rglob("*") if inodes.get(p.name) == p.stat().st_ino]
    assert any(name.endswith((".seg", ".pos")) for name in shared)


def test_many_changes_are_a_build(update: Update, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    update(home)
    for path in (home / "texts").iterdir():
        path.write_text(path.read_text("utf-8") + "又一段。", "utf-8")
    reload(home)
    added = record_added(monkeypatch)
    assert update(home).reports == 12
    assert len(added) == 12
    assert len(answers(home)["信息"]) == 12 * 3


def test_few_changes_are_no_build(update: Update, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    update(home)
    (home / "texts" / "2010.txt").write_text(TEXT.format(2010, 2099), "utf-8")
    reload(home)
    added = record_added(monkeypatch)
    update(home)
    assert len(added) == 1


def test_a_second_source_of_a_report_reaches_the_index(update: Update, home: Path) -> None:
    reload(home)
    update(home)
    (home / "texts" / "copy.txt").write_text((home / "texts" / "2010.txt").read_text("utf-8"), "utf-8")
    reload(home)
    manifest = update(home)
    searcher = open_searcher(home)
    (hit,) = searcher.search(SearchRequest(query='"2010条"')).hits
    assert searcher.read(hit.report_id).report.sources == ("texts/2010.txt", "texts/copy.txt")
    assert manifest.reports == 12


def test_an_update_sees_one_state_of_the_library(update: Update, home: Path) -> None:
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


def test_a_file_in_place_of_the_index_folder_is_a_clear_error(update: Update, tmp_path: Path) -> None:
    with Library(tmp_path / "library.db"):
        (tmp_path / "index").write_text("", "utf-8")
    with pytest.raises(IndexUnwritable, match="check permissions"):
        update(tmp_path)


def test_an_empty_library_has_an_index_that_answers(update: Update, tmp_path: Path) -> None:
    with Library(tmp_path / "library.db"):
        pass
    assert update(tmp_path).sections == 0
    results = open_searcher(tmp_path).search(SearchRequest(query="公开"))
    assert (results.sections, results.hits) == (0, ())


def test_readers_switch_to_a_new_generation_by_themselves(update: Update, home: Path) -> None:
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


def test_a_failed_build_leaves_the_old_generation(update: Update, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reload(home)
    first = update(home)

    def fail(*_: object, **named: object) -> None:
        raise OSError("disk full")

    for builder in BUILDERS:
        monkeypatch.setattr(builder, "add", fail)
    with pytest.raises(IndexUnwritable, match="disk full"):
        update(home, rebuild=True)
    assert generation.current_generation(home) == first.generation
    assert [p.name for p in (home / "index").iterdir() if p.is_dir()] == [first.generation]
    assert answers(home)["信息"]


def test_a_disk_that_fills_while_wordings_are_written_is_said(
    update: Update, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reload(home)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(SegmentWriter, "save", fail)
        with pytest.raises(IndexUnwritable, match="disk full"):
            update(home)
    update(home)
    assert answers(home)["信息"]


def test_old_generations_go_but_the_one_before_stays(update: Update, home: Path) -> None:
    reload(home)
    names = [update(home, rebuild=True).generation for _ in range(4)]
    left = {p.name for p in (home / "index").iterdir() if p.is_dir()}
    assert names[-1] in left
    assert len(left) == 2


def test_no_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="chadang load"):
        open_searcher(tmp_path)


def test_an_index_of_another_analysis_says_what_to_run_and_is_built_anew(
    update: Update, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reload(home)
    first = update(home)
    monkeypatch.setattr(generation, "SCHEMA_VERSION", 99)
    with pytest.raises(StaleIndex, match="chadang index"):
        open_searcher(home)
    assert generation.current_generation(home) == first.generation  # never silently recreated
    assert update(home).generation != first.generation
    assert open_searcher(home).search(SearchRequest(query="信息")).sections


def test_two_builders_at_once_are_refused_politely(update: Update, home: Path) -> None:
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


def test_an_unknown_engine_names_the_known(update: Update, home: Path) -> None:
    reload(home)
    with pytest.raises(EngineUnavailable, match="whoosh"):
        update(home, engine="lucene")


def test_status_verifies_what_opening_takes_on_trust(update: Update, home: Path) -> None:
    reload(home)
    manifest = update(home)
    folder = folder_of(home, manifest.generation)
    check_files(folder, manifest, contents=True)
    victim = max((folder / name for name in manifest.files), key=lambda path: path.stat().st_size)
    body = bytearray(victim.read_bytes())
    body[len(body) // 2] ^= 0xFF
    victim.write_bytes(body)
    check_files(folder, manifest, contents=False)
    with pytest.raises(BrokenIndex, match="rebuild"):
        check_files(folder, manifest, contents=True)
