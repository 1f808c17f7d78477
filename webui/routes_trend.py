"""The trend page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from corpus.cli import program
from indexer.exporting import filter_texts
from indexer.methodsnote import filter_words
from indexer.occurrences import PAGE_SECONDS
from indexer.results import Filter
from indexer.service import Services
from indexer.tables import table_methods, table_of_trend
from indexer.trend import BYS, MOST_QUERIES, By, Trend, TrendPoint, TrendSeries, trend
from webui.labels import filter_name, label
from webui.localize import number
from webui.page import here
from webui.state import Lang, SearchState
from webui.trendchart import ChartPoint, bar_chart, line_chart

Measure = Literal["share", "reports", "occurrences", "per_10000"]
MEASURES: Final[tuple[Measure, ...]] = ("share", "reports", "occurrences", "per_10000")
_DRAWN: Final = 40
_DRAWN_YEARS: Final = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """A point with the address of its hits and its figures as text."""

    point: TrendPoint
    url: str
    share: str
    dense: str


@dataclass(frozen=True, slots=True)
class Row:
    """A group: its name, whether another template begins with it, and a cell for each query."""

    name: str
    first_of_template: bool
    cells: tuple[Cell, ...]


def blueprint(services: Services) -> Blueprint:
    """Return the route of the trend page."""
    pages = Blueprint("trend", __name__)

    @pages.get("/trend")
    def show() -> str:
        state = here().state
        queries = [q for q in (value.strip() for value in request.args.getlist("q")) if q][:MOST_QUERIES]
        by: By = next((b for b in BYS if b == request.args.get("by")), "year")
        measure: Measure = next((m for m in MEASURES if m == request.args.get("measure")), "share")
        if not queries:
            return render_template(
                "trend.html", found=None, queries=[], by=by, measure=measure, bys=BYS, measures=MEASURES
            )
        found = trend(services.searcher(), queries, by, replace(state.request(), query=""), seconds=PAGE_SECONDS)
        rows = _rows(found, state)
        table = table_of_trend(services.searcher(), found, datetime.now().astimezone(), state.lang)
        return render_template(
            "trend.html",
            found=found,
            queries=queries,
            by=by,
            measure=measure,
            bys=BYS,
            measures=MEASURES,
            rows=rows,
            chart=_chart(found, rows, measure, state.lang),
            cut=_DRAWN if by != "year" and len(rows) > _DRAWN else 0,
            limits=limits(found.request.filters, state.lang),
            methods=[table_methods(table, facts)[state.lang] for facts in table.facts],
            exported=[
                *(("q", query) for query in queries),
                ("by", by),
                *state.pairs(("q", "page", "size", "sort")),
            ],
            command=terminal("trend", *queries, "--by", by, state=state),
            problem=found.problem[state.lang == "en"] if found.problem else "",
        )

    return pages


def state_of(state: SearchState, query: str, match: str, filters: Sequence[Filter]) -> SearchState:
    """Return the state of the results page that shows the hits of a query under filters."""
    chosen = [(f.field, value) for f in filters if not f.exclude for value in f.values]
    excluded = [(f.field, value) for f in filters if f.exclude for value in f.values]
    years = next(((f.low, f.high) for f in filters if f.is_range and not f.exclude), None)
    bare = replace(state, q=query, match=next((m for m in ("exact", "words", "most") if m == match), "exact"), page=1)
    bare = replace(bare, chosen=(), excluded=(), years=years)
    for field, value in chosen:
        bare = bare.with_value(field, value)
    for field, value in excluded:
        bare = bare.excluding(field, value)
    return bare


def limits(filters: Sequence[Filter], lang: Lang) -> list[str]:
    """Return the filters under which something was counted, in words."""
    return [filter_words(text, lang) for text in filter_texts(filters)]


def terminal(command: str, *args: str, state: SearchState) -> str:
    """Return the command that prints what a page shows, as CSV, ready for a shell."""
    match = ["--match", state.match] if state.match in ("words", "most") else []
    scope = ["--scope", state.scope] if state.scope != "section" else []
    copies = ["--copies", state.copies] if state.copies != "once" else []
    filters = [f"--filter={text}" for text in filter_texts(state.filters())]
    return shlex.join(
        [*program(current_app.config["HOME"]), command, *args, *match, *scope, *copies, *filters, "--csv"]
    )


def _rows(found: Trend, state: SearchState) -> list[Row]:
    rows = []
    for at, group in enumerate(found.series[0].points):
        first = found.by == "year" and group.value in {str(year) for year in found.breaks}
        cells = tuple(_cell(series, series.points[at], found, state) for series in found.series)
        rows.append(Row(filter_name(found.by, group.value, state.lang), first, cells))
    return rows


def _cell(series: TrendSeries, point: TrendPoint, found: Trend, state: SearchState) -> Cell:
    return Cell(
        point,
        state_of(state, series.query, found.request.match, point.filters).url,
        "" if point.share is None else f"{point.share:.1%}",
        "" if point.per_10000 is None else f"{point.per_10000:.2f}",
    )


def _chart(found: Trend, rows: list[Row], measure: Measure, lang: Lang) -> Markup:
    """Return the chart; years in their order, of other groups the first ones."""
    by: By = found.by
    drawn = [row for row in rows if row.cells[0].point.value][-_DRAWN_YEARS:] if by == "year" else rows[:_DRAWN]
    labels = [row.cells[0].point.value if by == "year" else row.name for row in drawn]
    series = [[_drawn(row, row.cells[at], measure, lang) for row in drawn] for at in range(len(found.series))]
    title = label("trend.chart", lang).format(measure=label(f"trend.{measure}", lang), by=label(f"facet.{by}", lang))
    if not any(point.value is not None for points in series for point in points):
        return Markup("")
    if by == "year":
        return line_chart(labels, series, [str(year) for year in found.breaks], title)
    return bar_chart(labels, series, title)


def _drawn(row: Row, cell: Cell, measure: Measure, lang: Lang) -> ChartPoint:
    point = cell.point
    value = getattr(point, measure)
    if measure == "share" and value is not None:
        value *= 100
    figures = {
        "share": cell.share,
        "reports": number(point.reports or 0),
        "occurrences": number(point.occurrences or 0),
        "per_10000": cell.dense,
    }
    return ChartPoint(value, cell.url, f"{row.name} · {label(f'trend.{measure}', lang)} {figures[measure]}")
