"""Whoosh as it comes, ripgrep and Recoll: what people use today, each as its manual says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from _bench_corpus import Text, plain, read_reports, read_sections
from _bench_protocol import SIZE, Answer, Found, Question

#: Files in one folder of the two that read files.
_FILES = 1_000


class PlainWhoosh:
    """Whoosh with jieba's own analyzer, texts and fields stored."""

    name = "plain Whoosh"
    unit = "section"

    def unavailable(self) -> str:
        """Return why this candidate can't run on this machine; "" if it can."""
        return ""

    def build(self, corpus: Path, index: Path, workers: int) -> None:
        """Index the corpus into an empty folder."""
        from jieba.analyse import ChineseAnalyzer  # noqa: PLC0415 - a second to load
        from whoosh import fields  # noqa: PLC0415
        from whoosh.index import create_in  # noqa: PLC0415

        schema = fields.Schema(
            section_id=fields.ID(stored=True),
            report=fields.ID(stored=True),
            kind=fields.ID(stored=True),
            department=fields.ID(stored=True),
            year=fields.ID(stored=True),
            region=fields.KEYWORD(stored=True),
            body=fields.TEXT(stored=True, analyzer=ChineseAnalyzer()),
        )
        reports = read_reports(corpus)
        writer = create_in(str(index), schema).writer(limitmb=512)
        for text in read_sections(corpus):
            report = reports[text.report]
            writer.add_document(
                section_id=text.section_id,
                report=str(text.report),
                kind=text.kind,
                department=report.department,
                year=report.year,
                region=" ".join(report.regions),
                body=plain(text),
            )
        writer.commit()

    def open(self, corpus: Path, index: Path) -> None:
        """Make ready for questions."""
        from whoosh import index as whoosh_index  # noqa: PLC0415
        from whoosh.qparser import QueryParser  # noqa: PLC0415

        opened = whoosh_index.open_dir(str(index))
        self._searcher = opened.searcher()
        self._parser = QueryParser("body", opened.schema)

    def ask(self, question: Question) -> Answer | None:
        """Answer a question with its own phrases, groups and highlights; distinct reports per value it doesn't tell."""
        from whoosh import query, sorting  # noqa: PLC0415

        if question.near is not None:
            return None
        terms = [("region", question.region), ("kind", question.section_kind)]
        chosen = [query.Term(field, value) for field, value in terms if value]
        grouped = {
            name: sorting.StoredFieldFacet(name, maptype=sorting.Count) for name in ("kind", "department", "year")
        }
        grouped["report"] = sorting.StoredFieldFacet("report", maptype=sorting.Count)
        grouped["region"] = sorting.StoredFieldFacet("region", allow_overlap=True, maptype=sorting.Count)
        results = self._searcher.search(
            self._parsed(question.phrases),
            limit=question.page * SIZE,
            groupedby=grouped,
            filter=query.And(chosen) if chosen else None,
        )
        facets = {
            name: {str(value): (int(count), 0) for value, count in results.groups(name).items()}
            for name in ("kind", "department", "year", "region")
        }
        hits = tuple(
            Found(hit["section_id"], hit.highlights("body"), ()) for hit in results[(question.page - 1) * SIZE :]
        )
        return Answer(len(results), len(results.groups("report")), facets, hits)

    def matching(self, phrase: str) -> set[str] | int:
        """Return the identities of all sections that hold a phrase."""
        results = self._searcher.search(self._parsed((phrase,)), limit=None)
        return {hit["section_id"] for hit in results}

    def _parsed(self, phrases: tuple[str, ...]) -> Any:
        return self._parser.parse(" ".join('"' + phrase.replace('"', " ") + '"' for phrase in phrases))


class Ripgrep:
    """ripgrep over a folder of one file per report: no index, no sections, no order, no facets."""

    name = "ripgrep"
    unit = "report"

    def unavailable(self) -> str:
        """Return why this candidate can't run on this machine; "" if it can."""
        return "" if shutil.which("rg") else "rg isn't installed (apt-get install ripgrep)"

    def build(self, corpus: Path, index: Path, workers: int) -> None:
        """Write the files."""
        write_files(corpus, index)

    def open(self, corpus: Path, index: Path) -> None:
        """Make ready for questions."""
        self._folder = index
        self._identities = [report.report_id for report in read_reports(corpus)]

    def ask(self, question: Question) -> Answer | None:
        """Return how many files hold a phrase: nothing else is to be had."""
        if question.near is not None or question.region or len(question.phrases) > 1 or question.page > 1:
            return None
        return Answer(0, len(self._files(question.phrases[0])))

    def matching(self, phrase: str) -> set[str] | int:
        """Return the identities of the reports whose file holds a phrase."""
        return {self._identities[int(Path(name).stem)] for name in self._files(phrase)}

    def _files(self, phrase: str) -> list[str]:
        command = ["rg", "--fixed-strings", "--files-with-matches", "--no-messages", "-e", phrase, str(self._folder)]
        return subprocess.run(command, check=False, capture_output=True, encoding="utf-8").stdout.splitlines()


class Recoll:
    """Recoll over the same files, its settings as they come; asked with the command it ships."""

    name = "Recoll"
    unit = "report"

    def unavailable(self) -> str:
        """Return why this candidate can't run on this machine; "" if it can."""
        there = shutil.which("recollindex") and shutil.which("recollq")
        return "" if there else "recollindex isn't installed (apt-get install recollcmd)"

    def prepare(self, corpus: Path, index: Path) -> None:
        """Write the files and the settings: which folder, and where the index lies."""
        write_files(corpus, index / "files")
        (index / "settings").mkdir()
        (index / "settings" / "recoll.conf").write_text(f"topdirs = {index / 'files'}\n", "utf-8")

    def build(self, corpus: Path, index: Path, workers: int) -> None:
        """Index the files."""
        subprocess.run(["recollindex", "-c", str(index / "settings")], check=True, capture_output=True)

    def open(self, corpus: Path, index: Path) -> None:
        """Make ready for questions."""
        self._settings = index / "settings"
        self._identities = [report.report_id for report in read_reports(corpus)]

    def ask(self, question: Question) -> Answer | None:
        """Return how many files hold a phrase, with ten abstracts."""
        if question.near is not None or question.region or question.page > 1:
            return None
        query = " ".join(f'"{phrase}"' for phrase in question.phrases)
        printed = self._recollq("-n", str(SIZE), "-A", query)
        count = re.search(r"^(\d+) results", printed, re.MULTILINE)
        hits = tuple(Found(line, "", ()) for line in re.findall(r"\[file://(.+?)\]", printed))
        return Answer(0, int(count[1]) if count else 0, {}, hits)

    def matching(self, phrase: str) -> set[str] | int:
        """Return the identities of the reports whose file holds a phrase."""
        printed = self._recollq("-b", '"' + phrase.replace('"', " ") + '"')
        names = re.findall(r"file://(.+)", printed)
        return {self._identities[int(Path(name).stem)] for name in names}

    def _recollq(self, *arguments: str) -> str:
        command = ["recollq", "-c", str(self._settings), *arguments]
        return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", errors="replace").stdout


def write_files(corpus: Path, folder: Path) -> None:
    """Write one text file per report, named by its number, a thousand in a folder."""
    for number, texts in _by_report(corpus):
        inside = folder / f"{number // _FILES:03}"
        if number % _FILES == 0:
            inside.mkdir(parents=True)
        (inside / f"{number:06}.txt").write_text("\n".join(plain(text) for text in texts) + "\n", "utf-8")


def _by_report(corpus: Path) -> Iterator[tuple[int, list[Text]]]:
    for number, texts in groupby(read_sections(corpus), key=lambda text: text.report):
        yield number, list(texts)
