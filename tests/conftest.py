"""Hypothesis profiles, and asserts that explain themselves in the shared test modules."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("engine_contract", "bruteforce", "strategies")

# A contract is inherited by one class per engine: the same test runs on different executors by design.
_ALLOWED = [HealthCheck.differing_executors, HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("dev", deadline=None, suppress_health_check=_ALLOWED)
settings.register_profile("ci", deadline=None, suppress_health_check=_ALLOWED, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument and number: packed bytes hold the time of the run, and xdist's workers,
    which collect one by one, must agree on every name."""
    return argname if isinstance(val, bytes) else None
