"""Serving the page on this computer, and on no other."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from waitress.server import create_server  # type: ignore[import-untyped,unused-ignore]

from indexer.service import Services
from webui.app import create_app, load_all
from webui.errors import PortBusy

HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8765
#: How many ports are tried, from the default one on.
_TRIES: Final = 20
_THREADS: Final = 8
#: So many seconds after the start, what other pages need is loaded: the first one is better served before.
_LOADED_AFTER: Final = 1.0
#: Parameters of mallopt(3), and from how many bytes on what is free at the end of the heap is given back.
_M_TRIM_THRESHOLD: Final = -1
_M_ARENA_MAX: Final = -8
_TRIMMED_FROM: Final = 1 << 20


def serve(home: Path, port: int | None, open_browser: bool, *, ready: Callable[[str], None] | None = None) -> None:
    """Serve the index in ``home`` until interrupted. ``port`` None takes the first free one from the default on.

    ``ready`` is told the address once it answers. Raises PortBusy.
    """
    _share_one_heap()
    listening = listen(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}/"
    services = Services(home)
    services.warm()
    app = create_app(home, services=services)
    loading = threading.Timer(_LOADED_AFTER, load_all, (app,))
    loading.name, loading.daemon = "loading", True
    loading.start()
    server = create_server(app, sockets=[listening], threads=_THREADS, ident=None)
    if ready:
        ready(address)
    if open_browser:
        # The socket listens already: a browser that is quicker than the server waits, and gets its page.
        webbrowser.open(address)
    try:
        server.run()
    finally:
        server.close()


def _share_one_heap() -> None:
    """Have all threads share one heap whose end goes back to the system, where the C library is GNU's.

    Otherwise each thread keeps what its largest answer took: half as much memory again after a thousand searches.
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_TRIM_THRESHOLD, _TRIMMED_FROM)


def listen(port: int | None) -> socket.socket:
    """Return a socket bound on 127.0.0.1: to ``port``, or to the first free one from the default on."""
    ports = [port] if port is not None else [*range(DEFAULT_PORT, DEFAULT_PORT + _TRIES), 0]
    for candidate in ports:
        try:
            return _bound(candidate)
        except OSError:
            continue
    raise PortBusy(
        zh=f"端口 {port} 不可用；请用 --port 换一个，或不加 --port 由程序选择",
        en=f"port {port} can't be used; choose another with --port, or leave it out",
    )


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "nt":
            # On Windows SO_REUSEADDR would let two servers share a port, each getting some of the requests.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening
