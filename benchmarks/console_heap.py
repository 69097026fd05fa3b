"""The console left open over a replay: does its heap stay flat; and does what was opened go when it is closed?

python -m benchmarks.console_heap                                an hour of data in a minute, as in the table
python -m benchmarks.console_heap --minutes 60 --speed 1         an hour of an officer's time
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.console_page import FLAGS, chromium, until
from benchmarks.table import Figure

TRIAL, PORT = "trial:eagle-s-2024", 8759
# Its first alerts are raised some minutes later; what lies before is played as fast as it goes.
FROM = "2024-12-25T10:00:00Z"
MINUTES, SPEED, SAMPLES, PANELS = 60.0, 60.0, 6, 200
GROWTH = 1.1  # of the heap, from a third of the time on to its end; alerts that were raised are no leak
KEPT_KB = 20.0  # that a panel may leave behind, on average: what was loaded for it is remembered, within bounds
FIRST_WORDS_MS = 300.0  # from the click to what an alert is about
SHOW = """(path) => {
  history.replaceState(null, "", path);
  window.asked = performance.now();
  window.firstWords = 0;
  const look = () => {
    const words = document.querySelector(".panel .body")?.textContent ?? "";
    if (words.length > 60) window.firstWords ||= performance.now() - window.asked;
  };
  window.looking?.disconnect();
  window.looking = new MutationObserver(look);
  window.looking.observe(document.body, {subtree: true, childList: true, characterData: true});
  dispatchEvent(new PopStateEvent("popstate"));
  look();
}"""
PATHS = """async () => {
  const ask = async (path) => (await fetch(path, {headers: {"X-Anchorwatch": "1"}})).json();
  const alerts = (await ask("/api/v1/alerts?limit=100")).alerts.map(({alert}) => alert);
  const assets = (await ask("/api/v1/assets?corners=4&limit=100")).features.map(({properties}) => properties.id);
  return [
    alerts.map(({id}) => "/alerts/" + encodeURIComponent(id)),
    [...new Set(alerts.map(({vessel}) => "/vessels/" + vessel.mmsi))],
    assets.map((id) => "/assets/" + encodeURIComponent(id)),
  ];
}"""


class Held(NamedTuple):
    """What a tab holds after collections."""

    heap_mb: float
    nodes: float
    listeners: float

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.heap_mb:.1f} MB, {self.nodes:.0f} nodes, {self.listeners:.0f} listeners"


@contextmanager
def replaying(speed: float, port: int = PORT) -> Iterator[str]:
    """Play the trial in a watch of its own; yield the address that logs in."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "anchorwatch", "watch", "--replay", TRIAL, "--speed", str(speed)]
        command += ["--from", FROM, "--quiet", "--listen", f"127.0.0.1:{port}", "--data", scratch]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as watch:
            try:
                key, end_s = Path(scratch) / "local_key", time.monotonic() + 120
                while not (key.exists() and key.read_text().strip()):
                    if watch.poll() is not None or time.monotonic() > end_s:
                        raise RuntimeError(f"the watch does not start: {watch.stderr and watch.stderr.read()[-500:]}")
                    time.sleep(0.1)
                yield f"http://127.0.0.1:{port}/?key={key.read_text().strip()}"
            finally:
                watch.terminate()
                watch.communicate()


def held(protocol: Any) -> Held:
    """Collect what can be collected, and return what is left."""
    for _ in range(2):  # what the first one frees may have held more
        protocol.send("HeapProfiler.collectGarbage")
    seen = {m["name"]: m["value"] for m in protocol.send("Performance.getMetrics")["metrics"]}
    return Held(seen["JSHeapUsedSize"] / 1e6, seen["Nodes"], seen["JSEventListeners"])


def visited(tab: Any, url: str) -> None:
    """Open the page; the watch may not listen yet."""
    from playwright.sync_api import Error

    for _ in range(100):
        try:
            tab.goto(url)
            break
        except Error:
            time.sleep(0.3)
    until(tab, "window.anchorwatch?.timings.at(-1)?.vessels > 0", 180)
    until(tab, "document.querySelector('.queue a[href*=\"/alerts/\"]') !== null", 180)


def opened(tab: Any, panels: int) -> dict[str, list[float]]:
    """Open and close so many panels in turn; return ms to the first words of each kind."""
    kinds = dict(zip(("alert", "vessel", "asset"), tab.evaluate(PATHS), strict=True))
    words: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(panels):
        kind = list(kinds)[number % len(kinds)]
        paths = kinds[kind]
        tab.evaluate(SHOW, paths[number // len(kinds) % len(paths)])
        until(tab, "window.firstWords > 0")
        words[kind].append(tab.evaluate("window.firstWords"))
        tab.wait_for_timeout(150)  # plots and tracks come
        tab.evaluate(SHOW, "/")
        until(tab, "document.querySelector('.panel') === null")
    return words


def watched(minutes: float, speed: float, panels: int, samples: int = SAMPLES) -> dict[str, Any]:
    """Leave the page open for so many minutes of data, then open and close panels."""
    from playwright.sync_api import sync_playwright

    with replaying(speed) as visit, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            tab = browser.new_page(viewport={"width": 1280, "height": 720})
            visited(tab, visit)
            protocol, over_time = tab.context.new_cdp_session(tab), []
            protocol.send("Performance.enable")
            for _ in range(samples):
                tab.wait_for_timeout(1000 * 60 * minutes / speed / samples)
                over_time.append(held(protocol))
            opened(tab, 12)  # what is loaded once is loaded
            before = held(protocol)
            words = opened(tab, panels)
            tab.wait_for_timeout(2000)
            return {"over_time": over_time, "before": before, "after": held(protocol), "words": words}
        finally:
            browser.close()


def measure(minutes: float = MINUTES, speed: float = SPEED, panels: int = PANELS) -> list[Figure]:
    """Return the figures of the table."""
    seen = watched(minutes, speed, panels)
    early, late = seen["over_time"][len(seen["over_time"]) // 3 - 1], seen["over_time"][-1]
    before, after = seen["before"], seen["after"]
    kept_kb = 1000 * (after.heap_mb - before.heap_mb) / panels
    words = {kind: median(ms) for kind, ms in seen["words"].items()}
    return [
        Figure(
            f"page, heap over {minutes:.0f} minutes of replay at {speed:.0f}x",
            f"{early.heap_mb:.1f} MB, then {late.heap_mb:.1f} MB",
            "flat",
            late.heap_mb <= GROWTH * early.heap_mb,
            note="after each part: " + "; ".join(map(str, seen["over_time"])),
        ),
        Figure(
            f"page, {panels} panels opened and closed",
            f"{kept_kb:.0f} kB a panel left",
            f"under {KEPT_KB:.0f} kB, as many nodes",
            kept_kb < KEPT_KB and after.nodes < GROWTH * before.nodes + panels,
            note=f"before: {before}; after: {after}",
        ),
        Figure(
            "page, from the click to the first words of an alert",
            f"median {words['alert']:.0f} ms, most {max(seen['words']['alert']):.0f} ms",
            f"median under {FIRST_WORDS_MS:.0f} ms",
            words["alert"] < FIRST_WORDS_MS,
            note=f"vessel {words['vessel']:.0f} ms, asset {words['asset']:.0f} ms",
        ),
    ]


if __name__ == "__main__":
    from benchmarks.table import as_text

    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--minutes", type=float, default=MINUTES, help="of data")
    ask.add_argument("--speed", type=float, default=SPEED, help="data seconds a second; 1 = as an officer sees it")
    ask.add_argument("--panels", type=int, default=PANELS)
    said = ask.parse_args()
    print(as_text(measure(said.minutes, said.speed, said.panels)))
