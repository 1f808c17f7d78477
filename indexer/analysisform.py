"""What the commands that count and take out share: their options, CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import click

from corpus.cli import Settings
from indexer.commands import parse_filters, say_notes
from indexer.errors import QueryRejected
from indexer.query import MATCHES, SCOPES
from indexer.results import COPIES, Limits, SearchRequest

#: Nobody waits at a page: a large selection may take its time.
PATIENT: Final = Limits(seconds=120.0)

F = TypeVar("F", bound=Callable[..., object])


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


def say_reading(settings: Settings, read_as: str, notes: Iterable[str]) -> None:
    """Say how a query was read, and what there is to note on it."""
    settings.say(f"检索式解读：{read_as}", f"read as: {read_as}")
    say_notes(settings, notes)
