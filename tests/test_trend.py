"""Trends: every count against a naive one, and against the hits that its point leads to; both engines."""

from __future__ import annotations

import pytest
import strategies
from bruteforce import highlight, matches, passes, section_place
from engine_contract import PATIENT, brute_searcher
from fixed_library import FIXED
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Part, build_report

from indexer.building import build
from indexer.engines import has_tantivy
from indexer.errors import QueryRejected
from indexer.ladder import rewrite
from indexer.parser import parse, quote
from indexer.results import Filter, SearchRequest
from indexer.segment import default_segmenter
from indexer.service import open_searcher
from indexer.trend import BYS, trend

ENGINES = ["whoosh", *(["tantivy"] if has_tantivy() else [])]


def counted_texts(section):
    """The heading, unless it begins the first paragraph, and what isn't a heading."""
    own_line = section.ordinal == 0 or any(block.form == "heading" for block in section.blocks)
    bodies = [section.block_text(block) for block in section.blocks if block.form != "heading"]
    return [*([section.heading] if own_line else []), *bodies]


def naive(reports, query, filters):
    """(reports, sections, occurrences, characters of all) under filters, by a loop over everything."""
    plan = rewrite(parse(query).query, "exact", default_segmenter())
    found, sections, often, size, of = set(), 0, 0, 0, set()
    for report in reports:
        for section in report.sections:
            if not passes(filters, report, section):
                continue
            of.add(report.report_id)
            size += sum(len("".join(text.split())) for text in counted_texts(section))
            if matches(plan, section_place(report, section)):
                found.add(report.report_id)
                sections += 1
                often += sum(len(highlight(plan, text)) for text in counted_texts(section))
    return len(found), sections, often, size, len(of)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_each_point_is_what_a_loop_counts_and_what_its_filters_find(data):
    reports = data.draw(strategies.libraries())
    query = quote(data.draw(strategies.substrings(reports, 4)))
    by = data.draw(st.sampled_from(BYS))
    filters = data.draw(strategies.filters())
    searcher = brute_searcher(reports)
    found = trend(searcher, [query], by, SearchRequest(filters=filters, copies="all"))
    for point in found.series[0].points:
        request = SearchRequest(query=query, match="exact", filters=point.filters, copies="all", size=0, facets=())
        hits = searcher.search(request)
        counts = naive(reports, query, point.filters)
        if point.status == "counted":
            assert (point.reports, point.sections) == (hits.reports, hits.sections)
            assert (point.reports, point.sections, point.occurrences, point.characters, point.of_reports) == counts
        else:
            assert counts[3] == counts[4] == hits.sections == 0
            assert (point.reports, point.share, point.per_10000) == (None, None, None)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_points_by_year_department_or_kind_share_out_all_hits(data):
    reports = data.draw(strategies.libraries())
    query = quote(data.draw(strategies.substrings(reports, 4)))
    filters = data.draw(strategies.filters())
    searcher = brute_searcher(reports)
    for by in ("year", "department", "kind"):
        found = trend(searcher, [query], by, SearchRequest(filters=filters))
        total = searcher.search(SearchRequest(query=query, match="exact", filters=found.request.filters))
        assert sum(point.sections or 0 for point in found.series[0].points) == total.sections


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_give_the_same_trend(tmp_path, engine):
    build(tmp_path, FIXED, corpus_id="test", engine=engine)
    searcher = open_searcher(tmp_path, PATIENT)
    brute = brute_searcher(FIXED)
    try:
        for by in BYS:
            assert trend(searcher, ["公开", "复议"], by).series == trend(brute, ["公开", "复议"], by).series
    finally:
        searcher.close()


def report(year, *parts, **meta):
    return build_report(f"{year}{meta}", f"{year}年报告", [Part("", (), 0, "preface"), *parts], year=year, **meta)


OLD = Part("四、收费情况", ("未收费。",), 1, "staffing")
PROBLEMS = Part("五、问题", ("无。",), 1, "problems")


def test_a_part_that_the_template_dropped_is_none_and_never_zero():
    searcher = brute_searcher([report(2017, OLD), report(2018, PROBLEMS), report(2020, PROBLEMS), report(2022, OLD)])
    found = trend(searcher, ["减免"], "year", SearchRequest(filters=(Filter("kind", ("staffing",)),)))
    points = {point.value: (point.status, point.reports, point.of_reports) for point in found.series[0].points}
    assert points == {
        "2017": ("counted", 0, 1),  # a true zero
        "2018": ("absent", None, 0),  # none of this kind is here, but the template had it
        "2019": ("dropped", None, 0),
        "2020": ("dropped", None, 0),
        "2021": ("dropped", None, 0),
        "2022": ("counted", 0, 1),  # a late user of the old form counts
    }
    assert found.breaks == (2019, 2021)
    kinds = trend(searcher, ["减免"], "kind", SearchRequest(filters=(Filter("year", low=2019, high=2021),)))
    assert {p.value: p.status for p in kinds.series[0].points}["consultation"] == "dropped"


def test_a_year_without_reports_is_a_gap():
    found = trend(brute_searcher([report(2010, PROBLEMS), report(2012, PROBLEMS)]), ["无"], "year")
    assert [(p.value, p.status, p.reports) for p in found.series[0].points] == [
        ("2010", "counted", 1),
        ("2011", "absent", None),
        ("2012", "counted", 1),
    ]


def test_prose_alone_is_counted_unless_tables_are_asked_for():
    table = Part("", ("收费 | 收费收费",), 2, "staffing", "table", "none")
    searcher = brute_searcher([report(2015, OLD, table)])
    prose = trend(searcher, ["收费"], "year").series[0].points[0]
    both = trend(searcher, ["收费"], "year", SearchRequest(filters=(Filter("form", ("prose", "table")),))).series[0]
    assert prose.occurrences == 2
    assert both.points[0].occurrences == 5
    assert prose.per_10000 == 2 * 10_000 / len("2015年报告四、收费情况未收费。")


def test_regions_are_provinces_then_what_lies_below_the_one_chosen():
    reports = [report(2015, PROBLEMS, region=code) for code in ("370200", "370202", "310101", "")]
    searcher = brute_searcher(reports)
    assert [p.value for p in trend(searcher, ["无"], "region").series[0].points] == ["310000", "370000", ""]
    below = trend(searcher, ["无"], "region", SearchRequest(filters=(Filter("region", ("370000",)),)))
    assert [(p.value, p.reports) for p in below.series[0].points] == [("370000", 2), ("370200", 2)]


def test_over_its_time_a_trend_keeps_its_exact_reports_and_says_what_is_missing():
    found = trend(brute_searcher(FIXED), ["公开"], "year", seconds=-1.0)
    assert found.problem
    assert "chadang trend" in found.problem[0]
    point = next(p for p in found.series[0].points if p.value == "2010")
    assert (point.reports, point.occurrences, point.per_10000) == (1, None, None)


@pytest.mark.parametrize("queries", [[], [" "], ["公开"] * 9])
def test_no_query_or_too_many_are_refused(queries):
    with pytest.raises(QueryRejected, match="1 "):
        trend(brute_searcher(FIXED), queries, "year")


def test_years_after_the_last_such_section_are_shown_too():
    searcher = brute_searcher([report(2017, OLD), report(2020, PROBLEMS)])
    found = trend(searcher, ["减免"], "year", SearchRequest(filters=(Filter("kind", ("staffing",)),)))
    assert [(p.value, p.status) for p in found.series[0].points] == [
        ("2017", "counted"),
        ("2018", "absent"),
        ("2019", "dropped"),
        ("2020", "dropped"),
    ]


def test_what_was_counted_is_known_for_the_same_query_alone(tmp_path):
    build(tmp_path, FIXED, corpus_id="test", engine="whoosh")
    searcher = open_searcher(tmp_path, PATIENT)
    first = trend(searcher, ["公开"], "year")
    # Without time to read anything, what is known is answered all the same.
    again = trend(searcher, ["公开"], "year", seconds=-1.0)
    assert (again.series, again.problem) == (first.series, None)
    for other in (SearchRequest(match="words"), SearchRequest(scope="report"), SearchRequest(copies="all"),
                  SearchRequest(filters=(Filter("year", ("2010",)),))):  # fmt: skip
        assert trend(searcher, ["公开"], "year", other, seconds=-1.0).problem is not None
    assert trend(searcher, ["公开"], "region", seconds=-1.0).problem is not None
    searcher.close()
