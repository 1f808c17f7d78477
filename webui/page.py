"""What every template may use: the state, the language, the words, the addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup

from corpus.cli import at_home
from corpus.regions import full_name
from indexer.results import FACETS, Hit
from webui import localize
from webui.facets import chips
from webui.labels import filter_name, label, note_text, source_name, value_name
from webui.localize import day, half, moment, number, words
from webui.marking import marked, marked_row
from webui.state import Lang, SearchState, parse, switched

#: What takes too long is offered for so many years.
_LATEST_YEARS = 3


@dataclass(frozen=True, slots=True)
class Here:
    """The request as the page sees it."""

    state: SearchState
    path: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def lang(self) -> Lang:
        """The language of the page."""
        return self.state.lang

    @property
    def other_lang_url(self) -> str:
        """This page in the other language."""
        return switched(self.path, self.pairs, "zh" if self.lang == "en" else "en")

    def to(self, path: str) -> str:
        """Return the address of one of our pages, in the language of this one."""
        return switched(path, (), self.lang)

    def counted(self, path: str) -> str:
        """Return the address of a page that counts what is asked here: query and filters are kept."""
        return self.state.with_page(1).url.replace("/search", path, 1)

    @property
    def compare(self) -> str:
        """The page that compares; from a report with that report as the later one."""
        report_id = self.path.removeprefix("/report/")
        pairs = (("b", report_id),) if self.path.startswith("/report/") and "/" not in report_id else ()
        return switched("/compare", pairs, self.lang)

    def without(self, *names: str) -> str:
        """Return the address of this page without some of its parameters."""
        return switched(self.path, [pair for pair in self.pairs if pair[0] not in names], self.lang)

    @property
    def unfiltered(self) -> str:
        """The address of this page without its filters."""
        return self.without(*FACETS, *(f"-{field}" for field in FACETS), "year_from", "year_to")

    @property
    def again(self) -> str:
        """The address of this page, as it was asked."""
        return self.without("page")

    @property
    def narrower(self) -> tuple[tuple[str, str], ...]:
        """Key of what it is, and address, of this page over less: prose alone, the latest years; what is chosen stays."""
        asked = {name for name, value in self.pairs if value}
        found = []
        if "form" not in asked:
            found.append(("error.timeout.prose", switched(self.path, (*self.pairs, ("form", "prose")), self.lang)))
        if not asked & {"year", "year_from", "year_to"}:
            since = (("year_from", str(datetime.now(UTC).year - _LATEST_YEARS)),)
            found.append(("error.timeout.years", switched(self.path, (*self.pairs, *since), self.lang)))
        return tuple(found)

    def search(self, query: str) -> str:
        """Return the address of a fresh search in the language of this page."""
        return SearchState(q=query, lang=self.lang).url

    def value(self, field: str, value: str) -> str:
        """Return the address of all sections with one value of a facet."""
        return SearchState(lang=self.lang).with_value(field, value).url


def here() -> Here:
    """Return what the current request asks."""
    pairs = tuple(request.args.items(multi=True))
    return Here(parse(pairs), request.path, pairs)


def snippet(hit: Hit) -> Markup:
    """Return the snippet of a hit as HTML; a row of a table shows its cells."""
    as_html = marked_row if hit.form == "table" else marked
    return as_html(hit.snippet.text, hit.snippet.highlights)


def at_this_home(text: str) -> str:
    """Return a text whose commands of ours work on the library that this page shows."""
    return at_home(text, current_app.config["HOME"])


def register(app: Flask) -> None:
    """Make the words and addresses known to every template."""
    localize.register(app, lambda: here().lang)

    @app.context_processor
    def known() -> dict[str, Any]:
        now = here()
        return {
            "here": now,
            "lang": now.lang,
            # What the page says anyway need not be said of each text.
            "zh": Markup(' lang="zh-CN"') if now.lang == "en" else "",
            "state": now.state,
            "t": words(now.lang),
            "value_name": lambda field, value: value_name(field, value, now.lang),
            "filter_name": lambda field, value: filter_name(field, value, now.lang),
            "source_name": lambda source: source_name(source, now.lang),
            "note_text": lambda code: note_text(code, now.lang),
            "full_name": full_name,
            "number": number,
            "half": lambda text: half(text, now.lang),
            "day": day,
            "moment": moment,
            "moment_now": lambda: moment(datetime.now(UTC).isoformat()),
            "filters_now": lambda: chips(now.state),
            "label": label,
            "at_home": at_this_home,
            "snippet": snippet,
        }
