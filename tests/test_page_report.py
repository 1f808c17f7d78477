"""What the report page offers beside the text: counts, the result around it, other years, finding, permanent links."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from strategies import Part, build_report
from test_page_app import get, text_of
from test_page_world import PATIENT, build_home, build_samples, client_of

from indexer.results import SearchRequest
from indexer.service import Services
from webui.state import parse


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("report-samples"))


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


@pytest.fixture(scope="module")
def services(home):
    return Services(home, PATIENT)


def yearly(name, agency, year, region="370200", **more):
    parts = [Part("", ("引言公开公开。",), 0, "preface"), Part("一、概述", (f"{year}年公开收费。",), 1, "overview")]
    return build_report(
        name, f"{agency}{year}年报告", parts, agency=agency, region=region, year=year, doctype="foi", **more
    )


@pytest.fixture(scope="module")
def years_client(tmp_path_factory):
    renamed = "青岛市人力资源和社会保障局"
    reports = [
        *(yearly(f"r{year}", renamed, year) for year in (2012, 2011, 2013)),
        yearly("r2008", "青岛市劳动和社会保障局", 2008),
        yearly("other", "青岛市教育局", 2012),
        yearly("elsewhere", renamed, 2014, region="370100"),
    ]
    ids = {report.title: report.report_id for report in reports}
    return client_of(build_home(tmp_path_factory.mktemp("years"), reports)), ids


def test_each_term_is_counted_by_itself(client, services):
    found = services.search(SearchRequest("公开 收费 OR 绝无此语", match="exact"))
    hit = found.hits[0]
    page = get(client, f"/report/{hit.report_id}", q="公开 收费 OR 绝无此语", match="exact")
    counts = {text_of(term.span): int(text_of(term.strong)) for term in page.select(".term")}
    text = page.select_one("article.text")
    assert set(counts) == {"公开", "收费", "绝无此语"}
    assert counts["绝无此语"] == 0
    marks = [mark.get_text() for mark in page.select("article mark[id], h1 mark[id]")]
    assert counts["公开"] == marks.count("公开") > 0
    assert counts["收费"] == marks.count("收费")
    assert int(text.select_one(".jump")["data-marks"]) == len(marks)


def test_one_term_alone_needs_no_list_of_counts(client, services):
    hit = services.search(SearchRequest("公开")).hits[0]
    assert get(client, f"/report/{hit.report_id}", q="公开").select(".term") == []


def test_overlapping_terms_are_each_counted_whole(tmp_path):
    report = build_report("r", "标题", [Part("", ("信息公开信息公开",), 0, "preface")])
    marked = Services(build_home(tmp_path, [report]), PATIENT).read(report.report_id, "信息公开 公开")
    assert marked.terms == (("信息公开", 2), ("公开", 2))
    assert marked.occurrences == 2


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_next_and_previous_report_go_through_the_whole_result(client, services, sort):
    state = replace(parse([("q", "公开 收费"), ("sort", sort), ("form", "prose")]), lang="en")
    found = services.search(state.request())
    order = [group.report_id for group in services.by_report(replace(state.request(), size=100)).groups]
    hit = next(h for h in found.hits if h.report_id == order[0])
    url = state.report_url(hit.report_id, found.match, hit.section_id, hit.paragraph_id)
    walked = []
    for _ in range(len(order)):
        parts = urlsplit(url)
        walked.append(parts.path.rsplit("/", 1)[1])
        page = get(client, parts.path, **dict(parse_qsl(parts.query)))
        assert f"Report {len(walked)} of {len(order)}" in text_of(page.select_one(".beside"))
        assert page.select_one(f'[id="{parts.fragment}"]') is not None, "the link leads to a place in the report"
        back = page.select_one('[data-beside="previous"]')
        assert (back is None) == (len(walked) == 1)
        if back:
            assert urlsplit(back["href"]).path.endswith(walked[-2])
        onward = page.select_one('[data-beside="next"]')
        # The way back to the result is the same from each of them.
        assert dict(parse_qsl(urlsplit(page.select_one(".back a")["href"]).query)).get("match") is None
        if onward is None:
            break
        url = onward["href"]
    assert walked == order
    assert len(order) == found.reports > 3


def test_a_report_opened_by_itself_has_no_neighbours(client, services):
    hit = services.search(SearchRequest("公开")).hits[0]
    assert get(client, f"/report/{hit.report_id}").select(".in-result") == []
    # With a query that the report doesn't answer there is a way back, but no place in the result.
    page = get(client, f"/report/{hit.report_id}", q='"绝无此语"')
    assert page.select_one(".back") is not None
    assert page.select(".beside") == []


def test_the_same_agency_s_other_years_under_its_other_names(years_client):
    client, ids = years_client
    page = get(client, f"/report/{ids['青岛市人力资源和社会保障局2012年报告']}")
    links = page.select(".years-of li a")
    assert [text_of(link) for link in links] == ["2008", "2011", "2012", "2013"]
    assert [text_of(link) for link in links if link.get("aria-current") == "page"] == ["2012"]
    assert links[0]["href"] == f"/report/{ids['青岛市劳动和社会保障局2008年报告']}"
    assert get(client, f"/report/{ids['青岛市教育局2012年报告']}").select(".years-of") == []


def test_finding_in_a_report_is_literal_and_keeps_the_way_back(client, services):
    hit = services.search(SearchRequest("公开 收费")).hits[0]
    path = f"/report/{hit.report_id}"
    page = get(client, path, q="公开 收费", match="exact", asked="auto", find="公开")
    assert {mark.get_text() for mark in page.select("mark")} == {"公开"}
    assert page.select_one("#find")["value"] == "公开"
    assert dict(parse_qsl(urlsplit(page.select_one(".back a")["href"]).query)) == {"q": "公开 收费"}
    hidden = {field["name"]: field["value"] for field in page.select('.find input[type="hidden"]')}
    assert hidden == {"q": "公开 收费", "match": "exact", "asked": "auto"}
    cleared = page.select_one(".find a")["href"]
    assert "find" not in dict(parse_qsl(urlsplit(cleared).query))
    for literal in ("公开 OR 收费", '"', "(", "机关:公开"):
        page = get(client, path, find=literal)
        assert page.select("mark") == [] or {m.get_text() for m in page.select("mark")} <= {'"', "“", "”", "(", "（"}
    assert get(client, path, find="公开").select_one(".back") is None, "finding alone isn't coming from a result"


def test_sections_and_paragraphs_have_permanent_links(client, services):
    hit = services.search(SearchRequest("公开", match="exact")).hits[0]
    page = get(client, f"/report/{hit.report_id}", q="公开", lang="en")
    links = page.select("article .permalink")
    assert len(links) > 10
    for link in links:
        parts = urlsplit(link["href"])
        assert (parts.path, parts.query) == (f"/report/{hit.report_id}", "lang=en"), "without the query"
        assert len(page.select(f'[id="{parts.fragment}"]')) == 1
        assert link["aria-label"]
        assert link.get_text() == "", "it is in no copied text"
    assert page.select("article h2 .permalink")


def test_print_names_query_corpus_and_report(client, services):
    hit = services.search(SearchRequest("公开", match="exact")).hits[0]
    printed = text_of(get(client, f"/report/{hit.report_id}", q="公开", match="exact").select_one(".print-head"))
    assert services.manifest().corpus_id in printed
    assert hit.report_id in printed
    assert "公开" in printed
    assert "精确" in printed
