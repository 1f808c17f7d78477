"""One request over HTTP: to the very address that was checked, within a time and a size, without cookies or proxies.

A name is resolved, all its addresses are checked, and the connection goes to a checked address; Host, SNI and the
check of the certificate stay with the name. So an answer that changes between check and connection can do no harm.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Final, Self

import certifi
import httpcore
import httpx

from corpus.addresses import is_allowed, refused
from corpus.errors import PageFailed, Transient
from corpus.page import Page, utc_now
from corpus.unpacking import unpacked

_CHUNK: Final = 65_536
#: Described by the decoded body, which is what a Page holds.
_DROPPED: Final = frozenset(("content-encoding", "transfer-encoding", "content-length", "connection", "set-cookie"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one request: seconds to connect or between two bytes, seconds in all, bytes on the wire and decoded."""

    idle: float = 30.0
    total: float = 120.0
    size: int = 50_000_000


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the system's order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Web:
    """Fetches one URL at a time. Use as a context manager."""

    def __init__(
        self, *, user_agent: str, bounds: Bounds, allow_loopback: bool = False, ca_file: Path | None = None
    ) -> None:
        self._bounds = bounds
        self._budget = _Budget()
        pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(cafile=str(ca_file or certifi.where())),
            max_connections=8,
            max_keepalive_connections=4,
            network_backend=_CheckedBackend(self._budget, allow_loopback),
        )
        self._client = httpx.Client(
            transport=_Transport(pool),
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip", "Accept": "*/*"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=bounds.idle,
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        conditions: tuple[tuple[str, str], ...] = (),
        *,
        size: int | None = None,
        cut: bool = False,
        posted: bool = False,
    ) -> Page:
        """Return the answer to one GET of a canonical URL, whatever its status; redirects aren't followed.

        ``posted``: its query is sent as a form by POST, as a pager's script does; the page keeps its whole URL.
        ``size`` narrows the limit of bytes; with ``cut`` a larger body is cut there. Raises RefusedAddress, PageFailed
        (no use to try again) or Transient.
        """
        limit = min(size or self._bounds.size, self._bounds.size)
        self._budget.start(self._bounds.total, limit + 1_000_000)
        place, _, form = url.partition("?") if posted else (url, "", "")
        method = "POST" if posted else "GET"
        headers = [*conditions, ("Content-Type", "application/x-www-form-urlencoded")] if posted else list(conditions)
        with _said(url), self._client.stream(method, place, headers=headers, content=form.encode("ascii")) as answer:
            declared = answer.headers.get("content-length", "")
            if declared.isdigit() and int(declared) > limit and not cut:
                raise _too_large(url, limit)
            coding = answer.headers.get("content-encoding", "")
            body = bytearray()
            for part in unpacked(answer.iter_raw(_CHUNK), coding, url):
                body += part
                if len(body) > limit and cut:
                    del body[limit:]
                    break
                if len(body) > limit:
                    raise _too_large(url, limit)
            said = tuple((key, value) for key, value in answer.headers.multi_items() if key not in _DROPPED)
            kind = answer.headers.get("content-type", "")
            return Page(url, utc_now(), answer.status_code, kind, said, bytes(body))


class _Budget:
    """What is left of a request's time and bytes; shared by the client and its connections."""

    def __init__(self) -> None:
        self._deadline = 0.0
        self._bytes = 0

    def start(self, seconds: float, size: int) -> None:
        self._deadline = time.monotonic() + seconds
        self._bytes = size

    def seconds(self, wanted: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the request took too long in all")
        return left if wanted is None else min(left, wanted)

    def take(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise _LargeAnswer


class _LargeAnswer(Exception):
    """More bytes came over the wire than a page may have."""


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, budget: _Budget, allow_loopback: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._budget = budget
        self._allow_loopback = allow_loopback

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        for address in addresses:
            if not is_allowed(address, allow_loopback=self._allow_loopback):
                raise refused(host, f"{address} 不是公网地址", f"{address} is not a public address")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(address, port, self._budget.seconds(timeout), local_address)
                return _TimedStream(stream, self._budget)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, budget: _Budget) -> None:
        self._inner = inner
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._budget.seconds(timeout))
        self._budget.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._budget.seconds(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._inner.start_tls(ssl_context, server_hostname, self._budget.seconds(timeout))
        return _TimedStream(stream, self._budget)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """httpx over our own pool: httpx gives no other way to choose how connections are made."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.content,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _said(url: str) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise Transient(zh=f"{url} 超时", en=f"{url} took too long") from error
    except _LargeAnswer as error:
        raise PageFailed(zh=f"{url} 超出大小上限", en=f"{url} is larger than allowed") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
            cause = cause.__cause__ or cause.__context__
        if cause is not None:
            why = f"{cause.verify_message}"
            raise PageFailed(zh=f"{url} 的证书无效：{why}", en=f"the certificate of {url} is bad: {why}") from error
        raise Transient(zh=f"{url} 连接失败：{error}", en=f"no connection to {url}: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise PageFailed(zh=f"{url} 的应答无法读取：{error}", en=f"{url} gave no valid answer: {error}") from error


def _too_large(url: str, limit: int) -> PageFailed:
    return PageFailed(zh=f"{url} 超过 {limit} 字节", en=f"{url} is larger than {limit} bytes")
