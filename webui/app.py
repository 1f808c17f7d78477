"""The application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from indexer.service import Services
from webui import (
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
    routes_original,
    routes_report,
    routes_reuse,
    routes_saved,
    routes_search,
    routes_similar,
    routes_suggest,
    routes_tables,
    routes_trend,
    routes_wordlists,
)
from webui.bytecode import Bytecode
from webui.indexing import IndexUpdater
from webui.mounting import Mounted


def create_app(home: Path, *, services: Services | None = None) -> Flask:
    """Return the web page over the index in ``home``; ``services`` takes the place of the indexer's in tests.

    The API is an app of its own, made when it is first asked: what checks its parameters takes as long to load as the
    whole page.
    """
    served = services if services is not None else Services(home)
    app = Flask(__name__)
    prepare(app, home)
    room = routes_saved.Newsroom()
    app.register_blueprint(routes.blueprint(home, served, room))
    app.register_blueprint(routes_search.blueprint(served))
    app.register_blueprint(routes_report.blueprint(served, home, IndexUpdater(home)))
    app.register_blueprint(routes_original.blueprint(home, served))
    app.register_blueprint(routes_reuse.blueprint(served))
    app.register_blueprint(routes_export.blueprint(served))
    app.register_blueprint(routes_suggest.blueprint(served))
    app.register_blueprint(routes_trend.blueprint(served))
    app.register_blueprint(routes_concordance.blueprint(served))
    app.register_blueprint(routes_tables.blueprint(served))
    app.register_blueprint(routes_compare.blueprint(served))
    app.register_blueprint(routes_similar.blueprint(served))
    app.register_blueprint(routes_check.blueprint(served))
    app.register_blueprint(routes_basket.blueprint(home, served))
    app.register_blueprint(routes_coverage.blueprint(home, served))
    app.register_blueprint(routes_saved.blueprint(home, served, room))
    app.register_blueprint(routes_wordlists.blueprint(home))

    def api() -> Flask:
        from webui.apiapp import create_api  # noqa: PLC0415 - see above

        made = create_api(home, served)
        prepare(made, home)
        made.config |= {name: app.config[name] for name in ("TESTING", "DEBUG", "PROPAGATE_EXCEPTIONS")}
        return made

    app.wsgi_app = Mounted(app.wsgi_app, "/api", api)  # type: ignore[method-assign]
    return app


def prepare(app: Flask, home: Path) -> None:
    """Give an app what each answer of ours needs: the guard, the words, error pages."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = Bytecode(home / "cache")
    # Forms are small; a longer body can only be a mistake or mischief. Pages that take a file or a draft ask for more.
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    guard.protect(app)
    app.config["HOME"] = home
    page.register(app)
    routes_basket.register_words(app, home)
    errors.register(app)
