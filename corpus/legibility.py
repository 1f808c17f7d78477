"""How much of an extracted text can be Chinese text at all; radicals back to letters. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from corpus.folding import fold

#: What no report prints: replacement marks, private use, unassigned specials, Latin supplements of decoding gone wrong.
_IMPLAUSIBLE: Final = re.compile(
    "[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd\u0080-\u00a0\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af]|\\(cid:\\d+\\)"
)
_COUNTED: Final = re.compile(r"\S")
_RADICALS: Final = re.compile("[\u2e80-\u2ef3\u2f00-\u2fd5]")
_KANGXI: Final = 0x2F00


def legibility(text: str) -> float:
    """Return the share of a text's printed characters that can stand in a Chinese report, 0 to 1; 0 for none."""
    size = len(_COUNTED.findall(text))
    return 1 - min(size, len(_IMPLAUSIBLE.findall(text))) / size if size else 0.0


def plain_radicals(text: str) -> str:
    """Return text with radicals (⼀ ⻓) as the letters they look like (一 长); nothing else changes.

    Kangxi radicals by their compatibility mapping (Unicode), the supplement, which mostly has none, by the fold table.
    """
    return _RADICALS.sub(_letter, text)


def _letter(found: re.Match[str]) -> str:
    radical = found[0]
    return unicodedata.normalize("NFKC", radical) if ord(radical) >= _KANGXI else fold(radical)
