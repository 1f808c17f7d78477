"""Words of a query that name a region, an agency or a year, offered as filters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from corpus.agencies import lineage
from corpus.folding import fold
from corpus.regions import full_name, region_name
from indexer.results import Facet, FacetValue
from webui.labels import filter_name
from webui.state import SearchState

_MOST: Final = 4
#: A query with any of these has more structure than a row of words; a word can't simply be taken out of it.
_STRUCTURE: Final = re.compile(r'["“”「」()（）|｜~]|(?:^|\s)(?:OR|NOT|AND)(?:\s|$)')
_YEAR: Final = re.compile(r"([0-9]{4})(?:年|年度)?")
_PLACE_ENDS: Final = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|自治县|地区|省|市|区|县|盟|旗)$")
_OFFICE: Final = re.compile(r"(?:局|委|委员会|厅|办|办公室|院|部|处|政府|中心|会|署|行)$")


@dataclass(frozen=True, slots=True)
class Offer:
    """A word, the filter it names, and the link that puts the filter in its place."""

    word: str
    field: str
    name: str
    url: str


def words_of(query: str) -> tuple[str, ...]:
    """Return the words of a query that is a mere row of words; () for any other."""
    if _STRUCTURE.search(query):
        return ()
    return tuple(word for word in query.split() if not word.startswith("-") and ":" not in word and "：" not in word)


def offers(facets: Iterable[Facet], state: SearchState) -> tuple[Offer, ...]:
    """Return what the words of the query name among the values of the facets, in the order of the words."""
    by_field = {facet.field: facet.values for facet in facets}
    found: list[Offer] = []
    for word in words_of(state.q):
        rest = " ".join(other for other in state.q.split() if other != word)
        for field, value in _named(fold(word), by_field):
            if (field, value) in state.chosen or (field, value) in state.excluded:
                continue
            url = state.with_query(rest).with_value(field, value).url
            found.append(Offer(word, field, filter_name(field, value, state.lang), url))
    return tuple(found[:_MOST])


def _named(word: str, values: dict[str, tuple[FacetValue, ...]]) -> Iterator[tuple[str, str]]:
    year = _YEAR.fullmatch(word)
    if year:
        yield from (("year", v.value) for v in values.get("year", ()) if v.value == year[1])
        return
    regions = [v.value for v in values.get("region", ()) if v.value and word in _place_names(v.value)]
    yield from (("region", code) for code in regions[:2])
    if len(word) < 3 or not _OFFICE.search(word):
        return
    names = (word, *(fold(name.name) for name in lineage(word)))
    agencies = [v.value for v in values.get("agency", ()) if v.value and fold(v.value).endswith(names)]
    # A name that many agencies bear (教育局) is no filter but a word of theirs: agency:教育局 does that.
    yield from (("agency", name) for name in agencies if len(agencies) <= 3 or fold(name) == word)


def _place_names(code: str) -> set[str]:
    name = region_name(code)
    short = _PLACE_ENDS.sub("", name)
    names = {name, full_name(code)} | ({short} if len(short) > 1 else set())
    return {fold(name) for name in names}
