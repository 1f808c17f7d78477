"""Clues -> metadata, each value with the place it came from. Pure; a value that can't be told is empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from corpus.dates import arabic_years, find_date, find_years
from corpus.departments import department_of
from corpus.document import Document
from corpus.folding import fold, fold_with_offsets
from corpus.kinds import doctype_of, is_covering_title, names_a_type, template_of
from corpus.notices import report_start
from corpus.regions import NATIONAL, find_region, full_name, is_region, level_of, regions_of

_AGENCY_END: Final = r"(?:人民政府(?:办公(?:厅|室))?|[局厅部署委院]|委员会|办公室|办公厅|街道办事处|管委会|中心|集团|总队|支队|法院|检察院)"
_TITLE_AGENCY = (
    re.compile(
        r"^(?:关于)?(?:公布|发布)?(?:19|20|二[〇零0o])[\do〇零一二三四五六七八九]{2}年?度?(?P<agency>.+?)(?:政府|政务)?(?:信息|资讯)公开"
    ),
    re.compile(
        r"^(?:关于)?(?P<agency>.+?)(?:关于)?(?:19|20|二[〇零0o])[\do〇零一二三四五六七八九]{2}年?度?.{0,4}?(?:政府|政务)?(?:信息|资讯)公开"
    ),
    re.compile(r"^(?:关于)?(?P<agency>.+?)(?:政府|政务)?(?:信息|资讯)公开"),
)
#: What a title names as its agency is a name: no figures, no sentence, and not what any agency could be called.
_IS_AGENCY = re.compile(
    r"^(?!(?:政府|政务|人民政府|本(?:局|单位|机关|部门|级|级政府|市|县|区)|我[局市县区])$)[^\d,。:、《》]{2,28}$"
)
_YEAR = r"(?:(?:19|20|二[〇零0o])[\do〇零一二三四五六七八九]{2}年)?"
_WORK_TITLE = re.compile(rf"^{_YEAR}(?P<place>[^年\d]{{2,16}}?)(?:人民政府)?{_YEAR}(?:人民)?政府工作报告")
_REPRESENTS = re.compile(r"代表(?P<agency>国务院|中央人民政府|.{2,14}?人民政府)")
_NUMBER = re.compile(r"[一-鿿]{1,14}(?:\[|\()\s*(?:19|20)\d\d\s*(?:\]|\))\s*第?\s*\d{1,5}\s*号")
_ORDER = re.compile(
    r"[一-鿿]{0,20}(?:令|公告)\s*(?:(?:19|20)\d\d\s*年\s*)?第\s*(?:\d{1,4}|[〇零一二三四五六七八九十百]{1,7})\s*号"
)
_NUMBER_LABEL = re.compile(r"(?:文号|发文字号|编号)\s*:\s*")
_SOURCE = re.compile(r"(?:信息来源|文章来源|来源|发布机构|发布单位|供稿)\s*:\s*(?P<agency>[一-鿿()]{2,40})")
_PUBLISHED = re.compile(r"(?:发布日期|发布时间|发文日期|发文时间|公开日期|日期|时间)\s*:?\s*(?P<date>.{6,24})")
_PERIOD = re.compile(r"((?:19|20)\d\d)年1月1日.{0,4}?(?:至|到|-|—|~).{0,4}?(?:\1年)?12月31日")
_SITE_CODE = re.compile(r"^(\d{6})\d*$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report; ``provenance`` names the place of each non-empty value."""

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


def describe(document: Document, path: str) -> Metadata:
    """Return the metadata of a document; ``path`` gives a title (and a year) of last resort."""
    prose = tuple(block.text for block in document.blocks if block.form == "paragraph")
    stem = PurePosixPath(path.replace("\\", "/")).stem
    title, title_from = _title(document, stem)
    doctype = doctype_of(title, "\n".join(prose[:6]))
    start, end = report_start(document.blocks)
    if end:  # what a covering notice says of itself isn't said of the report
        prose = tuple(block.text for block in document.blocks[start:] if block.form == "paragraph")
    clues = _Clues(document, title, doctype, stem, prose[:12], prose[-10:])
    provenance = {"title": title_from}

    def first(field: str, finder: Callable[[_Clues], Iterator[tuple[str, str]]]) -> str:
        value, place = next(((v, p) for v, p in finder(clues) if v), ("", ""))
        if value:
            provenance[field] = place
        return value

    if title_from == "file name" and doctype == "work_report":
        clues = replace(clues, title=f"{_one_year(stem)}年政府工作报告" if _one_year(stem) else "政府工作报告")
        provenance["title"] = "text"
    agency = first("agency", _agencies)
    year = first("year", _years)
    number = first("document_number", _numbers)
    published = first("published_on", _published)
    if not year and doctype == "document" and _one_year(number):
        year, provenance["year"] = _one_year(number), "document_number"
    if not year and doctype == "policy":
        year, provenance["year"] = _policy_year(number, published, clues.title)
    region = first("region", lambda c: _regions(c, agency, int(year) if year else None))
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
        level=_level(agency, region),
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
        return offered[0]
    named = next((pair for pair in offered if names_a_type(pair[0])), None)
    return named or next(iter(offered), (stem, "file name"))


def _agencies(clues: _Clues) -> Iterator[tuple[str, str]]:
    labelled = clues.document.labelled
    yield _stated(clues, "发文机关")
    for label in ("发文机关", "发布机构", "公开主体", "责任单位"):
        yield labelled.get(label, ""), f"table:{label}"
    yield _agency_in_title(clues.title, clues.doctype), "title"
    for paragraph in clues.opening[:6] if clues.doctype == "work_report" else ():
        represented = _REPRESENTS.search(fold(paragraph))
        yield (represented["agency"] if represented else ""), "text"
    for name in ("contentsource", "author"):
        value = clues.document.meta.get(name, "")
        yield (value if re.search(rf"{_AGENCY_END}$", fold(value)) else ""), f"meta:{name}"
    for line in clues.document.datelines:
        found = _SOURCE.search(fold(line))
        yield (found["agency"] if found and re.search(rf"{_AGENCY_END}$", found["agency"]) else ""), "dateline"
    if clues.doctype == "work_report" and "全国人民代表大会" in "".join(clues.opening[:4]):
        yield "国务院", "text"
    for paragraph in reversed(clues.closing):
        text = fold(paragraph)
        yield (paragraph.strip() if re.fullmatch(rf"[一-鿿]{{2,28}}{_AGENCY_END}", text) else ""), "signature"


def _stated(clues: _Clues, label: str) -> tuple[str, str]:
    """Return what a column of the table of reports says, and its place; ("", ...) without one."""
    return clues.document.labelled.get(f"column:{label}", ""), f"column:{label}"


def _agency_in_title(title: str, doctype: str) -> str:
    folded = fold_with_offsets(title)
    if doctype == "work_report":
        found = _WORK_TITLE.match(folded.text)
        place = found["place"] if found else ""
        return f"{place}人民政府" if place and find_region(place) else "国务院" if place == "国务院" else ""
    if doctype != "annual_report":
        found = re.match(rf"^(?P<agency>[^,。《]{{2,30}}?{_AGENCY_END})关于", folded.text)
        return _original(title, folded.original_span(*found.span("agency"))) if found else ""
    for pattern in _TITLE_AGENCY:
        found = pattern.match(folded.text)
        if found:
            agency = _original(title, folded.original_span(*found.span("agency")))
            region = find_region(agency)
            if region and full_name(region).endswith(agency):
                return f"{agency}人民政府"
            if _IS_AGENCY.search(fold(agency)):
                return agency
    return ""


def _original(text: str, span: tuple[int, int]) -> str:
    return text[slice(*span)].strip(" 　:：-—")


def _regions(clues: _Clues, agency: str, year: int | None) -> Iterator[tuple[str, str]]:
    site = _SITE_CODE.match(clues.document.meta.get("siteidcode", ""))
    code = site[1] if site and is_region(site[1]) else ""
    named = find_region(agency, year)
    column, place = _stated(clues, "地区")
    stated = column if is_region(column) else find_region(column, year)
    if stated and not (named != stated and stated in regions_of(named, year)):
        yield stated, place
    # A city's site carries the reports of its districts: the agency's own name may be more specific.
    # Its code is today's, the agency's of a renamed place is that of then.
    below = code and named != code and code in regions_of(named, year)
    if code and not below:
        yield code, "meta:SiteIDCode"
    yield named, "agency"
    if re.search(r"^(?:国务院|国家|中国|中央|中华人民共和国)|[^支]部$|总局$|总署$", agency) and not named:
        yield NATIONAL, "agency"
    if not agency:
        # An agency's document may be about another place.
        yield find_region(clues.title, year), "title"


def _years(clues: _Clues) -> Iterator[tuple[str, str]]:
    column, place = _stated(clues, "年度")
    yield _one_year(column) or (column if re.fullmatch(r"(?:19|20)\d\d", column) else ""), place
    if clues.doctype == "policy":
        return  # a year in its title may be that of an event; see _policy_year
    yield _title_year(clues.title), "title"
    if clues.doctype == "work_report":
        yield _one_year(clues.title), "title"
        for paragraph in clues.opening[:6]:
            held = re.search(r"[-—]\s*(?:.{0,4})((?:19|20)\d\d)年\d{1,2}月\d{1,2}", fold(paragraph))
            yield (held[1] if held else ""), "dateline"
        yield _stem_year(clues.stem), "file name"
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
    yield _stem_year(clues.stem), "file name"


def _title_year(title: str) -> str:
    """Return the year that a title reports on: the last of a range, what is called 年度, else the first in no date."""
    text = arabic_years(title)
    patterns = (
        r"(?:19|20)\d\d年?度?\s*(?:[-—–~]+|至|到)\s*((?:19|20)\d\d)年?度?(?!\d|\d?月)",
        r"(?<!\d)((?:19|20)\d\d)\s*年度",
        r"(?<!\d)((?:19|20)\d\d)(?!\d|\s*[-/.年]\s*\d{1,2}\s*[-/.月])",
    )
    found = next((match for match in (re.search(pattern, text) for pattern in patterns) if match), None)
    return found[1] if found else ""


def _stem_year(stem: str) -> str:
    """Return the year that a file's name begins or ends with, or writes out; an article's number isn't one."""
    patterns = (r"^((?:19|20)\d\d)(?!\d)", r"[- ]((?:19|20)\d\d)$", r"(?<!\d)((?:19|20)\d\d)年")
    found = next((match for match in (re.search(pattern, stem) for pattern in patterns) if match), None)
    return found[1] if found else ""


def _one_year(text: str) -> str:
    years = find_years(text)
    return str(years[0]) if years else ""


def _policy_year(number: str, published: str, title: str) -> tuple[str, str]:
    """Return the year of a policy document: that of its number, of its publication, or at the start of its title."""
    if _one_year(number):
        return _one_year(number), "document_number"
    if published:
        return published[:4], "published_on"
    of_work = re.search(r"((?:19|20)\d\d)年度?(?=政务|政府|工作|重点|要点)|^.{0,8}?((?:19|20)\d\d)年", fold(title))
    return ((of_work[1] or of_work[2]), "title") if of_work else ("", "")


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
            yield _original(line, fold_with_offsets(line).original_span(*found.span())), "text"


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
    for paragraph in reversed(clues.closing):
        text = fold(paragraph)
        yield (find_date(text) if len(text) <= 20 else ""), "signature"


def _level(agency: str, region: str) -> str:
    if re.search(r"(?:镇|乡)人民政府|街道办事处|[镇乡]$", agency):
        return "town"
    return level_of(region)
