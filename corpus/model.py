"""The types of a report, frozen and valid by construction; nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from struct import Struct
from typing import Final, Literal

from corpus.regions import current_code
from corpus.tables import Merged, TableRow, filled

BlockForm = Literal["heading", "paragraph", "row"]
SectionForm = Literal["prose", "table"]

#: Canonical section kinds, across the three generations of the official template and other reports.
KINDS: Final = (
    "preface",
    "overview",
    "proactive",
    "requests",
    "consultation",
    "review",
    "staffing",
    "problems",
    "other",
    "appendix",
    "body",
)
_LENGTH: Final = Struct(">Q").pack
_MASK: Final = (1 << 64) - 1
FORMS: Final = ("prose", "table")
LEVELS: Final = ("national", "province", "prefecture", "county", "town")
DOCTYPES: Final = ("annual_report", "work_report", "policy", "document")
TEMPLATES: Final = ("old", "2019", "2021", "none")


def digest64(*parts: str) -> str:
    """Return a 64-bit BLAKE2 hash of the parts as 16 hexadecimal digits (parts can't run together)."""
    pieces = []
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        pieces.append(_LENGTH(len(raw)))
        pieces.append(raw)
    return blake2b(b"".join(pieces), digest_size=8).hexdigest()


def digest_mapping(values: Mapping[str, str]) -> str:
    """Return one hash of keys with their values, whatever their order: the sum of a hash of each pair.

    So a part of a mapping can be exchanged without a look at the rest (``digest_exchanged``).
    """
    return f"{_sum_of(values) & _MASK:016x}"


def digest_exchanged(digest: str, gone: Mapping[str, str], come: Mapping[str, str]) -> str:
    """Return the ``digest_mapping`` of a mapping of which some pairs went and others came."""
    return f"{(int(digest, 16) - _sum_of(gone) + _sum_of(come)) & _MASK:016x}"


def _sum_of(values: Mapping[str, str]) -> int:
    pairs = (f"{len(key)}:{key}{value}".encode("utf-8", "surrogatepass") for key, value in values.items())
    return sum(int.from_bytes(blake2b(pair, digest_size=8).digest(), "big") for pair in pairs)


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or table row: ``text[start:end]`` of its section's text, in code points.

    ``position`` is its place in the whole report, counted from 0: blocks sorted by it give the
    report's text in its original order, also where a table was lifted out of a section.
    ``merged`` holds the merged cells of a row: their text stands once, in the first of their places.
    """

    block_id: str
    form: BlockForm
    start: int
    end: int
    position: int
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 一、or (一) with its own text, a table, or (ordinal 0) what precedes them.

    ``text`` is the section's slice of the report's text, the heading line included, blocks joined by
    a line feed. The first section has ``level`` 0 and its ``heading`` is the report's title; a table
    has the level of a child of the section it stands in and an empty heading.
    ``heading_path`` runs from the outermost heading to the section's own; it is empty for ordinal 0.
    """

    section_id: str
    ordinal: int
    level: int
    form: SectionForm
    kind: str
    heading: str
    heading_path: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]

    def block_text(self, block: Block) -> str:
        """Return the text of one of the section's blocks."""
        return self.text[block.start : block.end]

    def grid(self) -> list[list[str]]:
        """Return a table's cells, every row as long as the widest, a merged cell's text in each of its places."""
        return filled([TableRow(self.block_text(block), block.merged) for block in self.blocks if block.form == "row"])

    @property
    def headings_above(self) -> tuple[str, ...]:
        """The headings that contain this section, outermost first, its own left out."""
        own = 1 if self.heading and self.ordinal > 0 else 0
        return self.heading_path[: len(self.heading_path) - own]


@dataclass(frozen=True, slots=True)
class Correction:
    """A value of a report's metadata that a person put right; ``parsed`` is what the program had found.

    ``at`` is an ISO time in UTC; a correction that was undone is no longer among those of its report.
    """

    correction_id: int
    field: str
    value: str
    parsed: str
    by: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report with its metadata; an unknown value is "" (or None for the year), never a guess.

    ``region`` is a GB/T 2260 code of six digits (100000 for the whole country), ``department`` the
    canonical name across regions, ``published_on`` an ISO date. ``provenance`` says per field where
    its value came from. ``same_as`` is the report that counts in place of this one, its copy or an
    earlier version of it; "" where this one counts itself. ``corrections`` are in force, one per field at most.
    """

    report_id: str
    title: str
    doctype: str
    template: str
    agency: str
    region: str
    department: str
    level: str
    year: int | None
    published_on: str
    document_number: str
    source_url: str
    sections: tuple[Section, ...]
    same_as: str = ""
    sources: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()

    @property
    def region_now(self) -> str:
        """The code in force today of ``region``, which is the code of the year reported; "" where that isn't known."""
        return current_code(self.region, self.year)

    @property
    def text(self) -> str:
        """The report's cleaned text: every block in its original order, joined by a line feed."""
        return "\n".join(s.block_text(block) for s, block in self.blocks_in_order() if block.end > block.start)

    @property
    def text_hash(self) -> str:
        """Hash of the metadata, corrections included, and the sections with their texts and kinds, for the corpus_id."""
        meta = (self.title, self.doctype, self.template, self.agency, self.region, self.department)
        more = (self.level, str(self.year), self.published_on, self.document_number, self.source_url, self.same_as)
        outline = (f"{s.section_id}|{s.level}|{s.form}|{s.kind}|{s.text}" for s in self.sections)
        return digest64(*meta, *more, *outline)

    def blocks_in_order(self) -> list[tuple[Section, Block]]:
        """Return every block with its section, in the order of the original text."""
        placed = [(section, block) for section in self.sections for block in section.blocks]
        return sorted(placed, key=lambda pair: pair[1].position)
