"""The same corpus in 1, 2, 8 and 64 segments: how much slower an index answers that grew by many updates."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from _bench_own import chadang
from _bench_tantivy import RawTantivy

from corpus.library import Library
from corpus.rows import report_rows

COUNTS = (1, 2, 8, 64)
#: An update of more reports than this share of all is a build; so all updates together stay below it.
_SHARE = 0.28


def raw(corpus: Path, folder: Path, segments: int, workers: int) -> RawTantivy:
    """Build raw tantivy with exactly so many segments: each written as an index of its own, then put into one."""
    candidate = RawTantivy(segments)
    candidate.build(corpus, folder, workers)
    return candidate


def own(full: Path, home: Path, segments: int, engine: str) -> int:
    """Build our engine by one build and so many updates less one; return how many segments there are then."""
    home.mkdir(parents=True)
    shutil.copyfile(full, home / "library.db")
    with Library(full) as source:
        identities = sorted(source.text_hashes())
        late = identities[: max(segments - 1, int(len(identities) * _SHARE))] if segments > 1 else []
        with Library(home / "library.db") as library:
            with library.transaction():
                for report_id in late:
                    for held in library.holders(report_id):
                        library.remove(held.source)
            chadang(home, "index", "--engine", engine)
            for number in range(segments - 1):
                with library.transaction():
                    for report in source.reports(late[number :: segments - 1]):
                        library.put(source.holders(report.report_id)[0], report_rows(report))
                chadang(home, "index", "--engine", engine)
    return segments_in(home)


def segments_in(home: Path) -> int:
    """Return the number of tantivy segments in the current generation; 0 if it has none."""
    generation = (home / "index" / "current").read_text("utf-8").strip()
    found = list((home / "index" / generation).rglob("meta.json"))
    return sum(len(json.loads(path.read_text("utf-8")).get("segments", ())) for path in found)
