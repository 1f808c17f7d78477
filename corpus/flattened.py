"""Statutory tables that a file flattened to lines -> tables again, by the known labels of the forms. Pure.

A run of lines that say nothing but labels and figures of one form is its table: one cell per line, several with
bars or blanks between, labels broken over lines or printed one character per line. Where the rows can't be rebuilt
with certainty each line becomes a row, so that no label ever passes for a heading. No character is lost or added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.cleaning import is_page_number
from corpus.document import Line
from corpus.folding import fold
from corpus.numbering import heading_line
from corpus.statutory import Labelled, rows_of
from corpus.tables import Cell, Table, table_of
from corpus.templates import Labels, labels, plain

_LONGEST_LINE: Final = 400
_FEWEST_LABELS: Final = 3
#: Lines within a table that none of its labels explain, one after the other.
_GAP: Final = 2
_LONGEST_GAP: Final = 45
_STARTS: Final = (
    ("2", ("第二十条第", "信息内容")),
    ("3", ("本列数据的勾稽关系", "申请人情况", "一本年新收政府", "本年新收政府信息公开申请")),
    ("4", ("行政复议", "结果维持")),
    ("s", ("统计指标", "指标名称")),
)
_BORDER = re.compile(r"[|｜\t]")
_PIECES = re.compile(r"[^\s|｜]+")
_VALUE = re.compile(r"[-+±]?\d[\d,.]*(?:%|件|条|项|万元|元|个|次|人)?|[-—–－/]+|无|&nbsp;|[-+]?\.\d+")
#: A label with its unit and its figure, nothing between them.
_GLUED = re.compile(r"(?P<label>.+?)(?:件次|人次|万元|[件条次个人项篇元])?[\d\-—–/.]+$")
#: Rows of the head of table 3.
_HEAD_3: Final = 3
_SHORTEST_GLUED: Final = 3
_OPENING: Final = "（(“《〈【[〔‘"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between blanks and bars in a line."""

    text: str
    line: int

    @property
    def is_value(self) -> bool:
        return _VALUE.fullmatch(fold(self.text)) is not None


def with_tables(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with each run of lines that is a flattened statutory table put as that table."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        kind = _starts(line) if isinstance(line, str) else ""
        end = _end(lines, at, kind) if kind else at
        run = [str(entry) for entry in lines[at:end] if str(entry).strip() and not is_page_number(str(entry))]
        if run and _is_table(run, kind):
            found.append(_table(run, kind))
        else:  # what begins further down in the run says even less
            end = max(end, at + 1)
            found.extend(lines[at:end])
        at = end
    return found


def _starts(line: str) -> str:
    """Return the table that a line may begin; "" for none."""
    if len(line) > _LONGEST_LINE or not line.strip():
        return ""
    start = plain(line[:60])
    return next((kind for kind, starts in _STARTS if start.startswith(starts)), "")


def _end(lines: Sequence[Line], start: int, kind: str) -> int:
    """Return where the run of lines ends that only say what the table says."""
    known = labels(kind)
    end = start
    gap = 0
    for position in range(start, len(lines)):
        line = lines[position]
        if not isinstance(line, str):
            break
        if not line.strip():
            continue
        if position > start and _cells(line) > 1 and _cells(str(lines[start])) > 1:
            end, gap = position + 1, 0  # whatever it says, it is divided as the table is
            continue
        if position > start and _starts(line) not in ("", kind):
            break
        if _fits(line, known):
            end, gap = position + 1, 0
        elif gap == _GAP or not _can_be_cell(line):
            break
        else:
            gap += 1
    return end


def _cells(line: str) -> int:
    """Return how many filled cells bars or tabs divide a line into."""
    return sum(1 for cell in _BORDER.split(line[:_LONGEST_LINE]) if cell.strip())


def _fits(line: str, known: Labels) -> bool:
    """Whether a line says only values, labels or parts of labels."""
    if len(line) > _LONGEST_LINE:
        return False
    whole = plain(line)
    if whole and whole in known.whole:
        return True
    glued = _GLUED.match(whole)
    if glued and len(glued["label"]) > _SHORTEST_GLUED and glued["label"] in known.by_text:
        return True
    pieces = [_Piece(text, 0) for text in _PIECES.findall(line)]
    return all(piece.is_value or plain(piece.text) in known.whole for piece in pieces)


def _can_be_cell(line: str) -> bool:
    text = line.strip()
    return len(text) <= _LONGEST_GAP and not text.endswith(("。", "；", "：", ":")) and heading_line(text) is None


def _is_table(run: list[str], kind: str) -> bool:
    """Whether a run holds enough whole labels of the table to be it."""
    known = labels(kind)
    said = "\n".join(run)
    text = plain(said)
    return sum(1 for name in known.by_text if len(name) >= 2 and name in text) >= _FEWEST_LABELS


def _table(run: list[str], kind: str) -> Table:
    cut = _cells_between(run)
    divided = sum(len(cells) >= 2 for cells in cut) * 10 >= len(run) * 6
    full = all(cell for cells in cut for cell in cells)
    if divided and not (full and kind == "3"):
        return table_of([Cell(text) for text in cells] for cells in _with_upright(cut, kind))
    rows = rows_of(_labelled(run, kind), kind) or []
    # Where every row is certain, the outer group of table 3 spans nearly all of them, and its labels line up.
    if divided and not any(cell.rows > _HEAD_3 for row in rows for cell in row):
        return table_of([Cell(text) for text in cells] for cells in _with_upright(cut, kind))
    kept = "".join(cell.text for row in rows for cell in row)
    if rows and "".join(kept.split()) == "".join("".join(_PIECES.findall(line)) for line in run):
        return table_of(rows)
    return table_of([Cell(piece) for piece in _PIECES.findall(line)] for line in run)


def _cells_between(run: list[str]) -> list[list[str]]:
    """Return the cells that bars or tabs divide lines into; bars around every line are a frame."""
    texts = [line.strip(" 　\r") for line in run]
    barred = [text for text in texts if _BORDER.search(text)]
    if barred and all(text[-1] in "|｜" for text in barred):
        texts = [text[:-1] if text[-1] in "|｜" else text for text in texts]
        if all(text[:1] in ("|", "｜") for text in barred):
            texts = [text[1:] if text[:1] in ("|", "｜") else text for text in texts]
    return [[cell.strip() for cell in _BORDER.split(text)] for text in texts]


def _with_upright(cut: list[list[str]], kind: str) -> list[list[str]]:
    """Return rows of cells in which a label printed one character per line is one cell, the first of the row below it."""
    known = labels(kind)
    rows: list[list[str]] = []
    upright: list[str] = []
    for printed in cut:
        cells = printed
        if len(cells) == 1 and len(plain(cells[0])) <= 2 and plain(cells[0]) not in known.by_text:
            upright.append(cells[0])
            continue
        label = "".join([*upright, cells[0]])
        if upright and plain(label) in known.by_text:
            cells = [label, *cells[1:]]
        elif upright and plain("".join(upright)) in known.by_text:
            cells = ["".join(upright), *(cells[1:] if not cells[0] else cells)]
        else:
            rows.extend([part] for part in upright)
        upright = []
        rows.append(cells)
    rows.extend([part] for part in upright)
    return rows


def _labelled(run: list[str], kind: str) -> list[Labelled]:
    """Return the cells of a run in order: values, labels put together again, and what is neither."""
    pieces = [_Piece(text, number) for number, line in enumerate(run) for text in _PIECES.findall(line)]
    found: list[Labelled] = []
    words: list[_Piece] = []
    for piece in pieces:
        if piece.is_value:
            found.extend(_segmented(words, kind))
            words = []
            found.append(Labelled(piece.text, "value", ""))
        else:
            words.append(piece)
    return [*found, *_segmented(words, kind)]


def _segmented(words: list[_Piece], kind: str) -> Iterable[Labelled]:
    """Yield the labels in pieces of text that no value divides, the longest first; else a piece as it is."""
    known = labels(kind)
    chars = [(char, plain(char), number) for number, word in enumerate(words) for char in word.text]
    spots = [index for index, (_, said, _) in enumerate(chars) for _ in said]
    text = "".join(said for _, said, _ in chars)
    cuts: list[tuple[int, str]] = []  # where a cell begins in chars, and its label
    at = 0
    while at < len(text):
        name = next((text[at : at + n] for n in known.lengths if text[at : at + n] in known.by_text), "")
        start = spots[at]
        while start > 0 and chars[start - 1][0] in _OPENING and chars[start - 1][2] == chars[spots[at]][2]:
            start -= 1
        cuts.append((start if cuts else 0, name))
        here = chars[spots[at]][2]
        at += len(name) or 1
        while not name and at < len(text) and chars[spots[at]][2] == here:
            at += 1
    if not words:
        return
    cuts = cuts or [(0, "")]
    for (start, name), (end, _) in zip(cuts, [*cuts[1:], (len(chars), "")], strict=True):
        said = "".join(char for char, _, _ in chars[start:end])
        value = not name and _VALUE.fullmatch(fold(said)) is not None
        yield Labelled(said, "value" if value else known.by_text[name] if name else "", name)
