"""The parts of the scraper that need no server: URLs, addresses, site files, links, WARC files, codings."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from fetch_site import a_site, site_text
from hypothesis import given
from hypothesis import strategies as st

from corpus.addresses import canonical_url, is_allowed
from corpus.errors import BadSite, RefusedAddress
from corpus.listing import article_links, listing_links
from corpus.page import Page
from corpus.pagelinks import page_text
from corpus.unpacking import unpacked
from corpus.warcstore import WarcStore, check_tail, read_pages

_NOW = "2024-05-06T07:08:09Z"


@pytest.mark.parametrize(
    "url, wanted",
    [
        ("HTTP://City.Example:80/a/./b/../c?x=%e4%bb&y=1#top", "http://city.example/a/c?x=%E4%BB&y=1"),
        ("https://city.example:443", "https://city.example/"),
        ("http://city.example/%7Ea b/年.html", "http://city.example/~a%20b/%E5%B9%B4.html"),
        ("http://例子.example/", "http://xn--fsqu00a.example/"),
        ("http://city.example\\zwgk\\a.jsp;jsessionid=0A.node1?x=a\\b", "http://city.example/zwgk/a.jsp?x=a%5Cb"),
    ],
)
def test_urls_come_in_one_form(url: str, wanted: str) -> None:
    assert canonical_url(url) == wanted
    assert canonical_url(wanted) == wanted


@given(st.text(alphabet="ab年%2fF/.?&=#: @[]~", max_size=20))
def test_the_form_of_a_url_is_final(path: str) -> None:
    try:
        url = canonical_url("http://city.example/" + path)
    except RefusedAddress:
        return
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "javascript:x()", "http://u@a.example/", "http:///x", "http://[::1"]
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        canonical_url(url)


def test_only_public_addresses_are_allowed() -> None:
    private = "10.0.0.1 127.0.0.1 ::1 fe80::1%eth0 100.64.0.1 224.0.0.1 2002:a00:1:: ::7f00:1 fc00::1 nonsense".split()
    assert [address for address in private if is_allowed(address, allow_loopback=False)] == []
    assert is_allowed("8.8.8.8", allow_loopback=False)
    assert is_allowed("64:ff9b::808:808", allow_loopback=False)
    assert is_allowed("::ffff:127.0.0.1", allow_loopback=True)
    assert not is_allowed("10.0.0.1", allow_loopback=True)


@pytest.mark.parametrize(
    "old, new, key",
    [
        ('name = "test"', "", "name"),
        ('name = "test"', 'name = "../x"', "name"),
        ("delay", "dealy", "politeness.dealy"),
        ("delay = 0.0", 'delay = "1"', "politeness.delay"),
        ("delay = 0.0", "delay = -1", "politeness.delay"),
        ("http://city.example", "ftp://city.example", "columns[1].start"),
        ("/index.html", "/list?page={9..1}", "columns[1].start"),
        ("/index.html", "/list?page={1..99999}", "columns[1].start"),
        ('name = "test"', 'name = "test"\nhosts = ["https://x.example"]', "hosts"),
        ('name = "test"', 'name = "test"\nhosts = ["x.example/files"]', "hosts"),
        ("'/a", "'(/a", "columns[1].article"),
        ("[[columns]]", "[[column]]", "column"),
        ("[politeness]", "attachments = 1\n[politeness]", "columns[1].attachments"),
        ('name = "test"', 'name = "test"\nattachments = 1', "attachments"),
        ('name = "test"', 'name = "test"\nhosts = "x"', "hosts"),
        ('name = "test"', 'name = "test"\ncontact = "邮件"', "contact"),
        ("[politeness]", "[politeness", "site.toml"),
    ],
)
def test_mistakes_in_a_site_file_name_file_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    text = site_text("http://city.example")
    assert a_site(tmp_path, text).hosts == {"city.example"}
    with pytest.raises(BadSite) as caught:
        a_site(tmp_path, text.replace(old, new, 1))
    assert "site.toml" in caught.value.zh
    assert key in caught.value.en


@given(st.binary(max_size=300))
def test_any_bytes_have_a_text(body: bytes) -> None:
    assert isinstance(page_text(Page("http://city.example/", _NOW, 200, "", (), body)).text, str)


@given(st.binary(max_size=5000), st.integers(1, 700))
def test_unpacking_is_independent_of_the_pieces(body: bytes, size: int) -> None:
    data = gzip.compress(body)
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    assert b"".join(unpacked(parts, "gzip", "")) == body


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.floats(0, 1))
def test_a_torn_warc_keeps_its_whole_records(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], share: float
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    store = WarcStore(folder, "20240506T070809Z")
    headers = (("content-type", "text/html"), ("x-note", "a\r\nb"), ("etag", '"1"'))
    pages = [Page(f"http://city.example/{n}", _NOW, 200, "text/html", headers, body) for n, body in enumerate(bodies)]
    ends = [place.offset + place.length for place in (store.append(page, "") for page in pages)]
    path = next(folder.iterdir())
    assert [saved.page.body for saved in read_pages(path)] == bodies
    cut = int(share * ends[-1])  # the length differs with each record's random identity
    path.write_bytes(path.read_bytes()[:cut])
    whole = sum(end <= cut for end in ends)
    assert [saved.page.sha256 for saved in check_tail(path, 0)] == [page.sha256 for page in pages[:whole]]
    assert path.stat().st_size == (ends[whole - 1] if whole else 0)
    store.append(pages[-1], "http://city.example/0")
    assert [saved.first for saved in read_pages(path)] == [""] * whole + ["http://city.example/0"]


@pytest.mark.parametrize(
    "part",
    [
        b"<record>",
        b"location='",
        b"<a href=",
        b"createPageHTML(",
        b".jpage(",
        b'"a',
        b"<nextgroup>",
        b"[",
        b"<option value=",
        b"<base>",
    ],
)
def test_a_hostile_listing_has_its_links_all_the_same(tmp_path: Path, part: bytes) -> None:
    site = a_site(tmp_path, site_text("http://city.example"))
    noise = part * (50_000 // len(part))  # quadratic work over this would never end
    for wrapped in (noise, b"<script>" + noise + b"</script>"):
        body = b"<a href='/a1.html'>1</a>" + wrapped
        page = Page("http://city.example/index.html", _NOW, 200, "text/html", (), body)
        assert listing_links(page, site.columns[0], site).articles == ("http://city.example/a1.html",)
        article_links(page, site, page.url)
