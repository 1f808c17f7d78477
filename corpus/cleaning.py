"""Lines -> paragraphs: page junk out, soft line breaks joined. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.folding import fold
from corpus.numbering import heading_line

#: Whole lines that belong to the page around a report (folded). Each was seen on a government site.
_JUNK: Final = re.compile(
    r"""(?x)^(?:
      (?:[【\[(]?\s*字(?:体(?:大小)?|号)\s*:?.{0,20})
    | (?:您(?:现在)?(?:的|所在的?)?位置|当前(?:的)?位置|您当前的位置|所在位置)\s*(?:[:>»][^。]{0,120})?
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
    r"(?:.{0,24}?(?:发布(?:日期|时间)|发文(?:日期|时间)|信息来源|来源)\s*:|(?:时间|日期)\s*:\s*\[?(?:19|20)\d\d\s*[-年./])\s*\S"
)
_DATELINE_WORDS: Final = re.compile(
    r"发布(?:日期|时间)|发文(?:日期|时间)|信息来源|来源|时间|日期|浏览|阅读|点击|作者|字号|字体|打印|编辑"
)
_CLOSERS: Final = "，。、；：！？）】〕》”’,.;:!?)]%％"
_TERMINAL: Final = tuple("。！？；：.!?;:”』」）)】》…")
_OPEN_END: Final = tuple("，、,（(《“")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
#: Two wide blanks after the end of a sentence are the indent of a paragraph that lost its line break.
_INDENT_INSIDE = re.compile(r"(?<=[。！？：”）])[ \t]*(?=[　\xa0]{2,}\S)")
_LIST_ITEM = re.compile(r"^(?:\d{1,2}[.、．)）]|[（(]\d{1,2}[)）]|[①-⑳]|[-—–·•●■◆*])")


def clean_characters(text: str) -> str:
    """Return text without characters that no reader can see or store: controls, stray BOMs, surrogates."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


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


def paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs from lines as they stand in a text, leading blanks (the indent) included.

    A line goes on the one before if it starts with what can't start a sentence, if that one ends in the
    middle of one, or if the text was wrapped at a fixed width and that line is full.
    """
    rows = [row for line in lines for row in _INDENT_INSIDE.split(clean_characters(line))]
    wrap = _Wrap.of(rows)
    parts: list[str] = []
    heading_only = False
    last = ""
    blank_between = False
    for row in rows:
        text = row.strip()
        if not text:
            blank_between = True
            continue
        if parts and _continues(parts[-1], last, row, wrap, blank_between, heading_only):
            parts.append(_glue(parts[-1], text) + text)
            heading_only = False
        else:
            if parts:
                yield "".join(parts)
            parts = [text]
            heading_only = _is_heading_only(text)
        last = row
        blank_between = False
    if parts:
        yield "".join(parts)


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a text was wrapped: at ``width`` columns (0: not at all), with indented paragraphs or without."""

    width: int
    indents: bool

    @classmethod
    def of(cls, rows: list[str]) -> _Wrap:
        filled = [row.rstrip() for row in rows if row.strip()]
        widths = sorted(_columns(row) for row in filled)
        if len(widths) < 8:
            return cls(0, indents=False)
        longest = widths[-2]
        full = sum(1 for width in widths if width >= longest - 4)
        wrapped = 40 <= longest <= 130 and full >= len(widths) * 0.4
        # A centred title, first or far to the right, indents no paragraphs.
        margins = [_columns(row[: len(row) - len(row.lstrip())]) for row in filled[1:]]
        return cls(longest if wrapped else 0, indents=any(1 <= margin <= 8 for margin in margins))


def _continues(before: str, last: str, row: str, wrap: _Wrap, blank_between: bool, heading_only: bool) -> bool:
    """Whether a row goes on the paragraph whose latest part is ``before`` and whose latest row is ``last``."""
    text = row.strip()
    if text[0] in _CLOSERS:
        return True
    if heading_only or _LIST_ITEM.match(text) or heading_line(text) is not None:
        return False
    if before.endswith(_OPEN_END) and not blank_between:
        return True
    if blank_between or row[0].isspace() or not wrap.width or _columns(last.rstrip()) < wrap.width - 4:
        return False
    return wrap.indents or not before.endswith(_TERMINAL)


def _is_heading_only(line: str) -> bool:
    found = heading_line(line)
    return found is not None and not found.glued


def _columns(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _glue(before: str, after: str) -> str:
    """Return what stands between two joined lines: a blank between Latin words or figures, else nothing."""
    apart = before[-1].isascii() and after[0].isascii() and before[-1].isalnum() and after[0].isalnum()
    return " " if apart else ""
