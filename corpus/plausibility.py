"""How surprising a text is as Chinese prose: what tells the right decoding from the wrong one. Pure, one shipped table."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

#: Bits of characters that the table of Han characters hasn't, by the first code point of a range. Rounded from what
#: government pages hold; only large differences matter.
_RANGES: Final = (
    (0x00, 22.0), (0x20, 6.0), (0x7F, 22.0), (0xA0, 14.0), (0x100, 16.0), (0x370, 15.0), (0x400, 16.0), (0x530, 22.0),
    (0x2000, 12.0), (0x2070, 14.0), (0x2460, 12.0), (0x2500, 13.0), (0x2580, 14.0), (0x2700, 16.0), (0x2800, 22.0),
    (0x2E80, 19.0), (0x2FF0, 22.0), (0x3000, 12.0), (0x3040, 15.0), (0x3100, 18.0), (0x3130, 20.0), (0x3200, 16.0),
    (0x3400, 21.0), (0x4DC0, 22.0), (0x4E00, 18.0), (0xA000, 22.0), (0xAC00, 20.0), (0xD7B0, 30.0), (0xE000, 23.0),
    (0xF900, 21.0), (0xFB00, 24.0), (0xFE10, 16.0), (0xFE70, 24.0), (0xFF01, 11.0), (0xFF5F, 20.0), (0xFFE0, 14.0),
    (0xFFE7, 30.0), (0x10000, 24.0), (0x1F000, 18.0), (0x1FB00, 26.0), (0x20000, 21.0), (0x32400, 30.0), (0x110000, 0.0),
)  # fmt: skip
#: Counting equal characters first pays off beyond so many.
_SHORT: Final = 200
_COMMON: Final = {
    **dict.fromkeys("\t\n\r　，。", 6.0),
    **dict.fromkeys("、：；（）“”《》", 8.0),
    **dict.fromkeys("！？·—…－％０１２３４５６７８９〇○「」『』【】〔〕‘’\xa0©～〈〉", 10.0),
    **dict.fromkeys("×÷°±－＋①②③④⑤⑥⑦⑧⑨⑩℃㎡│├┤─●■◆★→é", 12.0),
    "\x0c": 12.0,
    "\0": 25.0,
    "\ufffd": 30.0,
    "\ufffe": 30.0,
    "\uffff": 30.0,
}


def surprise(text: str) -> float:
    """Return the bits it takes to say a text with the odds of Chinese prose, each character by itself.

    Ordinary Chinese takes 9 to 10 bits a character, a wrongly decoded one 17 and more.
    """
    if len(text) < _SHORT:
        return sum(map(_bits().__getitem__, text))
    bits = _bits()
    return sum(bits[char] * count for char, count in Counter(text).items())


def mean_surprise(text: str) -> float:
    """Return the mean bits of the characters beyond ASCII; 0 if there is none."""
    beyond = [(char, count) for char, count in Counter(text).items() if char > "\x7f"]
    bits = _bits()
    return sum(bits[c] * n for c, n in beyond) / sum(n for _, n in beyond) if beyond else 0.0


class _Bits(dict[str, float]):
    """Bits of the characters met so far; those that the table hasn't go by their range."""

    def __missing__(self, char: str) -> float:
        point = ord(char)
        bits = next(bits for (first, bits), (end, _) in pairwise(_RANGES) if first <= point < end)
        self[char] = bits
        return bits


@cache
def _bits() -> _Bits:
    table = _Bits()
    for line in (files("corpus") / "data" / "frequency.tsv").read_text("utf-8").splitlines():
        bits, _, chars = line.partition("\t")
        table.update(dict.fromkeys(chars, float(bits)))
    table.update(_COMMON)
    return table
