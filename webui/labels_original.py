"""Strings of the page that shows a report's original as it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ORIGINAL_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "original": ("保存的原件", "Kept original"),
    "original.show": ("查看原件", "Show the original"),
    "original.back": ("返回报告", "Back to the report"),
    "original.safe": (
        "原件在隔离的框架中显示：不运行脚本，不联网，因此样式和图片可能不全。",
        "The original is shown in isolation: no script runs and nothing is loaded from outside, so styles and "
        "pictures may be missing.",
    ),
    "original.no_view": (
        "这种文件不在网页中打开；可下载后用相应的程序打开。",
        "Files of this kind aren't opened here; download it and open it with its own program.",
    ),
    "original.row": (
        "本报告是该表格中的一行（{row}）；原件是整个表格。",
        "The report is one row of this table ({row}); the original is the whole table.",
    ),
    "original.changed": (
        "文件在导入之后有改动：下面是现在的内容，与检索到的文字可能不同。请重新导入。",
        "The file was changed after it was loaded: what follows is its content of now, which may differ from what is "
        "searched. Load it again.",
    ),
    "original.source": ("文件", "File"),
    "original.address": ("网址", "Address"),
    "original.fetched": ("抓取时间", "Fetched"),
    "original.size": ("大小", "Size"),
    "original.bytes": ("{n} 字节", "{n} bytes"),
    "original.sha256": ("SHA-256", "SHA-256"),
    "original.download": ("下载原件", "Download"),
    "original.as_text": ("查看源代码", "View its source"),
    "original.as_page": ("查看页面", "View the page"),
    "original.others": ("其他来源", "Other sources"),
    "original.none": ("无法显示原件", "The original can't be shown"),
}
