"""A report whose lines a scraper ran together, with blanks for line breaks -> its lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from corpus.document import Line
from corpus.kinds import kind_of, names_a_type
from corpus.numbering import number_of

#: A numbered title between blanks.
_TITLE: Final = re.compile(
    r"(?<!\S)(?P<number>[一二三四五六七八九十]{1,2})[、．.](?P<title>[^\s。；，：;,:]{2,30})(?=\s)"
)
_SHORTEST: Final = 200
_FEWEST: Final = 3


def with_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines, one that holds three parts of a report or more cut at their titles.

    The titles count on from one between blanks, and most are those of annual reports: what an enumeration in a
    sentence lists isn't.
    """
    for line in lines:
        if isinstance(line, str) and len(line) >= _SHORTEST and "一、" in line:
            yield from _cut(line)
        else:
            yield line


def _cut(line: str) -> Iterator[Line]:
    found: list[re.Match[str]] = []
    for title in _TITLE.finditer(line):
        if number_of(title["number"]) == len(found) + 1:
            found.append(title)
    known = sum(kind_of(title["title"]) != "body" for title in found)
    if len(found) < _FEWEST or known * 3 < len(found) * 2:
        yield line
        return
    ends = [title.start() for title in found[1:]] + [len(line)]
    above = line[: found[0].start()].split(maxsplit=1)
    yield from above if above and names_a_type(above[0]) else [" ".join(above)]
    for title, end in zip(found, ends, strict=True):
        yield from (title[0], line[title.end() : end].strip())
