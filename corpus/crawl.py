"""One run over a site: listings, then what they lead to.

Order for each page: mark it in flight, ask, append to the WARC and sync, mark it done. A record that the frontier
doesn't know of is marked done at the next start; a page in flight without a record is asked once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from corpus.addresses import canonical_url, host_of
from corpus.answers import answered, conditions, is_elsewhere, is_no_file, is_posted
from corpus.errors import FetchError, HostPostponed, PageFailed
from corpus.frontier import Entry, Frontier
from corpus.listing import article_links, listing_links
from corpus.manners import Manners
from corpus.page import Page
from corpus.site import Site
from corpus.warcstore import WarcStore, check_tail, warc_paths

_HOPS: Final = 5
_MOVED: Final = frozenset((301, 302, 303, 307, 308))
_GONE: Final = frozenset((404, 410))


class Shown(Protocol):
    """What shows the progress (corpus.progress.Progress)."""

    def set_total(self, total: int) -> None:
        """Say how much there is to do."""

    def part(self, failed: bool = False) -> None:
        """One more listing is done."""

    def done(self, failed: bool = False) -> None:
        """One more page is done."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that couldn't be taken, and why in both languages."""

    url: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class FetchSummary:
    """What a run did (listings not counted). ``finished`` False: the same command goes on from here.

    ``alarms`` are columns that yielded nothing or less than half of the last run, ``postponed`` hosts that are to be
    asked later; ``wanted`` what a dry run would ask.
    """

    finished: bool
    fetched: int
    unchanged: int
    gone: int
    failed: tuple[Failure, ...]
    alarms: tuple[FetchError, ...]
    postponed: tuple[FetchError, ...]
    wanted: tuple[str, ...] = ()


class Crawl:
    """One run over a site's frontier."""

    def __init__(
        self, site: Site, manners: Manners, frontier: Frontier, store: WarcStore, progress: Shown | None
    ) -> None:
        self._site = site
        self._columns = {column.name: column for column in site.columns}
        self._manners = manners
        self._frontier = frontier
        self._store = store
        self._progress = progress
        self._postponed: dict[str, FetchError] = {}
        self._listings = 0
        self._asked = 0
        self._unfit: dict[str, dict[str, None]] = {column.name: {} for column in site.columns}
        self._elsewhere: dict[str, dict[str, None]] = {column.name: {} for column in site.columns}

    def recover(self, folder: Path) -> None:
        """Check the newest WARC file's tail, and mark done what it holds beyond what the frontier knows."""
        self._frontier.forget_lost(path.name for path in warc_paths(folder))
        for path in warc_paths(folder)[-1:]:
            known = self._frontier.end_of(path.name, path.stat().st_size)
            for saved in check_tail(path, known):
                entry = self._frontier.entry(saved.page.url)
                if entry is not None:
                    self._frontier.stored(saved.page, saved.place, "fetched", self._found(entry, saved.page))

    def go(self, limit: int | None, *, listings_only: bool) -> FetchSummary:
        """Ask what is queued, at most ``limit`` pages; with ``listings_only`` no more than the listings."""
        for column in self._site.columns:
            for start, further in zip(column.start, column.counted, strict=True):
                self._frontier.add(Entry(url, "listing", column.name, "", start) for url in (start, *further))
        wanted: tuple[str, ...] = ()
        cut = False
        while True:
            if listings_only and not self._frontier.listing_waits():
                wanted = tuple(url for url in self._frontier.queued() if self._manners.may_ask(url))[:limit]
                break
            if limit is not None and self._asked >= limit and not self._frontier.listing_waits():
                cut = self._frontier.left() > 0
                break
            entry = self._frontier.next()
            if entry is None:
                break
            self._page(entry)
        finished = not self._postponed and not cut and not listings_only
        alarms = tuple(self._alarms()) if finished or listings_only else ()
        if finished:
            self._keep_together()
            self._frontier.finish()
        return self._summary(finished, alarms, wanted)

    def _keep_together(self) -> None:
        """Copy into the newest WARC file the pages of an article of which only some were fetched anew.

        A reader of one file would take the changed pages for the whole article.
        """
        for pages in self._frontier.scattered():
            newest = self._store.current()
            for url, place in pages:
                if place.file != newest:
                    self._frontier.placed(url, self._store.copy(place))

    def _page(self, entry: Entry) -> None:
        host = host_of(entry.url)
        if host in self._postponed:
            self._frontier.postpone(entry.url)
            return
        failed = False
        try:
            self._take(entry)
        except HostPostponed as error:
            self._postponed[host] = error
            self._frontier.postpone(entry.url)
            return
        except PageFailed as error:
            failed = True
            self._frontier.failed(entry.url, error.zh, error.en)
        if entry.role != "listing":
            self._asked += 1
        if self._progress:
            self._progress.set_total(self._asked + self._frontier.left())
            if entry.role == "listing":
                self._progress.part(failed)
            else:
                self._progress.done(failed)

    def _take(self, entry: Entry) -> None:
        if entry.role == "listing":
            self._count_listing()
        posted = is_posted(self._columns[entry.col], entry)
        page = self._manners.ask(entry.url, () if posted else conditions(entry), posted=posted)
        if page.status in _MOVED:
            self._follow(entry, page)
        elif page.status == 304 and conditions(entry) and not posted:
            if not self._frontier.unchanged(entry) and entry.role == "listing":
                self._frontier.drop_pager(entry.chain)
        elif page.status in _GONE:
            self._frontier.gone(entry.url)
        elif page.status != 200:
            raise answered(entry.url, page.status)
        elif not page.body:
            raise PageFailed(zh=f"{entry.url} 的应答是空的", en=f"{entry.url} gave an empty answer")
        elif entry.role == "listing":
            self._frontier.stored(page, None, "fetched", self._listing(entry, page))
        elif is_no_file(page):
            raise PageFailed(
                zh=f"{entry.url} 应为文件，得到的却是网页（可能已撤下）",
                en=f"{entry.url} should be a file, but is a web page (it may have been taken down)",
            )
        else:
            same = page.sha256 == entry.sha256 and bool(entry.file)
            found = self._found(entry, page)
            place = None if same else self._store.append(page, entry.first)
            self._frontier.stored(page, place, "unchanged" if same else "fetched", found)

    def _count_listing(self) -> None:
        self._listings += 1
        most = self._site.politeness.max_listings
        if self._listings > most:
            self._frontier.drop_listings()
            raise PageFailed(
                zh=f"列表页超过 {most} 页，其余未访问；如确有这么多，请在站点文件中调大 max_listings",
                en=f"more than {most} listings, the rest wasn't asked; if there are so many, raise max_listings in the site file",
            )

    def _follow(self, entry: Entry, page: Page) -> None:
        target = canonical_url(page.header("location"), entry.url)
        if host_of(target) not in self._site.hosts:
            raise PageFailed(
                zh=f"{entry.url} 转到站外 {target}；如需抓取请把主机写入 hosts",
                en=f"{entry.url} redirects off the site to {target}; add the host to hosts to follow",
            )
        if entry.role != "listing" and is_elsewhere(target, entry, self._site):
            raise PageFailed(
                zh=f"{entry.url} 转到 {target}，不是所要的页面（可能已撤下）",
                en=f"{entry.url} redirects to {target}, which isn't the page (it may have been taken down)",
            )
        if entry.hops >= _HOPS or self._frontier.leads_to(target, entry.url):
            raise PageFailed(zh=f"{entry.url} 转址过多或循环", en=f"{entry.url} redirects too often or in a circle")
        self._frontier.moved(entry, Entry(target, entry.role, entry.col, entry.first, entry.chain, entry.hops + 1))

    def _listing(self, entry: Entry, page: Page) -> list[Entry]:
        links = listing_links(page, self._columns[entry.col], self._site)
        self._unfit[entry.col] |= dict.fromkeys(links.others)
        self._elsewhere[entry.col] |= dict.fromkeys(links.elsewhere)
        kind = "records" if "dataproxy.jsp" in entry.url else "page"
        digest = hashlib.sha256("\n".join((kind, *links.articles)).encode()).hexdigest()
        fresh = [url for url in links.listings if self._frontier.state(url) in {"", "known"}]
        empty = not links.articles and not fresh
        if empty or (links.articles and self._frontier.repeats(entry, digest)):
            self._frontier.drop_pager(entry.chain)
            return []
        found = [Entry(url, "article", entry.col, "", url) for url in links.articles]
        for url in links.listings:
            found.append(Entry(url, "listing", entry.col, "", entry.chain if url in links.pager else url))
        return found

    def _found(self, entry: Entry, page: Page) -> list[Entry]:
        if entry.role in {"attachment", "listing"}:
            return []
        first = entry.first or entry.url
        links = article_links(page, self._site, first)
        found = [Entry(url, "more", entry.col, first, first) for url in links.listings if url != first]
        return found + [Entry(url, "attachment", entry.col, first, first) for url in links.articles]

    def _alarms(self) -> Iterator[FetchError]:
        now, last = self._frontier.column_counts(), self._frontier.last_counts()
        for name in self._columns:
            count, before = now.get(name, 0), last.get(name, 0)
            if count == 0 or count * 2 <= before:
                zh, en = self._clues(name) if count == 0 else ("", "")
                zh_last, en_last = (f"（上次 {before} 篇）", f" (last run {before})") if before else ("", "")
                yield FetchError(
                    zh=f"栏目 {name} 只有 {count} 篇{zh_last}；请检查网站是否改版、规则是否仍然适用{zh}",
                    en=f"column {name} gave {count} articles{en_last}; check whether the site or its patterns changed{en}",
                )

    def _clues(self, column: str) -> tuple[str, str]:
        """Return what the listings of a column without articles hold instead."""
        unfit, elsewhere = list(self._unfit[column]), list(self._elsewhere[column])
        if elsewhere:
            hosts = ", ".join(elsewhere[:3])
            return (
                f"。符合 article 的网址在 {hosts}，可写入 hosts",
                f". URLs that fit article are on {hosts}: add it to hosts",
            )
        if unfit:
            few = "  ".join(unfit[:3])
            return (
                f"。列表页上有 {len(unfit)} 个链接不合规则，如 {few}",
                f". {len(unfit)} links of its listings fit no pattern, e.g. {few}",
            )
        return "", ""

    def _summary(self, finished: bool, alarms: tuple[FetchError, ...], wanted: tuple[str, ...]) -> FetchSummary:
        counts = self._frontier.outcomes()
        failed = tuple(Failure(*row) for row in self._frontier.failures())
        return FetchSummary(
            finished=finished,
            fetched=counts.get("fetched", 0),
            unchanged=counts.get("unchanged", 0),
            gone=counts.get("gone", 0),
            failed=failed,
            alarms=alarms,
            postponed=tuple(self._postponed.values()),
            wanted=wanted,
        )
