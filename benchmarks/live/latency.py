"""From the line to the alert on the stream: every alert of some minutes at 3,000 lines a second, in real time.

The traffic is shifted so that the times it states are those at which it is sent. What came before is sent fast, so
that the watch knows the sea; then each line goes out within its own second. The clock runs from the sending of the
line whose time the alert states (of its vessel, or, where it has none, the beginning of that second) to the arrival of
the event at a client of /api/v1/stream/alerts.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import websockets

from anchorwatch.decode import Options
from anchorwatch.decode.nmea import NMEA
from anchorwatch.trials.layouts import nmea_log
from benchmarks.live import sea, watching
from benchmarks.live.sender import seconds_of
from benchmarks.table import Figure

HOLD_S = 5.0
BAR_S = 1.5
BEFORE_S = 1800  # sent fast
SHARE = 0.004  # of the vessels, spoofed within the minutes looked at
READY_S = 50  # to write, start and send what came before


class Seen(NamedTuple):
    """An event of the stream and when it came."""

    at_s: float
    message: dict[str, Any]


class Listener(threading.Thread):
    """A client of the stream of alerts."""

    def __init__(self, watch: watching.Watching) -> None:
        """Connect when started."""
        super().__init__(daemon=True)
        self.url = f"ws://127.0.0.1:{watch.port}/api/v1/stream/alerts?after=0"
        self.headers = {"Authorization": f"Bearer {watch.key}"}
        self.seen: list[Seen] = []
        self.lag_s: list[float] = []
        self.over = False

    def run(self) -> None:
        """Listen until told otherwise."""
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        async with websockets.connect(self.url, additional_headers=self.headers, max_size=None) as stream:
            while not self.over:
                try:
                    text = await asyncio.wait_for(stream.recv(), 1.0)
                except TimeoutError:
                    continue
                now_s, message = time.time(), json.loads(text)
                if message["type"] == "event":
                    self.seen.append(Seen(now_s, message))
                elif message["type"] == "heartbeat":
                    self.lag_s.append(message["lag_s"])


def sent_at(path: Path) -> dict[tuple[int, int], float]:
    """When the sender sends the last line of each vessel and second: by (mmsi, second)."""
    lines = [(second + k / len(several)) for second, several in seconds_of(path) for k in range(len(several))]
    decoded, _ = NMEA.decode(path.read_bytes(), NMEA.start(Options()))
    rows = decoded.positions.select("mmsi", second=pl.col("time_us") // 1_000_000, line="line")
    return {(mmsi, second): lines[line - 1] for mmsi, second, line in rows.iter_rows()}


def raised(seen: list[Seen]) -> list[tuple[str, int, float, float]]:
    """Kind, vessel, time stated and time of arrival of everything that was raised, or rose."""
    found = []
    for at_s, message in seen:
        alert, data = message["alert"], message["data"]
        if message["actor"] != "watch" or alert is None:
            continue
        if message["verb"] == "raised" or data.get("risen"):
            stated_s = datetime.fromisoformat(alert["raised"]).timestamp()
            found.append((alert["kind"], int(alert["vessel"]["mmsi"] or 0), stated_s, at_s))
    return found


def measured(minutes: float) -> tuple[list[tuple[str, float]], dict[str, float], Listener]:
    """Run it: seconds by kind, what the sender did, the listener."""
    made = sea.made(sea.threatened(SHARE, (BEFORE_S, BEFORE_S + 60 * minutes)), sea.RATE * 3600)
    began_us = int(made.positions["time_us"][0])
    since = made.positions["time_us"] - began_us
    before = made.positions.filter(since < BEFORE_S * 1_000_000)
    now = made.positions.filter(since.is_between(BEFORE_S * 1_000_000, (BEFORE_S + 60 * minutes) * 1_000_000, "left"))
    folder = sea.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    sea.closed_zones(folder / "zones.geojson", now)
    # AIS messages state the second of the minute: the shift is of whole minutes
    start_s = (int(time.time()) + READY_S) // 60 * 60 + 60
    shift = pl.col("time_us") + start_s * 1_000_000 - began_us // 60_000_000 * 60_000_000 - BEFORE_S * 1_000_000
    for name, part in (("before", before), ("now", now)):
        nmea_log.write(made._replace(positions=part.with_columns(shift)), folder / f"{name}.nmea")
    times = sent_at(folder / "now.nmea")
    data = folder / "latency"
    shutil.rmtree(data, ignore_errors=True)
    port, cores = watching.free_port(), watching.cores()
    feed = f"tcp-listen://127.0.0.1:{port}?hold={HOLD_S:g}"
    with watching.running(data, "--feed", feed, "--zones", str(folder / "zones.geojson"), core=cores[0]) as watch:
        watch.until_listening()
        watching.sent(watching.sending("tcp", "127.0.0.1", port, folder / "before.nmea", "--rate", 150_000))
        sender = watching.sending("tcp", "127.0.0.1", port, folder / "now.nmea", "--stay", "2", core=cores[-1])
        time.sleep(max(0.0, start_s - 3 - time.time()))
        listener = Listener(watch)
        listener.start()
        done = watching.sent(sender)
        listener.over = True
        listener.join()
        watch.stop()
    late = [
        (kind, seen_s - times.get((mmsi, int(stated_s)), stated_s))
        for kind, mmsi, stated_s, seen_s in raised(listener.seen)
        if stated_s >= start_s
    ]
    return late, done, listener


def measure(minutes: float = 5.0) -> list[Figure]:
    """Return the figure of the table."""
    late, done, _ = measured(minutes)
    if done["worst_behind_s"] > 0.5:
        raise RuntimeError(f"the sender itself was {done['worst_behind_s']:.1f} s behind: too little processor")
    seconds = np.array([s for _, s in late])
    median, p99, most = (float(np.quantile(seconds, q)) for q in (0.5, 0.99, 1.0))
    kinds = ", ".join(f"{n} {kind}" for kind, n in Counter(kind for kind, _ in late).most_common())
    return [
        Figure(
            f"line to alert on the stream, {len(late)} alerts",
            f"p99 {p99:.2f} s, median {median:.2f} s",
            f"p99 under {BAR_S:g} s + {HOLD_S:g} s hold-back",
            p99 < HOLD_S + BAR_S,
            note=f"{sea.RATE} positions a second in real time for {minutes:g} minutes, {sea.VESSELS:,} vessels, "
            f"hold-back {HOLD_S:g} s, one core; slowest {most:.2f} s; {kinds}",
        )
    ]


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
