"""A marked report as the page shows it: title, outline, sections, tables, every mark numbered. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from markupsafe import Markup

from corpus.folding import fold
from corpus.model import Block, Report, Section
from indexer.results import Span
from webui.marking import CELL, cell_windows, marked_windows, merged, shifted

#: A cell of more characters than this needs room, or it is set one character to a line.
_WORDY: Final = 6
_NUMBER: Final = frozenset("0123456789.,%-—/ ")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or a heading line. ``lead`` is a heading that runs on into its paragraph, or empty."""

    anchor: str
    role: Literal["paragraph", "heading", "title"]
    html: Markup
    lead: Markup = field(default_factory=Markup)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; it takes ``span`` columns and ``rows`` rows, ``look`` is how it is set."""

    html: Markup
    look: Literal["", "figure", "wordy"]
    span: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with the anchor of its block."""

    anchor: str
    cells: tuple[Cell, ...]
    header: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a section of its own, shown where it stood in the text."""

    anchor: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section with everything that stands in it, tables included, in the original order."""

    anchor: str
    rank: int
    items: tuple[Line | Grid, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outline, with the number of marks in its section; the preface has no heading."""

    anchor: str
    heading: str
    level: int
    table: bool
    marks: int


@dataclass(frozen=True, slots=True)
class Document:
    """The whole page's text. ``marks`` counts the marks, which are numbered m1 to mN in reading order."""

    title: Markup
    title_anchors: tuple[str, ...]
    parts: tuple[Part, ...]
    outline: tuple[Entry, ...]
    marks: int


def document(
    report: Report,
    marks: Mapping[str, tuple[Span, ...]],
    heading_marks: Mapping[str, tuple[Span, ...]],
) -> Document:
    """Return the report as it is shown; spans are relative to the block's text and the section's heading."""
    return _Builder(report, marks, heading_marks).build()


class _Builder:
    """Numbers marks while it goes through the report in reading order."""

    def __init__(
        self,
        report: Report,
        marks: Mapping[str, tuple[Span, ...]],
        heading_marks: Mapping[str, tuple[Span, ...]],
    ) -> None:
        self.report = report
        self.marks = marks
        self.heading_marks = heading_marks
        self.next = 1
        self.counted: dict[str, int] = {}

    def build(self) -> Document:
        first = next((s for s in self.report.sections if s.ordinal == 0), None)
        spans = self.heading_marks.get(first.section_id, ()) if first else ()
        title = self.render(first.heading if first else self.report.title, spans, first.section_id if first else "")
        anchors = tuple(_printed_above(self.report)) if first else ()
        parts = tuple(self.part(section, tables) for section, tables in _families(self.report.sections))
        # The preface has a line only if there is something below the title; the page names it.
        opening = parts[0].items if parts and parts[0].rank == 0 else ()
        outline = tuple(self.entry(s) for s in self.report.sections if s.ordinal > 0 or opening)
        return Document(title, anchors, parts, outline, self.next - 1)

    def part(self, section: Section, tables: Sequence[Section]) -> Part:
        skipped = set(_printed_above(self.report)) if section.ordinal == 0 else set()
        placed: list[tuple[int, Block | Section]] = [
            (block.position, block) for block in section.blocks if block.block_id not in skipped
        ]
        placed += [(table.blocks[0].position, table) for table in tables if table.blocks]
        items = tuple(self.item(section, what) for _, what in sorted(placed, key=lambda pair: pair[0]))
        return Part(section.section_id, min(section.level + 1, 6) if section.level else 0, items)

    def item(self, section: Section, what: Block | Section) -> Line | Grid:
        if isinstance(what, Section):
            return self.grid(what)
        text = section.block_text(what)
        spans = self.marks.get(what.block_id, ())
        if what.form == "heading":
            lead = max(text.find(section.heading), 0)
            spans = (*spans, *shifted(self.heading_marks.get(section.section_id, ()), lead))
            role: Literal["heading", "title"] = "heading" if section.ordinal else "title"
            return Line(what.block_id, role, self.render(text, spans, section.section_id))
        cut = glued_end(text, section.heading) if section.ordinal and what is section.blocks[0] else 0
        if not cut:
            return Line(what.block_id, "paragraph", self.render(text, spans, section.section_id))
        lead_html, rest = self.windows(text, spans, ((0, cut), (cut, len(text))), section.section_id)
        return Line(what.block_id, "paragraph", rest, lead_html)

    def grid(self, table: Section) -> Grid:
        texts = [table.block_text(block) for block in table.blocks]
        width = max(len(text.split(CELL)) for text in texts)
        named = _names_columns(texts)
        rows: list[Row] = []
        covered: set[tuple[int, int]] = set()
        for number, (block, text) in enumerate(zip(table.blocks, texts, strict=True)):
            windows = cell_windows(text)
            spans = self.marks.get(block.block_id, ())
            pieces = self.windows(text, spans, windows, table.section_id)
            merged_at = {m.column: m for m in block.merged}
            cells: list[Cell] = []
            for column, (html, (start, end)) in enumerate(zip(pieces, windows, strict=True)):
                if (number, column) in covered:
                    continue  # a merged cell above or to the left stands here
                place = merged_at.get(column)
                wide, high = (place.columns, min(place.rows, len(texts) - number)) if place else (1, 1)
                covered |= {(r, c) for r in range(number, number + high) for c in range(column, column + wide)}
                # A row with fewer cells than the table is wide: its last cell takes what is left.
                rest = width - len(windows) if column == len(windows) - 1 else 0
                cells.append(Cell(html, _look(text[start:end]), wide + rest, high))
            rows.append(Row(block.block_id, tuple(cells), header=named and not rows))
        return Grid(table.section_id, tuple(rows))

    def entry(self, section: Section) -> Entry:
        counted = self.counted.get(section.section_id, 0)
        heading = section.heading if section.ordinal else ""
        return Entry(section.section_id, heading, section.level, section.form == "table", counted)

    def render(self, text: str, spans: Sequence[Span], section_id: str) -> Markup:
        return self.windows(text, spans, ((0, len(text)),), section_id)[0]

    def windows(self, text: str, spans: Sequence[Span], windows: Sequence[Span], section_id: str) -> tuple[Markup, ...]:
        before = self.next
        pieces, self.next = marked_windows(text, merged(spans), windows, self.next)
        self.counted[section_id] = self.counted.get(section_id, 0) + self.next - before
        return pieces


def glued_end(text: str, heading: str) -> int:
    """Return where a heading ends that a paragraph begins with, blanks aside; 0 if it doesn't."""
    at = 0
    for char in heading:
        if char.isspace():
            continue
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text) or text[at] != char:
            return 0
        at += 1
    return at


def _families(sections: Sequence[Section]) -> Iterator[tuple[Section, list[Section]]]:
    """Yield each section of prose with the tables that stand in it: those that follow it in the order."""
    family: tuple[Section, list[Section]] | None = None
    for section in sections:
        if family is not None and section.form == "table" and section.ordinal > 0:
            family[1].append(section)
            continue
        if family is not None:
            yield family
        family = (section, [])
    if family is not None:
        yield family


def _printed_above(report: Report) -> Iterator[str]:
    """Yield the title lines inside the text that say what the page's own title says already."""
    first = report.sections[0]
    for block in first.blocks:
        if block.form == "heading" and fold(first.block_text(block)) == fold(first.heading):
            yield block.block_id


def _numeric(cell: str) -> bool:
    return any(c.isdigit() for c in cell) and set(cell) <= _NUMBER


def _look(cell: str) -> Literal["", "figure", "wordy"]:
    if _numeric(cell):
        return "figure"
    return "wordy" if len(cell) > _WORDY else ""


def _names_columns(texts: Sequence[str]) -> bool:
    """Whether the first row names the columns: several cells, none empty, none a number."""
    cells = texts[0].split(CELL)
    words = all(cell.strip() and not _numeric(cell) for cell in cells)
    full = all(len(text.split(CELL)) <= len(cells) for text in texts)
    return len(texts) > 1 and len(cells) > 1 and words and full
