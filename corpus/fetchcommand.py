"""The command of the scraper: fetch."""

from __future__ import annotations

import os
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings
from corpus.commands import report_summary
from corpus.crawl import FetchSummary
from corpus.errors import FetchError
from corpus.fetching import fetch_site, gone_pages, site_folder, warc_files
from corpus.library import Library
from corpus.loader import load
from corpus.progress import Progress
from corpus.site import Site, read_site

_SHOWN_FAILURES = 20


@click.command("fetch")
@click.argument("sites", nargs=-1, required=True, metavar="SITE.toml...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Walk the listings, show what would be taken, write nothing.")
@click.option("--limit", type=click.IntRange(1), help="Ask at most so many pages of each site.")
@click.option("--allow-loopback", is_flag=True, help="Allow 127.0.0.1 and ::1 (for tests).")
@pass_settings
def fetch_command(
    settings: Settings, sites: tuple[Path, ...], dry_run: bool, limit: int | None, allow_loopback: bool
) -> None:
    """Fetch the new and changed pages of sites (按站点文件抓取网站)."""
    sound = True
    for site in [read_site(path) for path in sites]:
        try:
            sound &= _fetch(settings, site, dry_run, limit, allow_loopback)
        except FetchError as error:
            settings.warn(f"错误：{error.zh}", f"error: {error.en}")
            sound = False
        if not dry_run:
            _load(settings, site)
    if not sound:
        raise SystemExit(1)


def _fetch(settings: Settings, site: Site, dry_run: bool, limit: int | None, allow_loopback: bool) -> bool:
    with Progress(
        None, f"抓取 {site.name}", f"fetching {site.name}", settings.lang, part_zh="列表", part_en="listings"
    ) as progress:
        summary = fetch_site(
            site, settings.home, allow_loopback=allow_loopback, limit=limit, dry_run=dry_run, progress=progress
        )
    if dry_run:
        for url in summary.wanted:
            click.echo(url)
        settings.say(
            f"{site.name}：将抓取 {len(summary.wanted)} 页（未写入任何内容）",
            f"{site.name}: would ask {len(summary.wanted)} pages (nothing was written)",
        )
        _failures(settings, summary)
    else:
        _report(settings, site, summary)
    for error in (*summary.alarms, *summary.postponed):
        settings.warn(f"警告：{error.zh}", f"warning: {error.en}")
    return not summary.alarms and not summary.postponed


def _load(settings: Settings, site: Site) -> None:
    """Bring what was fetched, now or before, into the library, and mark the pages that are no more."""
    files = warc_files(settings.home, site.name)
    if not files:
        return
    with (
        Library(settings.library_path) as library,
        Progress(None, f"导入 {site.name}", f"loading {site.name}", settings.lang) as progress,
    ):
        summary = load(library, files, workers=os.cpu_count() or 1, progress=progress)
        try:
            gone = gone_pages(settings.home, site.name)
        except FetchError:
            gone = None  # said already: the frontier can't be read
        if gone is not None:
            with library.transaction():
                library.mark_gone(gone, str(site_folder(settings.home, site.name)))
    report_summary(settings, summary)
    if summary.added or summary.changed:
        settings.say("下一步：chadang index 更新索引", "next: chadang index brings the index up to date")


def _report(settings: Settings, site: Site, summary: FetchSummary) -> None:
    settings.say(
        f"{site.name}：新抓取 {summary.fetched}，未变 {summary.unchanged}，已撤下 {summary.gone}，失败 {len(summary.failed)}",
        f"{site.name}: fetched {summary.fetched}, unchanged {summary.unchanged}, gone {summary.gone}, "
        f"failed {len(summary.failed)}",
    )
    _failures(settings, summary)
    if not summary.finished:
        settings.say("本次未抓完；再次运行同一命令即可继续", "not finished; run the same command to go on")


def _failures(settings: Settings, summary: FetchSummary) -> None:
    for failure in summary.failed[:_SHOWN_FAILURES]:
        settings.warn(f"  {failure.url}：{failure.reason_zh}", f"  {failure.url}: {failure.reason_en}")
    if len(summary.failed) > _SHOWN_FAILURES:
        rest = len(summary.failed) - _SHOWN_FAILURES
        settings.warn(f"  另有 {rest} 页", f"  and {rest} more")
