"""WCAG 2.2 AA by axe-core (tests/axe) in a real Chromium: every page, light and dark, wide and narrow, in both languages."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from test_browser_pages import address, chromium, follow, pytestmark, search  # noqa: F401 - fixtures

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.html.slice(0, 160)}`));
}
"""


def violations(page):
    return page.evaluate(RUN, RULES)


@pytest.fixture
def checked(chromium, request):  # noqa: F811
    """Open pages with axe in them; the policy of the page would refuse a script put in later, so it is bypassed here."""
    contexts = []

    def opened(**options):
        context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", **options)
        context.add_init_script(path=str(AXE))
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def pages_of(address, lang):  # noqa: F811
    more = {} if lang == "zh" else {"lang": lang}
    yield "home", f"{address}/?{urlencode(more)}"
    yield "help", f"{address}/help?{urlencode(more)}"
    yield "results", search(address, q="青岛市 公开", **{"-kind": "review"}, **more)
    yield "reports", search(address, q="公开", group="report", region="370000", **more)
    yield "all", search(address, year="2010..2015", page="2", **more)
    yield "nothing", search(address, q='"绝无此语" 火星', year="2010..2012", **more)
    yield "values", search(address, q="公开", **{"find-region": "青岛"}, **more)
    yield "error", search(address, q="公" * 2001, **more)
    yield "missing", f"{address}/nope?{urlencode(more)}"
    yield "compare", f"{address}/compare?{urlencode(more)}"
    yield "no-report", f"{address}/report/0123456789abcdef?{urlencode({'q': '公开', **more})}"


def test_axe_would_find_something(checked, address):  # noqa: F811
    page = checked()
    page.goto(address)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=/x>')")
    assert {one.split(":")[0] for one in violations(page)} >= {"label", "image-alt"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_violates_wcag(checked, address, width, scheme, lang):  # noqa: F811
    page = checked(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = []

    def check(name):
        found.extend(f"{name}: {one}" for one in violations(page))

    for name, url in pages_of(address, lang):
        page.goto(url)
        check(name)
    page.goto(search(address, q="公开 收费", lang=lang))
    if width == 360:
        page.locator(".show-filters-label").click()
        check("filters unfolded")
    page.locator("#q").fill("青岛")
    page.locator(".suggestions [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    check("suggestions")
    page.goto(search(address, q="公开 收费", lang=lang))
    follow(page, page.locator(".hit h3 a").first)
    page.keyboard.press("n")
    check("report")
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    check("keys")
    page.goto(page.url.split("?")[0] + "?" + urlencode({"find": "公开", "lang": lang}))
    check("find in report")
    page.goto(search(address, q="自然人", form="table", lang=lang))
    follow(page, page.locator(".hit h3 a").first)
    check("report with tables")
    assert found == []
