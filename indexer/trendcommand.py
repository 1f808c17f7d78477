"""The command trend."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.analysisform import PATIENT, asked_request, request_options, say_reading
from indexer.exporting import filter_texts
from indexer.jsonform import dated
from indexer.service import open_searcher
from indexer.tableoutput import check_output, output_options, print_table, save_table
from indexer.tables import table_of_trend, value_name
from indexer.trend import BYS, Trend, TrendPoint, trend

_STATUS = {
    "counted": ("", ""),
    "dropped": ("该部分已取消", "part dropped"),
    "absent": ("本库未收", "none here"),
}


@click.command("trend", context_settings={"ignore_unknown_options": True})  # so that `trend -公开` is a query
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@click.option("--by", type=click.Choice(BYS), default="year", show_default=True, help="What the groups are.")
@output_options
@request_options
@pass_settings
def trend_command(
    settings: Settings,
    queries: tuple[str, ...],
    by: str,
    output: Path | None,
    force: bool,
    match: str,
    scope: str,
    filters: tuple[str, ...],
    copies: str,
    seconds: float | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """How often queries stand in reports, by group (历年趋势): reports, their share, occurrences per 10,000 characters.

    Prose is counted unless --filter form=... says otherwise.
    """
    if output:
        check_output(output, force)
    request = asked_request(settings, "", match, scope, filters, copies)
    searcher = open_searcher(settings.home, PATIENT)
    try:
        found = trend(searcher, queries, next(b for b in BYS if b == by), request, seconds=seconds)
        now = datetime.now().astimezone()
        table = table_of_trend(searcher, found, now, settings.lang) if as_csv or output else None
    finally:
        searcher.close()
    if table and output:
        save_table(settings, table, output)
    elif table:
        print_table(table)
    elif as_json:
        print_json({**trend_json(found), **dated()})
    else:
        _print(settings, found)
    if found.problem and (as_json or table):
        settings.warn(*found.problem)


def trend_json(found: Trend) -> dict[str, object]:
    """Return a trend as JSON values."""
    request = found.request
    return {
        "by": found.by,
        "unit": found.by,
        "match": request.match,
        "scope": request.scope,
        "copies": request.copies,
        "filters": list(filter_texts(request.filters)),
        "breaks": list(found.breaks),
        "engine": found.engine,
        "generation": found.generation,
        "corpus_id": found.corpus_id,
        "problem": None if found.problem is None else {"zh": found.problem[0], "en": found.problem[1]},
        "series": [
            {
                "query": series.query,
                "read_as": series.read_as,
                "notes": list(series.notes),
                "points": [_point(point) for point in series.points],
            }
            for series in found.series
        ],
    }


def _point(point: TrendPoint) -> dict[str, object]:
    return {
        "value": point.value,
        "status": point.status,
        "reports": point.reports,
        "of_reports": point.of_reports,
        "share": point.share,
        "sections": point.sections,
        "occurrences": point.occurrences,
        "characters": point.characters,
        "per_10000": point.per_10000,
        "filters": list(filter_texts(point.filters)),
    }


def _print(settings: Settings, found: Trend) -> None:
    english = settings.lang == "en"
    for series in found.series:
        click.echo("")
        say_reading(settings, series.read_as, series.notes)
        settings.say(
            "报告 / 有此类章节的报告 · 占比 · 出现次数 · 每万字",
            "reports / reports with such sections · share · occurrences · per 10,000 characters",
        )
        for point in series.points:
            if found.by == "year" and point.value in {str(year) for year in found.breaks}:
                settings.say("  ── 报告格式改变 ──", "  -- another template --")
            name = value_name(found.by, point.value, settings.lang)
            if point.status != "counted":
                click.echo(f"  {name}  {_STATUS[point.status][english]}")
                continue
            share = f"{point.share:.1%}" if point.share is not None else "-"
            dense = f"{point.per_10000:.2f}" if point.per_10000 is not None else "-"
            often = "-" if point.occurrences is None else str(point.occurrences)
            click.echo(f"  {name}  {point.reports} / {point.of_reports} · {share} · {often} · {dense}")
    click.echo("")
    settings.say(
        f"口径：{' '.join(filter_texts(found.request.filters))}；匹配 {found.request.match}；每万字按这些章节的字数（不计空白）",
        f"of: {' '.join(filter_texts(found.request.filters))}; match {found.request.match}; characters are those of "
        "these sections, blanks left out",
    )
    settings.say(
        f"语料版本 {found.corpus_id} · 引擎 {found.engine}", f"corpus {found.corpus_id} · engine {found.engine}"
    )
    if found.problem:
        settings.warn(*found.problem)
