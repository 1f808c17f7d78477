"""The application factory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Flask
from jinja2 import StrictUndefined

from indexer.service import Services
from webui import basketwords, errors, exportwords, guard, page, routes, routes_search, routes_suggest
from webui.bytecode import Bytecode
from webui.mounting import Mounted, below, unknown_to
from webui.newsroom import Newsroom
from webui.templatetext import LeftAligned

#: What all apps of one page have in common: a form of one may be sent to another.
_SHARED: Final = ("TESTING", "DEBUG", "PROPAGATE_EXCEPTIONS", "FORM_TOKEN")
_MORE: Final = "chadang-more"


def create_app(home: Path, *, services: Services | None = None) -> Flask:
    """Return the web page over the index in ``home``; ``services`` takes the place of the indexer's in tests.

    Home, results and help are its own. All other pages, and the API, are apps of their own that are made when they are
    first asked, or by ``load_all``: what these need takes longer to load than the first page may take.
    """
    served = services if services is not None else Services(home)
    app = Flask(__name__)
    prepare(app, home, served)
    room = Newsroom()
    app.register_blueprint(routes.blueprint(home, served, room))
    app.register_blueprint(routes_search.blueprint(served))
    app.register_blueprint(routes_suggest.blueprint(served))

    def more() -> Flask:
        from webui.morepages import create_more  # noqa: PLC0415 - see above

        return made_alike(create_more(home, served, room))

    def api() -> Flask:
        from webui.apiapp import create_api  # noqa: PLC0415 - see above

        return made_alike(create_api(home, served))

    def made_alike(made: Flask) -> Flask:
        prepare(made, home, served)
        made.config |= {name: app.config[name] for name in _SHARED}
        return made

    pages = Mounted(app.wsgi_app, unknown_to(app), more)
    app.extensions[_MORE] = pages
    app.wsgi_app = Mounted(pages, below("/api"), api)  # type: ignore[method-assign]
    return app


def load_all(app: Flask) -> None:
    """Load what the pages of an app need that aren't its first ones, so that they open as fast."""
    app.extensions[_MORE].made()


def prepare(app: Flask, home: Path, services: Services) -> None:
    """Give an app what each answer of ours needs: the guard, the words, error pages."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(LeftAligned)
    app.jinja_env.bytecode_cache = Bytecode(home / "cache")
    # Forms are small; a longer body can only be a mistake or mischief. Pages that take a file or a draft ask for more.
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    guard.protect(app)
    app.config["HOME"] = home
    page.register(app)
    basketwords.register(app, home)
    exportwords.register(app, services)
    errors.register(app)
