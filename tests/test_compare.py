"""Comparison of two reports: both texts come back from the marks, moves and counterparts are found, nothing hangs."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Part, build_report

from indexer.compare import compare, marked
from indexer.comparewriting import comparison_docx, comparison_html, comparison_json

_TEXTS = st.text(alphabet="公开申请数据。甲乙\x07", max_size=40)
_LINES = st.lists(_TEXTS.filter(str.strip), max_size=8)


def report(name, *parts):
    return build_report(name, f"{name}年度报告", [Part("", (), 0), *(Part(*part) for part in parts)])


def rows(found):
    return [row for part in found.parts for row in part.rows]


@given(_TEXTS, _TEXTS)
def test_the_marks_give_both_texts_back(before, after):
    pieces = marked(before, after)
    assert "".join(p.text for p in pieces if p.form != "insert") == before
    assert "".join(p.text for p in pieces if p.form != "delete") == after


def test_a_figure_that_changed_is_marked_whole():
    pieces = [(piece.form, piece.text) for piece in marked("2023年公开1290件", "2024年公开1310件")]
    assert pieces == [
        ("delete", "2023"),
        ("insert", "2024"),
        ("equal", "年公开"),
        ("delete", "1290"),
        ("insert", "1310"),
        ("equal", "件"),
    ]


@settings(max_examples=60, deadline=None)
@given(_LINES, _LINES)
def test_every_paragraph_stands_in_one_row(before, after):
    found = compare(report("甲", ("一、概述", tuple(before), 1)), report("乙", ("一、概述", tuple(after), 1)))
    olds = [row.before for row in rows(found) if row.before]
    news = [row.after for row in rows(found) if row.after]
    assert sorted(t for t in olds if "年度报告" not in t) == sorted([*(t.strip() for t in before), "一、概述"])
    assert [t for t in news if "年度报告" not in t] == ["一、概述", *(t.strip() for t in after)]


def test_a_paragraph_that_changed_places_is_moved_and_a_changed_one_is_marked():
    one, two = "全年主动公开政府信息一百条。", "收到依申请公开十件，均已办结。"
    three = "存在的问题是公开内容不够全面。"
    before = report("甲", ("一、概述", (one, two, three), 1))
    after = report("乙", ("一、概述", (two, three, one, "新设政策解读专栏，回应社会关切。"), 1))
    found = compare(before, after)
    assert {row.after: row.status for row in rows(found)}[one] == "moved"
    assert found.new[-1] == "新设政策解读专栏，回应社会关切。"
    changed = compare(before, report("丙", ("一、概述", (one.replace("一百", "二百"), two, three), 1)))
    row = next(row for row in rows(changed) if row.status == "changed" and "二百" in row.after)
    assert [(p.form, p.text) for p in row.pieces if p.form != "equal"] == [("delete", "一"), ("insert", "二")]


def test_hostile_texts_are_compared_whatever_their_length():
    for old, new in (("甲" * 60_000, "甲" * 59_999), ("甲" * 60_000, "乙" * 60_000), ("甲" * 400_000, "乙" * 400_000)):
        found = compare(report("甲", ("一、概述", (old,), 1)), report("乙", ("一、概述", (new,), 1)))
        texts = [row.after for row in rows(found)]
        assert new in texts
    many = compare(
        report("甲", ("一、概述", tuple(f"第{n}条" for n in range(3_000)), 1)),
        report("乙", ("一、概述", tuple(f"条{n}第" for n in range(3_000)), 1)),
    )
    assert sum(bool(row.after) for row in rows(many)) >= 3_000


def test_the_files_hold_the_marks_and_survive_markup_and_control_characters():
    before = report("甲", ("一、概述", ("共公开<b>一百</b>条信息\x07。",), 1))
    after = report("乙", ("一、概述", ("共公开<b>二百</b>条信息\x07。",), 1))
    found = compare(before, after)
    page = comparison_html(found, "zh")
    assert "<del>一</del>" in page
    assert "<ins>二</ins>" in page
    assert "<b>" not in page
    made = Document(BytesIO(comparison_docx(found, "en")))
    runs = [run for t in made.tables for row in t.rows for c in row.cells for p in c.paragraphs for run in p.runs]
    assert "一" in [run.text for run in runs if run.font.strike]
    assert "二" in [run.text for run in runs if run.font.underline]
    assert comparison_json(found)["before"] == before.report_id


@pytest.mark.parametrize("same", [True, False])
def test_a_report_compared_with_itself_has_nothing_new(same):
    one = report("甲", ("一、概述", ("全年主动公开政府信息一百条。",) * 3, 1))
    other = one if same else report("乙", ("一、概述", ("全年主动公开政府信息一百条。",) * 4, 1))
    assert (compare(one, other).new == ()) is same
