"""The command wording: the distinct sentences that match, with who uses each."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.analysisform import asked_request, say_reading
from indexer.query import MATCHES, SCOPES
from indexer.results import COPIES, Limits
from indexer.service import open_searcher
from indexer.tableoutput import print_csv
from indexer.wordingcounts import WORDING_SORTS
from indexer.wordings import Use, Users, Wording, Wordings, users, wordings

_MOST: Final = Limits().page_size
_COLUMNS: Final = (
    "wording", "text", "reports", "agencies", "first_year", "last_year", "earliest", "report_id", "section_id",
    "paragraph_id", "title", "agency", "year", "source_url",
)  # fmt: skip
_USE_COLUMNS: Final = (
    "report_id", "section_id", "paragraph_id", "title", "agency", "year", "published_on", "kind", "text", "source_url",
)  # fmt: skip


@click.command("wording", context_settings={"ignore_unknown_options": True})  # so that `wording -公开` is a query
@click.argument("query")
@click.option("--sort", type=click.Choice(WORDING_SORTS), default="use", show_default=True)
@click.option("--users", "key", metavar="WORDING", default="", help="List the users of one wording, by its key.")
@click.option("--match", type=click.Choice(MATCHES), default="auto", show_default=True, help="Rung of the ladder.")
@click.option("--scope", type=click.Choice(SCOPES), default="section", show_default=True)
@click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="As in chadang search.")
@click.option("--copies", type=click.Choice(COPIES), default="once", show_default=True)
@click.option("--page", type=click.IntRange(1, 10**9), default=1, show_default=True)
@click.option("--size", type=click.IntRange(1, _MOST), default=10, show_default=True)
@click.option("--seconds", type=click.FloatRange(min=0.1), help="Give up after so long (default: never).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV (UTF-8 with BOM, for spreadsheets).")
@pass_settings
def wording_command(
    settings: Settings,
    query: str,
    sort: str,
    key: str,
    match: str,
    scope: str,
    filters: tuple[str, ...],
    copies: str,
    page: int,
    size: int,
    seconds: float | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Distinct sentences that match, and who uses each (相同表述); figures, dates and own names don't tell them apart."""
    request = replace(asked_request(settings, query, match, scope, filters, copies), page=page, size=size)
    order = next(s for s in WORDING_SORTS if s == sort)
    limit = float("inf") if seconds is None else seconds
    searcher = open_searcher(settings.home)
    try:
        if key:
            _show_users(settings, users(searcher, request, key, seconds=limit), as_json, as_csv)
        else:
            _show(settings, wordings(searcher, request, sort=order, seconds=limit), as_json, as_csv)
    finally:
        searcher.close()


def years_text(wording: Wording) -> str:
    """Return the years of a wording: 2008-2024, 2010, or "" where none is known."""
    if wording.first_year is None or wording.first_year == wording.last_year:
        return str(wording.first_year or "")
    return f"{wording.first_year}-{wording.last_year}"


def _show(settings: Settings, found: Wordings, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json({"wordings": [_brief(wording) for wording in found.wordings], "total": found.total})
        return
    if as_csv:
        print_csv([_COLUMNS, *map(_row, found.wordings)])
        return
    say_reading(settings, found.read_as, found.notes)
    settings.say(
        f"共 {found.total} 种表述，来自 {found.sections} 个章节",
        f"{found.total} wordings from {found.sections} sections",
    )
    for number, wording in enumerate(found.wordings, found.offset + 1):
        click.echo(f"{number}. {wording.text}")
        for line in (_facts(settings, wording), _example(wording.example)):
            click.echo(f"   {line}")
    if found.next_cursor:
        settings.say("更多：--page；全部使用者：--users 表述编号", "more: --page; all users of one: --users WORDING")


def _show_users(settings: Settings, found: Users, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json({"wording": _brief(found.wording), "users": [_use(use) for use in found.uses]})
        return
    if as_csv:
        print_csv([_USE_COLUMNS, *(tuple(getattr(use, name) for name in _USE_COLUMNS) for use in found.uses)])
        return
    click.echo(found.wording.text)
    click.echo(_facts(settings, found.wording))
    for number, use in enumerate(found.uses, found.offset + 1):
        click.echo(f"{number}. {_example(use)}")
        click.echo(f"   {use.text}")
    if found.next_cursor:
        settings.say("更多：--page", "more: --page")


def _facts(settings: Settings, wording: Wording) -> str:
    years = years_text(wording)
    if settings.lang == "en":
        facts = [f"{wording.reports} reports", f"{wording.agencies} agencies", years]
        facts += [f"earliest here: {wording.first_year} ({wording.earliest})"] if years else []
    else:
        facts = [f"{wording.reports} 份报告", f"{wording.agencies} 个机关", years]
        facts += [f"本库最早：{wording.first_year} 年（{wording.earliest} 份）"] if years else []
    return " · ".join([*filter(None, facts), wording.key])


def _example(use: Use) -> str:
    return " · ".join(
        filter(None, (use.title, *use.heading_path[-1:], f"{use.report_id}/{use.section_id}", use.source_url))
    )


def _brief(wording: Wording) -> dict[str, object]:
    example = {"report_id": wording.example.report_id, "section_id": wording.example.section_id}
    names = ("text", "reports", "agencies", "first_year", "last_year")
    return {**{name: getattr(wording, name) for name in names}, "example": example}


def _use(use: Use) -> dict[str, object]:
    return {name: getattr(use, name) for name in _USE_COLUMNS}


def _row(wording: Wording) -> list[str | int | None]:
    use = wording.example
    return [
        wording.key, wording.text, wording.reports, wording.agencies, wording.first_year, wording.last_year,
        wording.earliest, use.report_id, use.section_id, use.paragraph_id, use.title, use.agency, use.year, use.source_url,
    ]  # fmt: skip
