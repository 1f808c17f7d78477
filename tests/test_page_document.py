"""The report as it is shown: title once, tables in place, marks numbered in reading order."""

from __future__ import annotations

import re

import pytest
from strategies import Part, build_report
from test_page_world import PATIENT, build_samples

from indexer.service import Services
from webui.document import Grid, Line, document, glued_end

REPORT = build_report(
    "shown",
    "某局年度报告",
    [
        Part("", ("引言。",), 0, "preface"),
        Part("一、概述", ("甲。", "乙。"), 1, "overview"),
        Part("（一）同意公开。", ("后文。",), 2, "requests", line="glued"),
        Part("", ("项目 | 数量", "信访 | 0", "说明"), 2, "requests", "table", "none"),
    ],
)
TITLE, OVERVIEW, GLUED, TABLE = REPORT.sections


def shown(marks=(), heading_marks=()):
    return document(REPORT, dict(marks), dict(heading_marks))


def test_the_title_stands_once_and_keeps_its_anchor():
    found = shown(heading_marks={TITLE.section_id: ((0, 2),)}.items())
    assert found.title == '<mark id="m1" data-m="1">某局</mark>年度报告'
    assert found.title_anchors == (TITLE.blocks[0].block_id,)
    assert [item.html for item in found.parts[0].items] == ["引言。"]


def test_heading_lines_bear_the_marks_of_the_heading():
    found = shown(heading_marks={OVERVIEW.section_id: ((2, 4),)}.items())
    heading = found.parts[1].items[0]
    assert (heading.role, found.parts[1].rank) == ("heading", 2)
    assert heading.html == '一、<mark id="m1" data-m="1">概述</mark>'


def test_a_glued_heading_leads_into_its_paragraph():
    block = GLUED.blocks[0]
    found = shown({block.block_id: ((5, 9),)}.items(), {GLUED.section_id: ((5, 7),)}.items())
    line = found.parts[2].items[0]
    assert isinstance(line, Line)
    assert line.lead == '（一）同意<mark id="m1" data-m="1">公开。</mark>'
    assert line.html == '<mark data-m="1">后</mark>文。'
    assert found.marks == 1


@pytest.mark.parametrize(
    ("text", "heading", "end"),
    [
        ("（一）甲。乙", "（一）甲。", 5),
        ("（一） 甲。乙", "（一）甲。", 6),
        ("甲", "甲乙", 0),
        ("丙甲", "甲", 0),
        ("甲", "", 0),
    ],
)
def test_where_a_glued_heading_ends(text, heading, end):
    assert glued_end(text, heading) == end


def test_tables_have_rows_and_cells_with_their_marks():
    row = TABLE.blocks[1]
    found = shown({row.block_id: ((0, 2), (5, 6))}.items())
    grid = found.parts[2].items[-1]
    assert isinstance(grid, Grid)
    assert [len(each.cells) for each in grid.rows] == [2, 2, 1]
    assert [each.header for each in grid.rows] == [True, False, False]
    assert [cell.html for cell in grid.rows[1].cells] == [
        '<mark id="m1" data-m="1">信访</mark>',
        '<mark id="m2" data-m="2">0</mark>',
    ]
    assert grid.rows[1].cells[1].look == "figure"
    assert grid.rows[2].cells[0].span == 2
    assert grid.anchor == TABLE.section_id


def test_the_outline_counts_marks():
    found = shown({OVERVIEW.blocks[1].block_id: ((0, 1),)}.items())
    assert [(entry.heading, entry.level, entry.table, entry.marks) for entry in found.outline] == [
        ("", 0, False, 0),
        ("一、概述", 1, False, 1),
        ("（一）同意公开。", 2, False, 0),
        ("", 2, True, 0),
    ]


def test_real_reports_lose_nothing_and_number_every_mark(tmp_path):
    services = Services(build_samples(tmp_path), PATIENT)
    from indexer.results import SearchRequest

    hits = services.search(SearchRequest("公开 | 情况 | 0", size=100)).hits
    assert hits
    for report_id in {hit.report_id for hit in hits}:
        found = services.read(report_id, "公开 | 情况 | 0")
        page = document(found.report, found.marks, found.heading_marks)
        html = str(page.title) + "".join(
            f"{item.lead}{item.html}"
            if isinstance(item, Line)
            else "".join(str(cell.html) for row in item.rows for cell in row.cells)
            for part in page.parts
            for item in part.items
        )
        assert page.marks == found.occurrences, found.report.title
        assert re.findall(r'id="m(\d+)"', html) == [str(n) for n in range(1, page.marks + 1)]
        blocks = [b for s in found.report.sections for b in s.blocks]
        anchors = {*page.title_anchors, *(i.anchor for p in page.parts for i in p.items if isinstance(i, Line))}
        anchors |= {row.anchor for p in page.parts for i in p.items if isinstance(i, Grid) for row in i.rows}
        assert anchors == {block.block_id for block in blocks}
