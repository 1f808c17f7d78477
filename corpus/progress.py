"""Progress of long work on a terminal: count, rate, time left, failures. Silent in a pipe."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Final, Self

_COUNTED: Final = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{rate_noinv_fmt}, LEFT {remaining}{postfix}]"
_COUNTING: Final = "{desc} {n_fmt} [{elapsed}, {rate_noinv_fmt}{postfix}]"


#: Size of a terminal that doesn't say how large it is (a serial line, a container's).
_USUAL_WIDTH: Final = 80
_USUAL_HEIGHT: Final = 24


class Progress:
    """A bar on stderr. Use as a context manager; ``total`` None means that it isn't known.

    ``part_zh`` and ``part_en`` name what is counted beside the main thing: the records of a container, listings.
    """

    def __init__(
        self,
        total: int | None,
        label_zh: str,
        label_en: str,
        lang: str,
        *,
        part_zh: str = "记录",
        part_en: str = "records",
    ) -> None:
        from tqdm import tqdm  # noqa: PLC0415 - a search draws no bar, and this takes longer than its answer

        self._failed = 0
        self._parts = 0
        self._english = lang == "en"
        self._part = part_en if self._english else part_zh
        self._bar = tqdm(
            total=total,
            desc=label_en if self._english else label_zh,
            file=sys.stderr,
            disable=not sys.stderr.isatty(),
            unit="",
            miniters=1,
            dynamic_ncols=_width() > 0,
            ncols=None if _width() > 0 else _USUAL_WIDTH,
            nrows=None if _width() > 0 else _USUAL_HEIGHT,
            bar_format=self._format(total),
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
        self._bar.bar_format = self._format(total)
        self._bar.refresh()

    def part(self, failed: bool = False) -> None:
        """One more part is done: a record of a container, a listing; it doesn't count towards the total."""
        self._parts += 1
        self._failed += failed
        self._tell()
        self._bar.update(0)

    def done(self, failed: bool = False) -> None:
        """One more is done."""
        self._failed += failed
        self._tell()
        self._bar.update()

    def _tell(self) -> None:
        said = [f"{self._part} {self._parts}"] if self._parts else []
        said += [f"{'failed' if self._english else '失败'} {self._failed}"] if self._failed else []
        if said:
            self._bar.set_postfix_str(", ".join(said), refresh=False)

    def _format(self, total: int | None) -> str:
        return _COUNTED.replace("LEFT", "left" if self._english else "剩余") if total else _COUNTING


def _width() -> int:
    """Return the columns of the terminal, 0 if it doesn't say."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        return 0
