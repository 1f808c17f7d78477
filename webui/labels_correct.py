"""Strings of the form that puts a report's metadata right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CORRECT_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "correct": ("更正", "Correct metadata"),
    "correct.lead": (
        "只改有误的项，清空表示不详；文件里读到的原值会保留，随时可以撤销。",
        "Change only what is wrong, empty a field if it isn't known; what was read from the file is kept, "
        "and every change can be undone.",
    ),
    "correct.why": ("理由或依据", "Why, or after what"),
    "correct.by": ("更正人", "Who corrects"),
    "correct.save": ("保存更正", "Save"),
    "correct.hint.region": ("名称或六位代码，如 山东省青岛市、370200", "A name or code: 山东省青岛市, 370200"),
    "correct.hint.date": ("如 2011-01-30", "2011-01-30"),
    "correct.hint.year": ("四位年份，如 2010", "Four digits: 2010"),
    "correct.hint.same_as": (
        "内容相同、应代替本篇计数的另一篇的报告编号",
        "The id of the report with the same text that counts in place of this one",
    ),
    "correct.history": ("更正记录", "Corrections so far"),
    "correct.field": ("项目", "Field"),
    "correct.change": ("原值 → 更正为", "As read → corrected"),
    "correct.who": ("更正人", "By"),
    "correct.when": ("时间", "When"),
    "correct.reason": ("理由", "Why"),
    "correct.state": ("状态", "State"),
    "correct.undo": ("撤销", "Undo"),
    "correct.undo_what": ("撤销{field}的更正 #{n}", "Undo correction #{n} of {field}"),
    "correct.replaced": ("已被后来的更正取代", "replaced by a later one"),
    "correct.undone": ("{by} 已于 {at} 撤销", "undone by {by}, {at}"),
    "correct.saved": ("已保存，索引也已更新。", "Saved, and the index has followed."),
    "correct.pending": (
        "更正已记入资料库，索引正在更新：检索结果和本页上方暂为原值，稍后刷新即可。",
        "The correction is in the library and the index is being brought up to date: results and the lines above "
        "show the old value until then. Reload in a moment.",
    ),
    "correct.lagging": (
        "更正已记入资料库，但索引尚未更新：检索结果和本页上方仍为原值。",
        "The correction is in the library, but the index hasn't followed: results and the lines above show the old value.",
    ),
    "correct.lagging.do": ("可点“更新索引”，或在命令行运行", 'Choose "Update the index", or run on the command line'),
    "correct.update": ("更新索引", "Update the index"),
    "correct.refused": ("没有保存：", "Not saved: "),
    "correct.none": ("没有改动任何一项。", "no field was changed."),
    "correct.expired": (
        "页面已过期（程序重新启动过）。填写的内容还在，请再点一次。",
        "the page had expired (the program was started anew). What you filled in is still here: send it once more.",
    ),
    "correct.not_here": (
        "资料库里没有这份报告（只在索引中），不能更正；请重新导入它的文件。",
        "The library doesn't hold this report (only the index does), so it can't be corrected; load its file again.",
    ),
    "correct.unexpected": (
        "更新索引时出错，详情见运行窗口的记录。",
        "Bringing the index up to date failed; details are in the log of the window that runs the program.",
    ),
}
