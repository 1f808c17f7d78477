"""Write the basket: a Word file with each source as a comment, Markdown with footnotes, text with numbered references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Final, Literal

from indexer.basket import Kept
from indexer.citation import Style, cite

Format = Literal["docx", "md", "txt"]
FORMATS: Final[tuple[Format, ...]] = ("docx", "md", "txt")

_AUTHOR: Final = "查档 Chadang"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~])")
#: At the start of a line these make a list or a heading of it.
_LINE_MARKS: Final = re.compile(r"^(\s*)([-+=]|\d{1,9}[.)])(?=\s|$)", re.MULTILINE)


def basket_docx(kept: Sequence[Kept], day: date, style: Style, lang: str) -> bytes:
    """Return a Word file of the passages in their order; the source of each, and its note, are a comment on it."""
    from docx import Document  # noqa: PLC0415 - takes long to load, and few want it
    from docx.oxml.ns import qn  # noqa: PLC0415

    made = Document()
    fonts = made.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), "仿宋")
    for each in kept:
        lines = _xml(each.text).split("\n")
        runs = [made.add_paragraph().add_run(line) for line in lines]
        comment = made.add_comment(
            [runs[0], runs[-1]], _xml(source_of(each, day, style)), author=_AUTHOR, initials="查"
        )
        if each.note:
            comment.add_paragraph(_xml(f"{'Note: ' if lang == 'en' else '备注：'}{each.note}"))
    body = BytesIO()
    made.save(body)
    return body.getvalue()


def basket_markdown(kept: Sequence[Kept], day: date, style: Style, lang: str) -> str:
    """Return the passages as quotations, each with its source as a footnote; notes stand below."""
    numbers, sources = _numbered(kept, day, style)
    parts = []
    for each, number in zip(kept, numbers, strict=True):
        quoted = "\n>\n".join(f"> {_plain(line)}" for line in each.text.split("\n") if line.strip())
        parts.append(f"{quoted}[^{number}]")
        if each.note:
            parts.append(f"{'Note: ' if lang == 'en' else '备注：'}{_plain(each.note)}")
    parts.append("\n".join(f"[^{number}]: {_plain(source)}" for number, source in enumerate(sources, 1)))
    return "\n\n".join(parts) + "\n"


def basket_text(kept: Sequence[Kept], day: date, style: Style, lang: str) -> str:
    """Return the passages with numbers, and the numbered references (GB/T 7714) at the end; one source has one number."""
    numbers, sources = _numbered(kept, day, style)
    parts = []
    for each, number in zip(kept, numbers, strict=True):
        note = f"\n（{'note: ' if lang == 'en' else '备注：'}{each.note}）" if each.note else ""
        parts.append(f"{each.text}[{number}]{note}")
    parts.append("References" if lang == "en" else "参考文献")
    parts.append("\n".join(f"[{number}] {source}" for number, source in enumerate(sources, 1)))
    return "\n\n".join(parts) + "\n"


def basket_json(kept: Sequence[Kept], day: date, style: Style) -> dict[str, object]:
    """Return the basket as plain values."""
    return {
        "passages": [
            {
                "report_id": each.report.report_id,
                "section_id": each.section.section_id,
                "paragraph_id": each.block_id,
                "text": each.text,
                "note": each.note,
                "taken_at": each.taken_at,
                "citation": source_of(each, day, style),
            }
            for each in kept
        ]
    }


def source_of(kept: Kept, day: date, style: Style) -> str:
    """Return the reference to a passage's section."""
    return cite(kept.report, style, day, kept.section)


def _numbered(kept: Sequence[Kept], day: date, style: Style) -> tuple[list[int], list[str]]:
    """Return the number of each passage's source, and the sources by number, from 1, none twice."""
    sources: dict[str, int] = {}
    numbers = [sources.setdefault(source_of(each, day, style), len(sources) + 1) for each in kept]
    return numbers, list(sources)


def _plain(text: str) -> str:
    """Return text that Markdown shows as it stands."""
    return _LINE_MARKS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text))


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
