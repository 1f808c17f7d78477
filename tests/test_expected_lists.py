"""Lists of expected reports: read from what people have, sent to the coverage page, kept, and refused in words."""

from __future__ import annotations

import io
import json
import re

import pytest
from openpyxl import Workbook
from test_page_analysis import get, run
from test_page_world import build_samples, client_of
from test_tables import rows_of

from indexer.errors import QueryRejected
from indexer.expectedlists import LARGEST, Expected, ExpectedLists, read_expected_file

LINES = [Expected("苏州市教育局", 2012), Expected("苏州市教育局", 2013), Expected("无此局", None)]
CSV = "机关,年度\n苏州市教育局,2012..2013\n无此局,\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_samples(tmp_path_factory.mktemp("expected"))


@pytest.fixture
def client(home):
    return client_of(home)


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def sent(client, body, name="list.csv", address="/coverage", **data):
    page = get(client, "/coverage")
    token = page.select_one("form[method=post] input[name=token]")["value"]
    form = {"token": token, "file": (io.BytesIO(body), name), **data}
    return client.post(address, data=form, content_type="multipart/form-data")


@pytest.mark.parametrize(
    "body",
    [
        CSV.encode(),
        CSV.encode("gb18030"),
        b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode(),
        CSV.replace(",", "\t").encode(),
        CSV.replace(",", ";").encode(),
        workbook(["机关", "年度"], ["苏州市教育局", "2012..2013"], ["无此局", None]),
        workbook(
            ["序号", "单位名称", "年份"], [1, "苏州市教育局", 2012], [2, "苏州市教育局", 2013.0], [3, "无此局", None]
        ),
    ],
)
def test_a_list_is_read_from_what_people_have(body):
    assert read_expected_file(body) == LINES


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "空的"),
        (b"  \n", "空的"),
        (b"PK\x03\x04 no workbook", "打不开|无法打开"),
        (b"\xd0\xcf\x11\xe0 old", "旧格式"),
        ("名称,年份\n甲,2012\n".encode(), "第一行"),
        ("机关,年度\n甲,去年\n".encode(), "第 2 行"),
        (workbook(["机关"], [None]), "没有机关"),
        (b"a" * (LARGEST + 1), "MB"),
        ("机关\n".encode(), "没有机关"),
    ],
)
def test_a_bad_list_says_what_is_wrong(body, said):
    with pytest.raises(QueryRejected) as error:
        read_expected_file(body)
    assert re.search(said, error.value.zh)


def test_a_list_of_too_many_lines_is_refused_before_it_is_all_read():
    body = "机关,年度\n" + "".join(f"第{n}局,1949..2100\n" for n in range(2_000))
    with pytest.raises(QueryRejected, match="200000"):
        read_expected_file(body.encode())


def test_lists_are_kept_by_what_they_say_and_the_oldest_go(tmp_path):
    lists = ExpectedLists(tmp_path)
    name = lists.keep(LINES)
    assert (lists.named(name), lists.keep(LINES)) == (LINES, name)
    for number in range(25):
        lists.keep([Expected("局", 1950 + number)])
    assert len(list((tmp_path / "expected").iterdir())) == 20
    for gone in (name, "0" * 16, "../../etc/passwd", ""):
        with pytest.raises(QueryRejected, match="no longer here"):
            lists.named(gone)


@pytest.mark.parametrize(
    "body", [CSV.encode(), workbook(["agency", "year"], ["苏州市教育局", "2012-2013"], ["无此局", ""])]
)
def test_a_list_sent_to_the_page_is_what_coverage_is_checked_against(client, home, body):
    answer = sent(client, body, address="/coverage?q=没有这样的话")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = client.get(address).get_data(as_text=True)
    assert "正与应报清单核对（3 行）" in page
    assert "无此局" in page
    # The address is the state: its downloads and another visit have the list, and the query that was set.
    rows, about = rows_of(client.get(address.replace("/coverage?", "/coverage/export?") + "&format=csv").data, "csv")
    told = {(row["agency"], row["year"]): (row["status"], row["matches"]) for row in rows}
    assert told.pop(("苏州市教育局", "2012")) == ("present", "0")
    assert told.pop(("苏州市教育局", "2013")) == ("missing", "")
    # A line without a year expects every year of the library.
    assert len(told) > 10
    assert {agency for agency, _ in told} == {"无此局"}
    assert set(told.values()) == {("missing", "")}
    assert json.loads(about[0]["parameters"])["expected"] == 3
    assert (about[0]["query"], "应报清单" in page) == ("没有这样的话", True)


def test_a_downloaded_panel_with_its_list_is_made_again_the_same(client, home, tmp_path):
    address = sent(client, CSV.encode()).headers["Location"]
    for format_ in ("csv", "xlsx", "jsonl"):
        target = tmp_path / f"panel.{format_}"
        target.write_bytes(client.get(address.replace("?", "/export?", 1) + f"&format={format_}").data)
        told = json.loads(run(home, "rerun", str(target), "--json")[1])
        assert (told["same_rows"], told["unchanged"] > 10, told["facts"]) == (True, True, [])


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "空的"),
        ("名称\n甲\n".encode(), 400, "第一行"),
        (b"x" * (LARGEST + 200_000), 413, "超过 4 MB"),
    ],
)
def test_a_bad_list_is_refused_on_the_page_and_nothing_is_lost(client, body, status, said):
    answer = sent(client, body, address="/coverage?name=苏州")
    text = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert said in text
    assert 'value="苏州"' in text  # what was set before is still set
    assert "苏州市教育局" in text


def test_a_list_needs_the_token_of_the_page_and_no_other_page_takes_more(client):
    answer = client.post(
        "/coverage",
        data={"token": "x", "file": (io.BytesIO(CSV.encode()), "a.csv")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 403
    assert "页面已过期" in answer.get_data(as_text=True)
    assert client.post("/wordlists", data={"name": "a", "phrases": "x" * 100_000}).status_code == 413


def test_a_list_that_is_gone_says_what_to_do(client):
    answer = client.get("/coverage?list=0123456789abcdef")
    assert answer.status_code == 400
    assert "重新上传" in answer.get_data(as_text=True)


def test_the_command_takes_a_workbook(home, tmp_path):
    listed = tmp_path / "应报.xlsx"
    listed.write_bytes(workbook(["机关", "年度"], ["苏州市教育局", 2012]))
    told = json.loads(run(home, "coverage", "--expected", str(listed), "--query", "公开", "--json")[1])
    assert [row["agency"] for row in told["rows"]] == ["苏州市教育局"]
    assert (told["expected"], told["queries"][0]["read_as"], told["match"]) == (1, "公开", "exact")
    assert told["corpus_id"]
