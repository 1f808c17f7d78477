"""Every string of the page: there, in both languages, and in the words that were agreed."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from flask_babel import get_locale, gettext

import webui
from indexer.coverage import STATUSES
from indexer.fields import CODES
from indexer.query import SCOPES
from indexer.results import FACETS, SORTS
from indexer.reuse import REUSES
from webui.app import create_app
from webui.facets import ORDER
from webui.labels import LABELS, department_name, label, note_text, source_name, value_name
from webui.labels_codes import DEPARTMENTS
from webui.labels_help import HELP_GROUPS
from webui.localize import day, number, words
from webui.routes_trend import MEASURES
from webui.state import LANGS

WEBUI = Path(webui.__file__).parent
AGREED = Path(__file__).resolve().parents[2] / "shared" / "labels.md"
#: Keys that templates put together, by how they begin; each kind of ending has its test below.
BUILT = ("facet.", "match.", "error.", "trend.", "coverage.", "scope.", "sort.", "reuse.")


def template_keys():
    for path in sorted((WEBUI / "templates").glob("*.html")):
        for call in re.findall(r"\b(?:t|label)\(((?:[^()]|\([^()]*\))*)\)", path.read_text("utf-8")):
            for key in re.findall(r"'([a-z][\w.-]*)'", call):
                yield path.name, key


def test_templates_use_keys_that_exist():
    keys = {key for _, key in template_keys()} - {"zh", "en"}
    built = {key for key in keys if key in BUILT or key.startswith(".")}
    parts = {"year", "agency", "region"}  # names of facets in conditions inside a call
    assert "search.input" in keys
    assert keys - built - parts <= set(LABELS)


def test_templates_print_no_words_of_their_own():
    for path in (WEBUI / "templates").glob("*.html"):
        text = re.sub(r"\{% block page %\}.*?\{% endblock %\}", "", path.read_text("utf-8"))
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", "", text)
        words = set(re.findall(r"[一-鿿]+|[A-Za-z]{3,}", text))
        assert words <= {"chadang", "load", "index", "demo", "行政复议", "行政诉讼"}, path.name


def test_keys_that_are_put_together_exist():
    wanted = [f"facet.{field}" for field in FACETS]
    wanted += [f"match.{match}" for match in ("auto", "exact", "words", "most")]
    wanted += [f"scope.{scope}" for scope in SCOPES] + [f"sort.{sort}" for sort in SORTS]
    wanted += [f"match.{match}.why" for match in ("auto", "exact", "words", "most")]
    wanted += [f"error.{name}.title" for name in ("noindex", "stale", "query", "timeout", "report", "index")]
    wanted += [
        f"error.{name}.{end}" for name in ("page", "server", "report", "host", "large") for end in ("title", "why")
    ]
    wanted += ["error.method.title", "error.wording.title"]
    wanted += [f"reuse.{kind}{end}" for kind in REUSES for end in ("", ".why")]
    wanted += [f"trend.{measure}" for measure in MEASURES] + [f"coverage.{status}" for status in STATUSES]
    wanted += [key for group, rows in HELP_GROUPS for key in (group, *(meaning for _, meaning in rows))]
    assert set(wanted) <= set(LABELS)
    assert set(ORDER) == set(FACETS)


def test_both_languages_are_there_with_the_same_places_to_fill():
    for key, (zh, en) in LABELS.items():
        assert zh.strip(), key
        assert en.strip(), key
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (zh, en)]
        assert fields[0] == fields[1], key


@pytest.mark.parametrize(("lang", "column"), [("zh", 0), ("en", 1)])
def test_the_catalogs_are_in_step_with_the_tables(lang, column):
    """After a change of a table: .venv/bin/python scripts/make_catalogs.py."""
    folder = WEBUI / "translations" / lang / "LC_MESSAGES"
    wanted = {key: words[column] for key, words in LABELS.items()}
    with (folder / "messages.po").open("rb") as file:
        assert {m.id: m.string for m in read_po(file, locale=lang) if m.id} == wanted
    with (folder / "messages.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert {key: compiled.gettext(key) for key in wanted} == wanted


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_speaks_by_the_catalog_of_its_language(lang, tmp_path):
    app = create_app(tmp_path)
    with app.test_request_context(f"/?lang={lang}"):
        assert str(get_locale()) == lang
        word = words(lang)
        assert {key: word(key) for key in LABELS} == {key: label(key, lang) for key in LABELS}
        assert {key: gettext(key) for key in LABELS} == {key: label(key, lang) for key in LABELS}
        assert number(1234567) == "1,234,567"
        assert day("2014-02-18") == {"zh": "2014年2月18日", "en": "Feb 18, 2014"}[lang]
        with pytest.raises(KeyError):
            word("no.such.key")
    # An unknown language is Chinese, whatever the browser prefers.
    with app.test_request_context("/?lang=de", headers={"Accept-Language": "de,en"}):
        assert str(get_locale()) == "zh"


def test_no_key_is_unused():
    sources = "".join(path.read_text("utf-8") for path in [*WEBUI.glob("*.py"), *WEBUI.glob("templates/*.html")])
    lines = [line for line in sources.splitlines() if not re.match(r'    "[\w.-]+": \(', line)]
    text = "\n".join(lines)
    data = (
        "facet.",
        "match.",
        "error.",
        "note.",
        "source.",
        "read_by.",
        *(f"coverage.{status}" for status in STATUSES),
        *(f"{field}." for field in CODES),
        *(f"reuse.{kind}" for kind in REUSES),
    )
    unused = {key for key in LABELS if f"'{key}'" not in text and f'"{key}"' not in text and not key.startswith(data)}
    assert not unused


def agreed_pairs():
    """The rows of labels.md, whole and in their aligned parts."""
    for line in AGREED.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) != 2 or cells[0] in ("中文", "---"):
            continue
        zh, en = cells
        yield zh, en
        parts = [re.split(r" / | · |：", zh), re.split(r" / | · |: ", en)]
        if len(parts[0]) == len(parts[1]) > 1:
            yield from zip(*parts, strict=True)


@pytest.mark.skipif(not AGREED.exists(), reason="the table of agreed words (../shared/labels.md) isn't here")
def test_words_are_those_that_were_agreed():
    agreed = dict(agreed_pairs())
    used = {zh for zh, _ in LABELS.values()}
    # The site's title, the rungs, the totals … : the rows that this page needs.
    needed = "查档 · 政府报告全文检索|检索|精确|分词|部分匹配|检索式解读|检索范围|章节|整篇|正文|表格|命中章节|命中报告|出现次数"
    needed += (
        "|筛选|排除|清除筛选|地区|机关|所属系统|行政层级|报告年度|发布日期|发文字号|报告类型|报告格式|章节类型|目录"
    )
    needed += "|上一处|下一处|原文链接"
    assert set(needed.split("|")) <= used
    plurals = {"home.sections", "home.reports"}  # "42 reports": a count and its noun, not the name of a scope
    for key, (zh, en) in LABELS.items():
        if zh in agreed and key not in plurals:
            assert en == agreed[zh], key


def test_unknown_keys_and_codes():
    with pytest.raises(KeyError):
        label("no.such.key", "zh")
    assert value_name("kind", "review", "zh") == CODES["kind"]["review"][0]
    assert value_name("kind", "unheard-of", "en") == "unheard-of"
    assert value_name("region", "370200", "en") == "青岛市"
    assert value_name("agency", "", "en") == "Not stated"
    assert note_text("unclosed_quote", "en") != note_text("plain", "en")
    assert note_text("unheard-of", "en") == note_text("plain", "en")
    assert source_name("table:发布机构", "zh") == "页面信息表 发布机构"
    assert source_name("<b>", "zh") == "<b>"


def test_every_department_has_an_english_name():
    from corpus.departments import _DEPARTMENTS

    assert {name for name, _ in _DEPARTMENTS} <= set(DEPARTMENTS)
    assert department_name("教育", "en") == "Education"
    assert department_name("教育", "zh") == "教育"
