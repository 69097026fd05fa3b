"""What goes wrong in a night, in a real browser: the page says so, loses no action, shows nothing old as live."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import BEN, MINUTE, T0, an_alert, next_word
from anchorwatch.chart import Chart
from anchorwatch.console import app as application
from anchorwatch.console.settings import Settings
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.errors import BadStore
from anchorwatch.judgement.work import Action
from anchorwatch.watch.room import Progress, Room
from api_room import NOW, MadeFeed, a_chart, sail
from browser import Shown, chromium, needs_browser, shown, tab, until
from room import PASSWORD

pytestmark = [pytest.mark.slow, *needs_browser]

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


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


def test_a_server_that_goes_away_in_the_night_and_comes_back(browser: Any, tmp_path: Path) -> None:
    port = free_port()
    with tab(browser) as sight:
        page = sight.page
        set_clock(page)
        with watching(tmp_path, port) as watch:
            opened(page, watch)
            page.locator(f"[data-alert='{number(5)}'] a").click()
            page.locator(".panel .actions").wait_for()
        gone = time.monotonic()
        page.get_by_text("Connection to the watch lost").wait_for()
        assert time.monotonic() - gone < 15
        assert page.locator(".watch-sign strong").inner_text() == "OLD"
        assert page.title().startswith("OLD")
        press(page, "a")
        press(page, "n")
        page.locator("dialog textarea").fill("Called on VHF 16, no answer.")
        press(page, "Control+Enter")
        page.locator(f"[data-alert='{number(6)}'] a").first.focus()
        press(page, "a")
        page.get_by_text("3 actions wait").wait_for()
        assert page.evaluate(OUTBOX) == 3
        page.locator(".map-old").wait_for()
        with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
            page.reload()
        page.goto("about:blank")  # the page of the error tries again by itself
        with watching(tmp_path, port, fill=lambda room: None) as watch:
            page.goto(f"{watch.url}alerts/{number(5)}")
            until(page, LIVE)
            until(page, f"{OUTBOX} === 0")
            assert work_of(watch, number(5)) == [("local", "acknowledge"), ("local", "note")]
            assert work_of(watch, number(6)) == [("local", "acknowledge")]


def another(room: Room) -> None:
    room.store.record([an_alert(8)], 8)


def test_a_page_left_open_sends_what_waits_by_itself(browser: Any, tmp_path: Path) -> None:
    """And another store behind the same address is not taken for the one before."""
    port = free_port()
    with tab(browser) as sight:
        page = sight.page
        set_clock(page)
        with watching(tmp_path / "one", port) as watch:
            opened(page, watch)
            page.locator(f"[data-alert='{number(5)}'] a").click()
            page.locator(".panel .actions").wait_for()
            shutil.copytree(tmp_path / "one", tmp_path / "saved")
            watch.room.store.record([an_alert(9, "alarm")], 9)
            told(watch)
            page.locator(f"[data-alert='{number(9)}']").wait_for()
        page.get_by_text("Connection to the watch lost").wait_for()
        press(page, "a")
        with watching(tmp_path / "saved", port, fill=another, begins_us=NOW + MINUTE) as watch:
            page.get_by_text("The watch was started anew").wait_for()
            until(page, f"{OUTBOX} === 0")
            page.locator(f"[data-alert='{number(8)}']").wait_for()
            page.locator(f"[data-alert='{number(9)}']").wait_for(state="detached")
            assert work_of(watch, number(5)) == [("local", "acknowledge")]
            assert work_of(watch, number(6)) == []


def test_a_clock_that_is_off_by_an_hour(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page, 3600)
        opened(page, watch)
        page.get_by_text("This machine's clock is not that of the watch").wait_for()
        assert re.search(r"(1 h|59 min) ahead of", said(page))
        assert page.locator(".watch-sign b").inner_text().startswith("12:2")
        assert re.search(r"\b1(\.9 h| h 5\d min)", page.locator(f"[data-alert='{number(5)}']").inner_text())


def test_an_alert_that_is_withdrawn_while_it_is_open(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        opened(page, watch, f"alerts/{number(5)}")
        page.locator(".panel .actions").wait_for()
        watch.room.store.record([next_word(an_alert(5, "alarm"), "withdrawn")], 7)
        told(watch)
        page.get_by_text("Withdrawn while you look").wait_for()
        press(page, "n")
        page.locator("dialog textarea").fill("Seen.")
        press(page, "Control+Enter")
        until(page, f"{OUTBOX} === 0")
        assert work_of(watch, number(5)) == [("local", "note")]


def test_two_officers_on_one_alert(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as one, tab(browser) as two:
        for name, sight in (("anna", one), ("ben", two)):
            set_clock(sight.page)
            watch.people.add(name, "officer", PASSWORD, by="test")
            logged_in(sight.page, watch, name, f"alerts/{number(5)}")
            sight.page.locator(".panel .actions").wait_for()
        press(one.page, "c")
        one.page.locator("dialog").wait_for()
        press(two.page, "t")
        two.page.get_by_text("in hand", exact=False).first.wait_for()
        one.page.get_by_text("ben acted, its state is in hand").wait_for()
        press(one.page, "2", "Enter")
        one.page.get_by_text("Not done:").wait_for()
        one.page.get_by_text("ben has it in hand").first.wait_for()
        assert one.page.evaluate(OUTBOX) == 1, "what was refused is kept until it was read"
        assert work_of(watch, number(5)) == [("ben", "take")]


def test_thousands_of_alerts(browser: Any, tmp_path: Path) -> None:
    def fill(room: Room) -> None:
        sail(room)
        vessel = an_alert(1).vessel
        room.store.record(
            [
                an_alert(n, ("caution", "warning", "alarm")[n % 3], vessel=vessel, raised_us=T0 + n * 1_000_000)
                for n in range(1, 5001)
            ],
            6,
        )

    with watching(tmp_path, fill=fill) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        opened(page, watch)
        until(page, "[...document.querySelectorAll('.bar .figure')].every((figure) => figure.textContent === '1.7k')")
        assert page.locator("button.fresh").count() == 0, "what is loaded is not new"
        begun = time.monotonic()
        press(page, *"jjjjjjjjjjjjjjjjjjjj")
        assert (time.monotonic() - begun) / 20 < 0.25  # some 0.05 where nothing else runs
        assert page.locator("[data-alert]").count() < 40
        press(page, "a")
        until(page, f"{OUTBOX} === 0")
        page.goto(f"{watch.url}vessels/230000001")
        page.get_by_text("All alerts about it: 5,000").wait_for()
        assert page.evaluate("document.querySelectorAll('*').length") < 3000


def test_an_asset_of_a_hundred_thousand_corners(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        opened(page, watch)
        page.goto(f"{watch.url}assets/winding")
        page.locator(".panel h2").get_by_text("Winding Line").wait_for()
        page.get_by_text("crossing along its").wait_for()
        until(page, "anchorwatch.map.queryRenderedFeatures({layers: anchorwatch.map.getLayersOrder().filter((id) => "
                    "/asset/.test(id))}).some(({properties}) => properties.id === 'winding')")  # fmt: skip
        page.locator(f"[data-alert='{number(5)}'] a").click()
        page.locator(".panel .actions").wait_for()
        assert sight.complaints == []


@dataclass
class Sky:
    """How the server is to those who ask it."""

    wait_s: float = 0.0
    status: int = 0


class Weathered:
    """Answers of the API as slow and as bad as is said; its streams are let be."""

    def __init__(self, app: Any, sky: Sky) -> None:
        self.app, self.sky = app, sky

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            await asyncio.sleep(self.sky.wait_s)
            if self.sky.status:
                await send({"type": "http.response.start", "status": self.sky.status, "headers": []})
                await send({"type": "http.response.body", "body": b"busy"})
                return
        await self.app(scope, receive, send)


@pytest.fixture
def weather(monkeypatch: pytest.MonkeyPatch) -> Sky:
    sky, make_app = Sky(), application.make

    def made(*parts: Any) -> Any:
        app = make_app(*parts)
        app.add_middleware(Weathered, sky=sky)
        return app

    monkeypatch.setattr(application, "make", made)
    return sky


def test_a_server_that_is_slow_and_then_busy(browser: Any, tmp_path: Path, weather: Sky) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        assert page.request.get(watch.visit).ok
        weather.wait_s = 3.0
        page.goto(f"{watch.url}alerts/{number(5)}")
        page.get_by_text("Loading the alerts").wait_for()
        assert page.locator(".bar .figure").all_inner_texts() == ["?", "?", "?"], "nothing loaded is not nothing there"
        page.locator(".panel .actions button").first.wait_for()
        press(page, "a")
        page.get_by_text("Waiting to be sent: acknowledge").wait_for()
        weather.wait_s, weather.status = 0.0, 503
        press(page, "t")
        page.get_by_text("action waits").or_(page.get_by_text("actions wait")).wait_for()
        weather.status = 0
        until(page, f"{OUTBOX} === 0")
        assert work_of(watch, number(5)) == [("local", "acknowledge"), ("local", "take")]
        weather.status = 503
        page.reload()
        page.get_by_text("The alerts could not be loaded").wait_for()


def test_who_may_only_look_at_a_replay_that_ended(browser: Any, tmp_path: Path) -> None:
    with (
        watching(tmp_path, feeds=(), progress=Progress(NOW, True, "night.nmea", NOW, NOW)) as watch,
        tab(browser) as sight,
    ):
        page = sight.page
        watch.people.add("guest", "viewer", PASSWORD, by="test")
        logged_in(page, watch, "guest", f"alerts/{number(5)}")
        page.get_by_text("You may look, but not act").wait_for()
        press(page, "a", "n", "c", "s")
        page.wait_for_timeout(300)
        assert page.locator("dialog[open] textarea, .panel .actions button").count() == 0
        page.get_by_text("REPLAY ENDED").wait_for()
        assert page.evaluate(OUTBOX) == 0


def test_a_disk_that_is_full(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)

        def full(*_: object, **__: object) -> None:
            raise BadStore("the disk is full", "store.sqlite")

        assert page.request.get(watch.visit).ok
        with monkeypatch.context() as patch:
            patch.setattr(watch.people, "audit", full)
            patch.setattr(watch.room.store, "act", full)
            page.goto(f"{watch.url}assets/navy-line")
            page.get_by_text("No asset: the watch cannot write its store").wait_for()
            page.goto(f"{watch.url}alerts/{number(5)}")
            page.locator(".panel .actions").wait_for()
            press(page, "a")
            page.get_by_text("1 action waits").wait_for()
        until(page, f"{OUTBOX} === 0")
        assert work_of(watch, number(5)) == [("local", "acknowledge")]


def test_feeds_that_are_not_there(browser: Any, tmp_path: Path) -> None:
    quiet = MadeFeed("digitraffic", "digitraffic:", health=Health(CONNECTED, NOW - 10 * MINUTE, NOW - 5 * MINUTE))
    with watching(tmp_path, feeds=(quiet,)) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        opened(page, watch)
        page.get_by_text("Feed digitraffic").wait_for()
        assert page.locator(".watch-sign strong").inner_text() == "NOTHING HEARD"
    with watching(tmp_path, feeds=()) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        page.goto(watch.visit)
        page.get_by_text("Nothing is connected yet").wait_for()
        assert page.locator(".watch-sign strong").inner_text() == "NOTHING HEARD"


def test_a_stream_that_is_refused(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        page.route_web_socket(re.compile("/stream/"), lambda ws: ws.close())
        page.goto(watch.visit)
        page.get_by_text("its stream does not come through").wait_for()
        page.locator(f"[data-alert='{number(5)}'] a").click()
        assert page.locator(".watch-sign strong").inner_text() == "OLD"
        page.locator(".panel .actions").wait_for()
        press(page, "a")
        until(page, f"{OUTBOX} === 0")
        assert work_of(watch, number(5)) == [("local", "acknowledge")]


@pytest.mark.parametrize("how", ["full", "forbidden"])
def test_a_browser_that_keeps_nothing(browser: Any, tmp_path: Path, how: str) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        page.add_init_script(NO_ROOM if how == "full" else FORBIDDEN)
        page.goto(watch.visit)
        page.locator(f"[data-alert='{number(5)}'] a").click()
        page.locator(".panel .actions").wait_for()
        press(page, "a")
        page.get_by_text("acknowledged by local").wait_for()
        assert work_of(watch, number(5)) == [("local", "acknowledge")]


NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
FORBIDDEN = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });"
)
NO_WEBGL = """
const asked = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return /webgl|webgpu/.test(kind) ? null : asked.call(this, kind, ...more);
};
"""


def test_a_browser_that_draws_no_map(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        page.add_init_script(NO_WEBGL)
        opened(page, watch)
        page.get_by_text("There is no map").wait_for()
        page.locator(f"[data-alert='{number(5)}'] a").click()
        page.locator(".panel .actions").wait_for()
        press(page, "a")
        until(page, f"{OUTBOX} === 0")
        assert sight.complaints == []


def test_a_tab_that_slept_for_six_hours(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        page.clock.install(time=NOW / 1e6)
        opened(page, watch, f"alerts/{number(5)}")
        page.locator(".panel .actions").wait_for()
        page.wait_for_timeout(1000)
        watch.room.store.act(number(2), Action("close", {"disposition": "drill"}), BEN)
        watch.room.store.record([an_alert(9, "alarm")], 9)
        watch.room.clock.less_us -= HOURS_6_MS * 1000
        page.evaluate("new MutationObserver(() => { if (%s) window.wasStale = true; }).observe("
                      "document.documentElement, { attributes: true })" % STALE)  # fmt: skip
        page.clock.fast_forward(HOURS_6_MS)
        until(page, "window.wasStale === true")  # nothing is taken for now before the watch is heard again
        page.get_by_text("This page slept for 6 h").wait_for()
        page.locator(f"[data-alert='{number(9)}']").wait_for()
        page.locator(f"[data-alert='{number(2)}']").wait_for(state="detached")


def test_a_watch_that_stands_still(browser: Any, tmp_path: Path) -> None:
    with watching(tmp_path) as watch, tab(browser) as sight:
        page = sight.page
        set_clock(page)
        opened(page, watch)
        watch.room.progress.clock = None
        page.get_by_text("The watch stands still").wait_for(timeout=25000)
        assert page.locator(".watch-sign strong").inner_text() == "OLD"
