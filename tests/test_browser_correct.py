"""Corrections, saved searches and kept pages in a real Chromium, as a reader makes them, without JavaScript too."""

from __future__ import annotations

from test_browser_axe import checked, violations  # noqa: F401 - fixtures
from test_browser_pages import (  # noqa: F401 - fixtures
    address,
    chromium,
    follow,
    open_page,
    page,
    pytestmark,
    search,
)


def test_a_reader_corrects_and_undoes(page, address):  # noqa: F811
    page.goto(search(address, q="行政复议", match="exact"))
    follow(page, page.locator(".hit h3 a").first)
    page.locator("#correct > summary").click()
    page.locator("#c-document_number").fill("测字〔2012〕7号")
    page.locator("#c-why").fill("见原件")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert "测字〔2012〕7号" in page.locator(".facts-table").inner_text()
    assert "见原件" in page.locator(".correct-history").inner_text()
    assert page.locator(".correct [role=status]").is_visible()
    assert page.locator(".back a").count() == 1
    follow(page, page.locator(".correct-history button").first)
    assert "测字〔2012〕7号" not in page.locator(".facts-table").inner_text()


def test_the_form_violates_nothing(checked, address):  # noqa: F811
    found = []
    for width in (360, 1440):
        for scheme in ("light", "dark"):
            for lang in ("zh", "en"):
                page = checked(viewport={"width": width, "height": 900}, color_scheme=scheme)  # noqa: F811
                page.goto(search(address, q="行政诉讼", match="exact", lang=lang))
                follow(page, page.locator(".hit h3 a").first)
                page.locator("#correct > summary").click()
                page.locator("#c-document_number").fill(f"测字{width}{scheme}{lang}")
                follow(page, page.locator(".correct-form button[value=save]").last)
                found += [f"{width} {scheme} {lang} {one}" for one in violations(page)]
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{wide} wide"
    assert found == []
