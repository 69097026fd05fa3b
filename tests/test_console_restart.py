"""A replayed incident in a real browser: acknowledged and closed by keys; over a restart it stays so."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from browser import needs_browser, tab, until
from house_at_work import asked, made_sea
from watching import ENV

pytestmark = [pytest.mark.slow, *needs_browser]


def free_port() -> int:
    with socket.socket() as looking:
        looking.bind(("127.0.0.1", 0))
        return int(looking.getsockname()[1])


@contextmanager
def served(sea: Path, data: Path, port: int) -> Iterator[str]:
    """A real watch over a replay; yields what to open."""
    chart = ["--assets", str(sea / "assets.geojson"), "--zones", str(sea / "zones.geojson")]
    replay = ["--replay", str(sea / "traffic.nmea"), "--speed", "0", "--data", str(data)]
    command = [sys.executable, "-m", "anchorwatch", "watch", *replay, *chart, "--listen", f"127.0.0.1:{port}"]
    log = data.parent / "said.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=ENV, stdout=said, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + 90
        while b"Listening" not in log.read_bytes():
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        until_all_is_judged(data)
        yield f"http://127.0.0.1:{port}/?key={(data / 'local_key').read_text().strip()}"
    finally:
        os.kill(process.pid, signal.SIGKILL)  # as when the machine loses power
        process.wait(30)


def until_all_is_judged(data: Path) -> None:
    """Wait for the end of the replay: while it runs the watch says more, and asks whoever closes to look again."""
    before, still = None, 0
    while still < 15:
        time.sleep(0.1)
        now = asked(data, "select data from progress")
        still = still + 1 if now and now == before else 0
        before = now


def test_an_incident_is_worked_by_keys_and_stays_closed_over_a_restart(browser: Any, tmp_path: Path) -> None:
    sea, port = made_sea(tmp_path, vessels=16), free_port()
    with tab(browser) as sight:
        page = sight.page
        with served(sea, tmp_path / "data", port) as visit:
            page.goto(visit)
            page.locator("[data-alert]").first.wait_for()
            page.keyboard.press("j")
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(r"/alerts/a1-"))
            worked = page.url.split("/alerts/")[1].split("?")[0]
            page.keyboard.press("a")
            page.get_by_text("acknowledged by", exact=False).first.wait_for()
            page.keyboard.press("c")
            until(page, "document.activeElement?.matches('dialog input')")
            page.keyboard.press("2")  # a false detection
            page.keyboard.press("Enter")
            until(page, "document.activeElement?.closest('.next-alert')")
        page.get_by_text("Connection to the watch lost").wait_for()  # and so it is seen at once
        with served(sea, tmp_path / "data", port) as visit:
            page.goto(visit)
            page.locator("[data-alert]").first.wait_for()
            assert page.locator(f'[data-alert="{worked}"]').count() == 0
            page.goto(visit.split("/?")[0] + f"/alerts/{worked}")
            page.get_by_text(re.compile("closed by", re.IGNORECASE)).first.wait_for()
    by_people = asked(tmp_path / "data", "select alert_id, verb from history where actor != 'watch' order by seq")
    assert by_people == [(worked, "acknowledge"), (worked, "close")]
