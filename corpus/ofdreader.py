"""OFD (GB/T 33190-2016, fixed layout, a ZIP of XML) -> Document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname, join
from typing import Final

from lxml import etree

from corpus.cleaning import clean_characters
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.layout import LaidPage, read_layout
from corpus.ofdpage import MOST_GLYPHS, POINTS, Drawn, drawn_on, numbers
from corpus.legibility import legibility
from corpus.safezip import BadArchive, SafeZip, xml_root
from corpus.textreader import from_lines

MOST_PAGES: Final = 3_000
_GARBLED: Final = 0.6
_A4: Final = (0.0, 0.0, 210.0, 297.0)


@dataclass(slots=True)
class _Package:
    """An OFD while it is read: the archive, page templates by document and id, what went wrong, what is left."""

    archive: SafeZip
    templates: dict[tuple[str, str], str] = field(default_factory=dict)
    drawn: dict[str, Drawn] = field(default_factory=dict)
    missing: int = 0
    glyphs_left: int = MOST_GLYPHS


def read_ofd(body: bytes) -> Document:
    """Return the Document of an OFD file. Raises UnreadableFile (broken, too large, without text)."""
    try:
        package = _Package(SafeZip(body))
        titles, pages = _read(package)
    except BadArchive as error:
        raise _broken() from error
    if not pages:
        raise _broken()
    if not any(glyph.text.strip() for page in pages for glyph in page.glyphs):
        raise _no_text()
    reading = read_layout(pages)
    document = from_lines(reading.lines)
    text = "".join(block.text for block in document.blocks)
    without = any(not page.glyphs and page.pictured for page in pages)
    doubts = [
        code
        for code, holds in (
            ("scanned_pages", without),
            ("letter_spaced", reading.letter_spaced),
            ("mojibake", legibility(text) < _GARBLED),
            ("truncated", package.missing > 0),
        )
        if holds
    ]
    if 4 <= len(reading.title) <= 120:
        titles.insert(0, ("ofd:largest", reading.title))
    return Document(
        blocks=document.blocks,
        titles=(*titles, *document.titles),
        datelines=document.datelines,
        raw_size=sum(len(page.glyphs) for page in pages),
        doubts=tuple(doubts),
    )


def _read(package: _Package) -> tuple[list[tuple[str, str]], list[LaidPage]]:
    """Return titles and pages of all documents in the package; attachments and annotations are left."""
    root = xml_root(package.archive.read("OFD.xml"))
    titles: list[tuple[str, str]] = []
    pages: list[LaidPage] = []
    for bodied in _named(root, "DocBody"):
        title = " ".join(clean_characters(_text(bodied, "Title")).split())
        if title and legibility(title) == 1 and len(title) <= 120:
            titles.append(("ofd:Title", title))
        where = _text(bodied, "DocRoot").strip()
        if where:
            pages.extend(_document(package, where))
        if len(pages) > MOST_PAGES:
            raise BadArchive("too many pages")
    return titles, pages


def _document(package: _Package, where: str) -> Iterator[LaidPage]:
    root = xml_root(package.archive.read(where))
    folder = dirname(where)
    area = next(iter(_named(root, "PageArea")), None)
    default = _box(area) or _A4
    for template in _named(root, "TemplatePage"):
        package.templates[where, template.get("ID", "")] = template.get("BaseLoc", "")
    for holder in _named(root, "Pages"):
        for number, page in enumerate(_named(holder, "Page")):
            if number >= MOST_PAGES:
                raise BadArchive("too many pages")
            try:
                yield _page(package, where, _found(package, folder, page.get("BaseLoc", "")), default)
            except BadArchive:
                package.missing += 1


def _page(package: _Package, document: str, where: str, default: tuple[float, ...]) -> LaidPage:
    root = xml_root(package.archive.read(where))
    size = _box(next(iter(_named(root, "Area")), None)) or default
    drawn = [_template(package, document, used.get("TemplateID", "")) for used in _named(root, "Template")]
    own = drawn_on(root, package.glyphs_left)
    package.glyphs_left -= len(own.glyphs)
    drawn.append(own)
    return LaidPage(
        width=size[2] * POINTS,
        height=size[3] * POINTS,
        glyphs=tuple(glyph for part in drawn for glyph in part.glyphs),
        rules=tuple(rule for part in drawn for rule in part.rules),
        pictured=any(part.pictured for part in drawn),
    )


def _template(package: _Package, document: str, number: str) -> Drawn:
    """Return what a template page draws: forms keep their table rules and heads there."""
    where = package.templates.get((document, number), "")
    if where not in package.drawn:
        try:
            root = xml_root(package.archive.read(_found(package, dirname(document), where)))
            package.drawn[where] = drawn_on(root, package.glyphs_left)
        except BadArchive:
            package.drawn[where] = Drawn()
            package.missing += bool(where)
    drawn = package.drawn[where]
    package.glyphs_left -= len(drawn.glyphs)
    if package.glyphs_left < 0:
        raise BadArchive("too much text")
    return drawn


def _found(package: _Package, folder: str, where: str) -> str:
    """Return a member's name: absolute, relative to the document, or (some writers) to the package."""
    places = [where] if where.startswith("/") else [join(folder, where), where, join("Doc_0", where)]
    # The standard has BaseLoc name the folder's Content.xml; some writers name the folder alone.
    names = [name for place in places for name in (place, join(place, "Content.xml"))]
    return next((name for name in names if package.archive.has(name)), where)


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the elements of a local name, whatever their namespace and prefix."""
    return (element for element in root.iter(f"{{*}}{name}"))


def _text(root: etree._Element, name: str) -> str:
    return next((element.text or "" for element in _named(root, name)), "")


def _box(area: etree._Element | None) -> tuple[float, ...] | None:
    found = numbers(_text(area, "PhysicalBox")) if area is not None else ()
    return found if len(found) == 4 and 1 <= found[2] <= 5_000 and 1 <= found[3] <= 5_000 else None


def _broken() -> UnreadableFile:
    return UnreadableFile(
        zh="OFD 文件已损坏、加密或过大；请重新下载，或用 OFD 阅读器打开后另存为 PDF",
        en="the OFD file is damaged, encrypted or too large; download it again, or save it as PDF from an OFD viewer",
    )


def _no_text() -> UnreadableFile:
    return UnreadableFile(
        zh="OFD 没有可用的文字（扫描件，或只有字形没有编码）；请先 OCR 后另存为带文字层的 PDF",
        en="the OFD holds no usable text (a scan, or glyphs without characters); run OCR and save it as PDF with text",
    )
