"""Copies: reports of one agency and year that say the same; one of them counts."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from rapidfuzz.distance import Indel

from corpus.folding import fold
from corpus.library import Library
from corpus.model import Report

#: Share of characters in common (1 - insertions and deletions / both lengths) from which two texts are the same report.
SAME: Final = 0.9
#: The same for a text that says of itself that it corrects another one.
VERSION: Final = 0.5
_CORRECTED: Final = re.compile(
    r"[(\[](?:[^)\]]{0,10}月|已)?(?:更正|修订|修正|修改|更新|勘误|订正)[^)\]]{0,6}[)\]]|(?:更正|修订|修正|订正|勘误)[版稿]"
)
_NOTE: Final = re.compile(
    r"(?:更正|勘误|订正)(?:说明|公告|声明|启事)|本(?:报告|版)[^。]{0,12}(?:更正|订正|修订)(?:版|后|如下)"
)
_NOTE_WITHIN: Final = 600
#: A group larger than this isn't the work of one agency in one year.
_LARGEST_GROUP: Final = 50
_LONGEST_COMPARED: Final = 20_000
_SENTENCE: Final = re.compile(r"[^。;]+[。;]?")


def link_copies(library: Library) -> None:
    """Link the copies among the reports of one agency and year, wherever something changed since the last time.

    Call inside a transaction. A correction of ``same_as`` by a person outweighs what is found here.
    """
    for group in library.unlinked_groups():
        members = list(library.reports(group)) if 1 < len(group) <= _LARGEST_GROUP else []
        links = same_reports(members)
        for report_id in group:
            library.link(report_id, *links.get(report_id, ("", "")))


def same_reports(reports: list[Report]) -> dict[str, tuple[str, str]]:
    """Return report_id -> (the report that counts in its place, "copy" or "version"). Pure.

    A text that calls itself corrected counts before what it corrects; otherwise the one of which more is known and
    whose tables have more cells, then the one published first, then the smaller identity.
    """
    # What a person points at counts, whatever else speaks for another one.
    chosen = {c.value for report in reports for c in report.corrections if c.field == "same_as" and c.value}
    order = sorted(
        reports,
        key=lambda r: (
            r.report_id not in chosen,
            not is_corrected_report(r),
            -_worth(r),
            r.published_on or "9999",
            r.report_id,
        ),
    )
    texts = {report.report_id: fold(report.text) for report in order}
    links: dict[str, tuple[str, str]] = {}
    for number, report in enumerate(order):
        for first in order[:number]:
            if first.report_id in links:
                continue
            version = is_corrected_report(first) and not is_corrected_report(report)
            alike = _alike(texts[first.report_id], texts[report.report_id], VERSION if version else SAME)
            if alike:
                links[report.report_id] = (first.report_id, "version" if version else "copy")
                break
    return links


def _worth(report: Report) -> int:
    """Return how much of a report was understood: its known fields, and tables that kept their columns."""
    facts = (report.agency, report.region, report.published_on, report.document_number, report.source_url)
    tables = [section for section in report.sections if section.form == "table"]
    return sum(map(bool, facts)) + sum(1 for table in tables if any(len(row) > 2 for row in table.grid()))


def is_corrected_report(report: Report) -> bool:
    """Whether a report says that it is a corrected version, in its title or in a note above its first part."""
    return is_corrected(report.title) or bool(_NOTE.search(fold(report.sections[0].text[:_NOTE_WITHIN])))


def is_corrected(title: str) -> bool:
    """Whether a title says that this is a corrected version."""
    return bool(_CORRECTED.search(fold(title)))


def _alike(first: str, second: str, share: float) -> bool:
    if min(len(first), len(second)) < share / (2 - share) * max(len(first), len(second)):
        return False  # so different in length that the share can't be reached
    if max(len(first), len(second)) > _LONGEST_COMPARED:
        # Character by character would be quadratic: sentences in common instead.
        ours, theirs = (Counter(_SENTENCE.findall(text)) for text in (first, second))
        common = sum(len(sentence) * count for sentence, count in (ours & theirs).items())
        return 2 * common >= share * (len(first) + len(second))
    return Indel.normalized_similarity(first, second, score_cutoff=share) >= share
