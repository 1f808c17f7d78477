"""Names and years in a draft that may have come from another's report: what stands where, and why it is named. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from corpus.agencies import lineage
from corpus.departments import department_of
from corpus.folding import fold_with_offsets, is_han
from corpus.gazetteer import NATIONAL
from corpus.mentions import PlaceMention, offices_in, places_in, years_in
from corpus.regions import find_region, full_name, regions_of
from indexer.results import Span
from indexer.segment import Segmenter

Kind = Literal["region", "agency", "year"]

#: A place's office may begin with these, without a name of its own: 市教育局.
_OWN: Final = re.compile(r"(?:[省市区县州盟旗]|我|本|各|全)$")
#: A year in these is that of a document: 〔2019〕33号, 《…(2019年修订)》.
_DOCUMENT: Final = re.compile(r"\[[^\]]*$|《[^》]*$")
_OF_A_LAW: Final = re.compile(r"\s*年(?:[^,。;]{0,8})(?:修订|修正|公布|颁布|印发|发布|施行|实施)")
#: What makes a year the one that is reported.
_REPORTED: Final = re.compile(r"\s*年(?:度|1月1日|12月31日)")
_OPENING: Final = re.compile(r"(?:^|[。;\n])(?:在)?$")
#: A name of up to so many characters may stand within other words by chance.
_MAY_BE_CHANCE: Final = 3
_PLACE_ENDS: Final = tuple("省市区县旗盟州")
_NO_NAME: Final = ",。、;:()《》“” 与和及或对向由在同"
#: How the name of an office goes on after its place.
_ANY_OFFICE: Final = re.compile(
    r"(?:人民政府|委员会|人民代表大会|政治协商会议)?(?:办公[厅室])(?![一-鿿]{0,2}[位点])"
    r"|人民政府|(?:(?![和与及的在为对向由从将按]|人民政府)[一-鿿]){2,12}?(?:管理局|管理委员会|委员会|[局厅])(?![部长级势面限域])"
)
#: Names that are also everyday words: never sure.
_WORDS_TOO: Final = frozenset({"安康", "长治", "永州", "长春", "大同", "太平", "和平区", "解放区", "新华区"})


#: Kind, start and end in the folded text, what it means, whether it is sure.
_Found: TypeAlias = tuple[Kind, int, int, str, bool]


@dataclass(frozen=True, slots=True)
class Own:
    """Whose draft it is, as it was given or found: an agency's name, its region's code, the year reported."""

    agency: str = ""
    region: str = ""
    year: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The agency's name with its other names, before and after."""
        return tuple(dict.fromkeys((self.agency, *(name.name for name in lineage(self.agency))))) if self.agency else ()


@dataclass(frozen=True, slots=True)
class Named:
    """A name or year at a span of a paragraph. ``sure``: it is another's; else it may well be meant.

    ``meaning`` is what it names, in full: 山东省济南市, or the year.
    """

    kind: Kind
    paragraph: int
    span: Span
    text: str
    meaning: str
    sure: bool


def named_in(paragraph: str, number: int, own: Own, segmenter: Segmenter) -> Iterator[Named]:
    """Yield what of a paragraph names other regions, agencies and years, in the order of their places."""
    folded = fold_with_offsets(paragraph)
    places = list(_places(folded.text, own, segmenter))
    # 济南市教育局 is one name, of which 市教育局 is no other.
    taken = {place for _, start, end, _, _ in places for place in range(start, end)}
    offices = (office for office in _offices(folded.text, own) if office[1] not in taken)
    found = [*places, *offices, *_years(folded.text, own)]
    for kind, start, end, meaning, sure in sorted(found, key=lambda each: each[1:3]):
        span = folded.original_span(start, end)
        yield Named(kind, number, span, paragraph[slice(*span)], meaning, sure)


def _places(text: str, own: Own, segmenter: Segmenter) -> Iterator[_Found]:
    """Yield the places that aren't the draft's own, with the office of which they are the place."""
    if not own.region or own.region == NATIONAL:
        return
    offices = {office.start: office.end for office in offices_in(text)}
    edges = _edges(text, segmenter)
    for place in places_in(text):
        name = text[place.start : place.end]
        office = offices.get(place.end)
        # An office that the table of offices hasn't: 济南市档案局, 歙县人民政府办公室.
        if office is None and name.endswith(_PLACE_ENDS) and (other := _ANY_OFFICE.match(text, place.end)):
            office = other.end()
        # Long names, and those of an office's place, are no part of other words, as 定日县 is in 指定日县.
        is_name = len(name) > _MAY_BE_CHANCE or office or {place.start, place.end} <= edges
        if not is_name or _related(place, own):
            continue
        in_full = name.endswith(_PLACE_ENDS) and name not in _WORDS_TOO
        # Of a place that had several codes the one in force today; a name that several places bear says no more.
        code = place.codes[0] if len(place.codes) == 1 else find_region(name)
        meaning = full_name(code) if code in place.codes else name
        sure = (in_full or office is not None) and not _in_a_title(text, place.start)
        if office:
            yield "agency", place.start, office, meaning + text[place.end : office], sure
        else:
            yield "region", place.start, place.end, meaning, sure


def _offices(text: str, own: Own) -> Iterator[_Found]:
    """Yield the offices without a place of their own that aren't the draft's: 市教育局 in a draft of 财政局."""
    mine = department_of(own.agency)
    # A government reports of all its offices.
    if not mine or mine == "人民政府":
        return
    for office in offices_in(text):
        lead = _OWN.search(text[: office.start])
        if mine in office.departments or (not lead and text[office.start - 1 : office.start].strip(_NO_NAME)):
            continue
        start = lead.start() if lead else office.start
        own_voice = bool(lead and lead[0] in ("我", "本"))
        yield "agency", start, office.end, text[office.start : office.end], own_voice


def _years(text: str, own: Own) -> Iterator[_Found]:
    """Yield the years that aren't the one reported: sure where they are said to be it."""
    if own.year is None:
        return
    for mention in years_in(text):
        document = _DOCUMENT.search(text[: mention.start]) or _OF_A_LAW.match(text, mention.end)
        if mention.year == own.year or document:
            continue
        reported = bool(_REPORTED.match(text, mention.end))
        opening = mention.year == own.year - 1 and bool(_OPENING.search(text[: mention.start]))
        # Last year is what this one is compared with, and next year what is planned.
        if reported or opening or not own.year - 1 <= mention.year <= own.year + 1:
            planned = mention.year == own.year + 1
            yield "year", mention.start, mention.end + 1, str(mention.year), reported and not planned


def _related(place: PlaceMention, own: Own) -> bool:
    """Whether a place may be the draft's own: it, what contains it, or what lies in it."""
    mine = regions_of(own.region, own.year)
    return any(
        code == NATIONAL or code in mine or not set(mine[-1:]).isdisjoint(regions_of(code)) for code in place.codes
    )


def _edges(text: str, segmenter: Segmenter) -> frozenset[int]:
    """Return where words begin and end in a folded text."""
    edges = {0, len(text)}
    at = 0
    while at < len(text):
        if not is_han(text[at]):
            edges |= {at, at + 1}
            at += 1
            continue
        end = at
        while end < len(text) and is_han(text[end]):
            end += 1
        edges.add(at)
        for word in segmenter.words(text[at:end]):
            at += len(word)
            edges.add(at)
        at = end
    return frozenset(edges)


def _in_a_title(text: str, at: int) -> bool:
    """Whether a place stands in a title between book marks: a document that is cited."""
    return text.rfind("《", 0, at) > text.rfind("》", 0, at)
