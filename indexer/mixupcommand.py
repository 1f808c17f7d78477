"""The command check: the mix-up check of a draft."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.draft import draft_of_file, draft_of_text
from indexer.mixup import Checked, check, own_of
from indexer.mixupwriting import check_json, said, said_of_own, said_of_shared
from indexer.results import Span
from indexer.service import open_searcher

_AROUND = 12
_SECONDS = 600.0


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--agency", default="", help="Whose draft it is, if it doesn't say so itself.")
@click.option("--region", default="", help="Its region: a full name or code of GB/T 2260.")
@click.option("--year", type=click.IntRange(1950, 2100), help="The year reported.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def check_command(settings: Settings, file: Path, agency: str, region: str, year: int | None, as_json: bool) -> None:
    """Check a draft (any format; - reads standard input) for names, years and wording of others (串稿检查).

    The draft is only read: nothing of it is kept.
    """
    draft = draft_of_text(sys.stdin.read()) if str(file) == "-" else draft_of_file(file)
    own = own_of(draft, agency, region, year)
    searcher = open_searcher(settings.home)
    try:
        found = check(searcher, draft, own, seconds=_SECONDS)
    finally:
        searcher.close()
    if as_json:
        print_json(check_json(found))
    else:
        _print(settings, found)


def _print(settings: Settings, found: Checked) -> None:
    lang = settings.lang
    settings.say(f"比照：{said_of_own(found, lang)}", f"checked against: {said_of_own(found, lang)}")
    own = found.own
    missing = (("--agency", own.agency), ("--region", own.region), ("--year", own.year))
    if options := [option for option, value in missing if not value]:
        settings.say(
            f"文稿里没有写明的，请用 {'、'.join(options)} 给出，再检查一次",
            f"give what the draft doesn't say by {', '.join(options)} and check again",
        )
    for title, sure in ((("多半有误", "probably wrong"), True), (("请确认", "to be looked at"), False)):
        chosen = [each for each in found.names if each.sure is sure]
        settings.say(f"\n{title[0]}：{len(chosen)} 处", f"\n{title[1]}: {len(chosen)}")
        for each in chosen:
            place = f"第 {each.paragraph + 1} 段" if lang == "zh" else f"paragraph {each.paragraph + 1}"
            click.echo(
                f"  {place}  {said(each, found, lang)}\n      {_within(found.paragraphs[each.paragraph], each.span)}"
            )
    settings.say(
        f"\n与别的机关共有的文字：{len(found.shared)} 处", f"\nwording shared with other agencies: {len(found.shared)}"
    )
    for shared in found.shared:
        place = f"第 {shared.paragraph + 1} 段" if lang == "zh" else f"paragraph {shared.paragraph + 1}"
        click.echo(f"  {place}  {said_of_shared(shared, lang)}\n      {shared.text}")
        for source in shared.sources:
            click.echo(f"        {source.title}  {source.report_id}/{source.section_id}")
    if not found.complete:
        settings.warn(
            f"时间已到：只有前 {found.compared} 段（共 {len(found.paragraphs)} 段）与别的报告比对过",
            f"time ran out: only the first {found.compared} of {len(found.paragraphs)} paragraphs were compared",
        )


def _within(paragraph: str, span: Span) -> str:
    start, end = span
    before, after = paragraph[max(start - _AROUND, 0) : start], paragraph[end : end + _AROUND]
    return f"{'…' if start > _AROUND else ''}{before}【{paragraph[start:end]}】{after}{'…' if end + _AROUND < len(paragraph) else ''}"
