"""Which files are containers, and their members, those of containers within them too."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from corpus.csvreader import read_csv
from corpus.errors import UnreadableFile
from corpus.jsonlreader import read_jsonl
from corpus.member import Columns, ContainerReader, Member
from corpus.warcreader import read_warc
from corpus.zipreader import Allowance, read_zip, suffix_of, zip_members


def _read_xlsx(path: Path, columns: Columns) -> Iterator[Member]:
    from corpus.sheetreader import read_xlsx  # noqa: PLC0415 - openpyxl takes as long to import as all else together

    return read_xlsx(path, columns)


#: Suffix -> reader. DOCX and OFD are ZIP files, too, but each is one report: the suffix decides.
CONTAINERS: Final[dict[str, ContainerReader]] = {
    ".zip": read_zip,
    ".wacz": read_zip,
    ".warc": read_warc,
    ".warc.gz": read_warc,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_jsonl,
    ".xlsx": _read_xlsx,
    ".xlsm": _read_xlsx,
}
_ARCHIVES: Final = frozenset({".zip", ".wacz"})
#: An archive may hold an archive that holds an archive; no more.
_DEEPEST: Final = 3


def is_container(path: Path) -> bool:
    """Whether a file of this name holds members (by its suffix alone)."""
    return suffix_of(path.name) in CONTAINERS


def read_members(path: Path, columns: Columns) -> Iterator[Member]:
    """Yield the members of a container in a fixed order, those of containers inside it as ``inner.zip!name``.

    Raises UnreadableFile where the container as a whole can't be read (any more); a container inside that can't
    be read is one failed member. The memory it takes doesn't grow with the number of members.
    """
    yield from _members(path, suffix_of(path.name), columns, Allowance.of(path.stat().st_size), depth=1)


def _members(
    path: Path, suffix: str, columns: Columns, allowance: Allowance, depth: int
) -> Generator[Member, None, None]:
    found = zip_members(path, allowance) if suffix in _ARCHIVES else CONTAINERS[suffix](path, columns)
    for member in found:
        if not isinstance(member.content, bytes) or member.suffix not in CONTAINERS:
            yield member
        elif depth >= _DEEPEST and member.suffix in _ARCHIVES:
            yield replace(member, content=_too_deep())
        else:
            yield from _inside(member, member.content, columns, allowance, depth)


def _inside(member: Member, content: bytes, columns: Columns, allowance: Allowance, depth: int) -> Iterator[Member]:
    """Yield the members of a container that is a member; its reader needs a file, so it gets one for a while."""
    with tempfile.TemporaryDirectory(prefix="chadang-") as folder:
        path = Path(folder, f"inner{member.suffix}")
        path.write_bytes(content)
        del content
        found = _members(path, member.suffix, columns, allowance, depth + 1)
        try:
            for inner in found:
                name = f"{member.name}!{inner.name}" if inner.name else member.name
                yield replace(
                    inner, name=name, url=inner.url or member.url, fetched_at=inner.fetched_at or member.fetched_at
                )
        except UnreadableFile as error:
            if allowance.bytes_left < 0 or allowance.members_left < 0:
                raise  # the whole is too large, not this part of it alone
            yield replace(member, content=error)
        finally:
            found.close()


def _too_deep() -> UnreadableFile:
    return UnreadableFile(
        zh=f"压缩包嵌套超过 {_DEEPEST} 层，未读入；请解压后导入",
        en=f"archives are nested more than {_DEEPEST} deep, left out; unpack it and load its files",
    )
