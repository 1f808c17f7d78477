"""Sentences of a section's text with their places, in linear time. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# A table's cells (joined by " | ") and each line stand alone; a closing quote or bracket stays with its sentence.
_ENDS: Final = r"(?:[。！？!?；;]+[”’」』）)】》\"']*)?"
_SENTENCE: Final = re.compile(rf"(?:(?! \| )[^\n。！？!?；;])+{_ENDS}")
_PLAIN: Final = re.compile(rf"[^\n。！？!?；;]+{_ENDS}")
_BLANK: Final = " \t\r\f\v\u3000\xa0"


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a text's sentences in order, without blanks around them; a heading or cell is one.

    Spans never overlap; what is in none is blanks, cell bars and stray sentence ends.
    """
    for found in _pattern(text).finditer(text):
        whole = found.group()
        left = len(whole) - len(whole.lstrip(_BLANK + "|"))
        right = len(whole.rstrip(_BLANK))
        if left < right:
            yield found.start() + left, found.start() + right


def sentence_texts(text: str) -> list[str]:
    """Return the texts of ``sentences``, in a third of the time."""
    found = (whole.lstrip(_BLANK + "|").rstrip(_BLANK) for whole in _pattern(text).findall(text))
    return [whole for whole in found if whole]


def _pattern(text: str) -> re.Pattern[str]:
    """Return what finds the sentences of a text; to look for cells at every character takes ten times as long."""
    return _SENTENCE if " | " in text else _PLAIN
