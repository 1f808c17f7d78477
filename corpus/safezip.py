"""Members of an untrusted ZIP with limits before and while inflating, and XML without entities or network."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from lxml import etree

#: One member, and all that are read of one archive, inflated.
LARGEST_MEMBER: Final = 64_000_000
LARGEST_TOTAL: Final = 256_000_000
MOST_MEMBERS: Final = 20_000
_UTF8_NAMES: Final = 0x800


class BadArchive(ValueError):
    """The archive is broken, encrypted or inflates too far."""


class SafeZip:
    """An archive in memory; names are looked up without regard to case, slashes and the GBK that old tools wrote."""

    def __init__(self, body: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise BadArchive(str(error)) from error
        members = self._archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise BadArchive("too many members")
        self._members = {_plain(_name(member)): member for member in members}
        self._left = LARGEST_TOTAL

    def names(self) -> list[str]:
        """Return the members' names, lower case, with slashes."""
        return list(self._members)

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return _plain(name) in self._members

    def read(self, name: str) -> bytes:
        """Return a member's bytes. Raises BadArchive if it is missing, broken, encrypted or too large."""
        member = self._members.get(_plain(name))
        if member is None:
            raise BadArchive(f"no member {name[:200]}")
        most = min(LARGEST_MEMBER, self._left)
        if member.file_size > most or member.flag_bits & 1:
            raise BadArchive("a member is too large or encrypted")
        try:
            with self._archive.open(member) as stream:
                body = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
            raise BadArchive(str(error)) from error
        if len(body) > most:
            raise BadArchive("a member inflates beyond what it declares")
        self._left -= len(body)
        return body


def xml_root(body: bytes) -> etree._Element:
    """Return the root of an XML text: entities stay unresolved, nothing is fetched, depth is limited by libxml2 (256).

    Raises BadArchive if it isn't well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadArchive(str(error)) from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise BadArchive("a document type has no place here")
    return root


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_NAMES:
        return member.filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _plain(name: str) -> str:
    parts: list[str] = []
    for part in name.replace("\\", "/").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part.lower())
    return "/".join(parts)
