"""A site file: which pages of a site are listings and articles, and how politely they are asked for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus.addresses import canonical_url, host_of
from corpus.errors import BadSite, FetchError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SPAN: Final = re.compile(r"\{(\d{1,9})\.\.(\d{1,9})\}")
_MOST_COUNTED: Final = 10_000
#: Key of [politeness] -> default, least, most.
_NUMBERS: Final = {
    "delay": (2.0, 0.0, 600.0),
    "jitter": (0.5, 0.0, 1.0),
    "patience": (120.0, 0.0, 600.0),
    "retries": (3, 0, 10),
    "breaker": (8, 1, 100),
    "idle": (30.0, 0.1, 300.0),
    "total": (120.0, 0.1, 3600.0),
    "max_bytes": (50_000_000, 1000, 500_000_000),
    "max_listings": (1000, 1, 100_000),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column (栏目): where it starts and the patterns (searched in canonical URLs) of its listings and articles.

    ``counted`` holds for each start page the further ones of a counted URL: ...?page={1..50} starts at page=1.
    ``post`` finds the listings that are asked by POST, their query as the form.
    """

    name: str
    start: tuple[str, ...]
    counted: tuple[tuple[str, ...], ...]
    listing: re.Pattern[str]
    article: re.Pattern[str]
    post: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Politeness:
    """Seconds between two requests (up to ``jitter`` times more), the longest Retry-After waited for, and limits."""

    delay: float
    jitter: float
    patience: float
    retries: int
    breaker: int
    idle: float
    total: float
    max_bytes: int
    max_listings: int


@dataclass(frozen=True, slots=True)
class Site:
    """A site: ``hosts`` are those of the start pages and what the file adds; nothing else is asked."""

    name: str
    contact: str
    hosts: frozenset[str]
    attachments: bool
    columns: tuple[Column, ...]
    politeness: Politeness


def read_site(path: Path) -> Site:
    """Return the site described in a TOML file. Raises BadSite naming file, key and what to do."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadSite(zh=f"无法读取 {path}：{why}；请检查文件", en=f"can't read {path}: {why}; check it") from error
    reader = _Reader(path)
    reader.only(table, "", {"name", "contact", "hosts", "attachments", "columns", "politeness"})
    name = reader.text(table, "name")
    if not _NAME.fullmatch(name):
        raise reader.wrong("name", "请用小写字母、数字、- 或 _", "use lower-case letters, digits, - or _")
    columns = tuple(reader.column(entry, number) for number, entry in enumerate(reader.tables(table), 1))
    if len({column.name for column in columns}) < len(columns):
        raise reader.wrong("columns", "栏目名称重复，请改名", "two columns have one name; rename one")
    hosts = {host_of(url) for column in columns for url in column.start}
    hosts |= {reader.host(text) for text in reader.texts(table, "hosts", needed=False)}
    attachments = table.get("attachments", False)
    if not isinstance(attachments, bool):
        raise reader.wrong("attachments", "请写 true 或 false", "write true or false")
    contact = reader.text(table, "contact") if "contact" in table else ""
    if not contact.isascii() or not contact.isprintable():
        raise reader.wrong("contact", "只能用 ASCII 字符", "use ASCII characters only")
    return Site(name, contact, frozenset(hosts), attachments, columns, reader.politeness(table.get("politeness", {})))


def _counted(url: str) -> list[str]:
    """Return a URL for each number of its {1..50}, the URL itself if it has none; nothing for an impossible range."""
    span = _SPAN.search(url)
    if span is None:
        return [url]
    first, last = int(span[1]), int(span[2])
    if last - first >= _MOST_COUNTED:
        return []
    return [url[: span.start()] + str(number) + url[span.end() :] for number in range(first, last + 1)]


class _Reader:
    """Takes values out of a site file's tables; every mistake names the file and the key."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wrong(self, key: str, zh: str, en: str) -> BadSite:
        return BadSite(zh=f"{self._path} 的 {key}：{zh}", en=f"{self._path}, {key}: {en}")

    def only(self, table: dict[str, object], place: str, known: set[str]) -> None:
        for key in table.keys() - known:
            every = ", ".join(sorted(known))
            raise self.wrong(f"{place}{key}", f"没有这个键；可用：{every}", f"no such key; there are: {every}")

    def text(self, table: dict[str, object], key: str, place: str = "") -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(place + key, "请给出一段文字", "give a text")
        return value.strip()

    def texts(self, table: dict[str, object], key: str, place: str = "", *, needed: bool = True) -> list[str]:
        value = table.get(key, [])
        texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
        if not isinstance(value, list) or len(texts) < len(value) or (needed and not texts):
            raise self.wrong(place + key, "请给出一列文字", "give a list of texts")
        return texts

    def tables(self, table: dict[str, object]) -> list[dict[str, object]]:
        value = table.get("columns")
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise self.wrong("columns", "请写至少一个 [[columns]]", "write at least one [[columns]]")
        return value

    def column(self, table: dict[str, object], number: int) -> Column:
        place = f"columns[{number}]."
        self.only(table, place, {"name", "start", "listing", "article", "post"})
        try:
            pages = [[canonical_url(one) for one in _counted(url)] for url in self.texts(table, "start", place)]
        except FetchError as error:
            raise self.wrong(place + "start", error.zh, error.en) from error
        if not all(pages):
            raise self.wrong(
                place + "start", "{1..50} 应从小到大，至多 10000 页", "{1..50} counts up, 10000 pages at most"
            )
        start, counted = tuple(urls[0] for urls in pages), tuple(tuple(urls[1:]) for urls in pages)
        listing, article = (self._pattern(table, key, place) for key in ("listing", "article"))
        post = self._pattern(table, "post", place) if "post" in table else None
        return Column(self.text(table, "name", place), start, counted, listing, article, post)

    def host(self, text: str) -> str:
        try:
            url = canonical_url(f"http://{text.strip()}/")
        except FetchError as error:
            raise self.wrong("hosts", error.zh, error.en) from error
        if url.count("/") != 3 or "?" in url:
            zh, en = f"{text} 不是主机名；不要写 http:// 和路径", f"{text} is no host; leave out http:// and the path"
            raise self.wrong("hosts", zh, en)
        return host_of(url)

    def _pattern(self, table: dict[str, object], key: str, place: str) -> re.Pattern[str]:
        try:
            return re.compile(self.text(table, key, place))
        except re.error as error:
            raise self.wrong(place + key, f"不是正则表达式：{error}", f"no regular expression: {error}") from error

    def politeness(self, table: object) -> Politeness:
        if not isinstance(table, dict):
            raise self.wrong("politeness", "请写成 [politeness]", "write it as [politeness]")
        self.only(table, "politeness.", set(_NUMBERS))
        values: dict[str, float] = {}
        for key, (default, least, most) in _NUMBERS.items():
            value = table.get(key, default)
            kinds = (int,) if isinstance(default, int) else (int, float)
            if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
                raise self.wrong(f"politeness.{key}", f"应在 {least} 到 {most} 之间", f"give {least} to {most}")
            values[key] = value
        whole = {key: int(values[key]) for key in ("retries", "breaker", "max_bytes", "max_listings")}
        return Politeness(
            delay=values["delay"],
            jitter=values["jitter"],
            patience=values["patience"],
            idle=values["idle"],
            total=values["total"],
            retries=whole["retries"],
            breaker=whole["breaker"],
            max_bytes=whole["max_bytes"],
            max_listings=whole["max_listings"],
        )
