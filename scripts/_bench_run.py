"""One run of the bench: corpus, builds, questions, correctness, what users wait for besides; figures as plain values."""

from __future__ import annotations

import compileall
import random
import shutil
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import _bench_segments
from _bench_corpus import LIBRARY
from _bench_correct import check, scan
from _bench_fts5 import Fts5
from _bench_life import serve, starts, updates
from _bench_others import PlainWhoosh
from _bench_own import Own
from _bench_process import CandidateFailed, Refused, Searcher, Timed, build
from _bench_protocol import Candidate, Question
from _bench_queries import EXACT, questions, random_phrases
from _bench_start import ROOT, Settings, candidates_of, corpus_figures, machine, say

_CHANGED = 100
_PAGES = 1_000
#: Candidates that start a process for every question are asked fewer.
_FEWER = {"ripgrep": 20, "Recoll": 20}
_SEGMENT_KINDS = ("exact common phrase", "exact rare phrase", "one character")


def measure(folder: Path, settings: Settings, figures: dict[str, Any]) -> None:
    """Fill in all figures of one run, each as soon as it is measured; the corpus stays in the folder, indexes don't."""
    for package in ("corpus", "indexer", "webui"):  # as an installation has them, also where Python writes no bytecode
        compileall.compile_dir(ROOT / package, quiet=2)
    corpus = folder / f"corpus-{settings.sections}-{settings.seed}"
    figures |= {"machine": machine(), "date": f"{datetime.now(UTC):%Y-%m-%d}", "settings": asdict(settings)}
    figures["corpus"] = corpus_figures(corpus, settings)
    candidates, figures["skipped"] = candidates_of(settings)
    indexes = folder / "indexes"
    shutil.rmtree(indexes, ignore_errors=True)
    figures["builds"] = {}
    for name, candidate in candidates.items():
        say(f"build {candidate.name}")
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


def quantiles(times: Sequence[float]) -> dict[str, float]:
    """Return p50, p95, p99 and how many there are."""
    ordered = sorted(times)
    at = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    return {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * q))], 3) for name, q in at} | {
        "n": len(ordered)
    }


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
        say(f"ask {kind}")
        first: list[Timed | Refused | None] = []
        for searcher in searchers:
            answers = searcher.ask(every[: _FEWER.get(searcher.name, len(every))])
            timed = [answer for answer in answers if isinstance(answer, Timed)]
            refused = [answer.why for answer in answers if isinstance(answer, Refused)]
            if refused:
                latency.setdefault(kind, {})[searcher.name] = {"refused": len(refused), "why": refused[0]}
            if not timed:
                continue
            latency.setdefault(kind, {}).setdefault(searcher.name, {}).update(_times(timed))
            if kind in EXACT:
                exact[searcher.name] += timed
            if searcher.unit == "section" and searcher.name != PlainWhoosh.name:
                first = first or answers
                pairs = zip(answers, first, strict=True)
                wrong = sum(_differ(one, other) for one, other in pairs)
                differ[f"{searcher.name}: {kind}"] = wrong
    latency["all exact phrases"] = {name: _times(timed) for name, timed in exact.items()}
    return latency, {name: count for name, count in differ.items() if count}


def _times(timed: Sequence[Timed]) -> dict[str, float]:
    cpu = quantiles([answer.cpu_milliseconds for answer in timed])
    return quantiles([answer.milliseconds for answer in timed]) | {"cpu_p50": cpu["p50"], "cpu_p95": cpu["p95"]}


def _differ(one: Timed | Refused | None, other: Timed | Refused | None) -> bool:
    if not isinstance(one, Timed) or not isinstance(other, Timed):
        return False
    return (one.sections, one.reports, one.hits, one.facets) != (
        other.sections,
        other.reports,
        other.hits,
        other.facets,
    )


def _correctness(searchers: Sequence[Searcher], corpus: Path, sections: int, settings: Settings) -> dict[str, Any]:
    say(f"scan for {settings.phrases} phrases")
    phrases = random_phrases(corpus, sections, settings.phrases, settings.seed)
    truth = scan(corpus, phrases, settings.workers)
    found = {}
    for searcher in searchers:
        say(f"compare {searcher.name}")
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
            say(f"start and serve {candidate.name}")
            times = starts(home, exact)
            figures: dict[str, Any] = {
                "start_seconds": {"median": round(statistics.median(times), 3), "worst": round(max(times), 3)},
                "serve": serve(home, mixed, _PAGES),
            }
            if settings.updates:
                say(f"update {candidate.name}")
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
            say(f"{count} segments, raw tantivy")
            home = folder / f"raw-{count}"
            home.mkdir(parents=True)
            built.append(("raw tantivy", _bench_segments.raw(corpus, home, count, settings.workers), home, count))
        if "tantivy" in candidates:
            say(f"{count} segments, Chadang tantivy")
            home = folder / f"own-{count}"
            there = _bench_segments.own(corpus / LIBRARY, home, count, "tantivy")
            built.append(("Chadang tantivy", candidates["tantivy"], home, there))
        for name, candidate, home, there in built:
            searcher = Searcher(candidate, corpus, home)
            searcher.ask([kind[-1] for kind in kinds.values()])
            times = {
                kind: quantiles([t.milliseconds for t in searcher.ask(every) if isinstance(t, Timed)])
                for kind, every in kinds.items()
            }
            found.setdefault(name, {})[str(count)] = {"segments": there, "latency": times}
            searcher.close()
        shutil.rmtree(folder, ignore_errors=True)
    return found
