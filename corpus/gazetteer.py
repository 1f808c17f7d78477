"""The shipped table of GB/T 2260: each name that a code has borne since 1995, its years, and the code of today. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: The whole country; not a code of GB/T 2260 itself, but the one that map services use for it.
NATIONAL = "100000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one code, with the first and last years at whose end it was in force.

    ``last`` is None for a name in force. ``first`` is the table's first year, 1995, for what is older, and None
    where it isn't known. ``now`` is the code in force today, "" where that is this one.
    """

    code: str
    name: str
    first: int | None
    last: int | None
    now: str

    def in_force(self, year: int | None) -> bool:
        """Whether the name was in force in a year; None asks for today."""
        if year is None:
            return self.last is None
        return (self.first or year) <= year and (self.last is None or year <= self.last)

    def was_no_district_yet(self, year: int | None) -> bool:
        """Whether a 新区 was only a development zone in a year; reports of the year before are published under it."""
        if year is None or self.first in {None, _FIRST_YEAR} or not self.name.endswith("新区"):
            return False
        return year < (self.first or 0) - 1


_FIRST_YEAR = 1995


@cache
def entries() -> Mapping[str, tuple[Entry, ...]]:
    """Return code -> its entries, oldest first."""
    found: dict[str, list[Entry]] = {}
    for line in (files("corpus") / "data" / "regions.tsv").read_text("utf-8").splitlines():
        code, name, first, last, now, _ = line.split("\t")
        entry = Entry(code, name, int(first) if first else None, int(last) if last else None, now)
        found.setdefault(code, []).append(entry)
    return {code: tuple(sorted(lines, key=lambda e: e.last or 9999)) for code, lines in found.items()}


def entry_of(code: str, year: int | None) -> Entry | None:
    """Return what a code was in a year, else (or without a year) what it is or was last; None for no region."""
    lines = entries().get(code, ())
    if year is not None:
        for entry in lines:
            if entry.in_force(year):
                return entry
    return lines[-1] if lines else None


def depth_of(code: str) -> int:
    """Return how many digits of a code say something: 2 for a province, 4 for a prefecture, 6 for a county."""
    return 2 if code.endswith("0000") else 4 if code.endswith("00") else 6
