"""Where each line of a concordance stands in an order, so that any window is read without the lines before it.

An order is made once, in one pass over the texts of the hits, and kept by the searcher: a page further on, or a page of
the same lines again, reads only the sections whose lines it shows.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Final, Literal

from corpus.folding import fold
from indexer.counting import counting, spanning
from indexer.occurrences import Watch
from indexer.results import SearchRequest, SectionKey
from indexer.scratch import scratch_database
from indexer.service import Searcher

LineSort = Literal["place", "left", "right", "year"]

#: A sort compares so many characters of context, whatever width is shown.
COMPARED: Final = 40
#: Up to so many lines are sorted in memory; more go through a file.
_IN_MEMORY: Final = 250_000
#: So many contexts are folded at once: to fold each by itself takes three times as long.
_TOGETHER: Final = 4_000
#: Stands between two of them; no stored text has a lone surrogate.
_BETWEEN: Final = "\ud800"
_LAST_YEAR: Final = 9_999


@dataclass(frozen=True, slots=True)
class LineOrder:
    """An order of all lines. ``ends``: how many lines there are up to and with each section, in the order of places.

    ``places`` are the lines' numbers by place in the order asked for; None where that is the order of places.
    """

    ends: array[int]
    places: array[int] | None

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self.ends[-1] if self.ends else 0

    @property
    def sections(self) -> int:
        """How many sections have a line."""
        return sum(1 for before, end in zip((0, *self.ends), self.ends, strict=False) if end > before)

    def window(self, offset: int, limit: int) -> list[tuple[int, int]]:
        """Return the lines of a window as (number of the section, number of the line in it), each from 0."""
        stop = min(offset + limit, self.total)
        lines: Iterable[int] = range(offset, stop) if self.places is None else self.places[offset:stop]
        found = []
        for line in lines:
            section = bisect_right(self.ends, line)
            found.append((section, line - (self.ends[section - 1] if section else 0)))
        return found


def context_key(context: str, sort: LineSort) -> str:
    """Return what lines are sorted by: their context outward from the match, folded, blanks left out, by code points."""
    return fold(_outward(context, sort))


def line_order(searcher: Searcher, request: SearchRequest, sort: LineSort, watch: Watch) -> LineOrder:
    """Return the order of all lines of a request whose match is a rung. Raises QueryRejected, SearchTimeout, AnalysisTimeout."""
    asked = (sort, searcher.reading(request.query, request.match).read_as, replace(request, query="", size=0))
    known = searcher.line_orders.get(asked)
    if known is None:
        known = _made(searcher, request, sort, watch)
        searcher.line_orders.put(asked, known)
    return known


def keys_at(searcher: Searcher, request: SearchRequest, numbers: Iterable[int]) -> dict[int, SectionKey]:
    """Return the sections at some numbers in the order of places."""
    wanted = set(numbers)
    last = max(wanted, default=-1)
    found: dict[int, SectionKey] = {}
    if last >= 0:
        for number, key in enumerate(searcher.keys(request)):
            if number in wanted:
                found[number] = key
            if number == last:
                break
    return found


def _made(searcher: Searcher, request: SearchRequest, sort: LineSort, watch: Watch) -> LineOrder:
    highlighter = searcher.reading(request.query, request.match, watch.check).highlighter
    counts = array("L")
    if sort == "place":
        count = counting(highlighter, watch.check)
        for shown in searcher.shown(request):
            watch.section()
            counts.append(count(shown.texts))
        return LineOrder(array("L", accumulate(counts)), None)
    if sort == "year":
        by_year: dict[int, list[tuple[int, int]]] = defaultdict(list)
        count, start = counting(highlighter, watch.check), 0
        for shown in searcher.shown(request):
            watch.section()
            counts.append(count(shown.texts))
            year = _LAST_YEAR if shown.report.year is None else shown.report.year
            by_year[year].append((start, start + counts[-1]))
            start += counts[-1]
        in_order = (line for year in sorted(by_year) for lines in by_year[year] for line in range(*lines))
        return LineOrder(array("L", accumulate(counts)), array("L", in_order))
    spans = spanning(highlighter, watch.check)

    def contexts() -> Iterator[str]:
        for shown in searcher.shown(request):
            watch.section()
            lines = 0
            for text in shown.texts:
                for start, end in spans(text):
                    lines += 1
                    around = text[max(start - COMPARED, 0) : start] if sort == "left" else text[end : end + COMPARED]
                    yield _outward(around, sort)
            counts.append(lines)

    places = _sorted_places(_folded(contexts()))
    return LineOrder(array("L", accumulate(counts)), places)


def _outward(context: str, sort: LineSort) -> str:
    return "".join((context[::-1][:COMPARED] if sort == "left" else context[:COMPARED]).split())


def _folded(texts: Iterator[str]) -> Iterator[str]:
    """Yield ``fold`` of texts without blanks."""
    while some := list(islice(texts, _TOGETHER)):
        yield from (key.strip() for key in fold(_BETWEEN.join(some)).split(_BETWEEN))


def _sorted_places(keys: Iterator[str]) -> array[int]:
    """Return the numbers of keys by key, equal ones in their order; many are sorted in a file that is gone afterwards."""
    first: list[str] = []
    for key in keys:
        first.append(key)
        if len(first) > _IN_MEMORY:
            return _spooled(first, keys)
    return array("L", sorted(range(len(first)), key=first.__getitem__))


def _spooled(first: Sequence[str], rest: Iterable[str]) -> array[int]:
    with scratch_database() as db:
        db.execute("CREATE TABLE line (place INTEGER PRIMARY KEY, key BLOB NOT NULL)")
        db.execute("BEGIN")
        both = (key for keys in (first, rest) for key in keys)
        db.executemany("INSERT INTO line VALUES (?, ?)", enumerate(key.encode("utf-32-be", "replace") for key in both))
        db.execute("COMMIT")
        return array("L", (place for (place,) in db.execute("SELECT place FROM line ORDER BY key, place")))
