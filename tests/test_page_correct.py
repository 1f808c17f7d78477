"""Corrections on the report's page: made, shown, undone, followed by the index, refused, and safe from pages elsewhere."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

import pytest
from strategies import Part, build_report
from test_page_app import get, text_of
from test_page_world import build_home, client_of

from corpus.errors import LibraryError
from corpus.library import Library
from indexer import building
from webui.indexing import IndexUpdater


def report(name, title, **more):
    return build_report(
        name, title, [Part("", ("引言公开。",), 0, "preface"), Part("一、概述", ("公开收费。",), 1)], **more
    )


ONE = report("one", "云溪市教育局年度报告", agency="云溪市教育局", region="370200", doctype="foi")
OTHER = report("other", "另一份报告", year=2011, doctype="foi")
PATH = f"/report/{ONE.report_id}"


@pytest.fixture
def home(tmp_path):
    return build_home(tmp_path / "home", [ONE, OTHER])


@pytest.fixture
def client(home):
    return client_of(home)


def form_of(client, **params):
    """What a browser would send of the form as it stands, without any button."""
    form = get(client, PATH, **params).select_one(".correct-form")
    sent = {tag["name"]: tag.get("value", "") for tag in form.select("input[name]")}
    for select in form.select("select"):
        chosen = select.select_one("option[selected]")
        sent[select["name"]] = (chosen or select.option)["value"]
    return form["action"].partition("#")[0], sent


def send(client, changes, do="save", **params):
    action, sent = form_of(client, **params)
    return client.post(action, data={**sent, **changes, "do": do})


def corrections(home):
    with Library(home / "library.db") as library:
        return {c.field: c.value for c in library.corrections(ONE.report_id)}


def test_only_what_was_changed_is_corrected_and_the_index_follows(client, home):
    answer = send(client, {"year": "2012年度", "region": "山东省", "why": "见公章", "by": "李某"}, q="公开", lang="en")
    assert answer.status_code == 303
    assert corrections(home) == {"year": "2012", "region": "370000"}
    back = urlsplit(answer.headers["Location"])
    assert (back.path, back.fragment) == (PATH, "correct")
    page = get(client, f"{back.path}?{back.query}")
    assert "Saved, and the index has followed" in text_of(page.select_one(".correct [role=status]"))
    assert "2012" in text_of(page.select_one(".facts-table"))
    assert "as read: 山东省青岛市" in text_of(page.select_one(".facts-table"))
    rows = [text_of(row) for row in page.select(".correct-history tbody tr")]
    assert any("Report year" in row and "empty → 2012" in row and "李某" in row and "见公章" in row for row in rows)
    assert page.select_one(".correct .badge").get_text() == "2"
    assert page.select_one(".back a")["href"] == "/search?q=%E5%85%AC%E5%BC%80&lang=en", "the way back is kept"
    # What searches see is the corrected value.
    assert ONE.report_id in str(get(client, "/search", year="2012").select(".hit a"))


def test_undoing_brings_the_parsed_value_back_and_stays_on_record(client, home):
    send(client, {"year": "2012"})
    button = get(client, PATH).select_one('.correct-history button[value^="undo-"]')
    assert button["aria-label"].startswith("撤销报告年度的更正 #")
    assert send(client, {"by": "王某"}, button["value"]).status_code == 303
    assert corrections(home) == {}
    page = get(client, PATH)
    assert "2012" not in text_of(page.select_one(".facts-table"))
    assert "王某 已于" in text_of(page.select_one(".correct-history"))
    assert page.select(".correct-history button") == []
    assert page.select_one(".correct .badge") is None


def test_a_later_correction_replaces_an_earlier_one_which_undoing_brings_back(client, home):
    send(client, {"agency": "甲局"})
    send(client, {"agency": "乙局"})
    page = get(client, PATH)
    first, second = page.select(".correct-history tbody tr")
    assert "乙局" in first.get_text()
    assert "已被后来的更正取代" in second.get_text()
    send(client, {}, first.button["value"])
    assert corrections(home) == {"agency": "甲局"}


def test_a_field_can_be_emptied_but_not_the_title(client, home):
    assert send(client, {"agency": ""}).status_code == 303
    assert corrections(home) == {"agency": ""}
    assert send(client, {"title": " "}).status_code == 400
    assert corrections(home) == {"agency": ""}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"year": "前年", "agency": "甲局"}, "报告年度不能更正为 前年"),
        ({"published_on": "2011-13-45"}, "发布日期不能更正为"),
        ({"region": "火星"}, "地区不能更正为 火星"),
        ({"same_as": "0123456789abcdef"}, "没有报告 0123456789abcdef"),
        ({"same_as": ONE.report_id}, "不能绕回自身"),
        ({}, "没有改动任何一项"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost_or_half_kept(client, home, changes, said):
    answer = send(client, {**changes, "why": "我写的理由"})
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert said in text
    assert "我写的理由" in text
    assert all(f'value="{value}"' in text for value in changes.values())
    assert corrections(home) == {}


def test_a_copy_is_linked_and_set_free(client, home):
    assert send(client, {"same_as": OTHER.report_id}).status_code == 303
    assert OTHER.report_id in text_of(get(client, PATH).select_one(".facts-table"))
    assert send(client, {"same_as": ""}).status_code == 303
    assert OTHER.report_id not in text_of(get(client, PATH).select_one(".facts-table"))


def test_a_window_left_open_doesn_t_take_back_what_another_one_corrected(client, home):
    action, old = form_of(client)
    send(client, {"agency": "甲局"})
    client.post(action, data={**old, "year": "2012", "do": "save"})
    assert corrections(home) == {"agency": "甲局", "year": "2012"}


def test_a_form_from_elsewhere_changes_nothing_and_one_of_an_earlier_run_is_not_lost(client, home):
    action, sent = form_of(client)
    for token in ("", "wrong", "é"):
        answer = client.post(action, data={**sent, "agency": "甲局", "do": "save", "token": token})
        assert answer.status_code == 403
        assert 'value="甲局"' in answer.get_data(as_text=True)
    assert corrections(home) == {}
    # A correction of another report isn't undone from this one's page.
    with Library(home / "library.db") as library, library.transaction():
        number = library.correct(OTHER.report_id, "year", "2010", by="x", at="2026-01-01T00:00:00+00:00", why="")
    assert send(client, {}, f"undo-{number}").status_code == 400
    assert send(client, {}, "undo-x").status_code == 400
    assert client.post("/report/0123456789abcdef/correct", data=sent).status_code == 404


def test_the_page_says_that_the_index_lags_and_can_bring_it_up_to_date(client, home):
    with Library(home / "library.db") as library, library.transaction():
        library.correct(ONE.report_id, "year", "2012", by="x", at="2026-01-01T00:00:00+00:00", why="")
    page = get(client, PATH, lang="en")
    note = page.select_one(".correct [role=status]")
    assert "the index hasn't followed" in note.get_text()
    assert f"chadang --home {home} index" in note.get_text()
    assert page.select_one("#correct").has_attr("open")
    assert send(client, {}, note.button["value"]).status_code == 303
    assert "2012" in text_of(get(client, PATH).select_one(".facts-table"))
    assert get(client, PATH).select_one(".correct [role=status]") is None


def test_a_failed_update_says_why(client, home, monkeypatch):
    def refuse(home, **options):
        raise LibraryError(zh="索引正被占用", en="busy")

    monkeypatch.setattr(building, "update", refuse)
    send(client, {"year": "2012"})
    assert "索引正被占用" in text_of(get(client, PATH).select_one(".correct [role=status]"))

    def break_(home, **options):
        raise RuntimeError("boom")

    monkeypatch.setattr(building, "update", break_)
    send(client, {"year": "2013"})
    said = text_of(get(client, PATH).select_one(".correct [role=status]"))
    assert "详情见运行窗口的记录" in said
    assert "boom" not in said


def test_updates_asked_for_meanwhile_are_one_more_after_it(home, monkeypatch):
    go, runs = threading.Event(), []

    def update(home, **options):
        runs.append(options["engine"])
        assert go.wait(10)

    monkeypatch.setattr(building, "update", update)
    updater = IndexUpdater(home)
    for _ in range(5):
        updater.start()
    assert updater.running
    updater.wait(0.01)
    go.set()
    updater.wait(10)
    assert not updater.running
    assert 1 <= len(runs) <= 2
    assert set(runs) == {"auto"}, "the engine that was asked for stays"


def test_without_a_library_the_report_is_still_read(client, home):
    (home / "library.db").unlink()
    for rest in home.glob("library.db-*"):
        rest.unlink()
    page = get(client, PATH)
    assert page.select(".correct-form") == []
    assert "不能更正" in page.select_one("#correct").get_text()
    assert not (home / "library.db").exists(), "looking makes no library"
    (home / "library.db").write_bytes(b"no database at all" * 100)
    assert "无法打开资料库" in get(client, PATH).select_one("#correct").get_text()


def test_a_busy_library_says_so_and_keeps_what_was_typed(client, home, monkeypatch):
    def busy(*_, **__):
        raise LibraryError(zh="资料库正被另一个导入占用；请等它结束后再试", en="busy")

    monkeypatch.setattr("webui.routes_report.correct_all", busy)
    answer = send(client, {"agency": "甲局"})
    assert answer.status_code == 503
    assert "资料库正被另一个导入占用" in answer.get_data(as_text=True)
    assert 'value="甲局"' in answer.get_data(as_text=True)


def test_a_form_that_is_too_long_is_said_and_saves_nothing(client, home):
    answer = send(client, {"why": "长" * 30_000})
    assert answer.status_code == 413
    assert "发送的内容太长" in answer.get_data(as_text=True)
    assert corrections(home) == {}


@pytest.mark.parametrize("number", ["9" * 5_000, "²", "7", ""])
def test_a_correction_that_is_not_there_is_not_undone(client, number):
    assert send(client, {}, f"undo-{number}").status_code == 400
