"""The page of similar wording: from a paragraph by one click, from a pasted text by POST, in both languages."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from test_page_app import get, text_of
from test_page_world import PATIENT, build_samples, client_of

from indexer.results import SearchRequest
from indexer.service import Services


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


@pytest.fixture(scope="module")
def known(home):
    """A paragraph of the samples: its report, section, block and text."""
    services = Services(home, PATIENT)
    for hit in services.search(SearchRequest('"公开"', size=50)).hits:
        report = services.read(hit.report_id).report
        for section in report.sections:
            for block in section.blocks:
                if block.form == "paragraph" and len(section.block_text(block)) > 60 and section.kind == "problems":
                    return report, section, block
    raise AssertionError("no paragraph on problems in the samples")


def post(client, text, status=200, lang="zh", **more):
    answer = client.post(f"/similar{'?lang=en' if lang == 'en' else ''}", data={"text": text, **more})
    assert answer.status_code == status
    return BeautifulSoup(answer.get_data(as_text=True), "lxml")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pasted_text_gives_passages_with_percent_differences_and_place(client, known, lang):
    report, section, block = known
    text = section.block_text(block)
    asked = text[:20] + "变了" + text[22:]
    page = post(client, asked, lang=lang)
    first = page.select_one(".passages .hit")
    assert report.report_id in first.select_one("h3 a")["href"]
    assert first.select("ins")
    assert first.select("del")
    assert "%" in text_of(first.select_one(".percent"))
    assert page.find("html")["lang"].startswith(lang)
    assert page.select_one("textarea").get_text() == asked


def test_a_pasted_text_stands_in_no_address(client, known):
    page = post(client, known[1].block_text(known[2]))
    piece = known[1].block_text(known[2])[5:15]
    assert not [a["href"] for a in page.select("a[href], form[action]") if piece in a.get("href", "")]
    assert page.select_one("form.drafting-form")["method"] == "post"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_paragraph_of_a_report_leads_to_its_like_without_itself(client, known, lang):
    report, _, block = known
    page = get(client, f"/report/{report.report_id}", lang=lang)
    (link,) = [a for a in page.select("a[href^='/similar?']") if block.block_id in a["href"]]
    found = get(client, link["href"])
    assert found.select_one(".asked blockquote")
    assert not [a for a in found.select(".passages h3 a") if report.report_id in a["href"]]


def test_filters_narrow_and_what_is_no_region_is_said(client, known):
    _, section, block = known
    text = section.block_text(block)
    assert not post(client, text, kind="staffing").select(".passages .hit")
    assert post(client, text, kind="problems").select(".passages .hit")
    assert "无此地" in text_of(post(client, text, region="无此地").select_one("[role=alert]"))


def test_nothing_to_compare_is_refused_and_nothing_found_is_said(client):
    assert post(client, "。。", 400).select_one("[role=alert]")
    assert post(client, "", 400).select_one("[role=alert]")
    assert post(client, "鑫鑫淼淼焱焱垚垚").select_one("[role=status]")
    assert get(client, "/similar", 404, report="0123456789abcdef", block="x")


def test_an_unknown_paragraph_is_an_error_with_a_way_on(client, known):
    assert "重新选择" in text_of(get(client, "/similar", 404, report=known[0].report_id, block="none"))


def test_a_text_beyond_the_limit_is_cut_and_one_beyond_all_is_refused(client):
    assert "5,000" in text_of(post(client, "公开信息" * 1300).select_one(".note"))
    assert "太长" in text_of(post(client, "公" * 2_000_000, 413).h1)


def test_the_api_gives_the_same_passages_by_post_alone(client, known):
    report, section, block = known
    body = {"text": section.block_text(block), "filter": ["kind=problems"], "size": 3}
    answer = client.post("/api/v1/similar", json=body)
    assert answer.status_code == 200
    first = answer.json["passages"][0]
    assert (first["report_id"], first["section_id"], first["similarity"]) == (
        report.report_id,
        section.section_id,
        100.0,
    )
    assert "".join(d["text"] for d in first["differences"] if d["form"] != "delete") == first["text"]
    assert "ETag" not in answer.headers
    assert client.get("/api/v1/similar").status_code == 405
    assert client.post("/api/v1/similar", json={"text": "。"}).status_code == 400
    assert client.post("/api/v1/similar", json={"text": "公开", "size": "x"}).status_code == 400
    assert client.post("/api/v1/similar", json={"text": "公开", "filter": ["no=1"]}).status_code == 400
    assert client.post("/api/v1/similar", data="text").status_code in (400, 415)
    assert client.post("/api/v1/similar", json={"text": "公" * 60_000}).status_code == 413


def test_the_api_compares(client, known):
    report = known[0].report_id
    answer = client.get(f"/api/v1/compare?a={report}&b={report}").json
    assert answer["new"] == []
    assert {row["status"] for part in answer["parts"] for row in part["rows"]} == {"same"}
    assert client.get(f"/api/v1/compare?a={report}&b=0123456789abcdef").status_code == 404
    assert client.get("/api/v1/compare").status_code == 400
