"""What trend, concordance and coverage share on the command line: their options, filters as text, CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import click

from corpus.cli import Settings
from indexer.commands import parse_filters
from indexer.errors import QueryRejected
from indexer.query import MATCHES, SCOPES
from indexer.results import COPIES, Filter, SearchRequest

F = TypeVar("F", bound=Callable[..., object])

#: What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def request_options(command: F) -> F:
    """Give a command the options that say which hits are meant."""
    exact = [match for match in MATCHES if match != "auto"]
    options = [
        click.option(
            "--match", type=click.Choice(exact), default="exact", show_default=True, help="Rung of the ladder."
        ),
        click.option("--scope", type=click.Choice(SCOPES), default="section", show_default=True),
        click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="As in chadang search."),
        click.option("--copies", type=click.Choice(COPIES), default="once", show_default=True),
        click.option("--seconds", type=click.FloatRange(min=0.1), help="Give up after so long (default: never)."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--csv", "as_csv", is_flag=True, help="Print CSV (UTF-8 with BOM, for spreadsheets)."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def asked_request(
    settings: Settings, query: str, match: str, scope: str, filters: Sequence[str], copies: str
) -> SearchRequest:
    """Return the request that the options mean. Raises click.UsageError for a filter that can't be read."""
    try:
        chosen = parse_filters(filters)
    except QueryRejected as error:
        raise click.UsageError(error.text(settings.lang)) from error
    return SearchRequest(
        query=query,
        match=next(m for m in MATCHES if m == match),
        scope=next(s for s in SCOPES if s == scope),
        filters=chosen,
        copies=next(c for c in COPIES if c == copies),
    )


def filter_texts(filters: Iterable[Filter]) -> list[str]:
    """Return filters as ``--filter`` takes them, one text for each value."""
    found = []
    for each in filters:
        sign = "!=" if each.exclude else "="
        if each.is_range:
            low, high = ("" if year is None else str(year) for year in (each.low, each.high))
            found.append(f"{each.field}{sign}{low}..{high}")
        else:
            found += [f"{each.field}{sign}{value}" for value in each.values]
    return found


def csv_rows(rows: Iterable[Sequence[object]]) -> Iterable[str]:
    """Yield CSV line by line, the first with a BOM; None is an empty cell, text that begins like a formula is kept harmless."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def print_csv(rows: Iterable[Sequence[object]]) -> None:
    """Print CSV as UTF-8, whatever the terminal's encoding is."""
    for line in csv_rows(rows):
        sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, float):
        return round(value, 6)
    return "" if value is None else value
