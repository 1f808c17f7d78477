"""The report page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request

from corpus.model import Correction, Report
from corpus.regions import region_texts
from indexer.query import MATCHES
from indexer.service import Services
from webui.document import document
from webui.labels import filter_name, value_name
from webui.page import here
from webui.state import Lang, SearchState

_SAME_AS = {"copy": "report.same_as.copy", "version": "report.same_as.version"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the metadata: the key of its name, its value, where that came from, and who put it right."""

    name: str
    value: str
    source: str
    correction: Correction | None = None


def blueprint(services: Services) -> Blueprint:
    """Return the route of the report page."""
    pages = Blueprint("report", __name__)

    @pages.get("/report/<report_id>")
    def read(report_id: str) -> str:
        state = here().state
        found = services.read(report_id, state.q, state.match)
        return render_template(
            "report.html",
            report=found.report,
            text=document(found.report, found.marks, found.heading_marks),
            read_as=found.read_as,
            complete=found.complete,
            facts=facts(found.report, state.lang),
            same_as_why=_SAME_AS.get(found.report.provenance.get("same_as", ""), "report.same_as.copy"),
            original=web_address(found.report.source_url),
            back=_back(state, request.args),
        )

    return pages


def facts(report: Report, lang: Lang) -> tuple[Fact, ...]:
    """Return the metadata that is known, in the order of the page."""
    codes = {
        "department": report.department,
        "level": report.level,
        "doctype": report.doctype,
        "template": report.template if report.template != "none" else "",
    }
    named = {field: value_name(field, code, lang) if code else "" for field, code in codes.items()}
    lines = (
        # The title stands above; it is a line of its own only where it was put right.
        ("corrected.title", "title", report.title if "title" in {c.field for c in report.corrections} else ""),
        ("facet.agency", "agency", report.agency),
        ("facet.region", "region", " → ".join(region_texts(report.region, report.year))),
        ("facet.department", "department", named["department"]),
        ("facet.level", "level", named["level"]),
        ("facet.year", "year", "" if report.year is None else str(report.year)),
        ("report.published", "published_on", report.published_on),
        ("report.number", "document_number", report.document_number),
        ("facet.doctype", "doctype", named["doctype"]),
        ("facet.template", "template", named["template"]),
    )
    corrections = {correction.field: correction for correction in report.corrections}
    return tuple(
        Fact(key, value, report.provenance.get(name, ""), _named(corrections.get(name), lang))
        for key, name, value in lines
        if value or name in corrections
    )


def _named(correction: Correction | None, lang: Lang) -> Correction | None:
    """Return a correction with what was parsed by its name, as the value beside it is: not 370200 but 山东省青岛市."""
    if correction is None or not correction.parsed:
        return correction
    return replace(correction, parsed=filter_name(correction.field, correction.parsed, lang))


def web_address(url: str) -> str:
    """Return an address that is safe to link to (http or https), else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _back(state: SearchState, args: Mapping[str, str]) -> str:
    """Return the results the reader came from: with the match that was asked, not the rung that answered."""
    if not set(args) - {"lang"}:
        return ""
    return replace(state, match=next((m for m in MATCHES if m == args.get("asked")), state.match)).url
