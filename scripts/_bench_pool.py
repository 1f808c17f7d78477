"""Work in other processes, results in order, and never more of them waiting than a few."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
_AHEAD = 3


def in_order(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    workers: int,
    *,
    start: Callable[..., None] | None = None,
    given: tuple[Any, ...] = (),
) -> Iterator[Result]:
    """Yield the result of each task, in the order of the tasks.

    ``Pool.imap`` would let results pile up without bound where the one who takes them is slower than the workers.
    """
    with multiprocessing.get_context("spawn").Pool(workers, initializer=start, initargs=given) as pool:
        waiting: deque[Any] = deque()
        for task in tasks:
            waiting.append(pool.apply_async(work, (task,)))
            if len(waiting) > workers * _AHEAD:
                yield waiting.popleft().get()
        while waiting:
            yield waiting.popleft().get()
