"""The ladder: how a query is read on each rung (contract 3), against a naive reading of the same text."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import strategies
from bruteforce import matches, report_place, section_place
from fixed_library import FIXED
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.folding import HAN, fold
from indexer.errors import BadWords
from indexer.generation import fingerprint
from indexer.ladder import rewrite
from indexer.parser import parse
from indexer.query import (
    RUNGS,
    And,
    AtLeast,
    Code,
    Exact,
    MatchAll,
    Near,
    Nearby,
    Node,
    Not,
    Or,
    Phrase,
    Plan,
    Query,
    Range,
    Term,
)
from indexer.segment import (
    STOP_WORDS,
    PythonJieba,
    RustJieba,
    Segmenter,
    default_segmenter,
    segmenter_of,
    shipped_words,
)

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


class Pairs:
    """A segmenter that needs no dictionary: two characters are a word."""

    name = "pairs"

    def words(self, run: str) -> list[str]:
        return [run[at : at + 2] for at in range(0, len(run), 2)]


# A naive reading of chapter 3


def words(text: str, segmenter: Segmenter) -> list[tuple[str, bool]]:
    """(word, whole run?) of folded text (3.2)."""
    found: list[tuple[str, bool]] = []
    for run in re.findall(rf"[{HAN}]+|[a-z0-9]+|[^\W\d_a-z{HAN}]+", fold(text)):
        if re.match(f"[{HAN}]", run):
            found += [(word, False) for word in segmenter.words(run)]
        else:
            found.append((run, re.match("[a-z0-9]", run) is not None))
    return found


def naive(node: Node, rung: str, segmenter: Segmenter) -> Plan:
    match node:
        case Term(text=text, field=field):
            if not fold(text):
                return MatchAll()
            if rung == "most" and field is None:
                return naive(And((node,)), rung, segmenter)
            found = words(text, segmenter) if rung != "exact" else []
            if not found:
                return Phrase(fold(text), context=field is None, field=field)
            return And(tuple(Phrase(word, whole, field is None, field) for word, whole in found))
        case Exact(text=text, field=field):
            return Phrase(fold(text), field=field) if fold(text) else MatchAll()
        case Near(parts=parts, within=within, field=field):
            kept = tuple(fold(part) for part in parts if fold(part))
            if len(kept) < 2:
                return Phrase(kept[0], field=field) if kept else MatchAll()
            return Nearby(kept, within, field)
        case And() if rung == "most":
            flat = flattened(node)
            pieces = [child for child in flat if isinstance(child, Term) and child.field is None]
            others = [naive(child, rung, segmenter) for child in flat if child not in pieces]
            pool = {word for piece in pieces for word in words(piece.text, segmenter)}
            content = {word for word in pool if word[0] not in STOP_WORDS} or pool
            if content:
                phrases = tuple(Phrase(word, whole, context=True) for word, whole in sorted(content))
                return And((AtLeast(max(1, len(phrases) // 4), phrases), *others))
            return And((*(naive(piece, "exact", segmenter) for piece in pieces), *others))
        case And(children=children):
            return And(tuple(naive(child, rung, segmenter) for child in children))
        case Or(children=children):
            return Or(tuple(naive(child, rung, segmenter) for child in children))
        case Not(child=child):
            return Not(naive(child, "exact", segmenter))
    assert isinstance(node, Range | Code | MatchAll)
    return node


def flattened(node: Node) -> list[Node]:
    if isinstance(node, And):
        return [leaf for child in node.children for leaf in flattened(child)]
    return [node]


@given(st.data())
@settings(max_examples=150)
def test_every_rung_means_what_a_naive_reading_means(data: st.DataObject) -> None:
    library = data.draw(strategies.libraries())
    segmenter: Segmenter = data.draw(st.sampled_from([Pairs(), default_segmenter()]))
    places = [section_place(report, section) for report in library for section in report.sections]
    places += [report_place(report) for report in library]
    for _ in range(4):
        query = data.draw(strategies.queries(library))
        for rung in RUNGS:
            plan, wanted = rewrite(query, rung, segmenter), naive(query, rung, segmenter)
            for place in places:
                assert matches(plan, place) == matches(wanted, place), (rung, plan, wanted)


@given(strategies.queries(FIXED))
@settings(max_examples=150)
def test_a_plan_holds_no_raw_leaf_and_folded_texts_only(query: Query) -> None:
    for rung in RUNGS:
        for leaf in plan_leaves(rewrite(query, rung, default_segmenter())):
            assert isinstance(leaf, Phrase | Nearby | AtLeast | Range | Code | MatchAll)
            if isinstance(leaf, Phrase):
                assert leaf.text
                assert fold(leaf.text) == leaf.text
            if isinstance(leaf, Nearby):
                assert len(leaf.parts) > 1
                assert all(part and fold(part) == part for part in leaf.parts)
            if isinstance(leaf, AtLeast):
                assert 1 <= leaf.count <= len(leaf.phrases)
                assert len(set(leaf.phrases)) == len(leaf.phrases)


def plan_leaves(plan: Node) -> list[Node]:
    match plan:
        case And(children=children) | Or(children=children):
            return [leaf for child in children for leaf in plan_leaves(child)]
        case Not(child=child):
            return plan_leaves(child)
    return [plan]


han_pieces = st.lists(
    st.text(st.sampled_from([*strategies.HAN, "情", "况", "答", "报"]), min_size=1, max_size=6), min_size=1
)


@given(han_pieces, st.booleans())
@settings(max_examples=150)
def test_climbing_only_finds_more_of_pieces_of_han(pieces: list[str], alternatives: bool) -> None:
    """The words of a verbatim match are all there; that isn't so of 5件, which stands in 15件 (3.2)."""
    terms = tuple(map(Term, pieces))
    query: Query = Or(terms) if alternatives else And(terms)
    exact, wider, most = (rewrite(query, rung, default_segmenter()) for rung in RUNGS)
    for report in FIXED:
        for section in report.sections:
            place = section_place(report, section)
            assert matches(wider, place) or not matches(exact, place)
            assert matches(most, place) or not matches(wider, place)


# By hand


def on(rung: str, text: str, segmenter: Segmenter | None = None) -> Plan:
    return rewrite(parse(text).query, rung, segmenter or default_segmenter())  # type: ignore[arg-type]


def phrases(plan: Node) -> set[tuple[str, bool]]:
    found: set[tuple[str, bool]] = set()
    for leaf in plan_leaves(plan):
        for phrase in leaf.phrases if isinstance(leaf, AtLeast) else [leaf]:
            assert isinstance(phrase, Phrase)
            found.add((phrase.text, phrase.whole_run))
    return found


def test_3_1_exact_is_the_folded_piece() -> None:
    assert on("exact", "政府信息公開") == Phrase("政府信息公开", context=True)
    assert on("exact", "标题:ＡＢ") == Phrase("ab", field="title")
    for rung in RUNGS:
        assert on(rung, '"政府信息公開 5件"') == Phrase("政府信息公开5件")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("行政复议", {("行政复议", False)}),
        ("申请公开政府信息", {("申请", False), ("公开", False), ("政府", False), ("信息", False)}),
        ("收到15件", {("收到", False), ("15", True), ("件", False)}),
        ("Ｎｏ５号", {("no5", True), ("号", False)}),
        ("a-b_c", {("a", True), ("b", True), ("c", True)}),
        ("《公開》，（政府）", {("公开", False), ("政府", False)}),
        ("привет公开", {("привет", False), ("公开", False)}),
        ("文件〔2010〕33号", {("文件", False), ("2010", True), ("33", True), ("号", False)}),
        ("政府。政府", {("政府", False)}),
        ("，。", {(",。", False)}),
    ],
)
def test_3_2_words(text: str, found: set[tuple[str, bool]]) -> None:
    assert phrases(on("words", text)) == found


def test_3_2_words_are_cut_by_the_segmenter_given() -> None:
    assert phrases(on("words", "政府信息公", Pairs())) == {("政府", False), ("信息", False), ("公", False)}


@pytest.mark.parametrize(
    ("text", "count", "size"),
    [
        ("政府", 1, 1),
        ("政府 信息 公开", 1, 3),
        ("政府 信息 公开 申请", 1, 4),
        ("政府信息 公开申请 答复", 1, 5),
        ("政府 信息 公开 申请 答复 复议 诉讼", 1, 7),
        ("政府 信息 公开 申请 答复 复议 诉讼 概述", 2, 8),
        ("政府 信息 公开 申请 答复 复议 诉讼 概述 概述 政府", 2, 8),
        ("政府 信息 公开 申请 答复 复议 诉讼 概述 条例 编制 归档 主动", 3, 12),
        ("政府 的 信息", 1, 2),
        ("如何 申请 政府 信息", 1, 3),
    ],
)
def test_3_3_a_quarter_of_the_distinct_content_words(text: str, count: int, size: int) -> None:
    plan = on("most", text)
    (found,) = [leaf for leaf in plan_leaves(plan) if isinstance(leaf, AtLeast)]
    assert (found.count, len(found.phrases)) == (count, size)


def test_3_3_quotes_fields_and_negations_keep_their_conditions() -> None:
    plan = on("most", '政府 信息 "公开 条例" -概述复议 标题:青岛 年份:2010')
    leaves = plan_leaves(plan)
    assert Phrase("公开条例") in leaves
    assert Phrase("青岛", field="title") in leaves
    assert Range("year", 2010, 2010) in leaves
    assert Phrase("概述复议", context=True) in leaves
    (pool,) = [leaf for leaf in leaves if isinstance(leaf, AtLeast)]
    assert {phrase.text for phrase in pool.phrases} == {"政府", "信息"}


def test_3_4_nothing_climbs_under_a_negation() -> None:
    for text in ("-行政诉讼行政复议", "-(行政诉讼行政复议 OR 信息公开 条例)", "-(-行政诉讼行政复议)"):
        assert on("words", text) == on("most", text) == on("exact", text)


# The segmenter


@given(
    st.text(
        st.sampled_from([*strategies.HAN, "的", "不", "龘", "〇", "々", "一", "𠀀", "㐂"]),
        min_size=1,
        max_size=60,
    )
)
def test_words_joined_are_the_run(run: str) -> None:
    assert "".join(default_segmenter().words(run)) == run


def test_a_long_run_is_cut_soon_enough() -> None:
    run = "政府信息公开" * 20_000
    assert "".join(default_segmenter().words(run)) == run


def real_runs() -> Sequence[str]:
    paths = [*sorted((DATA / "work-reports-national").glob("*.txt"))[::6], DATA / "qingdao-hrss-2010.txt"]
    text = "\n".join(path.read_text("utf-8") for path in paths)
    return sorted({run for line in text.splitlines() for run in re.findall(f"[{HAN}]+", fold(line))})


@pytest.mark.data
def test_the_port_cuts_as_jieba_does() -> None:
    if not DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the real texts are missing: {DATA}")
        pytest.skip(f"the real texts aren't here: {DATA}")
    pytest.importorskip("rjieba")
    rust, python = RustJieba(shipped_words()), PythonJieba(shipped_words())
    runs = real_runs()
    assert sum(map(len, runs)) > 100_000
    assert [run for run in runs if rust.words(run) != python.words(run)] == []
    bare, reference = RustJieba(), PythonJieba()
    assert [run for run in runs if bare.words(run) != reference.words(run)] == []


def test_names_of_programmes_and_offices_are_words() -> None:
    segmenter = default_segmenter()
    assert segmenter.words("推进放管服改革") == ["推进", "放管服", "改革"]
    assert "卫健委" in segmenter.words("市卫健委答复")
    whole = [word for word in shipped_words() if segmenter.words(word) != [word]]
    assert whole == []


def test_a_library_s_own_words_join_and_change_the_fingerprint(tmp_path: Path) -> None:
    usual = segmenter_of(tmp_path)
    assert usual.name == default_segmenter().name
    (tmp_path / "words.txt").write_text("# 本库的词\n泉城惠民通\n\n", "utf-8")
    own = segmenter_of(tmp_path)
    assert "泉城惠民通" in own.words("推广泉城惠民通平台")
    assert "泉城惠民通" not in usual.words("推广泉城惠民通平台")
    assert fingerprint(own) != fingerprint(usual)
    (tmp_path / "words.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadWords, match="UTF-8"):
        segmenter_of(tmp_path)
