"""The bench itself: the same seed gives the same corpus, and a candidate that misses or invents is found out."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(SCRIPTS))

    def load(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield load
    for name in [name for name in sys.modules if name.startswith("_bench")]:
        del sys.modules[name]


def test_a_chunk_is_the_same_whatever_was_made_before(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    planning, reports = script("_bench_plans"), script("_bench_reports")
    for module in (planning, reports):
        monkeypatch.setattr(module, "OFFICES", ["教育局", "人民政府"])
    vocabulary = script("_bench_vocabulary")
    monkeypatch.setattr(vocabulary, "_BANK", 50)
    words = (["公开", "信息", "报告", "机关"], [4.0, 6.0, 7.0, 8.0])
    monkeypatch.setattr(vocabulary, "_lexicon", lambda: dict.fromkeys(vocabulary._CLASSES, words))
    wanted = planning.plans(400, 7)
    stock = {"overview": ["本机关主动公开政府信息12条。"]}
    one = list(reports.Maker(stock).reports("7-1", wanted[17:34]))
    maker = reports.Maker(stock)
    list(maker.reports("7-0", wanted[:17]))
    assert list(maker.reports("7-1", wanted[17:34])) == one
    for report in one:
        assert len({section.section_id for section in report.sections}) == len(report.sections)
        for section in report.sections:
            assert section.text == "\n".join(section.block_text(block) for block in section.blocks)


def test_a_scan_finds_what_stands_in_one_unit(script: Any) -> None:
    correct = script("_bench_correct")
    lines = [
        json.dumps(["s1", 0, "other", ["一、概述", "共收到５件申请"]]),
        json.dumps(["s2", 0, "other", ["申请5件"]]),
    ]
    correct._start([p.encode() for p in ("5件", "述共", "申请", "件申请5")])
    assert correct._scanned(lines) == [(0, ["s1", "s2"]), (2, ["s1", "s2"])]


def test_hits_missed_and_invented_are_counted(script: Any, tmp_path: Path) -> None:
    correct = script("_bench_correct")

    class Careless:
        unit = "section"

        def matching(self, phrases: list[str]) -> list[set[str] | int]:
            return [{"s1", "s9"}, set(), 3]

    found = correct.check(Careless(), ["一", "二", "三"], [{"s1", "s2"}, set(), {"a", "b", "c", "d"}], tmp_path)
    assert (found.hits, found.missed, found.invented, found.wrong, found.counted) == (6, 2, 1, 2, 1)


def test_bigrams_stay_in_their_unit_and_last_characters_stand_alone(script: Any) -> None:
    pytest.importorskip("numpy")
    pytest.importorskip("rjieba")
    line = json.dumps(["s1", 3, "other", ["公开 A b", "信息", ""]])
    ((_, report, _, body, grams, _),) = script("_bench_grams").prepare_lines([line])
    assert (report, body.decode()) == (3, "公开a b\n信息")
    assert grams.split() == [
        "公开",
        "开a",
        "a␠",
        "␠b",
        "b",
        "\x01\x01",
        "\x01\x01",
        "信息",
        "息",
        "\x01\x01",
        "\x01\x01",
    ]


def test_fts5_answers_by_index_and_by_like(script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fts5, protocol = script("_bench_fts5"), script("_bench_protocol")
    monkeypatch.setattr(fts5, "in_order", lambda work, tasks, _: map(work, tasks))
    lines = [
        ["s1", 0, "overview", ["公开政府信息５件"]],
        ["s2", 0, "other", ["政府信息", "公开100%"]],
        ["s3", 1, "other", ["无"]],
    ]
    (tmp_path / "sections.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    metas = [["r0", "甲", "教育", ["370000", "370200"], "2012"], ["r1", "乙", "教育", ["370000"], "2013"]]
    (tmp_path / "reports.jsonl").write_text("".join(json.dumps(meta) + "\n" for meta in metas))
    candidate = fts5.Fts5()
    candidate.build(tmp_path, tmp_path, 1)
    candidate.open(tmp_path, tmp_path)
    answer = candidate.ask(protocol.Question(("政府信息",)))
    assert (answer.sections, answer.reports) == (2, 1)
    assert answer.facets["region"] == {"370000": (2, 1), "370200": (2, 1)}
    assert answer.facets["kind"] == {"overview": (1, 0), "other": (1, 0)}
    assert all(hit.snippet[start:end] == "政府信息" for hit in answer.hits for start, end in hit.marks)
    filtered = candidate.ask(protocol.Question(("政府信息",), region="370200", section_kind="other"))
    assert (filtered.sections, filtered.facets["kind"], len(filtered.hits)) == (1, answer.facets["kind"], 1)
    assert candidate.matching("5件") == {"s1"}
    assert candidate.matching("0%") == {"s2"}


def test_what_was_to_be_reached_is_told_as_met_or_not(script: Any) -> None:
    tables = script("_bench_tables")
    built = {"seconds": 10.0, "cpu_seconds": 1.0, "peak_mb": 100.0, "bytes": 30}
    figures = {
        "corpus": {"sections": 27_000, "text_bytes": 10},
        "builds": {tables.OURS: built, "FTS5 trigram": built | {"seconds": 5.0}},
        "latency": {
            "all exact phrases": {tables.OURS: {"p95": 4.0}, "raw tantivy": {"p95": 2.0}, "FTS5 trigram": {"p95": 20.0}}
        },
        "life": {},
    }
    met = {figure: met for figure, _, _, met in tables.targets(figures)}
    assert met["build against FTS5 trigram"] is False
    assert met["build against plain Whoosh"] is None
    assert met["exact phrase, p95, against FTS5 trigram"] is True
    assert met["the same against raw tantivy"] is True  # twice as long, but only 2 ms more
    assert met["index size against the UTF-8 text"] is False
