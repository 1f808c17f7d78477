"""Every irregularity of real reports as an example with a reviewed golden: tests/examples/<name>/input.* and golden.json."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Report, Section
from corpus.parsing import parse

EXAMPLES = Path(__file__).resolve().parent / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/input.*"))


def outline(report: Report) -> dict[str, Any]:
    """What a golden holds: the metadata that splitting decides, and each section."""
    return {
        "title": report.title,
        "doctype": report.doctype,
        "template": report.template,
        "year": report.year,
        "agency": report.agency,
        "sections": [entry(section) for section in report.sections],
    }


def entry(section: Section) -> dict[str, Any]:
    if section.form == "table":
        shown: dict[str, Any] = {"grid": [" ‖ ".join(row) for row in section.grid()]}
    else:
        shown = {
            "heading": section.heading,
            "begins": [section.block_text(block)[:30] for block in section.blocks],
        }
    return {
        "at": f"{section.ordinal} {'> ' * section.level}{section.form} {section.kind}",
        "blocks": len(section.blocks),
        **shown,
    }


def read(name: str) -> Report:
    (path,) = (EXAMPLES / name).glob("input.*")
    return parse(path.read_bytes(), path.name, f"examples/{name}/{path.name}")


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_split_as_its_reviewed_golden_says(name: str) -> None:
    found = json.dumps(outline(read(name)), ensure_ascii=False, indent=1) + "\n"
    golden = EXAMPLES / name / "golden.json"
    if not golden.exists():
        golden.write_text(found, "utf-8", newline="\n")
        pytest.fail(f"{golden} was missing and has been generated: review it against the input, then commit it")
    wanted = golden.read_text("utf-8")
    if found != wanted:
        lines = difflib.unified_diff(wanted.splitlines(), found.splitlines(), "golden.json", "found", lineterm="", n=2)
        pytest.fail("\n".join([f"{name} is split differently:", *lines]), pytrace=False)


@pytest.mark.parametrize("name", NAMES)
def test_no_row_of_a_table_is_a_heading_of_an_example(name: str) -> None:
    for section in read(name).sections:
        assert "结转下年度" not in section.heading
        assert "予以公开" not in section.heading


def test_the_examples_span_all_irregularities() -> None:
    assert {name[:2] for name in NAMES} >= {f"{number:02}" for number in range(1, 15)}
    assert len(NAMES) >= 30
