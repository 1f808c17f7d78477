"""Keeping corrections in the library: all of what was asked for, or nothing; and undoing them."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from corpus.copies import link_copies
from corpus.errors import BadCorrection
from corpus.library import Library


@dataclass(frozen=True, slots=True)
class Change:
    """A value that a field of a report is to have, checked by ``checked_value``; "" means not known."""

    report_id: str
    field: str
    value: str


def correct_all(library: Library, changes: Iterable[Change], *, by: str, at: str, why: str) -> None:
    """Keep every change of one person as a correction, or none where one is wrong. Raises BadCorrection."""
    with library.transaction():
        for change in changes:
            check_link(library, change)
            library.correct(change.report_id, change.field, change.value, by=by, at=at, why=why)
        link_copies(library)


def check_link(library: Library, change: Change) -> None:
    """Make sure that ``same_as`` names another report that doesn't lead back. Raises BadCorrection."""
    if change.field != "same_as" or not change.value:
        return
    if not library.has_report(change.value):
        raise BadCorrection(
            zh=f"没有报告 {change.value}；same_as 要写另一份报告的编号",
            en=f"no report {change.value}; same_as names another one",
        )
    if _leads_to(library, change.value, change.report_id):
        raise BadCorrection(
            zh=f"{change.value} 就是这份报告，或已指向它；同一报告不能绕回自身",
            en=f"{change.value} is this report, or stands in its place already; links can't go round",
        )


def undo_all(library: Library, numbers: Sequence[int], *, by: str, at: str) -> None:
    """Undo corrections by their numbers, all or none. Raises BadCorrection."""
    with library.transaction():
        missing = [number for number in numbers if not library.undo(number, by=by, at=at)]
        if missing:
            said = ", ".join(map(str, missing))
            raise BadCorrection(
                zh=f"没有编号为 {said} 的更正；编号见 chadang correct --list",
                en=f"there is no correction {said}; chadang correct --list has the numbers",
            )
        link_copies(library)


def login_name() -> str:
    """Return the name the reader is logged in with, "-" where the system has none."""
    with suppress(Exception):  # no such name on this system
        return getpass.getuser()
    return "-"


def _leads_to(library: Library, start: str, report_id: str) -> bool:
    """Whether what a person linked leads from one report to another."""
    seen: set[str] = set()
    while start and start not in seen:
        if start == report_id:
            return True
        seen.add(start)
        start = next((c.value for c in library.corrections(start) if c.field == "same_as"), "")
    return False
