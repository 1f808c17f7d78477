"""References: the forms of the standards' own examples, nothing invented, nothing that breaks BibTeX."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from fixed_library import A, C
from hypothesis import given
from hypothesis import strategies as st

from indexer.citation import STYLES, cite, locator

DAY = date(2026, 11, 25)
ONLINE = replace(A, source_url="http://rsj.qingdao.gov.cn/a b.html")
REQUESTS = ONLINE.sections[2]


def test_a_report_of_2025_has_full_width_marks_its_number_and_no_day_of_access() -> None:
    assert cite(ONLINE, "gb2025", DAY) == (
        "青岛市人力资源和社会保障局. 2010年度青岛市人力资源和社会保障局政府信息公开工作报告：青人社〔2011〕5号[R/OL]. "
        "2011-01-30. http://rsj.qingdao.gov.cn/a%20b.html."
    )


def test_a_report_of_2015_has_half_width_marks_and_the_day_of_access() -> None:
    assert cite(ONLINE, "gb2015", DAY) == (
        "青岛市人力资源和社会保障局. 2010年度青岛市人力资源和社会保障局政府信息公开工作报告: 青人社〔2011〕5号[R/OL]. "
        "(2011-01-30)[2026-11-25]. http://rsj.qingdao.gov.cn/a%20b.html."
    )


def test_a_section_stands_where_the_page_would() -> None:
    assert "2011-01-30：二、依申请公开情况. http" in cite(ONLINE, "gb2025", DAY, REQUESTS)
    assert "(2011-01-30): 二、依申请公开情况[2026-11-25]. http" in cite(ONLINE, "gb2015", DAY, REQUESTS)
    assert locator(ONLINE.sections[3]) == "二、依申请公开情况 （一）同意公开"
    assert cite(ONLINE, "gb2025", DAY, ONLINE.sections[0]) == cite(ONLINE, "gb2025", DAY)


def test_a_notice_on_a_site_is_an_online_announcement() -> None:
    notice = replace(C, source_url="https://example.gov.cn/1", published_on="2012-05-03", agency="某市人民政府")
    assert cite(notice, "gb2025", DAY) == (
        "某市人民政府. 关于开发区的通知[EB/OL]. （2012-05-03）[2026-11-25]. https://example.gov.cn/1."
    )
    assert "[EB/OL]. (2012-05-03)[2026-11-25]. https" in cite(notice, "gb2015", DAY)


def test_what_is_not_known_is_left_out() -> None:
    assert cite(C, "gb2025", DAY) == "关于开发区的通知[Z]."
    assert cite(replace(ONLINE, published_on=""), "gb2025", DAY).endswith(
        "[R/OL]. [2026-11-25]. http://rsj.qingdao.gov.cn/a%20b.html."
    )
    assert "file" not in cite(replace(A, source_url="file:///home/me/a.html"), "gb2025", DAY)
    bare = cite(C, "bibtex", DAY)
    assert bare.startswith("@misc{")
    assert "author" not in bare
    assert "year" not in bare
    assert "url" not in bare


def test_bibtex_keeps_the_agency_whole() -> None:
    entry = cite(ONLINE, "bibtex", DAY, REQUESTS)
    assert "  author = {{青岛市人力资源和社会保障局}}," in entry
    assert "  year = {2011}," in entry
    assert "  month = {1}," in entry
    assert "  note = {二、依申请公开情况}," in entry
    assert "  urldate = {2026-11-25}," in entry


@given(st.text(max_size=40), st.text(max_size=20), st.sampled_from(STYLES))
def test_no_title_breaks_a_reference(title: str, number: str, style: str) -> None:
    text = cite(replace(ONLINE, title=title, document_number=number), style, DAY)  # type: ignore[arg-type]
    if style != "bibtex":
        assert "\n" not in text
        return
    bare = re.sub(r"\\[{}]", "", text)
    depth = 0
    for char in bare:
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"^  \w+ = \{", text, re.M)) == text.count("\n") - 1
