"""tantivy-py without our layer, as well as we know to use it: the limit that our engine is measured against.

Bigrams with positions, words, texts stored; what belongs to the report lies in arrays. The rows of a set come from the
hits themselves, not from a terms aggregation over the reports with every bucket, which takes longer (3.4 ms against 3.0
at 10,614 hits in 2,842 reports, and the kinds would need one more).
"""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from _bench_corpus import read_reports
from _bench_grams import prepare_lines
from _bench_parts import document, finish, join, schema
from _bench_pool import in_order
from _bench_protocol import SIZE, Answer, Found, Question, line_chunks, snippet

from corpus.folding import fold

_HEAP = 400_000_000
_LARGE_HEAP = 2_000_000_000
_COLUMNS = "columns.npz"
_VALUES = "values.json"


class RawTantivy:
    """One index: as many segments as tantivy leaves, or exactly so many."""

    unit = "section"

    def __init__(self, segments: int | None = None) -> None:
        self._segments = segments
        self._chunk = 1_000 if segments is None else 25
        self.name = "raw tantivy" if segments is None else f"raw tantivy, {segments} segments"

    def unavailable(self) -> str:
        """Return why this candidate can't run on this machine; "" if it can."""
        try:
            version("tantivy")
            version("numpy")
        except PackageNotFoundError as error:
            return f"{error.name} isn't installed"
        return ""

    def build(self, corpus: Path, index: Path, workers: int) -> None:
        """Index the corpus into an empty folder; other processes fold and cut what this one adds."""
        import numpy as np  # noqa: PLC0415 - optional

        reports = read_reports(corpus)
        kinds: dict[str, int] = {}
        report_of: list[int] = []
        kind_of: list[int] = []
        ends = self._ends(corpus)
        writer = self._writer(index, 0)
        chunks = line_chunks(corpus, self._chunk)
        for number, prepared in enumerate(in_order(prepare_lines, chunks, workers), start=1):
            for section_id, report, kind, body, grams, words in prepared:
                row = len(report_of)
                writer.add_document(document(row, section_id, kind, body, grams, words, reports[report].regions))
                report_of.append(report)
                kind_of.append(kinds.setdefault(kind, len(kinds)))
            if number in ends:
                finish(writer)
                writer = self._writer(index, number)
        finish(writer)
        if self._segments is not None:
            join(index)
        codes: dict[str, dict[str, int]] = {"kind": kinds, "region": {}, "department": {}, "year": {}}

        def numbered(name: str, values: list[str]) -> Any:
            return np.array([codes[name].setdefault(value, len(codes[name])) for value in values], np.int64)

        pairs = [(n, code) for n, report in enumerate(reports) for code in report.regions]
        np.savez(
            index / _COLUMNS,
            report_of=np.array(report_of, np.int64),
            kind=np.array(kind_of, np.int64),
            region_report=np.array([n for n, _ in pairs], np.int64),
            region=numbered("region", [code for _, code in pairs]),
            department=numbered("department", [report.department for report in reports]),
            year=numbered("year", [report.year for report in reports]),
        )
        (index / _VALUES).write_text(json.dumps(codes, ensure_ascii=False), "utf-8")

    def open(self, corpus: Path, index: Path) -> None:
        """Make ready for questions."""
        import numpy as np  # noqa: PLC0415
        import tantivy  # noqa: PLC0415

        self._np = np
        self._t = tantivy
        opened = tantivy.Index.open(str(index))
        self._schema = opened.schema
        self._searcher = opened.searcher()
        with np.load(index / _COLUMNS) as columns:
            self._columns = {name: columns[name] for name in columns.files}
        reports = np.arange(len(self._columns["year"]) + 1)
        self._region_starts = np.searchsorted(self._columns["region_report"], reports)
        self._codes = json.loads((index / _VALUES).read_text("utf-8"))
        self._values = {name: list(known) for name, known in self._codes.items()}

    def _ends(self, corpus: Path) -> set[int]:
        """Return after which chunks a segment ends."""
        if self._segments is None:
            return set()
        chunks = sum(1 for _ in line_chunks(corpus, self._chunk))
        return {round(chunks * n / self._segments) for n in range(1, self._segments)}

    def _writer(self, index: Path, part: int) -> Any:
        """Return a writer: of the index, or, where segments are counted, of a part that will be one."""
        import tantivy  # noqa: PLC0415

        folder = index
        if self._segments is not None:
            folder = index / f"part-{part}"
            folder.mkdir()
        # One thread writes as fast as two here: what is added comes from other processes.
        return tantivy.Index(schema(), str(folder)).writer(_HEAP if self._segments is None else _LARGE_HEAP, 1)

    @property
    def segments(self) -> int:
        """How many segments the open index has."""
        return int(self._searcher.num_segments)

    def ask(self, question: Question) -> Answer | None:
        """Answer a question: the rows of all hits, the best first; facets from the rows, pages by their place."""
        np = self._np
        phrases = [fold(phrase) for phrase in question.phrases]
        rows, ranked = self._hits(phrases, question.near, filtered=bool(question.region or question.section_kind))
        report_of, kind_of = self._columns["report_of"], self._columns["kind"]
        of_kind = of_region = np.ones(len(rows), bool)
        if question.section_kind:
            of_kind = kind_of[rows] == self._codes["kind"].get(question.section_kind, -1)
        if question.region:
            inside = np.zeros(len(self._columns["year"]), bool)
            code = self._codes["region"].get(question.region, -1)
            inside[self._columns["region_report"][self._columns["region"] == code]] = True
            of_region = inside[report_of[rows]]
        facets = {"kind": self._counted("kind", np.bincount(kind_of[rows[of_region]]))}
        there, sections_in = self._by_report(report_of[rows[of_kind]])
        codes, owners = self._regions_of(there)
        facets["region"] = self._counted("region", np.bincount(codes, weights=sections_in[owners]), np.bincount(codes))
        if question.region:
            there, sections_in = self._by_report(report_of[rows[of_kind & of_region]])
        for name in ("department", "year"):
            codes = self._columns[name][there]
            facets[name] = self._counted(name, np.bincount(codes, weights=sections_in), np.bincount(codes))
        offset = (question.page - 1) * SIZE
        if question.region or question.section_kind:
            page = [ranked[place] for place in np.flatnonzero(of_kind & of_region)[offset : offset + SIZE].tolist()]
        elif ranked is None:
            page = [
                a for _, a in self._searcher.search(self._query(phrases), limit=SIZE, offset=offset, count=False).hits
            ]
        else:
            page = ranked[offset : offset + SIZE]
        hits = tuple(self._found(address, phrases) for address in page)
        return Answer(int(sections_in.sum()), len(there), facets, hits)

    def matching(self, phrase: str) -> set[str] | int:
        """Return the identities of all sections that hold a phrase."""
        query = self._query([fold(phrase)])
        hits = self._searcher.search(query, limit=max(1, self._searcher.num_docs), count=False).hits
        return {self._searcher.doc(address)["section_id"][0] for _, address in hits}

    def _query(self, phrases: list[str]) -> Any:
        parts = [self._phrase(phrase.replace(" ", "␠")) for phrase in phrases]
        return parts[0] if len(parts) == 1 else self._and(*parts)

    def _phrase(self, phrase: str) -> Any:
        """Return every second bigram at its place; one character is any bigram that begins with it."""
        query = self._t.Query
        if len(phrase) == 1:
            return query.regex_query(self._schema, "grams", re.escape(phrase) + ".?")
        if len(phrase) == 2:
            return query.term_query(self._schema, "grams", phrase)
        places = sorted({*range(0, len(phrase) - 1, 2), len(phrase) - 2})
        return query.phrase_query(self._schema, "grams", [(at, phrase[at : at + 2]) for at in places])

    def _and(self, *parts: Any) -> Any:
        return self._t.Query.boolean_query([(self._t.Occur.Must, part) for part in parts])

    def _hits(self, phrases: list[str], near: int | None, *, filtered: bool) -> tuple[Any, list[Any] | None]:
        """Return the rows of all hits and their addresses in the order of scores, or rows only where a second search is cheaper.

        Phrases are looked through once, scores and all (measured: 62 ms against 80 for two searches, of which the first
        gives ten best and the second rows by a fast field). Of one term the ten best cost next to nothing (1.6 ms), and
        rows by the fast field half of what rows by score do.
        """
        query = self._query(phrases)
        limit = max(1, self._searcher.num_docs)
        if near is None and not filtered and len(phrases) == 1 and len(phrases[0]) <= 2:
            constant = self._t.Query.const_score_query(query, 1.0)
            hits = self._searcher.search(constant, limit=limit, order_by_field="row", count=False).hits
            return self._np.array([row for row, _ in hits], self._np.int64), None
        ranked = [address for _, address in self._searcher.search(query, limit=limit, count=False).hits]
        if near is not None:
            a, b = (re.escape(phrase) for phrase in phrases)
            pattern = re.compile(f"{a}.{{0,{near}}}{b}|{b}.{{0,{near}}}{a}")
            ranked = [address for address in ranked if pattern.search(self._text(address))]
        return self._np.array(self._searcher.fast_field_values("row", ranked), self._np.int64), ranked

    def _by_report(self, reports: Any) -> tuple[Any, Any]:
        """Return the distinct reports, and how many sections of each."""
        np = self._np
        if len(reports) * 16 < len(self._columns["year"]):
            found: tuple[Any, Any] = np.unique(reports, return_counts=True)
            return found
        counts = np.bincount(reports)
        there = np.flatnonzero(counts)
        return there, counts[there]

    def _regions_of(self, reports: Any) -> tuple[Any, Any]:
        """Return the regions of reports, and for each the place of its report."""
        np = self._np
        starts = self._region_starts[reports]
        sizes = self._region_starts[reports + 1] - starts
        owners = np.repeat(np.arange(len(reports)), sizes)
        within = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self._columns["region"][starts[owners] + within], owners

    def _found(self, address: Any, phrases: list[str]) -> Found:
        document = self._searcher.doc(address)
        return snippet(document["section_id"][0], bytes(document["text"][0]).decode(), phrases)

    def _text(self, address: Any) -> str:
        return bytes(self._searcher.doc(address)["text"][0]).decode()

    def _counted(self, name: str, sections: Any, reports: Any = None) -> dict[str, tuple[int, int]]:
        values = self._values[name]
        there = self._np.flatnonzero(sections)
        counts = sections[there].astype(int).tolist()
        distinct = reports[there].tolist() if reports is not None else [0] * len(counts)
        names = [values[number] for number in there.tolist()]
        return dict(zip(names, zip(counts, distinct, strict=True), strict=True))
