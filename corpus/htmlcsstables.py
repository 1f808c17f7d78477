"""Boxes that a page lays out as a table by its styles (display: table-row) -> the elements of a table. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from corpus.htmltree import Element, tag_of

_DISPLAY: Final = re.compile(r"display\s*:\s*table-(row|cell)\b", re.IGNORECASE)
_RULE: Final = re.compile(r"([^{}]{1,300})\{([^{}]{0,2000})\}")
#: The last class, or else the last element, that a selector names.
_LAST: Final = re.compile(r"(?:\.([\w-]{1,60})|(?:^|[\s>])([a-z][a-z0-9]{0,9}))\s*$", re.IGNORECASE)
_BOXES: Final = frozenset("div span p li ul ol dl dt dd section article".split())
_MOST_RULES: Final = 5_000
_FEWEST_ROWS: Final = 2


def with_css_tables(root: Element) -> None:
    """Turn boxes that styles make rows and cells of a table into those elements, where they are a table's.

    Styles are those of the page and of its elements; files of styles aren't looked for.
    """
    sheets = [sheet.text or "" for sheet in root.iter("style")]
    named = _named(sheets)
    styled = [e for e in root.iter(etree.Element) if named or "table-" in (e.get("style") or "")]
    rows = [e for e in styled if tag_of(e) in _BOXES and _part(e, named) == "row"]
    made: dict[Element, list[Element]] = {}
    for row in rows:
        parent = row.getparent()
        if parent is None or tag_of(parent) not in _BOXES or len(row) < 2:
            continue
        if all(tag_of(cell) in _BOXES and _part(cell, named) == "cell" for cell in row if tag_of(cell)):
            made.setdefault(parent, []).append(row)
    for parent, found in made.items():
        whole = [child for child in parent if tag_of(child)]
        if len(found) >= _FEWEST_ROWS and whole == found and not (parent.text or "").strip():
            _rename(parent, "table")
            parent.set("border", "1")
            for row in found:
                _rename(row, "tr")
                for cell in row:
                    if tag_of(cell):
                        _rename(cell, "td")


def _rename(element: Element, name: str) -> None:
    element.tag = name


def _named(sheets: Iterable[str]) -> dict[str, str]:
    """Return .class or element -> row or cell, as the page's own style sheets say."""
    found: dict[str, str] = {}
    for sheet in sheets:
        for selectors, body in _RULE.findall(sheet[:500_000])[:_MOST_RULES]:
            display = _DISPLAY.search(body)
            for selector in selectors.split(",") if display else ():
                last = _LAST.search(selector.strip())
                if last and display:
                    found["." + last[1] if last[1] else last[2].lower()] = display[1].lower()
    return found


def _part(element: Element, named: dict[str, str]) -> str:
    own = _DISPLAY.search((element.get("style") or "")[:2000])
    if own:
        return own[1].lower()
    for name in (element.get("class") or "")[:500].split() if named else ():
        if "." + name in named:
            return named["." + name]
    return named.get(tag_of(element), "")
