"""Downloads of all hits, and citations; with what the templates of both need."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from werkzeug.wsgi import FileWrapper

from corpus.model import Report
from indexer.citation import STYLES, Style, cite
from indexer.errors import QueryRejected, ReportNotFound
from indexer.exporting import FORMATS, MOST_SAMPLED, UNITS, Format
from indexer.exportrun import Export, prepare
from indexer.exportwriting import csv_chunks, jsonl_chunks, write_xlsx
from indexer.service import Services
from webui.page import here

_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}
_STYLE_NAMES: Final[dict[Style, str]] = {
    "gb2025": "GB/T 7714-2025",
    "gb2015": "GB/T 7714-2015",
    "bibtex": "BibTeX",
}
#: Of the query in a file's name; the rest only makes names that systems refuse.
_NAME_LENGTH: Final = 30
_NOT_IN_NAMES: Final = frozenset("\\/:*?\"<>|%'")


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference in one style, under that style's name."""

    style: Style
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionCitation:
    """A section with its reference."""

    anchor: str
    heading: str
    text: str


def blueprint(services: Services) -> Blueprint:
    """Return the routes of downloads and citations."""
    pages = Blueprint("export", __name__)

    @pages.app_context_processor
    def words() -> dict[str, Any]:
        return {"citations": lambda report: citations(report, _now())}

    @pages.get("/export")
    def download() -> Response:
        wanted = asked_format()
        sample = natural("sample", 0, MOST_SAMPLED)
        export = prepare(
            services.searcher(),
            here().state.request(),
            _now(),
            next((u for u in UNITS if u == request.args.get("unit")), "section"),
            sample,
            natural("seed", 1, 10**9) if sample else 0,
        )
        return download_of(export, wanted, coding=bool(request.args.get("coding")))

    @pages.get("/report/<report_id>/cite")
    def cite_page(report_id: str) -> str:
        report = services.read(report_id).report
        style = _style()
        sections = tuple(
            SectionCitation(section.section_id, section.heading, cite(report, style, _now().date(), section))
            for section in report.sections
            if section.ordinal and section.heading
        )
        return render_template("cite.html", report=report, style=style, sections=sections)

    @pages.get("/report/<report_id>/cite.txt")
    def cite_text(report_id: str) -> Response:
        report = services.read(report_id).report
        wanted = request.args.get("section", "")
        section = next((s for s in report.sections if s.section_id == wanted), None)
        if wanted and section is None:
            raise ReportNotFound(zh=f"报告中没有章节 {wanted}", en=f"the report has no section {wanted}")
        return Response(cite(report, _style(), _now().date(), section) + "\n", mimetype="text/plain")

    return pages


def citations(report: Report, now: datetime) -> tuple[Citation, ...]:
    """Return the references to a report in all styles."""
    return tuple(Citation(style, _STYLE_NAMES[style], cite(report, style, now.date())) for style in STYLES)


def download_of(export: Export, format_: Format, *, coding: bool) -> Response:
    """Return an export as a download that is sent while it is made."""
    chunks = csv_chunks(export, coding) if format_ == "csv" else jsonl_chunks(export, coding)
    return sent(
        export.facts.query,
        export.facts.exported_at[:10],
        format_,
        chunks,
        lambda target: write_xlsx(export, target, coding),
    )


def sent(
    query: str, day: str, format_: Format, chunks: Iterator[bytes], write_book: Callable[[BinaryIO], None]
) -> Response:
    """Return a download named after a query and a day, sent while it is made."""
    if format_ == "xlsx":
        # A ZIP's directory stands at its end: the workbook is made in a file first, never in memory.
        target = tempfile.TemporaryFile()  # noqa: SIM115 - open until the response is sent
        write_book(target)
        target.seek(0)
        response = Response(FileWrapper(target, 1 << 16), content_type=_TYPES[format_])
        response.call_on_close(target.close)
    else:
        response = Response(chunks, content_type=_TYPES[format_])
    name = f"chadang-{_name(query)}-{day}.{format_}"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=chadang-{day}.{format_}; filename*=UTF-8''{quote(name)}"
    )
    return response


def asked_format() -> Format:
    """Return the format that the request names. Raises QueryRejected."""
    wanted = next((f for f in FORMATS if f == request.args.get("format", "csv")), None)
    if wanted is None:
        raise QueryRejected(
            zh="没有这种导出格式；请用 csv、xlsx 或 jsonl", en="there is no such format; use csv, xlsx or jsonl"
        )
    return wanted


def natural(name: str, default: int, most: int) -> int:
    """Return a parameter of the request that is a whole number. Raises QueryRejected."""
    text = request.args.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 12 and int(text) <= most):
        raise QueryRejected(
            zh=f"{name} 须为 0 到 {most} 的整数，而不是“{text[:40]}”；请改正后重试",
            en=f"{name} must be a whole number from 0 to {most}, not {text[:40]!r}; correct it and try again",
        )
    return int(text)


def _style() -> Style:
    return next((s for s in STYLES if s == request.args.get("style")), "gb2025")


def _name(query: str) -> str:
    kept = "".join(char for char in query if char.isprintable() and char not in _NOT_IN_NAMES)
    return "-".join(kept.split())[:_NAME_LENGTH].strip(".-") or "all"


def _now() -> datetime:
    return datetime.now().astimezone()
