"""The command line: joins the command groups of the three packages, nothing else."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from corpus.cli import Settings, bare_home
from corpus.usage import said_usage

#: Command -> where it lives. Imported when called, so that a search doesn't wait for the web server's imports.
_COMMANDS = {
    "demo": ("webui.commands", "demo_command"),
    "load": ("corpus.commands", "load_command"),
    "fetch": ("corpus.fetchcommand", "fetch_command"),
    "correct": ("corpus.correctcommand", "correct_command"),
    "index": ("indexer.indexcommand", "index_command"),
    "search": ("indexer.commands", "search_command"),
    "show": ("indexer.commands", "show_command"),
    "export": ("indexer.exportcommands", "export_command"),
    "cite": ("indexer.exportcommands", "cite_command"),
    "rerun": ("indexer.exportcommands", "rerun_command"),
    "serve": ("webui.commands", "serve_command"),
    "trend": ("indexer.trendcommand", "trend_command"),
    "concordance": ("indexer.concordancecommand", "concordance_command"),
    "facets": ("indexer.facetscommand", "facets_command"),
    "coverage": ("indexer.coveragecommand", "coverage_command"),
    "compare": ("indexer.comparecommand", "compare_command"),
    "reuse": ("indexer.reusecommand", "reuse_command"),
    "wording": ("indexer.wordingcommand", "wording_command"),
    "similar": ("indexer.similarcommand", "similar_command"),
    "check": ("indexer.mixupcommand", "check_command"),
    "basket": ("indexer.basketcommand", "basket_command"),
    "wordlist": ("indexer.wordlistcommand", "wordlist_command"),
    "saved": ("indexer.savedcommand", "saved_command"),
    "status": ("indexer.commands", "status_command"),
}


class _Lazy(click.Group):
    """A group that imports a command's module when it is asked for, and says wrong use in both languages."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with said_usage("en" if "--lang=en" in args or ("--lang", "en") in pairwise(args) else None):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with said_usage(ctx.params.get("lang")):
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        # What is loaded stays: to look through it for garbage meanwhile takes a tenth of the start.
        gc.disable()
        command = getattr(import_module(place[0]), place[1])
        gc.freeze()
        gc.enable()
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        return command


@click.group(cls=_Lazy)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Folder of the library and index.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages (default: zh; CHADANG_LANG).")
@click.version_option(package_name="chadang")
@click.pass_context
def main(ctx: click.Context, home: Path | None, lang: str | None) -> None:
    """查档 Chadang: full-text search over Chinese government reports (政府报告全文检索)."""
    chosen = home or bare_home()
    language = lang or os.environ.get("CHADANG_LANG", "zh")
    ctx.obj = Settings(home=chosen.expanduser().absolute(), lang="en" if language == "en" else "zh")


if __name__ == "__main__":
    main()
