"""Check and test everything, from a bare Python 3.11.

    python3 scripts/test.py                  ruff, mypy, import-linter, then every test
    python3 scripts/test.py -k paging        only pytest, with these arguments

Sets up .venv first (once). The tests run, and come last, even when a check before them failed; the exit
status tells of both.
"""

import sys

import _setup


def main(arguments: list[str]) -> int:
    """Run the checks (unless arguments choose tests) and the tests; return the exit status."""
    _setup.set_up("dev")
    python = str(_setup.PYTHON)
    failed = []
    if not arguments:
        checks = {
            "ruff": [python, "-m", "ruff", "check", "."],
            "mypy": [python, "-m", "mypy"],
            "import-linter": [str(_setup.script("lint-imports"))],
        }
        failed = [name for name, command in checks.items() if _run(name, command)]
    if failed:
        # Said here and not at the end, where pytest's summary is to stand.
        names = ", ".join(failed)
        _setup.say(
            f"\n检查未通过：{names}。下面仍运行测试，最终退出状态为失败。",
            f"Checks failed: {names}. The tests run all the same; the exit status will be a failure.",
        )
    status = _run("pytest", [python, "-m", "pytest", "-n", "auto", *arguments])
    return status or int(bool(failed))


def _run(name: str, command: list[str]) -> int:
    print(f"\n== {name}", flush=True)
    status = _setup.call(command, cwd=_setup.ROOT)
    if status == _setup.INTERRUPTED:
        raise KeyboardInterrupt
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(_setup.INTERRUPTED)
