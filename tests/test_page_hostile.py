"""Hostile reports, hostile queries, foreign hosts: escaped, answered, refused."""

from __future__ import annotations

import socket
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from test_page_world import HOSTILE, IMAGE, SCRIPT, build_home, build_samples, client_of

from webui.guard import CSP, is_local


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return client_of(build_home(tmp_path_factory.mktemp("hostile"), [HOSTILE]))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return client_of(build_samples(tmp_path_factory.mktemp("samples")))


def assert_harmless(html):
    page = BeautifulSoup(html, "lxml")
    scripts = page.select("script")
    assert [script["src"] for script in scripts if script["src"] not in ("/static/cite.js", "/static/drafting.js")] == [
        f"/static/{name}.js" for name in ("early", "keys", "app", "suggest")
    ]
    assert not any(script.get_text().strip() for script in scripts)
    assert not page.select("img, iframe, object, embed, style, base")
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], tag
        for name in ("href", "src", "action"):
            assert not str(tag.get(name, "")).strip().lower().startswith(("javascript:", "data:")), tag


QUERIES = ["公开", "", SCRIPT, IMAGE, f"公开 {SCRIPT}", '"<', "机关:机关"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("query", QUERIES)
def test_hostile_reports_are_escaped_wherever_they_show(hostile, query, lang):
    params = {"q": query, "lang": lang, "agency": HOSTILE.agency, "-department": IMAGE}
    for address, status in (
        ("/", 200),
        ("/help", 200),
        ("/search", 200),
        (f"/report/{HOSTILE.report_id}", 200),
        (f"/report/{quote(IMAGE, safe='')}", 404),
        (f"/{quote(SCRIPT, safe='')}", 404),
    ):
        answer = hostile.get(address, query_string=params)
        assert answer.status_code == status
        assert_harmless(answer.get_data(as_text=True))


def test_hostile_text_is_shown_as_it_is(hostile):
    results = BeautifulSoup(hostile.get("/search?q=公开").get_data(as_text=True), "lxml")
    assert results.select_one(".hit h3").get_text() == HOSTILE.title
    assert any(SCRIPT in snippet.get_text() for snippet in results.select(".snippet"))
    report = BeautifulSoup(hostile.get(f"/report/{HOSTILE.report_id}?q=公开").get_data(as_text=True), "lxml")
    assert report.h1.get_text() == HOSTILE.title
    text = report.select_one(".text").get_text()
    assert "& <b>&amp;" in text
    assert SCRIPT in text
    assert "javascript:" not in str(report.select("a"))
    assert [mark.get_text() for mark in report.select("mark")].count("公开") >= 5


ANSWERS = [
    "/",
    "/help",
    "/search?q=公开",
    "/search?q=" + "(" * 3000,
    "/report/x",
    "/nope",
    "/static/style.css",
    "/static/app.js",
]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_response_has_its_security_headers(client, path):
    answer = client.get(path)
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


FOREIGN = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil:80",
    "192.168.0.2",
    "[::2]",
    "",
    "127.0.0.1:x",
    "a b",
]


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", ["/", "/search?q=公开", "/static/app.js", "/nope"])
def test_foreign_hosts_are_refused_in_both_languages(client, host, path):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert "拒绝访问" in text
    assert "Access refused" in text
    assert answer.headers["Content-Security-Policy"] == CSP


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost:1", "LOCALHOST", "[::1]", "[::1]:8765"])
def test_this_computer_is_served(client, host):
    assert client.get("/help", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/check", "/similar", "/api/v1/similar", "/basket", "/saved"])
def test_what_a_page_elsewhere_sends_is_refused(client, path):
    for site in ("cross-site", "same-site"):
        answer = client.post(path, data={"text": "公开"}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 400
        assert "127.0.0.1" in answer.get_data(as_text=True)
    # A link from elsewhere leads here all the same.
    assert client.get("/search?q=公开", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("path", ["/check", "/similar"])
def test_what_our_own_page_sends_is_answered(client, path):
    for site in ("same-origin", "none"):
        answer = client.post(path, data={"text": "政府信息公开"}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 200


def test_a_host_is_local_only_in_full():
    assert not is_local("localhost\n")
    assert not is_local("127.0.0.1:123456")
    assert not is_local(socket.gethostname() + ".example")


JUNK = [
    "q=" + "公" * 1000,
    "q=" + "a" * 1000,
    "q=" + "(" * 5000,
    "q=" + ")" * 5000,
    "q=" + "()" * 2500,
    "q=" + "-" * 1000,
    "q=" + '"' * 999,
    "q=%ED%A0%80",
    "q=a%ED%A0%80b%00c",
    "q=%00",
    "q=*",
    "q=%22",
    "q=-",
    "q=%20%20%E3%80%80",
    "q=。，！？…—",
    "q=%22%22",
    "q=%22~20",
    "q=a~5",
    "q=OR",
    "q=NOT",
    "q=AND OR NOT",
    "q=a OR",
    "q=机关:",
    "q=年份:abc",
    "q=:" + ":" * 100,
    "q=%F0%9F%98%80%EF%BF%BF",
    "q=公开&page=-1",
    "q=公开&page=abc",
    "q=公开&page=" + "9" * 31,
    "q=公开&page=0",
    "q=公开&page=999999999",
    "q=公开&size=9999",
    "q=公开&size=-1",
    "q=公开&sort=x&match=x&scope=x&lang=x",
    "q=公开&year=abc..",
    "q=公开&year=9999..0001",
    "q=公开&year=..",
    "q=公开&region=abc&region=&region=999999",
    "q=公开&kind=nope&form=nope&-level=nope",
    "q=公开&agency=" + "x" * 1000,
    "q=公开&" + "&".join(f"region={code}" for code in range(100000, 100300)),
    "q=公开&q=私&page=1&page=2",
    "%ED%A0%80=1&=&&&",
    "q=%" + "&lang=%E0",
    "lang=en&lang=zh&asked=x",
]


@pytest.mark.parametrize("query", JUNK, ids=lambda query: query[:24])
def test_junk_is_answered_by_a_page(client, query):
    for path in ("/search", "/", "/help", "/report/x"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code in {200, 400, 404}, answer.status
        assert_harmless(answer.get_data(as_text=True))


@pytest.fixture(scope="module")
def report_id(client):
    page = BeautifulSoup(client.get("/search?q=公开").get_data(as_text=True), "lxml")
    return page.select_one(".hit h3 a")["href"].split("/")[2].split("?")[0]


@pytest.mark.parametrize("query", JUNK, ids=lambda query: query[:24])
def test_junk_never_breaks_a_report(client, report_id, query):
    answer = client.get(f"/report/{report_id}?{query}")
    assert answer.status_code in {200, 400}
    assert_harmless(answer.get_data(as_text=True))


@settings(max_examples=60)
@given(
    st.text(
        st.sampled_from("公开信息 \"()（）“”「」-|:：~*\\<>&'年份机关ORNOT2010..\x00\u3000\U0001f600"), max_size=60
    ),
    st.sampled_from(["auto", "exact", "words", "most"]),
    st.sampled_from(["section", "report"]),
)
def test_any_query_gives_a_page(client, report_id, query, match, scope):
    params = {"q": query, "match": match, "scope": scope}
    for path in ("/search", f"/report/{report_id}"):
        answer = client.get(path, query_string=params)
        assert answer.status_code == 200
        assert_harmless(answer.get_data(as_text=True))
