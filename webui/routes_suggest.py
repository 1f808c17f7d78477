"""Suggestions as JSON, for the script of the search box."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from indexer.errors import IndexerError
from indexer.service import Services
from webui.page import here
from webui.suggesting import Suggester


def blueprint(services: Services) -> Blueprint:
    """Return the route of the suggestions."""
    pages = Blueprint("suggest", __name__)
    suggester = Suggester(services)

    @pages.get("/suggest")
    def suggest() -> Response:
        """Answer {"suggestions": [{"kind", "text", "detail", "url"}]}; none while nothing can be searched."""
        try:
            found = suggester.suggest(here().state)
        except IndexerError:
            found = ()
        answer = jsonify(suggestions=[asdict(suggestion) for suggestion in found])
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return pages
