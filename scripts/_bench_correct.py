"""Hits missed and invented: what candidates find, against a plain scan of the folded texts."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from _bench_corpus import Text, read_reports, read_sections
from _bench_pool import in_order
from _bench_process import Searcher
from _bench_protocol import folded_units, line_chunks

from corpus.folding import fold

_CHUNK = 1_000
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Correctness:
    """Hits over all phrases, those missed and those invented, and how many phrases were wrong; ``unit`` is what was found.

    ``counted`` phrases met so many sections that only their number was compared.
    """

    unit: str
    phrases: int
    hits: int
    missed: int
    invented: int
    wrong: int
    counted: int


def scan(corpus: Path, phrases: Sequence[str], workers: int) -> list[set[str]]:
    """Return for each phrase the sections that hold it: every text is looked through for every phrase."""
    found: list[set[str]] = [set() for _ in phrases]
    patterns = [fold(phrase).encode() for phrase in phrases]
    for part in in_order(_scanned, line_chunks(corpus, _CHUNK), workers, start=_start, given=(patterns,)):
        for number, identities in part:
            found[number].update(identities)
    return found


def check(searcher: Searcher, phrases: Sequence[str], truth: Sequence[set[str]], corpus: Path) -> Correctness:
    """Compare what a candidate finds with the truth; one that knows files only is compared by reports."""
    hits = missed = invented = wrong = counted = 0
    unit = searcher.unit
    reports = _reports_of(corpus) if unit == "report" else {}
    for start in range(0, len(phrases), _BATCH):
        batch = list(phrases[start : start + _BATCH])
        for answer, right in zip(searcher.matching(batch), truth[start : start + _BATCH], strict=True):
            if isinstance(answer, int):
                counted += 1
                hits += len(right)
                difference = len(right) - answer
                missed, invented = missed + max(0, difference), invented + max(0, -difference)
                wrong += difference != 0
                continue
            held = {reports[identity] for identity in right} if unit == "report" else right
            hits += len(held)
            missed += len(held - answer)
            invented += len(answer - held)
            wrong += held != answer
    return Correctness(unit, len(phrases), hits, missed, invented, wrong, counted)


_PATTERNS: list[bytes] = []


def _start(patterns: list[bytes]) -> None:
    _PATTERNS[:] = patterns


def _scanned(lines: list[str]) -> list[tuple[int, list[str]]]:
    identities = []
    starts = []
    pieces = []
    at = 0
    for line in lines:
        section_id, report, kind, texts = json.loads(line)
        raw = ("\n".join(folded_units(Text(section_id, report, kind, tuple(texts)))) + "\n").encode()
        identities.append(section_id)
        starts.append(at)
        pieces.append(raw)
        at += len(raw)
    whole = b"".join(pieces)
    starts.append(at)
    found = []
    for number, pattern in enumerate(_PATTERNS):
        held = []
        at = whole.find(pattern)
        while at >= 0:
            section = bisect_right(starts, at) - 1
            held.append(identities[section])
            at = whole.find(pattern, starts[section + 1])
        if held:
            found.append((number, held))
    return found


def _reports_of(corpus: Path) -> dict[str, str]:
    names = [report.report_id for report in read_reports(corpus)]
    return {text.section_id: names[text.report] for text in read_sections(corpus)}
