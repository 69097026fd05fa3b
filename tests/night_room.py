"""A watch at night behind a browser, for tests of what goes wrong: its clock, its server, its people."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alerts_at_work import MINUTE, an_alert
from anchorwatch.chart import Chart
from anchorwatch.console.settings import Settings
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.watch.room import Progress, Room
from api_room import NOW, MadeFeed, a_chart, sail
from browser import Shown, shown
from room import PASSWORD

HOURS_6_MS = 6 * 3600 * 1000
STALE = "document.documentElement.dataset.contact === 'stale'"
LIVE = "document.documentElement.dataset.contact === 'live'"
OUTBOX = "Object.keys(localStorage).filter((name) => name.startsWith('anchorwatch-outbox/')).length"


# The clock of the machine with the browser: that of the watch, or as far off as is said.
SHIFTED = """
{
  const Real = Date, offMs = %d;
  globalThis.Date = class extends Real {
    constructor(...parts) { parts.length ? super(...parts) : super(Real.now() + offMs); }
    static now() { return Real.now() + offMs; }
  };
}
"""


def set_clock(page: Any, off_s: float = 0.0, watch_us: int = NOW) -> None:
    page.add_init_script(SHIFTED % (watch_us / 1000 - time.time() * 1000 + off_s * 1000))


class WatchClock(SystemClock):
    """The clock of the watch: it begins at some moment, runs, and can be put forward."""

    def __init__(self, begins_us: int) -> None:
        self.less_us = super().now_us() - begins_us

    def now_us(self) -> int:
        return super().now_us() - self.less_us


@dataclass
class Moving(Progress):
    """Of a watch that keeps up: the time of its picture is that of its clock, until it hangs."""

    clock: WatchClock | None = None

    def __getattribute__(self, name: str) -> Any:
        clock = object.__getattribute__(self, "clock")
        return clock.now_us() if name == "now_us" and clock else object.__getattribute__(self, name)


def free_port() -> int:
    with socket.socket() as looking:
        looking.bind(("127.0.0.1", 0))
        return int(looking.getsockname()[1])


def furnished(room: Room) -> None:
    sail(room)
    room.store.record([an_alert(n, ("caution", "warning", "alarm")[n % 3]) for n in range(1, 7)], 6)


def watching(
    folder: Path,
    port: int = 0,
    feeds: tuple[MadeFeed, ...] | None = None,
    fill: Callable[[Room], None] = furnished,
    chart: Chart | None = None,
    progress: Progress | None = None,
    begins_us: int = NOW,
) -> AbstractContextManager[Shown]:
    """A watch that is live, hears one feed well, and has six alerts."""
    folder.mkdir(exist_ok=True)
    if feeds is None:
        feeds = (MadeFeed("mast", silent_after_s=1e6, health=Health(CONNECTED, NOW, NOW, 10, 1000, 60_000, 1)),)
    settings = Settings(port=port, data=folder, requests_per_s=1e6, requests_burst=10**6)
    clock = WatchClock(begins_us)
    moving = Moving(begins_us - MINUTE, True, "", begins_us, begins_us - MINUTE, 0.2, 900, clock=clock)
    return shown(folder, chart or a_chart(), feeds, clock, progress or moving, settings, fill)


def opened(page: Any, watch: Shown, path: str = "") -> None:
    """Log in as the person at this machine, and wait for the alerts."""
    assert page.request.get(watch.visit).ok
    page.goto(watch.url + path)
    page.locator("[data-contact=live]").wait_for()
    page.locator("[data-alert]").first.wait_for()


def logged_in(page: Any, watch: Shown, name: str, path: str = "") -> None:
    page.goto(f"{watch.url}login?next=/{path}")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("[data-contact=live]").wait_for()


def told(watch: Shown) -> None:
    for changed in watch.room.on_change:
        changed()


def work_of(watch: Shown, alert_id: str) -> list[tuple[str, str]]:
    """What people did about an alert: who, what."""
    return [(e.actor, e.verb) for e in watch.room.store.history(alert_id) if e.actor != "watch"]


def number(n: int) -> str:
    return f"a1-{n:016x}"


def said(page: Any) -> str:
    return str(page.locator(".said-all").inner_text())


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
