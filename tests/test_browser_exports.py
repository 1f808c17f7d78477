"""Taking things out in a real Chromium: the download by a click, a passage copied with its source."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_browser_pages import address, chromium, open_page, page, pytestmark, search  # noqa: F401 - fixtures

from indexer.exportreading import export_of, read_file


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_a_click_downloads_every_hit_with_and_without_script(page, address, format_):  # noqa: F811
    page.goto(search(address, q="依申请公开", year="2012..2020"))
    total = int(page.locator(".totals strong").first.inner_text())
    page.locator("#take-out summary").click()
    with page.expect_download() as waiting:
        page.locator(f"button[value={format_}]").click()
    assert waiting.value.suggested_filename.startswith("chadang-依申请公开-")
    assert waiting.value.suggested_filename.endswith(format_)
    export = export_of(read_file(Path(waiting.value.path())))
    assert len(export.rows) == total == export.facts.sections
    assert export.facts.filters == ("year=2012..2020",)


def test_a_passage_is_copied_with_the_source_of_its_section(open_page, address):  # noqa: F811
    # The page's policy forbids eval, so what waits must not use it: not wait_for_function but expect.
    from playwright.sync_api import expect

    page = open_page(permissions=["clipboard-read", "clipboard-write"])  # noqa: F811
    page.goto(search(address, q="行政复议"))
    page.locator(".hits h3 a").first.click()
    page.wait_for_load_state()
    page.locator("details.citation summary").click()
    button = page.locator(".take-out-copy button")
    button.click()
    expect(button).to_have_text("已复制")
    whole = page.evaluate("navigator.clipboard.readText()")
    assert whole == page.locator("details.citation dd").first.inner_text().strip()
    passage = page.evaluate(
        """() => {
            const paragraph = [...document.querySelectorAll('article.text section[id] p')].at(-1);
            const range = document.createRange();
            range.selectNodeContents(paragraph);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return getSelection().toString().trim();
        }"""
    )
    expect(button).not_to_have_text("已复制")
    button.click()
    expect(button).to_have_text("已复制")
    text, _, source = page.evaluate("navigator.clipboard.readText()").rpartition("\n——")
    assert text == passage
    assert source.startswith(whole.partition("[R")[0])
    assert source != whole
