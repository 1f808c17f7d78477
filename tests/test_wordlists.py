"""Word lists: kept beside the library, and read in queries as any of their phrases."""

from __future__ import annotations

import pytest
from engine_contract import brute_searcher
from fixed_library import FIXED
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import QueryRejected, WordListError
from indexer.fields import note_words
from indexer.parser import parse, quote, read_as
from indexer.query import And, Exact, Not, Or, Term
from indexer.results import Limits, SearchRequest
from indexer.wordlists import MOST_PHRASES, WordLists

LISTS = {"救济": ("行政复议", "行政诉讼"), "one": ("公开",)}


def lists(name):
    return LISTS.get(name, ())


def test_lists_are_made_added_to_and_removed(tmp_path):
    kept = WordLists(tmp_path)
    assert kept.all() == []
    assert not list(tmp_path.iterdir())  # looking makes no file
    kept.add("救济", ["行政复议", " 行政诉讼 ", "", "行政復議"])
    assert kept.phrases("救济") == ("行政复议", "行政诉讼")
    kept.add("救济", ["信访"])
    assert WordLists(tmp_path).phrases("救济") == ("行政复议", "行政诉讼", "信访")
    kept.put("救济", ["信访", "复议"])
    kept.remove("救济", ["复议"])
    assert kept.phrases("救济") == ("信访",)
    kept.remove("救济", ["信访"])
    assert kept.named("救济") is None


def test_a_name_is_found_whatever_its_case_and_width(tmp_path):
    kept = WordLists(tmp_path)
    kept.put("Fees", ["收费"])
    assert kept.phrases("ＦＥＥＳ") == ("收费",)
    kept.add("fees", ["减免"])
    assert [each.name for each in kept.all()] == ["Fees"]


@pytest.mark.parametrize(
    ("name", "phrases"),
    [("", ["a"]), ("a b", ["a"]), ("@x", ["a"]), ("x" * 41, ["a"]), ("x", []), ("x", [" "]), ("x", ["长" * 201]),
     ("x", [str(n) for n in range(MOST_PHRASES + 1)])],
)  # fmt: skip
def test_what_is_no_list_is_refused_and_nothing_changes(tmp_path, name, phrases):
    kept = WordLists(tmp_path)
    kept.put("x", ["原来"])
    with pytest.raises(WordListError):
        kept.put(name, phrases)
    assert [(each.name, each.phrases) for each in kept.all()] == [("x", ("原来",))]


def test_removing_what_isnt_there_says_so_and_changes_nothing(tmp_path):
    kept = WordLists(tmp_path)
    kept.put("x", ["甲", "乙"])
    with pytest.raises(WordListError, match="丙"):
        kept.remove("x", ["甲", "丙"])
    with pytest.raises(WordListError, match="nowhere"):
        kept.remove("nowhere")
    assert kept.phrases("x") == ("甲", "乙")


def test_a_list_in_a_query_is_any_of_its_phrases():
    either = Or((Exact("行政复议"), Exact("行政诉讼")))
    assert parse("@救济", lists=lists).query == either
    assert parse("＠救济 -@one", lists=lists).query == And((either, Not(Exact("公开"))))
    assert read_as(parse("青岛 @救济", lists=lists).query) == '青岛 AND ("行政复议" OR "行政诉讼")'
    assert parse("标题:@one", lists=lists).query == Exact("公开", "title")
    assert parse('"@救济"', lists=lists).query == Exact("@救济")


def test_an_unknown_list_is_text_with_a_note_that_says_what_to_do():
    parsed = parse("@没有", lists=lists)
    assert parsed.query == Term("@没有")
    (note,) = parsed.notes
    zh, en = note_words(note)
    assert "没有名为“没有”的词表" in zh
    assert "chadang wordlist list" in en
    assert parse("a@b.cn", lists=lists).notes == ()
    assert parse("@没有").notes == ()


def test_phrases_of_lists_have_a_limit_of_their_own():
    many = tuple(f"短语{n}" for n in range(300))
    assert len(parse("@x", lists=lambda _: many).query.children) == 300
    with pytest.raises(QueryRejected, match="600"):
        parse("@x @y", lists=lambda _: many)
    with pytest.raises(QueryRejected, match="65"):
        parse(" ".join(["@x"] * 65), Limits(list_phrases=10_000), lambda _: many[:2])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6)))
def test_whatever_is_kept_expands_to_quotes_that_read_back(tmp_path_factory, phrases):
    kept = WordLists(tmp_path_factory.mktemp("lists"))
    try:
        kept.put("x", phrases)
    except WordListError:
        return
    query = parse("@x", lists=kept.phrases).query
    written = " OR ".join(quote(phrase) for phrase in kept.phrases("x"))
    assert parse(written).query == query
    assert parse(read_as(query)).query == query


def test_a_search_finds_what_the_phrases_find():
    searcher = brute_searcher(FIXED)
    searcher._lists = lists
    wanted = searcher.search(SearchRequest(query='"行政复议" OR "行政诉讼"'))
    found = searcher.search(SearchRequest(query="@救济"))
    assert [hit.section_id for hit in found.hits] == [hit.section_id for hit in wanted.hits]
    assert found.sections > 0
