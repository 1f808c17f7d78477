"""The page that shows two reports side by side."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, render_template, request

from indexer.comparecommand import compared
from indexer.comparewriting import comparison_docx, comparison_html, status_name
from indexer.results import Hit
from indexer.service import Services
from webui.page import here
from webui.routes_report import other_years

#: A report's page, as it is copied from the browser; the section may follow as its anchor.
_ADDRESS: Final = re.compile(r"\S*/report/([^/?#\s]+)[^#\s]*(?:#(?:s-(\S+)|\S*))?")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def blueprint(services: Services) -> Blueprint:
    """Return the route of the comparison."""
    pages = Blueprint("compare", __name__)

    @pages.get("/compare")
    def show() -> str | Response:
        before, after, lang = named(request.args.get("a", "")), named(request.args.get("b", "")), here().lang
        found = compared(services.searcher(), before, after) if before and after else None
        form = request.args.get("form", "")
        if found is not None and form in ("html", "docx"):
            body = comparison_docx(found, lang) if form == "docx" else comparison_html(found, lang).encode()
            made = Response(body, mimetype=_DOCX if form == "docx" else "text/html")
            made.headers["Content-Disposition"] = f'attachment; filename="chadang-compare.{form}"'
            return made
        return render_template(
            "compare.html",
            found=found,
            before=before,
            after=after,
            status_name=status_name,
            years=_years(services, before or after) if found is None else (),
            known=before or after,
        )

    return pages


def named(text: str) -> str:
    """Return what a reader pasted as ``REPORT`` or ``REPORT/SECTION``: an identity, or the address of a report's page."""
    found = _ADDRESS.fullmatch(text.strip())
    return "/".join(part for part in found.groups() if part) if found else text.strip()


def _years(services: Services, named_: str) -> tuple[Hit, ...]:
    """Return the reports that one is likely to be compared with: those of the same agency. Raises ReportNotFound."""
    report_id = named_.partition("/")[0]
    if not report_id:
        return ()
    years = other_years(services, services.read(report_id).report)
    return tuple(hit for hit in years if hit.report_id != report_id)
