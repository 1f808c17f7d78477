"""DOC and WPS -> Document through an installed LibreOffice: converted to DOCX in a process that can be killed.

WPS Office has no conversion without a window, so it can only be asked to save as DOCX by hand.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from corpus.document import Document
from corpus.errors import UnreadableFile

if sys.platform != "win32":
    import resource

#: Seconds that a conversion may take; a worker has 30 for the whole file.
SECONDS: Final = 25.0
#: Seconds of processor and bytes of a file that LibreOffice may take, should nobody be left to end it.
_PROCESSOR: Final = 60
_LARGEST_OUTPUT: Final = 256 * 1024 * 1024
_NAMES: Final = ("soffice", "libreoffice", "soffice.com", "soffice.exe")
_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
#: No macros, no links followed, no update of what a document points to, no recovery, no Java.
_SETTINGS: Final = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
)


def read_doc(body: bytes) -> Document:
    """Return the Document of a DOC or WPS file; raises UnreadableFile, also where LibreOffice isn't installed."""
    from corpus.docxreader import read_docx  # noqa: PLC0415 - a worker loads the readers that it needs

    return read_docx(converted(body))


def find_office() -> str:
    """Return the path of LibreOffice's program, "" if it isn't installed: on PATH, or in the usual places."""
    on_path = (shutil.which(name) for name in _NAMES)
    return next((found for found in on_path if found), "") or next((p for p in _PLACES if Path(p).is_file()), "")


def converted(body: bytes, kind: str = "docx", *, office: str | None = None, seconds: float = SECONDS) -> bytes:
    """Return a word processor's file (DOC, WPS, RTF, DOCX) as ``kind``; ``office``: the program, if it is known.

    Raises UnreadableFile if LibreOffice isn't installed, takes too long or makes nothing of the file.
    """
    program = find_office() if office is None else office
    if not program:
        raise UnreadableFile(
            zh="读取 DOC、WPS 文件需要安装 LibreOffice，本机没有找到；请用 WPS 或 Word 另存为 DOCX 后重新导入",
            en="DOC and WPS files need LibreOffice, which isn't installed; save as DOCX with WPS or Word and load that",
        )
    with tempfile.TemporaryDirectory(prefix="chadang-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        _write_profile(home / "profile")
        source = home / "in.doc"
        source.write_bytes(body)
        command = [program, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--nologo", "--nolockcheck", "--nodefault", "--convert-to", kind, "--outdir", str(home / "out")]
        _run([*command, str(source)], home, seconds)
        made = home / "out" / f"in.{kind}"
        if not made.is_file() or made.stat().st_size > _LARGEST_OUTPUT:
            raise _not_converted()
        return made.read_bytes()


def _run(command: list[str], home: Path, seconds: float) -> None:
    """Run a program without input, output or the user's home; it and all that it started are killed at the end."""
    keep = ("PATH", "SYSTEMROOT", "WINDIR", "PROGRAMFILES", "PROGRAMDATA", "LANG", "LC_ALL")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    # Its own temporary files go with ours; a proxy that nobody listens on, should a document point to the network.
    environment |= {name: str(home) for name in ("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE", "APPDATA")}
    environment |= {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "SAL_USE_VCLPLUGIN": "svp"}
    try:
        process = subprocess.Popen(  # noqa: S603 - an absolute path that we looked up, our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env=environment,
            start_new_session=True,
            preexec_fn=_own_limits if sys.platform != "win32" else None,  # noqa: PLW1509 - a worker has one thread
        )
    except OSError as error:
        raise _not_converted() from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            zh=f"LibreOffice 转换超过 {seconds:.0f} 秒，已停止；请用 WPS 或 Word 另存为 DOCX 后重新导入",
            en=f"LibreOffice took more than {seconds:.0f} s and was stopped; save as DOCX with WPS or Word and load that",
        ) from error
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and the group that it leads."""
    if sys.platform == "win32":
        if process.poll() is None:
            tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True, check=False)  # noqa: S603 - part of Windows
            process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _own_limits() -> None:
    """Lift the limits of the worker, which LibreOffice can't start within; set those of the conversion."""
    if sys.platform == "win32":
        return
    for kind, wanted in (
        (resource.RLIMIT_AS, None),
        (resource.RLIMIT_CPU, _PROCESSOR),
        (resource.RLIMIT_FSIZE, _LARGEST_OUTPUT),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = hard if wanted is None else wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, hard))


def _write_profile(folder: Path) -> None:
    """Write the settings of a private profile (registrymodifications.xcu), so that no user's settings count."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = folder / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _not_converted() -> UnreadableFile:
    return UnreadableFile(
        zh="LibreOffice 无法转换这个文件，可能已损坏或有密码；请用 WPS 或 Word 另存为 DOCX 后重新导入",
        en="LibreOffice can't convert the file, it may be damaged or locked; save as DOCX with WPS or Word and load that",
    )
