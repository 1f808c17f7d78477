"""The command facets: how many sections and reports each value of a facet has."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.analysisform import PATIENT, asked_request, request_options, say_reading
from indexer.jsonform import dated, results_json
from indexer.results import FACETS
from indexer.service import open_searcher
from indexer.tableoutput import check_output, output_options, print_table, save_table
from indexer.tables import facet_table, value_name


@click.command("facets", context_settings={"ignore_unknown_options": True})  # so that `facets -公开` is a query
@click.argument("query")
@click.option("--facet", "fields", type=click.Choice(FACETS), multiple=True, help="Only these (default: all).")
@output_options
@request_options
@pass_settings
def facets_command(
    settings: Settings,
    query: str,
    fields: tuple[str, ...],
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
    """Exact counts of a query by year, region, agency, kind … (分面计数表)."""
    if output:
        check_output(output, force)
    request = asked_request(settings, query, match, scope, filters, copies)
    searcher = open_searcher(settings.home, PATIENT)
    try:
        table, found = facet_table(searcher, request, datetime.now().astimezone(), settings.lang, fields)
    finally:
        searcher.close()
    if output:
        save_table(settings, table, output)
    elif as_csv:
        print_table(table)
    elif as_json:
        print_json({**results_json(found), "engine": table.facts[0].engine, **dated()})
    else:
        say_reading(settings, found.read_as, found.notes)
        settings.say("值 · 章节 · 报告", "value · sections · reports")
        for facet in found.facets:
            click.echo(f"{facet.field}:")
            for value in facet.values:
                reports = "" if value.reports is None else f" · {value.reports}"
                click.echo(f"  {value_name(facet.field, value.value, settings.lang)} · {value.sections}{reports}")
        settings.say(
            f"语料版本 {found.corpus_id} · 引擎 {table.facts[0].engine}",
            f"corpus {found.corpus_id} · engine {table.facts[0].engine}",
        )
