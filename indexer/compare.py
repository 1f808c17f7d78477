"""Compare two reports or two sections: paragraphs aligned, characters marked, moves found. Pure.

Bounded on any input: paragraphs are scored in a window, and characters are compared within a budget of cells
(Levenshtein of rapidfuzz, which needs linear space); a pair beyond it is marked as replaced as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from corpus.model import Report, Section
from corpus.numbering import strip_number

Status = Literal["same", "changed", "added", "removed", "moved"]
PieceForm = Literal["equal", "insert", "delete"]

#: Percent of Indel similarity from which two paragraphs count as one that was changed; more across sections.
SIMILAR: Final = 55.0
_SIMILAR_ELSEWHERE: Final = 70.0
_SHORTEST_ELSEWHERE: Final = 10
#: Pairs of paragraphs scored at most, and cells (characters times characters) compared at most, per comparison.
_MOST_PAIRS: Final = 200_000
_MOST_CELLS: Final = 4_000_000_000
#: An equal run as short as this between two changes is chance: 了 in two sentences that share nothing else.
_CHANCE: Final = 1
_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。；！？;!?]+[。；！？;!?]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that stands in both texts, or only in the later or the earlier one."""

    form: PieceForm
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph beside its counterpart, "" where it has none; ``pieces`` read in order give both texts.

    ``heading`` says where a moved paragraph stood.
    """

    status: Status
    before: str
    after: str
    pieces: tuple[Piece, ...]
    table: bool = False
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The counterparts of one section: its kind, its heading in each report ("" where it has none) and the rows."""

    kind: str
    before: str
    after: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts side by side; ``coarse`` where a pair was too long to be compared by characters."""

    before: Report
    after: Report
    parts: tuple[Part, ...]
    new: tuple[str, ...]
    coarse: bool

    def count(self, status: Status) -> int:
        """Return the number of paragraphs of a status."""
        return sum(row.status == status for part in self.parts for row in part.rows)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    table: bool
    group: int


@dataclass(frozen=True, slots=True)
class _Group:
    kind: str
    heading: str


class _Budget:
    """What may still be spent on comparing characters."""

    def __init__(self) -> None:
        self.cells = _MOST_CELLS
        # A score alone takes a fraction of the time of an alignment.
        self.scored = 2 * _MOST_CELLS
        self.coarse = False

    def allows(self, before: str, after: str) -> bool:
        cost = len(before) * len(after)
        if cost > self.cells:
            self.coarse = True
            return False
        self.cells -= cost
        return True

    def allows_score(self, characters: int) -> bool:
        if characters > self.scored:
            self.coarse = True
            return False
        self.scored -= characters
        return True


def compare(before: Report, after: Report, section_before: str = "", section_after: str = "") -> Comparison:
    """Return two reports side by side, or one section (with those below it) of each."""
    old_groups, old = _paragraphs(before, section_before)
    new_groups, new = _paragraphs(after, section_after)
    counterparts = {0: 0} if section_before and section_after else _align_groups(old_groups, new_groups)
    budget = _Budget()
    matched = _match(old, new, counterparts, budget)
    parts = _parts(old_groups, old, new_groups, new, counterparts, matched, budget)
    return Comparison(before, after, parts, _new(parts), budget.coarse)


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """Return what two texts share and what only one has, by characters, deletions before insertions.

    A run of digits or letters is one: 2023 became 2024, not its last figure another.
    """
    runs: list[list[str]] = []  # pairs of what only the earlier and only the later has, or one shared text
    olds, news = _TOKEN.findall(before), _TOKEN.findall(after)
    for code in Levenshtein.opcodes(olds, news):
        left, right = "".join(olds[code.src_start : code.src_end]), "".join(news[code.dest_start : code.dest_end])
        shared = code.tag == "equal"
        last = not runs or (code.dest_end == len(news) and code.src_end == len(olds))
        if shared and (len(left) > _CHANCE or last):
            runs.append([left])
        elif runs and len(runs[-1]) == 2:
            runs[-1][0] += left
            runs[-1][1] += right
        else:
            runs.append([left, right])
    pieces: list[Piece] = []
    for run in runs:
        forms: tuple[PieceForm, ...] = ("equal",) if len(run) == 1 else ("delete", "insert")
        pieces.extend(Piece(form, text) for form, text in zip(forms, run, strict=True) if text)
    return tuple(pieces)


def _paragraphs(report: Report, section_id: str) -> tuple[list[_Group], list[_Paragraph]]:
    groups: list[_Group] = []
    found: list[_Paragraph] = []
    top: str | None = None
    path = next((s.heading_path for s in report.sections if s.section_id == section_id), ())
    for section, block in report.blocks_in_order():
        if section_id and not (
            section.section_id == section_id or (path and section.heading_path[: len(path)] == path)
        ):
            continue
        first = "" if section_id else _top(section)
        if first != top:
            top = first
            heading = (path[-1] if path else "") if section_id else first
            groups.append(_Group(section.kind, heading))
        text = section.block_text(block).strip()
        if text:
            found.append(_Paragraph(text, block.form == "row", len(groups) - 1))
    return groups, found


def _top(section: Section) -> str:
    return section.heading_path[0] if section.heading_path else ""


def _align_groups(old: list[_Group], new: list[_Group]) -> dict[int, int]:
    """Return the counterpart in ``old`` of each group of ``new``: by kind and title, by kind, by a like title."""
    aligned: dict[int, int] = {}
    taken: set[int] = set()

    def take(key_of: dict[int, tuple[str, str]], wanted: dict[int, tuple[str, str]]) -> None:
        waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place in reversed(range(len(old))):
            if place not in taken and place in key_of:
                waiting[key_of[place]].append(place)
        for place in range(len(new)):
            if place not in aligned and place in wanted and waiting[wanted[place]]:
                aligned[place] = waiting[wanted[place]].pop()
                taken.add(aligned[place])

    def titled(groups: list[_Group]) -> dict[int, tuple[str, str]]:
        return {place: (group.kind, strip_number(group.heading)) for place, group in enumerate(groups)}

    def by_kind(groups: list[_Group]) -> dict[int, tuple[str, str]]:
        return {place: (group.kind, "") for place, group in enumerate(groups) if group.kind != "body"}

    take(titled(old), titled(new))
    take(by_kind(old), by_kind(new))
    left = {p: strip_number(g.heading) for p, g in enumerate(old) if p not in taken}
    if len(left) * (len(new) - len(aligned)) > _MOST_PAIRS:
        return aligned
    for place, group in enumerate(new):
        if place not in aligned and left:
            found = process.extractOne(strip_number(group.heading), left, scorer=fuzz.ratio, score_cutoff=SIMILAR)
            if found:
                aligned[place] = found[2]
                del left[found[2]]
    return aligned


def _match(
    old: list[_Paragraph], new: list[_Paragraph], counterparts: dict[int, int], budget: _Budget
) -> dict[int, int]:
    """Return the counterpart in ``old`` of each paragraph of ``new``."""
    matched: dict[int, int] = {}
    taken: set[int] = set()
    old_of, new_of = _by_group(old), _by_group(new)
    for group, counterpart in counterparts.items():
        ours, theirs = new_of[group], old_of[counterpart]
        near = budget.allows_score(len(ours) * len(theirs))
        codes = Levenshtein.opcodes([old[p].text for p in theirs], [new[p].text for p in ours]) if near else ()
        for code in codes:
            if code.tag == "equal":
                span = zip(ours[code.dest_start : code.dest_end], theirs[code.src_start : code.src_end], strict=True)
                matched.update(span)
                taken.update(theirs[code.src_start : code.src_end])
        _match_equal(old, new, [p for p in ours if p not in matched], theirs, matched, taken)
        _match_like(old, new, [p for p in ours if p not in matched], theirs, matched, taken, SIMILAR, budget)
    # What is left may have moved to another section; a short line such as 无 is no sign of that.
    ours = [p for p, each in enumerate(new) if p not in matched and len(each.text) >= _SHORTEST_ELSEWHERE]
    theirs = [p for p, each in enumerate(old) if len(each.text) >= _SHORTEST_ELSEWHERE]
    _match_equal(old, new, ours, theirs, matched, taken)
    _match_like(old, new, [p for p in ours if p not in matched], theirs, matched, taken, _SIMILAR_ELSEWHERE, budget)
    return matched


def _by_group(paragraphs: list[_Paragraph]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(paragraphs):
        places[each.group].append(place)
    return places


def _match_equal(
    old: list[_Paragraph],
    new: list[_Paragraph],
    ours: list[int],
    theirs: list[int],
    matched: dict[int, int],
    taken: set[int],
) -> None:
    waiting: dict[str, list[int]] = defaultdict(list)
    for place in reversed(theirs):
        if place not in taken:
            waiting[old[place].text].append(place)
    for place in ours:
        if waiting[new[place].text]:
            matched[place] = waiting[new[place].text].pop()
            taken.add(matched[place])


def _match_like(
    old: list[_Paragraph],
    new: list[_Paragraph],
    ours: list[int],
    theirs: list[int],
    matched: dict[int, int],
    taken: set[int],
    least: float,
    budget: _Budget,
) -> None:
    theirs = [place for place in theirs if place not in taken]
    if not ours or not theirs:
        return
    window = max(_MOST_PAIRS // len(ours), 1)
    scored: list[tuple[float, int, int, int]] = []
    for nth, place in enumerate(ours):
        middle = nth * len(theirs) // len(ours)
        near = range(max(middle - window // 2, 0), min(middle + window // 2 + 1, len(theirs)))
        texts = {theirs[n]: old[theirs[n]].text for n in near if old[theirs[n]].table == new[place].table}
        if not budget.allows_score(len(new[place].text) * sum(map(len, texts.values()))):
            break
        for _, score, key in process.extract(new[place].text, texts, scorer=fuzz.ratio, score_cutoff=least, limit=5):
            scored.append((-score, abs(theirs.index(key) - middle) if len(theirs) < 1000 else 0, place, key))
    for _, _, place, key in sorted(scored):
        if place not in matched and key not in taken:
            matched[place] = key
            taken.add(key)


def _in_order(pairs: list[tuple[int, int]]) -> set[int]:
    """Return the places of the later text whose counterparts stand in the same order: the longest such run."""
    ends: list[int] = []
    last: list[int] = []
    before: dict[int, int] = {}
    for place, counterpart in pairs:
        at = bisect_left(ends, counterpart)
        if at:
            before[place] = last[at - 1]
        if at == len(ends):
            ends.append(counterpart)
            last.append(place)
        else:
            ends[at], last[at] = counterpart, place
    kept: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = before.get(step)
    return kept


def _parts(
    old_groups: list[_Group],
    old: list[_Paragraph],
    new_groups: list[_Group],
    new: list[_Paragraph],
    counterparts: dict[int, int],
    matched: dict[int, int],
    budget: _Budget,
) -> tuple[Part, ...]:
    taken = set(matched.values())
    old_of, new_of = _by_group(old), _by_group(new)
    met = set(counterparts.values())
    parts: list[Part] = []
    gone = [group for group in range(len(old_groups)) if group not in met]

    def removed(places: list[int]) -> list[Row]:
        texts = [(old[p].text, old[p].table) for p in places if p not in taken]
        return [Row("removed", text, "", (Piece("delete", text),), table) for text, table in texts]

    def vanished(before: int) -> None:
        while gone and gone[0] < before:
            group = gone.pop(0)
            parts.append(Part(old_groups[group].kind, old_groups[group].heading, "", tuple(removed(old_of[group]))))

    for group, ours in enumerate(new_groups):
        counterpart = counterparts.get(group)
        if counterpart is not None:
            vanished(counterpart)
        theirs = old_of[counterpart] if counterpart is not None else []
        inside = set(theirs)
        kept = _in_order([(p, matched[p]) for p in new_of[group] if matched.get(p) in inside])
        rows: list[Row] = []
        done = 0
        for place in new_of[group]:
            if place in kept:
                upto = theirs.index(matched[place], done)
                rows.extend(removed(theirs[done:upto]))
                done = upto + 1
            was = old[matched[place]] if place in matched else None
            rows.append(_row(new[place], was, place in kept, old_groups, budget))
        rows.extend(removed(theirs[done:]))
        heading = old_groups[counterpart].heading if counterpart is not None else ""
        parts.append(Part(ours.kind, heading, ours.heading, tuple(rows)))
    vanished(len(old_groups))
    return tuple(part for part in parts if part.rows)


def _row(ours: _Paragraph, was: _Paragraph | None, in_place: bool, groups: list[_Group], budget: _Budget) -> Row:
    if was is None:
        return Row("added", "", ours.text, (Piece("insert", ours.text),), ours.table)
    if was.text == ours.text:
        pieces: tuple[Piece, ...] = (Piece("equal", ours.text),)
    elif budget.allows(was.text, ours.text):
        pieces = marked(was.text, ours.text)
    else:
        pieces = (Piece("delete", was.text), Piece("insert", ours.text))
    status: Status = "moved" if not in_place else "same" if was.text == ours.text else "changed"
    heading = groups[was.group].heading if status == "moved" else ""
    return Row(status, was.text, ours.text, pieces, ours.table, heading)


def _new(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Return what the later text says anew: paragraphs added, and sentences less than half of which stood before."""
    found: list[str] = []
    for part in parts:
        for row in part.rows:
            if row.table or row.status in ("same", "removed"):
                continue
            if row.status == "added":
                found.append(row.after)
                continue
            kept = "".join(
                ("1" if piece.form == "equal" else "0") * len(piece.text)
                for piece in row.pieces
                if piece.form != "delete"
            )
            for sentence in _SENTENCE.finditer(row.after):
                if kept.count("1", sentence.start(), sentence.end()) * 2 < len(sentence[0]):
                    found.append(sentence[0].strip())
    return tuple(found)
