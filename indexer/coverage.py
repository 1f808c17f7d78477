"""Coverage: of each agency and year, whether the library has its report; a panel that tells 0 from missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from corpus.agencies import lineage
from corpus.folding import fold
from corpus.model import Report
from corpus.sources import Source
from corpus.years import one_year, title_year
from indexer.expectedlists import FIRST_YEAR, LAST_YEAR, Expected
from indexer.occurrences import Watch
from indexer.query import Scope
from indexer.results import Filter, SearchRequest
from indexer.service import Searcher

CellStatus = Literal["present", "missing", "unreadable", "duplicate"]
STATUSES: Final[tuple[CellStatus, ...]] = ("present", "missing", "unreadable", "duplicate")
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One agency and year. ``report_ids`` count, ``copies`` are those that another one stands for.

    "duplicate" is more than one report, copies included. ``under`` is the name of its lineage under which it was
    found, where that isn't the agency's own; ``source`` the file that couldn't be read.
    """

    status: CellStatus
    report_ids: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    under: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency with its region and a cell for each year that is known or expected of it."""

    agency: str
    region: str
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The table, by region and agency. ``undated`` counts reports without agency or year, ``unplaced`` unreadable files
    of which neither is known, ``unexpected`` reports that no line of the list expects.
    """

    years: tuple[int, ...]
    rows: tuple[AgencyRow, ...]
    undated: int
    unplaced: tuple[str, ...]
    unexpected: int

    def totals(self) -> dict[CellStatus, int]:
        """Return how many cells have each status."""
        counted = Counter(cell.status for row in self.rows for cell in row.cells.values())
        return {status: counted[status] for status in STATUSES}


def coverage(
    reports: Iterable[Report],
    failures: Iterable[Source],
    expected: Sequence[Expected] = (),
    *,
    doctype: str = "annual_report",
) -> Coverage:
    """Return the coverage of reports of one type (without their sections) and files that couldn't be read."""
    held: dict[tuple[str, int], list[Report]] = defaultdict(list)
    names: dict[str, str] = {}
    regions: dict[str, str] = {}
    undated = 0
    for report in reports:
        if report.doctype != doctype:
            continue
        if not report.agency or report.year is None:
            undated += 1
            continue
        key = fold(report.agency)
        names.setdefault(key, report.agency)
        regions[key] = report.region or regions.get(key, "")
        held[key, report.year].append(report)
    asked: dict[str, str] = {}
    for line in expected:
        asked.setdefault(fold(line.agency), line.agency)
    broken, unplaced = _placed(failures, {**names, **asked})
    years = _years([*(year for _, year in held), *(year for _, year in broken), *(e.year for e in expected)])
    wanted = _wanted(expected, years) if expected else {(key, year) for key in names for year in years}
    used: set[tuple[str, int]] = set()
    rows: dict[str, dict[int, Cell]] = defaultdict(dict)
    for key, year in sorted(wanted):
        found, under = _found(held, key, year, names, lineages=bool(expected))
        used.add((fold(under) if under else key, year))
        rows[key][year] = _cell(found, under, broken.get((key, year), ""))
        if found and key not in regions:
            regions[key] = found[0].region
    table = [AgencyRow((asked or names).get(key, key), regions.get(key, ""), cells) for key, cells in rows.items()]
    table.sort(key=lambda row: (row.region == "", row.region, row.agency))
    unexpected = sum(len(found) for place, found in held.items() if place not in used)
    return Coverage(years, tuple(table), undated, tuple(unplaced), unexpected)


def mentions(
    searcher: Searcher,
    query: str,
    *,
    scope: Scope = "section",
    filters: Sequence[Filter] = (),
    seconds: float | None = None,
) -> Counter[str]:
    """Return report_id -> how many matches of a query (exact) are marked in its hits, copies too."""
    watch = Watch(seconds)
    request = SearchRequest(query=query, match="exact", scope=scope, filters=tuple(filters), copies="all")
    found: Counter[str] = Counter()
    for report, _, tallies in searcher.tallies([request], watch.check):
        watch.section()
        found[report.report_id] += tallies[0][1]
    return found


def mentioned(cell: Cell, counts: Mapping[str, int]) -> int | None:
    """Return the matches in the reports of a cell that count; None, not 0, where there is no report."""
    if not cell.report_ids and not cell.copies:
        return None
    return sum(counts.get(report_id, 0) for report_id in cell.report_ids or cell.copies[:1])


def _years(found: Iterable[int | None]) -> tuple[int, ...]:
    """Return the years from the first to the last that are plausible, gaps included."""
    known = [year for year in found if year is not None and FIRST_YEAR <= year <= LAST_YEAR]
    return tuple(range(min(known), max(known) + 1)) if known else ()


def _wanted(expected: Sequence[Expected], years: tuple[int, ...]) -> set[tuple[str, int]]:
    return {
        (fold(line.agency), year) for line in expected for year in ((line.year,) if line.year is not None else years)
    }


def _found(
    held: Mapping[tuple[str, int], list[Report]], key: str, year: int, names: Mapping[str, str], *, lineages: bool
) -> tuple[list[Report], str]:
    """Return the reports of a place in the table, and the other name of the agency under which they are here."""
    if (key, year) in held or not lineages:
        return held.get((key, year), []), ""
    for name in lineage(key):
        other = fold(name.name)
        if (other, year) in held:
            return held[other, year], names[other]
    return [], ""


def _cell(found: Sequence[Report], under: str, source: str) -> Cell:
    if not found:
        return Cell("unreadable", source=source) if source else Cell("missing")
    counted = tuple(sorted(report.report_id for report in found if not report.same_as))
    copies = tuple(sorted(report.report_id for report in found if report.same_as))
    return Cell("duplicate" if len(found) > 1 else "present", counted, copies, under, source)


def _placed(failures: Iterable[Source], names: Mapping[str, str]) -> tuple[dict[tuple[str, int], str], list[str]]:
    """Return (agency, year) -> unreadable file, by what its name says, and the files of which it says too little."""
    broken: dict[tuple[str, int], str] = {}
    unplaced = []
    for failure in failures:
        folded = fold(failure.source)
        stem = failure.source.rpartition("/")[2].rpartition(".")[0]
        year = title_year(stem) or one_year(failure.source)
        agency = _longest_in(folded, names)
        if agency and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR:
            broken.setdefault((agency, int(year)), failure.source)
        else:
            unplaced.append(failure.source)
    return broken, unplaced


def _longest_in(text: str, names: Mapping[str, str]) -> str:
    pieces = (
        text[start:end]
        for start in range(len(text))
        for end in range(start + 2, min(start + _LONGEST_NAME, len(text)) + 1)
    )
    return max((piece for piece in pieces if piece in names), key=len, default="")
