"""Where folded texts stand in a folded unit: phrases and nearness (contract 2, 5.4). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from indexer.query import And, AtLeast, Nearby, Or, Phrase, Plan

#: Called within long work; raises when the time is over.
Check: TypeAlias = Callable[[], None]

_CHECKED = 1_024
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def unchecked() -> None:
    """Let work go on without a limit of time."""


def positions(unit: str, phrase: Phrase, check: Check = unchecked) -> Iterator[tuple[int, int]]:
    """Yield all spans of a phrase in a folded unit, overlapping ones too."""
    size = len(phrase.text)
    at = unit.find(phrase.text)
    steps = 0
    while at >= 0:
        steps += 1
        if steps % _CHECKED == 0:
            check()
        if not phrase.whole_run or is_whole_run(unit, at, at + size):
            yield at, at + size
        at = unit.find(phrase.text, at + 1)


def is_whole_run(unit: str, start: int, end: int) -> bool:
    """Whether a span touches no ASCII letter or digit on either side."""
    return not (unit[start - 1 : start] in _ASCII or unit[end : end + 1] in _ASCII)


def nearby_spans(unit: str, near: Nearby, check: Check = unchecked) -> list[tuple[int, int]]:
    """Return the spans that take part in some arrangement of all parts, sorted; [] if there is none.

    ``check`` is called now and then and may raise.

    An arrangement is all parts in any order, each from the end of one to the start of the next
    0 to ``within`` characters. One sweep per direction keeps, for every set of parts already placed,
    the nearest end; so the cost is (occurrences) x 2^(parts).
    """
    found = sorted(
        (start, end, 1 << index)
        for index, part in enumerate(near.parts)
        for start, end in positions(unit, Phrase(part), check)
    )
    full = (1 << len(near.parts)) - 1
    if not found or len({bit for _, _, bit in found}) < len(near.parts):
        return []
    before = _reachable(found, near.within, check)
    size = len(unit)
    mirrored = [(size - end, size - start, bit) for start, end, bit in found]
    order = sorted(range(len(found)), key=mirrored.__getitem__)
    after_sorted = _reachable([mirrored[i] for i in order], near.within, check)
    after = dict(zip(order, after_sorted, strict=True))
    spans = {
        (start, end)
        for i, (start, end, bit) in enumerate(found)
        if any(left | right == full and left & right == bit for left in before[i] for right in after[i])
    }
    return sorted(spans)


def nearby_test(near: Nearby, check: Check = unchecked) -> Callable[[str], bool]:
    """Return whether some unit of a row (units joined by line feeds) has the parts near each other.

    Two parts are one regular expression, linear in (occurrences x distance); more would let it backtrack
    without bound, so those are decided by ``nearby_spans``.
    """
    if len(near.parts) != 2:
        return lambda row: any(nearby_spans(unit, near, check) for unit in row.split("\n"))
    left, right = (re.escape(part) for part in near.parts)
    gap = f"[^\\n]{{0,{near.within}}}?"
    found = re.compile(f"{left}{gap}{right}|{right}{gap}{left}").search
    return lambda row: found(row) is not None


def text_leaves(plan: Plan) -> Iterator[Phrase | Nearby]:
    """Yield the leaves on text that aren't under a negation and have no field (contract 8.1)."""
    if isinstance(plan, Phrase | Nearby):
        if plan.field is None:
            yield plan
    elif isinstance(plan, AtLeast):
        yield from plan.phrases
    elif isinstance(plan, And | Or):
        for child in plan.children:
            yield from text_leaves(child)  # type: ignore[arg-type]  # a Plan's children are plans


def _reachable(found: list[tuple[int, int, int]], within: int, check: Check) -> list[set[int]]:
    """Return per occurrence (start, end, part) the sets of parts of chains that end with it."""
    masks: list[set[int]] = []
    latest: dict[int, int] = {}  # set of parts -> nearest end so far
    waiting = sorted(range(len(found)), key=lambda i: found[i][1])
    done = 0
    for number, (start, _, bit) in enumerate(found):
        if number % _CHECKED == 0:
            check()
        while done < len(waiting) and found[waiting[done]][1] <= start:
            ended = waiting[done]
            for mask in masks[ended]:
                latest[mask] = found[ended][1]
            done += 1
        masks.append({bit} | {m | bit for m, end in latest.items() if not m & bit and start - end <= within})
    return masks
