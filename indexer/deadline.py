"""The moment at which a search gives up (contract 9)."""

from __future__ import annotations

import time

from indexer.errors import SearchTimeout


class Deadline:
    """The moment at which a search gives up."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, 0 if none."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raise SearchTimeout if the time is over."""
        if time.monotonic() > self._end:
            raise too_slow()


def too_slow() -> SearchTimeout:
    """Return the error that ends a search which takes too long."""
    return SearchTimeout(
        zh="检索超时；请减少条件、加上筛选，或用引号检索更长的词句",
        en="the search took too long; use fewer conditions, add a filter, or quote a longer phrase",
    )
