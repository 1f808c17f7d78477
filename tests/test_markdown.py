"""Markdown: headings, numbers of lists, tables, front matter; whatever it is given."""

from __future__ import annotations

import pytest
from hostile import FORMATS, reads_or_refuses

from corpus.errors import UnreadableFile
from corpus.markdownreader import read_markdown
from corpus.metadata import describe


def blocks(text: str) -> list[tuple[str, str]]:
    return [(b.form, b.text) for b in read_markdown(text.encode()).blocks]


def test_the_example_is_read_with_its_clues() -> None:
    read = read_markdown((FORMATS / "report.md").read_bytes())
    assert [(b.form, b.level, b.text) for b in read.blocks] == [
        ("heading", 1, "云溪市林业局2019年政府信息公开工作年度报告"),
        ("heading", 2, "一、总体情况"),
        ("paragraph", 0, "全年主动公开信息86条，见目录。"),
        ("paragraph", 0, "（一）主动公开情况"),
        ("paragraph", 0, "1. 林地审批；"),
        ("paragraph", 0, "2. 采伐许可。"),
        ("row", 0, "项目 | 数量"),
        ("row", 0, "四、结转下年度继续办理 | 1"),
        ("row", 0, "公开 | 网站"),
        ("row", 0, " | 公报"),
    ]
    found = describe(read, "report.md")
    assert (found.published_on, found.agency, found.source_url) == (
        "2020-01-20",
        "云溪市林业局",
        "https://lyj.yunxi.example/2020/1.html",
    )


def test_lists_keep_their_numbers_and_code_its_lines() -> None:
    assert blocks("3. 甲\n4. 乙\n\n- 丙\n\n      1、丁\n") == [
        ("paragraph", "3. 甲"),
        ("paragraph", "4. 乙"),
        ("paragraph", "丙"),
        ("paragraph", "1、丁"),
    ]


def test_a_rule_at_the_start_is_no_front_matter() -> None:
    assert blocks("---\n\n正文在这里。\n") == [("paragraph", "正文在这里。")]


@pytest.mark.parametrize("piece", ["[", "*a ", "> ", "- ", "![](", "<", "`", "|a", "1. ", "&#", "_a_"])
def test_repeated_marks_take_no_long_time(piece: str) -> None:
    read_markdown((piece * 20_000 + "\n|-|\n").encode())


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        read_markdown(b"a\n" * 3_000_000)


def test_changed_files_are_read_or_refused() -> None:
    assert reads_or_refuses(read_markdown, (FORMATS / "report.md").read_bytes()) > 100
