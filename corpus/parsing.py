"""One file -> reports: the reader that fits it, its sections and metadata. What a worker process runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from corpus.containers import CONTAINERS, read_members
from corpus.document import Document
from corpus.docxreader import read_docx
from corpus.errors import CorpusError, UnreadableFile
from corpus.htmlreader import read_page
from corpus.member import Columns, Member
from corpus.metadata import describe
from corpus.mhtmlreader import read_mhtml
from corpus.model import Report, digest64
from corpus.rows import ReportRows, report_rows
from corpus.sniff import suffix_of
from corpus.splitting import split
from corpus.textreader import read_text
from corpus.unsupported import unsupported

#: Raise it when reading, splitting or metadata change what they yield: every file is then parsed again.
PARSER_VERSION: Final = 6
LARGEST_FILE: Final = 64 * 1024 * 1024
#: A text that is shorter is flagged; one that is this small a part of its page, too.
_SHORT: Final = 60
_LITTLE: Final = 0.05
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


def _read_markdown(body: bytes) -> Document:
    from corpus.markdownreader import read_markdown  # noqa: PLC0415 - a worker loads the readers that it needs

    return read_markdown(body)


def _read_pdf(body: bytes) -> Document:
    from corpus.pdfreader import read_pdf  # noqa: PLC0415

    return read_pdf(body)


def _read_rtf(body: bytes) -> Document:
    from corpus.rtfreader import read_rtf  # noqa: PLC0415

    return read_rtf(body)


def _read_doc(body: bytes) -> Document:
    from corpus.wordconvert import read_doc  # noqa: PLC0415

    return read_doc(body)


def _read_ofd(body: bytes) -> Document:
    from corpus.ofdreader import read_ofd  # noqa: PLC0415

    return read_ofd(body)


READERS: Final[dict[str, Callable[[bytes], Document]]] = {
    ".html": read_page,
    ".htm": read_page,
    ".shtml": read_page,
    ".xhtml": read_page,
    ".txt": read_text,
    ".text": read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".mht": read_mhtml,
    ".mhtml": read_mhtml,
    ".docx": read_docx,
    ".docm": read_docx,
    ".pdf": _read_pdf,
    ".rtf": _read_rtf,
    ".doc": _read_doc,
    ".dot": _read_doc,
    ".wps": _read_doc,
    ".wpt": _read_doc,
    ".ofd": _read_ofd,
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file, or one member of a container, gave: a report, or the reasons why it gave none.

    ``sha256`` is that of the bytes of a plain file.
    """

    member: str
    report: ReportRows | None = None
    reason_zh: str = ""
    reason_en: str = ""
    doubts: tuple[str, ...] = ()
    kept: int = 0
    raw_size: int = 0
    url: str = ""
    fetched_at: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A member of a container is about to be parsed."""

    member: str


def parse(body: bytes, path: str, source: str) -> Report:
    """Return the report in a file's bytes; ``path`` chooses the reader, ``source`` is its identity.

    Raises UnreadableFile.
    """
    return _report(read(body, Path(path).suffix.lower()), path, source)


def read(body: bytes, suffix: str) -> Document:
    """Return the Document in a file's bytes; what it really is goes before its suffix. Raises UnreadableFile."""
    if not body:
        raise UnreadableFile(
            zh="文件是空的（0 字节）；请重新下载或复制", en="the file is empty (0 bytes); get it again"
        )
    really = suffix_of(body, suffix)
    reader = READERS.get(really)
    if reader is None:
        raise unsupported(really, READERS, CONTAINERS)
    if len(body) > LARGEST_FILE:
        raise too_large()
    return reader(body)


def parsed_file(body: bytes, path: Path, source: str, sha256: str = "") -> Parsed:
    """Return what a plain file gives; whatever a parser raises is a reason."""
    return _parsed(Parsed("", sha256=sha256), str(path), source, lambda: read(body, path.suffix.lower()))


def parsed_members(path: Path, source: str, columns: Columns, skip: int) -> Iterator[Begun | Parsed]:
    """Yield what the members of a container give, each announced before it is read; the first ``skip`` are left out.

    Raises UnreadableFile where the container itself can't be read on.
    """
    for number, member in enumerate(read_members(path, columns)):
        if number >= skip:
            yield Begun(member.name)
            yield _parsed_member(member, path, source)


def _parsed_member(member: Member, path: Path, source: str) -> Parsed:
    def content() -> Document:
        if isinstance(member.content, UnreadableFile):
            raise member.content
        found = member.content if isinstance(member.content, Document) else read(member.content, member.suffix)
        found = replace(found, doubts=(*found.doubts, *member.doubts))
        return replace(found, declared_url=member.url) if member.url else found

    blank = Parsed(member.name, url=member.url, fetched_at=member.fetched_at)
    # A member without a name is the whole file.
    return _parsed(blank, member.name or str(path), f"{source}!{member.name}" if member.name else source, content)


def _parsed(blank: Parsed, path: str, source: str, content: Callable[[], Document]) -> Parsed:
    try:
        document = content()
        report = _report(document, path, source)
        rows = report_rows(report)
    except CorpusError as error:
        return replace(blank, reason_zh=error.zh, reason_en=error.en)
    except MemoryError:
        return replace(blank, reason_zh=OUT_OF_MEMORY.zh, reason_en=OUT_OF_MEMORY.en)
    except OSError as error:
        said = error.strerror or type(error).__name__
        return replace(blank, reason_zh=f"无法读取：{said}", reason_en=f"can't be read: {said}")
    except Exception as error:  # the border: a parser may raise anything on a hostile file
        what = f"{type(error).__name__}: {error}"[:300]
        return replace(blank, reason_zh=f"解析失败（{what}）", reason_en=f"parsing failed ({what})")
    kept = sum(len(block.text) for block in document.blocks)
    broken = ("broken_bytes",) if any("\ufffd" in block.text for block in document.blocks) else ()
    private = ("private_use",) if any(_PRIVATE.search(block.text) for block in document.blocks) else ()
    regions = ("region_disagrees",) if "region_otherwise" in report.provenance else ()
    doubts = tuple(dict.fromkeys((*document.doubts, *broken, *private, *regions, *_sizes(kept, document.raw_size))))
    return replace(blank, report=rows, doubts=doubts, kept=kept, raw_size=document.raw_size)


def _sizes(kept: int, raw_size: int) -> Iterator[str]:
    if kept < _SHORT:
        yield "short"
    if raw_size and kept < _LITTLE * raw_size:
        yield "little_text"


def _report(document: Document, path: str, source: str) -> Report:
    if not any(block.text.strip() for block in document.blocks):
        raise UnreadableFile(
            zh="没有找到正文；请确认文件不是空白，也不是只有图片",
            en="no text found; is the file empty or only pictures?",
        )
    found = describe(document, path)
    report_id = digest64("report", document.declared_url or source)
    return Report(
        report_id=report_id,
        title=found.title,
        doctype=found.doctype,
        template=found.template,
        agency=found.agency,
        region=found.region,
        department=found.department,
        level=found.level,
        year=found.year,
        published_on=found.published_on,
        document_number=found.document_number,
        source_url=found.source_url,
        sections=split(report_id, found.title, found.doctype, document.blocks),
        sources=(source,),
        provenance=found.provenance,
    )


def too_large() -> UnreadableFile:
    """Return the error of a file that is beyond the limit."""
    return UnreadableFile(
        zh=f"文件超过 {LARGEST_FILE >> 20} MB；请拆分后重新导入",
        en=f"the file is larger than {LARGEST_FILE >> 20} MB; split it and load it again",
    )


#: What is said of a file that needs more memory than a worker may take.
OUT_OF_MEMORY: Final = UnreadableFile(
    zh="解析所需内存超过限制；文件可能已损坏或被刻意构造，请检查后重新保存",
    en="parsing needs more memory than allowed; the file may be damaged or crafted: check it and save it anew",
)
#: What is said of a file that takes longer than a worker may.
OUT_OF_TIME: Final = UnreadableFile(
    zh="解析超时；文件可能已损坏或过于复杂，请检查后重新保存或拆分",
    en="parsing took too long; the file may be damaged or too complex: check it, save it anew or split it",
)
#: What is said where a parser brought its process down.
CRASHED: Final = UnreadableFile(
    zh="解析程序意外退出；文件可能已损坏，请检查后重新保存",
    en="the parser came down; the file may be damaged: check it and save it anew",
)
