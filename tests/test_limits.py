"""Time limits (contract 9.1) are asked within the work, not only before and after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.parsing import parse
from indexer.building import build
from indexer.errors import SearchTimeout
from indexer.highlight import Highlighter
from indexer.matching import nearby_spans, nearby_test
from indexer.query import Nearby, Phrase
from indexer.results import Limits, SearchRequest
from indexer.service import open_searcher

CROWDED = Nearby(("公", "公公", "公", "公", "公"), 1_000)


class Stop(Exception):
    pass


def stop() -> None:
    raise Stop


@pytest.mark.parametrize("work", [nearby_spans, lambda unit, near, check: nearby_test(near, check)(unit)])
def test_nearness_in_one_crowded_unit_can_be_stopped(work: object) -> None:
    with pytest.raises(Stop):
        work("公" * 5_000, CROWDED, stop)  # type: ignore[operator]


def test_marking_can_be_stopped() -> None:
    with pytest.raises(Stop):
        Highlighter(Phrase("公"), stop).spans("公开")


def test_a_search_without_time_ends_in_a_message_that_says_what_to_do(tmp_path: Path) -> None:
    build(tmp_path, [parse("一、概述\n公开信息。".encode(), "a.txt", "a.txt")], corpus_id="c")
    searcher = open_searcher(tmp_path, Limits(seconds=-1.0))
    for query in ("公开", '"公开"', '"公 信"~3', "", "-公"):
        with pytest.raises(SearchTimeout, match="fewer conditions"):
            searcher.search(SearchRequest(query=query))
    found = searcher.read(parse("一、概述\n公开信息。".encode(), "a.txt", "a.txt").report_id, "公开")
    assert (found.complete, found.marks, len(found.report.sections)) == (False, {}, 2)
