"""Set up .venv from the locks, for the scripts that a person runs first. Needs only Python 3.11 or newer.

The parser of an old Python has to get through this file, to reach the sentence that says it is too old: no
syntax newer than Python 3.6 here, in demo.py and in test.py, and no `from __future__ import annotations`.
"""

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import IO, Any

if sys.version_info < (3, 11):  # noqa: UP036 - the reader may well have an older one
    _this = f"{sys.version.split()[0]}, {sys.executable}"
    raise SystemExit(
        f"需要 Python 3.11 或更新版本，当前是 {_this}。\n"
        f"请安装新版本，再用它运行本脚本，例如 python3.12 {sys.argv[0]}\n"
        f"Python 3.11 or newer is needed, this is {_this}.\n"
        f"Install one and run this script with it, for example python3.12 {sys.argv[0]}"
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "locks"
STAMP = VENV / "set-up.json"
GUARD = VENV / "set-up.lock"

#: Exit status after Ctrl+C, as shells have it.
INTERRUPTED = 130

_WINDOWS = os.name == "nt"
_BIN = VENV / ("Scripts" if _WINDOWS else "bin")
PYTHON = _BIN / ("python.exe" if _WINDOWS else "python")

_UNREACHABLE = re.compile(
    r"Retrying|ConnectionError|Timeout|timed out|ProxyError|SSLError|unreachable|HTTP error|"
    r"from versions: none|No matching distribution",
    re.I,
)
_WRONG_HASH = re.compile(r"do not match the hashes", re.I)


def script(name: str) -> Path:
    """Where a command that a package installs stands in .venv."""
    return _BIN / (f"{name}.exe" if _WINDOWS else name)


def say(chinese: str, english: str) -> None:
    """One line in each language, at once even into a pipe."""
    print(f"{chinese}\n{english}", flush=True)


def set_up(kind: str) -> None:
    """Bring .venv to the lock `kind` ("run" or "dev", which includes run): at once if it is there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe on Windows would stop at Chinese
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        VENV.mkdir(exist_ok=True)
        with GUARD.open("a+b") as guard:
            _wait_for(guard)
            _bring_up(kind)
    except OSError as error:
        _stop(
            f"无法准备 .venv：{error}。请关闭正在使用它的程序，检查磁盘空间和目录权限，再运行一次。",
            f"Can't set up .venv: {error}. Close programs that use it, check free space and permissions, "
            "then run this again.",
        )


def call(command: list[str], patience: float | None = None, cwd: Path | None = None) -> int:
    """Run a command of .venv to its end and return its exit status; INTERRUPTED after Ctrl+C.

    Ctrl+C reaches the command by itself; after `patience` seconds, or at a second one, it is ended.
    """
    # A script that is killed must not leave a server behind: SystemExit runs what is under `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    process = subprocess.Popen(command, env=environment(), cwd=cwd)
    try:
        return process.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(patience)
        return INTERRUPTED
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def environment() -> dict[str, str]:
    """The environment for commands of .venv: UTF-8 everywhere, nothing of another Python in the way."""
    inherited = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    path = os.pathsep.join([str(_BIN), os.environ.get("PATH", os.defpath)])
    return {**inherited, "PATH": path, "VIRTUAL_ENV": str(VENV), "PYTHONUTF8": "1"}


_FOREIGN = {"PYTHONHOME", "PYTHONPATH", "PYTHONIOENCODING", "__PYVENV_LAUNCHER__"}


def _bring_up(kind: str) -> None:
    """Do what is missing. The stamp goes before the first change and comes back after the last."""
    wanted, found = _wanted(kind), _found()
    same_base = found.get("base") == wanted["base"] and PYTHON.exists()
    enough = same_base and found["kind"] in (kind, "dev")
    if enough and found["project"] == wanted["project"]:
        return
    STAMP.unlink(missing_ok=True)
    if enough:
        wanted["kind"] = found["kind"]
    elif same_base:
        say("正在补装开发工具……", "Adding what development needs ...")
        _install(kind)
    else:
        say(
            "正在准备 .venv（只做一次，需要联网，约一分钟）……",
            "Setting up .venv (once; needs the network, takes about a minute) ...",
        )
        _create()
        _install("build")  # jieba comes as source only: what builds it has to be there first
        _install(kind)
    _pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    _compile()
    # Renamed into place: an interrupted write leaves no stamp, and without one all is done again.
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(wanted), encoding="utf-8")
    fresh.replace(STAMP)


def _compile() -> None:
    """Compile our modules, as pip does those of packages: where Python may write no bytecode, each start would."""
    packages = [str(ROOT / name) for name in ("chadang.py", "corpus", "indexer", "webui")]
    with contextlib.suppress(OSError):
        subprocess.run([str(PYTHON), "-m", "compileall", "-q", *packages], check=False, env=environment())


def _wanted(kind: str) -> dict[str, Any]:
    """What the stamp of a complete .venv says: a new `base` needs a new .venv, a new `project` its install."""
    python = [sys.base_prefix, sysconfig.get_platform(), sys.implementation.cache_tag]
    locks = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(LOCKS.glob("*.txt"))))
    return {
        "base": [str(ROOT), *python, locks.hexdigest()],
        "kind": kind,
        "project": hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest(),
    }


def _found() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _create() -> None:
    """An empty .venv. What an interrupted set-up left can't be told from what it finished, so it goes."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        _stop(
            f"这个 Python（{sys.executable}）缺少 venv 或 ensurepip 模块。\n"
            f"Debian、Ubuntu 上请先运行 sudo apt install {name}，再运行本脚本；"
            "其他系统请换用完整安装的 Python。",
            f"This Python ({sys.executable}) lacks the module venv or ensurepip.\n"
            f"On Debian and Ubuntu run sudo apt install {name}, then this script again; "
            "elsewhere use a complete installation of Python.",
        )
    for entry in VENV.iterdir():
        if entry == GUARD:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    # The base, because this script may be running on the .venv that was just emptied.
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run(
        [base, "-m", "venv", str(VENV)], check=False, env=environment(), close_fds=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if made.returncode:
        print(made.stdout, file=sys.stderr)
        _stop(
            "创建 .venv 失败，原因见上。Debian、Ubuntu 上通常是缺少软件包 python3-venv。",
            "Creating .venv failed, see above. On Debian and Ubuntu it is usually python3-venv that is missing.",
        )


def _install(kind: str) -> None:
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    # Without build isolation nothing unlocked is fetched; --use-pep517 makes an old pip build like a new one.
    _pip(
        "install", *quiet, "--require-hashes", "--no-build-isolation", "--use-pep517",
        "--requirement", str(LOCKS / f"{kind}.txt"),
    )  # fmt: skip


def _pip(*arguments: str) -> None:
    settings = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_USER": "0"}
    process = subprocess.Popen(
        [str(PYTHON), "-m", "pip", *arguments], env={**environment(), **settings},
        cwd=ROOT, close_fds=False, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
    )  # fmt: skip
    heard = []
    with process:
        for line in process.stderr or ():
            print(line, end="", file=sys.stderr, flush=True)
            heard.append(line)
    if process.returncode:
        _stop(*_advice("".join(heard)))


def _advice(heard: str) -> tuple[str, str]:
    """What to do after pip failed with these messages."""
    if _WRONG_HASH.search(heard):
        return (
            "下载的软件包与 locks/ 中的校验值不符，已拒绝安装。\n"
            "请运行 pip cache purge 后重试；若使用镜像或代理，请换一个。",
            "A downloaded package doesn't match its hash in locks/ and was refused.\n"
            "Run pip cache purge and try again; behind a mirror or proxy, try another.",
        )
    if _UNREACHABLE.search(heard):
        return (
            "pip 无法从软件包索引取得软件包。请检查网络，然后再运行一次。\n"
            "  需要代理：设置环境变量 HTTPS_PROXY\n"
            "  使用镜像：pip config set global.index-url 镜像地址\n"
            "  没有网络：把 locks/ 所列软件包放进一个文件夹，设置 PIP_NO_INDEX=1 和 PIP_FIND_LINKS=该文件夹",
            "pip can't get packages from the package index. Check the network, then run this again.\n"
            "  behind a proxy: set HTTPS_PROXY\n"
            "  with a mirror: pip config set global.index-url ADDRESS\n"
            "  offline: put the packages that locks/ lists into a folder, "
            "set PIP_NO_INDEX=1 and PIP_FIND_LINKS=FOLDER",
        )
    return (
        "pip 安装失败，原因见上。再运行一次会从头准备 .venv。（锁定的软件包适用于 Python 3.11 至 3.14。）",
        "pip failed, see above. Another run sets .venv up anew. (The locks are for Python 3.11 to 3.14.)",
    )


def _wait_for(guard: IO[bytes]) -> None:
    """Hold the guard file: two set-ups at once would ruin each other. However we end, the system frees it."""
    told = False
    while not _grabbed(guard):
        if not told:
            say("另一个程序正在准备 .venv，等待中……", "Another set-up of .venv is running: waiting ...")
            told = True
        time.sleep(0.3)
    # pip inherits it (close_fds=False above): a pip that outlives a killed script still keeps others out.
    os.set_inheritable(guard.fileno(), True)


def _grabbed(guard: IO[bytes]) -> bool:
    with contextlib.suppress(BlockingIOError, PermissionError):
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - on Windows only

            guard.seek(0)
            msvcrt.locking(guard.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - elsewhere only

            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _stop(chinese: str, english: str) -> None:
    print(f"\n{chinese}\n{english}", file=sys.stderr, flush=True)
    sys.exit(1)
