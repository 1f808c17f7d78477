"""The command concordance: lines, or (--collocates) the words near them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.analysisform import PATIENT, asked_request, request_options, say_reading
from indexer.collocates import FARTHEST, MEASURE, Collocates, collocates
from indexer.concordance import SORTS, WIDEST, Concordance, Line, concordance
from indexer.exporting import filter_texts
from indexer.jsonform import dated
from indexer.service import open_searcher
from indexer.tableoutput import check_output, output_options, print_table, save_table
from indexer.tables import Table, concordance_table, table_of_collocates


@click.command(
    "concordance", context_settings={"ignore_unknown_options": True}
)  # so that `concordance -公开` is a query
@click.argument("query")
@click.option("--width", type=click.IntRange(0, WIDEST), default=20, show_default=True, help="Characters of context.")
@click.option("--sort", type=click.Choice(SORTS), default="place", show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many lines first.")
@click.option("--limit", type=click.IntRange(0), help="So many lines (default: 100; all with --csv).")
@click.option("--collocates", "near", is_flag=True, help=f"Words near the matches instead, by {MEASURE}.")
@click.option("--within", type=click.IntRange(1, FARTHEST), default=5, show_default=True, help="Words apart.")
@click.option("--least", type=click.IntRange(1), default=2, show_default=True, help="Collocates at least so often.")
@output_options
@request_options
@pass_settings
def concordance_command(
    settings: Settings,
    query: str,
    width: int,
    sort: str,
    offset: int,
    limit: int | None,
    near: bool,
    within: int,
    least: int,
    output: Path | None,
    force: bool,
    match: str,
    scope: str,
    filters: tuple[str, ...],
    copies: str,
    seconds: float | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Every match in its context, line by line (索引行); or its collocates (搭配词)."""
    request = asked_request(settings, query, match, scope, filters, copies)
    if output:
        check_output(output, force)
    order = next(s for s in SORTS if s == sort)
    searcher = open_searcher(settings.home, PATIENT)
    try:
        if near:
            most = 100 if limit is None else limit
            found = collocates(searcher, request, within=within, least=least, limit=most, seconds=seconds)
            if output or as_csv:
                words = table_of_collocates(searcher, found, datetime.now().astimezone(), least, most)
                _take_out(settings, words, output)
            else:
                _show_words(settings, found, as_json)
        elif output or as_csv:
            now = datetime.now().astimezone()
            table = concordance_table(
                searcher, request, now, width=width, sort=order, offset=offset, limit=limit, seconds=seconds
            )
            _take_out(settings, table, output)
        else:
            lines = concordance(
                searcher,
                request,
                width=width,
                sort=order,
                offset=offset,
                limit=100 if limit is None else limit,
                seconds=seconds,
            )
            _show_lines(settings, lines, as_json)
    finally:
        searcher.close()


def _take_out(settings: Settings, table: Table, output: Path | None) -> None:
    if output:
        save_table(settings, table, output)
    else:
        print_table(table)


def concordance_json(found: Concordance) -> dict[str, object]:
    """Return a concordance as JSON values."""
    return {
        **_about(found),
        "unit": "match",
        "sort": found.sort,
        "width": found.width,
        "offset": found.offset,
        "total": found.total,
        "sections": found.sections,
        "lines": [_line(line) for line in found.lines],
    }


def collocates_json(found: Collocates) -> dict[str, object]:
    """Return collocates as JSON values."""
    return {
        **_about(found),
        "unit": "word",
        "measure": MEASURE,
        "within": found.within,
        "matches": found.matches,
        "words_near": found.words_near,
        "words_elsewhere": found.words_elsewhere,
        "collocates": [asdict(word) for word in found.words],
    }


def _line(line: Line) -> dict[str, object]:
    values = asdict(line)
    values["paragraph_id"] = values.pop("block_id")
    return values


def _show_lines(settings: Settings, found: Concordance, as_json: bool) -> None:
    if as_json:
        print_json({**concordance_json(found), **dated()})
        return
    say_reading(settings, found.read_as, found.notes)
    settings.say(
        f"共 {found.total} 行，来自 {found.sections} 个章节", f"{found.total} lines from {found.sections} sections"
    )
    for line in found.lines:
        left = line.left.rjust(found.width, "\u3000")
        facts = " · ".join(str(fact) for fact in (line.agency, line.year) if fact)
        click.echo(f"{left} {click.style(line.match, fg='red', bold=True)} {line.right}  [{facts} {line.report_id}]")
    if len(found.lines) < found.total:
        settings.say(
            "更多行：--limit、--offset，或用 --csv 取出全部", "more lines: --limit, --offset, or --csv for all of them"
        )


def _show_words(settings: Settings, found: Collocates, as_json: bool) -> None:
    if as_json:
        print_json({**collocates_json(found), **dated()})
        return
    say_reading(settings, found.read_as, found.notes)
    settings.say(
        f"{found.matches} 处匹配，词距 {found.within}；度量：{MEASURE}，与命中章节的其余部分相比",
        f"{found.matches} matches, within {found.within} words; measure: {MEASURE}, against the rest of the matching sections",
    )
    settings.say("词 · 共现（左、右）· 其他位置 · G²", "word · together (left, right) · elsewhere · G2")
    for word in found.words:
        click.echo(
            f"  {word.word} · {word.frequency} ({word.before}, {word.after}) · {word.elsewhere} · {word.log_likelihood:.2f}"
        )


def _about(found: Concordance | Collocates) -> dict[str, object]:
    request = found.request
    return {
        "query": request.query,
        "read_as": found.read_as,
        "notes": list(found.notes),
        "match": request.match,
        "scope": request.scope,
        "copies": request.copies,
        "filters": list(filter_texts(request.filters)),
        "engine": found.engine,
        "generation": found.generation,
        "corpus_id": found.corpus_id,
    }
