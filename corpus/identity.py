"""Under which identity a report is kept: its address or its file's name, one text once, a page's newest copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.library import Library, Source
from corpus.model import Report, digest64
from corpus.rows import ReportRows, report_from_rows, report_rows
from corpus.splitting import with_identity


def settled(library: Library, rows: ReportRows, source: Source) -> ReportRows:
    """Return the report under an identity that no other file's text holds, making room where one does.

    Some sites declare one address on all of their pages: a second text under it keeps its own name. And of two
    files with one text, the one that gave the report its name may change: then the other's text is renamed.
    """
    for held in library.captures(source.url) if source.fetched_at else ():
        if held.source != source.source and held.report_id:
            library.supersede(held)
    if library.same_content(rows, source.source):
        return rows
    own_id = digest64("report", source.source)
    others = _others(library, rows.report_id, source)
    if others and rows.report_id != own_id:
        if not any(Path(held.path).exists() for held in others):
            for held in others:
                library.touch(replace(held, size=0, mtime_ns=0, sha256=""))  # read anew should it come back
            return rows
        rows = report_rows(renamed(report_from_rows(rows, (source.source,)), own_id))
        others = _others(library, own_id, source)
    if others:
        stored = library.rows(own_id)
        if stored is not None:
            report = report_from_rows(stored)
            heir = digest64("report", others[0].source)
            heir = digest64(heir, report.text_hash) if library.has_report(heir) else heir
            library.move(own_id, report_rows(renamed(report, heir)))
    return rows


def renamed(report: Report, report_id: str) -> Report:
    """Return a report under another identity, its sections and paragraphs too."""
    return replace(report, report_id=report_id, sections=with_identity(report_id, report.sections))


def _others(library: Library, report_id: str, source: Source) -> list[Source]:
    return [held for held in library.holders(report_id) if held.source != source.source]


def newer_capture(library: Library, source: Source) -> Source | None:
    """Return a newer copy of a fetched page that is here already."""
    captures = library.captures(source.url) if source.fetched_at else []
    return next((held for held in captures if held.fetched_at > source.fetched_at and held.report_id), None)
