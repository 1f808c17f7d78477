"""How a query string is read: contract chapters 5 and 9, and that no string at all is an accident."""

from __future__ import annotations

import pytest
import strategies
from bruteforce import BruteForce
from fixed_library import FIXED
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.characters import clean_characters
from indexer.engine import Selection
from indexer.errors import QueryRejected
from indexer.ladder import rewrite
from indexer.parser import parse, quote, read_as
from indexer.query import RUNGS, And, Code, Exact, MatchAll, Near, Node, Not, Or, Query, Range, Term
from indexer.results import Limits
from indexer.segment import default_segmenter

A, B, C = Term("甲"), Term("乙"), Term("丙")


def read(text: str) -> Query:
    """Parse what must parse without a note."""
    parsed = parse(text)
    assert parsed.notes == (), parsed
    return parsed.query


def plain(text: str) -> Query:
    """Parse what must be noted as read otherwise than typed."""
    parsed = parse(text)
    assert parsed.notes, parsed
    return parsed.query


def leaves(query: Node) -> list[Node]:
    match query:
        case And(children=children) | Or(children=children):
            return [leaf for child in children for leaf in leaves(child)]
        case Not(child=child):
            return leaves(child)
    return [query]


def all_text(query: Node) -> str:
    """Every raw text in the query, joined."""
    texts = []
    for leaf in leaves(query):
        if isinstance(leaf, Term | Exact):
            texts.append(leaf.text)
        elif isinstance(leaf, Near):
            texts.extend(leaf.parts)
    return " ".join(texts)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", MatchAll()),
        (" \u3000\t ", MatchAll()),
        ("甲", A),
        (" 甲 ", A),
        ("甲 乙", And((A, B))),
        ("甲　乙", And((A, B))),
        ("甲\t乙\n丙", And((A, B, C))),
        ("甲\u00a0乙", And((A, B))),
        ("甲 AND 乙", And((A, B))),
        ("甲 OR 乙", Or((A, B))),
        ("甲 | 乙", Or((A, B))),
        ("甲|乙", Or((A, B))),
        ("甲｜乙", Or((A, B))),
        ("甲 OR 乙 OR 丙", Or((A, B, C))),
        ("甲 乙 OR 丙", Or((And((A, B)), C))),
        ("甲 OR 乙 丙", Or((A, And((B, C))))),
        ("甲 AND 乙 OR 丙", Or((And((A, B)), C))),
        ("-甲", Not(A)),
        ("NOT 甲", Not(A)),
        ("甲 -乙", And((A, Not(B)))),
        ("甲 NOT 乙", And((A, Not(B)))),
        ("甲 AND NOT 乙", And((A, Not(B)))),
        ("甲 OR -乙", Or((A, Not(B)))),
        ("甲-乙", Term("甲-乙")),
        ("甲OR乙", Term("甲OR乙")),
        ("甲 or 乙", And((A, Term("or"), B))),
        ("甲 and 乙", And((A, Term("and"), B))),
        ("not 甲", And((Term("not"), A))),
        ("ORANGE", Term("ORANGE")),
        ("NOTICE 甲", And((Term("NOTICE"), A))),
    ],
)
def test_5_1_blank_or_and_not(text: str, query: Query) -> None:
    assert read(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("(甲)", A),
        ("(甲 乙)", And((A, B))),
        ("(甲 OR 乙) 丙", And((Or((A, B)), C))),
        ("（甲 OR 乙） 丙", And((Or((A, B)), C))),
        ("（甲 OR 乙) 丙", And((Or((A, B)), C))),
        ("丙 (甲|乙)", And((C, Or((A, B))))),
        ("-(甲 OR 乙)", Not(Or((A, B)))),
        ("NOT (甲 乙)", Not(And((A, B)))),
        ("-（甲　乙）", Not(And((A, B)))),
        ("((甲))", A),
        ("国发(2010)33号", Term("国发(2010)33号")),
        ("國發（2010）33號", Term("國發（2010）33號")),
        ("国发(2010)33号 甲", And((Term("国发(2010)33号"), A))),
        ("-国发(2010)33号", Not(Term("国发(2010)33号"))),
        ("(国发(2010)33号 OR 甲)", Or((Term("国发(2010)33号"), A))),
        ("国发〔2010〕33号", Term("国发〔2010〕33号")),
    ],
)
def test_5_2_brackets(text: str, query: Query) -> None:
    assert read(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('"甲"', Exact("甲")),
        ('"甲 乙"', Exact("甲 乙")),
        ("“甲 乙”", Exact("甲 乙")),
        ("「甲 乙」", Exact("甲 乙")),
        ('"甲 OR -乙 (丙 标题:|"', Exact("甲 OR -乙 (丙 标题:|")),
        (r'"甲\"乙"', Exact('甲"乙')),
        (r'"甲\\"', Exact("甲\\")),
        (r'"\\\""', Exact('\\"')),
        ('“甲"乙」丙”', Exact('甲"乙」丙')),
        ('「甲"乙”丙」', Exact('甲"乙”丙')),
        ('"甲“乙”丙"', Exact("甲“乙”丙")),
        ('-"甲"', Not(Exact("甲"))),
        ('NOT "甲"', Not(Exact("甲"))),
        ('"甲" "乙"', And((Exact("甲"), Exact("乙")))),
        ('"甲" OR “乙”', Or((Exact("甲"), Exact("乙")))),
        ('("甲" 乙)', And((Exact("甲"), B))),
        ('"甲\u3000乙"', Exact("甲\u3000乙")),
        ('"："', Exact("：")),
    ],
)
def test_5_3_quotes(text: str, query: Query) -> None:
    assert read(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('"甲 乙"~20', Near(("甲", "乙"), 20)),
        ("“甲 乙”~20", Near(("甲", "乙"), 20)),
        ('"甲 乙 丙"~0', Near(("甲", "乙", "丙"), 0)),
        ('"甲　乙"~5', Near(("甲", "乙"), 5)),
        ('"  甲   乙 "~5', Near(("甲", "乙"), 5)),
        ('"甲 甲"~5', Near(("甲", "甲"), 5)),
        ('-"甲 乙"~5', Not(Near(("甲", "乙"), 5))),
        ('"甲"~5', Exact("甲")),
        ('标题:"甲 乙"~5', Near(("甲", "乙"), 5, "title")),
        ('"甲 乙"~5 丙', And((Near(("甲", "乙"), 5), C))),
        ('("甲 乙"~5)', Near(("甲", "乙"), 5)),
    ],
)
def test_5_4_near(text: str, query: Query) -> None:
    assert read(text) == query


@pytest.mark.parametrize(
    "text", ["(甲", "甲)", "（甲", "甲）", '甲"', '"甲', "“甲", "甲”", "「甲", "甲」", "((甲)", "-(甲"]
)
def test_5_5_a_bracket_or_quote_without_its_twin_is_plain(text: str) -> None:
    assert "甲" in all_text(plain(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("甲 OR", ["甲", "OR"]),
        ("OR 甲", ["甲", "OR"]),
        ("甲 |", ["甲"]),
        ("甲 OR OR 乙", ["甲", "OR", "乙"]),
        ("甲 AND", ["甲", "AND"]),
        ("甲 NOT", ["甲", "NOT"]),
        ("甲 -", ["甲"]),
        ("OR", ["OR"]),
        ("-", ["-"]),
        ("()", []),
        ("甲 ()", ["甲"]),
        ("kind:胡说", ["kind:胡说"]),
        ("年份:去年", ["年份:去年"]),
        ("year:..", ["year:.."]),
        ("year:2010...2015", ["year:2010...2015"]),
        ("form:x 甲", ["form:x", "甲"]),
    ],
)
def test_5_5_operators_without_a_side_and_unknown_values_are_plain(text: str, words: list[str]) -> None:
    found = all_text(plain(text))
    for word in words:
        assert word in found


@pytest.mark.parametrize("text", ["nofield:甲", "http://www.gov.cn", "12:30", "邮箱：甲", ":甲", "甲:"])
def test_5_5_an_unknown_field_is_plain(text: str) -> None:
    assert all_text(parse(text).query).replace("：", ":") == text.replace("：", ":")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("title:甲", Term("甲", "title")),
        ("标题:甲", Term("甲", "title")),
        ("标题：甲", Term("甲", "title")),
        ('标题:"甲 乙"', Exact("甲 乙", "title")),
        ("标题：“甲 乙”", Exact("甲 乙", "title")),
        ("机关:甲", Term("甲", "agency")),
        ("agency:甲", Term("甲", "agency")),
        ("地区:甲", Term("甲", "region")),
        ("系统:甲", Term("甲", "department")),
        ("department:甲", Term("甲", "department")),
        ("文号:国发(2010)33号", Term("国发(2010)33号", "number")),
        ("number:甲", Term("甲", "number")),
        ("-标题:甲", Not(Term("甲", "title"))),
        ("year:2010", Range("year", 2010, 2010)),
        ("年份：2010", Range("year", 2010, 2010)),
        ("year:2010..2015", Range("year", 2010, 2015)),
        ("year:2010..", Range("year", 2010, None)),
        ("year:..2015", Range("year", None, 2015)),
        ("kind:review", Code("kind", "review")),
        ("章节:review", Code("kind", "review")),
        ("形式:表格", Code("form", "table")),
        ("形式:table", Code("form", "table")),
        ("form:table", Code("form", "table")),
        ("层级:county", Code("level", "county")),
        ("类型:policy", Code("doctype", "policy")),
        ("格式:2019", Code("template", "2019")),
        ("template:none", Code("template", "none")),
    ],
)
def test_4_5_fields(text: str, query: Query) -> None:
    assert read(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("title:(甲 乙)", And((Term("甲", "title"), Term("乙", "title")))),
        ("标题：（甲 OR 乙）", Or((Term("甲", "title"), Term("乙", "title")))),
        ('title:(甲 -"乙")', And((Term("甲", "title"), Not(Exact("乙", "title"))))),
        ("title:(甲 agency:乙)", And((Term("甲", "title"), Term("乙", "agency")))),
        ("title:(甲 kind:review)", And((Term("甲", "title"), Code("kind", "review")))),
        ('title:("甲 乙"~5)', Near(("甲", "乙"), 5, "title")),
        ("-title:(甲 OR 乙)", Not(Or((Term("甲", "title"), Term("乙", "title"))))),
    ],
)
def test_5_6_a_field_before_brackets(text: str, query: Query) -> None:
    assert read(text) == query


def test_operators_are_told_apart_from_plain_pieces() -> None:
    for text in ("", "甲", "甲 乙", "甲-乙", "国发(2010)33号"):
        assert not parse(text).operators, text
    for text in (
        "甲 OR 乙",
        "甲|乙",
        "-甲",
        "NOT 甲",
        "甲 AND 乙",
        '"甲"',
        "标题:甲",
        "年份:2010",
        '"甲 乙"~3',
    ):
        assert parse(text).operators, text


# Round trips

printable = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(
    lambda text: text == clean_characters(text)
)
AWKWARD = [*'"\\“”「」()（）:：|｜-~* \u3000甲a5～', "OR", " OR "]
awkward = st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=20).map("".join)


@given(st.one_of(printable, awkward))
@example('"')
@example("\\")
@example('\\"')
@example("~20")
@example('甲"~20')
@example(" 甲 ")
def test_quote_leads_back_to_the_text(text: str) -> None:
    parsed = parse(quote(text))
    assert parsed.query == Exact(text)
    assert parsed.notes == ()


@given(st.lists(st.one_of(printable, awkward), min_size=2, max_size=4))
def test_quoted_pieces_stay_apart(texts: list[str]) -> None:
    assert read(" ".join(map(quote, texts))) == And(tuple(map(Exact, texts)))
    assert read(" OR ".join(map(quote, texts))) == Or(tuple(map(Exact, texts)))
    assert read("-" + quote(texts[0])) == Not(Exact(texts[0]))
    assert read("标题:" + quote(texts[0])) == Exact(texts[0], "title")


# Junk


def check_anything(text: str, limits: Limits = Limits()) -> None:  # noqa: B008
    """Parse, rewrite on each rung and ask the fixed library: only a rejection may stop it."""
    try:
        parsed = parse(text, limits)
    except QueryRejected as rejected:
        assert rejected.zh
        assert rejected.en
        return
    assert isinstance(parsed.notes, tuple)
    read_as(parsed.query).encode("utf-8")
    engine = BruteForce(FIXED)
    for rung in RUNGS:
        plan = rewrite(parsed.query, rung, default_segmenter())
        engine.count(Selection(plan), 60.0)


@given(st.one_of(strategies.raw_queries(FIXED), st.text(max_size=60), awkward))
@settings(max_examples=200)
def test_5_5_no_string_raises_anything_but_a_rejection(text: str) -> None:
    check_anything(text)


@pytest.mark.parametrize(
    "text",
    [
        "*",
        '"',
        '""',
        '"""',
        "-",
        "--",
        "- -",
        "---甲",
        "- 甲",
        '-"',
        "\\",
        '\\"',
        '"\\',
        ":",
        "：：",
        "~",
        "~20",
        '"~20',
        '""~20',
        '" "~20',
        '"甲 乙"~',
        '"甲 乙"~x',
        '"甲 乙"~-1',
        '"甲 乙"~1.5',
        '"甲 乙"~٣',
        '"甲 乙"~²',
        "甲~20",
        "|",
        "||",
        "甲||乙",
        "|甲|",
        "()",
        "( )",
        ")(",
        "())(()",
        "(((",
        ")))",
        "(|)",
        "(-)",
        "-()",
        '("")',
        "标题:",
        "标题:()",
        '标题:""',
        "标题: 甲",
        "标题:-甲",
        "标题:标题:甲",
        "标题:(",
        "标题:)",
        "年份:²⁰¹⁰",
        "年份:٢٠١٠",
        "年份:二〇一〇",
        "年份:99999999999999999999999999",
        "年份:-5",
        "年份:..",
        "年份:2015..2010",
        "年份:２０１０",
        "地区:999999",
        "OR OR OR",
        "NOT NOT NOT",
        "NOT NOT 甲",
        "AND AND",
        "NOT OR AND",
        "甲 OR (",
        "甲 OR )",
        "\ud800",
        "甲\udfff乙",
        "\x00",
        "甲\x00乙",
        '"\x00"',
        "\ufeff",
        "\u202e甲",
        "😀",
        "👨‍👩‍👧",
        "é",
        "e\u0301",
        "。",
        "，。！？",
        "…",
        "%_'\";--",
        "<script>",
        "{{7*7}}",
        "\r\n",
        "\u2028",
    ],
)
def test_5_5_odd_strings_are_answered(text: str) -> None:
    check_anything(text)
    parse(text)  # none of them exceeds a limit


@pytest.mark.parametrize(
    "piece", ["甲", "a", "5", "，", "*", "甲5", "甲 ", "-甲 ", '"甲" ', "甲 OR ", '"', "\\", "-", "|", ":"]
)
def test_9_1_a_thousand_characters(piece: str) -> None:
    check_anything((piece * 1_000)[:1_000])


@pytest.mark.parametrize(
    "piece", ["(", ")", "()", ")(", "（", "(甲 ", "-(", "NOT ", "-", "title:(", '"', "甲(", "甲) ", "|"]
)
def test_9_1_five_thousand_brackets(piece: str) -> None:
    wide = Limits(query_length=1_000_000, seconds=60.0)
    check_anything(piece * 5_000, wide)
    check_anything(piece * 5_000 + "甲" + ")" * 5_000, wide)
    with pytest.raises(QueryRejected):
        parse(piece * 5_000)


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("甲" * 2_000, False),
        ("甲" * 2_001, True),
        (" ".join(["甲"] * 64), False),
        (" ".join(["甲"] * 65), True),
        ("|".join(["甲"] * 65), True),
        (" ".join(['"甲"'] * 65), True),
        (" ".join(["-甲"] * 65), True),
        (" ".join(["kind:review"] * 65), True),
        ("(甲 OR (乙 " * 5 + "丙" + "))" * 5, False),
        ("(甲 OR (乙 " * 15 + "丙" + "))" * 15, True),
        ('"一 二 三 四 五"~5', False),
        ('"一 二 三 四 五 六"~5', True),
        ('"一 二"~1000', False),
        ('"一 二"~1001', True),
        ('"一 二"~' + "9" * 1_000, True),
    ],
)
def test_9_1_limits(text: str, rejected: bool) -> None:
    if not rejected:
        parse(text)
        return
    with pytest.raises(QueryRejected) as refused:
        parse(text)
    assert any(char.isdigit() for char in refused.value.zh), "the message names the limit"


def test_9_1_limits_are_the_ones_given() -> None:
    with pytest.raises(QueryRejected):
        parse("甲乙丙", Limits(query_length=2))
    with pytest.raises(QueryRejected):
        parse("甲 乙 丙", Limits(leaves=2))
    with pytest.raises(QueryRejected):
        parse('"甲 乙 丙"~5', Limits(near_parts=2))
    with pytest.raises(QueryRejected):
        parse('"甲 乙"~5', Limits(near_within=4))


@given(st.one_of(strategies.raw_queries(FIXED), printable), st.integers(0, 20))
def test_9_2_surrogates_and_controls_are_dropped_before_reading(text: str, at: int) -> None:
    try:
        clean = parse(text)
    except QueryRejected:
        return
    for junk in ("\ud800", "\x00", "\x1b", "\udcff\x07", "\x80"):
        assert parse(text[:at] + junk + text[at:]) == clean


def test_4_5_swapped_ends_of_a_range_are_put_right() -> None:
    assert parse("year:2015..2010").query == parse("年份:2010..2015").query == Range("year", 2010, 2015)
