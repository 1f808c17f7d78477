"""Office packages (a ZIP of XML parts): parts of a checked size, without entities."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

from lxml import etree

from corpus.errors import UnreadableFile

#: Inflated bytes of one part, and of all parts read from a package, at the most.
LARGEST_PART: Final = 200 * 1024 * 1024
_ALL_PARTS: Final = 300 * 1024 * 1024
_MOST_PARTS: Final = 20_000
_LARGEST_SMALL: Final = 20 * 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0"
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: What reading a damaged ZIP may raise besides BadZipFile.
ZIP_ERRORS: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(slots=True)
class Package:
    """An open package; ``left`` bytes may still be inflated from it."""

    archive: zipfile.ZipFile
    left: int = _ALL_PARTS

    def names(self) -> list[str]:
        """Return the names of the parts."""
        return self.archive.namelist()

    def part(self, name: str, largest: int = _LARGEST_SMALL) -> bytes:
        """Return a part's bytes, b"" if it isn't there; raises UnreadableFile if it is damaged or too large."""
        try:
            with self.archive.open(name) as stream:
                body = stream.read(min(largest, self.left) + 1)
        except KeyError:
            return b""
        except ZIP_ERRORS as error:
            raise damaged() from error
        self.left -= len(body)
        if len(body) > largest or self.left < 0:
            raise _too_large()
        return body

    def tree(self, name: str) -> etree._Element | None:
        """Return the root of a small XML part, None where there is none or it can't be read."""
        body = self.part(name)
        if not body or _DTD.search(body[:4096]):
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
        try:
            return etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError):
            return None

    def check(self, name: str, largest: int = LARGEST_PART) -> None:
        """Inflate a part without keeping it; raises UnreadableFile where it is too large, damaged or has a DTD."""
        with self.stream(name, largest) as stream:
            if _DTD.search(stream.read(4096)):
                raise _has_entities()
            while stream.read(1 << 20):
                pass

    @contextmanager
    def stream(self, name: str, largest: int = LARGEST_PART) -> Iterator[io.RawIOBase]:
        """Open a part for reading; beyond ``largest`` bytes reading raises UnreadableFile."""
        try:
            with self.archive.open(name) as stream:
                yield _Counted(self, stream, largest)
        except KeyError as error:
            raise damaged() from error
        except ZIP_ERRORS as error:
            raise damaged() from error


class _Counted(io.RawIOBase):
    """Counts what really comes out of a part; the size that a package declares may be a lie."""

    def __init__(self, package: Package, stream: IO[bytes], largest: int) -> None:
        self._package = package
        self._stream = stream
        self._largest = largest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(1 << 20 if size < 0 else min(size, 1 << 20))
        self._largest -= len(part)
        self._package.left -= len(part)
        if self._largest < 0 or self._package.left < 0:
            raise _too_large()
        return part


@contextmanager
def open_package(body: bytes) -> Iterator[Package]:
    """Open the package in a file's bytes; raises UnreadableFile where it is none."""
    if body.startswith(_OLE):
        raise UnreadableFile(
            zh="文件有密码保护，或实为旧格式（DOC、XLS）；请去掉密码或另存为 DOCX、XLSX 后重新导入",
            en="the file has a password or is of the old format (DOC, XLS); remove it or save as DOCX or XLSX",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except ZIP_ERRORS as error:
        raise damaged() from error
    with archive:
        if len(archive.filelist) > _MOST_PARTS:
            raise _too_large()
        yield Package(archive)


def damaged() -> UnreadableFile:
    """Return the failure of a package that can't be opened."""
    return UnreadableFile(
        zh="文件已损坏，无法打开；请用 Office 或 WPS 修复后另存，再重新导入",
        en="the file is damaged and can't be opened; repair it with Office or WPS, save it and load it again",
    )


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        zh=f"文件解压后超过 {LARGEST_PART >> 20} MB，未读入；请拆分后重新导入",
        en=f"the file is larger than {LARGEST_PART >> 20} MB once unpacked and was left out; split it and load it again",
    )


def _has_entities() -> UnreadableFile:
    return UnreadableFile(
        zh="文件内含 XML 实体定义，正常的 Office 文件没有；未读入，请另存后重新导入",
        en="the file defines XML entities, which no proper Office file does; save it anew and load it again",
    )
