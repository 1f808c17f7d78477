"""Tables read again and made anew from what they say of themselves, and what differs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from indexer.concordance import SORTS
from indexer.coveragetable import coverage_table, covered
from indexer.errors import QueryRejected
from indexer.expectedlists import Expected
from indexer.exporting import Facts, Value, facts_from
from indexer.exportreading import Differences, ReadFile, same_text
from indexer.lineorder import LineSort
from indexer.service import Searcher
from indexer.tables import (
    NAMES,
    Cell,
    Name,
    Table,
    collocates_table,
    concordance_table,
    facet_table,
    table_facts,
    trend_table,
)
from indexer.trend import BYS, By

#: What names a row; two of one name are told apart by their order.
_KEYS: Final[Mapping[Name, tuple[str, ...]]] = {
    "trend": ("query", "value"),
    "concordance": ("section_id", "paragraph_id", "start"),
    "collocates": ("word",),
    "facets": ("field", "value"),
    "coverage": ("agency", "year", "query"),
}
#: Names of values follow the language, how a query was read is a fact.
_NOT_COMPARED: Final = frozenset(("name", "read_as"))
_NUMBERS: Final = frozenset(
    "reports of_reports share sections occurrences characters per_10000 start year selected excluded copies matches "
    "frequency before after elsewhere expected log_likelihood".split()
)
_FACTS: Final = ("read_as", "sections", "reports", "corpus_id", "engine", "program", "problem")


@dataclass(frozen=True, slots=True)
class Made:
    """A table that was read: what it is, the facts of each of its queries, its parameters, its rows."""

    name: Name
    facts: tuple[Facts, ...]
    about: tuple[dict[str, Any], ...]
    parameters: Mapping[str, Any]
    rows: list[dict[str, Value]]


def made_of(file: ReadFile) -> Made | None:
    """Return the table that a file holds; None for an export of hits. Raises QueryRejected for a table that isn't whole."""
    if not file.about or "table" not in file.about[0]:
        return None
    about = file.about[0]
    name = next((name for name in NAMES if name == about["table"]), None)
    if name is None:
        raise QueryRejected(
            zh=f"这是名为“{about['table']}”的表，本程序不会重做；请用产生它的版本",
            en=f"the file is a table named {about['table']}, which this program can't make; use the version that made it",
        )
    facts = tuple(
        facts_from({**each, "unit": "section", "sample": 0, "seed": 0, "rows": 0, "copies": each.get("copies")})
        for each in file.about
    )
    try:
        said = about["parameters"]
        parameters = json.loads(said) if isinstance(said, str) else dict(said)
        if not isinstance(parameters, dict):
            raise TypeError(said)
    except (KeyError, ValueError, TypeError) as error:
        raise QueryRejected(
            zh="这份表没有记下制表参数（由较早的版本保存），无法重做；请重新制表并保存",
            en="the table doesn't say with which parameters it was made (an earlier version saved it), so it can't be "
            "repeated; make and save it anew",
        ) from error
    return Made(name, facts, tuple(file.about), parameters, file.rows)


def repeat(made: Made, library: Path, opened: Callable[[], Searcher], now: datetime, lang: str) -> Table:
    """Return the same table made anew. Raises what its making raises."""
    facts, given = made.facts, made.parameters
    request = facts[0].request()
    if made.name == "coverage":
        expected = (
            list(dict.fromkeys(Expected(str(row["agency"]), int(str(row["year"]))) for row in made.rows))
            if _number(given, "expected", 0)
            else []
        )
        queries = [each.query for each in facts]
        again = covered(
            library, queries, opened, now, expected=expected, doctype=str(given.get("doctype") or "annual_report"),
            filters=request.filters, name=str(given.get("name") or ""),
        )  # fmt: skip
        return coverage_table(again)
    searcher = opened()
    if made.name == "trend":
        by: By = next((by for by in BYS if by == given.get("by")), "year")
        return trend_table(searcher, [each.query for each in facts], by, request, now, lang)
    if made.name == "facets":
        return facet_table(searcher, request, now, lang, str(given.get("fields") or "").split())[0]
    if made.name == "collocates":
        within, least, limit = (_number(given, *pair) for pair in (("within", 5), ("least", 2), ("limit", 100)))
        return collocates_table(searcher, request, now, within=within, least=least, limit=limit)
    sort: LineSort = next((sort for sort in SORTS if sort == given.get("sort")), "place")
    limit = _number(given, "limit", -1)
    return concordance_table(
        searcher, request, now, width=_number(given, "width", 20), sort=sort, offset=_number(given, "offset", 0),
        limit=None if limit < 0 else limit,
    )  # fmt: skip


def compare_tables(made: Made, again: Table) -> Differences:
    """Return what differs; the rows of ``again`` are gone through."""
    old = _named(made.name, made.rows)
    new = _named(made.name, (_row(again, number, row) for number, row in again.rows))
    changed = []
    for identity in old.keys() & new.keys():
        was, now = old[identity], new[identity]
        columns = tuple(name for name in now if name in was and was[name] != now[name] and name not in _NOT_COMPARED)
        if columns:
            changed.append((identity, columns))
    return Differences(
        facts=tuple(_changed_facts(made, again)),
        added=tuple(identity for identity in new if identity not in old),
        removed=tuple(identity for identity in old if identity not in new),
        changed=tuple(sorted(changed)),
        same=len(old.keys() & new.keys()) - len(changed),
    )


def _changed_facts(made: Made, again: Table) -> Iterable[tuple[str, str, str]]:
    for before, after in zip(made.about, table_facts(again), strict=False):
        for name in _FACTS:
            was, now = ("" if value is None else str(value) for value in (before.get(name), after.get(name)))
            if was != now:
                yield (f"{name} ({after['query']})" if len(made.about) > 1 else name), was, now


def _row(table: Table, number: int, row: tuple[Cell, ...]) -> dict[str, Cell]:
    return {"query": table.facts[number].query} | dict(zip(table.columns, row, strict=True))


def _named(name: Name, rows: Iterable[Mapping[str, Value | float]]) -> dict[str, dict[str, str]]:
    """Return rows by their names, every value as a text that is the same whatever format it came through."""
    found: dict[str, dict[str, str]] = {}
    often: Counter[str] = Counter()
    for row in rows:
        texts = {column: _text(column, value) for column, value in row.items()}
        identity = " · ".join(texts.get(column, "") for column in _KEYS[name])
        often[identity] += 1
        found[identity if often[identity] == 1 else f"{identity} #{often[identity]}"] = texts
    return found


def _text(column: str, value: Value | float) -> str:
    if column in _NUMBERS and value not in (None, ""):
        try:
            # CSV has six decimals, and table programs drop a last zero.
            return f"{round(float(str(value)), 6):.6f}"
        except ValueError:
            pass
    return same_text(value if not isinstance(value, float) else str(value))


def _number(given: Mapping[str, Any], name: str, default: int) -> int:
    try:
        return int(given.get(name, default))
    except (TypeError, ValueError) as error:
        raise QueryRejected(
            zh=f"表中的制表参数 {name} 不是数：{given[name]}；请勿改动说明",
            en=f"the parameter {name} of the table is no number: {given[name]}; take the table as it was saved",
        ) from error
