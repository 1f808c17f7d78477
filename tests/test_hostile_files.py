"""Damaged files and bombs among good ones, through the real worker processes; scripts/hostile.py has the full size."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "hostile.py"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_script", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


hostile = _script()


def test_of_damaged_files_each_is_a_report_or_a_failure_and_all_good_ones_are_in(tmp_path: Path) -> None:
    assert hostile.load_damaged(tmp_path, 150, seed=20101) == []


@pytest.mark.parametrize("bomb", hostile.BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_stops_nothing_and_takes_no_more_than_it_may(bomb: Callable[[Path], None], tmp_path: Path) -> None:
    summary, _, memory = hostile.load_bomb(tmp_path, bomb)
    assert summary.added >= 2, summary.failed  # the good files before and after it
    assert memory <= 1 << 30
    assert all(failure.reason_zh and failure.reason_en for failure in summary.failed)
