"""The parts of a Word package: which is the main one, its blocks one at a time, its title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.package import Package
from corpus.wordnumbering import child, children, value

#: Elements of a document at the most; 300 pages have some 150,000.
_MOST_ELEMENTS: Final = 2_000_000


def main_part(package: Package) -> str:
    """Return the name of the main document's part; raises UnreadableFile where there is none."""
    for each in children(package.tree("_rels/.rels"), "Relationship"):
        if value(each, name="Type").endswith("/officeDocument"):
            target = value(each, name="Target").lstrip("/")
            if target in package.names():
                return target
    found = next((name for name in package.names() if name.lower() == "word/document.xml"), "")
    if not found:
        raise UnreadableFile(
            zh="不是 DOCX 文档（没有正文部分）；请用 Word 或 WPS 打开并另存为 DOCX",
            en="not a DOCX document (it has no main part); open it in Word or WPS and save it as DOCX",
        )
    return found


def beside(main: str, name: str) -> str:
    """Return the name of a part in the folder of the main one."""
    return f"{main.rpartition('/')[0]}/{name}".lstrip("/")


def read_blocks(package: Package, main: str) -> Iterator[etree._Element | None]:
    """Yield the blocks of the body one at a time, None at the end if the part is torn; few are in memory at once."""
    package.check(main)
    with package.stream(main) as stream:
        events = etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, recover=True
        )
        depth = count = 0
        try:
            for event, element in events:
                if event == "start":
                    depth += 1
                    count += 1
                    if count > _MOST_ELEMENTS:
                        raise _too_many()
                    continue
                depth -= 1
                if depth == 2:
                    yield element
                    element.clear()
                    parent = element.getparent()
                    while parent is not None and element.getprevious() is not None:
                        del parent[0]
        except etree.XMLSyntaxError:
            yield None
            return
        if any(entry.level >= etree.ErrorLevels.FATAL for entry in events.error_log):
            yield None


def core_title(package: Package) -> str:
    """Return the title among the file's properties."""
    title = child(package.tree("docProps/core.xml"), "title")
    return " ".join((title.text or "").split()) if title is not None else ""


def _too_many() -> UnreadableFile:
    return UnreadableFile(
        zh="文档过大（元素超过二百万个），未读入；请拆分后重新导入",
        en="the document is too large (over two million elements) and was left out; split it and load it again",
    )
