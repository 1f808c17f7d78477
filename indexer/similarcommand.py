"""The command similar."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.draft import draft_of_file, text_of
from corpus.regions import full_name
from indexer.commands import parse_filters
from indexer.compare import Piece
from indexer.errors import QueryRejected
from indexer.results import COPIES
from indexer.service import open_searcher
from indexer.similar import LEAST, LONGEST, MOST_PASSAGES, Passage, Similar, similar

_SIGNS = {"equal": ("", ""), "insert": ("{+", "+}"), "delete": ("[-", "-]")}


def passages_json(found: Similar) -> dict[str, object]:
    """Return the passages as plain values; similarity is in percent."""
    return {
        "passages": [
            {
                "report_id": each.report.report_id,
                "section_id": each.section.section_id,
                "text": each.text,
                "similarity": each.similarity,
            }
            for each in found.passages
        ]
    }


@click.command("similar", context_settings={"ignore_unknown_options": True})  # so that `similar -公开` is a text
@click.argument("text", required=False)
@click.option("--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="Take the text from a file.")
@click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="As in chadang search.")
@click.option("--size", type=click.IntRange(1, MOST_PASSAGES), default=10, show_default=True, help="So many passages.")
@click.option("--least", type=click.FloatRange(0, 100), default=LEAST, show_default=True, help="Percent at least.")
@click.option("--without", default="", metavar="REPORT_ID", help="Leave this report out: the text's own.")
@click.option("--copies", type=click.Choice(COPIES), default="once", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def similar_command(
    settings: Settings,
    text: str | None,
    file: Path | None,
    filters: tuple[str, ...],
    size: int,
    least: float,
    without: str,
    copies: str,
    as_json: bool,
) -> None:
    """Passages that say TEXT (- reads standard input) in nearly the same words (相近表述)."""
    if (text is None) == (file is None):
        raise click.UsageError("请给出一段文字、- 或 --file 其中之一 / give a text, - or --file, one of them")
    try:
        chosen = parse_filters(filters)
    except QueryRejected as error:
        raise click.UsageError(error.text(settings.lang)) from error
    if file is not None:
        asked = text_of(draft_of_file(file))
    elif text == "-":
        asked = sys.stdin.read()
    else:
        asked = text or ""
    searcher = open_searcher(settings.home)
    try:
        found = similar(
            searcher,
            asked,
            filters=chosen,
            copies=next(c for c in COPIES if c == copies),
            size=size,
            least=least,
            without=without,
        )
    finally:
        searcher.close()
    if found.cut:
        settings.warn(
            f"只比对了前 {LONGEST} 个字；更长的文稿请用 chadang check",
            f"only the first {LONGEST} characters were compared; use chadang check for a longer draft",
        )
    if as_json:
        print_json(passages_json(found))
        return
    for passage in found.passages:
        _print(settings, passage, found.text)
    if not found.passages:
        settings.say(
            f"没有相似度在 {least:g}% 以上的表述；可用 --least 放宽",
            f"nothing is {least:g}% similar or more; lower --least to see more",
        )


def _print(settings: Settings, passage: Passage, asked: str) -> None:
    report, section = passage.report, passage.section
    facts = (report.agency, full_name(report.region, report.year), str(report.year or ""))
    click.echo(f"{passage.similarity:5.1f}%  {report.title}  › {' › '.join(section.heading_path)}")
    if passage.part != (0, len(asked)):
        start, end = passage.part
        settings.say(f"        与所给文字第 {start + 1}–{end} 字相近", f"        like characters {start + 1}-{end}")
    click.echo(f"        {''.join(_signed(piece) for piece in passage.pieces)}")
    click.echo(f"        {' · '.join(fact for fact in facts if fact)}  {report.report_id}/{section.section_id}")


def _signed(piece: Piece) -> str:
    before, after = _SIGNS[piece.form]
    return f"{before}{piece.text}{after}"
