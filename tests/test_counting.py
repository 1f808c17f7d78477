"""Marks counted without folding are the marks; characters of sections are those of their texts, on every engine."""

from __future__ import annotations

import pytest
import strategies
from bruteforce import seen_texts
from engine_contract import PATIENT, brute_searcher
from hypothesis import given, settings
from hypothesis import strategies as st
from test_trend import ENGINES

from corpus.rows import row_shown, section_row
from indexer.building import build
from indexer.counting import counting, spanning
from indexer.highlight import Highlighter
from indexer.occurrences import characters, units
from indexer.query import Or, Phrase
from indexer.results import FACETS, SearchRequest
from indexer.service import open_searcher

# Characters with other forms, blanks of all sorts, what folds to none or to several, and what is no Han.
TEXT = st.text(alphabet="公开開信息⼀一 \u3000\n\u200b\x00\x1f，,aßＡ5〇○\ue000", max_size=12)
HAN = st.text(alphabet="公开信息一〇", min_size=1, max_size=4)


@settings(max_examples=400)
@given(
    st.lists(TEXT, max_size=4), st.lists(HAN | st.sampled_from(["a", "ss", "5", "，公", "公,"]), min_size=1, max_size=3)
)
def test_what_is_counted_is_what_is_marked(texts, phrases):
    plan = Or(tuple(Phrase(phrase) for phrase in phrases)) if len(phrases) > 1 else Phrase(phrases[0])
    highlighter = Highlighter(plan)
    assert counting(highlighter)(texts) == sum(len(highlighter.spans(text)) for text in texts)
    for text in texts:
        assert tuple(spanning(highlighter)(text)) == highlighter.spans(text)


@pytest.mark.parametrize(
    ("phrases", "text", "count"),
    [
        (["公开"], "公开，公 开；公\u3000開公\u200b开", 4),
        (["公公"], "公公公", 1),  # overlapping marks are one
        (["公开信", "信息"], "公开信息", 1),
        (["公开", "信息公开"], "信息公开公开", 2),
        (["公开"], "公a开", 0),
    ],
)
def test_marks_that_touch_or_overlap(phrases, text, count):
    plan = Or(tuple(map(Phrase, phrases))) if len(phrases) > 1 else Phrase(phrases[0])
    assert counting(Highlighter(plan))([text]) == count


def test_a_phrase_does_not_reach_from_one_text_into_the_next():
    assert counting(Highlighter(Phrase("公开")))(["信息公", "开门", "公开"]) == 1


@given(strategies.libraries())
def test_rows_show_what_their_sections_show(library):
    for section in (section for report in library for section in report.sections):
        assert row_shown(section_row(section)) == [unit.text for unit in units(section)] == seen_texts(section)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_characters_are_those_of_the_sections_found(tmp_path_factory, engine, data):
    library = data.draw(strategies.libraries())
    home = tmp_path_factory.mktemp("characters")
    build(home, library, corpus_id="test", engine=engine)
    searcher, brute = open_searcher(home, PATIENT), brute_searcher(library)
    filters = data.draw(strategies.filters())
    for query in ("", data.draw(strategies.quoted(library))):
        copies = data.draw(st.sampled_from(["once", "all"]))
        request = SearchRequest(query, match="exact", filters=filters, copies=copies)
        for field in FACETS:
            wanted = {value: size for value, size in brute.characters(request, field).items() if size}
            assert {value: size for value, size in searcher.characters(request, field).items() if size} == wanted
    searcher.close()


def test_characters_follow_what_an_update_adds_and_takes_away(tmp_path):
    """Sections of reports that went stay in the files of the columns; they must count no more."""
    from corpus.library import Library
    from corpus.loader import load
    from indexer import building

    (tmp_path / "in").mkdir()
    for number in range(8):
        (tmp_path / "in" / f"{number}.txt").write_text(
            f"青岛市第{number}局2010年度报告\n一、概述\n公开{'好' * number}。\n", "utf-8"
        )
    sums = []
    for engine in ENGINES:
        home = tmp_path / engine
        with Library(home / "library.db") as library:
            load(library, [tmp_path / "in"])
        building.update(home, engine=engine)
        with Library(home / "library.db") as library:
            (tmp_path / "in" / "3.txt").write_text("青岛市第3局2010年度报告\n一、概述\n改了。\n", "utf-8")
            load(library, [tmp_path / "in"])
        building.update(home, engine=engine)
        searcher = open_searcher(home, PATIENT)
        request = SearchRequest(match="exact", copies="all")
        fast = searcher.characters(request, "form")
        slow = sum(characters(section) for _, section in searcher.everything(request))
        assert sum(fast.values()) == slow
        sums.append(fast)
        searcher.close()
        (tmp_path / "in" / "3.txt").write_text("青岛市第3局2010年度报告\n一、概述\n公开好好好。\n", "utf-8")
    assert sums[0] == sums[-1]
