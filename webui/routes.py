"""The home page and the page on query syntax."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, render_template

from corpus.regions import full_name, region_name
from indexer.errors import SearchTimeout
from indexer.results import Facet, FacetValue, SearchRequest
from indexer.saved import SavedSearches
from indexer.service import Services
from webui.labels_help import HELP_GROUPS
from webui.newsroom import Newsroom
from webui.page import here

_BROWSE = ("region", "department", "year", "kind")
_SHOWN = 12
#: What is new of saved searches is looked for so long: the home page shows at once.
_NEWS_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Example:
    """A query to try, and the key of what it shows."""

    query: str
    why: str


def blueprint(home: Path, services: Services, room: Newsroom) -> Blueprint:
    """Return the routes of the home page and the help page."""
    pages = Blueprint("home", __name__)
    saved = SavedSearches(home)

    @pages.get("/")
    def start() -> str:
        manifest = services.manifest()
        facets = _facets(services)
        unseen, all_seen = room.unseen(services.searcher(), saved, _NEWS_SECONDS)
        years = sorted(int(v.value) for v in facets.get("year", ()) if v.value.isdigit())
        return render_template(
            "home.html",
            manifest=manifest,
            years=years,
            unseen=unseen,
            all_seen=all_seen,
            examples=_examples(facets, years),
            browse=[(field, _most(field, facets[field])) for field in _BROWSE if facets.get(field)],
        )

    @pages.get("/help")
    def syntax() -> str:
        return render_template("help.html", groups=HELP_GROUPS, here=here())

    return pages


def _facets(services: Services) -> dict[str, tuple[FacetValue, ...]]:
    """Return the values in the whole library; without them the home page is still of use."""
    try:
        found: tuple[Facet, ...] = services.search(SearchRequest(facets=_BROWSE, size=0)).facets
    except SearchTimeout:
        return {}
    return {facet.field: tuple(v for v in facet.values if v.value) for facet in found}


def _most(field: str, values: tuple[FacetValue, ...]) -> list[FacetValue]:
    if field == "year":
        return sorted(values, key=lambda v: v.value, reverse=True)[:_SHOWN]
    if field == "region":
        return [v for v in values if v.value.endswith("0000")][:_SHOWN]
    return list(values[:_SHOWN])


def _examples(facets: dict[str, tuple[FacetValue, ...]], years: list[int]) -> list[Example]:
    """Return queries that fit the library: its most frequent region, department and latest years."""
    found = [Example('"不予公开"', "example.phrase")]
    places = [v.value for v in facets.get("region", ()) if not v.value.endswith("0000")]
    if places:
        found.append(Example(f"{_short(places[0])} 行政复议", "example.place"))
    else:
        found.append(Example("依申请公开 答复", "example.words"))
    found.append(Example('"依申请 答复"~20', "example.near"))
    found.append(Example("行政复议 -行政诉讼", "example.not"))
    if years:
        found.append(Example(f"年份:{max(years[-1] - 4, years[0])}..{years[-1]} 收费", "example.year"))
    if facets.get("department"):
        found.append(Example(f"系统:{facets['department'][0].value} 投诉", "example.department"))
    return found


def _short(code: str) -> str:
    name = region_name(code) or full_name(code)
    return name.removesuffix("市") if len(name) > 2 else name
