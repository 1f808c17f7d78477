"""What the bench asks: phrases drawn from the corpus itself with a stated seed, by how often they are met."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from _bench_corpus import read_sections
from _bench_protocol import Question, folded_units

from indexer.segment import default_segmenter, words_of

#: Exact phrases by the share of sections that hold them: these three together are what the issue calls exact phrases.
EXACT = ("exact common phrase", "exact middling phrase", "exact rare phrase")
_COMMON = 0.02
_MIDDLING = 0.002
_SAMPLED = 1_500
_HAN = re.compile(r"[一-鿿]+")
_PROVINCES = ("320000", "370000", "410000", "440000", "510000", "530000", "610000", "230000")


def questions(corpus: Path, sections: int, count: int, seed: int) -> dict[str, list[Question]]:
    """Return kind of query -> so many questions, all different where the corpus has enough."""
    chance = random.Random(f"queries-{seed}")  # noqa: S311 - a repeatable bench, not a secret
    sample = sampled(corpus, sections, _SAMPLED, chance)
    met = _met(sample)
    strata: dict[tuple[int, str], list[str]] = {}
    for phrase, number in sorted(met.items()):
        share = number / len(sample)
        how = "common" if share >= _COMMON else "middling" if share >= _MIDDLING else ""
        if how:
            strata.setdefault((min(len(phrase), 3), how), []).append(phrase)
    common = _drawn(strata.get((3, "common"), []), count * 2, chance)
    found = {
        EXACT[0]: [Question((phrase,)) for phrase in common[:count]],
        EXACT[1]: [Question((p,)) for p in _drawn(strata.get((3, "middling"), []), count, chance)],
        EXACT[2]: [Question((phrase,)) for phrase in _rare(sample, met, count, chance)],
        "exact, two characters": [Question((p,)) for p in _drawn(strata.get((2, "common"), []), count, chance)],
        "one character": [Question((p,)) for p in _drawn(strata.get((1, "common"), []), count, chance)],
        "two words": _pairs(sample, met, count, chance, shortest=3),
        "two words of two characters": _pairs(sample, met, count, chance, shortest=2),
        "near": _near(sample, met, count, chance),
        "filtered": [
            Question((p,), region=chance.choice(_PROVINCES), section_kind=chance.choice(("overview", "proactive")))
            for p in common[:count]
        ],
        "deep page": [Question((p,), page=chance.randint(20, 40)) for p in common[-count:]],
    }
    return {kind: asked for kind, asked in found.items() if asked}


def random_phrases(corpus: Path, sections: int, count: int, seed: int) -> list[str]:
    """Return phrases of 1 to 12 characters from anywhere in the texts; a tenth was bent so that it may be nowhere.

    Another tenth runs over the end of a paragraph: text that stands side by side in the file, but is no phrase of it.
    """
    chance = random.Random(f"correct-{seed}")  # noqa: S311
    sample = sampled(corpus, sections, count, chance)
    found: list[str] = []
    while len(found) < count:
        units = chance.choice(sample)
        unit = chance.choice(units)
        size = min(chance.randint(1, 12), len(unit))
        at = chance.randint(0, len(unit) - size)
        phrase = unit[at : at + size]
        drawn = chance.random()
        if drawn < 0.1 and len(phrase) > 2:
            middle = len(phrase) // 2
            phrase = phrase[:middle] + chance.choice("公开县年的信件〇") + phrase[middle + 1 :]
        elif drawn < 0.2 and len(units) > 1:
            first = chance.randrange(len(units) - 1)
            phrase = units[first][-chance.randint(1, 5) :] + units[first + 1][: chance.randint(1, 5)]
        if phrase.strip():
            found.append(phrase)
    return found


def sampled(corpus: Path, sections: int, count: int, chance: random.Random) -> list[list[str]]:
    """Return the folded units of sections from all over the corpus."""
    step = max(1, sections // count)
    texts = islice(read_sections(corpus), chance.randrange(step), None, step)
    return [units for text in texts if (units := folded_units(text))]


def _met(sample: Sequence[Sequence[str]]) -> Counter[str]:
    """Return Han phrases of one to eight characters with the number of sampled sections that hold them."""
    met: Counter[str] = Counter()
    for units in sample:
        held = set()
        for run in _HAN.findall("\n".join(units)[:4_000]):
            for size in range(1, 9):
                held.update(run[at : at + size] for at in range(len(run) - size + 1))
        met.update(held)
    return met


def _rare(sample: Sequence[Sequence[str]], met: Counter[str], count: int, chance: random.Random) -> list[str]:
    found: set[str] = set()
    while len(found) < count:
        runs = _HAN.findall("\n".join(chance.choice(sample)))
        run = chance.choice(runs) if runs else ""
        size = chance.randint(4, 8)
        if len(run) >= size:
            at = chance.randint(0, len(run) - size)
            phrase = run[at : at + size]
            if met[phrase] <= 1:
                found.add(phrase)
    return sorted(found, key=lambda phrase: (met[phrase], phrase))


def _pairs(
    sample: Sequence[Sequence[str]], met: Counter[str], count: int, chance: random.Random, *, shortest: int
) -> list[Question]:
    """Return two words that stand in one section; the first is met often."""
    segmenter = default_segmenter()
    found: dict[tuple[str, ...], None] = {}
    for _ in range(count * 200):
        if len(found) == count:
            break
        units = chance.choice(sample)
        words = {w.text for unit in units for w in words_of(unit, segmenter) if _HAN.fullmatch(w.text)}
        fitting = sorted(w for w in words if (len(w) == 2 if shortest == 2 else len(w) >= shortest))
        often = [w for w in fitting if met[w] >= _MIDDLING * 5 * len(sample)]
        if often and len(fitting) > 1:
            first = chance.choice(often)
            second = chance.choice([w for w in fitting if w != first])
            found[first, second] = None
    return [Question(pair) for pair in found]


def _near(sample: Sequence[Sequence[str]], met: Counter[str], count: int, chance: random.Random) -> list[Question]:
    """Return two common pieces of three or four characters that stand near each other in one unit."""
    found: dict[tuple[str, ...], None] = {}
    for _ in range(count * 500):
        if len(found) == count:
            break
        unit = chance.choice(chance.choice(sample))
        at = chance.randrange(max(1, len(unit) - 8))
        first = unit[at : at + chance.choice((3, 4))]
        start = at + len(first) + chance.randint(0, 15)
        second = unit[start : start + chance.choice((3, 4))]
        often = _MIDDLING * 2 * len(sample)
        if first != second and min(met[first], met[second]) >= often and len(second) >= 3:
            found[first, second] = None
    return [Question(pair, near=20) for pair in found]


def _drawn(phrases: Sequence[str], count: int, chance: random.Random) -> list[str]:
    return chance.sample(phrases, min(count, len(phrases)))
