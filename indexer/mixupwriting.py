"""What a mix-up check found, in words and as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from corpus.regions import full_name
from indexer.mixup import Checked, Shared
from indexer.mixupnames import Named

_SAID: Final[Mapping[tuple[str, bool], tuple[str, str]]] = {
    ("region", True): ("别的地区：{meaning}", "another region: {meaning}"),
    ("region", False): ("可能是别的地区：{meaning}", "perhaps another region: {meaning}"),
    ("agency", True): ("别的机关：{meaning}", "another agency: {meaning}"),
    ("agency", False): ("提到别的机关：{meaning}，请确认是否有意", "names another agency: {meaning}; is that meant?"),
    ("year", True): (
        "写成了 {meaning} 年，而本文年度是 {year} 年",
        "says {meaning}, while the year reported is {year}",
    ),
    ("year", False): (
        "提到 {meaning} 年（本文年度是 {year} 年），请确认",
        "names {meaning} (the year reported is {year}); is that meant?",
    ),
}


def said(found: Named, checked: Checked, lang: str) -> str:
    """Return why a name or year is named."""
    words = _SAID[found.kind, found.sure][lang == "en"]
    return words.format(meaning=found.meaning, year=checked.own.year)


def said_of_shared(found: Shared, lang: str) -> str:
    """Return who shares wording."""
    if found.reports:
        zh, en = (
            f"别的机关的 {found.reports} 份报告用同一表述",
            f"the same wording in {found.reports} reports of others",
        )
        if found.agencies > 1:
            zh, en = (
                f"{found.agencies} 个别的机关的 {found.reports} 份报告用同一表述",
                f"{en}, of {found.agencies} agencies",
            )
        return en if lang == "en" else zh
    percent = found.sources[0].similarity
    if percent == 100:
        return "a passage of another agency, word for word" if lang == "en" else "与别的机关的一段文字相同"
    return (
        f"{percent:g}% similar to a passage of another agency"
        if lang == "en"
        else f"与别的机关的一段文字相似 {percent:g}%"
    )


def said_of_own(checked: Checked, lang: str) -> str:
    """Return what the draft was checked against; what isn't known couldn't be checked."""
    own = checked.own
    english = lang == "en"
    facts = (
        ("agency" if english else "机关", own.agency),
        ("region" if english else "地区", full_name(own.region) if own.region else ""),
        ("year" if english else "年度", str(own.year or "")),
    )
    unknown = "not known, so not checked" if english else "未能确定，未检查这一项"
    return ("; " if english else "；").join(
        f"{name}{': ' if english else '：'}{value or unknown}" for name, value in facts
    )


def check_json(checked: Checked) -> dict[str, object]:
    """Return a check as plain values; paragraphs count from 1, spans are code points of the paragraph."""
    own = checked.own
    return {
        "agency": own.agency,
        "region": own.region,
        "year": own.year,
        "paragraphs": len(checked.paragraphs),
        "compared": checked.compared,
        "names": [
            {
                "kind": each.kind,
                "sure": each.sure,
                "paragraph": each.paragraph + 1,
                "span": list(each.span),
                "text": each.text,
                "meaning": each.meaning,
            }
            for each in checked.names
        ],
        "shared": [
            {
                "paragraph": each.paragraph + 1,
                "span": list(each.span),
                "text": each.text,
                "reports": each.reports,
                "agencies": each.agencies,
                "sources": [
                    {
                        "report_id": source.report_id,
                        "section_id": source.section_id,
                        "title": source.title,
                        "agency": source.agency,
                        "year": source.year,
                        "text": source.text,
                        "similarity": source.similarity,
                    }
                    for source in each.sources
                ],
            }
            for each in checked.shared
        ],
    }
