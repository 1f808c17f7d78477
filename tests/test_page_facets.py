"""The side column: names, tree of regions, what is folded away, links."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from indexer.results import Facet, FacetValue
from webui.facets import FEW, LISTED, MOST, chips, panels
from webui.state import SearchState, parse


def facet(field, *values, unit="report"):
    counted = tuple(FacetValue(value, 100 - n, 10 if unit == "report" else None) for n, value in enumerate(values))
    return Facet(field, unit, counted)


def state_at(url):
    return parse(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def the_panel(found, state):
    (only,) = panels([found], state)
    return only


def test_years_are_newest_first_and_levels_from_the_top():
    years = the_panel(facet("year", "2010", "2015", "", "2012"), SearchState())
    assert [choice.value for choice in years.first] == ["2015", "2012", "2010", ""]
    levels = the_panel(facet("level", "county", "national", "", "province"), SearchState())
    assert [choice.value for choice in levels.first] == ["national", "province", "county", ""]


def test_more_than_eight_are_folded_but_never_what_is_set():
    names = [f"机关{n:02}" for n in range(20)]
    state = SearchState().with_value("agency", "机关15").excluding("agency", "机关17")
    panel = the_panel(facet("agency", *names), state)
    assert [c.value for c in panel.first] == [*names[:FEW], "机关15", "机关17"]
    assert len(panel.more) == 10
    nine = the_panel(facet("agency", *names[:9]), SearchState())
    assert (len(nine.first), len(nine.more)) == (9, 0)


def test_thousands_of_values_are_cut_and_the_page_says_how_many():
    names = [f"机关{n}" for n in range(1000)]
    panel = the_panel(facet("agency", *names), SearchState().with_value("agency", "机关999"))
    assert panel.cut == 1000 - LISTED - 1
    few = the_panel(facet("agency", *names[:MOST]), SearchState())
    assert (len(few.first) + len(few.more), few.cut) == (MOST, 0)
    assert "机关999" in {choice.value for choice in panel.first}


def test_regions_nest_by_their_paths():
    panel = the_panel(facet("region", "370000", "370200", "310000", "370202", "100000", ""), SearchState())
    assert [choice.value for choice in panel.first] == ["370000", "310000", "100000", ""]
    (city,) = panel.first[0].below
    assert (city.value, [choice.value for choice in city.below]) == ("370200", ["370202"])
    assert city.full_name == "山东省青岛市"


def test_a_large_tree_shows_lower_levels_below_what_is_set_only():
    codes = ["370000", *(f"37{n:02}00" for n in range(1, 90))]
    closed = the_panel(facet("region", *codes), SearchState())
    assert closed.first[0].below == ()
    assert closed.cut == 89
    opened = the_panel(facet("region", *codes), SearchState().with_value("region", "370000"))
    assert (len(opened.first[0].below), opened.cut, opened.first[0].open) == (89, 0, True)


def test_choosing_a_region_inside_a_chosen_one_drills_down():
    state = SearchState().with_value("region", "370000").with_value("region", "310000")
    panel = the_panel(facet("region", "370000", "370200", "310000"), state)
    (city,) = panel.first[0].below
    assert state_at(city.toggle_url).chosen == (("region", "310000"), ("region", "370200"))


def test_links_set_exclude_and_let_go():
    state = SearchState(q="公开").with_value("kind", "review").excluding("kind", "other")
    panel = the_panel(facet("kind", "review", "other", "requests", unit="section"), state)
    review, other, requests = panel.first
    assert (review.selected, other.excluded, requests.is_set) == (True, True, False)
    assert state_at(review.toggle_url).chosen == ()
    assert state_at(other.toggle_url).excluded == ()
    assert state_at(other.exclude_url).excluded == ()
    assert state_at(requests.toggle_url).chosen == (("kind", "requests"), ("kind", "review"))
    assert ("kind", "requests") in state_at(requests.exclude_url).excluded


def test_a_facet_that_says_nothing_is_left_out():
    assert panels([facet("department", ""), Facet("agency", "report", ())], SearchState()) == ()


def test_chips_name_each_filter_and_let_go_of_it_alone():
    state = SearchState().with_value("region", "370200").excluding("form", "table").with_years((2010, None))
    found = chips(state)
    assert [(chip.field, chip.name, chip.excluded) for chip in found] == [
        ("region", "山东省青岛市", False),
        ("year", "2010..", False),
        ("form", "表格", True),
    ]
    for chip in found:
        assert len(chips(state_at(chip.remove_url))) == 2
