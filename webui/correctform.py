"""The form that corrects a report's metadata: its fields as the library has them, and what a sent form changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from corpus.correcting import Change, login_name
from corpus.corrections import CorrectionRecord, checked_value, value_of
from corpus.errors import BadCorrection
from corpus.library import Library
from corpus.model import DOCTYPES, LEVELS, TEMPLATES, Report
from corpus.regions import full_name
from webui.labels import filter_name, value_name
from webui.labels_codes import DEPARTMENTS
from webui.state import Lang, clean

#: Field -> the key of its name, in the order of the page.
NAMES: Final = {
    "title": "corrected.title",
    "agency": "facet.agency",
    "region": "facet.region",
    "department": "facet.department",
    "level": "facet.level",
    "year": "facet.year",
    "published_on": "report.published",
    "document_number": "report.number",
    "doctype": "facet.doctype",
    "template": "facet.template",
    "same_as": "report.same_as",
}
_CODES: Final = {"level": LEVELS, "doctype": DOCTYPES, "template": TEMPLATES}
_HINTS: Final = {
    "region": "correct.hint.region",
    "published_on": "correct.hint.date",
    "year": "correct.hint.year",
    "same_as": "correct.hint.same_as",
}
#: Fields whose values people know by heart: offered, but not imposed.
_OFFERED: Final = {"department": tuple(DEPARTMENTS)}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: what stands in it, what stood in it when it was shown, and the values to choose from."""

    field: str
    name: str
    typed: str
    was: str
    options: tuple[tuple[str, str], ...] = ()
    offered: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A line of the record of corrections, its values by their names."""

    record: CorrectionRecord
    was: str
    value: str


@dataclass(frozen=True, slots=True)
class CorrectForm:
    """What the page shows of corrections: ``lagging`` says that the index doesn't have all of them yet."""

    here: bool
    fields: tuple[Field, ...] = ()
    history: tuple[Past, ...] = ()
    lagging: bool = False
    by: str = ""
    why: str = ""
    refused: str = ""

    @property
    def in_force(self) -> int:
        """How many corrections count."""
        return sum(past.record.in_force for past in self.history)


def form_of(library: Library, indexed: Report, lang: Lang) -> CorrectForm:
    """Return the form of a report: its values of now, which the library has and the index (``indexed``) may not yet."""
    report = library.header(indexed.report_id)
    if report is None:
        return CorrectForm(False)
    parsed = {correction.correction_id: correction.parsed for correction in report.corrections}
    history = tuple(
        Past(
            record,
            _named(record.correction.field, parsed.get(record.correction.correction_id, ""), lang),
            _named(record.correction.field, record.correction.value, lang),
        )
        for record in library.correction_history(indexed.report_id)
    )
    return CorrectForm(
        True,
        fields=tuple(_field(report, name, lang) for name in NAMES),
        history=history,
        lagging=_in_force(report) != _in_force(indexed),
        by=login_name(),
    )


def filled(form: CorrectForm, sent: Mapping[str, str], refused: str) -> CorrectForm:
    """Return a form with what was sent in it, and why it was refused: what was typed isn't lost."""
    fields = tuple(replace(each, typed=sent.get(each.field, each.typed)) for each in form.fields)
    return replace(form, fields=fields, by=sent.get("by", form.by), why=sent.get("why", ""), refused=refused)


def changes_of(report: Report, sent: Mapping[str, str]) -> list[Change]:
    """Return what a sent form changes in a report. Raises BadCorrection.

    A field that still has what stood in it isn't meant: another window may have corrected it meanwhile.
    """
    found = []
    for field in NAMES:
        typed, was = clean(sent.get(field, "")), clean(sent.get(f"was-{field}", ""))
        if field not in sent or typed == was:
            continue
        value = checked_value(field, typed)
        if value != value_of(report, field):
            found.append(Change(report.report_id, field, value))
    return found


def _in_force(report: Report) -> set[tuple[str, str, str, str]]:
    return {(c.field, c.value, c.by, c.why) for c in report.corrections}


def _field(report: Report, field: str, lang: Lang) -> Field:
    value = value_of(report, field)
    shown = _typed(field, value)
    options = tuple((code, value_name(field, code, lang)) for code in _CODES.get(field, ()))
    if options:
        # A code that is no longer one of ours stays what it is unless another is chosen.
        known = value in dict(options)
        options = (("", value_name(field, "", lang)), *options, *(() if known or not value else ((value, value),)))
    return Field(field, NAMES[field], shown, shown, options, _OFFERED.get(field, ()), _HINTS.get(field, ""))


def _typed(field: str, value: str) -> str:
    """Return a value as a person would type it: a region by its name where the name means it and nothing else."""
    if field != "region" or not value:
        return value
    name = full_name(value)
    try:
        return name if checked_value("region", name) == value else value
    except BadCorrection:
        return value


def _named(field: str, value: str, lang: Lang) -> str:
    if not value:
        return ""
    return filter_name(field, value, lang)
