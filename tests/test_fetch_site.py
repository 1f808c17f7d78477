"""The scraper against a scripted site on loopback: listings, articles, runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from fetch_site import Answer, LoopbackSite, a_site, loopback_site, site_text

from chadang import main
from corpus.crawl import FetchSummary
from corpus.errors import FetchError, SiteBusy
from corpus.fetching import fetch_site, gone_pages, warc_files
from corpus.site import read_site
from corpus.warcstore import read_pages


@pytest.fixture
def web() -> Iterator[LoopbackSite]:
    with loopback_site() as site:
        yield site


def run(web: LoopbackSite, home: Path, limit: int | None = None, dry_run: bool = False, **text: str) -> FetchSummary:
    site = a_site(home, site_text(web.url, **text))
    return fetch_site(site, home, allow_loopback=True, limit=limit, dry_run=dry_run)


def saved(home: Path, name: str = "test") -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for path in warc_files(home, name):
        for record in read_pages(path):
            found.setdefault("/" + record.page.url.split("/", 3)[3], []).append(record.page.body)
    return found


def articles(web: LoopbackSite, *numbers: int) -> None:
    for number in numbers:
        web.article(f"/a{number}.html")


def test_pages_numbered_by_create_page_html(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"], "<script>createPageHTML(3, 0, 'index', 'html')</script>")
    web.listing("/index_1.html", ["a2.html"])
    web.listing("/index_2.html", ["a3.html"])
    articles(web, 1, 2, 3)
    assert run(web, tmp_path).fetched == 3
    assert "/index_3.html" not in web.asked()
    assert saved(tmp_path)["/a3.html"] == [web.paths["/a3.html"].body]  # type: ignore[union-attr]


def test_pages_numbered_by_count_page(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"], "<script>var currentPage = 0; var countPage = 2;</script>")
    web.listing("/index_1.html", ["a2.html"])
    articles(web, 1, 2)
    assert run(web, tmp_path).fetched == 2


def test_next_links_are_followed(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"], '<a href="index_1.html">下一页</a>')
    web.listing("/index_1.html", ["a2.html"], '<a href="index_2.html">下一页</a>')
    web.listing("/index_2.html", ["a3.html"])
    articles(web, 1, 2, 3)
    assert run(web, tmp_path).fetched == 3


def test_a_repeated_listing_ends_its_pager(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"], "<script>createPageHTML(50, 0, 'index', 'html')</script>")
    for number in range(1, 50):
        web.listing(f"/index_{number}.html", ["a2.html"])
    articles(web, 1, 2)
    assert run(web, tmp_path).fetched == 2
    assert "/index_2.html" in web.asked()
    assert "/index_3.html" not in web.asked()


def test_an_empty_listing_ends_its_pager(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"], "<script>createPageHTML(50, 0, 'index', 'html')</script>")
    for number in range(1, 50):
        web.listing(f"/index_{number}.html", [])
    articles(web, 1)
    assert run(web, tmp_path).fetched == 1
    assert "/index_2.html" not in web.asked()


def test_endless_listings_are_bounded(web: LoopbackSite, tmp_path: Path) -> None:
    for number in range(40):
        name = f"/index_{number}.html" if number else "/index.html"
        web.listing(name, [f"a{number}.html"], f'<a href="index_{number + 1}.html">下一页</a>')
    articles(web, *range(40))
    assert run(web, tmp_path, polite="max_listings = 10").fetched == 10


def test_an_article_in_several_pages_names_its_first(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    web.html("/a1.html", "一<script>createPageHTML(3,0,'a1','html')</script>")
    web.html("/a1_1.html", "二")
    web.html("/a1_2.html", "三")
    assert run(web, tmp_path).fetched == 3
    records = [record for path in warc_files(tmp_path, "test") for record in read_pages(path)]
    firsts = {record.page.url.rsplit("/", 1)[1]: record.first for record in records}
    assert firsts == {"a1.html": "", "a1_1.html": f"{web.url}/a1.html", "a1_2.html": f"{web.url}/a1.html"}


def test_an_index_page_of_listings_is_no_empty_page(web: LoopbackSite, tmp_path: Path) -> None:
    web.html("/index.html", '<a href="/x/index.html">部门</a>')
    web.listing("/x/index.html", ["/a1.html"])
    articles(web, 1)
    assert run(web, tmp_path).fetched == 1


def test_wrong_charset_keeps_bytes_and_links(web: LoopbackSite, tmp_path: Path) -> None:
    body = "<meta charset=utf-8><a href='a1.html'>年度报告</a>".encode("gb18030")
    web.paths["/index.html"] = Answer(body, kind="text/html; charset=utf-8")
    web.paths["/a1.html"] = Answer(body)
    assert run(web, tmp_path).fetched == 1
    assert saved(tmp_path)["/a1.html"] == [body]


def test_forms_of_one_url_are_asked_once_and_other_sites_never(web: LoopbackSite, tmp_path: Path) -> None:
    forms = ["a1.html", "./a1.html#x", f"{web.url.upper()}/x/../a1.html", "/%611.html", "http://other.example/a1.html"]
    web.listing("/index.html", forms)
    articles(web, 1)
    summary = run(web, tmp_path)
    assert (summary.fetched, summary.failed) == (1, ())
    assert web.asked()["/a1.html"] == 1


@pytest.mark.parametrize("wanted", [True, False])
def test_attachments_are_taken_if_wanted(web: LoopbackSite, tmp_path: Path, wanted: bool) -> None:
    web.listing("/index.html", ["a1.html"])
    web.html("/a1.html", '<a href="f.PDF">附件</a><a href="f.exe">x</a>')
    web.paths["/f.PDF"] = Answer(b"%PDF-1.7\n\0\xff", kind="application/pdf")
    run(web, tmp_path, top=f"attachments = {str(wanted).lower()}")
    assert saved(tmp_path).get("/f.PDF") == ([b"%PDF-1.7\n\0\xff"] if wanted else None)


@pytest.mark.parametrize("header, condition", [("ETag", "if-none-match"), ("Last-Modified", "if-modified-since")])
def test_unchanged_pages_are_asked_conditionally(
    web: LoopbackSite, tmp_path: Path, header: str, condition: str
) -> None:
    value = '"v1"' if header == "ETag" else "Mon, 06 May 2024 07:08:09 GMT"

    def script(number: int, headers: dict[str, str]) -> Answer:
        return Answer(status=304) if headers.get(condition) == value else Answer(b"<p>1", headers={header: value})

    body = b'<a href="a1.html">1</a>'
    web.paths["/index.html"] = lambda _, headers: (
        Answer(status=304) if headers.get(condition) == value else Answer(body, headers={header: value})
    )
    web.paths["/a1.html"] = script
    assert run(web, tmp_path).fetched == 1
    second = run(web, tmp_path)
    assert (second.fetched, second.unchanged, second.alarms) == (0, 1, ())
    assert len(saved(tmp_path)["/a1.html"]) == 1


def test_changed_pages_are_taken_again_and_same_bytes_are_not(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html", "a2.html"])
    articles(web, 1, 2)
    run(web, tmp_path)
    web.article("/a1.html", "更正版")
    second = run(web, tmp_path)
    assert (second.fetched, second.unchanged) == (1, 1)
    assert [len(saved(tmp_path)[name]) for name in ("/a1.html", "/a2.html")] == [2, 1]


@pytest.mark.parametrize("status", [404, 410])
def test_gone_pages_are_marked_kept_and_come_back(web: LoopbackSite, tmp_path: Path, status: int) -> None:
    web.listing("/index.html", ["a1.html"])
    articles(web, 1)
    run(web, tmp_path)
    page = web.paths["/a1.html"]
    web.paths["/a1.html"] = Answer(b"", status)
    assert run(web, tmp_path).gone == 1
    assert list(gone_pages(tmp_path, "test")) == [f"{web.url}/a1.html"]
    assert len(saved(tmp_path)["/a1.html"]) == 1
    web.paths["/a1.html"] = page
    run(web, tmp_path)
    assert gone_pages(tmp_path, "test") == {}


def test_a_column_that_shrinks_or_dries_up_is_an_alarm(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", [f"a{n}.html" for n in range(6)])
    articles(web, *range(6))
    assert run(web, tmp_path).alarms == ()
    web.listing("/index.html", ["a1.html", "a2.html"])
    assert len(run(web, tmp_path).alarms) == 1
    web.listing("/index.html", [])
    assert "年报" in run(web, tmp_path).alarms[0].zh


def test_dry_run_writes_nothing_and_asks_no_article(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    summary = run(web, tmp_path, dry_run=True)
    assert summary.wanted == (f"{web.url}/a1.html",)
    assert not (tmp_path / "fetch").exists()
    assert "/a1.html" not in web.asked()


def test_dry_run_leaves_out_what_robots_forbid(web: LoopbackSite, tmp_path: Path) -> None:
    web.paths["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /a1.html\n")
    web.listing("/index.html", ["a1.html", "a2.html"])
    assert run(web, tmp_path, dry_run=True).wanted == (f"{web.url}/a2.html",)


def test_an_alarm_says_what_the_listing_holds_instead(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["t1.html", "t2.html"])
    alarm = run(web, tmp_path, dry_run=True).alarms[0]
    assert f"2 links of its listings fit no pattern, e.g. {web.url}/t1.html" in alarm.en
    assert "last run" not in alarm.en
    web.listing("/index.html", ["http://files.city.example/a1.html"])
    assert "files.city.example: add it to hosts" in run(web, tmp_path, dry_run=True).alarms[0].en


def test_limit_stops_and_the_next_run_goes_on(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", [f"a{n}.html" for n in range(5)])
    articles(web, *range(5))
    first = run(web, tmp_path, limit=2)
    assert (first.fetched, first.finished) == (2, False)
    assert run(web, tmp_path).finished
    assert web.asked() == {"/robots.txt": 2, "/index.html": 1, **{f"/a{n}.html": 1 for n in range(5)}}


def test_a_torn_tail_is_cut_and_only_its_page_asked_again(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a0.html", "a1.html", "a2.html"])
    articles(web, 0, 1, 2)
    run(web, tmp_path, limit=2)
    path = warc_files(tmp_path, "test")[0]
    path.write_bytes(path.read_bytes()[:-7])
    run(web, tmp_path)
    assert {name: len(bodies) for name, bodies in saved(tmp_path).items()} == {f"/a{n}.html": 1 for n in range(3)}
    assert (web.asked()["/a0.html"], web.asked()["/a1.html"]) == (1, 2)


def test_pages_of_a_lost_warc_file_are_taken_again(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a0.html"])
    web.paths["/a0.html"] = lambda _, headers: (
        Answer(status=304) if "if-none-match" in headers else Answer(b"<p>1", headers={"ETag": '"1"'})
    )
    run(web, tmp_path)
    warc_files(tmp_path, "test")[0].unlink()
    assert run(web, tmp_path).fetched == 1
    assert saved(tmp_path) == {"/a0.html": [b"<p>1"]}


def test_a_record_that_the_frontier_missed_is_not_asked_again(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a0.html", "a1.html"])
    articles(web, 0, 1)
    run(web, tmp_path, limit=1)
    with sqlite3.connect(tmp_path / "fetch/test/frontier.db") as db:
        db.execute("UPDATE pages SET state='in_flight', file='', start=0, length=0 WHERE url LIKE '%a0%'")
    run(web, tmp_path)
    assert web.asked()["/a0.html"] == 1


def test_a_second_process_is_refused(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", [])
    run(web, tmp_path)
    lock = sqlite3.connect(tmp_path / "fetch/test/lock.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SiteBusy):
        run(web, tmp_path)
    lock.close()


def test_interrupt_leaves_all_consistent(web: LoopbackSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web.listing("/index.html", ["a0.html", "a1.html"])
    articles(web, 0, 1)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("corpus.warcstore.WarcStore.append", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(web, tmp_path)
    assert run(web, tmp_path).fetched == 2
    assert web.asked()["/a0.html"] == 2


def test_progress_counts_pages_and_failures(web: LoopbackSite, tmp_path: Path) -> None:
    class Counted:
        total, marks = 0, ""

        def set_total(self, total: int) -> None:
            self.total = total

        def part(self, failed: bool = False) -> None:
            self.marks += "L"

        def done(self, failed: bool = False) -> None:
            self.marks += "x" if failed else "."

    web.listing("/index.html", ["a0.html", "a1.html", "a2.html"])
    articles(web, 0, 2)
    web.paths["/a1.html"] = Answer(status=403)
    shown = Counted()
    fetch_site(a_site(tmp_path, site_text(web.url)), tmp_path, allow_loopback=True, progress=shown)
    assert (shown.total, shown.marks) == (3, "L.x.")


def test_an_unchanged_empty_listing_ends_its_pager(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"], "<script>createPageHTML(50, 0, 'index', 'html')</script>")
    articles(web, 1)
    web.paths["/index_1.html"] = lambda _, headers: (
        Answer(status=304) if "if-none-match" in headers else Answer(b"<p>", headers={"ETag": '"e"'})
    )
    run(web, tmp_path)
    run(web, tmp_path)
    assert web.asked()["/index_1.html"] == 2
    assert "/index_2.html" not in web.asked()


def test_a_damaged_frontier_is_said(web: LoopbackSite, tmp_path: Path) -> None:
    (tmp_path / "fetch/test").mkdir(parents=True)
    (tmp_path / "fetch/test/frontier.db").write_bytes(b"no database" * 99)
    with pytest.raises(FetchError, match="frontier"):
        run(web, tmp_path)


@pytest.mark.parametrize("name", ["static", "jpage", "json"])
def test_the_example_site_files_work(web: LoopbackSite, tmp_path: Path, name: str) -> None:
    path = Path(__file__).parent.parent / "docs/sites" / f"{name}.toml"
    host = read_site(path).columns[0].start[0].split("/")[2]
    text = path.read_text("utf-8").replace(f"https://{host}", web.url)
    text = text.replace("delay = 2.0", "delay = 0").replace("delay = 3.0", "delay = 0")
    text += "" if "delay" in text else "[politeness]\ndelay = 0\n"
    (tmp_path / "site.toml").write_text(text, "utf-8")
    if name == "static":
        more = "<script>createPageHTML(2, 0, 'index', 'html')</script>"
        web.listing("/zfxxgk/ndbg/index.html", ["t20240101_1.html"], more)
        web.listing("/zfxxgk/ndbg/index_1.html", ["t20230101_2.html"])
        wanted = ["/zfxxgk/ndbg/t20240101_1.html", "/zfxxgk/ndbg/t20230101_2.html"]
    elif name == "json":
        wanted = ["/content/post_1.html", "/content/post_2.html"]
        for number, rows in ((1, f'[{{"url":"{wanted[0]}"}},{{"url":"{wanted[1]}"}}]'), (2, "[]")):
            path = f"/api/articles?channel=88&size=20&page={number}"
            web.paths[path] = Answer(f'{{"data":{rows}}}'.encode(), kind="application/json")
    else:
        wanted = [f"/art/2024/1/{n}/art_1_{n}.html" for n in range(1, 6)]
        _jpage(web, wanted)
    for page in wanted:
        web.article(page)
    result = CliRunner().invoke(
        main,
        ["--home", str(tmp_path), "--lang", "en", "fetch", "--allow-loopback", str(tmp_path / "site.toml")],
    )
    assert result.exit_code == 0, result.output
    assert f"fetched {len(wanted)}," in result.output
    assert sorted(saved(tmp_path, name)) == sorted(wanted)


def _jpage(web: LoopbackSite, pages: list[str]) -> None:
    records = [f"<record><![CDATA[<li><a href='{page}'>年报</a></li>]]></record>" for page in pages]
    web.html(
        "/col/col1234/index.html",
        "<script type='text/xml'><datastore><recordset>" + "".join(records[:2]) + "</recordset></datastore></script>"
        "<script>$('#x').jpage({totalRecord:5, perPage:2, proxyUrl:'/module/web/jpage/dataproxy.jsp',"
        "ajaxParam:{url:'/module/web/jpage/dataproxy.jsp', data:'col=1&webid=2&columnid=1234'}})</script>",
    )
    for start in (1, 3, 5):
        path = f"/module/web/jpage/dataproxy.jsp?col=1&webid=2&columnid=1234&startrecord={start}"
        part = "".join(records[start - 1 : start + 1])
        answer = Answer(f"<datastore><recordset>{part}</recordset></datastore>".encode(), kind="text/xml")
        web.paths[f"{path}&endrecord={min(start + 1, 5)}&perpage=2"] = answer
