"""The page in a real browser: it draws every alert and says nothing on the console."""

from __future__ import annotations

import json
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
    flags += ["--disable-dev-shm-usage"]  # containers give it too little
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


# Run in a copy of the page (without its policy, which would refuse it): what an officer does with keys and mouse.
HANDS = """
const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const current = () => document.querySelector("[aria-current]").dataset.id;
const items = () => document.querySelectorAll(".item").length;
const seen = [current()];
press("j"); seen.push(current()); press("k"); press("k"); seen.push(current());
byId("search").value = "baltic meadow"; byId("search").dispatchEvent(new Event("input")); seen.push(items());
byId("search").value = ""; byId("search").dispatchEvent(new Event("input"));
document.querySelector(".levels .alarm").click(); seen.push(items());
const plot = document.querySelector("#detail .plot"), box = plot.getBoundingClientRect();
plot.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + 200, clientY: box.top + 60 }));
seen.push(/kn, usual/.test(plot.textContent), document.querySelector(".map > .cursor").getAttribute("visibility"));
const near = map.view.k; press("a"); seen.push(map.view.k < near); press("f"); seen.push(map.view.k === near);
window.dispatchEvent(new Event("beforeprint")); seen.push(document.querySelectorAll("#print article").length);
document.title = JSON.stringify(seen);
"""


def test_keys_filters_pointer_and_print_work(tmp_path: Path) -> None:
    alerts = [alert(n) for n in range(6)]
    write_report(tmp_path / "page.html", alerts, {a.vessel.mmsi: track(a) for a in alerts}, chart(), SUMMARY, [ISLAND])
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = re.sub(r"<meta http-equiv[^>]*>", "", page).replace("</body>", f"<script>{HANDS}</script></body>")
    (tmp_path / "copy.html").write_text(page, encoding="utf-8")
    document, complaints = drawn(tmp_path / "copy.html", tmp_path / "profile")
    assert complaints == []
    found = re.search(r"<title>(.*?)</title>", document)
    assert found
    ids = [a.id for a in alerts]
    assert json.loads(found[1]) == [ids[0], ids[1], ids[0], 1, 4, True, "visible", True, True, 4]
