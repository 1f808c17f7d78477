"""Similar wording in a real Chromium, in both languages, with axe-core."""

from __future__ import annotations

import pytest
from test_browser_axe import checked, violations  # noqa: F401 - a fixture
from test_browser_pages import address, chromium, pytestmark, search  # noqa: F401 - fixtures


def open_report(page, address, lang):  # noqa: F811
    """Open the first report on problems; return its first long paragraph."""
    page.goto(search(address, q="问题", kind="problems", lang=lang))
    page.locator(".hits h3 a").first.click()
    return page.locator("section.part > p").filter(has_text="问题").first


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_paragraph_leads_to_its_like_and_a_pasted_text_stands_in_no_address(checked, address, lang):  # noqa: F811
    page = checked()
    paragraph = open_report(page, address, lang)
    paragraph.hover()
    tools = paragraph.locator("xpath=following-sibling::details[1]")
    tools.locator("summary").click()
    assert violations(page) == []
    tools.locator("a[href^='/similar']").click()
    page.wait_for_url("**/similar?**")
    assert page.locator(".asked blockquote").inner_text().strip()
    assert violations(page) == []
    text = page.locator(".asked blockquote").inner_text().strip()
    page.goto(f"{address}/similar?lang={lang}")
    page.locator("textarea[name=text]").fill(text[:8] + "改了" + text[10:60])
    page.locator("form.drafting-form button").click()
    page.locator(".passages .hit").first.wait_for()
    assert page.url.endswith(f"/similar{'?lang=en' if lang == 'en' else ''}")
    assert page.evaluate("location.href + document.referrer").find("改了") < 0
    assert page.locator(".passages ins, .passages del").count() >= 1
    assert page.evaluate("JSON.stringify(Object.entries(localStorage))").find("改了") < 0
    assert violations(page) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_paragraph_is_copied_alone_and_with_its_source(checked, address, lang):  # noqa: F811
    page = checked()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    paragraph = open_report(page, address, lang)
    paragraph.hover()
    tools = paragraph.locator("xpath=following-sibling::details[1]")
    tools.locator("summary").click()
    tools.locator("[data-copy=plain]").click()
    page.wait_for_function("document.querySelector('[open] [data-copy=plain]').textContent !== ''")
    plain = page.evaluate("navigator.clipboard.readText()")
    assert plain == paragraph.evaluate(
        "p => [...p.childNodes].filter(n => !n.classList?.contains('permalink')).map(n => n.textContent).join('').trim()"
    )
    tools.locator("[data-copy=source]").click()
    page.wait_for_timeout(500)
    both = page.evaluate("navigator.clipboard.readText()")
    assert both.startswith(plain + "\n——")
    assert "[R" in both
    page.keyboard.press("Escape")
    assert tools.get_attribute("open") is None
