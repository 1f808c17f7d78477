"""The page of the mix-up check, and that a draft leaves no trace: no address, log, library, history or file."""

from __future__ import annotations

import io
import logging
import tempfile

import pytest
from bs4 import BeautifulSoup
from test_page_app import get, text_of
from test_page_world import build_samples, client_of

from webui.routes_check import safe_name

SECRET = "绝密草稿内容甲乙丙丁戊"  # noqa: S105 - words of a draft
DRAFT = f"青岛市财政局2024年政府信息公开工作年度报告\n一、总体情况\n2023年度，济南市教育局主动公开信息。{SECRET}。\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def client(home):
    return client_of(home)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("com1.2012.docx", "_com1.2012.docx"),
        ("console.txt", "console.txt"),
        ("草稿2012.docx", "草稿2012.docx"),
        ("../../a.txt...", "a.txt"),
        ("C:\\x\\LPT9.md", "_LPT9.md"),
        ("...", "draft"),
    ],
)
def test_a_name_that_was_sent_is_one_that_every_system_can_write(sent, name):
    assert safe_name(sent) == name


def test_a_draft_named_after_a_device_is_read(client):
    answer = client.post(
        "/check",
        data={
            "file": (io.BytesIO("青岛市教育局2012年度报告\n一、概述\n济南市财政局公开了信息。\n".encode()), "CON.txt")
        },
        content_type="multipart/form-data",
    )
    assert answer.status_code == 200
    assert "济南市财政局" in answer.get_data(as_text=True)


def send(client, status=200, lang="zh", **fields):
    address = f"/check{'?lang=en' if lang == 'en' else ''}"
    answer = client.post(address, data=fields, content_type="multipart/form-data")
    assert answer.status_code == status
    return answer


def page_of(answer):
    return BeautifulSoup(answer.get_data(as_text=True), "lxml")


def upload(text, name="文稿.txt"):
    return io.BytesIO(text.encode()), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pasted_draft_is_marked_and_each_finding_says_why(client, lang):
    page = page_of(send(client, text=DRAFT, lang=lang))
    assert [mark.get_text() for mark in page.select("mark.is-sure")] == ["2023年", "济南市教育局"]
    said = text_of(page.select_one(".findings"))
    assert ("another agency: 山东省济南市教育局" if lang == "en" else "别的机关：山东省济南市教育局") in said
    assert page.select_one("textarea").get_text().strip() == DRAFT.strip()
    assert page.find("html")["lang"].startswith(lang)


def test_a_file_is_read_as_a_pasted_text_is(client):
    page = page_of(send(client, file=upload(DRAFT)))
    assert [mark.get_text() for mark in page.select("mark.is-sure")] == ["2023年", "济南市教育局"]


def test_what_is_given_goes_before_what_the_draft_says(client):
    page = page_of(send(client, text=DRAFT, agency="济南市教育局", region="山东省济南市", year="2023"))
    assert not [mark for mark in page.select("mark") if "济南" in mark.get_text()]
    assert page.select_one("input[name=year]")["value"] == "2023"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": " "},
        {},
        {"text": DRAFT, "region": "无此地"},
        {"text": DRAFT, "year": "24"},
        {"file": (io.BytesIO(b""), "a.pdf")},
    ],
)
def test_what_cannot_be_checked_is_refused_and_the_text_stays(client, fields):
    page = page_of(send(client, 400, **fields))
    assert text_of(page.select_one("[role=alert]"))
    assert page.select_one("textarea").get_text().strip() == fields.get("text", "").strip()


@pytest.mark.parametrize(
    "fields", [{"text": DRAFT}, {"file": upload(DRAFT, f"{SECRET}.txt")}, {"file": upload("%PDF" + SECRET, "a.pdf")}]
)
def test_a_draft_leaves_no_trace(client, home, tmp_path, monkeypatch, caplog, capfd, fields):
    def files():
        return {path: path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = files()
    fields = {
        name: (io.BytesIO(value[0].getvalue()), value[1]) if name == "file" else value for name, value in fields.items()
    }
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/check", data=fields, content_type="multipart/form-data")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.request.query_string == b""
    assert "Set-Cookie" not in answer.headers
    assert list(folder.iterdir()) == []
    assert files() == before
    said = caplog.text + "".join(capfd.readouterr())
    assert SECRET not in said
    links = page_of(answer).select("a[href], form[action]")
    assert not [link for link in links if SECRET in str(link.attrs)]


def test_similar_wording_leaves_no_trace_either(client, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/similar", data={"text": SECRET})
    assert answer.headers["Cache-Control"] == "no-store"
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_a_draft_cannot_be_asked_by_address(client):
    page = get(client, "/check", text=DRAFT)
    assert not page.select(".checked")
    assert page.select_one("textarea").get_text() == ""
