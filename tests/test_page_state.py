"""SearchState <-> URL: a round trip for every state, a valid state for any parameters."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_page_world import PATIENT

from corpus.model import DOCTYPES, FORMS, KINDS, LEVELS, TEMPLATES
from indexer.query import MATCHES, RUNGS, SCOPES
from indexer.results import COPIES, FACETS, SORTS, Filter
from indexer.service import check_request
from webui.state import LANGS, SIZES, SearchState, parse, switched

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40).map(str.strip)
YEAR = st.integers(1900, 2100)
VALUES = {
    "kind": st.sampled_from(KINDS),
    "form": st.sampled_from(FORMS),
    "level": st.sampled_from(LEVELS),
    "doctype": st.sampled_from(DOCTYPES),
    "template": st.sampled_from(TEMPLATES),
    "year": YEAR.map(str),
    "region": st.integers(100000, 999999).map(str),
    "agency": TEXT,
    "department": TEXT,
}
PAIR = st.sampled_from(FACETS).flatmap(lambda f: st.tuples(st.just(f), VALUES[f] | st.just("")))
RANGE = st.tuples(YEAR, YEAR).map(lambda y: (min(y), max(y))) | st.tuples(YEAR, st.none()) | st.tuples(st.none(), YEAR)


@st.composite
def states(draw: st.DrawFn) -> SearchState:
    state = SearchState(
        q=draw(TEXT),
        match=draw(st.sampled_from(MATCHES)),
        scope=draw(st.sampled_from(SCOPES)),
        sort=draw(st.sampled_from(SORTS)),
        size=draw(st.sampled_from(SIZES)),
        copies=draw(st.sampled_from(COPIES)),
        lang=draw(st.sampled_from(LANGS)),
    )
    for field, value in draw(st.lists(PAIR, max_size=5)):
        state = state.with_value(field, value)
    for field, value in draw(st.lists(PAIR, max_size=5)):
        state = state.excluding(field, value)
    return state.with_years(draw(st.none() | RANGE)).with_page(draw(st.integers(1, 5000)))


def state_at(url: str) -> SearchState:
    return parse(parse_qsl(urlsplit(url).query, keep_blank_values=True))


@given(states())
def test_the_url_gives_the_state_back(state):
    assert state.url.isascii()
    assert urlsplit(state.url).path == "/search"
    assert state_at(state.url) == state


@given(states(), PAIR)
def test_every_link_leads_to_what_it_says(state, pair):
    field, value = pair
    chosen = state_at(state.with_value(field, value).url)
    assert pair in chosen.chosen
    assert pair not in chosen.excluded
    assert pair not in state_at(chosen.without_value(field, value).url).chosen
    excluded = state_at(state.excluding(field, value).url)
    assert pair in excluded.excluded
    assert pair not in excluded.chosen
    assert pair not in state_at(excluded.without_exclusion(field, value).url).excluded
    assert not state_at(state.cleared().url).filtered
    assert state_at(state.with_page(7).url).page == 7
    assert {each.page for each in (chosen, excluded, state.cleared(), state.with_sort("date"))} == {1}


@given(st.lists(st.tuples(st.sampled_from([*FACETS, "-year", "-kind", "q", "page", "size", "x"]) | TEXT, st.text())))
def test_any_parameters_make_a_valid_state(pairs):
    state = parse(pairs)
    check_request(state.request(), PATIENT)
    assert state_at(state.url) == state


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=-1", {"page": 1}),
        ("page=abc", {"page": 1}),
        ("page=" + "9" * 30, {"page": 1}),
        ("page=999999999", {"page": 1_000_000}),
        ("page=٣", {"page": 1}),
        ("size=9999", {"size": 10}),
        ("size=50", {"size": 50}),
        ("sort=x&match=y&scope=z&lang=fr", {}),
        ("year=2010..2015", {"years": (2010, 2015)}),
        ("year=2015..2010", {"years": (2010, 2015)}),
        ("year=2010..", {"years": (2010, None)}),
        ("year=..2015", {"years": (None, 2015)}),
        ("year=..", {}),
        ("year=abc..", {}),
        ("year_from=2012&year_to=", {"years": (2012, None)}),
        ("year_from=x&year_to=2012", {"years": (None, 2012)}),
        ("year=2012&year=2010..2011", {"years": (2010, 2011)}),
        ("region=370200&region=x&region=370200", {"chosen": (("region", "370200"),)}),
        ("kind=nonsense&-kind=review", {"excluded": (("kind", "review"),)}),
        ("agency=" + "a" * 201, {}),
        ("agency=", {"chosen": (("agency", ""),)}),
        ("kind=review&-kind=review", {"chosen": (("kind", "review"),)}),
        ("q=a%00b%0Ac", {"q": "ab c"}),
        ("unknown=1&-unknown=2&-=3", {}),
    ],
)
def test_malformed_parameters_are_corrected_or_left_out(query, expected):
    assert parse(parse_qsl(query, keep_blank_values=True)) == SearchState(**expected)


def test_filters_say_what_is_chosen_excluded_and_the_range():
    state = SearchState().with_value("region", "370200").with_value("region", "310000").excluding("kind", "other")
    assert state.with_years((2010, None)).filters() == (
        Filter("region", ("310000", "370200")),
        Filter("kind", ("other",), exclude=True),
        Filter("year", low=2010),
    )


def test_a_year_and_a_range_replace_each_other():
    ranged = SearchState().with_value("year", "2012").with_years((2010, 2015))
    assert ranged.chosen == ()
    assert ranged.with_value("year", "2011").years is None


@given(states(), st.sampled_from(RUNGS))
def test_the_way_to_a_report_and_back_keeps_the_state(state, rung):
    url = urlsplit(state.report_url("r/1", rung, "s1", "b1"))
    assert url.path == "/report/r%2F1"
    assert url.fragment == "p-b1"
    there = parse(parse_qsl(url.query, keep_blank_values=True))
    assert there.match == rung
    asked = dict(parse_qsl(url.query)).get("asked", rung)
    assert there.with_match(asked).with_page(state.page) == state


def test_a_section_without_text_is_its_own_anchor():
    assert SearchState(match="exact").report_url("r", "exact", "s1", "s1") == "/report/r?match=exact#s-s1"


def test_the_language_switch_keeps_everything_else():
    assert (
        switched("/report/a b", [("q", "公开"), ("lang", "zh")], "en") == "/report/a%20b?q=%E5%85%AC%E5%BC%80&lang=en"
    )
    assert switched("/", [("lang", "en")], "zh") == "/"
