"""Wrong use of the command line, said in Chinese with click's own English beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

import click

#: What click says of a value or of the words that were given, and the same in Chinese.
_SAID: Final = tuple(
    (re.compile(english, re.DOTALL), chinese)
    for english, chinese in (
        (r"'(.*)' is not a valid (?:integer|float)(?: range)?\.", r"“\1”不是数字"),
        (r"(\S+) is not in the range (.+)\.", r"\1 不在 \2 的范围内"),
        (r"'(.*)' is not one of (.+)\.", r"“\1”不是 \2 之一"),
        (r"(?:Path|File|Directory|Filename) '(.*)' does not exist\.", r"“\1”不存在"),
        (r"(?:Path|File|Directory) '(.*)' is a directory\.", r"“\1”是文件夹，应为文件"),
        (r"(?:Path|File|Directory) '(.*)' is a file\.", r"“\1”是文件，应为文件夹"),
        (r"(?:Path|File|Directory) '(.*)' is not readable\.", r"“\1”无法读取"),
        (r"(?:Path|File|Directory) '(.*)' is not writable\.", r"“\1”无法写入"),
        (r"No such command '([^']*)'\.(?: Did you mean (.+)\?)?", r"没有命令“\1”"),
        (r"Got unexpected extra arguments? \((.*)\)", r"多出了参数：\1（含空格的检索式请用引号括起）"),
        (r"Option '?(.+?)'? requires (?:an argument|\d+ arguments)\.", r"选项 \1 后面缺少值"),
        (r"Option '?(.+?)'? does not take a value\.", r"选项 \1 后面不带值"),
        (r"Missing command\.", "缺少命令"),
    )
)


class WrongUse(click.UsageError):
    """A UsageError of click's that shows itself in Chinese first."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(error.message, error.ctx)
        self._error = error

    def format_message(self) -> str:
        """Return click's own message."""
        return self._error.format_message()

    def show(self, file: IO[Any] | None = None) -> None:
        """Print how the command is used, and what was wrong."""
        ctx = self._error.ctx
        if ctx is not None:
            click.echo(ctx.get_usage(), err=True)
            click.echo(f"用法和选项见（see）：{ctx.command_path} --help\n", err=True)
        click.echo(f"错误：{chinese(self._error)}（{self.format_message().rstrip('.')}）", err=True)


def chinese(error: click.UsageError) -> str:
    """Return what an error of click's says, in Chinese."""
    if isinstance(error, click.NoSuchOption):
        near = f"；是不是 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        hint = _named(error)
        return (
            f"缺少选项 {hint}"
            if error.param is not None and error.param.param_type_name == "option"
            else f"缺少参数 {hint}"
        )
    said = _said(error.message)
    if isinstance(error, click.BadParameter):
        named = _named(error)
        return f"{named} 的值无效：{said or error.message}" if named else said or error.message
    return said or "命令的用法有误"


def _named(error: click.BadParameter) -> str:
    if error.param_hint:
        hint = error.param_hint
        return hint if isinstance(hint, str) else " / ".join(hint)
    if error.param is None or error.ctx is None:
        return ""
    return str(error.param.get_error_hint(error.ctx)).replace("'", "")


def _said(message: str) -> str:
    for pattern, said in _SAID:
        found = pattern.match(message)
        if found:
            return found.expand(said)
    return ""


@contextmanager
def said_usage(lang: str | None) -> Iterator[None]:
    """Turn wrong use into a WrongUse, unless the messages are to be English."""
    try:
        yield
    except click.UsageError as error:
        # A group without a command shows its help by an error, too.
        if isinstance(error, WrongUse) or type(error).__name__ == "NoArgsIsHelpError":
            raise
        if (lang or os.environ.get("CHADANG_LANG")) == "en":
            raise
        raise WrongUse(error) from error
