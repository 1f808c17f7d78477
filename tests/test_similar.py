"""Similar wording: what was changed is found again, in long texts too, and similarity is what the docs define."""

from __future__ import annotations

import json
import random
import time

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel
from strategies import Part, build_report
from wordedreports import put

from chadang import main
from corpus.folding import fold
from indexer.building import build, update
from indexer.errors import QueryRejected
from indexer.results import Filter
from indexer.service import open_searcher
from indexer.similar import LONGEST, pieces_of, similar
from indexer.windows import refined

WORDS = [chr(0x4E00 + n * 7) for n in range(900)]
ENGINES = ["whoosh", "tantivy"]


def passage(seed, length=100):
    chance = random.Random(seed)
    text = "".join(chance.choices(WORDS, k=length - length // 25))
    return "".join(text[n : n + 24] + "。" for n in range(0, len(text), 24))


def changed(text, share, seed=1):
    chance = random.Random(seed)
    chars = list(text)
    for place in chance.sample(range(len(chars)), round(len(chars) * share)):
        chars[place] = chance.choice([chance.choice(WORDS), ""])
    return "".join(chars)


SOURCES = [passage(n) for n in range(20)]
LONG = [passage(n, 2_400) for n in (100, 101)]


def library():
    for n, text in enumerate(SOURCES):
        yield build_report(
            f"r{n}",
            f"甲{n}年度报告",
            [
                Part("", ("前言。",), 0, "preface"),
                Part("一、概述", (passage(f"{n}a"), text, passage(f"{n}b")), 1, "overview"),
                Part("二、问题", ("存在的主要问题是公开不够及时。", passage(f"{n}c")), 1, "problems"),
            ],
            year=2010 + n % 5,
            agency=f"甲{n}局",
        )
    for n, text in enumerate(LONG):
        lines = tuple(text[at : at + 300] for at in range(0, len(text), 300))
        yield build_report(f"long{n}", f"乙{n}报告", [Part("", (), 0), Part("一、工作", lines, 1)], year=2020)
    spaced = " ".join(passage("spaced"))
    yield build_report(
        "spaced", "丙报告", [Part("", (), 0), Part("一、空格", (passage("x", 900), spaced), 1)], year=2021
    )


@pytest.fixture(scope="module", params=ENGINES)
def home(request, tmp_path_factory):
    if request.param == "tantivy":
        pytest.importorskip("tantivy", reason="tantivy has no wheel for this machine; Whoosh serves there")
    made = tmp_path_factory.mktemp(request.param)
    build(made, list(library()), corpus_id="test", engine=request.param)
    return made


@pytest.fixture(scope="module")
def searcher(home):
    with_home = open_searcher(home)
    yield with_home
    with_home.close()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.2, 0.3])
def test_a_changed_passage_finds_its_source_first(searcher, share):
    for n, text in enumerate(SOURCES):
        found = similar(searcher, changed(text, share)).passages
        assert found[0].report.title == f"甲{n}年度报告"
        assert found[0].similarity >= 100 * (1 - 1.5 * share)


def test_the_text_itself_is_wholly_similar_and_its_passage_is_it(searcher):
    found = similar(searcher, SOURCES[3]).passages[0]
    assert (found.similarity, found.text) == (100.0, SOURCES[3])
    assert found.section.block_text(next(b for b in found.section.blocks if b.block_id == found.block_id)) == SOURCES[3]


def test_similarity_is_that_of_the_passage_shown_and_the_part_asked(searcher):
    asked = changed(SOURCES[5], 0.15)
    for found in similar(searcher, asked, least=10).passages:
        part = asked[slice(*found.part)]
        assert found.section.text[slice(*found.span)] == found.text
        assert found.similarity == round(100 * Indel.normalized_similarity(fold(part), fold(found.text)), 1)
        assert "".join(p.text for p in found.pieces if p.form != "insert") == part
        assert "".join(p.text for p in found.pieces if p.form != "delete") == found.text


def test_a_sentence_of_ten_characters_is_found_within_its_sentence(searcher):
    found = similar(searcher, "主要问题是公开不够及时").passages
    assert len(found) == 20
    assert {each.text for each in found} == {"主要问题是公开不够及时"}
    assert found[0].before.endswith("存在的")
    assert found[0].after == "。"


def test_a_long_text_is_found_as_one_passage(searcher):
    found = similar(searcher, changed(LONG[0], 0.1)).passages
    assert found[0].report.title == "乙0报告"
    assert found[0].similarity > 85
    assert len(found[0].text) > 0.95 * len(LONG[0])


def test_a_text_of_which_parts_are_copied_shows_which(searcher):
    draft = passage("new", 700) + "\n" + SOURCES[7] + SOURCES[8] + "\n" + passage("newer", 700)
    found = similar(searcher, draft, size=2).passages
    assert {each.report.title for each in found} == {"甲7年度报告", "甲8年度报告"}
    for each in found:
        assert SOURCES[7 if "7" in each.report.title else 8][5:-5] in draft[slice(*each.part)]


def test_filters_choose_and_the_own_report_can_be_left_out(searcher):
    assert similar(searcher, SOURCES[3], filters=(Filter("year", ("2014",)),)).passages == ()
    assert len(similar(searcher, SOURCES[3], filters=(Filter("year", ("2013",)),)).passages) == 1
    assert similar(searcher, SOURCES[3], filters=(Filter("kind", ("problems",)),)).passages == ()
    own = similar(searcher, SOURCES[3]).passages[0].report.report_id
    assert similar(searcher, SOURCES[3], without=own).passages == ()


def test_blanks_between_the_characters_hide_nothing(searcher):
    found = similar(searcher, passage("spaced")).passages
    assert found[0].report.title == "丙报告"
    assert found[0].similarity == 100.0


def test_text_beyond_the_limit_is_said_to_be_cut(searcher):
    assert similar(searcher, "公" * (LONGEST + 1)).cut
    assert not similar(searcher, "公" * LONGEST).cut


@pytest.mark.parametrize("text", ["", " \n", "。。。", "\x00"])
def test_a_text_without_words_is_refused(searcher, text):
    with pytest.raises(QueryRejected):
        similar(searcher, text)


@pytest.mark.parametrize(
    "text",
    [
        "公" * 5000,
        "公开" * 2500,
        "a" * 5000,
        "a b " * 1250,
        "\ud800公开",
        "。公" * 2500,
        "|" * 4000 + "公开",
        "\n公" * 2500,
    ],
)
def test_hostile_texts_end_soon(searcher, text):
    start = time.process_time()
    similar(searcher, text)
    assert time.process_time() - start < 20


@given(st.text(alphabet="公开甲乙。; \n", max_size=1200))
def test_pieces_hold_all_of_a_text_in_order(text):
    pieces = pieces_of(text)
    assert "".join(text[slice(*piece)] for piece in pieces) == text
    assert all(end - start <= 400 for start, end in pieces)


@given(st.text(alphabet="公开甲乙丙。", min_size=1, max_size=30), st.text(alphabet="公开甲乙丁。", max_size=60))
def test_a_window_is_no_less_similar_than_the_whole_text_by_much(asked, text):
    window = refined(asked, text)
    whole = Indel.normalized_similarity(asked, text) * 100
    if window is None:
        assert whole == 0
    else:
        assert 0 <= window.span[0] < window.span[1] <= len(text)
        assert window.similarity >= whole - 25  # a clause is never cut for a little more


@pytest.mark.parametrize("engine", ENGINES)
def test_what_stands_in_every_section_is_found_when_some_went(tmp_path, engine):
    if engine == "tantivy":
        pytest.importorskip("tantivy", reason="tantivy has no wheel for this machine; Whoosh serves there")
    every = [build_report(f"r{n}", f"题{n}", [Part("", ("政府信息公开。" + "甲" * n,), 0)]) for n in range(12)]
    put(tmp_path, every)
    update(tmp_path, engine=engine)
    for gone in every[:3]:
        put(tmp_path, (), gone.report_id)
    update(tmp_path, engine=engine)
    opened = open_searcher(tmp_path)
    assert len(similar(opened, "政府信息公开。").passages) == 9
    opened.close()


def run(home, *arguments, stdin=None):
    return CliRunner().invoke(main, ["--home", str(home), "similar", *arguments], input=stdin)


def test_the_command_prints_json_as_the_issue_fixes_it(home, tmp_path):
    file = tmp_path / "文.txt"
    file.write_text(SOURCES[2], "utf-8")
    for given_ in ((SOURCES[2],), ("--file", str(file)), ("-",)):
        done = run(home, *given_, "--json", "--size", "3", stdin=SOURCES[2])
        printed = json.loads(done.stdout)
        assert list(printed) == ["passages"]
        assert set(printed["passages"][0]) == {"report_id", "section_id", "text", "similarity"}
        assert printed["passages"][0]["text"] == SOURCES[2]
        assert printed["passages"][0]["similarity"] == 100.0


def test_the_command_marks_differences_and_says_what_is_wrong(home):
    text = SOURCES[2].replace(SOURCES[2][50:54], "啊啊啊")
    assert "[-啊啊啊-]{+" in run(home, text).stdout
    assert run(home).exit_code == 2
    assert run(home, "a", "--file", "b").exit_code == 2
    assert run(home, "。。").exit_code == 1
    assert "--least" in run(home, "完全没有的话语在此处").stdout
    assert run(home, "--filter", "年=1", "公开").exit_code == 2


def test_a_passage_that_begins_with_the_words_of_its_heading_keeps_its_beginning():
    asked = "存在的主要问题:一是公开内容不够全面,更新不够及时;二是政策解读形式单一。"
    other = asked.replace("更新不够及时", "回应关切不够")
    heading = "五、存在的主要问题及改进情况\n"
    window = refined(asked, heading + other)
    assert (heading + other)[slice(*window.span)] == other
