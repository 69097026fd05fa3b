"""The page in a real browser: it draws every alert and says nothing on the console."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from anchorwatch.edges.report import write_report
from anchorwatch.model import Vessel
from made_up import ISLAND, SUMMARY, alert, chart, track

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on the PATH to show the page in"),
]
OWNED = "document.title='owned'"


def drawn(page: Path, profile: Path) -> tuple[str, list[str]]:
    """Return the document as the browser drew it, and what it complained of."""
    assert BROWSER
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += [f"--user-data-dir={profile}", "--enable-logging=stderr", "--virtual-time-budget=4000", "--dump-dom"]
    done = subprocess.run([BROWSER, *flags, page.as_uri()], capture_output=True, text=True, timeout=90, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_every_alert_is_drawn_and_no_name_runs(tmp_path: Path) -> None:
    alerts = [alert(n) for n in range(6)]
    evil = f'<img src=x onerror="{OWNED}"></script><script>{OWNED}</script>'
    alerts.append(alert(0, id="a1-evil", vessel=Vessel(211000001, name=evil)))
    alerts.append(alert(3, id="a1-bare", vessel=Vessel(0), lon_deg=float("nan"), assets=(), reasons=(), next=()))
    tracks = {a.vessel.mmsi: track(a) for a in alerts[:6]}
    write_report(tmp_path / "page.html", alerts, tracks, chart(), SUMMARY, [ISLAND])
    document, complaints = drawn(tmp_path / "page.html", tmp_path / "profile")
    assert complaints == []
    assert set(re.findall(r'data-id="([^"]+)"', document)) == {a.id for a in alerts}
    assert "<title>Anchorwatch report</title>" in document
    assert "&lt;img src=x" in document
    for words in (
        "GREY HERON",
        "Anchor drag under way",
        "57°36.00'N 019°12.00'E",
        "raised 09:54",
        "09:50 Gotland Link 1",
    ):
        assert words in document
    assert document.count('class="track"') == 6


def test_an_empty_page_says_what_was_watched(tmp_path: Path) -> None:
    write_report(tmp_path / "page.html", [], {}, chart(), SUMMARY, [ISLAND])
    document, complaints = drawn(tmp_path / "page.html", tmp_path / "profile")
    assert complaints == []
    for words in ("Nothing found", "not proof of a calm sea", "gotland_receiver.nmea.gz", "10,214,556 rows"):
        assert words in document
