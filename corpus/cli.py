"""What the command groups of the three packages share: the settings, and how an error is said."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from corpus.errors import Bilingual
from corpus.progress import Progress

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """The home folder (library and index) and the language of messages, "zh" or "en"."""

    home: Path
    lang: str

    @property
    def library_path(self) -> Path:
        """Where the library lies."""
        return self.home / "library.db"

    def say(self, zh: str, en: str) -> None:
        """Print a message on stdout."""
        click.echo(en if self.lang == "en" else zh)

    def warn(self, zh: str, en: str) -> None:
        """Print a message on stderr."""
        click.echo(en if self.lang == "en" else zh, err=True)


def pass_settings(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the settings as its first argument, and turn our errors into one line and exit 1."""

    @wraps(command)
    @click.pass_obj
    def run(settings: Settings, /, *args: object, **options: object) -> R:
        with said_errors(settings):
            return command(settings, *args, **options)

    return run


@contextmanager
def said_errors(settings: Settings) -> Iterator[None]:
    """Say a Bilingual error in one line on stderr and exit with 1."""
    try:
        yield
    except KeyboardInterrupt:
        settings.warn(
            "\n已中断。已完成的部分保留，资料库和索引完好；再次运行同一命令即可继续。",
            "\nInterrupted. What was done is kept, library and index are sound; run the same command to go on.",
        )
        raise SystemExit(1) from None
    except Bilingual as error:
        prefix = "error: " if settings.lang == "en" else "错误："
        click.echo(prefix + error.text(settings.lang), err=True)
        raise SystemExit(1) from error


def shown_progress(
    settings: Settings, zh: str, en: str, *, then_zh: str = "", then_en: str = ""
) -> Callable[[list[T]], Iterator[T]]:
    """Return what yields items behind a progress bar on a terminal; silent in a pipe.

    ``then_zh`` and ``then_en`` say what is going on after the last item, if that takes its time.
    """

    def shown(items: list[T]) -> Iterator[T]:
        with Progress(len(items), zh, en, settings.lang) as progress:
            for item in items:
                yield item
                progress.done()
        if then_zh and items and sys.stderr.isatty():
            settings.warn(then_zh, then_en)

    return shown


def print_json(value: object) -> None:
    """Print JSON as UTF-8, whatever the terminal's encoding is."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()
