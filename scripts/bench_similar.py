"""Measure similar wording: which planted passages are found again, and how long it takes.

    python scripts/bench_similar.py --folder DIR [--sections 450000] [--data ../shared/data] [--write]
    python scripts/bench_similar.py --home HOME        # a library that is built already, with the reports of --data in it

The corpus is that of scripts/bench.py; the real reports of --data are planted in it. Passages of these are then asked with
figures changed and with 0 to 30 percent of their characters replaced, dropped or doubled, by a stated seed. A passage
counts as found if its section is among the first ten. Timings are of the machine and of what else it did; the CPU seconds
are disturbed less.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.library import Library  # noqa: E402 - after the path is set
from corpus.loader import load  # noqa: E402
from indexer.building import update  # noqa: E402
from indexer.service import Searcher, open_searcher  # noqa: E402
from indexer.similar import similar  # noqa: E402

SEED = 6
_DATA = ROOT.parent / "shared" / "data"
_SHARES = (0.0, 0.1, 0.2, 0.3)
_LENGTHS = (15, 40, 100, 300, 2_000, 5_000)
_EACH = 200
_DOCUMENT = ROOT / "docs" / "wording.md"


@dataclass(frozen=True, slots=True)
class Planted:
    """A passage of a planted report: where it stands, and its text."""

    report_id: str
    section_id: str
    text: str


def planted(searcher: Searcher, home: Path, length: int) -> list[Planted]:
    """Return passages of about a length, each from the start of a paragraph (or sentence, where it is short)."""
    with sqlite3.connect(f"file:{home / 'library.db'}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT DISTINCT report_id FROM source WHERE source NOT LIKE 'bench/%' ORDER BY report_id")
        ids = [row[0] for row in rows if row[0]]
    found: list[Planted] = []
    for report_id in ids:
        report = searcher.read(report_id).report
        if report.same_as:
            continue
        for section in report.sections if not report.same_as else ():
            starts = [b.start for b in section.blocks if b.form == "paragraph"]
            texts = (section.text[start : start + length] for start in starts)
            found += (Planted(report_id, section.section_id, text) for text in texts if len(text) >= 0.9 * length)
    return found


def changed(text: str, share: float, letters: str, chance: random.Random) -> str:
    """Return a text with other figures, and a share of its characters replaced, dropped or doubled by another."""
    chars = [chance.choice("0123456789") if char.isdigit() else char for char in text]
    for place in chance.sample(range(len(chars)), round(share * len(chars))):
        drawn = chance.random()
        other = chance.choice(letters)
        chars[place] = other if drawn < 0.6 else "" if drawn < 0.8 else chars[place] + other
    return "".join(chars)


def rows(searcher: Searcher, home: Path, each: int) -> Iterator[str]:
    """Yield the lines of the table."""
    chance = random.Random(SEED)  # noqa: S311 - a repeatable bench
    yield "| characters | changed | asked | among the first ten | first | p50 / p95 | CPU p95 |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for length in _LENGTHS:
        passages = planted(searcher, home, length)
        if not passages:
            continue
        letters = "".join(p.text for p in chance.sample(passages, min(200, len(passages))))
        for share in _SHARES:
            chosen = chance.sample(passages, min(each, len(passages)))
            asked = [(p, changed(p.text, share, letters, chance)) for p in chosen]
            similar(searcher, asked[0][1], size=10)
            places: list[int] = []
            took: list[float] = []
            used: list[float] = []
            for passage, text in asked:
                start, cpu = time.perf_counter(), time.process_time()
                answer = similar(searcher, text, size=10)
                took.append(time.perf_counter() - start)
                used.append(time.process_time() - cpu)
                keys = [(p.report.report_id, p.section.section_id) for p in answer.passages]
                key = (passage.report_id, passage.section_id)
                places.append(keys.index(key) if key in keys else 99)
            yield (
                f"| {length:,} | {share:.0%} | {len(asked)} | {sum(p < 10 for p in places) / len(places):.1%} "
                f"| {sum(p == 0 for p in places) / len(places):.1%} | {_part(took, 0.5)} / {_part(took, 0.95)} ms "
                f"| {_part(used, 0.95)} ms |"
            )


def _part(seconds: Sequence[float], share: float) -> str:
    return f"{sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1000:.0f}"


def prepared(folder: Path, sections: int, data: Path) -> Path:
    """Return the home of a generated corpus with the real reports planted in it, built where it isn't there."""
    from _bench_corpus import LIBRARY, write_corpus  # noqa: PLC0415 - only where one is to be made

    home = (folder / LIBRARY).parent
    if not (folder / LIBRARY).exists():
        home.mkdir(parents=True, exist_ok=True)
        write_corpus(folder, sections, 20101, os.cpu_count() or 1)
    with Library(home / "library.db") as library:
        load(library, [data])
    update(home)
    return home


def main() -> None:
    """Print the table, or put it into the document."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path)
    options.add_argument("--folder", type=Path)
    options.add_argument("--sections", type=int, default=450_000)
    options.add_argument("--data", type=Path, default=_DATA)
    options.add_argument("--each", type=int, default=_EACH)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    if not (chosen.home or chosen.folder):
        options.error("say --folder or --home")
    home = chosen.home or prepared(chosen.folder, chosen.sections, chosen.data)
    searcher = open_searcher(home)
    head = f"{searcher.manifest.sections:,} sections, engine {searcher.manifest.engine}, seed {SEED}:"
    lines = [head, ""]
    for line in rows(searcher, home, chosen.each):
        lines.append(line)
        print(line, flush=True)
    if chosen.write:
        before, mark, rest = _DOCUMENT.read_text("utf-8").partition("<!-- bench similar -->\n")
        after = rest.partition("<!-- end -->")[2]
        if not mark or not after:
            raise SystemExit(f"{_DOCUMENT} has no place for the table: <!-- bench similar --> ... <!-- end -->")
        made = "\n".join(lines)
        _DOCUMENT.write_text(f"{before}{mark}\n{made}\n\n<!-- end -->{after}", "utf-8")


if __name__ == "__main__":
    main()
