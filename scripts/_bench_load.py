"""How fast files of each format come into a library: the part of bench.py behind --load."""

from __future__ import annotations

import os
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from corpus.encoding import decode
from corpus.library import Library
from corpus.loader import load

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ROOT / "tests" / "examples" / "formats"
SAMPLES = ROOT / "corpus" / "samples"
#: Files that are loaded of formats that take long, as a share of those of text and HTML.
SHARE = {".doc": 0.005, ".pdf": 0.1, ".docx": 0.2, ".ofd": 0.2, ".xlsx": 0.2, ".rtf": 0.2}


def load_table(files: int) -> str:
    """Return a table as Markdown: files and characters a second for each format, and memory against the number of files."""
    workers = os.cpu_count() or 2
    lines = [
        f"Workers: {workers}.",
        "",
        "| format | files | KB each | files/s | characters/s |",
        "| --- | --- | --- | --- | --- |",
    ]
    for suffix in (".txt", ".html", ".md", ".mhtml", ".docx", ".rtf", ".xlsx", ".pdf", ".ofd", ".doc"):
        count = max(4, round(files * SHARE.get(suffix, 1.0)))
        seconds, characters, size = measured(suffix, count, workers)
        lines.append(
            f"| {suffix} | {count} | {size / count / 1024:.1f} | {count / seconds:.0f} | {characters / seconds:,.0f} |"
        )
    # The high-water mark only rises: the small load comes first.
    memory = []
    for count in (files // 4, files, files * 4):
        measured(".txt", count, workers)
        memory.append((count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    lines += ["", "Largest memory of the loading process, MB, after text files: "]
    lines[-1] += ", ".join(f"{count}: {megabytes}" for count, megabytes in memory)
    return "\n".join(lines)


def measured(suffix: str, count: int, workers: int) -> tuple[float, int, int]:
    """Load so many files; return seconds, characters that are in the library, and bytes of the files."""
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts")
        texts.mkdir()
        size = 0
        for number, body in enumerate(bodies(suffix, count)):
            (texts / f"{number:06}{suffix}").write_bytes(body)
            size += len(body)
        with Library(Path(folder, "library.db")) as library:
            started = time.perf_counter()
            summary = load(library, [texts], workers=workers)
            seconds = time.perf_counter() - started
            characters = library.counts()["characters"]
        assert not summary.failed, summary.failed[0].reason_en
        assert summary.added == count, summary
        # Equal files are one report with several sources: what was read counts, not what was kept.
        return seconds, characters * (count if suffix not in {".txt", ".html", ".md"} else 1), size


def bodies(suffix: str, count: int) -> Iterator[bytes]:
    """Yield files of a format: samples with other figures, or the format's example again and again."""
    dice = random.Random(20101)  # noqa: S311 - repeatable, not secret
    if suffix in {".txt", ".html"}:
        seeds = [decode(path.read_bytes()).text for path in sorted(SAMPLES.glob(f"*{suffix}"))]
        for number in range(count):
            text = re.sub(
                r"(?<![\d\"=#&x;])\d{2}(?=[件条次人])",
                lambda _: str(dice.randrange(10, 99)),
                seeds[number % len(seeds)],
            )
            # Years of their own: a library has one report of an agency and a year, not fifty.
            year = re.search(r"20[012]\d", text)
            text = text.replace(year[0], str(1930 + number // len(seeds) % 100)) if year else text
            text = text.replace("https://", f"https://n{number}.").replace("http://", f"http://n{number}.")
            yield text.encode()
        return
    name = {".md": "report.md", ".mhtml": "report.mhtml", ".pdf": "statutory-tables.pdf"}.get(suffix, f"report{suffix}")
    for _ in range(count):
        yield (FORMATS / name).read_bytes()
