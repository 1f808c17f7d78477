"""Work that a thread does meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Aside:
    """Work that a thread does meanwhile."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._error: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until it is done. Raises what it raised, once."""
        self._thread.join()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # a panic of tantivy is no Exception
            self._error = error
