"""ZIP -> its files, one at a time. Nothing is unpacked to disk; bombs end in failures (APPNOTE.TXT 6.3)."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from corpus.errors import UnreadableFile
from corpus.member import LARGEST_MEMBER, Columns, Member
from corpus.names import unique_names
from corpus.package import ZIP_ERRORS

MOST_MEMBERS: Final = 100_000
#: An archive may inflate to a gigabyte, or to a hundred times its size if that is more.
_FREE_BYTES: Final = 1 << 30
_MOST_RATIO: Final = 100
_LARGEST_DIRECTORY: Final = 32 << 20
_CHUNK: Final = 1 << 20
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_FURNITURE: Final = re.compile(r"(?i)(?:.*/)?(?:__MACOSX/.*|\.[^/]*|~\$[^/]*|thumbs\.db|desktop\.ini)$")
_END: Final = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT: Final = 0xFFFF
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1


@dataclass(slots=True)
class Allowance:
    """What may still come out of an archive, the archives within it included: bytes, and members."""

    bytes_left: int
    members_left: int = MOST_MEMBERS

    @classmethod
    def of(cls, size: int) -> Allowance:
        """Return the allowance of an archive of ``size`` bytes."""
        return cls(max(_FREE_BYTES, _MOST_RATIO * size))

    def take(self, size: int) -> None:
        """Count bytes that came out; raises UnreadableFile once it is too much."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise UnreadableFile(
                zh="压缩包解压后过大（超过 1 GB 且超过自身的一百倍），其余内容未读入；请解压后只导入需要的文件",
                en="the archive inflates to more than 1 GB and a hundred times its size; the rest was left out: "
                "unpack it and load the files you need",
            )


def read_zip(path: Path, columns: Columns) -> Iterator[Member]:
    """Yield the files of a ZIP archive in the order of its directory; ``columns`` isn't used.

    Names in GBK are decoded; folders, hidden files and what systems add are left out. A file that has a password,
    is damaged or too large is a failure. Raises UnreadableFile if the archive as a whole can't be read.
    """
    del columns
    yield from zip_members(path, Allowance.of(path.stat().st_size))


def zip_members(path: Path, allowance: Allowance) -> Generator[Member, None, None]:
    """Yield the files of a ZIP archive as ``read_zip`` does, within an allowance that other archives share."""
    with path.open("rb") as stream:
        _check_directory(stream)
        try:
            archive = zipfile.ZipFile(stream)
        except (*ZIP_ERRORS, struct.error) as error:
            raise _damaged() from error
        only = "archive/" if path.suffix.lower() == ".wacz" else ""
        with archive, unique_names() as names:
            for info in archive.filelist:
                name = _name(info)
                if name.endswith("/") or _FURNITURE.match(name) or not name.startswith(only):
                    continue
                allowance.members_left -= 1
                if allowance.members_left < 0:
                    raise _too_many()
                yield _member(archive, info, names.free(name), suffix_of(name), allowance)


def suffix_of(name: str) -> str:
    """Return the suffix that chooses a file's reader, in lower case; ``.warc.gz`` counts as one."""
    lower = PurePosixPath(name).name.lower()
    return ".warc.gz" if lower.endswith(".warc.gz") else PurePosixPath(lower).suffix


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, suffix: str, allowance: Allowance) -> Member:
    if info.flag_bits & _ENCRYPTED:
        return Member(name, _has_password(), suffix)
    if info.compress_type not in _METHODS:
        return Member(name, _unknown_method(), suffix)
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as stream:
            while part := stream.read(_CHUNK):
                size += len(part)
                allowance.take(len(part))
                if size > LARGEST_MEMBER:
                    return Member(name, _too_large(), suffix)
                parts.append(part)
    except (*ZIP_ERRORS, struct.error):
        return Member(name, _broken_member(), suffix)
    return Member(name, b"".join(parts), suffix)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name with slashes: Chinese systems write GBK without saying so; zipfile took it for CP437.

    Steps upwards and a drive are left out: the name is an identity, nothing is written to it.
    """
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
            name = _decoded(raw)
        except UnicodeEncodeError:
            pass
    name = name.encode("utf-8", "replace").decode("utf-8").replace("\\", "/")
    ending = "/" if name.endswith("/") else ""
    steps = [step for step in name.split("/") if step not in {"", ".", ".."} and not re.fullmatch(r"[A-Za-z]:", step)]
    return unicodedata.normalize("NFC", ("/".join(steps) or "unnamed") + ending)


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _check_directory(stream: BinaryIO) -> None:
    """Look at the archive's end before a directory of a million entries is read into memory."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _LONGEST_COMMENT - _END.size))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise _damaged()
    entries, length = _END.unpack_from(tail, at)[4:6]
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if 0xFFFF in {entries} or length == 0xFFFFFFFF:
        if wide < 0 or len(tail) < wide + 56:
            raise _damaged()
        entries, length = struct.unpack_from("<2Q", tail, wide + 32)
    if entries > MOST_MEMBERS or length > _LARGEST_DIRECTORY:
        raise _too_many()


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        zh="压缩包已损坏或不完整；请重新下载，或解压后导入其中的文件",
        en="the archive is damaged or incomplete; fetch it again, or unpack it and load its files",
    )


def _broken_member() -> UnreadableFile:
    return UnreadableFile(
        zh="压缩包中的这个文件已损坏，无法解压；请重新打包",
        en="this file in the archive is damaged and can't be unpacked; pack it again",
    )


def _has_password() -> UnreadableFile:
    return UnreadableFile(
        zh="压缩包有密码；请解压后导入其中的文件", en="the archive has a password; unpack it and load its files"
    )


def _unknown_method() -> UnreadableFile:
    return UnreadableFile(
        zh="不支持的压缩方法；请用普通 ZIP（Deflate）重新打包，或解压后导入",
        en="compression method not supported; pack it again as plain ZIP (deflate), or unpack it and load its files",
    )


def _too_large() -> UnreadableFile:
    size = LARGEST_MEMBER >> 20
    return UnreadableFile(
        zh=f"解压后超过 {size} MB，未读入；请拆分后重新导入",
        en=f"larger than {size} MB once unpacked, left out; split it and load it again",
    )


def _too_many() -> UnreadableFile:
    return UnreadableFile(
        zh=f"压缩包内文件超过 {MOST_MEMBERS:,} 个；请分成几个压缩包，或解压后导入",
        en=f"the archive holds more than {MOST_MEMBERS:,} files; divide it, or unpack it and load the folder",
    )
