"""Compare ways to find the main text of unknown page designs; print recall and precision as Markdown.

    python3 scripts/maintext.py [--with trafilatura readability resiliparse justext] [--verbose]

The pages are invented: reports of the bundled samples in fourteen designs without a known container, and, where
../shared/data is, the policy pages of gov.cn with their ids and classes renamed. Figures are shares of the pieces of five
characters that a report and what was found have in common. The libraries compared need not be installed to run.
"""

# ruff: noqa: E501 - a page design reads best in one line
from __future__ import annotations

import argparse
import html
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.document import Document  # noqa: E402
from corpus.htmlreader import read_html  # noqa: E402
from corpus.splitting import RawBlock  # noqa: E402

MENU = "".join(
    f'<li><a href="/{n}/">{w}</a></li>'
    for n, w in enumerate("首页 要闻动态 政务公开 办事服务 互动交流 专题专栏 数据开放".split())
)
NEWS = "".join(
    f'<li><a href="/n{n}.html">某市召开第{n}次全市工作会议研究部署下一阶段重点工作</a> <span>2021-0{n}-11</span></li>'
    for n in range(1, 9)
)
FOOT = "主办单位：某市人民政府办公室　网站标识码：0000000000　样ICP备00000000号　地址：某市中心大道1号"


def fragment(blocks: Iterable[RawBlock], paragraph: str = "<p>　　{}</p>", close: bool = True) -> str:
    """Return blocks as HTML; ``paragraph`` is the form of one."""
    made, open_table = [], 0
    for block in blocks:
        if block.table != open_table:
            made.append(("</table>" if open_table else "") + ("<table border=1>" if block.table else ""))
            open_table = block.table
        text = html.escape(block.text)
        if block.form == "row":
            made.append(
                "<tr>"
                + "".join(f"<td>{c}{'</td>' if close else ''}" for c in text.split(" | "))
                + ("</tr>" if close else "")
            )
        else:
            made.append(paragraph.format(text))
    return "".join(made) + ("</table>" if open_table else "")


def page(body: str, title: str) -> str:
    """Return a whole page."""
    return f"<html><head><meta charset=utf-8><title>{title}-某市人民政府</title></head><body>{body}</body></html>"


def soup(b: list[RawBlock], t: str) -> str:
    """Divs within divs, names that say nothing."""
    return f"<div class=a1><ul>{MENU}</ul></div><div class=b2><div class=c3><div>{t}</div><div><div>{fragment(b, '<div>{}</div>')}</div></div></div></div><div>{FOOT}</div>"


def layout_tables(b: list[RawBlock], t: str) -> str:
    """The nested tables of the 2000s."""
    return f"<table width=100%><tr><td><table><tr><td><ul>{MENU}</ul></td></tr></table></td></tr><tr><td><table><tr><td width=180>{NEWS}</td><td><table><tr><td>{t}</td></tr><tr><td>{fragment(b)}</td></tr></table></td></tr></table></td></tr><tr><td>{FOOT}</td></tr></table>"


def lists_around(b: list[RawBlock], t: str) -> str:
    """Lists of links on all sides."""
    return f"<div><ul>{MENU}</ul></div><div><div><ul>{NEWS}</ul></div><div><h3>{t}</h3>{fragment(b)}</div><div><ul>{NEWS}</ul></div></div><div>{FOOT}</div>"


def comments_below(b: list[RawBlock], t: str) -> str:
    """Readers' comments below."""
    said = "".join(
        f"<div class=comment><b>网友{n}</b><p>希望政府信息公开工作越做越好，办事更加方便。</p></div>" for n in range(6)
    )
    return f"<div><ul>{MENU}</ul></div><div><h2>{t}</h2><div>{fragment(b)}</div></div><div class=comments>{said}</div><div>{FOOT}</div>"


def many_parents(b: list[RawBlock], t: str) -> str:
    """Each few paragraphs in a box of their own."""
    parts = "".join(f"<div class=k{n}><div>{fragment(b[n : n + 4])}</div></div>" for n in range(0, len(b), 4))
    return (
        f"<div><ul>{MENU}</ul></div><div class=q><h1>{t}</h1>{parts}</div><div><ul>{NEWS}</ul></div><div>{FOOT}</div>"
    )


def breaks_in_a_cell(b: list[RawBlock], t: str) -> str:
    """Text directly in a cell, broken by <br>."""
    return f"<table><tr><td>{MENU}</td></tr><tr><td>{t}</td></tr><tr><td>{fragment(b, '　　{}<br>')}</td></tr><tr><td>{FOOT}</td></tr></table>"


def wrong_nesting(b: list[RawBlock], t: str) -> str:
    """Elements closed in the wrong order."""
    return f"<div><ul>{MENU}</ul><div><font><b>{t}</font></b><div>{fragment(b, '<font><p><b>{}</font></p></b>')}</span></div></td></div>{FOOT}"


def unclosed(b: list[RawBlock], t: str) -> str:
    """Nothing is closed."""
    return f"<ul>{MENU}</ul><div><p>{t}{fragment(b, '<p>{}', close=False)}<div>{FOOT}"


def spans(b: list[RawBlock], t: str) -> str:
    """All text in spans, lines by <br>."""
    return f"<div><span>{MENU}</span></div><div><span>{t}</span><br>{fragment(b, '<span><span>{}</span></span><br>')}</div><div><span>{FOOT}</span></div>"


def word_export(b: list[RawBlock], t: str) -> str:
    """Saved from Word."""
    form = (
        "<p class=MsoNormal style='text-indent:32pt'><span lang=EN-US style='font-size:16pt'>{}<o:p></o:p></span></p>"
    )
    return f"<div class=WordSection1 style='layout-grid:15.6pt'>{fragment(b, form)}</div>"


def hidden_parts(b: list[RawBlock], t: str) -> str:
    """Boxes that aren't shown."""
    return f"<div style='display:none'><p>{'本站使用说明，请先登录后再操作。' * 9}</p></div><div><h1>{t}</h1><div>{fragment(b)}</div></div><div style='display: none;'>{FOOT}</div>"


def table_beside(b: list[RawBlock], t: str) -> str:
    """Tables and the end of the text in boxes beside the text's own."""
    at = next((n for n, block in enumerate(b) if block.form == "row"), len(b) * 2 // 3)
    return f"<div><ul>{MENU}</ul></div><div><div>{t}</div><div class=x>{fragment(b[:at])}</div><div class=y>{fragment(b[at:])}</div></div><div>{FOOT}</div>"


def notice_long(b: list[RawBlock], t: str) -> str:
    """A long legal notice at the foot."""
    return f"<div><h1>{t}</h1><div>{fragment(b)}</div></div><div class=foot><p>本网站所载信息仅供参考，不作为办理依据，使用前请向有关部门核实。</p><p>{FOOT}</p></div>"


def sidebar_text(b: list[RawBlock], t: str) -> str:
    """A column with summaries beside the text."""
    side = "".join(
        f"<div><a href=/s{n}>工作动态第{n}期</a><p>近日，某局召开会议，学习有关文件，部署下一步工作……<a href=/s{n}>[详细]</a></p></div>"
        for n in range(6)
    )
    return f"<div class=nav><ul>{MENU}</ul></div><div class=w><div class=sidebar>{side}</div><div class=r><h2>{t}</h2>{fragment(b)}</div></div><div>{FOOT}</div>"


DESIGNS: list[Callable[[list[RawBlock], str], str]] = [
    soup, layout_tables, lists_around, comments_below, many_parents, breaks_in_a_cell, wrong_nesting, unclosed, spans,
    word_export, hidden_parts, table_beside, notice_long, sidebar_text,
]  # fmt: skip


def text_of(document: Document) -> str:
    """Return the text of a document's blocks."""
    return "\n".join(block.text for block in document.blocks)


def ours(text: str) -> str:
    """Our own rule."""
    return text_of(read_html(text.encode()))


def trafilatura(text: str) -> str:
    """Return trafilatura's text, set to favour recall."""
    from trafilatura import extract  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return extract(text, favor_recall=True, include_tables=True, include_comments=False) or ""


def readability(text: str) -> str:
    """Return readability's text."""
    from lxml import html as parser  # noqa: PLC0415
    from readability import Document as Page  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return str(parser.fromstring(Page(text).summary()).text_content())


def resiliparse(text: str) -> str:
    """Return resiliparse's text."""
    from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return str(extract_plain_text(text, main_content=True))


def justext(text: str) -> str:
    """Return justext's text; it has no Chinese stop words, so the rules that count them are off."""
    import justext as library  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return "\n".join(
        p.text
        for p in library.justext(text.encode(), frozenset(), max_link_density=0.3, stopwords_low=0, stopwords_high=0)
        if not p.is_boilerplate
    )


def scores(found: str, wanted: str) -> tuple[float, float]:
    """Return recall and precision over pieces of five characters."""
    a, b = pieces(found), pieces(wanted)
    both = (a & b).total()
    return both / max(b.total(), 1), both / max(a.total(), 1)


def pieces(text: str) -> Counter[str]:
    """Return the pieces of five characters of a text, blanks and rules of tables left out."""
    text = re.sub(r"[\s|　]+", "", text)
    return Counter(text[n : n + 5] for n in range(len(text) - 4))


def anonymous(text: str, seed: int) -> str:
    """Return a page whose ids and classes are renamed at random."""
    source = random.Random(seed)  # noqa: S311
    return re.sub(
        r"""(?i)\b(id|class)\s*=\s*(["'])[^"']*\2""",
        lambda m: f'{m[1]}="{source.choice("xyz")}{source.randrange(99)}"',
        text,
    )


def cases() -> Iterable[tuple[str, str, str]]:
    """Yield (design, page, report text)."""
    for path in sorted((ROOT / "corpus" / "samples").glob("*.html"))[::3]:
        document = read_html(path.read_bytes())
        title = document.titles[0][1]
        for design in DESIGNS:
            yield design.__name__, page(design(list(document.blocks), title), title), text_of(document)
    for number, path in enumerate(sorted((ROOT.parent / "shared/data/html/gov-cn-2019").glob("*.html"))):
        yield "gov.cn renamed", anonymous(path.read_text("utf-8"), number), text_of(read_html(path.read_bytes()))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--with", dest="others", nargs="*", default=[], choices=["trafilatura", "readability", "resiliparse", "justext"]
    )
    chosen = parser.parse_args().others
    ways = {"ours": ours, **{name: globals()[name] for name in chosen}}
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for design, text, wanted in cases():
        for way, extract in ways.items():
            found.setdefault((design, way), []).append(scores(extract(text), wanted))
    print(f"| design | {' | '.join(ways)} |\n|---|{'---|' * len(ways)}")
    designs = list(dict.fromkeys(design for design, _ in found))
    for design in designs:
        print(f"| {design} | {' | '.join(shown(found[design, way]) for way in ways)} |")
    print(f"| **all** | {' | '.join(shown([s for d in designs for s in found[d, way]]) for way in ways)} |")


def shown(values: list[tuple[float, float]]) -> str:
    """Return mean recall, worst recall and mean precision."""
    recalls, precisions = zip(*values, strict=True)
    return f"{statistics.mean(recalls):.3f} (worst {min(recalls):.2f}) / {statistics.mean(precisions):.3f}"


if __name__ == "__main__":
    main()
