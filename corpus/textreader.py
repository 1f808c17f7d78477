"""Plain text -> Document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from corpus.characters import clean_characters
from corpus.cleaning import (
    bare_label,
    breadcrumbs,
    is_dateline,
    is_junk,
    is_label,
    paragraphs,
    plain_bullet,
)
from corpus.document import Document, Heading, Line
from corpus.encoding import decode
from corpus.flattened import with_tables
from corpus.folding import fold
from corpus.kinds import names_a_type
from corpus.notices import report_start
from corpus.numbering import heading_line
from corpus.oneline import with_lines
from corpus.splitting import RawBlock
from corpus.tables import Table, row_text
from corpus.texttables import with_drawn

#: How many lines at each end of a text may be the page's junk.
_MARGIN = 20
#: What parts a title from what was glued to it: a subtitle's dash, a tab, the speaker, the salutation.
_TITLE_END = re.compile(
    r"\t|　{2,}|——|－－|\s*国务院总理|\s*各位代表|\s*[(（](?:19|20)\d\d年\d(?![^)）]{0,12}(?:修|更正|订正|版))"
)
#: Word puts a tab between the number of a heading or list item and its text.
_NUMBER_CELL = re.compile(
    r"\d{1,2}[.．、)）]|[（(]?[一二三四五六七八九十\d]{1,3}[、.．)）]|第[一二三四五六七八九十百零〇\d]{1,6}[章节条款部分]{1,2}"
    r"|\d{1,2}(?:[.．]\d{1,2}){1,4}[.．]?|[①-⑳•●○■□◆◇▪►➢✓·*-]"
)
#: Where a speech was held, above its title.
_HELD_AT = re.compile(r"(?:——|—)?.{0,16}在.{2,40}(?:会议|大会)上")
#: A title ends within so many characters of its line.
_TITLE_WITHIN = 400
_LONGEST_VALUE = 40
#: Blocks above the first heading among which a title is looked for.
_MOST_ABOVE = 24
#: The agency or the year in the lines above the rest of a title.
_FIRST_HALF = re.compile(
    r"[一-鿿]{2,26}(?:政府|[局厅部署委院办关]|委员会|办公室|管委会|街道|办事处|中心|[镇乡]|中华人民共和国)|中华人民共和国|"
    r"[一-鿿]{0,26}(?:(?:19|20)\d\d|二[〇零]..)年度?"
)
#: Labels of the number table as they stand, one a line and without a colon, where a page was flattened.
_LABELS_ALONE = frozenset(
    "索引号 信息分类 主题分类 组配分类 体裁分类 信息类别 发布机构 发文机关 公开主体 公开机构 发文日期 发布日期 公开日期 生成日期 成文日期 "
    "文号 发文字号 名称 信息名称 标题 有效性 公开方式 公开范围 主题词 关键词 内容概述".split()
)
_FEWEST_LABELS = 3
#: Blocks above a title that may be its letterhead.
_LETTERHEAD = 5
_HEAD_OF_LETTER = re.compile(
    r"[一-鿿()]{2,40}文件|[一-鿿]{2,14}[\[(](?:19|20)\d\d[\])]\s*第?\d{1,5}号|[━─—=*_\s·-]{2,}|签发人.{0,12}"
)
#: Blanks that were escaped twice, before text; alone they are an empty cell.
_ENTITY = re.compile(r"^\s*(?:&(?:amp;)?(?:nbsp|emsp|ensp|#160|#12288);\s*)+(?=[^\s&|])")
_CELLS = re.compile(r"[|｜\t]")
#: Two rows are a table if they have the same number of cells, this at the least.
_EVEN_CELLS = 3
#: A longer line is prose with tabs in it.
_LONGEST_ROW = 120


def read_text(body: bytes) -> Document:
    """Return the Document of a plain text file."""
    decoded = decode(body)
    text = clean_characters(decoded.text)
    return replace(from_lines(text.split("\n")), raw_size=len(text), doubts=decoded.doubts)


def from_lines(lines: Iterable[Line]) -> Document:
    """Return the Document of lines of text and whole tables, in order.

    Junk and datelines go out, soft line breaks are joined, runs of `a | b` lines become tables.
    """
    kept, datelines = _without_junk(
        [_ENTITY.sub("　", plain_bullet(line)) if isinstance(line, str) else line for line in with_lines(lines)]
    )
    blocks = tuple(_blocks(with_drawn(with_tables(kept))))
    return Document(blocks=blocks, titles=tuple(_text_titles(blocks)), datelines=tuple(datelines))


def _text_titles(blocks: tuple[RawBlock, ...]) -> Iterator[tuple[str, str]]:
    """Yield what the first lines offer as a title: the first, or the first two where it was broken in two."""
    start, end = report_start(blocks)
    if end:  # the report's own title, not that of the notice before it
        yield "text:report", "".join(block.text.strip() for block in blocks[start:end])
    first = next((n for n, b in enumerate(blocks[:_LETTERHEAD]) if not _is_letterhead(b)), 0)
    lines = [b.text for b in blocks[first : first + 2] if b.form != "row" and heading_line(b.text) is None]
    heads = [_TITLE_END.split(line[:_TITLE_WITHIN], maxsplit=1)[0].strip() for line in lines]
    if heads and _can_be_title(heads[0]):
        joined = "" if _HELD_AT.match(heads[0]) else "".join(heads)
        if not names_a_type(heads[0]) and names_a_type(joined) and _can_be_title(joined):
            yield "text", joined
        yield "text", heads[0]
    if not (heads and names_a_type(heads[0])):  # what stands above the title said nothing of it
        yield from (("text", text) for text in _titles_below(blocks))


def _titles_below(blocks: tuple[RawBlock, ...]) -> Iterator[str]:
    """Yield the lines above the first heading that bear the title of a report, also one broken in two."""
    above: list[str] = []
    for block in blocks[:_MOST_ABOVE]:
        if block.form == "row" or heading_line(block.text) is not None:
            return
        text = block.text.strip()
        if _can_be_title(text) and names_a_type(text):
            joined = text
            for before in reversed(above[-2:]):
                if not _FIRST_HALF.fullmatch(fold(before)) or not _can_be_title(before + joined):
                    break
                joined = before + joined
            if joined != text:
                yield joined
            yield text
        above.append(text)


def _is_letterhead(block: RawBlock) -> bool:
    """Whether a block is what is printed above a title: 某市某局文件, the document's number, a rule."""
    return _HEAD_OF_LETTER.fullmatch(fold(block.text[:80])) is not None


def _without_junk(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Drop junk near both ends of the text, keep the datelines apart."""
    filled = [i for i, line in enumerate(lines) if not isinstance(line, str) or line.strip()]
    margins = set(filled[:_MARGIN]) | set(filled[-_MARGIN:])
    said = [line if isinstance(line, str) else "" for line in (lines[i] for i in filled[:_MARGIN])]
    path = {filled[i] for i in breadcrumbs(said)}
    kept: list[Line] = []
    datelines: list[str] = []
    pairs = _label_pairs([(i, str(lines[i])) for i in filled[:_MARGIN] if isinstance(lines[i], str)])
    started = False
    number = -1
    while (number := number + 1) < len(lines):
        line = lines[number]
        if not isinstance(line, Table) and number in margins:
            text = (line if isinstance(line, str) else line.text).strip()
            started = started or (heading_line(text) is not None and number not in filled[:2])
            if is_junk(text) or number in path:
                continue
            if number in pairs:
                if pairs[number]:
                    datelines.append(pairs[number])
                continue
            if not started and bare_label(text):
                beside = next((i for i in filled if i > number), number)
                value = lines[beside]
                if isinstance(value, str) and is_dateline(text + value.strip()):
                    datelines.append(text + value.strip())
                    number = beside
                    continue
            if not started and is_dateline(text):
                datelines.append(text)
                continue
            if not started and datelines and is_label(datelines[-1]) and 0 < len(text) <= _LONGEST_VALUE:
                datelines[-1] += text  # a label and, in the next line, its value
                continue
        kept.append(line)
    return kept, datelines


def _label_pairs(margin: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Return the lines of a number table that lost its colons: a label's line -> `label：value`, its value's line -> ""."""
    said = [(number, "".join(text.split()).rstrip(":：")) for number, text in margin]
    labels = [at for at, (_, text) in enumerate(said) if text in _LABELS_ALONE]
    if len(labels) < _FEWEST_LABELS:
        return {}
    found: dict[int, str] = {}
    for at in labels:
        number, label = said[at]
        found[number] = ""
        if at + 1 < len(said) and at + 1 not in labels:
            value, text = margin[at + 1][0], margin[at + 1][1].strip()
            found[number] = f"{label}：{text}"
            found[value] = ""
    return found


def _blocks(lines: list[Line]) -> Iterator[RawBlock]:
    """Yield paragraphs, headings and rows; two or more lines that are divided into cells are a table as well."""
    table = 0
    forms = [_form(line) for line in lines]
    apart = {
        number
        for number, line in enumerate(lines[1:-1], 1)
        if line == "" and forms[number - 1] == forms[number + 1] == "row"
    }  # a blank line between two rows divides nothing
    kept = [(form, line) for number, (form, line) in enumerate(zip(forms, lines, strict=True)) if number not in apart]
    for form, run in groupby(kept, key=itemgetter(0)):
        group = [line for _, line in run]
        divided = [line for line in group if isinstance(line, str)]
        barred = all("|" in line or "｜" in line for line in divided)
        widths = {len(_CELLS.split(line.strip())) for line in divided}
        even = len(widths) == 1 and min(widths) >= _EVEN_CELLS and max(map(len, divided)) <= _LONGEST_ROW
        if form == "row" and len(divided) >= (2 if barred or even else 3):
            table += 1
            yield from (RawBlock("row", row_text(_CELLS.split(line.strip())), table) for line in divided)
        else:
            yield from (RawBlock("paragraph", text) for text in paragraphs(divided))
        for line in group:
            if isinstance(line, Heading):
                yield RawBlock("heading", " ".join(line.text.split()), level=line.level)
            elif isinstance(line, Table):
                table += 1
                yield from (RawBlock("row", row.text, table, merged=row.merged) for row in line.rows)


def _form(line: Line) -> str:
    """Return what a line is for grouping: text, a row, or something that the reader has named."""
    if isinstance(line, str):
        return "row" if _is_row(line) else "text"
    return type(line).__name__


def _is_row(line: str) -> bool:
    if not _CELLS.search(line):
        return False
    text = line.strip()
    cells = _CELLS.split(text.strip("|｜"))
    numbered = len(cells) == 2 and "\t" in text and _NUMBER_CELL.fullmatch(cells[0].strip())
    return len(cells) >= 2 and not numbered


def _can_be_title(line: str) -> bool:
    folded = fold(line)
    return (
        4 <= len(folded) <= 80
        and "。" not in folded
        and "\ufffd" not in folded
        and not folded.endswith((":", "。", ";", ","))
        and heading_line(line) is None
    )
