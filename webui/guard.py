"""What every request must satisfy and every response carries."""

from __future__ import annotations

import re
import secrets
from typing import Final

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Werkzeug's TRUSTED_HOSTS cuts names at the first colon, so it can't express [::1].
_LOCAL: Final = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)


class ForeignHost(HTTPException):
    """The Host header names another machine: a page elsewhere that had its name point here; or it sent its form here."""

    code = 400
    description = "foreign host"


def is_local(host: str) -> bool:
    """Whether a Host header names this computer."""
    return bool(_LOCAL.fullmatch(host))


def form_token() -> str:
    """Return what a form of ours carries: a page elsewhere can send a form here, but it can't read this."""
    return str(current_app.config["FORM_TOKEN"])


def is_our_form() -> bool:
    """Whether the form that was sent is one of ours, and of this run of the program."""
    return secrets.compare_digest(request.form.get("token", "").encode(), form_token().encode())


def protect(app: Flask) -> None:
    """Refuse requests for other hosts, and give every response its security headers."""
    app.config["FORM_TOKEN"] = secrets.token_hex(16)

    @app.before_request
    def refuse_foreign_hosts() -> None:
        if not is_local(request.headers.get("Host", "")):
            raise ForeignHost
        # A form that changes something bears our token as well; those that only ask (a draft's) make work, too.
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            raise ForeignHost

    @app.after_request
    def add_headers(response: Response) -> Response:
        # A page that shows a kept original has a policy of its own, and so has the original.
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
