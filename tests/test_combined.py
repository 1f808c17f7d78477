"""Irregularities that come together: reports with known parts, tables and metadata, each laid out unkindly in its own way."""

from __future__ import annotations

import pytest
from combined import combined

from corpus.folding import fold
from corpus.parsing import parse


@pytest.mark.parametrize("block", range(8))
def test_reports_with_irregularities_combined_keep_their_parts_tables_and_metadata(block: int) -> None:
    wrong = {}
    for seed in range(block * 50, block * 50 + 50):
        made = combined(seed)
        report = parse(made.text.encode(), "x.txt", "x.txt")
        kinds = [section.kind for section in report.sections if section.level == 1 and section.form == "prose"]
        tables = [section.kind for section in report.sections if section.form == "table"]
        found = (kinds, tables, fold(report.agency), report.year, report.template, bool(report.region))
        if found != (made.kinds, made.tables, made.agency, made.year, made.template, True):
            wrong[seed] = found
    assert wrong == {}
