"""The two paths of a stranger in a real Chromium: by keyboard alone to a cited table, and to a draft from five provinces."""

from __future__ import annotations

import csv
from urllib.parse import parse_qs, urlsplit

from docx import Document
from test_browser_pages import address, chromium, open_page, pytestmark  # noqa: F401 - fixtures


def tab_to(page, text, most=80):
    """Press Tab until what has the focus says a text."""
    for _ in range(most):
        if text in page.evaluate(
            "document.activeElement.matches('a, button, summary') ? document.activeElement.textContent : ''"
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{text} isn't reached by Tab")


def pressed(page, key):
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def test_by_keyboard_alone_to_a_cited_table_of_a_word_by_year_in_a_province(open_page, address, tmp_path):  # noqa: F811
    page = open_page()
    page.goto(address)
    page.keyboard.type("依申请公开")
    pressed(page, "Enter")
    page.keyboard.press("f")
    tab_to(page, "山东省")
    pressed(page, "Enter")
    assert parse_qs(urlsplit(page.url).query)["region"] == ["370000"]
    # The next filter is a Tab away: the focus stays where it was, and only once.
    assert "山东省" in page.evaluate("document.activeElement.textContent")
    assert page.evaluate("document.activeElement.getAttribute('aria-checked')") == "true"
    assert page.evaluate("sessionStorage.length") == 0
    pressed(page, "t")
    assert urlsplit(page.url).path == "/trend"
    tab_to(page, "CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    file = tmp_path / "trend.csv"
    download.value.save_as(file)
    rows = list(csv.DictReader(file.open(encoding="utf-8-sig", newline="")))
    counted = {row["year"] if "year" in row else row["value"]: row for row in rows if row["status"] == "counted"}
    assert counted["2019"]["occurrences"] == "5"
    assert all("region=370000" in row["export_filters"] and row["export_corpus_id"] for row in rows)
    tab_to(page, "检索说明")
    page.keyboard.press("Enter")
    assert "依申请公开" in page.locator("details[open]").inner_text()


def test_precedents_of_five_provinces_become_a_draft_with_its_sources(open_page, address, tmp_path):  # noqa: F811
    page = open_page()
    page.goto(address)
    with page.expect_navigation(wait_until="load"):
        page.locator(".browse a", has_text="问题").click()
    assert parse_qs(urlsplit(page.url).query)["kind"] == ["problems"]
    for number, province in enumerate(("山东省", "江苏省", "四川省", "浙江省", "湖南省"), 1):
        with page.expect_navigation(wait_until="load"):
            page.locator("a.toggle", has_text=province).first.click()
        page.locator("button.take-one").first.click()
        page.locator("[data-basket-count]", has_text=str(number)).wait_for()
        with page.expect_navigation(wait_until="load"):
            page.locator("a.toggle", has_text=province).first.click()  # the next province in its place
    with page.expect_navigation(wait_until="load"):
        page.locator("header a[href^='/basket']").click()
    with page.expect_download() as download:
        page.locator(".basket-tools .button").first.click()
    file = tmp_path / "draft.docx"
    download.value.save_as(file)
    made = Document(file)
    sources = [comment.text for comment in made.comments]
    assert len(sources) == 5
    assert all("[R/OL]" in source or "[R]" in source for source in sources)
    assert all(len(source) > 20 for source in sources)
    # What was exported is read back paragraph by paragraph, and what is another's is named.
    page.goto(f"{address}/check")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("input[name=agency]").fill("苏州市教育局")
    page.locator("form.drafting-form button").click()
    page.locator(".checked").wait_for()
    shared = page.locator(".checked").inner_text()
    assert "共有文字" in shared or "同一表述" in shared
    while page.locator("button[value=remove]").count():
        page.locator("button[value=remove]").first.click()
