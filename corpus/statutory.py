"""Cells of a statutory table in reading order -> its rows, with the merged cells of the form. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from corpus.tables import Cell

_WIDE_2: Final = 4
_LABELS_3: Final = 3
_VALUES_3: Final = 7
_GROUP_4: Final = 5
_HEAD_3: Final = [
    "申请人情况",
    "自然人",
    "法人或其他组织",
    "总计",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他",
]
_HEAD_4: Final = ["行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"]
_COLUMNS_4: Final = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A cell: its text as printed, its role ("value", a role of the form, "" if unknown), its label plain."""

    text: str
    role: str
    name: str


Rows = list[list[Cell]]


def rows_of(cells: Sequence[Labelled], table: str) -> Rows | None:
    """Return the rows of table 2, 3, 4 or s; None where they can't be told with certainty."""
    if any(not cell.role for cell in cells):
        return None
    return {"2": _rows_2, "3": _rows_3, "4": _rows_4, "s": _rows_s}[table](cells)


def _rows_2(cells: Sequence[Labelled]) -> Rows | None:
    """A bar for each item of article 20, its column names, its rows; the last cell of a short row reaches to the right."""
    rows: Rows = []
    columns = 0
    for role, run in _runs(cells):
        texts = [Cell(cell.text) for cell in run]
        if role == "item":
            rows.extend([replace(cell, columns=_WIDE_2)] for cell in texts)
        elif role == "column":
            columns = len(texts)
            rows.append([*texts[:-1], replace(texts[-1], columns=max(1, _WIDE_2 - columns + 1))])
        elif role == "row":
            labelled = texts[:1]
            aligned = len(texts) == columns
            rows.append(
                [*labelled, *texts[1:-1], replace(texts[-1], columns=max(1, _WIDE_2 - columns + 1))]
                if aligned
                else texts
            )
        else:
            return None
    return rows


def _runs(cells: Sequence[Labelled]) -> list[tuple[str, list[Labelled]]]:
    """Return the cells in runs of one role, each row label with the values after it."""
    found: list[tuple[str, list[Labelled]]] = []
    for cell in cells:
        joins = found and (
            (cell.role == "value" and found[-1][0] == "row")
            or (cell.role == found[-1][0] and cell.role not in ("row", "item"))
        )
        if joins:
            found[-1][1].append(cell)
        else:
            found.append((cell.role, [cell]))
    return found


def _rows_3(cells: Sequence[Labelled]) -> Rows | None:
    start = next((i for i, cell in enumerate(cells) if "本年新收" in cell.name), len(cells))
    head, body = list(cells[:start]), list(cells[start:])
    if any(cell.role == "value" for cell in head):
        return None
    entries = _entries_3(body)
    certain = all(len(entry) - 1 == _VALUES_3 for _, entry in entries) and bool(entries)
    rows = _head_3(head)
    if not certain:
        return rows + [[Cell(cell.text) for cell in (*groups, *entry)] for groups, entry in entries]
    open_spans: list[tuple[int, int, str]] = []  # row, place, name of a group that still takes rows
    made: Rows = []
    inner = ""
    outer_open = False
    for groups, entry in entries:
        labels: list[Cell] = []
        for group in groups:
            outer = "办理结果" in group.name
            open_spans.append((len(made), len(labels), "outer" if outer else "inner"))
            outer_open = outer_open or outer
            labels.append(Cell(group.text))
            inner = "" if outer else group.name
        whole = _is_whole(entry[0], inner)
        if whole == "outer":
            outer_open = False
        if whole:
            inner = ""
        covered = (1 if outer_open else 0) + (1 if inner else 0)
        labels.append(Cell(entry[0].text, columns=_LABELS_3 - covered))
        made.append([*labels, *(Cell(cell.text) for cell in entry[1:])])
        for number, (row, place, kind) in enumerate(open_spans):
            still = outer_open if kind == "outer" else bool(inner) and number == len(open_spans) - 1
            if still and row < len(made):
                made[row][place] = replace(made[row][place], rows=len(made) - row)
    return rows + made


def _is_whole(label: Labelled, inner: str) -> str:
    """Say whether a row's label stands for itself: "outer" for 一、二、四, "inner" for (一) (二) (六) (七), "" within a group."""
    name = label.name.lstrip("一二三四五六七")
    if name.startswith(("本年新收", "上年结转", "结转下年度")):
        return "outer"
    numbered = label.name[:1] in "一二三四五六七"
    return "inner" if numbered or name.startswith(("予以公开", "部分公开", "总计", "其他处理")) or not inner else ""


def _entries_3(body: list[Labelled]) -> list[tuple[list[Labelled], list[Labelled]]]:
    """Return (groups before it, label with its values) for each row."""
    found: list[tuple[list[Labelled], list[Labelled]]] = []
    groups: list[Labelled] = []
    for cell in body:
        if cell.role == "value" and groups and "其他处理" in groups[-1].name:
            found.append((groups[:-1], [groups[-1], cell]))  # in 2019 （六）其他处理 is a row
            groups = []
        elif cell.role == "value" and found and not groups:
            found[-1][1].append(cell)
        elif cell.role == "group":
            groups.append(cell)
        else:
            found.append((groups, [cell]))
            groups = []
    if groups:
        found.append(([], groups))
    return found


def _head_3(head: list[Labelled]) -> Rows:
    names = [cell.name for cell in head]
    note = head[:1] if names and "勾稽" in names[0] else []
    rest = head[len(note) :]
    if not head:
        return []
    if [cell.name for cell in rest] != _HEAD_3:
        return [[Cell(cell.text)] for cell in note] + ([[Cell(cell.text) for cell in rest]] if rest else [])
    of, person, bodies, total, *kinds = [cell.text for cell in rest]
    corner = [Cell(note[0].text, columns=_LABELS_3, rows=3)] if note else []
    # Without the note its corner of the head is empty.
    blank = [] if note else [Cell("", columns=_LABELS_3)]
    return [
        [*corner, *blank, Cell(of, columns=_VALUES_3)],
        [*blank, Cell(person, rows=2), Cell(bodies, columns=len(kinds)), Cell(total, rows=2)],
        [*blank, *(Cell(kind) for kind in kinds)],
    ]


def _rows_4(cells: Sequence[Labelled]) -> Rows | None:
    heads = [cell for cell in cells if cell.role == "head"]
    columns = [cell for cell in cells if cell.role == "column"]
    values = [cell for cell in cells if cell.role == "value"]
    order = [role for role, _ in groupby(cell.role for cell in cells)]
    known = [cell.name for cell in heads] == _HEAD_4 and [cell.name for cell in columns] == _COLUMNS_4 * 3
    if order[:2] != ["head", "column"] or len(order) > 3 or not known or len(values) % len(columns):
        return None
    return [
        [Cell(heads[0].text, columns=_GROUP_4, rows=2), Cell(heads[1].text, columns=2 * _GROUP_4)],
        [Cell(cell.text, columns=_GROUP_4) for cell in heads[2:]],
        [Cell(cell.text) for cell in columns],
        *([Cell(cell.text) for cell in values[at : at + 15]] for at in range(0, len(values), 15)),
    ]


def _rows_s(cells: Sequence[Labelled]) -> Rows | None:
    """The names of the columns, then a label, its unit and its figure in each row."""
    rows: Rows = []
    last = ""
    for cell in cells:
        starts = cell.role in ("row", "column") and not (cell.role == last == "column")
        remark = cell.role == "row" and last == "row" and cell.text.startswith(("（", "("))
        if starts and not remark:
            rows.append([Cell(cell.text)])
        elif not rows:
            return None
        elif remark:
            rows[-1][-1] = Cell(rows[-1][-1].text + cell.text)
        else:
            rows[-1].append(Cell(cell.text))
        last = cell.role
    return rows
