"""Exact means exact on real texts: the index against a plain scan of a million characters."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from bruteforce import folded, units_of
from engine_contract import PATIENT, all_hits, engine_of

from corpus.library import Library
from corpus.loader import load
from corpus.model import Report
from indexer.building import build
from indexer.engine import Selection
from indexer.parser import quote
from indexer.query import Phrase
from indexer.results import SearchRequest, SectionKey
from indexer.service import Searcher, open_searcher

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SAMPLES = 500

pytestmark = pytest.mark.data


@dataclass
class Real:
    searcher: Searcher
    #: section_id -> its original units
    units: dict[str, list[str]]
    ids: dict[SectionKey, str]

    def scan(self, text: str) -> set[str]:
        """The sections with a unit that holds the text: the plain loop."""
        needle = folded(text).strip()
        return {name for name, units in self.units.items() if any(needle in folded(unit) for unit in units)}


def read_reports(home: Path) -> tuple[list[Report], str]:
    paths = [*sorted((DATA / "work-reports-national").glob("*.txt")), DATA / "qingdao-hrss-2010.txt"]
    with Library(home / "library.sqlite") as library:
        load(library, paths)
        return list(library.reports()), library.corpus_id()


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    if not DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the real texts are missing: {DATA}")
        pytest.skip(f"the real texts aren't here: {DATA}")
    home = tmp_path_factory.mktemp("real")
    reports, corpus_id = read_reports(home)
    build(home, reports, corpus_id=corpus_id, engine=request.param)
    units = {section.section_id: units_of(section) for report in reports for section in report.sections}
    ids = {(report.report_id, s.ordinal): s.section_id for report in reports for s in report.sections}
    with closing(open_searcher(home, PATIENT)) as searcher:
        yield Real(searcher, units, ids)


def sample(real: Real, seed: int) -> list[str]:
    """Random pieces of random units, at least a tenth each with a digit, with a blank, with punctuation."""
    source = random.Random(seed)
    texts = [unit for units in real.units.values() for unit in units if unit]
    weights = [len(text) for text in texts]

    def piece() -> str:
        (text,) = source.choices(texts, weights)
        start = source.randrange(len(text))
        return text[start : start + source.randint(1, 30)]

    def piece_with(wanted: str) -> str:
        around = [text for text in texts if any(char in wanted for char in text)]
        text = source.choice(around)
        at = source.choice([index for index, char in enumerate(text) if char in wanted])
        start = max(0, at - source.randint(0, 8))
        return text[start : at + source.randint(1, 9)]

    kinds = ["0123456789０１２３４５６７８９", " \u3000\u00a0", "，。、；：（）《》“”%—", "一二三两的和"]
    found = [piece() for _ in range(SAMPLES - 4 * SAMPLES // 10)]
    for wanted in kinds:
        if any(char in wanted for text in texts for char in text):
            found += [piece_with(wanted) for _ in range(SAMPLES // 10)]
    return [text for text in found if folded(text).strip()]


def test_the_texts_are_all_there(real: Real) -> None:
    assert len(real.units) > 100
    results = real.searcher.search(SearchRequest("", size=1))
    assert results.sections == len(real.units)
    assert results.reports == 49


@pytest.mark.parametrize("seed", [1, 2])
def test_quoted_pieces_are_found_precisely_where_they_stand(real: Real, seed: int) -> None:
    phrases = sample(real, seed)
    assert len(phrases) > SAMPLES * 3 // 4
    for phrase in phrases:
        wanted = real.scan(phrase)
        assert wanted
        hits = all_hits(real.searcher, SearchRequest(quote(phrase), facets=()))
        assert len(hits) == len({hit.section_id for hit in hits}), phrase
        assert {hit.section_id for hit in hits} == wanted, phrase


def test_plans_find_the_same(real: Real) -> None:
    engine = engine_of(real.searcher)
    for phrase in sample(real, 3)[: SAMPLES // 2]:
        wanted = real.scan(phrase)
        ranked = engine.select(Selection(Phrase(folded(phrase).strip()), size=100_000), 60.0)
        assert {real.ids[key] for key, _ in ranked.window} == wanted, phrase
        assert ranked.sections == engine.count(Selection(Phrase(folded(phrase).strip())), 60.0) == len(wanted)


def test_pieces_that_stand_nowhere_are_not_found(real: Real) -> None:
    source = random.Random(4)
    for phrase in sample(real, 4)[:200]:
        chars = list(phrase)
        source.shuffle(chars)
        shuffled = "".join(chars)
        if not folded(shuffled).strip():
            continue
        hits = all_hits(real.searcher, SearchRequest(quote(shuffled), facets=()))
        assert {hit.section_id for hit in hits} == real.scan(shuffled), shuffled


def test_every_highlight_is_the_phrase(real: Real) -> None:
    for phrase in sample(real, 5)[:100]:
        for hit in real.searcher.search(SearchRequest(quote(phrase), size=5, facets=())).hits:
            for start, end in hit.snippet.highlights:
                assert folded(hit.snippet.text[start:end]), phrase
            marked = {folded(hit.snippet.text[start:end]) for start, end in hit.snippet.highlights}
            assert any(folded(phrase).strip() in text for text in marked), phrase
