"""The coverage page."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, render_template, request

from corpus.folding import fold
from indexer.coverage import AgencyRow, Cell, mentioned, mentions
from indexer.coveragecommand import check_current, library_coverage
from indexer.occurrences import PAGE_SECONDS
from indexer.service import Services
from webui.page import here

AGENCIES = 100
_SIGNS = {"present": "●", "missing": "○", "unreadable": "×", "duplicate": "◎"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell with its sign, and the matches in it (None where there is no report, or none were counted)."""

    cell: Cell
    sign: str
    matches: int | None
    url: str


def blueprint(home: Path, services: Services) -> Blueprint:
    """Return the route of the coverage page."""
    pages = Blueprint("coverage", __name__)

    @pages.get("/coverage")
    def show() -> str:
        state = here().state
        found, library_state = library_coverage(home / "library.db")
        wanted = fold(request.args.get("name", ""))
        rows = [row for row in found.rows if wanted in fold(row.agency)]
        counts: Counter[str] | None = None
        if state.q:
            searcher = services.searcher()
            check_current(searcher.manifest.library_state, library_state)
            counts = mentions(searcher, state.q, seconds=PAGE_SECONDS)
        text = request.args.get("page", "")
        page = min(max(int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 1, 1), max(-(-len(rows) // AGENCIES), 1))
        first = (page - 1) * AGENCIES
        return render_template(
            "coverage.html",
            found=found,
            totals=found.totals(),
            rows=[(row, _cells(row, found.years, counts)) for row in rows[first : first + AGENCIES]],
            first=first + 1,
            agencies=len(rows),
            name=request.args.get("name", ""),
            number_of_page=page,
            more=first + AGENCIES < len(rows),
            silent=replace(
                state,
                q=f"NOT ({state.q})",
                scope="report",
                match="exact",
                chosen=(("doctype", "annual_report"),),
                page=1,
            ).url,
            command=shlex.join(
                ["chadang", "coverage", "--expected", "FILE", *(["--query", state.q] if state.q else []), "--csv"]
            ),
            counted=counts is not None,
        )

    return pages


def _cells(row: AgencyRow, years: tuple[int, ...], counts: Counter[str] | None) -> list[Shown | None]:
    found: list[Shown | None] = []
    for year in years:
        cell = row.cells.get(year)
        if cell is None:
            found.append(None)
            continue
        state = here().state
        ids = (*cell.report_ids, *cell.copies)
        url = state.report_url(ids[0], "exact", "", "").partition("#")[0] if ids else ""
        found.append(Shown(cell, _SIGNS[cell.status], None if counts is None else mentioned(cell, counts), url))
    return found
