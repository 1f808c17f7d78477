"""One run of the bench: corpus, builds, questions, correctness, what users wait for besides; figures as plain values."""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import sqlite3
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import _bench_segments
from _bench_corpus import LIBRARY, plain, read_sections, write_corpus
from _bench_correct import check, scan
from _bench_fts5 import Fts5
from _bench_life import serve, starts, updates
from _bench_others import PlainWhoosh, Recoll, Ripgrep
from _bench_own import Own
from _bench_process import CandidateFailed, Searcher, Timed, build
from _bench_protocol import Candidate, Question
from _bench_queries import EXACT, questions, random_phrases
from _bench_shape import lengths, real_texts, shape
from _bench_tantivy import RawTantivy

ROOT = Path(__file__).resolve().parent.parent
#: Whoosh is measured up to so many sections; it isn't meant for more.
_WHOOSH_SECTIONS = 30_000
_CHANGED = 100
_PAGES = 1_000
#: Candidates that start a process for every question are asked fewer.
_FEWER = {"ripgrep": 20, "Recoll": 20}
_SEGMENT_KINDS = ("exact common phrase", "exact rare phrase", "one character")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run measures."""

    sections: int
    queries: int
    phrases: int
    updates: int
    workers: int
    seed: int
    only: tuple[str, ...]
    plain_whoosh: bool
    segments: bool


def measure(folder: Path, settings: Settings, figures: dict[str, Any]) -> None:
    """Fill in all figures of one run, each as soon as it is measured; the corpus stays in the folder, indexes don't."""
    corpus = folder / f"corpus-{settings.sections}-{settings.seed}"
    figures |= {"machine": machine(), "date": f"{datetime.now(UTC):%Y-%m-%d}", "settings": asdict(settings)}
    figures["corpus"] = _corpus(corpus, settings)
    candidates, figures["skipped"] = _candidates(settings)
    indexes = folder / "indexes"
    shutil.rmtree(indexes, ignore_errors=True)
    figures["builds"] = {}
    for name, candidate in candidates.items():
        _say(f"build {candidate.name}")
        try:
            figures["builds"][candidate.name] = asdict(build(candidate, corpus, indexes / name, settings.workers))
        except CandidateFailed as error:
            figures["skipped"][candidate.name] = str(error)
    candidates = {name: each for name, each in candidates.items() if each.name in figures["builds"]}
    searchers = [Searcher(candidate, corpus, indexes / name) for name, candidate in candidates.items()]
    sections = int(figures["corpus"]["sections"])
    asked = questions(corpus, sections, settings.queries, settings.seed)
    figures["latency"], figures["disagreements"] = _latency(searchers, asked)
    figures["searcher_private_mb"] = {searcher.name: searcher.memory_mb() for searcher in searchers}
    if settings.phrases:
        figures["correctness"] = _correctness(searchers, corpus, sections, settings)
    for searcher in searchers:
        searcher.close()
    figures["life"] = _life(candidates, indexes, asked, settings)
    if settings.segments:
        figures["segments"] = _segments(candidates, corpus, folder / "segments", asked, settings)
    shutil.rmtree(indexes, ignore_errors=True)


def machine() -> str:
    """Return what this machine is."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = (line.partition(":") for line in cpuinfo.read_text().splitlines())
        model = next((value.strip() for name, _, value in lines if name.startswith("model name")), model)
    packages = []
    for name in ("tantivy", "whoosh-reloaded", "rjieba", "numpy"):
        try:
            packages.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            packages.append(f"no {name}")
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {', '.join(packages)}"
    )


def quantiles(times: Sequence[float]) -> dict[str, float]:
    """Return p50, p95, p99 and how many there are."""
    ordered = sorted(times)
    at = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    return {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * q))], 3) for name, q in at} | {
        "n": len(ordered)
    }


def _corpus(corpus: Path, settings: Settings) -> dict[str, Any]:
    """Write the corpus, unless a run before left it complete; return its figures."""
    record = corpus / "figures.json"
    if record.exists():
        found: dict[str, Any] = json.loads(record.read_text("utf-8"))
        return found
    _say(f"generate {settings.sections} sections")
    shutil.rmtree(corpus, ignore_errors=True)
    figures = _described(
        corpus, write_corpus(corpus, settings.sections, settings.seed, settings.workers), settings.seed
    )
    record.write_text(json.dumps(figures, ensure_ascii=False), "utf-8")
    return figures


def _described(corpus: Path, written: Mapping[str, float], seed: int) -> dict[str, Any]:
    """Return what was written, with the lengths of the sections and what the texts look like beside real ones."""
    figures: dict[str, Any] = dict(written)
    chance = random.Random(seed)  # noqa: S311 - a repeatable bench, not a secret
    reports = set(chance.sample(range(int(figures["reports"])), min(int(figures["reports"]), 800)))
    texts: dict[int, list[str]] = defaultdict(list)
    sizes = []
    for text in read_sections(corpus):
        written = plain(text)
        sizes.append(len(written))
        if text.report in reports:
            texts[text.report].append(written)
    shuffled = ["\n".join(texts[number]) for number in chance.sample(sorted(texts), len(texts))]
    figures["lengths"] = lengths(sizes)
    figures["characters"] = sum(sizes)
    figures["shapes"] = {"generated": shape("\n".join(shuffled))}
    real = real_texts(ROOT.parent / "shared" / "data")
    figures["shapes"] |= {name: shape(text) for name, text in real.items()}
    return figures


def _candidates(settings: Settings) -> tuple[dict[str, Candidate], dict[str, str]]:
    """Return those to measure, and why others are left out."""
    every: dict[str, Candidate] = {
        "tantivy": Own("tantivy"),
        "whoosh": Own("whoosh"),
        "raw": RawTantivy(),
        "fts5": Fts5(),
        "plain-whoosh": PlainWhoosh(),
        "ripgrep": Ripgrep(),
        "recoll": Recoll(),
    }
    chosen: dict[str, Candidate] = {}
    skipped: dict[str, str] = {}
    for name, candidate in every.items():
        reason = candidate.unavailable()
        if settings.only:
            reason = reason if name in settings.only else "not asked for"
        elif name == "plain-whoosh" and not settings.plain_whoosh:
            reason = "only with --plain-whoosh: minutes to build"
        elif name in {"whoosh", "plain-whoosh"} and settings.sections > _WHOOSH_SECTIONS:
            reason = f"not meant for more than {_WHOOSH_SECTIONS} sections"
        if reason:
            skipped[candidate.name] = reason
        else:
            chosen[name] = candidate
    return chosen, skipped


def _latency(
    searchers: Sequence[Searcher], asked: Mapping[str, list[Question]]
) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """Return the times of each kind of question, and how many answers differ from those of the first candidate.

    All candidates answer one kind before the next comes, so that what else the machine does meets them alike.
    """
    latency: dict[str, dict[str, Any]] = {}
    differ: dict[str, int] = {}
    exact: dict[str, list[Timed]] = defaultdict(list)
    for searcher in searchers:  # the first question of a process is measured elsewhere
        searcher.ask([kind[-1] for kind in asked.values()])
    for kind, every in asked.items():
        _say(f"ask {kind}")
        first: list[Timed | None] = []
        for searcher in searchers:
            answers = searcher.ask(every[: _FEWER.get(searcher.name, len(every))])
            timed = [answer for answer in answers if answer]
            if not timed:
                continue
            latency.setdefault(kind, {})[searcher.name] = _times(timed)
            if kind in EXACT:
                exact[searcher.name] += timed
            if searcher.unit == "section" and searcher.name != PlainWhoosh.name:
                first = first or answers
                pairs = zip(answers, first, strict=True)
                wrong = sum(1 for one, other in pairs if one and other and _totals(one) != _totals(other))
                differ[f"{searcher.name}: {kind}"] = wrong
    latency["all exact phrases"] = {name: _times(timed) for name, timed in exact.items()}
    return latency, {name: count for name, count in differ.items() if count}


def _times(timed: Sequence[Timed]) -> dict[str, float]:
    cpu = quantiles([answer.cpu_milliseconds for answer in timed])
    return quantiles([answer.milliseconds for answer in timed]) | {"cpu_p50": cpu["p50"], "cpu_p95": cpu["p95"]}


def _totals(answer: Timed) -> tuple[int, int, int, str]:
    return answer.sections, answer.reports, answer.hits, answer.facets


def _correctness(searchers: Sequence[Searcher], corpus: Path, sections: int, settings: Settings) -> dict[str, Any]:
    _say(f"scan for {settings.phrases} phrases")
    phrases = random_phrases(corpus, sections, settings.phrases, settings.seed)
    truth = scan(corpus, phrases, settings.workers)
    found = {}
    for searcher in searchers:
        _say(f"compare {searcher.name}")
        count = _FEWER.get(searcher.name, settings.phrases // 10) * 10
        found[searcher.name] = asdict(check(searcher, phrases[:count], truth, corpus))
    return found


def _life(
    candidates: Mapping[str, Candidate], indexes: Path, asked: Mapping[str, list[Question]], settings: Settings
) -> dict[str, Any]:
    """Return what users wait for besides queries, for our engines; of FTS5 the changes."""
    found: dict[str, Any] = {}
    mixed = [question for kind in asked.values() for question in kind]
    random.Random(settings.seed).shuffle(mixed)  # noqa: S311
    exact = [question for kind in EXACT for question in asked.get(kind, [])]
    random.Random(settings.seed).shuffle(exact)  # noqa: S311
    for name, candidate in candidates.items():
        if isinstance(candidate, Own):
            home = indexes / name
            _say(f"start and serve {candidate.name}")
            times = starts(home, exact)
            figures: dict[str, Any] = {
                "start_seconds": {"median": round(statistics.median(times), 3), "worst": round(max(times), 3)},
                "serve": serve(home, mixed, _PAGES),
            }
            if settings.updates:
                _say(f"update {candidate.name}")
                changes = updates(home, settings.updates, _CHANGED, name, settings.seed)
                figures["update_seconds"] = quantiles(changes)
            found[candidate.name] = figures
        elif isinstance(candidate, Fts5) and settings.updates:
            found[candidate.name] = {"update_seconds": quantiles(_fts5_updates(candidate, indexes / name, settings))}
    return found


def _fts5_updates(candidate: Fts5, index: Path, settings: Settings) -> list[float]:
    chance = random.Random(settings.seed)  # noqa: S311
    candidate.open(index, index)
    times = []
    for round_ in range(settings.updates):
        reports = chance.sample(range(candidate.reports), _CHANGED)
        started = time.perf_counter()
        candidate.change(reports, f"另据第{round_ + 1}次补充统计，本年度有关事项共{round_ * 37 + 11}件，均已办结。")
        times.append(time.perf_counter() - started)
    return times


def _segments(
    candidates: Mapping[str, Candidate],
    corpus: Path,
    folder: Path,
    asked: Mapping[str, list[Question]],
    settings: Settings,
) -> dict[str, Any]:
    """Return the times of some kinds of questions by number of segments, for raw tantivy and for our engine."""
    found: dict[str, Any] = {}
    kinds = {kind: asked[kind] for kind in _SEGMENT_KINDS if kind in asked}
    for count in _bench_segments.COUNTS:
        built: list[tuple[str, Candidate, Path, int]] = []
        if "raw" in candidates:
            _say(f"{count} segments, raw tantivy")
            home = folder / f"raw-{count}"
            home.mkdir(parents=True)
            built.append(("raw tantivy", _bench_segments.raw(corpus, home, count, settings.workers), home, count))
        if "tantivy" in candidates:
            _say(f"{count} segments, Chadang tantivy")
            home = folder / f"own-{count}"
            there = _bench_segments.own(corpus / LIBRARY, home, count, "tantivy")
            built.append(("Chadang tantivy", candidates["tantivy"], home, there))
        for name, candidate, home, there in built:
            searcher = Searcher(candidate, corpus, home)
            searcher.ask([kind[-1] for kind in kinds.values()])
            times = {
                kind: quantiles([t.milliseconds for t in searcher.ask(every) if t]) for kind, every in kinds.items()
            }
            found.setdefault(name, {})[str(count)] = {"segments": there, "latency": times}
            searcher.close()
        shutil.rmtree(folder)
    return found


def _say(what: str) -> None:
    if sys.stderr.isatty() or os.environ.get("BENCH_VERBOSE"):
        print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)
