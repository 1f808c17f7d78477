"""A scripted site on loopback: each path answers what a test says; every request is logged."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from corpus.site import Site, read_site


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    drip: float = 0.0  # seconds between two bytes of the body
    drip_head: bool = False
    reset: bool = False
    wait: float = 0.0
    declared: int | None = None  # a false Content-Length
    torn_chunks: bool = False  # chunked, closed before the last chunk
    plain: bool = False  # no length at all: the body ends with the connection


Script = Callable[[int, dict[str, str]], Answer]


class LoopbackSite:
    """paths: path with query -> Answer, or a function of (number of the request, its headers).

    A form that is posted goes by "/path POST a=1&b=2".
    """

    def __init__(self) -> None:
        self.paths: dict[str, Answer | Script] = {}
        self.log: list[tuple[float, str, dict[str, str]]] = []
        self.busy = self.busiest = 0
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with site._lock:
                    site.busy += 1
                    site.busiest = max(site.busy, site.busiest)
                try:
                    site._answer(self)
                except OSError:
                    self.close_connection = True
                finally:
                    with site._lock:
                        site.busy -= 1

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "0"))
                self.path += f" POST {self.rfile.read(size).decode()}"
                self.do_GET()

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that was killed

        self.server = Server(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}"

    def html(self, path: str, body: str) -> None:
        self.paths[path] = Answer(f"<html><body>{body}</body></html>".encode())

    def listing(self, path: str, articles: list[str], more: str = "") -> None:
        links = "".join(f'<li><a href="{name}">年报 {name}</a></li>' for name in articles)
        self.html(path, f"<ul>{links}</ul>{more}")

    def article(self, path: str, text: str = "") -> None:
        self.html(path, f"<h1>政府信息公开年度报告</h1><p>{text or path}</p>")

    def asked(self) -> Counter[str]:
        return Counter(path for _, path, _ in self.log)

    def times(self, path: str) -> list[float]:
        return [moment for moment, asked, _ in self.log if asked == path]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path
        headers = {key.lower(): value for key, value in handler.headers.items()}
        with self._lock:
            number = sum(asked == path for _, asked, _ in self.log)
            self.log.append((time.monotonic(), path, headers))
        found = self.paths.get(path, Answer(b"not here", 404))
        answer = found if isinstance(found, Answer) else found(number, headers)
        time.sleep(answer.wait)
        if answer.reset:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            handler.connection.close()
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.kind)
        for key, value in answer.headers.items():
            handler.send_header(key, value)
        if answer.drip_head:
            for _ in range(200):
                handler.wfile.write(b"X-Slow: a\r\n")
                time.sleep(answer.drip)
        if answer.torn_chunks:
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(answer.body), answer.body))
            handler.close_connection = True
            return
        if answer.plain:
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(answer.body)
            handler.close_connection = True
            return
        if answer.status != 304:
            size = answer.declared if answer.declared is not None else len(answer.body)
            handler.send_header("Content-Length", str(size))
        handler.end_headers()
        if answer.declared is not None and answer.declared > len(answer.body):
            handler.close_connection = True
        if not answer.drip:
            handler.wfile.write(answer.body)
            return
        for place in range(len(answer.body)):
            handler.wfile.write(answer.body[place : place + 1])
            handler.wfile.flush()
            time.sleep(answer.drip)


@contextmanager
def loopback_site() -> Iterator[LoopbackSite]:
    site = LoopbackSite()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()


def site_text(
    url: str, *, listing: str = r"/index(_\d+)?\.html", article: str = r"/a\d+\.html", top: str = "", polite: str = ""
) -> str:
    return (
        f'name = "test"\n{top}\n[[columns]]\nname = "年报"\nstart = ["{url}/index.html"]\n'
        f"listing = '{listing}'\narticle = '{article}'\n[politeness]\n"
        f"{'' if 'delay' in polite else 'delay = 0.0'}\nidle = 2.0\n{'' if 'total' in polite else 'total = 3.0'}\n{polite}\n"
    )


def a_site(folder: Path, text: str) -> Site:
    path = folder / "site.toml"
    path.write_text(text, "utf-8")
    return read_site(path)
