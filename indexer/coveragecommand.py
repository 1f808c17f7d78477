"""The command coverage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.model import DOCTYPES
from indexer.analysisform import PATIENT, asked_request
from indexer.coverage import Coverage, mentioned
from indexer.coveragetable import coverage_json, coverage_table, covered
from indexer.errors import QueryRejected
from indexer.expectedlists import LARGEST, Expected, read_expected_file, too_large
from indexer.service import Searcher, open_searcher
from indexer.tableoutput import check_output, output_options, print_table, save_table

_SIGNS = {"present": "●", "missing": "○", "unreadable": "×", "duplicate": "◎"}


@click.command("coverage")
@click.option(
    "--expected",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV or XLSX: columns agency (机关), year (年度).",
)
@click.option("--query", "queries", multiple=True, help="Also count its matches: 0 where a report never mentions it.")
@click.option(
    "--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="Count matches only there (form=prose)."
)
@click.option("--doctype", type=click.Choice(DOCTYPES), default="annual_report", show_default=True)
@click.option("--name", default="", help="Only agencies whose name has this.")
@output_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--csv",
    "as_csv",
    is_flag=True,
    help="Print the panel as CSV (UTF-8 with BOM): a line for each agency, year and query.",
)
@pass_settings
def coverage_command(
    settings: Settings,
    path: Path | None,
    queries: tuple[str, ...],
    filters: tuple[str, ...],
    doctype: str,
    name: str,
    output: Path | None,
    force: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Which reports are here, agency by year (覆盖表): present, missing, unreadable, duplicate."""
    request = asked_request(settings, "", "exact", "section", filters, "once")
    if output:
        check_output(output, force)
    expected = _expected(path) if path else []
    kept: list[Searcher] = []

    def opened() -> Searcher:
        if not kept:
            kept.append(open_searcher(settings.home, PATIENT))
        return kept[0]

    now = datetime.now().astimezone()
    try:
        made = covered(
            settings.library_path,
            queries,
            opened,
            now,
            expected=expected,
            doctype=doctype,
            filters=request.filters,
            name=name,
        )
    finally:
        for searcher in kept:
            searcher.close()
    if output:
        save_table(settings, coverage_table(made), output)
    elif as_json:
        print_json(coverage_json(made))
    elif as_csv:
        print_table(coverage_table(made))
    else:
        _print(settings, made.found, made.by_query())
        facts = made.facts[0]
        settings.say(
            f"语料版本 {facts.corpus_id} · 引擎 {facts.engine or '—'}",
            f"corpus {facts.corpus_id} · engine {facts.engine or '-'}",
        )


def _expected(path: Path) -> list[Expected]:
    try:
        if path.stat().st_size > LARGEST:
            raise too_large()
        body = path.read_bytes()
    except OSError as error:
        raise QueryRejected(
            zh=f"无法读取 {path}：{error.strerror}；请检查路径",
            en=f"can't read {path}: {error.strerror}; check the path",
        ) from error
    return read_expected_file(body)


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
