"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


# Begun first: where two processes share the tests, neither is left alone with one of these at the end.
LONGEST = (
    "test_watch.py",
    "test_watch_faults.py",
    "test_watch_damage.py",
    "test_scan_equal.py",
    "test_live_equal.py",
    "test_raised.py",
    "test_laws.py",
    "test_clocks.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the rest stays in its order."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture
def quick_passwords() -> Iterator[None]:
    """Hashes of passwords that cost nothing."""
    from room import quick_hashes

    with quick_hashes():
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the tests of a file (Playwright's Browser)."""
    from browser import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data beside the project; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("real test data (../shared/data) is not on this machine")
    return SHARED
