"""What the command groups of the three packages share: the settings, and how an error is said."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import click
from platformdirs import user_data_path

from corpus.errors import Bilingual
from corpus.progress import Progress

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

#: A command of ours within a message, without a home folder of its own.
_COMMAND: Final = re.compile(r"(?<![\w./\\-])chadang (?=[a-z])")
_UNQUOTED: Final = re.compile(r"[\w@%+=:,./\\-]+")


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
        click.echo(at_home(en if self.lang == "en" else zh, self.home))

    def warn(self, zh: str, en: str) -> None:
        """Print a message on stderr."""
        click.echo(at_home(en if self.lang == "en" else zh, self.home), err=True)


def bare_home() -> Path:
    """Return the home folder of a command that names none."""
    return Path(os.environ.get("CHADANG_HOME") or user_data_path("chadang", appauthor=False)).expanduser().absolute()


def program(home: Path) -> list[str]:
    """Return how a command over a home folder begins: with its name where a bare command would take another."""
    return ["chadang"] if home.expanduser().absolute() == bare_home() else ["chadang", "--home", str(home)]


def at_home(text: str, home: Path) -> str:
    """Return a message whose commands of ours work as they stand on this home folder."""
    if "chadang " not in text:
        return text
    words = [word if _UNQUOTED.fullmatch(word) else f'"{word}"' for word in program(home)]
    return _COMMAND.sub(lambda _: " ".join(words) + " ", text)


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
        click.echo(at_home(prefix + error.text(settings.lang), settings.home), err=True)
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
