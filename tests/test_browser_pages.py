"""The page in a real Chromium, against a real server: what a reader does, with and without JavaScript."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from test_page_world import PATIENT, build_samples
from waitress.server import create_server

from indexer.service import Services
from webui.app import create_app
from webui.server import listen

#: Another one, an old one say, by CHADANG_CHROMIUM.
CHROMIUM = Path(os.environ.get("CHADANG_CHROMIUM", "/usr/bin/chromium"))
ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def missing() -> str:
    """Why no browser can be driven here; "" if one can."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright isn't installed (pip install playwright)"
    return "" if CHROMIUM.exists() else f"there is no Chromium at {CHROMIUM}"


pytestmark = [
    pytest.mark.browser,
    # In CI a missing browser is a failure (see the fixture), not a reason to pass.
    pytest.mark.skipif(bool(missing()) and not os.environ.get("CI"), reason=f"BROWSER TESTS NOT RUN: {missing()}"),
]


@contextmanager
def serving(home):
    """Serve the index below a home folder; gives the address."""
    listening = listen(None)
    served = create_server(create_app(home, services=Services(home, PATIENT)), sockets=[listening], threads=8)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    served.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(build_samples(tmp_path_factory.mktemp("browser"))) as url:
        yield url


@pytest.fixture(scope="module")
def chromium():
    if missing():
        pytest.fail(missing())
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open pages whose console must stay silent: no errors, no violations of the policy."""
    contexts = []
    said = []

    def opened(**options):
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def page(open_page, request):
    return open_page(java_script_enabled=request.param)


def search(address, **params):
    return f"{address}/search?{urlencode(params)}"


def follow(page, link):
    """Click what leads to another page, and wait until that page is there with its style."""
    with page.expect_navigation(wait_until="load"):
        link.click()


def params_of(page):
    return parse_qsl(urlsplit(page.url).query)


def count_of(text):
    return int("".join(c for c in text if c.isdigit()))


def sections(page):
    return count_of(page.locator(".totals strong").first.inner_text())


def test_searching_from_the_home_page(page, address):
    page.goto(address)
    page.locator("#q").fill("行政复议")
    follow(page, page.locator(".search button"))
    assert params_of(page) == [("q", "行政复议")]
    assert page.locator("#q").input_value() == "行政复议"
    assert page.locator(".hit").count() == 10
    assert page.locator(".hit mark").first.inner_text() == "行政复议"


def test_an_example_of_the_home_page_finds_something(page, address):
    page.goto(address)
    follow(page, page.locator(".examples a").first)
    assert sections(page) > 0


def test_a_facet_narrows_and_its_chip_widens_again(page, address):
    page.goto(search(address, q="公开"))
    before = sections(page)
    choice = page.locator(".panel", has=page.locator("#f-year")).locator(".choice").first
    expected = count_of(choice.locator(".count").inner_text().split("/")[0])
    year = choice.locator(".name").inner_text()
    follow(page, choice.locator(".toggle"))
    assert ("year", year) in params_of(page)
    assert sections(page) == expected < before
    follow(page, page.locator(".choice", has_text="信息公开年度报告").locator(".toggle"))
    assert page.locator(".chip").count() == 2
    follow(page, page.locator(".chip", has_text=year))
    assert ("year", year) not in params_of(page)
    assert page.locator(".chip").count() == 1
    follow(page, page.locator(".clear"))
    assert sections(page) == before


def test_several_values_of_a_facet_add_up(page, address):
    page.goto(search(address, q="公开"))
    panel = page.locator(".panel", has=page.locator("#f-year"))
    counts = [count_of(panel.locator(".count").nth(n).inner_text().split("/")[0]) for n in range(2)]
    follow(page, panel.locator(".toggle").nth(0))
    follow(page, panel.locator(".toggle").nth(1))
    assert panel.locator('.toggle[aria-checked="true"]').count() == 2
    assert sections(page) == sum(counts)


def test_excluding_a_value(page, address):
    page.goto(search(address, q="公开"))
    before = sections(page)
    choice = page.locator(".panel", has=page.locator("#f-form")).locator(".choice").first
    count = count_of(choice.locator(".count").inner_text())
    follow(page, choice.locator(".exclude"))
    assert sections(page) == before - count
    assert page.locator(".chip-excluded").count() == 1


def test_a_range_of_years(page, address):
    page.goto(search(address, q="公开", kind="overview"))
    page.locator('[name="year_from"]').fill("2010")
    page.locator('[name="year_to"]').fill("2014")
    follow(page, page.locator(".years button"))
    assert page.locator(".chip", has_text="2010..2014").count() == 1
    assert page.locator(".chip").count() == 2
    years = page.locator(".panel", has=page.locator("#f-year"))
    assert years.locator(".choice").count() > 5, "a facet is counted without its own selection"


def test_regions_open_and_drill_down(page, address):
    page.goto(search(address, q="公开"))
    tree = page.locator(".tree").first
    province = tree.locator("> li", has=page.get_by_role("checkbox", name="山东省", exact=True))
    province.locator("> details > summary").click()
    follow(page, province.get_by_title("山东省青岛市", exact=True))
    assert ("region", "370200") in params_of(page)
    assert page.locator(".chip").inner_text().split() == ["地区", "山东省青岛市", "×"]


def test_rungs_are_one_click_away(page, address):
    page.goto(search(address, q="公开申请"))
    for name in ("分词", "部分匹配", "精确"):
        rung = page.locator(".rungs a", has_text=name)
        count = count_of(rung.inner_text())
        follow(page, rung)
        assert sections(page) == count
        assert name in page.locator(".rungs [aria-current]").inner_text()


@pytest.mark.parametrize("width", [360, 1440])
def test_a_hit_leads_to_its_paragraph(page, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(search(address, q="期限 OR 收费", sort="date"))
    for number in range(4):
        follow(page, page.locator(".hit h3 a").nth(number))
        target = page.locator(":target")
        assert target.count() == 1
        assert target.evaluate("e => e.id") == urlsplit(page.url).fragment
        top = target.evaluate("e => e.getBoundingClientRect().top")
        bar = page.locator(".jump").evaluate("e => e.getBoundingClientRect().bottom")
        assert bar <= top < 800, "in view, below the bar"
        follow(page, page.locator(".back a"))
        assert ("sort", "date") in params_of(page)
        assert not [value for name, value in params_of(page) if name == "match"]


#: Whether the current match is in sight. (The page's policy forbids wait_for_function: it evaluates strings.)
SEEN = """
() => {
  const box = document.querySelector("mark.current").getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}
"""


def wait_until(page, holds):
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("it didn't come to pass within five seconds")


def test_jumps_move_and_wrap(open_page, address):
    page = open_page()
    page.goto(search(address, q="公开", kind="overview"))
    follow(page, page.locator(".hit h3 a").first)
    total = int(page.locator(".jump").get_attribute("data-marks"))
    assert total > 3

    def now():
        return int(page.locator("mark.current").first.get_attribute("data-m"))

    start = now()
    page.locator('[data-jump="1"]').click()
    assert now() == start % total + 1
    for _ in range(total):
        page.keyboard.press("n")
    assert now() == start % total + 1, "once round"
    while now() != 1:
        page.keyboard.press("p")
    page.locator('[data-jump="-1"]').click()
    assert now() == total
    wait_until(page, lambda: page.evaluate(SEEN))
    assert page.locator(".jump-count").inner_text().split()[1:] == [str(total), "/", str(total)]
    page.locator("#q").focus()
    page.keyboard.press("n")
    assert now() == total, "typing isn't jumping"


def test_a_match_in_a_wide_table_is_brought_into_sight(open_page, address):
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(search(address, q="法律服务机构", form="table"))
    follow(page, page.locator(".hit h3 a").first)
    wait_until(page, lambda: page.evaluate(SEEN))
    right = page.locator("mark.current").first.evaluate("e => e.getBoundingClientRect().right")
    assert 0 < right <= 360


def test_without_javascript_there_are_no_dead_buttons(open_page, address):
    page = open_page(java_script_enabled=False)
    page.goto(search(address, q="公开"))
    follow(page, page.locator(".hit h3 a").first)
    assert page.locator(".jump-buttons").is_hidden()
    assert page.locator(".jump-count").is_visible()


def test_the_space_bar_works_a_checkbox(open_page, address):
    page = open_page()
    page.goto(search(address, q="公开"))
    page.locator('[role="checkbox"]').first.focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Space")
    assert page.locator('[role="checkbox"][aria-checked="true"]').count() == 1


def test_filters_unfold_on_a_narrow_screen(page, address):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(search(address, q="公开"))
    assert page.locator(".filters").is_hidden()
    page.locator(".show-filters-label").click()
    assert page.locator(".filters").is_visible()
    page.goto(page.url)
    follow(page, page.locator(".hit h3 a").first)
    assert page.locator(".outline-wide").is_hidden()
    page.locator(".outline-narrow summary").click()
    page.locator(".outline-narrow a").last.click()
    assert page.locator(":target").count() == 1


def test_the_language_switch(page, address):
    page.goto(search(address, q="公开", region="370000"))
    found = sections(page)
    follow(page, page.get_by_role("link", name="English"))
    assert page.locator("html").get_attribute("lang") == "en"
    assert sections(page) == found
    follow(page, page.locator(".hit h3 a").first)
    assert page.locator("html").get_attribute("lang") == "en"
    follow(page, page.get_by_role("link", name="Query syntax"))
    follow(page, page.get_by_role("link", name="中文"))
    assert page.locator("h1").inner_text() == "检索语法"


def addresses(address):
    """Each page, the widest and the emptiest ones too."""
    yield "home", address
    yield "help", f"{address}/help?lang=en"
    yield "results", search(address, **{"q": "公开", "region": "370000", "-kind": "review", "lang": "en"})
    yield "all", f"{address}/search?page=3"
    yield "long-query", search(address, q="政府信息公开工作年度报告abcdefghijklmnopqrstuvwxyz" * 8)
    yield "nothing", search(address, q='"绝无此语" 火星', year="2010..2012")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_scrolls_sideways(open_page, address, width):
    page = open_page(viewport={"width": width, "height": 800})

    def overflow():
        return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    for name, url in addresses(address):
        page.goto(url)
        assert overflow() <= 0, name
        if width == 360 and page.locator(".show-filters-label").count():
            page.locator(".show-filters-label").click()
            assert overflow() <= 0, f"{name}, filters unfolded"
    page.goto(search(address, q="自然人", form="table"))
    follow(page, page.locator(".hit h3 a").first)
    assert page.locator(".grid").count() > 1
    assert overflow() <= 0, "a report with wide tables"


def test_missing_pages_fit_too(chromium, address):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    for path in ("/nope", "/report/0123456789abcdef?q=公开", "/search?q=" + "公" * 2001):
        page.goto(address + path)
        assert page.locator("h1").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


CONTRAST = """
() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const f = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) weak.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 20)}`);
  }
  return weak;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable_in_either_scheme(open_page, address, scheme):
    page = open_page(color_scheme=scheme)
    for name, url in addresses(address):
        page.goto(url)
        assert page.evaluate(CONTRAST) == [], name
    page.goto(search(address, q="公开"))
    follow(page, page.locator(".hit h3 a").first)
    page.keyboard.press("n")
    assert page.evaluate(CONTRAST) == [], "report"


def test_the_dark_scheme_changes_the_ground(open_page, address):
    grounds = set()
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        page.goto(address)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2


def test_the_skip_link_is_the_first_stop(open_page, address):
    page = open_page()
    page.goto(f"{address}/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").evaluate("e => e.getBoundingClientRect().left") >= 0


def test_nothing_moves_while_a_page_loads(open_page, address):
    """No layout shift: what scripts add has its room from the start."""
    page = open_page()
    count = """
    () => new Promise((done) => {
      let total = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) total += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(total), 300);
    })
    """
    page.goto(search(address, q="公开", match="exact"))
    report = page.locator(".hit h3 a").first.get_attribute("href")
    for path in (
        "/",
        "/help",
        "/search?q=公开",
        report,
        report.partition("?")[0] + "?find=公开",
        "/trend?q=公开",
        "/saved",
    ):
        page.goto(address + path if path.startswith("/") else path)
        assert page.evaluate(count) < 0.001, path


def test_the_outline_follows_the_reader(open_page, address):
    page = open_page()
    page.goto(search(address, q="公开", match="exact"))
    follow(page, page.locator(".hit h3 a").first)
    links = page.locator(".outline-wide a")
    links.last.click()
    waited_for(page, lambda: current_link(page) >= 0)
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    waited_for(page, lambda: current_link(page) > 0)
    page.evaluate("window.scrollTo(0, 0)")
    waited_for(page, lambda: current_link(page) <= 0)
    assert page.locator(".outline-wide [aria-current]").count() <= 1


def current_link(page):
    """Return which link of the outline is the current one; -1 if none is."""
    return page.evaluate(
        "[...document.querySelectorAll('.outline-wide a')].findIndex((a) => a.hasAttribute('aria-current'))"
    )


def waited_for(page, holds):
    """Assert that something comes to hold within ten seconds. (The page's policy forbids wait_for_function.)"""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to hold")


def test_finding_in_a_report_leads_to_the_first_match(page, address):
    page.goto(search(address, q="公开", match="exact"))
    follow(page, page.locator(".hit h3 a").first)
    page.locator("#find").fill("信息")
    follow(page, page.locator(".find button"))
    assert page.url.endswith("#m1")
    assert page.locator("mark#m1").inner_text() == "信息"
    box = page.locator("mark#m1").bounding_box()
    assert 0 <= box["y"] < 900


def test_on_a_phone_the_sources_of_the_metadata_unfold(page, address):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(search(address, q="公开"))
    follow(page, page.locator(".hit h3 a").first)
    more = page.locator(".facts-table .meta-more").first
    assert not more.is_visible()
    page.locator(".show-sources-label").click()
    assert more.is_visible()
    page.set_viewport_size({"width": 1440, "height": 800})
    assert not page.locator(".show-sources-label").is_visible()
    assert more.is_visible()
