"""What a run of the bench starts from: what it measures, the corpus, the candidates, the machine."""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from _bench_corpus import plain, read_sections, write_corpus
from _bench_fts5 import Fts5
from _bench_others import PlainWhoosh, Recoll, Ripgrep
from _bench_own import Own
from _bench_protocol import Candidate
from _bench_shape import lengths, real_texts, shape
from _bench_tantivy import RawTantivy

ROOT = Path(__file__).resolve().parent.parent
#: Whoosh is measured up to so many sections; it isn't meant for more.
_WHOOSH_SECTIONS = 30_000


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


def corpus_figures(corpus: Path, settings: Settings) -> dict[str, Any]:
    """Write the corpus, unless a run before left it complete; return its figures."""
    record = corpus / "figures.json"
    if record.exists():
        found: dict[str, Any] = json.loads(record.read_text("utf-8"))
        return found
    say(f"generate {settings.sections} sections")
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


def candidates_of(settings: Settings) -> tuple[dict[str, Candidate], dict[str, str]]:
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


def say(what: str) -> None:
    """Say what is being done, on a terminal or where BENCH_VERBOSE is set."""
    if sys.stderr.isatty() or os.environ.get("BENCH_VERBOSE"):
        print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)
