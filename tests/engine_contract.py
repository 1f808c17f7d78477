"""What every engine inherits: docs/contract.md by hand-written examples and against the brute force.

A subclass overrides ``searcher``. Test names are test_<chapter>_<point>_<behaviour>.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import pytest
import strategies
from bruteforce import BruteForce, MemoryTexts, folded, highlight, units_of
from fixed_library import EVERYTHING, FIXED, LABELS, A, B, C, D
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Part, build_report

from corpus.model import Report, Section
from corpus.splitting import with_identity
from indexer.candidates import telling, tokens_of
from indexer.engine import Engine, Selection
from indexer.errors import QueryRejected, ReportNotFound, SearchTimeout
from indexer.highlight import spans
from indexer.ladder import rewrite
from indexer.parser import parse, quote
from indexer.query import RUNGS, SCOPES, MatchAll
from indexer.results import COPIES, FACETS, SORTS, Facet, Filter, Hit, Limits, Manifest, SearchRequest, SearchResults
from indexer.segment import default_segmenter
from indexer.service import Searcher

PATIENT = Limits(seconds=60.0)
_generations = itertools.count(1)


def brute_searcher(reports: Sequence[Report], limits: Limits = PATIENT) -> Searcher:
    """A Searcher over the loop; each has a generation of its own."""
    sections = sum(len(report.sections) for report in reports)
    manifest = Manifest(
        generation=f"brute-{next(_generations)}",
        engine="brute",
        schema_version=1,
        fingerprint="",
        corpus_id="brute",
        library_state="",
        built_at="2026-01-01T00:00:00Z",
        sections=sections,
        reports=len(reports),
        characters=sum(len(section.text) for report in reports for section in report.sections),
    )
    return Searcher(BruteForce(reports), MemoryTexts(reports), manifest, limits)


# Asking


def pages(searcher: Searcher, request: SearchRequest) -> Iterator[SearchResults]:
    """Every page with a hit, by number."""
    for page in itertools.count(request.page):
        results = searcher.search(replace(request, page=page))
        if not results.hits:
            return
        yield results


def all_hits(searcher: Searcher, request: SearchRequest) -> list[Hit]:
    return [hit for results in pages(searcher, replace(request, size=100)) for hit in results.hits]


def facet_counts(facet: Facet) -> dict[str, tuple[int, int | None]]:
    return {value.value: (value.sections, value.reports) for value in facet.values if value.sections}


def facet_of(results: SearchResults, field: str) -> Facet:
    return next(facet for facet in results.facets if facet.field == field)


@dataclass
class Fixed:
    """The fixed library behind the engine under test."""

    searcher: Searcher

    def search(self, query: str = "", **asked: object) -> SearchResults:
        return self.searcher.search(SearchRequest(query=query, **{"size": 100, **asked}))  # type: ignore[arg-type]

    def find(self, query: str = "", **asked: object) -> list[str]:
        """Labels of all hits, sorted; the rung is ``exact`` unless told otherwise."""
        results = self.search(query, **{"match": "exact", **asked})
        labels = sorted(LABELS[hit.section_id] for hit in results.hits)
        assert results.sections == len(labels) == len(set(labels))
        assert results.reports == len({label[0] for label in labels})
        return labels

    def ordered(self, query: str = "", **asked: object) -> list[str]:
        results = self.search(query, **{"match": "exact", **asked})
        return [LABELS[hit.section_id] for hit in results.hits]

    def marked(self, query: str, label: str, match: str = "exact") -> list[str]:
        """What is highlighted in the snippet of one hit."""
        results = self.search(query, match=match)
        hit = next(hit for hit in results.hits if LABELS[hit.section_id] == label)
        return [hit.snippet.text[start:end] for start, end in hit.snippet.highlights]


def marks(query: str, text: str, rung: str = "exact") -> list[str]:
    """What a query marks in one unit, by the production highlighter, held to the naive one."""
    plan = rewrite(parse(query).query, rung, default_segmenter())  # type: ignore[arg-type]
    found = spans(plan, text)
    assert tuple(found) == highlight(plan, text)
    return [text[start:end] for start, end in found]


class EngineContract:
    """Inherit and override ``searcher``."""

    @classmethod
    def searcher(cls, reports: Sequence[Report], limits: Limits = PATIENT) -> Searcher:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def fixed(cls) -> Iterator[Fixed]:
        with closing(cls.searcher(FIXED)) as searcher:
            yield Fixed(searcher)

    # 1 Folding

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"2015年"', ["b0"]),
            ('"２０１５年"', ["b0"]),
            ('"no"', ["d2"]),
            ('"ｎＯ"', ["d2"]),
            ('"开发区"', ["c0"]),
            ('"開發區政府公開"', ["c0"]),
            ('"国发(1985)33号"', ["c0"]),
            ('"一月,行政复议"', ["d1"]),
            ('"⼀⽉"', ["d1"]),
            ('"二〇一〇年"', ["d1"]),
            ('"二◯一○年"', ["d1"]),
            ('"[2009]7号"', ["d1"]),
            ('"【2009】"', ["d1"]),
            ('"﹝2009］"', ["d1"]),
        ],
    )
    def test_1_1_one_table_folds_query_and_text(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"第1项"', []),
            ('"第①项"', ["d3"]),
            ('"(2009)7号"', []),
            (r'"\"依申请\""', []),
            ('"“依申请”"', ["d3"]),
            ('"二零一零年"', []),
            ('"国发[1985]"', []),
        ],
    )
    def test_1_1_nothing_else_is_folded(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"strasse"', ["d2"]),
            ('"STRASSE"', ["d2"]),
            ('"Straße"', ["d2"]),
            ('"Strase"', []),
            ('"公开"', ["a0", "a1", "a2", "a3", "a5", "b0", "b1", "c0", "d3"]),
            ('"公\u200b\ufeff开"', ["a0", "a1", "a2", "a3", "a5", "b0", "b1", "c0", "d3"]),
        ],
    )
    def test_1_2_one_to_many_and_to_none(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"申请5件"', ["a2"]),
            ('"申请 5　件"', ["a2"]),
            ('"申 请5件"', ["a2"]),
            ('"信息120条"', ["b1"]),
            ('"a b"', ["d2"]),
            ('"a   b"', ["d2"]),
            ('"ab"', []),
            ('"no 5 und"', ["d2"]),
            ('"no5"', []),
            ('" 概述 "', ["a1"]),
            ('"　no "', ["d2"]),
        ],
    )
    def test_1_3_blanks(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize("query", ['"公开信息均"', '"概述全年"', '"0国家"', '"件。公开"', '"区的通知國發"'])
    def test_1_4_no_match_crosses_the_end_of_a_unit(self, fixed: Fixed, query: str) -> None:
        assert fixed.find(query) == []

    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            ('"s"', "Straße", ["S", "ß"]),
            ('"as"', "Straße", ["aß"]),
            ('"se"', "Straße", ["ße"]),
            ('"公开"', "公\u200b开", ["公\u200b开"]),
            ('"5件"', "申请 ５ 件", ["５ 件"]),
            ('"a b"', "A\u00a0 B", ["A\u00a0 B"]),
            ('"行政复议"', "⾏政復議。", ["⾏政復議"]),
        ],
    )
    def test_1_5_a_position_leads_back_to_whole_characters(self, query: str, text: str, expected: list[str]) -> None:
        assert marks(query, text) == expected

    # 2 Quoted is exact

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"5件"', ["a1", "a2", "b2"]),
            ('"5"', ["a1", "a2", "b0", "b2", "c0", "d2"]),
            ('"议"', ["a5", "b2", "c1", "d1"]),
            ('"息公"', ["a0", "a5", "b0"]),
            ('"息1"', ["a1", "b1"]),
            ('"件。"', ["a1", "b2"]),
            ('"。"', ["a0", "a1", "a2", "a3", "a5", "b0", "b1", "b2", "c0", "d1"]),
            ('"|0"', []),
            ('"| 0"', ["a4"]),
            ('"政复"', ["a5", "b2", "d1"]),
            ('"(一)同意公开"', ["a3"]),
            ('"未发生因政府信息公开被申请行政复议的情况。"', ["a5"]),
            ('"未发生因政府信息公开被申请行政复议的情况。。"', []),
            ('"😀"', []),
        ],
    )
    def test_2_1_precisely_the_units_that_contain_it(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    def test_2_1_a_very_long_phrase(self) -> None:
        body = "".join(chr(0x4E00 + number) for number in range(1500))
        report = build_report("long", "长文", [Part(""), Part("正文", (body,)), Part("另文", (body[:-1],))])
        with closing(self.searcher([report])) as searcher:
            for phrase in (body, body[-100:], body[1:]):
                hits = all_hits(searcher, SearchRequest(f'"{phrase}"', match="exact"))
                assert [hit.ordinal for hit in hits] == [1]
            hits = all_hits(searcher, SearchRequest(f'"{body[:1000]}"', match="exact"))
            assert sorted(hit.ordinal for hit in hits) == [1, 2]

    def test_2_1_short_units_and_edges(self) -> None:
        parts = [
            Part(""),
            Part("甲", ("乙",)),
            Part("乙", ("乙乙",)),
            Part("丙", ("𠀀𠀁",)),
            Part("丁", ("a", "1")),
            Part("b", (), line="none"),
        ]
        with closing(self.searcher([build_report("short", "短", parts)])) as searcher:
            expected = {
                "短": [0],
                "甲": [1],
                "乙": [1, 2],
                "乙乙": [2],
                "乙乙乙": [],
                "𠀀": [3],
                "𠀀𠀁": [3],
                "𠀁𠀀": [],
                "a": [4],
                "a1": [],
                "a 1": [],
                "b": [5],
                "1 b": [],
                "丁a": [],
            }
            for phrase, ordinals in expected.items():
                hits = all_hits(searcher, SearchRequest(quote(phrase), match="exact"))
                assert sorted(hit.ordinal for hit in hits) == ordinals, phrase

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"青岛" 行政复议', []),
            ('青岛 "行政复议"', ["a5"]),
            ('"青岛"', ["a0"]),
            ('"山东省"', []),
            ('信访 "依申请公开"', []),
        ],
    )
    def test_2_2_never_met_by_context(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize("empty", ['""', '" "', '"\u3000"', '"\u200b"', "“”"])
    def test_2_3_a_phrase_that_folds_to_nothing_sets_no_condition(self, fixed: Fixed, empty: str) -> None:
        assert fixed.find(empty) == EVERYTHING
        assert fixed.find(f"概述 {empty}") == ["a1"]
        assert fixed.find(f"青岛 {empty}") == ["a0"]
        assert fixed.find(f"{empty} 青岛 行政复议") == ["a5"]

    # 3 The ladder

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("5件", ["a1", "a2", "b2"]),
            ("申请5件", ["a2"]),
            ("件5申请", []),
            ("公开 信息", ["a0", "a1", "a2", "a3", "a5", "b0", "b1"]),
            ("行政诉讼行政复议", []),
        ],
    )
    def test_3_1_exact_takes_pieces_verbatim(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("行政诉讼行政复议", ["a5", "b2"]),
            ("青岛行政复议", ["a5"]),
            ("件5申请", ["a2"]),
            ("5件", ["a2", "b2"]),
            ("件15", ["a1"]),
            ("件12", []),
            ("no", ["d2"]),
            ("n", []),
            ("5no", []),
            ("5，no", ["d2"]),
            ("归档，主动", ["a1"]),
            ("“归档主动”", []),
            ("。", ["a0", "a1", "a2", "a3", "a5", "b0", "b1", "b2", "c0", "d1"]),
            ("《概述》", ["a1"]),
        ],
    )
    def test_3_2_words_are_a_conjunction(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query, match="words") == expected

    def test_3_2_other_letters_are_words_as_they_stand(self) -> None:
        parts = [Part(""), Part("甲", ("Привет мир",)), Part("乙", ("приветмир",)), Part("丙", ("Гимн ёж",))]
        with closing(self.searcher([build_report("letters", "题", parts)])) as searcher:

            def found(query: str) -> list[int]:
                return sorted(hit.ordinal for hit in all_hits(searcher, SearchRequest(query, match="words")))

            assert found("привет") == [1, 2]
            assert found("мир，привет") == [1, 2]
            assert found("ВЕТ") == [1, 2]
            assert found("ёж") == [3]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("答复 信访 概述 诉讼 归档 秘密 条例 编制", ["a1", "a4", "b2"]),
            ("答复信访概述诉讼 归档秘密 条例编制", ["a1", "a4", "b2"]),
            ("概述 信访 归档", ["a1", "a4"]),
            ("答复 信访 概述 诉讼 归档 秘密 条例 编制 编制 答复", ["a1", "a4", "b2"]),
            ("的 诉讼", ["a5", "b2"]),
            ("什么是诉讼", ["a5", "b2"]),
            ('概述 信访 归档 "秘密"', ["a4"]),
            ("概述 信访 归档 kind:overview", ["a1"]),
            ("概述 信访 归档 -主动", ["a4"]),
            ("概述 信访 归档 -不存在", ["a1", "a4"]),
            ("概述 信访 标题:黄浦", []),
            ("青岛 不存在", ["a0"]),
            ("，。 ！？", []),
        ],
    )
    def test_3_3_most_of_the_content_words(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query, match="most") == expected

    def test_3_3_stop_words_count_if_nothing_else_remains(self, fixed: Fixed) -> None:
        assert fixed.find("的", match="most") == fixed.find("的", match="exact") == ["a5", "c0"]

    def test_3_3_each_side_of_or_is_a_conjunction_of_its_own(self, fixed: Fixed) -> None:
        assert fixed.find("概述 不存在 OR 信访 亦不存在", match="most") == ["a1", "a4"]

    def test_3_3_a_piece_with_a_field_is_met_by_words(self, fixed: Fixed) -> None:
        assert fixed.find("标题:报告青岛 概述", match="most") == ["a1"]
        assert fixed.find("标题:报告青岛 概述", match="words") == ["a1"]
        assert fixed.find("标题:报告青岛 概述", match="exact") == []
        assert fixed.find("标题:黄浦青岛 概述", match="most") == []

    @pytest.mark.parametrize("rung", RUNGS)
    def test_3_4_negated_pieces_stay_exact(self, fixed: Fixed, rung: str) -> None:
        assert fixed.find("-行政诉讼行政复议", match=rung) == EVERYTHING
        assert fixed.find("复议 -诉讼行政", match=rung) == fixed.find("复议")
        assert fixed.find("复议 -行政诉讼", match=rung) == ["c1", "d1"]
        assert fixed.find("-(行政诉讼行政复议 OR 概述)", match=rung) == sorted({*EVERYTHING} - {"a1"})

    @pytest.mark.parametrize(
        ("query", "rung", "expected"),
        [
            ("概述", "exact", ["a1"]),
            ("行政诉讼行政复议", "words", ["a5", "b2"]),
            ("概述 信访", "most", ["a1", "a4"]),
            ("不存在之物", "most", []),
        ],
    )
    def test_3_5_auto_is_the_first_rung_with_a_section(
        self, fixed: Fixed, query: str, rung: str, expected: list[str]
    ) -> None:
        results = fixed.search(query)
        assert results.match == rung
        assert sorted(LABELS[hit.section_id] for hit in results.hits) == expected

    def test_3_5_auto_climbs_with_the_filters_set(self, fixed: Fixed) -> None:
        results = fixed.search("5件", filters=(Filter("kind", ("review",)),))
        assert (results.match, results.sections) == ("exact", 1)
        results = fixed.search("行政复议，行政诉讼", filters=(Filter("year", ("2010",)),))
        assert (results.match, results.sections) == ("words", 1)
        results = fixed.search("概述", filters=(Filter("region", ("310000",)),))
        assert (results.match, results.sections) == ("most", 0)

    def test_3_5_totals_and_facets_are_the_rungs(self, fixed: Fixed) -> None:
        for query in ("概述 信访", "行政诉讼行政复议", "5件", "青岛行政复议", "不存在之物"):
            results = fixed.search(query)
            same = fixed.search(query, match=results.match)
            assert (results.sections, results.reports) == (same.sections, same.reports)
            assert results.facets == same.facets
            assert [hit.section_id for hit in results.hits] == [hit.section_id for hit in same.hits]

    def test_3_5_every_rung_is_counted(self, fixed: Fixed) -> None:
        for query in ("5件", "概述 信访", "行政诉讼行政复议 答复", "-概述 复议行政"):
            counts = dict(fixed.search(query).rungs)
            assert counts == {rung: len(fixed.find(query, match=rung)) for rung in RUNGS}, query

    def test_3_5_twelve_words_go_straight_to_most(self) -> None:
        words = ["主动", "公开", "信息", "申请", "答复", "信访", "秘密", "复议", "诉讼", "概述", "归档", "条例"]
        full = "，".join(words)
        parts = [Part(""), Part("全", (full,)), Part("半", ("，".join(words[::2]),)), Part("少", (words[0],))]
        with closing(self.searcher([build_report("twelve", "题", parts)])) as searcher:
            for query in (" ".join(words), "".join(words), full):
                results = searcher.search(SearchRequest(query))
                assert results.match == "most", query
                assert sorted(hit.ordinal for hit in results.hits) == [1, 2]
            for query in (
                " ".join(words[:11]),
                " ".join([*words[:11], '"条例"']),
                " ".join([*words, "-青岛"]),
                " ".join([*words, "kind:body"]),
                f"({' '.join(words)})",
            ):
                results = searcher.search(SearchRequest(query))
                assert results.match == "exact", query
                assert [hit.ordinal for hit in results.hits] == [1]

    def test_3_6_one_rung_for_all_pieces(self, fixed: Fixed) -> None:
        assert fixed.find("信息，主动 5件", match="words") == []
        assert fixed.search("信息，主动 5件").match == "most"

    @pytest.mark.parametrize(
        "query",
        [
            "",
            '"行政复议"',
            '"行政诉讼行政复议"',
            "kind:review",
            "year:2010 形式:表格",
            '-"概述"',
            '"答复 复议"~9',
        ],
    )
    def test_3_7_without_pieces_every_rung_is_the_same(self, fixed: Fixed, query: str) -> None:
        exact = fixed.find(query, match="exact")
        assert fixed.find(query, match="words") == fixed.find(query, match="most") == exact
        results = fixed.search(query)
        assert (results.match, results.sections) == ("exact", len(exact))

    # 4 Where

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("青岛 行政复议", ["a5"]),
            ("行政复议 青岛", ["a5"]),
            ("青岛", ["a0"]),
            ("黄浦", ["b0"]),
            ("青岛 黄浦", []),
            ("山东 行政复议", ["a5", "d1"]),
            ("山东省青岛市 行政复议", ["a5"]),
            ("山东", []),
            ("依申请 信访", ["a4"]),
            ("依申请 答复", ["a2", "a3"]),
            ("依申请公开 山东", ["a2"]),
            ("依申请公开情况 同意", ["a3"]),
            ("概述 答复", []),
        ],
    )
    def test_4_1_context_helps_but_never_suffices(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("青岛 kind:review", []),
            ("(青岛 kind:review) OR 概述", ["a1"]),
            ("青岛 OR 概述", ["a0", "a1"]),
            ("(青岛 OR 概述) 行政复议", ["a5"]),
            ("(青岛 OR 概述) kind:overview", ["a1"]),
            ("青岛 -概述", ["a0"]),
            ("kind:review 复议", ["a5", "b2"]),
            ("kind:review OR 青岛", ["a0", "a5", "b2"]),
            ("(kind:review OR 青岛) 山东", ["a0"]),
            ("(kind:overview OR 概述) 青岛", ["a1"]),
            ("(形式:表格 OR 青岛) 信访", ["a4"]),
            ("-(青岛 行政复议)", sorted({*EVERYTHING} - {"a5"})),
            ("-青岛", sorted({*EVERYTHING} - {"a0"})),
            ("-(-青岛)", ["a0"]),
            ("-(青岛 OR 概述)", sorted({*EVERYTHING} - {"a0", "a1"})),
        ],
    )
    def test_4_2_own_neutral_context_no(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize("scope", SCOPES)
    @pytest.mark.parametrize("rung", RUNGS)
    @pytest.mark.parametrize(
        "query",
        ["复议", '"5"', "青岛 行政复议", "青岛", "kind:review", "复议 OR 青岛", '"复议 答复"~9', "标题:青岛"],
    )
    def test_4_3_not_is_an_exact_complement(self, fixed: Fixed, query: str, scope: str, rung: str) -> None:
        without = fixed.find(f"-({query})", scope=scope, match=rung)
        with_it = fixed.find(f"-(-({query}))", scope=scope, match=rung)
        assert not set(without) & set(with_it)
        assert sorted(without + with_it) == EVERYTHING
        if scope == "section":
            assert with_it == fixed.find(query)

    def test_4_4_the_first_section_owns_the_title(self, fixed: Fixed) -> None:
        assert fixed.find('"人力资源和社会保障局政府信息"') == ["a0"]
        assert fixed.find('"文字样本"') == ["d0"]
        assert fixed.find("文字样本") == ["d0"]

    @pytest.mark.parametrize(
        ("query", "letters"),
        [
            ("title:青岛", "a"),
            ("标题:２０１５年", "b"),
            ("标题:報告", "ab"),
            ("标题：通知", "c"),
            ("agency:人民政府", "bd"),
            ('机关:"人民政府"', "bd"),
            ("region:山东", "ad"),
            ("地区:山东省青岛市", "a"),
            ("region:370000", "ad"),
            ("region:370200", "a"),
            ("region:370202", ""),
            ("地区:310000", "b"),
            ("department:社会保障", "a"),
            ("系统:政府", "b"),
            ("number:〔2011〕5", "a"),
            ("文号:[2016]8号", "b"),
            ("文号:号", "ab"),
            ("year:2010", "a"),
            ("年份:2010..2015", "ab"),
            ("year:2010..", "ab"),
            ("year:..2010", "ad"),
            ("year:..2008", ""),
            ("level:county", "b"),
            ("doctype:policy", "d"),
            ("template:old", "a"),
            ("格式:2019", "b"),
            ("-year:2010", "bcd"),
            ("-地区:370000", "bc"),
        ],
    )
    def test_4_5_fields_of_the_report(self, fixed: Fixed, query: str, letters: str) -> None:
        assert fixed.find(query) == [label for label in EVERYTHING if label[0] in letters]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("kind:review", ["a5", "b2"]),
            ("章节:requests", ["a2", "a3", "a4"]),
            ("form:table", ["a4"]),
            ("形式:表格", ["a4"]),
            ("kind:requests -形式:table", ["a2", "a3"]),
            ("标题:青岛 复议", ["a5"]),
            ("标题:青岛 kind:overview", ["a1"]),
        ],
    )
    def test_4_5_fields_of_the_section(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("行政诉讼", ["a5", "b2"]),
            ("青岛 信访", ["a0", "a4"]),
            ("青岛 15件", ["a0", "a1"]),
            ("行政复议 -信访", ["b2", "d1"]),
            ("-行政诉讼", ["c0", "c1", "d0", "d1", "d2", "d3"]),
            ("-行政诉讼 -通知", ["d0", "d1", "d2", "d3"]),
            ("kind:review", [label for label in EVERYTHING if label[0] in "ab"]),
            ("kind:review 概述", ["a1"]),
            ("form:table", [label for label in EVERYTHING if label[0] == "a"]),
            ("form:table 答复", ["a2", "a3"]),
            ("-kind:review", [label for label in EVERYTHING if label[0] in "cd"]),
            ("山东", []),
            ("山东 行政复议", ["a5", "d1"]),
            ("依申请公开情况 概述", ["a1", "a2"]),
            ("上海 年份:2015", []),
            ("年份:2015", [label for label in EVERYTHING if label[0] == "b"]),
            ('"复议 答复"~3', ["b2"]),
            ('"青岛" "信访"', ["a0", "a4"]),
            ("-(-复议)", EVERYTHING),
        ],
    )
    def test_4_6_scope_report(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query, scope="report") == expected

    def test_4_6_filters_cut_the_hits_afterwards(self, fixed: Fixed) -> None:
        review = (Filter("kind", ("review",)),)
        assert fixed.find("概述 信访", scope="report", filters=review) == []
        assert fixed.find("概述 复议", scope="report", filters=review) == ["a5"]
        assert fixed.find("-行政诉讼", scope="report", filters=(Filter("kind", ("preface",)),)) == []
        assert fixed.find("-通知", scope="report", filters=review) == ["a5", "b2"]

    # 5 Operators (how a string is read is tested at length in test_query_strings.py)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("概述 OR 通知 复议", ["a1", "c1"]),
            ("通知 复议 OR 概述", ["a1", "c1"]),
            ("概述 | 信访", ["a1", "a4"]),
            ("概述|信访", ["a1", "a4"]),
            ("概述｜信访", ["a1", "a4"]),
            ("主动 AND 归档", ["a1"]),
            ("主动　归档", ["a1"]),
            ("主动 NOT 归档", ["b1"]),
            ("主动 -归档", ["b1"]),
            ('主动 -"归档"', ["b1"]),
            ("概述 or 信访", []),
            ("概述 not 信访", []),
        ],
    )
    def test_5_1_and_or_not(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("(概述 OR 信访) 依申请", ["a4"]),
            ("（概述 OR 信访） 依申请", ["a4"]),
            ("依申请 (概述|信访)", ["a4"]),
            ("国发(1985)33号", ["c0"]),
            ("國發（1985）33號", ["c0"]),
            ("-(概述 OR 复议) kind:review", []),
            ("((复议)) ((诉讼))", ["a5", "b2"]),
        ],
    )
    def test_5_2_brackets(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"概述 OR 信访"', []),
            ('"-概述"', []),
            ('"标题:青岛"', []),
            ('"(1985)"', ["c0"]),
            ("“概述”", ["a1"]),
            ("「概述」", ["a1"]),
            ('“概述"', None),
            ("「“依申请”」", ["d3"]),
            ("标题：“青岛市”", ["a0", "a1", "a2", "a3", "a4", "a5"]),
        ],
    )
    def test_5_3_within_quotes_everything_is_text(self, fixed: Fixed, query: str, expected: list[str] | None) -> None:
        found = fixed.find(query)
        if expected is not None:
            assert found == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ('"复议 答复"~3', ["b2"]),
            ('"复议 答复"~2', []),
            ('"答复 复议"~3', ["b2"]),
            ('"政府信息 信息公开"~20', []),
            ('"行政 复议"~0', ["a5", "b2", "d1"]),
            ('"全年 归档"~1000', []),
            ('"全年 15 件"~20', ["a1"]),
            ('"件 全年 15"~8', ["a1"]),
            ('"件 全年 15"~7', []),
            ('"概述"~5', ["a1"]),
            ('"行政 行政"~20', ["a5", "b2"]),
            ('"条例 条例"~20', []),
            ('"a a a"~0', ["d2"]),
            ('"aa aa"~5', []),
        ],
    )
    def test_5_4_near(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("(概述", ["a1"]),
            ("概述)", ["a1"]),
            ('概述"', ["a1"]),
            ('"概述', ["a1"]),
            ("“概述", ["a1"]),
            ("概述 OR", None),
            ("OR 概述", None),
            ("概述 -", None),
            ("kind:不知道", None),
            ("year:去年", None),
            ("year:20x0", None),
        ],
    )
    def test_5_5_what_does_not_parse_is_plain_text(self, fixed: Fixed, query: str, expected: list[str] | None) -> None:
        results = fixed.search(query)
        assert results.notes
        assert results.read_as
        if expected is not None:
            assert sorted(LABELS[hit.section_id] for hit in results.hits) == expected

    def test_5_5_what_parses_has_no_notes(self, fixed: Fixed) -> None:
        for query in (
            "",
            "概述",
            '标题:青岛 (复议 OR "5件") -信访',
            "年份:2010..",
            '"复议 答复"~3',
            "国发(1985)33号",
        ):
            assert fixed.search(query).notes == (), query

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("title:(青岛 报告) 复议", ["a5"]),
            ("title:(青岛 OR 黄浦) 复议", ["a5", "b2"]),
            ("标题：（青岛 OR 黄浦） 复议", ["a5", "b2"]),
            ('title:(青岛 "通知")', []),
            ("title:(青岛 -报告)", []),
            ("title:(青岛 kind:review)", ["a5"]),
            ("title:(青岛 agency:黄浦)", []),
        ],
    )
    def test_5_6_a_field_before_brackets(self, fixed: Fixed, query: str, expected: list[str]) -> None:
        assert fixed.find(query) == expected

    # 6 Facets

    def test_6_1_filters(self, fixed: Fixed) -> None:
        def find(*filters: Filter) -> list[str]:
            return fixed.find("", filters=filters)

        assert find(Filter("kind", ("review", "overview"))) == ["a1", "a5", "b1", "b2"]
        assert find(Filter("kind", ("review", "overview")), Filter("year", ("2015",))) == ["b1", "b2"]
        assert find(Filter("kind", ("review",)), Filter("year", ("2010", "2015"))) == ["a5", "b2"]
        assert find(Filter("kind", ("body",), exclude=True), Filter("year", ("2015",), exclude=True)) == [
            "a0",
            "a1",
            "a2",
            "a3",
            "a4",
            "a5",
        ]
        assert find(Filter("year", low=2009, high=2010), Filter("form", ("table",))) == ["a4"]
        assert find(Filter("year", low=2011)) == ["b0", "b1", "b2", "b3"]
        assert find(Filter("year", high=2009)) == ["d0", "d1", "d2", "d3"]
        assert find(Filter("kind", ("review",)), Filter("kind", ("overview",))) == ["a1", "a5", "b1", "b2"]
        assert find(Filter("kind", ("review", "overview")), Filter("kind", ("review",), exclude=True)) == [
            "a1",
            "b1",
        ]
        assert find(Filter("agency", ("黄浦区",))) == []

    def test_6_2_a_facet_leaves_its_own_selection_out(self, fixed: Fixed) -> None:
        results = fixed.search("答复", match="exact", filters=(Filter("kind", ("review",)),))
        assert results.sections == 1
        assert facet_counts(facet_of(results, "kind")) == {"requests": (2, None), "review": (1, None)}
        assert facet_counts(facet_of(results, "region")) == {"310000": (1, 1), "310101": (1, 1)}
        assert facet_counts(facet_of(results, "year")) == {"2015": (1, 1)}
        excluding = (Filter("kind", ("review",), exclude=True), Filter("year", low=2000, high=2012))
        results = fixed.search("答复", match="exact", filters=excluding)
        assert results.sections == 2
        assert facet_counts(facet_of(results, "kind")) == {"requests": (2, None)}
        assert facet_counts(facet_of(results, "year")) == {"2010": (2, 1)}
        results = fixed.search("答复", match="exact", filters=(Filter("year", low=2000, high=2012),))
        assert facet_counts(facet_of(results, "year")) == {"2010": (2, 1), "2015": (1, 1)}

    def test_6_2_what_is_selected_or_excluded_is_named(self, fixed: Fixed) -> None:
        filters = (Filter("kind", ("review",)), Filter("level", ("prefecture",), exclude=True))
        results = fixed.search("复议", match="exact", filters=filters)
        kinds = {value.value: (value.selected, value.excluded) for value in facet_of(results, "kind").values}
        levels = {value.value: (value.selected, value.excluded) for value in facet_of(results, "level").values}
        assert kinds["review"] == (True, False)
        assert kinds["body"] == (False, False)
        assert levels["prefecture"] == (False, True)
        assert levels["county"] == (False, False)

    def test_6_3_sections_and_distinct_reports(self, fixed: Fixed) -> None:
        results = fixed.search("", match="exact")
        assert (results.sections, results.reports) == (16, 4)
        assert [facet.field for facet in results.facets] == list(FACETS)
        for facet in results.facets:
            assert facet.unit == ("section" if facet.field in ("kind", "form") else "report")
            assert all((value.reports is None) == (facet.unit == "section") for value in facet.values)
        assert facet_counts(facet_of(results, "doctype")) == {
            "annual_report": (10, 2),
            "policy": (4, 1),
            "document": (2, 1),
        }
        assert facet_counts(facet_of(results, "form")) == {"prose": (15, None), "table": (1, None)}
        only = fixed.search("", facets=("year",))
        assert [facet.field for facet in only.facets] == ["year"]

    def test_6_4_every_value_in_order(self, fixed: Fixed) -> None:
        results = fixed.search("", match="exact")
        kinds = [(v.value, v.sections) for v in facet_of(results, "kind").values]
        assert kinds == [
            ("body", 6),
            ("requests", 3),
            ("overview", 2),
            ("preface", 2),
            ("review", 2),
            ("other", 1),
        ]
        for facet in results.facets:
            keys = [(-value.sections, value.value) for value in facet.values]
            assert keys == sorted(keys)

    def test_6_4_many_values_are_all_there(self) -> None:
        reports = [
            build_report(f"m{n}", "年度报告", [Part(""), Part("概述", ("公开",))], agency=f"机关{n:03}", year=1900 + n)
            for n in range(130)
        ]
        with closing(self.searcher(reports)) as searcher:
            results = searcher.search(SearchRequest("公开", match="exact", size=1))
            assert results.sections == results.reports == 130
            for field in ("agency", "year"):
                values = facet_of(results, field).values
                assert len(values) == 130
                assert {(value.sections, value.reports) for value in values} == {(1, 1)}
            hits = all_hits(searcher, SearchRequest("公开", match="exact"))
            assert len({hit.section_id for hit in hits}) == len(hits) == 130

    def test_4_7_a_bare_agency_stands_for_its_lineage(self) -> None:
        agencies = {
            "now": "青岛市卫生健康委员会",
            "mid": "青岛市卫生和计划生育委员会",
            "old": "青岛市卫生局",
            "other": "青岛市卫生监督所",
            "away": "昆明市卫生局",
        }
        reports = [
            build_report(name, name, [Part(""), Part("概述", ("公开",))], agency=agency)
            for name, agency in agencies.items()
        ]
        with closing(self.searcher(reports)) as searcher:

            def found(query: str, **asked: object) -> set[str]:
                return {hit.title for hit in all_hits(searcher, SearchRequest(query, **asked))}  # type: ignore[arg-type]

            for value in ("青岛市卫健委", "青岛卫健委", "青岛市卫生局", "青岛市卫生健康委员会", "青岛市衛生局"):
                assert found(f"agency:{value}") == {"now", "mid", "old"}, value
                assert found(f"agency:{value} 公开", match="exact") == {"now", "mid", "old"}, value
                assert found(f"-agency:{value}") == {"other", "away"}, value
                assert found(f"机关:({value})", scope="report") == {"now", "mid", "old"}, value
            assert found("agency:卫健委") == {"now", "mid", "old", "away"}
            assert found('agency:"卫生局"') == {"old", "away"}
            assert found('agency:"青岛市卫健委"') == set()
            assert found("", filters=(Filter("agency", ("青岛市卫生局",)),)) == {"old"}
            results = searcher.search(SearchRequest("agency:青岛市卫健委"))
            assert results.read_as == "agency:青岛市卫健委"
            assert "青岛市卫生局(-2013)" in results.notes[0]
            assert results.match == "exact"

    def test_6_5_a_region_counts_where_it_was_and_where_it_is(self) -> None:
        regions = {
            "old": ("330184", 2000),
            "new": ("330110", 2015),
            "xiangfan": ("420600", 2008),
            "laiwu": ("371202", 2012),
        }
        reports = [
            build_report(name, name, [Part(""), Part("概述", ("公开",))], region=region, year=year)
            for name, (region, year) in regions.items()
        ]
        with closing(self.searcher(reports)) as searcher:

            def found(query: str = "", *filters: Filter) -> set[str]:
                return {hit.title for hit in all_hits(searcher, SearchRequest(query, filters=filters))}

            assert found("region:330110") == found("", Filter("region", ("330110",))) == {"old", "new"}
            assert found("region:330184") == found("", Filter("region", ("330184",))) == {"old"}
            assert (
                found("region:370100")
                == found("region:371200")
                == found("", Filter("region", ("370116",)))
                == {"laiwu"}
            )
            assert found("地区:余杭区") == {"old", "new"}
            assert found("地区:余杭市") == found("余杭市 公开") == {"old"}
            assert (
                found("地区:襄樊市") == found("地区:襄阳市") == found("襄阳 公开") == found("襄樊 公开") == {"xiangfan"}
            )
            assert found('地区:"济南市莱芜区"') == {"laiwu"}
            counts = facet_counts(facet_of(searcher.search(SearchRequest()), "region"))
            assert (counts["330110"], counts["330184"], counts["330000"]) == ((4, 2), (2, 1), (4, 2))
            assert (counts["370000"], counts["371200"], counts["370100"]) == ((2, 1), (2, 1), (2, 1))

    def test_6_6_a_report_that_another_one_stands_for_is_counted_on_request(self) -> None:
        copy = replace(A, report_id="0" * 16, same_as=A.report_id)
        copy = replace(copy, sections=with_identity(copy.report_id, A.sections))
        lost = replace(B, same_as="f" * 16)  # what it is a copy of isn't in the index
        with closing(self.searcher((A, copy, lost))) as searcher:
            once = searcher.search(SearchRequest('"同意公开"', match="exact"))
            assert (once.sections, once.reports, once.copies) == (1, 1, 1)
            assert [hit.report_id for hit in once.hits] == [A.report_id]
            assert facet_counts(facet_of(once, "agency")) == {A.agency: (1, 1)}
            every = searcher.search(SearchRequest('"同意公开"', match="exact", copies="all"))
            assert (every.sections, every.reports, every.copies) == (2, 2, 0)
            assert {hit.same_as for hit in every.hits} == {"", A.report_id}
            assert searcher.search(SearchRequest("黄浦区 条", match="exact")).reports == 1
            without = searcher.search(SearchRequest("", match="exact"))
            assert without.sections == len(A.sections) + len(B.sections)

    def test_6_5_unknown_values_and_paths_of_regions(self, fixed: Fixed) -> None:
        results = fixed.search("", match="exact")
        assert facet_counts(facet_of(results, "region")) == {
            "370000": (10, 2),
            "370200": (6, 1),
            "310000": (4, 1),
            "310101": (4, 1),
            "": (2, 1),
        }
        assert facet_counts(facet_of(results, "year"))[""] == (2, 1)
        assert facet_counts(facet_of(results, "agency"))[""] == (2, 1)
        assert facet_counts(facet_of(results, "department"))[""] == (6, 2)
        for code, letters in {"370000": "ad", "370200": "a", "370202": "", "310101": "b", "": "c"}.items():
            found = fixed.find("", filters=(Filter("region", (code,)),))
            assert found == [label for label in EVERYTHING if label[0] in letters], code
        assert fixed.find("", filters=(Filter("region", ("370000",), exclude=True),)) == [
            label for label in EVERYTHING if label[0] in "bc"
        ]
        assert fixed.find("", filters=(Filter("year", ("",)),)) == ["c0", "c1"]
        assert fixed.find("", filters=(Filter("year", ("",), exclude=True), Filter("kind", ("body",)))) == [
            "d0",
            "d1",
            "d2",
            "d3",
        ]
        assert fixed.find("", filters=(Filter("year", ("", "2015")), Filter("kind", ("body", "other")))) == [
            "b3",
            "c0",
            "c1",
        ]

    # 7 Order and pages

    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize("query", ["", "公开", "-概述", "信息 复议 5 条例"])
    def test_7_1_pages_partition_the_set(self, fixed: Fixed, query: str, sort: str) -> None:
        whole = fixed.ordered(query, sort=sort, match="most")
        assert whole == fixed.ordered(query, sort=sort, match="most")
        for size in (1, 3, 7):
            request = SearchRequest(query, match="most", sort=sort, size=size)  # type: ignore[arg-type]
            found = list(pages(fixed.searcher, request))
            assert [LABELS[hit.section_id] for page in found for hit in page.hits] == whole
            assert all(len(page.hits) == size for page in found[:-1])
            assert {page.sections for page in found} <= {len(whole)}

    def test_7_1_a_page_past_the_end_is_empty(self, fixed: Fixed) -> None:
        for page in (3, 50, 10_000):
            results = fixed.search("公开", match="exact", page=page, size=5)
            assert results.hits == ()
            assert results.sections == 9
            assert results.next_cursor == ""
            assert facet_counts(facet_of(results, "kind"))["overview"] == (2, None)

    def test_7_2_orders(self, fixed: Fixed) -> None:
        undated = sorted((report.report_id, letter) for letter, report in (("c", C), ("d", D)))
        tail = [label for _, letter in undated for label in EVERYTHING if label[0] == letter]
        of_a = [label for label in EVERYTHING if label[0] == "a"]
        of_b = [label for label in EVERYTHING if label[0] == "b"]
        assert fixed.ordered("", sort="date") == of_b + of_a + tail
        assert fixed.ordered("", sort="date-asc") == of_a + of_b + tail
        for query in ("", "公开", "复议 OR 信息", "政府 信息"):
            hits = fixed.search(query, match="most").hits
            scores = [-hit.score for hit in hits]
            assert scores == sorted(scores)
            assert fixed.search(query, match="most").hits == hits  # ties stand in an order that stays

    def test_7_3_a_cursor_walks_all_pages(self, fixed: Fixed) -> None:
        request = SearchRequest("公开", match="exact", size=2)
        walked: list[str] = []
        cursor = ""
        for _ in range(10):
            results = fixed.searcher.search(replace(request, cursor=cursor))
            walked += [LABELS[hit.section_id] for hit in results.hits]
            cursor = results.next_cursor
            if not cursor:
                break
        assert walked == fixed.ordered("公开")

    def test_7_3_a_cursor_is_refused_for_another_request(self, fixed: Fixed) -> None:
        request = SearchRequest("公开", match="exact", size=2)
        cursor = fixed.searcher.search(request).next_cursor
        assert cursor
        changed = [
            replace(request, query="信息"),
            replace(request, match="words"),
            replace(request, scope="report"),
            replace(request, sort="date"),
            replace(request, filters=(Filter("kind", ("review",)),)),
            replace(request, size=3),
        ]
        for other in changed:
            with pytest.raises(QueryRejected) as refused:
                fixed.searcher.search(replace(other, cursor=cursor))
            assert refused.value.zh
            assert refused.value.en

    def test_7_3_a_cursor_is_refused_after_a_new_generation(self, fixed: Fixed) -> None:
        request = SearchRequest("公开", match="exact", size=2)
        cursor = fixed.searcher.search(request).next_cursor
        with closing(self.searcher([A, B, D])) as newer, pytest.raises(QueryRejected):
            newer.search(replace(request, cursor=cursor))

    @pytest.mark.parametrize("junk", ["x", "é", "AAAA", "0", "\x00", "null", "MTIz", "a.b.c", "-1", "=" * 50, "😀"])
    def test_7_3_a_cursor_of_junk_is_refused(self, fixed: Fixed, junk: str) -> None:
        with pytest.raises(QueryRejected):
            fixed.search("公开", cursor=junk)

    def test_7_4_empty_and_negative_queries(self, fixed: Fixed) -> None:
        for query in ("", " ", "　", "\u200b"):
            for scope in SCOPES:
                assert fixed.find(query, scope=scope, match="auto") == EVERYTHING
        assert fixed.find("", filters=(Filter("kind", ("review",)),)) == ["a5", "b2"]
        assert fixed.find("-公开") == ["a4", "b2", "b3", "c1", "d0", "d1", "d2"]
        assert fixed.find("-公开 -复议") == ["a4", "b3", "d0", "d2"]
        assert fixed.find('-"公开" OR -"信息"', filters=(Filter("year", ("2010",)),)) == ["a2", "a3", "a4"]

    def test_7_4_an_empty_library(self) -> None:
        with closing(self.searcher([])) as searcher:
            for query in ("", "公开", "-公开", '"公"', "kind:review"):
                for scope in SCOPES:
                    results = searcher.search(SearchRequest(query, scope=scope))
                    assert (results.hits, results.sections, results.reports) == ((), 0, 0)

    # 8 Highlights

    @pytest.mark.parametrize(
        ("query", "rung", "text", "expected"),
        [
            ('"aa"', "exact", "aaa aab", ["aaa", "aa"]),
            ("aa", "words", "aaa aab aa", ["aa"]),
            ("公开 信息", "exact", "信息公开，公开", ["信息", "公开", "公开"]),
            ("公开 开信", "exact", "公开信息", ["公开信"]),
            ("公开 -信息", "exact", "公开信息", ["公开"]),
            ("公开 -(-信息)", "exact", "公开信息", ["公开"]),
            ("公开 OR 不在", "exact", "公开信息", ["公开"]),
            ("公开 标题:信息", "exact", "公开信息", ["公开"]),
            ("kind:review", "exact", "公开信息", []),
            ("诉讼复议", "words", "行政复议和诉讼", ["复议", "诉讼"]),
            ("诉讼复议", "exact", "行政复议和诉讼", []),
            ("5件", "words", "5件，15件", ["5", "件", "件"]),
            ("", "exact", "公开信息", []),
            ('""', "exact", "公开信息", []),
        ],
    )
    def test_8_1_every_occurrence_of_every_leaf(self, query: str, rung: str, text: str, expected: list[str]) -> None:
        assert marks(query, text, rung) == expected

    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            ('"公开 答复"~2', "公开。。。公开，答复。公开", ["公开", "答复", "公开"]),
            ('"公开 答复"~1', "公开。。。公开，答复。。公开", ["公开", "答复"]),
            ('"公开 答复"~1', "公开。。答复", []),
            ('"公开 开答"~5', "公开答复", []),
            ('"a b c"~0', "abc x cba ac", ["a", "b", "c", "c", "b", "a"]),
            ('"政府 政府"~3', "政府和政府", ["政府", "政府"]),
            ('"政府 政府"~3', "政府", []),
        ],
    )
    def test_8_2_near_marks_what_takes_part(self, query: str, text: str, expected: list[str]) -> None:
        if query.startswith('"a b c"'):
            assert "".join(marks(query, text)) == "".join(expected)
        else:
            assert marks(query, text) == expected

    def test_8_3_spans_of_a_snippet_are_its_own(self, fixed: Fixed) -> None:
        assert fixed.marked("行政复议", "d1") == ["⾏政復議"]
        assert set(fixed.marked("5件", "a2")) == {"5 件"}
        assert fixed.marked("青岛 行政诉讼", "a5") == ["行政诉讼"]
        assert set(fixed.marked("s", "d2")) == {"S", "ß"}

    def test_8_3_a_hit_deep_in_a_long_paragraph(self) -> None:
        body = "甲乙丙丁。" * 400 + "😀\u200bＡＢ公 开Ｃ" + "戊己庚辛。" * 400
        report = build_report("deep", "长", [Part(""), Part("正文", ("前言。", body, "公示。"))])
        with closing(self.searcher([report])) as searcher:
            (hit,) = all_hits(searcher, SearchRequest('"b公开c"', match="exact"))
            assert [hit.snippet.text[s:e] for s, e in hit.snippet.highlights] == ["Ｂ公 开Ｃ"]
            assert len(hit.snippet.text) < 1_000
            assert hit.snippet.text in body
            section = report.sections[1]
            assert hit.paragraph_id == section.blocks[2].block_id

    def test_8_3_a_hit_points_to_a_block_of_its_section(self, fixed: Fixed) -> None:
        for query in ("", "公开", "复议", "-公开", "概述", "kind:other"):
            for hit in fixed.search(query).hits:
                section = self._section(hit, FIXED)
                assert hit.ordinal == section.ordinal
                if section.blocks:
                    assert hit.paragraph_id in {block.block_id for block in section.blocks}

    # 9 Limits

    def test_9_1_each_limit_is_a_message(self, fixed: Fixed) -> None:
        def rejected(query: str = "", **asked: object) -> None:
            with pytest.raises(QueryRejected) as refused:
                fixed.search(query, **asked)
            assert any("\u4e00" <= char <= "\u9fff" for char in refused.value.zh)
            assert refused.value.en.isascii()

        rejected("公" * 2_001)
        rejected(" ".join(["公"] * 65))
        rejected(" OR ".join(["公"] * 65))
        rejected("-(" * 21 + "公 开" + ")" * 21)
        rejected('"一 二 三 四 五 六"~5')
        rejected('"一 二"~1001')
        rejected('"一 二"~99999999999999999999')
        rejected(size=101)
        rejected(filters=(Filter("agency", tuple(f"机关{n}" for n in range(201))),))
        fixed.search("公" * 2_000)
        fixed.search(" ".join(["公"] * 64))
        fixed.search('"一 二 三 四 五"~1000')
        fixed.search(filters=(Filter("agency", tuple(f"机关{n}" for n in range(200))),))

    def test_9_1_requests_that_make_no_sense(self, fixed: Fixed) -> None:
        for asked in (
            {"size": -1},
            {"page": 0},
            {"page": -3},
            {"filters": (Filter("nofield", ("x",)),)},
            {"filters": (Filter("kind", low=1, high=2),)},
            {"facets": ("nofield",)},
            {"sort": "nosort"},
            {"match": "nomatch"},
            {"scope": "noscope"},
        ):
            with pytest.raises(QueryRejected):
                fixed.search("公开", **asked)

    def test_9_1_values_that_nothing_has(self, fixed: Fixed) -> None:
        for value in ("不存在", "\ud800", "\x00", " ", "公" * 5_000, "'", '"', "*"):
            for field in FACETS:
                assert fixed.find("", filters=(Filter(field, (value,)),)) == []
                assert fixed.find("", filters=(Filter(field, (value,), exclude=True),)) == EVERYTHING
        for low, high in ((2015, 2010), (10**30, None), (None, -(10**30)), (3000, 4000)):
            assert fixed.find("", filters=(Filter("year", low=low, high=high),)) == []

    def test_9_1_no_hits_asked_for(self, fixed: Fixed) -> None:
        results = fixed.search("公开", match="exact", size=0)
        assert (results.hits, results.sections, results.next_cursor) == ((), 9, "")

    def test_9_1_no_time_left(self) -> None:
        with (
            closing(self.searcher(FIXED, Limits(seconds=0.0))) as searcher,
            pytest.raises(SearchTimeout) as late,
        ):
            searcher.search(SearchRequest("公开"))
        assert late.value.zh

    @pytest.mark.parametrize("char", ["\ud800", "\udfff", "\x00", "\x07", "\x1b", "\x7f", "\x9f"])
    def test_9_2_surrogates_and_control_characters_are_dropped(self, fixed: Fixed, char: str) -> None:
        for query in (f"概{char}述", f"{char}概述", f'"概{char}述"', f"标题:青{char}岛 概述", f"-{char}概述"):
            assert fixed.find(query) == fixed.find(query.replace(char, "")), query

    # 8 again: reading a report

    def test_8_1_a_report_is_marked_throughout(self, fixed: Fixed) -> None:
        read = fixed.searcher.read(A.report_id, "公开")
        assert read.report == A
        headings = {LABELS[name]: len(found) for name, found in read.heading_marks.items()}
        assert headings == {"a0": 1, "a2": 1, "a3": 1}
        assert read.occurrences == 8  # the glued heading is counted in its paragraph, heading lines once
        assert fixed.searcher.read(A.report_id).occurrences == 0
        assert fixed.searcher.read(A.report_id, '"不存在"').marks == {}

    @given(st.data())
    @settings(max_examples=10)
    def test_8_1_a_report_is_marked_as_the_naive_highlighter_marks_it(self, data: st.DataObject) -> None:
        library = data.draw(strategies.libraries())
        with closing(self.searcher(library)) as searcher:
            for report in library:
                query = data.draw(st.one_of(strategies.raw_queries(library), strategies.quoted(library)))
                rung = data.draw(st.sampled_from(RUNGS))
                read = searcher.read(report.report_id, query, rung)
                plan = rewrite(parse(query).query, rung, default_segmenter())
                marks = {b.block_id: highlight(plan, s.block_text(b)) for s in report.sections for b in s.blocks}
                headings = {s.section_id: highlight(plan, s.heading) for s in report.sections}
                assert {name: tuple(found) for name, found in read.marks.items() if found} == {
                    name: found for name, found in marks.items() if found
                }
                assert {name: tuple(found) for name, found in read.heading_marks.items() if found} == {
                    name: found for name, found in headings.items() if found
                }

    def test_8_1_no_such_report(self, fixed: Fixed) -> None:
        for name in ("", "0" * 16, "x", "'", "\x00", "\ud800"):
            with pytest.raises(ReportNotFound):
                fixed.searcher.read(name, "公开")

    # Against the brute force

    @given(st.data())
    @settings(max_examples=25)
    def test_all_query_strings_as_the_brute_force(self, data: st.DataObject) -> None:
        library = data.draw(strategies.libraries())
        with closing(self.searcher(library)) as searcher:
            expected = brute_searcher(library)
            asked = st.one_of(
                strategies.quoted(library),
                strategies.raw_queries(library),
                strategies.raw_queries(library),
                strategies.leaf_texts(library),
            )
            for _ in range(6):
                request = SearchRequest(
                    query=data.draw(asked),
                    match=data.draw(st.sampled_from(["auto", *RUNGS])),
                    scope=data.draw(st.sampled_from(SCOPES)),
                    sort=data.draw(st.sampled_from(SORTS)),
                    filters=data.draw(st.one_of(st.just(()), strategies.filters())),
                    size=100,
                    copies=data.draw(st.sampled_from(COPIES)),
                )
                self._compare(searcher, expected, request, library)

    def _compare(
        self, searcher: Searcher, expected: Searcher, request: SearchRequest, library: Sequence[Report]
    ) -> None:
        found, wanted = searcher.search(request), expected.search(request)
        assert {hit.section_id for hit in found.hits} == {hit.section_id for hit in wanted.hits}
        assert (found.sections, found.reports) == (wanted.sections, wanted.reports)
        assert (found.match, found.rungs, found.copies) == (wanted.match, wanted.rungs, wanted.copies)
        assert (found.read_as, found.notes) == (wanted.read_as, wanted.notes)
        self._compare_facets(found.facets, wanted.facets)
        if request.sort != "relevance":
            assert [hit.section_id for hit in found.hits] == [hit.section_id for hit in wanted.hits]
        plan = rewrite(parse(request.query).query, found.match, default_segmenter())
        by_id = {hit.section_id: hit for hit in wanted.hits}
        for hit in found.hits:
            assert replace(hit, score=0.0) == replace(by_id[hit.section_id], score=0.0)
            section = self._section(hit, library)
            for unit in units_of(section):
                assert tuple(spans(plan, unit)) == highlight(plan, unit)
            self._check_snippet(hit, section, plan)

    def _compare_facets(self, found: Sequence[Facet], wanted: Sequence[Facet]) -> None:
        assert [facet.field for facet in found] == [facet.field for facet in wanted]
        for one, other in zip(found, wanted, strict=True):
            assert one.unit == other.unit
            counted = [value for value in one.values if value.sections]
            assert counted == [value for value in other.values if value.sections]

    def _check_snippet(self, hit: Hit, section: Section, plan: object) -> None:
        """The snippet is a piece of its block, and marks what the naive highlighter marks there."""
        block = next((block for block in section.blocks if block.block_id == hit.paragraph_id), None)
        assert block is not None or not section.blocks
        snippet = hit.snippet
        assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.highlights)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(snippet.highlights))
        # A heading without a line of its own (the title, a glued heading) is shown all the same.
        shown = [section.block_text(block)] if block else []
        readings = []
        for text in (*shown, section.heading):
            marked = highlight(plan, text)  # type: ignore[arg-type]
            for at in [at for at in range(len(text) + 1) if text.startswith(snippet.text, at)]:
                end = at + len(snippet.text)
                inside = tuple((s - at, e - at) for s, e in marked if at <= s and e <= end)
                clipped = tuple((max(s, at) - at, min(e, end) - at) for s, e in marked if s < end and e > at)
                readings += [inside, clipped]
        assert snippet.highlights in readings

    def _section(self, hit: Hit, library: Sequence[Report]) -> Section:
        return next(
            section for report in library for section in report.sections if section.section_id == hit.section_id
        )

    @given(st.data())
    @settings(max_examples=25)
    def test_all_plans_as_the_brute_force(self, data: st.DataObject) -> None:
        library = data.draw(strategies.libraries())
        truth = BruteForce(library)
        with closing(self.searcher(library)) as searcher:
            engine = engine_of(searcher)
            for _ in range(6):
                plan = data.draw(
                    st.one_of(
                        strategies.plans(library),
                        st.builds(
                            lambda query, rung: rewrite(query, rung, default_segmenter()),
                            strategies.queries(library),
                            st.sampled_from(RUNGS),
                        ),
                    )
                )
                selection = Selection(
                    plan,
                    scope=data.draw(st.sampled_from(SCOPES)),
                    filters=data.draw(st.one_of(st.just(()), strategies.filters())),
                    facets=FACETS,
                    sort=data.draw(st.sampled_from(SORTS)),
                    offset=data.draw(st.sampled_from([0, 0, 0, 1, 3, 500])),
                    size=data.draw(st.sampled_from([100, 100, 1, 2])),
                    copies=data.draw(st.sampled_from(COPIES)),
                )
                found, wanted = engine.select(selection, 60.0), truth.select(selection, 60.0)
                assert (found.sections, found.reports) == (wanted.sections, wanted.reports)
                assert engine.count(selection, 60.0) == wanted.sections
                self._compare_facets(found.facets, wanted.facets)
                assert len(found.window) == len(wanted.window)
                if selection.sort != "relevance":
                    assert [name for name, _ in found.window] == [name for name, _ in wanted.window]
                assert list(engine.everything(selection, 60.0)) == list(truth.everything(selection, 60.0))
                everything = replace(selection, offset=0, size=1_000)
                ids = [name for name, _ in engine.select(everything, 60.0).window]
                assert sorted(ids) == sorted(name for name, _ in truth.select(everything, 60.0).window)
                at = selection.offset
                assert [name for name, _ in found.window] == ids[at : at + selection.size]
                for report in library:
                    for section in report.sections:
                        for unit in units_of(section):
                            assert tuple(spans(plan, unit)) == highlight(plan, unit)

    @given(st.data())
    @settings(max_examples=15)
    def test_2_1_any_substring_is_found_exactly_where_it_stands(self, data: st.DataObject) -> None:
        library = data.draw(strategies.libraries())
        with closing(self.searcher(library)) as searcher:
            for _ in range(8):
                phrase = data.draw(strategies.substrings(library, 20))
                if not folded(phrase):
                    continue
                wanted = {
                    section.section_id
                    for report in library
                    for section in report.sections
                    if any(folded(phrase).strip() in folded(unit) for unit in units_of(section))
                }
                hits = all_hits(searcher, SearchRequest(quote(phrase), copies="all"))
                assert {hit.section_id for hit in hits} == wanted

    @given(st.data())
    @settings(max_examples=15)
    def test_4_3_complement_and_7_1_partition_of_any_query(self, data: st.DataObject) -> None:
        library = data.draw(strategies.libraries())
        everything = sorted((report.report_id, section.ordinal) for report in library for section in report.sections)
        with closing(self.searcher(library)) as searcher:
            engine = engine_of(searcher)
            for _ in range(6):
                plan = data.draw(strategies.plans(library))
                both = [
                    name
                    for asked in (plan, strategies.Not(plan))
                    for name, _ in engine.select(Selection(asked, size=1_000, copies="all"), 60.0).window
                ]
                assert sorted(both) == everything
                whole = [name for name, _ in engine.select(Selection(plan, size=1_000), 60.0).window]
                size = data.draw(st.integers(1, 4))
                windows = [
                    name
                    for offset in range(0, len(whole) + size, size)
                    for name, _ in engine.select(Selection(plan, offset=offset, size=size), 60.0).window
                ]
                assert windows == whole

    # 10 Sketches

    @given(st.data())
    @settings(max_examples=25)
    def test_10_1_the_sections_that_hold_most_of_a_text_are_those_of_the_brute_force(self, data: st.DataObject) -> None:
        library = data.draw(strategies.libraries())
        truth = BruteForce(library)
        with closing(self.searcher(library)) as searcher:
            engine = engine_of(searcher)
            for _ in range(6):
                tokens = tokens_of(folded(data.draw(strategies.substrings(library, 30))))
                assert engine.frequencies(tokens) == truth.frequencies(tokens)
                asked = telling(zip(tokens, truth.frequencies(tokens), strict=True), 100)
                selection = Selection(
                    MatchAll(), filters=data.draw(strategies.filters()), copies=data.draw(st.sampled_from(COPIES))
                )
                size = data.draw(st.sampled_from([0, 2, 1_000]))
                held = engine.holding_most(asked, selection, size, 60.0)
                every = dict(truth.holding_most(asked, selection, 1_000, 60.0))
                # Which of equals is within the window is the engine's.
                assert [weight for _, weight in held] == pytest.approx(list(every.values())[:size], abs=1e-3)
                assert [every[key] for key, _ in held] == pytest.approx([weight for _, weight in held], abs=1e-3)


def engine_of(searcher: Searcher) -> Engine:
    """The engine behind a Searcher."""
    return searcher._engine
