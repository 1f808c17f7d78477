"""Each trap of Whoosh that the design lists has a test here that would catch it."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from whoosh import index

from corpus.model import Report
from corpus.parsing import parse
from indexer.building import build
from indexer.errors import BrokenIndex
from indexer.generation import folder_of, read_manifest
from indexer.results import SearchRequest
from indexer.segment import LONGEST_RUN, PythonJieba, Segmenter, default_segmenter
from indexer.service import Searcher, Services, open_searcher
from indexer.whooshindex import WhooshWriter, rank_tokens

PARTS = ("概述", "主动公开政府信息情况", "依申请公开政府信息情况", "其他需要报告的事项")


def report(year: int, office: str = "教育局") -> Report:
    lines = [f"青岛市{office}{year}年政府信息公开工作年度报告"]
    for number, part in zip("一二三四", PARTS, strict=True):
        lines += [f"{number}、{part}", f"{year}年{part}共公开政府信息{year - 2000}条，答复{office}申请5件。"]
    return parse("\n".join(lines).encode(), f"{year}.txt", f"t/{office}{year}.txt")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build(tmp_path, [report(year) for year in range(2008, 2014)], corpus_id="c")
    return tmp_path


@pytest.fixture
def searcher(home: Path) -> Searcher:
    return open_searcher(home)


def test_the_index_keeps_digits_and_single_characters_and_jieba_s_words() -> None:
    pairs, context, characters, words = rank_tokens("收到5件a类申请", "政府信息公开", default_segmenter())
    assert {"5", "a", "件"} <= set(characters)
    assert {"申请", "收到"} <= set(pairs)
    assert "政府" in context
    assert {"政府", "申请", "件", "5"} <= set(words)


def test_the_schema_comes_from_code_and_the_pickle_holds_no_class_of_ours(home: Path) -> None:
    folder = folder_of(home, read_current(home)) / "whoosh"
    assert all(b"indexer" not in path.read_bytes() for path in folder.glob("*.toc"))


def read_current(home: Path) -> str:
    return (home / "index" / "current").read_text("utf-8")


def test_totals_count_every_hit_and_not_a_collapsed_or_cut_set(searcher: Searcher) -> None:
    results = searcher.search(SearchRequest(query='"公开"', size=1))
    assert len(results.hits) == 1
    assert (results.sections, results.reports) == (6 * 5, 6)
    assert sum(value.sections for facet in results.facets if facet.field == "kind" for value in facet.values) == 30


def test_a_page_past_the_end_is_empty_not_the_last_page(searcher: Searcher) -> None:
    for page in (4, 400):
        results = searcher.search(SearchRequest(query='"公开"', page=page))
        assert results.hits == ()
        assert results.sections == 30


def test_a_file_that_is_not_the_one_written_is_never_opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(home, read_current(home))
    toc = next((folder / "whoosh").glob("_MAIN_*.toc"))
    toc.write_bytes(toc.read_bytes() + b"x")
    opened = []
    monkeypatch.setattr(index, "open_dir", lambda *a, **k: opened.append(a))
    with pytest.raises(BrokenIndex, match="damaged"):
        open_searcher(home)
    assert opened == []


def test_a_killed_writer_leaves_nothing_that_blocks_the_next(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        f"sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parent.parent)]!r}\n"
        "from test_whoosh_traps import report; from indexer.building import build\n"
        "from indexer.whooshbuild import WhooshBuilder\n"
        "WhooshBuilder.finish = lambda self: os._exit(9)\n"
        f"build(Path({str(tmp_path)!r}), [report(2008)], corpus_id='c')\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert any((tmp_path / "index").iterdir())  # what it left behind
    build(tmp_path, [report(2009)], corpus_id="d")
    assert open_searcher(tmp_path).search(SearchRequest(query='"公开"')).reports == 1


def test_a_file_that_nobody_wrote_is_never_opened(home: Path) -> None:
    folder = folder_of(home, read_current(home)) / "whoosh"
    (folder / "_MAIN_9.toc").write_bytes(pickle.dumps(print))
    with pytest.raises(BrokenIndex, match="_MAIN_9"):
        open_searcher(home)


def test_the_reader_of_postings_passes_its_schema_from_code(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = []
    real = index.open_dir
    monkeypatch.setattr(index, "open_dir", lambda *a, **k: (passed.append(k.get("schema")), real(*a, **k))[1])
    open_searcher(home).close()
    assert passed
    assert all(shape is not None and "pairs" in shape.names() for shape in passed)


def test_highlights_mark_the_phrase_and_never_its_parts(searcher: Searcher) -> None:
    for hit in searcher.search(SearchRequest(query='"主动公开政府信息"', size=100)).hits:
        marked = [hit.snippet.text[start:end] for start, end in hit.snippet.highlights]
        assert marked
        assert set(marked) == {"主动公开政府信息"}


def test_every_file_of_a_generation_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[tuple[int, int]] = set()
    real = os.fsync

    def fsync(handle: int) -> None:
        state = os.fstat(handle)
        synced.add((state.st_dev, state.st_ino))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    manifest = build(tmp_path, [report(2010)], corpus_id="c")
    folder = folder_of(tmp_path, manifest.generation)
    for name in (*manifest.files, "manifest.json"):
        state = (folder / name).stat()
        assert (state.st_dev, state.st_ino) in synced, name
    state = (tmp_path / "index" / "current").stat()
    assert (state.st_dev, state.st_ino) in synced


def test_a_document_that_the_writer_lost_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = WhooshWriter.add

    def losing(self: WhooshWriter, doc: int, report_id: str, folded: str) -> None:
        if doc % 7:
            real(self, doc, report_id, folded)

    build(tmp_path, [report(2008)], corpus_id="c")
    monkeypatch.setattr(WhooshWriter, "add", losing)
    with pytest.raises(BrokenIndex, match="instead of"):
        build(tmp_path, [report(year) for year in range(2008, 2014)], corpus_id="d")
    assert open_searcher(tmp_path).manifest.corpus_id == "c"  # readers never saw it


def test_many_threads_get_the_answers_that_one_gets(home: Path) -> None:
    services = Services(home)
    chance = random.Random(7)
    queries = ["公开", '"答复"', "教育局 申请", "一、", "2010", "信息 概述", '"公开 条"~20', "年 件"]
    expected = {q: [h.section_id for h in services.search(SearchRequest(query=q, size=50)).hits] for q in queries}
    fresh = Services(home)
    wrong: list[str] = []

    def ask(order: list[str]) -> None:
        for query in order:
            try:
                found = [hit.section_id for hit in fresh.search(SearchRequest(query=query, size=50)).hits]
            except Exception as error:
                wrong.append(f"{query}: {error!r}")
            else:
                if found != expected[query]:
                    wrong.append(query)

    threads = [threading.Thread(target=ask, args=(chance.choices(queries, k=40),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("segmenter", [default_segmenter(), PythonJieba()], ids=lambda s: s.name)
def test_a_long_run_without_punctuation_is_cut_before_jieba_sees_it(
    segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = 0
    real = segmenter._cut  # type: ignore[attr-defined]

    def watched(run: str, *rest: bool) -> list[str]:
        nonlocal longest
        longest = max(longest, len(run))
        return real(run, *rest)

    monkeypatch.setattr(segmenter, "_cut", watched)
    run = "公开" * 30_000
    assert "".join(segmenter.words(run)) == run
    assert longest == LONGEST_RUN


def test_segmentation_moves_scores_and_never_the_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class OneWord:
        name = "whole runs"

        def words(self, run: str) -> list[str]:
            return [run]

    reports = [report(year, office) for year in range(2008, 2012) for office in ("教育局", "财政局")]
    build(tmp_path / "a", reports, corpus_id="c")
    usual = open_searcher(tmp_path / "a")
    build(tmp_path / "b", reports, corpus_id="c", segmenter=OneWord())
    monkeypatch.setattr("indexer.service.segmenter_of", lambda _: OneWord())
    other = open_searcher(tmp_path / "b")
    for query in ('"府信息公"', '"5件"', '"开"', "信息公 -财政", "title:财政 依申请"):
        found = [
            {hit.section_id for hit in s.search(SearchRequest(query=query, match="exact", size=100)).hits}
            for s in (usual, other)
        ]
        assert found[0] == found[1]
        assert found[0]


def test_the_manifest_is_read_before_anything_else(home: Path) -> None:
    folder = folder_of(home, read_current(home))
    (folder / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(BrokenIndex, match=r"manifest\.json"):
        read_manifest(folder)
    with pytest.raises(BrokenIndex, match="rebuild"):
        open_searcher(home)
