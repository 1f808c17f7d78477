"""The JSON API: the same answers as the services, problems that say what to do, and its own document."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import sys
from datetime import datetime
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from strategies import Part, build_report
from test_page_world import PATIENT, build_home, build_samples, client_of

from indexer.basket import Basket
from indexer.collocates import collocates
from indexer.concordance import all_lines
from indexer.exportreading import read_file
from indexer.jsonform import report_json, results_json
from indexer.results import Filter, SearchRequest
from indexer.service import Services
from indexer.tablererun import compare_tables, made_of, repeat
from indexer.trend import trend
from indexer.trendcommand import trend_json
from indexer.wordings import wordings
from webui.app import create_app

ROOT = __import__("pathlib").Path(__file__).resolve().parent.parent


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
    answer = client.get(f"/api/v1{path}?{urlencode(params, doseq=True)}")
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def problem_of(answer, status):
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body = json.loads(answer.data)
    assert body["status"] == status
    assert body["title"]
    assert body["detail_zh"]
    assert body["detail_en"]
    return body


def test_search_answers_what_the_services_find(client, services):
    got = get(client, "/search", q="行政复议", filter=["year=2015..2020", "form!=table"], facet=["year"], size=7)
    filters = (Filter("form", ("table",), exclude=True), Filter("year", low=2015, high=2020))
    found = services.search(SearchRequest(query="行政复议", filters=filters, facets=("year",), size=7))
    wanted = json.loads(json.dumps(results_json(found))) | {"engine": services.manifest().engine}
    # The order of filters is part of a cursor's request, time is its own.
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", got.pop("date"))
    for name in ("took_ms", "next_cursor"):
        assert type(got.pop(name)) is type(wanted.pop(name))
    assert got == wanted
    assert got["hits"]


def test_cursors_lead_through_every_hit_once(client, services):
    seen, cursor = [], ""
    while True:
        page = get(client, "/search", q="公开", match="exact", size=50, cursor=cursor)
        seen += [hit["section_id"] for hit in page["hits"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == page["sections"] > 100
    assert {section.section_id for _, section in services.everything(SearchRequest(query="公开"))} == set(seen)


def test_a_cursor_of_another_request_is_refused(client):
    cursor = get(client, "/search", q="公开", size=5)["next_cursor"]
    problem_of(client.get(f"/api/v1/search?q=复议&size=5&cursor={cursor}"), 400)


def test_reports_and_sections_are_those_of_show(client, services):
    hit = get(client, "/search", q="行政复议", size=1)["hits"][0]
    report = get(client, f"/reports/{hit['report_id']}", q="行政复议")
    shown = json.loads(json.dumps(report_json(services.read(hit["report_id"]).report)))
    assert {name: report[name] for name in shown} == shown
    assert report["occurrences"] == services.read(hit["report_id"], "行政复议").occurrences > 0
    section = get(client, f"/reports/{hit['report_id']}/sections/{hit['section_id']}")
    assert section["report"]["title"] == hit["title"]
    (own,) = [each for each in shown["sections"] if each["section_id"] == hit["section_id"]]
    assert {name: section[name] for name in own} == own
    for block_id, spans in report["marks"].items():
        (text,) = [
            each["text"][p["start"] : p["end"]]
            for each in shown["sections"]
            for p in each["paragraphs"]
            if p["paragraph_id"] == block_id
        ]
        assert {text[start:end] for start, end in spans} == {"行政复议"}


def test_citations(client):
    hit = get(client, "/search", q="行政复议", size=1)["hits"][0]
    path = f"/reports/{hit['report_id']}/citation"
    assert hit["title"] in get(client, path)["text"]
    assert get(client, path, section=hit["section_id"], style="gb2015", accessed="2026-01-02")["style"] == "gb2015"
    problem_of(client.get(f"/api/v1{path}?accessed=tomorrow"), 400)
    problem_of(client.get(f"/api/v1{path}?section=none"), 404)


def test_export_gives_every_hit(client, services):
    wanted = services.search(SearchRequest(query="公开", match="exact", size=0)).sections
    answer = client.get("/api/v1/export?q=公开")
    assert answer.mimetype == "application/jsonl"
    assert len(answer.data.splitlines()) == wanted + 1
    table = client.get("/api/v1/export?q=公开&format=csv&sample=3&seed=5&unit=report&coding=1").data
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert [row["code"] for row in rows] == ["", "", ""]
    assert client.get("/api/v1/export?q=公开&format=xlsx").data.startswith(b"PK")
    problem_of(client.get("/api/v1/export?q=公开&match=auto"), 400)


def test_a_trend_is_that_of_the_services(client, services):
    filters = (Filter("form", ("table",), exclude=True),)
    got = get(client, "/trend", q=["行政复议", "公开"], by="year", scope="report", filter="form!=table")
    found = trend(services.searcher(), ["行政复议", "公开"], "year", SearchRequest(scope="report", filters=filters))
    assert got.pop("date")
    assert got == json.loads(json.dumps(trend_json(found)))
    point = next(each for each in got["series"][1]["points"] if each["reports"])
    hits = get(client, "/search", q="公开", match="exact", scope="report", filter=point["filters"], size=0)
    assert (hits["reports"], hits["sections"]) == (point["reports"], point["sections"])


def test_a_trend_without_time_for_occurrences_says_so_and_bears_no_tag(client, monkeypatch):
    monkeypatch.setattr("webui.api_analysis.PAGE_SECONDS", -1.0)
    answer = client.get("/api/v1/trend?q=公开")
    assert set(answer.json["problem"]) == {"zh", "en"}
    assert {point["occurrences"] for point in answer.json["series"][0]["points"]} == {None}
    assert "ETag" not in answer.headers
    problem_of(client.get("/api/v1/concordance?q=公开"), 503)


@pytest.mark.parametrize("sort", ["place", "left", "right", "year"])
def test_cursors_lead_through_every_line_of_a_concordance_once(client, services, sort):
    request = SearchRequest("行政复议", match="exact", filters=(Filter("form", ("prose",)),))
    wanted = list(all_lines(services.searcher(), request, width=12, sort=sort))
    seen, cursor = [], ""
    while True:
        page = get(
            client, "/concordance", q="行政复议", filter="form=prose", width=12, sort=sort, size=7, cursor=cursor
        )
        assert page["total"] == len(wanted) > 14
        seen += page["lines"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert [(x["report_id"], x["paragraph_id"], x["start"], x["left"], x["match"], x["right"]) for x in seen] == [
        (x.report_id, x.block_id, x.start, x.left, x.match, x.right) for x in wanted
    ]


def test_a_cursor_of_another_concordance_is_refused(client):
    cursor = get(client, "/concordance", q="公开", size=5)["next_cursor"]
    for other in ("q=复议", "q=公开&sort=left", "q=公开&width=3", "q=公开&filter=form=prose"):
        problem_of(client.get(f"/api/v1/concordance?{other}&size=5&cursor={cursor}"), 400)
    problem_of(client.get(f"/api/v1/concordance?q=公开&size=5&cursor={cursor.rpartition('.')[0]}.٣"), 400)


def test_collocates_are_those_of_the_services(client, services):
    got = get(client, "/collocates", q="行政复议", within=3, least=3, size=5)
    found = collocates(services.searcher(), SearchRequest("行政复议"), within=3, least=3, limit=5)
    assert [each["word"] for each in got["collocates"]] == [each.word for each in found.words]
    assert got["matches"] == found.matches > 0


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/trend/export", {"q": "行政复议", "by": "region", "filter": "form=prose"}),
        ("/concordance/export", {"q": "行政复议", "width": 5, "filter": "form=prose"}),
        ("/collocates/export", {"q": "行政复议", "within": 3, "filter": "form=prose"}),
        ("/facets/export", {"q": "行政复议", "facet": ["year", "kind"], "filter": "form=prose"}),
        ("/coverage/export", {"q": "行政复议", "filter": "form=prose"}),
    ],
)
def test_tables_are_files_that_say_what_they_are(client, services, tmp_path, home, path, params, format_):
    answer = client.get(f"/api/v1{path}?{urlencode({**params, 'format': format_}, doseq=True)}")
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    target = tmp_path / f"t.{format_}"
    target.write_bytes(answer.data)
    held = made_of(read_file(target))
    assert held.name == path.split("/")[1]
    assert held.rows
    (facts,) = held.facts
    assert (facts.query, facts.match, facts.filters) == ("行政复议", "exact", ("form=prose",))
    assert facts.corpus_id == services.manifest().corpus_id
    again = repeat(held, home / "library.db", services.searcher, datetime.now().astimezone(), "zh")
    assert compare_tables(held, again).none


def test_cursors_lead_through_every_agency_of_a_coverage(client):
    whole = get(client, "/coverage", q=["公开", "绝无此语"], size=1000)
    assert whole["agencies"] == len(whole["rows"]) > 14
    assert whole["next_cursor"] == ""
    rows, cursor = [], ""
    while True:
        page = get(client, "/coverage", q=["公开", "绝无此语"], size=7, cursor=cursor)
        assert (page["totals"], page["corpus_id"]) == (whole["totals"], whole["corpus_id"])
        rows += page["rows"]
        cursor = page["next_cursor"]
        if not cursor:
            break
        problem_of(client.get(f"/api/v1/coverage?q=公开&size=7&cursor={cursor}"), 400)
    assert rows == whole["rows"]
    cells = [cell for row in rows for cell in row["years"].values()]
    assert {cell["matches"]["绝无此语"] for cell in cells if cell["status"] == "missing"} == {None}
    assert {cell["matches"]["绝无此语"] for cell in cells if cell["status"] == "present"} == {0}
    assert "ETag" not in client.get("/api/v1/coverage").headers
    problem_of(client.get("/api/v1/coverage?list=0123456789abcdef"), 400)


def test_suggestions_ask_for_what_they_name(client):
    found = get(client, "/suggestions", q="公开 山东", filter="form=prose")["suggestions"]
    region = next(each for each in found if each["kind"] == "region")
    assert region["q"] == "公开"
    assert set(region["filter"]) == {"form=prose", "region=370000"}
    hits = get(client, "/search", q=region["q"], filter=region["filter"])
    assert hits["sections"] > 0
    assert get(client, "/suggestions")["suggestions"] == []


def test_answers_to_word_lists_bear_no_tag(home, client):
    assert "ETag" in client.get("/api/v1/search?q=公开").headers
    for query in ("@公开", "公开 ＠名"):
        assert "ETag" not in client.get(f"/api/v1/search?q={query}").headers
        assert "ETag" not in client.get(f"/api/v1/trend?q=公开&q={query}").headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/search?size=1_0", 400),
        ("/api/v1/search?size=٣", 400),
        ("/api/v1/search?size=101", 400),
        ("/api/v1/search?match=no", 400),
        ("/api/v1/search?filter=nothing", 400),
        ("/api/v1/search?filter=year=abc", 400),
        ("/api/v1/search?facet=title", 400),
        ("/api/v1/search?q=" + "x" * 2001, 400),
        ("/api/v1/search?q=" + "+".join("abcdefghij" * 7), 400),
        ("/api/v1/reports/none", 404),
        ("/api/v1/reports/none/sections/x", 404),
        ("/api/v1/trend", 400),
        ("/api/v1/trend?q=+", 400),
        ("/api/v1/trend?q=公开&by=title", 400),
        ("/api/v1/trend?q=公开&match=auto", 400),
        ("/api/v1/trend?" + "q=公开&" * 9, 400),
        ("/api/v1/concordance", 400),
        ("/api/v1/concordance?q=+", 400),
        ("/api/v1/concordance?q=公开&width=201", 400),
        ("/api/v1/concordance?q=公开&size=0", 400),
        ("/api/v1/concordance?q=公开&cursor=1", 400),
        ("/api/v1/collocates?q=公开&within=0", 400),
        ("/api/v1/suggestions?filter=nothing", 400),
        ("/api/v1/none", 404),
        ("/api/", 404),
    ],
)  # fmt: skip
def test_problems_say_what_is_wrong_in_both_languages(client, path, status):
    problem_of(client.get(path), status)


def test_problems_follow_the_language_asked_for(client):
    assert problem_of(client.get("/api/v1/none?lang=en"), 404)["title"] == "There is no such address"
    assert problem_of(client.get("/api/v1/none"), 404)["title"] == "没有这个地址"


def post(client, path, status=200, /, **body):
    answer = client.post(f"/api/v1{path}", json=body)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def test_a_draft_is_checked_and_nothing_of_it_is_kept(client, home, caplog):
    secret = "绝密草稿戊己庚辛"  # noqa: S105 - words of a draft
    text = f"青岛市财政局2012年度政府信息公开工作年度报告\n一、概述\n济南市教育局公开了信息，{secret}。\n"
    answer = post(client, "/check", text=text)
    found = answer.json
    assert (found["agency"], found["region"], found["year"]) == ("青岛市财政局", "370200", 2012)
    assert ("agency", True, "济南市教育局") in {(each["kind"], each["sure"], each["text"]) for each in found["names"]}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert secret not in caplog.text
    assert not [path for path in home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    other = post(client, "/check", text=text, region="山东省济南市", agency="济南市教育局", year=2013).json
    assert (other["region"], other["year"]) == ("370100", 2013)
    for wrong in (
        {"text": ""},
        {},
        {"text": text, "region": "无此地"},
        {"text": text, "year": "2012"},
        {"text": " \n "},
    ):
        problem_of(client.post("/api/v1/check", json=wrong), 400)


def test_a_body_that_is_no_json_is_called_so(client):
    for body in ("{", '{"text": "公开'):
        answer = client.post("/api/v1/check", data=body, content_type="application/json")
        problem = problem_of(answer, 400)
        assert problem["type"].endswith("#problem-query")
        assert "JSON" in problem["detail_zh"] and "JSON" in problem["detail_en"]


def test_half_a_character_in_a_draft_or_an_agency_is_left_out(client):
    found = post(client, "/check", text="\ud800公开了信息。", agency="济南市\ud800公安局", region="370100\udc00").json
    assert (found["agency"], found["region"]) == ("济南市公安局", "370100")


def test_a_long_draft_is_taken_and_a_longer_one_refused(client):
    assert post(client, "/check", text="公开信息。\n" * 20_000).json["paragraphs"] > 0
    problem_of(client.post("/api/v1/check", json={"text": "字" * 200_001}), 400)
    problem_of(client.post("/api/v1/check", json={"text": "字" * 3_000_000}), 413)
    problem_of(client.get("/api/v1/check?text=公开"), 405)


def test_the_basket_is_exported_in_every_form(client, home):
    report = get(client, "/search", q="公开", size=1)["hits"][0]
    whole = Services(home, PATIENT).read(report["report_id"]).report
    section = whole.sections[report["ordinal"]] if "ordinal" in report else whole.sections[1]
    block = section.blocks[-1]
    Basket(home).add(whole, section, block.block_id, section.block_text(block))
    kept = post(client, "/basket/export", format="json", style="gb2015").json["passages"]
    assert [each["text"] for each in kept] == [section.block_text(block).strip()]
    assert whole.title in kept[0]["citation"]
    for name in ("docx", "md", "txt"):
        answer = post(client, "/basket/export", format=name)
        assert answer.headers["Content-Disposition"].endswith(f'.{name}"')
        assert answer.data[:2] == b"PK" if name == "docx" else section.block_text(block)[:6] in answer.get_data(True)
    assert "References" in post(client, "/basket/export", format="txt", lang="en").get_data(as_text=True)
    problem_of(client.post("/api/v1/basket/export", json={"format": "pdf"}), 400)
    problem_of(client.get("/api/v1/basket/export"), 405)


def test_only_get_is_offered(client):
    answer = client.post("/api/v1/search")
    problem_of(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_other_hosts_are_refused_and_no_other_origin_may_read(client):
    problem_of(client.get("/api/v1/search", headers={"Host": "evil.example"}), 400)
    answer = client.get("/api/v1/search", headers={"Origin": "http://evil.example"})
    assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_an_index_the_problem_says_what_to_run(tmp_path):
    body = problem_of(client_of(tmp_path).get("/api/v1/search"), 503)
    assert "chadang" in body["detail_en"]


def test_an_error_of_ours_is_a_problem_without_a_trace(home, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Services, "searcher", fail)
    body = problem_of(create_app(home).test_client().get("/api/v1/search"), 500)
    assert "secret" not in json.dumps(body)


def test_an_entity_tag_spares_the_answer_until_the_index_changes(tmp_path):
    first = build_report("a", "甲", [Part("", ("公开。",), 0)])
    client = client_of(build_home(tmp_path, [first]))
    answer = client.get("/api/v1/search?q=公开")
    tag = answer.headers["ETag"]
    again = client.get("/api/v1/search?q=公开", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/v1/search?q=信息", headers={"If-None-Match": tag}).status_code == 200
    build_home(tmp_path, [first, build_report("b", "乙", [Part("", ("公开公开。",), 0)])])
    changed = client.get("/api/v1/search?q=公开", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.json["sections"] == 2
    # What holds the day of the export isn't the same tomorrow.
    assert "ETag" not in client.get("/api/v1/export?q=公开").headers


def test_the_document_is_openapi_3_1_and_the_page_shows_all_of_it(client):
    document = client.get("/api/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/v1/search", "/api/v1/corpus", "/api/v1/export", "/api/v1/reports/{report_id}",
        "/api/v1/trend", "/api/v1/concordance", "/api/v1/collocates", "/api/v1/suggestions", "/api/v1/coverage",
        *(f"/api/v1/{name}/export" for name in ("trend", "concordance", "collocates", "facets", "coverage")),
        "/api/v1/compare", "/api/v1/similar", "/api/v1/check", "/api/v1/basket/export",
        "/api/v1/reports/{report_id}/citation", "/api/v1/reports/{report_id}/sections/{section_id}",
        "/api/v1/wordings", "/api/v1/wordings/{wording}", "/api/v1/reports/{report_id}/reuse",
    }  # fmt: skip
    for lang in ("zh", "en"):
        page = BeautifulSoup(client.get(f"/api/docs?lang={lang}").data, "lxml")
        text = page.get_text()
        for path, methods in document["paths"].items():
            assert path in text
            for operation in methods.values():
                for parameter in operation.get("parameters", ()):
                    assert parameter["name"] in text
        for name in ("text", "filter", "least", "without"):
            assert page.find("section", id="similar").find("code", string=name)
        assert not [tag for tag in page.select("[src], link[href]") if "://" in str(tag)]
        for name in ("query", "report", "timeout"):
            assert page.select_one(f"#problem-{name}")


def test_what_the_document_allows_is_answered_as_it_says(home):
    spec = importlib.util.spec_from_file_location("api_requests", ROOT / "scripts" / "api_requests.py")
    script = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = script  # dataclasses look their module up
    spec.loader.exec_module(script)
    statuses, wrong = script.run(home, 120, 1)
    assert wrong == []
    assert sum(statuses.values()) >= 100
    assert statuses[200] >= 20
    assert {400, 404} <= set(statuses)


def test_wordings_and_their_users_page_through_to_the_end(client, services):
    found = wordings(services.searcher(), SearchRequest("公开", size=100))
    seen, cursor = [], ""
    while True:
        page = get(client, "/wordings", q="公开", size=7, cursor=cursor)
        seen += page["wordings"]
        assert (page["total"], page["sections"]) == (found.total, found.sections)
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert [each["wording"] for each in seen[:100]] == [each.key for each in found.wordings]
    assert len(seen) == found.total
    most = seen[0]
    one = get(client, f"/wordings/{most['wording']}", q="公开", size=100)
    assert one["wording"] == most
    assert len(one["users"]) == most["reports"] > 1
    assert one["users"][0] == most["example"]
    assert one["corpus_id"] == services.manifest().corpus_id
    problem_of(client.get("/api/v1/wordings/0000000000000000?q=公开"), 404)
    problem_of(client.get("/api/v1/wordings?q=公开&cursor=x"), 400)


def test_sections_of_the_same_wording_are_folded_only_when_asked_for(client):
    whole = get(client, "/search", q="行政复议", size=100)
    folded = get(client, "/search", q="行政复议", size=100, same="fold")
    assert whole["lines"] == whole["sections"] == folded["sections"] == len(whole["hits"])
    assert folded["lines"] == len(folded["hits"]) < len(whole["hits"])
    assert sum(1 + hit["same"] for hit in folded["hits"]) == folded["sections"]
    assert all(not hit["wording"] for hit in whole["hits"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_the_document_speaks_one_language(client, lang):
    page = BeautifulSoup(client.get(f"/api/docs?lang={lang}").data, "lxml").select_one("main")
    for code in page.select("code"):
        code.decompose()
    lines = [line for each in page.select("p, td, dd") if (line := each.get_text(" ", strip=True))]
    assert len(lines) > 50
    for line in lines:
        chinese = any("\u3400" <= each <= "\u9fff" for each in line)
        assert chinese is (lang == "zh"), line
        assert not (chinese and re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", line)), line
