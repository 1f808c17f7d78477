"""Files that Chadang doesn't read, and what to do with each: save as, recognise, unpack, rename."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from corpus.errors import UnreadableFile

#: Suffixes -> (what it is, what to do), Chinese and English.
_ADVICE: Final[tuple[tuple[tuple[str, ...], str, str], ...]] = (
    (
        (".xls", ".xlt", ".et", ".ett"),
        "旧格式的表格（XLS、ET）无法直接读取；请用 WPS 或 Excel 另存为 XLSX 后重新导入",
        "workbooks of the old formats (XLS, ET) can't be read; save as XLSX with WPS or Excel and load that",
    ),
    (
        (".ppt", ".pps", ".pptx", ".dps", ".dpt"),
        "演示文稿无法直接读取；请用 WPS 或 PowerPoint 另存为 PDF 后重新导入",
        "slides can't be read; save as PDF with WPS or PowerPoint and load that",
    ),
    (
        (".odt", ".uot", ".pages"),
        "暂不支持这种文字处理格式；请另存为 DOCX 后重新导入",
        "this word processing format isn't supported; save as DOCX and load that",
    ),
    (
        (".ods", ".uos", ".numbers"),
        "暂不支持这种表格格式；请另存为 XLSX 后重新导入",
        "this workbook format isn't supported; save as XLSX and load that",
    ),
    (
        (".ceb", ".cebx", ".sep", ".gd", ".gw", ".aip", ".caj", ".nh", ".kdh", ".xps"),
        "这种版式文件须用其阅读器打开；请打印或另存为 PDF 或 OFD 后重新导入",
        "this fixed-layout format needs its own viewer; print or save it there as PDF or OFD and load that",
    ),
    (
        (".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp", ".webp"),
        "这是图片，没有文字；请先用文字识别（OCR）软件转成带文字层的 PDF 或 DOCX，再重新导入",
        "this is a picture without text; make a PDF with a text layer or a DOCX of it by OCR and load that",
    ),
    (
        (".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz"),
        "暂不支持这种压缩文件；请先解压，或重新压缩为 ZIP 后导入",
        "archives of this kind aren't supported; unpack it, or pack it again as ZIP, and load that",
    ),
)


def unsupported(suffix: str, readers: Iterable[str], containers: Iterable[str]) -> UnreadableFile:
    """Return why a file of this (real) suffix isn't read here and what to do; the rest are the suffixes that are."""
    inside = sorted(containers)
    for suffixes, zh, en in _ADVICE:
        if suffix in suffixes:
            return UnreadableFile(zh=zh, en=en)
    if suffix in inside:
        return UnreadableFile(
            zh=f"文件实为 {suffix}；请把扩展名改为 {suffix} 后重新导入",
            en=f"the file is really of type {suffix}; rename it so and load it again",
        )
    known = " ".join(sorted((*readers, *inside)))
    return UnreadableFile(
        zh=f"暂不支持{f' {suffix} ' if suffix else '没有扩展名'}的文件；可用的格式：{known}",
        en=f"files of type {suffix or '(none)'} aren't supported; save as one of {known}",
    )
