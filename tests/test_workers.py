"""Worker processes: killed when they must be, replaced, and what comes back is in order and complete."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import hostile_work
import psutil
import pytest

from corpus import containers, loader, parsing
from corpus.errors import WorkersFailed
from corpus.library import Library
from corpus.loader import load
from corpus.parsing import Parsed
from corpus.workers import Ended, Message, Pool, Task


@pytest.fixture(autouse=True)
def boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(containers.CONTAINERS, ".box", lambda path, columns: iter(()))


def run(*names: str, size: int = 2, memory: int = 1 << 30) -> list[tuple[str, str, str]]:
    """What came back: (file, member, its reason or how it ended)."""
    tasks = iter([Task(Path(name), name) for name in names])
    with Pool(size, seconds=6.0, memory=memory, work=hostile_work.work) as pool:
        return [(task.source, *said(message)) for task, message in pool.results(tasks)]


def said(message: Message) -> tuple[str, str]:
    if isinstance(message, Parsed):
        return message.member, message.reason_en or "fine"
    assert isinstance(message, Ended)
    return "", f"ended {message.failure[1]}".strip()


def test_results_come_in_the_order_of_the_tasks() -> None:
    names = ["slow1.txt", "a.txt", "b.txt", "slow2.txt", *(f"{n}.txt" for n in range(40))]
    assert run(*names) == [pair for name in names for pair in ((name, "", "fine"), (name, "", "ended"))]


def test_a_file_that_hangs_crashes_or_eats_memory_is_a_reason_and_all_others_are_in() -> None:
    names = ["1.txt", "hang.txt", "2.txt", "crash.txt", "3.txt", "memory.txt", "4.txt"]
    found = run(*names, memory=300_000_000)
    assert [source for source, _, end in found if end == "ended"] == names
    reasons = {source: end for source, _, end in found if end not in ("ended", "fine")}
    assert set(reasons) == {"hang.txt", "crash.txt", "memory.txt"}
    assert "too long" in reasons["hang.txt"]
    assert "came down" in reasons["crash.txt"]
    assert "memory" in reasons["memory.txt"]


def test_the_members_after_one_that_kills_its_worker_are_read() -> None:
    found = run("a-crash-b-hang-c.box", "after.txt")
    assert [(member, end == "fine") for source, member, end in found if source.endswith(".box") and member] == [
        ("0a", True),
        ("1crash", False),
        ("2b", True),
        ("3hang", False),
        ("4c", True),
    ]
    assert found[-1] == ("after.txt", "", "ended")


def test_a_container_that_kills_worker_after_worker_is_given_up() -> None:
    found = run("-".join(["crash"] * 12) + ".box", "after.txt")
    members = [member for _, member, _ in found if member]
    assert 3 <= len(members) <= 8
    assert any("came down" in end for source, member, end in found if source.endswith(".box") and not member)
    assert found[-1] == ("after.txt", "", "ended")


def test_no_worker_outlives_the_pool() -> None:
    def interrupted() -> Iterator[tuple[Task, Message]]:
        with Pool(2, work=hostile_work.work) as pool:
            yield from pool.results(iter([Task(Path("a.txt"), "a"), Task(Path("hang.txt"), "h")]))

    results = interrupted()
    next(results)
    children = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    assert len(children) == 2
    results.close()
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_a_worker_that_is_killed_from_outside_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(
            f"某市某局{2008 + number % 9}年政府信息公开年度报告\n第{number}号。", "utf-8"
        )

    class Killing:
        count = 0

        def set_total(self, total: int) -> None:
            assert total == 60

        def done(self, failed: bool = False) -> None:
            self.count += 1
            if self.count == 10:
                os.kill(psutil.Process().children()[-1].pid, signal.SIGTERM)

    with Library(tmp_path / "library.db") as library:
        summary = load(library, [folder], workers=2, progress=Killing())
        assert summary.added + len(summary.failed) == 60
        assert len(summary.failed) <= 1
        again = load(library, [folder], workers=2)
        assert (again.unchanged, len(again.failed)) == (summary.added, len(summary.failed))


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "f"
    folder.mkdir()
    for year in range(2008, 2018):
        (folder / f"{year}.txt").write_text(f"某市某局{year}年政府信息公开年度报告\n无。", "utf-8")
    return folder


def test_workers_that_end_as_they_start_stop_a_load_with_one_message(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = tmp_path / "tally"
    with Library(tmp_path / "library.db") as library:
        with monkeypatch.context() as patched:
            patched.setattr(loader, "Pool", partial(Pool, work=hostile_work.Stillborn(tally, 999)))
            with pytest.raises(WorkersFailed, match=r"exit code 5.*run the same command again"):
                load(library, [texts], workers=2)
        assert 4 <= tally.stat().st_size <= 6
        assert library.counts()["sources"] == 0  # no file is blamed
        assert load(library, [texts], workers=2).added == 10


def test_a_worker_that_ends_as_it_starts_costs_no_file(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "Pool", partial(Pool, work=hostile_work.Stillborn(tmp_path / "tally", 2)))
    with Library(tmp_path / "library.db") as library:
        summary = load(library, [texts], workers=2)
    assert (summary.added, summary.failed) == (10, [])


def test_workers_give_the_same_library_as_one_process(tmp_path: Path) -> None:
    samples = Path(parsing.__file__).parent / "samples"
    states = []
    for workers in (0, 3):
        with Library(tmp_path / f"{workers}.db") as library:
            load(library, [samples], workers=workers)
            states.append((library.states(), library.corpus_id()))
    assert states[0] == states[1]
