"""The command compare."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.model import Report
from indexer.compare import Comparison, Piece, compare
from indexer.comparewriting import comparison_docx, comparison_html, comparison_json, status_name
from indexer.errors import ReportNotFound
from indexer.outputfile import written_whole
from indexer.service import Searcher, open_searcher

_SIGNS = {"equal": ("", ""), "insert": ("{+", "+}"), "delete": ("[-", "-]")}


def compared(searcher: Searcher, before: str, after: str) -> Comparison:
    """Return two reports, or sections named REPORT/SECTION, side by side; ReportNotFound where one isn't there."""
    (old, old_section), (new, new_section) = _place(searcher, before), _place(searcher, after)
    return compare(old, new, old_section, new_section)


def _place(searcher: Searcher, name: str) -> tuple[Report, str]:
    report_id, _, section_id = name.strip().partition("/")
    report = searcher.read(report_id).report
    if section_id and all(section.section_id != section_id for section in report.sections):
        raise ReportNotFound(
            zh=f"报告 {report_id} 中没有章节 {section_id}；chadang show {report_id} --json 列出各章节",
            en=f"report {report_id} has no section {section_id}; chadang show {report_id} --json lists them",
        )
    return report, section_id


@click.command("compare")
@click.argument("before")
@click.argument("after")
@click.option("--all", "everything", is_flag=True, help="Print paragraphs that didn't change, too.")
@click.option("--new", "only_new", is_flag=True, help="Print only what AFTER says anew.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a file instead: .html or .docx.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def compare_command(
    settings: Settings, before: str, after: str, everything: bool, only_new: bool, out: Path | None, as_json: bool
) -> None:
    """Compare two reports, or two sections REPORT/SECTION (对比): [-deleted-] {+inserted+}."""
    if out is not None and out.suffix.lower() not in (".html", ".docx"):
        raise click.UsageError("--out 须以 .html 或 .docx 结尾 / --out must end in .html or .docx")
    searcher = open_searcher(settings.home)
    try:
        found = compared(searcher, before, after)
    finally:
        searcher.close()
    if out is not None:
        docx = out.suffix.lower() == ".docx"
        body = comparison_docx(found, settings.lang) if docx else comparison_html(found, settings.lang).encode()
        with written_whole(out) as target:
            target.write(body)
        settings.say(f"已写入 {out}", f"wrote {out}")
    elif as_json:
        print_json(comparison_json(found))
    elif only_new:
        for text in found.new:
            click.echo(text)
        if not found.new:
            # On stderr: who counts lines of new text in a pipe should find none.
            settings.warn("后一篇没有新增的文字", "the later text says nothing new")
    else:
        _print(settings, found, everything)


def _print(settings: Settings, found: Comparison, everything: bool) -> None:
    for part in found.parts:
        rows = [row for row in part.rows if everything or row.status != "same"]
        if rows:
            click.echo(f"## {part.after or part.before}")
        for row in rows:
            click.echo(f"{status_name(row, settings.lang)}  {_signed(row.pieces)}")
    if not everything and all(row.status == "same" for part in found.parts for row in part.rows):
        settings.say("两篇的文字完全相同", "the two texts are the same")
    if found.coarse:
        settings.warn("有的段落过长，只整段标出", "some paragraphs were too long and are marked as a whole")


def _signed(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"{_SIGNS[p.form][0]}{p.text}{_SIGNS[p.form][1]}" for p in pieces)
