"""Reports and sections as rows of tables, the same in the library and in a generation's texts. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from corpus.agencies import bare_name
from corpus.corrections import corrected
from corpus.folding import fold
from corpus.model import Block, BlockForm, Correction, Report, Section, digest64
from corpus.tables import Merged

SectionRow: TypeAlias = tuple[int, str, int, str, str, str, str, str, str]

_DECODE: Final = json.JSONDecoder().raw_decode
#: The columns of a report that are fields of it, in the order of schema.REPORT_COLUMNS; provenance and hashes follow.
_FIELDS: Final = (
    "report_id title doctype template agency region department level year published_on document_number source_url same_as"
).split()
_PROVENANCE: Final = len(_FIELDS)
_TEXT_HASH: Final = _PROVENANCE + 1
_CONTENT_HASH: Final = _PROVENANCE + 2
_STATE_HASH: Final = _PROVENANCE + 3
_GROUP: Final = _PROVENANCE + 4


@dataclass(frozen=True, slots=True)
class ReportRows:
    """A report as the library keeps it: its row (schema.REPORT_COLUMNS) and those of its sections, ordinal .. blocks.

    Made where a report is parsed, so that the process that writes need only write.
    """

    row: tuple[object, ...]
    sections: tuple[SectionRow, ...]

    @property
    def report_id(self) -> str:
        """The report's identity."""
        return str(self.row[0])

    @property
    def text_hash(self) -> str:
        """Hash of all that can be searched or shown of the report."""
        return str(self.row[_TEXT_HASH])

    @property
    def content_hash(self) -> str:
        """What two copies of one report share, wherever they lie."""
        return str(self.row[_CONTENT_HASH])

    @property
    def state_hash(self) -> str:
        """Hash of everything that is stored of the report, its sources apart."""
        return str(self.row[_STATE_HASH])

    @property
    def copy_group(self) -> str:
        """What the report shares with its copies, see copy_group."""
        return str(self.row[_GROUP])

    def __reduce__(self) -> tuple[object, ...]:
        # Rows cross from the workers to the writer: as plain tuples they do so in a tenth of the time.
        return ReportRows, (self.row, self.sections)


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it counts, corrections included: its metadata (without sections), the rows of its sections, and the
    hashes that ``Library.states`` and ``Library.text_hashes`` give of it."""

    report: Report
    sections: tuple[SectionRow, ...]
    state: str
    text_hash: str


def report_rows(report: Report, corrections: Iterable[Correction] = ()) -> ReportRows:
    """Return a parsed report as rows; hashes and the group are those of the report with its corrections."""
    effective = corrected(report, corrections)
    sections = tuple(section_row(section) for section in report.sections)
    stored = sections if effective is report else tuple(section_row(section) for section in effective.sections)
    row = (
        *(getattr(report, field) for field in _FIELDS),
        json.dumps(dict(report.provenance), ensure_ascii=False, sort_keys=True),
        effective.text_hash,
        _content_hash(report),
        _state_hash(effective, stored),
        copy_group(effective),
    )
    return ReportRows(row, sections)


def report_from_rows(rows: ReportRows, sources: tuple[str, ...] = ()) -> Report:
    """Return the parsed report of rows."""
    return Report(
        **dict(zip(_FIELDS, rows.row, strict=False)),  # type: ignore[arg-type]  # as report_rows wrote them
        sections=tuple(section_from_row(values) for values in rows.sections),
        provenance=json.loads(str(rows.row[_PROVENANCE])),
        sources=sources,
    )


#: What one source of a text may say and another leave out.
_COMPLETED = ("agency", "region", "department", "level", "year", "published_on", "document_number", "source_url")


def completing(report: Report, other: Report) -> Report:
    """Return a report with the fields it lacks taken from another source of the same text; itself if it lacks none."""
    added = {
        field: getattr(other, field) for field in _COMPLETED if not getattr(report, field) and getattr(other, field)
    }
    if not added:
        return report
    provenance = {**report.provenance, **{field: "copy" for field in added if field in other.provenance}}
    return replace(report, **added, provenance=provenance)


def copy_group(report: Report) -> str:
    """Return what a report shares with its copies: agency (or title), region, year and type; "" where these aren't known.

    However the agency is spelt: the text decides what in a group is the same report.
    """
    if report.year is None:
        return ""
    name = bare_name(report.agency, report.region, report.year) if report.agency else fold(report.title)
    return digest64(name, report.region, str(report.year), report.doctype)


def section_row(section: Section) -> SectionRow:
    """Return a section as the columns ordinal .. blocks."""
    blocks = [
        [b.block_id, b.form, b.start, b.end, b.position, *([m.column, m.columns, m.rows] for m in b.merged)]
        for b in section.blocks
    ]
    return (
        section.ordinal,
        section.section_id,
        section.level,
        section.form,
        section.kind,
        section.heading,
        json.dumps(section.heading_path, ensure_ascii=False),
        section.text,
        json.dumps(blocks),
    )


def section_from_row(row: Sequence[Any]) -> Section:
    """Return the section of the columns ordinal .. blocks."""
    ordinal, section_id, level, form, kind, heading, path, text, blocks = row
    return Section(
        section_id=section_id,
        ordinal=ordinal,
        level=level,
        form="table" if form == "table" else "prose",
        kind=kind,
        heading=heading,
        heading_path=tuple(_decoded(path)),
        text=text,
        blocks=tuple([_block(*places) for places in _decoded(blocks)]),
    )


def _block(block_id: str, form: BlockForm, start: int, end: int, position: int, *merged: Sequence[int]) -> Block:
    if not merged:
        return Block(block_id, form, start, end, position)
    return Block(block_id, form, start, end, position, tuple(Merged(*places) for places in merged))


def _decoded(text: str) -> Any:
    """Return what a JSON text of ours says; ``json.loads`` takes twice the time for such short ones."""
    return _DECODE(text)[0]


def blocks_of(row: SectionRow) -> list[Any]:
    """Return the blocks of a section as lists: block_id, form, start, end, position, merged cells."""
    blocks: list[Any] = _decoded(row[8])
    return blocks


def headings_of(row: SectionRow) -> tuple[str, ...]:
    """Return the headings that a section stands below, its own at last."""
    return tuple(_decoded(row[6]))


def stored_report(report: Report) -> StoredReport:
    """Return a report that comes from no library as one would keep it."""
    sections = tuple(map(section_row, report.sections))
    return StoredReport(replace(report, sections=()), sections, "", report.text_hash)


def row_units(row: SectionRow) -> list[str]:
    """Return a section's own heading, paragraphs and rows, as ``indexer.texts.units`` gives them, without its objects."""
    text = row[7]
    return [row[5], *(text[block[2] : block[3]] for block in _decoded(row[8]) if block[1] != "heading")]


def row_shown(row: SectionRow) -> list[str]:
    """Return the texts of a section as a reader sees them, each once: those of ``indexer.occurrences.units``."""
    return shown_of(row, _decoded(row[8]))


def shown_of(row: SectionRow, blocks: list[Any]) -> list[str]:
    """Return what ``row_shown`` does of a row whose blocks are read already."""
    text = row[7]
    own = [text[block[2] : block[3]] for block in blocks if block[1] != "heading"]
    # A heading that is no line of its own begins the first paragraph, and is counted there.
    stands = row[5] and (row[0] == 0 or len(own) < len(blocks))
    return [row[5], *own] if stands else own


def row_headings_above(row: SectionRow) -> list[str]:
    """Return the headings that contain a section, as ``Section.headings_above`` does."""
    path: list[str] = _decoded(row[6])
    return path[: len(path) - (1 if row[5] and row[0] > 0 else 0)]


def _state_hash(report: Report, sections: Iterable[SectionRow]) -> str:
    header = repr(replace(report, sources=(), sections=(), provenance=dict(sorted(report.provenance.items()))))
    return digest64(header, *(str(value) for section in sections for value in section))


def _content_hash(report: Report) -> str:
    """What a table of reports states of its rows counts too: boilerplate of two agencies is no one report."""
    stated = [
        str(getattr(report, field))
        for field in ("agency", "region", "year")
        if report.provenance.get(field, "").startswith("column:")
    ]
    return digest64(report.title, report.text, *stated)
