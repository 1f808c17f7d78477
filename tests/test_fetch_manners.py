"""The scraper against a scripted site on loopback: robots, pauses, retries, limits, redirects, addresses, TLS."""

from __future__ import annotations

import gzip
import ssl
import subprocess
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from fetch_site import Answer, LoopbackSite, a_site, loopback_site, site_text

from corpus.crawl import FetchSummary
from corpus.errors import PageFailed, RefusedAddress, Transient
from corpus.fetching import fetch_site
from corpus.manners import retry_after
from corpus.transport import Bounds, Web

_BOUNDS = Bounds(idle=2.0, total=2.0, size=1_000_000)


@pytest.fixture
def web() -> Iterator[LoopbackSite]:
    with loopback_site() as site:
        site.listing("/index.html", ["a1.html"])
        site.article("/a1.html")
        yield site


def run(web: LoopbackSite, home: Path, **text: str) -> FetchSummary:
    return fetch_site(a_site(home, site_text(web.url, **text)), home, allow_loopback=True)


def client(*, allow_loopback: bool = True) -> Web:
    return Web(user_agent="chadang/test", bounds=_BOUNDS, allow_loopback=allow_loopback)


@pytest.mark.parametrize("status, taken", [(404, 1), (403, 1), (500, 0), (503, 0)])
def test_robots_status(web: LoopbackSite, tmp_path: Path, status: int, taken: int) -> None:
    web.paths["/robots.txt"] = Answer(b"", status)
    assert run(web, tmp_path).fetched == taken
    assert web.asked()["/a1.html"] == taken


@pytest.mark.parametrize("bad", [Answer(reset=True), Answer(status=503)], ids=["reset", "503"])
def test_robots_that_cannot_be_read_put_the_host_off(web: LoopbackSite, tmp_path: Path, bad: Answer) -> None:
    web.paths["/robots.txt"] = bad
    summary = run(web, tmp_path, polite="retries = 2")
    assert (summary.fetched, summary.finished, summary.failed) == (0, False, ())
    assert "robots.txt" in summary.postponed[0].en
    assert web.asked() == {"/robots.txt": 3}
    web.paths["/robots.txt"] = lambda number, _: (
        bad if number == 3 else Answer(b"", 404)
    )  # fails once more, then passes
    assert run(web, tmp_path).fetched == 1


def test_robots_of_a_refused_place_fail_each_page_with_the_reason(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/robots.txt"] = Answer(status=302, headers={"Location": "http://10.0.0.1/robots.txt"})
    summary = run(web, tmp_path)
    assert "10.0.0.1 is not a public address" in summary.failed[0].reason_en
    assert web.asked() == {"/robots.txt": 1}


def test_a_page_in_place_of_robots_allows_and_a_mark_hides_no_rule(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/robots.txt"] = Answer(b"<html>" + b"x" * 600_000)
    assert run(web, tmp_path).fetched == 1
    web.paths["/robots.txt"] = Answer(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a\r\n")
    assert "forbids" in run(web, tmp_path).failed[0].reason_en


def test_robots_rules_are_kept(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n\nUser-agent: chadang\nDisallow: /a1\n")
    failed = run(web, tmp_path).failed
    assert "robots.txt" in failed[0].reason_en
    assert web.asked() == {"/robots.txt": 1, "/index.html": 1}


@pytest.mark.parametrize("hops, taken", [(5, 0), (6, 0)])
def test_robots_redirects_are_followed(web: LoopbackSite, tmp_path: Path, hops: int, taken: int) -> None:
    web.paths["/robots.txt"] = Answer(status=301, headers={"Location": "/r1"})
    for hop in range(1, hops):
        web.paths[f"/r{hop}"] = Answer(status=302, headers={"Location": f"/r{hop + 1}"})
    web.paths[f"/r{hops}"] = Answer(b"User-agent: *\nDisallow: /\n")
    assert run(web, tmp_path).fetched == (0 if hops <= 5 else 1)
    assert web.asked()[f"/r{hops}"] == (1 if hops <= 5 else 0)


def test_crawl_delay_and_delay_hold_between_requests(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.3\n")
    run(web, tmp_path)
    assert web.times("/a1.html")[0] - web.times("/index.html")[0] >= 0.3
    assert web.busiest == 1


def test_delays_vary_by_the_jitter(web: LoopbackSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("corpus.manners.time.sleep", waits.append)
    web.listing("/index.html", [f"a{n}.html" for n in range(30)])
    for number in range(30):
        web.article(f"/a{number}.html")
    run(web, tmp_path, polite="delay = 10.0\njitter = 0.5")
    pauses = [wait for wait in waits if wait > 1]  # the site of the test waits as well
    assert len(pauses) == 31
    assert 9.0 < min(pauses) < 12.0
    assert 13.0 < max(pauses) <= 15.0


def test_waits_between_tries_double(web: LoopbackSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("corpus.manners.time.sleep", waits.append)
    web.paths["/a1.html"] = Answer(status=500)
    run(web, tmp_path, polite="delay = 4.0\njitter = 0.0")
    assert [wait for wait in waits if wait in {4.0, 8.0, 16.0}] == [4.0, 8.0, 16.0]


def test_user_agent_is_honest_and_cookies_are_not_kept(web: LoopbackSite, tmp_path: Path) -> None:
    page = web.paths["/index.html"]
    assert isinstance(page, Answer)
    page.headers["Set-Cookie"] = "id=1; Path=/"
    run(web, tmp_path, top='contact = "mailto:x@reader.example"')
    for _, _, headers in web.log:
        assert headers["user-agent"].startswith("chadang/")
        assert "x@reader.example" in headers["user-agent"]
        assert "cookie" not in headers


@pytest.mark.parametrize("dated", [False, True])
def test_retry_after_is_honoured(web: LoopbackSite, tmp_path: Path, dated: bool) -> None:
    page = web.paths["/a1.html"]
    assert isinstance(page, Answer)

    def script(number: int, headers: dict[str, str]) -> Answer:
        when = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        return Answer(status=429, headers={"Retry-After": when if dated else "1"}) if number == 0 else page

    web.paths["/a1.html"] = script
    assert run(web, tmp_path).fetched == 1
    first, second = web.times("/a1.html")
    assert second - first >= 0.9


def test_retry_after_beyond_patience_postpones_and_the_next_run_goes_on(web: LoopbackSite, tmp_path: Path) -> None:
    page = web.paths["/a1.html"]
    web.paths["/a1.html"] = Answer(status=503, headers={"Retry-After": "3600"})
    summary = run(web, tmp_path)
    assert not summary.finished
    assert "come back after" in summary.postponed[0].en
    assert web.asked()["/a1.html"] == 1
    web.paths["/a1.html"] = page
    assert run(web, tmp_path).fetched == 1
    assert web.asked()["/index.html"] == 1


def test_retry_after_forms() -> None:
    now = datetime(2024, 5, 6, tzinfo=UTC)
    assert retry_after("7", now) == 7
    assert retry_after("Mon, 06 May 2024 00:01:00 GMT", now) == 60
    assert [retry_after(text, now) for text in ("", "soon", "-3", "²", "Mon, 06 May 2020 00:01:00 GMT")] == [0] * 5


@pytest.mark.parametrize(
    "bad",
    [
        Answer(status=500),
        Answer(reset=True),
        Answer(wait=2.5),
        Answer(b"short", declared=500),
        Answer(b"short", torn_chunks=True),
    ],
    ids=["500", "reset", "timeout", "broken off", "chunks broken off"],
)
def test_passing_failures_are_tried_again(web: LoopbackSite, tmp_path: Path, bad: Answer) -> None:
    page = web.paths["/a1.html"]
    assert isinstance(page, Answer)
    web.paths["/a1.html"] = lambda number, _: bad if number == 0 else page
    assert run(web, tmp_path).fetched == 1
    assert web.asked()["/a1.html"] == 2


def test_retries_are_bounded(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/a1.html"] = Answer(status=500)
    summary = run(web, tmp_path, polite="retries = 2")
    assert "500" in summary.failed[0].reason_en
    assert web.asked()["/a1.html"] == 3


def test_the_breaker_leaves_a_failing_host_alone(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", [f"a{n}.html" for n in range(20)])
    for number in range(20):
        web.paths[f"/a{number}.html"] = Answer(status=502)
    summary = run(web, tmp_path, polite="retries = 0\nbreaker = 4")
    assert "4 times" in summary.postponed[0].en
    assert len(web.log) == 2 + 4


def test_pages_that_always_fail_do_not_open_the_breaker(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", [f"a{n}.html" for n in range(4)])
    for number in range(3):
        web.paths[f"/a{number}.html"] = Answer(status=500)
    web.article("/a3.html")
    summary = run(web, tmp_path, polite="retries = 3\nbreaker = 8")
    assert (summary.fetched, len(summary.failed), summary.finished) == (1, 3, True)


def test_a_dead_host_is_left_alone_soon(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", [f"a{n}.html" for n in range(20)])
    for number in range(20):
        web.paths[f"/a{number}.html"] = Answer(reset=True)
    summary = run(web, tmp_path, polite="retries = 3\nbreaker = 8")
    assert "8 times" in summary.postponed[0].en
    assert len(web.log) == 2 + 8


@pytest.mark.parametrize(
    "slow",
    [Answer(b"x" * 500, drip=0.1), Answer(b"x", drip=0.05, drip_head=True)],
    ids=["body", "head"],
)
def test_a_slow_drip_meets_the_deadline(web: LoopbackSite, slow: Answer) -> None:
    web.paths["/slow"] = slow
    with client() as http, pytest.raises(Transient):
        http.get(f"{web.url}/slow")


def test_a_huge_body_is_refused(web: LoopbackSite) -> None:
    web.paths["/huge"] = Answer(b"x" * 1_100_000)
    web.paths["/lying"] = Answer(b"x", declared=10**12)
    with client() as http:
        for name in ("huge", "lying"):
            with pytest.raises(PageFailed, match="larger"):
                http.get(f"{web.url}/{name}")


def test_gzip_is_unpacked_and_bombs_are_refused(web: LoopbackSite) -> None:
    bomb = gzip.compress(b"\0" * 300_000_000, 1)
    web.paths["/bomb"] = Answer(bomb[:900_000], headers={"Content-Encoding": "gzip"})
    web.paths["/twice"] = Answer(b"x", headers={"Content-Encoding": "gzip, gzip"})
    web.paths["/members"] = Answer(gzip.compress(b"a") + gzip.compress(b"b"), headers={"Content-Encoding": "gzip"})
    web.paths["/zlib"] = Answer(zlib.compress(b"z" * 999_999), headers={"Content-Encoding": "deflate"})
    bare = zlib.compressobj(wbits=-15)
    web.paths["/bare"] = Answer(bare.compress(b"b" * 999) + bare.flush(), headers={"Content-Encoding": "deflate"})
    web.paths["/noise"] = Answer(gzip.compress(b"a") + b"\r\n<!-- -->", headers={"Content-Encoding": "gzip"})
    web.paths["/odd"] = Answer("年报".encode(), headers={"Content-Encoding": "UTF-8"})
    web.paths["/br"] = Answer(b"x", headers={"Content-Encoding": "br"})
    web.paths["/plain"] = Answer(b"no length", plain=True)
    web.paths["/torn"] = Answer(gzip.compress(b"abc" * 99)[:-9], headers={"Content-Encoding": "gzip"})
    with client() as http:
        assert http.get(f"{web.url}/members").body == b"ab"
        assert http.get(f"{web.url}/zlib").body == b"z" * 999_999
        assert http.get(f"{web.url}/bare").body == b"b" * 999
        assert http.get(f"{web.url}/noise").body == b"a"
        assert http.get(f"{web.url}/odd").body == "年报".encode()
        assert http.get(f"{web.url}/plain").body == b"no length"
        with pytest.raises(Transient):
            http.get(f"{web.url}/torn")
        for name in ("bomb", "twice", "br"):
            with pytest.raises(PageFailed):
                http.get(f"{web.url}/{name}")


def test_redirects_are_followed_once_each(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html", "a2.html", "a3.html"])
    web.paths["/a2.html"] = Answer(status=301, headers={"Location": "/b.html"})
    web.paths["/a3.html"] = Answer(status=302, headers={"Location": "/b.html"})
    web.article("/b.html")
    summary = run(web, tmp_path)
    assert (summary.fetched, summary.failed) == (2, ())
    assert web.asked()["/b.html"] == 1


def test_redirect_circles_and_long_chains_fail(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html", "a2.html"])
    web.paths["/a1.html"] = Answer(status=301, headers={"Location": "/b.html"})
    web.paths["/b.html"] = Answer(status=301, headers={"Location": "/a1.html"})
    web.paths["/a2.html"] = Answer(status=301, headers={"Location": "/c0"})
    for number in range(9):
        web.paths[f"/c{number}"] = Answer(status=301, headers={"Location": f"/c{number + 1}"})
    assert len(run(web, tmp_path).failed) == 2
    assert "/c5" not in web.asked()
    assert web.asked()["/a1.html"] == 1


def test_a_redirect_to_what_was_moved_before_is_no_circle(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html", "a2.html", "a3.html"])
    web.paths["/a1.html"] = Answer(status=301, headers={"Location": "/b.html"})
    web.paths["/a3.html"] = Answer(status=301, headers={"Location": "/a1.html"})
    web.article("/a2.html")
    web.article("/b.html")
    for _ in range(2):
        summary = run(web, tmp_path)
        assert (summary.fetched + summary.unchanged, summary.failed) == (2, ())


@pytest.mark.parametrize("place", ["/404.html", "/error/404.shtml", "/notfound.jsp", "/", "/index.html"])
def test_redirects_to_an_error_page_or_the_home_page_take_nothing(
    web: LoopbackSite, tmp_path: Path, place: str
) -> None:
    if place != "/index.html":
        web.html(place, "您访问的页面不存在")
    web.paths["/a1.html"] = Answer(status=302, headers={"Location": place})
    summary = run(web, tmp_path)
    assert summary.fetched == 0
    assert "taken down" in summary.failed[0].reason_en


def test_an_empty_answer_replaces_nothing_and_an_unasked_304_is_no_page(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html", "a2.html"])
    web.paths["/a2.html"] = Answer(status=304)
    summary = run(web, tmp_path)
    assert (summary.fetched, "304" in summary.failed[0].reason_en) == (1, True)
    web.paths["/a1.html"] = Answer(b"")
    web.article("/a2.html")
    summary = run(web, tmp_path)
    assert (summary.fetched, "empty" in summary.failed[0].reason_en) == (1, True)


@pytest.mark.parametrize("status", [403, 412, 521])
def test_a_guarded_site_says_how_to_go_on(web: LoopbackSite, tmp_path: Path, status: int) -> None:
    web.paths["/a1.html"] = Answer(b"<script>$_ts={}</script>", status)
    assert "save it with a browser" in run(web, tmp_path).failed[0].reason_en


def test_a_redirect_within_the_hosts_is_checked_after_resolution(
    web: LoopbackSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.paths["/a1.html"] = Answer(status=302, headers={"Location": "http://files.city.example/a1.html"})
    known = {"127.0.0.1": ["127.0.0.1"], "files.city.example": ["fd00::1"]}
    monkeypatch.setattr("corpus.transport.resolve", lambda host, port: known[host])
    summary = run(web, tmp_path, top='hosts = ["files.city.example"]')
    assert "fd00::1 is not a public address" in summary.failed[0].reason_en


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://169.254.169.254/meta", "file:///etc/passwd", "http://u:p@city.example/"]
)
def test_redirects_to_other_places_are_refused(web: LoopbackSite, tmp_path: Path, target: str) -> None:
    web.paths["/a1.html"] = Answer(status=302, headers={"Location": target})
    summary = run(web, tmp_path)
    assert (summary.fetched, len(summary.failed)) == (0, 1)


def test_loopback_is_refused_unless_allowed(web: LoopbackSite) -> None:
    with client(allow_loopback=False) as http, pytest.raises(RefusedAddress):
        http.get(f"{web.url}/a1.html")
    assert web.log == []


@pytest.mark.parametrize("address", ["10.1.2.3", "169.254.169.254", "::ffff:192.168.0.1", "64:ff9b::a00:1", "0.0.0.0"])  # noqa: S104
def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr("corpus.transport.resolve", lambda host, port: ["8.8.8.8", address])
    with client() as http, pytest.raises(RefusedAddress, match="not a public address"):
        http.get("http://www.city.example/")


def test_the_connection_goes_to_the_checked_address(web: LoopbackSite, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    monkeypatch.setattr("corpus.transport.resolve", lambda host, port: next(answers))
    with client() as http:
        assert http.get(f"http://www.city.example:{web.host.split(':')[1]}/a1.html").status == 200
    assert web.log[0][2]["host"].startswith("www.city.example:")


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a key and a certificate for 127.0.0.1 that nobody signed."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"]
    extra = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    try:
        subprocess.run([*made, *extra], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl here to make a certificate with")
    return key, cert


def over_tls(web: LoopbackSite, key: Path, cert: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    web.server.socket = context.wrap_socket(web.server.socket, server_side=True)


def test_a_site_that_moved_to_https_is_followed(web: LoopbackSite, tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    with loopback_site() as safe:
        over_tls(safe, key, cert)
        safe.listing("/index.html", [f"{web.url}/a1.html", "a2.html"])  # links of old lead to http still
        for number in (1, 2):
            safe.article(f"/a{number}.html")
        for path in ("/index.html", "/a1.html"):
            web.paths[path] = Answer(status=301, headers={"Location": f"https://{safe.host}{path}"})
        site = a_site(tmp_path, site_text(web.url, top=f'hosts = ["{safe.host}"]'))
        summary = fetch_site(site, tmp_path, allow_loopback=True, ca_file=cert)
    assert (summary.fetched, summary.failed) == (2, ())


def test_a_self_signed_certificate_is_refused(web: LoopbackSite, tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    over_tls(web, key, cert)
    url = f"https://{web.host}/a1.html"
    with client() as http, pytest.raises(PageFailed, match="certificate") as caught:
        http.get(url)
    assert not isinstance(caught.value, Transient)
    with Web(user_agent="chadang/test", bounds=_BOUNDS, allow_loopback=True, ca_file=cert) as http:
        assert http.get(url).status == 200
