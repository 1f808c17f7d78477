"""Damaged and hostile files for the tests of readers: random changes, and memory measured in a process of its own."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import UnreadableFile

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ROOT / "tests" / "examples" / "formats"
LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
#: What resource says includes the process that started this one; /proc doesn't.
_PEAK = """
import re
print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


def mutations(body: bytes, count: int = 200) -> Iterator[bytes]:
    """Yield changed copies of a file, the same ones each time: bytes changed, cut, doubled, removed."""
    chance = random.Random(20191231)
    for _ in range(count):
        changed = bytearray(body)
        for _ in range(chance.choice((1, 3, 10))):
            at = chance.randrange(len(changed) or 1)
            length = chance.choice((1, 4, 40))
            match chance.randrange(5):
                case 0:
                    changed[at : at + length] = chance.randbytes(length)
                case 1:
                    del changed[at : at + length]
                case 2:
                    changed[at:at] = changed[max(0, at - 200) : at]
                case 3:
                    changed[at : at + 1] = chance.choice((b"<", b'"', b"\x00", b"\xff", b"\n", b"&", b"|"))
                case _ if chance.random() < 0.3:
                    del changed[at:]
        yield bytes(changed)


def reads_or_refuses(read: Callable[[bytes], Document], body: bytes) -> int:
    """Read changed copies of a file: each gives a Document or UnreadableFile; return how many gave a Document."""
    read_ones = 0
    for changed in mutations(body):
        try:
            assert isinstance(read(changed), Document)
            read_ones += 1
        except UnreadableFile as error:
            assert error.zh
            assert error.en
    return read_ones


def peak_megabytes(program: str, *arguments: str) -> tuple[str, float]:
    """Run a program of Python in a process of its own; return what it printed and the memory it took."""
    done = subprocess.run(
        [sys.executable, "-c", program + _PEAK, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    *said, peak = done.stdout.strip().split("\n")
    return "\n".join(said), int(peak) / 1024
