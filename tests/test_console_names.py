"""Names of twenty hostile kinds everywhere in the page: nothing of them runs, and everything keeps its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from alerts_at_work import ANNA, MINUTE, an_alert
from anchorwatch.chart import Asset, Chart, Zone, make
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.judgement.work import Action
from anchorwatch.model import AlertAsset, Alternative, Vessel
from anchorwatch.watch.room import Progress, Room
from api_room import NOW, MadeFeed, positions, sail, statics
from browser import needs_browser, shown, tab, until

pytestmark = [pytest.mark.slow, *needs_browser]

HOSTILE_NAMES = (  # markup, code, formulas, paths; turned round, unseen, towering, endless
    "<img src=x onerror=ran()>",
    "<script>ran()</script>",
    "</bdi></a></ol></nav><svg/onload=ran()>",
    '" onmouseover="ran()" autofocus onfocus="ran()',
    "javascript:ran()",
    "{{constructor.constructor('ran()')()}} ${ran()}",
    "\u202e\u2066gnisrever\u2069\u202c",
    "\x1b[2J\x1b]0;ran\x07\x00",
    "Z\u0351\u0352\u0353" * 40,
    "W" * 300,
    "\u0e4a" * 60,
    "\ufdfd" * 30,
    "\U0001f3f4\U000e0067\U000e0062\U000e007f\u200d\U0001f6a2",
    "\u200b\u200c\u2060\ufeff",
    "  \n\r\t  two\nlines\u2028three",
    '=HYPERLINK("http://evil.example","x")',
    "../../etc/passwd\\..\\con",
    "__proto__",
    "%00%2e%2e%0d%0aSet-Cookie:x=1",
    "\u05e9\u05dc\u05d5\u05dd 123 \u0627\u0644\u0633\u0641\u064a\u0646\u0629",
)

# What could be scrolled sideways, and the parts that hold less than is in them.
WIDE = """
[...document.querySelectorAll(".queue, .panel, .top, .said, .time"), ...document.querySelectorAll("body *")].filter(
  (one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 2
    && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) || one.matches(".queue, .panel, .top, .time"))
).map((one) => one.outerHTML.slice(0, 120))
"""
LOW = """
[...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().bottom > innerHeight + 1
  && !one.closest(".panel, .rows")).map((one) => one.outerHTML.slice(0, 200))
"""


def number(n: int) -> str:
    return f"a1-{n:016x}"


def chart_of_names() -> Chart:
    corner = np.array([[19.6, 57.1], [19.9, 57.1], [19.9, 57.25], [19.6, 57.1]])
    lines = [np.array([[20.0 + n / 10, 58.0], [20.5, 59.0]]) for n in range(len(HOSTILE_NAMES))]
    return make(
        tuple(Asset(f"c{n}", name, "power_cable", (lines[n],)) for n, name in enumerate(HOSTILE_NAMES)),
        tuple(Zone(f"z{n}", name, "fishing_ground", ((corner + n / 50,),)) for n, name in enumerate(HOSTILE_NAMES)),
    )


def furnished(room: Room) -> None:
    """Each name is that of a vessel, an asset and a zone, and in every text of an alert."""
    sail(room)
    where = {"sog_kn": 5.0, "cog_deg": 90.0, "time_us": NOW - MINUTE}
    named = list(enumerate(HOSTILE_NAMES, 1))
    rows = [where | {"mmsi": 230_000_000 + n, "lon_deg": 20.3 + n / 100, "lat_deg": 58.2 + n / 50} for n, _ in named]
    said = [
        {"time_us": NOW, "mmsi": 230_000_000 + n, "name": name, "callsign": name, "destination": name}
        for n, name in named
    ]
    room.latest.update(positions(rows), statics(said), 0)
    room.latest.set_levels({230_000_000 + n: 3 for n, _ in named}, frozenset())
    assert room.identities is not None
    room.identities.add(statics(said))
    room.store.record([alert_about(n, name) for n, name in named], 20)
    for n, name in named:
        if name.strip():
            room.store.act(number(n), Action("note", {"text": name}), ANNA)


def alert_about(n: int, name: str) -> Any:
    return an_alert(
        n,
        "alarm",
        vessel=Vessel(mmsi=230_000_000 + n, name=name, callsign=name),
        assets=(AlertAsset(f"c{n - 1}", name, "power_cable", 120.0),),
        explanation=f"{name} slows down.",
        alternatives=(Alternative(name, name),),
    )


class Looking:
    """A page that goes from view to view, and what was found out of its place."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.found: list[tuple[str, Any]] = []

    def at(self, path: str, wanted: str) -> None:
        """Go there as by a link of the page, wait for what must be there, and look around."""
        self.page.evaluate(
            "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path
        )
        self.page.locator(wanted).first.wait_for()
        self.page.wait_for_timeout(50)
        self.look(path)

    def look(self, where: str) -> None:
        size = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        if size != [1280, 720]:
            self.found.append((where, [size, *self.page.evaluate(LOW)[:3]]))
        if wide := self.page.evaluate(WIDE):
            self.found.append((where, wide[:3]))


def test_names_of_twenty_hostile_kinds(browser: Any, tmp_path: Path) -> None:
    assert len(set(HOSTILE_NAMES)) == 20
    feed = MadeFeed("mast", silent_after_s=1e6, health=Health(CONNECTED, NOW, NOW, 10, 1000, 60_000, 1))
    progress = Progress(NOW, True, "night.nmea", NOW, NOW)
    with (
        shown(tmp_path, chart_of_names(), (feed,), progress=progress, fill=furnished) as watch,
        tab(browser) as sight,
    ):
        page = sight.page
        page.add_init_script("window.runs = 0; window.ran = () => { window.runs += 1; };")
        page.on("dialog", lambda dialog: sight.complaints.append("a dialog"))
        assert page.request.get(watch.visit).ok
        page.goto(f"{watch.url}?map=8/58.5/20.5")
        page.locator("[data-alert]").first.wait_for()
        until(page, "anchorwatch.map.isStyleLoaded()")
        looking = Looking(page)
        looking.look("the queue")
        for n in range(1, 21):
            looking.at(f"/alerts/{number(n)}", ".panel .actions")
            looking.at(f"/vessels/{230_000_000 + n}", "#past-title")
            looking.at(f"/assets/c{n - 1}", ".panel h2")
            looking.at(f"/zones/z{n - 1}", ".panel h2")
            looking.at(f"/search?q={quote(HOSTILE_NAMES[n - 1][:40])}", ".panel input")
        looking.at("/assets", ".panel h2")
        looking.at("/zones", ".panel h2")
        assert looking.found == []
        assert page.evaluate("runs") == 0
        assert page.locator("img[src=x], svg[onload], .queue script").count() == 0
        assert [said for said in sight.complaints if "Failed to load resource" not in said] == []
