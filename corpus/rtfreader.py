"""RTF -> Document: text in any code page, tables with merged cells, outline levels.

Own code: striprtf knows code pages and fonts but gives neither merged cells nor headings, and mistakes a table's
row for a line of text with bars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from corpus.cleaning import clean_characters
from corpus.document import Document, Heading, Line
from corpus.errors import UnreadableFile
from corpus.rtftables import CellEdge, RtfRow, rtf_table
from corpus.rtftokens import CHARSETS, Token, codec_of, tokens
from corpus.textreader import from_lines

MOST_GROUPS: Final = 10_000
#: Groups whose text isn't the document's; any other that starts with \* is left out as well.
_SILENT: Final = frozenset(
    """
    colortbl pict object header headerl headerr headerf footer footerl footerr footerf themedata datastore
    listtable listoverridetable generator xmlnstbl fldinst bkmkstart bkmkend template revtbl rsidtbl latentstyles
    nonesttables filetbl nonshppict shp do private1 atnid atnauthor annotation ftnsep ftnsepc aftnsep
    """.split()
)
_HELD: Final = frozenset({"fonttbl", "stylesheet", "info"})
_CHARACTERS: Final = {
    "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": "\u3000", "enspace": " ", "qmspace": " ", "nestcell": " ", "nestrow": " ",
}  # fmt: skip
_NO_OUTLINE: Final = 9


@dataclass(frozen=True, slots=True)
class _Group:
    """What a group inherits: font, bytes to pass over after \\u, where its text goes."""

    font: int = -1
    passed: int = 1
    hidden: bool = False
    place: str = "body"


@dataclass(slots=True)
class _State:
    """A file while it is read."""

    codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    styles: dict[int, int] = field(default_factory=dict)
    title: str = ""
    lines: list[Line] = field(default_factory=list)
    group: _Group = field(default_factory=_Group)
    above: list[_Group] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    text: list[str] = field(default_factory=list)
    pass_over: int = 0
    starred: bool = False
    style: int = -1
    outline: int = _NO_OUTLINE
    in_table: bool = False
    edges: list[CellEdge] = field(default_factory=list)
    edge: CellEdge = field(default_factory=CellEdge)
    cell: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[RtfRow] = field(default_factory=list)


def read_rtf(body: bytes) -> Document:
    """Return the Document of an RTF file. Raises UnreadableFile."""
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rt"):
        raise UnreadableFile(
            zh="不是 RTF 文件或已损坏；请用 Word 或 WPS 打开后另存为 DOCX",
            en="no RTF file, or a damaged one; open it in Word or WPS and save it as DOCX",
        )
    state = _State()
    for token in tokens(body):
        _take(state, token)
    truncated = bool(state.above)
    _end_paragraph(state)
    _end_table(state)
    document = from_lines(state.lines)
    title = " ".join(state.title.split())
    broken = any("\ufffd" in block.text for block in document.blocks)
    doubts = ("truncated",) * truncated + ("broken_bytes",) * broken
    return replace(document, titles=((("rtf:title", title),) if title else ()) + document.titles, doubts=doubts)


def _take(state: _State, token: Token) -> None:
    if token.kind == "bytes":
        _bytes(state, token.data)
    elif token.kind == "open":
        _flush(state)
        state.pass_over = 0
        if len(state.above) >= MOST_GROUPS:
            raise UnreadableFile(
                zh="RTF 嵌套过深，可能已损坏；请另存为 DOCX", en="the RTF is nested too deeply; save it as DOCX"
            )
        state.above.append(state.group)
    elif token.kind == "close":
        _flush(state)
        state.pass_over = 0
        state.starred = False
        if state.above:
            state.group = state.above.pop()
    else:
        _word(state, token.word, token.number)


def _bytes(state: _State, data: bytes) -> None:
    state.starred = False
    if state.pass_over:
        passed = min(state.pass_over, len(data))
        state.pass_over -= passed
        data = data[passed:]
    state.pending += data


def _flush(state: _State) -> None:
    """Decode what was gathered in the code page of the font and put it where the group's text goes."""
    if state.pending:
        codec = state.fonts.get(state.group.font, state.codec)
        _put(state, bytes(state.pending).decode(codec, "replace"))
        state.pending.clear()


def _put(state: _State, text: str) -> None:
    if state.group.place == "body" and not state.group.hidden:
        state.text.append(text)
    elif state.group.place == "title":
        state.title += text


def _word(state: _State, word: str, number: int | None) -> None:
    if word == "u" and number is not None:
        _flush(state)
        _put(state, _character(number))
        state.pass_over = max(0, min(state.group.passed, 16))
        return
    _flush(state)
    state.pass_over = 0
    starred, state.starred = state.starred, word == "*"
    if word == "*":
        return
    if word == "upr":  # one text twice: for the code page, then in Unicode (\*\ud)
        state.group = replace(state.group, place=f"upr:{state.group.place}")
    elif word == "ud":
        state.group = replace(state.group, place=state.group.place.removeprefix("upr:"))
    elif state.group.place == "body":
        if word in _SILENT or (starred and word not in _HELD and word != "shppict"):
            state.group = replace(state.group, place="nowhere")
        elif word in _HELD:
            state.group = replace(state.group, place=word)
        else:
            _body_word(state, word, number)
    elif state.group.place == "info" and word == "title":
        state.group = replace(state.group, place="title")
    elif state.group.place == "stylesheet":
        _style_word(state, word, number)
    if word == "f" and number is not None:
        state.group = replace(state.group, font=number)
    elif word == "fcharset" and state.group.place == "fonttbl" and number in CHARSETS:
        state.fonts[state.group.font] = CHARSETS[number]
    elif word == "ansicpg" and number is not None:
        state.codec = codec_of(number)
    elif word == "uc" and number is not None:
        state.group = replace(state.group, passed=number)


def _style_word(state: _State, word: str, number: int | None) -> None:
    if word == "s" and number is not None:
        state.style = number
    elif word == "outlinelevel" and number is not None:
        state.styles[state.style] = number


def _body_word(state: _State, word: str, number: int | None) -> None:
    if word in _CHARACTERS:
        _put(state, _CHARACTERS[word])
    elif word in {"v", "deleted"}:
        state.group = replace(state.group, hidden=number != 0)
    elif word in {"par", "sect", "page", "line"}:
        _end_paragraph(state)
    elif word == "pard":
        state.style, state.outline, state.in_table = -1, _NO_OUTLINE, False
    elif word == "intbl":
        state.in_table = True
    elif word == "s" and number is not None:
        state.style = number
    elif word == "outlinelevel" and number is not None:
        state.outline = number
    else:
        _table_word(state, word, number)


def _table_word(state: _State, word: str, number: int | None) -> None:
    if word == "trowd":
        state.edges, state.edge = [], CellEdge()
    elif word in {"clvmgf", "clvmrg", "clmgf", "clmrg"}:
        state.edge = state.edge.marked(word)
    elif word == "cellx" and number is not None:
        state.edges.append(replace(state.edge, right=number))
        state.edge = CellEdge()
    elif word == "cell":
        state.cells.append("".join([*state.cell, *state.text]))
        state.cell, state.text = [], []
    elif word == "row":
        if state.cells:
            state.rows.append(RtfRow(tuple(state.cells), tuple(state.edges)))
        state.cells, state.cell = [], []


def _end_paragraph(state: _State) -> None:
    _flush(state)
    text = clean_characters("".join(state.text)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    state.text = []
    if state.in_table:
        state.cell.append(text)
        return
    _end_table(state)
    outline = state.outline if state.outline < _NO_OUTLINE else state.styles.get(state.style, _NO_OUTLINE)
    if 0 <= outline < _NO_OUTLINE and text.strip():
        state.lines.append(Heading(text.strip(), outline + 1))
    else:
        state.lines += [text, ""]  # each is a paragraph: nothing is to be joined


def _end_table(state: _State) -> None:
    if state.cells:
        state.rows.append(RtfRow(tuple(state.cells), tuple(state.edges)))
    if state.rows:
        state.lines.append(rtf_table(state.rows))
    state.rows, state.cells, state.cell = [], [], []


def _character(number: int) -> str:
    code = number % 0x10000 if number < 0 else number
    return chr(code) if code < 0x110000 else "\ufffd"
