"""The pages over the sample reports: what stands on them and where their links lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from strategies import Part, build_report
from test_page_world import PATIENT, build_home, build_samples, client_of

from indexer.errors import BrokenIndex, NoIndex, SearchTimeout, StaleIndex
from indexer.results import Filter, Limits, SearchRequest
from indexer.service import Services
from webui.app import create_app
from webui.routes_search import paging
from webui.state import parse


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def services(home):
    return Services(home, PATIENT)


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


def get(client, path, status=200, /, **params):
    address = f"{path}?{urlencode(params, doseq=True)}" if params else path
    answer = client.get(address)
    assert answer.status_code == status, address
    return BeautifulSoup(answer.get_data(as_text=True), "lxml")


def text_of(tag):
    return " ".join(tag.get_text().split())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_home_says_what_the_library_holds_and_what_to_try(client, services, lang):
    page = get(client, "/", lang=lang)
    manifest = services.manifest()
    numbers = [dd.get_text() for dd in page.select(".holds dd")]
    assert numbers[:2] == [f"{manifest.reports:,}", f"{manifest.sections:,}"]
    examples = page.select(".examples a")
    assert len(examples) >= 5
    for example in examples:
        state = parse(parse_qsl(urlsplit(example["href"]).query))
        assert state.lang == lang
        assert state.q == example.code.get_text()
        assert services.search(replace(state.request(), size=1)).notes == ()


def test_home_links_to_every_value_it_shows(client, services):
    page = get(client, "/")
    links = page.select(".browse a")
    assert len(links) > 20
    for link in links[::5]:
        found = services.search(parse(parse_qsl(urlsplit(link["href"]).query)).request())
        assert f"{found.sections:,}" == link.small.get_text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_example_of_the_help_page_is_read_as_meant(client, services, lang):
    page = get(client, "/help", lang=lang)
    links = page.select(".syntax a")
    assert len(links) >= 14
    for link in links:
        state = parse(parse_qsl(urlsplit(link["href"]).query))
        found = services.search(state.request())
        assert [note for note in found.notes if not note.startswith("agency:")] == [], state.q
        if not state.q.startswith(("年份", "文号")):
            assert found.sections, state.q


def test_results_name_totals_rung_reading_and_units(client, services):
    found = services.search(SearchRequest("行政复议 申请"))
    page = get(client, "/search", q="行政复议 申请")
    totals = text_of(page.select_one(".totals"))
    assert f"命中章节 {found.sections:,}" in totals
    assert f"命中报告 {found.reports:,}" in totals
    assert "毫秒" in totals
    assert found.read_as in text_of(page.select_one(".read-as"))
    rungs = [text_of(link) for link in page.select(".rungs a")]
    names = {"exact": "精确", "words": "分词", "most": "部分匹配"}
    assert rungs == [f"{names[rung]} {count:,}" for rung, count in found.rungs]
    assert text_of(page.select_one(".rungs [aria-current]")).startswith(names[found.match])
    assert len(page.select(".hit")) == 10


def test_rung_links_lead_to_their_counts(client):
    page = get(client, "/search", q="公开申请答复")
    for link in page.select(".rungs a"):
        there = get(client, link["href"])
        count = link.strong.get_text()
        assert f"命中章节 {count} " in text_of(there.select_one(".totals"))
        assert text_of(there.select_one(".rungs [aria-current]")) == text_of(link)
        assert "自动" in text_of(there.select_one(".rungs"))


def test_facets_count_what_their_links_give(client):
    page = get(client, "/search", q="公开")
    assert len(page.select(".panel")) == 9
    for panel in page.select(".panel"):
        first = panel.select_one(".choice")
        count = first.select_one(".count").get_text()
        there = get(client, first.select_one(".toggle")["href"])
        totals = text_of(there.select_one(".totals"))
        units = text_of(panel.h3.small)
        assert units == ("章节 / 报告" if "/" in count else "章节数")
        for unit, number in zip(units.removesuffix("数").split(" / "), count.split("/"), strict=True):
            assert f"命中{unit} {number} " in totals
        assert there.select_one('.toggle[aria-checked="true"] .name').get_text() == first.select_one(".name").get_text()
        assert len(there.select(".chip")) == 1


def test_chips_remove_filters_one_by_one_and_all_at_once(client):
    page = get(client, "/search", **{"q": "公开", "region": "370200", "-kind": "review", "year": "2010..2020"})
    chips = page.select(".chip")
    assert len(chips) == 3
    for chip in chips:
        assert len(get(client, chip["href"]).select(".chip")) == 2
    assert not get(client, page.select_one(".clear")["href"]).select(".chip")


def test_the_search_box_and_the_year_form_keep_what_is_set(client):
    page = get(
        client, "/search", q="公开", region="370200", year="2010..2020", sort="date", size="20", page="2", lang="en"
    )
    box = {tag["name"]: tag["value"] for tag in page.select(".search input")}
    assert box == {
        "q": "公开", "region": "370200", "year": "2010..2020", "sort": "date", "size": "20", "lang": "en",
    }  # fmt: skip
    years = {tag["name"]: tag.get("value", "") for tag in page.select(".years input")}
    assert (years["year_from"], years["year_to"], years["q"]) == ("2010", "2020", "公开")
    assert "year" not in years
    assert parse(years.items()).years == (2010, 2020)


def test_an_exclusion_can_be_set_and_undone(client, services):
    page = get(client, "/search", q="公开")
    link = next(a for a in page.select(".exclude") if a["aria-label"] == "排除：山东省")
    there = get(client, link["href"])
    wanted = services.search(SearchRequest("公开", filters=(Filter("region", ("370000",), exclude=True),)))
    assert f"命中章节 {wanted.sections:,}" in text_of(there.select_one(".totals"))
    undo = next(a for a in there.select(".exclude") if a["aria-label"] == "取消排除：山东省")
    assert parse(parse_qsl(urlsplit(undo["href"]).query)).excluded == ()


def test_pages_partition_the_hits(client, services):
    total = services.search(SearchRequest("行政复议")).sections
    seen = []
    url = "/search?" + urlencode({"q": "行政复议", "same": "all"})
    while url:
        page = get(client, url)
        seen += [link["href"].partition("#")[2] for link in page.select(".hit h3 a")]
        following = page.select_one('.paging a[rel="next"]')
        url = following["href"] if following else ""
    assert len(seen) == total


def test_a_page_past_the_end_leads_to_the_last(client):
    page = get(client, "/search", q="行政复议", page="9999")
    assert not page.select(".hit")
    last = get(client, page.select_one(".empty a")["href"])
    assert last.select(".hit")
    assert not last.select('.paging a[rel="next"]')


@pytest.mark.parametrize(
    ("page", "total", "shown"),
    [(1, 0, (1,)), (1, 25, (1, 2, 3)), (1, 200, (1, 2, 3, 0, 20)), (4, 200, (1, 2, 3, 4, 5, 6, 0, 20)),
     (10, 200, (1, 0, 8, 9, 10, 11, 12, 0, 20)), (20, 200, (1, 0, 18, 19, 20)), (999, 30, (1, 2, 3))],
)  # fmt: skip
def test_page_numbers(page, total, shown):
    assert paging(page, 10, total).shown == shown


def test_hits_lead_to_their_paragraph_and_back(client):
    start = "/search?" + urlencode({"q": "行政复议", "region": "370000", "sort": "date", "lang": "en"})
    page = get(client, start)
    for link in page.select(".hit h3 a"):
        path, _, anchor = link["href"].partition("#")
        report = get(client, path)
        assert report.find(id=anchor) is not None
        assert report.select_one(".jump")["data-marks"] != "0"
        back = report.select_one(".back a")["href"]
        assert parse(parse_qsl(urlsplit(back).query)) == parse(parse_qsl(urlsplit(start).query))


def test_the_report_page_says_where_its_metadata_come_from(client, services):
    hit = services.search(SearchRequest("年份:2012 机关:苏州市教育局")).hits[0]
    page = get(client, f"/report/{hit.report_id}")
    assert page.h1.get_text() == hit.title
    facts = {text_of(row.th): text_of(row.td) for row in page.select(".facts-table tr")}
    assert facts["机关"].startswith("苏州市教育局 来源：")
    assert facts["地区"].startswith("江苏省苏州市")
    assert facts["报告年度"].startswith("2012")
    assert page.select_one(".back") is None
    assert page.select_one(".jump") is None
    assert not page.select("mark")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_links_to_the_original_are_web_addresses_only(tmp_path):
    web = build_report("web", "网页报告", [Part("", ("公开。",))], source_url="https://www.example/a?b=1&c=2")
    client = client_of(build_home(tmp_path, [web]))
    page = get(client, f"/report/{web.report_id}")
    link = page.select_one("a.address")
    assert link["href"] == "https://www.example/a?b=1&c=2"
    assert set(link["rel"]) == {"noopener", "noreferrer", "nofollow"}


def test_notes_are_put_into_words(client):
    page = get(client, "/search", q='"公开 (信息')
    notes = [text_of(note) for note in page.select(".note")]
    assert notes
    assert all("已按普通文字检索" in note for note in notes)


def test_nothing_found_comes_with_advice(client):
    page = get(client, "/search", **{"q": '"绝无此语" 火星', "region": "370200"})
    advice = text_of(page.select_one(".empty"))
    assert "没有找到" in advice
    targets = [parse(parse_qsl(urlsplit(a["href"]).query)) for a in page.select(".empty a") if "/search" in a["href"]]
    assert any(state.scope == "report" for state in targets)
    assert any(state.q == "绝无此语 火星" for state in targets)
    assert any(not state.filtered and state.q.startswith('"') for state in targets)


def test_a_rung_without_hits_offers_the_others(client):
    page = get(client, "/search", q="公开申请答复甲乙丙丁", match="exact")
    assert "部分匹配" in text_of(page.select_one(".empty"))


@pytest.mark.parametrize(
    "path", ["/", "/help", "/search?q=公开&region=370000", "/search?q=绝无此语乎", "/report/nope", "/nope"]
)
def test_the_language_switch_gives_the_same_page(client, path):
    chinese = BeautifulSoup(client.get(path).get_data(as_text=True), "lxml")
    assert chinese.html["lang"] == "zh-CN"
    english = BeautifulSoup(
        client.get(chinese.select_one(".top-links a[hreflang]")["href"]).get_data(as_text=True), "lxml"
    )
    assert english.html["lang"] == "en"
    for link in english.select("a[href^='/']:not([hreflang])"):
        assert "lang=en" in link["href"], link
    back = english.select_one(".top-links a[hreflang]")["href"]
    assert parse(parse_qsl(urlsplit(back).query)) == parse(parse_qsl(urlsplit(path).query))


def test_inputs_have_labels_and_pages_their_landmarks(client, services):
    report = services.search(SearchRequest("公开")).hits[0].report_id
    for path in ("/", "/help", "/search?q=公开", f"/report/{report}?q=公开", "/nope"):
        page = BeautifulSoup(client.get(path).get_data(as_text=True), "lxml")
        for field in page.select('input:not([type="hidden"])'):
            assert field.find_parent("label") or page.select_one(f'label[for="{field.get("id")}"]'), field
        assert page.main
        assert page.header
        assert page.footer
        assert len(page.select("h1")) == 1
        assert page.select_one("a.skip")["href"] == "#content"


# Errors


class Failing:
    """Services that fail as told."""

    def __init__(self, error):
        self.error = error

    def __getattr__(self, name):
        def fail(*args, **kwargs):
            raise self.error

        return fail


def failing_client(tmp_path, error):
    return create_app(tmp_path, services=Failing(error)).test_client()


def test_what_took_too_long_is_offered_over_less_and_again(tmp_path):
    client = failing_client(tmp_path, SearchTimeout("慢", "slow"))
    page = BeautifulSoup(client.get("/search?q=公开&region=370000&lang=en").data, "lxml")
    links = {link.get_text(): parse_qs(urlsplit(link["href"]).query) for link in page.select(".choices a")}
    asked = {"q": ["公开"], "region": ["370000"], "lang": ["en"]}
    since = links["The last three years only"].pop("year_from")
    assert int(since[0]) == datetime.now(UTC).year - 3
    assert links == {"Prose only": {**asked, "form": ["prose"]}, "The last three years only": asked, "Try again": asked}
    page = BeautifulSoup(client.get("/search?q=公开&form=table&year=2012").data, "lxml")
    assert [link.get_text() for link in page.select(".choices a")] == ["再试一次"]


@pytest.mark.parametrize(
    ("error", "path", "status", "said"),
    [
        (NoIndex("尚无", "none"), "/", 503, "chadang --home {home} load"),
        (StaleIndex("旧", "old"), "/search", 503, "chadang --home {home} index"),
        (BrokenIndex("坏", "broken"), "/report/x", 503, "chadang --home {home} index --rebuild"),
        (SearchTimeout("慢", "slow"), "/search?q=公开", 503, "/search?q="),
        (RuntimeError("secret trace"), "/search", 500, "程序出错了"),
    ],
)
def test_errors_say_what_to_do(tmp_path, error, path, status, said):
    answer = failing_client(tmp_path, error).get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert said.replace("{home}", str(tmp_path)) in page
    assert "secret" not in page
    assert "Traceback" not in page
    assert answer.headers["Content-Security-Policy"]
    if hasattr(error, "zh"):
        assert error.zh in page
        english = failing_client(tmp_path, error).get(f"{path}{'&' if '?' in path else '?'}lang=en")
        assert error.en in english.get_data(as_text=True)


def test_an_empty_home_says_how_to_begin(tmp_path):
    answer = client_of(tmp_path).get("/")
    assert answer.status_code == 503
    assert "chadang demo" in answer.get_data(as_text=True)


def test_a_query_over_a_limit_is_a_page_with_the_query_still_in_the_box(client):
    page = get(client, "/search", 400, q="公" * 2001)
    assert page.select_one("#q")["value"] == "公" * 2001
    assert "2000" in text_of(page.main).replace(",", "")


def test_a_report_that_is_not_there(client):
    page = get(client, "/report/0123456789abcdef", 404, q="公开", match="exact")
    assert "移除" in text_of(page.main)
    assert [a["href"] for a in page.select("main a")][-1] == "/"


def test_wrong_methods_and_paths(client):
    assert client.post("/search").status_code == 405
    assert client.get("/search/").status_code == 302
    assert client.get("/static/nope.css").status_code == 404
    assert client.head("/help").status_code == 200


def test_a_search_that_takes_too_long_ends_in_a_page(home):
    app = create_app(home, services=Services(home, Limits(seconds=0.0)))
    answer = app.test_client().get("/search?q=公开")
    assert answer.status_code == 503
    assert "检索超时" in answer.get_data(as_text=True)
    assert app.test_client().get("/").status_code == 200, "the home page is still of use"
