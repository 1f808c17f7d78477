"""Write a comparison: a self-contained HTML page, a DOCX file, JSON. Marks are underline and strike, never colour alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from io import BytesIO
from typing import Final

from indexer.compare import Comparison, Piece, Row

_STYLE: Final = (
    "body{font-family:'Noto Serif CJK SC',SimSun,serif;margin:2rem auto;max-width:72rem;line-height:1.7}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}td,th{border:1px solid #888;padding:.4rem;"
    "vertical-align:top;overflow-wrap:anywhere;text-align:left}ins{text-decoration:underline;background:#e3f4e3}"
    "del{text-decoration:line-through;background:#fbe4e4}tr{break-inside:avoid}"
)
_TABLE: Final = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
    '<w:tblGrid><w:gridCol w:w="1200"/><w:gridCol w:w="3720"/><w:gridCol w:w="3720"/></w:tblGrid>'
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STATUSES: Final = {
    "same": ("相同", "same"),
    "changed": ("改动", "changed"),
    "added": ("新增", "added"),
    "removed": ("删除", "removed"),
    "moved": ("移动", "moved"),
}


def status_name(row: Row, lang: str) -> str:
    """Return what became of a paragraph, in words."""
    name = _STATUSES[row.status][lang == "en"]
    if row.status == "moved" and row.heading:
        return f"{name}（{'from ' if lang == 'en' else '原在'} {row.heading}）"
    return name


def comparison_html(found: Comparison, lang: str) -> str:
    """Return a page that needs no other file."""
    en = lang == "en"
    say: Callable[[str, str], str] = lambda zh, english: english if en else zh  # noqa: E731
    title = escape(f"{say('对比', 'Comparison')}：{found.before.title} / {found.after.title}")
    lines = [
        f"<!doctype html><html lang='{'en' if en else 'zh-CN'}'><head><meta charset='utf-8'><title>{title}</title>",
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>",
    ]
    if found.new:
        items = "".join(f"<li lang='zh-CN'>{escape(text)}</li>" for text in found.new)
        lines.append(f"<h2>{say('后一篇新增', 'New in the later text')}</h2><ul>{items}</ul>")
    for part in found.parts:
        lines.append(f"<h2 lang='zh-CN'>{escape(part.after or part.before or say('开头', 'Opening'))}</h2>")
        lines.append(
            f"<table><thead><tr><th style='width:6rem'>{say('状态', 'Status')}</th><th>{escape(found.before.title)}</th>"
            f"<th>{escape(found.after.title)}</th></tr></thead><tbody>"
        )
        lines.extend(
            f"<tr><td>{escape(status_name(row, lang))}</td><td lang='zh-CN'>{_html(row.pieces, 'delete')}</td>"
            f"<td lang='zh-CN'>{_html(row.pieces, 'insert')}</td></tr>"
            for row in part.rows
        )
        lines.append("</tbody></table>")
    return "\n".join([*lines, "</body></html>"])


def _html(pieces: tuple[Piece, ...], own: str) -> str:
    tag = "ins" if own == "insert" else "del"
    return "".join(
        escape(piece.text) if piece.form == "equal" else f"<{tag}>{escape(piece.text)}</{tag}>"
        for piece in pieces
        if piece.form in ("equal", own)
    )


def comparison_docx(found: Comparison, lang: str) -> bytes:
    """Return a Word file: one table, with a line for each section."""
    from docx import Document  # noqa: PLC0415 - takes long to load, and few want it
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls  # noqa: PLC0415

    en = lang == "en"
    made = Document()
    made.add_heading(_xml(f"{found.before.title} / {found.after.title}"), 1)
    if found.new:
        made.add_heading("New in the later text" if en else "后一篇新增", 2)
        for text in found.new:
            made.add_paragraph(_xml(text), style="List Bullet")
    # The table is written as XML at once: cell by cell python-docx takes ten times as long.
    head = ("Status" if en else "状态", found.before.title, found.after.title)
    rows = [_tr(*(_p(_r(_xml(name))) for name in head))]
    for part in found.parts:
        headings = (_p(_r(_xml(heading), "<w:b/>")) for heading in (part.before, part.after))
        rows.append(_tr(_p(_r("Section" if en else "章节")), *headings))
        for row in part.rows:
            sides = (_p("".join(_runs(row.pieces, own))) for own in ("delete", "insert"))
            rows.append(_tr(_p(_r(_xml(status_name(row, lang)))), *sides))
    made.element.body.insert_element_before(
        parse_xml(f"<w:tbl {nsdecls('w')}>{_TABLE}{''.join(rows)}</w:tbl>"), "w:sectPr"
    )
    body = BytesIO()
    made.save(body)
    return body.getvalue()


def _tr(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def _p(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def _r(text: str, look: str = "") -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r>"


def _runs(pieces: tuple[Piece, ...], own: str) -> Iterator[str]:
    looks = {"insert": '<w:u w:val="single"/>', "delete": "<w:strike/>", "equal": ""}
    for piece in pieces:
        if piece.form in ("equal", own):
            yield _r(_xml(piece.text), looks[piece.form])


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def comparison_json(found: Comparison) -> dict[str, object]:
    """Return a comparison as plain values."""
    return {
        "before": found.before.report_id,
        "after": found.after.report_id,
        "coarse": found.coarse,
        "new": list(found.new),
        "parts": [
            {
                "kind": part.kind,
                "before": part.before,
                "after": part.after,
                "rows": [
                    {"status": row.status, "pieces": [[piece.form, piece.text] for piece in row.pieces]}
                    for row in part.rows
                ],
            }
            for part in found.parts
        ],
    }
