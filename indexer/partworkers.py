"""Processes that write the parts of a tantivy index, each reading the library itself."""

from __future__ import annotations

import gc
import multiprocessing
import queue
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final, TypeAlias

from corpus.library import Library
from indexer.errors import IndexUnwritable
from indexer.tablewriter import ReportEntry
from indexer.tantivyparts import BUILD_MEMORY, PartWriter
from indexer.unfinished import INDEX, PACK, WORDED

_CHUNK: Final = 100
#: So many objects more than before are looked through for garbage.
_COLLECTED_AFTER: Final = 50_000


@dataclass(frozen=True, slots=True)
class Task:
    """What one process writes."""

    library: Path
    folder: Path
    number: int
    pack_number: int
    #: Identity, number, the library's hash, whether another report stands for it.
    reports: tuple[tuple[str, int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """A task is done: where the records of its pack lie, in the order in which reports were written."""

    number: int
    places: list[tuple[int, int]]


#: The number of a task with what was written for it; a task's end; a worker's (None); what went wrong.
_Answer: TypeAlias = "tuple[int, list[ReportEntry]] | Finished | str | None"


def carried_out(tasks: list[Task], workers: int) -> Iterator[tuple[int, list[ReportEntry]] | Finished]:
    """Carry the tasks out, so many at once; yield what was written as it is written.

    Each has a process of its own: what one has freed stays with it in pieces, a third more memory with each part.
    """
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[_Answer] = context.Queue()
    waiting = [context.Process(target=_work, args=(task, answers), daemon=True) for task in reversed(tasks)]
    processes: list[SpawnProcess] = []

    def begin() -> None:
        process = waiting.pop()
        process.start()
        processes.append(process)

    try:
        for _ in range(min(workers, len(tasks))):
            begin()
        running = len(processes)
        while running:
            answer = _next(answers, processes)
            if answer is not None:
                yield answer
            elif waiting:
                begin()
            else:
                running -= 1
        for process in processes:
            process.join()
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
        for process in processes:
            if process.pid is not None:
                process.join()
        answers.close()


def _next(
    answers: multiprocessing.Queue[_Answer], processes: list[SpawnProcess]
) -> tuple[int, list[ReportEntry]] | Finished | None:
    """Return what a worker says next. Raises IndexUnwritable if one failed or is gone."""
    while True:
        try:
            answer = answers.get(timeout=1.0)
        except queue.Empty:
            if any(process.exitcode not in (None, 0) for process in processes):
                raise _failed("a worker process ended") from None
            continue
        if isinstance(answer, str):
            raise _failed(answer)
        return answer


def _work(task: Task, answers: multiprocessing.Queue[_Answer]) -> None:
    """Write a part; answer with what was written, with its end, with None at last, or with a text if it can't be done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    # What was loaded stays, and documents refer to nothing that refers to them.
    gc.freeze()
    gc.set_threshold(_COLLECTED_AFTER)
    try:
        _write_part(task, answers)
        answers.put(None)
    except BaseException as error:  # a panic of tantivy is no Exception
        answers.put("".join(traceback.format_exception_only(error)).strip())
        raise


def _write_part(task: Task, answers: multiprocessing.Queue[_Answer]) -> None:
    task.folder.mkdir(parents=True)
    writer = PartWriter(task.folder / INDEX, task.folder / PACK, task.pack_number, task.folder / WORDED, BUILD_MEMORY)
    with Library(task.library) as library, library.reading():
        for start in range(0, len(task.reports), _CHUNK):
            chunk = {row[0]: row for row in task.reports[start : start + _CHUNK]}
            entries = []
            for stored in library.stored(list(chunk)):
                _, number, state, copy = chunk[stored.report.report_id]
                if stored.state == state:
                    entries.append(writer.add(stored, number, copy))
            answers.put((task.number, entries))
    answers.put(Finished(task.number, writer.finish()))


def _failed(why: str) -> IndexUnwritable:
    return IndexUnwritable(
        zh=f"建立索引失败：{why}；请检查磁盘空间和内存后重试（chadang index），原有索引仍可使用",
        en=f"building the index failed: {why}; check disk space and memory and try again (chadang index); the old index still answers",
    )
