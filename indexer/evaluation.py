"""Plan -> the set of sections (contract 4), over texts and columns in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from corpus.folding import fold
from corpus.model import Report
from corpus.regions import region_texts
from indexer.bitsets import at_least, bitset, everything, rows_of
from indexer.columns import Columns
from indexer.deadline import Deadline
from indexer.haystack import Haystack
from indexer.matching import nearby_test, text_leaves
from indexer.query import And, AtLeast, Code, Nearby, Not, Or, Phrase, Plan, Range, Scope
from indexer.texts import Row

_NEAR_BATCH = 64
_NEAR_KEPT = 64


@dataclass(frozen=True, slots=True)
class Value:
    """A node's value as three disjoint sets; what is in none of them is a no (contract 4.2)."""

    own: int = 0
    neutral: int = 0
    context: int = 0

    @property
    def met(self) -> int:
        """Where the node isn't a no."""
        return self.own | self.neutral | self.context

    @property
    def matches(self) -> int:
        """What the node matches when it is a whole query."""
        return self.own | self.neutral


class Evaluator:
    """Answers plans from the folded texts of all sections and the fields of all reports."""

    def __init__(self, reports: list[Report], rows: list[Row], columns: Columns) -> None:
        self.columns = columns
        self.own = Haystack(row.folded for row in rows)
        self._context = Haystack(row.context for row in rows)
        self._report_context = Haystack(
            "\n".join(fold(text) for text in (r.title, r.agency, *region_texts(r.region, r.year))) for r in reports
        )
        self._fields = {
            "title": Haystack(fold(report.title) for report in reports),
            "agency": Haystack(fold(report.agency) for report in reports),
            "region": Haystack("\n".join(map(fold, region_texts(r.region, r.year))) for r in reports),
            "department": Haystack(fold(report.department) for report in reports),
            "number": Haystack(fold(report.document_number) for report in reports),
        }
        self._reports = len(reports)
        self._near_found: dict[Nearby, int] = {}  # one search asks the same several times: rungs, scope

    def matching(self, plan: Plan, scope: Scope, deadline: Deadline) -> int:
        """Return the rows that a plan matches."""
        if scope == "section":
            leaf = self._section_leaf
            return _combine(plan, everything(self.columns.size), lambda node: leaf(node, deadline)).matches
        by_report = _combine(plan, everything(self._reports), lambda node: self._report_leaf(node, deadline)).matches
        inside = self.columns.rows_of_reports(by_report)
        standing = self._standing(plan, deadline) & inside
        without = by_report & ~self.columns.reports_with(standing)
        return standing | self.columns.rows_of_reports(without)

    def _standing(self, plan: Plan, deadline: Deadline) -> int:
        """Return the rows whose own text has one of the leaves that aren't negated."""
        return reduce(or_, (self._own_text(leaf, deadline) for leaf in text_leaves(plan)), 0)

    def _section_leaf(self, leaf: Plan, deadline: Deadline) -> Value:
        deadline.check()
        if isinstance(leaf, AtLeast):
            return self._enough(leaf, lambda phrase: self._section_leaf(phrase, deadline))
        if isinstance(leaf, Phrase | Nearby) and leaf.field is None:
            own = self._own_text(leaf, deadline)
            bare = isinstance(leaf, Phrase) and leaf.context
            context = self._context.holding(leaf.text, leaf.whole_run) if bare else 0  # type: ignore[union-attr]
            return Value(own=own, context=context & ~own)
        return Value(neutral=self._field_rows(leaf, deadline))

    def _report_leaf(self, leaf: Plan, deadline: Deadline) -> Value:
        deadline.check()
        if isinstance(leaf, AtLeast):
            return self._enough(leaf, lambda phrase: self._report_leaf(phrase, deadline))
        if isinstance(leaf, Phrase | Nearby) and leaf.field is None:
            own = self.columns.reports_with(self._own_text(leaf, deadline))
            bare = isinstance(leaf, Phrase) and leaf.context
            context = self._report_context.holding(leaf.text, leaf.whole_run) if bare else 0  # type: ignore[union-attr]
            return Value(own=own, context=context & ~own)
        return Value(neutral=self.columns.reports_with(self._field_rows(leaf, deadline)))

    def _enough(self, leaf: AtLeast, value_of: Callable[[Phrase], Value]) -> Value:
        values = [value_of(phrase) for phrase in leaf.phrases]
        enough = at_least(leaf.count, (value.met for value in values))
        own = enough & reduce(or_, (value.own for value in values), 0)
        return Value(own=own, context=enough & ~own)

    def _own_text(self, leaf: Phrase | Nearby, deadline: Deadline) -> int:
        if isinstance(leaf, Phrase):
            return self.own.holding(leaf.text, leaf.whole_run)
        return self._near(self.own, leaf, deadline)

    def _field_rows(self, leaf: Plan, deadline: Deadline) -> int:
        """Return the rows whose report (or section) has what a leaf with a field asks; all rows for MatchAll."""
        if isinstance(leaf, Range):
            return self.columns.years(leaf.low, leaf.high)
        if isinstance(leaf, Code):
            return self.columns.bits_of(leaf.field, leaf.value)
        if isinstance(leaf, Phrase) and leaf.field:
            return self.columns.rows_of_reports(self._fields[leaf.field].holding(leaf.text, leaf.whole_run))
        if isinstance(leaf, Nearby) and leaf.field:
            return self.columns.rows_of_reports(self._near(self._fields[leaf.field], leaf, deadline))
        return everything(self.columns.size)

    def _near(self, texts: Haystack, leaf: Nearby, deadline: Deadline) -> int:
        known = self._near_found.get(leaf)
        if known is None:
            known = self._verified_near(texts, leaf, deadline)
            if len(self._near_found) >= _NEAR_KEPT:
                self._near_found.clear()
            self._near_found[leaf] = known
        return known

    def _verified_near(self, texts: Haystack, leaf: Nearby, deadline: Deadline) -> int:
        candidates = everything(texts.size)
        for part in leaf.parts:
            candidates &= texts.holding(part)
        found = []
        stands = nearby_test(leaf, deadline.check)
        for number, row in enumerate(rows_of(candidates)):
            if number % _NEAR_BATCH == 0:
                deadline.check()
            if stands(texts.row(row)):
                found.append(row)
        return bitset(found, texts.size)


def _combine(plan: Plan, all_rows: int, leaf: Callable[[Plan], Value]) -> Value:
    if isinstance(plan, And):
        return _conjunction([_combine(child, all_rows, leaf) for child in _plans(plan.children)], all_rows)
    if isinstance(plan, Or):
        return _best([_combine(child, all_rows, leaf) for child in _plans(plan.children)])
    if isinstance(plan, Not):
        (child,) = _plans((plan.child,))
        return Value(neutral=all_rows & ~_combine(child, all_rows, leaf).matches)
    return leaf(plan)


def _conjunction(values: list[Value], all_rows: int) -> Value:
    met, own, context = all_rows, 0, 0
    for value in values:
        met &= value.met
        own |= value.own
        context |= value.context
    own &= met
    context &= met & ~own
    return Value(own, met & ~own & ~context, context)


def _best(values: list[Value]) -> Value:
    own = reduce(or_, (value.own for value in values), 0)
    neutral = reduce(or_, (value.neutral for value in values), 0) & ~own
    return Value(own, neutral, reduce(or_, (value.context for value in values), 0) & ~own & ~neutral)


def _plans(children: Iterable[object]) -> Iterable[Plan]:
    return children  # type: ignore[return-value]  # a Plan's children are plans
