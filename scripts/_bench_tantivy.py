"""tantivy-py without our layer, as well as we know to use it: the limit that our engine is measured against.

Bigrams with positions, words, texts stored; what belongs to the report lies in arrays. All rows of a set come from one
search ordered by a fast field, which is faster than a terms aggregation over the reports with every bucket.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from _bench_corpus import read_reports
from _bench_grams import prepare_lines
from _bench_protocol import SIZE, Answer, Found, Question, line_chunks, snippet

from corpus.folding import fold

_CHUNK = 1_000
_HEAP = 400_000_000
_COLUMNS = "columns.npz"
_VALUES = "values.json"


class RawTantivy:
    """One index, of one segment unless told otherwise."""

    def __init__(self, segments: int = 1) -> None:
        self._segments = segments
        self.name = "raw tantivy" if segments == 1 else f"raw tantivy, {segments} segments"

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
        import tantivy  # noqa: PLC0415

        reports = read_reports(corpus)
        opened = tantivy.Index(_schema(), str(index))
        # One thread writes as fast as two here: what is added comes from other processes.
        writer = opened.writer(_HEAP, 1)
        kinds: dict[str, int] = {}
        report_of: list[int] = []
        kind_of: list[int] = []
        chunks = list(line_chunks(corpus, _CHUNK)) if self._segments > 1 else line_chunks(corpus, _CHUNK)
        ends = _ends(len(chunks), self._segments) if isinstance(chunks, list) else set()
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            for number, prepared in enumerate(pool.imap(prepare_lines, chunks), start=1):
                for section_id, report, kind, body, grams, words in prepared:
                    document = tantivy.Document()
                    document.add_text("grams", grams)
                    document.add_text("words", words)
                    document.add_bytes("text", body)
                    document.add_text("section_id", section_id)
                    document.add_unsigned("row", len(report_of))
                    document.add_text("kind", kind)
                    for code in reports[report].regions:
                        document.add_text("region", code)
                    writer.add_document(document)
                    report_of.append(report)
                    kind_of.append(kinds.setdefault(kind, len(kinds)))
                if number in ends:
                    writer.commit()
        writer.commit()
        writer.wait_merging_threads()
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
        self._codes = json.loads((index / _VALUES).read_text("utf-8"))
        self._values = {name: list(known) for name, known in self._codes.items()}

    @property
    def segments(self) -> int:
        """How many segments the open index has."""
        return int(self._searcher.num_segments)

    def ask(self, question: Question) -> Answer | None:
        """Answer a question: all rows from one search, facets from the rows, the ten best from another search."""
        np, t = self._np, self._t
        phrases = [fold(phrase) for phrase in question.phrases]
        query = self._query(phrases)
        if question.near is not None:
            rows, kept = self._near(query, phrases, question.near)
        else:
            rows, kept = self._rows(query), None
        report_of, kind_of = self._columns["report_of"], self._columns["kind"]
        in_kind = in_both = rows
        if question.section_kind:
            in_kind = rows[kind_of[rows] == self._codes["kind"].get(question.section_kind, -1)]
            query = self._and(query, t.Query.term_query(self._schema, "kind", question.section_kind))
        in_region = rows
        if question.region:
            inside = np.zeros(len(self._columns["year"]), bool)
            code = self._codes["region"].get(question.region, -1)
            inside[self._columns["region_report"][self._columns["region"] == code]] = True
            in_region = rows[inside[report_of[rows]]]
            in_both = in_kind[inside[report_of[in_kind]]]
            query = self._and(query, t.Query.term_query(self._schema, "region", question.region))
        facets = {"kind": self._counted("kind", np.bincount(kind_of[in_region], minlength=1), None)}
        sections_in = np.bincount(report_of[in_kind], minlength=len(self._columns["year"]))
        of_pairs = sections_in[self._columns["region_report"]]
        facets["region"] = self._counted(
            "region",
            np.bincount(self._columns["region"], weights=of_pairs),
            np.bincount(self._columns["region"], weights=of_pairs > 0),
        )
        if question.region:
            sections_in = np.bincount(report_of[in_both], minlength=len(self._columns["year"]))
        there = np.flatnonzero(sections_in)
        for name in ("department", "year"):
            values = self._columns[name][there]
            counted = np.bincount(values, weights=sections_in[there], minlength=1)
            facets[name] = self._counted(name, counted, np.bincount(values, minlength=1))
        best = self._best(query, (question.page - 1) * SIZE, phrases, kept)
        return Answer(len(in_both), len(there), facets, best)

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

    def _rows(self, query: Any) -> Any:
        count = self._searcher.search(query, limit=1, count=True).count
        constant = self._t.Query.const_score_query(query, 1.0)
        hits = self._searcher.search(constant, limit=max(1, count), order_by_field="row", count=False).hits
        return self._np.array([row for row, _ in hits], self._np.int64)

    def _near(self, query: Any, phrases: list[str], within: int) -> tuple[Any, set[int]]:
        """Return the rows of a conjunction in whose texts the phrases stand near each other, also as a set."""
        constant = self._t.Query.const_score_query(query, 1.0)
        limit = max(1, self._searcher.num_docs)
        hits = self._searcher.search(constant, limit=limit, order_by_field="row", count=False).hits
        a, b = (re.escape(phrase) for phrase in phrases)
        pattern = re.compile(f"{a}.{{0,{within}}}{b}|{b}.{{0,{within}}}{a}")
        found = [row for row, address in hits if pattern.search(self._text(address))]
        return self._np.array(found, self._np.int64), set(found)

    def _best(self, query: Any, offset: int, phrases: list[str], kept: set[int] | None) -> tuple[Found, ...]:
        if kept is None:
            hits = self._searcher.search(query, limit=SIZE, offset=offset, count=False).hits
            return tuple(self._found(address, phrases) for _, address in hits)
        found: list[Found] = []
        for address in self._ranked(query):
            if self._searcher.fast_field_values("row", [address])[0] in kept:
                found.append(self._found(address, phrases))
            if len(found) == min(SIZE, len(kept)):
                break
        return tuple(found)

    def _ranked(self, query: Any) -> Iterator[Any]:
        offset, size = 0, 100
        while hits := self._searcher.search(query, limit=size, offset=offset, count=False).hits:
            yield from (address for _, address in hits)
            offset += size
            size *= 4

    def _found(self, address: Any, phrases: list[str]) -> Found:
        document = self._searcher.doc(address)
        return snippet(document["section_id"][0], bytes(document["text"][0]).decode(), phrases)

    def _text(self, address: Any) -> str:
        return bytes(self._searcher.doc(address)["text"][0]).decode()

    def _counted(self, name: str, sections: Any, reports: Any) -> dict[str, tuple[int, int]]:
        values = self._values[name]
        return {
            values[number]: (int(sections[number]), int(reports[number]) if reports is not None else 0)
            for number in self._np.flatnonzero(sections).tolist()
        }


def _schema() -> Any:
    import tantivy  # noqa: PLC0415

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("text", stored=True, indexed=False)
    builder.add_text_field("section_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("row", fast=True, indexed=False)
    for name in ("kind", "region"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _ends(chunks: int, segments: int) -> set[int]:
    """Return after which chunks to commit, so that there are so many segments."""
    return {round(chunks * n / segments) for n in range(1, segments)}
