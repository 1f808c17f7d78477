"""The API as an app of its own: APIFlask with its document, and nothing of the pages."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from indexer.service import Services
from webui import api


def create_api(home: Path, services: Services) -> APIFlask:
    """Return the app that answers below /api."""
    app = APIFlask(__name__, title="查档 Chadang", version="1", enable_openapi=False, json_errors=False)
    app.config |= {"AUTO_SERVERS": False, "VALIDATION_ERROR_STATUS_CODE": 400}
    app.config |= {"AUTO_VALIDATION_ERROR_RESPONSE": False, "AUTO_404_RESPONSE": False}
    app.config["SUCCESS_DESCRIPTION"] = "成功 Success"
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(api.blueprint(home, services))
    app.register_blueprint(api.document_blueprint(app))
    return app
