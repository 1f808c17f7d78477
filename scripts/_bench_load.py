"""How fast files of each format come into a library: the part of bench.py behind --load."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from corpus.encoding import decode
from corpus.gazetteer import depth_of, entries
from corpus.library import Library
from corpus.loader import load

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ROOT / "tests" / "examples" / "formats"
SAMPLES = ROOT / "corpus" / "samples"
FORMATS_MEASURED = (".txt", ".html", ".md", ".mhtml", ".docx", ".rtf", ".xlsx", ".pdf", ".ofd", ".doc")
#: Files that are loaded of formats that take long, as a share of those of text and HTML.
SHARE = {".doc": 0.002, ".pdf": 0.05, ".docx": 0.1, ".ofd": 0.1, ".xlsx": 0.1, ".rtf": 0.05, ".md": 0.3, ".mhtml": 0.3}
#: The years of reports, and how many places bear the other agencies: a library has one report of an agency and a year.
YEARS = range(2004, 2026)
MEMORY_OF = (500, 2_000, 8_000)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a load took: wall seconds, CPU seconds of the writer and of its workers, the writer's largest memory."""

    files: int
    size: int
    characters: int
    seconds: float
    writer: float
    workers: float
    megabytes: float

    def rate(self, cores: int) -> float:
        """Return files a second if every CPU second were had: at best one process a core, at most the writer's own."""
        return self.files / max((self.writer + self.workers) / cores, self.writer)


def load_table(files: int, formats: tuple[str, ...] = FORMATS_MEASURED) -> str:
    """Return tables as Markdown: what files of each format take, and memory against the number of files."""
    cores = os.cpu_count() or 2
    lines = [
        f"{cores} cores, as many workers.",
        "",
        "| format | files | KB each | files/s | characters/s | CPU ms a file: workers | writer | files/s by CPU |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for suffix in formats:
        found = measured(suffix, max(4, round(files * SHARE.get(suffix, 1.0))), cores)
        lines.append(
            f"| {suffix} | {found.files} | {found.size / found.files / 1024:.1f} | {found.files / found.seconds:.0f} | "
            f"{found.characters / found.seconds:,.0f} | {found.workers / found.files * 1000:.2f} | "
            f"{found.writer / found.files * 1000:.2f} | {found.rate(cores):.0f} |"
        )
        print(lines[-1], file=sys.stderr, flush=True)
    memory = [(count, measured(".txt", count, cores).megabytes) for count in MEMORY_OF]
    lines += ["", "Largest memory of the loading process, MB, after text files: "]
    lines[-1] += ", ".join(f"{count}: {megabytes:.0f}" for count, megabytes in memory)
    return "\n".join(lines)


def measured(suffix: str, count: int, workers: int) -> Figures:
    """Load so many files in a process of its own, start of the workers included; return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts")
        texts.mkdir()
        size = 0
        for number, body in enumerate(bodies(suffix, count)):
            (texts / f"{number:06}{suffix}").write_bytes(body)
            size += len(body)
        command = [sys.executable, __file__, folder, str(count), str(workers)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env=environment).stdout
    seconds, writer, of_workers, megabytes, characters = map(float, said.split())
    # Equal files are one report with several sources: what was read counts, not what was kept.
    read = int(characters) * (count if suffix not in {".txt", ".html"} else 1)
    return Figures(count, size, read, seconds, writer, of_workers, megabytes)


def load_here(folder: Path, count: int, workers: int) -> None:
    """Load the texts of a folder in this process; print the seconds, CPU seconds, memory and characters."""
    with Library(folder / "library.db") as library:
        process = psutil.Process()
        before = process.cpu_times()
        started = time.perf_counter()
        summary = load(library, [folder / "texts"], workers=workers)
        seconds = time.perf_counter() - started
        after = process.cpu_times()
        characters = library.counts()["characters"]
    assert not summary.failed, summary.failed[0].reason_en
    assert summary.added == count, summary
    writer = after.user + after.system - before.user - before.system
    of_workers = after.children_user + after.children_system - before.children_user - before.children_system
    print(seconds, writer, of_workers, _largest_memory(), characters)


def _largest_memory() -> float:
    status = Path("/proc/self/status")  # getrusage's figure may be that of the process that started this one
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
        return int(found[1]) / 1024 if found else 0.0
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / (1 << 20)
    import resource  # noqa: PLC0415 - Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def bodies(suffix: str, count: int) -> Iterator[bytes]:
    """Yield files of a format: samples of other places, years and figures, or the format's example again and again."""
    dice = random.Random(20101)  # noqa: S311 - repeatable, not secret
    if suffix in {".txt", ".html"}:
        seeds = [decode(path.read_bytes()).text for path in sorted(SAMPLES.glob(f"*{suffix}"))]
        for number in range(count):
            yield _other_report(seeds[number % len(seeds)], number // len(seeds), number, dice).encode()
        return
    name = {".md": "report.md", ".mhtml": "report.mhtml", ".pdf": "statutory-tables.pdf"}.get(suffix, f"report{suffix}")
    for _ in range(count):
        yield (FORMATS / name).read_bytes()


def _other_report(text: str, variant: int, number: int, dice: random.Random) -> str:
    """Return a sample as another agency's report of another year, at another address, with other figures."""
    text = re.sub(r"(?<![\d\"=#&x;])\d{2}(?=[件条次人])", lambda _: str(dice.randrange(10, 99)), text)
    year = re.search(r"20[012]\d", text)
    text = text.replace(year[0], str(YEARS[variant % len(YEARS)])) if year else text
    for names in _places():
        own = min((name for name in names if name in text), key=text.index, default="")
        if own:
            other = names[(variant // len(YEARS) * 7 + number) % len(names)]
            text = text.replace(own, other).replace(own[:-1], other[:-1]) if len(own) > 2 else text.replace(own, other)
            break
    return text.replace("https://", f"https://n{number}.").replace("http://", f"http://n{number}.")


@cache
def _places() -> list[list[str]]:
    """Return the names of cities, of counties and of provinces today."""
    today = [lines[-1] for lines in entries().values() if lines[-1].last is None]
    return [
        [entry.name for entry in today if depth_of(entry.code) == depth and entry.name.endswith(ends)]
        for depth, ends in ((4, ("市",)), (6, ("县", "区")), (2, ("省",)))
    ]


if __name__ == "__main__":
    load_here(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
