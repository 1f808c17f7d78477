"""RTF -> Document (Rich Text Format 1.9.1): paragraphs, outline levels as headings, tables with merged cells.

Own code: striprtf 0.0.35 gives one flat string, loses merged cells and outline levels, and raises on a double byte
whose second half is a plain letter, as old Chinese writers leave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from corpus.characters import clean_characters
from corpus.document import Document, Heading, Line
from corpus.errors import UnreadableFile
from corpus.rtfstyles import RtfStyles
from corpus.rtftable import Edge, Row, rtf_table
from corpus.textreader import from_lines

_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,12})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
#: Groups whose text isn't the document's; a group marked \* that isn't known is one as well.
_SKIPPED: Final = frozenset(
    b"colortbl listtable listoverridetable rsidtbl revtbl filetbl pict objdata fldinst header headerl"
    b" headerr headerf footer footerl footerr footerf ftnsep ftnsepc aftnsep aftnsepc nonesttables themedata datastore"
    b" colorschememapping latentstyles xmlnstbl generator annotation bkmkstart bkmkend author operator company"
    b" doccomm keywords subject creatim revtim printim".split()
)
_CHARACTERS: Final = {
    b"tab": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"emspace": "\u2003", b"enspace": "\u2002", b"nestcell": " ", b"nestrow": " ",
}  # fmt: skip
_CHARSETS: Final = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251"}
_PAGES: Final = {932: "cp932", 936: "gb18030", 54936: "gb18030", 949: "cp949", 950: "cp950", 1251: "cp1251"}
_LONGEST_HEADING: Final = 200
#: Text of its own within a paragraph: it follows where the paragraph ends.
_ASIDE: Final = frozenset({b"shptxt", b"footnote"})
_DEEPEST: Final = 10_000


def read_rtf(body: bytes) -> Document:
    """Return the Document of an RTF file; raises UnreadableFile if it is none or nested beyond sense."""
    start = body.find(b"{\\rtf", 0, 1024)
    if start < 0:
        raise _damaged()
    reader = _Reader()
    lines = list(reader.lines(body, start))
    found = from_lines(lines)
    title = " ".join(reader.title.split())
    offered = (("rtf:title", title),) if title else ()
    doubts = tuple(code for code, is_so in (("truncated", reader.groups), ("broken_bytes", reader.broken)) if is_so)
    return replace(found, titles=found.titles + offered, doubts=found.doubts + doubts)


@dataclass(slots=True)
class _State:
    """What a group inherits and gives back at its end."""

    skipped: bool = False
    hidden: bool = False
    font: int = -1
    fallback: int = 1
    into: str = "text"
    #: Whether what holds the shape or the pair of wordings (\\upr) that is open is skipped, and what it goes into.
    around: tuple[bool, str] = (False, "text")


class _Reader:
    """Goes through the tokens once; ``groups`` are still open, ``broken`` tells of bytes that didn't decode."""

    def __init__(self) -> None:
        self.groups: list[_State] = []
        self.broken = False
        self.title = ""
        self._state = _State()
        self._page = "gb18030"
        self._fonts: dict[int, str] = {}
        self._bytes = bytearray()
        self._text: list[str] = []
        self._skip = 0
        self._starred = False
        self._level = -1
        self._in_table = False
        self._cells: list[str] = []
        self._edges: list[Edge] = []
        self._edge = Edge(0)
        self._rows: list[Row] = []
        self._styles = RtfStyles()
        # Asides that are open: the group that holds each, the text before it, the level of its paragraph.
        self._open: list[tuple[int, list[str], int]] = []
        self._asides: list[str] = []

    def lines(self, body: bytes, place: int) -> Iterator[Line]:
        """Yield what the file holds, in order."""
        while match := _TOKEN.search(body, place):
            place = match.end()
            word, number, coded, symbol, brace, text = match.groups()
            if word == b"bin":
                place += max(int(number or 0), 0)
            elif word:
                yield from self._control(word, int(number) if number else None)
            elif coded:
                self._plain(bytes.fromhex(coded.replace(b"\\'", b"").decode("ascii")))
            elif brace:
                if self._brace(brace):
                    break
            elif symbol:
                yield from self._symbol(symbol)
            else:
                self._plain(text)
        self._flush()
        yield from self._paragraph()
        yield from self._table()

    def _brace(self, brace: bytes) -> bool:
        """Open or close a group; return whether it was the document's."""
        self._flush()
        self._skip = 0
        if brace == b"{":
            if len(self.groups) >= _DEEPEST:
                raise _damaged()
            self.groups.append(replace(self._state))
        elif self.groups:
            if self._open and self._open[-1][0] == len(self.groups):
                self._close_aside()
            self._state = self.groups.pop()
        self._starred = False
        return not self.groups

    def _symbol(self, symbol: bytes) -> Iterator[Line]:
        if symbol == b"*":
            self._starred = True
        elif symbol in b"\r\n":
            yield from self._control(b"par", None)
        elif symbol in b"\\{}":
            self._plain(symbol)
        elif symbol in b"~_":
            self._plain(b" " if symbol == b"~" else b"-")

    def _plain(self, data: bytes) -> None:
        """Take bytes of text in, after the replacement of a \\u that they may be."""
        taken = min(self._skip, len(data))
        self._skip -= taken
        state = self._state
        if state.into in ("title", "styles") or (state.into == "text" and not state.skipped and not state.hidden):
            self._bytes += data[taken:]

    def _flush(self) -> None:
        """Decode the bytes so far by the font's charset, else the file's code page."""
        if not self._bytes:
            return
        text = self._bytes.decode(self._fonts.get(self._state.font, self._page), "replace")
        self._bytes.clear()
        self.broken = self.broken or "\ufffd" in text
        self._add(text)

    def _add(self, text: str) -> None:
        if self._state.into == "title":
            self.title += text
        elif self._state.into == "styles":
            self._styles.text(text)
        elif not self._state.skipped and not self._state.hidden:
            self._text.append(text)

    def _control(self, word: bytes, number: int | None) -> Iterator[Line]:
        if word == b"u":
            self._flush()
            self._add(chr((number or 0) % 0x10000))
            self._skip = self._state.fallback
            return
        self._flush()
        self._skip = 0
        starred, self._starred = self._starred, False
        state = self._state
        if word in (b"shp", b"upr"):
            state.around = state.skipped, state.into
            state.skipped, state.into = True, "nothing"
        elif word == b"ud":
            state.skipped, state.into = state.around
        elif word in _ASIDE:
            self._open_aside(word)
        elif starred or word in _SKIPPED:
            state.skipped, state.into = True, "nothing"
        elif word == b"title" and state.into == "info":
            state.into = "title"
        elif word in (b"info", b"fonttbl"):
            state.skipped, state.into = True, word.decode("ascii")
        elif word == b"stylesheet":
            state.skipped, state.into = True, "styles"
        elif state.into == "styles":
            self._styles.control(word, number)
        elif word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        elif not self._format(word, number) and not state.skipped:
            yield from self._structure(word, number)

    def _open_aside(self, word: bytes) -> None:
        """Begin a text box or a footnote, unless what holds it is skipped."""
        state = self._state
        if word == b"shptxt":
            state.skipped, state.into = state.around
        if not state.skipped and not state.hidden and not self._in_table and not self._cells:
            self._open.append((len(self.groups), self._text, self._level))
            self._text, self._level = [], -1

    def _close_aside(self) -> None:
        """End an aside: its text waits for the end of the paragraph around it."""
        said = self._taken()
        _, self._text, self._level = self._open.pop()
        self._asides.append(said)

    def _format(self, word: bytes, number: int | None) -> bool:
        """Take in what changes how bytes are read; return whether the word was of that kind."""
        state = self._state
        if word == b"f":
            state.font = number or 0
        elif word == b"fcharset":
            if state.into == "fonttbl" and number in _CHARSETS:
                self._fonts[state.font] = _CHARSETS[number]
        elif word == b"ansicpg":
            self._page = _PAGES.get(number or 0, "cp1252")
        elif word == b"uc":
            state.fallback = max(number or 0, 0)
        elif word in (b"v", b"deleted"):
            state.hidden = number != 0
        elif word == b"plain":
            state.hidden, state.font = False, -1
        else:
            return False
        return True

    def _structure(self, word: bytes, number: int | None) -> Iterator[Line]:
        if word in (b"par", b"sect", b"page", b"line"):
            yield from self._paragraph(broken=word == b"line")
        elif word == b"pard":
            self._level, self._in_table = -1, False
        elif word == b"s":
            self._level = self._styles.level_of(number or 0)
        elif word == b"intbl":
            self._in_table = not self._open
        elif word == b"outlinelevel":
            self._level = number or 0
        elif word in (b"cell", b"row"):
            self._end_cell(whole_row=word == b"row")
        elif word == b"trowd":
            self._edges, self._edge = [], Edge(0)
        elif word == b"clvmrg":
            self._edge = replace(self._edge, goes_on_above=True)
        elif word == b"clmrg":
            self._edge = replace(self._edge, goes_on_left=True)
        elif word == b"cellx":
            self._edges.append(replace(self._edge, right=number or 0))
            self._edge = Edge(0)

    def _end_cell(self, *, whole_row: bool) -> None:
        """End a cell or a row; a table within an aside is text."""
        if self._open:
            self._text.append("\n" if whole_row else " ")
        elif not whole_row:
            self._cells.append(" ".join(self._taken().split()))
        else:
            if self._cells:
                self._rows.append(Row(tuple(self._cells), tuple(self._edges)))
            self._cells = []

    def _taken(self) -> str:
        """Return the text so far and start anew; halves of a pair of \\u become one character."""
        text = "".join(self._text)
        self._text = []
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _paragraph(self, *, broken: bool = False) -> Iterator[Line]:
        if self._in_table or self._cells or self._open:
            self._text.append("\n")
            return
        yield from self._table()
        text = clean_characters(self._taken())
        if 0 <= self._level < 9 and 0 < len(text.strip()) <= _LONGEST_HEADING and not broken:
            yield Heading(text.strip(), self._level + 1)
        else:
            yield from text.split("\n")
            yield ""
        asides, self._asides = self._asides, []
        for aside in asides:
            yield from clean_characters(aside).split("\n")
            yield ""

    def _table(self) -> Iterator[Line]:
        """Yield the table that has ended, if there is one."""
        if self._cells:
            self._rows.append(Row(tuple(self._cells), tuple(self._edges)))
        rows, self._rows, self._cells = self._rows, [], []
        if rows:
            yield rtf_table(rows)


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        zh="RTF 文件已损坏，无法读取；请用 Word 或 WPS 打开后另存为 DOCX，再重新导入",
        en="the RTF file is damaged and can't be read; open it with Word or WPS, save as DOCX and load that",
    )
