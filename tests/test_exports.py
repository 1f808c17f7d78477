"""Exports: every hit, whatever the engine, opened again with what researchers use; and repeated."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from fixed_library import FIXED
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from strategies import Part, build_report, filters

from corpus.library import Library, Source
from corpus.model import Report
from corpus.rows import report_rows
from indexer import building
from indexer.errors import QueryRejected
from indexer.exporting import CODING, COLUMNS, FACT_NAMES, facts_from, facts_json, facts_texts, filter_texts, filters_of
from indexer.exportreading import compare, digests, export_of, read_file
from indexer.exportrun import Export, prepare
from indexer.exportwriting import (
    CELL_UNITS,
    DATA_SHEET,
    FACTS_SHEET,
    csv_chunks,
    guarded,
    jsonl_chunks,
    pieces,
    unguarded,
    write_xlsx,
)
from indexer.methodsnote import filter_words, methods_note
from indexer.results import Filter, Limits, SearchRequest
from indexer.service import Searcher, open_searcher

NOW = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
LONG = "全年公开信息。𠮷" * 9_000
FORMULAS = build_report(
    "formulas",
    '=HYPERLINK("http://x.example","点")',
    [
        Part("", ("+公开 1+1",), 0, "preface"),
        Part("@一、公开", ("-5件公开", "＝公开", '"引号", 逗号\n'), 1, "overview"),
        Part("二、长文公开", (LONG, LONG), 1, "other"),
    ],
    agency="=1+1",
    year=2012,
    published_on="2013-01-30",
    source_url="https://example.gov.cn/=1",
)


def build(home: Path, reports: tuple[Report, ...], engine: str) -> Path:
    home.mkdir(exist_ok=True)
    with Library(home / "library.db") as library, library.transaction():
        for number, report in enumerate(reports):
            library.put(Source(f"{number}.txt", f"/{number}.txt", report_id=report.report_id), report_rows(report))
    building.update(home, engine=engine)
    return home


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    home = build(tmp_path_factory.mktemp("home"), (*FIXED, FORMULAS), request.param)
    opened = open_searcher(home, Limits(seconds=60))
    yield opened
    opened.close()


def exported(
    searcher: Searcher, query: str = "公开", *, unit: str = "section", sample: int = 0, seed: int = 0, **asked: object
) -> Export:
    return prepare(searcher, SearchRequest(query=query, **asked), NOW, unit, sample, seed)  # type: ignore[arg-type]


def csv_rows(export: Export, coding: bool = False) -> list[dict[str, str]]:
    body = b"".join(csv_chunks(export, coding))
    assert body.startswith(b"\xef\xbb\xbf")
    csv.field_size_limit(1 << 30)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def saved(export: Export, path: Path, coding: bool = False) -> Path:
    if path.suffix == ".xlsx":
        write_xlsx(export, path, coding)
    else:
        chunks = csv_chunks if path.suffix == ".csv" else jsonl_chunks
        path.write_bytes(b"".join(chunks(export, coding)))
    return path


def test_every_hit_is_exported_and_not_the_page(searcher: Searcher) -> None:
    found = searcher.search(SearchRequest(query="公开", match="exact", size=100))
    rows = csv_rows(exported(searcher, size=1, page=7))
    assert {row["section_id"] for row in rows} == {hit.section_id for hit in found.hits}
    assert len(rows) == found.sections == int(rows[0]["export_rows"])
    assert [row["number"] for row in rows] == [str(n + 1) for n in range(len(rows))]


def test_both_engines_export_the_same(tmp_path: Path) -> None:
    bodies = []
    for engine in ("whoosh", "tantivy"):
        opened = open_searcher(build(tmp_path / engine, FIXED, engine), Limits(seconds=60))
        export = exported(opened)
        bodies.append([{**row} for row in export.rows])
        opened.close()
    assert bodies[0] == bodies[1]
    assert bodies[0]


def test_auto_is_never_exported(searcher: Searcher) -> None:
    # As typed it stands nowhere, in words it does.
    assert searcher.search(SearchRequest(query="公开复议答复")).sections
    export = exported(searcher, "公开复议答复")
    assert export.facts.match == "exact"
    assert list(export.rows) == []


def test_a_row_holds_the_text_and_its_source(searcher: Searcher) -> None:
    (row,) = exported(searcher, '"同意公开3件"').rows
    assert "同意公开3件，答复及时。" in str(row["text"])
    assert row["agency"] == "青岛市人力资源和社会保障局"
    assert row["region_name"] == "山东省青岛市"
    assert row["year"] == 2010
    assert row["heading_path"] == "二、依申请公开情况 > （一）同意公开。"
    assert row["occurrences"] == 1
    assert str(row["citation"]).startswith("青岛市人力资源和社会保障局. 2010年度")
    assert tuple(row) == COLUMNS["section"]


def test_occurrences_are_those_the_report_page_marks(searcher: Searcher) -> None:
    rows = list(exported(searcher).rows)
    for report in FIXED:
        marked = searcher.read(report.report_id, "公开").occurrences
        assert sum(int(str(row["occurrences"])) for row in rows if row["report_id"] == report.report_id) == marked


def test_a_row_for_each_report_counts_its_sections(searcher: Searcher) -> None:
    rows = list(exported(searcher, unit="report").rows)
    sections = list(exported(searcher).rows)
    assert len({row["report_id"] for row in rows}) == len(rows)
    for row in rows:
        own = [each for each in sections if each["report_id"] == row["report_id"]]
        assert row["sections"] == len(own)
        assert row["occurrences"] == sum(int(str(each["occurrences"])) for each in own)
    assert exported(searcher, unit="report").facts.rows == len(rows)


def test_a_csv_file_is_a_plain_table_that_says_what_it_is_in_each_row(searcher: Searcher) -> None:
    export = exported(searcher, filters=(Filter("year", low=2009, high=2015),))
    rows = csv_rows(export)
    assert rows
    for row in rows:
        said = {name: row[f"export_{name}"] for name in FACT_NAMES}
        assert facts_from({name: unguarded(cell) for name, cell in said.items()}) == export.facts
    assert rows[0]["export_filters"] == '["year=2009..2015"]'
    assert rows[0]["export_exported_at"] == "2026-11-25T04:30:00Z"


def test_no_cell_of_a_csv_file_is_a_formula(searcher: Searcher) -> None:
    rows = csv_rows(exported(searcher, "公开"))
    own = [row for row in rows if row["report_id"] == FORMULAS.report_id]
    assert own[0]["title"] == "'" + FORMULAS.title
    assert own[0]["agency"] == "'=1+1"
    for row in rows:
        for name, cell in row.items():
            assert cell.strip()[:1] not in tuple("=+-@＝＋－＠"), name
    assert {unguarded(row["title"]) for row in own} == {FORMULAS.title}


@given(st.text(alphabet="'=+-@＝\t\r\n a公", max_size=8) | st.text(max_size=20))
def test_guarding_a_cell_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text).lstrip()[:1] not in (*"=+-@＝＋－＠",) or not text.strip()


def test_a_workbook_has_typed_cells_and_harmless_texts(searcher: Searcher, tmp_path: Path) -> None:
    export = exported(searcher)
    path = saved(export, tmp_path / "a.xlsx", coding=True)
    book = load_workbook(path)
    assert book.sheetnames == [FACTS_SHEET, DATA_SHEET]
    assert book.active.title == DATA_SHEET
    sheet = book[DATA_SHEET]
    header = [cell.value for cell in sheet[1]]
    assert header[-3:] == list(CODING)
    lines = [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    own = [line for line in lines if line["report_id"].value == FORMULAS.report_id]
    assert own[0]["title"].value == FORMULAS.title
    for line in lines:
        assert {cell.data_type for cell in line.values()} <= {"s", "n", "d"}
        assert line["code"].value is None
    assert own[0]["title"].quotePrefix
    assert own[0]["year"].value == 2012
    assert own[0]["published_on"].value == datetime(2013, 1, 30)
    said = {row[0].value: row[1].value for row in book[FACTS_SHEET].iter_rows()}
    assert facts_from(said) == export.facts
    assert said["methods_zh"] == methods_note(export.facts, "zh")


def test_a_text_too_long_for_a_cell_goes_on_in_numbered_rows(searcher: Searcher, tmp_path: Path) -> None:
    sheet = load_workbook(saved(exported(searcher, '"二、长文公开"'), tmp_path / "a.xlsx"))[DATA_SHEET]
    header = [cell.value for cell in sheet[1]]
    rows = [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [row["part"] for row in rows] == list(range(1, rows[0]["parts"] + 1))
    assert "".join(row["text"] for row in rows) == FORMULAS.sections[2].text
    assert all(len(row["text"].encode("utf-16-le")) // 2 <= CELL_UNITS for row in rows)
    assert {row["number"] for row in rows} == {1}


@given(st.text(alphabet="a公𠮷\n", max_size=60), st.integers(2, 9))
def test_pieces_join_to_the_text(text: str, size: int) -> None:
    found = pieces(text, size)
    assert "".join(found) == text
    assert all(len(piece.encode("utf-16-le")) // 2 <= size for piece in found)


def test_json_lines_begin_with_what_they_are(searcher: Searcher) -> None:
    export = exported(searcher)
    head, *rows = (json.loads(line) for line in b"".join(jsonl_chunks(export)).splitlines())
    assert head["type"] == "export"
    assert facts_from(head) == export.facts
    assert {row["type"] for row in rows} == {"section"}
    assert len(rows) == head["rows"]
    assert {type(row["year"]) for row in rows} <= {int, type(None)}


def test_a_seed_draws_the_same_sample_and_another_seed_another(searcher: Searcher) -> None:
    def drawn(seed: int) -> list[object]:
        return [row["section_id"] for row in exported(searcher, "", sample=6, seed=seed).rows]

    assert drawn(1) == drawn(1)
    assert len(drawn(1)) == 6
    assert len({tuple(drawn(seed)) for seed in range(5)}) > 1
    everything = [row["section_id"] for row in exported(searcher, "").rows]
    assert [each for each in everything if each in set(drawn(1))] == drawn(1)
    assert exported(searcher, sample=10_000).facts.rows == len(list(exported(searcher, sample=10_000).rows))


def test_each_row_is_drawn_about_as_often_as_any_other(searcher: Searcher) -> None:
    everything = [row["section_id"] for row in exported(searcher, "").rows]
    counts = dict.fromkeys(everything, 0)
    for seed in range(200):
        for row in exported(searcher, "", sample=5, seed=seed).rows:
            counts[row["section_id"]] += 1
    expected = 200 * 5 / len(everything)
    assert all(0.4 * expected < count < 1.9 * expected for count in counts.values())


def test_a_sample_of_less_than_nothing_is_refused(searcher: Searcher) -> None:
    with pytest.raises(QueryRejected):
        exported(searcher, sample=-1)


@given(filters())
def test_filters_written_are_read_again(drawn: tuple[Filter, ...]) -> None:
    again = filters_of(filter_texts(drawn))
    assert filter_texts(again) == filter_texts(filters_of(filter_texts(again)))
    assert set(filter_texts(again)) == set(filter_texts(drawn))


def test_facts_go_through_cells_and_json(searcher: Searcher) -> None:
    facts = exported(searcher, '=1 "公开"', filters=(Filter("kind", ("",), exclude=True),)).facts
    assert facts_from(dict(facts_texts(facts))) == facts
    assert facts_from(json.loads(json.dumps(facts_json(facts)))) == facts
    assert facts.request().filters == (Filter("kind", ("",), exclude=True),)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize("asked", [{}, {"sample": 4, "seed": 3}, {"unit": "report"}])
def test_an_export_repeated_on_the_same_library_is_the_same(
    searcher: Searcher, tmp_path: Path, suffix: str, asked: dict[str, object]
) -> None:
    old = export_of(read_file(saved(exported(searcher, **asked), tmp_path / f"a.{suffix}", coding=True)))  # type: ignore[arg-type]
    again = prepare(searcher, old.facts.request(), NOW, old.facts.unit, old.facts.sample, old.facts.seed)
    differences = compare(old, again.facts, digests(again.rows, again.facts.unit))
    assert differences.none, differences
    assert differences.facts == ()
    assert differences.same == old.facts.rows


def test_what_differs_is_named(tmp_path: Path) -> None:
    first, second, *_ = FIXED
    changed = build_report(
        "A",
        first.title,
        [Part("", ("引言公开。",), 0), Part("新公开", ("新增公开。",))],
        agency="青岛市人力资源和社会保障局",
    )
    paths = []
    for name, reports in (("before", (first, second)), ("after", (changed, second))):
        opened = open_searcher(build(tmp_path / name, reports, "whoosh"), Limits(seconds=60))
        paths.append(saved(exported(opened), tmp_path / f"{name}.csv"))
        opened.close()
    old, new = (export_of(read_file(path)) for path in paths)
    differences = compare(old, new.facts, new.rows)
    assert not differences.none
    assert {name for name, _, _ in differences.facts} >= {"corpus_id", "sections"}
    assert differences.removed
    assert all("text" in columns for _, columns in differences.changed)
    assert len(differences.changed) + len(differences.added) + differences.same == len(new.rows)


def test_a_csv_file_saved_by_a_chinese_excel_is_still_read(searcher: Searcher, tmp_path: Path) -> None:
    body = b"".join(csv_chunks(exported(searcher, "行政复议"))).decode("utf-8-sig")
    path = tmp_path / "a.csv"
    path.write_bytes(body.encode("gb18030"))
    old = export_of(read_file(path))
    again = exported(searcher, "行政复议")
    assert compare(old, again.facts, digests(again.rows, "section")).none


@pytest.mark.parametrize("body", [b"", b"a,b\n1,2\n", b'{"type": "other"}\n', b"{no\n", b"PK\x03\x04no workbook"])
def test_another_file_is_refused_with_what_to_do(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(body)
    with pytest.raises(QueryRejected) as caught:
        export_of(read_file(path))
    assert caught.value.zh


def test_the_methods_note_says_all_facts_in_both_languages(searcher: Searcher) -> None:
    facts = exported(searcher, "公开", filters=(Filter("region", ("370200",)),), sample=2, seed=9).facts
    for lang in ("zh", "en"):
        text = methods_note(facts, lang)
        for said in ("公开", facts.corpus_id, facts.engine, "2026-11-25", str(facts.sections), str(facts.reports), "9"):
            assert said in text
        assert "山东省青岛市" in text
    assert methods_note(replace(facts, copies="all"), "zh") != methods_note(facts, "zh")


def test_filters_are_said_in_words() -> None:
    say = partial(filter_words, "kind!=appendix")
    assert say("zh") == "章节类型≠附表"
    assert say("en") == "section kind not Appendix"
    assert filter_words("agency=", "zh") == "机关＝未注明"


@pytest.mark.parametrize("chunks", [csv_chunks, jsonl_chunks])
def test_an_export_begins_before_its_last_row_is_known(searcher: Searcher, chunks: object) -> None:
    export = exported(searcher)
    row = next(export.rows)
    taken = 0

    def endless() -> Iterator[dict[str, object]]:
        nonlocal taken
        while True:
            taken += 1
            yield row

    stream = chunks(Export(export.facts, endless()))  # type: ignore[operator,arg-type]
    assert len(b"".join(next(stream) for _ in range(3))) > 100
    assert 0 < taken < 5_000
