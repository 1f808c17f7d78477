"""The style sheet of an RTF file: which styles are those of headings. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_HEADING: Final = re.compile(r"\s*(?:heading|标题)\s*([1-9])\s*;", re.IGNORECASE)


@dataclass(slots=True)
class RtfStyles:
    """Collects styles as the tokens of the sheet come; a style is over at the ``;`` behind its name."""

    _levels: dict[int, int] = field(default_factory=dict)
    _number: int = 0
    _level: int = -1
    _name: str = ""

    def control(self, word: bytes, number: int | None) -> None:
        """Take in a control word of the sheet."""
        if word == b"s":
            self._number, self._level, self._name = number or 0, -1, ""
        elif word == b"outlinelevel":
            self._level = number or 0

    def text(self, text: str) -> None:
        """Take in text of the sheet: the names of styles."""
        self._name = (self._name + text)[-200:]
        if ";" not in text:
            return
        named = _HEADING.match(self._name)
        level = int(named[1]) - 1 if named and self._level < 0 else self._level
        if 0 <= level < 9 and self._number:
            self._levels.setdefault(self._number, level)
        self._number, self._level, self._name = 0, -1, ""

    def level_of(self, number: int) -> int:
        """Return the outline level of paragraphs of a style, from 0; -1 for text."""
        return self._levels.get(number, -1)
