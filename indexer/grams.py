"""Folded units -> character bigrams with positions, the tokens by which an index finds exact phrases. Pure.

A phrase is asked by every second of its bigrams, since these hold all of its characters (measured in the design). Each
unit ends with a bigram of its last character alone, so that every character begins one; gaps keep units apart.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from operator import add
from typing import Final

import numpy as np

# Folding drops control characters, so no text holds these.
_END: Final = "\x01"
#: A blank would split a token.
_BLANK: Final = "\x02"
#: With one gap the distance between neighbouring units is three positions; no two bigrams of a phrase are further apart than two.
_GAP: Final = " \x03 \x03 "

#: From so many characters on a unit is cut by arithmetic, in half the time.
_SHORT: Final = 16
_POINTS: Final = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"

_ASCII_RUN: Final = re.compile(r"[a-z0-9]+")


def gram_text(units: Iterable[str]) -> str:
    """Return the bigrams of folded units, joined by blanks, in order: a token's place is its position."""
    return _GAP.join(_grams(unit) for unit in units if unit)


def run_text(units: Iterable[str]) -> str:
    """Return the whole runs of ASCII letters and digits in folded units, each once, joined by blanks."""
    return " ".join(dict.fromkeys(run for unit in units for run in _ASCII_RUN.findall(unit)))


def phrase_grams(folded: str) -> list[tuple[int, str]]:
    """Return (position, bigram) of a folded phrase of two characters or more: every second one, and the last."""
    text = folded.replace(" ", _BLANK)
    last = len(text) - 2
    return [(at, text[at : at + 2]) for at in dict.fromkeys([*range(0, last + 1, 2), last])]


def beginning_with(char: str) -> str:
    """Return a regular expression for the bigrams that begin with a character."""
    return f"\\x{{{ord(char):x}}}."


def _grams(unit: str) -> str:
    text = unit.replace(" ", _BLANK)
    if len(text) < _SHORT:
        return " ".join(map(add, text, text[1:] + _END))
    # Three code points for each character: itself, the next one, a blank.
    points = np.frombuffer(text.encode(_POINTS, "surrogatepass"), np.uint32)
    grams = np.full((len(points), 3), ord(" "), np.uint32)
    grams[:, 0] = points
    grams[:-1, 1] = points[1:]
    grams[-1, 1] = ord(_END)
    return grams.tobytes()[:-4].decode(_POINTS, "surrogatepass")
