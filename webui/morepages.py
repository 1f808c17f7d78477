"""All pages but the first ones as an app of its own: what they need takes longer to load than a search and its page."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from indexer.service import Services
from webui import (
    routes_basket,
    routes_check,
    routes_compare,
    routes_concordance,
    routes_coverage,
    routes_export,
    routes_original,
    routes_report,
    routes_reuse,
    routes_saved,
    routes_similar,
    routes_tables,
    routes_trend,
    routes_wordlists,
)
from webui.indexing import IndexUpdater
from webui.newsroom import Newsroom


def create_more(home: Path, services: Services, room: Newsroom) -> Flask:
    """Return the app with the pages that nobody opens first; it is still to be prepared."""
    app = Flask(__name__)
    app.register_blueprint(routes_report.blueprint(services, home, IndexUpdater(home)))
    app.register_blueprint(routes_original.blueprint(home, services))
    app.register_blueprint(routes_reuse.blueprint(services))
    app.register_blueprint(routes_export.blueprint(services))
    app.register_blueprint(routes_trend.blueprint(services))
    app.register_blueprint(routes_concordance.blueprint(services))
    app.register_blueprint(routes_tables.blueprint(services))
    app.register_blueprint(routes_compare.blueprint(services))
    app.register_blueprint(routes_similar.blueprint(services))
    app.register_blueprint(routes_check.blueprint(services))
    app.register_blueprint(routes_basket.blueprint(home, services))
    app.register_blueprint(routes_coverage.blueprint(home, services))
    app.register_blueprint(routes_saved.blueprint(home, services, room))
    app.register_blueprint(routes_wordlists.blueprint(home))
    return app
