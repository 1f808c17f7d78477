"""The seam: the little an engine must do. Everything else (ladder, snippets, pages of text) is ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.grouping import ReportOrder
from indexer.query import Plan, Scope
from indexer.ranking import Ranking
from indexer.results import Copies, Facet, Filter, SectionKey, Sort

NO_RANKING: Final = Ranking()


@dataclass(frozen=True, slots=True)
class Order:
    """A whole set in its order: for each section the engine's number of its report, and its ordinal there.

    ``score`` gives that of a place in the order.
    """

    numbers: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    score: Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Selection:
    """What an engine is asked: a plan, where it looks, the filters, and which window of the order.

    ``ranking`` is what orders the set by relevance, of the query as it was typed: a plan no longer has its neighbours.
    With ``copies`` "once", reports that another one of the index stands for aren't there (contract 6.6).
    ``whole``: the whole order is asked for besides; ranked only if ``size`` isn't 0.
    """

    plan: Plan
    scope: Scope = "section"
    filters: tuple[Filter, ...] = ()
    facets: tuple[str, ...] = ()
    sort: Sort = "relevance"
    offset: int = 0
    size: int = 10
    copies: Copies = "once"
    ranking: Ranking = NO_RANKING
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """What it answers: exact totals and facets of the whole set, and the window as (section, score).

    ``copies`` counts the sections that are left out as those of copies; ``order`` is there if it was asked for.
    """

    sections: int
    reports: int
    facets: tuple[Facet, ...]
    window: tuple[tuple[SectionKey, float], ...]
    copies: int = 0
    order: Order | None = None


class Engine(Protocol):
    """An index that is open for reading; safe to use from several threads.

    ``seconds`` is the time that is left; an engine that runs over raises SearchTimeout.
    """

    @property
    def report_ids(self) -> Sequence[str]:
        """The identities of reports, by the numbers of ``Order``; those of reports that went may be among them."""
        ...

    def identity(self, number: int) -> str:
        """Return the identity of the report that ``Order`` has under a number."""
        ...

    def count(self, selection: Selection, seconds: float) -> int:
        """Return the exact number of sections selected."""
        ...

    def select(self, selection: Selection, seconds: float) -> Ranked:
        """Return totals, facets and the window asked for; a window past the end is empty."""
        ...

    def everything(self, selection: Selection, seconds: float) -> Iterator[SectionKey]:
        """Yield every section selected, by (report_id, ordinal); order, window and facets of the selection don't count."""
        ...

    def by_report(self, selection: Selection, seconds: float) -> ReportOrder:
        """Return all reports with a section selected, in the order of their first; the window doesn't count."""
        ...

    def characters(self, selection: Selection, field: str, seconds: float) -> Mapping[str, int]:
        """Return by value of a field how many characters, blanks left out, a reader sees of the sections selected."""
        ...

    def frequencies(self, tokens: Sequence[str]) -> list[int]:
        """Return about how many sections have each of some tokens of ``indexer.candidates``, whatever their report."""
        ...

    def holding_most(
        self, tokens: Sequence[tuple[str, float]], selection: Selection, size: int, seconds: float
    ) -> tuple[tuple[SectionKey, float], ...]:
        """Return the sections that a selection's filters and copies let through and that hold most of weighted tokens.

        Each comes with the weight of what it holds, the most first. Plan, facets, order and window don't count.
        """
        ...

    def close(self) -> None:
        """Let go of files and memory."""
        ...
