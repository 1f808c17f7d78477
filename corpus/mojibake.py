"""Where a text was decoded wrongly before it came to us: parts that read as Chinese once that is undone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from corpus.plausibility import surprise

#: What can't be undone: U+FFFD read as GBK, memory that a debugger of Windows filled with 0xCC and 0xCD.
_LOST: Final = re.compile("锟斤拷|烫{3}|屯{3}")
#: Characters that a wrong decoding is full of and Chinese text hardly ever has: one search tells clean texts. Chosen so
#: that of 20 characters decoded wrongly at least one is here in 93 of 100 cases or more; most parts are longer.
_TRIGGERS: Final = re.compile(
    "["
    "锟烫屯"
    "锘锛銆浜鐨殑屽鍔鍒鍏缁澶骞鏀浼鎴鏄"  # UTF-8 read as GBK
    "嚗銝穃鈭摰餈峕雿蝏憭隞撟"  # UTF-8 read as Big5
    "åæäçã£¹¢ÒÕÈÉÄÍÂÎ¿¶ª²§Ãµ"  # UTF-8, GBK and Big5 read as Latin-1
    "ㄛ﹝﹜珨珛佸婓馱勀"  # GBK read as Big5
    "瓣㎝穦\ue4c7\ue4c9\ue019\ue4c8\ue6e4\ue4cc\ue654"  # Big5 read as GBK
    "]"
)
#: (read as, was). cp1252 is what Latin-1 means in practice.
_MISREADINGS: Final = (
    ("gb18030", "utf-8"), ("big5hkscs", "utf-8"), ("cp1252", "utf-8"), ("cp1252", "gb18030"), ("cp1252", "big5hkscs"),
    ("big5hkscs", "gb18030"), ("gb18030", "big5hkscs"),
)  # fmt: skip
#: So many bits less, and the other reading is the right one.
_WINS: Final = 25.0
#: Characters that are tried at once.
_STRETCH: Final = 10
#: How many suspicious places are tried, and how many found ones are enough.
_MOST_TRIED: Final = 400
_MOST_FOUND: Final = 20
_PIECE: Final = re.compile(r"[^\n]{1,60}")
#: Mean bits beyond which a piece with so many characters beyond ASCII isn't what was written.
_IMPLAUSIBLE: Final = 15.5
_ENOUGH: Final = 8
_ASCII_BITS: Final = 6.0


def misread_parts(text: str) -> list[str]:
    """Return excerpts of the parts that were decoded wrongly and encoded again, in order, 20 at the most."""
    if not _TRIGGERS.search(text):
        return []
    return list(islice(_misread(text), _MOST_FOUND))


def implausible_lines(text: str) -> list[str]:
    """Return the pieces of lines that are no Chinese: in another encoding than the rest, or shifted by a lost byte."""
    found = (piece[0] for piece in _PIECE.finditer(text) if not piece[0].isascii() and _is_implausible(piece[0]))
    return list(islice(found, _MOST_FOUND))


def _misread(text: str) -> Iterator[str]:
    for lost in islice(_LOST.finditer(text), _MOST_FOUND):
        yield text[lost.start() : lost.start() + 20]
    end = 0
    for trigger in islice(_TRIGGERS.finditer(text), _MOST_TRIED):
        at = trigger.start()
        if at < end:
            continue
        if any(_reads_better(text[start : start + _STRETCH]) for start in range(max(0, at - 2), at + 1)):
            yield text[at : at + 20]
            end = at + 20


def _reads_better(part: str) -> bool:
    """Whether a part of a text makes far more sense after a wrong decoding is undone."""
    bits = surprise(part)
    for read_as, was in _MISREADINGS:
        again = _bytes(part, read_as).decode(was, "replace")
        if not again.isascii() and surprise(again) + _WINS < bits:
            return True
    return False


def _bytes(part: str, encoding: str) -> bytes:
    if encoding != "cp1252":
        return part.encode(encoding, "replace")
    # The five bytes without a character stand for themselves, in browsers and in most tools.
    return b"".join(char.encode("latin-1" if char < "\xa0" else "cp1252", "replace") for char in part)


def _is_implausible(piece: str) -> bool:
    ascii_count = len(piece.encode("ascii", "ignore"))
    beyond = len(piece) - ascii_count
    return beyond >= _ENOUGH and surprise(piece) > _IMPLAUSIBLE * beyond + _ASCII_BITS * ascii_count
