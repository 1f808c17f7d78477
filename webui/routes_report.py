"""The report page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request

from corpus.agencies import lineage
from corpus.model import Correction, Report
from corpus.regions import current_code, region_texts
from indexer.errors import QueryRejected, SearchTimeout
from indexer.grouping import Neighbours
from indexer.parser import quote
from indexer.query import MATCHES
from indexer.results import Filter, Hit, SearchRequest
from indexer.service import Services
from webui.document import document
from webui.labels import filter_name, read_by, value_name
from webui.page import here
from webui.state import Lang, SearchState, clean

#: Reports of one agency that are listed at most.
_YEARS = 60
#: Fields that stand nowhere in a report's page: they follow from the others.
_DERIVED = frozenset({"department", "level", "doctype", "template"})
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
        # What is looked for in this report alone is meant to the letter; the result it came from stays as it is.
        find = clean(request.args.get("find", ""))
        found = services.read(report_id, quote(find) if find else state.q, "exact" if find else state.match)
        back = _back(state, request.args)
        years = other_years(services, found.report)
        return render_template(
            "report.html",
            report=found.report,
            text=document(found.report, found.marks, found.heading_marks),
            read_as=found.read_as,
            complete=found.complete,
            terms=found.terms,
            find=find,
            asked=request.args.get("asked", ""),
            beside=_neighbours(services, state, report_id) if back else None,
            years=years,
            last_year=_before(years, found.report),
            facts=facts(found.report, state.lang),
            same_as_why=_SAME_AS.get(found.report.provenance.get("same_as", ""), "report.same_as.copy"),
            original=web_address(found.report.source_url),
            back=back,
            corpus_id=services.manifest().corpus_id,
        )

    return pages


def other_years(services: Services, report: Report) -> tuple[Hit, ...]:
    """Return the reports of the same kind by the same agency, under its other names too, one hit each, by year."""
    if not report.agency:
        return ()
    names = tuple(dict.fromkeys((report.agency, *(name.name for name in lineage(report.agency)))))
    filters = [Filter("agency", names)]
    if report.region:
        # An agency's name may lack its place: 教育局 of one county isn't that of another.
        filters.append(Filter("region", (current_code(report.region, report.year),)))
    if report.doctype:
        filters.append(Filter("doctype", (report.doctype,)))
    try:
        found = services.by_report(SearchRequest(filters=tuple(filters), facets=(), sort="date-asc", size=_YEARS), 1)
    except (SearchTimeout, QueryRejected):
        return ()
    hits = [group.hits[0] for group in found.groups if group.hits]
    known = [hit for hit in hits if hit.year is not None and (hit.report_id == report.report_id or not hit.same_as)]
    ordered = sorted(known, key=lambda hit: (hit.year or 0, hit.report_id))
    return tuple(ordered) if any(hit.report_id != report.report_id for hit in ordered) else ()


def _before(years: tuple[Hit, ...], report: Report) -> Hit | None:
    """Return the report of the latest year before this one's."""
    earlier = [hit for hit in years if hit.year is not None and report.year is not None and hit.year < report.year]
    return earlier[-1] if earlier else None


def _neighbours(services: Services, state: SearchState, report_id: str) -> Neighbours | None:
    """Return the reports beside this one in the result it came from; without them the report is still of use."""
    rung = "exact" if state.match == "auto" else state.match
    try:
        return services.neighbours(state.request(), report_id, rung)
    except (SearchTimeout, QueryRejected):
        return None


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
        ("report.read_by", "read_by", read_by(report.provenance.get("text", ""), lang)),
    )
    corrections = {correction.field: correction for correction in report.corrections}
    return tuple(
        Fact(
            key,
            value,
            report.provenance.get(name, "derived" if name in _DERIVED else ""),
            _named(corrections.get(name), lang),
        )
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
    if not set(args) - {"lang", "find"}:
        return ""
    return replace(state, match=next((m for m in MATCHES if m == args.get("asked")), state.match)).url
