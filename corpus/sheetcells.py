"""The rows of a worksheet as they are written, one at a time, however wide or long the sheet says it is."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree
from openpyxl.reader.strings import read_string_table
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook.workbook import Workbook

from corpus.cellvalues import printed
from corpus.characters import clean_characters
from corpus.package import Package, damaged
from corpus.wordnumbering import child, local

#: Elements of a sheet at the most: a million filled cells. Sheets formatted to the last row have more, all empty.
MOST_ELEMENTS: Final = 3_000_000
MOST_COLUMNS: Final = 1_000
#: Inflated bytes of one part.
LARGEST_PART: Final = 100 * 1024 * 1024
_MOST_MERGED: Final = 50_000
_PLACE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NUMBER: Final = re.compile(r"-?\d{1,15}")
_LARGEST_DATE: Final = 2_958_465  # 9999-12-31


@dataclass(slots=True)
class SheetRows:
    """The rows of one sheet; ``merged`` (left, top, right, bottom) and ``cut`` are known once they were read."""

    package: Package
    part: str
    strings: Sequence[str]
    formats: Sequence[str]
    epoch: datetime
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    cut: bool = False

    def rows(self, last: int = 10_000_000) -> Iterator[tuple[int, dict[int, str]]]:
        """Yield the number of each row that has text, with column (from 1) -> text; none beyond row ``last``."""
        self.merged.clear()
        with self.package.stream(self.part, LARGEST_PART) as stream:
            events = etree.iterparse(
                stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, recover=True
            )
            try:
                yield from self._rows(events, last)
            except etree.XMLSyntaxError:
                self.cut = True

    def _rows(self, events: Iterator[tuple[str, etree._Element]], last: int) -> Iterator[tuple[int, dict[int, str]]]:
        found: dict[int, str] = {}
        number = column = count = 0
        for event, element in events:
            name = local(element.tag)
            if event == "start":
                count += 1
                if count > MOST_ELEMENTS:
                    self.cut = True
                    return
                if name == "row":
                    number = _whole(element.get("r"), number + 1)
                    column = 0
                    if number > last:
                        return
                continue
            if name == "c":
                place = _PLACE.fullmatch(element.get("r") or "")
                column = column_index_from_string(place[1]) if place else column + 1
                text = self._text(element) if column <= MOST_COLUMNS else ""
                if text.strip():
                    found[column] = text
            elif name == "mergeCell":
                self._merge(element.get("ref") or "")
            elif name == "row" and found:
                yield number, found
                found = {}
            if name in {"c", "row", "mergeCell"}:
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]

    def _text(self, cell: etree._Element) -> str:
        """Return a cell's text; a formula's is the value that was saved with it."""
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            runs = child(cell, "is")
            parts = runs.iter() if runs is not None else ()
            return clean_characters("".join(each.text or "" for each in parts if local(each.tag) == "t"))
        value = child(cell, "v")
        said = (value.text or "").strip() if value is not None else ""
        if kind == "s":
            place = _whole(said, -1)
            return clean_characters(self.strings[place]) if 0 <= place < len(self.strings) else ""
        if kind == "b":
            return printed(said == "1", "")
        if kind != "n" or not said:
            return clean_characters(said)
        return self._number(said, cell)

    def _number(self, said: str, cell: etree._Element) -> str:
        try:
            number = int(said) if _NUMBER.fullmatch(said) else float(said)
        except ValueError:
            return said
        style = _whole(cell.get("s"), 0)
        form = self.formats[style] if 0 <= style < len(self.formats) else ""
        if is_date_format(form) and 0 <= number <= _LARGEST_DATE:
            try:
                return printed(from_excel(number, self.epoch), form)
            except (ValueError, OverflowError):
                return said
        return printed(number, form)

    def _merge(self, reference: str) -> None:
        try:
            left, top, right, bottom = range_boundaries(reference)
        except (ValueError, TypeError):
            return
        if len(self.merged) < _MOST_MERGED:
            self.merged.append((left or 1, top or 1, right or MOST_COLUMNS, bottom or 1))


def read_strings(package: Package) -> list[str]:
    """Return the texts that cells refer to by number."""
    name = next((each for each in package.names() if each.lower() == "xl/sharedstrings.xml"), "")
    if not name:
        return []
    with package.stream(name, LARGEST_PART) as stream:
        return [str(text) for text in read_string_table(stream)]


def number_formats(book: Workbook) -> list[str]:
    """Return the number format of each cell style, as openpyxl has read them."""
    own = list(getattr(book, "_number_formats", ()))
    found = []
    for style in getattr(book, "_cell_styles", ()):
        code = int(style.numFmtId)
        found.append(str(BUILTIN_FORMATS.get(code) or (own[code - 164] if 0 <= code - 164 < len(own) else "")))
    return found


def part_of(sheet: object, archive: zipfile.ZipFile) -> str:
    """Return the name of a sheet's part in the package."""
    name = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    if name not in archive.namelist():
        raise damaged()
    return name


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and len(text) <= 7 and text.isascii() and text.isdigit() else default
