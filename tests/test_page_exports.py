"""Downloads and citations of the page: what a click gives, in all forms."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import unquote, urlencode

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from test_page_world import HOSTILE, PATIENT, SCRIPT, build_home, build_samples, client_of

from indexer.exporting import facts_from
from indexer.exportreading import compare, digests, export_of, read_file
from indexer.exportrun import prepare
from indexer.results import SearchRequest
from indexer.service import Services


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def services(home):
    return Services(home, PATIENT)


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


def submitted(client, page, format_, **filled):
    """What the browser sends when the reader fills the form in and presses the button of a format."""
    form = BeautifulSoup(page, "lxml").select_one("form.take-out-form")
    assert form.select_one(f"button[name=format][value={format_}]")
    sent = [(tag["name"], tag["value"]) for tag in form.select("input[type=hidden]")]
    sent += [("unit", "section"), ("format", format_), *filled.items()]
    return client.get(f"{form['action']}?{urlencode(sent)}")


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_the_form_downloads_what_the_page_shows(client, services, tmp_path, format_):
    page = client.get("/search?q=依申请公开的答复&year=2012..2020&-form=table&lang=en").get_data(as_text=True)
    answer = submitted(client, page, format_)
    assert answer.status_code == 200
    name = unquote(answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
    assert name.startswith("chadang-依申请公开的答复-")
    assert name.endswith("." + format_)
    path = tmp_path / f"a.{format_}"
    path.write_bytes(answer.data)
    old = export_of(read_file(path))
    # The rung that answered is exported, not the ladder.
    found = services.search(SearchRequest(query="依申请公开的答复", filters=old.facts.request().filters))
    assert old.facts.match == found.match != "exact"
    assert old.facts.filters == ("form!=table", "year=2012..2020")
    assert len(old.rows) == found.sections > 0
    again = prepare(services.searcher(), old.facts.request(), _when())
    assert compare(old, again.facts, digests(again.rows, "section")).none


def _when():
    from datetime import UTC, datetime

    return datetime(2026, 11, 25, tzinfo=UTC)


def test_a_sample_with_columns_for_coding(client):
    page = client.get("/search?q=公开").get_data(as_text=True)
    answer = submitted(client, page, "csv", sample="5", seed="7", coding="1")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 5
    assert {row["code"] for row in rows} == {""}
    assert {row["export_seed"] for row in rows} == {"7"}
    assert submitted(client, page, "csv", sample="5", seed="7").data != answer.data
    book = load_workbook(io.BytesIO(submitted(client, page, "xlsx", sample="5", seed="7").data))
    assert book.active.max_row == 6


def test_the_methods_note_stands_on_the_page(client, services):
    for lang, word in (("zh", "检索说明"), ("en", "Methods note")):
        page = BeautifulSoup(client.get(f"/search?q=公开&lang={lang}").data, "lxml")
        text = page.select_one(".take-out").get_text()
        assert word in text
        assert services.manifest().corpus_id in text


@pytest.mark.parametrize("wrong", ["format=doc", "sample=x", "sample=-1", "sample=999999999", "sample=3&seed=١"])
def test_what_cannot_be_exported_is_said(client, wrong):
    answer = client.get(f"/export?q=公开&{wrong}")
    assert answer.status_code == 400


def test_citations_of_report_and_sections(client, services):
    hit = services.search(SearchRequest(query="行政复议")).hits[0]
    page = BeautifulSoup(client.get(f"/report/{hit.report_id}").data, "lxml")
    box = page.select_one("details.citation")
    assert [dt.get_text() for dt in box.select("dt")] == ["GB/T 7714-2025", "GB/T 7714-2015", "BibTeX"]
    assert hit.title in box.dd.get_text()
    listed = BeautifulSoup(client.get(box.select_one("a")["href"]).data, "lxml")
    assert len(listed.select("dl")[1].select("dt")) >= 3
    whole = client.get(box["data-cite"])
    assert whole.mimetype == "text/plain"
    assert whole.get_data(as_text=True).strip() == box.dd.get_text()
    part = client.get(f"{box['data-cite']}?section={hit.section_id}&style=gb2015").get_data(as_text=True)
    assert part != whole.get_data(as_text=True)
    assert client.get(f"{box['data-cite']}?section=none").status_code == 404
    assert client.get("/report/none/cite").status_code == 404


def test_hostile_texts_stay_texts(tmp_path):
    client = client_of(build_home(tmp_path, [HOSTILE]))
    for address in (f"/report/{HOSTILE.report_id}/cite", "/search?q=公开", f"/report/{HOSTILE.report_id}"):
        page = client.get(address).get_data(as_text=True)
        assert SCRIPT not in page
        assert "<img" not in page
    assert client.get(f"/report/{HOSTILE.report_id}/cite.txt").headers["X-Content-Type-Options"] == "nosniff"
    lines = client.get("/export?q=公开&format=jsonl").data.splitlines()
    assert facts_from(json.loads(lines[0])).rows == len(lines) - 1 > 0
