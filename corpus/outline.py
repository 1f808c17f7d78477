"""Which blocks of a report are headings, and of what level: the numbering seen in its context. Pure.

A line that could be a heading is one only where it fits its neighbours: tables of contents, items of an
enumeration below a real heading and the paragraphs of statutes look the same by themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from corpus.folding import fold
from corpus.kinds import is_first_level_title, kind_of
from corpus.notices import report_start
from corpus.numbering import LONGEST, HeadingLine, heading_line, is_article, numeral_alone
from corpus.rawblock import RawBlock

#: Level of the deepest heading that opens a section.
DEEPEST: Final = 2
#: A heading glued to its text, out of its sequence, counts in an annual report if it is a known title so short.
_SHORT_TITLE: Final = 26
_LONGEST_FREE: Final = 24
#: A title numbered （一） and ending in a full stop is no longer than this, the median of its siblings.
_LONGEST_ITEM: Final = 40
_NAMES = re.compile(r"附[表件录].{5}")
_DATE = re.compile(r"[12二][\d〇一二三四五六七八九]{3}年.{1,3}月.{1,3}日(?:印发|\(.{1,10}\))?")
_SHORTEST_TEXT: Final = 30
#: 2.1 counts within a part that bears the number 2.
_BELOW = re.compile(r"\d{1,2}\.\d")
_CONTENTS_LINES: Final = 80
#: Headings that a file marks and that bear no number, from which they are the parts.
_FEWEST_MARKED: Final = 2
#: Parts that a preface lists one a line, at the least.
_FEWEST_PARTS: Final = 3
_CONTENTS_TITLES: Final = frozenset({"目录", "目次", "本报告目录"})
_DATE_OR_NAME = re.compile(
    r"^[12二][\d〇一二三四五六七八九]{3}年|\d日$|^各位|^\(|[、,:;。!?》]$|^第.{1,4}条|\d{5}|^附|^注|^来源"
)


def headings(blocks: Sequence[RawBlock], title: str, doctype: str) -> dict[int, HeadingLine]:
    """Return position of a block -> the heading that it is or begins with; their levels are 1 or 2."""
    folded_title = fold(title)
    found = {
        position: line
        for position, block in enumerate(blocks)
        if block.form != "row" and (line := heading_line(block.text)) is not None
    }
    begins, _ = report_start(blocks)
    for position in [p for p in found if p < begins]:
        del found[position]  # a covering notice is one section
    numerals = _numerals(blocks) if not any(line.style == "一、" for line in found.values()) else {}
    for position in numerals:
        if position + 1 in found and not found[position + 1].style:
            del found[position + 1]  # 概述 below 一 is its title
    found |= numerals
    _drop_contents(blocks, found)
    _drop_items_of_articles(blocks, found)
    _drop_lists_of_attachments(blocks, found)
    _drop_enumerations(blocks, found, annual=doctype == "annual_report")
    if doctype == "annual_report":
        _drop_restarts(blocks, found)
    unnumbered = sum(
        block.form == "heading" and p not in found and can_head(block.text, folded_title)
        for p, block in enumerate(blocks)
    )
    found = _levelled(found, below_marked=unnumbered >= _FEWEST_MARKED)
    marked = marked_levels(blocks, folded_title)
    for position, block in enumerate(blocks):
        line = _marked_heading(block, marked, folded_title) if position not in found else None
        if line is not None and (block.form == "heading"):
            found[position] = line
    if not any(line.style for line in found.values()) and not marked:
        found |= _free_headings(blocks, folded_title, annual=doctype == "annual_report")
    return found


def can_head(text: str, folded_title: str) -> bool:
    """Whether a marked line can head a section: short, no sentence, and no part of the report's title."""
    folded = fold(text[: 2 * LONGEST])
    return (
        0 < len(folded) <= LONGEST
        and len(text) <= 2 * LONGEST
        and not folded.endswith(("。", ";", ","))
        and folded not in folded_title
    )


def marked_levels(blocks: Iterable[RawBlock], folded_title: str) -> dict[int, int]:
    """Return marked level -> level of the sections that such lines open where they bear no number.

    A mark that numbered headings bear too means their level; the others follow in their order.
    """
    numbered: dict[int, Counter[int]] = {}
    used: set[int] = set()
    for block in blocks:
        if block.form != "heading":
            continue
        found = heading_line(block.text)
        if found is not None:
            numbered.setdefault(block.level, Counter())[found.level] += 1
            used.add(block.level)
        elif can_head(block.text, folded_title):
            used.add(block.level)
    levels: dict[int, int] = {}
    above = 0
    for mark in sorted(used):
        levels[mark] = above = numbered[mark].most_common(1)[0][0] if mark in numbered else above + 1
    return levels


def _marked_heading(raw: RawBlock, levels: Mapping[int, int], folded_title: str) -> HeadingLine | None:
    """Return the heading that a marked line without a number is, if it opens a section."""
    level = levels.get(raw.level, DEEPEST + 1) if raw.form == "heading" else DEEPEST + 1
    if level > DEEPEST or not can_head(raw.text, folded_title):
        return None
    return HeadingLine(level, len(raw.text), glued=False)


def _numerals(blocks: Sequence[RawBlock]) -> dict[int, HeadingLine]:
    """Return the lines that are 一, 二, 三 … alone, if they count from one."""
    found = {
        position: HeadingLine(1, len(block.text), False, "一", number)
        for position, block in enumerate(blocks)
        if block.form == "paragraph" and (number := numeral_alone(block.text))
    }
    counted = [line.number for line in found.values()]
    return found if len(counted) >= 2 and counted == list(range(1, len(counted) + 1)) else {}


def _drop_contents(blocks: Sequence[RawBlock], found: dict[int, HeadingLine]) -> None:
    """Take out the lines of a table of contents: below 目录, and said again further down."""
    _drop_list_of_parts(blocks, found)
    start = next((p for p, block in enumerate(blocks) if fold(block.text[:12]) in _CONTENTS_TITLES), None)
    if start is None:
        return
    names = {position: re.sub(r"\s*\d{1,3}$", "", fold(blocks[position].text[: 4 * LONGEST])) for position in found}
    last = {name: position for position, name in names.items()}
    for position in [p for p in found if start < p <= start + _CONTENTS_LINES]:
        if last[names[position]] > position:
            del found[position]
        else:
            break


def _drop_list_of_parts(blocks: Sequence[RawBlock], found: dict[int, HeadingLine]) -> None:
    """Take out the parts that a preface lists one a line: they count from one without any text, and again further down.

    The list may name some of them otherwise than their headings do.
    """
    numbered = [p for p in sorted(found) if found[p].style == "一、" and not found[p].glued]
    run = numbered[:1] if numbered and found[numbered[0]].number == 1 else []
    for position in numbered[1:] if run else ():
        if position != run[-1] + 1 or found[position].number != found[run[-1]].number + 1:
            break
        run.append(position)
    if len(run) < _FEWEST_PARTS:
        return
    below = {kind_of(blocks[p].text[: line.end]) for p, line in found.items() if p > run[-1]}
    again = sum(kind_of(blocks[p].text) in below for p in run)
    if again * 2 > len(run):
        for position in run:
            del found[position]


def _drop_restarts(blocks: Sequence[RawBlock], found: dict[int, HeadingLine]) -> None:
    """Take out 一、二、 that count anew within a part, before the next part goes on with its number; known titles stay."""
    numbered = [p for p in sorted(found) if found[p].style == "一、"]
    known = [_is_known(blocks, found, p) for p in numbered]
    at = 0
    while at + 1 < len(numbered):
        number = found[numbered[at]].number
        end = at + 1
        if number >= 2 and found[numbered[end]].number == 1:
            while end < len(numbered) and not known[end]:
                end += 1
            if end < len(numbered) and found[numbered[end]].number == number + 1:
                for inner in numbered[at + 1 : end]:
                    del found[inner]
            else:
                end = at + 1
        at = end


def _is_known(blocks: Sequence[RawBlock], found: Mapping[int, HeadingLine], position: int) -> bool:
    return kind_of(blocks[position].text[: found[position].end]) != "body"


def _drop_items_of_articles(blocks: Sequence[RawBlock], found: dict[int, HeadingLine]) -> None:
    """Take out the items of articles: in a statute 一、 and （一） number what an article lists."""
    articles = [p for p, block in enumerate(blocks) if block.form != "row" and is_article(block.text)]
    if len(articles) < 3:
        return
    inside = False
    starts = set(articles)
    for position in range(articles[0], len(blocks)):
        line = found.get(position)
        if position in starts:
            inside = True
            found.pop(position, None)
        elif line is not None and line.style in ("", "第一章", "第一节"):
            inside = False
        elif line is not None and inside:
            del found[position]


def _drop_enumerations(blocks: Sequence[RawBlock], found: dict[int, HeadingLine], *, annual: bool) -> None:
    """Take out 一、 that count within a part: glued to their sentence and out of the sequence of those that stand alone.

    Also whole sentences, one after the other: a list, with no text below its items.
    """
    whole = {p: line for p, line in found.items() if line.style == "一、" and not line.glued}
    # A sentence heads a part only in a report whose parts are all headed by sentences.
    alone = {p: line for p, line in whole.items() if not _is_sentence(blocks[p].text)} or whole
    later = Counter(line.number for line in alone.values())
    before = 0
    for position in sorted(found):
        line = found[position]
        if line.style != "一、":
            continue
        if position in alone:
            before = line.number
            later[line.number] -= 1
        elif alone and blocks[position].form == "paragraph":
            heading = blocks[position].text[: line.end]
            short = len(fold(heading)) <= _SHORT_TITLE and kind_of(heading) != "body"
            known = annual and (short or is_first_level_title(heading))
            fits = line.number == before + 1 and not later[line.number]
            if fits or known:
                before = line.number
            else:
                del found[position]
    sentences = {p for p in found if not found[p].glued and _is_sentence(blocks[p].text)}
    listed = {p for p in sentences for q in (p - 1, p + 1) if q in sentences}
    for position in listed | _numbered_paragraphs(blocks, found):
        del found[position]


def _numbered_paragraphs(blocks: Sequence[RawBlock], found: Mapping[int, HeadingLine]) -> set[int]:
    """Return the runs of （一） whose items are sentences throughout: numbered paragraphs, not titles."""
    runs: list[list[int]] = [[]]
    for position, line in sorted(found.items()):
        if line.style != "（一）":
            runs.append([])
        elif line.glued or _is_sentence(blocks[position].text):
            runs[-1].append(position)
    lengths = [sorted(len(fold(blocks[p].text[: found[p].end])) for p in run) for run in runs]
    return {
        p
        for run, sizes in zip(runs, lengths, strict=True)
        if run and sizes[len(sizes) // 2] > _LONGEST_ITEM
        for p in run
    }


def _drop_lists_of_attachments(blocks: Sequence[RawBlock], found: dict[int, HeadingLine]) -> None:
    """Take out 附件：某表 where it names what is attached: above the signature and the date."""
    for position in [p for p, line in found.items() if not line.style]:
        below = [fold(block.text[:40]) for block in blocks[position + 1 : position + 4]]
        if _NAMES.match(fold(blocks[position].text[:40])) and any(_DATE.fullmatch(text) for text in below):
            del found[position]


def _is_sentence(text: str) -> bool:
    folded = fold(text[:200])
    return folded.endswith("。") and len(folded) > 15


def _levelled(found: dict[int, HeadingLine], *, below_marked: bool) -> dict[int, HeadingLine]:
    """Return the headings with the levels that their styles have in this report, deeper ones left out.

    ``below_marked``: the file marks headings without numbers, below which （一） count.
    """
    styles = [found[p].style for p in sorted(found) if found[p].style]
    levels = {"一": 1, "一、": 1, "（一）": 2, "第一章": 1, "第一节": 2, "": 1}
    if styles.count("第一章") >= 2:
        below = "第一节" in styles
        levels |= {"一、": 3 if below else 2, "（一）": 3 if below or "一、" in styles else 2}
    elif "一" in styles:
        levels["一、"], levels["（一）"] = 2, 2
    elif "一、" not in styles and "第一章" not in styles and not below_marked:
        levels |= {"（一）": 1, "第一节": 1}
    elif _second_is_outer(found):
        levels |= {"一、": 2, "（一）": 1}
    return {
        position: replace(line, level=levels[line.style])
        for position, line in sorted(found.items())
        if levels[line.style] <= DEEPEST
    }


def _second_is_outer(found: Mapping[int, HeadingLine]) -> bool:
    """Whether （一） are the parts and 一、 count within them: （一） comes first and goes on where 一、 starts anew."""
    outer = 0
    seen_inner = continued = False
    for position in sorted(found):
        line = found[position]
        if line.style == "（一）":
            if line.number != outer + 1:
                return False
            continued = continued or seen_inner
            outer = line.number
        elif line.style == "一、":
            if not outer or (line.number == 1 and continued and not seen_inner):
                return False
            seen_inner = True
    return continued and outer >= 2


def _free_headings(blocks: Sequence[RawBlock], folded_title: str, *, annual: bool) -> dict[int, HeadingLine]:
    """Return the short lines between paragraphs that head parts of a report without numbers; none if there are few."""
    found: dict[int, HeadingLine] = {}
    folded = [fold(block.text[:80]) if block.form != "row" else "" for block in blocks]
    first_text = next((p for p, text in enumerate(folded) if len(text) > 40), len(blocks))
    for position, block in enumerate(blocks):
        text = folded[position]
        if block.form == "row" or not 2 <= len(text) <= _LONGEST_FREE or _DATE_OR_NAME.search(text):
            continue
        if text in folded_title or position + 1 >= len(blocks) or _BELOW.match(text):
            continue
        known = annual and kind_of(block.text) != "body"
        after, before = folded[position + 1], fold(blocks[position - 1].text[-20:]) if position else ""
        followed = blocks[position + 1].form == "row" or len(after) > _SHORTEST_TEXT
        closed = (
            position < first_text or before.endswith(("。", "!", "?", ")", "”")) or blocks[position - 1].form == "row"
        )
        if (known and (followed or closed)) or (followed and closed and position >= first_text):
            found[position] = HeadingLine(1, len(block.text), glued=False)
    return found if len(found) >= 2 else {}
