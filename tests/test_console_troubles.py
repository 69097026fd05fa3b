"""Trouble of the server, the browser and the machine, in a real browser: the page says so, and the work goes on."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import BEN, MINUTE, an_alert
from anchorwatch.console import app as application
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.errors import BadStore
from anchorwatch.judgement.work import Action
from anchorwatch.watch.room import Progress
from api_room import NOW, MadeFeed
from browser import needs_browser, tab, until
from night_room import (
    HOURS_6_MS,
    OUTBOX,
    STALE,
    Moving,
    WatchClock,
    logged_in,
    number,
    opened,
    press,
    set_clock,
    watching,
    work_of,
)
from room import PASSWORD

pytestmark = [pytest.mark.slow, *needs_browser]


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
        clock = watch.room.clock
        assert isinstance(clock, WatchClock)
        clock.less_us -= HOURS_6_MS * 1000
        page.evaluate(f"new MutationObserver(() => {{ if ({STALE}) window.wasStale = true; }}).observe("
                      "document.documentElement, { attributes: true })")  # fmt: skip
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
        moving = watch.room.progress
        assert isinstance(moving, Moving)
        moving.clock = None
        page.get_by_text("The watch stands still").wait_for(timeout=25000)
        assert page.locator(".watch-sign strong").inner_text() == "OLD"
