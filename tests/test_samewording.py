"""Folding sections of the same wording into one line, for every engine, against a loop over all hits."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wordedreports import PLACES, random_reports, worded_report

from corpus.folding import fold
from indexer.building import build
from indexer.highlight import Highlighter
from indexer.results import Filter, SearchRequest
from indexer.service import Searcher, open_searcher
from indexer.wordingkey import WordingForms, key_of

QUERIES = ('"公开"', "公开 申请", "行政 OR 申请", "答复 -公开", "公开申请答复", '"公开 答复"~30', "没有的话", "")


@pytest.fixture(scope="module", params=("whoosh", "tantivy"))
def searcher(request, tmp_path_factory):
    home = tmp_path_factory.mktemp(request.param)
    build(home, random_reports(random.Random(3), 60), corpus_id="c", engine=request.param)
    opened = open_searcher(home)
    yield opened
    opened.close()


def _pages(searcher: Searcher, request: SearchRequest):
    hits = []
    while True:
        found = searcher.search(request)
        hits += found.hits
        if not found.next_cursor:
            return found, hits
        request = replace(request, cursor=found.next_cursor)


def _wording(searcher: Searcher, hit, match, query):
    """Return the key of a section's matching sentence: the first of those with the most leaves."""
    report = searcher.texts.report(hit.report_id)
    section = next(s for s in report.sections if s.section_id == hit.section_id)
    highlighter: Highlighter = searcher.reading(query, match).highlighter
    forms = WordingForms(report.agency, report.region, report.year)
    best, key = 0, ""
    for block in section.blocks:
        if block.form == "paragraph":
            for text, form in forms.of(fold(section.block_text(block))):
                weight = highlighter.weight(text) if form else 0
                if weight > best:
                    best, key = weight, f"{key_of(form):016x}"
    return key


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("sort", ["relevance", "date", "date-asc"])
def test_lines_are_the_first_section_of_each_wording_in_the_order_of_all(searcher, query, sort):
    asked = SearchRequest(query, sort=sort, size=7)
    whole, hits = _pages(searcher, asked)
    folded, lines = _pages(searcher, replace(asked, same="fold"))
    wanted = {}
    for hit in hits:
        key = _wording(searcher, hit, whole.match, query)
        wanted.setdefault(key or hit.section_id, []).append(hit)
    assert [line.section_id for line in lines] == [own[0].section_id for own in wanted.values()]
    assert [line.same for line in lines] == [len(own) - 1 for own in wanted.values()]
    assert [line.score for line in lines] == [own[0].score for own in wanted.values()]
    assert folded.lines == len(lines)
    assert (folded.sections, folded.reports, folded.facets) == (whole.sections, whole.reports, whole.facets)
    for line in lines:
        if line.same:
            same = searcher.same(asked, line.wording, 100)
            assert [hit.section_id for hit in same] == [hit.section_id for hit in wanted[line.wording][1:]]
    assert not searcher.search(replace(asked, same="fold", page=99)).hits


@settings(max_examples=15, deadline=None)
@given(page=st.integers(1, 30), size=st.integers(1, 9))
def test_a_page_is_the_same_part_of_the_lines_by_number_and_by_cursor(searcher, page, size):
    asked = SearchRequest("公开", same="fold", filters=(Filter("kind", ("problems", "overview")),), size=size)
    every = _pages(searcher, asked)[1]
    assert list(searcher.search(replace(asked, page=page)).hits) == every[(page - 1) * size : page * size]


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_matches_in_headings_and_tables_alone_are_never_folded(tmp_path, engine):
    reports = [worded_report(f"r{n}", *PLACES["青岛市"], 2010 + n, problems="其他内容。") for n in range(5)]
    build(tmp_path, reports, corpus_id="c", engine=engine)
    opened = open_searcher(tmp_path)
    for query in ("存在的主要问题", "行政复议"):
        found = opened.search(SearchRequest(query, same="fold"))
        assert found.lines == found.sections == 5
        assert not any(hit.same for hit in found.hits)
    opened.close()
