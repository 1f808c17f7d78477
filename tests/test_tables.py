"""Tables of trends, concordances and facets: the figures of the page, in three formats, each saying what it is."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from test_page_analysis import get, run
from test_page_world import build_samples, client_of

from indexer.collocates import collocates
from indexer.concordance import concordance
from indexer.exportwriting import unguarded
from indexer.results import FACETS, Filter, SearchRequest
from indexer.service import Services
from indexer.trend import trend
from indexer.wordlists import WordLists

FILTERED = SearchRequest(match="exact", filters=(Filter("form", ("prose",)),))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = build_samples(tmp_path_factory.mktemp("tables"))
    WordLists(home).put("救济", ["行政复议", "行政诉讼"])
    return home


@pytest.fixture(scope="module")
def services(home):
    return Services(home)


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


def rows_of(body, format_):
    """Return the rows of a table and, for each, what it says of itself."""
    if format_ == "csv":
        text = io.StringIO(body.decode("utf-8-sig"), newline="")
        rows = [{name: unguarded(value) for name, value in row.items()} for row in csv.DictReader(text)]
        about = [{n.removeprefix("export_"): v for n, v in row.items() if n.startswith("export_")} for row in rows]
        return [{n: v for n, v in row.items() if not n.startswith("export_")} for row in rows], about
    if format_ == "jsonl":
        lines = [json.loads(line) for line in body.splitlines()]
        heads = [line for line in lines if line["type"] == "export"]
        rows = [line for line in lines if line["type"] != "export"]
        return rows, [next(h for h in heads if h["query"] == row["query"]) for row in rows]
    book = load_workbook(io.BytesIO(body))
    header, *cells = book.worksheets[1].iter_rows(values_only=True)
    pairs = [row[:2] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]]
    return [dict(zip(header, row, strict=True)) for row in cells], [dict(pairs)] * len(cells)


def fetched(client, path, **params):
    answer = client.get(f"{path}?{urlencode(params, doseq=True)}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert "attachment" in answer.headers["Content-Disposition"]
    return rows_of(answer.data, params["format"])


def said(about, services):
    manifest = services.manifest()
    assert (about["corpus_id"], about["engine"]) == (manifest.corpus_id, manifest.engine)
    assert (about["match"], about["scope"]) == ("exact", "section")
    assert about["exported_at"]
    assert "form=prose" in str(about["filters"])


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_a_trend_table_holds_the_points_of_the_page(client, services, format_):
    rows, about = fetched(client, "/trend/export", q=["公开", "@救济"], by="year", form="prose", format=format_)
    found = trend(services.searcher(), ["公开", "@救济"], "year", FILTERED)
    wanted = [(s.query, p.value, p.reports, p.occurrences) for s in found.series for p in s.points]

    def whole(value):
        return None if value in (None, "") else int(value)

    got = [(r["query"], r["value"] or "", whole(r["reports"]), whole(r["occurrences"])) for r in rows]
    assert got == wanted
    said(about[-1], services)
    # The list is spelled out: what it holds may be something else tomorrow.
    assert "行政诉讼" in about[-1]["read_as"]
    if format_ != "xlsx":
        assert (about[0]["query"], about[-1]["query"]) == ("公开", "@救济")


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_a_concordance_table_holds_every_line(client, services, format_):
    asked = {"q": "行政复议", "form": "prose", "by": "left", "width": 9}
    rows, about = fetched(client, "/concordance/export", **asked, format=format_)
    request = SearchRequest("行政复议", match="exact", filters=FILTERED.filters)
    found = concordance(services.searcher(), request, sort="left", width=9, limit=100_000)
    assert len(rows) == found.total > 0
    assert [(r["section_id"], r["match"]) for r in rows] == [(x.section_id, x.match) for x in found.lines]
    assert [r["right"] or "" for r in rows] == [x.right for x in found.lines]
    said(about[0], services)
    assert about[0]["query"] == "行政复议"


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_a_table_of_facets_holds_every_exact_count(client, services, format_):
    rows, about = fetched(client, "/facets/export", q="行政复议", match="exact", form="prose", format=format_)
    request = SearchRequest("行政复议", match="exact", filters=FILTERED.filters, facets=FACETS)
    found = services.search(request)
    wanted = [(f.field, v.value, v.sections) for f in found.facets for v in f.values]
    assert [(r["field"], r["value"] or "", int(r["sections"])) for r in rows] == wanted
    assert len({r["field"] for r in rows}) == len(FACETS)
    said(about[0], services)


def test_pages_lead_to_their_tables_and_methods_with_their_filters(client, services):
    page = get(client, "/search", q="行政复议", form="prose", match="exact")
    for path in ("/trend?", "/concordance?"):
        link = next(a["href"] for a in page.select(".count-links a") if a["href"].startswith(path))
        there = client.get(link)
        assert there.status_code == 200
        assert "form=prose" in link
        text = there.get_data(as_text=True)
        assert f"{path[:-1]}/export?" in text
        assert "形式＝正文" in [p.get_text() for p in BeautifulSoup(text, "lxml").select(".read-as")][-1]
        note = BeautifulSoup(text, "lxml").select_one("#methods").get_text()
        for said_there in (
            services.manifest().corpus_id,
            "行政复议",
            "精确匹配",
            "形式＝正文",
            "每万字" if "trend" in path else "25 字",
        ):
            assert said_there in note
    facets = [a["href"] for a in page.select("#take-out a") if a["href"].startswith("/facets/export")]
    assert len(facets) == 3
    assert all("form=prose" in href for href in facets)
    table = next(
        a["href"] for a in get(client, "/trend", q="公开", form="prose").select("a") if "format=csv" in a["href"]
    )
    rows, _ = rows_of(client.get(table).data, "csv")
    assert [r["value"] for r in rows] == [
        p.value for p in trend(services.searcher(), ["公开"], "year", FILTERED).series[0].points
    ]


def test_a_table_that_cannot_be_made_is_refused(client):
    for path in (
        "/trend/export?q=公开&format=doc",
        "/trend/export",
        "/concordance/export",
        "/concordance/export?q=x&width=a",
    ):
        assert client.get(path).status_code == 400, path


SAVED = {
    "trend": ("trend", "@救济", "--filter", "form=prose"),
    "concordance": ("concordance", "@救济", "--filter", "form=prose"),
    "collocates": ("concordance", "@救济", "--collocates", "--within", "3", "--filter", "form=prose"),
    "facets": ("facets", "@救济", "--filter", "form=prose"),
    "coverage": ("coverage", "--query", "@救济", "--filter", "form=prose"),
}


@pytest.mark.parametrize("name", SAVED)
def test_commands_save_tables_and_never_replace_one_unasked(home, services, tmp_path, name):
    command, query, *options = SAVED[name]
    other = [command, *([query] if query.startswith("--") else []), "公开"]
    for format_ in ("csv", "xlsx", "jsonl"):
        target = tmp_path / f"t.{format_}"
        code, _, err = run(home, command, query, *options, "-o", str(target))
        assert (code, err) == (0, "")
        rows, about = rows_of(target.read_bytes(), format_)
        assert rows
        said(about[0], services)
        assert "行政诉讼" in about[0]["read_as"]
        before = target.read_bytes()
        assert run(home, *other, "-o", str(target))[0] == 1
        assert target.read_bytes() == before
        assert run(home, *other, "-o", str(target), "--force")[0] == 0
        assert target.read_bytes() != before
    assert run(home, *other, "-o", str(tmp_path / "t.doc"))[0] == 1
    assert {path.name for path in tmp_path.iterdir()} == {"t.csv", "t.csv.meta.json", "t.xlsx", "t.jsonl"}


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_a_table_of_collocates_holds_the_words_of_the_page(client, services, format_):
    asked = {"q": "行政复议", "form": "prose", "within": 3, "view": "collocates"}
    rows, about = fetched(client, "/collocates/export", **asked, format=format_)
    request = SearchRequest("行政复议", match="exact", filters=FILTERED.filters)
    found = collocates(services.searcher(), request, within=3, limit=1000)
    assert [(r["word"], int(r["frequency"])) for r in rows] == [(w.word, w.frequency) for w in found.words]
    assert [round(float(r["log_likelihood"]), 4) for r in rows] == [round(w.log_likelihood, 4) for w in found.words]
    said(about[0], services)
    links = [a["href"] for a in get(client, "/concordance", **asked).select("a") if "/collocates/export" in a["href"]]
    assert len(links) == 3
    assert (
        rows_of(client.get(next(link for link in links if "csv" in link)).data, "csv")[0][0]["word"] == rows[0]["word"]
    )


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_a_coverage_panel_tells_zero_from_missing_and_says_what_it_is(client, services, format_):
    rows, about = fetched(client, "/coverage/export", q="减免", format=format_)
    by_status = {}
    for row in rows:
        by_status.setdefault(row["status"], set()).add(str(row["matches"] if row["matches"] is not None else ""))
    assert by_status["missing"] == {""}
    assert "0" in by_status["present"]
    assert by_status["present"] - {"0", ""}
    manifest = services.manifest()
    assert (about[0]["corpus_id"], about[0]["engine"]) == (manifest.corpus_id, manifest.engine)
    assert (about[0]["query"], about[0]["read_as"], about[0]["match"]) == ("减免", "减免", "exact")
    assert about[0]["exported_at"]
    assert "annual_report" in str(about[0]["parameters"])
    page = get(client, "/coverage", q="减免")
    note = page.select_one("#methods").get_text()
    assert all(text in note for text in (manifest.corpus_id, "减免", "缺报（本库未收）", "没有报告之处为空，不是 0"))
    assert sum("/coverage/export" in a["href"] for a in page.select("a")) == 3


def test_a_coverage_without_a_query_says_its_corpus_too(client, services):
    rows, about = fetched(client, "/coverage/export", format="jsonl", name="青岛")
    assert rows
    assert all("青岛" in row["agency"] and row["matches"] is None for row in rows)
    assert about[0]["corpus_id"] == services.manifest().corpus_id
    assert "语料版本" in about[0]["methods"]["zh"]


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize("name", SAVED)
def test_a_table_made_again_is_the_same(home, tmp_path, name, format_):
    target, again = tmp_path / f"t.{format_}", tmp_path / f"again.{format_}"
    options = ["--by", "region", "公开"] if name == "trend" else []
    options += ["--query", "没有这样的话"] if name == "coverage" else []
    assert run(home, *SAVED[name], *options, "-o", str(target))[0] == 0
    code, out, err = run(home, "rerun", str(target), "--json", "-o", str(again))
    assert (code, err) == (0, "")
    told = json.loads(out[out.index("{") :])
    assert told["same_rows"], told
    assert (told["facts"], told["unchanged"] > 0) == ([], True)
    assert rows_of(again.read_bytes(), format_)[0] == rows_of(target.read_bytes(), format_)[0]


def test_a_rerun_names_the_rows_of_a_table_that_differ(tmp_path):
    home = build_samples(tmp_path / "home")
    for name, asked in SAVED.items():
        words = [word.replace("@救济", "行政复议") for word in asked]
        assert run(home, *words, "-o", str(tmp_path / f"{name}.csv"))[0] == 0
    (tmp_path / "new.txt").write_text(
        "青岛市财政局2012年度政府信息公开工作年度报告\n一、概述\n行政复议两件，行政复议另有一件。\n", "utf-8"
    )
    assert run(home, "load", str(tmp_path / "new.txt"))[0] == 0
    code, _, err = run(home, "rerun", str(tmp_path / "coverage.csv"))
    assert code == 1
    assert f"chadang --home {home} index" in err  # reports that aren't indexed would count as 0
    assert run(home, "index")[0] == 0
    for name in SAVED:
        told = json.loads(run(home, "rerun", str(tmp_path / f"{name}.csv"), "--json")[1])
        assert not told["same_rows"], name
        assert any(fact["name"] == "corpus_id" for fact in told["facts"]), name
        if name == "trend":
            assert any(c["id"] == "行政复议 · 2012" and "occurrences" in c["columns"] for c in told["changed"])
        if name == "concordance":
            assert (len(told["added"]), told["removed"]) == (2, [])
        if name == "coverage":
            assert any("青岛市财政局 · " in row for row in told["added"] + [c["id"] for c in told["changed"]])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"type": "export", "table": "magic"}, "magic"),
        ({"type": "export", "table": "trend", "query": "x"}, "导出说明"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(home, tmp_path, line, said):
    target = tmp_path / "t.jsonl"
    target.write_text(json.dumps(line) + "\n", "utf-8")
    code, _, err = run(home, "rerun", str(target))
    assert code == 1
    assert said in err


def test_an_earlier_table_without_parameters_is_refused_and_says_why(home, tmp_path):
    target = tmp_path / "t.jsonl"
    assert run(home, "trend", "公开", "-o", str(target))[0] == 0
    head, *rows = target.read_text("utf-8").splitlines()
    old = json.loads(head)
    del old["parameters"]
    target.write_text("\n".join([json.dumps(old), *rows]), "utf-8")
    code, _, err = run(home, "rerun", str(target))
    assert code == 1
    assert "制表参数" in err


def test_a_table_without_rows_is_made_again_from_what_lies_beside_it(home, tmp_path):
    target = tmp_path / "t.csv"
    assert run(home, "concordance", "绝无此语", "-o", str(target))[0] == 0
    assert len(target.read_text("utf-8-sig").splitlines()) == 1
    told = json.loads(run(home, "rerun", str(target), "--json")[1])
    assert (told["same_rows"], told["export"]["query"]) == (True, "绝无此语")


def test_the_help_explains_word_lists_as_they_are_read(client, services):
    assert (
        services.search(SearchRequest("@救济")).sections
        == services.search(SearchRequest("行政复议 OR 行政诉讼")).sections
    )
    for lang in ("zh", "en"):
        part = get(client, "/help", lang=lang).select_one("section[aria-labelledby=help-lists]")
        assert "@救济" in part.get_text()
        assert part.select_one("a")["href"].startswith("/wordlists")
