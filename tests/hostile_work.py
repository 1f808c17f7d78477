"""Work for the pool that behaves as hostile files make parsers behave; the file's name says how."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from corpus.parsing import Begun, Parsed
from corpus.workers import Ended, Message, Task, run_task


def work(task: Task) -> Iterator[Message]:
    name = task.path.stem
    if task.path.suffix == ".box":
        for number, member in enumerate(name.split("-")):
            if number >= task.skip:
                yield Begun(f"{number}{member}")
                yield from misbehave(member, f"{number}{member}")
        yield Ended("digest", container=True)
        return
    yield from misbehave(name, "")
    yield Ended("digest")


def misbehave(how: str, member: str) -> Iterator[Message]:
    if how.startswith("hang"):
        time.sleep(60)
    if how.startswith("crash"):
        os._exit(3)
    if how.startswith("memory"):
        block = []
        while True:
            block.append(bytearray(32_000_000))
            time.sleep(0.01)
    if how.startswith("slow"):
        time.sleep(0.3)
    yield Parsed(member, doubts=(how,))


class Stillborn:
    """Work that ends its process while it is handed over, the first so many times; counted in a file."""

    def __init__(self, tally: Path, times: int) -> None:
        self._tally = tally
        self._times = times

    def __reduce__(self) -> tuple[object, ...]:
        return _born, (self._tally, self._times)


def _born(tally: Path, times: int) -> object:
    with tally.open("a") as file:
        file.write("x")
    if tally.stat().st_size <= times:
        os._exit(5)
    return run_task
