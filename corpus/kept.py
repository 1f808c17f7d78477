"""The original of a report as it was kept: the file it was read from, or the member of an archive or a crawl."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from corpus.errors import CorpusError, UnreadableFile
from corpus.member import LARGEST_MEMBER, Member
from corpus.sniff import suffix_of as by_bytes
from corpus.sources import Source
from corpus.warcreader import read_records
from corpus.zipreader import Allowance, suffix_of, zip_members

_ARCHIVES: Final = frozenset({".zip", ".wacz"})
_CRAWLS: Final = frozenset({".warc", ".warc.gz"})
#: Archives within archives, as the loader opens them.
_DEEPEST: Final = 3


class KeptMissing(CorpusError):
    """The original of a report isn't where it was loaded from, or can't be had from there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An original: its bytes, a name to save it under, and the suffix of what the bytes are (".pdf").

    ``row`` names the report within it where the original is a table of many reports. ``changed``: the file is no
    longer the one that was loaded.
    """

    name: str
    suffix: str
    body: bytes
    row: str = ""
    changed: bool = False


def kept_original(source: Source, seconds: float = 20.0) -> Kept:
    """Return the original of a source. Raises KeptMissing where it is gone, too large, or takes too long to find."""
    path = Path(source.path)
    try:
        size = path.stat().st_size
        suffix = suffix_of(path.name)
        if source.member and suffix in _ARCHIVES | _CRAWLS:
            deadline = time.monotonic() + seconds
            return _inside(path, suffix, source.member, source.fetched_at, Allowance.of(size), deadline, 1)
        if size > LARGEST_MEMBER:
            raise _too_large(source)
        body = path.read_bytes()
    except OSError as error:
        raise KeptMissing(
            zh=f"原始文件 {source.path} 已不在原处，或无法读取（{error.strerror}）；请放回原处，或重新导入",
            en=f"the original {source.path} is no longer there or can't be read ({error.strerror}); "
            "put it back, or load it again from where it is",
        ) from error
    except UnreadableFile as error:
        raise KeptMissing(zh=error.zh, en=error.en) from error
    changed = bool(source.sha256) and hashlib.sha256(body).hexdigest() != source.sha256
    return Kept(path.name, by_bytes(body, suffix), body, source.member, changed and not source.member)


def _inside(
    path: Path, suffix: str, wanted: str, fetched_at: str, allowance: Allowance, deadline: float, depth: int
) -> Kept:
    """Find a member of an archive or a crawl by its name, or the table within it that holds it as a row."""
    found: tuple[Member, str] | None = None
    members = read_records(path) if suffix in _CRAWLS else zip_members(path, allowance)
    with closing(members):
        for member in _timed(members, deadline):
            if wanted != member.name and not wanted.startswith(f"{member.name}!"):
                continue
            # Of two records of one address the later is the newer, unless the time of the one that was loaded is known.
            found = member, wanted[len(member.name) + 1 :]
            if suffix not in _CRAWLS or (fetched_at and member.fetched_at == fetched_at):
                break
    if found is None:
        raise KeptMissing(
            zh=f"{path.name} 中已没有 {wanted}；文件可能已更换，请重新导入",
            en=f"{path.name} no longer holds {wanted}; it may have been replaced: load it again",
        )
    member, rest = found
    if not isinstance(member.content, bytes):
        error = member.content
        assert isinstance(error, UnreadableFile)  # noqa: S101 - neither archives nor crawls make documents
        raise KeptMissing(zh=error.zh, en=error.en)
    if rest and member.suffix in _ARCHIVES | _CRAWLS and depth < _DEEPEST:
        with tempfile.TemporaryDirectory(prefix="chadang-") as folder:
            inner = Path(folder, f"inner{member.suffix}")
            inner.write_bytes(member.content)
            return _inside(inner, member.suffix, rest, fetched_at, allowance, deadline, depth + 1)
    name = PurePosixPath(member.name.partition("?")[0]).name or path.stem
    real = by_bytes(member.content, member.suffix)
    return Kept(name if suffix_of(name) else name + real, real, member.content, rest)


def _timed(members: Iterator[Member], deadline: float) -> Iterator[Member]:
    for member in members:
        yield member
        if time.monotonic() > deadline:
            raise KeptMissing(
                zh="在压缩包或抓取文件中查找原件用时过长；请直接打开该文件",
                en="finding the original inside its archive or crawl takes too long; open that file itself",
            )


def _too_large(source: Source) -> KeptMissing:
    limit = LARGEST_MEMBER >> 20
    return KeptMissing(
        zh=f"原始文件 {source.path} 超过 {limit} MB，不在网页中打开；请直接打开该文件",
        en=f"the original {source.path} is larger than {limit} MB and isn't opened here; open the file itself",
    )
