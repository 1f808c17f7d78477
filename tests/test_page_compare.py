"""The page and the command that compare two reports."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from test_page_app import get
from test_page_world import build_samples, client_of

from chadang import main
from webui.routes_compare import named


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


def last_year_link(client, lang="zh"):
    """Return the link of the first report that has an earlier one."""
    for link in get(client, "/search", q="公开", lang=lang).select("a[href^='/report/']"):
        page = get(client, link["href"].partition("?")[0], lang=lang)
        found = page.select_one(".compare-link a[href^='/compare']")
        if found:
            return found["href"]
    raise AssertionError("no report of the samples has an earlier year")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_click_from_a_report_compares_it_with_the_one_before(client, lang):
    page = get(client, last_year_link(client, lang))
    assert page.select(".compare-table ins")
    assert page.select(".compare-table del")
    assert page.find("html")["lang"].startswith(lang)


def test_the_files_are_offered_and_hold_what_the_page_does(client):
    link = last_year_link(client)
    html = client.get(link + "&form=html")
    assert b"<ins>" in html.data
    assert "attachment" in html.headers["Content-Disposition"]
    assert client.get(link + "&form=docx").data.startswith(b"PK")


def test_an_unknown_report_is_an_error_and_an_empty_form_is_none(client):
    assert client.get("/compare?a=0123456789abcdef&b=0123456789abcdef").status_code == 404
    assert client.get("/compare").status_code == 200


def test_the_command_compares_prints_and_writes(client, home, tmp_path):
    link = last_year_link(client)
    pair = dict(each.split("=") for each in link.partition("?")[2].split("&"))

    def run(*args):
        return CliRunner().invoke(main, ["--home", str(home), "compare", pair["a"], pair["b"], *args])

    printed = run()
    assert printed.exit_code == 0
    assert "{+" in printed.stdout
    for name in ("x.html", "x.docx"):
        assert run("--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).stat().st_size > 1_000
    assert run("--out", "x.pdf").exit_code == 2
    assert run("--new").stdout.strip()
    same = CliRunner().invoke(main, ["--home", str(home), "compare", pair["a"], pair["a"], "--new"])
    assert (same.exit_code, same.stdout) == (0, "")
    assert "没有新增" in same.stderr


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0123456789abcdef", "0123456789abcdef"),
        (" http://127.0.0.1:8765/report/0123456789abcdef?q=x&lang=en#p-1 ", "0123456789abcdef"),
        ("/report/0123456789abcdef#s-fedcba9876543210", "0123456789abcdef/fedcba9876543210"),
        ("0123456789abcdef/fedcba9876543210", "0123456789abcdef/fedcba9876543210"),
        ("", ""),
    ],
)
def test_an_address_does_as_well_as_an_id(text, meant):
    assert named(text) == meant


def test_the_menu_of_a_report_leads_to_comparing_it(client):
    link = last_year_link(client)
    pair = dict(each.split("=") for each in link.partition("?")[2].split("&"))
    page = get(client, f"/report/{pair['b']}")
    offered = get(client, page.select_one(".top-links a[href^='/compare']")["href"])
    assert offered.select_one('input[name="b"]')["value"] == pair["b"]
    years = [a["href"] for a in offered.select(".years-of a")]
    assert link in years
    pasted = get(client, "/compare", a=f"http://127.0.0.1/report/{pair['a']}?q=x", b=pair["b"])
    assert pasted.select(".compare-table ins")
    assert get(client, "/").select_one(".top-links a[href^='/compare']")["href"] == "/compare"
