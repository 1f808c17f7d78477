"""A coverage with all that repeats it: what the command, the page and the JSON API show, and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from corpus.folding import fold
from corpus.library import Library
from corpus.model import digest_mapping
from corpus.regions import full_name
from indexer.coverage import AgencyRow, Coverage, coverage, mentioned, mentions
from indexer.errors import IndexerError, NoIndex, StaleIndex
from indexer.expectedlists import Expected
from indexer.exporting import Facts, filter_texts
from indexer.exportrun import PROGRAM, facts_of, whole_result
from indexer.fields import CODES
from indexer.results import Filter, SearchRequest
from indexer.service import Searcher
from indexer.tables import Cell, Table

_COLUMNS: Final = (
    "agency", "region", "region_name", "year", "status", "reports", "copies", "found_under", "report_ids",
    "unreadable_file", "query", "matches",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Covered:
    """A coverage, and for each query its facts and report_id -> matches; without a query facts that name none.

    ``expected`` is how many lines the list of those expected has, 0 where none was given; ``name`` is part of the
    names of the agencies that are shown.
    """

    found: Coverage
    facts: tuple[Facts, ...]
    counts: tuple[Counter[str], ...]
    doctype: str
    expected: int
    name: str

    def by_query(self) -> dict[str, Counter[str]]:
        """Return query -> report_id -> matches."""
        return {facts.query: count for facts, count in zip(self.facts, self.counts, strict=False)}


def covered(
    library: Path,
    queries: Sequence[str],
    opened: Callable[[], Searcher],
    now: datetime,
    *,
    expected: Sequence[Expected] = (),
    doctype: str = "annual_report",
    filters: Sequence[Filter] = (),
    name: str = "",
    seconds: float | None = None,
) -> Covered:
    """Return the coverage of a library with the matches of some queries, under ``filters`` on their hits.

    ``opened`` gives the searcher, which must be of the library as it is: a report that isn't indexed would count as 0.
    Raises NoIndex where there is no library, StaleIndex where the index is behind it, QueryRejected, AnalysisTimeout.
    """
    found, state, corpus_id = _of_library(library, expected, doctype)
    found = replace(found, rows=tuple(row for row in found.rows if fold(name) in fold(row.agency)))
    asked = list(dict.fromkeys(query.strip() for query in queries if query.strip()))
    if not asked:
        reports = sum(len(cell.report_ids) for row in found.rows for cell in row.cells.values())
        return Covered(found, (_bare(opened, corpus_id, now, reports),), (), doctype, len(expected), name)
    searcher = opened()
    if searcher.manifest.library_state != state:
        raise StaleIndex(
            zh="索引落后于资料库，未索引的报告会被误记为 0；请先运行 chadang index",
            en="the index is behind the library, and reports that aren't indexed would count as 0; run chadang index first",
        )
    requests = [SearchRequest(query=query, match="exact", filters=tuple(filters)) for query in asked]
    counts = tuple(mentions(searcher, each.query, filters=filters, seconds=seconds) for each in requests)
    facts = tuple(facts_of(searcher.search(whole_result(each)), searcher.manifest.engine, now) for each in requests)
    return Covered(found, facts, counts, doctype, len(expected), name)


def coverage_table(made: Covered) -> Table:
    """Return the panel: a row for each agency, year and query; matches are empty, not 0, where there is no report."""
    return Table(
        "coverage",
        "agency-year",
        _COLUMNS,
        made.facts,
        _rows(made),
        parameters={"doctype": made.doctype, "expected": made.expected, "name": made.name},
        note=(_chinese(made), _english(made)),
        whole_note=True,
    )


def coverage_json(made: Covered, rows: Sequence[AgencyRow] | None = None) -> dict[str, object]:
    """Return a coverage (or some of its rows) as JSON values."""
    found, counts = made.found, made.by_query()
    return {
        "corpus_id": made.facts[0].corpus_id,
        "engine": made.facts[0].engine,
        "generation": made.facts[0].generation,
        "exported_at": made.facts[0].exported_at,
        "doctype": made.doctype,
        "expected": made.expected,
        "match": made.facts[0].match,
        "scope": made.facts[0].scope,
        "filters": list(made.facts[0].filters),
        "queries": [{"query": facts.query, "read_as": facts.read_as} for facts in made.facts if facts.query],
        "years": list(found.years),
        "totals": found.totals(),
        "undated": found.undated,
        "unplaced": list(found.unplaced),
        "unexpected": found.unexpected,
        "rows": [
            {
                "agency": row.agency,
                "region": row.region,
                "years": {
                    str(year): {
                        **asdict(cell),
                        "report_ids": list(cell.report_ids),
                        "copies": list(cell.copies),
                        "matches": {query: mentioned(cell, of) for query, of in counts.items()},
                    }
                    for year, cell in sorted(row.cells.items())
                },
            }
            for row in (found.rows if rows is None else rows)
        ],
    }


def _of_library(path: Path, expected: Sequence[Expected], doctype: str) -> tuple[Coverage, str, str]:
    if not path.exists():
        raise NoIndex(
            zh=f"{path.parent} 里还没有资料库；请检查 --home，或先运行 chadang load 文件夹",
            en=f"there is no library in {path.parent}; check --home, or run chadang load FOLDER first",
        )
    with Library(path) as library, library.reading():
        found = coverage(library.headers(), library.failures(), expected, doctype=doctype)
        return found, digest_mapping(library.states()), library.corpus_id()


def _bare(opened: Callable[[], Searcher], corpus_id: str, now: datetime, reports: int) -> Facts:
    """Return the facts of a coverage without a query; it needs no index, and names its engine where there is one."""
    try:
        manifest = opened().manifest
        engine, generation = manifest.engine, manifest.generation
    except IndexerError:
        engine, generation = "", ""
    return Facts(
        query="", read_as="", match="exact", scope="section", unit="report", filters=(), copies="once", sample=0, seed=0,
        sections=0, reports=reports, rows=0, exported_at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        corpus_id=corpus_id, generation=generation, engine=engine, program=PROGRAM,
    )  # fmt: skip


def _rows(made: Covered) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    counts: Sequence[Mapping[str, int] | None] = made.counts or (None,)
    for row in made.found.rows:
        for year, cell in sorted(row.cells.items()):
            place = (
                row.agency, row.region, full_name(row.region), year, cell.status, len(cell.report_ids),
                len(cell.copies), cell.under, " ".join((*cell.report_ids, *cell.copies)), cell.source,
            )  # fmt: skip
            for number, (facts, of_query) in enumerate(zip(made.facts, counts, strict=True)):
                yield number, (*place, facts.query, None if of_query is None else mentioned(cell, of_query))


def _chinese(made: Covered) -> str:
    facts, totals, years = made.facts[0], made.found.totals(), made.found.years
    span = f"{years[0]}—{years[-1]} 年" if years else "无年度"
    listed = f"依应报清单（{made.expected} 行）核对" if made.expected else "未给应报清单，按本库已知的机关和年度推算"
    filters = "；".join(filter_texts(facts.request().filters)) or "无"
    counted = (
        f"出现次数按检索式统计（精确匹配；筛选：{filters}），同一报告的副本不重复计；没有报告之处为空，不是 0。"
        if made.counts
        else ""
    )
    return (
        f"覆盖表由查档（{facts.program}）于 {facts.exported_at[:10]} 据语料版本 {facts.corpus_id} 制成，"
        f"报告类型：{CODES['doctype'][made.doctype][0]}；{len(made.found.rows)} 个机关，{span}；{listed}。"
        f"已收 {totals['present']}，缺报（本库未收） {totals['missing']}，未能读取 {totals['unreadable']}，"
        f"重复 {totals['duplicate']}。{counted}"
    )


def _english(made: Covered) -> str:
    facts, totals, years = made.facts[0], made.found.totals(), made.found.years
    span = f"{years[0]} to {years[-1]}" if years else "no year"
    listed = (
        f"against a list of {made.expected} expected"
        if made.expected
        else "without a list of those expected: agencies and years are those known here"
    )
    filters = "; ".join(filter_texts(facts.request().filters)) or "none"
    counted = (
        f" Occurrences are those of the query (exact matching; filters: {filters}), copies of a report counted once; "
        "they are empty, not 0, where there is no report."
        if made.counts
        else ""
    )
    return (
        f"The coverage was made on {facts.exported_at[:10]} with Chadang ({facts.program}) of corpus version "
        f"{facts.corpus_id}, reports of the type {CODES['doctype'][made.doctype][1]}: {len(made.found.rows)} agencies, "
        f"{span}, {listed}. Present {totals['present']}, missing here {totals['missing']}, unreadable "
        f"{totals['unreadable']}, duplicate {totals['duplicate']}.{counted}"
    )
