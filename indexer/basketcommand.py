"""The command basket."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.basket import Basket, Kept
from indexer.basketwriting import FORMATS, basket_docx, basket_json, basket_markdown, basket_text, source_of
from indexer.citation import Style
from indexer.errors import BasketError
from indexer.outputfile import refuse_to_replace, written_whole

_STYLES = [style for style in get_args(Style) if style != "bibtex"]


@click.command("basket")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write a .docx, .md or .txt file."
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@click.option("--style", type=click.Choice(_STYLES), default="gb2025", show_default=True, help="Style of references.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def basket_command(settings: Settings, output: Path | None, force: bool, style: str, as_json: bool) -> None:
    """Show or export the passages collected on the page (摘录夹)."""
    kept = Basket(settings.home).passages()
    day = datetime.now().astimezone().date()
    chosen: Style = next(s for s in get_args(Style) if s == style)
    if output is not None:
        _write(settings, kept, output, force, chosen)
    elif as_json:
        print_json(basket_json(kept, day, chosen))
    else:
        for number, each in enumerate(kept, 1):
            click.echo(f"{number}. {each.text}\n   ——{source_of(each, day, chosen)}")
            if each.note:
                click.echo(f"   {'note' if settings.lang == 'en' else '备注'}: {each.note}")
        if not kept:
            settings.say(
                "摘录夹是空的；在检索结果或报告页的段落旁点“放入摘录夹”",
                "the basket is empty; put passages into it beside results or a report's paragraphs",
            )


def _write(settings: Settings, kept: list[Kept], output: Path, force: bool, style: Style) -> None:
    suffix = output.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise click.UsageError("文件名须以 .docx、.md 或 .txt 结尾 / the file must end in .docx, .md or .txt")
    if not kept:
        raise BasketError(
            zh=f"摘录夹是空的，没有写 {output}；先在检索结果或报告页的段落旁点“放入摘录夹”",
            en=f"the basket is empty, so {output} wasn't written; put passages into it beside results or a report's paragraphs",
        )
    refuse_to_replace(output, force)
    day = datetime.now().astimezone().date()
    if suffix == "docx":
        body = basket_docx(kept, day, style, settings.lang)
    else:
        write = basket_markdown if suffix == "md" else basket_text
        body = write(kept, day, style, settings.lang).encode()
    with written_whole(output) as target:
        target.write(body)
    settings.say(f"已写入 {output}：{len(kept)} 段", f"wrote {output}: {len(kept)} passages")
