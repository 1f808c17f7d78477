"""Facets as the side column shows them: names, links, a tree of regions, what is folded away. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from corpus.folding import fold
from corpus.model import LEVELS
from corpus.regions import region_path
from indexer.results import Facet, FacetValue
from webui.labels import filter_name, value_name
from webui.state import Lang, SearchState, range_text

ORDER: Final = ("region", "agency", "department", "level", "year", "kind", "form", "doctype", "template")
#: Values shown before "more". So many values are put on the page whole; of more, the first ten: the rest is looked for by name.
FEW: Final = 8
MOST: Final = 24
LISTED: Final = 10
#: Values shown of those that were looked for.
FOUND: Final = 60
#: A tree of so many regions is shown whole.
SMALL_TREE: Final = 60
#: More values than this can be looked through by name.
MANY: Final = 12
_NAMED: Final = ("region", "agency", "department", "kind")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value: its counts, whether it is set, and the links that set it, exclude it or let go of it."""

    value: str
    name: str
    full_name: str
    sections: int
    reports: int | None
    selected: bool
    excluded: bool
    toggle_url: str
    exclude_url: str
    below: tuple[Choice, ...] = ()
    open: bool = False

    @property
    def is_set(self) -> bool:
        """Whether this value, or one within it, is chosen or excluded."""
        return self.selected or self.excluded or any(child.is_set for child in self.below)


@dataclass(frozen=True, slots=True)
class Panel:
    """One facet: what is shown at once, what under "more", and how many values aren't on the page.

    ``searchable``: there are so many that one may look for a name; ``find`` is what was looked for.
    """

    field: str
    counts_reports: bool
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]
    cut: int
    searchable: bool = False
    find: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the link that lets go of it."""

    field: str
    name: str
    excluded: bool
    remove_url: str


def panels(
    facets: Iterable[Facet], state: SearchState, finds: Mapping[str, str] = MappingProxyType({})
) -> tuple[Panel, ...]:
    """Return the facets in the order of the page; one that could not narrow anything is left out.

    ``finds`` says of a field what its values' names must contain.
    """
    by_field = {facet.field: facet for facet in facets}
    found = []
    for field in ORDER:
        facet = by_field.get(field)
        if facet is None or not facet.values:
            continue
        if len(facet.values) == 1 and not facet.values[0].value and not _is_set(state, field, ""):
            continue  # "not stated" alone says nothing
        found.append(_panel(facet, state, finds.get(field, "")))
    return tuple(found)


def chips(state: SearchState) -> tuple[Chip, ...]:
    """Return the filters that are set, in the order of the facets."""
    found = [
        Chip(field, filter_name(field, value, state.lang), False, state.without_value(field, value).url)
        for field, value in state.chosen
    ]
    if state.years:
        found.append(Chip("year", range_text(state.years), False, state.with_years(None).url))
    found += (
        Chip(field, filter_name(field, value, state.lang), True, state.without_exclusion(field, value).url)
        for field, value in state.excluded
    )
    return tuple(sorted(found, key=lambda chip: ORDER.index(chip.field)))


def _panel(facet: Facet, state: SearchState, find: str) -> Panel:
    searchable = len(facet.values) > MANY and facet.field in _NAMED
    if find and searchable:
        wanted = fold(find)
        fitting = [v for v in facet.values if wanted in fold(filter_name(facet.field, v.value, state.lang))]
        shown = tuple(_found(facet.field, value, state) for value in fitting[:FOUND])
        return Panel(facet.field, facet.unit == "report", shown, (), len(fitting) - len(shown), True, find)
    if facet.field == "region":
        choices, cut = _tree(facet.values, state)
    else:
        ordered = _ordered(facet)
        most = LISTED if len(ordered) > MOST and facet.field in _NAMED else max(MOST, len(ordered))
        kept = [v for n, v in enumerate(ordered) if n < most or _is_set(state, facet.field, v.value)]
        cut = len(ordered) - len(kept)
        choices = tuple(_choice(facet.field, value, state) for value in kept)
    # What is set is always in sight; a "more" that hides a single line would be longer than the line.
    first = choices if len(choices) <= FEW + 1 else tuple(c for n, c in enumerate(choices) if n < FEW or c.is_set)
    more = tuple(choice for choice in choices if choice not in first)
    return Panel(facet.field, facet.unit == "report", first, more, cut, searchable)


def _found(field: str, value: FacetValue, state: SearchState) -> Choice:
    """Return the choice of a value that was looked for; a region stands outside the tree and bears its whole name."""
    choice = _region(value, state) if field == "region" else _choice(field, value, state)
    return replace(choice, name=choice.full_name)


def _ordered(facet: Facet) -> Sequence[FacetValue]:
    """Years newest first and levels from the top down; everything else as it came, most frequent first."""
    if facet.field == "year":
        return sorted(facet.values, key=lambda v: v.value, reverse=True)
    if facet.field == "level":
        rank = {level: n for n, level in enumerate(LEVELS)}
        return sorted(facet.values, key=lambda v: rank.get(v.value, len(rank)))
    return facet.values


def _choice(field: str, value: FacetValue, state: SearchState) -> Choice:
    chosen = (field, value.value) in state.chosen
    excluded = (field, value.value) in state.excluded
    if chosen:
        toggle = state.without_value(field, value.value)
    elif excluded:
        toggle = state.without_exclusion(field, value.value)
    else:
        toggle = state.with_value(field, value.value)
    other = state.without_exclusion if excluded else state.excluding
    lang: Lang = state.lang
    return Choice(
        value=value.value,
        name=value_name(field, value.value, lang),
        full_name=filter_name(field, value.value, lang),
        sections=value.sections,
        reports=value.reports,
        selected=chosen,
        excluded=excluded,
        toggle_url=toggle.url,
        exclude_url=other(field, value.value).url,
    )


def _tree(values: Sequence[FacetValue], state: SearchState) -> tuple[tuple[Choice, ...], int]:
    """Nest regions by their paths; in a large tree the lower levels show only below what is set."""
    present = {value.value for value in values}
    below: dict[str, list[FacetValue]] = {}
    for value in values:
        parent = next((c for c in reversed(region_path(value.value)[:-1]) if c in present), "")
        below.setdefault(parent, []).append(value)
    small = len(values) <= SMALL_TREE
    paths = {c for f, v in (*state.chosen, *state.excluded) if f == "region" for c in region_path(v)}
    left_out = 0

    def grow(value: FacetValue) -> Choice:
        nonlocal left_out
        children = below.get(value.value, []) if value.value else []
        shown = children if small or value.value in paths else []
        if not shown:
            left_out += _size(children, below)
        inner = tuple(grow(child) for child in shown)
        opened = value.value in paths or len(values) <= FEW
        return replace(_region(value, state), below=inner, open=opened)

    return tuple(grow(value) for value in below.get("", [])), left_out


def _size(values: Iterable[FacetValue], below: dict[str, list[FacetValue]]) -> int:
    return sum(1 + _size(below.get(value.value, []), below) for value in values)


def _region(value: FacetValue, state: SearchState) -> Choice:
    """A region's choice; choosing it lets go of those around and within it, so that one can drill down."""
    path = region_path(value.value)
    related = [
        code
        for field, code in state.chosen
        if field == "region" and code != value.value and (code in path or value.value in region_path(code))
    ]
    choice = _choice("region", value, state)
    if not related or choice.selected or choice.excluded:
        return choice
    drilled = state.without_value("region", *related).with_value("region", value.value)
    return replace(choice, toggle_url=drilled.url)


def _is_set(state: SearchState, field: str, value: str) -> bool:
    return (field, value) in state.chosen or (field, value) in state.excluded
