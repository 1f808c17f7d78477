"""The results page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from indexer.errors import SearchTimeout, WordingNotFound
from indexer.query import Rung
from indexer.results import Facet, SearchRequest, SearchResults
from indexer.service import Searcher, Services
from webui.facets import ORDER, chips, panels
from webui.histogram import HEIGHT, bars
from webui.inwords import in_words
from webui.marking import marked
from webui.offers import offers, words_of
from webui.page import here
from webui.state import SIZES, SearchState, clean

_AROUND = 2
#: Sections of one wording that a line unfolds to.
UNFOLDED: Final = 100
#: What binds looser than the blank that joins two queries.
_LOOSE: Final = re.compile(r"[|｜]|(?:^|\s)OR(?:\s|$)")
_QUOTES = str.maketrans("", "", '"“”「」')


@dataclass(frozen=True, slots=True)
class Paging:
    """The pages there are, and those whose numbers are shown (0 stands for a gap)."""

    page: int
    pages: int
    shown: tuple[int, ...]


def blueprint(services: Services) -> Blueprint:
    """Return the route of the results page."""
    pages = Blueprint("search", __name__)

    @pages.get("/search")
    def results() -> str | Response:
        state = here().state
        within = clean(request.args.get("within", ""))
        if within:
            return redirect(state.with_query(narrowed(state.q, within)).url)
        if state.group == "wording":
            return _wordings(services, state)
        grouped = services.by_report(state.request()) if state.group == "report" else None
        found = grouped.found if grouped else services.search(state.request())
        unfolded = services.searcher().same(state.request(), state.wording, UNFOLDED) if state.wording else ()
        return render_template(
            "results.html",
            found=found,
            grouped=grouped,
            unfolded=unfolded,
            worded=None,
            users=None,
            mark=None,
            paging=paging(state.page, state.size, grouped.reports if grouped else found.lines),
            **_beside(services, state, found),
        )

    @pages.get("/search/")
    def with_slash() -> Response:
        return redirect(here().state.url)

    return pages


def _wordings(services: Services, state: SearchState) -> str | Response:
    """Return the page of wordings, or of the users of one; totals and facets are those of the sections."""
    # The page that is asked first lists sections, and needn't load these.
    from indexer.wordings import users as users_of  # noqa: PLC0415
    from indexer.wordings import wordings  # noqa: PLC0415

    searcher = services.searcher()
    asked = replace(state.request(), same="all")
    worded, users = None, None
    if state.wording:
        try:
            users = users_of(searcher, asked, state.wording)
        except WordingNotFound:  # a filter has left none of its users
            return redirect(state.with_wording("").url)
        rung, total = users.match, users.wording.reports
    else:
        worded = wordings(searcher, asked, sort=state.order)
        rung, total = worded.match, worded.total
    found = searcher.search(replace(asked, match=rung, size=0, page=1))
    return render_template(
        "results.html",
        found=found,
        grouped=None,
        unfolded=(),
        worded=worded,
        users=users,
        mark=_marker(searcher, state.q, rung),
        paging=paging(state.page, state.size, total),
        **_beside(services, state, found),
    )


def _marker(searcher: Searcher, query: str, rung: Rung) -> Callable[[str], Markup]:
    """Return what marks a query's matches in a sentence."""
    highlighter = searcher.reading(query, rung).highlighter
    return lambda text: marked(text, highlighter.spans(text))


def _beside(services: Services, state: SearchState, found: SearchResults) -> dict[str, Any]:
    """Return what stands beside the hits, whatever they are put together by."""
    finds = {field: clean(request.args.get(f"find-{field}", "")) for field in ORDER}
    return {
        "panels": panels(found.facets, state, finds),
        "bars": bars(found.facets, state),
        "bar_height": HEIGHT,
        "offers": offers(found.facets if found.sections else _nearby_facets(services, state), state),
        "in_words": in_words(state.q, found.match, state.scope, state.lang),
        "chips": chips(state),
        "sizes": SIZES,
        "unquoted": _unquoted(state, found),
    }


def narrowed(query: str, within: str) -> str:
    """Return a query for what else must be met: two queries joined by "and", each kept whole."""
    parts = [f"({part})" if _LOOSE.search(part) else part for part in (query, within) if part]
    return " ".join(parts)


def _nearby_facets(services: Services, state: SearchState) -> tuple[Facet, ...]:
    """Return the values of what the filters leave, for a query that found nothing and so has none of its own."""
    if not words_of(state.q):
        return ()
    try:
        asked = SearchRequest(filters=state.filters(), facets=("region", "agency", "year"), size=0)
        return services.search(asked).facets
    except SearchTimeout:
        return ()


def paging(page: int, size: int, total: int) -> Paging:
    """Return which page numbers to show: the first, the last, and those around the current one."""
    pages = max(-(-total // size), 1)
    near = range(max(page - _AROUND, 1), min(page + _AROUND, pages) + 1)
    numbers = sorted({1, pages, *near})
    shown: list[int] = []
    for number in numbers:
        if shown and number > shown[-1] + 1:
            # A gap of one page is shorter written as that page.
            shown.append(number - 1 if number == shown[-1] + 2 else 0)
        shown.append(number)
    return Paging(page, pages, tuple(shown))


def _unquoted(state: SearchState, found: SearchResults) -> str:
    """Return where the same words are searched without quotes, for a search that found nothing; else ""."""
    bare = state.q.translate(_QUOTES)
    return state.with_query(bare).url if not found.sections and bare.strip() and bare != state.q else ""
