"""Sections as rows of a table, the same in the library and in a generation's texts. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from corpus.model import Block, Section
from corpus.tables import Merged


def section_row(section: Section) -> tuple[int, str, int, str, str, str, str, str, str]:
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


def section_from_row(row: Sequence[object]) -> Section:
    """Return the section of the columns ordinal .. blocks."""
    ordinal, section_id, level, form, kind, heading, path, text, blocks = row
    return Section(
        section_id=str(section_id),
        ordinal=int(str(ordinal)),
        level=int(str(level)),
        form="table" if form == "table" else "prose",
        kind=str(kind),
        heading=str(heading),
        heading_path=tuple(json.loads(str(path))),
        text=str(text),
        blocks=tuple(
            Block(block_id, form, start, end, position, tuple(Merged(*places) for places in merged))
            for block_id, form, start, end, position, *merged in json.loads(str(blocks))
        ),
    )
