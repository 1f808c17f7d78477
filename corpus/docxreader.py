"""DOCX -> Document: headings by style, the numbers that Word generates, tables with merged cells (lxml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from corpus.characters import clean_characters
from corpus.document import Document, Heading, Line
from corpus.htmlreader import read_html
from corpus.htmltext import with_emphasis
from corpus.mhtmlreader import read_mhtml
from corpus.package import Package, open_package
from corpus.tabbed import with_tabbed
from corpus.tables import Table
from corpus.textreader import from_lines
from corpus.wordnumbering import Numbering, child, children, local, number, read_numbering, value
from corpus.wordparts import beside, core_title, main_part, read_blocks
from corpus.wordstyles import Styles, read_styles
from corpus.wordtables import GridCell, table_from_grid

#: A line that is marked as a heading but longer than this is a paragraph in the wrong style.
_LONGEST_HEADING: Final = 120
#: What holds text that isn't there for a reader: deleted, moved away, instructions of fields, phonetic guides.
_SKIPPED: Final = frozenset(
    "del moveFrom delText instrText rt pPr rPr tblPr tblGrid sectPr sdtPr sdtEndPr oMathParaPr".split()
)
_MARKS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
#: Signs of the font Wingdings that forms use.
_WINGDINGS: Final = {
    "F0FE": "☑",
    "F052": "☑",
    "F0A8": "□",
    "F06F": "□",
    "F0FC": "✓",
    "F0FB": "✗",
    "F06C": "●",
    "F06E": "■",
}
_NO_TITLE: Final = re.compile(r"(?i)\s*(?:microsoft word.*|文档\d*|document\d*|normal|untitled|无标题)?\s*")


def read_docx(body: bytes) -> Document:
    """Return the Document of a DOCX file (DOCM, DOTX too).

    Headings are what a style or an outline level marks; insertions count, deletions and hidden text don't;
    headers, footers and comments are left out; a footnote follows the block it belongs to. Raises UnreadableFile.
    """
    with open_package(body) as package:
        main = main_part(package)
        reader = _Reader(
            read_styles(package.tree(beside(main, "styles.xml"))),
            read_numbering(package.tree(beside(main, "numbering.xml"))),
            _notes(package, main),
        )
        lines: list[Line] = []
        torn = False
        for block in read_blocks(package, main):
            if block is None:
                torn = True
                break
            lines += reader.lines(block)
        lines = with_tabbed(lines)
        emphasised = {n for n, line in enumerate(lines) if isinstance(line, str) and line.strip() in reader.emphasised}
        first = next((line for line in lines if isinstance(line, str) and line.strip()), "")
        read = from_lines(with_emphasis(lines, emphasised, "".join(first.split())) if emphasised else lines)
        if not read.blocks:
            read = _embedded(package, main) or read
        core = clean_characters(core_title(package))
    titles = (*reader.titles, *read.titles, *((("docx:core", core),) if not _NO_TITLE.fullmatch(core) else ()))
    return replace(read, titles=titles, doubts=read.doubts + (("truncated",) if torn else ()))


@dataclass(slots=True)
class _Reader:
    """Turns blocks into lines, in their order: counters of lists run on, notes wait for the end of their block."""

    styles: Styles
    numbering: Numbering
    notes: dict[str, str]
    titles: list[tuple[str, str]] = field(default_factory=list)
    #: Paragraphs that are wholly bold, in the typeface of headings, or centred.
    emphasised: set[str] = field(default_factory=set)
    _boxes: list[etree._Element] = field(default_factory=list)
    _noted: list[str] = field(default_factory=list)
    _carried: str = ""

    def lines(self, block: etree._Element) -> Iterator[Line]:
        """Yield the lines of a paragraph, a table or a content control that holds them."""
        yield from self._block(block)
        yield from self._after()

    def _block(self, block: etree._Element) -> Iterator[Line]:
        name = local(block.tag)
        if name == "p":
            yield from self._paragraph(block)
        elif name == "tbl":
            yield from self._table(block)
        elif name == "AlternateContent":
            yield from self._within(_chosen(block))
        elif name == "sdt":
            if "Table of Contents" not in value(block, "sdtPr", "docPartObj", "docPartGallery"):
                yield from self._within(child(block, "sdtContent"))
        elif name in {"customXml", "ins", "moveTo", "smartTag"}:
            yield from self._within(block)

    def _within(self, holder: etree._Element | None) -> Iterator[Line]:
        for each in holder if holder is not None else ():
            yield from self._block(each)

    def _after(self) -> Iterator[Line]:
        """Yield what hangs on a block: its text boxes, its footnotes."""
        while self._boxes:
            yield from self._within(self._boxes.pop(0))
        for note in self._noted:
            yield from ("", note, "")
        self._noted.clear()

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Line]:
        properties = child(paragraph, "pPr")
        style = self.styles.of(value(properties, "pStyle"))
        text = self._carried + self._text(paragraph)
        self._carried = ""
        if child(properties, "rPr", "del") is not None:  # its mark was deleted: it runs on in the next paragraph
            self._carried = text
            return
        if style.contents or not text.strip():
            yield ""
            return
        text = self._number(properties, style.list_id, style.list_level, value(properties, "pStyle")) + text.strip("\n")
        level = number(value(properties, "outlineLvl"), 9) + 1 if child(properties, "outlineLvl") is not None else 0
        level = level or style.level
        if style.title:
            self.titles.append(("docx:Title", " ".join(text.split())))
        if 1 <= level <= 9 and len(text) <= _LONGEST_HEADING:
            yield from ("", Heading(" ".join(text.split()), level), "")
        else:
            if len(text) <= _LONGEST_HEADING and _is_emphasised(paragraph):
                self.emphasised.add(clean_characters(text).replace("\t", " ").strip())
            yield ""
            yield from clean_characters(text).split("\n")
            yield ""

    def _number(self, properties: etree._Element | None, list_id: str, place: int | None, style: str) -> str:
        direct = child(properties, "numPr")
        stated = value(direct, "numId")
        if stated:
            list_id, place = stated, None
        if direct is not None and child(direct, "ilvl") is not None:
            place = number(value(direct, "ilvl"))
        if not list_id or list_id == "0":
            return ""
        return self.numbering.next_number(list_id, self.numbering.level_of(list_id, style) if place is None else place)

    def _text(self, holder: etree._Element) -> str:
        """Return the text of runs; text boxes and footnotes met on the way are kept for later."""
        parts: list[str] = []
        for each in holder:
            name = local(each.tag)
            if name == "t":
                parts.append(each.text or "")
            elif name in _MARKS:
                parts.append(_MARKS[name])
            elif name == "sym":
                parts.append(_symbol(each))
            elif name in {"footnoteReference", "endnoteReference"}:
                note = self.notes.get(name[:-9] + value(each, name="id"), "")
                if note:
                    self._noted.append(note)
            elif name == "txbxContent":
                self._boxes.append(each)
            elif name == "AlternateContent":
                chosen = _chosen(each)
                parts.append(self._text(chosen) if chosen is not None else "")
            elif name == "r" and self._hidden(each):
                continue
            elif name not in _SKIPPED:
                parts.append(self._text(each))
        return "".join(parts)

    def _hidden(self, run: etree._Element) -> bool:
        properties = child(run, "rPr")
        vanish = child(properties, "vanish")
        if vanish is None:
            return self.styles.of(value(properties, "rStyle")).hidden
        return value(vanish).lower() not in {"0", "false", "off"}

    def _table(self, table: etree._Element) -> Iterator[Line]:
        rows = [list(_cells(row)) for row in _rows(table)]
        if all(len(row) <= 1 for row in rows):  # a frame around text
            for row in rows:
                for cell in row:
                    yield from self._within(cell)
            return
        yield ""
        yield table_from_grid([list(self._grid_row(row, cells)) for row, cells in zip(_rows(table), rows, strict=True)])
        yield ""

    def _grid_row(self, row: etree._Element, cells: list[etree._Element]) -> Iterator[GridCell]:
        before = number(value(row, "trPr", "gridBefore"))
        if before > 0:
            yield GridCell("", before)
        for cell in cells:
            properties = child(cell, "tcPr")
            merge = child(properties, "vMerge")
            goes_on = merge is not None and value(merge) != "restart"
            text = " ".join(_said(line) for line in self._within(cell)).strip()
            boxed = " ".join(_said(line) for box in self._taken_boxes() for line in self._within(box))
            yield GridCell(
                f"{text} {boxed}".strip(), number(value(properties, "gridSpan"), 1), merge is not None, goes_on
            )

    def _taken_boxes(self) -> list[etree._Element]:
        taken, self._boxes = self._boxes, []
        return taken


def _is_emphasised(paragraph: etree._Element) -> bool:
    if value(paragraph, "pPr", "jc") == "center":
        return True
    runs = [run for run in paragraph.iter() if local(run.tag) == "r" and child(run, "t") is not None]
    return bool(runs) and all(_is_bold(child(run, "rPr")) for run in runs)


def _is_bold(properties: etree._Element | None) -> bool:
    bold = child(properties, "b")
    if bold is not None and value(bold).lower() not in {"0", "false", "off"}:
        return True
    face = value(properties, "rFonts", name="eastAsia")
    return "黑体" in face or face == "SimHei"


def _said(line: Line) -> str:
    if isinstance(line, Table):
        return " ".join(row.text.replace(" | ", " ") for row in line.rows)
    return line if isinstance(line, str) else line.text


def _rows(table: etree._Element) -> list[etree._Element]:
    """Return a table's rows, those within content controls too, deleted ones left out."""
    found = []
    for each in table:
        name = local(each.tag)
        if name == "tr" and child(each, "trPr", "del") is None:
            found.append(each)
        elif name in {"sdt", "customXml", "ins", "moveTo"}:
            holder = child(each, "sdtContent") if name == "sdt" else each
            found += _rows(holder) if holder is not None else []
    return found


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for each in row:
        name = local(each.tag)
        if name == "tc":
            yield each
        elif name in {"sdt", "customXml"}:
            holder = child(each, "sdtContent") if name == "sdt" else each
            yield from _cells(holder) if holder is not None else ()


def _chosen(alternate: etree._Element) -> etree._Element | None:
    """Return the one of the alternatives that says something: the first choice, else the fallback."""
    choice = child(alternate, "Choice")
    if choice is not None and any(local(each.tag) == "t" for each in choice.iter()):
        return choice
    fallback = child(alternate, "Fallback")
    return fallback if fallback is not None else choice


def _symbol(element: etree._Element) -> str:
    code = value(element, name="char").upper()
    if code in _WINGDINGS and "WINGDINGS" in value(element, name="font").upper():
        return _WINGDINGS[code]
    point = int(code, 16) if re.fullmatch(r"[0-9A-F]{4}", code) else 0
    # The private use area holds pictures; what they show is known to their font alone.
    return "" if point < 0x20 or 0xD800 <= point <= 0xF8FF else chr(point)


def _notes(package: Package, main: str) -> dict[str, str]:
    """Return footnotes and endnotes by kind and id."""
    plain = _Reader(read_styles(None), read_numbering(None), {})
    found: dict[str, str] = {}
    for kind in ("footnote", "endnote"):
        for note in children(package.tree(beside(main, f"{kind}s.xml")), kind):
            if value(note, name="type") in {"", "normal"}:
                said = " ".join(_said(line) for each in note for line in plain.lines(each))
                found[kind + value(note, name="id")] = " ".join(said.split())
    return found


def _embedded(package: Package, main: str) -> Document | None:
    """Return the Document of a page that was put into the file as it is (altChunk), as some generators do."""
    folder, _, name = main.rpartition("/")
    for each in children(package.tree(f"{folder}/_rels/{name}.rels"), "Relationship"):
        if value(each, name="Type").endswith("/aFChunk"):
            target = value(each, name="Target")
            body = package.part(target.lstrip("/") if target.startswith("/") else beside(main, target))
            return read_mhtml(body) if target.lower().endswith((".mht", ".mhtml")) else read_html(body)
    return None
