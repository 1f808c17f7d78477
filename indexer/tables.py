"""Trends, concordances, collocates and facets as tables that carry what they are, ready to be written in any format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final, Literal, TypeAlias

from corpus.regions import full_name
from indexer.collocates import MEASURE, Collocates, collocates
from indexer.concordance import Line, all_lines
from indexer.errors import QueryRejected
from indexer.exporting import Facts, filter_texts
from indexer.exportrun import facts_of, whole_result
from indexer.fields import CODES
from indexer.lineorder import LineSort
from indexer.methodsnote import methods_note
from indexer.results import FACETS, SearchRequest, SearchResults
from indexer.service import Searcher
from indexer.trend import By, Trend, trend

Name = Literal["trend", "concordance", "collocates", "facets", "coverage"]
NAMES: Final[tuple[Name, ...]] = ("trend", "concordance", "collocates", "facets", "coverage")
Cell: TypeAlias = "str | int | float | None"

_TREND_COLUMNS: Final = (
    "query", "read_as", "by", "value", "name", "status", "reports", "of_reports", "share", "sections", "occurrences",
    "characters", "per_10000", "filters",
)  # fmt: skip
LINE_COLUMNS: Final = (
    "left", "match", "right", "year", "agency", "title", "kind", "form", "report_id", "section_id", "paragraph_id",
    "start", "source_url",
)  # fmt: skip
WORD_COLUMNS: Final = ("word", "frequency", "before", "after", "elsewhere", "expected", "log_likelihood")
_FACET_COLUMNS: Final = ("field", "value", "name", "sections", "reports", "selected", "excluded")
_BY: Final[Mapping[str, tuple[str, str]]] = {
    "year": ("报告年度", "report year"),
    "region": ("地区", "region"),
    "department": ("所属系统", "department"),
    "kind": ("章节类型", "section kind"),
}
#: What of an export's facts says nothing about a table.
_NOT_OF_TABLES: Final = frozenset(("unit", "sample", "seed", "rows"))


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Each row goes with the facts at its number; ``rows`` can be gone through once.

    ``unit`` is what a row is, ``parameters`` all that repeats the table besides its facts. ``note`` says (中文, English)
    how it was made, after the methods note of its query or (``whole_note``) in its place; ``problem`` what is missing.
    """

    name: Name
    unit: str
    columns: tuple[str, ...]
    facts: tuple[Facts, ...]
    rows: Iterator[tuple[int, tuple[Cell, ...]]]
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    note: tuple[str, str] = ("", "")
    whole_note: bool = False
    problem: tuple[str, str] | None = None


def trend_table(
    searcher: Searcher, queries: Sequence[str], by: By, request: SearchRequest, now: datetime, lang: str,
    seconds: float | None = None,
) -> Table:  # fmt: skip
    """Return the table of a trend: a row for each query and group. Raises as ``trend`` does."""
    return table_of_trend(searcher, trend(searcher, queries, by, request, seconds=seconds), now, lang)


def table_of_trend(searcher: Searcher, found: Trend, now: datetime, lang: str) -> Table:
    """Return the table of a trend that is already counted, over the same generation."""
    facts = tuple(_facts(searcher, replace(found.request, query=series.query), now) for series in found.series)
    zh, en = _BY[found.by]
    note = (
        f"按{zh}分组；占比的分母是同一组、同样筛选下有此类章节的报告，每万字出现次数的分母是这些章节的字数（不计空白）。",
        f"Counted by {en}; shares are of the reports of a group that have such sections under the same filters, "
        "occurrences per 10,000 characters of these sections without blanks.",
    )
    rows = _trend_rows(found, lang)
    return Table("trend", found.by, _TREND_COLUMNS, facts, rows, {"by": found.by}, note, problem=found.problem)


def concordance_table(
    searcher: Searcher, request: SearchRequest, now: datetime, *, width: int = 20, sort: LineSort = "place",
    offset: int = 0, limit: int | None = None, seconds: float | None = None,
) -> Table:  # fmt: skip
    """Return the table of every line of a concordance, or of ``limit`` from ``offset`` on.

    Raises as ``concordance`` does, before the first row.
    """
    if not request.query.strip():
        raise QueryRejected(zh="检索式为空；请给出要找的词语", en="the query is empty; say what to look for")
    facts = _facts(searcher, request, now)
    all_of_them = all_lines(searcher, request, width=width, sort=sort, seconds=seconds)
    lines = islice(all_of_them, offset, None if limit is None else offset + limit)
    # What goes wrong with the first one must be said before anything is written.
    first = next(lines, None)
    every = chain([first], lines) if first is not None else lines
    parameters: dict[str, str | int] = {"width": width, "sort": sort}
    if offset or limit is not None:
        parameters |= {"offset": offset, "limit": -1 if limit is None else limit}
    note = _lines_note(width, offset if "offset" in parameters else -1)
    rows = ((0, line_row(line)) for line in every)
    return Table("concordance", "match", LINE_COLUMNS, (facts,), rows, parameters, note)


def concordance_methods(searcher: Searcher, request: SearchRequest, now: datetime, width: int) -> dict[str, str]:
    """Return the methods note of the table of a whole concordance, in both languages, without its lines."""
    facts = _facts(searcher, request, now)
    return table_methods(Table("concordance", "match", (), (facts,), iter(()), note=_lines_note(width)), facts)


def _lines_note(width: int, offset: int = -1) -> tuple[str, str]:
    some = (f"列出第 {offset + 1} 行起的一部分匹配", f"Some of the matches are listed, from line {offset + 1} on")
    zh, en = some if offset >= 0 else ("列出每一处匹配", "Every match is listed")
    return f"{zh}，两侧各至多 {width} 字。", f"{en}, with at most {width} characters on either side."


def collocates_table(
    searcher: Searcher, request: SearchRequest, now: datetime, *, within: int = 5, least: int = 2, limit: int = 100,
    seconds: float | None = None,
) -> Table:  # fmt: skip
    """Return the table of the words near the matches. Raises as ``collocates`` does."""
    if not request.query.strip():
        raise QueryRejected(zh="检索式为空；请给出要找的词语", en="the query is empty; say what to look for")
    found = collocates(searcher, request, within=within, least=least, limit=limit, seconds=seconds)
    return table_of_collocates(searcher, found, now, least, limit)


def table_of_collocates(searcher: Searcher, found: Collocates, now: datetime, least: int, limit: int) -> Table:
    """Return the table of collocates that are already counted, over the same generation."""
    note = (
        f"列出词距 {found.within} 以内的词（{found.matches} 处匹配，近处 {found.words_near} 词，命中章节其余部分 "
        f"{found.words_elsewhere} 词），至少共现 {least} 次，取前 {limit} 个；关联度量：{MEASURE}。",
        f"Words at most {found.within} words from one of {found.matches} matches ({found.words_near} words near, "
        f"{found.words_elsewhere} in the rest of the matching sections), together at least {least} times, the first "
        f"{limit} by {MEASURE}.",
    )
    rows: Iterator[tuple[int, tuple[Cell, ...]]] = (
        (0, tuple(getattr(word, name) for name in WORD_COLUMNS)) for word in found.words
    )
    parameters: dict[str, str | int] = {"within": found.within, "least": least, "limit": limit, "measure": MEASURE}
    return Table("collocates", "word", WORD_COLUMNS, (_facts(searcher, found.request, now),), rows, parameters, note)


def facet_table(
    searcher: Searcher, request: SearchRequest, now: datetime, lang: str, fields: Sequence[str] = ()
) -> tuple[Table, SearchResults]:
    """Return every value of some facets (all by default) with its exact counts, and the search that gave them.

    Reports are empty for fields of the section.
    """
    chosen = tuple(dict.fromkeys(fields)) or FACETS
    asked = replace(whole_result(request), facets=chosen)
    found = searcher.search(asked)
    facts = facts_of(found, searcher.manifest.engine, now)
    rows: Iterator[tuple[int, tuple[Cell, ...]]] = (
        (
            0,
            (
                facet.field,
                value.value,
                value_name(facet.field, value.value, lang),
                value.sections,
                value.reports,
                int(value.selected),
                int(value.excluded),
            ),
        )
        for facet in found.facets
        for value in facet.values
    )
    note = (
        "每个分面的各值按其余筛选下的命中计数，报告不重复计。",
        "The values of each facet are counted under all other filters, each report once.",
    )
    return Table("facets", "value", _FACET_COLUMNS, (facts,), rows, {"fields": " ".join(chosen)}, note), found


def value_name(field: str, value: str, lang: str) -> str:
    """Return the name of a value of a field in a language; one that has no other name stays as it is."""
    english = lang == "en"
    if not value:
        return "Not stated" if english else "未注明"
    if field == "region":
        return full_name(value)
    return CODES.get(field, {}).get(value, (value, value))[english]


def line_row(line: Line) -> tuple[Cell, ...]:
    """Return a line as a row of ``LINE_COLUMNS``."""
    return tuple(getattr(line, "block_id" if name == "paragraph_id" else name) for name in LINE_COLUMNS)


def _trend_rows(found: Trend, lang: str) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    for number, series in enumerate(found.series):
        for point in series.points:
            yield number, (
                series.query, series.read_as, found.by, point.value, value_name(found.by, point.value, lang),
                point.status, point.reports, point.of_reports, point.share, point.sections, point.occurrences,
                point.characters, point.per_10000, " ".join(filter_texts(point.filters)),
            )  # fmt: skip


def table_facts(table: Table) -> list[dict[str, object]]:
    """Return what a table is, for each of its queries: JSON values by name."""
    found = []
    for facts in table.facts:
        values: dict[str, object] = {"table": table.name, "unit": table.unit}
        values |= {name: value for name, value in asdict(facts).items() if name not in _NOT_OF_TABLES}
        values["filters"] = list(facts.filters)
        values["parameters"] = dict(table.parameters)
        values["problem"] = " ".join(table.problem or ())
        found.append(values)
    return found


def table_methods(table: Table, facts: Facts) -> dict[str, str]:
    """Return the methods note of a table for one of its queries, in both languages."""
    zh, en = table.note
    if table.whole_note:
        said = {
            "zh": f"检索式：“{facts.query}”（解读为：{facts.read_as}）。",
            "en": f" Query: “{facts.query}”, read as: {facts.read_as}.",
        }
        return {"zh": zh + (said["zh"] if facts.query else ""), "en": en + (said["en"] if facts.query else "")}
    return {"zh": methods_note(facts, "zh") + zh, "en": f"{methods_note(facts, 'en')} {en}".strip()}


def _facts(searcher: Searcher, request: SearchRequest, now: datetime) -> Facts:
    return facts_of(searcher.search(whole_result(request)), searcher.manifest.engine, now)
