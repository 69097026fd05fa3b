"""The desk in a real browser where it has nothing, and where it was sent texts of hostile kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from anchorwatch.watch.press import press_of
from browser import needs_browser, tab
from desk_room import go, items, read_reports, words
from night_room import opened, watching
from test_console_names import HOSTILE_NAMES, LOW, WIDE

pytestmark = [pytest.mark.slow, *needs_browser]


def test_an_empty_desk_says_what_to_do(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path / "empty") as watch, tab(browser) as sight:
        opened(sight.page, watch)
        go(sight.page, "reports", ".nothing")
        assert "anchorwatch watch --reports URL" in words(sight.page)
        for path in ("stories", "ledgers", "ledgers/energy", "ledgers/calendar", "incidents", "brief", "reports/r1-no"):
            go(sight.page, path, ".desk-nav", by=())
            assert sight.page.locator("#panel-title").inner_text()


def test_texts_of_hostile_kinds_are_only_text(browser: Any, tmp_path: Path) -> None:
    told = tuple(f"Estlink 2 was damaged, {name} said." for name in HOSTILE_NAMES)

    def fill(room: Any) -> None:
        read_reports(room)
        for n, name in enumerate(HOSTILE_NAMES):
            press_of(room).take(items((told[n],), source=name))

    with watching(tmp_path / "hostile", fill=fill) as watch, tab(browser) as sight:
        page = sight.page
        page.add_init_script("window.runs = 0; window.ran = () => { window.runs += 1; };")
        page.on("dialog", lambda dialog: sight.complaints.append("a dialog"))
        opened(page, watch)
        ids = [i.id for text in told for i in items((text,))]
        known = [i for i in ids if press_of(watch.room).reports.get(i)]
        assert len(known) > 15
        found = []
        paths = ["reports?whole=1", "stories", "ledgers/incidents", "ledgers/calendar", "incidents", "brief"]
        paths += [f"reports/{i}" for i in known]
        paths += [f"incidents/{i.id}" for i in press_of(watch.room).reports.incidents()[:3]]
        for path in paths:
            go(page, path, ".desk-nav", by=())
            page.wait_for_timeout(30)
            if page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") != [
                1280,
                720,
            ]:
                found.append((path, page.evaluate(LOW)[:2]))
            wide = [one for one in page.evaluate(WIDE) if "ledger-box" not in one and "scrolled" not in one]
            found += [(path, wide[:2])] if wide else []
        assert found == []
        assert page.evaluate("runs") == 0
        assert page.locator("img[src=x], svg[onload], .panel script").count() == 0
        assert [said for said in sight.complaints if "Failed to load resource" not in said] == []
