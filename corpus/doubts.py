"""Doubts: what a person should look at in a report that was read all the same. Codes, and their words."""

from __future__ import annotations

from typing import Final

#: Code -> (Chinese, English). A reader gives the codes, ``status`` and the report's page show the words.
DOUBTS: Final[dict[str, tuple[str, str]]] = {
    "encoding_guessed": ("文字编码是猜测的", "the encoding is a guess"),
    "broken_bytes": ("有无法解码的字节（显示为 �）", "some bytes couldn't be decoded (shown as �)"),
    "mojibake": ("部分文字疑似乱码", "part of the text looks garbled"),
    "private_use": ("含有无法通用显示的造字", "characters of a private font, which others can't see"),
    "little_text": ("正文只占全页很小部分", "the text is a small part of the page"),
    "mostly_page": ("正文可能混有网页内容", "the text may hold parts of the page around it"),
    "fallback": (
        "未识别网页模板，由通用方法提取正文",
        "unknown page design; the main text was found by a general method",
    ),
    "scripted": (
        "网页靠脚本显示正文，正文取自脚本或隐藏的表单域",
        "the page shows its text by script; it was taken from scripts or hidden fields",
    ),
    "region_disagrees": (
        "网站标识码与机关名称（或标题）说的地区不一致，地区按标识码",
        "the site's code and the agency (or title) name different regions; the code decided",
    ),
    "short": ("正文很短", "very little text"),
    "scanned_pages": ("部分页面没有文字层（扫描件）", "some pages have no text layer (scanned)"),
    "letter_spaced": ("字间空格已去除", "blanks between letters were removed"),
    "torn_tail": (
        "来自结尾被截断的 WARC 文件，之后的页面可能缺失",
        "from a WARC file whose end is torn off; pages after this one may be missing",
    ),
    "truncated": ("文件不完整，只读出一部分", "the file is incomplete; only a part could be read"),
}
