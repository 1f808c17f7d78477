"""Coverage: what is here of each agency and year, against a naive table; 0 is never a missing report."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import strategies
from bruteforce import highlight, matches, section_place
from engine_contract import brute_searcher
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Part, build_report

from corpus.folding import fold
from corpus.library import Library
from corpus.sources import Source
from indexer.coverage import coverage, mentioned, mentions
from indexer.errors import QueryRejected
from indexer.expectedlists import Expected, read_expected
from indexer.ladder import rewrite
from indexer.parser import parse, quote
from indexer.segment import default_segmenter

TAX = "青岛市财政局"


def report(agency, year, name="", **meta):
    return build_report(
        f"{agency}{year}{name}", f"{agency}{year}年报告", [Part("", ("减免。",), 0)], agency=agency, year=year, **meta
    )


def broken(name):
    return Source(name, f"/{name}", reason_zh="坏了", reason_en="broken")


def statuses(found):
    return {(row.agency, year): cell.status for row in found.rows for year, cell in row.cells.items()}


@settings(max_examples=60, deadline=None)
@given(strategies.libraries())
def test_without_a_list_the_table_is_every_agency_known_by_every_year_between(library):
    found = coverage(library, [])
    here = Counter(
        (fold(r.agency), r.year) for r in library if r.doctype == "annual_report" and r.agency and r.year is not None
    )
    years = [year for _, year in here]
    wanted = {
        (agency, year): {0: "missing", 1: "present"}.get(here[agency, year], "duplicate")
        for agency in {agency for agency, _ in here}
        for year in range(min(years), max(years) + 1)
    }
    assert {(fold(agency), year): status for (agency, year), status in statuses(found).items()} == wanted
    assert sum(found.totals().values()) == len(wanted)
    assert found.undated == sum(r.doctype == "annual_report" and not (r.agency and r.year is not None) for r in library)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_matches_are_those_of_the_reports_that_count(data):
    library = data.draw(strategies.libraries())
    query = quote(data.draw(strategies.substrings(library, 3)))
    plan = rewrite(parse(query).query, "exact", default_segmenter())
    counts = mentions(brute_searcher(library), query)

    def naive(report):
        total = 0
        for section in report.sections:
            if matches(plan, section_place(report, section)):
                own_line = section.ordinal == 0 or any(block.form == "heading" for block in section.blocks)
                texts = [section.block_text(block) for block in section.blocks if block.form != "heading"]
                total += sum(len(highlight(plan, t)) for t in [*([section.heading] if own_line else []), *texts])
        return total

    by_id = {each.report_id: naive(each) for each in library}
    assert {report_id: counts[report_id] for report_id in by_id} == by_id
    for row in coverage(library, []).rows:
        for cell in row.cells.values():
            told = mentioned(cell, counts)
            if cell.status == "missing":
                assert told is None
            else:
                assert told == sum(by_id[each] for each in cell.report_ids or cell.copies[:1])


def test_a_file_that_cant_be_read_is_placed_by_its_name():
    failures = [broken(f"in/{TAX}2011年政府信息公开年度报告.doc"), broken("in/scan0001.pdf"), broken(f"in/{TAX}.pdf")]
    found = coverage([report(TAX, 2010), report(TAX, 2012)], failures)
    assert statuses(found) == {(TAX, 2010): "present", (TAX, 2011): "unreadable", (TAX, 2012): "present"}
    assert found.unplaced == ("in/scan0001.pdf", f"in/{TAX}.pdf")
    assert mentioned(found.rows[0].cells[2011], Counter()) is None
    there = coverage([report(TAX, 2011)], failures)
    assert statuses(there) == {(TAX, 2011): "present"}  # another file of the same report could be read


def test_copies_and_second_reports_are_duplicates_and_copies_dont_count_twice():
    first = report(TAX, 2010)
    found = coverage([first, report(TAX, 2010, "b", same_as=first.report_id)], [])
    cell = found.rows[0].cells[2010]
    assert (cell.status, len(cell.report_ids), len(cell.copies)) == ("duplicate", 1, 1)
    assert mentioned(cell, {first.report_id: 2, cell.copies[0]: 2}) == 2


def test_a_list_says_what_is_expected_and_finds_former_names():
    held = [report("青岛市卫生局", 2012), report(TAX, 2012), report("青岛市教育局", 2012)]
    expected = [Expected("青岛市卫生健康委员会", 2012), Expected("青岛市卫生健康委员会", 2020), Expected(TAX, 2012)]
    found = coverage(held, [], expected)
    assert statuses(found) == {
        ("青岛市卫生健康委员会", 2012): "present",
        ("青岛市卫生健康委员会", 2020): "missing",
        (TAX, 2012): "present",
    }
    health = next(row for row in found.rows if row.agency == "青岛市卫生健康委员会")
    assert health.cells[2012].under == "青岛市卫生局"
    assert found.unexpected == 1


def test_lists_are_read_with_either_names_of_columns_and_ranges():
    text = "\ufeff机关,年度,备注\n青岛市财政局,2019,\n青岛市教育局,2008至2010年度,x\n,2011,\n青岛市民政局,,\n"
    assert read_expected(text) == [
        Expected(TAX, 2019),
        *(Expected("青岛市教育局", year) for year in (2008, 2009, 2010)),
        Expected("青岛市民政局", None),
    ]
    assert read_expected("agency\nA\n") == [Expected("A", None)]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "must name"), ("name,year\nA,2010\n", "must name"), ("agency,year\nA,soon\n", "line 2"), ("agency,year\nA,0001..9999\n", "1949"),
     ("agency\n\n", "no agency")],
)  # fmt: skip
def test_a_list_that_cant_be_read_says_where(text, said):
    with pytest.raises(QueryRejected, match=said):
        read_expected(text)


def test_other_types_of_reports_are_left_out_unless_asked_for():
    held = [report(TAX, 2010), replace(report(TAX, 2011), doctype="policy")]
    assert statuses(coverage(held, [])) == {(TAX, 2010): "present"}
    assert statuses(coverage(held, [], doctype="policy")) == {(TAX, 2011): "present"}


def test_the_library_yields_its_reports_without_sections_but_with_corrections(tmp_path):
    from corpus.rows import report_rows

    with Library(tmp_path / "library.db") as library:
        with library.transaction():
            one = report(TAX, 2010)
            library.put(Source("a", "/a", report_id=one.report_id), report_rows(one))
            library.correct(one.report_id, "year", "2011", by="x", at="2026-01-01T00:00:00Z", why="")
        (header,) = library.headers()
        assert (header.year, header.sections) == (2011, ())
        (whole,) = library.reports()
        assert replace(whole, sections=(), sources=()) == header
