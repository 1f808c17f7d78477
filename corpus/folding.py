"""Folding: one form for the many ways to write the same text (contract 1). Pure, one shipped table."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import overload

#: Code points of the Han script that remain after folding (Unicode 15.1 blocks; 々 and 〇 are Han letters).
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_SHORT = 200
_BLANKS = re.compile(r"\s+")
# The blank first: an expression that begins with one character is looked for in a tenth of the time.
_BLANK_BY_HAN = re.compile(rf" (?:(?<=[{HAN}] )|(?=[{HAN}]))")
_BLANK = re.compile(r"\s")
_IS_HAN = re.compile(rf"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; its character ``i`` comes from ``[starts[i], ends[i])`` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of a non-empty folded one; whole characters only."""
        return self.starts[start], self.ends[end - 1]


@cache
def _table_text() -> str:
    return (files("corpus") / "data" / "folding.tsv").read_text("utf-8")


@cache
def _table() -> dict[int, str]:
    table = {}
    for line in _table_text().splitlines():
        point, _, folded = line.partition("\t")
        table[int(point, 16)] = "".join(chr(int(p, 16)) for p in folded.split())
    return table


def folding_version() -> str:
    """Return a hash of the table, for the fingerprint of an index."""
    return sha256(_table_text().encode()).hexdigest()[:16]


def fold(text: str) -> str:
    """Return the folded text of one unit or phrase: trimmed, blanks next to Han dropped, others single."""
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


@lru_cache(maxsize=8192)  # reading asks for the same lines and names again and again
def _fold_short(text: str) -> str:
    return _fold(text)


def in_plain_characters(name: str) -> str:
    """Return a name in the characters of mainland China (GB 2312): traditional ones, radicals and wide letters folded.

    What is one of these characters already stays: 乾 of 乾县 isn't the traditional 干.
    """
    return "".join(char if char.isascii() or _is_plain(char) else char.translate(_table()) or char for char in name)


@cache
def _is_plain(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _fold(text: str) -> str:
    # Runs first, then single blanks: one expression for both would be quadratic on a long run. Most texts have none.
    single = " ".join(_mapped(text).split())
    return _BLANK_BY_HAN.sub("", single) if " " in single else single


def _mapped(text: str) -> str:
    """Return ``text.translate(_table())`` in half the time: most characters of a text stay as they are."""
    table = _table()
    return _changed().sub(lambda found: found[0].translate(table), text)


@cache
def _changed() -> re.Pattern[str]:
    """Return a pattern of runs of characters that may fold to something else."""
    return _runs(point for point in _table())


@cache
def _resized() -> re.Pattern[str]:
    """Return a pattern of characters that may fold to none or to several."""
    return _runs(point for point, to in _table().items() if len(to) != 1)


def _runs(points: Iterable[int]) -> re.Pattern[str]:
    # A class is fast only as long as it has nothing beyond the first plane: all of that is in.
    plane = "".join(re.escape(chr(point)) for point in points if point <= 0xFFFF)
    return re.compile(f"[{plane}]+|[\U00010000-\U0010ffff]+")


@cache
def _sources() -> dict[str, str]:
    """Return folded character -> the characters that fold to it alone, itself left out."""
    found: dict[str, str] = {}
    for point, to in _table().items():
        found[to] = found.get(to, "") + chr(point)
    return found


def originals(char: str) -> str:
    """Return the characters that fold to a folded one and to nothing else, itself among them."""
    return (char if fold(char) == char else "") + _sources().get(char, "")


def dropped() -> str:
    """Return the characters that fold to none, or to a blank without being one."""
    return "".join(chr(point) for point, to in _table().items() if not to.strip())


def expanding(chars: set[str]) -> bool:
    """Whether something folds to several characters of which one is among these."""
    return any(len(to) > 1 and not chars.isdisjoint(to) for to in _table().values())


def fold_with_offsets(text: str) -> Folded:
    """Return ``fold(text)`` together with where each of its characters comes from."""
    table = _table()
    if not _resized().search(text):
        folded = _mapped(text)
        starts, ends = range(len(text)), range(1, len(text) + 1)
        if not _BLANK.search(folded):
            return Folded(folded, starts, ends)
        return _without_blanks(folded, starts, ends)
    chars: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    for position, char in enumerate(text):
        for one in table.get(ord(char), char):
            chars.append(one)
            firsts.append(position)
            lasts.append(position + 1)
    return _without_blanks("".join(chars), firsts, lasts)


def stays_in_place(text: str, folded: str) -> bool:
    """Whether each character of the folded text is that of the same place: then places need no ``fold_with_offsets``."""
    return len(text) == len(folded) and not _resized().search(text)


def is_han(char: str) -> bool:
    """Whether a folded character is of the Han script."""
    return _IS_HAN.match(char) is not None


def _without_blanks(text: str, starts: Sequence[int], ends: Sequence[int]) -> Folded:
    """Return a folded text of which blanks next to Han, and at its ends, are dropped, others single."""
    pieces: list[str] = []
    cuts, firsts, lasts = [0], [0], [0]
    at, size, done = 0, len(text), 0
    for run in _BLANKS.finditer(text):
        first, after = run.span()
        pieces.append(text[at:first])
        done += first - at
        if first > 0 and after < size and not is_han(text[first - 1]) and not is_han(text[after]):
            pieces.append(" ")  # the one blank that stands for the run covers all of it
            cuts.append(done)
            firsts.append(first - done)
            lasts.append(after - 1 - done)
            done += 1
        cuts.append(done)
        firsts.append(after - done)
        lasts.append(after - done)
        at = after
    whole = "".join((*pieces, text[at:]))
    return Folded(whole, _Moved(starts, cuts, firsts, len(whole)), _Moved(ends, cuts, lasts, len(whole)))


class _Moved(Sequence[int]):
    """Places of a text without some of its characters: from each cut on they lie so many further on than in the whole.

    Hardly any is asked for, so none is worked out before.
    """

    def __init__(self, places: Sequence[int], cuts: Sequence[int], further: Sequence[int], size: int) -> None:
        self._places, self._cuts, self._further, self._size = places, cuts, further, size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> list[int]: ...
    def __getitem__(self, at: int | slice) -> int | list[int]:
        if isinstance(at, slice):
            return [self[place] for place in range(self._size)[at]]
        place = range(self._size)[at]
        return self._places[place + self._further[bisect_right(self._cuts, place) - 1]]
