"""Markdown -> Document: headings, paragraphs, numbered lists, tables, front matter (markdown-it-py)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.characters import clean_characters
from corpus.document import Document, Heading, Line
from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.mapping import NAMES, fields_of, with_clues
from corpus.tables import Cell, Table, table_of
from corpus.textreader import from_lines

#: Characters of a file at the most; what is written by hand is far below, and some input costs the parser dearly.
_LARGEST: Final = 5_000_000
_FRONT: Final = re.compile(r"\A---[ \t]*\n(?P<lines>(?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_PAIR: Final = re.compile(r"(?P<name>[^\s:：#][^:：\n]{0,40}?)\s*[:：]\s*(?P<value>.*)")
_SPAN: Final = re.compile(r"\d{1,3}")


def read_markdown(body: bytes) -> Document:
    """Return the Document of a Markdown file (CommonMark with tables); front matter gives clues, not text.

    Numbers of lists stay as they are written; a table of HTML keeps its merged cells. Raises UnreadableFile.
    """
    decoded = decode(body)
    text = clean_characters(decoded.text)
    if len(text) > _LARGEST:
        raise UnreadableFile(
            zh="Markdown 文件超过五百万字；请拆分，或改存为 TXT",
            en="the Markdown file has over five million characters; split it, or save it as TXT",
        )
    front = _FRONT.match(text)
    fields = _fields(front["lines"]) if front else {}
    tokens = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").parse(text[front.end() :] if front else text)
    read = replace(from_lines(_Reader().lines(tokens)), raw_size=len(text), doubts=decoded.doubts)
    return with_clues(read, fields)


def _fields(front: str) -> dict[str, str]:
    """Return the fields that front matter of lines ``key: value`` names; anything else in it is passed over."""
    pairs = [pair for pair in map(_PAIR.fullmatch, front.split("\n")) if pair]
    known = fields_of([pair["name"] for pair in pairs], {})
    return {
        name: pairs[place]["value"].strip().strip("\"'")
        for place, name in known.items()
        if name in NAMES and name != "text"
    }


@dataclass(slots=True)
class _Reader:
    """Turns tokens into lines; keeps the lists that are open and the table that is being read."""

    _marks: list[str] = field(default_factory=list)
    _rows: list[list[Cell]] = field(default_factory=list)
    _heading: int = 0
    _in_table: bool = False

    def lines(self, tokens: Sequence[Token]) -> Iterator[Line]:
        """Yield the lines of a parsed file."""
        for token in tokens:
            kind = token.type
            if kind == "heading_open":
                self._heading = int(token.tag[1])
            elif kind == "heading_close":
                self._heading = 0
            elif kind == "list_item_open":
                self._marks.append(f"{token.info}{token.markup} " if token.info else "")
            elif kind == "list_item_close":
                self._marks.pop()
            elif kind == "table_open":
                self._rows, self._in_table = [], True
            elif kind == "tr_open":
                self._rows.append([])
            elif kind == "table_close":
                self._in_table = False
                yield from ("", table_of(self._rows), "")
            elif kind == "inline":
                yield from self._inline(_said(token.children or []))
            elif kind in {"fence", "code_block"}:
                yield from ("", *token.content.split("\n"), "")
            elif kind == "html_block":
                yield from ("", *_html_lines(token.content), "")

    def _inline(self, text: str) -> Iterator[Line]:
        if self._in_table:
            self._rows[-1].append(Cell(text))
        elif self._heading:
            yield from ("", Heading(" ".join(text.split()), self._heading), "")
        elif self._marks:
            mark, self._marks[-1] = self._marks[-1], ""
            yield from ("", *f"{mark}{text}".split("\n"), "")
        else:
            yield from ("", *text.split("\n"), "")


def _said(tokens: Sequence[Token]) -> str:
    """Return the text of a line's parts, its marks of emphasis and links gone."""
    parts = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"} or (
            token.type == "html_inline" and token.content.lower().startswith("<br")
        ):
            parts.append("\n")
        elif token.type == "image":
            continue
        elif token.type != "html_inline":
            parts.append(token.content)
    return "".join(parts)


def _html_lines(content: str) -> Iterator[Line]:
    """Yield what a block of HTML says: its tables as tables, the rest as text."""
    soup = BeautifulSoup(content, "lxml")
    for silent in soup(["script", "style", "template"]):
        silent.decompose()
    for table in soup.find_all("table"):
        if not table.find_parent("table"):
            yield _html_table(table)
            table.decompose()
    yield from soup.get_text("\n").split("\n")


def _html_table(table: Tag) -> Table:
    return table_of(
        [
            Cell(cell.get_text(" ", strip=True), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row.find_all(["td", "th"])
        ]
        for row in table.find_all("tr")
    )


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return int(value) if _SPAN.fullmatch(value) else 1
