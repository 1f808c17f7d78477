"""Clues -> metadata, each value with the place it came from. Pure; a value that can't be told is empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.agencytext import (
    AGENCY_END,
    agencies_in_text,
    agency_in_speech,
    agency_in_title,
    agency_of_speaker,
    completed,
    is_agency,
    is_bare,
    original,
)
from corpus.dates import arabic_years, find_date
from corpus.departments import department_of
from corpus.document import Document
from corpus.folding import fold, fold_with_offsets, in_plain_characters
from corpus.kinds import doctype_of, has_parts_of_annual_report, is_covering_title, names_a_type, template_of
from corpus.notices import report_start
from corpus.regions import NATIONAL, current_code, find_region, is_region, regions_of
from corpus.standing import level_of_agency, region_of
from corpus.years import one_year, policy_year, stem_year, title_year

_NUMBER = re.compile(r"[一-鿿]{1,14}(?:\[|\()\s*(?:19|20)\d\d\s*(?:\]|\))\s*第?\s*\d{1,5}\s*号")
_ORDER = re.compile(
    r"[一-鿿]{0,20}(?:令|公告)\s*(?:(?:19|20)\d\d\s*年\s*)?第\s*(?:\d{1,4}|[〇零一二三四五六七八九十百]{1,7})\s*号"
)
_NUMBER_LABEL = re.compile(r"(?:文号|发文字号|编号)\s*:\s*")
_SOURCE = re.compile(
    r"(?:信息来源|文章来源|来源|发布机构|发布单位|发文单位|发文机关|发文机构|供稿)\]?\s*:\s*(?P<agency>[一-鿿()]{2,40})"
)
_PUBLISHED = re.compile(
    r"(?:发布日期|发布时间|发布于|发文日期|发文时间|公开日期|日期|时间)\]?\s*:?\s*(?P<date>.{6,24})"
)
#: A line of metadata that bears its date without a label, at its start or behind the source.
_UNLABELLED = re.compile(
    r"^\s*(?P<date>(?:19|20)\d\d\s*[-./年].{3,10}?)(?:\s*\d{1,2}:\d\d(?::\d\d)?)?[\s|,;]*(?:信息来源|文章来源|来源|作者|编辑|浏览|阅读|点击|字号|字体)"
    r"|来源\]?\s*:\s*[^\d:]{2,40}(?P<behind>(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2})(?!\d)"
)
_PERIOD = re.compile(r"((?:19|20)\d\d)年\d{1,2}月\d{1,2}日.{0,4}?(?:至|到|-|—|~).{0,4}?(?:\1年)?12月31日")
#: The date at the end of a line: a signature's, not that of a sentence.
_DATE_AFTER = re.compile(
    r"(?:(?:填报|发布|公布|报告|印发)?(?:日期|时间):)?\s*[(]?\s*(?:(?:19|20)\d\d|二[〇零0o][〇零0o一二三四五六七八九]{2})\s*[-/.年]\s*[\d元一二三四五六七八九十]{1,3}\s*[-/.月]"
    r"\s*[\d一二三四五六七八九十廿卅]{1,3}\s*日?\s*[)]?\s*(?:印发|发布|公布)?[)。]?$"
)
#: What may stand around the day below a title: brackets, an hour.
_BELOW_TITLE = re.compile(r"^\s*[\[(]?\s*([^\[\]()]*?)(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*[\])]?\s*$")
_YEAR_IN_NAME = re.compile(r"[\s_()-]*(?:19|20)\d\d(?:年度?)?[\s_()-]*")
_SITE_CODE = re.compile(r"^(\d{6})\d*$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report; ``provenance`` names the place of each non-empty value.

    Its ``text`` says what read the text, see Document.read_by; its ``region_otherwise`` which region the agency (else the
    title) names instead, and where, if the site's code says another one: ``agency 370600``. Its ``agency_written`` is
    the agency as it stands there, if that is in traditional characters.
    """

    title: str
    doctype: str
    template: str
    agency: str
    region: str
    department: str
    level: str
    year: int | None
    published_on: str
    document_number: str
    source_url: str
    provenance: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Clues:
    """The document with what every finder needs."""

    document: Document
    title: str
    doctype: str
    stem: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    notice: tuple[str, ...] = ()


def describe(document: Document, path: str) -> Metadata:
    """Return the metadata of a document; ``path`` gives a title (and a year) of last resort."""
    prose = tuple(block.text for block in document.blocks if block.form == "paragraph")
    stem = PurePosixPath(path.replace("\\", "/")).stem
    title, title_from = _title(document, stem)
    doctype = doctype_of(title, "\n".join(prose[:6]))
    if doctype == "document" and has_parts_of_annual_report(block.text for block in document.blocks):
        doctype = "annual_report"
    start, end = report_start(document.blocks)
    notice: tuple[str, ...] = ()
    if end:  # what a covering notice says of itself isn't said of the report; but its date is that of publication
        notice = tuple(block.text for block in document.blocks[:start] if block.form == "paragraph")[-3:]
        prose = tuple(block.text for block in document.blocks[start:] if block.form == "paragraph")
    clues = _Clues(document, title, doctype, stem, prose[:12], prose[-10:], notice)
    provenance = {"title": title_from, "text": document.read_by}

    def first(field: str, finder: Callable[[_Clues], Iterator[tuple[str, str]]]) -> str:
        value, place = next(((v, p) for v, p in finder(clues) if v), ("", ""))
        if value:
            provenance[field] = place
        return value

    if title_from == "file name" and doctype == "work_report":
        clues = replace(clues, title=f"{one_year(stem)}年政府工作报告" if one_year(stem) else "政府工作报告")
        provenance["title"] = "text"
    written = first("agency", _agencies)
    agency = in_plain_characters(written)
    if agency != written:
        provenance["agency_written"] = written
    year = first("year", _years)
    number = first("document_number", _numbers)
    published = first("published_on", _published)
    if not year and doctype == "document" and one_year(number):
        year, provenance["year"] = one_year(number), "document_number"
    if not year and doctype == "policy":
        year, provenance["year"] = policy_year(number, published, clues.title)
    region = first("region", lambda c: _regions(c, agency, int(year) if year else None))
    otherwise = _region_otherwise(clues, region, agency, int(year) if year else None)
    if otherwise and provenance["region"] == "meta:SiteIDCode":
        provenance["region_otherwise"] = otherwise
    if document.declared_url:
        provenance["source_url"] = "column" if title_from.startswith("column:") else "page"
    reported = int(year) if year else None
    return Metadata(
        title=clues.title.strip(),
        doctype=doctype,
        template=template_of(doctype, reported, (block.text for block in document.blocks)),
        agency=agency,
        region=region,
        department=department_of(agency),
        level=level_of_agency(agency, region, reported),
        year=reported,
        published_on=published,
        document_number=number,
        source_url=document.declared_url,
        provenance={field: place for field, place in provenance.items() if place},
    )


def _title(document: Document, stem: str) -> tuple[str, str]:
    """Return the title and its place: what the page states for the document, else the first that names a report.

    Else the first of all, else the file's name.
    """
    offered = [(" ".join(text.split()), place) for place, text in document.titles if text.strip()]
    below_notice = next((text for text, place in offered if place == "text:report"), "")
    stated = offered[0][0] if offered else ""
    if below_notice and (is_covering_title(stated) or not names_a_type(stated)):
        return below_notice, "text"
    if offered and offered[0][1].startswith(("column:", "meta:", "table:")):
        # A page that gives the name of its column for a title has the report's in a box.
        boxed = next((pair for pair in offered if pair[1].startswith("page:") and names_a_type(pair[0])), None)
        vague = offered[0][1] != "column:title" and doctype_of(stated, "") == "document"
        return boxed if boxed and vague and len(stated) < len(boxed[0]) else offered[0]
    named = next(((text, place.removesuffix(":report")) for text, place in offered if names_a_type(text)), None)
    return named or next(iter(offered), (stem, "file name"))


def _agencies(clues: _Clues) -> Iterator[tuple[str, str]]:
    labelled = clues.document.labelled
    yield _stated(clues, "发文机关")
    for label in ("发文机关", "发布机构", "公开主体", "责任单位"):
        yield labelled.get(label, ""), f"table:{label}"
    year = int(title_year(clues.title) or 0) or None
    in_title = agency_in_title(clues.title, clues.doctype, year)
    if is_bare(in_title):
        yield completed(in_title, _named_agencies(clues))
    yield in_title, "title"
    named = [pair for pair in _named_agencies(clues) if pair[0]]
    if clues.doctype == "work_report":
        yield agency_in_speech(clues.opening[:6], year), "text"
    elif clues.doctype == "document":
        site = clues.document.meta.get("sitename", "")
        yield (site if is_agency(site) and fold(clues.title).startswith(fold(site)) else ""), "meta:SiteName"
        yield agency_of_speaker(clues.opening[:6]), "text"
    for name, place in named:
        if place.startswith(("meta:contentsource", "meta:author", "dateline")):
            yield name, place
    if clues.doctype == "work_report" and "全国人民代表大会" in "".join(clues.opening[:4]):
        yield "国务院", "text"
    for name, place in named:
        if place in ("signature", "text"):
            yield name, place
    in_name = _YEAR_IN_NAME.sub("", fold(clues.stem)) if clues.doctype == "annual_report" else ""
    yield (in_name if is_agency(in_name) else ""), "file name"


def _named_agencies(clues: _Clues) -> Iterator[tuple[str, str]]:
    """Yield the agencies that the page, the signature and the opening name, each with its place."""
    meta = clues.document.meta
    for name in ("contentsource", "author"):
        value = meta.get(name, "")
        yield (value if re.search(rf"{AGENCY_END}$", fold(value)) else ""), f"meta:{name}"
    for line in clues.document.datelines:
        found = _SOURCE.search(fold(line))
        yield (found["agency"] if found and re.search(rf"{AGENCY_END}$", found["agency"]) else ""), "dateline"
    for paragraph in reversed(clues.closing):
        signed = _DATE_AFTER.sub("", fold(paragraph[:60]))
        yield (paragraph.strip()[: len(signed)] if is_agency(signed) else ""), "signature"
    if clues.doctype == "annual_report":
        for agency in agencies_in_text(clues.opening[:4]):
            yield agency, "text"
    if is_agency(meta.get("sitename", "")):
        yield meta["sitename"], "meta:SiteName"


def _stated(clues: _Clues, label: str) -> tuple[str, str]:
    """Return what a column of the table of reports says, and its place; ("", ...) without one."""
    return clues.document.labelled.get(f"column:{label}", ""), f"column:{label}"


def _regions(clues: _Clues, agency: str, year: int | None) -> Iterator[tuple[str, str]]:
    """Yield the region by each clue: a column of a table, the site's code, the agency, the title.

    The site's code decides. The agency only refines it: a place within it, or what it was called then.
    """
    site = _SITE_CODE.match(clues.document.meta.get("siteidcode", ""))
    code = site[1] if site and is_region(site[1]) else ""
    named = region_of(agency, year)
    column, place = _stated(clues, "地区")
    stated = column if is_region(column) else find_region(fold(column), year)
    if stated and not (named != stated and stated in regions_of(named, year)):
        yield stated, place
    # A city's site carries the reports of its districts: the agency's own name may be more specific.
    # Its code is today's, the agency's of a renamed place is that of then.
    below = code and named != code and {code, current_code(code)} & {*regions_of(named, year)}
    if code and not below:
        yield code, "meta:SiteIDCode"
    yield named, "agency"
    if re.match(r"bm\d", clues.document.meta.get("siteidcode", "").lower()) and not named:
        yield NATIONAL, "meta:SiteIDCode"
    if not agency:
        # An agency's document may be about another place.
        yield find_region(fold(clues.title), year), "title"


def _region_otherwise(clues: _Clues, region: str, agency: str, year: int | None) -> str:
    """Return the place and code of a clue that names a region neither equal to the one taken nor within it; "" if none."""
    # As in _regions: an agency's document may be about another place.
    code, place = (region_of(agency, year), "agency") if agency else (find_region(fold(clues.title), year), "title")
    within = code in {"", NATIONAL} or {region, current_code(region)} & {*regions_of(code, year)}
    return "" if within else f"{place} {code}"


def _years(clues: _Clues) -> Iterator[tuple[str, str]]:
    column, place = _stated(clues, "年度")
    yield one_year(column) or (column if re.fullmatch(r"(?:19|20)\d\d", column) else ""), place
    if clues.doctype == "policy":
        return  # a year in its title may be that of an event; see _policy_year
    yield title_year(clues.title), "title"
    if clues.doctype == "work_report":
        yield one_year(clues.title), "title"
        for paragraph in clues.opening[:6]:
            held = re.search(r"[-—]\s*(?:.{0,4})((?:19|20)\d\d)年\d{1,2}月\d{1,2}", fold(paragraph))
            yield (held[1] if held else ""), "dateline"
        for paragraph in clues.opening[:6]:
            spoken = re.match(r"\(?((?:19|20)\d\d)年\d{1,2}月\d{1,2}日", arabic_years(paragraph[:40]))
            yield (spoken[1] if spoken else ""), "dateline"
        yield stem_year(clues.stem), "file name"
        return
    for paragraph in clues.opening:
        period = _PERIOD.search(arabic_years(paragraph))
        yield (period[1] if period else ""), "text"
    for paragraph in clues.opening[:3]:
        named = re.search(r"((?:19|20)\d\d)年度", arabic_years(paragraph))
        yield (named[1] if named else ""), "text"
    for paragraph in clues.opening[:3]:
        begins = re.match(r"((?:19|20)\d\d)年(?!\d{1,2}月)", arabic_years(paragraph[:40]))
        yield (begins[1] if begins else ""), "text"
    yield stem_year(clues.stem), "file name"


def _numbers(clues: _Clues) -> Iterator[tuple[str, str]]:
    yield _stated(clues, "发文字号")
    for label in ("发文字号", "文号"):
        yield clues.document.labelled.get(label, ""), f"table:{label}"
    for line in (*clues.document.datelines, *clues.opening[:8]):
        text = fold(line)
        if "号" not in text:
            continue  # both patterns end in it, and are slow to find that they don't
        named = _NUMBER_LABEL.search(text)
        after = named.end() if named else 0
        found = _NUMBER.search(text, after) or _ORDER.search(text, after)
        alone = found is not None and text.strip("()") == found[0].strip("()")
        if found and (alone or (named and found.start() == named.end())):
            yield original(line, fold_with_offsets(line).original_span(*found.span())), "text"


def _published(clues: _Clues) -> Iterator[tuple[str, str]]:
    column, place = _stated(clues, "发布日期")
    yield find_date(column), place
    meta = clues.document.meta
    for name in ("pubdate", "publishdate", "article:published_time", "publishtime"):
        yield find_date(meta.get(name, "")), f"meta:{name}"
    for label in ("发布日期", "公开日期", "成文日期"):
        yield find_date(clues.document.labelled.get(label, "")), f"table:{label}"
    for line in clues.document.datelines:
        found = _PUBLISHED.search(fold(line))
        yield (find_date(found["date"]) if found else ""), "dateline"
    for line in clues.document.datelines:
        found = _UNLABELLED.search(fold(line))
        yield (find_date(found["date"] or found["behind"]) if found else ""), "dateline"
    # A policy's text goes on below the signature of the letter that brings it.
    letter = clues.opening if clues.doctype == "policy" else ()
    for paragraph in (*reversed(clues.closing), *reversed(clues.notice), *letter):
        yield _date_alone(fold(paragraph[:80])), "signature"
    for paragraph in clues.opening[:3]:
        yield _date_alone(_BELOW_TITLE.sub(r"\1", fold(paragraph[:80]))), "text"


def _date_alone(text: str) -> str:
    """Return the date that a line consists of, an agency's name before it apart: a signature."""
    found = _DATE_AFTER.search(text)
    alone = found is not None and (not text[: found.start()].strip(" (,") or is_agency(text[: found.start()].strip()))
    return find_date(text) if alone else ""
