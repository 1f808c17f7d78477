"""From a site to the library: what was fetched is loaded, articles of several pages as one, marks for what is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from fetch_site import Answer, LoopbackSite, loopback_site, site_text

import chadang
from corpus.library import Library

ARTICLE = (
    "<html><head><title>{title}</title></head><body><h1>{title}</h1><div class='TRS_Editor'><p>一、概述</p><p>{text}</p></div>"
    "{more}</body></html>"
)
TITLE = "云溪市教育局{year}年政府信息公开工作年度报告"


@pytest.fixture
def web() -> Iterator[LoopbackSite]:
    with loopback_site() as site:
        yield site


def page(web: LoopbackSite, path: str, year: int, text: str, more: str = "") -> None:
    body = ARTICLE.format(title=TITLE.format(year=year), text=text, more=more)
    web.paths[path] = Answer(body.encode("gb18030"), kind="text/html; charset=gb2312")


def fetch(web: LoopbackSite, home: Path) -> tuple[int, str]:
    site = home / "site.toml"
    home.mkdir(exist_ok=True)
    site.write_text(site_text(web.url), "utf-8")
    result = CliRunner().invoke(
        chadang.main, ["--home", str(home), "--lang", "en", "fetch", "--allow-loopback", str(site)]
    )
    return result.exit_code, result.output


def texts(home: Path) -> dict[int | None, str]:
    with Library(home / "library.db") as library:
        return {report.year: report.text for report in library.reports()}


def test_what_is_fetched_is_in_the_library_and_changes_with_its_page(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html", "a2.html"])
    page(web, "/a1.html", 2010, "全年公开信息12条，都在网站上公布，方便群众查阅。")
    page(web, "/a2.html", 2011, "全年公开信息13条，都在网站上公布，方便群众查阅。")
    code, said = fetch(web, tmp_path)
    assert code == 0, said
    assert "added 2" in said
    assert {year: "公开信息" in text for year, text in texts(tmp_path).items()} == {2010: True, 2011: True}
    code, said = fetch(web, tmp_path)
    assert "added 0, changed 0" in said
    page(web, "/a1.html", 2010, "全年公开信息99条，都在网站上公布，方便群众查阅。")
    code, said = fetch(web, tmp_path)
    assert code == 0, said
    found = texts(tmp_path)
    assert len(found) == 2
    assert "99条" in found[2010]
    with Library(tmp_path / "library.db") as library:
        assert {report.source_url for report in library.reports()} == {f"{web.url}/a1.html", f"{web.url}/a2.html"}


def test_pages_of_one_article_are_one_report(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    page(web, "/a1.html", 2010, "第一页的内容，公开信息12条。", "<a href='a1_1.html'>下一页</a>")
    page(web, "/a1_1.html", 2010, "第二页的内容，公开信息13条。")
    code, said = fetch(web, tmp_path)
    assert code == 0, said
    (text,) = texts(tmp_path).values()
    assert text.index("第一页的内容") < text.index("第二页的内容")
    assert text.count(TITLE.format(year=2010)) <= 1


def test_a_page_that_is_gone_is_marked_and_its_report_stays(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    page(web, "/a1.html", 2010, "全年公开信息12条，都在网站上公布。")
    fetch(web, tmp_path)
    saved = web.paths["/a1.html"]
    web.paths["/a1.html"] = Answer(b"gone", status=404)
    fetch(web, tmp_path)
    assert len(texts(tmp_path)) == 1
    shown = CliRunner().invoke(chadang.main, ["--home", str(tmp_path), "status", "--json"])
    assert [mark["url"] for mark in json.loads(shown.output)["gone"]] == [f"{web.url}/a1.html"]
    web.paths["/a1.html"] = saved
    fetch(web, tmp_path)
    shown = CliRunner().invoke(chadang.main, ["--home", str(tmp_path), "status", "--json"])
    assert json.loads(shown.output)["gone"] == []


def test_pages_of_an_article_stand_in_their_order_whichever_came_first(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    page(web, "/a1.html", 2010, "第一页的内容，公开信息12条。", "<a href='a1_2.html'>尾页</a><a href='a1_1.html'>2</a>")
    page(web, "/a1_1.html", 2010, "第二页的内容，公开信息13条。")
    page(web, "/a1_2.html", 2010, "第三页的内容，公开信息14条。")
    code, said = fetch(web, tmp_path)
    assert code == 0, said
    (text,) = texts(tmp_path).values()
    places = [text.index(f"第{number}页的内容") for number in "一二三"]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "path, kind, headers",
    [
        ("/module/download/downfile.jsp?classid=0&filename=9f.rtf", "application/octet-stream", {}),
        ("/9f.rtf", "application/x-msdownload", {}),
        ("/down.jsp?file=9f.doc", "application/save-as", {}),  # named .doc, and RTF by its bytes
        ("/9f.doc", "text/html;charset=utf-8", {}),
        ("/9f.wps", "", {"Content-Disposition": 'attachment; filename="2010.wps"'}),
    ],
)
def test_attachments_are_loaded_whatever_the_server_calls_them(
    web: LoopbackSite, tmp_path: Path, path: str, kind: str, headers: dict[str, str]
) -> None:
    web.listing("/index.html", ["a1.html"])
    page(web, "/a1.html", 2010, "全年公开信息12条，都在网站上公布。", f"<a href='{path}'>附件</a>")
    words = "云溪市财政局2011年政府信息公开工作年度报告\n一、概述\n本年度主动公开政府信息四十五条，方便群众查阅。"
    coded = "".join(rf"\u{ord(char)}?" if ord(char) < 32768 else rf"\u{ord(char) - 65536}?" for char in words)
    web.paths[path] = Answer(
        b"{\\rtf1\\ansi " + coded.replace("\\u10?", "\\par ").encode() + b"}", kind=kind, headers=headers
    )
    site = tmp_path / "site.toml"
    site.write_text(site_text(web.url, top="attachments = true"), "utf-8")
    asked = ["--home", str(tmp_path), "--lang", "en", "fetch", "--allow-loopback", str(site)]
    result = CliRunner().invoke(chadang.main, asked)
    assert result.exit_code == 0, result.output
    found = texts(tmp_path)
    assert sorted(found, key=str) == [2010, 2011], result.output
    assert "四十五条" in found[2011]


@pytest.mark.parametrize("changed", [1, 2])
def test_an_article_of_which_one_page_changed_stays_whole(web: LoopbackSite, tmp_path: Path, changed: int) -> None:
    def serve(first: str, second: str) -> None:
        page(web, "/a1.html", 2010, first, "<a href='a1_1.html'>2</a>")
        page(web, "/a1_1.html", 2010, second)

    web.listing("/index.html", ["a1.html", "a2.html"])
    page(web, "/a2.html", 2011, "全年公开信息22条，都在网站上公布。")
    serve("第一页的内容，公开信息12条。", "第二页的内容，公开信息13条。")
    fetch(web, tmp_path)
    serve(
        "第一页的内容，公开信息99条。" if changed == 1 else "第一页的内容，公开信息12条。",
        "第二页的内容，公开信息99条。" if changed == 2 else "第二页的内容，公开信息13条。",
    )
    code, said = fetch(web, tmp_path)
    assert code == 0, said
    found = texts(tmp_path)
    assert sorted(found, key=str) == [2010, 2011]
    assert "99条" in found[2010]
    assert found[2010].index("第一页的内容") < found[2010].index("第二页的内容")
    fetch(web, tmp_path)
    assert texts(tmp_path) == found


def test_a_damaged_frontier_costs_asking_again_and_nothing_else(web: LoopbackSite, tmp_path: Path) -> None:
    web.listing("/index.html", ["a1.html"])
    page(web, "/a1.html", 2010, "全年公开信息12条，都在网站上公布，方便群众查阅。")
    fetch(web, tmp_path)
    before = texts(tmp_path)
    frontier = tmp_path / "fetch/test/frontier.db"
    for path in frontier.parent.glob("frontier.db*"):
        path.write_bytes(b"no database" * 999)
    code, said = fetch(web, tmp_path)
    assert (code, said.count("error:"), "delete it" in said) == (1, 1, True), said
    frontier.unlink()
    code, said = fetch(web, tmp_path)
    assert code == 0, said
    assert texts(tmp_path) == before
