"""The pages that count: trend, concordance, coverage, word lists; their figures are those of what they link to."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner
from test_page_app import get, text_of
from test_page_world import HOSTILE, build_home, build_samples, client_of

from chadang import main
from webui.guard import CSP

PAGES = ["/trend", "/concordance", "/coverage", "/wordlists"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


def run(home, *args):
    result = CliRunner().invoke(main, ["--home", str(home), *args])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_page_opens_in_both_languages_and_leads_to_the_others(client, path, lang):
    page = get(client, path, lang=lang)
    links = page.select(".analysis-nav a")
    assert [link["href"].partition("?")[0] for link in links] == PAGES
    assert page.select_one(".analysis-nav [aria-current]")["href"].startswith(path)
    assert (re.search("[一-鿿]", text_of(page.select_one(".analysis-nav"))) is None) == (lang == "en")
    for link in links:
        assert get(client, link["href"]).html["lang"] == ("en" if lang == "en" else "zh-CN")


def test_each_point_of_a_trend_leads_to_its_reports(client):
    for by in ("year", "region", "department", "kind"):
        page = get(client, "/trend", q=["依申请公开", "减免"], by=by, **{"-level": "county"})
        links = page.select(".analysis-table td a")
        assert len(links) > 5
        for link in links[::5]:
            assert f"命中报告 {link.get_text()} " in text_of(get(client, link["href"]).select_one(".totals")) + " "


def test_the_chart_has_a_linked_point_for_each_figure_and_nothing_the_policy_forbids(client):
    page = get(client, "/trend", q="依申请公开")
    chart = page.select_one(".analysis-chart svg")
    assert not page.select("style, [style], .analysis-chart script")
    assert "unsafe-inline" not in CSP
    rows = page.select(".analysis-table tbody tr")
    points = chart.select("a")
    counted = [row for row in rows if not row.select(".gap-cell")]
    assert len(points) == len(counted) > 10
    for point, row in zip(points, counted, strict=True):
        assert point["href"] == row.a["href"]
        assert point["aria-label"].startswith(row.th.get_text())
        assert row.select("td")[2].get_text() in point["aria-label"]
    assert len(chart.select(".axis.x .major.guide")) == 2
    assert [row.th.get_text() for row in page.select(".first-of-template")] == ["2019", "2021"]


def test_a_dropped_part_is_said_and_is_a_gap_in_the_chart(client):
    page = get(client, "/trend", q="收费", kind="staffing")
    said = {row.th.get_text(): text_of(row.td) for row in page.select(".analysis-table tbody tr")}
    assert said["2019"] == "该部分已取消" == said["2024"]
    assert len(page.select(".analysis-chart a")) == sum(
        text not in ("该部分已取消", "本库未收") for text in said.values()
    )


def test_a_trend_over_its_time_says_so_and_keeps_the_reports(client, monkeypatch):
    monkeypatch.setattr("webui.routes_trend.PAGE_SECONDS", -1.0)
    page = get(client, "/trend", q="公开")
    assert "chadang trend" in text_of(page.select_one(".note"))
    assert page.select(".analysis-table td a")
    monkeypatch.setattr("webui.routes_concordance.PAGE_SECONDS", -1.0)
    refused = get(client, "/concordance", 503, q="公开")
    assert "不限时间" in refused.get_text()


def test_lines_lead_to_their_paragraph(client):
    page = get(client, "/concordance", q="行政复议", by="right", width="12")
    rows = page.select(".kwic tbody tr")
    total = int(re.search(r"共 ([\d,]+) 行", text_of(page.select_one(".totals")))[1].replace(",", ""))
    assert len(rows) == min(total, 100) > 50
    for row in rows[::20]:
        path, _, place = row.a["href"].partition("#")
        there = get(client, path).find(id=place)
        assert row.mark.get_text() in there.get_text()
        assert max(len(row.select_one(side).get_text()) for side in (".left", ".right")) <= 12


def test_lines_go_on_over_pages(client):
    first = get(client, "/concordance", q="公开", kind="overview", by="left")
    second = get(client, first.select_one(".paging [rel=next]")["href"])
    assert "第 101 至" in text_of(second.select_one(".totals"))
    assert (
        get(client, second.select_one(".paging [rel=prev]")["href"]).select_one(".kwic").get_text()
        == first.select_one(".kwic").get_text()
    )


def test_collocates_name_their_measure(client):
    page = get(client, "/concordance", q="行政复议", view="collocates", within="3", lang="en")
    assert "Log-likelihood G² (Dunning 1993)" in page.get_text()
    assert page.select_one(".analysis-table tbody th").get_text() == "行政诉讼"


def test_coverage_shows_zero_apart_from_missing(client):
    page = get(client, "/coverage", q="减免")
    cells = page.select(".coverage-table td")
    numbers = [cell.a.get_text() for cell in cells if cell.a]
    assert "0" in numbers
    assert any(int(number) > 0 for number in numbers)
    assert sum(cell.select_one("[aria-label='缺报（本库未收）']") is not None for cell in cells) > 100
    silent = get(client, page.find("a", string="未提及的报告")["href"])
    zero = sum(number == "0" for number in numbers)
    assert f"命中报告 {zero} " in text_of(silent.select_one(".totals")) + " "


def test_a_word_list_is_made_used_changed_and_removed_on_its_page(tmp_path):
    client = client_of(build_samples(tmp_path))
    form = {tag["name"]: tag.get("value", "") for tag in get(client, "/wordlists").select("form[method=post] input")}
    sent = {**form, "name": "救济", "phrases": "行政复议\r\n行政诉讼", "do": "save"}
    assert client.post("/wordlists", data=sent).status_code == 303
    page = get(client, "/wordlists", saved="1")
    assert "@救济" in page.get_text()
    there = get(client, page.select_one(".analysis-legend a[href*=search]")["href"])
    assert '"行政复议" OR "行政诉讼"' in text_of(there.select_one(".read-as"))
    assert get(client, "/wordlists", name="救济").textarea.get_text() == "行政复议\n行政诉讼"
    refused = client.post("/wordlists?lang=en", data={**sent, "name": "a b"})
    assert refused.status_code == 400
    assert "Not saved: a b" in refused.get_data(as_text=True)
    assert "行政诉讼" in refused.get_data(as_text=True)  # what was typed isn't lost
    assert client.post("/wordlists", data={**sent, "do": "remove"}).status_code == 303
    assert "@救济" not in get(client, "/wordlists").get_text()


def test_a_form_from_elsewhere_changes_nothing(client):
    for token in ("", "wrong", "é"):
        answer = client.post("/wordlists", data={"name": "x", "phrases": "y", "do": "save", "token": token})
        assert answer.status_code == 403
    assert "@x" not in get(client, "/wordlists").get_text()
    assert client.post("/trend").status_code == 405


def test_hostile_texts_stay_texts(tmp_path):
    client = client_of(build_home(tmp_path, [HOSTILE]))
    asked = "<script>alert(1)</script>"
    for path in ("/trend", "/trend?by=department", "/concordance", "/coverage", "/wordlists"):
        page = get(
            client, path + ("&" if "?" in path else "?") + "q=%3Cscript%3Ealert(1)%3C/script%3E&name=%3Cscript%3E"
        )
        assert all(script.get("src") for script in page.select("script")), path
        assert not page.select("img"), path
    assert asked in get(client, "/concordance", q=f'"{asked}"').get_text()


def test_commands_print_text_json_and_csv_with_the_same_figures(home):
    code, text, _ = run(home, "--lang", "en", "trend", "减免", "--by", "year", "--filter", "章节=依申请公开")
    assert code == 0
    assert "another template" in text
    code, out, _ = run(home, "trend", "减免", "--json")
    found = json.loads(out)
    assert found["filters"] == ["form=prose"]
    points = found["series"][0]["points"]
    code, out, _ = run(home, "trend", "减免", "--csv")
    assert out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    assert [row["reports"] for row in rows] == [str(point["reports"]) for point in points]
    code, out, _ = run(
        home, "search", "减免", "--match", "exact", "--json", *(f"--filter={f}" for f in points[1]["filters"])
    )
    assert json.loads(out)["reports"] == points[1]["reports"]


def test_all_lines_are_in_the_csv(home):
    code, out, _ = run(home, "concordance", "公开", "--csv", "--sort", "left")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    _, out, _ = run(home, "concordance", "公开", "--json", "--limit", "3", "--sort", "left")
    found = json.loads(out)
    assert len(rows) == found["total"] > 1_000
    assert [row["paragraph_id"] for row in rows[:3]] == [line["paragraph_id"] for line in found["lines"]]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_the_panel_tells_zero_from_missing(home, tmp_path):
    expected = tmp_path / "expected.csv"
    expected.write_text("机关,年度\n苏州市教育局,2012..2013\n无此局,2012\n", "gb18030")
    code, out, _ = run(home, "coverage", "--expected", str(expected), "--query", "没有这样的话", "--csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    told = {(row["agency"], row["year"]): (row["status"], row["matches"]) for row in rows}
    assert told == {
        ("苏州市教育局", "2012"): ("present", "0"),
        ("苏州市教育局", "2013"): ("missing", ""),
        ("无此局", "2012"): ("missing", ""),
    }
    code, _, err = run(home, "coverage", "--expected", str(tmp_path / "none.csv"))
    assert code == 1
    assert "none.csv" in err


def test_word_lists_by_command(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("收费\n减免\n", "utf-8")
    assert run(tmp_path, "wordlist", "add", "费用", "--file", str(file))[0] == 0
    assert run(tmp_path, "wordlist", "show", "费用")[1] == "收费\n减免\n"
    assert "@费用" in run(tmp_path, "wordlist", "list")[1]
    assert run(tmp_path, "wordlist", "remove", "费用", "收费")[0] == 0
    assert json.loads(run(tmp_path, "wordlist", "list", "--json")[1]) == [{"name": "费用", "phrases": ["减免"]}]
    code, _, err = run(tmp_path, "wordlist", "show", "没有")
    assert code == 1
    assert "没有名为" in err


@pytest.mark.parametrize("path", ["/trend", "/concordance"])
def test_the_filters_of_the_counts_are_said_and_can_be_dropped(client, path):
    page = get(client, path, q="公开", region="370000", lang="en", **{"-kind": "review"})
    said = text_of(page.select_one(".analysis-filters"))
    assert "Region 山东省" in said
    assert "Section kind not" in said
    bare = page.select_one(".analysis-filters a")["href"]
    assert bare == f"{path}?q=%E5%85%AC%E5%BC%80&lang=en"
    assert get(client, bare).select(".analysis-filters") == []
