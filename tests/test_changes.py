"""The library's list of changes: an update looks at what changed, and gives what looking at everything would."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from test_generation import TEXT, answers, reload, write_years

from corpus.library import Library, Source
from corpus.model import digest_exchanged, digest_mapping
from corpus.rows import report_rows
from corpus.schema import SCHEMA_VERSION
from indexer.building import update

pytest.importorskip("tantivy", reason="tantivy has no wheel for this machine; Whoosh serves there")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_years(tmp_path)
    reload(tmp_path)
    update(tmp_path, engine="tantivy")
    return tmp_path


def change(home: Path, year: int, count: int) -> None:
    (home / "texts" / f"{year}.txt").write_text(TEXT.format(year, count), "utf-8")
    reload(home)


def test_a_digest_follows_an_exchange_of_pairs() -> None:
    before, after = {"a": "1", "b": "2", "c": "3"}, {"c": "3", "b": "9", "d": "4"}
    exchanged = digest_exchanged(digest_mapping(before), {"a": "1", "b": "2"}, {"b": "9", "d": "4"})
    assert exchanged == digest_mapping(after) != digest_mapping(before)
    assert digest_mapping({"ab": "c"}) != digest_mapping({"a": "bc"})


def test_each_kind_of_change_is_listed(home: Path) -> None:
    with Library(home / "library.db") as library:
        first, second, third, *_ = library.reports()
        mark = library.mark()
        assert library.changed_since(mark) == set()
        with library.transaction():
            library.correct(first.report_id, "agency", "青岛市卫生局", by="", at="2026", why="")
        assert library.changed_since(mark) == {first.report_id}
        with library.transaction():
            library.remove(second.sources[0])
            library.put(Source("more", "/more"), report_rows(replace(third, sources=())))
        assert library.changed_since(mark) == {first.report_id, second.report_id, third.report_id}
        with library.transaction():
            library.link(third.report_id, first.report_id, "copy")
        after = library.mark()
        assert library.changed_since(after) == set()
        assert library.links() == {third.report_id: first.report_id}


def test_what_changed_nothing_is_not_listed(home: Path) -> None:
    with Library(home / "library.db") as library:
        mark = library.mark()
        for source in library.sources():
            library.touch(replace(source, mtime_ns=7))
        assert library.changed_since(mark) == set()


def test_a_copy_that_went_its_own_way_is_told_from_the_library(home: Path) -> None:
    path, copy = home / "library.db", home / "copy.db"
    shutil.copyfile(path, copy)
    change(home, 2010, 2099)
    with Library(path) as library, Library(copy) as other:
        mark = library.mark()
        assert other.changed_since(mark) is None
        with other.transaction():
            for report in list(other.reports()):
                other.remove(report.sources[0])
        assert other.changed_since(mark) is None


def test_old_changes_are_forgotten_but_not_the_last(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.library._CHANGES_KEPT", 3)
    with Library(home / "library.db") as library:
        mark = library.mark()
        for report in list(library.reports())[:4]:
            with library.transaction():
                library.correct(report.report_id, "agency", "青岛市卫生局", by="", at="2026", why="")
        last = library.mark()
        with library.transaction():
            library.forget_changes()
        assert library.changed_since(mark) is None
        assert library.changed_since(last) == set()


def test_an_update_asks_for_what_changed_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(home, 2010, 2099)
    (home / "texts" / "2012.txt").unlink()
    (home / "texts" / "2020.txt").write_text(TEXT.format(2020, 2020), "utf-8")
    reload(home)
    real = Library.states

    def states(self: Library, report_ids: object = None) -> dict[str, str]:
        assert report_ids is not None
        return real(self, report_ids)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Library, "states", states)
        manifest = update(home, engine="tantivy")
    found = answers(home)
    rebuilt = update(home, engine="tantivy", rebuild=True)
    assert answers(home) == found
    for name in ("corpus_id", "library_state", "library_mark", "reports", "sections", "characters"):
        assert getattr(manifest, name) == getattr(rebuilt, name)


def test_a_change_that_was_undone_makes_no_new_generation(home: Path) -> None:
    before = update(home, engine="tantivy")
    change(home, 2010, 2099)
    change(home, 2010, 2010)
    assert update(home, engine="tantivy") == before


def test_a_report_that_is_no_copy_any_more_counts_again_though_it_did_not_change(home: Path) -> None:
    with Library(home / "library.db") as library:
        ids = {report.year: report.report_id for report in library.reports()}
        with library.transaction():
            library.correct(ids[2010], "same_as", ids[2011], by="", at="2026", why="")
    assert update(home, engine="tantivy").reports == 12
    assert len(answers(home)['"2010条"']) == 0
    (home / "texts" / "2011.txt").unlink()
    reload(home)
    update(home, engine="tantivy")
    assert len(answers(home)['"2010条"']) == 1


def test_a_library_of_version_3_is_listed_from_now_on(home: Path) -> None:
    with Library(home / "library.db") as library:
        db = library._db
        for name in ("report_added", "report_changed", "report_removed", "source_added", "source_changed"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DROP TRIGGER source_removed")
        db.execute("DROP INDEX report_link")
        db.execute("DROP TABLE change")
        db.execute("PRAGMA user_version = 3")
    before = update(home, engine="tantivy")  # compared as a whole: nothing changed
    change(home, 2010, 2099)
    after = update(home, engine="tantivy")
    with Library(home / "library.db") as library:
        assert library._db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        assert after.library_state == digest_mapping(library.states()) != before.library_state
        assert library.changed_since(after.library_mark) == set()
