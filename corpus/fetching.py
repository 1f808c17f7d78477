"""Fetching a site politely, and so that a kill at any moment loses nothing; where its pages lie."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.answers import is_wanted, rules_of
from corpus.crawl import Crawl, FetchSummary, Shown
from corpus.errors import FetchError, SiteBusy
from corpus.frontier import Frontier
from corpus.manners import Manners
from corpus.site import Site
from corpus.transport import Bounds, Web
from corpus.warcstore import WarcStore, warc_paths


def fetch_site(
    site: Site,
    home: Path,
    *,
    allow_loopback: bool = False,
    limit: int | None = None,
    dry_run: bool = False,
    progress: Shown | None = None,
    ca_file: Path | None = None,
) -> FetchSummary:
    """Take the new and changed pages of a site; ``limit`` bounds the pages asked. Raises SiteBusy or FetchError.

    A dry run walks the listings, writes nothing and says which pages it would ask.
    """
    folder = site_folder(home, site.name)
    agent = f"chadang/{_version()} ({site.contact or 'archive of government reports'})"
    polite = site.politeness
    bounds = Bounds(polite.idle, polite.total, polite.max_bytes)
    with Web(user_agent=agent, bounds=bounds, allow_loopback=allow_loopback, ca_file=ca_file) as web:
        if dry_run:
            with Frontier(None) as frontier:
                stamp = frontier.begin(rules_of(site), lambda entry: is_wanted(site, entry))
                run = Crawl(site, Manners(web, polite), frontier, WarcStore(folder, stamp), progress)
                return run.go(limit, listings_only=True)
        with _locked(folder), Frontier(folder / "frontier.db") as frontier:
            stamp = frontier.begin(rules_of(site), lambda entry: is_wanted(site, entry))
            run = Crawl(site, Manners(web, polite), frontier, WarcStore(folder, stamp), progress)
            run.recover(folder)
            return run.go(limit, listings_only=False)


def site_folder(home: Path, name: str) -> Path:
    """Return where a site's pages and frontier lie."""
    return home / "fetch" / name


def warc_files(home: Path, name: str) -> list[Path]:
    """Return the WARC files of a site, the oldest first; a later record of a URL replaces an earlier one."""
    return warc_paths(site_folder(home, name))


def gone_pages(home: Path, name: str) -> dict[str, str]:
    """Return URL -> when the server first said 404 or 410 (ISO 8601 UTC); what was saved stays in the WARC.

    Raises FetchError.
    """
    path = site_folder(home, name) / "frontier.db"
    if not path.exists():
        return {}
    with _said(path.parent), Frontier(path) as frontier:
        return frontier.gone_pages()


def _version() -> str:
    try:
        return version("chadang")
    except PackageNotFoundError:
        return "0"  # run from the sources, without an installation


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes off the site; the lock goes with the process, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(folder / "lock.db", timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise FetchError(zh=f"无法写入 {folder}：{error}", en=f"can't write {folder}: {error}") from error
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise SiteBusy(
            zh=f"另一个进程正在抓取 {folder.name}；请等它结束后再试",
            en=f"another process fetches {folder.name}; try again when it has finished",
        ) from error
    try:
        with _said(folder):
            yield
    finally:
        lock.close()


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """Say what ails the frontier."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise FetchError(
            zh=f"{folder} 里的抓取记录无法读写：{error}；请检查磁盘空间和权限，再运行同一命令",
            en=f"the frontier in {folder} can't be read or written: {error}; check space and rights, then run the same command",
        ) from error
    except sqlite3.DatabaseError as error:
        path = folder / "frontier.db"
        raise FetchError(
            zh=f"抓取记录 {path} 已损坏：{error}；请删除它再运行同一命令：已保存的网页都在，只是要重新访问一遍",
            en=f"the frontier {path} is damaged: {error}; delete it and run the same command: "
            "saved pages stay, but each is asked for again",
        ) from error
