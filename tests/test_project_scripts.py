"""The scripts a person runs first: they need nothing but Python, and a .venv they didn't finish isn't trusted."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"project_{name}", SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bench:
    """The set-up module over a project of its own, with pip and venv replaced by a record of what they would do."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.module = _load("_setup")
        self.root = root
        self.done: list[str] = []
        (root / "locks").mkdir()
        for name in ("build", "run", "dev"):
            (root / "locks" / f"{name}.txt").write_text(name)
        (root / "pyproject.toml").write_text("[project]")
        paths = {"ROOT": root, "VENV": root / ".venv", "LOCKS": root / "locks"}
        paths |= {name: root / ".venv" / getattr(self.module, name).name for name in ("STAMP", "GUARD", "PYTHON")}
        for name, path in paths.items():
            monkeypatch.setattr(self.module, name, path)
        monkeypatch.setattr(self.module, "_create", self._create)
        monkeypatch.setattr(self.module, "_pip", self._pip)

    def set_up(self, kind: str) -> list[str]:
        """Set up, and return what was done for it."""
        self.done.clear()
        self.module.set_up(kind)
        return list(self.done)

    def _create(self) -> None:
        self.done.append("venv")
        self.module.PYTHON.touch()

    def _pip(self, *arguments: str) -> None:
        assert not self.module.STAMP.exists(), "a change under a stamp that says complete"
        self.done.append("project" if "--editable" in arguments else Path(arguments[-1]).stem)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_the_first_run_installs_everything_and_the_second_nothing(bench: Bench) -> None:
    assert bench.set_up("run") == ["venv", "build", "run", "project"]
    assert bench.set_up("run") == []


def test_testing_after_the_demo_adds_what_is_missing_and_the_demo_keeps_it(bench: Bench) -> None:
    bench.set_up("run")
    assert bench.set_up("dev") == ["dev", "project"]
    assert bench.set_up("run") == []
    assert bench.set_up("dev") == []


def test_a_changed_lock_or_another_python_asks_for_a_new_venv(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.set_up("dev")
    (bench.root / "locks" / "dev.txt").write_text("other")
    assert bench.set_up("dev") == ["venv", "build", "dev", "project"]
    monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    assert bench.set_up("dev") == ["venv", "build", "dev", "project"]
    bench.module.PYTHON.unlink()
    assert bench.set_up("dev") == ["venv", "build", "dev", "project"]


def test_a_changed_pyproject_installs_the_project_again_and_keeps_the_rest(bench: Bench) -> None:
    bench.set_up("dev")
    (bench.root / "pyproject.toml").write_text("[project] # changed")
    assert bench.set_up("run") == ["project"]
    assert bench.set_up("dev") == []


@pytest.mark.parametrize("step", ["build", "run", "project"])
def test_an_interrupted_set_up_is_done_again_from_the_start(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    whole = bench.module._pip

    def interrupted(*arguments: str) -> None:
        whole(*arguments)
        if bench.done[-1] == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(bench.module, "_pip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bench.set_up("run")
    monkeypatch.setattr(bench.module, "_pip", whole)
    assert bench.set_up("run") == ["venv", "build", "run", "project"]


@pytest.mark.parametrize("stamp", ["", "{", "[]", "{}", '"x"', json.dumps({"base": 1})])
def test_a_damaged_stamp_is_not_trusted(bench: Bench, stamp: str) -> None:
    bench.set_up("run")
    bench.module.STAMP.write_text(stamp)
    assert bench.set_up("run") == ["venv", "build", "run", "project"]


def test_a_new_venv_starts_empty_but_for_the_guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = _load("_setup")
    venv, outside = tmp_path / ".venv", tmp_path / "outside"
    (venv / "lib" / "half").mkdir(parents=True)
    outside.mkdir()
    (outside / "kept").touch()
    (venv / "set-up.lock").touch()
    (venv / "link").symlink_to(outside, target_is_directory=True)
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "GUARD", venv / "set-up.lock")
    monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    module._create()
    assert [path.name for path in venv.iterdir()] == ["set-up.lock"]
    assert (outside / "kept").exists()


def test_a_python_without_venv_says_which_package_to_install(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = _load("_setup")
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as stopped:
        module._create()
    assert stopped.value.code == 1
    assert capsys.readouterr().err.count(f"apt install python3.{sys.version_info[1]}-venv") == 2


@pytest.mark.parametrize(
    ("heard", "advice"),
    [
        ("WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'", "HTTPS_PROXY"),
        ("ERROR: No matching distribution found for click==8", "PIP_FIND_LINKS"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "pip cache purge"),
        ("error: metadata-generation-failed", "3.14"),
    ],
)
def test_a_failed_pip_gets_advice_in_both_languages(heard: str, advice: str) -> None:
    assert all(advice in text for text in _load("_setup")._advice(heard))


@pytest.fixture
def holder(bench: Bench) -> Iterator[Callable[[], None]]:
    """Another process that holds the guard; called, it lets go by dying."""
    bench.module.VENV.mkdir()
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import _setup; file = open(sys.argv[2], 'a+b')\n"
        "_setup._wait_for(file); print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(SCRIPTS), str(bench.module.GUARD)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"held"
    yield process.kill
    process.kill()
    process.communicate()


def test_two_set_ups_wait_for_each_other_and_a_killed_one_holds_nothing(
    bench: Bench, holder: Callable[[], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(bench.done.copy())
        holder()
        real(0.05)

    real = time.sleep
    monkeypatch.setattr(bench.module.time, "sleep", sleep)
    assert bench.set_up("run") == ["venv", "build", "run", "project"]
    assert waited
    assert waited[0] == []
    assert capsys.readouterr().out.count("Another set-up") == 1


@pytest.mark.parametrize("name", ["_setup", "demo", "test"])
def test_the_first_scripts_need_only_the_standard_library_and_an_old_python_can_read_them(name: str) -> None:
    source = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    assert imported <= sys.stdlib_module_names | {"_setup"}
    assert "__future__" not in imported


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
def test_a_killed_script_takes_its_command_with_it() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import _setup\n"
        "_setup.call([sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)'])"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(SCRIPTS)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_lock_script_finds_an_address_that_slipped_in() -> None:
    lock = _load("lock")
    clean = "click==8.1.8 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    assert lock.addresses(clean) == []
    slipped = ["--index-url host.example", "# from www.host.example", "click @ git+ssh://host.example"]
    assert lock.addresses("\n".join([clean, *slipped])) == slipped
