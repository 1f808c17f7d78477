"""The bundled samples and, where they are, the shared real texts, as tests use them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus" / "samples"
SHARED = ROOT.parent / "shared" / "data"


def need_shared() -> Path:
    """Return the folder of real texts; skip, saying so, where it is absent, but never in CI."""
    if not SHARED.is_dir():
        message = f"the real texts aren't here ({SHARED})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED
