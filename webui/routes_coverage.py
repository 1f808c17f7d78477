"""The coverage page: its table, the list of what is expected, and its panel as a download."""

from __future__ import annotations

import re
import secrets
import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirect

from indexer.coverage import AgencyRow, Cell, mentioned
from indexer.coveragetable import Covered, coverage_table, covered
from indexer.errors import QueryRejected
from indexer.expectedlists import LARGEST, ExpectedLists, read_expected_file, too_large
from indexer.occurrences import PAGE_SECONDS
from indexer.service import Services
from indexer.tables import table_methods
from webui.labels import label
from webui.page import here
from webui.routes_export import asked_format
from webui.routes_tables import sent_table

AGENCIES: Final = 50
#: What a form adds to its file: boundaries, the token, the query.
_FORM_ROOM: Final = 64 * 1024
_SIGNS: Final = {"present": "●", "missing": "○", "unreadable": "×", "duplicate": "◎"}

Answer = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell with its sign, and the matches in it (None where there is no report, or none were counted)."""

    cell: Cell
    sign: str
    matches: int | None
    url: str


def blueprint(home: Path, services: Services) -> Blueprint:
    """Return the routes of the coverage page."""
    pages = Blueprint("coverage", __name__)
    lists = ExpectedLists(home)
    # A page elsewhere can send a form here, but it can't read this token.
    token = secrets.token_hex(16)

    def counted() -> Covered:
        listed = request.args.get("list", "")
        return covered(
            home / "library.db",
            [here().state.q],
            services.searcher,
            datetime.now().astimezone(),
            expected=lists.named(listed) if listed else (),
            name=request.args.get("name", "").strip(),
            seconds=PAGE_SECONDS,
        )

    def shown(refused: str = "") -> str:
        made = counted()
        rows = made.found.rows
        text = request.args.get("page", "")
        page = min(max(int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 1, 1), max(-(-len(rows) // AGENCIES), 1))
        first = (page - 1) * AGENCIES
        state = here().state
        counts = made.counts[0] if made.counts else None
        return render_template(
            "coverage.html",
            found=made.found,
            facts=made.facts[0],
            totals=made.found.totals(),
            methods=table_methods(coverage_table(made), made.facts[0])[here().lang],
            rows=[(row, _cells(row, made.found.years, counts)) for row in rows[first : first + AGENCIES]],
            first=first + 1,
            agencies=len(rows),
            name=made.name,
            listed=request.args.get("list", ""),
            expected=made.expected,
            kept=_kept(),
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
            command=_command(made),
            counted=counts is not None,
            refused=refused,
            token=token,
            largest=LARGEST >> 20,
        )

    @pages.get("/coverage")
    def show() -> str:
        return shown()

    @pages.post("/coverage")
    def upload() -> Answer | Redirect:
        # Only here: every other form of the program is small.
        request.max_content_length = LARGEST + _FORM_ROOM
        now = here()
        try:
            if not secrets.compare_digest(request.form.get("token", "").encode(), token.encode()):
                return shown(label("coverage.token", now.lang)), 403
            sent = request.files.get("file")
            name = lists.keep(read_expected_file(sent.read() if sent else b""))
        except RequestEntityTooLarge:
            return shown(too_large().text(now.lang)), 413
        except QueryRejected as error:
            return shown(error.text(now.lang)), 400
        kept = [pair for pair in _kept() if pair[0] != "list"]
        return redirect(f"/coverage?{urlencode([*kept, ('list', name)])}", 303)

    @pages.get("/coverage/export")
    def download() -> Response:
        format_ = asked_format()
        return sent_table(coverage_table(counted()), format_)

    return pages


def _kept() -> list[tuple[str, str]]:
    """Return the parameters of the table that is shown, without its page."""
    values: Mapping[str, str] = {
        "q": here().state.q,
        "name": request.args.get("name", "").strip(),
        "list": request.args.get("list", ""),
        "lang": "en" if here().lang == "en" else "",
    }
    return [(name, value) for name, value in values.items() if value]


def _command(made: Covered) -> str:
    facts = made.facts[0]
    options = [
        *(["--expected", "FILE"] if made.expected else []),
        *(["--query", facts.query] if facts.query else []),
        *(["--name", made.name] if made.name else []),
    ]
    return shlex.join(["chadang", "coverage", *options, "--output", "FILE.csv"])


def _cells(row: AgencyRow, years: tuple[int, ...], counts: Counter[str] | None) -> list[Shown | None]:
    found: list[Shown | None] = []
    for year in years:
        cell = row.cells.get(year)
        if cell is None:
            found.append(None)
            continue
        ids = (*cell.report_ids, *cell.copies)
        url = ""
        if ids and counts is None:  # there is nothing to mark
            url = here().to(f"/report/{ids[0]}")
        elif ids:
            url = here().state.report_url(ids[0], "exact", "", "").partition("#")[0]
        found.append(Shown(cell, _SIGNS[cell.status], None if counts is None else mentioned(cell, counts), url))
    return found
