"""The year that a report is about, from its title, its file's name or its number; never that of its publication. Pure."""

from __future__ import annotations

import re

from corpus.dates import arabic_years, find_years
from corpus.folding import fold


def title_year(title: str) -> str:
    """Return the year that a title reports on: the last of a range, what is called 年度, else the first in no date."""
    text = arabic_years(title)
    patterns = (
        r"(?:19|20)\d\d年?度?\s*(?:[-—–~]+|至|到)\s*((?:19|20)\d\d)年?度?(?!\d|\d?月)",
        r"(?<!\d)((?:19|20)\d\d)\s*年度",
        r"(?<!\d)((?:19|20)\d\d)(?!\d|\s*[-/.年]\s*\d{1,2}\s*[-/.月])",
        r"((?:19|20)\d\d)年\d{1,2}月\d{1,2}日[至到—–~-]{1,2}(?:(?:19|20)\d\d年)?12月31日",
    )
    found = next((match for match in (re.search(pattern, text) for pattern in patterns) if match), None)
    return found[1] if found else ""


def stem_year(stem: str) -> str:
    """Return the year that a file's name begins or ends with, or writes out; an article's number isn't one."""
    patterns = (r"^((?:19|20)\d\d)(?!\d)", r"[- ]((?:19|20)\d\d)$", r"(?<!\d)((?:19|20)\d\d)年")
    found = next((match for match in (re.search(pattern, stem) for pattern in patterns) if match), None)
    return found[1] if found else ""


def one_year(text: str) -> str:
    """Return the first year that a text names; "" for none."""
    years = find_years(text)
    return str(years[0]) if years else ""


def policy_year(number: str, published: str, title: str) -> tuple[str, str]:
    """Return the year of a policy document: that of its number, of its publication, or at the start of its title."""
    if one_year(number):
        return one_year(number), "document_number"
    if published:
        return published[:4], "published_on"
    of_work = re.search(r"((?:19|20)\d\d)年度?(?=政务|政府|工作|重点|要点)|^.{0,8}?((?:19|20)\d\d)年", fold(title))
    return ((of_work[1] or of_work[2]), "title") if of_work else ("", "")
