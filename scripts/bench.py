"""Measure the engines beside others on one generated corpus; print tables as Markdown.

    python3 scripts/bench.py [--sections 27000] [--queries 100] [--phrases 1000] [--json FILE]
    python3 scripts/bench.py --sections 27000 --plain-whoosh --segments --write    # all there is, into docs/performance.md
    python3 scripts/bench.py --sections 450000 --segments --write
    python3 scripts/bench.py --only tantivy,fts5 --folder DIR              # quickly again on the same corpus
    python3 scripts/bench.py --load [--files 3000] [--formats .txt,.html]

With --load it measures instead how fast files of each format come into a library, the CPU seconds that they take (which
other work on the machine disturbs less than the wall clock), and the loading process's memory.

The corpus is made of invented reports with a stated seed (scripts/_bench_reports.py), as alike to real texts in terms and
repetition as the table that is printed says. Every candidate answers the same questions in a process of its own: count,
ten best with snippets, distinct reports and four facets. Timings are of the machine that runs it, and of what else it
did: compare figures of one run only. Competitors need: pip install numpy tantivy; apt-get install ripgrep recollcmd.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from _bench_run import measure  # noqa: E402 - after the path is set
from _bench_start import Settings  # noqa: E402
from _bench_tables import as_markdown  # noqa: E402

SEED = 20101


def main() -> None:
    """Run the bench."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sections", type=int, default=27_000)
    options.add_argument("--queries", type=int, default=100, help="questions of each kind")
    options.add_argument("--phrases", type=int, default=1_000, help="random phrases for correctness; 0 for none")
    options.add_argument("--updates", type=int, default=10, help="rounds of 100 changed reports; 0 for none")
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--only", default="", help="candidates: whoosh,tantivy,fts5,raw,plain-whoosh,ripgrep,recoll")
    options.add_argument("--plain-whoosh", action="store_true", help="Whoosh as it comes as well: minutes to build")
    options.add_argument("--segments", action="store_true", help="tantivy with 1, 2, 8 and 64 segments as well")
    options.add_argument("--folder", type=Path, help="where corpora are kept and found again; else a temporary folder")
    options.add_argument("--json", type=Path, help="write all figures to a file")
    options.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    options.add_argument("--load", action="store_true")
    options.add_argument("--files", type=int, default=3_000)
    options.add_argument("--formats", default="")
    chosen = options.parse_args()
    if chosen.load:
        from _bench_load import FORMATS_MEASURED, load_table  # noqa: PLC0415 - only for this

        print(load_table(chosen.files, tuple(filter(None, chosen.formats.split(","))) or FORMATS_MEASURED))
        return
    settings = Settings(
        sections=chosen.sections,
        queries=chosen.queries,
        phrases=chosen.phrases,
        updates=chosen.updates,
        workers=chosen.workers,
        seed=chosen.seed,
        only=tuple(name for name in chosen.only.split(",") if name),
        plain_whoosh=chosen.plain_whoosh,
        segments=chosen.segments,
    )
    figures: dict[str, object] = {}
    try:
        if chosen.folder:
            measure(chosen.folder, settings, figures)
        else:
            with tempfile.TemporaryDirectory(prefix="chadang-bench-") as folder:
                measure(Path(folder), settings, figures)
    finally:  # what was measured before something failed took long enough
        print(as_markdown(figures))
        if chosen.json:
            chosen.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")
    if chosen.write:
        write_into(ROOT / "docs" / "performance.md", chosen.sections, as_markdown(figures))


def write_into(document: Path, sections: int, tables: str) -> None:
    """Put a run's tables between the marks of its size in a document."""
    text = document.read_text("utf-8")
    marks = re.compile(rf"(<!-- bench {sections} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not marks.search(text):
        raise SystemExit(
            f"{document} has no place for a run of {sections} sections: <!-- bench {sections} --> ... <!-- end -->"
        )
    document.write_text(marks.sub(lambda found: f"{found[1]}\n{tables}\n\n{found[2]}", text), "utf-8")


if __name__ == "__main__":
    main()
