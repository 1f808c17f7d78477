"""The comparison in a real Chromium, in both languages, with axe-core."""

from __future__ import annotations

import pytest
from test_browser_axe import checked, violations  # noqa: F401 - a fixture
from test_browser_pages import address, chromium, pytestmark, search  # noqa: F401 - fixtures


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_reports_stand_side_by_side(checked, address, lang):  # noqa: F811
    page = checked()
    page.goto(search(address, q="公开", lang=lang))
    links = page.locator("main a[href^='/report/']").evaluate_all("all => all.map(a => a.pathname.split('/')[2])")
    before, after = list(dict.fromkeys(links))[:2]
    page.goto(f"{address}/compare?lang={lang}")
    page.locator("input[name=a]").fill(before)
    page.locator("input[name=b]").fill(after)
    page.locator("form[action='/compare'] button").click()
    page.wait_for_url("**/compare?a=**")
    assert page.locator(".compare-table ins").count()
    # A paragraph wraps in its cell and doesn't run into the one beside it.
    assert page.locator(".compare-table td").evaluate_all(
        "all => all.every(td => td.scrollWidth <= td.clientWidth + 1)"
    )
    assert (
        page.locator(".compare-table del").first.evaluate("e => getComputedStyle(e).textDecorationLine")
        == "line-through"
    )
    assert violations(page) == []
