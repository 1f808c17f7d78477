"""Plan -> the set of sections as a tantivy query (contract 4).

For each node three nested sets are kept: where it is *own*, where it matches (own or neutral), where it is met (not a no).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import tantivy

from indexer import queries
from indexer.deadline import Deadline
from indexer.errors import SearchTimeout
from indexer.matching import nearby_test, text_leaves
from indexer.nearness import read_through, settled
from indexer.packs import PackedTexts
from indexer.queries import ALL, Set
from indexer.query import And, AtLeast, Code, Nearby, Not, Or, Phrase, Plan, Range, Scope
from indexer.reporttable import Counts, Mask, ReportTable
from indexer.tantivyschema import (
    CONTEXT,
    CONTEXT_RUNS,
    FACETS,
    FORM,
    GRAMS,
    KIND,
    REPORT,
    ROW,
    ROW_NUMBER,
    RUNS,
    Rows,
    facet_token,
    ordinals_of,
)

_NEAR_BATCH: Final = 16
#: A candidate of near is read and decided in some 50 microseconds.
_MOST_READ: Final = 60_000
_SECTION_FIELDS: Final = {"kind": KIND, "form": FORM}


class Sections(Protocol):
    """What compiling needs of an open index."""

    schema: tantivy.Schema

    def counts(self, query: tantivy.Query) -> Counts:
        """Return how many sections of each report a query finds."""
        ...

    def rows(self, query: tantivy.Query) -> Rows:
        """Return the row numbers of all sections that a query finds, ascending."""
        ...

    def size(self, query: tantivy.Query) -> int:
        """Return how many sections a query finds."""
        ...


@dataclass(frozen=True, slots=True)
class _Node:
    own: Set
    matches: Set
    met: Set


@dataclass(frozen=True, slots=True)
class _ReportNode:
    own: Mask
    matches: Mask
    met: Mask


class Compiler:
    """Turns the plans of one search into queries; what it looked up for one rung serves the next."""

    def __init__(self, sections: Sections, reports: ReportTable, texts: PackedTexts, deadline: Deadline) -> None:
        self._sections = sections
        self._schema = sections.schema
        self._reports = reports
        self._texts = texts
        self._deadline = deadline
        self._near_found: dict[Nearby, Set] = {}

    def matching(self, plan: Plan, scope: Scope) -> Set:
        """Return the sections that a plan matches."""
        return self._node(plan).matches if scope == "section" else self._by_report(plan)

    # By section

    def _node(self, plan: Plan) -> _Node:
        self._deadline.check()
        if isinstance(plan, And):
            return _conjunction(self._children(plan))
        if isinstance(plan, Or):
            return _alternatives([self._node(child) for child in _plans(plan.children)])
        if isinstance(plan, Not):
            (child,) = _plans((plan.child,))
            rest = queries.intersection((), without=(self._node(child).matches,))
            return _Node(None, rest, rest)
        if isinstance(plan, AtLeast):
            nodes = [self._node(phrase) for phrase in plan.phrases]
            met = queries.at_least(plan.count, [node.met for node in nodes])
            own = queries.union(node.own for node in nodes)
            own = own if plan.count == 1 else queries.intersection((met, own))
            return _Node(own, own, met)
        if isinstance(plan, Phrase) and not plan.text:
            return _Node(None, ALL, ALL)
        if isinstance(plan, Phrase | Nearby) and plan.field is None:
            own = self._own_text(plan)
            met = queries.union((own, self._context(plan)))
            return _Node(own, own, met)
        found = self._field_sections(plan)
        return _Node(None, found, found)

    def _children(self, plan: And) -> list[_Node]:
        """Return the nodes of a conjunction; what near has to read is cut to what its neighbours leave."""
        children = list(_plans(plan.children))
        nodes = {n: self._node(child) for n, child in enumerate(children) if not isinstance(child, Nearby)}
        inside = queries.intersection(node.met for node in nodes.values())
        for n, child in enumerate(children):
            if isinstance(child, Nearby):
                own = self._near(child, inside) if child.field is None else None
                nodes[n] = _Node(own, own, own) if child.field is None else self._node(child)
        return [nodes[n] for n in range(len(children))]

    def _own_text(self, leaf: Phrase | Nearby) -> Set:
        if isinstance(leaf, Nearby):
            return self._near(leaf)
        if leaf.whole_run:
            return queries.token(self._schema, RUNS, leaf.text)
        return queries.phrase(self._schema, GRAMS, leaf.text)

    def _context(self, leaf: Phrase | Nearby) -> Set:
        if not isinstance(leaf, Phrase) or not leaf.context:
            return None
        if leaf.whole_run:
            return queries.token(self._schema, CONTEXT_RUNS, leaf.text)
        return queries.phrase(self._schema, CONTEXT, leaf.text)

    def _field_sections(self, leaf: Plan) -> Set:
        """Return the sections whose report (or which themselves) have what a leaf with a field asks."""
        if isinstance(leaf, Range):
            return self._with_values("year", self._reports.years(leaf.low, leaf.high))
        if isinstance(leaf, Code):
            return self._with_code(leaf)
        if isinstance(leaf, Phrase | Nearby) and leaf.field:
            mask = self._field_reports(leaf)
            if leaf.field in ("agency", "department"):
                return self._with_values(leaf.field, self._reports.tokens_holding(leaf.field, mask))
            return self._of_reports(mask)
        return ALL

    def _with_code(self, leaf: Code) -> Set:
        if leaf.field in _SECTION_FIELDS:
            return queries.token(self._schema, _SECTION_FIELDS[leaf.field], leaf.value)
        return self._with_values(leaf.field, [leaf.value])

    def _with_values(self, field: str, values: Iterable[str]) -> Set:
        return queries.tokens(self._schema, FACETS, [facet_token(field, value) for value in values])

    def _of_reports(self, mask: Mask) -> Set:
        """Return the sections of the reports of a mask, by those that are in it or those that aren't."""
        alive = self._reports.rows["alive"]
        inside, outside = np.flatnonzero(mask & alive), np.flatnonzero(~mask & alive)
        if not len(outside):
            return ALL
        if len(inside) <= len(outside):
            return queries.tokens(self._schema, REPORT, inside.tolist())
        return queries.intersection((), without=(queries.tokens(self._schema, REPORT, outside.tolist()),))

    # Near: candidates by the index, decided on the text

    def _near(self, leaf: Nearby, inside: Set = ALL) -> Set:
        """Return the sections that hold the parts of near, of those ``inside`` a set at least."""
        if inside is not ALL:
            return self._verified_near(leaf, inside)
        if leaf not in self._near_found:
            self._near_found[leaf] = self._verified_near(leaf, ALL)
        return self._near_found[leaf]

    def _verified_near(self, leaf: Nearby, inside: Set) -> Set:
        parts: list[Set] = [queries.phrase(self._schema, GRAMS, part) for part in dict.fromkeys(leaf.parts)]
        if len(leaf.parts) == 2:
            parts += filter(None, [queries.within(self._schema, GRAMS, leaf.parts, leaf.within)])
        candidates = queries.as_query(queries.intersection((*parts, inside)))
        rows = self._sections.rows(candidates)
        phrases, left = settled(leaf, rows, self._read, self._holding, self._deadline.check)
        if len(left) > _MOST_READ:
            raise too_many_candidates(len(left))
        found = read_through(leaf, left, self._read, self._deadline.check)
        held = [queries.phrase(self._schema, GRAMS, phrase) for phrase in phrases]
        return queries.union((*held, queries.tokens(self._schema, ROW_NUMBER, found)))

    def _holding(self, phrases: Sequence[str]) -> Rows:
        """Return the rows of the sections that hold any of some folded phrases."""
        found = queries.union(queries.phrase(self._schema, GRAMS, phrase) for phrase in phrases)
        return self._sections.rows(queries.as_query(found))

    def _read(self, rows: Rows) -> Iterator[tuple[int, str]]:
        """Yield (row, folded units joined by line feeds) of some sections."""
        of_reports: dict[int, dict[int, int]] = {}
        for row in rows.tolist():
            of_reports.setdefault(row // ROW, {})[ordinals_of(row)] = row
        for done, (number, wanted) in enumerate(of_reports.items()):
            if done % _NEAR_BATCH == 0:
                self._deadline.check()
            for ordinal, units in self._texts.folded_units(number, wanted):
                yield wanted[ordinal], units

    # By report (contract 4.6)

    def _by_report(self, plan: Plan) -> Set:
        alive = np.array(self._reports.rows["alive"])
        inside = self._report_node(plan, alive).matches
        leaves = [leaf for leaf in dict.fromkeys(text_leaves(plan)) if isinstance(leaf, Nearby) or leaf.text]
        standing = queries.union(self._own_text(leaf) for leaf in leaves)
        stands = self._has(standing)
        rest = self._of_reports(inside & ~stands) if (inside & ~stands).any() else None
        if (stands & ~inside).any():
            standing = queries.intersection((standing, self._of_reports(inside)))
        return queries.union((standing, rest))

    def _report_node(self, plan: Plan, alive: Mask) -> _ReportNode:
        self._deadline.check()
        none = np.zeros_like(alive)
        if isinstance(plan, And):
            return _report_conjunction([self._report_node(child, alive) for child in _plans(plan.children)], alive)
        if isinstance(plan, Or):
            nodes = [self._report_node(child, alive) for child in _plans(plan.children)]
            return _ReportNode(*(_any((getattr(n, part) for n in nodes), none) for part in ("own", "matches", "met")))
        if isinstance(plan, Not):
            (child,) = _plans((plan.child,))
            rest = alive & ~self._report_node(child, alive).matches
            return _ReportNode(none, rest, rest)
        if isinstance(plan, AtLeast):
            nodes = [self._report_node(phrase, alive) for phrase in plan.phrases]
            met = sum((node.met.astype(np.int32) for node in nodes), np.zeros(len(alive), np.int32)) >= plan.count
            own = met & _any((node.own for node in nodes), none)
            return _ReportNode(own, own, met)
        if isinstance(plan, Phrase) and not plan.text:
            return _ReportNode(none, alive, alive)
        if isinstance(plan, Phrase | Nearby) and plan.field is None:
            own = self._has(self._own_text(plan))
            context = none
            if isinstance(plan, Phrase) and plan.context:
                context = self._reports.context(plan.text, plan.whole_run)
            return _ReportNode(own, own, own | context)
        found = self._reports_of_field(plan, alive)
        return _ReportNode(none, found, found)

    def _has(self, found: Set) -> Mask:
        """Return the reports that have a section in a set."""
        if found is None:
            return np.zeros(self._reports.size, np.bool_)
        if found is ALL:
            return np.array(self._reports.rows["alive"])
        return self._sections.counts(queries.as_query(found)) > 0

    def _reports_of_field(self, leaf: Plan, alive: Mask) -> Mask:
        if isinstance(leaf, Range):
            return self._reports.with_years(leaf.low, leaf.high)
        if isinstance(leaf, Code):
            if leaf.field in _SECTION_FIELDS:
                return self._has(self._with_code(leaf))
            return self._reports.with_value(leaf.field, leaf.value)
        if isinstance(leaf, Phrase | Nearby) and leaf.field:
            return self._field_reports(leaf)
        return alive

    def _field_reports(self, leaf: Phrase | Nearby) -> Mask:
        """Return the reports whose field holds what a leaf says."""
        field = leaf.field or ""
        if isinstance(leaf, Phrase):
            return self._reports.holding(field, leaf.text, leaf.whole_run)
        mask = np.array(self._reports.rows["alive"])
        for part in leaf.parts:
            mask &= self._reports.holding(field, part)
        stands = nearby_test(leaf, self._deadline.check)
        texts = self._reports.texts_of(field, np.flatnonzero(mask).tolist())
        kept = [number for number, text in texts if stands(text)]
        found = np.zeros_like(mask)
        found[kept] = True
        return found


def too_many_candidates(size: int) -> SearchTimeout:
    """Return the error for a near query whose parts stand together in too many sections to read."""
    return SearchTimeout(
        zh=f"邻近检索需要核对 {size:,} 个章节，超过上限 {_MOST_READ:,}；请用更少见的词句，或在检索式中加上条件（如 年份:2015）",
        en=f"near would have to read {size:,} sections, more than {_MOST_READ:,}; use rarer words, or add a condition to the query (year:2015)",
    )


def _conjunction(nodes: Sequence[_Node]) -> _Node:
    met = queries.intersection(node.met for node in nodes)
    with_own = [node for node in nodes if node.own is not None]
    if not with_own:
        return _Node(None, queries.intersection(node.matches for node in nodes), met)
    if len(with_own) == 1:
        own = queries.intersection(node.own if node.own is not None else node.met for node in nodes)
    elif any(node.met is node.own for node in with_own):
        own = met
    else:
        own = queries.intersection((*(node.met for node in nodes), queries.union(node.own for node in nodes)))
    # Where one child can only match as own, so does the conjunction; else all may be neutral at once.
    if any(node.matches is node.own for node in with_own):
        return _Node(own, own, met)
    return _Node(own, queries.union((own, queries.intersection(node.matches for node in nodes))), met)


def _alternatives(nodes: Sequence[_Node]) -> _Node:
    return _Node(
        queries.union(node.own for node in nodes),
        queries.union(node.matches for node in nodes),
        queries.union(node.met for node in nodes),
    )


def _report_conjunction(nodes: Sequence[_ReportNode], alive: Mask) -> _ReportNode:
    met, matches = alive, alive
    for node in nodes:
        met, matches = met & node.met, matches & node.matches
    own = met & _any((node.own for node in nodes), np.zeros_like(alive))
    return _ReportNode(own, own | matches, met)


def _any(masks: Iterable[Mask], none: Mask) -> Mask:
    found = none
    for mask in masks:
        found = found | mask
    return found


def _plans(children: Iterable[object]) -> Iterable[Plan]:
    return children  # type: ignore[return-value]  # a Plan's children are plans
