"""Progress on a terminal, and Ctrl+C, SIGTERM and SIGKILL: all stays consistent, the same command goes on."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.loader import load
from corpus.progress import Progress

if sys.platform != "win32":
    import pty


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, lang: str) -> str:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with Progress(None, "导入", "loading", lang) as progress:
        progress.set_total(4)
        for number in range(4):
            progress.part()
            progress.done(failed=number == 1)
            time.sleep(0.11)
    return terminal.getvalue()


def test_a_terminal_shows_count_rate_time_left_and_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    last = shown(monkeypatch, "zh").split("\r")[-1]
    assert "4/4" in last
    assert "/s" in last
    assert "剩余 00:00" in last
    assert "失败 1" in last
    assert "记录 4" in last
    assert "left 00:00" in shown(monkeypatch, "en")
    assert "failed 1" in shown(monkeypatch, "en")


def test_a_pipe_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    with Progress(3, "导入", "loading", "zh") as progress:
        progress.done()
    assert pipe.getvalue() == ""


def test_a_load_tells_of_each_file_and_whether_it_failed(tmp_path: Path) -> None:
    class Told:
        said = ""

        def set_total(self, total: int) -> None:
            self.said += str(total)

        def part(self, failed: bool = False) -> None:
            self.said += "P"

        def done(self, failed: bool = False) -> None:
            self.said += "x" if failed else "."

    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text("云溪市教育局2010年政府信息公开工作年度报告\n一、概述\n公开信息12条。", "utf-8")
    (folder / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "c.txt").write_text("云溪市民政局2011年政府信息公开工作年度报告\n一、概述\n公开信息13条。", "utf-8")
    for _ in range(2):  # what is known counts as well
        told = Told()
        with Library(tmp_path / "library.db") as library:
            load(library, [folder], progress=told)
        assert told.said == "3.x."


def _files(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        text = (
            "云溪市教育局2010年政府信息公开工作年度报告\n"
            + f"一、概述\n本年度公开信息{number}条，方便群众查阅。\n" * 20
        )
        (folder / f"{number:04d}.txt").write_text(text, "utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_a_load_that_was_ended_goes_on(tmp_path: Path, name: str) -> None:
    _files(tmp_path / "reports", 150)
    asked = [sys.executable, "-m", "chadang", "--home", str(tmp_path / "home"), "load", str(tmp_path / "reports")]
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, asked)  # noqa: S606 - the command itself
    said = b""
    ended = False
    with contextlib.suppress(OSError):  # the terminal's end
        while part := os.read(terminal, 65536):
            said += part
            if b"%|" in said and not ended and any(f" {n}%|".encode() in said for n in range(10, 90)):
                ended = True
                if name == "SIGINT":
                    os.write(terminal, b"\x03")
                else:
                    os.kill(process, getattr(signal, name))
    os.waitpid(process, 0)
    assert ended
    assert b"Traceback" not in said
    assert ("已中断" in said.decode("utf-8", "replace")) == (name == "SIGINT")
    with Library(tmp_path / "home/library.db") as library:
        held = len({report.report_id for report in library.reports()})
    assert held < 150
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    added, unchanged = (int(done.stdout.split(word)[1].split("，")[0]) for word in ("新增 ", "未变 "))
    assert added + unchanged == 150
    assert 0 < added < 150
