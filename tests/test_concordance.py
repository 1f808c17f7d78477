"""Concordances and collocates: every line and every count against a naive one; both engines."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import log

import pytest
import strategies
from bruteforce import highlight, matches, section_place
from engine_contract import PATIENT, brute_searcher
from fixed_library import FIXED
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Part, build_report

from corpus.folding import fold
from indexer.building import build
from indexer.collocates import collocates, log_likelihood
from indexer.concordance import all_lines, concordance
from indexer.engines import has_tantivy
from indexer.errors import AnalysisTimeout, QueryRejected
from indexer.ladder import rewrite
from indexer.parser import parse, quote
from indexer.results import SearchRequest
from indexer.segment import default_segmenter, words_of
from indexer.service import open_searcher

ENGINES = ["whoosh", *(["tantivy"] if has_tantivy() else [])]


def naive(reports, query):
    """(report, ordinal, text, span) of every match, in order."""
    plan = rewrite(parse(query).query, "exact", default_segmenter())
    for report in sorted(reports, key=lambda each: each.report_id):
        for section in report.sections:
            if matches(plan, section_place(report, section)):
                own_line = section.ordinal == 0 or any(block.form == "heading" for block in section.blocks)
                texts = [section.block_text(block) for block in section.blocks if block.form != "heading"]
                for text in [*([section.heading] if own_line else []), *texts]:
                    for span in highlight(plan, text):
                        yield report, section.ordinal, text, span


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_lines_are_all_matches_with_their_context(data):
    reports = data.draw(strategies.libraries())
    query = quote(data.draw(strategies.substrings(reports, 4)))
    width = data.draw(st.integers(0, 6))
    searcher = brute_searcher(reports)
    found = list(all_lines(searcher, SearchRequest(query=query, copies="all"), width=width))
    wanted = [
        (report.report_id, ordinal, text[max(start - width, 0) : start], text[start:end], text[end : end + width])
        for report, ordinal, text, (start, end) in naive(reports, query)
    ]
    assert [(line.report_id, line.ordinal, line.left, line.match, line.right) for line in found] == wanted
    page = concordance(searcher, SearchRequest(query=query, copies="all"), width=width, offset=1, limit=3)
    assert (page.total, list(page.lines)) == (len(wanted), found[1:4])
    assert page.sections == len({(report_id, ordinal) for report_id, ordinal, *_ in wanted})


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_windows_in_any_order_partition_the_sorted_lines(data):
    reports = data.draw(strategies.libraries())
    request = SearchRequest(query=quote(data.draw(strategies.substrings(reports, 2))), copies="all")
    sort = data.draw(st.sampled_from(["left", "right", "year"]))
    searcher = brute_searcher(reports)
    by_place = list(all_lines(searcher, request, width=50))
    keys = {
        "left": lambda line: fold("".join(line.left[::-1][:40].split())),
        "right": lambda line: fold("".join(line.right[:40].split())),
        "year": lambda line: (line.year is None, line.year or 0),
    }
    wanted = sorted(by_place, key=keys[sort])
    assert list(all_lines(searcher, request, width=50, sort=sort)) == wanted
    windows = [concordance(searcher, request, width=50, sort=sort, offset=at, limit=3).lines for at in range(0, 12, 3)]
    assert [line for window in windows for line in window] == wanted[:12]


def test_more_lines_than_fit_in_memory_are_sorted_the_same(monkeypatch):
    searcher = brute_searcher(FIXED)
    request = SearchRequest(query="公开")
    inside = concordance(searcher, request, sort="left").lines
    monkeypatch.setattr("indexer.lineorder._IN_MEMORY", 2)
    searcher = brute_searcher(FIXED)
    assert concordance(searcher, request, sort="left").lines == inside
    assert len(inside) > 5


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_give_the_same_lines_and_words(tmp_path, engine):
    build(tmp_path, FIXED, corpus_id="test", engine=engine)
    searcher = open_searcher(tmp_path, PATIENT)
    brute = brute_searcher(FIXED)
    request = SearchRequest(query="复议 OR 公开")
    try:
        assert concordance(searcher, request, sort="right").lines == concordance(brute, request, sort="right").lines
        assert collocates(searcher, request, least=1).words == collocates(brute, request, least=1).words
    finally:
        searcher.close()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_collocates_are_the_words_whose_nearest_match_is_near(data):
    reports = data.draw(strategies.libraries())
    query = quote(data.draw(strategies.substrings(reports, 2)))
    within = data.draw(st.integers(1, 3))
    segmenter = default_segmenter()
    near, every = Counter(), Counter()
    texts = {}
    for report, ordinal, text, span in naive(reports, query):
        texts.setdefault((report.report_id, ordinal, text), []).append(span)
    for report in reports:
        for section in report.sections:
            plan = rewrite(parse(query).query, "exact", segmenter)
            if not matches(plan, section_place(report, section)):
                continue
            own_line = section.ordinal == 0 or any(block.form == "heading" for block in section.blocks)
            bodies = [section.block_text(block) for block in section.blocks if block.form != "heading"]
            for text in [*([section.heading] if own_line else []), *bodies]:
                items, end = [], 0
                for start, stop in [*highlight(plan, text), (len(text), len(text))]:
                    items += [word.text for word in words_of(fold(text[end:start]), segmenter)]
                    items += [None] if stop > start else []
                    end = stop
                places = [at for at, item in enumerate(items) if item is None]
                for at, item in enumerate(items):
                    if item is not None:
                        every[item] += 1
                        near[item] += any(abs(at - place) <= within for place in places)
    found = collocates(brute_searcher(reports), SearchRequest(query=query, copies="all"), within=within, least=1)
    assert (found.words_near, found.words_elsewhere) == (near.total(), every.total() - near.total())
    for word in found.words:
        assert (word.frequency, word.elsewhere) == (near[word.word], every[word.word] - near[word.word])
        assert word.frequency > word.expected
        assert max(word.before, word.after) <= word.frequency <= word.before + word.after
    measures = [word.log_likelihood for word in found.words]
    assert measures == sorted(measures, reverse=True)


def test_log_likelihood_is_that_of_the_textbook():
    a, b, c, d = 10, 20, 90, 9_880
    n = a + b + c + d
    cells = [(a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c), (d, c + d, b + d)]
    wanted = 2 * sum(o * log(o / (row * column / n)) for o, row, column in cells)
    assert log_likelihood(a, c, a + b, c + d) == pytest.approx(wanted)
    assert log_likelihood(1, 10, 10, 100) == pytest.approx(0)
    assert log_likelihood(0, 0, 5, 5) == 0


def test_a_heading_and_a_title_are_linked_to_their_places():
    report = build_report("x", "公开报告", [Part("", ("公开。",), 0, line="none"), Part("一、公开", ("无公开。",), 1)])
    lines = list(all_lines(brute_searcher([report]), SearchRequest(query="公开")))
    assert [line.block_id for line in lines] == [
        "",
        report.sections[0].blocks[0].block_id,
        *(block.block_id for block in report.sections[1].blocks),
    ]


def test_bad_widths_are_refused_and_long_work_ends_with_advice():
    searcher = brute_searcher(FIXED)
    with pytest.raises(QueryRejected, match="200"):
        concordance(searcher, SearchRequest(query="公开"), width=201)
    with pytest.raises(QueryRejected, match="20"):
        collocates(searcher, SearchRequest(query="公开"), within=21)
    with pytest.raises(AnalysisTimeout, match="chadang"):
        concordance(searcher, SearchRequest(query="公开"), seconds=-1.0)


@pytest.mark.parametrize("sort", ["place", "left", "right", "year"])
def test_a_further_window_reads_no_other_hits(sort):
    searcher = brute_searcher(FIXED)
    request = SearchRequest(query="公开")
    wanted = list(all_lines(searcher, request, sort=sort))
    assert concordance(searcher, request, sort=sort, limit=2).total == len(wanted) > 5
    # No time is left to read all hits again, and none is needed: the order is known.
    last = concordance(searcher, request, sort=sort, offset=len(wanted) - 2, limit=5, seconds=-1.0)
    assert list(last.lines) == wanted[-2:]
    for other in (replace(request, query="复议"), replace(request, copies="all"), replace(request, scope="report")):
        with pytest.raises(AnalysisTimeout):
            concordance(searcher, other, sort=sort, seconds=-1.0)


def test_collocates_that_are_known_read_no_hits_again():
    searcher = brute_searcher(FIXED)
    request = SearchRequest(query="公开")
    every = collocates(searcher, request, least=1)
    # The same again, for a file: no time is left to read, and none is needed.
    again = collocates(searcher, replace(request, size=50), least=1, limit=3, seconds=-1.0)
    assert again.words == every.words[:3]
    assert (again.matches, again.words_near, again.words_elsewhere) == (
        every.matches, every.words_near, every.words_elsewhere,
    )  # fmt: skip
    for other in (replace(request, query="复议"), replace(request, copies="all")):
        with pytest.raises(AnalysisTimeout):
            collocates(searcher, other, least=1, seconds=-1.0)
    with pytest.raises(AnalysisTimeout):
        collocates(searcher, request, least=1, within=4, seconds=-1.0)
