"""OFD: text and tables in three dialects, scans, hostile files."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from ofd_writer import DIALECTS, Dialect, ofd, rule, text_object

from corpus.errors import UnreadableFile
from corpus.ofdpage import deltas
from corpus.ofdreader import read_ofd
from corpus.parsing import parse

LINE = "全年共受理政府信息公开申请五件均在法定期限内"
DENSE = DIALECTS[:2]


def page(d: Dialect) -> str:
    lines = [("一、总体情况", 28.0, 30.0), (LINE, 28.0, 40.0), ("办结并答复申请人。", 20.0, 48.0)]
    text = "".join(text_object(d, *line) for line in lines)
    ruled = [(20, y, 140, y) for y in (70, 90)] + [(60, 80, 140, 80)] + [(x, 70, x, 90) for x in (20, 60, 100, 140)]
    cells = [("项目", 22, 73), ("本年", 62, 73), ("上年", 102, 73), ("五件", 62, 83), ("三件", 102, 83)]
    return text + "".join(rule(d, *r) for r in ruled) + "".join(text_object(d, *c) for c in cells)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_text_and_a_ruled_table_with_a_merged_cell(dialect):
    blocks = read_ofd(ofd(dialect, [page(dialect)])).blocks
    joined = "".join(b.text for b in blocks if b.form != "row")
    assert joined == "一、总体情况" + LINE + "办结并答复申请人。"
    rows = [b for b in blocks if b.form == "row"]
    assert [row.text for row in rows] == ["项目 | 本年 | 上年", " | 五件 | 三件"]
    assert [(m.column, m.columns, m.rows) for m in rows[0].merged] == [(0, 1, 2)]


def test_runs_of_steps():
    assert deltas("1 g 3 2.5 4", 9) == [1, 2.5, 2.5, 2.5, 4]
    assert deltas("g 999999999 1", 5) == [1] * 5
    assert deltas("g x 1", 5) == deltas("g", 5) == []


def test_title_template_and_a_scan():
    dialect = DIALECTS[0]
    found = read_ofd(ofd(dialect, [page(dialect)], text_object(dialect, "模板文字", 20, 100), "某市年度报告"))
    assert ("ofd:Title", "某市年度报告") in found.titles
    assert "模板文字" in "".join(b.text for b in found.blocks)
    with pytest.raises(UnreadableFile, match="scan"):
        read_ofd(ofd(dialect, ['<ofd:ImageObject ID="1"/>']))


def bomb(content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"PK\x03\x04",
        bomb("<a>" + " " * (65 << 20)),
        bomb('<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><OFD><DocRoot>&z;</DocRoot></OFD>'),
        bomb("<a>" * 100_000),
    ],
)
def test_bombs_are_refused(body):
    with pytest.raises(UnreadableFile):
        read_ofd(body)


def test_mutations_give_a_document_or_a_reason():
    chance = random.Random(5)
    content = page(DIALECTS[0])
    whole = ofd(DIALECTS[0], [content])
    for number in range(200):
        if number % 2:
            body = bytearray(whole)
            for _ in range(chance.randrange(1, 9)):
                body[chance.randrange(len(body))] = chance.randrange(256)
        else:
            place = chance.randrange(len(content))
            broken = content[:place] + chance.choice(["<", "nan", "1e308", "-", "9" * 30, '"']) + content[place + 1 :]
            body = bytearray(ofd(DIALECTS[0], [broken]))
        try:
            read_ofd(bytes(body))
        except UnreadableFile:
            continue


def test_digits_as_wide_as_letters_stand_together() -> None:
    body = ofd(DIALECTS[0], [text_object(DIALECTS[0], "全年主动公开政府信息312条，办理申请1203件。", 20, 20)])
    assert [block.text for block in read_ofd(body).blocks] == ["全年主动公开政府信息312条，办理申请1203件。"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "spaced", ["云溪市教育局2 0 1 9 年政府信息公开工作年度报告", " ".join("云溪市教育局2019年政府信息公开工作年度报告")]
)
def test_digits_that_are_set_apart_are_figures(dialect: Dialect, spaced: str) -> None:
    lines = [
        spaced,
        "一、总体情况",
        " ".join("全年主动公开信息1203条，办理申请17件。"),
        "云溪市教育局",
        "2 0 2 0 年 1 月 1 5 日",
    ]
    body = ofd(dialect, ["".join(text_object(dialect, line, 20, 20 + 8 * n) for n, line in enumerate(lines))])
    report = parse(body, "a.ofd", "a.ofd")
    assert report.title == "云溪市教育局2019年政府信息公开工作年度报告"
    assert (report.agency, report.year, report.published_on) == ("云溪市教育局", 2019, "2020-01-15")
    assert "全年主动公开信息1203条，办理申请17件。" in report.text
    assert [section.heading for section in report.sections[1:]] == ["一、总体情况"]
