"""A covering notice before a report: where the report itself begins. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from corpus.folding import fold
from corpus.kinds import is_covering_title, names_a_type
from corpus.numbering import heading_line
from corpus.rawblock import RawBlock

#: A notice is no longer than this: blocks, characters.
_MOST_BLOCKS: Final = 40
_MOST_CHARACTERS: Final = 4_000
_LONGEST_TITLE: Final = 70
_SALUTES = re.compile(r"^(?:各|市|县|区|省).{2,120}:$")
_CLOSES = re.compile(
    r"特此(?:通知|公告|函告|报告|公布)|现(?:予|将).{0,40}(?:公布|公开|印发|报送)|(?:请|敬请)(?:认真)?(?:阅|贯彻|遵照)"
)


#: The agency alone in the line above its report's title.
_AGENCY = re.compile(r"[一-鿿]{2,20}(?:政府|[局厅部署委院办]|委员会|办公室|管委会|街道办事处|中心)(?:办公室)?")


def report_start(blocks: Sequence[RawBlock]) -> tuple[int, int]:
    """Return [start, end) of the blocks that are the title of a report below its covering notice; (0, 0) if none is.

    A notice is told by its title, its salutation or its closing words; what follows must bear a report's title.
    """
    return _report_start(tuple(blocks[: _MOST_BLOCKS + 1]))


@lru_cache(maxsize=4)  # titles, metadata, headings and sections of one report ask for it
def _report_start(blocks: tuple[RawBlock, ...]) -> tuple[int, int]:
    said = 0
    covering = False
    said_last = ""
    for position, block in enumerate(blocks[:_MOST_BLOCKS]):
        if block.form == "row" or said > _MOST_CHARACTERS:
            break
        text = fold(block.text[:400])
        after = blocks[position + 1].text if position + 1 < len(blocks) else ""
        if covering and _is_title(block.text):
            before = blocks[position - 1].text
            named = before == said_last and _AGENCY.fullmatch(fold(before[:40])) and not _AGENCY.match(text)
            return (position - 1 if named else position), position + 1
        if covering and _is_part(block.text) and _is_title(block.text.strip() + after.strip()) and not _is_title(after):
            return position, position + 2
        covering = covering or is_covering_title(text) or bool(_SALUTES.match(text)) or bool(_CLOSES.search(text))
        said += len(text)
        said_last = block.text
    return 0, 0


def _is_title(text: str) -> bool:
    folded = fold(text[: 2 * _LONGEST_TITLE])
    return len(folded) <= _LONGEST_TITLE and names_a_type(text) and _is_part(text)


def _is_part(text: str) -> bool:
    """Whether a line can be a title or the first half of one."""
    folded = fold(text[: 2 * _LONGEST_TITLE])
    return (
        4 <= len(folded) <= _LONGEST_TITLE
        and not folded.startswith(("附", "《", "现", "按", "根据", "为", "1.", "2."))
        and not re.search(r"[。;:,!?]", folded)
        and heading_line(text) is None
    )
