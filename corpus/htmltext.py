"""Elements of a page -> Lines: paragraphs, marked headings, whole tables. Pure; one walk over the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from corpus.document import Heading, Line
from corpus.htmltables import data_table
from corpus.htmltree import Element, line_of, tag_of, text_of
from corpus.tables import Table

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_PASTED = re.compile(r"\n[ \t]*(?=　　)")
_BLOCK, _BREAK, _TABLE, _HEADING, _LIST, _ITEM, _PRE = range(1, 8)
_KINDS: Final[dict[object, int]] = {
    **dict.fromkeys(
        """
        p div section article header footer dl dt dd tbody thead tfoot tr td th blockquote center hr main aside
        figure figcaption address fieldset caption body form html ucapcontent summary details
        """.split(),
        _BLOCK,
    ),
    **dict.fromkeys("h1 h2 h3 h4 h5 h6".split(), _HEADING),
    **dict.fromkeys(("pre", "xmp", "plaintext", "listing"), _PRE),
    "br": _BREAK,
    "table": _TABLE,
    "ol": _LIST,
    "ul": _LIST,
    "li": _ITEM,
}
#: A mark that a sentence or a text this long bears is used for looks, not for headings.
_LONGEST_HEADING: Final = 100
_HOLDERS: Final = ("p", "div", "table", "ul", "ol", "br")
_NUMBERED = re.compile(
    r"[\s　]*(?:[(（]?[0-9０-９一二三四五六七八九十]{1,3}[)）.．、]|[①-⑳]|第[一二三四五六七八九十百]+)"
)
_UNNUMBERED_LIST = re.compile(r"list-style[^;]*(?:none|disc|circle|square)", re.IGNORECASE)
_HAN_LIST = re.compile(r"list-style[^;]*(?:cjk-ideographic|chinese|cjk)", re.IGNORECASE)
_HAN_DIGITS: Final = "一二三四五六七八九十"
_FIRST_LEVEL = re.compile(
    r"[\s　]*(?:[一二三四五六七八九十]{1,3}[\s　]*[、.．]|第[一二三四五六七八九十]{1,3}(?:部分|章))"
)
_EMPHASIS = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|font-family\s*:[^;]*(?:黑体|SimHei)", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_SENTENCE_END: Final = tuple("。；;，,：:、！!？?）)")


def lines_of(elements: Iterable[Element], title: str = "") -> list[Line]:
    """Return the lines of the flow of some elements: "" between blocks, none at one <br>; data tables whole.

    h1 to h6 give headings unless they mark sentences. Where nothing is numbered or marked, short bold or centred
    paragraphs that stand before text are headings; ``title`` is never one.
    """
    flow = _Flow()
    for element in elements:
        flow.blank()
        flow.walk(element)
        flow.flush()
    return with_emphasis(_true_headings(flow.lines), flow.emphasised, title)


class _Flow:
    """The state of the walk: ``lines`` made so far, the pieces of the line being made."""

    __slots__ = ("_numbers", "_pieces", "_prefix", "emphasised", "lines")

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.emphasised: set[int] = set()
        self._pieces: list[str] = []
        self._prefix = ""
        self._numbers: list[int] = []  # of each <ol> that is open, its latest item's

    def flush(self) -> bool:
        """End the line being made; the line breaks of the source are blanks. Whether there was one."""
        if not self._pieces:
            return False
        whole = "".join(self._pieces)
        self._pieces.clear()
        if not whole.strip():
            return False
        # A line of the source that is indented by wide blanks is a paragraph of a text that was pasted in.
        for line in _PASTED.split(whole) if "\n" in whole and "　　" in whole else (whole,):
            text = _BLANKS.sub(" ", line).rstrip()
            if not text.strip():
                continue
            if self._prefix:
                text = text if _NUMBERED.match(text) else self._prefix + text.lstrip()
                self._prefix = ""
            self.lines.append(text)
        return True

    def blank(self) -> None:
        """End the block being made."""
        self.flush()
        if self.lines and self.lines[-1] != "":
            self.lines.append("")

    def walk(self, parent: Element) -> None:
        """Take in all that an element holds; recursion is bounded by the depth of trees."""
        pieces = self._pieces
        if parent.text:
            pieces.append(parent.text)
        for child in parent:
            kind = _KINDS.get(child.tag)
            if kind is None:
                if len(child):
                    self.walk(child)
                elif child.text:
                    pieces.append(child.text)
            elif kind == _BLOCK:
                self.blank()
                start = len(self.lines)
                self.walk(child)
                self.flush()
                if len(self.lines) == start + 1 and _is_emphasised(child):
                    self.emphasised.add(start)
                self.blank()
            else:
                self._other(child, kind)
            if child.tail:
                pieces.append(child.tail)

    def _other(self, child: Element, kind: int) -> None:
        if kind == _BREAK:
            if not self.flush():
                self.blank()
            return
        self.blank()
        if kind == _TABLE:
            self._table(child)
        elif kind == _HEADING and next(child.iter(*_HOLDERS), None) is None:
            text = line_of(child)
            if text:
                self.lines.append(Heading(text, int(str(child.tag)[1])))
        elif kind == _PRE:
            for row in text_of(child).split("\n"):
                self.lines.append(row.rstrip())
        else:
            if kind == _ITEM and self._numbers and self._numbers[-1] >= 0:
                self._numbers[-1] += 1
                parent = child.getparent()
                self._prefix = (
                    _item_number(parent, self._numbers[-1]) if parent is not None and parent.tag == "ol" else ""
                )
            if kind == _LIST:
                self._numbers.append(_first_number(child))
            self.walk(child)
            if kind == _LIST:
                self._numbers.pop()
        self.blank()

    def _table(self, table: Element) -> None:
        found = data_table(table)
        if found is None:
            self.walk(table)
            return
        for caption in table.iter("caption"):
            if line_of(caption):
                self.lines += [line_of(caption), ""]
        if found.rows:
            self.lines.append(found)


def _first_number(listing: Element) -> int:
    """Return the number before that of the first item of a list; -1 if it shows none."""
    if listing.tag != "ol" or _UNNUMBERED_LIST.search((listing.get("style") or "")[:500]):
        return -1
    start = listing.get("start") or "1"
    return int(start) - 1 if start.isdecimal() and 0 < int(start[:6]) < 10_000 else 0


def _item_number(listing: Element, number: int) -> str:
    """Return the number that a browser shows before an item of an <ol>; "" if none can be told."""
    if _HAN_LIST.search((listing.get("style") or "")[:500]) and number <= 10:
        return f"{_HAN_DIGITS[number - 1]}、"
    kind = listing.get("type") or "1"
    return f"{number}." if kind == "1" else f"{chr(ord('a') + number - 1)}." if kind == "a" and number <= 26 else ""


def _is_emphasised(block: Element) -> bool:
    """Whether a paragraph is wholly bold or in the typeface of headings, or centred."""
    if tag_of(block) not in {"p", "div"}:
        return False
    style = f"{block.get('style') or ''};{'text-align:center' if block.get('align') == 'center' else ''}"
    if _CENTRED.search(style[:2000]) or _EMPHASIS.search(style[:2000]):
        return True
    inner = block
    while len(inner) == 1 and not (inner.text or "").strip() and not (inner[0].tail or "").strip():
        inner = inner[0]
        if inner.tag in {"b", "strong"} or _EMPHASIS.search((inner.get("style") or "")[:2000]):
            return True
    return False


def _true_headings(lines: list[Line]) -> list[Line]:
    """Return lines in which marks that sentences bear are no headings."""
    for_looks = {
        line.level
        for line in lines
        if isinstance(line, Heading)
        and (len(line.text) > _LONGEST_HEADING or (line.text.endswith("。") and not _NUMBERED.match(line.text)))
    }
    if not for_looks:
        return lines
    return [line.text if isinstance(line, Heading) and line.level in for_looks else line for line in lines]


def with_emphasis(lines: list[Line], emphasised: set[int], title: str) -> list[Line]:
    """Return lines in which short emphasised ones that stand before text are headings, if there are two at least.

    Only where nothing is marked as a heading or numbered as one of the first level.
    """
    if any(isinstance(line, Heading) or (isinstance(line, str) and _FIRST_LEVEL.match(line)) for line in lines):
        return lines
    filled = [n for n, line in enumerate(lines) if line != ""]
    heads = []
    for number, after in pairwise(filled):
        line, following = lines[number], lines[after]
        if number not in emphasised or not isinstance(line, str) or after in emphasised:
            continue
        text = line.strip()
        long = isinstance(following, Table) or (isinstance(following, str) and len(following) >= 20)
        if 2 <= len(text) <= 30 and long and not text.endswith(_SENTENCE_END) and "".join(text.split()) not in title:
            heads.append(number)
    if len(heads) < 2 or len(heads) * 2 > len(filled):
        return lines
    made = list(lines)
    for number in heads:
        made[number] = Heading(" ".join(str(lines[number]).split()), 1)
    return made
