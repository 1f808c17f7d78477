"""What the page offers beside searching, in a real Chromium: years, suggestions, input methods, keys, report by report."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest
from test_browser_pages import (  # noqa: F401 - fixtures
    address,
    chromium,
    follow,
    open_page,
    page,
    params_of,
    pytestmark,
    search,
    sections,
    wait_until,
)

import webui

STATIC = Path(webui.__file__).parent / "static"


def test_a_bar_chooses_its_year_and_lets_go_of_it(page, address):  # noqa: F811
    page.goto(search(address, q="公开"))
    before = sections(page)
    bar = page.locator(".bars a").nth(2)
    year = bar.get_attribute("data-year")
    label = bar.get_attribute("title")
    follow(page, bar)
    assert ("year", year) in params_of(page)
    assert f"{sections(page)} 章节" in label
    follow(page, page.locator(".bars a[aria-current]"))
    assert sections(page) == before


def test_shift_and_a_second_bar_choose_a_range(open_page, address):  # noqa: F811
    page = open_page()  # noqa: F811
    page.goto(search(address, q="公开"))
    first, last = (page.locator(".bars a").nth(n).get_attribute("data-year") for n in (1, 4))
    follow(page, page.locator(".bars a").nth(4))
    with page.expect_navigation(wait_until="load"):
        page.locator(f'.bars a[data-year="{first}"]').click(modifiers=["Shift"])
    assert page.locator(".chip", has_text=f"{first}..{last}").count() == 1


def test_offers_within_and_groups_without_a_script_too(page, address):  # noqa: F811
    page.goto(search(address, q="青岛市 公开"))
    follow(page, page.locator(".offer").first)
    assert params_of(page) == [("q", "公开"), ("region", "370200")]
    page.locator("#within").fill("收费")
    follow(page, page.locator(".within button"))
    assert params_of(page) == [("q", "公开 收费"), ("region", "370200")]
    follow(page, page.locator(".switch a", has_text="报告").last)
    assert page.locator(".hit-report").count() > 0
    follow(page, page.locator(".hit-report h3 a").first)
    assert page.locator(":target").count() == 1
    follow(page, page.locator('[data-beside="next"]'))
    assert page.locator(".beside").inner_text().startswith("‹")
    page.locator("#find").fill("信息")
    follow(page, page.locator(".find button"))
    assert {mark.inner_text() for mark in page.locator("mark").all()[:5]} == {"信息"}
    follow(page, page.locator(".back a"))
    assert ("q", "公开 收费") in params_of(page)
    assert ("group", "report") in params_of(page)


def test_values_are_found_by_name(page, address):  # noqa: F811
    page.goto(search(address, q="公开"))
    box = page.locator('[name="find-agency"]')
    box.fill("青岛")
    follow(page, page.locator(".find-values", has=box).locator("button"))
    names = page.locator('[aria-labelledby="f-agency"] .name').all_inner_texts()
    assert names
    assert all("青岛" in name for name in names)


def test_suggestions_are_chosen_with_the_arrows(open_page, address):  # noqa: F811
    page = open_page()  # noqa: F811
    page.goto(search(address, q="公开"))
    box = page.locator("#q")
    box.fill("公开 青岛")
    page.locator('[role="option"]', has_text="青岛市").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert params_of(page) == [("q", "公开"), ("region", "370200")]
    page.locator("#q").fill("公开 青岛")
    page.locator('[role="option"]').first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".suggestions").is_hidden()
    assert page.locator("#q").input_value() == "公开 青岛", "Escape closes the list and leaves what was typed"


def test_earlier_queries_are_kept_in_this_browser_and_can_be_forgotten(open_page, address):  # noqa: F811
    page = open_page()  # noqa: F811
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(search(address, q="依申请公开 答复"))
    page.goto(address)
    asked.clear()
    page.locator("#q").focus()
    page.keyboard.press("ArrowDown")
    page.locator('[role="option"]', has_text="依申请公开 答复").wait_for()
    assert [url for url in asked if "/static/" not in url] == [], "what was asked before goes nowhere"
    page.locator('[role="option"]', has_text="清除以前的检索").click()
    page.keyboard.press("ArrowDown")
    assert page.locator(".suggestions").is_hidden()
    assert page.evaluate("localStorage.getItem('chadang.queries')") == "[]"


COMPOSING = """
([type, key]) => {
  const box = document.getElementById("q");
  const event = type === "keydown"
    ? new KeyboardEvent("keydown", { key, isComposing: true, bubbles: true, cancelable: true })
    : new CompositionEvent(type, { data: key, bubbles: true });
  return box.dispatchEvent(event);
}
"""


def test_an_input_method_keeps_its_keys(open_page, address):  # noqa: F811
    page = open_page()  # noqa: F811
    page.goto(search(address, q="公开"))
    page.locator("#q").fill("青岛")
    page.locator('[role="option"]').first.wait_for()
    for key in ("ArrowDown", "Enter", "Escape"):
        assert page.evaluate(COMPOSING, ["keydown", key]) is True, "not prevented"
    assert page.locator(".suggestions").is_visible()
    assert page.locator("#q").get_attribute("aria-activedescendant") is None
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.getElementById('q').dispatchEvent(new InputEvent('input', {isComposing: true}))")
    page.wait_for_timeout(400)
    assert asked == [], "half a syllable is no query"
    page.evaluate(COMPOSING, ["compositionend", "青岛"])
    wait_until(page, lambda: len(asked) == 1)


def test_single_keys(open_page, address):  # noqa: F811
    page = open_page()  # noqa: F811
    page.goto(search(address, q="公开"))
    focused = "document.activeElement"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(f"{focused} === document.querySelectorAll('.hit h3 a')[1]")
    page.keyboard.press("k")
    assert page.evaluate(f"{focused} === document.querySelectorAll('.hit h3 a')[0]")
    page.keyboard.press("f")
    assert page.evaluate(f"{focused}.closest('.filters') !== null")
    page.keyboard.press("/")
    assert page.evaluate(f"{focused}.id") == "q"
    page.keyboard.type("/j?")
    assert page.locator("#q").input_value().endswith("/j?"), "typing is typing"
    page.goto(page.url)
    page.keyboard.press("j")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert urlsplit(page.url).path.startswith("/report/")
    place = page.locator(".beside span").inner_text()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("]")
    assert page.locator(".beside span").inner_text() != place
    page.keyboard.press("j")
    assert page.evaluate(f"{focused}.className") == "permalink"


def test_single_keys_can_be_switched_off(open_page, address):  # noqa: F811
    page = open_page()  # noqa: F811
    page.goto(search(address, q="公开"))
    page.keyboard.press("?")
    page.locator("dialog[open] [data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    for key in ("j", "/", "f", "?"):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement === document.body || document.activeElement.tagName === 'DIALOG'")
    assert page.locator("dialog[open]").count() == 0
    page.goto(f"{address}/help")
    assert not page.locator("main [data-keys-on]").is_checked(), "kept"
    page.locator("main [data-keys-on]").check()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_keys_are_listed_without_a_script(open_page, address):  # noqa: F811
    page = open_page(java_script_enabled=False)  # noqa: F811
    page.goto(address)
    follow(page, page.locator(".foot a"))
    assert page.locator("main .keys-list").is_visible()
    assert page.locator("main .keys-switch").is_hidden(), "a switch that nothing answers to"


def test_a_printed_report_has_query_corpus_and_no_controls(open_page, address):  # noqa: F811
    page = open_page()  # noqa: F811
    page.goto(search(address, q="公开"))
    corpus = page.locator(".foot code").first.inner_text()
    follow(page, page.locator(".hit h3 a").first)
    page.emulate_media(media="print")
    assert corpus in page.locator(".print-head").inner_text()
    assert "公开" in page.locator(".print-head").inner_text()
    for gone in (".top", ".foot", ".find", ".jump-buttons", ".in-result", ".permalink"):
        assert page.locator(gone).first.is_hidden(), gone
    style = (
        page.locator("mark")
        .nth(1)
        .evaluate("e => [getComputedStyle(e).fontWeight, getComputedStyle(e).borderBottomStyle]")
    )
    assert style == ["700", "solid"], "told without colour"


def test_printed_results_say_what_was_asked_of_which_corpus_and_number_their_pages(open_page, address, tmp_path):  # noqa: F811
    page = open_page()  # noqa: F811
    page.goto(search(address, q="公开 收费", size="50", sort="date", year="2009..2020", **{"-kind": "review"}))
    corpus = page.locator(".foot code").first.inner_text()
    printed = tmp_path / "results.pdf"
    page.pdf(path=printed, format="A4", prefer_css_page_size=True)
    from pypdf import PdfReader

    # Some fonts give radicals for characters.
    pages = ["".join(normalize("NFKC", each.extract_text()).split()) for each in PdfReader(printed).pages]
    assert len(pages) > 2
    for said in (
        corpus,
        "检索式公开收费",
        "公开AND收费",
        "匹配方式精确",
        "排序最新优先",
        "2009..2020",
        "排除复议和诉讼",
        "第1",
    ):
        assert said in pages[0], said
    # Margin boxes with counters came to Chromium with version 131; an older one prints its own numbers.
    if int(page.context.browser.version.split(".")[0]) >= 131:
        for number, text in enumerate(pages, 1):
            assert f"{number}/{len(pages)}" in text
    for gone in ("分词56", "保存检索", "导出", "每页"):
        assert gone not in pages[0]


#: What Chromium learned after version 86 and has no use without (a rule or a statement that would be lost).
TOO_NEW = {
    "css": r":has\(|:is\(|:where\(|\binset\s*:|aspect-ratio|color-mix|@layer|@container|\d[ds]v[hw]\b|accent-color"
    r"|okl(ch|ab)\(|text-wrap|scrollbar-gutter|(margin|padding|inset|border)-(inline|block)\s*:|^\s*&|light-dark\(|:user-valid",
    "js": r"\.at\(|structuredClone|Object\.(hasOwn|groupBy)|\.findLast|randomUUID|\.toSorted|\.toReversed|static \{"
    r"|checkVisibility|fromAsync|canParse|\.inert\b|popover|replaceChildren|:has\(|\bimport\s|WeakRef|Intl\.Segmenter",
}


@pytest.mark.parametrize("kind", ["css", "js"])
def test_nothing_newer_than_chromium_86(kind):
    files = sorted(STATIC.glob(f"*.{kind}"))
    assert files
    for path in files:
        found = re.search(TOO_NEW[kind], path.read_text("utf-8"), re.MULTILINE)
        assert not found, f"{path.name}: {found[0] if found else ''}"
