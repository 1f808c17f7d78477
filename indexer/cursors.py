"""Cursors: where the next page of a list begins, good for the same request over the same generation only. Pure."""

from __future__ import annotations

from typing import Final

from indexer.errors import QueryRejected

#: An offset of more digits is none that an answer gave.
_DIGITS: Final = 12


def cursor_at(generation: str, asked: str, offset: int) -> str:
    """Return the cursor for the page that begins at an offset; ``asked`` is a hash of the request."""
    return f"{generation}.{asked}.{offset}"


def offset_at(cursor: str, generation: str, asked: str) -> int:
    """Return where the page of a cursor begins. Raises QueryRejected for one of another request or generation."""
    known, _, offset = cursor.rpartition(".")
    if known != f"{generation}.{asked}" or not (offset.isascii() and offset.isdecimal() and len(offset) <= _DIGITS):
        raise QueryRejected(
            zh="翻页标记已失效（索引已更新，或检索条件已改变）；请从第一页重新检索",
            en="the cursor is no longer valid (the index or the request has changed); start from the first page",
        )
    return int(offset)
