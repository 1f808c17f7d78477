"""Files and folders -> the library. A file that can't be read is recorded with its reason, never in the way."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Final

from corpus.document import Document
from corpus.errors import CorpusError, UnreadableFile
from corpus.htmlreader import read_html
from corpus.library import Library, Source
from corpus.metadata import describe
from corpus.model import Report, digest64
from corpus.splitting import split, with_identity
from corpus.textreader import read_text

#: Raise it when reading, splitting or metadata change what they yield: every file is then parsed again.
PARSER_VERSION: Final = 1
LARGEST_FILE: Final = 64 * 1024 * 1024
#: Files per transaction; small, since another load waits for it.
_BATCH: Final = 25

READERS: Final[dict[str, Callable[[bytes], Document]]] = {
    ".html": read_html,
    ".htm": read_html,
    ".shtml": read_html,
    ".xhtml": read_html,
    ".txt": read_text,
    ".text": read_text,
}
#: What lies about in any folder and is nobody's report.
_IGNORED: Final = frozenset({"thumbs.db", "desktop.ini", "readme.md", "expected.json"})


@dataclass(slots=True)
class LoadSummary:
    """What a load did; ``failed`` holds the sources with their reasons, ``gone`` the paths that don't exist."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Source] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file to load and the name it would have."""

    path: Path
    root: Path

    def source_name(self, ancestors: int = 0) -> str:
        """Return load root's name + NFC path; ``ancestors`` folders above the root make it longer."""
        above = self.root.parts[max(1, len(self.root.parts) - 1 - ancestors) :]
        inside = self.path.relative_to(self.root).parts
        return unicodedata.normalize("NFC", "/".join((*above, *inside)))


def load(
    library: Library,
    paths: Sequence[Path],
    *,
    remove_missing: bool = False,
    progress: Callable[[list[Path]], Iterable[Path]] | None = None,
) -> LoadSummary:
    """Bring files and folders into the library; loading again changes nothing.

    ``progress`` may wrap the list of files to show how far it is. ``remove_missing`` forgets the
    reports whose file is no longer there: those below the paths given, or all if none is.
    """
    summary = LoadSummary()
    candidates: dict[Path, _Candidate] = {}
    for path in paths:
        full = Path(os.path.abspath(path))  # noqa: PTH100 - links stay as named
        if not full.exists():
            summary.gone.append(str(path))
        root = full if full.is_dir() else full.parent
        for found in _files(full):
            candidates.setdefault(found, _Candidate(found, root))
    files = list(candidates)
    pending = iter(progress(files) if progress else files)
    more = True
    while more:
        with library.transaction():
            more = _load_batch(library, pending, candidates, summary)
    if remove_missing:
        with library.transaction():
            for source in library.missing():
                if not paths or _is_below(source.path, paths):
                    library.remove(source.source)
                    summary.removed += 1
    return summary


def _load_batch(
    library: Library, pending: Iterator[Path], candidates: dict[Path, _Candidate], summary: LoadSummary
) -> bool:
    """Load some files in the transaction that is open; return whether there may be more."""
    for _ in range(_BATCH):
        path = next(pending, None)
        if path is None:
            return False
        _load_file(library, candidates[path], summary)
    return True


def parse(body: bytes, path: str, source: str) -> Report:
    """Return the report in a file's bytes; ``path`` chooses the reader, ``source`` is its identity.

    Raises UnreadableFile.
    """
    suffix = Path(path).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        known = " ".join(sorted(READERS))
        raise UnreadableFile(
            zh=f"暂不支持{f' {suffix} ' if suffix else '没有扩展名'}的文件；请另存为 HTML 或文本（{known}）",
            en=f"files of type {suffix or '(none)'} aren't supported yet; save as HTML or text ({known})",
        )
    if len(body) > LARGEST_FILE:
        raise _too_large()
    document = reader(body)
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


def _load_file(library: Library, candidate: _Candidate, summary: LoadSummary) -> None:
    path = str(candidate.path)
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        # Such a name can't be stored; a readable form of it can, with what to do.
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        failure = _blank_source(
            shown, shown, "文件名不是有效的 UTF-8；请改名", "the file's name isn't valid UTF-8; rename it"
        )
        library.put_failure(failure)
        summary.failed.append(failure)
        return
    known = library.source_at(path)
    name = known.source if known else _free_name(library, candidate)
    source = known or _blank_source(name, path, "", "")
    try:
        state = candidate.path.stat()
        source = replace(source, size=state.st_size, mtime_ns=state.st_mtime_ns)
        if known and known.parser == PARSER_VERSION and (known.size, known.mtime_ns) == (source.size, source.mtime_ns):
            _count_known(summary, known)
            return
        if not S_ISREG(state.st_mode):
            raise UnreadableFile(zh="不是普通文件；请移走", en="not a regular file; move it away")
        if source.size > LARGEST_FILE:
            raise _too_large()
        body = candidate.path.read_bytes()
        digest = sha256(body).hexdigest()
        if known and known.parser == PARSER_VERSION and known.sha256 == digest:
            library.touch(source)
            _count_known(summary, known)
            return
        source = replace(
            source, sha256=digest, parser=PARSER_VERSION, loaded_at=datetime.now(UTC).isoformat(timespec="seconds")
        )
        report = _settled(library, parse(body, path, name), source)
    except CorpusError as error:
        _fail(library, summary, replace(source, report_id=""), error.zh, error.en)
    except OSError as error:
        # The file may be fine the next time: what it held stays, and it is tried again.
        held = replace(source, size=0, mtime_ns=0, sha256="")
        _fail(library, summary, held, f"无法读取：{error.strerror}", f"can't be read: {error.strerror}")
    except Exception as error:  # the border: a parser may raise anything on a hostile file
        what = f"{type(error).__name__}: {error}"[:300]
        _fail(library, summary, replace(source, report_id=""), f"解析失败（{what}）", f"parsing failed ({what})")
    else:
        library.put(replace(source, reason_zh="", reason_en=""), report)
        if known:
            summary.changed += 1
        else:
            summary.added += 1


def _count_known(summary: LoadSummary, known: Source) -> None:
    if not known.reason_zh:
        summary.unchanged += 1
    else:
        summary.failed.append(known)


def _fail(library: Library, summary: LoadSummary, source: Source, zh: str, en: str) -> None:
    failure = replace(
        source,
        reason_zh=zh,
        reason_en=en,
        parser=PARSER_VERSION,
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    library.put_failure(failure)
    summary.failed.append(failure)


def _settled(library: Library, report: Report, source: Source) -> Report:
    """Return the report under an identity that no other file's text holds, making room where one does.

    Some sites declare one address on all of their pages: a second text under it keeps its own name. And of two
    files with one text, the one that gave the report its name may change: then the other's text is renamed.
    """
    if library.same_content(report, source.source):
        return report
    own_id = digest64("report", source.source)
    others = _others(library, report.report_id, source)
    if others and report.report_id != own_id:
        if not any(Path(held.path).exists() for held in others):
            for held in others:
                library.touch(replace(held, size=0, mtime_ns=0, sha256=""))  # read anew should it come back
            return report
        report = renamed(report, own_id)
        others = _others(library, own_id, source)
    if others:
        for stored in library.reports([own_id]):
            heir = digest64("report", others[0].source)
            library.move(
                own_id, renamed(stored, digest64(heir, stored.text_hash) if library.has_report(heir) else heir)
            )
    return report


def renamed(report: Report, report_id: str) -> Report:
    """Return a report under another identity, its sections and paragraphs too."""
    return replace(report, report_id=report_id, sections=with_identity(report_id, report.sections))


def _others(library: Library, report_id: str, source: Source) -> list[Source]:
    return [held for held in library.holders(report_id) if held.source != source.source]


def _free_name(library: Library, candidate: _Candidate) -> str:
    """Return a canonical name that no other existing file has; folders above are added until it is free."""
    for ancestors in range(len(candidate.root.parts)):
        name = candidate.source_name(ancestors)
        holder = library.source_named(name)
        if holder is None or not Path(holder.path).exists():
            return name
    return candidate.path.as_posix()


def _blank_source(name: str, path: str, zh: str, en: str) -> Source:
    return Source(name, path, 0, 0, "", PARSER_VERSION, "", zh, en, "")


def _is_below(path: str, folders: Sequence[Path]) -> bool:
    return any(Path(path).is_relative_to(os.path.abspath(folder)) for folder in folders)  # noqa: PTH100


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        zh=f"文件超过 {LARGEST_FILE >> 20} MB；请拆分后重新导入",
        en=f"the file is larger than {LARGEST_FILE >> 20} MB; split it and load it again",
    )


def _files(path: Path) -> Iterator[Path]:
    """Yield the files at or below a path, sorted; hidden ones and linked folders are left out."""
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and name.lower() not in _IGNORED:
                yield Path(folder) / name
