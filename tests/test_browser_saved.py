"""Saved searches in a real Chromium: saved from the results, listed, what is new, renamed, seen, deleted; without JavaScript too."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from test_browser_axe import checked, violations  # noqa: F401 - fixtures
from test_browser_pages import (  # noqa: F401 - fixtures
    chromium,
    follow,
    open_page,
    page,
    params_of,
    pytestmark,
    search,
    serving,
)
from test_page_world import build_samples
from test_saved import load, report


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("browser-saved"))


@pytest.fixture(scope="module")
def address(home):
    with serving(home) as url:
        yield url


def test_a_reader_saves_looks_again_renames_and_deletes(page, address, home):  # noqa: F811
    page.goto(search(address, q="收费 减免", region="370000"))
    page.locator(".save-search summary").click()
    page.locator('.save-search input[name="name"]').fill("减免")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert urlsplit(page.url).path == "/saved"
    row = page.locator(".saved-table tbody tr:target")
    assert "没有新增" in row.inner_text()
    follow(page, row.locator("th a"))
    assert ("region", "370000") in params_of(page)
    page.go_back()
    load(home, [report(uuid4().hex, "收费减免", region="370200")])
    page.goto(f"{address}/")
    assert page.locator(".news").inner_text() == "减免 1 篇报告，1 个章节"
    follow(page, page.locator(".news a"))
    assert urlsplit(page.url).path.startswith("/saved/")
    page.goto(f"{address}/saved")
    news = page.locator(".has-news")
    assert news.inner_text() == "1 篇报告，1 个章节"
    follow(page, news)
    assert page.locator(".hit mark").first.inner_text() == "收费"
    follow(page, page.locator(".saved-manage button"))
    assert page.locator(".has-news").count() == 0
    page.goto(f"{address}/")
    assert page.locator(".news").count() == 0
    page.goto(f"{address}/saved")
    page.locator(".saved-manage summary").first.click()
    page.locator('.saved-manage input[name="name"]').first.fill("收费的减免")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert page.locator("tbody th").inner_text() == "收费的减免"
    follow(page, page.locator('button[value="remove"]'))
    assert page.locator(".saved-table").count() == 0
    assert page.locator(".empty").is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_violate_nothing(checked, address, width, scheme, lang):  # noqa: F811
    page = checked(viewport={"width": width, "height": 900}, color_scheme=scheme)  # noqa: F811
    found = []
    page.goto(f"{address}/saved?lang={lang}")
    found += violations(page)
    for query in ("公开 收费", "行政复议"):
        page.goto(search(address, q=query, lang=lang, **{"-kind": "review"}))
        page.locator(".save-search summary").click()
        page.locator('.save-search input[name="name"]').fill(f"{query} {width} {scheme} {lang}")
        found += violations(page)
        follow(page, page.locator(".save-search button"))
    page.locator(".saved-manage summary").first.click()
    found += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    number = page.locator("tbody tr").first.get_attribute("id").removeprefix("s-")
    page.goto(f"{address}/saved/{number}?lang={lang}")
    found += violations(page)
    assert found == []
