"""The page that says which sentences of a report others use too."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from flask import Blueprint, render_template

from indexer.reuse import REUSES, reuse_map
from indexer.service import Services
from indexer.wordings import Use
from webui.page import here
from webui.state import SearchState


def blueprint(services: Services) -> Blueprint:
    """Return the route of the reuse map."""
    pages = Blueprint("reuse", __name__)

    @pages.get("/report/<report_id>/reuse")
    def show(report_id: str) -> str:
        found = reuse_map(services.searcher(), report_id)
        bare = SearchState(lang=here().lang)

        def place(use: Use) -> str:
            return f"{here().to(f'/report/{use.report_id}')}#p-{use.paragraph_id}"

        return render_template(
            "reuse.html",
            found=found,
            kinds=REUSES,
            sections=[
                (key[1], list(own)) for key, own in groupby(found.paragraphs, lambda p: (p.section_id, p.heading))
            ],
            place=place,
            users=lambda key: replace(bare, group="wording", wording=key).url,
        )

    return pages
