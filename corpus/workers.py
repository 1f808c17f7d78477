"""Worker processes that parse untrusted files: killed when they take too long or too much memory, then replaced.

Results come back in the order of the tasks, whichever worker was faster, so that loading the same files gives the
same library every time.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.context
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

import psutil

from corpus.containers import is_container
from corpus.errors import CorpusError, WorkersFailed
from corpus.parsing import (
    CRASHED,
    LARGEST_FILE,
    OUT_OF_MEMORY,
    OUT_OF_TIME,
    Begun,
    Parsed,
    parsed_file,
    parsed_members,
    too_large,
)

if sys.platform != "win32":
    import resource

#: Seconds that one file, or one member of a container, may take.
SECONDS: Final = 30.0
#: Bytes of memory that a worker may take.
MEMORY: Final = 1 << 30
#: A container whose members bring down more workers than this isn't read on.
_MOST_DEATHS: Final = 5
#: So many workers in a row that end before they are ready, and it isn't the files' fault.
_MOST_STILLBORN: Final = 4
#: Results of one task that are kept while an earlier task is at work; beyond, its worker waits.
_AHEAD: Final = 16
#: Tasks that a worker is given at once, so that it needn't wait for the next while results are written.
_QUEUE: Final = 8
_TICK: Final = 0.2
#: Exit code of a worker that got no more memory.
_NO_MEMORY: Final = 70
#: Seconds that a process may take to start, on top.
_START: Final = 30.0


@dataclass(frozen=True, slots=True)
class Task:
    """A file to parse under its canonical name; ``sha256`` is that of the bytes known, ``skip`` the members done."""

    path: Path
    source: str
    sha256: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """A task is done. ``same``: the bytes are those known, nothing was parsed.

    ``failure`` is why the file itself can't be read (to the end), in both languages; ``again``: it may be fine the
    next time.
    """

    sha256: str
    container: bool = False
    same: bool = False
    failure: tuple[str, str] = ("", "")
    again: bool = False


Message: TypeAlias = "Begun | Parsed | Ended"
#: What a worker does with a task; a function of a module, since it is named to the process.
Work: TypeAlias = "Callable[[Task], Iterator[Message]]"


def run_task(task: Task) -> Iterator[Message]:
    """Yield what a file gives: its parts, then how it ended. Runs in a worker, or in this process."""
    container = is_container(task.path)
    try:
        if container:
            digest = _digest(task.path)
        else:
            if task.path.stat().st_size > LARGEST_FILE:
                raise too_large()
            body = task.path.read_bytes()
            digest = sha256(body).hexdigest()
        if digest == task.sha256:
            yield Ended(digest, same=True)
        elif container:
            yield from parsed_members(task.path, task.source, task.columns, task.skip)
            yield Ended(digest, container=True)
        else:
            yield parsed_file(body, task.path, task.source, digest)
            yield Ended(digest)
    except CorpusError as error:
        yield Ended("", container, failure=(error.zh, error.en))
    except OSError as error:
        said = error.strerror or type(error).__name__
        yield Ended("", container, failure=(f"无法读取：{said}", f"can't be read: {said}"), again=True)
    except MemoryError:
        yield Ended("", container, failure=(OUT_OF_MEMORY.zh, OUT_OF_MEMORY.en))
    except Exception as error:  # the border: a container's reader may raise anything on a hostile file
        what = f"{type(error).__name__}: {error}"[:300]
        yield Ended("", container, failure=(f"解析失败（{what}）", f"parsing failed ({what})"))


class Pool:
    """Worker processes for one load. Use as a context manager; none of them outlives it."""

    def __init__(self, size: int, *, seconds: float = SECONDS, memory: int = MEMORY, work: Work | None = None) -> None:
        self._work = work or run_task
        self._seconds = seconds
        self._memory = memory
        self._context = multiprocessing.get_context("spawn")
        self._size = size
        self._workers: list[_Worker] = []
        self._stillborn = 0  # workers that ended before they were ready, since one was
        self._looked = 0.0  # when the workers' time and memory were last looked at

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()

    def results(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Message]]:
        """Yield what the tasks give, in their order; each ends with an Ended. Raises WorkersFailed if none can start."""
        jobs: deque[_Job] = deque()
        more = True
        while more or jobs:
            while more and len(jobs) < self._size * _QUEUE * 2:
                task = next(tasks, None)
                more = task is not None
                if task is not None:
                    jobs.append(_Job(task))
            self._hand_out(jobs)
            moved = False
            while jobs and (jobs[0].found or jobs[0].over):
                moved = True
                if jobs[0].found:
                    yield jobs[0].task, jobs[0].found.popleft()
                else:
                    jobs.popleft()
            if jobs and not moved:
                self._gather(jobs)

    def _hand_out(self, jobs: deque[_Job]) -> None:
        for job in jobs:
            if job.worker is not None or job.over:
                continue
            if len(self._workers) < self._size and all(worker.jobs for worker in self._workers):
                self._workers.append(_Worker(self._context, self._work, self._memory))
            freest = min(self._workers, key=lambda worker: len(worker.jobs))
            if len(freest.jobs) >= _QUEUE:
                return
            freest.give(job)

    def _gather(self, jobs: deque[_Job]) -> None:
        """Take in what workers say, and kill those that take too much."""
        busy = [worker for worker in self._workers if worker.job is not None]
        first = jobs[0]
        heard = {
            worker.connection: worker
            for worker in busy
            if worker.job is first or (worker.job is not None and len(worker.job.found) < _AHEAD)
        }
        for ready in wait(list(heard), timeout=_TICK):
            worker = heard[ready]  # type: ignore[index]
            if worker.hear():
                self._stillborn = 0
            else:
                self._lose(worker, OUT_OF_MEMORY if worker.exit_code() == _NO_MEMORY else CRASHED)
        now = time.monotonic()
        if now - self._looked < _TICK / 2:
            return
        self._looked = now
        for worker in [worker for worker in self._workers if worker.job is not None]:
            if worker.connection.poll():
                worker.since = now  # it waits for us, not we for it
            elif now - worker.since > self._seconds:
                self._lose(worker, OUT_OF_TIME)
            elif now - worker.since > _TICK and worker.resident() > self._memory:
                self._lose(worker, OUT_OF_MEMORY)

    def _lose(self, worker: _Worker, reason: CorpusError) -> None:
        """Put the reason in the place of what a worker was at, and let another one go on after it."""
        job = worker.job
        worker.stop()
        self._workers.remove(worker)
        for waiting in worker.jobs:
            waiting.worker = None  # the others are given to another worker
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn >= _MOST_STILLBORN:
                raise _no_workers(self._stillborn, worker.exit_code(), late=reason is OUT_OF_TIME)
            return  # no file was opened yet: another worker may have more luck
        self._stillborn = 0
        if job is None:
            return
        job.deaths += 1
        if job.begun is None and not is_container(job.task.path):
            job.say(Parsed("", reason_zh=reason.zh, reason_en=reason.en))
            job.say(Ended(""))
        elif job.begun is None or job.deaths > _MOST_DEATHS:
            job.say(Ended("", container=True, failure=(reason.zh, reason.en)))
        else:
            job.say(Parsed(job.begun, reason_zh=reason.zh, reason_en=reason.en))
            job.task = replace(job.task, skip=job.task.skip + job.done)
            job.done = 0


def _no_workers(count: int, code: int | None, *, late: bool) -> WorkersFailed:
    """Return the error for workers that don't start; ``late``: they hung rather than ended."""
    zh = f"启动超时（{_START:.0f} 秒以上）" if late else f"启动时即退出（退出码 {code}）"
    en = f"didn't start within {_START:.0f} s" if late else f"ended while starting (exit code {code})"
    return WorkersFailed(
        zh=f"解析进程连续 {count} 个{zh}，导入已停止，与文件无关；此前导入的均已保存。多半是内存不足或程序安装不完整："
        "请关闭其他程序或减少进程（--workers 1），必要时重新安装，然后再次运行同一命令",
        en=f"{count} parsing processes in a row {en}, so the load has stopped; no file is at fault, and what was loaded "
        "before is kept. Memory may be short or the installation incomplete: close other programs or use --workers 1, "
        "reinstall if need be, then run the same command again",
    )


@dataclass(slots=True)
class _Job:
    """A task on its way: what it gave so far, and who is at it."""

    task: Task
    found: deque[Message] = field(default_factory=deque)
    worker: _Worker | None = None
    begun: str | None = None
    done: int = 0
    deaths: int = 0
    over: bool = False

    def say(self, message: Message) -> None:
        """Take a message in."""
        if isinstance(message, Begun):
            self.begun = message.member
            return
        if isinstance(message, Parsed):
            self.begun = None
            self.done += 1
        else:
            self.over = True
        self.found.append(message)


class _Worker:
    """One process with the pipe to it."""

    def __init__(self, context: multiprocessing.context.SpawnContext, work: Work, memory: int) -> None:
        self.connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(theirs, work, memory), daemon=True)
        with _deaf():
            self._process.start()
        theirs.close()
        self.jobs: deque[_Job] = deque()
        self.since = 0.0
        self.ready = False

    @property
    def job(self) -> _Job | None:
        """What the worker is at."""
        return self.jobs[0] if self.jobs else None

    def give(self, job: _Job) -> None:
        """Give the worker a job, to be done after those it has."""
        if not self.jobs:
            self.since = time.monotonic() + (0 if self.ready else _START)
        self.jobs.append(job)
        job.worker = self
        try:
            self.connection.send(job.task)
        except OSError:
            self.since = 0.0  # it is gone: heard of as soon as its pipe is read

    def hear(self) -> bool:
        """Take in what the worker sent at once; return whether it is alive."""
        try:
            messages: tuple[Message, ...] = self.connection.recv()
        except (EOFError, OSError):
            return False
        self.since = time.monotonic()
        self.ready = True
        for message in messages:
            if self.job is not None:
                self.job.say(message)
                if self.job.over:
                    self.jobs.popleft()
        return True

    def exit_code(self) -> int | None:
        """Return how a process ended whose pipe is closed."""
        self._process.join(_TICK)
        return self._process.exitcode

    def resident(self) -> int:
        """Return the bytes of memory that the process holds."""
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def stop(self) -> None:
        """Kill the process, whatever it is doing."""
        self.connection.close()
        self._process.kill()
        self._process.join()


@contextmanager
def _deaf() -> Iterator[None]:
    """Keep Ctrl+C from a process that is started here, which would end it with a traceback before it can say no."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, work: Work, memory: int) -> None:
    """Parse what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the main process, which ends the workers
    _limit(memory)
    gc.set_threshold(100_000, 50, 50)  # a page makes thousands of objects that hold each other only for its own time
    try:
        connection.send(())
        renewed = 0.0
        while True:
            task: Task = connection.recv()
            for messages in _together(work(task)):
                if time.monotonic() - renewed > 1.0:
                    _renew_time()
                    renewed = time.monotonic()
                connection.send(messages)
    except (EOFError, OSError):
        return  # the pool is gone
    except MemoryError:
        os._exit(_NO_MEMORY)  # there may be too little left to end in order


def _together(messages: Iterator[Message]) -> Iterator[tuple[Message, ...]]:
    """Yield messages as they come, but a plain file's report and its end as one: each costs the other side a wait."""
    for message in messages:
        after = next(messages, None) if isinstance(message, Parsed) and not message.member else None
        yield (message,) if after is None else (message, after)


def _limit(memory: int) -> None:
    """Ask the system to refuse more memory than allowed, where it knows how; the pool looks as well."""
    if sys.platform == "win32":
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _renew_time() -> None:
    """Let the system end a worker whose pool was killed while it was caught in a hostile file."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + 2 * SECONDS)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _digest(path: Path) -> str:
    state = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            state.update(chunk)
    return state.hexdigest()
