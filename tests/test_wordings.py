"""The store of wordings and what is found in it, for every engine, against a loop over the sentences."""

import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wordedreports import PLACES, put, random_reports, worded_report

from corpus.folding import fold
from corpus.library import Library
from indexer import wordingfolder
from indexer.building import build, update
from indexer.errors import QueryRejected, WordingNotFound
from indexer.results import Filter, SearchRequest
from indexer.sentences import sentence_texts
from indexer.service import Searcher, open_searcher
from indexer.wordingkey import WordingForms, key_of
from indexer.wordings import Use, users, wordings

ENGINES = ("whoosh", "tantivy")


def _loop(reports, query, kind=None):
    """Return key -> (reports, agencies, years) of the sentences that hold a folded query."""
    found = defaultdict(set)
    for report in reports:
        forms = WordingForms(report.agency, report.region, report.year)
        for section in report.sections:
            if kind and section.kind != kind:
                continue
            for block in section.blocks:
                if block.form == "paragraph":
                    for text, form in forms.of(fold(section.block_text(block))):
                        if form and query in text:
                            found[f"{key_of(form):016x}"].add((report.report_id, report.agency, report.year))
    return {key: _figures(own) for key, own in found.items()}


def _figures(own):
    years = [year for _, _, year in own if year]
    return len(own), len({agency for _, agency, _ in own}), min(years, default=None), max(years, default=None)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(3))
def test_wordings_are_those_of_a_loop(tmp_path, engine, seed):
    reports = random_reports(random.Random(seed))
    build(tmp_path, reports, corpus_id="c", engine=engine)
    searcher = open_searcher(tmp_path)
    for query, kind in (
        ("公开", None),
        ("行政", None),
        ("申请", "problems"),
        ("9", None),
        ("青岛", None),
        ("没有的话", None),
    ):
        filters = (Filter("kind", (kind,)),) if kind else ()
        found = wordings(searcher, SearchRequest(f'"{query}"', filters=filters, size=100))
        got = {w.key: (w.reports, w.agencies, w.first_year, w.last_year) for w in found.wordings}
        assert got == _loop(reports, fold(query), kind)
        assert found.total == len(got)
    searcher.close()


@pytest.fixture(scope="module", params=ENGINES)
def searcher(request, tmp_path_factory):
    home = tmp_path_factory.mktemp(request.param)
    build(home, random_reports(random.Random(7), 40), corpus_id="c", engine=request.param)
    opened = open_searcher(home)
    yield opened
    opened.close()


def test_orders_are_total_and_pages_partition_them(searcher: Searcher) -> None:
    for sort, key in (
        ("use", lambda w: (-w.reports, w.first_year or 9999, w.key)),
        ("first", lambda w: (w.first_year or 9999, -w.reports, w.key)),
        ("rarest", lambda w: (w.reports, w.first_year or 9999, w.key)),
    ):
        whole = wordings(searcher, SearchRequest("公开", size=100), sort=sort).wordings
        assert list(whole) == sorted(whole, key=key)
        request, paged = SearchRequest("公开", size=2), []
        while True:
            page = wordings(searcher, request, sort=sort)
            paged += page.wordings
            if not page.next_cursor:
                break
            request = replace(request, cursor=page.next_cursor)
        assert paged == list(whole)
    assert not wordings(searcher, SearchRequest("公开", page=99)).wordings


def test_an_example_is_the_sentence_as_it_stands_in_the_earliest_report(searcher: Searcher) -> None:
    for wording in wordings(searcher, SearchRequest("公开", size=100)).wordings:
        use = wording.example
        report = searcher.texts.report(use.report_id)
        section = next(s for s in report.sections if s.section_id == use.section_id)
        block = next(b for b in section.blocks if b.block_id == use.paragraph_id)
        assert section.block_text(block)[use.span[0] : use.span[1]] == use.text == wording.text
        assert use.year == wording.first_year
        assert wording.earliest >= 1 or wording.first_year is None


def test_users_are_every_report_once_from_the_oldest_on(searcher: Searcher) -> None:
    for wording in wordings(searcher, SearchRequest("公开", size=100)).wordings:
        found: list[Use] = []
        request = SearchRequest("公开", size=3)
        while True:
            page = users(searcher, request, wording.key)
            found += page.uses
            if not page.next_cursor:
                break
            request = replace(request, cursor=page.next_cursor)
        assert len({use.report_id for use in found}) == len(found) == wording.reports
        years = [use.year or 9999 for use in found]
        assert years == sorted(years)
        assert found[0].report_id == wording.example.report_id


def test_a_sentence_must_meet_every_condition_itself_or_by_what_stands_around_it(searcher: Searcher) -> None:
    both = wordings(searcher, SearchRequest("公开 答复", match="exact", size=100)).wordings
    assert both
    assert all("公开" in w.text and "答复" in w.text for w in both)
    around = wordings(searcher, SearchRequest("存在的主要问题 申请", match="exact", size=100)).wordings
    assert around
    assert {w.example.kind for w in around} == {"problems"}
    assert not wordings(searcher, SearchRequest('"存在的主要问题" 申请', match="exact")).wordings
    placed = wordings(searcher, SearchRequest("济南 申请", match="exact", size=100)).wordings
    assert placed
    assert all("济南" in w.example.agency for w in placed)
    without = wordings(searcher, SearchRequest("公开 -申请", match="exact", size=100)).wordings
    assert without
    assert all("申请" not in w.text for w in without)


def test_a_query_of_fields_alone_lists_every_wording_of_their_sections(searcher: Searcher) -> None:
    by_field = wordings(searcher, SearchRequest("kind:problems", size=100))
    by_filter = wordings(searcher, SearchRequest("", filters=(Filter("kind", ("problems",)),), size=100))
    assert by_field.total == by_filter.total > 0
    assert [w.key for w in by_field.wordings] == [w.key for w in by_filter.wordings]


def test_near_and_words_are_met_within_a_sentence(searcher: Searcher) -> None:
    near = wordings(searcher, SearchRequest('"公开 答复"~20', size=100)).wordings
    assert near
    assert all("公开" in w.text and "答复" in w.text for w in near)
    assert wordings(searcher, SearchRequest("公开申请答复")).match == "words"


def test_requests_that_mean_nothing_are_refused(searcher: Searcher) -> None:
    with pytest.raises(WordingNotFound):
        users(searcher, SearchRequest("公开"), "0" * 16)
    with pytest.raises(WordingNotFound):
        users(searcher, SearchRequest("公开"), "ü")
    with pytest.raises(QueryRejected):
        wordings(searcher, SearchRequest("公开"), sort="newest")  # type: ignore[arg-type]
    cursor = wordings(searcher, SearchRequest("公开", size=1)).next_cursor
    with pytest.raises(QueryRejected):
        wordings(searcher, SearchRequest("申请", size=1, cursor=cursor))


def _counts(home: Path) -> dict[str, tuple[int, int, int | None, int | None]]:
    opened = open_searcher(home)
    found = wordings(opened, SearchRequest("", size=100))
    opened.close()
    assert found.total <= 100
    return {w.key: (w.reports, w.agencies, w.first_year, w.last_year) for w in found.wordings}


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1_000))
def test_updates_leave_what_a_build_of_the_same_reports_writes(tmp_path_factory, engine, seed):
    chance = random.Random(seed)
    home = tmp_path_factory.mktemp("home")
    held = {report.report_id: report for report in random_reports(chance, 30)}
    put(home, held.values())
    update(home, engine=engine)
    for round_ in range(10):
        changed = random_reports(chance, 3)
        for report in changed:
            held[report.report_id] = report
        gone = chance.choice(list(held)) if len(held) > 20 else ""
        held.pop(gone, None)
        put(home, changed, gone)
        update(home, engine=engine)
        if round_ in (0, 9):
            assert _counts(home) == _loop(held.values(), "")
    opened = open_searcher(home)
    assert len(list((home / "index" / opened.manifest.generation / "wordings").iterdir())) < 10
    opened.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_segments_that_cannot_be_removed_are_out_of_the_way(tmp_path, monkeypatch, engine):
    """On Windows a file that a reader has mapped can be renamed, not removed; its links neither."""

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".words":
            raise PermissionError(13, "in use", str(path))
        path.rename(path.with_suffix(".removed"))

    chance = random.Random(7)
    held = {report.report_id: report for report in random_reports(chance, 30)}
    put(tmp_path, held.values())
    update(tmp_path, engine=engine)
    monkeypatch.setattr(wordingfolder, "_MOST_SMALL", 3)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        for _ in range(3):
            changed = random_reports(chance, 2)
            held |= {report.report_id: report for report in changed}
            put(tmp_path, changed)
            update(tmp_path, engine=engine)
            assert _counts(tmp_path) == _loop(held.values(), "")


@pytest.mark.parametrize("engine", ENGINES)
def test_copies_count_once_unless_asked_for(tmp_path, engine):
    one = worded_report("r1", *PLACES["青岛市"], 2019, problems="公开内容与群众需求还有差距，更新不够及时。")
    copy = replace(
        worded_report("r2", *PLACES["青岛市"], 2019, problems="公开内容与群众需求还有差距，更新不够及时。"),
        same_as=one.report_id,
    )
    build(tmp_path, [one, copy], corpus_id="c", engine=engine)
    opened = open_searcher(tmp_path)
    assert [w.reports for w in wordings(opened, SearchRequest("不够及时")).wordings] == [1]
    assert [w.reports for w in wordings(opened, SearchRequest("不够及时", copies="all")).wordings] == [2]
    opened.close()


def test_sentences_are_counted_alike_in_the_store_and_in_the_text(searcher: Searcher) -> None:
    store = searcher.wordings
    for number in range(store.report_count):
        report = searcher.texts.report(store.identity(number))
        for section in report.sections:
            at = int(store.first_section[number]) + section.ordinal
            held = int(store.first_sentence[at + 1] - store.first_sentence[at])
            own = [
                s for b in section.blocks if b.form == "paragraph" for s in sentence_texts(fold(section.block_text(b)))
            ]
            assert held == len(own)


def test_a_library_without_reports_has_no_wordings(tmp_path):
    Library(tmp_path / "library.db").close()
    for engine in ENGINES:
        update(tmp_path, engine=engine)
        opened = open_searcher(tmp_path)
        assert wordings(opened, SearchRequest("")).total == 0
        opened.close()
