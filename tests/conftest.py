"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure: no example is held to a time. All tests together try every example; the quick run, which
# leaves the slow tests out, tries a third of them. Tests that want another number than 100 say `tries(number)`.
settings.register_profile("whole", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("whole"), max_examples=33)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples are tried, before any test is read."""
    settings.load_profile("quick" if config.getoption("markexpr") == "not slow" else "whole")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data beside the project; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("real test data (../shared/data) is not on this machine")
    return SHARED
