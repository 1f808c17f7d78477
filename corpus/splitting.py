"""Blocks -> sections. Pure; keeps every block, in a section whose text is the concatenation of its blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from corpus.folding import fold
from corpus.kinds import is_first_level_title, kind_of
from corpus.model import Block, BlockForm, Section, SectionForm, digest64
from corpus.notices import report_start
from corpus.numbering import HeadingLine
from corpus.outline import headings
from corpus.rawblock import RawBlock

__all__ = ["RawBlock", "split", "with_identity"]

#: A line below a number that stands alone is its title up to this length.
_LONGEST_BELOW = 26


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block in its section, with the identity it has in the report."""

    block_id: str
    form: BlockForm
    raw: RawBlock
    position: int


@dataclass(slots=True)
class _Draft:
    """A section while it is being filled."""

    level: int
    form: SectionForm
    kind: str
    heading: str
    heading_path: tuple[str, ...]
    blocks: list[_Placed] = field(default_factory=list)


def split(report_id: str, title: str, doctype: str, blocks: Iterable[RawBlock]) -> tuple[Section, ...]:
    """Return the sections of a report, in order; the first (ordinal 0) is what precedes any heading.

    Ids hang on the text of blocks (the n-th of the same text in a report) and, for sections, on their first
    block: a better splitter leaves the ids of what it doesn't touch. A covering notice is all of the first section;
    the title of the report below it then heads a section of level 1 with the report's own preface.
    """
    raws = list(blocks)
    annual = doctype == "annual_report"
    drafts = [_Draft(0, "prose", "preface", title, ())]
    open_headings: list[_Draft] = []
    table: tuple[int, _Draft] | None = None
    seen: Counter[str] = Counter()
    folded_title = fold(title)
    found_headings = headings(raws, title, doctype)
    report_begins = set(range(*report_start(raws)))
    for position, raw in enumerate(raws):
        seen[raw.text] += 1
        block_id = digest64(report_id, raw.text, str(seen[raw.text]))
        if raw.form == "row":
            if table is None or table[0] != raw.table:
                table = (raw.table, _table_draft(open_headings, drafts[0]))
                drafts.append(table[1])
            table[1].blocks.append(_Placed(block_id, "row", raw, position))
            continue
        if position in report_begins:
            if position - 1 not in report_begins:
                open_headings[:] = [_Draft(1, "prose", "preface" if annual else "body", title, (title,))]
                drafts.append(open_headings[0])
            open_headings[0].blocks.append(_Placed(block_id, "heading", raw, position))
            continue
        found = found_headings.get(position)
        if found is None:
            current = open_headings[-1] if open_headings else drafts[0]
            is_title = not open_headings and fold(raw.text) == folded_title
            current.blocks.append(_Placed(block_id, "heading" if is_title else "paragraph", raw, position))
            continue
        below = raws[position + 1] if position + 1 < len(raws) else raw
        titled = found.style == "一" and below.form != "row" and len(below.text) <= _LONGEST_BELOW
        draft = _open(found, raw.text, open_headings, annual, below.text if titled else "")
        draft.blocks.append(_Placed(block_id, "paragraph" if found.glued else "heading", raw, position))
        drafts.append(draft)
    if len(drafts) == 1:
        drafts[0].kind = "body"
    return tuple(_finish(report_id, ordinal, draft) for ordinal, draft in enumerate(drafts))


def with_identity(report_id: str, sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return sections with the identities they have in a report of another identity."""
    stored = list(sections)
    seen: Counter[str] = Counter()
    ids: dict[int, str] = {}
    for section, block in sorted(((s, b) for s in stored for b in s.blocks), key=lambda pair: pair[1].position):
        text = section.block_text(block)
        seen[text] += 1
        ids[block.position] = digest64(report_id, text, str(seen[text]))
    return tuple(
        replace(
            section,
            section_id=_section_id(report_id, section.ordinal, ids[section.blocks[0].position])
            if section.blocks
            else _section_id(report_id, section.ordinal, ""),
            blocks=tuple(replace(block, block_id=ids[block.position]) for block in section.blocks),
        )
        for section in stored
    )


def _open(found: HeadingLine, line: str, open_headings: list[_Draft], annual: bool, title: str = "") -> _Draft:
    """Close what the new heading ends and open its section; ``open_headings`` is the path to it.

    ``title``: the line below a number that stands alone, which says the section's kind.
    """
    while open_headings and open_headings[-1].level >= found.level:
        open_headings.pop()
    heading = line[: found.end].strip()
    parent = open_headings[-1] if open_headings else None
    kind = "body"
    if annual:
        own = kind_of(title or heading)
        inherits = parent is not None and parent.kind != "body" and not is_first_level_title(heading)
        kind = parent.kind if parent is not None and inherits else own
    path = (*(parent.heading_path if parent else ()), heading)
    draft = _Draft(found.level, "prose", kind, heading, path)
    open_headings.append(draft)
    return draft


def _table_draft(open_headings: list[_Draft], preface: _Draft) -> _Draft:
    parent = open_headings[-1] if open_headings else preface
    return _Draft(parent.level + 1, "table", parent.kind, "", parent.heading_path)


def _finish(report_id: str, ordinal: int, draft: _Draft) -> Section:
    blocks = []
    texts = []
    at = 0
    for placed in draft.blocks:
        text = placed.raw.text
        blocks.append(Block(placed.block_id, placed.form, at, at + len(text), placed.position, placed.raw.merged))
        texts.append(text)
        at += len(text) + 1
    return Section(
        section_id=_section_id(report_id, ordinal, draft.blocks[0].block_id if draft.blocks else ""),
        ordinal=ordinal,
        level=draft.level,
        form=draft.form,
        kind=draft.kind,
        heading=draft.heading,
        heading_path=draft.heading_path,
        text="\n".join(texts),
        blocks=tuple(blocks),
    )


def _section_id(report_id: str, ordinal: int, first_block: str) -> str:
    return digest64(report_id, "section", first_block if ordinal else "first")
