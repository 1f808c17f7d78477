"""The command wordlist: add, show, list, remove."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.encoding import decode
from indexer.errors import WordListError
from indexer.wordlists import WordLists


@click.group("wordlist")
def wordlist_command() -> None:
    """Named lists of phrases (词表); @NAME in a query finds any of its phrases."""


@wordlist_command.command("add")
@click.argument("name")
@click.argument("phrases", nargs=-1)
@click.option("--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="A text file, one phrase a line.")
@pass_settings
def add_command(settings: Settings, name: str, phrases: tuple[str, ...], path: Path | None) -> None:
    """Add phrases to a list, which is made if it isn't there (添加)."""
    lines = list(phrases) + (_lines(path) if path else [])
    made = WordLists(settings.home).add(name, lines)
    settings.say(
        f"词表 {made.name} 现有 {len(made.phrases)} 个短语；检索时写 @{made.name}",
        f"the word list {made.name} has {len(made.phrases)} phrases; write @{made.name} in a query",
    )


@wordlist_command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def show_command(settings: Settings, name: str, as_json: bool) -> None:
    """Print the phrases of a list, one a line (显示)."""
    found = WordLists(settings.home).named(name)
    if found is None:
        raise WordListError(
            zh=f"没有名为 {name} 的词表；chadang wordlist list 列出已有词表",
            en=f"there is no word list {name}; chadang wordlist list shows those there are",
        )
    if as_json:
        print_json({"name": found.name, "phrases": list(found.phrases)})
    else:
        for phrase in found.phrases:
            click.echo(phrase)


@wordlist_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def list_command(settings: Settings, as_json: bool) -> None:
    """List the word lists (列出)."""
    found = WordLists(settings.home).all()
    if as_json:
        print_json([{"name": each.name, "phrases": list(each.phrases)} for each in found])
        return
    if not found:
        settings.say(
            "还没有词表；chadang wordlist add 名称 短语… 可新建一个",
            "there is no word list yet; chadang wordlist add NAME PHRASE... makes one",
        )
    for each in found:
        settings.say(f"@{each.name}  {len(each.phrases)} 个短语", f"@{each.name}  {len(each.phrases)} phrases")


@wordlist_command.command("remove")
@click.argument("name")
@click.argument("phrases", nargs=-1)
@pass_settings
def remove_command(settings: Settings, name: str, phrases: tuple[str, ...]) -> None:
    """Remove phrases from a list, or (without phrases) the list (移除)."""
    lists = WordLists(settings.home)
    lists.remove(name, phrases)
    left = lists.named(name)
    if left:
        settings.say(
            f"词表 {left.name} 还有 {len(left.phrases)} 个短语",
            f"the word list {left.name} has {len(left.phrases)} phrases left",
        )
    else:
        settings.say(f"已移除词表 {name}", f"removed the word list {name}")


def _lines(path: Path) -> list[str]:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise WordListError(
            zh=f"无法读取 {path}：{error.strerror}；请检查路径",
            en=f"can't read {path}: {error.strerror}; check the path",
        ) from error
    return decode(body).text.splitlines()
