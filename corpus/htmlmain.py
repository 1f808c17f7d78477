"""Where the main text of a page is: the containers of known CMSs, else the region that holds its prose. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from lxml import etree

from corpus.htmltables import data_table
from corpus.htmltree import Element, drop, line_of, size_of, tag_of, text_of

#: Boxes that hold nothing but the text, by the CMS that writes them (TRS, UCAP, jcms, 博达, 开普, 大汉, epaper …).
_EXACT: Final = frozenset(
    """
    trs_editor trs_preappend view_trs_ueditor trs_ueditor trs_web ucap-content ucapcontent zoom zoomcon custom_unionstyle
    vsb_content vsb_content_2 vsb_content_4 vsb_content_100 vsb_content_500 vsb_content_501 v_news_content wp_articlecontent
    articlecontent article-content article_content articlecon article-con article_con arti_content js_content pages_content
    bt-content bt_content btcontent content-body contentbody content_body newscontent news_content news-content newstext
    ewebeditor_content ozoom founder-content xxgk_content xxgkcontent wzzw conn con_text conttext cont_txt main-txt main_txt
    txt_content text_content txtcontent textcontent contenttext content_text artcontent art_content art-content info_content
    infocontent gkcontent nr_content content_nr wenzhangneirong detail_con_txt xl_content xl_con xlcontent zwcontent zw_content
    article-body article_body articlebody rich_media_content j-content comment-marked
    """.split()
)
#: Boxes that hold the text, and often the title, the dateline or a toolbar with it.
_BROAD: Final = frozenset(
    """
    content_detail detail_content detail-content detailcontent details-content xxgk gk_content view_content show_content
    article_detail article-detail articledetail news_detail news-detail newsdetail content-detail content_main main_content
    maincontent main-content contentmain article_main wz_content wzcontent page-content pagecontent infodetail
    info-detail zwxl xxgk-content xxgk-detail wzy content_con arc_content details_content wenzhang zwnr wznr
    """.split()
)
_TITLES: Final = frozenset("ucaptitle article-title article_title articletitle arti_title arti-title".split())
_WEAK_TITLES: Final = frozenset(
    "title tit bt biaoti xl_tit news_title newstitle content-title content_title wz_title detail_title".split()
)
_AROUND = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|foot|footer|header|top|crumb|crumbs|breadcrumb|position|location|share|sidebar|weizhi|"
    r"toolbar|tools|copyright|qrcode|related|prev|next|pagination|comment|comments|pinglun|hot|recommend|login|search|"
    r"banner|friendlink|links)(?:$|[-_ \d])"
)
#: Toolbars that stand within the text's own box.
_TOOLS = re.compile(
    r"(?:^|[-_ ])(?:share|bdshare\w*|bdsharebuttonbox|jiathis\w*|fenxiang|toolbar|tools?|print|dayin|pages_print|fontsize|"
    r"font-size|zihao|qr|qrcode|ewm|erweima|qr_container|div_div|breadcrumb\w*|weizhi|dqwz|crumbs?|pagination|hits|"
    r"color-picker|colorpicker|prevnext|pagebreak|editor_tools|video_tips|jiucuo)(?:$|[-_ \d])",
    re.IGNORECASE,
)
_LEAST: Final = 40
_STOP = re.compile(r"[。；]")
_CONTENT_MARK = re.compile(
    r"^\s*(?:ZJEG_RSS\.content\.begin|<\$\[信息内容\]>begin|(?:文章)?正文(?:内容)?(?:开始|begin)?|(?:enp|fj)?content(?:\s*begin|\s*start)?|"
    r"信息内容\s*begin|文章内容(?:开始)?|内容开始|article\s*begin)\s*$",
    re.IGNORECASE,
)
_CONTENT_END = re.compile(
    r"^\s*(?:ZJEG_RSS\.content\.end|<\$\[信息内容\]>end|(?:/|end)\s*(?:enp)?content|(?:文章)?正文(?:内容)?(?:结束|end)|(?:enp)?content\s*end|"
    r"/(?:文章)?正文|信息内容\s*end|文章内容结束|内容结束|article\s*end|/enpcontent)\s*$",
    re.IGNORECASE,
)
_MAY_MARK = re.compile(r"正文|content|内容|article", re.IGNORECASE)
_MOST_MARKS: Final = 20
_identified = etree.XPath("//@id/.. | //@class/..")
_links = etree.XPath(".//a")


@dataclass(frozen=True, slots=True)
class Named:
    """The elements of a page that bear a telling id or class, in its order."""

    exact: tuple[Element, ...]
    broad: tuple[Element, ...]
    #: (place, element): "weak" where any box may bear the name
    titles: tuple[tuple[str, Element], ...]


@dataclass(frozen=True, slots=True)
class MainText:
    """The elements that hold the main text, in order; ``known`` if a CMS's container was found.

    ``markup`` is the page as it was before our own rule took furniture out of it; "" where a container was found.
    """

    elements: tuple[Element, ...]
    known: bool
    markup: str = ""


def mark_commented(root: Element) -> None:
    """Put what stands between the comments by which a CMS marks its text into a box of its own."""
    marks = [comment for comment in root.iter(etree.Comment) if _MAY_MARK.search((comment.text or "")[:60])]
    for comment in marks[:_MOST_MARKS]:
        if not _CONTENT_MARK.match((comment.text or "")[:60]) or comment.getparent() is None:
            continue
        inside: list[Element] = []
        for after in comment.itersiblings():
            if not tag_of(after) and _CONTENT_END.match((after.text or "")[:60]):
                box = etree.Element("div", {"id": "comment-marked"})
                box.text, comment.tail = comment.tail, None
                comment.addnext(box)
                box.extend(inside)
                break
            inside.append(after)


def named_of(root: Element) -> Named:
    """Return the elements whose id, class or own name a CMS gives to the text or its title."""
    exact, broad, titles = [], [], []
    for element in cast("list[Element]", _identified(root)):
        role = _role((element.get("id") or "")[:200].lower(), (element.get("class") or "")[:200].lower())
        if role == "exact":
            exact.append(element)
        elif role == "broad":
            broad.append(element)
        elif role:
            titles.append((role, element))
    own = [("ucaptitle", element) for element in root.iter("ucaptitle")]
    exact += [e for e in root.iter("ucapcontent") if not any(above in exact for above in e.iterancestors())]
    return Named(tuple(exact), tuple(broad), (*own, *titles))


def main_text(root: Element, named: Named) -> MainText:
    """Return where the main text is: known containers if they hold a fair part of the page, else its densest region."""
    body = next(root.iter("body"), root)
    inner, outer = _fair(named.exact), _fair(named.broad)
    held, around = sum(map(size_of, inner)), sum(map(size_of, outer))
    found = inner if held and held * 10 >= around * 7 else outer
    if found and _is_main(found, body):
        for element in found:
            _without_tools(element)
        return MainText(tuple(found), known=True)
    markup = markup_of(body)
    return MainText(tuple(_region(body)), known=False, markup=markup)


def markup_of(body: Element) -> str:
    """Return an element as a page of its own, as a general extractor reads it."""
    return f"<html>{etree.tostring(body, encoding='unicode', method='html', with_tail=False)}</html>"


def unlinked(whole: Element) -> int:
    """Return how much text of a page is outside links: menus and lists of articles don't count."""
    return size_of(whole) - sum(size_of(link) for link in cast("list[Element]", _links(whole)))


@lru_cache(maxsize=4096)
def _role(identity: str, classes: str) -> str:
    names = {identity, *classes.split()} - {""}
    if not names.isdisjoint(_EXACT):
        return "exact"
    if not names.isdisjoint(_BROAD):
        return "broad"
    strong = sorted(names & _TITLES)
    return strong[0] if strong else "weak" if not names.isdisjoint(_WEAK_TITLES) else ""


def _fair(elements: tuple[Element, ...]) -> list[Element]:
    """Return the outermost elements without those that hold little beside the largest: widgets of the same name.

    A small one right beside the largest is the rest of its text, a signature or an attachment.
    """
    outermost: list[Element] = []
    kept: set[Element] = set()
    for element in elements:
        if not any(above in kept for above in element.iterancestors()):
            kept.add(element)
            outermost.append(element)
    sizes = [size_of(element) for element in outermost]
    most = max(sizes, default=0)
    if not most:
        return []
    largest = outermost[sizes.index(most)]
    return [
        element
        for element, size in zip(outermost, sizes, strict=True)
        if size * 5 >= most
        or (size and element.getparent() is largest.getparent() and element.get("class") == largest.get("class"))
    ]


def _is_main(found: list[Element], body: Element) -> bool:
    """Whether containers hold enough: a fifth of what isn't linked, or half of the page's sentences."""
    held = sum(map(size_of, found))
    if held < _LEAST:
        return False
    if held * 2 >= size_of(body) or held * 5 >= unlinked(body):
        return True
    inside = sum(len(_STOP.findall(text_of(element))) for element in found)
    return inside >= 2 and inside * 2 >= len(_STOP.findall(text_of(body)))


def _without_tools(container: Element) -> None:
    for element in [e for e in container.iterdescendants() if e.get("class") or e.get("id")]:
        names = f"{element.get('id') or ''} {element.get('class') or ''}"[:200]
        if _TOOLS.search(names) and len(text_of(element)) <= 200 and not _STOP.search(text_of(element)):
            drop(element)


def _region(body: Element) -> list[Element]:
    """Return the smallest region that holds nearly all of the page's prose, and the text that stands beside it.

    Follows, from the body down, the child that holds most of the weight, not past sentences that stand between. What
    is small, named like furniture or made of links is left out; whatever else carries sentences or figures stays: no
    text of a report may be lost.
    """
    _without_furniture(body)
    weights: dict[Element, float] = {}
    _weigh(body, weights)
    region = body
    beside_before: list[Element] = []
    beside_after: list[list[Element]] = []
    while not _speaks(region):
        heavy = max((child for child in region if child in weights), key=lambda c: weights[c], default=None)
        if heavy is None or weights[heavy] < 0.85 * weights[region] or not _may_descend(heavy):
            break
        beside_before += [e for e in heavy.itersiblings(preceding=True) if _carries_text(e, weights)][::-1]
        beside_after.append([e for e in heavy.itersiblings() if _carries_text(e, weights)])
        region = heavy
    return [*beside_before, region, *(e for level in reversed(beside_after) for e in level)]


def _speaks(element: Element) -> bool:
    """Whether sentences stand directly in an element, beside its children."""
    return any(_STOP.search(text) for text in (element.text or "", *(child.tail or "" for child in element)))


def _may_descend(element: Element) -> bool:
    return tag_of(element) not in {"p", "ul", "ol", "pre", "blockquote", "span", "font", "tr"} and not (
        element.tag == "table" and data_table(element) is not None
    )


def _weigh(element: Element, weights: dict[Element, float]) -> float:
    """Fill in the weight of elements: characters outside links, those without a sentence's marks counted less."""
    if element.tag == "a":
        weights[element] = 0
        return 0
    own = (element.text or "").strip()
    total = 0.0
    for child in element:
        total += _weigh(child, weights)
        own += (child.tail or "").strip()
    total += len(own) * (1.0 if _STOP.search(own) or own.count("，") > 1 else 0.5)
    weights[element] = total
    return total


def _carries_text(element: Element, weights: dict[Element, float]) -> bool:
    """Whether an element beside the region goes with it: prose or figures, hardly any links."""
    text = text_of(element)
    if not text.strip() or element not in weights:
        return False
    linked = sum(len(text_of(link)) for link in cast("list[Element]", _links(element)))
    if linked * 3 > len(text) and not line_of(element).startswith("附件"):
        return False
    return bool(_STOP.search(text) or re.search(r"\d{4}\s*年\s*\d|^\s*附件|一、|1[.、]", text)) or _has_data(element)


def _has_data(element: Element) -> bool:
    return any(data_table(table) is not None for table in element.iter("table"))


def _without_furniture(body: Element) -> None:
    """Take the small elements out that are named as furniture of the page."""
    most = min(600, len(text_of(body)) // 2)
    named = [
        e
        for e in cast("list[Element]", _identified(body))
        if e is not body and _is_furniture(e.get("id"), e.get("class"))
    ]
    for element in named[:300]:
        if element.getparent() is not None and len(text_of(element)) < most:
            drop(element)
    for element in list(body.iter("footer", "header", "aside")):
        if len(text_of(element)) < most and not _STOP.search(text_of(element)):
            drop(element)


@lru_cache(maxsize=4096)
def _is_furniture(identity: str | None, classes: str | None) -> bool:
    return _AROUND.search(f"{identity or ''} {classes or ''}"[:200].lower()) is not None
