"""The order of hits: BM25 over characters and pairs of them, question words left out, and the bonus of titles."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.folding import fold
from corpus.model import Report
from corpus.parsing import parse
from indexer.building import build
from indexer.parser import parse as parse_query
from indexer.ranking import (
    ALWAYS_KEPT,
    MOST_TITLES,
    MOST_TOKENS,
    best_titles,
    character_text,
    characters_of,
    decisive,
    pairs_of,
    ranking_of,
    scored_in,
    title_tokens,
    title_worth,
)
from indexer.results import Limits, SearchRequest
from indexer.segment import default_segmenter, words_of
from indexer.service import open_searcher
from indexer.texts import contexts, units
from indexer.titles import Titles

FILLER = "本局按照要求做好各项工作并及时更新网站栏目内容。"


def report(name: str, text: str) -> Report:
    return parse(f"{name}报告汇编\n一、情况\n{text}".encode(), f"{name}.txt", name)


def ranked(home: Path, reports: list[Report], query: str) -> list[tuple[str, float]]:
    build(home, reports, corpus_id="c")
    searcher = open_searcher(home)
    hits = searcher.search(SearchRequest(query=query, size=100)).hits
    searcher.close()
    return [(hit.title[:1], hit.score) for hit in hits]


def test_the_section_that_speaks_most_of_it_comes_first(tmp_path: Path) -> None:
    reports = [
        report("甲", FILLER * 3 + "行政复议一件。" + FILLER * 3),
        report("乙", "行政复议制度。行政复议申请。行政复议答复。"),
        report("丙", FILLER * 9 + "行政复议一件。" + FILLER * 9),
    ]
    assert [name for name, _ in ranked(tmp_path, reports, "行政复议")] == ["乙", "甲", "丙"]


def test_a_rare_word_weighs_more_than_a_common_one(tmp_path: Path) -> None:
    reports = [report(name, "公开信息。" + FILLER) for name in "甲乙丙丁"]
    reports += [report("戊", "听证会。" + FILLER), report("己", "公开信息。公开信息。" + FILLER)]
    assert ranked(tmp_path, reports, "公开 OR 听证")[0][0] == "戊"


def test_titles_and_headings_help_their_sections(tmp_path: Path) -> None:
    reports = [report("甲", "公开信息。" + FILLER), report("乙", "公开信息。" + FILLER)]
    assert ranked(tmp_path, reports, "公开 乙报告汇编")[0][0] == "乙"


def fields_of(own: str, around: str) -> dict[str, list[str]]:
    """The tokens of a folded section, by field that ranks."""
    words = [word.text for word in words_of(f"{own}\n{around}", default_segmenter())]
    characters = list(characters_of(f"{own}\n{around}"))
    return {"pairs": list(pairs_of(own)), "context": list(pairs_of(around)), "characters": characters, "words": words}


@pytest.mark.parametrize("query", ["行政复议", "公开 信息", '"复议一"'])
def test_scores_are_those_of_bm25(tmp_path: Path, query: str) -> None:
    reports = [
        report("甲", "行政复议一件，公开信息两条。" + FILLER),
        report("乙", "行政复议一件。行政复议一件。公开信息三条。"),
        report("丙", FILLER),
    ]
    documents = {
        section.section_id: fields_of(
            *("\n".join(map(fold, texts)) for texts in (units(section), contexts(one, section.headings_above)))
        )
        for one in reports
        for section in one.sections
    }
    tokens = ranking(query)
    assert 2 <= len(tokens) <= ALWAYS_KEPT

    def score(document: dict[str, list[str]]) -> float:
        total = 0.0
        for token, weight in tokens.items():
            for field, boost in ranking_of(parse_query(query, Limits()).query, default_segmenter()).fields_of(token):
                having = sum(token in other[field] for other in documents.values())
                often, length = document[field].count(token), len(document[field])
                average = sum(len(other[field]) for other in documents.values()) / len(documents)
                idf = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
                total += weight * boost * idf * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length / average))
        return total

    build(tmp_path, reports, corpus_id="c")
    searcher = open_searcher(tmp_path)
    hits = searcher.search(SearchRequest(query=query)).hits
    assert hits
    for hit in hits:
        assert hit.score == pytest.approx(score(documents[hit.section_id]), abs=1e-5)


@pytest.mark.parametrize("query", ["行政复议", "公开 信息", "复议 OR 诉讼", "乙报告汇编", "如何申请公开"])
def test_engines_agree_on_the_scores(tmp_path: Path, query: str) -> None:
    pytest.importorskip("tantivy")
    reports = [
        report(name, f"{FILLER * n}行政复议{n}件，公开信息。申请。{'诉讼。' * n}") for n, name in enumerate("甲乙丙丁")
    ]
    scores = []
    for engine in ("whoosh", "tantivy"):
        build(tmp_path / engine, reports, corpus_id="c", engine=engine)
        searcher = open_searcher(tmp_path / engine)
        scores.append({hit.section_id: hit.score for hit in searcher.search(SearchRequest(query=query, size=100)).hits})
        searcher.close()
    assert scores[0].keys() == scores[1].keys()
    for section, score in scores[0].items():  # tantivy keeps a length in one byte, and no words of jieba's
        assert scores[1][section] == pytest.approx(score, rel=0.2, abs=0.01)


def ranking(query: str) -> dict[str, float]:
    return dict(ranking_of(parse_query(query, Limits()).query, default_segmenter()).tokens)


def test_a_text_is_ranked_by_pairs_characters_and_whole_runs_of_others() -> None:
    assert list(pairs_of("信息公, 12a\n开")) == ["信息", "息公"]
    assert list(characters_of("信息公, 12a\n开")) == ["信", "息", "公", "12a", "开"]


@settings(max_examples=60)
@given(st.text(alphabet="公开信息年报12a,。 \n怎么的𠀀ß", max_size=40))
def test_every_token_of_a_query_is_one_of_a_text_that_contains_it(text: str) -> None:
    folded = fold(text)
    fields = fields_of(f"，{folded}，", "")
    for query in (f'"{text}"', text):
        tokens = {token: scored_in(token)[0][0] for token in ranking(query)}
        # A word with rare characters is none of jieba's; it is looked for and found nowhere.
        assert all(token in fields[field] for token, field in tokens.items() if field != "words" or "𠀀" not in token)
    assert character_text(folded) == " ".join(characters_of(folded))


def test_question_words_dont_rank_and_stop_words_rank_less() -> None:
    tokens = ranking("公开的费用是多少？")
    assert not tokens.keys() & {"多", "少", "多少", "是多"}
    assert tokens["费用"] == tokens["公开"] == 1
    assert 0 < tokens["的"] < 1
    assert 0 < tokens["开的"] < tokens["公开"]


def test_pairs_across_words_rank_less_than_pairs_within() -> None:
    tokens = ranking("行政复议费用")
    assert tokens["行政"] == 1 > tokens["议费"] > 0


def test_a_query_of_question_words_alone_is_about_them() -> None:
    assert ranking("如何") == {"如": 1, "何": 1, "如何": 1}


def test_what_is_negated_doesnt_rank_and_pieces_arent_joined() -> None:
    assert ranking("公开 -附表") == ranking("公开")
    assert ranking("公 开").keys() == {"公", "开"}
    assert ranking('"公 开"').keys() == {"公开"}


def test_quoted_text_ranks_by_the_pairs_it_is_asked_by_and_in_the_section_s_own_text() -> None:
    found = ranking_of(parse_query('"信息公开年" 复议', Limits()).query, default_segmenter())
    assert dict(found.tokens) == {"信息": 1, "公开": 1, "开年": 1, "复": 1, "议": 1, "复议": 1}
    assert found.own == {"信息", "公开", "开年"}
    assert found.fields_of("公开") == (("pairs", 1.0),)
    assert [field for field, _ in found.fields_of("复议")] == ["pairs", "context"]


def test_the_rarest_tokens_rank_and_common_ones_only_where_there_are_no_others() -> None:
    common = [(f"c{n:02}", 1.0, 900 + n) for n in range(20)]
    rare = [(f"r{n:02}", 1.0, 5) for n in range(MOST_TOKENS)]
    assert decisive(common, 1_000) == common[:ALWAYS_KEPT]
    assert decisive([*common, *rare], 1_000) == rare
    assert decisive([*rare[:2], *common], 1_000) == [*rare[:2], *common[: ALWAYS_KEPT - 2]]
    assert decisive([("none", 1.0, 0)], 1_000) == []


def test_a_quoted_text_is_ranked_by_its_two_rarest_tokens() -> None:
    ranked = ranking_of(parse_query('"政府信息公开方式" 公开', Limits()).query, default_segmenter())
    assert ranked.quoted == (("政府", "信息", "方式"),)  # the others are asked for without quotes as well
    counted = [("政府", 1.0, 9), ("信息", 1.0, 3), ("方式", 1.0, 5), ("公开", 1.0, 7)]
    assert [token for token, _, _ in decisive(counted, 100, ranked.quoted)] == ["信息", "方式", "公开"]
    assert ranking_of(parse_query('"公开方"', Limits()).query, default_segmenter()).quoted == ()


TITLE = "2010年度青岛市教育局政府信息公开工作报告"


@pytest.mark.parametrize(
    ("query", "title", "worth"),
    [
        (TITLE, TITLE, 1.0),
        (TITLE, "工作报告", 0.15),  # all of a short title is a small part of the query
        (TITLE.replace("2010", "2011"), TITLE, 0.59),  # all but the year
        ("政府信息公开", TITLE, 0.0),  # not three quarters of the title
        ("教育", "教育", 1.0),
        ("教育", "", 0.0),
        ("", TITLE, 0.0),
    ],
)
def test_a_title_is_worth_what_it_and_the_query_share(query: str, title: str, worth: float) -> None:
    assert title_worth(title_tokens(fold(query)), title_tokens(fold(title))) == pytest.approx(worth, abs=0.03)


def test_titles_that_very_many_reports_bear_decide_nothing() -> None:
    many = [(f"m{n}", 0.9) for n in range(MOST_TITLES)]
    assert best_titles([("a", 1.0), ("b", 0.0), *many]) == {"a": 1.0}
    assert best_titles([("a", 1.0), ("b", 0.8)]) == {"a": 1.0, "b": 0.8}


@settings(max_examples=100)
@given(
    st.lists(st.text(alphabet="公开信息年报12a", max_size=9), max_size=12),
    st.text(alphabet="公开信息年报12a", max_size=14),
)
def test_the_titles_found_are_those_that_a_look_at_each_finds(titles: list[str], query: str) -> None:
    named = [(str(number), title) for number, title in enumerate(titles)]
    asked = title_tokens(query)
    wanted = best_titles((name, title_worth(asked, title_tokens(title))) for name, title in named)
    assert Titles(named).worths(query) == wanted


@pytest.mark.parametrize("year", ["2008", "2009", "2010"])
def test_a_title_finds_its_report_first_though_others_cite_it(tmp_path: Path, year: str) -> None:
    title = "{}年青岛市信息公开情况汇编"
    reports = [
        parse(f"{title.format(year)}\n{FILLER * 4}\n一、情况\n{FILLER * 4}".encode(), f"{year}.txt", year)
        for year in ("2008", "2009", "2010")
    ]
    cited = "".join(f"参见{title.format(year)}。" for year in ("2008", "2009", "2010"))
    reports += [report(name, cited) for name in "甲乙丙丁戊己"]
    build(tmp_path, reports, corpus_id="c")
    searcher = open_searcher(tmp_path)
    for query in (title.format(year), f"{year}年 青岛市 信息公开情况汇编"):
        assert searcher.search(SearchRequest(query=query)).hits[0].title == title.format(year)
