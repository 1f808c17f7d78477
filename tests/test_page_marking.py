"""Text and spans to HTML: nothing lost, nothing added, everything escaped."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from webui.marking import cell_windows, marked, marked_row, marked_windows, merged, shifted

TEXT = st.text(st.sampled_from("公开<>&\"'| a1"), max_size=30)
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@given(TEXT, SPANS)
def test_without_its_marks_the_html_is_the_text(text, spans):
    html = str(marked(text, spans))
    assert unescape(re.sub(r"</?mark>", "", html)) == text
    assert not re.search(r"<(?!/?mark>)", html)


@given(TEXT, SPANS)
def test_what_is_marked_is_what_the_spans_say(text, spans):
    found = [unescape(part) for part in re.findall(r"<mark>(.*?)</mark>", str(marked(text, spans)))]
    assert found == [text[a:b] for a, b in merged(spans) if text[a:b]]


@given(TEXT, SPANS, st.integers(0, 30))
def test_numbers_run_on_and_each_id_stands_once(text, spans, cut):
    cut = min(cut, len(text))
    pieces, following = marked_windows(text, spans, ((0, cut), (cut, len(text))), 5)
    html = "".join(map(str, pieces))
    ids = [int(number) for number in re.findall(r'id="m(\d+)"', html)]
    assert ids == list(range(5, following))
    assert unescape(re.sub(r"</?mark[^>]*>", "", html)) == text


def test_a_span_over_two_windows_is_one_mark_with_one_id():
    (left, right), following = marked_windows("公开信息", [(1, 3)], ((0, 2), (2, 4)), 1)
    assert left == '公<mark id="m1" data-m="1">开</mark>'
    assert right == '<mark data-m="1">信</mark>息'
    assert following == 2


def test_a_span_between_the_windows_takes_no_number():
    text = "a | b"
    _, following = marked_windows(text, [(2, 3)], cell_windows(text), 1)
    assert following == 1


def test_cells_lie_where_the_row_has_them():
    row = "信访 |  | 3 | "
    assert [row[a:b] for a, b in cell_windows(row)] == row.split(" | ")
    assert marked_row(row, [(0, 2)]) == '<mark>信访</mark><span class="cell-gap">|</span>3'


def test_merged_joins_what_overlaps_and_keeps_what_touches():
    assert merged([(4, 6), (0, 2), (1, 3), (6, 7), (5, 5)]) == ((0, 3), (4, 6), (6, 7))
    assert shifted([(1, 2)], 3) == ((4, 5),)
