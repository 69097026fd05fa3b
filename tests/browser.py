"""The console in a real browser: a watch room of real parts behind the real server, and Chromium in front of it."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import MINUTE, T0, an_alert
from anchorwatch.chart import Chart
from anchorwatch.console import app as application
from anchorwatch.console import page, serve
from anchorwatch.console.settings import Settings
from anchorwatch.edges.clock import Clock, SystemClock
from anchorwatch.edges.store.people import People
from anchorwatch.model import Alert, rfc3339
from anchorwatch.watch.room import Progress, Room
from room import quick_hashes, room_in

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",  # containers give it too little
    "--use-angle=swiftshader",  # draws without a graphics card
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
SIZE = {"width": 1280, "height": 720}
SOON_MS = 20_000  # a machine under load is no failure

needs_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chrome on the PATH to show the page in"),
    pytest.mark.skipif(not page.is_built(), reason="the console's page is not built: make page"),
]


@contextmanager
def chromium() -> Iterator[Any]:
    """One browser, for the tests of a file (Playwright's Browser)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Shown:
    """A room that is served, and how to open its page."""

    room: Room
    people: People
    url: str
    visit: str  # logs the person at this machine in
    loop: asyncio.AbstractEventLoop


@contextmanager
def shown(
    folder: Path,
    chart: Chart | None = None,
    feeds: Sequence[Any] = (),
    clock: Clock | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    fill: Callable[[Room], object] = lambda room: None,
) -> Iterator[Shown]:
    """Serve a room on a free port of loopback, from a thread of its own."""
    settings = settings or Settings(port=0, data=folder, requests_per_s=1e6, requests_burst=10**6)
    with quick_hashes(), room_in(folder, clock, chart, feeds, progress) as (room, people):
        fill(room)
        ready: list[Shown] = []
        up, over = threading.Event(), threading.Event()
        failed: list[BaseException] = []

        async def run() -> None:
            serving = await serve.serve(application.make(room, people, settings))
            ready.append(Shown(room, people, serving.url, serving.visit, asyncio.get_running_loop()))
            up.set()
            await asyncio.to_thread(over.wait)
            await serving.stop()

        def work() -> None:
            try:
                asyncio.run(run())
            except BaseException as error:
                failed.append(error)
            finally:
                up.set()

        thread = threading.Thread(target=work, name="server")
        thread.start()
        try:
            up.wait(30)
            if failed:
                raise failed[0]
            yield ready[0]
        finally:
            over.set()
            thread.join(30)
        if failed:
            raise failed[0]


@dataclass
class Sight:
    """A tab, and what it complained of."""

    page: Any
    complaints: list[str] = field(default_factory=list)


# What Chromium itself says where it draws without a graphics card: not about us.
_OF_THE_DRIVER = ("GPU stall due to ReadPixels", "GL Driver Message", "Automatic fallback to software WebGL")


@contextmanager
def tab(browser: Any, size: dict[str, int] | None = None, look: str = "dusk", **options: Any) -> Iterator[Sight]:
    """Open a tab of its own (no cookies, nothing kept), with a palette."""
    context = browser.new_context(viewport=size or SIZE, **options)
    context.add_init_script(f"if (!localStorage['anchorwatch-look']) localStorage['anchorwatch-look'] = {look!r}")
    context.set_default_timeout(SOON_MS)
    opened = context.new_page()
    sight = Sight(opened)

    def said(message: Any) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in _OF_THE_DRIVER):
            sight.complaints.append(message.text)

    opened.on("console", said)
    opened.on("pageerror", lambda error: sight.complaints.append(str(error)))
    try:
        yield sight
    finally:
        context.close()


def now_us() -> int:
    """The time of this machine, microseconds since 1970: what the page shows of a watch is asked about it."""
    return SystemClock().now_us()


def just_raised(number: int, level: str, now_us: int) -> Alert:
    """Alert `number` of the tests as if it were of these hours: raised some minutes ago, the highest number last."""
    alert, later_us = an_alert(number, level), now_us - T0 - 120 * MINUTE
    return replace(
        alert,
        start_us=alert.start_us + later_us,
        end_us=alert.end_us + later_us,
        raised_us=alert.raised_us + later_us,
        next=tuple(replace(ahead, eta_us=ahead.eta_us + later_us) for ahead in alert.next),
        extra={"levels": [{"level": level, "at": rfc3339(alert.raised_us + later_us)}]},
    )


def until(page: Any, question: str, timeout_ms: float = SOON_MS) -> None:
    """Wait until the page answers a question with yes; Playwright's own way needs the eval that the policy forbids."""
    end = time.monotonic() + timeout_ms / 1000
    while not page.evaluate(question):
        assert time.monotonic() < end, f"never so: {question}, the focus is on {focus_of(page)}"
        page.wait_for_timeout(15)


def focus_of(page: Any) -> str:
    """What has the focus, in a few words."""
    return str(page.evaluate("document.activeElement?.outerHTML ?? ''"))[:200]
