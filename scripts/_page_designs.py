"""Page designs without a known container, for scripts/maintext.py: invented sites around a report."""

# ruff: noqa: E501 - a page design reads best in one line
from __future__ import annotations

import html
from collections.abc import Callable, Iterable

from corpus.splitting import RawBlock

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

DIGEST = [
    "近日，某市召开全市重点工作推进会议，传达学习上级有关会议精神，听取各县区、各部门工作情况汇报，研究部署下一阶段工作。会议强调，要提高认识，压实责任，确保各项任务按期完成。",
    "为进一步优化营商环境，某市出台十条措施，从审批提速、服务提质、监管提效三个方面，为各类市场主体纾困解难。截至目前，已有三百余家企业受益，群众满意度明显提升。",
    "某市文化馆举办的群众文艺汇演昨晚落下帷幕，来自各街道的二十余支队伍登台表演，现场气氛热烈。主办方表示，今后每季度都会举办类似的活动，欢迎广大市民报名参加。",
    "记者从某市气象台获悉，受冷空气影响，未来三天全市将有一次降温过程，局部地区有小到中雨。气象部门提醒市民注意添衣保暖，出行注意交通安全，农业部门做好防范工作。",
    "某市疾控中心提醒，近期呼吸道疾病进入高发期，市民应当勤洗手、常通风，外出佩戴口罩。如有发热、咳嗽等症状，应当及时到就近的医疗机构就诊，避免带病上班上学。",
]
NOTICE = (
    "本网站由某市人民政府办公室主办，旨在为公众提供政务信息。凡本网站注明来源的作品，未经授权不得转载、摘编或利用其他方式使用。"
    "本网站转载其他媒体的稿件，目的在于传递更多信息，并不代表本网站赞同其观点。如有侵权，请与本网站联系，我们将及时处理。"
    "用户在使用本网站服务时，应当遵守有关法律法规，不得利用本网站从事违法活动。本网站保留随时修改本声明的权利，恕不另行通知。"
)


def _digests(count: int, form: str = "<div><h4>工作动态第{n}期</h4><p>{}</p></div>") -> str:
    return "".join(form.format(DIGEST[n % len(DIGEST)], n=n + 1) for n in range(count))


def prose_left(b: list[RawBlock], t: str) -> str:
    """A column of whole news items beside the text."""
    return f"<div><ul>{MENU}</ul></div><div class=m><div class=l>{_digests(5)}</div><div class=r><h1>{t}</h1>{fragment(b)}</div></div><div>{FOOT}</div>"


def prose_below(b: list[RawBlock], t: str) -> str:
    """News with their first paragraphs below the text, in the same box."""
    return f"<div><ul>{MENU}</ul></div><div class=m><h1>{t}</h1><div class=k>{fragment(b)}</div><div class=n><h3>最新动态</h3>{_digests(4)}</div></div><div>{FOOT}</div>"


def prose_in_cells(b: list[RawBlock], t: str) -> str:
    """Layout cells: news to the left, the text in the middle, a notice to the right."""
    return f"<table><tr><td colspan=3>{MENU}</td></tr><tr><td width=200>{_digests(4, '{}<br><br>')}</td><td>{t}<br>{fragment(b, '　　{}<br>')}</td><td width=150>{NOTICE}</td></tr><tr><td colspan=3>{FOOT}</td></tr></table>"


def notice_in_front(b: list[RawBlock], t: str) -> str:
    """A notice to accept before the text."""
    return f"<div class=w1><p>{NOTICE}</p><p>{NOTICE[:90]}</p><a href=#>我知道了</a></div><div><ul>{MENU}</ul></div><div class=w2><h2>{t}</h2><div>{fragment(b)}</div></div><div>{FOOT}</div>"


def letters_and_answers(b: list[RawBlock], t: str) -> str:
    """Letters of citizens and their answers beside the text."""
    said = "".join(
        f"<li><p>来信：请问{DIGEST[n % 5][:40]}？</p><p>答复：您好，{DIGEST[(n + 1) % 5]}</p></li>" for n in range(5)
    )
    return f"<div><ul>{MENU}</ul></div><div class=p><div class=p1><h2>{t}</h2>{fragment(b)}</div><div class=p2><ul>{said}</ul></div></div><div>{FOOT}</div>"


def row_a_paragraph(b: list[RawBlock], t: str) -> str:
    """A layout table with a row for each paragraph, news in rows below."""
    rows = "".join(f"<tr><td>{fragment([block], '{}')}</td></tr>" for block in b)
    news = "".join(f"<tr><td>{text}</td></tr>" for text in DIGEST)
    return f"<table><tr><td>{MENU}</td></tr></table><table><tr><td><b>{t}</b></td></tr>{rows}</table><table>{news}</table><table><tr><td>{FOOT}</td></tr></table>"


def article_element(b: list[RawBlock], t: str) -> str:
    """The elements of HTML 5, with related news as articles as well."""
    return f"<header><nav><ul>{MENU}</ul></nav></header><main><article><h1>{t}</h1>{fragment(b)}</article><section>{_digests(3, '<article><h2>动态{n}</h2><p>{}</p></article>')}</section></main><footer><p>{FOOT}</p></footer>"


def interleaved(b: list[RawBlock], t: str) -> str:
    """Boxes of news between the parts of the text."""
    third = max(1, len(b) // 3)
    parts = [fragment(b[n : n + third]) for n in range(0, len(b), third)]
    body = "".join(
        f"<div class=s{n}>{part}</div><div class=x{n}><a href=/{n}>{DIGEST[n % 5][:38]}</a></div>"
        for n, part in enumerate(parts)
    )
    return f"<div><ul>{MENU}</ul></div><div class=m><h1>{t}</h1>{body}</div><div>{NOTICE}</div><div>{FOOT}</div>"


def links_within(b: list[RawBlock], t: str) -> str:
    """A long table of contents and lists of news with dates in the text's own box."""
    toc = "".join(
        f"<p><a href=#s{n}>{html.escape(block.text[:20])}</a></p>"
        for n, block in enumerate(b)
        if block.form == "heading"
    )
    return f"<div><ul>{MENU}</ul></div><div class=m><h1>{t}</h1><div class=t>{toc}</div>{fragment(b)}<ul>{NEWS}</ul></div><div>{FOOT}</div>"


#: Prose of others stands around the text.
PROSE_AROUND: list[Callable[[list[RawBlock], str], str]] = [
    prose_left, prose_below, prose_in_cells, notice_in_front, letters_and_answers, row_a_paragraph, article_element,
    interleaved, links_within,
]  # fmt: skip
