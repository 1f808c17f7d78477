"""The pages of saved searches: save, list, what is new, rename, delete."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from indexer.errors import IndexerError, QueryRejected, SavedSearchError, SearchTimeout
from indexer.results import Hit, SearchRequest
from indexer.saved import News, SavedSearch, SavedSearches
from indexer.service import Searcher, Services
from webui.facets import chips
from webui.guard import form_token, is_our_form
from webui.labels import label
from webui.newsroom import Newsroom
from webui.page import here
from webui.routes_search import narrowed
from webui.state import Lang, SearchState, parse, range_text

Answer: TypeAlias = "tuple[str, int]"
#: New reports that are listed at most.
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A saved search on the page; ``failed`` says why it can't be run now."""

    saved: SavedSearch
    state: SearchState
    filters: tuple[str, ...]
    news: News | None
    failed: str = ""


def blueprint(home: Path, services: Services, room: Newsroom) -> Blueprint:
    """Return the routes of saved searches."""
    pages = Blueprint("saved", __name__)
    kept = SavedSearches(home)

    def listed(refused: str = "") -> str:
        now = here()
        searcher = services.searcher()
        return render_template(
            "saved.html",
            lines=[_line(searcher, room, each, now.lang) for each in kept.all()],
            refused=refused,
            done=request.args.get("done", ""),
            token=form_token(),
        )

    @pages.get("/saved")
    def show() -> str | Answer:
        try:
            return listed()
        except SavedSearchError as error:
            return _refused(error)

    @pages.get("/saved/<number>")
    def new(number: str) -> str | Answer:
        lang = here().lang
        try:
            saved = kept.numbered(_number(number))
        except SavedSearchError as error:
            return _refused(error, 404)
        searcher = services.searcher()
        line = _line(searcher, room, saved, lang)
        hits: tuple[Hit, ...] = ()
        more: dict[str, int] = {}
        if line.news:
            hits = searcher.hits(saved.request, [(report, first) for report, _, first in line.news.new[:SHOWN]])
            more = {report: count for report, count, _ in line.news.new}
        return render_template("saved_new.html", line=line, hits=hits, more=more, shown=SHOWN, token=form_token())

    @pages.post("/saved")
    def change() -> Answer | Response:
        lang, sent = here().lang, request.form
        do = sent.get("do", "")
        if not is_our_form():
            return _refused(SavedSearchError(*(label("wordlist.token", each) for each in ("zh", "en"))), 403)
        number = _number(sent.get("number", ""))
        try:
            if do == "save":
                asked = parse(sent.items(multi=True)).request()
                made = kept.add(sent.get("name", ""), asked, services.searcher())
                return redirect(_to(lang, "saved", f"s-{made.number}"), 303)
            if do == "rename":
                kept.rename(number, sent.get("name", ""))
            elif do == "remove":
                kept.remove(number)
            elif do == "seen":
                kept.see(number, services.searcher())
            elif do == "seen-all":
                for each in kept.all():
                    kept.see(each.number, services.searcher())
            else:
                return listed(label("error.method.title", lang)), 400
        except (SavedSearchError, QueryRejected, SearchTimeout) as error:
            try:
                return listed(error.text(lang)), 400
            except SavedSearchError as again:
                return _refused(again)
        return redirect(_to(lang, do, f"s-{number}" if do == "rename" else ""), 303)

    return pages


def state_of(asked: SearchRequest, lang: Lang) -> SearchState:
    """Return the state of the page that asks what a request asks.

    The page has one range of years at most, and none to exclude: those beyond it stand in the query.
    """
    chosen = tuple((f.field, value) for f in asked.filters if not f.exclude for value in f.values)
    excluded = tuple((f.field, value) for f in asked.filters if f.exclude for value in f.values)
    ranges = [(f.exclude, (f.low, f.high)) for f in asked.filters if f.is_range]
    of_years = [years for out, years in ranges if not out]
    single = any(field == "year" for field, _ in chosen)
    years = of_years[0] if of_years and not single else None
    rest = " ".join(f"{'-' if out else ''}year:{range_text(each)}" for out, each in ranges if out or each != years)
    state = SearchState(
        q=narrowed(asked.query, rest), match=asked.match, scope=asked.scope, copies=asked.copies, lang=lang,
        chosen=chosen, excluded=excluded, years=years,
    )  # fmt: skip
    return parse(state.pairs())


def _line(searcher: Searcher, room: Newsroom, saved: SavedSearch, lang: Lang) -> Line:
    state = state_of(saved.request, lang)
    filters = tuple(
        label("filters.excluded", lang).format(what=chip.name) if chip.excluded else chip.name for chip in chips(state)
    )
    try:
        return Line(saved, state, filters, room.news(searcher, saved))
    except (QueryRejected, SearchTimeout) as error:
        return Line(saved, state, filters, None, error.text(lang))


def _number(text: str) -> int:
    """Return the number of a saved search as it was sent; 0, which none has, for what is no number or too large for one."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _refused(error: IndexerError, status: int = 503) -> Answer:
    """Return a page that says why the saved searches can't be shown."""
    return render_template(
        "saved.html", lines=None, refused=error.text(here().lang), done="", token=form_token()
    ), status


def _to(lang: Lang, done: str, anchor: str) -> str:
    return f"/saved?done={done}{'&lang=en' if lang == 'en' else ''}{'#' + anchor if anchor else ''}"
