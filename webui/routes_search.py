"""The results page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from indexer.results import SearchResults
from indexer.service import Services
from webui.facets import chips, panels
from webui.page import here
from webui.state import SIZES, SearchState

_AROUND = 2
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
        found = services.search(state.request())
        return render_template(
            "results.html",
            found=found,
            paging=paging(state.page, state.size, found.sections),
            panels=panels(found.facets, state),
            chips=chips(state),
            sizes=SIZES,
            unquoted=_unquoted(state, found),
        )

    @pages.get("/search/")
    def with_slash() -> Response:
        return redirect(here().state.url)

    return pages


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
