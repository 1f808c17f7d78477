"""A draft: a text that is read like a report and never kept, neither in the library nor in a file of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from corpus.errors import UnreadableFile
from corpus.model import Report
from corpus.parsing import Parsed, parse
from corpus.rows import report_from_rows
from corpus.workers import Ended, Pool, Task

_NAME: Final = "draft"


def draft_of_text(text: str) -> Report:
    """Return a typed or pasted text as a report: its title, agency, region and year are what it says itself.

    Raises UnreadableFile for a text without a word.
    """
    return parse(text.encode("utf-8", "replace"), f"{_NAME}.txt", _NAME)


def draft_of_file(path: Path) -> Report:
    """Return a file of any format that the loader reads as a report, parsed in a process of its own.

    Raises UnreadableFile, also for a container: several reports are no draft. Raises WorkersFailed.
    """
    if not path.is_file():
        raise UnreadableFile(zh=f"找不到文件 {path}；请检查路径", en=f"there is no file {path}; check the path")
    parsed: list[Parsed] = []
    with Pool(1) as pool:
        for _, message in pool.results(iter([Task(path, path.name)])):
            if isinstance(message, Parsed):
                parsed.append(message)
            elif isinstance(message, Ended) and any(message.failure):
                raise UnreadableFile(*message.failure)
            if len(parsed) > 1:  # an archive of thousands isn't read to its end to be refused
                raise UnreadableFile(
                    zh="文件里不止一份报告；请每次检查一份", en="the file has several reports; check one at a time"
                )
    if not parsed:
        raise UnreadableFile(zh="文件里没有报告；请换一个文件", en="the file has no report; choose another one")
    if parsed[0].report is None:
        raise UnreadableFile(parsed[0].reason_zh, parsed[0].reason_en)
    return report_from_rows(parsed[0].report)


def text_of(report: Report) -> str:
    """Return all of a draft's text, a line a paragraph."""
    return "\n".join(section.block_text(block) for section, block in report.blocks_in_order())
