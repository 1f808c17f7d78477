"""The command trend."""

from __future__ import annotations

from collections.abc import Iterator

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.regions import full_name
from indexer.analysisform import asked_request, filter_texts, print_csv, request_options
from indexer.fields import CODES, note_words
from indexer.service import open_searcher
from indexer.trend import BYS, By, Trend, TrendPoint, trend

_STATUS = {
    "counted": ("", ""),
    "dropped": ("该部分已取消", "part dropped"),
    "absent": ("本库未收", "none here"),
}
COLUMNS = (
    "query", "read_as", "by", "value", "name", "status", "reports", "of_reports", "share", "sections", "occurrences",
    "characters", "per_10000", "filters",
)  # fmt: skip


@click.command("trend", context_settings={"ignore_unknown_options": True})  # so that `trend -公开` is a query
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@click.option("--by", type=click.Choice(BYS), default="year", show_default=True, help="What the groups are.")
@request_options
@pass_settings
def trend_command(
    settings: Settings,
    queries: tuple[str, ...],
    by: str,
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
    request = asked_request(settings, "", match, scope, filters, copies)
    searcher = open_searcher(settings.home)
    try:
        found = trend(searcher, queries, next(b for b in BYS if b == by), request, seconds=seconds)
    finally:
        searcher.close()
    if as_json:
        print_json(trend_json(found))
    elif as_csv:
        print_csv(trend_rows(found, settings.lang))
    else:
        _print(settings, found)
    if found.problem and (as_json or as_csv):
        settings.warn(*found.problem)


def group_name(by: By, value: str, lang: str) -> str:
    """Return the name of a group in a language."""
    if not value:
        return "Not stated" if lang == "en" else "未注明"
    if by == "region":
        return full_name(value)
    if by == "kind":
        return CODES["kind"].get(value, (value, value))[lang == "en"]
    return value


def trend_rows(found: Trend, lang: str) -> Iterator[tuple[object, ...]]:
    """Yield the table of a trend, its header and the lines on what it is first."""
    yield COLUMNS
    for series in found.series:
        for point in series.points:
            yield (
                series.query, series.read_as, found.by, point.value, group_name(found.by, point.value, lang),
                point.status, point.reports, point.of_reports, point.share, point.sections, point.occurrences,
                point.characters, point.per_10000, " ".join(filter_texts(point.filters)),
            )  # fmt: skip


def trend_json(found: Trend) -> dict[str, object]:
    """Return a trend as JSON values."""
    request = found.request
    return {
        "by": found.by,
        "match": request.match,
        "scope": request.scope,
        "copies": request.copies,
        "filters": filter_texts(request.filters),
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
        "filters": filter_texts(point.filters),
    }


def _print(settings: Settings, found: Trend) -> None:
    english = settings.lang == "en"
    for series in found.series:
        click.echo("")
        settings.say(f"检索式解读：{series.read_as}", f"read as: {series.read_as}")
        for note in series.notes:
            settings.say(*(f"{word}{said}" for word, said in zip(("注意：", "note: "), _note(note), strict=True)))
        settings.say(
            "报告 / 有此类章节的报告 · 占比 · 出现次数 · 每万字",
            "reports / reports with such sections · share · occurrences · per 10,000 characters",
        )
        for point in series.points:
            if found.by == "year" and point.value in {str(year) for year in found.breaks}:
                settings.say("  ── 报告格式改变 ──", "  -- another template --")
            name = group_name(found.by, point.value, settings.lang)
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


def _note(note: str) -> tuple[str, str]:
    return note_words(note) or (note, note)
