"""The fallback for unknown page designs: readability says what of a page is its article; our lines are cut to that."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Sequence
from typing import Final

from lxml import etree
from lxml import html as parser

from corpus.cleaning import is_junk
from corpus.document import Heading, Line
from corpus.folding import fold
from corpus.htmltext import lines_of
from corpus.kinds import kind_of, names_a_type
from corpus.numbering import heading_line
from corpus.tables import Table

#: Larger pages, and those of more elements, are none of a site; the extractor is quadratic in places.
_LARGEST: Final = 1_000_000
_MOST_ELEMENTS: Final = 10_000
#: A line this short may stand anywhere on a page by chance.
_FEWEST: Final = 8
#: Where the extractor found so many times what our rule did, its finding is taken whole.
_FAR_MORE: Final = 2
#: A part this small of what our rule found, without a heading of a report, is another article of the page.
_LEAST_PART: Final = 0.25
#: What is left out below and shorter is rather the rest of the report than another article.
_LEAST_CUT: Final = 60
#: A title may be broken in lines; shorter parts say nothing.
_SHORT_TITLE: Final = 6
_DAY = re.compile(r"[^。]{0,30}[0-9〇○零一二三四五六七八九]{4}\s*年.{1,8}[日月][）)]?")
#: So many lines at the end may be the page's tools and blank.
_LAST: Final = 12
#: What stands below an article on its page: its neighbours, others like it.
_OTHERS = re.compile(
    r"[【\[]?(?:(?:上|下|前|后)一?[篇条页]\s*[】\]]?\s*[:：]|(?:网友|用户)?(?:评论|留言)(?:列表|区)?$"
    r"|(?:相关|热点|热门|最新|推荐|近期|图片|更多|其他|精彩)(?:新闻|文章|链接|阅读|信息|资讯|推荐|报道|动态|公告|内容|评论)\s*[】\]]?\s*[:：]?$"
    r"|猜你喜欢|新闻动态$|工作动态$|通知公告$|友情链接$|为您推荐)"
)
#: Letters of citizens and their answers beside it, from so many such lines.
_LETTER = re.compile(r"(?:来信|网友|提问|咨询|问|答复|回复|答)(?:内容|人)?\s*[:：]")
_FEWEST_LETTERS: Final = 4
#: How reports ask and answer, too, and what they say before.
_ASKED = re.compile(r"[问答]\s*[:：]")
_INTRODUCES = re.compile(r"[:：]$|如下[。.]?$")
_LONGEST_PART: Final = 30
_LONGEST_TITLE: Final = 80
_NEXT: Final = 4
_BLANKS = re.compile(r"[\s　|]+")
_TAG = re.compile(r"<[a-zA-Z]")
#: What stands above a report's text though an extractor may drop it: its number, whom it is addressed to.
_OPENS = re.compile(r".{0,20}[〔\[(（【][0-9]{4}[〕\])）】]\s*第?\s*\d{1,5}\s*号|[^。]{2,80}[:：]")
#: What may stand below: signature, day, note in brackets, attachment.
_CLOSES = re.compile(
    r".{0,30}[0-9〇○零一二三四五六七八九]{4}\s*年.{1,8}[日月].{0,4}|[(（【].{1,60}[)）】]|附(?:件|表).{0,80}"
    r"|.{2,40}(?:局|厅|委员会|政府|办公室|部|委|院|处|中心|街道办事处)"
)


def article_markup(markup: str) -> str:
    """Return the part of a page that readability takes for its article, as HTML; "" if it finds none."""
    if len(markup) > _LARGEST or len(_TAG.findall(markup)) > _MOST_ELEMENTS:
        return ""
    # Only a worker that meets an unknown design loads it.
    from readability import Document as Page  # noqa: PLC0415

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        return str(Page(markup).summary(html_partial=True))
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError, etree.LxmlError):
        return ""  # it is a second opinion: whatever breaks it, our own rule's finding stands


def cut_to_article(lines: Sequence[Line], markup: str, title: str) -> tuple[list[Line], bool]:
    """Return the lines of our own rule without what the extractor leaves out around the article; whether it decided.

    Nothing that is a report's goes with it: numbered headings, tables, number, signature and day, nor anything between
    two lines of the article. ``title`` is the folded title of the page. What begins with it and ends with the day it was
    signed, or with one paragraph below a heading, is bounded by itself: the extractor isn't asked.
    """
    lines = _without_others(lines)
    if _is_bounded(lines, _plain(title)):
        return list(lines), False
    found = article_markup(markup)
    if not found:
        return list(lines), False
    tree = parser.document_fromstring(found)
    article = _plain("".join(map(str, tree.itertext())))
    texts = [_plain(_said(line)) for line in lines]
    size = sum(map(len, texts))
    if len(article) > size * _FAR_MORE:
        return lines_of([tree]), True
    kept = [n for n, text in enumerate(texts) if len(text) >= _FEWEST and text in article]
    if not kept:
        return list(lines), False
    first, last = kept[0], kept[-1]
    firm = [n for n, line in enumerate(lines) if _is_firm(line)]
    title = _plain(title)
    # The title, number or addressees stand where the report begins, whatever the extractor starts from.
    first = next((n for n, line in enumerate(lines[:first]) if n in firm or _opens(line, title)), first)
    while first and (not _said(lines[first - 1]).strip() or _is_part(lines[first - 1])):
        first -= 1
    # A page whose own title says nothing: the report's stands above its text, or above its day and source.
    above = range(first - 1, max(-1, first - 1 - _NEXT), -1)
    first = next((n for n in above if _names_report(lines[n])), first)
    while last + 1 < len(lines) and _closes(lines[last + 1]):
        last += 1
    # An extractor that leaves out a heading or table below has lost a part of the report, and its text with it.
    if any(n > last for n in firm) or sum(map(len, texts[last + 1 :])) < _LEAST_CUT:
        last = len(lines) - 1
    if not firm and sum(map(len, texts[first : last + 1])) < size * _LEAST_PART:
        return list(lines), False
    return list(lines[first : last + 1]), True


def _without_others(lines: Sequence[Line]) -> Sequence[Line]:
    """Return lines up to where the page's other articles begin: below the last part of the report, under their own name."""
    last = max((n for n, line in enumerate(lines) if _is_firm(line)), default=len(lines))
    below = range(last + 1, len(lines))
    letters = [n for n in below if _LETTER.match(_said(lines[n]).strip())]
    if letters and _ASKED.match(_said(lines[letters[0]]).strip()):
        said = next((text for n in range(letters[0] - 1, last, -1) if (text := _said(lines[n]).strip())), "")
        if not said or _INTRODUCES.search(said):
            letters = []  # questions and answers are what the last part consists of
    named = (n for n in below if len(_said(lines[n])) <= _LONGEST_PART and _OTHERS.match(_said(lines[n]).strip()))
    return lines[: min([*letters[: len(letters) >= _FEWEST_LETTERS], *itertools.islice(named, 1)], default=len(lines))]


def _is_bounded(lines: Sequence[Line], title: str) -> bool:
    """Whether lines begin with the title and end with a day, or one paragraph below a heading; the page's tools left out."""
    if not title or not lines or _plain(_said(lines[0])) != title:
        return False
    ends = [line for line in lines[-_LAST:] if _said(line).strip() and not is_junk(_said(line).strip())]
    return bool(ends) and (_DAY.fullmatch(_said(ends[-1]).strip()) is not None or any(map(_is_firm, ends[-2:])))


def _is_firm(line: Line) -> bool:
    """Whether a line is a part of a report whatever an extractor says: a table, a numbered heading."""
    return isinstance(line, Table) or heading_line(_said(line)) is not None


def _names_report(line: Line) -> bool:
    said = _said(line).strip()
    return len(said) <= _LONGEST_TITLE and not said.endswith("。") and names_a_type(said)


def _is_part(line: Line) -> bool:
    """Whether a line is the usual title of a part without its number, which extractors take for a menu's."""
    said = _said(line).strip()
    return len(said) <= _LONGEST_PART and not said.endswith(("。", "：", ":")) and kind_of(said) != "body"


def _opens(line: Line, title: str) -> bool:
    said = _said(line).strip()
    part = _plain(said)
    return _OPENS.fullmatch(said) is not None or (len(part) >= _SHORT_TITLE and part in title)


def _closes(line: Line) -> bool:
    said = _said(line).strip()
    return not said or _CLOSES.fullmatch(said) is not None


def _plain(text: str) -> str:
    return _BLANKS.sub("", fold(text))


def _said(line: Line) -> str:
    if isinstance(line, Table):
        return "".join(row.text for row in line.rows)
    return line.text if isinstance(line, Heading) else line
