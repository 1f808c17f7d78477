"""The basket's page: passages are put in from reports, results and similar wording, without a script."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from test_page_app import get, text_of
from test_page_world import build_samples, client_of

from indexer.basket import Basket


@pytest.fixture
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("samples")


@pytest.fixture
def client(home):
    return client_of(build_samples(home))


def fields_of(form, button=None):
    fields = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    fields |= {each["name"]: each.get_text() for each in form.select("textarea[name]")}
    return fields | ({button["name"]: button["value"]} if button is not None and button.get("name") else {})


def send(client, form, button=None, status=303, **more):
    answer = client.post(form["action"], data=fields_of(form, button) | more)
    assert answer.status_code == status
    return answer


def report_page(client, lang="zh"):
    link = get(client, "/search", q="公开", kind="problems", lang=lang).select_one(".hits h3 a")["href"]
    return link, get(client, link.partition("#")[0])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_paragraph_and_a_section_of_a_report_are_put_in_without_a_script(client, home, lang):
    _, page = report_page(client, lang)
    form = page.select_one("form#take")
    button = page.select_one("button[form=take][name=block]")
    answer = send(client, form, button)
    assert answer.location.endswith(f"#p-{button['value']}")
    assert "/report/" in answer.location
    back = get(client, answer.location.partition("#")[0])
    assert back.select_one("[data-basket-count]").get_text() == "1"
    send(client, form, page.select_one("button[form=take][name=section]"))
    first, second = Basket(home).passages()
    paragraph = page.select_one(f"#p-{button['value']}")
    for link in paragraph.select(".permalink"):
        link.decompose()
    assert first.text == paragraph.get_text().strip()
    assert len(second.text) > 10


def test_a_hit_on_a_heading_puts_its_section_in(client, home):
    _, page = report_page(client)
    heading = page.select_one("section.part h2[id^=p-], section.part h3[id^=p-]")
    send(client, page.select_one("form#take"), None, block=heading["id"].removeprefix("p-"))
    taken = Basket(home).passages()[0].text.split("\n")
    for link in heading.select(".permalink"):
        link.decompose()
    assert taken[0] == heading.get_text().strip()
    assert len(taken) > 1


def test_a_selection_is_taken_only_if_it_stands_there(client, home):
    _, page = report_page(client)
    form, button = page.select_one("form#take"), page.select_one("button[form=take][name=block]")
    whole = page.select_one(f"#p-{button['value']}").get_text()
    send(client, form, button, selection=f" {whole[3:9]}\n{whole[9:15]}")
    send(client, form, button, selection="不在这一段里的话")
    first, second = Basket(home).passages()
    assert first.text == whole[3:15]
    assert second.text.startswith(whole[:3])


def test_hits_and_similar_passages_are_put_in(client, home):
    results = get(client, "/search", q="公开", form="prose")
    answer = send(client, results.select_one("form#take"), results.select_one(".hit button[form=take]"))
    assert answer.location.startswith("/search?")
    text = Basket(home).passages()[0].text
    page = BeautifulSoup(client.post("/similar", data={"text": text}).get_data(as_text=True), "lxml")
    form = page.select_one("form.take-one")
    assert form["target"] == "_blank"  # a page that came by POST can't be led back to
    assert send(client, form).location.startswith("/basket")
    assert len(Basket(home).passages()) in (1, 2)


def test_reports_with_their_sections_and_wordings_are_put_in(client, home):
    grouped = get(client, "/search", q="公开", form="prose", group="report")
    button = grouped.select_one(".in-report button[form=take]")
    assert send(client, grouped.select_one("form#take"), button).location.startswith("/search?")
    worded = get(client, "/search", q="公开", group="wording")
    sentence = worded.select_one(".hit-wording .wording").get_text()
    send(client, worded.select_one(".hit-wording form.take-one"))
    users = get(client, worded.select_one(".hit-wording .same a")["href"])
    use = users.select(".hits .hit")[-1]
    send(client, use.select_one("form.take-one"))
    hit, wording, other = (each.text for each in Basket(home).passages())
    assert "公开" in hit
    # The sentence alone, not the paragraph around it.
    assert wording == sentence
    assert other == use.select_one(".snippet").get_text()


def test_a_script_is_answered_with_the_count(client):
    _, page = report_page(client)
    form, button = page.select_one("form#take"), page.select_one("button[form=take][name=block]")
    answer = client.post("/basket", data=fields_of(form, button), headers={"Accept": "application/json"})
    assert answer.json == {"count": 1}
    wrong = client.post("/basket", data={"do": "add"}, headers={"Accept": "application/json"})
    assert wrong.status_code == 400
    assert "过期" in wrong.json["error"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_reorders_notes_removes_and_puts_back(client, home, lang):
    _, page = report_page(client)
    form = page.select_one("form#take")
    for button in page.select("button[form=take][name=block]")[:3]:
        send(client, form, button)
    before = [each.text for each in Basket(home).passages()]

    def basket():
        return get(client, "/basket", lang=lang)

    def click(selector, at=0):
        button = basket().select(selector)[at]
        answer = send(client, button.find_parent("form"), button)
        assert answer.location == ("/basket?lang=en" if lang == "en" else "/basket")

    click("button[value=down]")
    assert [each.text for each in Basket(home).passages()] == [before[1], before[0], before[2]]
    click("button[value=up]", -1)
    assert [each.text for each in Basket(home).passages()] == [before[1], before[2], before[0]]
    note = basket().select_one("textarea[name=note]").find_parent("form")
    send(client, note, note="用于第五部分")
    assert basket().select_one("textarea[name=note]").get_text() == "用于第五部分"
    click("button[value=remove]")
    assert len(basket().select(".basket li")) == 2
    click(".undo button")
    assert len(basket().select(".basket li")) == 3
    click(".basket-clear button")
    assert not basket().select(".basket li")
    click(".undo button")
    assert len(basket().select(".basket li")) == 3
    for link in basket().select(".basket-tools .button"):
        made = client.get(link["href"])
        assert "attachment" in made.headers["Content-Disposition"]
        assert made.data


def test_forms_from_elsewhere_and_unknown_places_are_refused(client, home):
    _, page = report_page(client)
    form, button = page.select_one("form#take"), page.select_one("button[form=take][name=block]")
    foreign = send(client, form, button, 400, **{"token": "x"})
    assert "过期" in text_of(BeautifulSoup(foreign.get_data(as_text=True), "lxml"))
    send(client, form, None, 404, block="none")
    send(client, form, None, 404, report="0123456789abcdef", block="x")
    assert send(client, form, button, back="https://elsewhere.example/").location == "/basket"
    assert send(client, form, button, back="//elsewhere.example/report/").location == "/basket"
    assert len(Basket(home).passages()) == 1
    assert client.get("/basket?do=clear").status_code == 200
    assert len(Basket(home).passages()) == 1


def test_who_takes_a_passage_from_a_list_comes_back_to_its_line(client):
    page = get(client, "/search", q="公开", same="all")
    buttons = page.select("button[form=take][name=place]")
    answer = send(client, page.select_one("form#take"), buttons[2])
    assert answer.location.endswith(f"#p-{buttons[2]['value'].partition('/')[2]}")
    address, _, anchor = answer.location.partition("#")
    assert get(client, address).select_one(f"#{anchor}").find_parent("ol")
    wordings = get(client, "/search", q="公开", group="wording")
    form = wordings.select("form.take-one")[1]
    answer = send(client, form)
    address, _, anchor = answer.location.partition("#")
    line = get(client, address).select_one(f"#{anchor}")
    assert line.select_one("form.take-one [name=selection]")["value"] == form.select_one("[name=selection]")["value"]
    assert send(client, form, at="x y").location == address
