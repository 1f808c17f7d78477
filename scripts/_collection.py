"""A test collection for ranking (documents, queries, grades) as reports: the part of relevance.py that reads."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.folding import fold
from corpus.model import Block, Report, Section, digest64


@dataclass(frozen=True, slots=True)
class Document:
    """One line of corpus.jsonl."""

    doc_id: str
    title: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder with corpus.jsonl(.gz), queries.jsonl and qrels.tsv; documents without a title bear their identity."""

    name: str
    documents: list[Document]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def read_collection(folder: Path) -> Collection:
    """Return the collection in a folder. Raises SystemExit, saying what is wrong with which line."""
    corpus = next((folder / name for name in ("corpus.jsonl", "corpus.jsonl.gz") if (folder / name).is_file()), None)
    if corpus is None:
        raise SystemExit(f"{folder}: corpus.jsonl or corpus.jsonl.gz is missing")
    documents = [_document(row, where) for row, where in _rows(corpus)]
    queries = {
        str(_field(row, "id", where)): str(_field(row, "text", where)) for row, where in _rows(folder / "queries.jsonl")
    }
    qrels = read_qrels(folder / "qrels.tsv")
    known = {document.doc_id for document in documents}
    strange = sorted({doc_id for graded in qrels.values() for doc_id in graded} - known)
    if strange:
        raise SystemExit(f"{folder}/qrels.tsv grades documents that aren't in the corpus: {', '.join(strange[:5])}")
    return Collection(folder.resolve().name, documents, {q: text for q, text in queries.items() if q in qrels}, qrels)


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return query -> document -> grade; a first line whose grade isn't a number is a header."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), 1):
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) == 4:  # the form of TREC, with an iteration
            del parts[1]
        try:
            query, document, grade = (part.strip() for part in parts)
            qrels.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            if number > 1:
                raise SystemExit(f"{path}, line {number}: not query, document, grade: {line!r}") from error
    return qrels


def reports_of(documents: Iterable[Document]) -> Iterator[tuple[Report, dict[str, str]]]:
    """Yield each report with section -> document.

    Documents of one title are the sections of one report, as they would be if the text had been loaded whole: below a
    first section that owns the title and is no document itself. A document that alone has its title is a report of
    one section, its heading the first paragraph.
    """
    by_title: dict[str, list[Document]] = {}
    for document in documents:
        by_title.setdefault(fold(document.title), []).append(document)
    for key, parts in by_title.items():
        report_id = digest64("report", "collection", key)
        title = parts[0].title
        if len(parts) == 1:
            drafts = [(title, (), (parts[0].heading, *parts[0].text.split("\n")))]
        else:
            drafts = [(title, (), ()), *((p.heading, (p.heading,), p.text.split("\n")) for p in parts)]
        sections = []
        for ordinal, (heading, path, paragraphs) in enumerate(drafts):
            sections.append(_section(report_id, ordinal, heading, tuple(filter(None, path)), paragraphs))
        identities = [s.section_id for s in sections][-len(parts) :]
        yield (
            _report(report_id, title, tuple(sections)),
            dict(zip(identities, (part.doc_id for part in parts), strict=True)),
        )


def _report(report_id: str, title: str, sections: tuple[Section, ...]) -> Report:
    return Report(
        report_id=report_id, title=title, doctype="document", template="none", agency="", region="", department="",
        level="", year=None, published_on="", document_number="", source_url="", sections=sections,
    )  # fmt: skip


def _section(report_id: str, ordinal: int, heading: str, path: tuple[str, ...], paragraphs: Iterable[str]) -> Section:
    """Return a section of paragraphs, its heading a line of its own."""
    lines = [("heading", path[-1])] if path else []
    lines += [("paragraph", text) for text in paragraphs if text.strip()]
    blocks, at = [], 0
    for place, (form, text) in enumerate(lines):
        name = digest64(report_id, str(ordinal), str(place))
        blocks.append(Block(name, form, at, at + len(text), ordinal * 100_000 + place))  # type: ignore[arg-type]
        at += len(text) + 1
    return Section(
        section_id=digest64(report_id, str(ordinal)), ordinal=ordinal, level=1 if ordinal else 0, form="prose",
        kind="body", heading=heading, heading_path=path, text="\n".join(text for _, text in lines), blocks=tuple(blocks),
    )  # fmt: skip


def _document(row: dict[str, object], where: str) -> Document:
    doc_id = str(_field(row, "id", where))
    title, heading, text = (str(row.get(name) or "").strip() for name in ("title", "heading", "text"))
    return Document(doc_id, title or doc_id, heading, text.replace("\r\n", "\n"))


def _field(row: dict[str, object], name: str, where: str) -> object:
    if name not in row:
        raise SystemExit(f"{where}: no field {name!r}")
    return row[name]


def _rows(path: Path) -> Iterator[tuple[dict[str, object], str]]:
    for number, line in enumerate(_lines(path), 1):
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SystemExit(f"{where}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise SystemExit(f"{where}: not an object")
        yield row, where


def _lines(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise SystemExit(f"{path} is missing")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as raw:
        file = io.TextIOWrapper(raw, encoding="utf-8-sig")  # type: ignore[type-var]
        yield from (line for line in file if line.strip())
