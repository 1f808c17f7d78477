"""Our engines, asked through the same door as the page: the library's reports into a generation, a searcher over it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from _bench_corpus import LIBRARY
from _bench_protocol import FACETS, SIZE, Answer, Found, Question

from indexer.results import Filter, Limits, SearchRequest, SearchResults
from indexer.service import open_searcher

ROOT = Path(__file__).resolve().parent.parent
#: Hits are listed one by one up to so many; beyond, their number is compared.
_LISTED = 1_000
_PAGE = 100


class Own:
    """One of our engines in a home of its own."""

    unit = "section"

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self.name = f"Chadang {engine}"

    def unavailable(self) -> str:
        """Return why this candidate can't run on this machine; "" if it can."""
        return "" if re.search(rf"\b{self._engine}\b", _usage()) else f"this version has no engine {self._engine}"

    def prepare(self, corpus: Path, index: Path) -> None:
        """Give the engine a library of its own; that isn't part of the build."""
        index.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / LIBRARY, index / "library.db")

    def build(self, corpus: Path, index: Path, workers: int) -> None:
        """Build a generation with the command that users have."""
        chadang(index, "index", "--engine", self._engine, *_workers(workers))

    def open(self, corpus: Path, index: Path) -> None:
        """Make ready for questions; what takes too long is measured here, not refused."""
        self._searcher = open_searcher(index, Limits(seconds=60))

    def ask(self, question: Question) -> Answer | None:
        """Answer a question."""
        quoted = [_quoted(phrase) for phrase in question.phrases]
        query = " ".join(quoted)
        if question.near is not None:
            query = f'"{" ".join(question.phrases)}"~{question.near}'
        chosen = (("region", question.region), ("kind", question.section_kind))
        results = self._searcher.search(
            SearchRequest(
                query,
                match="exact",
                filters=tuple(Filter(field, (value,)) for field, value in chosen if value),
                facets=FACETS,
                page=question.page,
                size=SIZE,
            )
        )
        return _answer(results)

    def matching(self, phrase: str) -> set[str] | int:
        """Return the identities of all sections that hold a phrase; of very many only how many."""
        request = SearchRequest(_quoted(phrase), match="exact", facets=(), size=_PAGE)
        results = self._searcher.search(request)
        if results.sections > _LISTED:
            return results.sections
        found = {hit.section_id for hit in results.hits}
        while results.next_cursor:
            following = SearchRequest(_quoted(phrase), match="exact", facets=(), size=_PAGE, cursor=results.next_cursor)
            results = self._searcher.search(following)
            found |= {hit.section_id for hit in results.hits}
        return found


def chadang(home: Path, *arguments: str) -> str:
    """Run a command of this checkout; return what it printed."""
    done = subprocess.run([*program(home), *arguments], check=False, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise SystemExit(f"chadang {' '.join(arguments)} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def program(home: Path) -> list[str]:
    """Return the command line of this checkout."""
    return [sys.executable, str(ROOT / "chadang.py"), "--home", str(home)]


def _workers(workers: int) -> list[str]:
    return ["--workers", str(workers)] if "--workers" in _usage() else []


@cache
def _usage() -> str:
    """Return what ``chadang index --help`` prints: this version's engines and options."""
    command = [sys.executable, str(ROOT / "chadang.py"), "index", "--help"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def _quoted(phrase: str) -> str:
    return '"' + phrase.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _answer(results: SearchResults) -> Answer:
    return Answer(
        results.sections,
        results.reports,
        {
            facet.field: {v.value: (v.sections, v.reports or 0) for v in facet.values if v.sections}
            for facet in results.facets
        },
        tuple(Found(hit.section_id, hit.snippet.text, hit.snippet.highlights) for hit in results.hits),
    )
