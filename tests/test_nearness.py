"""Near over many sections: what is settled by phrases is what reading every section would find."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from strategies import Part, build_report

pytest.importorskip("tantivy", reason="tantivy has no wheel for this machine; Whoosh serves there")

from corpus.folding import fold
from corpus.model import Report
from indexer import nearness
from indexer.building import build
from indexer.results import SearchRequest
from indexer.service import Searcher, open_searcher
from indexer.texts import units

STOCK = ("依法申请公开的答复。", "申请，３日内答复。", "答复申请", "申请", "答复", "申 请人 得到答复")


def made(count: int) -> list[Report]:
    """Reports whose paragraphs have the two parts in stock wording, apart, or on both sides of a paragraph's end."""
    chance = random.Random(7)
    return [
        build_report(
            f"r{number}",
            "报告",
            [Part("一、概述", tuple(chance.choices(STOCK, k=chance.randint(1, 3))), 1, "overview") for _ in range(2)],
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return made(150)


@pytest.fixture(scope="module")
def searcher(reports: list[Report], tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    home: Path = tmp_path_factory.mktemp("near")
    build(home, reports, corpus_id="c", engine="tantivy")
    return open_searcher(home)


@pytest.mark.parametrize("within", [0, 2, 3, 20])
@pytest.mark.parametrize("few", [0, 5, 10_000])
def test_phrases_and_reading_find_the_same(
    reports: list[Report], searcher: Searcher, within: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearness, "_FEW", few)
    pattern = re.compile(f"申请.{{0,{within}}}答复|答复.{{0,{within}}}申请")
    wanted = {
        section.section_id
        for report in reports
        for section in report.sections
        if any(pattern.search(fold(unit)) for unit in units(section))
    }
    assert len(wanted) > 20
    found: set[str] = set()
    for page in range(1, 5):
        hits = searcher.search(SearchRequest(f'"申请 答复"~{within}', size=100, page=page)).hits
        found |= {hit.section_id for hit in hits}
    assert found == wanted


def test_stock_wording_is_asked_for_not_read(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "_FEW", 5)
    monkeypatch.setattr(nearness, "_SAMPLE", 12)
    read: list[int] = []
    real = nearness.read_through

    def counted(leaf: object, rows: object, *rest: object) -> list[int]:
        read.append(len(rows))  # type: ignore[arg-type]
        return real(leaf, rows, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("indexer.tantivyplan.read_through", counted)
    searcher.search(SearchRequest('"申请 答复"~20'))
    assert read
    assert max(read) < 30
