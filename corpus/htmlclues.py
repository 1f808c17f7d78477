"""What a page says about its document: meta tags, the number table, titles, datelines, its address. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from lxml import etree

from corpus.folding import fold
from corpus.htmltree import Element, drop, line_of, size_of, text_of
from corpus.kinds import names_a_type
from corpus.numbering import heading_line

_LONGEST_TITLE: Final = 300
_MOST_LABELS: Final = 30
_SITE_SUFFIX = re.compile(r"\s*[-_|—–·]+\s*[^-_|—–·]{2,20}$")
_URL = re.compile(r"https?://[^/\s]+/[^\s]+$")
_LABEL = re.compile(r"^[一-鿿\s　]{2,12}[：:]$")
#: Labels of the number table, and those of the same meaning by which metadata asks.
_NUMBER_LABELS: Final[dict[str, str]] = {
    **{
        name: name
        for name in (
            "索引号 发文字号 文号 发文机关 发布机构 成文日期 发布日期 公开日期 主题分类 标题 公开主体 责任单位 主题词 "
            "组配分类 体裁分类 有效性 公开方式 公开范围 公开形式 公开类别 公开属性 信息分类 关键词 内容概述 废止日期 失效日期 "
            "实施日期 生效日期 效力状态 信息索引 公开时限 信息类别 服务对象 公文种类 时效性"
        ).split()
    },
    **dict.fromkeys(
        ("发文机构", "发布单位", "制发机关", "发布机关", "公开机构", "发文单位", "信息来源单位"), "发布机构"
    ),
    **dict.fromkeys(("生成日期", "发布时间", "公开时间", "生成时间", "发文日期", "发文时间"), "发布日期"),
    "成文时间": "成文日期",
    **dict.fromkeys(("名称", "信息名称", "文件名称", "文件标题", "公文名称"), "标题"),
    **dict.fromkeys(("文件编号", "文件字号", "公文字号", "文件号", "发文文号"), "文号"),
    "信息索引号": "索引号",
}
#: Found in other places too; they count only beside two labels more.
_AMBIGUOUS: Final = frozenset({"标题", "发布日期", "发布机构", "关键词", "实施日期", "内容概述", "服务对象"})
_ANY_LABEL = re.compile(
    r"索[\s　]*引[\s　]*号|发[\s　]*文[\s　]*(?:字[\s　]*号|机[\s　]*[关构])|[\s　>]文[\s　]*号[：:\s<]|组配分类|标[\s　]*题[：:]"
)
_NONE: Final = frozenset({"", "无", "-", "--", "/", "—", "暂无"})
_dated = etree.XPath("descendant::text()[contains(., '：') or contains(., ':')]")
_DATED = re.compile(r"(?:发布日期|发布时间|来源|日期|时间)\s*[：:]")
_LABELLED: Final = ("td", "th", "strong", "b", "li", "span", "dt", "label", "em", "i", "div", "p", "dd")
_CELLS: Final = frozenset({"td", "th", "dd"})


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says: meta tags by lower-case name, the title, the address."""

    meta: Mapping[str, str]
    title: str
    url: str


#: A report's name in a box of its own: how many elements within it, how long.
_FEW: Final = 3
#: Elements within the box of a name: its characters may each have one.
_MOST_INSIDE: Final = 200
_SHORTEST_NAME: Final = 12
_LONGEST_NAME: Final = 60


def _in_link(element: Element) -> bool:
    above = element.getparent()
    return above is not None and above.tag == "a"


def read_head(root: Element) -> Head:
    """Return what the head says; of tags of one name the first that isn't empty."""
    meta: dict[str, str] = {}
    for tag in root.iter("meta"):
        name = (tag.get("name") or tag.get("property") or "").strip().lower()
        value = " ".join((tag.get("content") or "").split())
        if name and value:
            meta.setdefault(name, value)
    for tag in root.iter("publishtime"):
        meta.setdefault("publishtime", line_of(tag)[:80])
    first = next(root.iter("title"), None)
    title = line_of(first) if first is not None else ""
    link = next((e for e in root.iter("link") if (e.get("rel") or "").lower() == "canonical"), None)
    given = ((link.get("href") or "") if link is not None else "", meta.get("url", ""), meta.get("og:url", ""))
    return Head(meta, title, next((url for url in given if _URL.match(url)), ""))


def titles_of(
    head: Head, labelled: Mapping[str, str], named: Iterable[tuple[str, Element]], root: Element
) -> Iterator[tuple[str, str]]:
    """Yield (place, title), best first: what the page states, what stands as its title, the title of the window.

    ``named``: elements whose id or class is that of a title, with whether a CMS means the title by it ("strong")
    or any box may bear it ("weak"); the latter count if the window's title says the same.
    """
    if head.meta.get("articletitle"):
        yield "meta:ArticleTitle", head.meta["articletitle"]
    if labelled.get("标题"):
        yield "table:标题", labelled["标题"]
    boxes = list(named)
    for place, element in boxes:
        if place != "weak" and line_of(element):
            yield f"page:{place}", line_of(element)
    heading = next(filter(None, map(line_of, root.iter("h1"))), "")
    if heading and heading_line(heading) is None:  # a page that Word wrote has its parts in h1
        yield "page:h1", heading
    window = fold(head.title[:_LONGEST_TITLE])
    for place, element in boxes:
        text = line_of(element) if place == "weak" and window else ""
        if 6 <= len(text) <= 120 and fold(text) in window:
            yield "page:title box", text
    title = _SITE_SUFFIX.sub("", head.title[:_LONGEST_TITLE])
    if title:
        yield "page:title", title
    if not any(map(names_a_type, (head.meta.get("articletitle", ""), labelled.get("标题", ""), heading, title))):
        yield from (("page:text", text) for text in islice(_naming(root), 1))


def _naming(root: Element) -> Iterator[str]:
    """Yield the short texts of a page, links apart, that bear the name of a report and nothing else."""
    for element in root.iter("div", "p", "td", "th", "span", "h2", "h3", "h4", "strong", "b", "font", "center"):
        if len(element) > _FEW or not _is_short(element):
            continue
        if next(element.iter("a"), None) is not None or _in_link(element):
            continue
        text = line_of(element)
        if _SHORTEST_NAME <= len(text) <= _LONGEST_NAME and not text.endswith(("。", "：")) and names_a_type(text):
            yield text


def _is_short(element: Element) -> bool:
    """Whether a name may be all an element shows: boxes within boxes hold the whole page each, and aren't read for it."""
    if next(islice(element.iter(), _MOST_INSIDE, None), None) is not None:
        return False
    left = _LONGEST_NAME
    for text in element.itertext():
        left -= len("".join(str(text).split()))
        if left < 0:
            return False
    return True


def labelled_of(root: Element, text: str) -> dict[str, str]:
    """Return label -> value of the number table (索引号, 发文机关 …), be it a table, a list or a grid of boxes.

    ``text`` is that of the page. The grid is taken out of the tree: it is no part of the document's text.
    """
    found: dict[str, str] = {}
    if not _ANY_LABEL.search(text):
        return found
    places: dict[Element, set[str]] = {}
    for element in root.iter(*_LABELLED):
        if len(element) > 6:
            continue
        label, value = _pair(element)
        if not label:
            continue
        holder = _grid_of(element)
        known = _NUMBER_LABELS.get(label, "")
        if known and value and holder is not None:
            places.setdefault(holder, set()).add(known)
        if known and value not in _NONE and (known not in _AMBIGUOUS or element.tag in {"td", "th", "b", "strong"}):
            found.setdefault(known, value)
        elif known and value not in _NONE:
            found.setdefault(f"?{known}", value)
        elif not known and value:
            found.setdefault(label, value)
    sure = sum(1 for name in found if name.lstrip("?") in _NUMBER_LABELS.values()) >= 3
    for holder, labels in places.items():
        if "索引号" in labels and len(labels) >= 3 and size_of(holder) <= 150 * len(labels):
            drop(holder)
    return {name.lstrip("?"): value for name, value in found.items() if sure or not name.startswith("?")}


def datelines_of(root: Element, containers: Iterable[Element]) -> Iterator[str]:
    """Yield short texts outside the containers that carry a date or a source."""
    inside = set(containers)
    around = {above for container in inside for above in container.iterancestors()}
    looked = 0
    for said in cast("list[etree._ElementUnicodeResult]", _dated(root)):
        if not _DATED.search(said[:500]):
            continue
        looked += 1
        holder = said.getparent()
        if said.is_tail and holder is not None:
            holder = holder.getparent()
        if holder is None or looked > _MOST_LABELS:
            return
        if holder in inside or any(above in inside for above in holder.iterancestors()):
            continue
        for whole in (holder.getparent(), holder):  # a label alone has its value beside it
            line = line_of(whole) if whole is not None and (whole is holder or whole not in around) else ""
            if 0 < len(line) <= 200:
                yield line
                break


def _pair(element: Element) -> tuple[str, str]:
    """Return the label that an element is, or begins with, and its value beside it; ("", "") if it is none."""
    text = element.text or ""
    if not text.strip() and len(element):
        if element.tag not in _CELLS and element.tag != "dt":
            return "", ""
        text = text_of(element)
    text = text.strip()
    if not 2 <= len(text) <= 300:
        return "", ""
    name, colon, rest = text.replace("：", ":").partition(":")
    label = "".join(name.split())
    if len(label) > 10:
        return "", ""
    known = label in _NUMBER_LABELS
    if not (known or (colon and not rest and _LABEL.match(text))):
        return "", ""
    if rest.strip():
        return label, " ".join(rest.split())
    return label, _beside(element, bool(colon), known)


def _beside(element: Element, colon: bool, known: bool) -> str:
    """Return what stands beside a label: the next cell, the text after it, the next box."""
    holder: Element | None = element
    while holder is not None and holder.tag not in {"td", "th", "dt"}:
        holder = holder.getparent()
    if holder is not None:
        value = next(holder.itersiblings("td", "th", "dd"), None)
        said = line_of(value) if value is not None else ""
        # In the head of a table of data the next cell is another column's name.
        return "" if not colon and "".join(said.split()) in _NUMBER_LABELS else said
    if not known:
        return ""
    if (element.tail or "").strip(" \t\r\n　\xa0:："):
        return " ".join((element.tail or "").strip(" \t\r\n　\xa0:：").split())
    box = element.getnext()
    if box is not None:
        return line_of(box)[:300]
    after = "".join(text_of(child) + (child.tail or "") for child in element)
    return " ".join(after.split())[:300]


def _grid_of(element: Element) -> Element | None:
    """Return the list, table or box in which labels stand with their values, two levels up at the most."""
    above = [element, *element.iterancestors()][1:7]
    for holder in above:
        if holder.tag in {"table", "ul", "dl"}:
            return holder
    boxes = [e for e in above if e.tag == "div" and len(e) >= 3]
    return boxes[0] if boxes else None
