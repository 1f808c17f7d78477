"""Progress of long work on a terminal: count, rate, time left, failures. Silent in a pipe."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from tqdm import tqdm


class Progress:
    """A bar on stderr. Use as a context manager; ``total`` None means that it isn't known."""

    def __init__(self, total: int | None, label_zh: str, label_en: str, lang: str) -> None:
        self._failed = 0
        self._english = lang == "en"
        self._bar = tqdm(
            total=total,
            desc=label_en if self._english else label_zh,
            file=sys.stderr,
            disable=not sys.stderr.isatty(),
            unit="",
            dynamic_ncols=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def set_total(self, total: int) -> None:
        """Say how much there is to do."""
        self._bar.total = total
        self._bar.refresh()

    def done(self, failed: bool = False) -> None:
        """One more is done."""
        if failed:
            self._failed += 1
            self._bar.set_postfix_str(f"{self._failed} failed" if self._english else f"失败 {self._failed}")
        self._bar.update()
