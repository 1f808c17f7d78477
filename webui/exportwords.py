"""What the part of the results page needs that takes them out: formats, and the paragraph on method."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask

from indexer.exporting import FORMATS
from indexer.exportrun import facts_of
from indexer.methodsnote import methods_note
from indexer.results import SearchResults
from indexer.service import Services
from webui.page import here


def register(app: Flask, services: Services) -> None:
    """Make it known to every template."""

    @app.context_processor
    def words() -> dict[str, Any]:
        return {
            "methods_text": lambda found: _methods(services, found),
            "export_formats": FORMATS,
        }


def _methods(services: Services, found: SearchResults) -> str:
    now = datetime.now().astimezone()
    return methods_note(facts_of(found, services.manifest().engine, now), here().lang)
