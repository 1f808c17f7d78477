"""Candidates in processes of their own: builds with their memory watched, and searchers that wait for questions."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
from _bench_protocol import Candidate, Question

_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build cost: wall clock, processor time, the largest memory of its processes together, size on disk."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Timed:
    """One question's time and processor time, and the answer's totals with a digest of its facets, to compare them."""

    milliseconds: float
    cpu_milliseconds: float
    sections: int
    reports: int
    hits: int
    facets: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A question that a candidate wouldn't answer, and what it said: a limit, or a time that ran out."""

    why: str


def build(candidate: Candidate, corpus: Path, index: Path, workers: int) -> Built:
    """Build in a fresh process. Raises CandidateFailed."""
    prepare = getattr(candidate, "prepare", None)
    index.mkdir(parents=True)
    if prepare:
        prepare(corpus, index)
    before = size_of(index)
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_build, args=(candidate, corpus, index, workers, theirs))
    process.start()
    theirs.close()
    watched = psutil.Process(process.pid)
    peak = 0
    while process.is_alive():
        peak = max(peak, _tree_memory(watched))
        process.join(0.1)
    try:
        told = ours.recv()
    except EOFError:  # it was killed, or ended before it could say why
        told = f"the build ended with exit status {process.exitcode}"
    if isinstance(told, str):
        raise CandidateFailed(told)
    seconds, cpu_seconds = told
    return Built(round(seconds, 2), round(cpu_seconds, 2), round(peak / 1e6, 1), size_of(index) - before)


class CandidateFailed(RuntimeError):
    """A candidate couldn't be built or asked; the run goes on without it."""


class Searcher:
    """An open candidate in a process of its own; ``close`` ends it."""

    def __init__(self, candidate: Candidate, corpus: Path, index: Path) -> None:
        self.name = candidate.name
        self.unit = candidate.unit
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(candidate, corpus, index, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.opened_ms: float = self._answer()

    def ask(self, questions: list[Question]) -> list[Timed | Refused | None]:
        """Return each question's time; None where the candidate can't ask that."""
        return self._call("ask", questions)

    def matching(self, phrases: list[str]) -> list[set[str] | int]:
        """Return what each phrase matches."""
        return self._call("matching", phrases)

    def memory_mb(self) -> float:
        """Return the private memory of the process."""
        return private_mb(self._process.pid or 0)

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(10)
        self._process.kill()

    def _call(self, what: str, values: list[Any]) -> list[Any]:
        self._pipe.send((what, values))
        answer: list[Any] = self._answer()
        return answer

    def _answer(self) -> Any:
        try:
            kind, value = self._pipe.recv()
        except EOFError as error:
            raise CandidateFailed("its process ended") from error
        if kind == "error":
            raise CandidateFailed(str(value))
        return value


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; a file that is linked twice counts once."""
    sizes = {(s.st_dev, s.st_ino): s.st_size for s in (p.stat() for p in folder.rglob("*") if p.is_file())}
    return sum(sizes.values())


def private_mb(pid: int) -> float:
    """Return a process's private memory in MB (RssAnon) where the system tells, else its resident memory."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("RssAnon:"):
                return round(int(line.split()[1]) / 1024, 1)
    return round(psutil.Process(pid).memory_info().rss / 1e6, 1)


def _build(candidate: Candidate, corpus: Path, index: Path, workers: int, pipe: Connection) -> None:
    started = time.perf_counter()
    try:
        candidate.build(corpus, index, workers)
    except (Exception, SystemExit) as error:
        pipe.send(f"{type(error).__name__}: {error}")
        return
    seconds = time.perf_counter() - started
    used = os.times()
    pipe.send((seconds, used.user + used.system + used.children_user + used.children_system))


def _serve(candidate: Candidate, corpus: Path, index: Path, pipe: Connection) -> None:
    try:
        started = time.perf_counter()
        candidate.open(corpus, index)
        pipe.send(("ok", (time.perf_counter() - started) * 1000))
        while True:
            what, values = pipe.recv()
            answers = [_timed(candidate, v) if what == "ask" else candidate.matching(v) for v in values]
            pipe.send(("ok", answers))
    except EOFError:
        return
    except (Exception, SystemExit) as error:
        pipe.send(("error", f"{type(error).__name__}: {error}"))


def _timed(candidate: Candidate, question: Question) -> Timed | Refused | None:
    started, used = time.perf_counter(), time.process_time()
    try:
        answer = candidate.ask(question)
    except Exception as error:
        return Refused(f"{type(error).__name__}: {error}")
    milliseconds, cpu = (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000
    if answer is None:
        return None
    said = repr(sorted((name, sorted(values.items())) for name, values in answer.facets.items()))
    digest = hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
    return Timed(milliseconds, cpu, answer.sections, answer.reports, len(answer.hits), digest)


def _tree_memory(process: psutil.Process) -> int:
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.Error:
        pass  # ended meanwhile
    return total
