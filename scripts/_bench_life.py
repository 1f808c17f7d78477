"""What users wait for besides a query: changes taken in, a process that starts, a server's first page and its memory."""

from __future__ import annotations

import http.client
import random
import socket
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

from _bench_own import chadang, program
from _bench_process import private_mb
from _bench_protocol import Question

from corpus.library import Library, Source
from corpus.model import Block, Report, digest64
from corpus.rows import report_rows

_STARTS = 9
#: So many starts of the server before the one that is asked for all pages.
_FIRSTS = 8


def updates(home: Path, rounds: int, changed: int, engine: str, seed: int) -> list[float]:
    """Return the seconds that ``chadang index`` takes, each time after so many reports changed in the library."""
    chance = random.Random(f"updates-{seed}")  # noqa: S311 - a repeatable bench, not a secret
    times = []
    for round_ in range(rounds):
        with Library(home / "library.db") as library:
            chosen = chance.sample(sorted(library.text_hashes()), changed)
            with library.transaction():
                for report in library.reports(chosen):
                    library.put(_source(library, report), report_rows(_changed(report, round_)))
        started = time.perf_counter()
        chadang(home, "index", "--engine", engine)
        times.append(time.perf_counter() - started)
    return times


def _source(library: Library, report: Report) -> Source:
    return library.holders(report.report_id)[0]


def _changed(report: Report, round_: int) -> Report:
    """Return a report whose last section has a paragraph more."""
    last = report.sections[-1]
    added = f"另据第{round_ + 1}次补充统计，本年度有关事项共{round_ * 37 + 11}件，均已办结。"
    text = f"{last.text}\n{added}"
    position = sum(len(section.blocks) for section in report.sections)
    block = Block(digest64(report.report_id, added), "paragraph", len(last.text) + 1, len(text), position)
    section = replace(last, text=text, blocks=(*last.blocks, block))
    return replace(report, sections=(*report.sections[:-1], section))


def starts(home: Path, questions: Sequence[Question]) -> list[float]:
    """Return the seconds from the start of ``chadang search`` to its answer, facets and all."""
    times = []
    for question in islice(cycle(questions), _STARTS):
        started = time.perf_counter()
        chadang(home, "search", f'"{question.phrases[0]}"', "--json")
        times.append(time.perf_counter() - started)
    return times


def serve(home: Path, questions: Sequence[Question], count: int) -> dict[str, float]:
    """Start the server and ask for pages; return seconds to the first answer, times of pages, and private memory.

    The first answer is the median of several starts, each with another question.
    """
    firsts = [_served(home, [question]) for question in islice(cycle(questions), _FIRSTS)]
    figures = _served(home, list(islice(cycle(questions), count)))
    for name in ("listening_seconds", "first_answer_seconds", "first_page_ms"):
        figures[name] = statistics.median(found[name] for found in (*firsts, figures))
    return figures


def _served(home: Path, asked: Sequence[Question]) -> dict[str, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*program(home), "serve", "--port", str(port)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            connection = _connected(port, server)
            listening = time.perf_counter() - started
            pages = [_page(connection, question) for question in asked]
            memory = private_mb(server.pid)
            connection.close()
        finally:
            server.terminate()
    times = [seconds for seconds, _ in pages]
    later = sorted(times[1:]) or times
    return {
        "listening_seconds": round(listening, 3),
        "first_answer_seconds": round(listening + times[0], 3),
        "first_page_ms": round(times[0] * 1000, 1),
        "second_page_ms": round(times[min(1, len(times) - 1)] * 1000, 1),
        "page_p50_ms": round(later[len(later) // 2] * 1000, 1),
        "page_p95_ms": round(later[int(len(later) * 0.95)] * 1000, 1),
        "pages": len(asked),
        "refused": sum(not answered for _, answered in pages),
        "private_mb": memory,
    }


def _connected(port: int, server: subprocess.Popen[bytes]) -> http.client.HTTPConnection:
    for _ in range(3_000):
        if server.poll() is not None:
            raise SystemExit(f"chadang serve ended with exit status {server.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.01)
        else:
            return connection
    raise SystemExit("chadang serve didn't start")


def _page(connection: http.client.HTTPConnection, question: Question) -> tuple[float, bool]:
    """Return the seconds that a page took, and whether it was one of results."""
    parameters = {"q": " ".join(f'"{phrase}"' for phrase in question.phrases)}
    if question.near is not None:
        parameters = {"q": f'"{" ".join(question.phrases)}"~{question.near}'}
    parameters |= {"region": question.region} if question.region else {}
    parameters |= {"kind": question.section_kind} if question.section_kind else {}
    parameters |= {"page": str(question.page)} if question.page > 1 else {}
    started = time.perf_counter()
    connection.request("GET", "/search?" + urlencode(parameters))
    answer = connection.getresponse()
    answer.read()
    return time.perf_counter() - started, answer.status in {200, 303}
