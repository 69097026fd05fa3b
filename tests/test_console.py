"""The console in a real browser: opened, worked by keys alone, restarted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import an_alert
from browser import needs_browser, shown, tab

pytestmark = [pytest.mark.slow, *needs_browser]


def test_the_page_opens_and_shows_the_alerts(browser: Any, tmp_path: Path) -> None:
    with (
        shown(tmp_path, fill=lambda room: room.store.record([an_alert(1, "alarm")], 1)) as watch,
        tab(browser) as sight,
    ):
        sight.page.goto(watch.visit)
        sight.page.get_by_role("link", name="SHIP 1").first.wait_for()
        assert "key=" not in sight.page.url, "the key does not stay in the address"
        assert sight.complaints == []
