"""A result by report is the order of its hits put together, however many there are, on every engine."""

from __future__ import annotations

import pytest
import strategies
from engine_contract import PATIENT, all_hits, brute_searcher
from hypothesis import given, settings
from hypothesis import strategies as st
from test_trend import ENGINES

from indexer.building import build
from indexer.results import SORTS, SearchRequest
from indexer.service import open_searcher


@pytest.mark.parametrize("engine", ["brute", *ENGINES])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_reports_stand_where_their_first_hit_does(tmp_path_factory, engine, data):
    library = data.draw(strategies.libraries())
    if engine == "brute":
        searcher = brute_searcher(library)
    else:
        home = tmp_path_factory.mktemp("order")
        build(home, library, corpus_id="test", engine=engine)
        searcher = open_searcher(home, PATIENT)
    request = SearchRequest(
        data.draw(st.just("") | strategies.quoted(library)),
        match="exact",
        filters=data.draw(strategies.filters()),
        sort=data.draw(st.sampled_from(SORTS)),
        copies=data.draw(st.sampled_from(["once", "all"])),
        size=2,
    )
    wanted: dict[str, list[str]] = {}
    for hit in all_hits(searcher, request):
        wanted.setdefault(hit.report_id, []).append(hit.section_id)
    found, page = [], 1
    while True:
        answer = searcher.by_report(SearchRequest(**{**_fields(request), "page": page}), each=2)
        assert answer.reports == len(wanted) == answer.found.reports
        if not answer.groups:
            break
        found += answer.groups
        page += 1
    assert [(group.report_id, group.sections, [h.section_id for h in group.hits]) for group in found] == [
        (report_id, len(own), own[:2]) for report_id, own in wanted.items()
    ]
    order = list(wanted)
    for at, report_id in enumerate(order):
        beside = searcher.neighbours(request, report_id, "exact")
        assert (beside.place, beside.reports) == (at + 1, len(order))
        assert (beside.previous and beside.previous.report_id) == (order[at - 1] if at else None)
        assert (beside.next and beside.next.report_id) == (order[at + 1] if at + 1 < len(order) else None)
    for report in library:
        if report.report_id not in wanted:
            assert searcher.neighbours(request, report.report_id, "exact") is None
    searcher.close()


def _fields(request):
    return {name: getattr(request, name) for name in request.__dataclass_fields__}
