"""robots.txt by RFC 9309: 4xx allows everything, 5xx and no answer forbid everything, five redirects are followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from corpus.addresses import canonical_url
from corpus.errors import PageFailed, Transient
from corpus.transport import Web

_AGENT: Final = "chadang"
_REDIRECTS: Final = 5
#: RFC 9309, 2.5: at least 500 KiB are read; the rest is left out (a home page may come instead of the file).
_SIZE: Final = 512_000
#: A longer Crawl-delay is taken for a mistake or a trap.
_LONGEST_DELAY: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says; ``parsed`` None and ``known``: there is none, all is allowed.

    Not ``known``: it can't be read, ``why`` in both languages; ``passing``: that may pass.
    """

    parsed: Protego | None
    known: bool = True
    passing: bool = False
    why: tuple[str, str] = ("", "")

    def allows(self, url: str) -> bool:
        """Whether this URL may be asked."""
        return self.parsed.can_fetch(url, _AGENT) if self.parsed else self.known

    @property
    def delay(self) -> float:
        """Return the Crawl-delay in seconds, 0 if there is none."""
        return min(self.parsed.crawl_delay(_AGENT) or 0.0, _LONGEST_DELAY) if self.parsed else 0.0


def ask_robots(web: Web, url: str) -> Rules:
    """Return the rules of the host of a URL (RFC 9309, 2.3.1)."""
    parts = urlsplit(url)
    place = f"{parts.scheme}://{parts.netloc}/robots.txt"
    try:
        for _ in range(_REDIRECTS + 1):
            page = web.get(place, size=_SIZE, cut=True)
            if page.status not in {301, 302, 303, 307, 308}:
                break
            place = canonical_url(page.header("location"), place)
    except PageFailed as error:
        return Rules(None, known=False, passing=isinstance(error, Transient), why=(error.zh, error.en))
    if 200 <= page.status < 300:
        return Rules(Protego.parse(page.body.decode("utf-8-sig", "replace")))
    if page.status < 500:
        return Rules(None)
    said = (f"{place} 返回 {page.status}", f"{place} answered {page.status}")
    return Rules(None, known=False, passing=True, why=said)
