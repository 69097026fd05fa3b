"""The console's first useful picture in a browser that has never seen it: land, assets, vessels and the queue.

python -m benchmarks.console_first --runs 5
"""

from __future__ import annotations

import argparse
import os
from statistics import median
from typing import Any

from anchorwatch.chart import Asset
from anchorwatch.model import Alert, AlertAsset, Reason, Vessel, rfc3339
from anchorwatch.watch.room import Room
from benchmarks.console_page import VIEW, chromium, standing, until
from benchmarks.table import Figure

VESSELS, ALERTS, RUNS = 3000, 30, 5
FIRST_S, FIRST_MB = 2.0, 2.5  # issue 5
LEVELS = ("caution", "warning", "alarm")
# As Chromium draws by itself where there is no graphics card: the map by software, the rest of the page without it.
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--enable-unsafe-swiftshader"]
# All parts of the picture are on the screen: the tiles of the view are there, and two frames have been shown since.
WATCH = """
window.seenMs = {};
const seen = (part) => { window.seenMs[part] ??= performance.now(); };
const looking = setInterval(() => {
  const map = window.anchorwatch?.map;
  if (document.querySelector(".queue")) seen("frame");
  if (document.querySelector('.queue a[href*="/alerts/"]')) seen("queue");
  if (map) seen("map");
  for (const source of ["land", "assets"])
    if (map?.getSource(source) && map.isSourceLoaded(source) && map.querySourceFeatures(source).length) seen(source);
  if (window.anchorwatch?.timings.some(({drawMs}) => drawMs > 0)) seen("vessels");
  if (["queue", "land", "assets", "vessels"].some((part) => !window.seenMs[part])) return;
  clearInterval(looking);
  map.once("render", () => requestAnimationFrame(() => requestAnimationFrame(() => seen("whole"))));
  map.triggerRepaint();
}, 10);
"""


def an_alert(number: int, now_us: int, asset: Asset) -> Alert:
    """Return something to be shown in the queue."""
    level, raised_us = LEVELS[number % len(LEVELS)], now_us - number * 60_000_000
    return Alert(
        id=f"a1-{number:016x}",
        level=level,
        kind="anchor_drag",
        status="open",
        vessel=Vessel(mmsi=230_000_000 + number, name=f"SHIP {number}", callsign="OJ2A"),
        assets=(AlertAsset(asset.id, asset.name, asset.kind, 120.0),),
        start_us=raised_us - 600_000_000,
        end_us=raised_us,
        raised_us=raised_us,
        lon_deg=25.6,
        lat_deg=59.9,
        score=0.7,
        reasons=(Reason("prior", "anchor_drag", "", -2.0),),
        explanation="Slows to 7.4 kn over the cable.",
        alternatives=(),
        next=(),
        detectors=("anchor_drag",),
        ruleset="sha256:0",
        revision=1,
        extra={"levels": [{"level": level, "at": rfc3339(raised_us)}]},
    )


def fill(room: Room) -> None:
    """Raise the alerts."""
    now_us, asset = room.clock.now_us(), room.chart.assets[0]
    room.store.record([an_alert(n, now_us, asset) for n in range(1, ALERTS + 1)], ALERTS)


def cold(playwright: Any, url: str, visit: str) -> dict[str, float]:
    """Open the page in a new browser; return ms to each part, CPU ms of the main thread and of all processes, MB."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    try:
        tab = browser.new_page(viewport={"width": 1280, "height": 720})
        protocol, whole = tab.context.new_cdp_session(tab), browser.new_browser_cdp_session()
        came: list[Any] = []
        tab.context.on("requestfinished", lambda request: came.append(request))  # those of the map's worker, too
        protocol.send("Performance.enable", {"timeDomain": "threadTicks"})
        tab.context.request.get(visit, max_redirects=0)  # logs in without the page, so that the page itself is new
        tab.add_init_script(WATCH)
        begun_s = processes_s(whole)
        tab.goto(f"{url}/?map={VIEW}", wait_until="commit")
        until(tab, "window.seenMs?.whole > 0")
        cpu_ms = 1000 * (processes_s(whole) - begun_s)
        main = {m["name"]: 1000 * m["value"] for m in protocol.send("Performance.getMetrics")["metrics"]}
        found: dict[str, float] = tab.evaluate("window.seenMs")
        tab.wait_for_timeout(500)
        sizes = [request.sizes() for request in came]
        mb = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) / 1e6
        return {**found, "cpu": cpu_ms, "main": main["TaskDuration"], "script": main["ScriptDuration"], "mb": mb}
    finally:
        browser.close()


def processes_s(whole: Any) -> float:
    """Return CPU seconds of all processes of the browser."""
    return float(sum(p["cpuTime"] for p in whole.send("SystemInfo.getProcessInfo")["processInfo"]))


def measure(runs: int = RUNS) -> list[Figure]:
    """Return the figure of the table."""
    from playwright.sync_api import sync_playwright

    with standing(VESSELS, fill) as watch, sync_playwright() as playwright:
        seen = [cold(playwright, watch.url, watch.visit) for _ in range(runs)]
    middle = {name: median(one[name] for one in seen) for name in seen[0]}
    first_s, mb = middle["whole"] / 1000, middle["mb"]
    order = sorted(("frame", "queue", "map", "vessels", "land", "assets"), key=lambda part: middle[part])
    return [
        Figure(
            f"page, first picture, cold, {VESSELS:,} vessels",
            f"{first_s:.1f} s, {mb:.2f} MB",
            f"under {FIRST_S:.0f} s, {FIRST_MB} MB",
            first_s < FIRST_S and mb < FIRST_MB,
            note=f"medians of {runs}, of which the quickest {min(one['whole'] for one in seen) / 1000:.1f} s; "
            + ", ".join(f"{part} {middle[part] / 1000:.1f}" for part in order)
            + f" s; CPU: main thread {middle['main']:.0f} ms, script of it {middle['script']:.0f} ms, all processes "
            f"of the browser {middle['cpu']:.0f} ms; load of the machine {os.getloadavg()[0]:.1f}",
        )
    ]


if __name__ == "__main__":
    from benchmarks.table import as_text

    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--runs", type=int, default=RUNS)
    print(as_text(measure(ask.parse_args().runs)))
