"""Time the comparison of two reports: ``python scripts/bench_compare.py FOLDER`` (of text files; long and hostile texts besides)."""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from corpus.model import Block, Report, Section
from indexer.compare import compare

_SIZE = 60_000


def _report(name: str, lines: list[str]) -> Report:
    blocks, at = [], 0
    for position, line in enumerate(lines):
        blocks.append(Block(f"{name}{position}", "paragraph", at, at + len(line), position))
        at += len(line) + 1
    section = Section("s", 0, 0, "prose", "body", name, (), "\n".join(lines), tuple(blocks))
    return Report(name, name, "document", "none", "", "", "", "", None, "", "", "", (section,))


def _real(folder: Path) -> list[str]:
    lines: list[str] = []
    for path in sorted(folder.rglob("*.txt")):
        lines += [line.strip() for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
        if sum(map(len, lines)) >= _SIZE:
            break
    return lines


def _altered(lines: list[str], chance: random.Random) -> list[str]:
    made = ["".join(chance.choice("的了在是我有") if chance.random() < 0.1 else c for c in line) for line in lines]
    chance.shuffle(made)
    return made


def main() -> None:
    """Print the seconds of each comparison."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    lines, chance = _real(asked.parse_args().folder), random.Random(1)  # noqa: S311 - a bench
    letters = [chr(0x4E00 + n) for n in range(3000)]
    noise = ["".join(chance.choices(letters, k=_SIZE)) for _ in range(2)]
    cases = {
        "real paragraphs, 10% of characters changed, shuffled": (lines, _altered(lines, chance)),
        "one paragraph, 10% changed": (["".join(lines)[:_SIZE]], _altered(["".join(lines)[:_SIZE]], chance)),
        "one paragraph, one character": (["甲" * _SIZE], ["甲" * (_SIZE - 7)]),
        "one paragraph, wholly different": ([noise[0]], [noise[1]]),
        "one character a paragraph": (list(noise[0]), list(noise[1])),
        "paragraphs of 10 characters": tuple([text[n : n + 10] for n in range(0, _SIZE, 10)] for text in noise),
        "one paragraph of 1,000,000 characters": (["甲" * 1_000_000], ["乙" * 1_000_000]),
    }
    for name, (old, new) in cases.items():
        start, used = time.perf_counter(), time.process_time()
        found = compare(_report("a", old), _report("b", new))
        took = (time.perf_counter() - start, time.process_time() - used)
        print(
            f"{name}: {sum(map(len, old)):,} characters, {took[0]:.2f} s ({took[1]:.2f} s CPU), coarse {found.coarse}"
        )


if __name__ == "__main__":
    main()
