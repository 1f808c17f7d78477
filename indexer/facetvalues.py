"""A facet of counted values, the same for every engine (contract 6.2, 6.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat

from indexer.results import REPORT_FACETS, Facet, FacetValue, Filter


def facet_of(field: str, counts: Sequence[tuple[str, int, int | None]], filters: Sequence[Filter]) -> Facet:
    """Return a facet of (value, sections, reports or None), together with what is chosen or excluded, in its order."""
    chosen = {v for f in filters if f.field == field and not f.exclude for v in f.values}
    excluded = {v for f in filters if f.field == field and f.exclude for v in f.values}
    of_report = field in REPORT_FACETS
    missing = (chosen | excluded).difference(value for value, _, _ in counts)
    every = [*counts, *((value, 0, 0 if of_report else None) for value in missing)]
    values = (
        FacetValue(value, n, of, value in chosen, value in excluded) for value, n, of in sorted(every, key=_order)
    )
    return Facet(field, "report" if of_report else "section", tuple(values))


def plain_facet(field: str, values: Iterable[str], sections: Iterable[int], reports: Iterable[int]) -> Facet:
    """Return a facet of a field of the report of which nothing is chosen or excluded; the values stand in its order.

    There may be thousands of values: they are made without a call in Python for each.
    """
    parts = zip(values, sections, reports, repeat(False), repeat(False), strict=False)
    made: Iterable[FacetValue] = map(tuple.__new__, repeat(FacetValue), parts)
    return Facet(field, "report", tuple(made))


def _order(counted: tuple[str, int, int | None]) -> tuple[int, str]:
    return -counted[1], counted[0]
