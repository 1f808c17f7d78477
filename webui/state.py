"""The state of a search and the URL that carries it: parameters -> SearchState -> URL. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, urlencode

from corpus.model import DOCTYPES, FORMS, KINDS, LEVELS, TEMPLATES
from indexer.query import MATCHES, SCOPES, Match, Rung, Scope
from indexer.results import COPIES, FACETS, SAMES, SORTS, Copies, Filter, Same, SearchRequest, Sort
from indexer.wordingcounts import WORDING_SORTS, WordingSort

Lang = Literal["zh", "en"]
Group = Literal["section", "report", "wording"]
Pair: TypeAlias = "tuple[str, str]"
Years: TypeAlias = "tuple[int | None, int | None]"

LANGS: Final[tuple[Lang, ...]] = ("zh", "en")
GROUPS: Final[tuple[Group, ...]] = ("section", "report", "wording")
SIZES: Final = (10, 20, 50)
LAST_PAGE: Final = 1_000_000
#: A value of a facet is the name of an agency at most; longer ones are not ours.
VALUE_LENGTH: Final = 200

_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": KINDS,
    "form": FORMS,
    "level": LEVELS,
    "doctype": DOCTYPES,
    "template": TEMPLATES,
}
_YEAR: Final = re.compile(r"[0-9]{4}")
_RANGE: Final = re.compile(r"([0-9]{4})?\.\.([0-9]{4})?")
_REGION: Final = re.compile(r"[0-9]{6}")
_WORDING: Final = re.compile(r"[0-9a-f]{16}")
_SINGLE: Final = ("q", "match", "scope", "sort", "page", "size", "copies", "group", "same", "order", "wording", "lang")


@dataclass(frozen=True, slots=True)
class SearchState:
    """What the reader has asked and set, always valid; ``url`` and ``parse`` are each other's inverse.

    ``chosen`` and ``excluded`` are (field, value), sorted and disjoint; "" is the value "not known".
    ``years`` is a range, and then no single year is chosen. ``order`` is that of wordings; ``wording`` is the key of one
    whose users are listed, or whose line of the results is unfolded.
    """

    q: str = ""
    match: Match = "auto"
    scope: Scope = "section"
    sort: Sort = "relevance"
    page: int = 1
    size: int = SIZES[0]
    copies: Copies = "once"
    group: Group = "section"
    same: Same = "fold"
    order: WordingSort = "use"
    wording: str = ""
    lang: Lang = "zh"
    chosen: tuple[Pair, ...] = ()
    excluded: tuple[Pair, ...] = ()
    years: Years | None = None

    @property
    def url(self) -> str:
        """The results page in this state."""
        return _address("/search", self.pairs())

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.chosen or self.excluded or self.years)

    def pairs(self, without: Iterable[str] = ()) -> tuple[Pair, ...]:
        """Return the URL parameters of this state, defaults left out, and those named ``without``."""
        default = SearchState()
        found: list[Pair] = []
        for name in _SINGLE:
            value = getattr(self, name)
            if value != getattr(default, name):
                found.append((name, str(value)))
        found += self.chosen
        found += ((f"-{field}", value) for field, value in self.excluded)
        if self.years:
            found.append(("year", range_text(self.years)))
        skipped = frozenset(without)
        return tuple(pair for pair in found if pair[0] not in skipped)

    def request(self) -> SearchRequest:
        """Return what the indexer is asked."""
        return SearchRequest(
            query=self.q,
            match=self.match,
            scope=self.scope,
            filters=self.filters(),
            sort=self.sort,
            page=self.page,
            size=self.size,
            copies=self.copies,
            same=self.same,
        )

    def filters(self) -> tuple[Filter, ...]:
        """Return the filters: per field the values chosen and those excluded, and the range of years."""
        found = []
        for pairs, exclude in ((self.chosen, False), (self.excluded, True)):
            for field in FACETS:
                values = tuple(value for name, value in pairs if name == field)
                if values:
                    found.append(Filter(field, values, exclude=exclude))
        if self.years:
            found.append(Filter("year", low=self.years[0], high=self.years[1]))
        return tuple(found)

    # Each of these gives another state, on its first page; ``.url`` leads there.

    def with_query(self, q: str) -> SearchState:
        """Ask something else, everything set being kept."""
        return replace(self, q=clean(q), wording="", page=1)

    def with_value(self, field: str, value: str) -> SearchState:
        """Choose a value of a facet, beside those chosen; a year takes the place of a range."""
        years = None if field == "year" else self.years
        kept = _sorted(pair for pair in self.excluded if pair != (field, value))
        return replace(self, chosen=_sorted((*self.chosen, (field, value))), excluded=kept, years=years, page=1)

    def without_value(self, field: str, *values: str) -> SearchState:
        """Let go of values of a facet."""
        kept = _sorted(pair for pair in self.chosen if pair[0] != field or pair[1] not in values)
        return replace(self, chosen=kept, page=1)

    def excluding(self, field: str, value: str) -> SearchState:
        """Exclude a value of a facet."""
        state = self.without_value(field, value)
        return replace(state, excluded=_sorted((*state.excluded, (field, value))))

    def without_exclusion(self, field: str, value: str) -> SearchState:
        """Let go of an exclusion."""
        return replace(self, excluded=_sorted(p for p in self.excluded if p != (field, value)), page=1)

    def with_years(self, years: Years | None) -> SearchState:
        """Set the range of years, in place of any year chosen; None lets go of it."""
        kept = _sorted(pair for pair in self.chosen if pair[0] != "year") if years else self.chosen
        return replace(self, chosen=kept, years=years, page=1)

    def cleared(self) -> SearchState:
        """Let go of every filter."""
        return replace(self, chosen=(), excluded=(), years=None, page=1)

    def with_match(self, match: Match) -> SearchState:
        """Ask another rung of the ladder."""
        return replace(self, match=match, page=1)

    def with_scope(self, scope: Scope) -> SearchState:
        """Look at sections or at whole reports."""
        return replace(self, scope=scope, page=1)

    def with_sort(self, sort: Sort) -> SearchState:
        """Order differently."""
        return replace(self, sort=sort, page=1)

    def with_copies(self, copies: Copies) -> SearchState:
        """Count copies once, or all of them."""
        return replace(self, copies=copies, page=1)

    def with_group(self, group: Group) -> SearchState:
        """List sections, or reports with their sections."""
        return replace(self, group=group, wording="", page=1)

    def with_same(self, same: Same) -> SearchState:
        """Fold sections of the same wording, or list them all."""
        return replace(self, same=same, wording="", page=1)

    def with_order(self, order: WordingSort) -> SearchState:
        """Order wordings differently."""
        return replace(self, order=order, wording="", page=1)

    def with_wording(self, wording: str) -> SearchState:
        """List the users of a wording, or all wordings again ("")."""
        return replace(self, group="wording", wording=wording, page=1)

    def unfolding(self, wording: str) -> SearchState:
        """Unfold the line of one wording, or none (""), on the same page of the results."""
        return replace(self, wording=wording)

    def with_size(self, size: int) -> SearchState:
        """Show more or fewer on a page."""
        return replace(self, size=size, page=1)

    def with_page(self, page: int) -> SearchState:
        """Turn to a page."""
        return replace(self, page=page, wording=self.wording if self.group == "wording" else "")

    def report_url(self, report_id: str, rung: Rung, section_id: str, paragraph_id: str, asked: str = "") -> str:
        """Return where a hit stands: its report marked as ``rung`` reads the query, with the way back here.

        ``asked`` is the match that was asked, where this state bears the rung already.
        """
        pairs = replace(self, match=rung).pairs()
        before = asked or self.match
        way_back = (("asked", before),) if before != rung else ()
        # A section without any text has no paragraph: its hit points to the section itself.
        inside = f"s-{section_id}" if paragraph_id in ("", section_id) else f"p-{paragraph_id}"
        path = f"/report/{quote(report_id, safe='')}"
        return f"{_address(path, (*pairs, *way_back))}#{quote(inside, safe='')}"


def parse(pairs: Iterable[Pair]) -> SearchState:
    """Read a state from URL parameters; what is unknown or malformed is left out or corrected, never an error."""
    single: dict[str, str] = {}
    chosen: list[Pair] = []
    excluded: list[Pair] = []
    for name, raw in pairs:
        value = clean(raw)
        field = name.removeprefix("-")
        if field in FACETS and _RANGE.fullmatch(value) and name == "year":
            single.setdefault("range", value)
        elif field in FACETS:
            if _fits(field, value):
                (excluded if name.startswith("-") else chosen).append((field, value))
        else:
            single.setdefault(name, value)
    years = _years(single)
    if years:
        chosen = [pair for pair in chosen if pair[0] != "year"]
    return SearchState(
        q=single.get("q", ""),
        match=next((m for m in MATCHES if m == single.get("match")), "auto"),
        scope=next((s for s in SCOPES if s == single.get("scope")), "section"),
        sort=next((s for s in SORTS if s == single.get("sort")), "relevance"),
        page=_page(single.get("page", "")),
        size=next((s for s in SIZES if str(s) == single.get("size")), SIZES[0]),
        copies=next((c for c in COPIES if c == single.get("copies")), "once"),
        group=next((g for g in GROUPS if g == single.get("group")), "section"),
        same=next((s for s in SAMES if s == single.get("same")), "fold"),
        order=next((o for o in WORDING_SORTS if o == single.get("order")), "use"),
        wording=single.get("wording", "") if _WORDING.fullmatch(single.get("wording", "")) else "",
        lang=lang_of(single.get("lang", "")),
        chosen=_sorted(chosen),
        excluded=_sorted(pair for pair in excluded if pair not in chosen),
        years=years,
    )


def lang_of(value: str) -> Lang:
    """Return the language of a page; Chinese unless English is asked for."""
    return "en" if value == "en" else "zh"


def switched(path: str, pairs: Iterable[Pair], lang: Lang) -> str:
    """Return the same address in another language."""
    kept = [(clean(name), clean(value)) for name, value in pairs if name != "lang"]
    return _address(quote(path, safe="/"), (*kept, *((("lang", lang),) if lang != "zh" else ())))


def range_text(years: Years) -> str:
    """Return a range as it is typed and as it stands in the URL: 2010..2015, 2010.., ..2015."""
    return "..".join("" if year is None else f"{year:04}" for year in years)


def _address(path: str, pairs: tuple[Pair, ...]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def clean(text: str) -> str:
    """Drop what no URL or page can carry (controls, lone surrogates); line breaks become blanks."""
    spaced = re.sub(r"[\t\n\r]+", " ", text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs")).strip()


def _fits(field: str, value: str) -> bool:
    if not value:
        return True
    if field in _CODES:
        return value in _CODES[field]
    if field == "year":
        return bool(_YEAR.fullmatch(value))
    if field == "region":
        return bool(_REGION.fullmatch(value))
    return len(value) <= VALUE_LENGTH


def _sorted(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(set(pairs), key=lambda pair: (FACETS.index(pair[0]), pair[1])))


def _page(value: str) -> int:
    # Nobody types 30 digits: int() would take them, and an offset beyond 64 bits is nobody's page.
    digits = value if re.fullmatch(r"[0-9]{1,9}", value) else ""
    return min(max(int(digits or 1), 1), LAST_PAGE)


def _years(single: Mapping[str, str]) -> Years | None:
    """Read ``year=2010..2015``, or the two boxes of the form (``year_from``, ``year_to``), in either order."""
    found = _RANGE.fullmatch(single.get("range", ""))
    ends = found.groups() if found else (single.get("year_from"), single.get("year_to"))
    low, high = (int(end) if end and _YEAR.fullmatch(end) else None for end in ends)
    if low is None and high is None:
        return None
    return (high, low) if low is not None and high is not None and low > high else (low, high)
