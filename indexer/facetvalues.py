"""A facet of counted values, the same for every engine (contract 6.2, 6.4). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.results import REPORT_FACETS, Facet, FacetValue, Filter


def facet_of(field: str, counts: list[tuple[str, int, int | None]], filters: Sequence[Filter]) -> Facet:
    """Return a facet of (value, sections, reports or None), together with what is chosen or excluded, in its order."""
    chosen = {v for f in filters if f.field == field and not f.exclude for v in f.values}
    excluded = {v for f in filters if f.field == field and f.exclude for v in f.values}
    of_report = field in REPORT_FACETS
    if chosen or excluded:
        missing = (chosen | excluded).difference(value for value, _, _ in counts)
        counts = [*counts, *((value, 0, 0 if of_report else None) for value in missing)]
    counts.sort(key=_order)
    # Hundreds in each result: without anything chosen there is nothing to look up.
    plain = not chosen and not excluded
    values = (
        [FacetValue(*counted) for counted in counts]
        if plain
        else [FacetValue(value, n, of, value in chosen, value in excluded) for value, n, of in counts]
    )
    return Facet(field, "report" if of_report else "section", tuple(values))


def _order(counted: tuple[str, int, int | None]) -> tuple[int, str]:
    return -counted[1], counted[0]
