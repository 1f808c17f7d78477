"""Ranking held to judgements: keywords over the samples, graded by hand; and the script that measures collections."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from samples import ROOT, SAMPLES

from corpus.model import Report
from corpus.parsing import parse
from indexer.building import build
from indexer.engines import ENGINES
from indexer.errors import EngineUnavailable
from indexer.results import SearchRequest
from indexer.service import Searcher, open_searcher

SCRIPTS = ROOT / "scripts"
#: Measured .971; a change of ranking that falls below this made something worse.
FLOOR = 0.94
Qrels = dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    paths = (path for path in sorted(SAMPLES.iterdir()) if path.suffix in (".txt", ".html"))
    return [parse(path.read_bytes(), path.name, path.name) for path in paths]


@pytest.fixture(scope="module")
def searchers(reports: list[Report], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Searcher]:
    found = {}
    for engine in ENGINES:
        if engine == "auto":
            continue
        home = tmp_path_factory.mktemp(engine)
        try:
            build(home, reports, corpus_id="samples", engine=engine)
        except EngineUnavailable:
            continue
        found[engine] = open_searcher(home)
    assert found
    return found


@pytest.fixture(scope="module")
def qrels(reports: list[Report]) -> Qrels:
    """Query -> section -> grade: 2 is about it, 1 says something of it. A table is named [kind]."""
    sections: dict[tuple[str, str], list[str]] = {}
    for name, report in zip(
        sorted(p.name for p in SAMPLES.iterdir() if p.suffix in (".txt", ".html")), reports, strict=True
    ):
        for section in report.sections:
            label = section.heading if section.form == "prose" else f"[{section.kind}]"
            sections.setdefault((name, label), []).append(section.section_id)
    graded: Qrels = {}
    with (ROOT / "tests" / "examples" / "keywords" / "qrels.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            (section_id,) = sections[row["sample"], row["section"]]
            graded.setdefault(row["query"], {})[section_id] = int(row["grade"])
    return graded


def ndcg(searcher: Searcher, qrels: Qrels) -> dict[str, float]:
    measures = pytest.importorskip("ir_measures")
    run = {
        query: {
            hit.section_id: -float(place) for place, hit in enumerate(searcher.search(SearchRequest(query=query)).hits)
        }
        for query in qrels
    }
    values = dict.fromkeys(qrels, 0.0)
    values |= {metric.query_id: metric.value for metric in measures.iter_calc([measures.nDCG @ 10], qrels, run)}
    return values


def test_forty_keyword_queries_find_what_is_about_them_first(searchers: dict[str, Searcher], qrels: Qrels) -> None:
    assert len(qrels) == 40
    for engine, searcher in searchers.items():
        values = ndcg(searcher, qrels)
        mean = sum(values.values()) / len(values)
        worst = sorted(values.items(), key=lambda pair: pair[1])[:5]
        assert mean >= FLOOR, f"{engine}: {mean:.4f}; worst: {worst}"


def test_engines_rank_alike(searchers: dict[str, Searcher], qrels: Qrels) -> None:
    means = {engine: sum(ndcg(searcher, qrels).values()) / len(qrels) for engine, searcher in searchers.items()}
    for a, b in combinations(means.values(), 2):
        assert abs(a - b) <= 0.01, means


def test_the_title_of_each_sample_finds_it_first(searchers: dict[str, Searcher], reports: list[Report]) -> None:
    for engine, searcher in searchers.items():
        wrong = [
            report.title
            for report in reports
            if searcher.search(SearchRequest(query=report.title)).hits[0].report_id != report.report_id
        ]
        assert not wrong, f"{engine}: {wrong}"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    documents = [
        {"id": "d1", "title": "供水条例", "heading": "第一章", "text": "城市供水的水价由市人民政府核定。"},
        {"id": "d2", "title": "供水条例", "heading": "第二章", "text": "用水单位应当节约用水。"},
        {
            "id": "d3",
            "title": "燃气管理办法",
            "heading": "",
            "text": "燃气用户应当定期检查燃气设施。\n燃气价格听证后公布。",
        },
        {"id": "d4", "title": "", "heading": "", "text": "无标题的一段文字。"},
    ]
    lines = "\n".join(json.dumps(document, ensure_ascii=False) for document in documents)
    (folder / "corpus.jsonl").write_text(lines, "utf-8")
    queries = [
        {"id": "q1", "text": "水价由谁核定？"},
        {"id": "q2", "text": "燃气设施要检查吗"},
        {"id": "q3", "text": "没有评分"},
    ]
    (folder / "queries.jsonl").write_text("\n".join(json.dumps(query) for query in queries), "utf-8")
    (folder / "qrels.tsv").write_text("query\tdocument\tgrade\nq1\td1\t2\nq2\td3\t1\n", "utf-8")
    return folder


def relevance(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPTS / "relevance.py", *arguments], capture_output=True, encoding="utf-8", check=False
    )


def test_the_script_measures_a_collection_and_compares_its_runs(collection: Path, tmp_path: Path) -> None:
    pytest.importorskip("ir_measures")
    done = relevance(collection, "--engine", "whoosh", "--baseline", "--runs", tmp_path / "runs")
    assert done.returncode == 0, done.stderr
    assert "4 documents, 2 queries" in done.stdout
    assert "whoosh: 5 sections of 3 reports" in done.stdout  # the title of the report of two documents
    assert "| whoosh | 1.0000 | 1.0000 | 1.0000 | 2/2 (100.0%) |" in done.stdout
    assert "| BM25 over words |" in done.stdout
    assert "p = " in done.stdout
    written = tmp_path / "runs" / "small-whoosh.run"
    assert written.read_text("utf-8").startswith("q1 Q0 d1 1 ")
    again = relevance(collection, "--compare", written, tmp_path / "runs" / "small-plain-Whoosh.run")
    assert again.returncode == 0, again.stderr
    assert "| small-whoosh | 1.0000 | 1.0000 | 1.0000 |" in again.stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("corpus.jsonl", '{"id": "d1"}\n{oops', "corpus.jsonl, line 2: not JSON"),
        ("queries.jsonl", '{"id": "q1"}', "queries.jsonl, line 1: no field 'text'"),
        ("qrels.tsv", "q1\td1\t1\nq1\td2\thigh\n", "qrels.tsv, line 2"),
        ("qrels.tsv", "q1\tnowhere\t1\n", "nowhere"),
    ],
)
def test_a_damaged_collection_ends_in_a_message(collection: Path, name: str, text: str, said: str) -> None:
    (collection / name).write_text(text, "utf-8")
    done = relevance(collection)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
