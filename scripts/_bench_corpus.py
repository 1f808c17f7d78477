"""A corpus of any size for the bench: reports in a library and, for the others, the same sections as plain texts.

Chunks of reports are made in worker processes, each from its own seed: the corpus doesn't depend on how many work.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from _bench_plans import Plan, plans, sample_sentences
from _bench_pool import in_order
from _bench_reports import Maker

from corpus.library import Library, Source
from corpus.model import Report
from corpus.regions import regions_of
from corpus.rows import report_rows
from indexer.texts import units

#: Reports of one seed; years of one agency never fall into two chunks.
_CHUNK = 340
LIBRARY = "home/library.db"
SECTIONS = "sections.jsonl"
REPORTS = "reports.jsonl"


@dataclass(frozen=True, slots=True)
class Text:
    """One section as the competitors get it: its units as they stand (heading, paragraphs, rows), nothing folded."""

    section_id: str
    report: int
    kind: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meta:
    """One report as the competitors get it; ``regions`` are all codes that it counts for."""

    report_id: str
    title: str
    department: str
    regions: tuple[str, ...]
    year: str


def write_corpus(folder: Path, sections: int, seed: int, workers: int) -> dict[str, float]:
    """Write a library and the plain texts of about so many sections; return what was written and how long it took."""
    started = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    sentences = sample_sentences()
    wanted = plans(sections, seed)
    chunks = [(seed, number, wanted[at : at + _CHUNK]) for number, at in enumerate(range(0, len(wanted), _CHUNK))]
    reports = count = size = 0
    with (
        Library(folder / LIBRARY) as library,
        (folder / SECTIONS).open("w", encoding="utf-8") as section_file,
        (folder / REPORTS).open("w", encoding="utf-8") as report_file,
    ):
        for made in in_order(_make, chunks, workers, start=_start, given=(sentences,)):
            with library.transaction():
                for report in made:
                    name = f"bench/{reports:06}.txt"
                    library.put(
                        Source(name, str(folder / name), parser=1, loaded_at="2026-01-01T00:00:00"), report_rows(report)
                    )
                    report_file.write(_report_line(report))
                    for section in report.sections:
                        texts = tuple(units(section))
                        line = [section.section_id, reports, section.kind, texts]
                        section_file.write(json.dumps(line, ensure_ascii=False) + "\n")
                        size += len(section.text.encode())
                        count += 1
                    reports += 1
    return {
        "sections": count,
        "reports": reports,
        "text_bytes": size,
        "seconds": round(time.perf_counter() - started, 1),
    }


def read_sections(folder: Path) -> Iterator[Text]:
    """Yield the sections of a corpus, in order."""
    with (folder / SECTIONS).open(encoding="utf-8") as file:
        for line in file:
            section_id, report, kind, texts = json.loads(line)
            yield Text(section_id, report, kind, tuple(texts))


def read_reports(folder: Path) -> list[Meta]:
    """Return the reports of a corpus, by number."""
    with (folder / REPORTS).open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return [
        Meta(report_id, title, department, tuple(codes), year) for report_id, title, department, codes, year in lines
    ]


def _report_line(report: Report) -> str:
    codes = regions_of(report.region, report.year)
    return (
        json.dumps([report.report_id, report.title, report.department, codes, str(report.year)], ensure_ascii=False)
        + "\n"
    )


_MAKER: list[Maker] = []


def _start(sentences: dict[str, list[str]]) -> None:
    _MAKER[:] = [Maker(sentences)]


def _make(chunk: tuple[int, int, list[Plan]]) -> list[Report]:
    seed, number, wanted = chunk
    return list(_MAKER[0].reports(f"{seed}-{number}", wanted))


def plain(text: Text) -> str:
    """Return a section's text as one string, for shapes and files."""
    return "\n".join(unit for unit in text.units if unit)
