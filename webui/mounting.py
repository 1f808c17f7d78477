"""Another app below a path of this one, made when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Application: TypeAlias = WSGIApplication


class Mounted:
    """A WSGI application that leaves all below a path to another one."""

    def __init__(self, pages: Application, path: str, make: Callable[[], Flask]) -> None:
        self._pages = pages
        self._path = path
        self._make = make
        self._made: Flask | None = None
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. The path stays whole: routes and links of the other app name it themselves."""
        asked = str(environ.get("PATH_INFO", ""))
        if asked != self._path and not asked.startswith(f"{self._path}/"):
            return self._pages(environ, start_response)
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return self._made(environ, start_response)
