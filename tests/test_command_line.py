"""The command line as a user runs it: in a process of its own, with exit status, stdout and stderr."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from samples import ROOT, SAMPLES


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("家 目录")
    run(home, "load", str(SAMPLES))
    run(home, "index")
    return home


def chadang(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "chadang.py"), "--home", str(home), *arguments],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PATH": "", "SYSTEMROOT": __import__("os").environ.get("SYSTEMROOT", "")},
    )


def run(home: Path, *arguments: str) -> str:
    done = chadang(home, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_json(home: Path, *arguments: str) -> Any:
    return json.loads(run(home, *arguments, "--json"))


def test_search_prints_search_results_as_the_design_fixes_them(home: Path) -> None:
    results = run_json(home, "search", '"府信息公"', "--size", "3")
    assert {
        "query", "read_as", "match", "sections", "reports", "took_ms", "generation", "corpus_id", "hits", "facets",
    } <= results.keys()  # fmt: skip
    assert results["query"] == '"府信息公"'
    assert results["match"] == "exact"
    assert len(results["hits"]) == 3
    for hit in results["hits"]:
        assert {
            "report_id", "section_id", "paragraph_id", "title", "agency", "region", "year", "kind", "form", "heading_path",
            "published_on", "source_url", "score", "snippet",
        } <= hit.keys()  # fmt: skip
        marked = {hit["snippet"]["text"][s:e] for s, e in hit["snippet"]["highlights"]}
        assert marked == {"府信息公"}
    for values in results["facets"].values():
        assert all({"value", "sections", "reports", "selected"} <= value.keys() for value in values)
    assert set(results["facets"]) >= {
        "region", "agency", "department", "level", "year", "kind", "form", "doctype",
    }  # fmt: skip


def test_show_prints_the_report_that_a_hit_names(home: Path) -> None:
    hit = run_json(home, "search", "行政复议", "--size", "1")["hits"][0]
    report = run_json(home, "show", hit["report_id"])
    assert report["title"] == hit["title"]
    (section,) = [s for s in report["sections"] if s["section_id"] == hit["section_id"]]
    assert {"section_id", "ordinal", "form", "kind", "heading", "heading_path", "text"} <= section.keys()
    (paragraph,) = [p for p in section["paragraphs"] if p["paragraph_id"] == hit["paragraph_id"]]
    assert hit["snippet"]["text"] in section["text"][paragraph["start"] : paragraph["end"]]
    assert report["title"] in run(home, "show", hit["report_id"])


def test_facet_values_give_what_they_promise(home: Path) -> None:
    results = run_json(home, "search", "公开")
    for field, values in results["facets"].items():
        for value in values[:2]:
            narrowed = run_json(
                home, "search", "公开", "--match", results["match"], "--filter", f"{field}={value['value']}"
            )
            assert narrowed["sections"] == value["sections"], (field, value)
            if value["reports"] is not None:
                assert narrowed["reports"] == value["reports"]


def test_filters_exclude_and_range(home: Path) -> None:
    total = run_json(home, "search", "")["sections"]
    parts = [run_json(home, "search", "", "--filter", f"form{sign}table")["sections"] for sign in ("=", "!=")]
    assert sum(parts) == total
    years = run_json(home, "search", "", "--filter", "year=2010..2012")
    assert {value["value"] for value in years["facets"]["agency"] if value["sections"]}
    assert all(2010 <= hit["year"] <= 2012 for hit in years["hits"])


def test_plain_output_names_totals_and_how_the_query_was_read(home: Path) -> None:
    text = run(home, "search", "青岛 行政复议")
    assert "命中章节" in text
    assert "检索式解读：青岛 AND 行政复议" in text
    english = run(home, "--lang", "en", "search", "青岛 行政复议")
    assert "read as: 青岛 AND 行政复议" in english


def test_a_query_may_begin_with_a_minus(home: Path) -> None:
    plain = json.loads(run(home, "search", "--json", "-公开"))
    assert plain["read_as"] == "NOT 公开"
    assert plain["sections"] == json.loads(run(home, "search", "--json", "--", "-公开"))["sections"] > 0


def test_filters_take_names_as_well_as_codes(home: Path) -> None:
    for named, coded in (
        ("地区=山东省", "region=370000"),
        ("章节!=复议和诉讼", "kind!=review"),
        ("kind=Problems and improvements", "kind=problems"),
        ("region=山东省青岛市", "region=370200"),
    ):
        one, other = (run_json(home, "search", "公开", "--filter", text) for text in (named, coded))
        assert one["sections"] == other["sections"] > 0


def test_the_words_of_headings_name_their_kind(home: Path) -> None:
    by_words = run_json(home, "search", "章节:行政复议")
    assert (by_words["read_as"], by_words["notes"]) == ("kind:review", [])
    assert by_words["sections"] == run_json(home, "search", "kind:review")["sections"] > 0


def test_the_terminal_says_what_was_read_as_text_and_when_a_page_is_past_the_end(home: Path) -> None:
    assert "括号" in run(home, "search", "(青岛")
    past = run(home, "search", "公开", "--page", "999")
    assert "最后一页" in past
    assert "没有结果" not in past


def test_status_tells_library_index_failures_and_missing(home: Path, tmp_path: Path) -> None:
    status = run_json(home, "status")
    assert status["library"]["reports"] == status["index"]["reports"] >= 40
    assert status["index"]["stale"] is False
    assert status["failed"] == []
    other = tmp_path / "other"
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "gut.txt").write_text("一、概述\n正文。", "utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-")
    loaded = chadang(other, "load", str(folder))
    assert loaded.returncode == 0
    assert "bad.pdf" in loaded.stderr
    (folder / "gut.txt").unlink()
    status = run_json(other, "status")
    assert [failed["source"] for failed in status["failed"]] == ["f/bad.pdf"]
    assert [missing["source"] for missing in status["missing"]] == ["f/gut.txt"]
    assert status["index"] is None
    assert "chadang index" in status["index_problem"]
    assert "移除 1" in run(other, "load", "--remove-missing")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["search", "x"], 1, "{home} load"),
        (["show", "0123456789abcdef"], 1, "{home} load"),
        (["load", "/no/such/folder"], 1, "/no/such/folder"),
        (["load"], 2, "PATHS"),
        (["nonsense"], 2, "nonsense"),
        (["search"], 2, "QUERY"),
        (["search", "x", "--match", "fuzzy"], 2, "fuzzy"),
        (["search", "x", "--filter", "colour=red"], 2, "colour=red"),
        (["search", "x", "--filter", "kind=nonsense"], 2, "review(复议和诉讼)"),
        (["search", "x", "--filter", "region=无此地"], 2, "无此地"),
        (["load", ""], 2, "PATHS"),
        (["status"], 1, "--home"),
        (["index", "--engine", "lucene"], 1, "whoosh"),
    ],
)
def test_errors_say_what_to_do_and_set_the_exit_status(
    tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    done = chadang(tmp_path, *arguments)
    assert done.returncode == status, done.stderr
    assert said.replace("{home}", f"chadang --home {tmp_path}") in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "" or arguments[0] == "load"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "(" * 2_001], "2000"),
        (["search", "x", "--cursor", "old.hash.10"], "cursor"),
        (["show", "0123456789abcdef"], "0123456789abcdef"),
    ],
)
def test_what_cannot_be_answered_is_one_line_on_stderr(home: Path, arguments: list[str], said: str) -> None:
    done = chadang(home, "--lang", "en", *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_nothing_but_the_answer_goes_to_a_pipe(home: Path) -> None:
    done = chadang(home, "index", "--rebuild")
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_the_home_folder_can_be_set_by_the_environment(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "chadang.py"), "status", "--json"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={"CHADANG_HOME": str(home), "PYTHONUTF8": "1", "PATH": ""},
    )
    assert json.loads(done.stdout)["home"] == str(home)


def test_export_writes_every_hit_and_rerun_finds_it_the_same(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "依申请公开.csv"
    said = run(home, "export", "依申请公开", "-o", str(target))
    found = run_json(home, "search", "依申请公开", "--match", "exact")
    assert str(found["sections"]) in said
    assert found["corpus_id"] in said
    beside = json.loads(target.with_name(target.name + ".meta.json").read_text("utf-8"))
    assert beside["rows"] == found["sections"]
    assert "结果相同" in run(home, "rerun", str(target))
    assert run_json(home, "rerun", str(target))["same_rows"] is True


def test_export_never_replaces_a_file_unasked(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "coded.xlsx"
    target.write_text("weeks of coding", "utf-8")
    done = chadang(home, "export", "公开", "-o", str(target))
    assert done.returncode == 1
    assert "--force" in done.stderr
    assert target.read_text("utf-8") == "weeks of coding"
    run(home, "export", "公开", "-o", str(target), "--force", "--sample", "5", "--coding")
    assert "结果相同" in run(home, "rerun", str(target), "-o", str(tmp_path / "again.jsonl"))
    assert len((tmp_path / "again.jsonl").read_bytes().splitlines()) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.jsonl", "coded.xlsx"]


def test_an_export_of_nothing_can_be_repeated_too(home: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx", "a.jsonl"):
        run(home, "export", '"这里没有这句话"', "-o", str(tmp_path / name))
        assert run_json(home, "rerun", str(tmp_path / name))["unchanged"] == 0


def test_export_goes_to_a_pipe_and_says_what_it_cannot(home: Path) -> None:
    first, *rows = (json.loads(line) for line in run(home, "export", "行政复议", "--format", "jsonl").splitlines())
    assert first["rows"] == len(rows) > 0
    for wrong in (["--format", "xlsx"], ["-o", "a.doc"], ["--match", "auto"], ["--filter", "nothing"]):
        assert chadang(home, "export", "公开", *wrong).returncode == 2
    assert chadang(home, "rerun", "no such file.csv").returncode == 1


def test_cite_prints_a_reference_to_report_and_section(home: Path) -> None:
    hit = run_json(home, "search", "行政复议", "--size", "1")["hits"][0]
    whole = run(home, "cite", hit["report_id"])
    assert hit["title"] in whole
    part = run(home, "cite", hit["report_id"], "--section", str(hit["ordinal"]), "--style", "gb2015")
    assert part != whole
    assert run(home, "cite", hit["report_id"], "--section", hit["section_id"], "--style", "gb2015") == part
    assert run(home, "cite", hit["report_id"], "--style", "bibtex", "--accessed", "2026-01-02").startswith("@")
    assert chadang(home, "cite", hit["report_id"], "--section", "99").returncode == 1
