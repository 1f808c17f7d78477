"""Requests and results: what goes through the seam and what comes back to the page, the terminal, JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from indexer.query import Match, Rung, Scope

Sort = Literal["relevance", "date", "date-asc"]
Copies = Literal["once", "all"]
Same = Literal["all", "fold"]
Span = tuple[int, int]
#: What a section is called between engine and texts: its report, and its ordinal there.
SectionKey = tuple[str, int]

SORTS: Final[tuple[Sort, ...]] = ("relevance", "date", "date-asc")
COPIES: Final[tuple[Copies, ...]] = ("once", "all")
SAMES: Final[tuple[Same, ...]] = ("all", "fold")
#: Facets whose value belongs to the report, so that distinct reports are counted as well.
REPORT_FACETS: Final = ("region", "agency", "department", "level", "year", "doctype", "template")
SECTION_FACETS: Final = ("kind", "form")
FACETS: Final = REPORT_FACETS + SECTION_FACETS


@dataclass(frozen=True, slots=True)
class Filter:
    """A selection on one facet field: any of ``values``, none of them if ``exclude``, or a range of years.

    Values are codes as facets show them; "" stands for "not known".
    """

    field: str
    values: tuple[str, ...] = ()
    exclude: bool = False
    low: int | None = None
    high: int | None = None

    @property
    def is_range(self) -> bool:
        """Whether this is a range rather than a list of values."""
        return not self.values


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search as the reader asked it. ``page`` counts from 1; a ``cursor`` takes its place.

    ``copies``: reports that another one stands for (``same_as``) are left out, or ("all") counted too.
    ``same``: every section is a hit, or ("fold") those whose matching sentence is the same wording are one (contract 7.5).
    """

    query: str = ""
    match: Match = "auto"
    scope: Scope = "section"
    filters: tuple[Filter, ...] = ()
    facets: tuple[str, ...] = FACETS
    sort: Sort = "relevance"
    page: int = 1
    size: int = 10
    cursor: str = ""
    copies: Copies = "once"
    same: Same = "all"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of one block; highlights are (start, end) in code points of ``text``, sorted, disjoint.

    ``before`` and ``after`` say that the block goes on where the piece was cut.
    """

    text: str
    highlights: tuple[Span, ...] = ()
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching section. ``paragraph_id`` is the block of its best match (or its first block).

    ``corrected`` names the fields of its report that a person put right. ``same`` counts the sections that are folded
    into this one, as their matching sentence is the same ``wording``.
    """

    report_id: str
    section_id: str
    paragraph_id: str
    ordinal: int
    title: str
    agency: str
    region: str
    year: int | None
    kind: str
    form: str
    heading_path: tuple[str, ...]
    published_on: str
    source_url: str
    score: float
    snippet: Snippet
    same_as: str = ""
    corrected: tuple[str, ...] = ()
    wording: str = ""
    same: int = 0


class FacetValue(NamedTuple):
    """A value with the sections, and for a report's field the distinct reports, it would give.

    There are hundreds in a result; a tuple is made in a third of the time of a frozen dataclass.
    """

    value: str
    sections: int
    reports: int | None
    selected: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """All values of a field, counted with every *other* selection applied; most frequent first."""

    field: str
    unit: Literal["report", "section"]
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits with the totals and facets of the whole set.

    ``rungs`` holds the number of sections that each rung of the ladder gives (contract 3.5), ``notes``
    codes for what in the query was read as plain text. ``copies`` counts the sections of copies that match but aren't
    counted. ``lines`` counts what pages are made of: sections, fewer where they are folded. ``next_cursor`` is "" on the
    last page.
    """

    request: SearchRequest
    hits: tuple[Hit, ...]
    sections: int
    reports: int
    facets: tuple[Facet, ...]
    read_as: str
    notes: tuple[str, ...]
    match: Rung
    rungs: tuple[tuple[Rung, int], ...]
    generation: str
    corpus_id: str
    took_ms: float
    next_cursor: str = ""
    copies: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one search may cost; checked before the work where possible (contract 9)."""

    query_length: int = 2_000
    leaves: int = 64
    list_phrases: int = 500
    nesting: int = 20
    near_parts: int = 5
    near_within: int = 1_000
    page_size: int = 100
    filter_values: int = 200
    seconds: float = 1.5


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation of the index is, read before anything in it.

    ``asked``: the engine that was asked for, "auto" where it was chosen by size. ``files`` maps name -> SHA-256,
    ``sizes`` name -> bytes. ``library_state`` is a hash of all that was taken in, ``library_mark`` (Library.mark) tells
    what the library changed since.
    """

    generation: str
    engine: str
    schema_version: int
    fingerprint: str
    corpus_id: str
    library_state: str
    built_at: str
    sections: int
    reports: int
    characters: int
    files: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    asked: str = "auto"
    library_mark: str = ""
