"""What is counted when hits are read: the texts of a section as a reader sees them, each once. Pure."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.model import Section
from indexer.errors import AnalysisTimeout
from indexer.highlight import Highlighter

#: A page waits so long for the hits to be read; the command line takes any time unless told otherwise.
PAGE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Unit:
    """A heading, paragraph or row with the place it is linked to: a block, or (no block has it) the section."""

    block_id: str
    text: str


def units(section: Section) -> Iterator[Unit]:
    """Yield the texts of a section in which matches are counted.

    They are those that ``Searcher.read`` counts: its heading, unless that begins its first paragraph and is
    marked there, and every paragraph or row.
    """
    heading = next((block for block in section.blocks if block.form == "heading"), None)
    if section.heading and (heading is not None or section.ordinal == 0):
        yield Unit(heading.block_id if heading else "", section.heading)
    for block in section.blocks:
        if block.form != "heading":
            yield Unit(block.block_id, section.block_text(block))


def occurrences(section: Section, highlighter: Highlighter) -> int:
    """Return how many matches are marked in a section."""
    return sum(len(highlighter.spans(unit.text)) for unit in units(section))


def characters(section: Section) -> int:
    """Return how many characters, blanks left out, the counted texts of a section have."""
    return shown_characters(unit.text for unit in units(section))


def shown_characters(texts: Iterable[str]) -> int:
    """Return how many characters, blanks left out, some texts have."""
    return sum(len("".join(text.split())) for text in texts)


class Watch:
    """The time that reading hits may take; None is any time."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds
        self._read = 0

    def check(self) -> None:
        """Raise AnalysisTimeout if the time is over."""
        if self._end is not None and time.monotonic() > self._end:
            raise AnalysisTimeout(
                zh=f"命中太多：{self._seconds:.0f} 秒内读了 {self._read} 个章节，仍未读完；请加上年度、地区等筛选，"
                "或在命令行运行同名命令（chadang trend、concordance、coverage），那里不限时间",
                en=f"too many hits: {self._read} sections were read in {self._seconds:.0f} s, and more are left; add a "
                "filter (year, region), or run the command of this name (chadang trend, concordance, coverage), "
                "which has no limit of time",
            )

    def section(self) -> None:
        """Count a section that is read; raises AnalysisTimeout if the time is over."""
        self._read += 1
        self.check()
