"""What has to hold of the repository as a whole: the locks, the README, no address of a package registry."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["build.txt", "dev.txt", "run.txt"]

#: Put together here, so that this file doesn't hold what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pypi", "python", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
        ("npmmirror", "com"), ("registry", "yarnpkg", "com"), ("unpkg", "com"), ("jsdelivr", "net"), ("crates", "io"),
        ("tuna", "tsinghua", "edu", "cn"), ("mirrors", "aliyun", "com"), ("mirrors", "ustc", "edu", "cn"),
        ("pypi", "doubanio", "com"), ("repo", "huaweicloud", "com"), ("mirrors", "cloud", "tencent", "com"),
    )
]  # fmt: skip
#: Whatever its host: an address that a package is fetched from, or a setting that names one.
FETCHED = re.compile(
    r"https?://\S+(?:/simple\b|/packages/|\.whl\b)|(?:index-url|find-links)\s*=?\s*[\"']?https?://", re.I
)


def _requirements(name: str) -> dict[str, list[str]]:
    """Each `name==version; marker` of a lock, with its hashes."""
    text = (ROOT / "locks" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line.split("--hash=") for line in text.splitlines() if line and not line.startswith("#")]
    return {entry[0].strip(): [part.strip() for part in entry[1:]] for entry in entries}


def _pins(name: str) -> dict[str, str]:
    return dict(entry.split(";")[0].strip().split("==") for entry in _requirements(name))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_with_its_hashes_and_holds_no_address(name: str) -> None:
    text = (ROOT / "locks" / name).read_text(encoding="utf-8")
    assert not re.findall(r"\S*(?:://|www\.|@)\S*|.*(?:index-url|find-links|trusted-host).*", text)
    assert not re.findall(r"\b[\w-]+\.(?:org|com|net|io|cn|dev)\b", text)
    for requirement, hashes in _requirements(name).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^\s;]+( ; .+)?", requirement)
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


def test_the_locks_agree_and_each_holds_the_one_below() -> None:
    assert _pins("build.txt").items() <= _pins("run.txt").items() <= _pins("dev.txt").items()


def test_the_locks_hold_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[^\w-]", requirement)[0].lower() for requirement in requirements}

    assert names(extras["build"]) <= _pins("build.txt").keys()
    assert names(project["dependencies"]) <= _pins("run.txt").keys()
    assert names(extras["dev"]) <= _pins("dev.txt").keys()


def test_the_command_line_and_the_readme_list_the_same_commands() -> None:
    import chadang

    with click.Context(chadang.main) as context:
        existing = set(chadang.main.list_commands(context))
        for name in existing:
            assert chadang.main.get_command(context, name) is not None, name
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    fences = re.findall(r"^```.*?^```", readme, re.M | re.S)
    spans = re.findall(r"`[^`\n]+`", re.sub(r"^```.*?^```", "", readme, flags=re.M | re.S))
    # In code only (prose says "chadang is ..."), and past the options that stand before the command.
    command = re.compile(r"(?:^|[\s`/\\])chadang(?: --\w+[= ]\S+)* ([a-z]+)\b", re.M)
    documented = {name for code in fences + spans for name in command.findall(code)}
    assert documented == existing, "README.md writes a command as `chadang NAME`"


def test_no_file_names_a_package_registry() -> None:
    found = []
    for path in _files():
        try:
            text = path.read_text(encoding="utf-8").lower()
        except UnicodeDecodeError:
            continue  # not text, or a sample in another encoding
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
        found += [f"{path.relative_to(ROOT)}: {match}" for match in FETCHED.findall(text)]
    assert not found


def _files() -> list[Path]:
    """Every file that is tracked or could be; in an unpacked archive, without git, every file of ours."""
    try:
        listed = subprocess.run(
            # Whoever owns the checkout: as root in a container, git would refuse to read it.
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
        names = [name for name in listed.stdout.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        ours = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [str(path) for path in ours if not path.parts[0].startswith(".")]
    paths = [path for path in (ROOT / name for name in names) if path.is_file()]
    assert ROOT / "pyproject.toml" in paths
    return paths
