"""The search contract (docs/contract.md 2-8) as a program: loops over the reports, nothing clever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product
from typing import Any

from corpus.folding import fold, fold_with_offsets
from corpus.model import Report, Section
from corpus.regions import full_name, region_path
from corpus.rows import SectionRow, section_row
from indexer.engine import Ranked, Selection
from indexer.errors import ReportNotFound, SearchTimeout
from indexer.grouping import KeyedOrder
from indexer.query import And, AtLeast, Code, MatchAll, Nearby, Not, Or, Phrase, Plan, Range, Scope
from indexer.ranking import characters_of, pairs_of
from indexer.results import REPORT_FACETS, Facet, FacetValue, Filter, SectionKey, Span
from indexer.texts import Shown, report_meta

ASCII_RUN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
REGION_CODE_LENGTH = 6

folded = lru_cache(maxsize=200_000)(fold)


# What is searched: units, context, fields (contract, before chapter 1; 4.1, 4.4, 4.5)


def units_of(section: Section) -> list[str]:
    """The own heading (of ordinal 0: the report's title) and each paragraph and row; original text."""
    blocks = [section.block_text(block) for block in section.blocks if block.form in ("paragraph", "row")]
    return [section.heading, *blocks]


@dataclass(frozen=True)
class Place:
    """What one leaf is asked of: a section, or (scope=report) a whole report. Texts are folded."""

    report: Report
    units: tuple[str, ...]
    context: tuple[str, ...]
    kinds: frozenset[str]
    forms: frozenset[str]


def section_place(report: Report, section: Section) -> Place:
    above = [*section.headings_above, report.title, report.agency, *region_names(report)]
    return Place(
        report,
        units=tuple(folded(unit) for unit in units_of(section)),
        context=tuple(folded(text) for text in above),
        kinds=frozenset([section.kind]),
        forms=frozenset([section.form]),
    )


def report_place(report: Report) -> Place:
    return Place(
        report,
        units=tuple(folded(unit) for section in report.sections for unit in units_of(section)),
        context=tuple(folded(text) for text in (report.title, report.agency, *region_names(report))),
        kinds=frozenset(section.kind for section in report.sections),
        forms=frozenset(section.form for section in report.sections),
    )


def region_names(report: Report) -> list[str]:
    """The names of the region's path as it was in the year reported, and as it is now."""
    return sorted({full_name(report.region, report.year), full_name(report.region_now)})


def containing_regions(report: Report) -> set[str]:
    """Every region that contained the report's region then or contains it now (6.5)."""
    return {*region_path(report.region), *region_path(report.region_now)}


def field_texts(report: Report, field: str) -> list[str]:
    """The folded texts of a field of the report that are searched for a substring (4.5)."""
    texts = {
        "title": [report.title],
        "agency": [report.agency],
        "region": region_names(report),
        "department": [report.department],
        "number": [report.document_number],
    }
    return [folded(text) for text in texts[field]]


# Where a leaf stands in one folded text (2.1, 3.2, 5.4)


def touches(text: str, start: int, end: int) -> bool:
    """Whether an ASCII letter or digit stands right before ``start`` or right after ``end``."""
    return (start > 0 and text[start - 1] in ASCII_RUN) or (end < len(text) and text[end] in ASCII_RUN)


def occurrences(phrase: str, text: str, whole_run: bool = False) -> list[Span]:
    """All of them, overlapping ones too."""
    if not phrase:
        return []
    found = []
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        if not (whole_run and touches(text, start, end)):
            found.append((start, end))
        start = text.find(phrase, start + 1)
    return found


def near_matches(parts: Sequence[str], within: int, text: str) -> list[tuple[Span, ...]]:
    """Every choice of one occurrence per part: in any order, none overlapping, neighbours close enough."""
    matches = []
    for choice in product(*(occurrences(part, text) for part in parts)):
        in_order = sorted(choice)
        gaps = [right[0] - left[1] for left, right in pairwise(in_order)]
        if all(0 <= gap <= within for gap in gaps):
            matches.append(tuple(in_order))
    return matches


def stands_in(leaf: Phrase | Nearby, text: str) -> bool:
    if isinstance(leaf, Phrase):
        return bool(occurrences(leaf.text, text, leaf.whole_run))
    return bool(near_matches(leaf.parts, leaf.within, text))


# Evaluation: own, neutral, context, no (4.2)

BEST_FIRST = ("own", "neutral", "context", "no")


def status(node: Plan, place: Place) -> str:
    match node:
        case MatchAll():
            return "neutral"
        case Range(low=low, high=high):
            year = place.report.year
            inside = year is not None and (low is None or low <= year) and (high is None or year <= high)
            return "neutral" if inside else "no"
        case Code(field=field, value=value):
            return "neutral" if holds_code(place, field, value) else "no"
        case Phrase() | Nearby():
            return leaf_status(node, place)
        case AtLeast(count=count, phrases=phrases):
            met = [found for phrase in phrases if (found := leaf_status(phrase, place)) != "no"]
            if len(met) < count:
                return "no"
            return "own" if "own" in met else "context"
        case And(children=children):
            found = [status(child, place) for child in children]
            return next((each for each in ("no", "own", "context") if each in found), "neutral")
        case Or(children=children):
            return min((status(child, place) for child in children), key=BEST_FIRST.index, default="no")
        case Not(child=child):
            return "neutral" if status(child, place) in ("context", "no") else "no"
    raise TypeError(f"not a plan: {node!r}")


def leaf_status(leaf: Phrase | Nearby, place: Place) -> str:
    if isinstance(leaf, Phrase) and not leaf.text:
        return "neutral"  # 2.3
    if leaf.field is not None:
        return "neutral" if field_holds(leaf, place.report) else "no"
    if any(stands_in(leaf, unit) for unit in place.units):
        return "own"
    if isinstance(leaf, Phrase) and leaf.context and any(stands_in(leaf, text) for text in place.context):
        return "context"
    return "no"


def field_holds(leaf: Phrase | Nearby, report: Report) -> bool:
    assert leaf.field is not None
    if isinstance(leaf, Phrase) and leaf.field == "region" and is_region_code(leaf.text):
        return leaf.text in containing_regions(report)
    return any(stands_in(leaf, text) for text in field_texts(report, leaf.field))


def is_region_code(text: str) -> bool:
    return len(text) == REGION_CODE_LENGTH and text.isascii() and text.isdigit()


def holds_code(place: Place, field: str, value: str) -> bool:
    if field == "kind":
        return value in place.kinds
    if field == "form":
        return value in place.forms
    if field == "region":
        return value in facet_values("region", place.report, None)
    return bool(getattr(place.report, field) == value)


def matches(plan: Plan, place: Place) -> bool:
    return status(plan, place) in ("own", "neutral")


# Filters and facets (6)


def facet_values(field: str, report: Report, section: Section | None) -> tuple[str, ...]:
    """The values under which a section is counted: one, or for a region its whole path."""
    if field == "region":
        return tuple(sorted(containing_regions(report))) or ("",)
    if field == "year":
        return ("" if report.year is None else str(report.year),)
    if field in ("kind", "form"):
        return (getattr(section, field),)
    return (getattr(report, field),)


def selected(one: Filter, report: Report, section: Section) -> bool:
    """Whether the filter names this section, whatever it then does with it."""
    if one.is_range:
        year = report.year
        return year is not None and (one.low is None or one.low <= year) and (one.high is None or year <= one.high)
    return any(value in one.values for value in facet_values(one.field, report, section))


def passes(filters: Iterable[Filter], report: Report, section: Section) -> bool:
    """Within a field OR, across fields AND; an excluded value is out whatever else is selected (6.1)."""
    filters = list(filters)
    for field in {one.field for one in filters}:
        of_field = [one for one in filters if one.field == field]
        wanted = [one for one in of_field if not one.exclude]
        unwanted = [one for one in of_field if one.exclude]
        if wanted and not any(selected(one, report, section) for one in wanted):
            return False
        if any(selected(one, report, section) for one in unwanted):
            return False
    return True


def make_facet(field: str, pairs: Iterable[tuple[Report, Section]], filters: Iterable[Filter]) -> Facet:
    own = [one for one in filters if one.field == field and not one.is_range]
    sections: dict[str, int] = {}
    reports: dict[str, set[str]] = {}
    for report, section in pairs:
        for value in facet_values(field, report, section):
            sections[value] = sections.get(value, 0) + 1
            reports.setdefault(value, set()).add(report.report_id)
    of_report = field in REPORT_FACETS
    values = [
        FacetValue(
            value,
            sections=sections[value],
            reports=len(reports[value]) if of_report else None,
            selected=any(value in one.values for one in own if not one.exclude),
            excluded=any(value in one.values for one in own if one.exclude),
        )
        for value in sorted(sections, key=lambda value: (-sections[value], value))
    ]
    return Facet(field, "report" if of_report else "section", tuple(values))


# The engine


def seen_texts(section: Section) -> list[str]:
    """What a reader sees of a section, each text once: a heading glued to its paragraph isn't shown again."""
    own_line = section.ordinal == 0 or any(block.form == "heading" for block in section.blocks)
    blocks = [section.block_text(block) for block in section.blocks if block.form != "heading"]
    return [section.heading, *blocks] if section.heading and own_line else blocks


def check_time(seconds: float) -> None:
    if seconds <= 0:
        raise SearchTimeout("没有时间了。", "There is no time left.")


class BruteForce:
    """indexer.engine.Engine by plain loops."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._reports = tuple(reports)

    def count(self, selection: Selection, seconds: float) -> int:
        check_time(seconds)
        return len(self._hits(selection, selection.filters))

    def select(self, selection: Selection, seconds: float) -> Ranked:
        check_time(seconds)
        hits = self._hits(selection, selection.filters)
        window = hits[selection.offset : selection.offset + selection.size]
        return Ranked(
            sections=len(hits),
            reports=len({report.report_id for report, _ in hits}),
            facets=tuple(self._facet(field, selection) for field in selection.facets),
            window=tuple(((report.report_id, section.ordinal), 0.0) for report, section in window),
            copies=len(self._hits(replace(selection, copies="all"), selection.filters)) - len(hits),
        )

    def everything(self, selection: Selection, seconds: float) -> Iterator[SectionKey]:
        check_time(seconds)
        hits = self._hits(replace(selection, sort="relevance"), selection.filters)
        yield from ((report.report_id, section.ordinal) for report, section in hits)

    def by_report(self, selection: Selection, seconds: float) -> KeyedOrder:
        check_time(seconds)
        hits = self._hits(selection, selection.filters)
        return KeyedOrder((report.report_id, section.ordinal) for report, section in hits)

    def characters(self, selection: Selection, field: str, seconds: float) -> dict[str, int]:
        check_time(seconds)
        found: dict[str, int] = {}
        for report, section in self._hits(selection, selection.filters):
            for value in facet_values(field, report, section):
                found[value] = found.get(value, 0) + sum(len("".join(text.split())) for text in seen_texts(section))
        return found

    def frequencies(self, tokens: Sequence[str]) -> list[int]:
        held = [self.held(report, section) for report in self._reports for section in report.sections]
        return [sum(token in own for own in held) for token in tokens]

    def holding_most(
        self, tokens: Sequence[tuple[str, float]], selection: Selection, size: int, seconds: float
    ) -> tuple[tuple[SectionKey, float], ...]:
        check_time(seconds)
        chosen = self._hits(replace(selection, plan=MatchAll(), scope="section"), selection.filters)
        weighed = [
            (
                -sum(weight for token, weight in tokens if token in self.held(*pair)),
                (pair[0].report_id, pair[1].ordinal),
            )
            for pair in chosen
        ]
        return tuple((key, -weight) for weight, key in sorted(weighed)[:size] if weight)

    @staticmethod
    def held(report: Report, section: Section) -> set[str]:
        """The pairs of a section's own text; single tokens also of its context."""
        place = section_place(report, section)
        own = "\n".join(place.units)
        return {*pairs_of(own), *characters_of("\n".join((own, *place.context)))}

    def close(self) -> None:
        pass

    def _counts(self, report: Report) -> bool:
        """Whether no other report of the index stands for this one; of a ring of links one member counts (6.6)."""
        by_id = {each.report_id: each for each in self._reports}
        seen = [report.report_id]
        following = report.same_as
        while following in by_id and following not in seen:
            seen.append(following)
            following = by_id[following].same_as
        if following in by_id:  # round in a ring, of which this report may be a part
            ring = seen[seen.index(following) :]
            return report.report_id == min(ring)
        return len(seen) == 1

    def _hits(self, selection: Selection, filters: Iterable[Filter]) -> list[tuple[Report, Section]]:
        found = [pair for pair in self._matching(selection.plan, selection.scope) if passes(filters, *pair)]
        if selection.copies == "once":
            found = [pair for pair in found if self._counts(pair[0])]
        found.sort(key=lambda pair: (pair[0].report_id, pair[1].ordinal))
        if selection.sort != "relevance":
            found.sort(key=lambda pair: pair[0].published_on, reverse=selection.sort == "date")
            found.sort(key=lambda pair: pair[0].published_on == "")
        return found

    def _matching(self, plan: Plan, scope: Scope) -> Iterator[tuple[Report, Section]]:
        for report in self._reports:
            if scope == "section":
                for section in report.sections:
                    if matches(plan, section_place(report, section)):
                        yield report, section
            elif matches(plan, report_place(report)):
                asked = positive_leaves(plan)
                with_leaf = [
                    section
                    for section in report.sections
                    if any(stands_in(leaf, folded(unit)) for leaf in asked for unit in units_of(section))
                ]
                for section in with_leaf or report.sections:
                    yield report, section

    def _facet(self, field: str, selection: Selection) -> Facet:
        others = [one for one in selection.filters if one.field != field]
        return make_facet(field, self._hits(selection, others), selection.filters)


# Highlights (8)


def positive_leaves(plan: Plan) -> list[Phrase | Nearby]:
    """Every leaf on text that isn't under a negation and has no field."""
    match plan:
        case Phrase(field=None) | Nearby(field=None):
            return [plan]
        case AtLeast(phrases=phrases):
            return [phrase for phrase in phrases if phrase.field is None]
        case And(children=children) | Or(children=children):
            return [leaf for child in children for leaf in positive_leaves(child)]
    return []


def highlight(plan: Plan, text: str) -> tuple[Span, ...]:
    """All that matched in one unit, in code points of the original; overlapping spans merged."""
    whole = fold_with_offsets(text)
    found: set[Span] = set()
    for leaf in positive_leaves(plan):
        if isinstance(leaf, Phrase):
            found.update(occurrences(leaf.text, whole.text, leaf.whole_run))
        else:
            for match in near_matches(leaf.parts, leaf.within, whole.text):
                found.update(match)
    return merged((whole.starts[start], whole.ends[end - 1]) for start, end in found)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


# The texts


class MemoryTexts:
    """indexer.service.Texts over reports in memory."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._reports = {report.report_id: report for report in reports}

    def section(self, key: SectionKey) -> tuple[Report, Section]:
        report_id, ordinal = key
        report = self._reports[report_id]
        return report, next(section for section in report.sections if section.ordinal == ordinal)

    def row(self, key: SectionKey) -> tuple[Mapping[str, Any], SectionRow]:
        report, section = self.section(key)
        return report_meta(report), section_row(section)

    def shown(self, keys: Iterable[SectionKey]) -> Iterator[Shown]:
        for report, section in map(self.section, keys):
            yield Shown(report, section.ordinal, section.kind, seen_texts(section))

    def report(self, report_id: str) -> Report:
        try:
            return self._reports[report_id]
        except KeyError:
            raise ReportNotFound("没有这份报告。", "No such report.") from None

    def close(self) -> None:
        pass
