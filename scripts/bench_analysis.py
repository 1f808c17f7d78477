"""Measure what trend, concordance, collocates and coverage take on a generated library: CPU seconds and peak memory.

    python3 scripts/bench_analysis.py [--sections 12000] [--engine tantivy] [--home HOME]

HOME is a library that is there and indexed, measured instead of a generated one (449,000 sections: scripts/bench.py).

Each is a run of the command by itself, start included; CPU time is disturbed less by other work than the wall clock.
The page gives up reading hits after 30 s (indexer/occurrences.py).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from _bench_corpus import LIBRARY, write_corpus
from _bench_own import chadang, program

_SEED = 20260101

#: What is measured: a name, and the command.
RUNS = [
    ("search (for comparison)", ["search", "依申请公开", "--json"]),
    ("trend by year, one query", ["trend", "依申请公开", "--json"]),
    ("trend by region, three queries", ["trend", "依申请公开", "答复", "行政复议", "--by", "region", "--json"]),
    ("concordance, 100 lines by place", ["concordance", "公开", "--json"]),
    ("concordance, all lines by left context", ["concordance", "公开", "--sort", "left", "--csv"]),
    ("collocates within 5 words", ["concordance", "公开", "--collocates", "--json"]),
    ("coverage with matches", ["coverage", "--query", "公开", "--csv"]),
]


def main() -> None:
    """Run the bench and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sections", type=int, default=12_000)
    options.add_argument("--engine", default="tantivy")
    options.add_argument("--home", type=Path)
    chosen = options.parse_args()
    if chosen.home:
        print_runs(chosen.home)
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_corpus(home, chosen.sections, _SEED, os.cpu_count() or 1)
        (home / LIBRARY).rename(home / "library.db")
        chadang(home, "index", "--engine", chosen.engine)
        print_runs(home)


def print_runs(home: Path) -> None:
    """Print what each run takes."""
    print("| work | CPU s | peak MB | bytes printed |\n| --- | --- | --- | --- |")
    for name, arguments in RUNS:
        seconds, memory, size = measured([*program(home), *arguments])
        print(f"| {name} | {seconds:.2f} | {memory:.0f} | {size:,} |", flush=True)


def measured(command: list[str]) -> tuple[float, float, int]:
    """Return the CPU seconds and peak megabytes of a command, and how much it printed."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command} ended with {process.returncode}")
        scale = 1 if sys.platform == "darwin" else 1024
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 1e6, out.seek(0, os.SEEK_END)


if __name__ == "__main__":
    main()
