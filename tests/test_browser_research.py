"""What a researcher does, in a real Chromium: from a word to a cited table; a panel against a list of those expected."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from test_browser_pages import address, chromium, open_page, page, pytestmark, search  # noqa: F401 - fixtures

from indexer.exportreading import read_file
from indexer.tablererun import made_of


def downloaded(page, name):  # noqa: F811
    with page.expect_download() as waiting:
        page.locator("main a", has_text=name).first.click()
    return Path(waiting.value.path()), waiting.value.suggested_filename


def table_in(path, format_, tmp_path):
    # The browser keeps a download under a name without suffix; what it is is told by what it holds.
    target = tmp_path / f"t.{format_}"
    target.write_bytes(path.read_bytes())
    return made_of(read_file(target))


def test_a_stranger_takes_out_a_cited_table_of_a_word_by_year_in_a_province(page, address, tmp_path):  # noqa: F811
    page.goto(address)
    page.locator("#q").fill("依申请公开")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    page.locator("aside .choice a.toggle", has_text="山东省").first.click()
    page.wait_for_url("**region=370000**")
    page.locator(".count-links a", has_text="历年趋势").click()
    page.wait_for_url("**/trend**")
    # What is counted stands on the page, before anything is taken out.
    assert "地区＝山东省" in page.locator(".read-as").last.inner_text()
    page.locator("#methods summary").click()
    note = page.locator("#methods").inner_text()
    assert all(text in note for text in ("依申请公开", "地区＝山东省", "语料版本", "按报告年度分组"))
    rows = page.locator(".analysis-table tbody tr").count()
    for format_ in ("csv", "xlsx", "jsonl"):
        path, name = downloaded(page, format_.upper())
        assert name.startswith("chadang-trend-依申请公开-")
        made = table_in(path, format_, tmp_path)
        assert len(made.rows) == rows > 5
        assert "region=370000" in made.facts[0].filters
    assert any(row["status"] == "absent" for row in made.rows)  # a year without a report isn't 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_coverage_is_checked_against_a_list_and_taken_out(page, address, tmp_path, lang):  # noqa: F811
    listed = tmp_path / "应报.csv"
    listed.write_text("机关,年度\n苏州市教育局,2012..2013\n无此局,2012\n", "gb18030")
    page.goto(f"{address}/coverage?q=没有这样的话&lang={lang}")
    page.locator(".coverage-expected summary").click()
    page.locator("input[type=file]").set_input_files(listed)
    page.locator(".coverage-expected button").click()
    page.wait_for_url("**list=**")
    assert page.locator(".coverage-table tbody tr").count() == 2
    assert "无此局" in page.locator(".coverage-table").inner_text()
    path, _ = downloaded(page, "CSV")
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert {(row["agency"], row["year"], row["status"], row["matches"]) for row in rows} == {
        ("苏州市教育局", "2012", "present", "0"),
        ("苏州市教育局", "2013", "missing", ""),
        ("无此局", "2012", "missing", ""),
    }
    page.reload()
    assert page.locator(".coverage-table tbody tr").count() == 2
    page.locator("[role=status] a").click()
    page.wait_for_url(lambda url: "list=" not in url)
    assert page.locator(".coverage-table tbody tr").count() > 10


def test_a_bad_list_says_what_is_wrong_and_leaves_the_table(chromium, address, tmp_path):  # noqa: F811
    listed = tmp_path / "list.csv"
    listed.write_text("名称\n甲\n", "utf-8")
    # A context of its own: the console tells the refusal (400), which the shared pages take for a fault.
    context = chromium.new_context()
    page = context.new_page()  # noqa: F811
    page.goto(f"{address}/coverage")
    page.locator(".coverage-expected summary").click()
    page.locator("input[type=file]").set_input_files(listed)
    page.locator(".coverage-expected button").click()
    assert "第一行须有列名" in page.locator("[role=alert]").inner_text()
    assert page.locator(".coverage-table tbody tr").count() > 10
    assert page.locator("input[type=file]").is_visible()  # open again, to choose another
    context.close()


def test_collocates_are_taken_out(page, address, tmp_path):  # noqa: F811
    page.goto(search(address, q="行政复议").replace("/search?", "/concordance?") + "&view=collocates")
    words = page.locator(".analysis-table tbody th").all_inner_texts()
    path, name = downloaded(page, "XLSX")
    assert name.startswith("chadang-collocates-行政复议-")
    made = table_in(path, "xlsx", tmp_path)
    assert [row["word"] for row in made.rows][: len(words)] == words
