"""Strings of saved searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAVED_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "saved": ("已存检索", "Saved searches"),
    "saved.save": ("保存检索", "Save this search"),
    "saved.save.do": ("保存", "Save"),
    "saved.save.why": (
        "存在本机的资料文件夹里；以后导入新报告，这里会列出新增的命中。",
        "Kept in the data folder of this computer; after the next load you see what is new of it.",
    ),
    "saved.save.match": ("按当前的匹配方式（{match}）保存。", "It is saved with the match of now ({match})."),
    "saved.name": ("名称", "Name"),
    "saved.lead": (
        "每次导入并更新索引后，这里显示各检索自上次看过以来新增的报告和章节。",
        "After each load and index, this page shows the reports and sections that are new since you last looked.",
    ),
    "saved.none": (
        "还没有已存检索。先检索，再在结果页点“保存检索”。",
        'There is no saved search yet. Search, then choose "Save this search" among the results.',
    ),
    "saved.asked": ("检索式和筛选", "Query and filters"),
    "saved.all": ("命中报告", "Matching reports"),
    "saved.new": ("新增", "New"),
    "saved.since": ("上次看过", "Last looked at"),
    "saved.new_counts": ("{reports} 篇报告，{sections} 个章节", "{reports} reports, {sections} sections"),
    "saved.nothing_new": ("没有新增", "nothing new"),
    "saved.gone": ("另有 {n} 篇不再命中", "{n} no longer match"),
    "saved.change": ("管理", "Manage"),
    "saved.rename": ("改名", "Rename"),
    "saved.new_name": ("新名称", "New name"),
    "saved.remove": ("删除", "Delete"),
    "saved.remove_what": ("删除“{name}”", 'Delete "{name}"'),
    "saved.seen": ("记为已看", "Mark as seen"),
    "saved.seen_what": ("将“{name}”记为已看", 'Mark "{name}" as seen'),
    "saved.seen_all": ("全部记为已看", "Mark all as seen"),
    "saved.new_of": ("“{name}”的新增", 'New in "{name}"'),
    "saved.new_since": ("自 {when} 以来", "since {when}"),
    "saved.more": ("+{n} 个章节", "+{n} sections"),
    "saved.cut": ("只列出前 {n} 篇；全部见检索结果。", "Only the first {n} are listed; the results have them all."),
    "saved.results": ("全部结果", "All results"),
    "saved.home": ("已存检索有新增", "New in your saved searches"),
    "saved.home.more": ("其余的尚未查完。", "The others haven't been looked at yet."),
    "saved.back": ("全部已存检索", "All saved searches"),
    "saved.done": ("已保存。", "Saved."),
    "saved.refused": ("没有保存：", "Not saved: "),
    "saved.failed": ("现在无法执行：{why}", "It can't be run now: {why}"),
}
