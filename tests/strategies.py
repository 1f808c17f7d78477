"""Hypothesis strategies: small libraries of valid reports, and queries that often match them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bruteforce import units_of
from hypothesis import strategies as st

from corpus.folding import fold
from corpus.model import KINDS, Block, Report, Section, digest64
from indexer.parser import quote
from indexer.query import (
    And,
    AtLeast,
    Code,
    Exact,
    MatchAll,
    Near,
    Nearby,
    Not,
    Or,
    Phrase,
    Plan,
    Query,
    Range,
    Term,
)
from indexer.results import Filter

# Building reports by hand or from drawn parts


@dataclass(frozen=True)
class Part:
    """One section to be: a heading, its paragraphs or rows, and how its heading line stands in the text.

    ``line``: own ("heading" block), glued (the first paragraph begins with it) or none (no such line).
    """

    heading: str
    units: tuple[str, ...] = ()
    level: int = 1
    kind: str = "body"
    form: str = "prose"
    line: str = "own"


def build_report(name: str, title: str, parts: Iterable[Part], **meta: object) -> Report:
    """Return a valid report; the first part is the section that owns the title (its heading is ignored)."""
    fields: dict[str, object] = {
        "doctype": "annual_report",
        "template": "none",
        "agency": "",
        "region": "",
        "department": "",
        "level": "",
        "year": None,
        "published_on": "",
        "document_number": "",
        "source_url": "",
    }
    fields |= meta
    report_id = digest64("report", name)
    sections: list[Section] = []
    open_headings: list[tuple[int, str]] = []
    position = 0
    for ordinal, part in enumerate(parts):
        level = part.level if ordinal else 0
        heading = part.heading if ordinal else title
        while open_headings and open_headings[-1][0] >= level:
            open_headings.pop()
        if ordinal and heading:
            open_headings.append((level, heading))
        blocks, text = _blocks(part, heading, f"{report_id}{ordinal}", position)
        position += len(blocks)
        sections.append(
            Section(
                section_id=digest64("section", name, str(ordinal)),
                ordinal=ordinal,
                level=level,
                form=part.form,  # type: ignore[arg-type]
                kind=part.kind,
                heading=heading,
                heading_path=tuple(each for _, each in open_headings) if ordinal else (),
                text=text,
                blocks=blocks,
            )
        )
    return Report(report_id=report_id, title=title, sections=tuple(sections), **fields)  # type: ignore[arg-type]


def _blocks(part: Part, heading: str, name: str, position: int) -> tuple[tuple[Block, ...], str]:
    unit_form = "row" if part.form == "table" else "paragraph"
    lines = [(unit_form, unit) for unit in part.units]
    if heading and part.line == "own":
        lines.insert(0, ("heading", heading))
    elif heading and part.line == "glued":
        rest = lines.pop(0)[1] if lines else ""
        lines.insert(0, ("paragraph", heading + rest))
    blocks: list[Block] = []
    start = 0
    for number, (form, line) in enumerate(lines):
        blocks.append(
            Block(
                block_id=digest64("block", name, str(number)),
                form=form,  # type: ignore[arg-type]
                start=start,
                end=start + len(line),
                position=position + number,
            )
        )
        start += len(line) + 1
    return tuple(blocks), "\n".join(line for _, line in lines)


# Texts from an alphabet so small that matches are frequent

HAN = list("政府信息公开行政复议青岛")
WORDS = ["政府", "信息", "公开", "信息公开", "行政复议", "青岛", "青岛市", "依申请", "答复"]
ASCII = ["1", "5", "15", "2010", "a", "A", "ab", "AB", "B5"]
FOLDING = ["５", "１", "ａ", "Ａ", "開", "發", "復議", "⾏", "⼀", "⻓", "ß", "ẞ", "ss", "○", "〇", "一"]
BLANKS = [" ", "  ", "\u3000", "\u00a0", "\t"]
NOTHING = ["\u200b", "\ufeff", "\u00ad"]
PUNCTUATION = [*list('，。（）()〔〕[]“”"、-|:'), "《", "》", "*"]
TOKENS = HAN * 3 + WORDS * 2 + ASCII * 2 + FOLDING + BLANKS + NOTHING + PUNCTUATION

texts = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=8).map("".join)
units = texts.filter(lambda text: bool(text.strip()))

REGIONS = ("", "100000", "370000", "370200", "370202", "310000", "310101", "310103", "330184", "420600")
YEARS = (None, 2009, 2010, 2015)
DATES = ("", "2010-03-31", "2011-01-30", "2011-01-31")
AGENCIES = ("", "青岛市人民政府", "青岛市人力资源和社会保障局", "青岛市人事局", "Ａgency 5")
DEPARTMENTS = ("", "人力资源和社会保障", "政府")
NUMBERS = ("", "国发〔2010〕33号", "永政办[2009]51号")


@st.composite
def parts(draw: st.DrawFn) -> Part:
    form = draw(st.sampled_from(["prose", "prose", "prose", "table"]))
    bodies = tuple(draw(st.lists(units, min_size=0, max_size=3)))
    kind = draw(st.sampled_from(KINDS[:6]))
    level = draw(st.integers(1, 3))
    if form == "table":
        return Part("", bodies or ("公开 5",), level, kind, form, "none")
    line = draw(st.sampled_from(["own", "own", "own", "glued"]))
    return Part(draw(units), bodies, level, kind, form, line)


@st.composite
def reports(draw: st.DrawFn, name: str) -> Report:
    first = Part("", tuple(draw(st.lists(units, max_size=2))), 0, "preface", "prose", draw(LINES))
    return build_report(
        name,
        draw(units),
        [first, *draw(st.lists(parts(), max_size=4))],
        agency=draw(st.sampled_from(AGENCIES)),
        region=draw(st.sampled_from(REGIONS)),
        department=draw(st.sampled_from(DEPARTMENTS)),
        level=draw(st.sampled_from(["", "prefecture", "county"])),
        doctype=draw(st.sampled_from(["annual_report", "policy"])),
        template=draw(st.sampled_from(["old", "2019", "none"])),
        year=draw(st.sampled_from(YEARS)),
        published_on=draw(st.sampled_from(DATES)),
        document_number=draw(st.sampled_from(NUMBERS)),
    )


LINES = st.sampled_from(["own", "own", "none"])


@st.composite
def libraries(draw: st.DrawFn) -> tuple[Report, ...]:
    size = draw(st.integers(2, 5))
    drawn = [draw(reports(f"r{number}")) for number in range(size)]
    # Now and then a copy: of another report, of one that isn't here, even of itself or round in a ring.
    originals = st.sampled_from(["", "", "", "nowhere", *(report.report_id for report in drawn)])
    return tuple(replace(report, same_as=draw(originals)) for report in drawn)


# Leaves: mostly pieces of the library's own texts


def all_texts(library: Sequence[Report]) -> list[str]:
    """Every text that a leaf can be met by: units, titles, agencies."""
    found = {unit for report in library for section in report.sections for unit in units_of(section)}
    found |= {report.agency for report in library} | {report.title for report in library}
    return sorted(text for text in found if text.strip())


def substrings(library: Sequence[Report], longest: int = 12) -> st.SearchStrategy[str]:
    @st.composite
    def one(draw: st.DrawFn) -> str:
        text = draw(st.sampled_from(all_texts(library)))
        start = draw(st.integers(0, len(text) - 1))
        length = draw(st.integers(1, longest))
        return text[start : start + length]

    return one()


def leaf_texts(library: Sequence[Report]) -> st.SearchStrategy[str]:
    return st.one_of(substrings(library, 4), substrings(library), st.sampled_from(HAN + WORDS + ASCII), texts)


def fields_of_text() -> st.SearchStrategy[str]:
    return st.sampled_from(["title", "agency", "region", "department", "number"])


FIELD_TEXTS = [
    "青岛",
    "山东省",
    "人力资源",
    "政府",
    "33号",
    "[2010]33",
    "2009",
    "公开",
    "上海市黄浦",
    "余杭市",
    "余杭区",
    "襄樊",
    "5",
]


def conditions() -> st.SearchStrategy[Range | Code | MatchAll]:
    """Leaves that aren't on text, as they stand in a Query and in a Plan."""
    bounds = st.sampled_from([None, 2009, 2010, 2011, 2015])
    ranges = st.tuples(bounds, bounds).filter(lambda pair: pair != (None, None))
    codes = [Code("kind", kind) for kind in KINDS[:6]] + [
        Code("form", "table"),
        Code("form", "prose"),
        Code("level", "county"),
        Code("doctype", "policy"),
        Code("template", "2019"),
    ]
    return st.one_of(ranges.map(lambda pair: Range("year", *pair)), st.sampled_from(codes), st.just(MatchAll()))


def _trees(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda found: And(tuple(found))),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: And(tuple(found))),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: Or(tuple(found))),
            inner.map(Not),
        ),
        max_leaves=5,
    )


def queries(library: Sequence[Report]) -> st.SearchStrategy[Query]:
    """(a) Random query trees over raw texts."""
    text = leaf_texts(library)
    leaves = st.one_of(
        text.map(Term),
        text.map(Term),
        text.map(Exact),
        st.builds(Near, st.lists(text, min_size=2, max_size=3).map(tuple), st.integers(0, 6)),
        st.builds(Term, st.sampled_from(FIELD_TEXTS), fields_of_text()),
        st.builds(Exact, st.sampled_from(FIELD_TEXTS), fields_of_text()),
        conditions(),
    )
    return _trees(leaves)  # type: ignore[return-value]


def plans(library: Sequence[Report]) -> st.SearchStrategy[Plan]:
    """(a) Random plans over folded texts, as an engine gets them."""
    text = leaf_texts(library).map(fold).filter(bool)
    ascii_run = st.sampled_from(["1", "5", "15", "2010", "a", "ab", "b5"])
    phrase = st.builds(Phrase, text, context=st.booleans())
    run = st.builds(Phrase, ascii_run, whole_run=st.just(True), context=st.booleans())
    pool = st.lists(st.one_of(phrase, run), min_size=1, max_size=5, unique=True)
    leaves = st.one_of(
        phrase,
        phrase,
        run,
        st.builds(Nearby, st.lists(text, min_size=2, max_size=3).map(tuple), st.integers(0, 6)),
        pool.flatmap(lambda found: st.builds(AtLeast, st.integers(1, len(found)), st.just(tuple(found)))),
        st.builds(Phrase, st.sampled_from(FIELD_TEXTS).map(fold), field=fields_of_text()),
        st.builds(
            Nearby,
            st.sampled_from([("青岛", "局"), ("山东", "市"), ("国", "33"), ("政", "府")]),
            st.integers(0, 6),
            fields_of_text(),
        ),
        conditions(),
    )
    return _trees(leaves)  # type: ignore[return-value]


# Strings


def quoted(library: Sequence[Report]) -> st.SearchStrategy[str]:
    """(b) Substrings of the texts, quoted."""
    return substrings(library, 20).map(quote)


JUNK = [
    *' \u3000"“”「」()（）:：|｜-~*\\.',
    "OR",
    "AND",
    "NOT",
    " OR ",
    " | ",
    " -",
    " NOT ",
    '"~3',
    '"青岛 公开"~5',
    "~20",
    "..",
    "title:",
    "标题:",
    "机关：",
    "机关:人社局",
    '机关:"人事局"',
    "-agency:青岛市人社局",
    "地区:青岛",
    "region:370200",
    "region:999999",
    "year:2010",
    "年份:2009..2012",
    "year:..",
    "year:2015..2009",
    "year:abc",
    "kind:review",
    "章节:nothing",
    "form:table",
    "形式:表格",
    "nofield:",
    "http://",
    '\\"',
    "\x00",
    "\ud800",
    "\u200b",
    "😀",
    "-(",
    "--",
    '-"',
    "()",
    "( )",
    '""',
    "、",
]


def raw_queries(library: Sequence[Report]) -> st.SearchStrategy[str]:
    """(c) Strings with operators, fields and junk."""
    words = st.one_of(st.sampled_from(HAN + WORDS + ASCII), substrings(library, 6))
    fragments = st.one_of(words, words, words.map(lambda text: f" {text} "), st.sampled_from(JUNK))
    return st.lists(fragments, min_size=0, max_size=9).map("".join)


# Filters


def filters() -> st.SearchStrategy[tuple[Filter, ...]]:
    """At most one filter per field, and on year either values or a range."""
    choices: dict[str, list[str]] = {
        "region": [*REGIONS, "110000"],
        "year": ["", "2009", "2010", "2015", "1999"],
        "agency": list(AGENCIES),
        "department": list(DEPARTMENTS),
        "level": ["", "prefecture", "county"],
        "doctype": ["annual_report", "policy"],
        "template": ["old", "2019", "none"],
        "kind": list(KINDS[:6]),
        "form": ["prose", "table"],
    }

    @st.composite
    def of_field(draw: st.DrawFn, field: str) -> Filter:
        if field == "year" and draw(st.booleans()):
            low, high = draw(st.tuples(st.sampled_from([None, 2009, 2010]), st.sampled_from([None, 2010, 2015])))
            if (low, high) != (None, None):
                return Filter("year", low=low, high=high)
        values = tuple(draw(st.lists(st.sampled_from(choices[field]), min_size=1, max_size=3, unique=True)))
        return Filter(field, values, exclude=draw(st.booleans()))

    fields = st.lists(st.sampled_from(list(choices)), min_size=0, max_size=3, unique=True)
    return fields.flatmap(lambda names: st.tuples(*(of_field(name) for name in names)))
