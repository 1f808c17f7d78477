"""The texts of a segment: read by number, and looked through for phrases all at once or some by themselves."""

from __future__ import annotations

import numpy as np
import pytest
from wordedreports import PLACES, worded_report

from corpus.folding import fold
from corpus.rows import report_rows, row_units
from indexer.wordingsegment import Segment, SegmentWriter
from indexer.wordingtexts import SegmentTexts


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> SegmentTexts:
    """3,000 sentences, some of which have characters of two units."""
    folder = tmp_path_factory.mktemp("segment")
    writer = SegmentWriter(folder)
    for year in range(30):
        sentences = [
            f"第{number}项公开内容与群众需求{'𠮷' if number % 7 == 0 else '还'}有差距ab{number % 3}。"
            for number in range(100 * year, 100 * year + 100)
        ]
        report = worded_report(f"r{year}", *PLACES["青岛市"], 2000 + year, problems="\n".join(sentences))
        rows = report_rows(report).sections
        writer.add(report, [(row, [fold(unit) for unit in row_units(row)]) for row in rows])
    writer.save(folder / "0.words")
    return SegmentTexts(Segment(folder / "0.words"))


@pytest.mark.parametrize("phrase", ["公开", "𠮷有", "第1", "ab1", "无处", "差距ab2。"])
@pytest.mark.parametrize("whole_run", [False, True])
def test_some_texts_hold_what_they_hold_among_all(texts: SegmentTexts, phrase: str, whole_run: bool) -> None:
    every = texts.holding(phrase, whole_run)
    chance = np.random.default_rng(1)
    for size in (0, 1, 5, 40, 1_000, len(texts)):
        numbers = np.sort(chance.choice(len(texts), size, replace=False))
        held = texts.holding_of(numbers, phrase, whole_run)
        np.testing.assert_array_equal(held, every[numbers])
        found = texts.texts(numbers)
        assert len(found) == size
        if not whole_run:
            assert [phrase in text for text in found] == held.tolist()
