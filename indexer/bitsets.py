"""Sets of row numbers as Python integers: and, or, count in C, exact. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def bitset(rows: Iterable[int], size: int) -> int:
    """Return the set of some of ``size`` rows."""
    digits = bytearray(b"0") * size
    for row in rows:
        digits[size - 1 - row] = 49
    return int(digits, 2) if size else 0


def rows_of(bits: int) -> list[int]:
    """Return the rows of a set, ascending."""
    return [row for row, digit in enumerate(bin(bits)[:1:-1]) if digit == "1"]


def everything(size: int) -> int:
    """Return the set of all rows."""
    return (1 << size) - 1


def span(start: int, end: int) -> int:
    """Return the set of the rows from start up to, not including, end."""
    return ((1 << (end - start)) - 1) << start


def at_least(count: int, sets: Iterable[int]) -> int:
    """Return the rows that are in at least ``count`` of the sets (a counter per row, one bit plane a digit)."""
    planes: list[int] = []
    everywhere = 0
    for carry in sets:
        everywhere |= carry
        for index, plane in enumerate(planes):
            planes[index], carry = plane ^ carry, plane & carry  # noqa: PLW2901 - a ripple-carry adder
            if not carry:
                break
        if carry:
            planes.append(carry)
    greater, equal = 0, everywhere
    for index in range(max(len(planes), count.bit_length()) - 1, -1, -1):
        plane = planes[index] if index < len(planes) else 0
        if count >> index & 1:
            equal &= plane
        else:
            greater |= equal & plane
            equal &= ~plane
    return greater | equal
