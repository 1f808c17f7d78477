"""The command saved: add, list, show, seen, rename, remove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.analysisform import asked_request
from indexer.exporting import filter_texts
from indexer.query import RUNGS, SCOPES
from indexer.results import COPIES
from indexer.saved import News, SavedSearch, SavedSearches, news
from indexer.service import Searcher, open_searcher

_SHOWN = 50


@click.group("saved")
def saved_command() -> None:
    """Searches kept under a name (已存检索), and what is new since they were last looked at."""


@saved_command.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("query")
@click.option("--match", type=click.Choice(RUNGS), default="exact", show_default=True, help="Rung of the ladder.")
@click.option("--scope", type=click.Choice(SCOPES), default="section", show_default=True, help="What AND/NOT look at.")
@click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="Also FIELD!=VALUE, year=2010..2015.")
@click.option("--copies", type=click.Choice(COPIES), default="once", show_default=True, help="Copies once, or all.")
@pass_settings
def add_command(
    settings: Settings, name: str, query: str, match: str, scope: str, filters: tuple[str, ...], copies: str
) -> None:
    """Save a search; what it finds now counts as seen (保存检索)."""
    request = asked_request(settings, query, match, scope, filters, copies)
    with _searching(settings) as searcher:
        made = SavedSearches(settings.home).add(name, request, searcher)
    settings.say(
        f"已保存“{made.name}”：现有 {len(made.seen)} 份报告、{sum(made.seen.values())} 个章节；"
        "导入并更新索引后用 chadang saved list 看新增",
        f'saved "{made.name}": {len(made.seen)} reports, {sum(made.seen.values())} sections now; '
        "after a load and an index, chadang saved list shows what is new",
    )


@saved_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def list_command(settings: Settings, as_json: bool) -> None:
    """List the saved searches with what is new (列出)."""
    every = SavedSearches(settings.home).all()
    if not every and not as_json:
        settings.say(
            "还没有已存检索；chadang saved add 名称 检索式 可保存一个",
            "there is no saved search yet; chadang saved add NAME QUERY makes one",
        )
    if not every:
        if as_json:
            print_json([])
        return
    with _searching(settings) as searcher:
        found = [(each, news(searcher, each)) for each in every]
    if as_json:
        print_json([_as_json(each, fresh) for each, fresh in found])
        return
    for each, fresh in found:
        asked = " ".join([each.request.query, *filter_texts(each.request.filters)]).strip()
        since = each.seen_at[:10]
        settings.say(
            f"{each.name}  新增 {len(fresh.new)} 份报告、{fresh.new_sections} 个章节（自 {since}）；现有 {fresh.reports} 份  {asked}",
            f"{each.name}  {len(fresh.new)} new reports, {fresh.new_sections} sections (since {since}); {fresh.reports} in all  {asked}",
        )


@saved_command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def show_command(settings: Settings, name: str, as_json: bool) -> None:
    """Print the reports that are new of a saved search (显示新增)."""
    saved = SavedSearches(settings.home).named(name)
    with _searching(settings) as searcher:
        fresh = news(searcher, saved)
        shown = fresh.new if as_json else fresh.new[:_SHOWN]
        hits = searcher.hits(saved.request, [(report_id, ordinal) for report_id, _, ordinal in shown])
    if as_json:
        rows = [
            {
                "report_id": hit.report_id,
                "title": hit.title,
                "year": hit.year,
                "agency": hit.agency,
                "new_sections": more,
            }
            for hit, (_, more, _) in zip(hits, shown, strict=True)
        ]
        print_json({**_as_json(saved, fresh), "new": rows})
        return
    if not fresh.new:
        settings.say(f"自 {saved.seen_at[:10]} 以来没有新增", f"nothing new since {saved.seen_at[:10]}")
    for hit, (_, more, _) in zip(hits, shown, strict=True):
        settings.say(f"{hit.report_id}  +{more} 个章节  {hit.title}", f"{hit.report_id}  +{more} sections  {hit.title}")
    left = len(fresh.new) - len(shown)
    if left:
        settings.say(f"另有 {left} 份，用 --json 可得全部", f"{left} more; --json has them all")


@saved_command.command("seen")
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All saved searches.")
@pass_settings
def seen_command(settings: Settings, names: tuple[str, ...], every: bool) -> None:
    """Count what saved searches find now as seen (记为已看)."""
    if not names and not every:
        raise click.UsageError("name a saved search, or --all (请给出名称，或用 --all)")
    kept = SavedSearches(settings.home)
    wanted = kept.all() if every else [kept.named(name) for name in names]
    with _searching(settings) as searcher:
        for each in wanted:
            now = kept.see(each.number, searcher)
            settings.say(f"“{now.name}”已记为已看", f'"{now.name}" is seen')


@saved_command.command("rename")
@click.argument("name")
@click.argument("new_name")
@pass_settings
def rename_command(settings: Settings, name: str, new_name: str) -> None:
    """Give a saved search another name (改名)."""
    kept = SavedSearches(settings.home)
    kept.rename(kept.named(name).number, new_name)
    settings.say(f"已改名为“{new_name}”", f'renamed to "{new_name}"')


@saved_command.command("remove")
@click.argument("name")
@pass_settings
def remove_command(settings: Settings, name: str) -> None:
    """Forget a saved search (移除)."""
    kept = SavedSearches(settings.home)
    kept.remove(kept.named(name).number)
    settings.say(f"已移除“{name}”", f'removed "{name}"')


def _as_json(saved: SavedSearch, fresh: News) -> dict[str, object]:
    return {
        "name": saved.name,
        "query": saved.request.query,
        "match": saved.request.match,
        "scope": saved.request.scope,
        "filters": list(filter_texts(saved.request.filters)),
        "copies": saved.request.copies,
        "saved_at": saved.saved_at,
        "seen_at": saved.seen_at,
        "sections": fresh.sections,
        "reports": fresh.reports,
        "new_sections": fresh.new_sections,
        "new_reports": len(fresh.new),
        "gone_reports": fresh.gone,
    }


@contextmanager
def _searching(settings: Settings) -> Iterator[Searcher]:
    searcher = open_searcher(settings.home)
    try:
        yield searcher
    finally:
        searcher.close()
