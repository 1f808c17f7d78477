"""Small libraries with a real index for the tests of the page, and a look at them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from strategies import Part, build_report

import corpus
from corpus.library import Library, Source
from corpus.loader import load
from corpus.model import Report
from corpus.rows import report_rows
from indexer import building
from indexer.results import Limits
from indexer.service import Services
from webui.app import create_app

#: The time limit has tests of its own; elsewhere a slow machine must not fail a test.
PATIENT = Limits(seconds=60.0)
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'

HOSTILE = build_report(
    "hostile",
    f"标题{SCRIPT}{IMAGE}",
    [
        Part("", (f"引言 {SCRIPT} 公开",), 0, "preface"),
        Part(f"一、概述{IMAGE}", (f"公开{SCRIPT}信息 {IMAGE} & <b>&amp;",), 1, "overview"),
        Part(f"（一）公开{SCRIPT}。", ("后文公开。",), 2, "overview", line="glued"),
        Part("", (f"项目 | {SCRIPT}公开", f"{IMAGE} | 3"), 2, "overview", "table", "none"),
    ],
    agency=f"机关{SCRIPT}{IMAGE}",
    region="370200",
    department=f"系统{IMAGE}",
    level="prefecture",
    year=2012,
    published_on="2013-01-30",
    document_number=f"文号{SCRIPT}",
    source_url="javascript:alert(1)",
    provenance={"agency": f"meta:{IMAGE}", "year": SCRIPT},
)


def build_home(home: Path, reports: Iterable[Report]) -> Path:
    """Put reports into the library below ``home`` and index it."""
    with Library(home / "library.db") as library, library.transaction():
        for number, report in enumerate(reports):
            name = f"{number}{IMAGE}.txt"
            library.put(Source(name, f"/{name}", report_id=report.report_id), report_rows(report))
    building.update(home)
    return home


def build_samples(home: Path) -> Path:
    """Load the sample reports below ``home`` and index them."""
    with Library(home / "library.db") as library:
        load(library, [Path(corpus.__file__).parent / "samples"])
    building.update(home)
    return home


def client_of(home: Path):
    app = create_app(home, services=Services(home, PATIENT))
    app.testing = True  # an exception ends the test instead of making a page
    return app.test_client()


def test_the_hostile_library_is_indexed(tmp_path):
    manifest = Services(build_home(tmp_path, [HOSTILE])).manifest()
    assert (manifest.reports, manifest.sections) == (1, 4)
