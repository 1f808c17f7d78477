"""Characters that no text of ours has: controls, stray byte order marks, lone surrogates. Pure."""

from __future__ import annotations

import re
from typing import Final

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_END: Final = re.compile("[\x0c\x85\u2028\u2029]")


def clean_characters(text: str) -> str:
    """Return text without characters that no reader can see or store: controls, stray BOMs, surrogates.

    Also soft hyphens, blanks without width and marks of direction, which word processors and pages leave within words.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\u2028" in text or "\u2029" in text or "\x85" in text or "\x0c" in text:
        text = _LINE_END.sub("\n", text)
    return _CONTROL.sub("", text)
