"""Wordings in a real Chromium: folded lines, the list of wordings, their users, the reuse map; in both languages, with axe-core."""

from __future__ import annotations

import pytest
from test_browser_axe import checked, violations  # noqa: F401 - a fixture
from test_browser_pages import (  # noqa: F401 - fixtures
    address,
    chromium,
    follow,
    open_page,
    page,
    params_of,
    pytestmark,
    search,
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_folded_line_unfolds_at_a_click_and_folds_again(page, address, lang):  # noqa: F811
    page.goto(search(address, q="行政复议", lang=lang, size=20))
    totals = page.locator(".totals strong").all_inner_texts()
    lines = page.locator(".hit").count()
    more = page.locator(".same a").first
    said = more.inner_text()
    assert ("more with the same wording" in said) if lang == "en" else ("处同样表述" in said)
    follow(page, more)
    assert page.locator(".totals strong").all_inner_texts() == totals
    assert page.locator(".hit").count() == lines
    inside = page.locator(".in-report li")
    assert inside.count() == int("".join(filter(str.isdigit, said)))
    follow(page, page.locator(".hit:has(.in-report) .same a").first)
    assert page.locator(".in-report").count() == 0
    assert page.locator(".same a").first.inner_text() == said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_are_listed_at_a_click(page, address, lang):  # noqa: F811
    page.goto(search(address, q="行政复议", lang=lang, size=50))
    folded = page.locator(".hit").count()
    follow(page, page.locator(".tools a[href*='same=all']").first)
    assert ("same", "all") in params_of(page)
    assert page.locator(".hit").count() > folded or page.locator(".paging").count()
    assert page.locator(".same").count() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_from_results_to_wordings_to_their_users_to_the_source(page, address, lang):  # noqa: F811
    page.goto(search(address, q="公开", kind="problems", lang=lang))
    follow(page, page.locator(".tools a[href*='group=wording']"))
    assert ("kind", "problems") in params_of(page)
    first = page.locator(".hit-wording").first
    wording, said = first.locator(".wording").inner_text(), first.locator(".facts").first.inner_text()
    assert ("Earliest here" if lang == "en" else "本库最早") in said
    assert "首创" not in page.content()
    assert "抄袭" not in page.content()
    follow(page, first.locator(".same a"))
    assert page.locator(".wording-head .wording").inner_text() == wording
    users = page.locator("ol .hit")
    assert users.count() >= 2
    follow(page, users.first.locator("a.source"))
    assert "/report/" in page.url
    assert page.locator("mark").count()


def test_orders_of_wordings_are_kept_over_pages(page, address):  # noqa: F811
    page.goto(search(address, q="公开", group="wording"))
    follow(page, page.locator(".tools a[href*='order=rarest']"))
    assert page.locator(".hit-wording .facts").first.inner_text().startswith("1 份报告")
    follow(page, page.locator(".paging a[rel=next]"))
    assert {("order", "rarest"), ("page", "2"), ("group", "wording")} <= set(params_of(page))
    assert page.locator("ol[start]").get_attribute("start") == "11"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_reuse_map_of_a_report_leads_to_users_and_sources(page, address, lang):  # noqa: F811
    page.goto(search(address, q="公开", group="wording", lang=lang))
    follow(page, page.locator(".hit-wording a.source").first)
    follow(page, page.locator("a[href*='/reuse']"))
    shares = [int(text.rstrip("%")) for text in page.locator(".reuse-shares td:nth-child(2)").all_inner_texts()]
    assert len(shares) == 4
    assert 98 <= sum(shares) <= 102
    shared = page.locator(".reuse-list li:has(small a)").first
    text = shared.locator("span[lang]").inner_text()
    follow(page, shared.locator("small a").first)
    assert ("group", "wording") in params_of(page)
    assert page.locator("ol .hit").count() >= 2
    page.go_back()
    assert text in page.locator(".reuse-list").first.inner_text() or page.locator(".reuse-list").count() > 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_of_wordings_violates_wcag(checked, address, width, scheme, lang):  # noqa: F811
    page = checked(viewport={"width": width, "height": 900}, color_scheme=scheme)  # noqa: F811
    found = []

    def check(name):
        found.extend(f"{name}: {one}" for one in violations(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    page.goto(search(address, q="行政复议", lang=lang, size=20))
    check("folded")
    follow(page, page.locator(".same a").first)
    check("unfolded")
    page.goto(search(address, q="公开", group="wording", lang=lang))
    check("wordings")
    follow(page, page.locator(".hit-wording .same a").first)
    check("users")
    page.goto(search(address, q='"总体情况" "收到申请"', group="wording", lang=lang))
    check("no wordings")
    page.goto(search(address, q="公开", group="wording", lang=lang))
    follow(page, page.locator(".hit-wording a.source").first)
    follow(page, page.locator("a[href*='/reuse']"))
    check("reuse")
    assert found == []
