"""Another app that answers some paths of this one, made when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from flask import Flask
from werkzeug.exceptions import HTTPException, NotFound

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Application: TypeAlias = WSGIApplication


class Mounted:
    """A WSGI application that leaves some paths to another one."""

    def __init__(self, pages: Application, is_its: Callable[[str], bool], make: Callable[[], Flask]) -> None:
        self._pages = pages
        self._is_its = is_its
        self._make = make
        self._made: Flask | None = None
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. The path stays whole: routes and links of the other app name it themselves."""
        if not self._is_its(str(environ.get("PATH_INFO", ""))):
            return self._pages(environ, start_response)
        return self.made()(environ, start_response)

    def made(self) -> Flask:
        """Return the other app, made now if it isn't yet."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def below(path: str) -> Callable[[str], bool]:
    """Return whether an address is a path or below it."""
    return lambda asked: asked == path or asked.startswith(f"{path}/")


def unknown_to(app: Flask) -> Callable[[str], bool]:
    """Return whether an app has no route for an address."""

    def is_unknown(asked: str) -> bool:
        try:
            app.url_map.bind("").match(asked)
        except NotFound:
            return True
        except HTTPException:  # another method, or a redirect: the app has something to say
            return False
        return False

    return is_unknown
