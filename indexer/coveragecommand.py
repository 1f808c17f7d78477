"""The command coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.encoding import decode
from corpus.library import Library
from corpus.model import DOCTYPES, digest_mapping
from corpus.regions import full_name
from indexer.analysisform import asked_request, print_csv
from indexer.coverage import Coverage, Expected, coverage, mentioned, mentions, read_expected
from indexer.errors import NoIndex, QueryRejected, StaleIndex
from indexer.exporting import Value
from indexer.service import open_searcher

_SIGNS = {"present": "●", "missing": "○", "unreadable": "×", "duplicate": "◎"}
_LARGEST = 20_000_000


@click.command("coverage")
@click.option(
    "--expected",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV: columns agency (机关), year (年度).",
)
@click.option("--query", "queries", multiple=True, help="Also count its matches: 0 where a report never mentions it.")
@click.option(
    "--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="Count matches only there (form=prose)."
)
@click.option("--doctype", type=click.Choice(DOCTYPES), default="annual_report", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--csv", "as_csv", is_flag=True, help="Print the panel as CSV (UTF-8 with BOM): a line for each agency and year."
)
@pass_settings
def coverage_command(
    settings: Settings,
    path: Path | None,
    queries: tuple[str, ...],
    filters: tuple[str, ...],
    doctype: str,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Which reports are here, agency by year (覆盖表): present, missing, unreadable, duplicate."""
    request = asked_request(settings, "", "exact", "section", filters, "once")
    expected = _expected(path) if path else []
    found, state = library_coverage(settings.library_path, expected, doctype)
    counts: dict[str, Counter[str]] = {}
    if queries:
        searcher = open_searcher(settings.home)
        try:
            check_current(searcher.manifest.library_state, state)
            counts = {query: mentions(searcher, query, filters=request.filters) for query in queries}
        finally:
            searcher.close()
    if as_json:
        print_json(coverage_json(found, counts))
    elif as_csv:
        print_csv(panel_rows(found, counts))
    else:
        _print(settings, found, counts)


def library_coverage(
    path: Path, expected: Sequence[Expected] = (), doctype: str = "annual_report"
) -> tuple[Coverage, str]:
    """Return the coverage of a library, and the state of the library it is of. Raises NoIndex where there is none."""
    if not path.exists():
        raise NoIndex(
            zh=f"{path.parent} 里还没有资料库；请检查 --home，或先运行 chadang load 文件夹",
            en=f"there is no library in {path.parent}; check --home, or run chadang load FOLDER first",
        )
    with Library(path) as library, library.reading():
        found = coverage(library.headers(), library.failures(), expected, doctype=doctype)
        return found, digest_mapping(library.states())


def check_current(index_state: str, library_state: str) -> None:
    """Raise StaleIndex where the index isn't of the library as it is: a report that isn't indexed would count as 0."""
    if index_state != library_state:
        raise StaleIndex(
            zh="索引落后于资料库，未索引的报告会被误记为 0；请先运行 chadang index",
            en="the index is behind the library, and reports that aren't indexed would count as 0; run chadang index first",
        )


def panel_rows(found: Coverage, counts: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[Value, ...]]:
    """Yield the panel: a row for each agency and year; matches are empty, not 0, where there is no report."""
    yield (
        "agency", "region", "region_name", "year", "status", "reports", "copies", "found_under", "report_ids",
        "unreadable_file", *(f"matches: {query}" for query in counts),
    )  # fmt: skip
    for row in found.rows:
        for year, cell in sorted(row.cells.items()):
            yield (
                row.agency, row.region, full_name(row.region), year, cell.status, len(cell.report_ids),
                len(cell.copies), cell.under, " ".join((*cell.report_ids, *cell.copies)), cell.source,
                *(mentioned(cell, of_query) for of_query in counts.values()),
            )  # fmt: skip


def coverage_json(found: Coverage, counts: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    """Return a coverage as JSON values."""
    return {
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
                    str(year): asdict(cell) | {"matches": {q: mentioned(cell, of) for q, of in counts.items()}}
                    for year, cell in sorted(row.cells.items())
                },
            }
            for row in found.rows
        ],
    }


def _expected(path: Path) -> list[Expected]:
    try:
        if path.stat().st_size > _LARGEST:
            raise QueryRejected(
                zh=f"{path} 超过 20 MB；应报清单应是小表", en=f"{path} is over 20 MB; a list is a small table"
            )
        body = path.read_bytes()
    except OSError as error:
        raise QueryRejected(
            zh=f"无法读取 {path}：{error.strerror}；请检查路径",
            en=f"can't read {path}: {error.strerror}; check the path",
        ) from error
    return read_expected(decode(body).text)


def _print(settings: Settings, found: Coverage, counts: Mapping[str, Mapping[str, int]]) -> None:
    totals = found.totals()
    settings.say(
        f"● 已收 {totals['present']} · ○ 缺报（本库未收） {totals['missing']} · × 未能读取 {totals['unreadable']} · "
        f"◎ 重复 {totals['duplicate']}",
        f"● present {totals['present']} · ○ missing here {totals['missing']} · × unreadable {totals['unreadable']} · "
        f"◎ duplicate {totals['duplicate']}",
    )
    if found.years:
        click.echo(" ".join(str(year) for year in found.years))
    for row in found.rows:
        cells = (f"  {_SIGNS[row.cells[year].status]} " if year in row.cells else "    " for year in found.years)
        click.echo(f"{' '.join(cells)}  {row.agency}")
        for query, of_query in counts.items():
            numbers = [mentioned(row.cells[year], of_query) if year in row.cells else None for year in found.years]
            click.echo(" ".join("   -" if n is None else f"{n:4}" for n in numbers) + f"    {query}")
    if found.undated:
        settings.say(
            f"另有 {found.undated} 份报告没有机关或年度，未列入",
            f"{found.undated} reports without agency or year aren't listed",
        )
    if found.unplaced:
        settings.say(
            f"另有 {len(found.unplaced)} 个未能读取的文件，机关或年度不明（chadang status 列出）",
            f"{len(found.unplaced)} more unreadable files are of no known agency or year (chadang status lists them)",
        )
    if found.unexpected:
        settings.say(
            f"另有 {found.unexpected} 份报告不在应报清单中",
            f"{found.unexpected} reports aren't on the list of those expected",
        )
