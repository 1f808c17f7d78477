"""One export over one generation: its facts first, then its rows as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from typing import Final

from indexer.errors import QueryRejected
from indexer.exporting import MOST_SAMPLED, Facts, Unit, Value, filter_texts, rows_of, sampled
from indexer.query import rung_of
from indexer.results import SearchRequest, SearchResults
from indexer.service import Searcher

PROGRAM: Final = f"chadang {version('chadang')}"


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported. ``rows`` can be gone through once."""

    facts: Facts
    rows: Iterator[dict[str, Value]]


def facts_of(
    found: SearchResults, engine: str, now: datetime, unit: Unit = "section", sample: int = 0, seed: int = 0
) -> Facts:
    """Return what an export of a search's whole result would say of itself."""
    request = found.request
    total = found.sections if unit == "section" else found.reports
    return Facts(
        query=request.query,
        read_as=found.read_as,
        match=found.match,
        scope=request.scope,
        unit=unit,
        filters=filter_texts(request.filters),
        copies=request.copies,
        sample=sample,
        seed=seed,
        sections=found.sections,
        reports=found.reports,
        rows=min(sample, total) if sample else total,
        exported_at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        corpus_id=found.corpus_id,
        generation=found.generation,
        engine=engine,
        program=PROGRAM,
    )


def whole_result(request: SearchRequest) -> SearchRequest:
    """Return the request for a whole result: ``match`` auto reads as exact; facets, page and order don't count."""
    return replace(request, match=rung_of(request.match), facets=(), page=1, size=0, cursor="", sort="relevance")


def prepare(
    searcher: Searcher,
    request: SearchRequest,
    now: datetime,
    unit: Unit = "section",
    sample: int = 0,
    seed: int = 0,
) -> Export:
    """Return the export of every hit; ``match`` auto reads as exact, page and order don't count.

    ``now`` says when and in which place's day it was. Raises QueryRejected, SearchTimeout before the first row.
    """
    if not 0 <= sample <= MOST_SAMPLED:
        raise QueryRejected(
            zh=f"抽样数 {sample} 无效；请用 1 到 {MOST_SAMPLED}，或不抽样而导出全部",
            en=f"a sample of {sample} can't be drawn; use 1 to {MOST_SAMPLED}, or export everything",
        )
    found = searcher.search(whole_result(request))
    facts = facts_of(found, searcher.manifest.engine, now, unit, sample, seed)
    everything = searcher.everything(found.request)
    # The selection is made with the first one: what goes wrong there must be said before anything is written.
    first = next(everything, None)
    sections = chain([first], everything) if first is not None else everything
    groups = sampled(sections, unit, sample, seed)
    return Export(facts, rows_of(groups, unit, searcher.counter(found.request), now.date()))
