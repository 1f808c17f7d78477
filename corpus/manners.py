"""How a host is asked: by its robots.txt, one request at a time with pauses, with bounded retries, and not in vain."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from corpus.addresses import host_of
from corpus.errors import HostPostponed, PageFailed, Transient
from corpus.page import Page
from corpus.robots import Rules, ask_robots
from corpus.site import Politeness
from corpus.transport import Web

_LONGEST_BACKOFF: Final = 60.0
_SHORTEST_BACKOFF: Final = 0.05
_DAY: Final = 86_400.0
_AGAIN: Final = frozenset((408, 425, 429, 500, 502, 503, 504))


class Manners:
    """Asks for pages with the politeness of a site file."""

    def __init__(self, web: Web, politeness: Politeness) -> None:
        self._web = web
        self._polite = politeness
        self._rules: dict[str, tuple[float, Rules]] = {}
        self._last: dict[str, float] = {}
        self._failures: dict[str, int] = {}

    def ask(self, url: str, conditions: tuple[tuple[str, str], ...], *, posted: bool = False) -> Page:
        """Return the answer, after retries; ``posted`` as Web.get has it.

        Raises PageFailed, or HostPostponed when the host wants to be left alone.
        """
        host = host_of(url)
        rules = self._robots(host, url)
        if not rules.known:  # without an answer nothing may be asked (RFC 9309, 2.3.1.4)
            zh, en = rules.why
            raise PageFailed(zh=f"读不到 robots.txt，未访问 {url}：{zh}", en=f"no robots.txt, {url} not asked: {en}")
        if not rules.allows(url):
            raise PageFailed(zh=f"robots.txt 不允许访问 {url}", en=f"robots.txt forbids {url}")
        for attempt in range(self._polite.retries + 1):
            self._pause(host)
            wait = self._backoff(attempt)
            last = attempt == self._polite.retries
            try:
                page = self._web.get(url, conditions, posted=posted)
            except Transient as error:
                failure: PageFailed = error
                self._count(host, failure)
            else:
                if page.status not in _AGAIN:
                    self._failures[host] = 0
                    return page
                failure = PageFailed(zh=f"{url} 返回 {page.status}", en=f"{url} answered {page.status}")
                wait = max(wait, self._asked_to_wait(host, page))
                if last:  # a server that answers is alive: a page that always fails counts once
                    self._count(host, failure)
            finally:
                self._last[host] = time.monotonic()
            if not last:
                time.sleep(wait)
        raise failure

    def may_ask(self, url: str) -> bool:
        """Whether robots.txt allows a URL, as far as it was read already; asks nothing."""
        held = self._rules.get(host_of(url))
        return held is None or held[1].allows(url)

    def _robots(self, host: str, url: str) -> Rules:
        """Return the host's rules, asked for at most once a day (RFC 9309, 2.4)."""
        held = self._rules.get(host)
        if held is not None and time.monotonic() - held[0] < _DAY:
            return held[1]
        for attempt in range(self._polite.retries + 1):
            if attempt:
                time.sleep(self._backoff(attempt - 1))
            rules = ask_robots(self._web, url)
            self._last[host] = time.monotonic()
            if not rules.passing:
                break
        if rules.passing:
            zh, en = rules.why
            raise HostPostponed(
                zh=f"读不到 {host} 的 robots.txt，暂不访问（{zh}）；请稍后运行同一命令",
                en=f"the robots.txt of {host} can't be read, so it isn't asked ({en}); run the same command later",
            )
        self._rules[host] = (time.monotonic(), rules)
        return rules

    def _backoff(self, attempt: int) -> float:
        return min(max(self._polite.delay, _SHORTEST_BACKOFF) * 2.0**attempt, _LONGEST_BACKOFF)

    def _pause(self, host: str) -> None:
        delay = max(self._polite.delay, self._rules[host][1].delay)
        delay *= 1 + random.uniform(0, self._polite.jitter)  # noqa: S311 - no secret
        time.sleep(max(0.0, self._last[host] + delay - time.monotonic()))

    def _asked_to_wait(self, host: str, page: Page) -> float:
        seconds = retry_after(page.header("retry-after"), datetime.now(UTC))
        if seconds > self._polite.patience:
            when = datetime.fromtimestamp(time.time() + seconds).astimezone().strftime("%Y-%m-%d %H:%M")
            raise HostPostponed(
                zh=f"{host} 要求 {when} 以后再来；届时运行同一命令即可继续",
                en=f"{host} asks to come back after {when}; run the same command then",
            )
        return seconds

    def _count(self, host: str, failure: PageFailed) -> None:
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] >= self._polite.breaker:
            count = self._failures[host]
            raise HostPostponed(
                zh=f"{host} 连续失败 {count} 次，暂停访问（最后一次：{failure.zh}）；请稍后运行同一命令",
                en=f"{host} failed {count} times in a row and is left alone (last: {failure.en}); run the same command later",
            ) from failure


def retry_after(value: str, now: datetime) -> float:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date), 0 for none or nonsense."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
