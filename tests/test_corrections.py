"""Corrections: beside what was parsed, through parsing again, undone, from tables, and marked where they are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

import chadang
import corpus.loader
import corpus.workers
from corpus.corrections import FIELDS, checked_value, corrected, value_of
from corpus.errors import BadCorrection
from corpus.library import Library
from corpus.loader import load
from corpus.model import Report
from indexer import building
from webui.app import create_app

TEXT = "云溪市教育局政府信息公开工作报告\n一、概述\n全年公开信息12条。\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, "utf-8")
    with Library(tmp_path / "home" / "library.db") as library:
        load(library, [folder])
    return tmp_path / "home"


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    with Library(home / "library.db") as library:
        yield library


def the_report(library: Library) -> Report:
    (report,) = library.reports()
    return report


def run(home: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(chadang.main, ["--home", str(home), "--lang", "en", *arguments])
    return result.exit_code, result.output


def test_a_correction_takes_the_place_of_the_value_and_keeps_it(home: Path, library: Library) -> None:
    before = the_report(library)
    assert before.year is None
    code, said = run(
        home, "correct", before.report_id, "year=2011年度", "地区=山东省", "--by", "李某", "--why", "见公章"
    )
    assert code == 0, said
    after = the_report(library)
    assert (after.year, after.region) == (2011, "370000")
    assert after.provenance["year"] == "correction"
    assert {(c.field, c.value, c.parsed, c.by, c.why) for c in after.corrections} == {
        ("year", "2011", "", "李某", "见公章"),
        ("region", "370000", before.region, "李某", "见公章"),
    }
    assert after.text_hash != before.text_hash
    assert library.corpus_id() != ""
    assert library.states()[after.report_id] != ""


def test_parsing_again_keeps_corrections_even_of_a_changed_file(
    home: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = the_report(library).report_id
    run(home, "correct", "报告/a.txt", "title=云溪市教育局2011年政府信息公开工作报告")
    monkeypatch.setattr(corpus.loader, "PARSER_VERSION", 99)
    load(library, [home.parent / "报告"])
    assert the_report(library).title == "云溪市教育局2011年政府信息公开工作报告"
    (home.parent / "报告" / "a.txt").write_text(TEXT.replace("12", "13"), "utf-8")
    load(library, [home.parent / "报告"])
    report = the_report(library)
    assert report.report_id == report_id
    assert "13条" in report.text
    assert report.title == report.sections[0].heading == "云溪市教育局2011年政府信息公开工作报告"


def test_corrections_outlive_the_file(home: Path, library: Library) -> None:
    run(home, "correct", "报告/a.txt", "year=2011")
    file = home.parent / "报告" / "a.txt"
    text = file.read_text("utf-8")
    file.unlink()
    load(library, [], remove_missing=True)
    assert list(library.reports()) == []
    file.write_text(text, "utf-8")
    load(library, [file.parent])
    assert the_report(library).year == 2011


def test_undoing_brings_back_what_was_before(home: Path, library: Library) -> None:
    before = library.corpus_id()
    run(home, "correct", "报告/a.txt", "year=2011")
    run(home, "correct", "报告/a.txt", "year=2012")
    assert the_report(library).year == 2012
    code, listed = run(home, "correct", "--list")
    assert code == 0
    assert "#2" in listed
    assert "#1" not in listed  # no longer in force
    assert run(home, "correct", "--undo", "2")[0] == 0
    assert the_report(library).year == 2011
    run(home, "correct", "--undo", "1")
    assert the_report(library).year is None
    assert library.corpus_id() == before
    code, said = run(home, "correct", "--undo", "1")
    assert code == 1
    assert "no correction 1" in said


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_corrects_many_or_nothing(home: Path, library: Library, tmp_path: Path, suffix: str) -> None:
    report_id = the_report(library).report_id
    rows = [
        ["报告编号", "字段", "值", "更正人", "理由"],
        [report_id, "报告年度", "2010", "王某", "封面"],
        [report_id, "agency", "云溪市教育体育局", "", ""],
    ]
    path = write_table(tmp_path / f"更正{suffix}", rows)
    code, said = run(home, "correct", "--file", str(path))
    assert code == 0, said
    report = the_report(library)
    assert (report.year, report.agency) == (2010, "云溪市教育体育局")
    assert {c.by for c in report.corrections if c.field == "year"} == {"王某"}
    name = Path(report.sources[0]).name
    by_name = write_table(tmp_path / f"按文件{suffix}", [["文件名", "字段", "新值"], [name, "机关", "云溪市教育局"]])
    code, said = run(home, "correct", "--file", str(by_name))
    assert code == 0, said
    assert the_report(library).agency == "云溪市教育局"
    wrong = write_table(
        tmp_path / f"错误{suffix}", [*rows[:1], [report_id, "year", "2009"], [report_id, "year", "去年"]]
    )
    code, said = run(home, "correct", "--file", str(wrong))
    assert code == 1
    assert "row 3" in said
    worse = write_table(tmp_path / f"全错{suffix}", [*rows[:1], [report_id, "年", "x"], [report_id, "year", "去年"]])
    code, said = run(home, "correct", "--file", str(worse))
    assert code == 1
    assert "row 2" in said and "row 3" in said and "2 rows" in said
    unknown = write_table(
        tmp_path / f"未知{suffix}", [*rows[:1], [report_id, "year", "2009"], ["没有", "year", "2009"]]
    )
    code, said = run(home, "correct", "--file", str(unknown))
    assert code == 1
    assert "nothing was corrected" in said
    assert the_report(library).year == 2010


def write_table(path: Path, rows: list[list[str]]) -> Path:
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in rows), "gb18030")
    else:
        book = Workbook()
        for row in rows:
            book.active.append([int(cell) if cell.isdecimal() and len(cell) == 4 else cell for cell in row])
        book.save(path)
    return path


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", "去年"),
        ("year", "1850"),
        ("region", "火星市"),
        ("published_on", "2011-13-40"),
        ("level", "高"),
        ("title", " "),
        ("same_as", "x"),
    ],
)
def test_a_value_that_cannot_be_is_refused(field: str, value: str) -> None:
    with pytest.raises(BadCorrection):
        checked_value(field, value)


def test_every_field_can_be_corrected_to_its_own_value(library: Library) -> None:
    report = the_report(library)
    for field in FIELDS:
        value = value_of(report, field)
        assert checked_value(field, value) == value
    assert corrected(report, []) is report


def test_a_corrected_value_is_marked_wherever_it_is_shown(home: Path, library: Library) -> None:
    run(home, "correct", "报告/a.txt", "year=2011", "--by", "李某", "--why", "<b>见公章</b>")
    building.update(home)
    report_id = the_report(library).report_id
    shown = json.loads(run(home, "show", report_id, "--json")[1])
    assert [(c["field"], c["value"], c["parsed"], c["by"]) for c in shown["corrections"]] == [
        ("year", "2011", "", "李某")
    ]
    assert "corrected" in run(home, "show", report_id)[1]
    hits = json.loads(run(home, "search", "公开", "--json")[1])["hits"]
    assert hits[0]["corrected"] == ["year"]
    assert "corrected" in run(home, "search", "公开")[1]
    client = create_app(home).test_client()
    page = client.get(f"/report/{report_id}?lang=en").text
    assert "corrected · as read: empty · 李某" in page
    assert "&lt;b&gt;见公章&lt;/b&gt;" in page
    assert "已更正</sup>" in client.get("/search?q=公开").text
    assert "corrections: 1" in run(home, "status")[1]


def test_a_correction_can_link_a_copy_and_set_it_free(home: Path, library: Library) -> None:
    (home.parent / "报告" / "b.txt").write_text("另一份报告\n内容完全不同，但确为同一份。", "utf-8")
    load(library, [home.parent / "报告"])
    first, second = (source.report_id for source in library.sources())
    assert run(home, "correct", second, f"same_as={first}")[0] == 0
    assert [r.same_as for r in library.reports([second])] == [first]
    assert run(home, "correct", second, "same_as=")[0] == 0
    assert [r.same_as for r in library.reports([second])] == [""]
    assert run(home, "correct", second, "same_as=0123456789abcdef")[0] == 1


def test_links_that_a_person_makes_never_go_round(home: Path, library: Library) -> None:
    (home.parent / "报告" / "b.txt").write_text(TEXT.replace("12", "13"), "utf-8")
    load(library, [home.parent / "报告"])
    first, second = (source.report_id for source in library.sources())
    assert run(home, "correct", first, f"same_as={first}")[0] == 1
    assert run(home, "correct", second, f"same_as={first}")[0] == 0
    code, said = run(home, "correct", first, f"same_as={second}")
    assert code == 1
    assert "go round" in said


def test_fields_regions_and_files_go_by_the_names_that_people_use(home: Path, library: Library) -> None:
    assert run(home, "correct", "a.txt", "文号=云教发〔2011〕3号", "年份=2010", "地区=青岛")[0] == 0
    report = the_report(library)
    assert (report.document_number, report.year, report.region) == ("云教发〔2011〕3号", 2010, "370200")


def test_what_was_told_from_the_agency_follows_its_correction(home: Path, library: Library) -> None:
    code, said = run(home, "correct", "报告/a.txt", "agency=青岛市公安局市南分局", "year=2011")
    assert code == 0, said
    report = the_report(library)
    assert (report.region, report.department, report.level) == ("370202", "公安", "county")
    assert {name: n for name, n in library.counts().items() if name.startswith("without_")} == {
        "without_year": 0,
        "without_agency": 0,
        "without_region": 0,
        "without_department": 0,
        "without_level": 0,
        "without_date": 1,
        "without_number": 1,
    }
    run(home, "correct", "报告/a.txt", "agency=云溪市教育局", "region=山东省", "department=")
    report = the_report(library)
    assert (report.region, report.department, report.level) == ("370000", "", "province")
    assert library.counts()["without_department"] == 1


def test_what_was_set_is_said_and_shown_with_the_names_of_regions(home: Path, library: Library) -> None:
    report_id = the_report(library).report_id
    run(home, "correct", report_id, "region=370202")
    _, said = run(home, "correct", report_id, "region=朝阳市")
    assert "211300 辽宁省朝阳市" in said
    _, listed = run(home, "correct", "--list")
    assert "211300 辽宁省朝阳市" in listed
    building.update(home)
    _, shown = run(home, "show", report_id)
    assert "211300 辽宁省朝阳市" in shown


def test_the_page_names_the_region_that_was_parsed(home: Path, library: Library) -> None:
    file = home.parent / "报告" / "a.txt"
    file.write_text(TEXT.replace("云溪市", "青岛市市南区"), "utf-8")
    load(library, [file.parent])
    report_id = the_report(library).report_id
    run(home, "correct", report_id, "region=370000", "level=province")
    building.update(home)
    client = create_app(home).test_client()
    page = client.get(f"/report/{report_id}", headers={"Host": "127.0.0.1"}).get_data(as_text=True)
    assert "原为 山东省青岛市市南区" in page
    assert "原为 县级" in page


def test_a_copy_that_a_person_set_free_is_counted_as_none(home: Path, library: Library) -> None:
    folder = home.parent / "报告"
    body = TEXT.replace("工作报告", "2011年工作报告") + "全年公开工作平稳有序，没有发生复议和诉讼。\n" * 20
    (folder / "a.txt").write_text(body, "utf-8")
    (folder / "b.txt").write_text(body + "（此件公开发布）\n", "utf-8")
    load(library, [folder])
    assert library.counts()["copies"] == 1
    copy = next(report for report in library.reports() if report.same_as)
    run(home, "correct", copy.report_id, "same_as=")
    assert library.counts()["copies"] == 0
