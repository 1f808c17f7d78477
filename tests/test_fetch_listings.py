"""Listing pages as real sites have them: the scraper finds the articles and the next pages in each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fetch_site import Answer, LoopbackSite, a_site, loopback_site, site_text

from corpus.crawl import FetchSummary
from corpus.fetching import fetch_site, gone_pages, warc_files
from corpus.warcstore import read_pages


@pytest.fixture
def web() -> Iterator[LoopbackSite]:
    with loopback_site() as site:
        yield site


def run(
    web: LoopbackSite,
    home: Path,
    *,
    listing: str = r"/index(_\d+)?\.html",
    article: str = r"/a\d+\.html",
    top: str = "",
    polite: str = "",
) -> FetchSummary:
    text = site_text(web.url, listing=listing, article=article, top=top, polite=polite)
    return fetch_site(a_site(home, text), home, allow_loopback=True)


def firsts(home: Path) -> dict[str, str]:
    """Return the path of each saved page -> that of its article's first page."""
    found = {}
    for path in warc_files(home, "test"):
        for record in read_pages(path):
            found["/" + record.page.url.split("/", 3)[3]] = record.first and "/" + record.first.split("/", 3)[3]
    return found


@pytest.mark.parametrize(
    "link",
    [
        '<a href="../x/../a1.html">',
        '<a href=" ./a1.html\n">',
        r'<a href=".\a1.html">',
        '<A HREF=a1.html>',
        '<a href="javascript:void(0)" onclick="window.open(\'/a1.html\')">',
        '<a href="javascript:window.open(\'a1.html\',\'_blank\')">',
        '<a href="#" onclick="location.href=\'./a1.html\';return false">',
        '<map><area href="a1.html" shape="rect"></map>',
        '<a href="a1.html;jsessionid=0A1B2C?">',
        '<script>document.write("<a href=\\"./a1.html\\">" + title + "</a>")</script>',
        "<script>var list=[{\"t\":\"年报\",\"u\":\"\\/a1.html\"}];</script>",
        "<script>var d=['<li><a href=\"/a1.html\">年报</a></li>'];$('#7').jpage({dataStore:d})</script>",
    ],
)  # fmt: skip
def test_links_are_found_however_they_are_written(web: LoopbackSite, tmp_path: Path, link: str) -> None:
    others = '<a href="javascript:;">打印</a><a href="mailto:x@y.example">信箱</a><a href="http://[">坏</a><a>空</a>'
    web.html("/index.html", f"{others}{link}年报</a>")
    web.article("/a1.html")
    summary = run(web, tmp_path)
    assert (summary.fetched, summary.failed) == (1, ())
    assert web.asked() == {"/robots.txt": 1, "/index.html": 1, "/a1.html": 1}


def test_base_moves_relative_links(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/index.html"] = Answer(b'<head><base href="/deep/"></head><a href="a1.html">1</a>')
    web.article("/deep/a1.html")
    assert run(web, tmp_path).fetched == 1


def test_frames_hold_listings(web: LoopbackSite, tmp_path: Path) -> None:
    web.html("/index.html", '<iframe src="index_9.html"></iframe>')
    web.listing("/index_9.html", ["a1.html"])
    web.article("/a1.html")
    assert run(web, tmp_path).fetched == 1


def test_a_menu_of_pages_is_a_pager(web: LoopbackSite, tmp_path: Path) -> None:
    options = "".join(f'<option value="list.jsp?id=7&amp;page={n}">第{n}页</option>' for n in (1, 2, 3))
    web.html("/index.html", '<a href="list.jsp?id=7&page=1">更多</a>')
    for number in (1, 2, 3):
        web.listing(f"/list.jsp?id=7&page={number}", [f"a{number}.html"], f"<select>{options}</select>")
        web.article(f"/a{number}.html")
    assert run(web, tmp_path, listing=r"/list\.jsp\?id=7").fetched == 3


def test_gaps_in_the_numbers_are_passed_over(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a0.html"], "<script>createPageHTML(6, 0, 'index', 'html')</script>")
    for number in (1, 4, 5):
        web.listing(f"/index_{number}.html", [f"a{number}.html"])
    for number in (0, 1, 4, 5):
        web.article(f"/a{number}.html")
    assert run(web, tmp_path).fetched == 4
    assert gone_pages(tmp_path, "test") == {}  # a listing is nobody's report


@pytest.mark.parametrize(
    "call, pages",
    [
        ("createPageHTML('page_div',3,1,'list','shtml',41)", ["/list_2.shtml", "/list_3.shtml"]),
        ("createPageHTML(\"pages\", 3, 1, \"index\", \"html\", 500)", ["/index_2.html", "/index_3.html"]),
        ("createPageHTML(3, 1, 'index', 'html')", ["/index_2.html", "/index_3.html"]),
        ("function createPageHTML(_n, _i, _s, _e){} createPageHTML(3, 0, \"index\", \"htm\")", ["/index_1.htm", "/index_2.htm"]),
        ("createPageHTML('3', '0', 'list_12', 'html')", ["/list_12_1.html", "/list_12_2.html"]),
        ("var currentPage = '0'; var countPage = '3'; createPageHTML(countPage, currentPage, 'x')", ["/index_1.html", "/index_2.html"]),
        ("createPageHTML(0, 0, 'index', 'html')", []),
    ],
)  # fmt: skip
def test_the_forms_of_create_page_html(web: LoopbackSite, tmp_path: Path, call: str, pages: list[str]) -> None:
    web.listing("/index.html", ["a1.html"], f"<script>{call}</script>")
    web.article("/a1.html")
    for number, page in enumerate(pages, 2):
        web.listing(page, [f"a{number}.html"], f"<script>{call.replace('3, 1,', f'3, {number},')}</script>")
        web.article(f"/a{number}.html")
    assert run(web, tmp_path).fetched == 1 + len(pages)
    assert set(web.asked()) - {"/robots.txt", "/index.html"} == {*pages, *(f"/a{n + 1}.html" for n in range(len(pages) + 1))}  # fmt: skip


def test_numbers_without_an_underscore_repeat_and_end(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"], '<a href="list-2.html">下一页</a>')
    for number in range(2, 40):  # the server shows its last page whatever the number
        web.listing(f"/list-{number}.html", ["a2.html"], f'<a href="list-{number + 1}.html">下一页</a>')
    web.article("/a1.html")
    web.article("/a2.html")
    assert run(web, tmp_path, listing=r"/(index|list-\d+)\.html").fetched == 2
    assert "/list-4.html" not in web.asked()


def test_an_empty_department_does_not_end_its_neighbours(web: LoopbackSite, tmp_path: Path) -> None:
    names = {1: "教育局", 2: "财政局", 3: "民政局"}
    web.html("/index.html", "".join(f'<a href="index_{number}.html">{name}</a>' for number, name in names.items()))
    web.listing("/index_1.html", [])
    for number in (2, 3):
        web.listing(f"/index_{number}.html", [f"a{number}.html"])
        web.article(f"/a{number}.html")
    assert run(web, tmp_path).fetched == 2


_DATA = "/module/web/jpage/dataproxy.jsp?"
_FORM = "col=1&appid=1&webid=60&path=%2F&columnid=30067&unitid=49468&webname=%E4%BA%91%E6%BA%AA&permissiontype=0"


def records(*names: str, before: str = "") -> Answer:
    rows = "".join(f"<record><![CDATA[<li><a href='/{name}'>年报</a></li>]]></record>" for name in names)
    return Answer(f"<datastore>{before}<recordset>{rows}</recordset></datastore>".encode(), kind="text/xml")


def test_jpage_sends_the_form_of_its_parameters(web: LoopbackSite, tmp_path: Path) -> None:
    form = "{col:1,appid:'1',webid:60,path:'/',columnid:30067,unitid:'49468',webname:'云溪',permissiontype:0}"
    web.html(
        "/index.html",
        f"<script>$(function(){{$('#49468').jpage({{themeName:'default',totalRecord:3,dataBefore:'',groupSize:3,"
        f"proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:2,ajaxParam:{form}}});}});</script>",
    )
    web.paths[f"{_DATA}{_FORM}&startrecord=1&endrecord=2&perpage=2"] = records("a1.html", "a2.html")
    web.paths[f"{_DATA}{_FORM}&startrecord=3&endrecord=3&perpage=2"] = records("a3.html")
    for number in (1, 2, 3):
        web.article(f"/a{number}.html")
    assert run(web, tmp_path).fetched == 3


def test_a_pager_that_is_posted_by_the_site_file_gets_its_form(web: LoopbackSite, tmp_path: Path) -> None:
    web.html(
        "/index.html",
        "<script>$('#1').jpage({totalRecord:3,proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:2,"
        "ajaxParam:{col:1,webname:'云溪'}});</script>",
    )
    proxy, form = _DATA.rstrip("?"), "col=1&webname=%E4%BA%91%E6%BA%AA"
    web.paths[f"{proxy} POST {form}&startrecord=1&endrecord=2&perpage=2"] = records("a1.html", "a2.html")
    web.paths[f"{proxy} POST {form}&startrecord=3&endrecord=3&perpage=2"] = records("a3.html")
    for number in (1, 2, 3):
        web.article(f"/a{number}.html")
    assert run(web, tmp_path).fetched == 0  # asked by GET, as far as the site file says
    text = site_text(web.url, listing=r"/index(_\d+)?\.html", article=r"/a\d+\.html")
    site = a_site(tmp_path, text.replace("article =", "post = 'dataproxy\\.jsp'\narticle =", 1))
    for _ in range(2):
        fetch_site(site, tmp_path, allow_loopback=True)
    assert set(firsts(tmp_path)) == {"/a1.html", "/a2.html", "/a3.html"}
    posted = [headers for _, path, headers in web.log if " POST " in path]
    assert len(posted) == 4
    assert {headers["content-type"] for headers in posted} == {"application/x-www-form-urlencoded"}


def test_counted_listings_can_be_posted_and_a_redirect_is_asked_by_get(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/list POST page=1"] = records("a1.html")
    web.paths["/list POST page=2"] = Answer(status=302, headers={"Location": "/list2.html"})
    web.listing("/list2.html", ["a2.html"])
    web.article("/a1.html")
    web.article("/a2.html")
    text = site_text(web.url, listing="/list", article=r"/a\d+\.html").replace("/index.html", "/list?page={1..9}", 1)
    site = a_site(tmp_path, text.replace("article =", "post = '/list\\?'\narticle =", 1))
    assert fetch_site(site, tmp_path, allow_loopback=True).fetched == 2
    assert "/list?page=1" not in web.asked()


def test_jpage_by_page_numbers_goes_to_the_last(web: LoopbackSite, tmp_path: Path) -> None:
    first = f'<nextgroup><![CDATA[<a href="{_DATA}page=1&amp;webid=1"></a>]]></nextgroup>'
    web.html("/index.html", f"<script type='text/xml'><datastore>{first}</datastore></script>")
    for number in (1, 2, 3):
        total = "<totalrecord>5</totalrecord><totalpage>3</totalpage>"
        web.paths[f"{_DATA}page={number}&webid=1"] = records(f"a{number}.html", before=total)
        web.article(f"/a{number}.html")
    assert run(web, tmp_path).fetched == 3
    assert f"{_DATA}page=4&webid=1" not in web.asked()


@pytest.mark.parametrize("kind", ["application/json", "text/html"])
@pytest.mark.parametrize("around", ["{}", "jQuery1_2({});"])
def test_listings_in_json_are_counted_until_they_are_empty(web: LoopbackSite, tmp_path: Path, kind: str, around: str) -> None:  # fmt: skip
    rows = {
        1: '{"data":{"list":[{"title":"年报 2020","url":"\\/a1.html"},{"link":"a2.html"}]},"total":3}',
        2: '{"data":{"html":"<li><a href=\\"\\/a3.html\\">年报<\\/a><\\/li>"}}',
        3: '{"data":{"list":[]},"total":3}',
    }
    for number, body in rows.items():
        web.paths[f"/list?page={number}"] = Answer(around.replace("{}", body).encode(), kind=kind)
    for number in (1, 2, 3):
        web.article(f"/a{number}.html")
    text = site_text(web.url).replace("/index.html", "/list?page={1..50}", 1)
    assert fetch_site(a_site(tmp_path, text), tmp_path, allow_loopback=True).fetched == 3
    assert "/list?page=4" not in web.asked()


def test_chinese_in_a_query_is_sent_in_the_encoding_of_its_page(web: LoopbackSite, tmp_path: Path) -> None:
    words = "".join(f"<p>{name}政府信息公开工作年度报告，公开目录和公开指南。</p>" for name in ("云溪市", "青禾县"))
    body = f'{words}<a href="list.asp?类=年报">更多</a>'
    web.paths["/index.html"] = Answer(body.encode("gb18030"), kind="text/html; charset=utf-8")  # declared wrongly
    web.listing("/list.asp?%C0%E0=%C4%EA%B1%A8", ["a1.html"])
    web.article("/a1.html")
    assert run(web, tmp_path, listing=r"/list\.asp").fetched == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "", "text/html;charset=gb2312"])
def test_a_wrong_content_type_hides_no_further_page(web: LoopbackSite, tmp_path: Path, kind: str) -> None:
    web.listing("/index.html", ["a1.html"])
    web.paths["/a1.html"] = Answer(b"\xef\xbb\xbf\r\n<html><a href='a1_1.html'>2</a>", kind=kind)
    web.article("/a1_1.html")
    run(web, tmp_path)
    assert firsts(tmp_path) == {"/a1.html": "", "/a1_1.html": "/a1.html"}


def test_neighbours_of_an_article_are_no_pages_of_it(web: LoopbackSite, tmp_path: Path) -> None:
    name = r"/(t\d{8}|art_\d+)_\d+\.html"
    web.listing("/index.html", ["t20200101_123.html", "art_12_34.html"])
    web.html(
        "/t20200101_123.html",
        '<a href="t20200101_124.html">下一篇</a><a href="t20200101_123_1.html">2</a><a href="t20200101_123_2.html">3</a>',
    )
    web.html("/art_12_34.html", '<a href="art_12_35.html">下一篇</a><a href="art_12_34.html?page=2">第二页</a>')
    for path in ("/t20200101_124.html", "/art_12_35.html"):
        web.article(path)
    for path in ("/t20200101_123_1.html", "/t20200101_123_2.html", "/art_12_34.html?page=2"):
        web.article(path)
    run(web, tmp_path, article=name)
    assert firsts(tmp_path) == {
        "/t20200101_123.html": "",
        "/art_12_34.html": "",
        "/t20200101_123_1.html": "/t20200101_123.html",
        "/t20200101_123_2.html": "/t20200101_123.html",
        "/art_12_34.html?page=2": "/art_12_34.html",
    }


def test_attachments_by_query_in_frames_and_in_viewers(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    web.html(
        "/a1.html",
        '<a href="/module/download/downfile.jsp?classid=0&filename=f1.pdf">附件</a><embed src="f2.pdf">'
        '<iframe src="/pdfjs/web/viewer.html?file=%2Ff3.pdf"></iframe><a href="a1_1.html">2</a>',
    )
    web.article("/a1_1.html")
    files = ["/module/download/downfile.jsp?classid=0&filename=f1.pdf", "/f2.pdf", "/f3.pdf"]
    for path in files:
        web.paths[path] = Answer(b"%PDF-1.7 " + path.encode(), kind="application/octet-stream")
    run(web, tmp_path, top="attachments = true")
    assert sorted(firsts(tmp_path)) == sorted(["/a1.html", "/a1_1.html", *files])


def test_a_page_in_place_of_a_file_is_a_failure(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    web.html("/a1.html", '<a href="f.pdf">附件</a>')
    web.html("/f.pdf", "您访问的文件不存在")
    summary = run(web, tmp_path, top="attachments = true")
    assert (summary.fetched, len(summary.failed)) == (1, 1)
    assert "web page" in summary.failed[0].reason_en


def test_a_listing_names_files_as_articles(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["2020.pdf", "2021.doc"])
    web.paths["/2020.pdf"] = Answer(b"%PDF-1.7\n", kind="application/pdf")
    web.paths["/2021.doc"] = Answer(b"<html>word", kind="application/msword")  # office programs do save HTML as .doc
    assert run(web, tmp_path, article=r"/\d{4}\.(pdf|doc)$").fetched == 2


def test_a_mended_pattern_takes_effect_though_the_listing_is_unchanged(web: LoopbackSite, tmp_path: Path) -> None:
    body = b'<a href="t1.html">1</a><a href="t2.html">2</a>'
    web.paths["/index.html"] = lambda _, headers: (
        Answer(status=304) if "if-none-match" in headers else Answer(body, headers={"ETag": '"1"'})
    )
    web.article("/t1.html")
    web.article("/t2.html")
    assert run(web, tmp_path).alarms
    summary = run(web, tmp_path, article=r"/t\d\.html")
    assert (summary.fetched, summary.alarms) == (2, ())
    run(web, tmp_path, article=r"/t2\.html")  # narrowed: what was taken before is no longer asked for
    run(web, tmp_path, article=r"/t2\.html")
    assert (web.asked()["/t1.html"], web.asked()["/t2.html"]) == (1, 3)


def test_a_site_file_changed_in_an_unfinished_run_begins_anew(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html", "a2.html", "a3.html"])
    for number in (1, 2, 3):
        web.article(f"/a{number}.html")
    text = site_text(web.url)
    fetch_site(a_site(tmp_path, text), tmp_path, allow_loopback=True, limit=1)
    renamed = text.replace("年报", "年度报告")
    assert fetch_site(a_site(tmp_path, renamed), tmp_path, allow_loopback=True).finished
    assert sorted(firsts(tmp_path)) == ["/a1.html", "/a2.html", "/a3.html"]


def test_too_many_listings_are_one_failure_that_says_what_to_do(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a0.html"], "<script>createPageHTML(500, 0, 'index', 'html')</script>")
    web.article("/a0.html")
    for number in range(1, 500):
        web.listing(f"/index_{number}.html", [f"a{number}.html"])
        web.article(f"/a{number}.html")
    summary = run(web, tmp_path, polite="max_listings = 5")
    assert (summary.fetched, len(summary.failed)) == (5, 1)
    assert "max_listings" in summary.failed[0].reason_en
