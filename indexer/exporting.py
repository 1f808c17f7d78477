"""What an export says of itself, and its rows: one per section or one per report, each with its source. Pure."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from itertools import groupby
from typing import Any, Final, Literal, TypeAlias

from corpus.model import Report, Section, digest64
from corpus.regions import full_name
from indexer.citation import cite
from indexer.errors import QueryRejected
from indexer.query import RUNGS, SCOPES, Rung, Scope
from indexer.results import COPIES, Copies, Filter, SearchRequest

Unit = Literal["section", "report"]
Format = Literal["csv", "xlsx", "jsonl"]
Value: TypeAlias = "str | int | date | None"
Found: TypeAlias = "tuple[Report, Section]"
Counter: TypeAlias = "Callable[[Section], int]"

UNITS: Final[tuple[Unit, ...]] = ("section", "report")
FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "jsonl")
#: Left empty, for those who code passages by hand.
CODING: Final = ("code", "memo", "coder")
#: No more sections than this are drawn: a sample is to be read by people.
MOST_SAMPLED: Final = 100_000

_REPORT_COLUMNS: Final = (
    "report_id", "title", "agency", "region", "region_name", "department", "level", "year", "published_on",
    "document_number", "doctype", "template",
)  # fmt: skip
_SECTION_COLUMNS: Final = ("section_id", "ordinal", "kind", "form", "heading", "heading_path", "text", "characters")
_SOURCE_COLUMNS: Final = ("occurrences", "source_url", "same_as", "corrected", "citation")
COLUMNS: Final[dict[Unit, tuple[str, ...]]] = {
    "section": ("number", *_REPORT_COLUMNS, *_SECTION_COLUMNS, *_SOURCE_COLUMNS),
    "report": ("number", *_REPORT_COLUMNS, "sections", *_SOURCE_COLUMNS),
}
_FILTER: Final = re.compile(r"([a-z]+)(!?=)(.*)", re.DOTALL)
_RANGE: Final = re.compile(r"(\d{4})?\.\.(\d{4})?")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that repeats an export and tells what it is; every export carries it.

    ``sections`` and ``reports`` count what was found, ``rows`` what the export holds. ``sample`` is 0 where nothing was drawn.
    """

    query: str
    read_as: str
    match: Rung
    scope: Scope
    unit: Unit
    filters: tuple[str, ...]
    copies: Copies
    sample: int
    seed: int
    sections: int
    reports: int
    rows: int
    exported_at: str
    corpus_id: str
    generation: str
    engine: str
    program: str

    def request(self) -> SearchRequest:
        """Return the search that this export was made by."""
        return SearchRequest(
            query=self.query,
            match=self.match,
            scope=self.scope,
            filters=filters_of(self.filters),
            facets=(),
            size=0,
            copies=self.copies,
        )


FACT_NAMES: Final = tuple(field.name for field in fields(Facts))


def facts_json(facts: Facts) -> dict[str, object]:
    """Return the facts as JSON values."""
    return {**asdict(facts), "filters": list(facts.filters)}


def facts_texts(facts: Facts) -> dict[str, Value]:
    """Return the facts as the cells of a table; the filters are a JSON list."""
    return {**asdict(facts), "filters": json.dumps(facts.filters, ensure_ascii=False)}


def facts_from(values: dict[str, Any]) -> Facts:
    """Return the facts that JSON values or cells hold. Raises QueryRejected for what no export of ours says."""

    def text(name: str) -> str:
        return "" if values[name] is None else str(values[name])

    try:
        filters = values["filters"]
        return Facts(
            query=text("query"),
            read_as=text("read_as"),
            match=next(rung for rung in RUNGS if rung == values["match"]),
            scope=next(scope for scope in SCOPES if scope == values["scope"]),
            unit=next(unit for unit in UNITS if unit == values["unit"]),
            filters=tuple(str(each) for each in (json.loads(filters) if isinstance(filters, str) else filters)),
            copies=next(copies for copies in COPIES if copies == values["copies"]),
            sample=int(values["sample"]),
            seed=int(values["seed"]),
            sections=int(values["sections"]),
            reports=int(values["reports"]),
            rows=int(values["rows"]),
            exported_at=text("exported_at"),
            corpus_id=text("corpus_id"),
            generation=text("generation"),
            engine=text("engine"),
            program=text("program"),
        )
    except (KeyError, ValueError, TypeError, StopIteration) as error:
        raise QueryRejected(
            zh="文件中没有完整的导出说明（检索式、匹配方式、语料版本等）；请选用 chadang export 或网页导出的、说明未被删除的文件",
            en="the file doesn't hold the facts of an export (query, match, corpus …); take one that was exported by "
            "chadang and still has them",
        ) from error


def filter_texts(filters: Iterable[Filter]) -> tuple[str, ...]:
    """Return filters as they are written, one value each: ``region=370000``, ``kind!=appendix``, ``year=2010..2015``."""
    found: list[str] = []
    for each in filters:
        sign = "!=" if each.exclude else "="
        if each.is_range:
            low, high = ("" if year is None else f"{year:04}" for year in (each.low, each.high))
            found.append(f"{each.field}{sign}{low}..{high}")
        else:
            found += [f"{each.field}{sign}{value}" for value in each.values]
    return tuple(found)


def filters_of(texts: Iterable[str]) -> tuple[Filter, ...]:
    """Return the filters that ``filter_texts`` wrote; values of one field are OR-ed. Raises QueryRejected."""
    values: dict[tuple[str, bool], list[str]] = {}
    ranges: list[Filter] = []
    for text in texts:
        found = _FILTER.fullmatch(text)
        if found is None:
            raise QueryRejected(
                zh=f"导出说明中的筛选 {text} 无法识别；请勿改动说明",
                en=f"the filter {text} of the export can't be read",
            )
        field, exclude, value = found[1], found[2] == "!=", found[3]
        years = _RANGE.fullmatch(value) if field == "year" else None
        if years:
            low, high = (int(year) if year else None for year in years.groups())
            ranges.append(Filter(field, exclude=exclude, low=low, high=high))
        else:
            values.setdefault((field, exclude), []).append(value)
    return (*(Filter(field, tuple(v), exclude) for (field, exclude), v in values.items()), *ranges)


def sampled(found: Iterable[Found], unit: Unit, size: int, seed: int) -> Iterator[list[Found]]:
    """Yield what each row is made of: one section, or the sections of one report; all of them, or ``size`` drawn.

    Each row draws the number BLAKE2(seed, id), the smallest are taken. So the same seed draws the same rows again,
    whatever the engine, and a library that grew a little changes the sample a little.
    """
    rows: Iterator[list[Found]] = (
        ([pair] for pair in found)
        if unit == "section"
        else (list(group) for _, group in groupby(found, key=lambda pair: pair[0].report_id))
    )
    if not size:
        yield from rows
        return
    drawn = heapq.nsmallest(
        size,
        ((digest64(str(seed), _identity(row, unit)), number, row) for number, row in enumerate(rows)),
        key=lambda each: each[:2],
    )
    yield from (row for _, _, row in sorted(drawn, key=lambda each: each[1]))


def rows_of(groups: Iterable[list[Found]], unit: Unit, count: Counter, accessed: date) -> Iterator[dict[str, Value]]:
    """Yield the rows of an export: column -> value, in the order of ``COLUMNS``."""
    for number, group in enumerate(groups, 1):
        report, section = group[0]
        row: dict[str, Value] = {"number": number, **_report_values(report)}
        if unit == "section":
            row |= {
                "section_id": section.section_id,
                "ordinal": section.ordinal,
                "kind": section.kind,
                "form": section.form,
                "heading": section.heading,
                "heading_path": " > ".join(section.heading_path),
                "text": section.text,
                "characters": len(section.text),
            }
        else:
            row["sections"] = len(group)
        row |= {
            "occurrences": sum(count(each) for _, each in group),
            "source_url": report.source_url,
            "same_as": report.same_as,
            "corrected": " ".join(correction.field for correction in report.corrections),
            "citation": cite(report, "gb2025", accessed, section if unit == "section" else None),
        }
        yield row


def _report_values(report: Report) -> dict[str, Value]:
    return {
        "report_id": report.report_id,
        "title": report.title,
        "agency": report.agency,
        "region": report.region,
        "region_name": full_name(report.region, report.year) if report.region else "",
        "department": report.department,
        "level": report.level,
        "year": report.year,
        "published_on": _day(report.published_on),
        "document_number": report.document_number,
        "doctype": report.doctype,
        "template": report.template,
    }


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _identity(row: list[Found], unit: Unit) -> str:
    report, section = row[0]
    return section.section_id if unit == "section" else report.report_id
