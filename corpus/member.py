"""What a container holds: the pages, files or rows of an archive, a crawl or a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from corpus.document import Document
from corpus.errors import UnreadableFile

#: A member's bytes at the most, as with a file of its own.
LARGEST_MEMBER: Final = 64 * 1024 * 1024
#: A row or line of a table at the most: a report is some hundred kilobytes.
LARGEST_RECORD: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One item of a container.

    ``name`` identifies it within the container (a path in an archive, a row's key or number, an address);
    it is empty where the whole file is one report. ``content`` is what it holds: the bytes of a file, whose
    ``suffix`` (".html", lower case) chooses the reader, a Document that the container's reader made itself, or
    the reason why it can't be read. ``url`` is where a page came from, ``fetched_at`` when (ISO, UTC).
    ``doubts`` are codes to add to those of the document, see corpus/doubts.py.
    """

    name: str
    content: bytes | Document | UnreadableFile
    suffix: str = ""
    url: str = ""
    fetched_at: str = ""
    doubts: tuple[str, ...] = ()


#: Column of a table of reports -> the field it holds, one of corpus.mapping.NAMES.
Columns: TypeAlias = Mapping[str, str]
#: Yields the members of a container in a fixed order, one at a time; never holds all of them in memory.
ContainerReader: TypeAlias = Callable[[Path, Columns], Iterator[Member]]
