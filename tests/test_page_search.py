"""What the search page offers beside its hits: reading in words, offers, years, values by name, groups, suggestions."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from strategies import Part, build_report
from test_page_app import get, text_of
from test_page_world import PATIENT, build_home, build_samples, client_of

from indexer.results import Facet, FacetValue, SearchRequest
from indexer.service import Services
from webui.facets import MANY, panels
from webui.histogram import HEIGHT, bars
from webui.inwords import in_words
from webui.offers import offers, words_of
from webui.routes_search import narrowed
from webui.state import parse
from webui.suggesting import last_word


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("search-samples"))


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


@pytest.fixture(scope="module")
def services(home):
    return Services(home, PATIENT)


def state_of(link):
    return parse(parse_qsl(urlsplit(link).query))


@pytest.mark.parametrize(
    ("query", "rung", "scope", "zh", "en"),
    [
        ("公开", "exact", "section", "查找这样的章节：含“公开”", 'Sections that have "公开"'),
        (
            "公开 -收费",
            "words",
            "report",
            "查找这样的报告：含“公开”中的各词，并且排除含“收费”的",
            'Reports that have each word of "公开", and aren\'t among those that have "收费"',
        ),
        (
            "(复议 OR 诉讼) 维持",
            "exact",
            "section",
            "查找这样的章节：（含“复议”，或者含“诉讼”），并且含“维持”",
            'Sections that (have "复议", or have "诉讼"), and have "维持"',
        ),
        (
            '"依申请 答复"~20',
            "exact",
            "section",
            "查找这样的章节：同一段内含“依申请”和“答复”，相距不超过 20 字",
            'Sections that have "依申请" and "答复" in one paragraph, at most 20 characters apart',
        ),
        (
            '年份:2010..2015 "免费"',
            "exact",
            "section",
            "查找这样的章节：报告年度为 2010 至 2015，并且逐字含“免费”",
            'Sections that are for 2010 to 2015, and have "免费" to the letter',
        ),
        (
            "年份:2010..",
            "exact",
            "section",
            "查找这样的章节：报告年度为 2010 或以后",
            "Sections that are for 2010 or later",
        ),
        ("标题:报告", "exact", "section", "查找这样的章节：报告标题含“报告”", 'Sections that have "报告" in title'),
        ("", "exact", "section", "", ""),
    ],
)
def test_a_query_is_read_out_in_words(query, rung, scope, zh, en):
    assert in_words(query, rung, scope, "zh") == zh
    assert in_words(query, rung, scope, "en") == en


def test_every_example_of_the_help_page_has_its_sentence(client):
    for link in get(client, "/help").select(".syntax a"):
        page = get(client, link["href"])
        assert text_of(page.select_one(".in-words")), link["href"]


def facet(field, *values):
    return Facet(field, "report", tuple(FacetValue(v, n, 1) for v, n in values))


FACETS = (
    facet("region", ("370000", 9), ("370200", 5), ("150000", 2), ("", 1)),
    facet(
        "agency",
        ("青岛市教育局", 4),
        ("青岛市公安局", 3),
        ("济南市公安局", 3),
        *((f"某{n}县民政局", 1) for n in range(9)),
    ),
    facet("year", ("2010", 4), ("2012", 8), ("", 1)),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("青岛 公开", [("region", "370200", "公开")]),
        ("公开 山东省青岛市", [("region", "370200", "公开")]),
        ("内蒙古 公开", [("region", "150000", "公开")]),
        ("2012年 公开", [("year", "2012", "公开")]),
        ("2011 公开", []),
        ("青岛市教育局", [("agency", "青岛市教育局", "")]),
        ("公安局 公开", [("agency", "青岛市公安局", "公开"), ("agency", "济南市公安局", "公开")]),
        ("民政局 公开", []),  # nine of them: no filter, but a word
        ('"青岛" 公开', []),
        ("青岛 OR 公开", []),
        ("-青岛 公开", []),
        ("地区:青岛 公开", []),
    ],
)
def test_words_that_name_a_value_are_offered_as_filters(query, found):
    state = parse([("q", query), ("kind", "review"), ("page", "3")])
    made = offers(FACETS, state)
    assert [(o.field, state_of(o.url).chosen, state_of(o.url).q) for o in made] == [
        (
            field,
            tuple(
                sorted(
                    {(field, value), ("kind", "review")}, key=lambda p: ["region", "agency", "year", "kind"].index(p[0])
                )
            ),
            rest,
        )
        for field, value, rest in found
    ]
    assert all(state_of(o.url).page == 1 for o in made)


def test_a_filter_that_is_set_is_not_offered_again():
    assert offers(FACETS, parse([("q", "青岛 公开"), ("region", "370200")])) == ()
    assert words_of("a  b -c d:e") == ("a", "b")


def test_offers_are_there_where_nothing_was_found(client):
    page = get(client, "/search", q="青岛市 绝无此语绝无此语", match="exact")
    assert page.select(".empty")
    (offer,) = page.select(".offer")
    assert state_of(offer["href"]).chosen == (("region", "370200"),)


def test_the_years_are_bars_that_choose_one_and_let_go_of_it():
    state = parse([("q", "公开")])
    drawn = bars(FACETS, state)
    assert [(b.year, b.sections, b.height) for b in drawn] == [
        ("2010", 4, HEIGHT // 2),
        ("2011", 0, 0),
        ("2012", 8, HEIGHT),
    ]
    chosen = state_of(drawn[0].url)
    assert chosen.chosen == (("year", "2010"),)
    again = bars(FACETS, chosen)
    assert [b.selected for b in again] == [True, False, False]
    assert state_of(again[0].url) == state
    assert state_of(again[2].url).chosen == (("year", "2012"),)
    ranged = parse([("q", "公开"), ("year", "2011..")])
    assert [b.selected for b in bars(FACETS, ranged)] == [False, True, True]
    assert state_of(bars(FACETS, ranged)[2].url).years is None
    assert bars((facet("year", ("2010", 4), ("", 3)),), state) == ()


def test_bars_say_what_following_them_finds(client, services):
    page = get(client, "/search", q="公开", lang="en")
    links = page.select(".bars a")
    assert len(links) > 5
    for link in links[::4]:
        found = services.search(state_of(link["href"]).request())
        assert link["title"] == f"{link['data-year']}: {found.sections:,} sections, {found.reports:,} reports"


def test_values_can_be_looked_for_by_name_when_there_are_many():
    many = facet("agency", *((f"第{n}市教育局", 200 - n) for n in range(150)), ("財政局", 1))
    state = parse([("q", "公开"), ("-agency", "第1市教育局")])
    (panel,) = panels((many,), state)
    assert panel.searchable
    assert panel.cut > 0
    (panel,) = panels((many,), state, {"agency": "财政"})
    assert [choice.name for choice in panel.first] == ["財政局"], "folded, and beyond those on the page"
    (panel,) = panels((many,), state, {"agency": "教育"})
    assert len(panel.first) + panel.cut == 150
    (panel,) = panels((facet("agency", *((str(n), 1) for n in range(MANY))),), state, {"agency": "1"})
    assert not panel.searchable
    assert panel.find == ""
    regions = facet(
        "region", ("370000", 9), ("370200", 5), *((f"{n}0000", 1) for n in (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33))
    )
    (panel,) = panels((regions,), state, {"region": "山东"})
    assert [choice.name for choice in panel.first] == ["山东省", "山东省青岛市"]


def test_the_box_for_values_keeps_what_is_set(client):
    page = get(client, "/search", q="公开", kind="review", **{"find-region": "青岛"})
    names = [text_of(name) for name in page.select("[aria-labelledby=f-region] .name")]
    assert names == ["山东省青岛市"]
    hidden = {field["name"]: field["value"] for field in page.select(".find-values")[0].select("[type=hidden]")}
    assert hidden == {"q": "公开", "kind": "review"}
    page = get(client, "/search", q="公开", lang="en", **{"find-region": "绝无"})
    assert 'No value has "绝无" in its name' in text_of(page.select_one("[aria-labelledby=f-region] .hint"))


@pytest.mark.parametrize(
    ("query", "within", "joined"),
    [
        ("公开", "收费", "公开 收费"),
        ("a OR b", "收费", "(a OR b) 收费"),
        ("公开", "a | b", "公开 (a | b)"),
        ("", "收费", "收费"),
    ],
)
def test_searching_within_the_results_joins_the_queries(query, within, joined):
    assert narrowed(query, within) == joined


def test_searching_within_leads_to_an_address_of_its_own(client, services):
    answer = client.get(
        "/search?" + urlencode({"q": "公开 OR 收费", "region": "370000", "within": "复议", "page": "1"})
    )
    assert answer.status_code == 302
    state = state_of(answer.headers["Location"])
    assert (state.q, state.chosen) == ("(公开 OR 收费) 复议", (("region", "370000"),))
    assert services.search(state.request()).sections > 0


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_reports_with_their_sections(client, services, sort):
    pages = [get(client, "/search", q="公开 收费", group="report", page=n, sort=sort) for n in (1, 2, 3)]
    found = services.search(SearchRequest("公开 收费", sort=sort, size=100))
    order = list(dict.fromkeys(hit.report_id for hit in found.hits))
    shown = [urlsplit(a["href"]).path.rsplit("/", 1)[1] for page in pages for a in page.select(".hit h3 a")]
    assert shown == order[: len(shown)]
    assert len(shown) == found.reports > 10
    for page in pages:
        assert text_of(page.select(".totals strong")[0]) == f"{found.sections}"
        for hit in page.select(".hit"):
            report_id = urlsplit(hit.h3.a["href"]).path.rsplit("/", 1)[1]
            own = [h.section_id for h in found.hits if h.report_id == report_id]
            assert f"本报告命中章节 {len(own)}" in text_of(hit)
            assert len(hit.select(".in-report li")) == min(len(own), 3)
    assert len(pages[-1].select(".hit")) == found.reports - 20
    assert get(client, "/search", q="公开 收费", group="report", page=9).select(".hit") == []


def suggest(client, **params):
    answer = client.get("/suggest?" + urlencode(params))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_json()["suggestions"]


def test_suggestions_lead_to_filters_and_headings(client, services):
    found = suggest(client, q="公开 青岛", kind="review", lang="en")
    region = next(s for s in found if s["kind"] == "region")
    assert region["text"] == "青岛市"
    assert region["detail"] == "山东省青岛市"
    state = state_of(region["url"])
    assert (state.q, state.lang) == ("公开", "en")
    assert set(state.chosen) == {("kind", "review"), ("region", "370200")}
    assert any(s["kind"] == "agency" and s["text"].startswith("青岛") for s in found)
    headings = [s for s in suggest(client, q="依申请") if s["kind"] == "heading"]
    assert headings
    for heading in headings:
        assert "依申请" in heading["text"]
        assert services.search(state_of(heading["url"]).request()).sections > 0


@pytest.mark.parametrize(
    "query", ["", " ", "公开 OR", "机关:", '"公开"', "-公开", "(公开", "公" * 50, "\ud800", "绝无此语"]
)
def test_nothing_is_suggested_where_no_word_is_being_typed(client, query):
    assert client.get("/suggest?" + urlencode({"q": query}, errors="surrogatepass")).get_json() == {"suggestions": []}


def test_suggestions_without_an_index_are_none(tmp_path):
    assert client_of(tmp_path).get("/suggest?q=公开").get_json() == {"suggestions": []}


@pytest.mark.parametrize(
    ("query", "rest", "word"),
    [
        ("公开 青", "公开", "青"),
        ("青", "", "青"),
        ('公开 "依申请 公', "公开", "依申请 公"),
        ('"依申请 公开"', '"依申请 公开"', ""),
    ],
)
def test_the_word_that_is_being_typed(query, rest, word):
    assert last_word(query) == (rest, word)


def test_a_renamed_report_s_markup_in_suggestions_is_text(tmp_path):
    report = build_report("x", "标题", [Part("<b>公开</b>一", ("公开。",), 1, "overview")], agency="<b>公开</b>局")
    found = suggest(client_of(build_home(tmp_path, [report])), q="公开")
    assert "<b>公开</b>局" in [s["text"] for s in found]


def test_the_menu_s_trend_keeps_query_filters_and_the_rung_that_answered(client):
    page = get(client, "/search", q="公开 收费", year="2012", page="2", lang="en", **{"-kind": "review"})
    link = page.select_one("[data-key=t]")["href"]
    assert dict(parse_qsl(urlsplit(link).query)) == {
        "q": "公开 收费", "match": "exact", "lang": "en", "year": "2012", "-kind": "review",
    }  # fmt: skip
    assert urlsplit(link).path == "/trend"
    there = get(client, link)
    assert there.select_one('input[name="q"]')["value"] == "公开 收费"
    assert get(client, "/").select_one("[data-key=t]")["href"] == "/trend"
