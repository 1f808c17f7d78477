"""Tables of a page: which hold data and which only lay it out; cells with their spans. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from corpus.htmltree import Element
from corpus.tables import Cell, Table, table_of

#: Where a cell's text breaks: at <br> and between blocks.
_BREAKS: Final = frozenset("br p div li tr td th dt dd h1 h2 h3 h4 h5 h6 pre".split())
_BREAK: Final = "\x00"
_WORD_TABLE = re.compile(r"MsoTableGrid|MsoNormalTable", re.IGNORECASE)
_RULE = re.compile(
    r"border(?:-(?:top|bottom|left|right))?(?:-(?:width|style))?\s*:\s*(?!none|0|medium none)[\w]", re.IGNORECASE
)
_AVERAGE: Final = 60
_LONGEST: Final = 400
#: So many filled cells make a table that has another one in a cell; fewer are a frame around it.
_FEWEST_AROUND: Final = 3


def data_table(table: Element) -> Table | None:
    """Return the table of an element that holds data; None if it lays out the page or text."""
    nested = next(table.iterdescendants("table"), None) is not None
    if nested and not (_is_ruled(table) and _holds_only_data(table)):
        return None
    rows = _rows(table)
    sizes = [len(cell.text) for row in rows for cell in row]
    widest = max(map(len, rows), default=0)
    if widest < 2 or not sum(sizes):
        return None
    compact = sum(sizes) / len(sizes) < _AVERAGE and max(sizes) < _LONGEST
    if nested and (not compact or sum(map(bool, sizes)) < _FEWEST_AROUND):
        return None
    if len(rows) < 2:
        return table_of(rows) if widest >= 3 and compact and _is_ruled(table) else None
    # One cell that holds most of the text is the page's, with a menu or a frame around it.
    ruled = _is_ruled(table) and max(sizes) <= max(_LONGEST, sum(sizes) * 0.6)
    return table_of(rows) if compact or ruled else None


def cell_text(cell: Element) -> str:
    """Return a cell's text in one line; pieces that <br> or blocks part are joined, without a blank between Han.

    So cells that print one character per line, 三/、/本/年/度, read as they mean.
    """
    if not len(cell):
        text = cell.text
        return " ".join(text.split()) if text else ""
    if next(cell.iter("table"), None) is not None:
        return _text_with_tables(cell)
    inner = cell
    while len(inner) == 1 and not _filled(inner.text) and not _filled(inner[0].tail) and inner[0].tag != "br":
        inner = inner[0]
    if not len(inner):
        return " ".join((inner.text or "").split())
    pieces: list[str] = []
    _collect(inner, pieces)
    lines = [" ".join(line.split()) for line in "".join(pieces).split(_BREAK)]
    lines = [line for line in lines if line]
    joined = lines[:1]
    for before, after in pairwise(lines):
        joined.append(after if not before[-1].isascii() or not after[0].isascii() else f" {after}")
    return "".join(joined)


def _text_with_tables(cell: Element) -> str:
    """Return the text of a cell that holds tables, theirs cell by cell."""
    parts: list[str] = [cell.text or ""]
    for child in cell:
        if child.tag == "table":
            parts += [inner.text for row in _rows(child) for inner in row]
        else:
            parts.append(cell_text(child))
        parts.append(child.tail or "")
    return " ".join(" ".join(parts).split())


def _holds_only_data(table: Element) -> bool:
    """Whether the tables within a table are tables of data themselves: no frames around text, none further within."""
    for nested in table.iterdescendants("table"):
        if next(nested.iterancestors("table"), None) is not table:
            return False
        rows = _rows(nested)
        if max(map(len, rows), default=0) < 2 or any(len(cell.text) > _LONGEST for row in rows for cell in row):
            return False
    return True


def _filled(text: str | None) -> bool:
    return bool(text and text.strip())


def _collect(parent: Element, pieces: list[str]) -> None:
    if parent.text:
        pieces.append(parent.text)
    for child in parent:
        parts = child.tag in _BREAKS
        if parts:
            pieces.append(_BREAK)
        if len(child):
            _collect(child, pieces)
        elif child.text:
            pieces.append(child.text)
        if parts:
            pieces.append(_BREAK)
        if child.tail:
            pieces.append(child.tail)


def _rows(table: Element) -> list[list[Cell]]:
    """Return the cells of each row, the head's first and the foot's last; cells that stand without a row are in one."""
    rows: list[list[Cell]] = []
    last: list[list[Cell]] = []
    parent: Element | None = None
    nested = next(table.iterdescendants("table"), None) is not None
    for element in table.iter("tr", "td", "th"):
        if nested and next(element.iterancestors("table"), None) is not table:
            continue
        above = element.getparent()
        if above is not parent or element.tag == "tr":
            target = last if above is not None and above.tag == "tfoot" else rows
            current: list[Cell] = []
            target.append(current)
            if element.tag == "tr":
                parent = element
                continue
            parent = above
        if element.attrib:
            current.append(Cell(cell_text(element), _span(element, "colspan"), _span(element, "rowspan")))
        else:
            current.append(Cell(cell_text(element)))
    return rows + last


def _is_ruled(table: Element) -> bool:
    """Whether a table is drawn as one: rules, header cells, or Word's table styles."""
    border = (table.get("border") or "").strip().removesuffix("px")
    if (border.isdecimal() and border.strip("0")) or _WORD_TABLE.search((table.get("class") or "")[:500]):
        return True
    return next(table.iter("th", "caption", "thead"), None) is not None or bool(_RULE.search(_style(table)))


def _style(table: Element) -> str:
    """Return the style of a table and of its first cell, where rules are drawn."""
    cell = next(table.iter("td"), None)
    own = table.get("style") or ""
    return (own + (cell.get("style") or "" if cell is not None else ""))[:2000]


def _span(cell: Element, name: str) -> int:
    given = cell.get(name)
    if not given:
        return 1
    value = given.strip()
    return int(value[:9]) if value.isascii() and value.isdigit() else 1
