"""Mix-up check and basket in a real Chromium, in both languages, with axe-core."""

from __future__ import annotations

import pytest
from test_browser_axe import checked, violations  # noqa: F401 - a fixture
from test_browser_pages import address, chromium, pytestmark, search  # noqa: F401 - fixtures

DRAFT = "青岛市财政局2024年政府信息公开工作年度报告\n一、总体情况\n2023年度，济南市教育局主动公开信息。\n秘密草稿在此。"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pasted_draft_and_a_file_are_checked_and_stand_nowhere(checked, address, lang, tmp_path):  # noqa: F811
    page = checked()
    page.goto(f"{address}/check?lang={lang}")
    assert violations(page) == []
    page.locator("textarea[name=text]").fill(DRAFT)
    page.locator("form.drafting-form button").click()
    page.locator(".checked").wait_for()
    assert page.locator("mark.is-sure").all_inner_texts() == ["2023年", "济南市教育局"]
    assert violations(page) == []
    kept = page.evaluate(
        "[location.href, document.referrer, document.cookie, ...Object.values(localStorage), ...Object.values(sessionStorage)].join()"
    )
    assert "秘密草稿" not in kept
    assert page.url.partition("?")[0] == f"{address}/check"
    file = tmp_path / "文稿.txt"
    file.write_text(DRAFT, "utf-8")
    page.goto(f"{address}/check?lang={lang}")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.drafting-form button").click()
    page.locator(".checked").wait_for()
    assert page.locator("mark.is-sure").count() == 2
    page.locator("input#q").click()
    assert "秘密草稿" not in page.locator("#suggestions").inner_text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_passages_are_collected_ordered_noted_and_exported(checked, address, lang):  # noqa: F811
    page = checked()
    page.goto(search(address, q="问题", kind="problems", lang=lang))
    page.locator("button.take-one").first.click()
    page.wait_for_function("!document.querySelector('[data-basket-count]').hidden")
    before = int(page.locator("[data-basket-count]").inner_text())
    page.locator(".hits h3 a").nth(1).click()
    paragraph = page.locator("section.part > p").filter(has_text="问题").first
    # Only what is selected is taken.
    paragraph.evaluate(
        """p => {
            const text = [...p.childNodes].find(n => n.nodeType === 3 && n.length > 12) || p.querySelector("mark").nextSibling;
            const range = document.createRange();
            range.setStart(text, 2);
            range.setEnd(text, 10);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    chosen = page.evaluate("getSelection().toString()")
    paragraph.hover()
    tools = paragraph.locator("xpath=following-sibling::details[1]")
    tools.locator("summary").click()
    tools.locator("button[data-take]").click()
    page.wait_for_function(f"document.querySelector('[data-basket-count]').textContent === '{before + 1}'")
    page.locator("header a[href^='/basket']").click()
    assert page.locator(".basket .passage").last.inner_text() == chosen
    assert violations(page) == []
    page.locator("button[value=up]").last.click()
    page.locator("textarea[name=note]").first.fill("可用")
    page.locator(".basket-item button").first.click()
    assert page.locator("textarea[name=note]").first.input_value() == "可用"
    with page.expect_download() as download:
        page.locator(".basket-tools .button").first.click()
    assert download.value.suggested_filename.endswith(".docx")
    while page.locator("button[value=remove]").count():
        page.locator("button[value=remove]").first.click()
    page.locator(".undo button").wait_for()
    assert page.locator(".undo button").count() == 1
    assert violations(page) == []
