"""The basket's page, its exports, and what puts passages of the library into it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from corpus.model import Report, Section
from indexer.basket import LONGEST_NOTE, Basket
from indexer.basketwriting import FORMATS, Format, basket_docx, basket_markdown, basket_text, source_of
from indexer.citation import Style
from indexer.errors import BasketError, ReportNotFound
from indexer.service import Services
from webui.guard import is_our_form
from webui.labels import label
from webui.page import here
from webui.state import Lang

#: The content type of each form of export.
TYPES: Final[dict[Format, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
_STYLES: Final[tuple[Style, ...]] = ("gb2025", "gb2015")
#: Pages to which a passage's taker is led back; others are none of ours, or came by POST.
_BACK: Final = re.compile(r"/(?:report/[0-9a-f]{16}|search|similar)(?:\?.*)?")
#: The anchors of paragraphs, and of the lines of a list.
_PLACE: Final = re.compile(r"p-[0-9a-f]{1,40}|w-[0-9]{1,4}")


def blueprint(home: Path, services: Services) -> Blueprint:
    """Return the routes of the basket."""
    pages = Blueprint("basket", __name__)
    basket = Basket(home)

    @pages.get("/basket")
    def show() -> Response:
        return _page(basket, 200)

    @pages.post("/basket")
    def change() -> AnyResponse:
        scripted = request.accept_mimetypes.best == "application/json"
        lang = here().lang
        try:
            if not is_our_form():
                raise BasketError(*(label("basket.expired", each) for each in ("zh", "en")))
            _do(basket, services)
        except BasketError as error:
            if scripted:
                return make_response(jsonify(error=error.text(lang)), 400)
            return _page(basket, 400, error.text(lang))
        if scripted:
            return jsonify(count=basket.count())
        back = request.form.get("back", "")
        if request.form.get("do") == "add" and _BACK.fullmatch(back):
            return redirect(back + _anchor(), 303)
        return redirect(here().to("/basket"), 303)

    @pages.get("/basket/export")
    def export() -> Response:
        wanted: Format = next((f for f in FORMATS if f == request.args.get("format")), "docx")
        return basket_file(basket, wanted, _style(), here().lang)

    return pages


def basket_file(basket: Basket, wanted: Format, style: Style, lang: Lang) -> Response:
    """Return the basket as a file to be saved."""
    kept, day = basket.passages(), datetime.now().astimezone().date()
    if wanted == "docx":
        body = basket_docx(kept, day, style, lang)
    else:
        write = basket_markdown if wanted == "md" else basket_text
        body = write(kept, day, style, lang).encode()
    made = Response(body, content_type=TYPES[wanted])
    made.headers["Content-Disposition"] = f'attachment; filename="chadang-basket-{day.isoformat()}.{wanted}"'
    return made


def _anchor() -> str:
    """Return the fragment of the place from which a passage was taken: the paragraph, or the line of a list."""
    block = request.form.get("place", "").partition("/")[2] or request.form.get("block", "")
    at = request.form.get("at", "") or f"p-{block}"
    return f"#{at}" if _PLACE.fullmatch(at) else ""


def _do(basket: Basket, services: Services) -> None:
    """Do what the form asks. Raises BasketError, ReportNotFound."""
    what = request.form.get("do", "")
    if what == "add":
        _add(basket, services)
    elif what == "clear":
        basket.clear()
    elif what == "restore":
        basket.restore()
    else:
        number = request.form.get("passage", "")
        passage_id = int(number) if re.fullmatch(r"[0-9]{1,15}", number) else 0
        if what == "up":
            basket.move(passage_id, -1)
        elif what == "down":
            basket.move(passage_id, 1)
        elif what == "remove":
            basket.remove(passage_id)
        else:
            basket.annotate(passage_id, request.form.get("note", ""))


def _add(basket: Basket, services: Services) -> None:
    """Put a paragraph, a part of it, or a whole section into the basket: always text that stands in the library."""
    report_id, _, block = request.form.get("place", "").partition("/")
    report = services.read(report_id or request.form.get("report", "")).report
    wanted, start, end = (
        block or request.form.get("block", ""),
        request.form.get("start", ""),
        request.form.get("end", ""),
    )
    section, block_id, text = _wanted(report, wanted, request.form.get("section", ""))
    if start.isdecimal() and end.isdecimal() and len(start) < 9 and len(end) < 9:
        text = section.text[int(start) : int(end)]
    said = request.form.get("selection", "").strip()
    if said:
        # What a browser calls selected has its own blanks; only what stands in the text is taken.
        at = re.search(r"\s*".join(map(re.escape, said.split())), text) if len(said) < len(text) * 2 else None
        text = at[0] if at else text
    basket.add(report, section, block_id, text)


def _wanted(report: Report, block_id: str, section_id: str) -> tuple[Section, str, str]:
    """Return the section of a passage, the block it begins with, and its text; a heading stands for its section."""
    for section in report.sections:
        if section_id and section.section_id == section_id:
            return section, section.blocks[0].block_id if section.blocks else "", _whole(report, section)
        for block in section.blocks:
            if block_id and block.block_id == block_id:
                heading = block.form == "heading" and section.ordinal > 0
                return section, block_id, _whole(report, section) if heading else section.block_text(block)
    raise ReportNotFound(
        zh=f"报告 {report.report_id} 中没有这一段；它可能已更新，请刷新报告页后再摘录",
        en=f"the report {report.report_id} has no such paragraph; it may have changed: reload its page",
    )


def _whole(report: Report, section: Section) -> str:
    """Return the prose of a section with that of the sections below it, in the order of the report."""
    path = section.heading_path
    return "\n".join(
        each.block_text(block)
        for each, block in report.blocks_in_order()
        if block.form != "row" and (each == section or (path and each.heading_path[: len(path)] == path))
    )


def _style() -> Style:
    return next((s for s in _STYLES if s == request.args.get("style")), "gb2025")


def _page(basket: Basket, status: int, refused: str = "") -> Response:
    style = _style()
    day = datetime.now().astimezone().date()
    kept = basket.passages()
    page = render_template(
        "basket.html",
        kept=[(each, source_of(each, day, style)) for each in kept],
        removed=basket.removed(),
        refused=refused,
        style=style,
        longest_note=LONGEST_NOTE,
    )
    return make_response(page, status)
