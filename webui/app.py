"""The application factory."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask
from flask import Flask
from jinja2 import StrictUndefined

from indexer.service import Services
from webui import (
    api,
    errors,
    guard,
    page,
    routes,
    routes_basket,
    routes_check,
    routes_compare,
    routes_concordance,
    routes_coverage,
    routes_export,
    routes_report,
    routes_search,
    routes_similar,
    routes_suggest,
    routes_tables,
    routes_trend,
    routes_wordlists,
)


def create_app(home: Path, *, services: Services | None = None) -> Flask:
    """Return the web page over the index in ``home``; ``services`` takes the place of the indexer's in tests."""
    app = APIFlask(__name__, title="查档 Chadang", version="1", enable_openapi=False, json_errors=False)
    app.config |= {"AUTO_SERVERS": False, "VALIDATION_ERROR_STATUS_CODE": 400}
    app.config |= {"AUTO_VALIDATION_ERROR_RESPONSE": False, "AUTO_404_RESPONSE": False}
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # POST is for short forms alone; a longer body can only be a mistake or mischief.
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    guard.protect(app)
    page.register(app)
    errors.register(app)
    served = services if services is not None else Services(home)
    app.register_blueprint(routes.blueprint(served))
    app.register_blueprint(routes_search.blueprint(served))
    app.register_blueprint(routes_report.blueprint(served))
    app.register_blueprint(routes_export.blueprint(served))
    app.register_blueprint(api.blueprint(served))
    app.register_blueprint(api.document_blueprint(app))
    app.register_blueprint(routes_suggest.blueprint(served))
    app.register_blueprint(routes_trend.blueprint(served))
    app.register_blueprint(routes_concordance.blueprint(served))
    app.register_blueprint(routes_tables.blueprint(served))
    app.register_blueprint(routes_compare.blueprint(served))
    app.register_blueprint(routes_similar.blueprint(served))
    app.register_blueprint(routes_check.blueprint(served))
    app.register_blueprint(routes_basket.blueprint(home, served))
    app.register_blueprint(routes_coverage.blueprint(home, served))
    app.register_blueprint(routes_wordlists.blueprint(home))
    return app
