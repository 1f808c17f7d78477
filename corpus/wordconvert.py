"""DOC and WPS -> Document, converted by an installed LibreOffice; files that are something else go to their reader.

WPS Office has no documented way to convert without its window, so only LibreOffice is used.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.htmlreader import read_html
from corpus.ofdreader import read_ofd
from corpus.pdfreader import read_pdf
from corpus.rtfreader import read_rtf
from corpus.sniff import OLE, WORD_STREAM, suffix_of
from corpus.textreader import read_text

#: Seconds for one conversion, start of the program included; below the 30 s that a file may take in all.
TIME_LIMIT: Final = 22.0
_LARGEST_RESULT: Final = 100_000_000
_NAMES: Final = ("soffice", "libreoffice", "soffice.com")
_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice*/program/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)
_WINDOWS_PLACES: Final = ("LibreOffice*/program/soffice.com", "LibreOffice*/program/soffice.exe")
#: Settings of the private profile: macros never run, links are neither followed nor renewed, a dead proxy.
_SETTINGS: Final = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Common/Misc", "FirstRun", "false"),
)
_DEAD_PROXY: Final = "http://127.0.0.1:9"


def read_doc(body: bytes) -> Document:
    """Return the Document of an old Word or WPS file. Raises UnreadableFile.

    Many a ``.doc`` is RTF, HTML, DOCX or text under another name; those need no LibreOffice.
    """
    kind = suffix_of(body, "")
    readers = {".rtf": read_rtf, ".html": read_html, ".pdf": read_pdf, ".ofd": read_ofd, ".docx": _read_docx}
    if kind in readers:
        return readers[kind](body)
    if not body.startswith(OLE):
        if b"\0" in body[:4096] and body[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
            raise _no_word()
        return read_text(body)
    if kind != ".doc":
        raise _no_word()
    return _read_docx(converted(body))


def converted(body: bytes, target: str = "docx") -> bytes:
    """Return an OLE document converted to ``target`` ("docx", "rtf") by LibreOffice. Raises UnreadableFile."""
    program = find_office()
    if program is None:
        raise UnreadableFile(
            zh="DOC、WPS 文件需要 LibreOffice 转换，未找到该程序；请安装 LibreOffice，或用 Word、WPS 打开后另存为 DOCX",
            en="DOC and WPS files need LibreOffice, which wasn't found; install it, or save the file as DOCX in Word or WPS",
        )
    with _folder() as folder:
        profile = folder / "profile"
        _write_profile(profile)
        # Kingsoft's WPS files are Word's in all but name; only those of Microsoft Works need their own suffix.
        source = folder / ("source.doc" if WORD_STREAM in body else "source.wps")
        source.write_bytes(body)
        _run(program, profile, source, target)
        result = folder / "out" / f"source.{target}"
        if not result.is_file() or result.stat().st_size > _LARGEST_RESULT:
            raise _failed()
        return result.read_bytes()


def find_office() -> Path | None:
    """Return LibreOffice's program: from PATH, else from the places where its installers put it."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((path for path in _usual_places() if path.is_file()), None)


def _usual_places() -> Iterator[Path]:
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "ProgramW6432"):
            folder = os.environ.get(variable)
            if folder:
                for pattern in _WINDOWS_PLACES:
                    yield from sorted(Path(folder).glob(pattern), reverse=True)
    else:
        for pattern in _PLACES:
            yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Give a private folder that goes afterwards, even if a killed program left files that can't be deleted at once."""
    with tempfile.TemporaryDirectory(prefix="chadang-office-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        "utf-8",
    )


def _run(program: Path, profile: Path, source: Path, target: str) -> None:
    """Run one conversion; the program and all it started are ended if it takes too long."""
    command = [
        str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--nodefault", "--nologo", "--convert-to", target, "--outdir", str(source.parent / "out"), str(source),
    ]  # fmt: skip
    proxies = {name: _DEAD_PROXY for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    try:
        process = subprocess.Popen(  # noqa: S603 - the program found above, a fixed command, paths of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=source.parent,
            env={**os.environ, **proxies},
            start_new_session=True,
        )
    except OSError as error:
        raise _failed() from error
    try:
        process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise _failed() from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a process and its children."""
    if sys.platform == "win32":
        if process.poll() is None:
            tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True, check=False)  # noqa: S603
    else:
        # The group outlives its leader as long as a member runs (soffice starts soffice.bin).
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


def _read_docx(body: bytes) -> Document:
    found: Document = import_module("corpus.docxreader").read_docx(body)
    return found


def _no_word() -> UnreadableFile:
    return UnreadableFile(
        zh="不是 Word 或 WPS 文字文件；表格请另存为 XLSX，演示文稿请另存为 PDF，其他请另存为 DOCX",
        en="no Word or WPS text; save a sheet as XLSX, slides as PDF, anything else as DOCX",
    )


def _failed() -> UnreadableFile:
    return UnreadableFile(
        zh="LibreOffice 无法转换此文件（已损坏、加密或超时）；请用 Word 或 WPS 打开后另存为 DOCX",
        en="LibreOffice couldn't convert the file (damaged, encrypted or too slow); save it as DOCX in Word or WPS",
    )
