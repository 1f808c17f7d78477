"""How often queries stand in reports by year, region, department or kind: exact counts with stated denominators.

Reports and characters come from the engine's columns, occurrences from reading the hits; both are of the same texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from corpus.gazetteer import NATIONAL
from corpus.model import KINDS, Report
from corpus.regions import regions_of
from indexer.errors import AnalysisTimeout, QueryRejected
from indexer.occurrences import Watch
from indexer.query import rung_of
from indexer.results import Facet, Filter, SearchRequest
from indexer.service import Searcher

By = Literal["year", "region", "department", "kind"]
Status = Literal["counted", "dropped", "absent"]

BYS: Final[tuple[By, ...]] = ("year", "region", "department", "kind")
MOST_QUERIES: Final = 8
#: The years from which on reports follow another template: what stands before and after isn't the same form.
TEMPLATE_BREAKS: Final = (2019, 2021)
#: Parts of the old template that those of 2019 and 2021 no longer have.
DROPPED_2019: Final = frozenset(("consultation", "staffing", "appendix"))
_FIRST_WITHOUT: Final = 2019
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One query in one group. ``filters`` lead to its hits (with the query, match and scope of the trend).

    ``of_reports`` counts the reports of the group with a section that could match, ``characters`` those of these
    sections without blanks. Where there is none, the counts are None: "dropped" if the template of these years no
    longer has such a section (该部分已取消), else "absent". Occurrences are also None where they weren't read.
    """

    value: str
    status: Status
    sections: int | None
    reports: int | None
    of_reports: int
    occurrences: int | None
    characters: int | None
    filters: tuple[Filter, ...]

    @property
    def share(self) -> float | None:
        """The share of the group's reports, 0 to 1."""
        return None if self.reports is None or not self.of_reports else self.reports / self.of_reports

    @property
    def per_10000(self) -> float | None:
        """Occurrences per 10,000 characters."""
        return None if self.occurrences is None or not self.characters else self.occurrences * 10_000 / self.characters


@dataclass(frozen=True, slots=True)
class TrendSeries:
    """The points of one query, and how it was read."""

    query: str
    read_as: str
    notes: tuple[str, ...]
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend with what is needed to cite it; ``problem`` says (中文, English) why occurrences are missing, if they are."""

    by: By
    request: SearchRequest
    series: tuple[TrendSeries, ...]
    breaks: tuple[int, ...]
    generation: str
    corpus_id: str
    engine: str
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    value: str
    filters: tuple[Filter, ...]
    sections: int
    reports: int


def trend(
    searcher: Searcher,
    queries: Sequence[str],
    by: By,
    request: SearchRequest | None = None,
    *,
    seconds: float | None = None,
    read: bool = True,
) -> Trend:
    """Return the trend of queries; ``request`` says match (auto reads as exact), scope, copies and filters.

    Without a filter on form, prose alone is counted. Reading the hits may take ``seconds`` (None: any time); after
    that the counts of reports are given without occurrences. Raises QueryRejected, SearchTimeout.
    """
    asked = [query.strip() for query in queries if query.strip()]
    if not asked or len(asked) > MOST_QUERIES:
        raise QueryRejected(
            zh=f"趋势需要 1 到 {MOST_QUERIES} 个检索式，现有 {len(asked)} 个",
            en=f"a trend takes 1 to {MOST_QUERIES} queries; there are {len(asked)}",
        )
    base = _base(request or SearchRequest())
    groups = _groups(searcher, base, by)
    counted = [_counted(searcher, replace(base, query=query), by, groups) for query in asked]
    watch = Watch(seconds)
    problem: tuple[str, str] | None = None
    often: list[Mapping[str, int]] | None = None
    size = searcher.characters(base, by)
    if read:
        try:
            often = _read(searcher, [replace(base, query=query) for query in asked], by, groups, watch)
        except AnalysisTimeout as error:
            problem = (error.text("zh"), error.text("en"))
            often = None
    series = []
    for number, query in enumerate(asked):
        how = searcher.reading(query, base.match)
        found = {group.value: group for group in counted[number]}
        points = tuple(
            _point(group, found.get(group.value), base, by, often[number] if often else None, size) for group in groups
        )
        series.append(TrendSeries(query, how.read_as, how.notes, points))
    manifest = searcher.manifest
    breaks = TEMPLATE_BREAKS if by == "year" else ()
    return Trend(by, base, tuple(series), breaks, manifest.generation, manifest.corpus_id, manifest.engine, problem)


def _base(request: SearchRequest) -> SearchRequest:
    """Return the request for everything that could match: prose unless told otherwise."""
    match = rung_of(request.match)
    filters = request.filters
    if not any(f.field == "form" for f in filters):
        filters = (*filters, Filter("form", ("prose",)))
    return replace(request, query="", match=match, filters=filters, size=0, page=1, cursor="", sort="relevance")


def _groups(searcher: Searcher, base: SearchRequest, by: By) -> list[_Group]:
    """Return the groups with their denominators, in the order in which they are shown."""
    found = {group.value: group for group in _counted(searcher, base, by, None)}
    values = [value for value in found if found[value].sections]
    if by == "year":
        # Years in which no report has such a section are shown too: that they lack it is what a reader must see.
        others = replace(base, filters=tuple(f for f in base.filters if f.field not in ("kind", "form", "year")))
        facet = searcher.search(replace(others, facets=("year",))).facets[0]
        known = [value.value for value in facet.values if value.value and value.sections]
        values = _years([*values, *known], base.filters)
    elif by == "kind":
        dropped = [kind for kind in DROPPED_2019 if _after_2019(base.filters) and _kept(base.filters, "kind", kind)]
        values = [kind for kind in KINDS if kind in values or kind in dropped]
    elif by == "department":
        values = sorted(values, key=lambda value: (value == "", -found[value].reports, value))
    return [found.get(value) or _Group(value, _filters_of(base.filters, by, value), 0, 0) for value in values]


def _years(values: Iterable[str], filters: Sequence[Filter]) -> list[str]:
    """Return the years, the gaps between the first and the last filled, and "" for those not known at the end."""
    known = sorted(int(value) for value in values if value)
    plausible = [year for year in known if _FIRST_YEAR <= year <= _LAST_YEAR]
    filled = {*known, *(range(plausible[0], plausible[-1] + 1) if plausible else ())}
    kept = [str(year) for year in sorted(filled) if _kept(filters, "year", str(year))]
    return [*kept, *({""} & set(values))]


def _counted(searcher: Searcher, request: SearchRequest, by: By, groups: list[_Group] | None) -> list[_Group]:
    """Return exact counts of sections and reports by group, those of ``groups`` or all there are."""
    facet = searcher.search(replace(request, facets=(by,))).facets[0]
    chosen = [f for f in request.filters if f.field == by]
    values = [group.value for group in groups] if groups is not None else _values(facet, by, request.filters)
    # A facet leaves its own selections out: right for the values of a report, which has one, but a report
    # has a chain of regions, of which others may be excluded. Nor does a facet count reports by kind.
    if by == "kind" or (by == "region" and any(f.exclude for f in chosen)):
        found = []
        for value in values:
            filters = _filters_of(request.filters, by, value)
            answer = searcher.search(replace(request, filters=filters, facets=()))
            found.append(_Group(value, filters, answer.sections, answer.reports))
        return found
    by_value = {value.value: value for value in facet.values}
    return [
        _Group(
            value,
            _filters_of(request.filters, by, value),
            by_value[value].sections if value in by_value else 0,
            (by_value[value].reports or 0) if value in by_value else 0,
        )
        for value in values
    ]


def _values(facet: Facet, by: By, filters: Sequence[Filter]) -> list[str]:
    there = [value.value for value in facet.values if value.sections]
    if by != "region":
        return [value for value in there if _kept(filters, by, value)]
    chosen = [value for f in filters if f.field == "region" and not f.exclude for value in f.values]
    excluded = {value for f in filters if f.field == "region" and f.exclude for value in f.values}
    if not chosen:
        wanted = sorted(value for value in there if value == NATIONAL or value.endswith("0000"))
        return [value for value in (*wanted, *([""] if "" in there else [])) if value not in excluded]
    below = sorted(value for value in there if any(_is_child(value, of) for of in chosen))
    return [value for value in dict.fromkeys((*chosen, *below)) if value in there and value not in excluded]


def _is_child(code: str, of: str) -> bool:
    """Whether a region is right below another, by its code; counties without a prefecture are below the province."""
    if not of or of in (code, NATIONAL):
        return False
    if of.endswith("0000"):
        return code[:2] == of[:2] and code.endswith("00")
    return of.endswith("00") and code[:4] == of[:4]


def _filters_of(filters: Sequence[Filter], by: By, value: str) -> tuple[Filter, ...]:
    """Return the filters that lead to the hits of a group: its value in place of what is chosen of its field."""
    kept = [f for f in filters if f.field != by or (f.exclude and by == "region")]
    return (*kept, Filter(by, (value,)))


def _kept(filters: Sequence[Filter], field: str, value: str) -> bool:
    """Whether the filters on a field keep one of its values."""
    own = [f for f in filters if f.field == field]
    wanted = [f for f in own if not f.exclude]
    return (not wanted or any(_names(f, value) for f in wanted)) and not any(_names(f, value) for f in own if f.exclude)


def _names(filter_: Filter, value: str) -> bool:
    if not filter_.is_range:
        return value in filter_.values
    if not value:
        return False
    year = int(value)
    return (filter_.low is None or filter_.low <= year) and (filter_.high is None or year <= filter_.high)


def _read(
    searcher: Searcher, requests: Sequence[SearchRequest], by: By, groups: Sequence[_Group], watch: Watch
) -> list[Mapping[str, int]]:
    """Return of each request, by group, how many matches are marked in the hits; what was counted before is known."""
    asked = [(by, searcher.reading(each.query, each.match).read_as, replace(each, query="")) for each in requests]
    known = {number: held for number, key in enumerate(asked) if (held := searcher.counted.get(key)) is not None}
    new = [number for number in range(len(asked)) if number not in known]
    wanted = frozenset(group.value for group in groups)
    found: list[Counter[str]] = [Counter() for _ in new]
    for report, kind, tallies in searcher.tallies([requests[number] for number in new], watch.check):
        watch.section()
        values = [value for value in _values_of(report, kind, by) if value in wanted]
        for number, count in tallies:
            for value in values:
                found[number][value] += count
    for number, each in zip(new, found, strict=True):
        searcher.counted.put(asked[number], each)
        known[number] = each
    return [known[number] for number in range(len(asked))]


def _values_of(report: Report, kind: str, by: By) -> Iterator[str]:
    if by == "year":
        yield "" if report.year is None else str(report.year)
    elif by == "region":
        yield from regions_of(report.region, report.year) or ("",)
    elif by == "department":
        yield report.department
    else:
        yield kind


def _point(
    group: _Group,
    found: _Group | None,
    base: SearchRequest,
    by: By,
    often: Mapping[str, int] | None,
    size: Mapping[str, int],
) -> TrendPoint:
    if not group.sections:
        status: Status = "dropped" if _is_dropped(base.filters, by, group.value) else "absent"
        return TrendPoint(group.value, status, None, None, 0, None, None, group.filters)
    return TrendPoint(
        group.value,
        "counted",
        found.sections if found else 0,
        found.reports if found else 0,
        group.reports,
        None if often is None else often.get(group.value, 0),
        size.get(group.value, 0),
        group.filters,
    )


def _is_dropped(filters: Sequence[Filter], by: By, value: str) -> bool:
    """Whether the template of a group's years no longer has the sections asked for."""
    if by == "kind":
        return value in DROPPED_2019 and _after_2019(filters)
    if by != "year" or not value or int(value) < _FIRST_WITHOUT:
        return False
    kinds = {kind for kind in KINDS if _kept(filters, "kind", kind)}
    return bool(kinds) and kinds <= DROPPED_2019


def _after_2019(filters: Sequence[Filter]) -> bool:
    """Whether the filters keep no year before the template of 2019."""
    own = [f for f in filters if f.field == "year" and not f.exclude]
    return bool(own) and all(
        (f.low or 0) >= _FIRST_WITHOUT if f.is_range else all(v and int(v) >= _FIRST_WITHOUT for v in f.values)
        for f in own
    )
