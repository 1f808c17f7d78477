"""Lines -> paragraphs: page junk out, soft line breaks joined. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corpus.characters import clean_characters
from corpus.folding import fold
from corpus.kinds import is_first_level_title, names_a_type
from corpus.numbering import heading_line

#: Whole lines that belong to the page around a report (folded). Each was seen on a government site.
_JUNK: Final = re.compile(
    r"""(?x)^(?:
      (?:[【\[(]?\s*字(?:体(?:大小)?|号)\s*:?.{0,20})
    | (?:您(?:现在)?(?:的|所在的?)?位置|当前(?:的)?位置|您当前的位置|所在位置)\s*(?:[:>»][^。]{0,120})?
    | (?:网站)?首页\s*[>»›].{0,120}
    | 扫一扫.{0,24} | .{0,6}扫描二维码.{0,16}
    | 分享(?:(?:到|至)\s*:?.{0,40}|\s*:.{0,40})? | 下载 | 全屏
    | 版权所有(?![权人者]).{0,160} | 主办单位\s*:.{0,80}(?:承办单位|技术支持|备案|网站标识码).{0,120}
    | .{0,120}(?:icp备\s*\d|网站标识码\s*:|公网安备\s*\d).{0,80}
    | 加大 | 还原 | 减小 | [\]】] | [大中小](?:\s*[|/]?\s*[大中小])*
    | 保护视力色\s*:?.{0,20} | 背景色\s*:?.{0,40} | (?:浏览|阅读|点击|访问)(?:次数|量|数)?\s*:?\s*\d*\s*次?
    | (?:[\[\]()|/\s]*(?:打印|关闭|收藏|返回|复制)(?:本页|此页|窗口|文章|正文|顶部|链接)?)+[\[\]()|/\s]*
    | (?:上一篇|下一篇|上一条|下一条)\s*:?.{0,80} | 相关(?:链接|文章|附件|稿件|信息|报道|新闻)\s*:?
    | [^。]{0,40}。?.{0,12}(?:记者|通讯员).{1,12}摄 | [^。]{1,40}。[^。]{0,16}(?:记者|通讯员)\s*\S{2,4}
    | [>»›]{1,3}
    | (?:责任编辑|编辑|作者|初审|复审|终审)\s*:\s*\S{0,12}
    )$"""
)
#: A junk line is no longer than this; a sentence, which ends in a full stop, is never junk.
_LONGEST_JUNK: Final = 300
_CRUMB_MARK: Final = re.compile(r"[>＞»›]{1,3}")
_LONGEST_CRUMB: Final = 24
_BARE_LABEL: Final = re.compile(r"(?:发布日期|发布时间|发文日期|信息来源|文章来源|来源|时间|日期)\s*:")
#: The line of metadata that sites print below the title.
_DATELINE: Final = re.compile(
    r"""(?x)(?:
      (?:信息索引号?|索引号|(?:主题|体裁|组配|信息)分类|(?:信息|公开)类别|(?:发布|公开)(?:机构|单位|机关)|发文(?:机关|机构|单位)|制发机关
        |公开主体|责任(?:单位|部门)|发文字号|文号|(?:生成|成文|公开)(?:日期|时间)
        |公开(?:方式|范围|时限)|(?:信息|文件)?名称|有效性|主题词)\s*:
    | \[(?:发布(?:日期|时间)|来源|信息来源)\]\s*:\s*\S
    | .{0,24}?(?:发布(?:日期|时间|于)|发文(?:日期|时间)|信息来源|来源)\s*:\s*\S
    | (?:时间|日期)\s*:\s*\[?(?:19|20)\d\d\s*[-年./]\s*\S
    )"""
)
_DATELINE_WORDS: Final = re.compile(
    r"发布(?:日期|时间)|发文(?:日期|时间)|信息来源|来源|时间|日期|浏览|阅读|点击|作者|字号|字体|打印|编辑"
)
_CLOSERS: Final = "，。、；：！？）】〕》”’,.;:!?)]%％"
_TERMINAL: Final = tuple("。！？；：.!?;:”』」）)】》…")
_OPEN_END: Final = tuple("，、,（(《“")
#: Two wide blanks after the end of a sentence are the indent of a paragraph that lost its line break.
_INDENT_INSIDE = re.compile(r"(?<=[。！？：”）])[ \t]*(?=[　\xa0]{2,}\S)")
#: The number of a page, alone on its line or left inside a word.
_PAGE_LINE: Final = re.compile(
    r"[-—–－·]{1,2}\s*\d{1,4}\s*[-—–－·]{1,2}|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
)
_PAGE_INSIDE = re.compile(r"(?<=[\u4e00-\u9fff])\s*[-—–－]\s*\d{1,3}\s*[-—–－]\s*(?=[\u4e00-\u9fff])")
_DASH = re.compile("[-—–－]")
#: Rows of a page, at the least.
_SHORTEST_PAGE: Final = 5
_BARE_NUMBER: Final = re.compile(r"\d{1,3}")
#: The number of a heading alone on its line, its title in the next one.
_NUMBER_ALONE: Final = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.]|[(][一二三四五六七八九十]{1,3}[)]|第[一二三四五六七八九十]{1,3}(?:部分|[章节])"
)
_LONGEST_TITLE: Final = 40
#: An unfinished line of this length is one of prose.
_LONG: Final = 24
#: A figure that a page's end broke in two goes on with the rest of it and its unit.
_REST_OF_FIGURE: Final = re.compile(r"\d{1,6}(?:\.\d+)?\s*[年月日条件个项次份%人万亿元篇名家场期]")
_SPACED_YEAR: Final = re.compile(r"(?<![\d０-９])(?:1\s9|2\s0|１\s９|２\s０)\s[\d０-９]\s[\d０-９]\s?年")
_SPACED_FIGURE: Final = re.compile(r"(?<![\d０-９.．])[\d０-９](?:\s[\d０-９])+(?=\s?[\u4e00-\u9fff])")
_SPACED_NUMBER: Final = re.compile(r"\s*[一二三四五六七八九十]{1,3}(?:\s{2,}|　)\S")
_SPACED_SENTENCE: Final = re.compile(r"[，。：；,:;]")
#: A line in which nearly every character stands alone between single blanks.
_FEWEST_SPACED: Final = 6
#: What takes two columns.
_WIDE = re.compile("[\u2e80-\U0010ffff]+")
_LIST_ITEM = re.compile(r"^(?:\d{1,2}[.、．)）]|[（(]\d{1,2}[)）]|[①-⑳]|[-—–·•●■◆*])")


def plain_bullet(line: str) -> str:
    """Return a line that begins with a sign of Symbol or Wingdings, which no other font has, with a bullet instead."""
    start = line.lstrip()[:1]
    return line.replace(start, "•", 1) if "\uf020" <= start <= "\uf0ff" else line


def is_junk(line: str) -> bool:
    """Whether a line belongs to the page, not to the report."""
    text = line.strip()
    if len(text) > _LONGEST_JUNK or text.endswith("。"):
        return False
    return bool(_JUNK.match(fold(text)))


def breadcrumbs(lines: Sequence[str]) -> set[int]:
    """Return which lines are a path of pages that was broken at its marks: 首页, >, 政务公开, >, 年度报告."""
    marks = [i for i, line in enumerate(lines) if _CRUMB_MARK.fullmatch(line.strip())]
    found: set[int] = set()
    for mark in marks if len(marks) >= 2 else ():
        for beside in (mark - 1, mark, mark + 1):
            if 0 <= beside < len(lines) and len(lines[beside].strip()) <= _LONGEST_CRUMB:
                found.add(beside)
    return found


def bare_label(line: str) -> bool:
    """Whether a line is the label of a dateline whose value stands in the next line (时间：)."""
    return bool(_BARE_LABEL.fullmatch(fold(line.strip()[:20])))


def is_dateline(line: str) -> bool:
    """Whether a line is the metadata that sites print below a title (date, source, font size …)."""
    text = fold(line[:_LONGEST_JUNK])
    if len(text) > 160 or "。" in text or not _DATELINE.match(text):
        return False
    return len(text) <= 40 or len(_DATELINE_WORDS.findall(text)) >= 2


def is_page_number(line: str) -> bool:
    """Whether a line is the number of a page (- 3 -, 第3页) and nothing else."""
    return len(line) <= 40 and _PAGE_LINE.fullmatch(line.strip()) is not None


def joined_digits(line: str, spaced: bool = False) -> str:
    """Return a line with the digits of a letter-spaced year (`2 0 1 9 年`) together; then its other figures as well.

    ``spaced``: the line's letters are known to be set apart.
    Only figures that a Han character follows: a row of a table ends in digits that stand alone.
    """
    if not spaced and ("年" not in line or not _SPACED_YEAR.search(line)):
        return line
    return _SPACED_FIGURE.sub(lambda found: re.sub(r"\s", "", found[0]), line)


def unspaced(line: str) -> str:
    """Return a letter-spaced line (`邮 编 ： 223100`) without the blanks between its characters; others as they are."""
    if " " not in line.strip() or len(line) > 10_000:
        return line
    line = joined_digits(line)
    words = line.split()
    alone = sum(len(word) == 1 and not word.isascii() for word in words)
    longest = max((len(word) for word in words if not word.isascii()), default=0)
    indent = line[: len(line) - len(line.lstrip())]
    if alone >= _FEWEST_SPACED and all(len(word) == 1 for word in words) and _SPACED_SENTENCE.search(line):
        return indent + "".join(words)  # its figures, too: a row of a table has no such marks
    if len(words) < _FEWEST_SPACED or alone * 10 < len(words) * 6 or longest > 3:
        return line
    joined: list[str] = []
    if _SPACED_NUMBER.match(line):  # 三   依 申 请 公 开 情 况: a heading's number without its mark
        indent, words = f"{indent}{words[0]} ", words[1:]
    for word in words:
        apart = joined and joined[-1][-1].isascii() and word[0].isascii() and len(joined[-1]) > 1 and len(word) > 1
        joined.append(f" {word}" if apart and joined[-1][-1].isalnum() and word[0].isalnum() else word)
    return indent + "".join(joined).strip()


def is_label(line: str) -> bool:
    """Whether a dateline is a label alone, its value in the next line."""
    return re.fullmatch(r"[^:：\s]{2,6}\s*[:：]", line.strip()) is not None


def paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs from lines as they stand in a text, leading blanks (the indent) included.

    A line goes on the one before if it starts with what can't start a sentence, if that one ends in the
    middle of one, or if the text was wrapped at a fixed width and that line is full.
    """
    rows = [row for line in lines for row in _rows_of(line)]
    wrap = _Wrap.of(rows)
    pages = _counted_pages(rows)
    parts: list[str] = []
    heading_only = False
    last = ""
    blank_between = False
    over_page = False
    for number, row in enumerate(rows):
        text = row.strip()
        if not text:
            blank_between = True
            continue
        open_sentence = bool(parts) and not heading_only and not parts[-1].endswith(_TERMINAL)
        if is_page_number(text) or (open_sentence and number in pages):
            over_page = True
            continue
        broken_figure = bool(parts) and parts[-1][-1].isdecimal() and _REST_OF_FIGURE.match(text) is not None
        goes_on = over_page and open_sentence and (broken_figure or not _begins_anew(text))
        if parts and (goes_on or _continues(parts[-1], last, row, wrap, blank_between, heading_only)):
            parts.append(_glue(parts[-1], text) + text)
            heading_only = False
        else:
            if parts:
                yield "".join(parts)
            parts = [text]
            heading_only = _is_heading_only(text)
        last = row
        blank_between = over_page = False
    if parts:
        yield "".join(parts)


def _rows_of(line: str) -> list[str]:
    """Return the rows of a line, without what the page left inside; few lines have the signs that need a closer look."""
    line = unspaced(clean_characters(line))
    if _DASH.search(line):
        line = _PAGE_INSIDE.sub("", line)
    return _INDENT_INSIDE.split(line) if "　" in line or "\xa0" in line else [line]


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a text was wrapped: at ``width`` columns (0: not at all), with indented paragraphs, or (``mostly``) hardly any other.

    ``characters``: how many each full line has where wide and narrow ones were counted alike, else 0.
    """

    width: int
    indents: bool
    mostly: bool = False
    characters: int = 0

    @classmethod
    def of(cls, rows: list[str]) -> _Wrap:
        filled = [row.rstrip() for row in rows if row.strip()]
        long = [row[0].isspace() for row in filled[1:] if len(row) >= _LONG]  # a title has no indent
        mostly = sum(long) * 2 > len(long)
        if len(filled) < 8:
            return cls(0, indents=False, mostly=mostly)
        widths = sorted(_columns(row) for row in filled)
        longest = widths[-2]
        full = sum(1 for width in widths if width >= longest - 4)
        wrapped = 40 <= longest <= 130 and full >= len(widths) * 0.4
        # A centred title, first or far to the right, indents no paragraphs.
        margins = [_columns(row[: len(row) - len(row.lstrip())]) for row in filled[1:]]
        [(usual, often)] = Counter(map(len, filled)).most_common(1)
        characters = usual if usual >= _LONG and often >= len(filled) * 0.4 else 0
        return cls(longest if wrapped else 0, any(1 <= margin <= 8 for margin in margins), mostly, characters)

    def is_full(self, row: str) -> bool:
        """Whether a row is as wide as the text was wrapped."""
        line = row.rstrip()
        return self.width > 0 and (_columns(line) >= self.width - 4 or len(line) == self.characters)


def _continues(before: str, last: str, row: str, wrap: _Wrap, blank_between: bool, heading_only: bool) -> bool:
    """Whether a row goes on the paragraph whose latest part is ``before`` and whose latest row is ``last``."""
    text = row.strip()
    if text[0] in _CLOSERS or _is_rest_of_heading(before, text):
        return True
    if heading_only or _LIST_ITEM.match(text) or heading_line(text) is not None:
        return False
    if before.endswith(_OPEN_END) and not blank_between:
        return True
    if (
        wrap.mostly
        and not blank_between
        and not row[0].isspace()
        and len(before) >= _LONG
        and _SPACED_SENTENCE.search(before)
    ):
        return not before.endswith(_TERMINAL)  # where paragraphs are indented, what isn't goes on
    if blank_between or row[0].isspace() or not wrap.is_full(last):
        return False
    if before.endswith(("报告", "年报", "報告", "年報")) and len(before) <= _LONGEST_TITLE and names_a_type(before):
        return False  # a title as wide as the lines below it
    return wrap.indents or not before.endswith(_TERMINAL)


def _is_rest_of_heading(before: str, text: str) -> bool:
    """Whether a line is the title of a number that stands alone above it, or the rest of a known title broken in two."""
    if len(before) + len(text) > _LONGEST_TITLE or (heading_line(text) is not None and _has_number(text)):
        return False
    if _NUMBER_ALONE.fullmatch(fold(before)):
        return not text.endswith(_TERMINAL)
    return _has_number(before) and not is_first_level_title(before) and is_first_level_title(before + text)


def _has_number(line: str) -> bool:
    found = heading_line(line)
    return found is not None and bool(found.style)


def _counted_pages(rows: list[str]) -> set[int]:
    """Return the rows that are bare page numbers: figures that count on from page to page, not a count in a sentence."""
    bare = [(number, int(row)) for number, row in enumerate(rows) if _BARE_NUMBER.fullmatch(row.strip())]
    pages: set[int] = set()
    for (at, value), (later, following) in pairwise(bare):
        if following == value + 1 and later - at >= _SHORTEST_PAGE:
            pages |= {at, later}
    return pages


def _begins_anew(text: str) -> bool:
    return bool(_LIST_ITEM.match(text)) or text[0].isdigit() or heading_line(text) is not None


def _is_heading_only(line: str) -> bool:
    found = heading_line(line)
    return found is not None and not found.glued


def _columns(text: str) -> int:
    return 2 * len(text) - len(_WIDE.sub("", text))


def _glue(before: str, after: str) -> str:
    """Return what stands between two joined lines: a blank between Latin words; a figure broken in two is one."""
    if before[-1].isdecimal() and after[0].isdecimal():
        return ""
    apart = before[-1].isascii() and after[0].isascii() and before[-1].isalnum() and after[0].isalnum()
    return " " if apart or (before.startswith("第") and _NUMBER_ALONE.fullmatch(before)) else ""
