"""Write locks/*.txt: the exact version and hashes of every package, one file for all platforms and Pythons.

    python3 scripts/lock.py              after a change of the dependencies in pyproject.toml
    python3 scripts/lock.py --upgrade    take the newest versions of everything

Needs uv (pip install uv). Three files, which agree with each other:

    dev.txt      to run it, to build it, to test and check it
    run.txt      to run it and to build it
    build.txt    to build it: set up first, because jieba comes as source and is built with these

A lock holds no address: where packages come from is the business of the machine that installs them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
HEADER = "# Exact versions and hashes, for every platform. Written by scripts/lock.py from pyproject.toml.\n"

#: What looks like the address of a machine, and the options that take one.
ADDRESS = re.compile(r"://|\bwww\.|@|--(?:extra-)?index-url|--find-links|--trusted-host", re.I)


def addresses(text: str) -> list[str]:
    """The lines of a lock that hold an address, which none should."""
    return [line for line in text.splitlines() if ADDRESS.search(line)]


def _compile(source: Path, target: Path, *options: str) -> None:
    command = [
        "uv", "pip", "compile", str(source), "--output-file", str(target), "--quiet",
        "--universal", "--python-version", "3.11",
        # One version for all Pythons where one serves all, instead of the newest for each.
        "--fork-strategy", "fewest",
        "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
        *options,
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    """Write the locks; with --upgrade, forget the versions locked so far."""
    if not set(arguments) <= {"--upgrade"}:
        print(__doc__)
        return 2
    if shutil.which("uv") is None:
        print("需要 uv：请先运行 pip install uv / uv is needed: run pip install uv first", file=sys.stderr)
        return 1
    LOCKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder)
        project, dev = ROOT / "pyproject.toml", new / "dev.txt"
        if "--upgrade" not in arguments and (LOCKS / "dev.txt").exists():
            shutil.copy(LOCKS / "dev.txt", dev)  # uv keeps the versions it finds in its output file
        _compile(project, dev, "--extra", "build", "--extra", "dev")
        _compile(project, new / "run.txt", "--extra", "build", "--constraint", str(dev))
        # Only the extra, without the project's own dependencies, which uv can't leave out by itself.
        tools = new / "build.in"
        tools.write_text("\n".join(_build_tools(project)), encoding="utf-8")
        _compile(tools, new / "build.txt", "--constraint", str(dev))
        for name in ("build.txt", "dev.txt", "run.txt"):
            text = (new / name).read_text(encoding="utf-8")
            if slipped := addresses(text):
                print(f"{name}: 锁文件里混入了地址 / an address slipped in: {slipped[0]}", file=sys.stderr)
                return 1
            (LOCKS / name).write_text(HEADER + text, encoding="utf-8", newline="\n")
            print(f"locks/{name}: {len(re.findall(r'^[a-z0-9].*==', text, re.M))}")
    return 0


def _build_tools(project: Path) -> list[str]:
    extras = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return list(extras["build"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
