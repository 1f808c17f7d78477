"""Work for the pool that behaves as hostile files make parsers behave; the file's name says how."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from corpus.parsing import Begun, Parsed
from corpus.workers import Ended, Message, Task


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
