"""Strings of the pages for those who draft: similar wording, mix-up check, basket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DRAFTING_LABELS: Final[Mapping[str, tuple[str, str]]] = {
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
    "copy.plain": ("复制原文", "Copy text"),
    "copy.source": ("复制并附出处", "Copy with source"),
}
