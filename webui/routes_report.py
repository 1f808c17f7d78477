"""The report page, and the corrections that are sent from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from corpus.agencies import lineage
from corpus.correcting import correct_all, login_name, undo_all
from corpus.errors import BadCorrection, Bilingual, CorpusError
from corpus.library import Library
from corpus.model import Correction, Report
from corpus.regions import current_code, region_texts
from indexer.errors import QueryRejected, SearchTimeout
from indexer.grouping import Neighbours
from indexer.parser import quote
from indexer.query import MATCHES, rung_of
from indexer.results import Filter, Hit, SearchRequest
from indexer.service import Services
from webui.correctform import NAMES, CorrectForm, changes_of, filled, form_of
from webui.document import document
from webui.guard import form_token, is_our_form
from webui.indexing import IndexUpdater
from webui.labels import filter_name, label, read_by, value_name
from webui.page import here
from webui.state import Lang, SearchState, clean

#: Reports of one agency that are listed at most.
_YEARS = 60
#: Fields that stand nowhere in a report's page: they follow from the others.
_DERIVED = frozenset({"department", "level", "doctype", "template"})
#: How long a correction waits for the index before it answers.
_PATIENCE: Final = 5.0
_LONGEST_NAME: Final = 60
_LONGEST_REASON: Final = 300
_SAME_AS = {"copy": "report.same_as.copy", "version": "report.same_as.version"}


Answer: TypeAlias = "tuple[str, int]"


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the metadata: the key of its name, its value, where that came from, and who put it right."""

    name: str
    value: str
    source: str
    correction: Correction | None = None


def blueprint(services: Services, home: Path, updater: IndexUpdater) -> Blueprint:
    """Return the routes of the report page and of its corrections."""
    pages = Blueprint("report", __name__)
    library_path = home / "library.db"

    def shown(report_id: str, sent: Mapping[str, str] | None = None, refused: str = "") -> str:
        state = here().state
        # What is looked for in this report alone is meant to the letter; the result it came from stays as it is.
        find = clean(request.args.get("find", ""))
        found = services.read(report_id, quote(find) if find else state.q, "exact" if find else state.match)
        back = _back(state, request.args)
        years = other_years(services, found.report)
        form = _form(library_path, found.report, state.lang)
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
            correct=form if sent is None else filled(form, sent, refused),
            corrected_now=request.args.get("corrected") == "1",
            updating=updater.running,
            update_failure=updater.failure.text(state.lang) if updater.failure else "",
            here_query=urlencode([pair for pair in request.args.items(multi=True) if pair[0] != "corrected"]),
            names_of_fields=NAMES,
            token=form_token(),
        )

    @pages.get("/report/<report_id>")
    def read(report_id: str) -> str:
        return shown(report_id)

    @pages.post("/report/<report_id>/correct")
    def correct(report_id: str) -> Answer | Response:
        lang = here().lang
        services.read(report_id)  # not in the index: the page of that error says so
        if not is_our_form():
            return shown(report_id, request.form, label("correct.expired", lang)), 403
        try:
            with Library(library_path) as library:
                changed = _apply(library, report_id, request.form)
        except CorpusError as error:
            return shown(report_id, request.form, error.text(lang)), 400 if isinstance(error, BadCorrection) else 503
        if not changed:
            return shown(report_id, request.form, label("correct.none", lang)), 400
        updater.start()
        # A small library is done by then, and the next page shows the new value; a large one goes on behind it.
        updater.wait(_PATIENCE)
        kept = [pair for pair in request.args.items(multi=True) if pair[0] != "corrected"]
        return redirect(f"/report/{report_id}?{urlencode([*kept, ('corrected', '1')])}#correct", 303)

    return pages


def _apply(library: Library, report_id: str, sent: Mapping[str, str]) -> bool:
    """Do what a sent form asks; return whether there was anything to do. Raises CorpusError."""
    do, now = sent.get("do", ""), datetime.now(UTC).isoformat(timespec="seconds")
    if do == "index":
        return True
    report = library.header(report_id)
    if report is None:
        raise BadCorrection(*(label("correct.not_here", lang) for lang in ("zh", "en")))
    by = clean(sent.get("by", ""))[:_LONGEST_NAME] or login_name()
    if do.startswith("undo-"):
        number = do.removeprefix("undo-")
        own = {str(record.correction.correction_id) for record in library.correction_history(report_id)}
        if number not in own:
            raise BadCorrection(
                zh=f"本报告没有编号为 {number[:20]} 的更正", en=f"this report has no correction {number[:20]}"
            )
        undo_all(library, (int(number),), by=by, at=now)
        return True
    changes = changes_of(report, sent)
    correct_all(library, changes, by=by, at=now, why=clean(sent.get("why", ""))[:_LONGEST_REASON])
    return bool(changes)


def _form(library_path: Path, report: Report, lang: Lang) -> CorrectForm:
    """Return the form of corrections; a library that isn't there or can't be opened must not hide the report."""
    if not library_path.exists():
        return CorrectForm(False)
    try:
        with Library(library_path) as library:
            return form_of(library, report, lang)
    except Bilingual as error:
        return CorrectForm(False, refused=error.text(lang))


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
    rung = rung_of(state.match)
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
    if not set(args) - {"lang", "find", "corrected"}:
        return ""
    return replace(state, match=next((m for m in MATCHES if m == args.get("asked")), state.match)).url
