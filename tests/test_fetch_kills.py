"""Kills of the real command at random moments lose nothing (the script does a hundred, this ten)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_ten_kills_lose_nothing() -> None:
    script = Path(__file__).parent.parent / "scripts/kill_fetch.py"
    done = subprocess.run(
        [sys.executable, script, "--kills", "10", "--pages", "400"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
