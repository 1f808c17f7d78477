"""The years of a result as bars that filter. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from indexer.results import Facet
from webui.state import SearchState

#: Units of height of the highest bar; a year with a single hit is still seen.
HEIGHT: Final = 48
_LEAST: Final = 2
#: Years without hits are drawn too, unless the span is that of a mistake.
_SPAN: Final = 80


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: its counts, how high it is drawn, whether it is chosen, and the link that chooses it alone."""

    year: str
    sections: int
    reports: int
    height: int
    selected: bool
    url: str


def bars(facets: Iterable[Facet], state: SearchState) -> tuple[Bar, ...]:
    """Return the years in order, those between without a hit too; () where there is nothing to choose between."""
    facet = next((facet for facet in facets if facet.field == "year"), None)
    counted = {v.value: v for v in facet.values if len(v.value) == 4 and v.value.isdecimal()} if facet else {}
    if len(counted) < 2:
        return ()
    first, last = int(min(counted)), int(max(counted))
    years = [f"{year:04}" for year in range(first, last + 1)] if last - first < _SPAN else sorted(counted)
    most = max(value.sections for value in counted.values())
    found = []
    for year in years:
        value = counted.get(year)
        sections = value.sections if value else 0
        chosen = ("year", year) in state.chosen or _within(int(year), state)
        alone = state.with_years(None).without_value("year", *counted)
        found.append(
            Bar(
                year=year,
                sections=sections,
                reports=(value.reports or 0) if value else 0,
                height=max(round(HEIGHT * sections / most), _LEAST) if sections else 0,
                selected=chosen,
                # The only year chosen is let go of, any other is chosen alone: ranges are typed or Shift-clicked.
                url=(alone if _only(year, state) else alone.with_value("year", year)).url,
            )
        )
    return tuple(found)


def _within(year: int, state: SearchState) -> bool:
    if state.years is None:
        return False
    low, high = state.years
    return (low is None or low <= year) and (high is None or year <= high)


def _only(year: str, state: SearchState) -> bool:
    return [value for field, value in state.chosen if field == "year"] == [year]
