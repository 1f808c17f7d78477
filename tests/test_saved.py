"""Saved searches: kept under a name, and what is new since they were last looked at; the store, the command, the page."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from strategies import Part, build_report
from test_page_app import get, text_of
from test_page_world import PATIENT, build_home, client_of

import chadang
from corpus.library import Library, Source
from corpus.rows import report_rows
from indexer import building
from indexer.errors import QueryRejected, SavedSearchError, SearchTimeout
from indexer.results import Filter, SearchRequest
from indexer.saved import MOST, SavedSearches, news
from indexer.service import Services
from webui import newsroom
from webui.routes_saved import state_of
from webui.state import parse


def report(name, *texts, **more):
    parts = [Part("", ("引言。",), 0, "preface")]
    parts += [Part(f"{n}、部分", (text,), 1, "overview") for n, text in zip("一二三四五", texts, strict=False)]
    return build_report(name, f"报告{name}", parts, year=2012, doctype="foi", **more)


def load(home, reports):
    with Library(home / "library.db") as library, library.transaction():
        for each in reports:
            source = f"{each.report_id}.txt"
            library.put(Source(source, f"/{source}", report_id=each.report_id), report_rows(each))
    building.update(home)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    return build_home(folder, [report("甲", "收费公开", "无关"), report("乙", "收费"), report("丙", "无关")])


def searcher_of(home):
    return Services(home, PATIENT).searcher()


def test_what_is_new_is_what_was_not_found_when_last_looked_at(home):
    kept = SavedSearches(home)
    assert kept.all() == []
    assert not (home / "saved.db").exists(), "looking makes no file"
    made = kept.add(" 收费 ", SearchRequest("收费"), searcher_of(home))
    assert (made.name, made.request.match) == ("收费", "exact"), "auto would depend on the ladder"
    assert news(searcher_of(home), made).new == ()
    # A report comes, one gains a section, one loses its only one.
    load(home, [report("丁", "收费", "收费"), report("甲", "收费公开", "也收费"), report("乙", "不再提")])
    fresh = news(searcher_of(home), kept.named("收费"))
    ids = {each.report_id: each.title for each in (report("丁", "x"), report("甲", "x"))}
    assert {ids[report_id]: more for report_id, more, _ in fresh.new} == {"报告丁": 2, "报告甲": 1}
    assert (fresh.reports, fresh.sections, fresh.new_sections, fresh.gone) == (2, 4, 3, 1)
    kept.see(made.number, searcher_of(home))
    fresh = news(searcher_of(home), kept.named("收费"))
    assert (fresh.new, fresh.gone) == ((), 0)


def test_filters_scope_rung_and_copies_are_kept(home):
    asked = SearchRequest(
        '"收费" -公开', "words", "report", (Filter("kind", ("overview", ""), True), Filter("year", low=2010, high=None)),
        copies="all",
    )  # fmt: skip
    kept = SavedSearches(home)
    made = kept.add("x", replace(asked, page=3, size=50, sort="date"), searcher_of(home))
    assert replace(made.request, facets=asked.facets) == asked
    state = state_of(made.request, "en")
    assert parse(state.pairs()) == state
    assert set(state.filters()) == {Filter("year", low=2010, high=None), Filter("kind", ("", "overview"), True)}


def test_what_the_page_has_no_filter_for_stands_in_the_query(home):
    out, other = Filter("year", exclude=True, low=2010, high=2012), Filter("year", low=2011, high=2014)
    asked = SearchRequest("收费 OR 公开", "exact", filters=(Filter("year", low=2009, high=None), other, out))
    state = state_of(asked, "zh")
    assert (state.q, state.years) == ("(收费 OR 公开) year:2011..2014 -year:2010..2012", (2009, None))
    searcher = searcher_of(home)
    assert list(searcher.keys(state.request())) == list(searcher.keys(asked))


def test_renamed_removed_and_refused(home):
    kept, searcher = SavedSearches(home), searcher_of(home)
    first = kept.add("Fees", SearchRequest("收费"), searcher)
    second = kept.add("乙", SearchRequest("公开"), searcher)
    for taken in ("ＦＥＥＳ", "fees"):
        with pytest.raises(SavedSearchError, match="already"):
            kept.add(taken, SearchRequest("x"), searcher)
        with pytest.raises(SavedSearchError, match="already"):
            kept.rename(second.number, taken)
    kept.rename(first.number, "FEES")
    assert kept.named("fees").name == "FEES"
    for bad in ("", "  ", "\x00", "长" * 81):
        with pytest.raises(SavedSearchError):
            kept.add(bad, SearchRequest("x"), searcher)
    with pytest.raises(QueryRejected):
        kept.add("too long", SearchRequest("公" * 5000), searcher)
    kept.remove(first.number)
    for gone in (
        lambda: kept.named("fees"),
        lambda: kept.remove(first.number),
        lambda: kept.see(first.number, searcher),
    ):
        with pytest.raises(SavedSearchError, match="no saved search"):
            gone()
    assert [each.name for each in kept.all()] == ["乙"]
    with closing_db(home) as db:
        assert db.execute("SELECT count(*) FROM seen WHERE id = ?", (first.number,)).fetchone() == (0,)


def closing_db(home):
    from contextlib import closing

    return closing(sqlite3.connect(home / "saved.db"))


def test_many_writers_lose_nothing(home):
    searcher = searcher_of(home)
    failed = []

    def work(n):
        try:
            for m in range(5):
                SavedSearches(home).add(f"{n}-{m}", SearchRequest("收费"), searcher)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert len(SavedSearches(home).all()) == 40
    assert all(each.seen for each in SavedSearches(home).all())


def test_there_is_an_end_to_them(home, monkeypatch):
    monkeypatch.setattr("indexer.saved.MOST", 2)
    assert MOST >= 100
    kept, searcher = SavedSearches(home), searcher_of(home)
    kept.add("1", SearchRequest("收费"), searcher)
    kept.add("2", SearchRequest("收费"), searcher)
    with pytest.raises(SavedSearchError, match="delete one first"):
        kept.add("3", SearchRequest("收费"), searcher)


def test_a_file_that_cannot_be_read_says_so_and_stays(home):
    (home / "saved.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(SavedSearchError, match=r"saved\.db"):
        SavedSearches(home).all()
    client = client_of(home)
    page = get(client, "/saved", 503)
    assert "无法读写已存检索的文件" in text_of(page.select_one("[role=alert]"))
    assert (home / "saved.db").read_bytes().startswith(b"not a database")
    (home / "saved.db").unlink()
    SavedSearches(home).add("x", SearchRequest("收费"), searcher_of(home))
    with closing_db(home) as db:
        db.execute('UPDATE search SET request = \'{"match": "new"}\'')
        db.commit()
    with pytest.raises(SavedSearchError, match="newer version"):
        SavedSearches(home).all()
    with closing_db(home) as db:
        db.execute("PRAGMA user_version = 9")
    with pytest.raises(SavedSearchError, match="newer version"):
        SavedSearches(home).all()


def run(home, *arguments):
    result = CliRunner().invoke(chadang.main, ["--home", str(home), "--lang", "en", "saved", *arguments])
    return result.exit_code, result.output


def test_the_command_does_the_same(home):
    assert "no saved search yet" in run(home, "list")[1]
    assert run(home, "list", "--json") == (0, "[]\n")
    assert run(home, "add", "fees", "收费", "--filter", "年份=2012")[0] == 0
    assert run(home, "add", "fees", "收费")[0] == 1
    load(home, [report("丁", "收费", "收费")])
    (listed,) = json.loads(run(home, "list", "--json")[1])
    assert (listed["name"], listed["query"], listed["filters"]) == ("fees", "收费", ["year=2012"])
    assert (listed["new_reports"], listed["new_sections"], listed["reports"]) == (1, 2, 3)
    shown = json.loads(run(home, "show", "fees", "--json")[1])
    assert [(each["title"], each["new_sections"]) for each in shown["new"]] == [("报告丁", 2)]
    assert "+2 sections  报告丁" in run(home, "show", "FEES")[1]
    assert run(home, "seen", "--all")[0] == 0
    assert "nothing new" in run(home, "show", "fees")[1]
    assert run(home, "rename", "fees", "charges")[0] == 0
    assert run(home, "remove", "fees")[0] == 1
    assert run(home, "remove", "charges")[0] == 0
    assert run(home, "seen")[0] == 2


def send(client, path, form, **changes):
    fields = {tag["name"]: tag.get("value", "") for tag in form.select("input[name]")}
    return client.post(path, data={**fields, **changes})


def test_a_search_is_saved_from_its_results_and_its_news_are_shown(home):
    client = client_of(home)
    assert "还没有已存检索" in get(client, "/saved").get_text()
    page = get(client, "/search", q="收费", year="2012", match="auto", page="1", lang="en")
    form = page.select_one(".save-search form")
    answer = send(client, form["action"], form, name="charges", do="save")
    assert answer.status_code == 303
    there = urlsplit(answer.headers["Location"])
    page = get(client, f"{there.path}?{there.query}")
    assert page.select_one(f"#{there.fragment}") is not None
    row = text_of(page.select_one(".saved-table tbody tr"))
    assert "charges" in row
    assert "2012" in row
    assert "nothing new" in row
    assert page.select_one(".saved-table th a")["href"] == "/search?q=%E6%94%B6%E8%B4%B9&match=exact&lang=en&year=2012"
    load(home, [report("丁", "收费", "收费")])
    page = get(client, "/saved", lang="en")
    link = page.select_one(".has-news")
    assert text_of(link) == "1 reports, 2 sections"
    page = get(client, link["href"])
    (hit,) = page.select(".hit")
    assert "报告丁" in hit.get_text()
    assert "+2 sections" in hit.get_text()
    path, _, place = hit.a["href"].partition("#")
    assert get(client, path).find(id=place) is not None
    assert send(client, "/saved", page.select_one("form.saved-manage"), do="seen").status_code == 303
    assert get(client, "/saved", lang="en").select(".has-news") == []


def test_a_search_that_takes_too_long_keeps_the_home_page_waiting_once(home, monkeypatch):
    searcher = searcher_of(home)
    kept = SavedSearches(home)
    for name in ("甲", "乙"):
        kept.add(name, SearchRequest(query="公开"), searcher)
    asked = []

    def slow(_, saved):
        asked.append(saved.name)
        if saved.name == "乙":
            raise SearchTimeout(zh="慢", en="slow")
        return news(searcher, saved)

    monkeypatch.setattr(newsroom, "news", slow)
    room = newsroom.Newsroom()
    assert [room.unseen(searcher, kept, 9) for _ in range(2)] == [([], False)] * 2
    assert sorted(asked) == ["乙", "甲"]


def test_saved_searches_are_renamed_and_deleted_on_the_page(home):
    client = client_of(home)
    for name in ("一", "二"):
        form = get(client, "/search", q="收费").select_one(".save-search form")
        assert send(client, "/saved", form, name=name, do="save").status_code == 303
    form = get(client, "/saved").select_one(".saved-table form")
    assert form.select_one('button[value="remove"]')["aria-label"] == "删除“一”"
    assert send(client, "/saved", form, name="三", do="rename").status_code == 303
    refused = send(client, "/saved", form, name="二", do="rename")
    assert refused.status_code == 400
    assert "已有名为“二”的检索" in refused.get_data(as_text=True)
    assert send(client, "/saved", form, do="seen-all").status_code == 303
    assert send(client, "/saved", form, do="remove").status_code == 303
    assert [text_of(th) for th in get(client, "/saved").select("tbody th")] == ["二"]
    assert send(client, "/saved", form, do="remove").status_code == 400, "gone already"
    assert send(client, "/saved", form, do="nonsense").status_code == 400
    for number in ("999", "9" * 30, "9" * 5_000, "²"):
        assert get(client, f"/saved/{number}", 404).select_one("[role=alert]") is not None


def test_a_form_from_elsewhere_saves_nothing(home):
    client = client_of(home)
    for token in ("", "wrong", "é"):
        answer = client.post("/saved", data={"name": "x", "q": "收费", "do": "save", "token": token})
        assert answer.status_code == 403
    assert SavedSearches(home).all() == []


def test_a_search_that_cannot_be_run_now_spoils_only_its_own_line(home, monkeypatch):
    kept, searcher = SavedSearches(home), searcher_of(home)
    kept.add("好", SearchRequest("收费"), searcher)
    kept.add("坏", SearchRequest("公开"), searcher)

    def refuse(self, request):
        if request.query == "公开":
            raise QueryRejected(zh="太复杂", en="too complex")
        return iter(())

    client = client_of(home)
    monkeypatch.setattr("indexer.service.Searcher.keys", refuse)
    rows = {text_of(row.th): text_of(row) for row in get(client, "/saved").select("tbody tr")}
    assert "现在无法执行：太复杂" in rows["坏"]
    assert "现在无法执行" not in rows["好"]
