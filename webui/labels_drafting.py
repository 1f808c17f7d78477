"""Strings of the pages for those who draft: similar wording, mix-up check, basket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DRAFTING_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "drafting": ("起草", "Drafting"),
    "drafting.pages": ("起草用的页面", "Pages for drafting"),
    # Similar wording
    "similar": ("相近表述", "Similar wording"),
    "similar.lead": (
        "粘贴一句话或一段文字，找出本库中说法相近的段落。文字只用于这一次比对，不保存，也不进入网址。",
        "Paste a sentence or a passage to find passages of this library that say it in nearly the same words. "
        "The text is used for this comparison alone: it is not kept and stands in no address.",
    ),
    "similar.text": ("文字（10 至 5,000 字）", "Text (10 to 5,000 characters)"),
    "similar.do": ("查找相近表述", "Find similar wording"),
    "similar.asked": ("所查的段落", "The passage asked"),
    "similar.other": ("改查别的文字", "Look for another text"),
    "similar.within": ("筛选", "Filters"),
    "similar.any": ("不限", "any"),
    "similar.region": ("地区（名称或代码）", "Region (name or code)"),
    "similar.agency": ("机关（全称）", "Agency (full name)"),
    "similar.from": ("自年度", "From year"),
    "similar.to": ("至年度", "To year"),
    "similar.found": ("相近的段落 {n}", "Similar passages {n}"),
    "similar.places": ("（{n} 处）", "({n} places)"),
    "similar.most": (
        "只列出最相近的 {n} 处；可用筛选缩小范围。",
        "Only the {n} most similar places are listed; filters narrow them down.",
    ),
    "similar.percent": ("相似度 {n}%", "{n}% similar"),
    "similar.how": (
        "相似度按字计算：1 −（插入字数 + 删除字数）÷（两段字数之和）。下划线为该段落独有的文字，删除线为所查文字独有的文字。",
        "Similarity is by characters: 1 − (insertions + deletions) ÷ (both lengths). "
        "Underlined is what only the passage says, struck through what only your text says.",
    ),
    "similar.part": ("与所查文字第 {first}–{last} 字相近", "like characters {first}–{last} of the text"),
    "similar.same": ("另有 {n} 处文字相同", "{n} more places with the same text"),
    "similar.compare": ("对比两节", "Compare the sections"),
    "similar.none": (
        "没有相似度在 {least}% 以上的段落。可以减少筛选，或只取其中一句话再查。",
        "No passage is {least}% similar or more. Use fewer filters, or look for one of its sentences.",
    ),
    "similar.cut": (
        "只比对了前 {n} 个字。更长的文稿请用串稿检查。",
        "Only the first {n} characters were compared. Use the mix-up check for a longer draft.",
    ),
    "similar.unknown_region": (
        "没有名为“{name}”的地区，这一条筛选没有使用；请写全称，如 山东省青岛市",
        "No region is called “{name}”, so this filter wasn't used; write its full name, such as 山东省青岛市",
    ),
    "paragraph.tools": ("这一段：相近表述、摘录、复制", "This paragraph: similar wording, basket, copy"),
    "section.tools": ("这一节：摘录", "This section: basket"),
    "copy.plain": ("复制原文", "Copy text"),
    "copy.source": ("复制并附出处", "Copy with source"),
    # Mix-up check
    "check": ("串稿检查", "Draft mix-up check"),
    "check.lead": (
        "检查一份文稿里有没有别的地区或机关的名称、写错的年度，以及与别的机关的报告共有的文字。",
        "Looks in a draft for names of other regions or agencies, wrong years, and wording shared with reports of other agencies.",
    ),
    "check.text": ("粘贴文稿（至多 {n} 字）", "Paste the draft (up to {n} characters)"),
    "check.file": (
        "或选择文件（DOCX、PDF、WPS、OFD、TXT 等）",
        "or choose a file (DOCX, PDF, WPS, OFD, TXT and others)",
    ),
    "check.own": (
        "本单位（留空则从文稿中识别）",
        "Whose draft it is (found in the draft where left empty)",
    ),
    "check.do": ("检查", "Check"),
    "check.private": (
        "文稿只在本机读取，检查后即弃：不写入资料库、网址、日志和检索历史，临时文件立即删除。",
        "The draft is read on this computer alone and then forgotten: it comes into no library, address, log or history, "
        "and its temporary file is removed at once.",
    ),
    "check.found": ("检查结果", "What was found"),
    "check.against": (
        "比照：{own}。不对的话，请在下面填写后再检查。",
        "Checked against {own}. If that is wrong, fill it in below and check again.",
    ),
    "check.sure": ("多半有误", "Probably wrong"),
    "check.look": ("请确认", "To be looked at"),
    "check.shared": ("共有文字", "Shared wording"),
    "check.nothing": ("没有发现别的名称、年度或共有的文字。", "No name, year or wording of others was found."),
    "check.incomplete": (
        "时间已到：只有前 {n} 段（共 {all} 段）与别的报告比对过。命令 chadang check 没有这个限制。",
        "Time ran out: only the first {n} of {all} paragraphs were compared. The command chadang check has no such limit.",
    ),
    "check.paragraph": ("第 {n} 段", "Paragraph {n}"),
    "check.sources": ("出处 {n}", "Sources {n}"),
    "check.again": ("再检查一次", "Check again"),
    # Basket
    "basket": ("摘录夹", "Basket"),
    "basket.add": ("放入摘录夹", "Put into the basket"),
    "basket.add.section": ("整节放入摘录夹", "Put the section into the basket"),
    "basket.added": ("已放入", "It is in"),
    "basket.failed": ("没有放入，请重试", "It isn't in; try again"),
    "basket.expired": (
        "页面已过期，没有改动；请刷新页面后再试。",
        "The page had expired and nothing was changed; reload it and try again.",
    ),
    "basket.empty": (
        "摘录夹是空的。在报告页的段落旁（⋯）、检索结果和相近表述里都可以放入。",
        "The basket is empty. Passages are put into it beside the paragraphs of a report (⋯), from results and from similar wording.",
    ),
    "basket.local": (
        "摘录只保存在本机，供起草时引用。",
        "The passages are kept on this computer alone, for you to draft with.",
    ),
    "basket.export": ("导出 {n} 段：", "Export {n} passages:"),
    "basket.docx": ("DOCX（出处为批注）", "DOCX (sources as comments)"),
    "basket.md": ("Markdown（脚注）", "Markdown (footnotes)"),
    "basket.txt": ("文本（参考文献）", "Text (references)"),
    "basket.style": ("引用格式", "Citation"),
    "basket.note": ("备注", "Note"),
    "basket.note.save": ("保存备注", "Save the note"),
    "basket.up": ("上移", "Up"),
    "basket.down": ("下移", "Down"),
    "basket.remove": ("移除", "Remove"),
    "basket.up_what": ("上移第 {n} 段", "Up with passage {n}"),
    "basket.down_what": ("下移第 {n} 段", "Down with passage {n}"),
    "basket.remove_what": ("移除第 {n} 段", "Remove passage {n}"),
    "basket.removed": ("已移除 {n} 段。", "Passages removed: {n}."),
    "basket.restore": ("放回", "Put back"),
    "basket.clear": ("全部移除", "Remove all"),
}
