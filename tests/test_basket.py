"""The basket: passages in the reader's order, with sources that outlive the library, exported in three forms."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from docx import Document
from fixed_library import A, B
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chadang import main
from indexer.basket import FILE, LONGEST_NOTE, LONGEST_PASSAGE, MOST_PASSAGES, Basket
from indexer.basketwriting import basket_docx, basket_markdown, basket_text, source_of
from indexer.citation import cite
from indexer.errors import BasketError, ReportNotFound

DAY = date(2026, 11, 25)


@pytest.fixture
def basket(tmp_path):
    made = Basket(tmp_path)
    made.add(A, A.sections[1], A.sections[1].blocks[1].block_id, "全年主动公开政府信息15件。")
    made.add(A, A.sections[1], A.sections[1].blocks[2].block_id, "公开")
    made.add(B, B.sections[2], B.sections[2].blocks[1].block_id, "行政复议 5 件。\n第二段。")
    return made


def texts(basket):
    return [each.text for each in basket.passages()]


def test_an_empty_basket_makes_no_file(tmp_path):
    basket = Basket(tmp_path)
    assert (basket.count(), basket.passages(), basket.removed()) == (0, [], [])
    assert not (tmp_path / FILE).exists()


def test_passages_stand_in_the_order_they_were_taken_and_can_be_moved(basket):
    first, second, third = (each.passage_id for each in basket.passages())
    basket.move(third, -1)
    assert [each.passage_id for each in basket.passages()] == [first, third, second]
    basket.move(first, 9)
    assert [each.passage_id for each in basket.passages()] == [third, second, first]
    basket.move(third, -1)
    assert basket.count() == 3


def test_the_same_passage_is_taken_once(basket):
    assert not basket.add(A, A.sections[1], A.sections[1].blocks[2].block_id, "公开")
    assert basket.count() == 3


def test_what_is_removed_can_be_put_back_where_it_was(basket):
    before = texts(basket)
    basket.remove(basket.passages()[1].passage_id)
    assert texts(basket) == [before[0], before[2]]
    basket.restore()
    assert texts(basket) == before
    basket.clear()
    assert texts(basket) == []
    basket.restore()
    assert texts(basket) == before
    with pytest.raises(ReportNotFound):
        basket.remove(999)
    assert texts(basket) == before


def test_notes_are_kept_and_too_much_is_refused(basket):
    kept = basket.passages()[0]
    basket.annotate(kept.passage_id, " 可用 ")
    assert basket.passages()[0].note == "可用"
    with pytest.raises(BasketError):
        basket.annotate(kept.passage_id, "长" * (LONGEST_NOTE + 1))
    with pytest.raises(BasketError):
        basket.add(A, A.sections[1], "x", "长" * (LONGEST_PASSAGE + 1))
    with pytest.raises(BasketError):
        basket.add(A, A.sections[1], "x", " \n")
    for number in range(MOST_PASSAGES - 3):
        basket.add(A, A.sections[1], "x", f"第{number}段")
    with pytest.raises(BasketError):
        basket.add(A, A.sections[1], "x", "再一段")


def test_a_source_is_cited_as_its_report_is_without_the_library(basket):
    assert source_of(basket.passages()[0], DAY, "gb2025") == cite(A, "gb2025", DAY, A.sections[1])
    assert "一、概述" in source_of(basket.passages()[0], DAY, "gb2015")


def test_a_damaged_file_is_said_and_left_alone(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(BasketError):
        Basket(tmp_path).passages()
    assert (tmp_path / FILE).read_bytes().startswith(b"not a database")


def test_the_word_file_has_each_source_as_a_comment_on_its_passage(basket):
    kept = basket.passages()
    basket.annotate(kept[2].passage_id, "改数字\x07")
    kept = basket.passages()
    made = Document(BytesIO(basket_docx(kept, DAY, "gb2025", "zh")))
    assert [p.text for p in made.paragraphs] == ["全年主动公开政府信息15件。", "公开", "行政复议 5 件。", "第二段。"]
    comments = list(made.comments)
    assert [c.paragraphs[0].text for c in comments] == [source_of(each, DAY, "gb2025") for each in kept]
    assert comments[2].paragraphs[1].text.startswith("备注：改数字")
    marked = re.findall(r'commentRangeStart w:id="(\d+)"', made.element.xml)
    assert len(marked) == len(set(marked)) == 3


def test_text_has_numbered_references_and_one_source_one_number(basket):
    text = basket_text(basket.passages(), DAY, "gb2025", "zh")
    assert "15件。[1]" in text
    assert "公开[1]" in text
    assert "第二段。[2]" in text
    assert text.rstrip().splitlines()[-2].startswith("[1] 青岛市人力资源和社会保障局")
    assert text.count("参考文献") == 1


@given(
    st.lists(
        st.text(alphabet="公开*_#>-+1.`[]()<b>|~\\\n &", min_size=1, max_size=30).filter(lambda t: t.strip()),
        max_size=4,
    )
)
def test_markdown_shows_the_passages_as_they_are(tmp_path_factory, passages):
    basket = Basket(tmp_path_factory.mktemp("b"))
    for number, text in enumerate(passages):
        basket.add(A, A.sections[1], f"{number}", text)
    html = MarkdownIt("commonmark", {"html": False}).render(basket_markdown(basket.passages(), DAY, "gb2025", "zh"))
    shown = re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", html))
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    for each in basket.passages():
        for line in each.text.split("\n"):
            assert re.sub(r"\s+", "", line) in shown
    assert "<h1>" not in html
    assert "<li>" not in html


def run(home, *arguments):
    return CliRunner().invoke(main, ["--home", str(home), "basket", *arguments])


def test_the_command_shows_and_writes(basket, tmp_path):
    assert "——青岛市人力资源和社会保障局" in run(tmp_path).stdout
    assert len(json.loads(run(tmp_path, "--json").stdout)["passages"]) == 3
    for suffix in ("docx", "md", "txt"):
        target = tmp_path / f"out.{suffix}"
        assert run(tmp_path, "-o", str(target)).exit_code == 0
        assert target.stat().st_size > 100
        assert run(tmp_path, "-o", str(target)).exit_code == 1
        assert run(tmp_path, "-o", str(target), "--force").exit_code == 0
    assert run(tmp_path, "-o", str(tmp_path / "out.pdf")).exit_code == 2
    assert "空" in run(tmp_path / "none").stdout
    nothing = run(tmp_path / "none", "-o", str(tmp_path / "nothing.docx"))
    assert nothing.exit_code == 1
    assert "空" in nothing.stderr
    assert not (tmp_path / "nothing.docx").exists()


def test_two_windows_add_at_once_and_nothing_is_lost(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: Basket(tmp_path).add(A, A.sections[1], str(n), f"段{n}"), range(40)))
    assert Basket(tmp_path).count() == 40
    with sqlite3.connect(tmp_path / FILE) as db:
        assert db.execute("SELECT count(DISTINCT place) FROM passage").fetchone()[0] == 40
