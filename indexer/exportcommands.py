"""The commands that take things out: export, cite, rerun."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.analysisform import PATIENT, asked_request
from indexer.citation import STYLES, Style, cite
from indexer.errors import ReportNotFound
from indexer.exporting import FORMATS, MOST_SAMPLED, UNITS, Format, facts_json
from indexer.exportreading import LISTED, SIDECAR, Differences, compare, digests, export_of, read_file
from indexer.exportrun import Export, prepare
from indexer.exportwriting import csv_chunks, facts_document, jsonl_chunks, write_xlsx
from indexer.methodsnote import methods_note
from indexer.outputfile import refuse_to_replace, written_whole
from indexer.query import MATCHES, SCOPES
from indexer.results import COPIES
from indexer.service import Searcher, open_searcher
from indexer.tableoutput import check_output, save_table
from indexer.tablererun import compare_tables, made_of, repeat
from indexer.tables import table_facts


@click.command("export", context_settings={"ignore_unknown_options": True})  # so that `export -公开` is a query
@click.argument("query")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File; its suffix names the format."
)
@click.option("--format", "wanted", type=click.Choice(FORMATS), help="Format; csv if no file says otherwise.")
@click.option(
    "--match", type=click.Choice([m for m in MATCHES if m != "auto"]), default="exact", show_default=True, help="Rung."
)
@click.option("--scope", type=click.Choice(SCOPES), default="section", show_default=True, help="What AND/NOT look at.")
@click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="Also FIELD!=VALUE, year=2010..2015.")
@click.option("--copies", type=click.Choice(COPIES), default="once", show_default=True, help="Copies once, or all.")
@click.option("--unit", type=click.Choice(UNITS), default="section", show_default=True, help="What a row is.")
@click.option("--sample", type=click.IntRange(1, MOST_SAMPLED), help="Draw so many rows at random.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Draws the same sample again.")
@click.option("--coding", is_flag=True, help="Add empty columns code, memo, coder.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@pass_settings
def export_command(
    settings: Settings,
    query: str,
    output: Path | None,
    wanted: str | None,
    match: str,
    scope: str,
    filters: tuple[str, ...],
    copies: str,
    unit: str,
    sample: int | None,
    seed: int,
    coding: bool,
    force: bool,
) -> None:
    """Export every hit with its source (导出全部命中): CSV, XLSX or JSONL."""
    request = asked_request(settings, query, match, scope, filters, copies)
    format_ = _format(settings, output, wanted)
    if output:
        refuse_to_replace(output, force)
    searcher = open_searcher(settings.home, PATIENT)
    try:
        export = prepare(
            searcher, request, _now(), next(u for u in UNITS if u == unit), sample or 0, seed if sample else 0
        )
        if output is None:
            _write(export, format_, sys.stdout.buffer, coding)
            sys.stdout.flush()
            return
        _save(export, format_, output, coding)
    finally:
        searcher.close()
    _say_exported(settings, export, output)


@click.command("cite")
@click.argument("report_id")
@click.option("--section", "section_id", default="", help="A section of it, by its section_id or its number (ordinal).")
@click.option("--style", type=click.Choice(STYLES), default="gb2025", show_default=True, help="GB/T 7714 or BibTeX.")
@click.option("--accessed", type=click.DateTime(["%Y-%m-%d"]), help="Day of access; today if left out.")
@pass_settings
def cite_command(settings: Settings, report_id: str, section_id: str, style: str, accessed: datetime | None) -> None:
    """Print the reference to a report or a section (引用格式): GB/T 7714-2025, 2015 or BibTeX."""
    searcher = open_searcher(settings.home)
    try:
        report = searcher.read(report_id).report
    finally:
        searcher.close()
    section = next((s for s in report.sections if section_id in (s.section_id, str(s.ordinal))), None)
    if section_id and section is None:
        raise ReportNotFound(
            zh=f"报告 {report_id} 中没有章节 {section_id}；请用 chadang show {report_id} 查看章节序号",
            en=f"the report {report_id} has no section {section_id}; chadang show {report_id} lists their numbers",
        )
    chosen: Style = next(s for s in STYLES if s == style)
    click.echo(cite(report, chosen, accessed.date() if accessed else _now().date(), section))


@click.command("rerun")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Also save the new export here.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@pass_settings
def rerun_command(settings: Settings, file: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Repeat an export or a table from what it carries and say what differs (重做导出并比较)."""
    read = read_file(file)
    table = made_of(read)
    if output:
        refuse_to_replace(output, force)
    opened: list[Searcher] = []

    def searcher() -> Searcher:
        if not opened:
            opened.append(open_searcher(settings.home, PATIENT))
        return opened[0]

    try:
        if table is not None:
            if output:
                check_output(output, force)
            again = partial(repeat, table, settings.library_path, searcher, _now(), settings.lang)
            differences, about = compare_tables(table, made := again()), table_facts(made)
            if output:
                save_table(settings, again(), output)
        else:
            old = export_of(read)
            format_ = _format(settings, output, None) if output else "csv"
            facts = old.facts
            anew = partial(prepare, searcher(), facts.request(), _now(), facts.unit, facts.sample, facts.seed)
            export = anew()
            differences, about = (
                compare(old, export.facts, digests(export.rows, facts.unit)),
                [facts_json(export.facts)],
            )
            if output:
                _save(anew(), format_, output, coding=False)
    finally:
        for each in opened:
            each.close()
    if as_json:
        print_json(_differences_json(about, differences))
    else:
        _print_differences(settings, differences)


def _format(settings: Settings, output: Path | None, wanted: str | None) -> Format:
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    found = next((f for f in FORMATS if f == (wanted or suffix or "csv")), None)
    if found is None:
        raise click.UsageError(
            f"the suffix .{suffix} names no format; use .csv, .xlsx, .jsonl or --format"
            if settings.lang == "en"
            else f"后缀 .{suffix} 不是导出格式；请用 .csv、.xlsx、.jsonl，或加 --format"
        )
    if found == "xlsx" and output is None:
        raise click.UsageError(
            "a workbook needs a file: --output FILE.xlsx"
            if settings.lang == "en"
            else "XLSX 须写入文件：--output 文件.xlsx"
        )
    return found


def _save(export: Export, format_: Format, output: Path, coding: bool) -> None:
    """Write an export to a file that is there whole or not at all; beside a CSV file lies what it is."""
    with written_whole(output) as target:
        _write(export, format_, target, coding)
    if format_ == "csv":
        with written_whole(output.with_name(output.name + SIDECAR)) as target:
            target.write(facts_document(export))


def _write(export: Export, format_: Format, target: BinaryIO, coding: bool) -> None:
    if format_ == "xlsx":
        write_xlsx(export, target, coding)
        return
    chunks: Callable[[Export, bool], Iterable[bytes]] = csv_chunks if format_ == "csv" else jsonl_chunks
    for chunk in chunks(export, coding):
        target.write(chunk)


def _say_exported(settings: Settings, export: Export, output: Path) -> None:
    facts = export.facts
    zh, en = ("个章节", "sections") if facts.unit == "section" else ("份报告", "reports")
    settings.say(
        f"已导出 {facts.rows} {zh}到 {output}（共命中 {facts.sections} 个章节、{facts.reports} 份报告；语料版本 {facts.corpus_id}）",
        f"exported {facts.rows} {en} to {output} ({facts.sections} sections in {facts.reports} reports were found; "
        f"corpus version {facts.corpus_id})",
    )
    settings.say("检索说明：", "methods note:")
    click.echo(f"  {methods_note(facts, settings.lang)}")


def _differences_json(about: list[dict[str, object]], differences: Differences) -> dict[str, object]:
    return {
        "same_rows": differences.none,
        "facts": [{"name": name, "was": was, "is": now} for name, was, now in differences.facts],
        "unchanged": differences.same,
        "added": list(differences.added),
        "removed": list(differences.removed),
        "changed": [{"id": identity, "columns": list(columns)} for identity, columns in differences.changed],
        "export": about[0],
        "exports": about,
    }


def _print_differences(settings: Settings, differences: Differences) -> None:
    if differences.none:
        settings.say(
            f"结果相同：{differences.same} 行逐行一致", f"the same result: all {differences.same} rows are equal"
        )
    else:
        settings.say(
            f"结果不同：新增 {len(differences.added)} 行，减少 {len(differences.removed)} 行，"
            f"内容改变 {len(differences.changed)} 行，相同 {differences.same} 行",
            f"the result differs: {len(differences.added)} rows more, {len(differences.removed)} fewer, "
            f"{len(differences.changed)} changed, {differences.same} the same",
        )
    for name, was, now in differences.facts:
        click.echo(f"  {name}: {was} -> {now}")
    lines = [f"+ {identity}" for identity in differences.added]
    lines += [f"- {identity}" for identity in differences.removed]
    lines += [f"~ {identity}  {' '.join(columns)}" for identity, columns in differences.changed]
    for line in lines[:LISTED]:
        click.echo(f"  {line}")
    if len(lines) > LISTED:
        settings.say(f"  …… 其余 {len(lines) - LISTED} 行见 --json", f"  ... {len(lines) - LISTED} more with --json")


def _now() -> datetime:
    return datetime.now().astimezone()
