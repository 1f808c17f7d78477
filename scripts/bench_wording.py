"""Measure wordings: planted duplicates found, the time of a query, what they cost at build; print tables as Markdown.

    python3 scripts/bench_wording.py [--sections 27000] [--folder DIR] [--write]

The corpus is that of bench.py (kept in the folder for the next time). Real sentences of ../shared/data are planted in reports
of other agencies and years: as they are, with other figures, dates, widths, blanks and own names, and with one word changed.
Each is then looked for through the search for wordings. With --write the tables go into docs/performance.md.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from _bench_corpus import LIBRARY  # noqa: E402 - after the path is set
from _bench_planted import Planted, planted, sources, with_own_names  # noqa: E402
from _bench_queries import questions  # noqa: E402
from _bench_run import quantiles  # noqa: E402
from _bench_start import Settings, corpus_figures, machine, say  # noqa: E402

from corpus.folding import fold  # noqa: E402
from corpus.library import Library, Source  # noqa: E402
from corpus.rows import StoredReport, report_rows  # noqa: E402
from indexer import tantivyparts  # noqa: E402
from indexer.errors import IndexerError  # noqa: E402
from indexer.generation import WORDINGS, current_generation, folder_of  # noqa: E402
from indexer.results import Filter, Limits, SearchRequest  # noqa: E402
from indexer.service import Searcher, open_searcher  # noqa: E402
from indexer.wordings import users, wordings  # noqa: E402

SHARED = ROOT.parent / "shared" / "data"
_SEED = 20101
#: What of a source is asked for: neither its figures nor the own name before it.
_PIECE = re.compile(r"(?:(?![一二三四五六七八九十百千万亿零两])[一-鿿]){4,}")


def main() -> None:
    """Run the bench."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sections", type=int, default=27_000)
    options.add_argument("--queries", type=int, default=50, help="of each kind")
    options.add_argument("--planted", type=int, default=400, help="sentences")
    options.add_argument("--shared", type=Path, default=SHARED, help="the folder of real texts")
    options.add_argument("--folder", type=Path, help="where corpora are kept and found again; else a temporary folder")
    options.add_argument("--missed", action="store_true", help="name every planted sentence that isn't found")
    options.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    asked = options.parse_args()
    if asked.folder:
        report = run(asked.folder, asked)
    else:
        with tempfile.TemporaryDirectory(prefix="chadang-bench-") as folder:
            report = run(Path(folder), asked)
    print(report)
    if asked.write:
        write_into(ROOT / "docs" / "performance.md", asked.sections, report)


def run(folder: Path, asked: argparse.Namespace) -> str:
    """Return the tables of one run."""
    settings = Settings(
        sections=asked.sections, queries=asked.queries, phrases=0, updates=0, workers=2, seed=_SEED, only=(),
        plain_whoosh=False, segments=False,
    )  # fmt: skip
    corpus = folder / f"corpus-{settings.sections}-{_SEED}"
    figures = corpus_figures(corpus, settings)
    home = folder / f"wording-{settings.sections}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    shutil.copyfile(corpus / LIBRARY, home / "library.db")
    try:
        say("build")
        whole = index(home)
        lines = [
            f"{machine()} {datetime.now(UTC):%Y-%m-%d}. {figures['sections']:,} sections of {figures['reports']:,} reports, tantivy.",
            "",
        ]
        lines += cost(home, whole)
        lines += duplicates(home, asked.shared, asked.planted, asked.missed)
        lines += latency(home, corpus, int(figures["sections"]), settings.queries)
        return "\n".join(lines)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def index(home: Path) -> float:
    """Bring the index up to date with the command that users have; return the processor seconds of all its processes."""
    before = _children()
    subprocess.run(
        [sys.executable, str(ROOT / "chadang.py"), "--home", str(home), "index", "--engine", "tantivy"],
        check=True, capture_output=True,
    )  # fmt: skip
    return _children() - before


def cost(home: Path, whole: float) -> list[str]:
    """Return what the wordings add to a build: to its processor time, measured on its first reports, and to its size."""
    say("cost at build")
    with Library(home / "library.db") as library, library.reading():
        ids = sorted(library.states())[:3_000]
        held = [stored for at in range(0, len(ids), 100) for stored in library.stored(ids[at : at + 100])]
    sections = sum(len(stored.sections) for stored in held)
    with_them, without = min(_parts(held, True) for _ in range(2)), min(_parts(held, False) for _ in range(2))
    generation = folder_of(home, current_generation(home))
    size = sum(path.stat().st_size for path in generation.rglob("*") if path.is_file())
    own = sum(path.stat().st_size for path in (generation / WORDINGS).iterdir())
    return [
        "### What wordings cost at build", "",
        "| | without | with | extra |", "| --- | --- | --- | --- |",
        f"| processor s of a part of {sections:,} sections, written by itself | {without:.2f} | {with_them:.2f} | {with_them / without - 1:.0%} |",
        f"| size of the generation, MB | {(size - own) / 1e6:.1f} | {size / 1e6:.1f} | {own / (size - own):.0%} |",
        "", f"The whole build took {whole:.1f} processor seconds.", "",
    ]  # fmt: skip


def _parts(held: list[StoredReport], worded: bool) -> float:
    """Return the processor seconds of writing one part of an index, with its wordings or without."""
    add = tantivyparts.SegmentWriter.add
    if not worded:
        tantivyparts.SegmentWriter.add = lambda *_: None  # type: ignore[method-assign]
    fold.__globals__["_fold_short"].cache_clear()
    try:
        with tempfile.TemporaryDirectory(prefix="chadang-part-", ignore_cleanup_errors=True) as folder:
            path = Path(folder)
            started = time.process_time()
            writer = tantivyparts.PartWriter(path / "i", path / "p", 0, path / "w", tantivyparts.BUILD_MEMORY)
            for number, stored in enumerate(held):
                writer.add(stored, number, False)
            writer.finish()
            return time.process_time() - started
    finally:
        tantivyparts.SegmentWriter.add = add  # type: ignore[method-assign]


def duplicates(home: Path, shared: Path, count: int, chatty: bool) -> list[str]:
    """Return how many planted duplicates are found under the wording of their source, and what else is."""
    chance = random.Random(_SEED)  # noqa: S311 - a repeatable bench, not a secret
    texts = with_own_names(sources(shared, count, chance), chance)
    reports, held = planted(texts, chance)
    with Library(home / "library.db") as library, library.transaction():
        for report in reports:
            name = f"planted/{report.report_id}.txt"
            library.put(Source(name, str(home / name), parser=1, loaded_at="2026-01-01T00:00:00"), report_rows(report))
    say("update with planted reports")
    update = index(home)
    say("look for planted duplicates")
    searcher = open_searcher(home, Limits(seconds=60))
    by_source: dict[int, list[Planted]] = defaultdict(list)
    for each in held:
        by_source[each.source].append(each)
    wanted = found = strange = 0
    for own in by_source.values():
        same = {each.report_id for each in own if each.same}
        got = _users(searcher, own[0], texts[own[0].source].replace("<own>", ""))
        wanted += len(same)
        found += len(got & same)
        for each in own if chatty else ():
            if each.same and each.report_id not in got:
                say(f"missed: {each.text}\n    of: {own[0].text}")
        strange += len(got - same)
    searcher.close()
    return [
        "### Planted duplicates", "",
        f"{len(by_source)} sentences of real reports, each {wanted // len(by_source)} times with other figures, dates, widths, blanks and "
        f"own names, and once with another word, in {len(reports)} reports; to add these took {update:.1f} processor seconds.", "",
        "| planted | found | recall | others found | precision |", "| --- | --- | --- | --- | --- |",
        f"| {wanted} | {found} | {found / wanted:.4f} | {strange} | {found / max(1, found + strange):.4f} |", "",
    ]  # fmt: skip


def _users(searcher: Searcher, source: Planted, plain: str) -> set[str]:
    """Return the reports that use the wording of a planted source, through the search that users have."""
    piece = max(_PIECE.findall(fold(plain)), key=len, default=fold(plain))
    request = SearchRequest(f'"{piece[:40]}"', match="exact", size=100)
    found: set[str] = set()
    for wording in wordings(searcher, request).wordings:
        own = {use.report_id for use in users(searcher, request, wording.key).uses}
        if source.report_id in own:
            found |= own
    return found


def latency(home: Path, corpus: Path, sections: int, count: int) -> list[str]:
    """Return the times of searches for wordings, and of pages of results with the same wording folded."""
    say("latency")
    asked = questions(corpus, sections, count, _SEED)
    searcher = open_searcher(home, Limits(seconds=60))
    started = time.perf_counter()
    wordings(searcher, SearchRequest("公开"))
    first = time.perf_counter() - started
    lines = [
        "### Times: p50 / p95 / p99 in ms (processor time in brackets)", "",
        "| query | same wording | results, all listed | results, folded |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    every: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for kind, own in asked.items():
        times: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for question in own:
            quoted = " ".join(f'"{phrase}"' for phrase in question.phrases)
            query = quoted if question.near is None else f'"{" ".join(question.phrases)}"~{question.near}'
            chosen = (("region", question.region), ("kind", question.section_kind))
            filters = tuple(Filter(field, (value,)) for field, value in chosen if value)
            request = SearchRequest(query, match="exact", filters=filters, page=question.page)
            for what, seconds in _asked(searcher, request):
                times[what].append(seconds)
                if kind != "near":
                    every[what].append(seconds)
        lines.append(f"| {kind} | " + " | ".join(_said(times[what]) for what in ("wordings", "all", "fold")) + " |")
    lines.append("| all but near | " + " | ".join(_said(every[what]) for what in ("wordings", "all", "fold")) + " |")
    searcher.close()
    return [*lines, "", f"The first question of a process puts the store together: {first:.2f} s.", ""]


def _asked(searcher: Searcher, request: SearchRequest) -> Iterator[tuple[str, tuple[float, float]]]:
    for what in ("all", "fold", "wordings"):
        # None is to profit from what the one before looked up.
        searcher.wordings.forget()
        wall, used = time.perf_counter(), time.process_time()
        try:
            if what == "wordings":
                wordings(searcher, replace(request, page=1))
            else:
                searcher.search(replace(request, same=what))  # type: ignore[arg-type]
        except IndexerError as error:
            say(f"{request.query}: {error}")
            continue
        yield what, ((time.perf_counter() - wall) * 1000, (time.process_time() - used) * 1000)


def _said(times: list[tuple[float, float]]) -> str:
    wall, used = quantiles([each for each, _ in times]), quantiles([each for _, each in times])
    return f"{wall['p50']:.0f} / {wall['p95']:.0f} / {wall['p99']:.0f} ({used['p50']:.0f} / {used['p95']:.0f} / {used['p99']:.0f})"


def _children() -> float:
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


def write_into(document: Path, sections: int, tables: str) -> None:
    """Put a run's tables between the marks of its size in a document."""
    text = document.read_text("utf-8")
    marks = re.compile(rf"(<!-- bench wording {sections} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not marks.search(text):
        raise SystemExit(f"{document} has no place for a run of {sections} sections")
    document.write_text(marks.sub(lambda found: f"{found[1]}\n{tables}\n{found[2]}", text), "utf-8")


if __name__ == "__main__":
    main()
