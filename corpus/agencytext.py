"""The agency that a title, a sentence or a signature names, and its own region where that is a branch. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from corpus.folding import fold, fold_with_offsets
from corpus.placenames import find_region, is_place
from corpus.regions import region_name

#: How the name of an agency ends.
AGENCY_END: Final = (
    r"(?:(?:人民)?政府(?:办公(?:厅|室))?|行政公署|[局厅部署院]|委(?:员会)?|办公室|办公厅|街道办事处|街道|管委会|中心|集团|总队|支队|调查队|"
    r"支行|海关|检察院)"
)
_A_YEAR: Final = r"(?:19|20|二[〇零0o])[\do〇零一二三四五六七八九]{2}"
_DAY: Final = r"\d{1,2}月\d{1,2}日"
_PERIOD: Final = rf"{_A_YEAR}年{_DAY}[至到—–~-]{{1,2}}(?:{_A_YEAR}年)?{_DAY}"
_YEAR_OF: Final = rf"(?:{_PERIOD}|{_A_YEAR}(?:\s*(?:[-—–~至]|学年)+\s*{_A_YEAR})?(?:学?年)?度?)"
_TOPIC: Final = r"(?:(?:政府|政务)?(?:信息|资讯)公开|政务公开)"
_TITLE_AGENCY = (
    re.compile(rf"^(?:关于)?+(?:公布|发布)?+{_YEAR_OF}(?P<agency>.+?){_TOPIC}"),
    re.compile(rf"^(?:关于)?+(?P<agency>.+?)(?:关于)?{_YEAR_OF}.{{0,4}}?{_TOPIC}"),
    re.compile(rf"^(?:关于)?+(?P<agency>.+?){_TOPIC}"),
)
#: What a title names as its agency is a name: no figures, no sentence, and not what any agency could be called.
_IS_AGENCY = re.compile(
    r"^(?!(?:政府|政务|人民政府|关于|本(?:局|单位|机关|部门|级|级政府|市|县|区)|我[局市县区])$)[^\d,。:、《》>]{2,28}$"
)
_WORK_YEAR: Final = r"(?:(?:19|20|二[〇零0o])[\do〇零一二三四五六七八九]{2}年)?"
_WORK_TITLE = re.compile(
    rf"^{_WORK_YEAR}(?P<place>[^年\d]{{2,16}}?)(?:人民)?(?:政府)?{_WORK_YEAR}(?:人民)?政府工作报告"
)
_HELD = re.compile(r"在(?P<place>[一-鿿]{2,24}?)第[一二三四五六七八九十\d]{1,4}届人民代表大会")
_REPRESENTS = re.compile(r"代表(?P<agency>国务院|中央人民政府|(?!自治)[一-鿿]{2,14}?人民政府)")
_SPEAKER: Final = re.compile(
    r"(?:——)?(?P<agency>[一-鿿]{2,20}?(?:[局厅院]|委员会|人民政府))(?:副|代)?(?:局长|厅长|院长|主任|检察长)(?:[一-鿿]{2,4})?$"
)
_DOCUMENT_AGENCY = re.compile(rf"^(?P<agency>[^,。《]{{2,30}}?{AGENCY_END})(?:关于|(?:在)?{_A_YEAR}年)")
#: What a report says of who wrote it, or whom to ask: where its title is silent.
_SAYS_WHO: Final = (
    re.compile(rf"(?:由|是|系)(?P<agency>[一-鿿]{{2,28}}?{AGENCY_END})(?:负责)?(?:编制|编写|根据|按照|依据|依照)"),
    re.compile(rf"(?:现(?:将|向社会公布|公布)|编制(?:了|并公布)?)(?P<agency>[一-鿿]{{2,28}}?{AGENCY_END}){_A_YEAR}年"),
    re.compile(
        r"(?:^|[,。;])(?:请(?:直接)?(?:与|同|向)|联系(?:单位|机构|部门)[:])(?P<agency>[一-鿿]{2,28}?(?:[局厅部署]|委员会|人民政府|管委会|街道办事处))"
        r"[一-鿿]{0,10}?(?:联系|咨询|,|。|\()"
    ),
    re.compile(
        rf"^{_A_YEAR}年(?:度)?,?(?P<agency>[一-鿿]{{2,28}}?{AGENCY_END})(?:认真|按照|根据|严格|深入|坚持|在|以|高度)"
    ),
)
_HAS_PLACE: Final = re.compile(r"[一-鿿]{2,10}[省市区县旗州盟][一-鿿]{2}")
#: What may stand before a title: 【年报】, 《.
_AROUND: Final = re.compile(r"^\s*(?:[【\[［][^】\]］]{1,10}[】\]］]\s*)?[《“]?")
#: A name that says no place but 市 or 县: 市教育局.
_BARE: Final = re.compile(r"^(?:[省市区县州旗盟]|自治[区州县旗])(?=[一-鿿]{2})")


def agency_in_title(title: str, doctype: str, year: int | None) -> str:
    """Return the agency that a title names, as it stands there; "" if it names none."""
    title = _AROUND.sub("", title)
    folded = fold_with_offsets(title)
    if doctype == "work_report":
        found = _WORK_TITLE.match(folded.text)
        place = found["place"] if found else ""
        return government_of(place, year) if place and find_region(place) else "国务院" if place == "国务院" else ""
    if doctype != "annual_report":
        found = _DOCUMENT_AGENCY.match(folded.text)
        return original(title, folded.original_span(*found.span("agency"))) if found else ""
    for pattern in _TITLE_AGENCY:
        found = pattern.match(folded.text)
        if found:
            agency = original(title, folded.original_span(*found.span("agency")))
            if is_place(fold(agency), year):
                return government_of(agency, year)
            if _IS_AGENCY.search(fold(agency)):
                return agency
    return ""


def original(text: str, span: tuple[int, int]) -> str:
    """Return what stands at a span of the text, without what parts it from its neighbours."""
    return text[slice(*span)].strip(" 　:：-—")


def government_of(place: str, year: int | None) -> str:
    """Return the name of the government of a place: a league and a prefecture have a 行政公署."""
    code = find_region(fold(place), year)
    name = region_name(code, year)
    whole = place if fold(place).endswith(tuple("省市区县旗州盟")) or not code else place[: -len(place)] + name
    return whole + ("行政公署" if name.endswith(("盟", "地区")) else "人民政府")


def agency_in_speech(paragraphs: Iterable[str], year: int | None) -> str:
    """Return the government whose work a speech reports: that of the congress it was held at, or that it names."""
    said = [fold(paragraph[:600]) for paragraph in paragraphs]
    for text in said:
        held = _HELD.search(text)
        if held and find_region(held["place"], year):
            return government_of(held["place"], year)
    return next((found["agency"] for text in said if (found := _REPRESENTS.search(text))), "")


def agency_of_speaker(paragraphs: Iterable[str]) -> str:
    """Return the agency whose head reads a report out: 某市审计局局长　某某; "" if no line says so."""
    found = (_SPEAKER.match(fold(paragraph[:60])) for paragraph in paragraphs)
    return next((speaker["agency"] for speaker in found if speaker), "")


def agencies_in_text(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield the agencies that the opening of a report says it is by; only names that say their place."""
    said = [fold(paragraph[:2_000]) for paragraph in paragraphs]
    yield from (text for text in said if is_agency(text) and (find_region(text) or _HAS_PLACE.match(text)))
    for pattern in _SAYS_WHO:
        for text in said:
            for found in pattern.finditer(text):
                agency = found["agency"]
                if _IS_AGENCY.search(agency) and (find_region(agency) or re.match(r"国家|中国|中华", agency)):
                    yield agency


def is_agency(text: str) -> bool:
    """Whether a line is the name of an agency and nothing else."""
    return re.fullmatch(rf"[一-鿿]{{2,28}}{AGENCY_END}", fold(text[:60])) is not None


def is_bare(agency: str) -> bool:
    """Whether an agency's name says only 市 or 县 of its place: 市教育局, not 市南区教育局."""
    return bool(_BARE.match(fold(agency))) and not find_region(fold(agency))


def completed(agency: str, named: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the full name, with its place, of an agency called 市教育局, and where it stands; else ("", "")."""
    folded = fold(agency)
    for name, place in named:
        if fold(name).endswith(folded) and find_region(fold(name)):
            return name, place
    return "", ""
