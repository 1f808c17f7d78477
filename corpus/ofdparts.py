"""The parts of an OFD file (GB/T 33190-2016): a ZIP of XML, read within limits and without entities."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import Final

from lxml import etree

from corpus.errors import UnreadableFile

#: Inflated bytes of one part, and of all parts, at the most.
LARGEST_PART: Final = 64 * 1024 * 1024
_ALL_PARTS: Final = 200 * 1024 * 1024
_MOST_PARTS: Final = 50_000
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ZIP_ERRORS: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Parts:
    """The parts of one file; paths are absolute ("/Doc_0/Document.xml") or relative to the part that names them."""

    def __init__(self, body: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(body))
        except _ZIP_ERRORS as error:
            raise damaged() from error
        infos = self._archive.filelist
        if len(infos) > _MOST_PARTS:
            raise damaged()
        self._infos = {_key(_name(info)): info for info in infos}
        self._left = _ALL_PARTS

    def find(self, path: str, beside: str, root: str = "") -> str:
        """Return the key of the part that ``path`` names in the part ``beside``; writers differ in what it starts at."""
        folder = posixpath.dirname(beside)
        tries = [_key(path)] if path.startswith("/") else [_key(posixpath.join(folder, path))]
        tries += [_key(posixpath.join(root, path)), _key(path), _key(posixpath.join(root, path.lstrip("/")))]
        return next((key for key in tries if key in self._infos), "")

    def tree(self, key: str) -> etree._Element | None:
        """Return the root of a part, None where there is none or it can't be read; raises where it is too large."""
        info = self._infos.get(key)
        if info is None:
            return None
        largest = min(LARGEST_PART, self._left)
        try:
            with self._archive.open(info) as stream:
                body = stream.read(largest + 1)
        except _ZIP_ERRORS as error:
            raise damaged() from error
        self._left -= len(body)
        if len(body) > largest:
            raise UnreadableFile(
                zh="OFD 文件解压后过大，未读入；请拆分或另存为 PDF 后重新导入",
                en="the OFD file is too large once unpacked; split it or save it as PDF and load that",
            )
        if _DTD.search(body.replace(b"\x00", b"")[:8192]):
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
        try:
            return etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError):
            return None


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace, "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_at(element: etree._Element, name: str) -> str:
    """Return the text of the first descendant with this local name."""
    found = next((child for child in element.iter() if local(child) == name), None)
    return (found.text or "").strip() if found is not None else ""


def damaged() -> UnreadableFile:
    """Return the failure of an OFD that can't be opened."""
    return UnreadableFile(
        zh="OFD 文件已损坏，无法打开；请用 OFD 阅读器打开后另存为 PDF，再重新导入",
        en="the OFD file is damaged and can't be opened; save it as PDF with an OFD reader and load that",
    )


def _key(path: str) -> str:
    return posixpath.normpath("/" + path.replace("\\", "/").strip()).lstrip("/").lower()


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name as written; without the flag for UTF-8 it is UTF-8 all the same or GBK, never code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
