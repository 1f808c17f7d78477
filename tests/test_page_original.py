"""The kept original of a report: found in files, archives and crawls, shown in isolation, downloaded, or said to be gone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from test_page_app import get, text_of
from test_page_world import client_of
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.kept import KeptMissing, kept_original
from corpus.library import Library, Source
from corpus.loader import load
from corpus.member import LARGEST_MEMBER
from indexer import building
from webui.routes_original import harmless

BODY = "<h1>云溪市林业局2019年政府信息公开工作年度报告</h1>" + "<p>全年主动公开政府信息十二条，答复申请三件。</p>" * 20
EVIL = (
    '<!doctype html><head><base href="https://evil.example/"><link rel=preconnect href="https://evil.example">'
    '<meta http-equiv="refresh" content="0;url=https://evil.example/"><script src="/static/app.js"></script></head>'
    '<body onload="alert(1)"><script>parent.document.title="x";alert(1)</script><img src="https://evil.example/x.png">'
    '<form action="https://evil.example/"><input></form><iframe src="https://evil.example/"></iframe>'
    '<style>@import url("https://evil.example/x.css");body{background:url(https://evil.example/y.png)}</style>'
)


def built(tmp_path, files):
    folder = tmp_path / "报告"
    folder.mkdir(exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body if isinstance(body, bytes) else body.encode())
    with Library(tmp_path / "home" / "library.db") as library:
        summary = load(library, [folder])
        assert not summary.failed
        ids = {source.source: source.report_id for source in library.sources() if source.report_id}
    building.update(tmp_path / "home")
    return client_of(tmp_path / "home"), ids


def warc(pages):
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=True)
    for url, day, body in pages:
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body.encode()),
                http_headers=http,
                warc_headers_dict={"WARC-Date": day},
            )
        )
    return made.getvalue()


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return made.getvalue()


def test_a_page_is_shown_in_a_sandbox_and_downloaded_as_it_is(tmp_path):
    client, ids = built(tmp_path, {"a.html": (EVIL + BODY).encode("gbk")})
    (report_id,) = ids.values()
    link = get(client, f"/report/{report_id}").find("a", string="查看原件")
    page = get(client, link["href"])
    frame = page.select_one("iframe")
    assert frame.has_attr("sandbox")
    assert not frame["sandbox"]
    shown = client.get(frame["src"])
    assert shown.content_type == "text/html; charset=utf-8"
    policy = shown.headers["Content-Security-Policy"]
    assert re.match(r"sandbox; default-src 'none';", policy), "a sandbox without any permission"
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "云溪市林业局2019年" in shown.get_data(as_text=True), "whatever its encoding"
    assert "frame-src 'self'" in client.get(link["href"]).headers["Content-Security-Policy"]
    whole = client.get(page.select_one("a.button")["href"])
    assert whole.data == (EVIL + BODY).encode("gbk")
    assert whole.headers["Content-Disposition"].startswith("attachment; filename=a.html")
    assert whole.content_type == "application/octet-stream"
    source = get(client, page.find("a", string="查看源代码")["href"])
    text = client.get(source.select_one("iframe")["src"])
    assert text.content_type == "text/plain; charset=utf-8"
    assert "<script src=" in text.get_data(as_text=True)
    assert text.headers["Content-Security-Policy"].startswith("sandbox;")
    # The pages of our own keep theirs.
    assert "frame-src" not in client.get("/").headers["Content-Security-Policy"]


REACHING = ("link", "base", "meta", "iframe", "frame", "object", "embed", "portal", "applet")


@given(st.lists(st.sampled_from([*REACHING, "<", ">", "/", " ", "\x00", "p", "LINK", "Meta", "<<", "x"]), max_size=12))
def test_no_element_that_reaches_out_is_left(parts):
    tree = BeautifulSoup(harmless("".join(parts)), "html.parser")
    assert [tag.name for tag in tree.find_all(True) if tag.name.lower() in REACHING] == []


def test_texts_are_texts_and_other_files_are_downloads(tmp_path):
    text = "云溪市教育局2011年政府信息公开工作年度报告\n一、概述\n全年公开信息12条。<script>alert(1)</script>\n"
    docx = Path(__file__).parent / "examples" / "formats"
    some = next(path for path in sorted(docx.iterdir()) if path.suffix == ".pdf")
    client, ids = built(tmp_path, {"b.txt": text.encode("gbk"), some.name: some.read_bytes()})
    by_suffix = {name.rpartition(".")[2]: report_id for name, report_id in ids.items()}
    page = get(client, f"/report/{by_suffix['txt']}/original", lang="en")
    shown = client.get(page.select_one("iframe")["src"])
    assert (shown.content_type, shown.get_data(as_text=True)) == ("text/plain; charset=utf-8", text)
    page = get(client, f"/report/{by_suffix['pdf']}/original", lang="en")
    assert page.select("iframe") == []
    assert "aren't opened here" in page.get_text()
    for form in ("", "page", "text", "x"):
        raw = client.get(f"/report/{by_suffix['pdf']}/raw?as={form}")
        assert raw.headers["Content-Disposition"].startswith("attachment")
        assert raw.headers["Content-Security-Policy"].startswith("sandbox;")
        assert raw.data == some.read_bytes()


def test_members_of_archives_within_archives_and_of_crawls_are_found(tmp_path):
    two = BODY.replace("林业局2019", "水利局2018")
    crawl = warc([("http://a.example/1.html", "2026-01-01T00:00:00Z", BODY.replace("十二", "十三"))])
    client, ids = built(
        tmp_path,
        {
            "x.zip": zipped({"里/甲.html": two, "inner.zip": zipped({"c.html": BODY.replace("林业", "文化")})}),
            "y.warc.gz": crawl,
        },
    )
    for name, wanted in (("x.zip!里/甲.html", "水利局"), ("inner.zip!c.html", "文化局"), ("1.html", "十三条")):
        report_id = next(report_id for source, report_id in ids.items() if source.endswith(name))
        page = get(client, f"/report/{report_id}/original")
        assert wanted in client.get(page.select_one("iframe")["src"]).get_data(as_text=True)
    assert "2026-01-01" in text_of(page.select_one(".facts-table"))
    assert "http://a.example/1.html" in text_of(page.select_one(".facts-table"))


def test_of_two_captures_the_one_that_was_loaded_is_shown(tmp_path):
    path = tmp_path / "z.warc.gz"
    url = "http://a.example/1.html"
    days = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    path.write_bytes(warc([(url, days[0], "old"), (url, days[1], "new")]))
    assert kept_original(Source("z", str(path), url, fetched_at=days[0])).body.endswith(b"old")
    assert kept_original(Source("z", str(path), url, fetched_at=days[1])).body.endswith(b"new")
    assert kept_original(Source("z", str(path), url)).body.endswith(b"new")
    with pytest.raises(KeptMissing, match="no longer holds"):
        kept_original(Source("z", str(path), "http://a.example/2.html"))
    with pytest.raises(KeptMissing, match="too long"):
        kept_original(Source("z", str(path), "http://a.example/2.html"), seconds=0)


def test_a_row_of_a_table_has_the_table_as_its_original(tmp_path):
    row = "云溪市{}局{}年政府信息公开工作年度报告,一、概述 全年公开信息12条。\n"
    table = "标题,正文\n" + row.format("甲", 2019) + row.format("乙", 2018)
    client, ids = built(tmp_path, {"t.csv": table})
    page = get(client, f"/report/{next(iter(ids.values()))}/original")
    assert "本报告是该表格中的一行" in page.get_text()
    assert "乙局" in client.get(page.select_one("iframe")["src"]).get_data(as_text=True)


def test_a_file_that_is_gone_changed_or_too_large_is_said(tmp_path):
    client, ids = built(tmp_path, {"a.html": BODY})
    (report_id,) = ids.values()
    path = tmp_path / "报告" / "a.html"
    path.write_text(BODY + "<p>后来加的。</p>", "utf-8")
    assert "在导入之后有改动" in get(client, f"/report/{report_id}/original").get_text()
    with path.open("r+b") as stream:
        stream.truncate(LARGEST_MEMBER + 1)
    assert "超过 64 MB" in get(client, f"/report/{report_id}/original", 404).get_text()
    path.unlink()
    for address in ("original", "raw", "raw?as=page"):
        page = get(client, f"/report/{report_id}/{address}", 404)
        assert "已不在原处" in text_of(page.select_one("[role=alert]"))
        assert page.select_one(".back a")["href"] == f"/report/{report_id}"
    assert get(client, "/report/0123456789abcdef/original", 404).select("h1")
    for odd in ("-1", "9", "x", "9" * 30):
        get(client, f"/report/{report_id}/original", 404, source=odd)
    (tmp_path / "home" / "library.db").unlink()
    assert "没有这份报告的来源记录" in get(client, f"/report/{report_id}/original", 404).get_text()
