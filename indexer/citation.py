"""References to a report or one of its sections: GB/T 7714-2025, GB/T 7714-2015, BibTeX. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal
from urllib.parse import urlsplit

from corpus.model import Report, Section

Style = Literal["gb2025", "gb2015", "bibtex"]
STYLES: Final[tuple[Style, ...]] = ("gb2025", "gb2015", "bibtex")

#: What the standard calls a report; anything else on a site is an online announcement.
_REPORTS: Final = frozenset({"annual_report", "work_report"})
_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_"},
}


def cite(report: Report, style: Style, accessed: date, section: Section | None = None) -> str:
    """Return the reference in a style; ``accessed`` is the day it was read, ``section`` where in the report.

    What isn't known is left out, never guessed. A section takes the place of the page number, which web pages don't have.
    """
    if style == "bibtex":
        return _bibtex(report, accessed, section)
    return _gb2025(report, accessed, section) if style == "gb2025" else _gb2015(report, accessed, section)


def locator(section: Section | None) -> str:
    """Return how a section is named in a reference: its outermost to its own heading; "" for the opening."""
    if section is None:
        return ""
    headings = (_line(heading).rstrip("。：:；;，,.") for heading in section.heading_path)
    return " ".join(heading for heading in headings if heading)


def _gb2025(report: Report, accessed: date, section: Section | None) -> str:
    # In the 2025 edition "." and "[ ]" are half width, every other mark is full width; a report's number follows its
    # title, its date stands bare, and only web pages (EB) carry the day of access.
    number = f"：{_line(report.document_number)}" if report.document_number else ""
    head = f"{_author(report)}{_title(report)}{number}[{_kind(report)}]"
    where = f"：{locator(section)}" if locator(section) else ""
    link = _web(report.source_url)
    day = f"[{accessed.isoformat()}]" if link else ""
    if report.doctype in _REPORTS:
        # Without a date of publication the day of access is the only one there is.
        issued = f"{report.published_on or day}{where}"
    else:
        issued = f"{f'（{report.published_on}）' if report.published_on else ''}{where}{day}"
    return _joined(head, issued.removeprefix("："), link)


def _gb2015(report: Report, accessed: date, section: Section | None) -> str:
    number = f": {_line(report.document_number)}" if report.document_number else ""
    head = f"{_author(report)}{_title(report)}{number}[{_kind(report)}]"
    where = f": {locator(section)}" if locator(section) else ""
    link = _web(report.source_url)
    day = f"[{accessed.isoformat()}]" if link else ""
    issued = f"{f'({report.published_on})' if report.published_on else ''}{where}{day}"
    return _joined(head, issued.removeprefix(": "), link)


def _bibtex(report: Report, accessed: date, section: Section | None) -> str:
    kind = "techreport" if report.doctype in _REPORTS else "misc"
    author, link = _line(report.agency), _web(report.source_url)
    fields = {
        # Twice in braces: an agency is one name, never split into first and last.
        "author": f"{{{_escaped(author)}}}" if author else "",
        "title": f"{{{_escaped(_line(report.title))}}}",
        "institution": _escaped(author) if kind == "techreport" else "",
        "number": _escaped(_line(report.document_number)),
        "year": report.published_on[:4],
        "month": str(int(report.published_on[5:7])) if report.published_on[5:7] else "",
        "date": report.published_on,
        "note": _escaped(locator(section)),
        "url": link.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D"),
        "urldate": accessed.isoformat() if link else "",
        "langid": "chinese",
    }
    key = f"chadang{report.report_id}" + (f"s{section.ordinal}" if section else "")
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


def _joined(head: str, issued: str, link: str) -> str:
    return ". ".join(part for part in (head, issued, link) if part) + "."


def _author(report: Report) -> str:
    return f"{_line(report.agency)}. " if report.agency else ""


def _title(report: Report) -> str:
    return _line(report.title)


def _kind(report: Report) -> str:
    online = bool(_web(report.source_url))
    if report.doctype in _REPORTS:
        return "R/OL" if online else "R"
    return "EB/OL" if online else "Z"


def _web(url: str) -> str:
    """Return an address of the web, without blanks; a file on a computer is no source that others can reach."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url.replace(" ", "%20") if parts.scheme in ("http", "https") and parts.netloc else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in text)
