"""Corrections of metadata: which fields, which values, and what a corrected report looks like. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from corpus.dates import find_date
from corpus.departments import department_of
from corpus.errors import BadCorrection
from corpus.model import DOCTYPES, LEVELS, TEMPLATES, Correction, Report
from corpus.regions import find_region, full_name, is_region, region_name, region_named
from corpus.standing import level_of_agency, region_of

#: Field -> its Chinese name. ``same_as`` links a copy to the report that counts, or ("") sets it free.
FIELDS: Final = {
    "title": "标题",
    "agency": "机关",
    "region": "地区",
    "department": "所属系统",
    "level": "行政层级",
    "year": "报告年度",
    "published_on": "发布日期",
    "document_number": "发文字号",
    "doctype": "报告类型",
    "template": "报告格式",
    "same_as": "同一报告",
}
_CODES: Final = {"level": LEVELS, "doctype": DOCTYPES, "template": TEMPLATES}
_LONGEST: Final = 300


#: Other names of fields, as queries and tables of reports have them.
_ALSO: Final = {
    "文号": "document_number",
    "number": "document_number",
    "年份": "year",
    "年度": "year",
    "日期": "published_on",
    "date": "published_on",
    "系统": "department",
    "层级": "level",
    "类型": "doctype",
    "格式": "template",
}


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """A correction that was ever made of a report: in force, replaced by a later one, or undone (then by whom and when)."""

    correction: Correction
    in_force: bool
    undone_by: str = ""
    undone_at: str = ""


def field_named(name: str) -> str:
    """Return the field of a name in either language. Raises BadCorrection."""
    wanted = _ALSO.get(name.strip().lower(), name.strip())
    for field, label in FIELDS.items():
        if wanted.lower() == field or wanted == label:
            return field
    known = " ".join(f"{field}({label})" for field, label in FIELDS.items())
    raise BadCorrection(zh=f"没有可更正的字段 {wanted}；可用：{known}", en=f"no field {wanted} to correct; use {known}")


def checked_value(field: str, value: str) -> str:
    """Return a field's value in the form that reports hold it; "" means not known. Raises BadCorrection."""
    text = " ".join(value.split())
    if not text:
        if field == "title":
            raise BadCorrection(zh="标题不能为空；请给出标题", en="a title can't be empty; give one")
        return ""
    valid = text if len(text) <= _LONGEST else ""
    known = f"<= {_LONGEST}"
    if field == "year":
        year = text.removesuffix("年度").removesuffix("年")
        valid, known = (year if re.fullmatch(r"(?:19|20)\d\d", year) else ""), "2010"
    elif field == "published_on":
        valid, known = find_date(text), "2011-01-30"
    elif field == "region":
        valid, known = (text if is_region(text) else _region(text)), "370200, 青岛, 山东省青岛市"
    elif field in _CODES:
        valid, known = (text if text in _CODES[field] else ""), " ".join(_CODES[field])
    elif field == "same_as":
        valid, known = (text if re.fullmatch(r"[0-9a-f]{16}", text) else ""), "report_id"
    if not valid:
        raise BadCorrection(
            zh=f"{FIELDS[field]}不能更正为 {text[:60]}；写法如 {known}",
            en=f"{field} can't be corrected to {text[:60]}; write {known}",
        )
    return valid


def _region(text: str) -> str:
    """Return the code that a name, short or full, means and nothing else; "" for another text."""
    code = region_named(text) or find_region(text)
    return code if code and any(name.startswith(text) for name in (region_name(code), full_name(code))) else ""


def value_of(report: Report, field: str) -> str:
    """Return a field of a report as a correction holds it."""
    value = getattr(report, field)
    return "" if value is None else str(value)


def shown_value(field: str, value: str, empty: str = "∅") -> str:
    """Return a value for people: a region's code with its name, ``empty`` for none."""
    if field == "region" and value:
        return f"{value} {full_name(value)}"
    return value or empty


def corrected(report: Report, corrections: Iterable[Correction]) -> Report:
    """Return a report as parsed with the corrections in force; each keeps what was parsed.

    What was told from the agency's name, or from the region, follows the corrected one unless it is corrected itself.
    """
    values: dict[str, object] = {}
    kept: list[Correction] = []
    provenance = dict(report.provenance)
    for correction in corrections:
        field = correction.field
        kept.append(replace(correction, parsed=value_of(report, field)))
        values[field] = (int(correction.value) if correction.value else None) if field == "year" else correction.value
        provenance[field] = "correction"
    if not kept:
        return report
    sections = report.sections
    if "title" in values and sections:
        sections = (replace(sections[0], heading=str(values["title"])), *sections[1:])
    changed = replace(report, **values)  # type: ignore[arg-type]
    if "agency" in values:
        if "department" not in values:
            values["department"] = department_of(changed.agency)
        if "region" not in values and provenance.get("region", "agency") == "agency":
            values["region"] = region_of(changed.agency, changed.year)
            provenance |= {"region": "agency"} if values["region"] else {}
            changed = replace(changed, region=str(values["region"]))
    if "level" not in values and (changed.agency, changed.region) != (report.agency, report.region):
        values["level"] = level_of_agency(changed.agency, changed.region, changed.year)
    return replace(report, **values, sections=sections, provenance=provenance, corrections=tuple(kept))  # type: ignore[arg-type]
