"""The commands of the corpus: load."""

from __future__ import annotations

import os
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings
from corpus.library import Library
from corpus.loader import LoadSummary, load
from corpus.mapping import parse_columns
from corpus.progress import Progress

_SHOWN_FAILURES = 20


@click.command("load")
@click.argument("paths", nargs=-1)
@click.option("--remove-missing", is_flag=True, help="Forget reports whose file is no longer there.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    show_default=True,
    help="Processes that parse.",
)
@click.option(
    "--columns", default="", metavar="COLUMN=FIELD,...", help="What the columns of tables hold, e.g. 正文=text."
)
@pass_settings
def load_command(settings: Settings, paths: tuple[str, ...], remove_missing: bool, workers: int, columns: str) -> None:
    """Bring files and folders into the library (导入文件和文件夹)."""
    if (not paths and not remove_missing) or not all(paths):
        raise click.UsageError("PATHS missing: name at least one file or folder (请给出文件或文件夹)")
    mapping = parse_columns(columns) if columns else {}
    with (
        Library(settings.library_path) as library,
        Progress(None, "导入", "loading", settings.lang) as progress,
    ):
        summary = load(
            library,
            [Path(path) for path in paths],
            columns=mapping,
            remove_missing=remove_missing,
            workers=workers,
            progress=progress,
        )
    report_summary(settings, summary)
    if summary.added or summary.changed or summary.removed:
        settings.say("下一步：chadang index 更新索引", "next: chadang index brings the index up to date")
    if summary.gone:
        raise SystemExit(1)


def report_summary(settings: Settings, summary: LoadSummary) -> None:
    """Print what a load did and what couldn't be read."""
    settings.say(
        f"文件：新增 {summary.added}，更新 {summary.changed}，未变 {summary.unchanged}，"
        f"移除 {summary.removed}，未能读取 {len(summary.failed)}",
        f"files: added {summary.added}, changed {summary.changed}, unchanged {summary.unchanged}, "
        f"removed {summary.removed}, unreadable {len(summary.failed)}",
    )
    if summary.doubtful:
        settings.say(
            f"其中 {summary.doubtful} 份读出但请核对（原因见 chadang status）",
            f"{summary.doubtful} of them were read, but should be checked (chadang status says why)",
        )
    for failure in summary.failed[:_SHOWN_FAILURES]:
        settings.warn(f"  {failure.source}：{failure.reason_zh}", f"  {failure.source}: {failure.reason_en}")
    if len(summary.failed) > _SHOWN_FAILURES:
        rest = len(summary.failed) - _SHOWN_FAILURES
        settings.warn(f"  另有 {rest} 个，见 chadang status", f"  and {rest} more, see chadang status")
    for path in summary.gone:
        settings.warn(f"找不到 {path}；请检查路径", f"{path} doesn't exist; check the path")
