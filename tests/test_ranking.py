"""The order of hits: BM25 over words and bigrams, the rarer and the denser first."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from corpus.folding import fold
from corpus.model import Report
from corpus.parsing import parse
from indexer.building import build
from indexer.results import SearchRequest
from indexer.segment import default_segmenter, ranking_tokens
from indexer.service import open_searcher
from indexer.texts import contexts, units

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


@pytest.mark.parametrize("query", ["行政复议", "公开 信息", '"复议一"'])
def test_scores_are_those_of_bm25(tmp_path: Path, query: str) -> None:
    reports = [
        report("甲", "行政复议一件，公开信息两条。" + FILLER),
        report("乙", "行政复议一件。行政复议一件。公开信息三条。"),
        report("丙", FILLER),
    ]
    segmenter = default_segmenter()
    documents = {}
    for one in reports:
        for section in one.sections:
            text = "\n".join(fold(unit) for unit in (*units(section), *contexts(one, section)))
            documents[section.section_id] = list(ranking_tokens(text, segmenter))
    average = sum(map(len, documents.values())) / len(documents)
    tokens = {t for piece in query.replace('"', "").split() for t in ranking_tokens(fold(piece), segmenter)}

    def score(document: list[str]) -> float:
        total = 0.0
        for token in tokens:
            having = sum(token in other for other in documents.values())
            often = document.count(token)
            idf = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
            total += idf * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(document) / average))
        return total

    build(tmp_path, reports, corpus_id="c")
    searcher = open_searcher(tmp_path)
    hits = searcher.search(SearchRequest(query=query)).hits
    assert hits
    for hit in hits:
        assert hit.score == pytest.approx(score(documents[hit.section_id]), abs=1e-5)
