"""The page that shows two reports side by side."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from indexer.comparecommand import compared
from indexer.comparewriting import comparison_docx, comparison_html, status_name
from indexer.service import Services
from webui.page import here

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def blueprint(services: Services) -> Blueprint:
    """Return the route of the comparison."""
    pages = Blueprint("compare", __name__)

    @pages.get("/compare")
    def show() -> str | Response:
        before, after, lang = request.args.get("a", ""), request.args.get("b", ""), here().lang
        found = compared(services.searcher(), before, after) if before and after else None
        form = request.args.get("form", "")
        if found is not None and form in ("html", "docx"):
            body = comparison_docx(found, lang) if form == "docx" else comparison_html(found, lang).encode()
            made = Response(body, mimetype=_DOCX if form == "docx" else "text/html")
            made.headers["Content-Disposition"] = f'attachment; filename="chadang-compare.{form}"'
            return made
        return render_template("compare.html", found=found, before=before, after=after, status_name=status_name)

    return pages
