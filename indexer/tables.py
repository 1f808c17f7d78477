"""Trends, concordances and facets as tables that carry what they are, ready to be written in any format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Final, Literal, TypeAlias

from corpus.regions import full_name
from indexer.concordance import Line, LineSort, all_lines
from indexer.errors import QueryRejected
from indexer.exporting import Facts, filter_texts
from indexer.exportrun import facts_of, whole_result
from indexer.fields import CODES
from indexer.results import FACETS, SearchRequest
from indexer.service import Searcher
from indexer.trend import By, Trend, trend

Name = Literal["trend", "concordance", "facets"]
Cell: TypeAlias = "str | int | float | None"

_TREND_COLUMNS: Final = (
    "query", "read_as", "by", "value", "name", "status", "reports", "of_reports", "share", "sections", "occurrences",
    "characters", "per_10000", "filters",
)  # fmt: skip
LINE_COLUMNS: Final = (
    "left", "match", "right", "year", "agency", "title", "kind", "form", "report_id", "section_id", "paragraph_id",
    "source_url",
)  # fmt: skip
_FACET_COLUMNS: Final = ("field", "value", "name", "sections", "reports", "selected", "excluded")
#: What of an export's facts says nothing about a table.
_NOT_OF_TABLES: Final = frozenset(("unit", "sample", "seed", "rows"))


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Each row goes with the facts at its number; ``rows`` can be gone through once.

    ``unit`` is what a row is; ``problem`` says (中文, English) what is missing, if anything is.
    """

    name: Name
    unit: str
    columns: tuple[str, ...]
    facts: tuple[Facts, ...]
    rows: Iterator[tuple[int, tuple[Cell, ...]]]
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
    return Table("trend", found.by, _TREND_COLUMNS, facts, _trend_rows(found, lang), found.problem)


def concordance_table(
    searcher: Searcher, request: SearchRequest, now: datetime, *, width: int = 20, sort: LineSort = "place",
    seconds: float | None = None,
) -> Table:  # fmt: skip
    """Return the table of every line of a concordance. Raises as ``concordance`` does, before the first row."""
    if not request.query.strip():
        raise QueryRejected(zh="检索式为空；请给出要找的词语", en="the query is empty; say what to look for")
    facts = _facts(searcher, request, now)
    lines = all_lines(searcher, request, width=width, sort=sort, seconds=seconds)
    # What goes wrong with the first one must be said before anything is written.
    first = next(lines, None)
    every = chain([first], lines) if first is not None else lines
    return Table("concordance", "match", LINE_COLUMNS, (facts,), ((0, line_row(line)) for line in every))


def facet_table(searcher: Searcher, request: SearchRequest, now: datetime, lang: str) -> Table:
    """Return every value of every facet with its exact counts; reports are empty for fields of the section."""
    asked = replace(whole_result(request), facets=FACETS)
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
    return Table("facets", "value", _FACET_COLUMNS, (facts,), rows)


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
        values["problem"] = " ".join(table.problem or ())
        found.append(values)
    return found


def _facts(searcher: Searcher, request: SearchRequest, now: datetime) -> Facts:
    return facts_of(searcher.search(whole_result(request)), searcher.manifest.engine, now)
