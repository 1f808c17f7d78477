"""Blocks -> sections. Pure; keeps every block, in a section whose text is the concatenation of its blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from corpus.folding import fold
from corpus.kinds import kind_of
from corpus.model import Block, BlockForm, Section, SectionForm, digest64
from corpus.numbering import HeadingLine, heading_line


@dataclass(frozen=True, slots=True)
class RawBlock:
    """What a reader yields: one paragraph, or one row of the table numbered ``table`` (from 1)."""

    form: Literal["paragraph", "row"]
    text: str
    table: int = 0


@dataclass(slots=True)
class _Draft:
    """A section while it is being filled."""

    level: int
    form: SectionForm
    kind: str
    heading: str
    heading_path: tuple[str, ...]
    blocks: list[tuple[str, BlockForm, str, int]] = field(default_factory=list)
    first_id: str = ""

    def add(self, block_id: str, form: BlockForm, text: str, position: int) -> None:
        self.first_id = self.first_id or block_id
        self.blocks.append((block_id, form, text, position))


def split(report_id: str, title: str, doctype: str, blocks: Iterable[RawBlock]) -> tuple[Section, ...]:
    """Return the sections of a report, in order; the first (ordinal 0) is what precedes any heading.

    Ids hang on the text of blocks (the n-th of the same text in a report) and, for sections, on their first
    block: a better splitter leaves the ids of what it doesn't touch.
    """
    annual = doctype == "annual_report"
    drafts = [_Draft(0, "prose", "preface", title, ())]
    open_headings: list[_Draft] = []
    table: tuple[int, _Draft] | None = None
    seen: Counter[str] = Counter()
    folded_title = fold(title)
    for position, raw in enumerate(blocks):
        seen[raw.text] += 1
        block_id = digest64(report_id, raw.text, str(seen[raw.text]))
        if raw.form == "row":
            if table is None or table[0] != raw.table:
                table = (raw.table, _table_draft(open_headings, drafts[0]))
                drafts.append(table[1])
            table[1].add(block_id, "row", raw.text, position)
            continue
        found = heading_line(raw.text)
        if found is None:
            current = open_headings[-1] if open_headings else drafts[0]
            is_title = not open_headings and fold(raw.text) == folded_title and seen[raw.text] == 1
            current.add(block_id, "heading" if is_title else "paragraph", raw.text, position)
            continue
        draft = _open(found, raw.text, open_headings, annual)
        draft.add(block_id, "paragraph" if found.glued else "heading", raw.text, position)
        drafts.append(draft)
    if len(drafts) == 1:
        drafts[0].kind = "body"
    return tuple(_finish(report_id, ordinal, draft) for ordinal, draft in enumerate(drafts))


def _open(found: HeadingLine, line: str, open_headings: list[_Draft], annual: bool) -> _Draft:
    """Close what the new heading ends and open its section; ``open_headings`` is the path to it."""
    while open_headings and open_headings[-1].level >= found.level:
        open_headings.pop()
    heading = line[: found.end].strip()
    parent = open_headings[-1] if open_headings else None
    kind = "body"
    if annual:
        own = kind_of(heading)
        kind = own if parent is None or parent.kind == "body" else parent.kind
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
    for block_id, form, text, position in draft.blocks:
        blocks.append(Block(block_id, form, at, at + len(text), position))
        texts.append(text)
        at += len(text) + 1
    return Section(
        section_id=digest64(report_id, "section", draft.first_id if ordinal else "first"),
        ordinal=ordinal,
        level=draft.level,
        form=draft.form,
        kind=draft.kind,
        heading=draft.heading,
        heading_path=draft.heading_path,
        text="\n".join(texts),
        blocks=tuple(blocks),
    )
