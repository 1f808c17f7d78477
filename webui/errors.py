"""Errors of the page, and error pages: each says what happened and what to do next, in the reader's language, without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from flask import Flask, Response, render_template
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, MethodNotAllowed, RequestEntityTooLarge

from corpus.errors import Bilingual
from indexer.errors import (
    IndexerError,
    NoIndex,
    QueryRejected,
    ReportNotFound,
    SearchTimeout,
    StaleIndex,
    WordingNotFound,
)
from webui.guard import ForeignHost
from webui.page import at_this_home, here
from webui.problems import is_api, problem

Answer: TypeAlias = "tuple[str, int] | Response"

#: Error -> (name of its words on the page, status). The first that fits counts.
_INDEXER: Final[tuple[tuple[type[IndexerError], str, int], ...]] = (
    (NoIndex, "noindex", 503),
    (StaleIndex, "stale", 503),
    (QueryRejected, "query", 400),
    (SearchTimeout, "timeout", 503),
    (ReportNotFound, "report", 404),
    (WordingNotFound, "wording", 404),
    (IndexerError, "index", 503),
)


class WebError(Bilingual):
    """Anything that goes wrong in the page itself."""


class PortBusy(WebError):
    """The port can't be had."""


def register(app: Flask) -> None:
    """Give the app its error pages."""
    app.register_error_handler(IndexerError, _indexer_error)
    app.register_error_handler(ForeignHost, _foreign_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _page("server", 500))


def _indexer_error(error: IndexerError) -> Answer:
    name, status = next((name, status) for kind, name, status in _INDEXER if isinstance(error, kind))
    if is_api():
        return problem(name, status, error.zh, error.en)
    message = at_this_home(error.text(here().lang))
    return render_template("error.html", name=name, message=message), status


def _foreign_host(_: ForeignHost) -> Answer:
    if is_api():
        return problem("host", 400)
    # Both languages at once, and nothing of the request: whoever asks may not be a reader at all.
    return render_template("foreign_host.html"), 400


def _http_error(error: HTTPException) -> Answer:
    name = "page"
    if isinstance(error, MethodNotAllowed):
        name = "method"
    elif isinstance(error, RequestEntityTooLarge):
        name = "large"
    if isinstance(error, BadRequest) and is_api():
        return problem(
            "query",
            400,
            "请求无法读取：正文应为完整的 JSON；请按 /api/docs 改正",
            "the request can't be read: its body must be whole JSON; see /api/docs",
        )
    if is_api():
        return _with_allowed(problem(name, error.code or 500), error)
    return render_template("error.html", name=name, message=""), error.code or 500


def _with_allowed(response: Response, error: HTTPException) -> Response:
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _page(name: str, status: int) -> Callable[[Exception], Answer]:
    def answer(_: Exception) -> Answer:
        if is_api():
            return problem(name, status)
        return render_template("error.html", name=name, message=""), status

    return answer
