"""From the start of the process to /readyz 200: a checkpoint with 20,000 vessels, an hour of raw log behind it.

The raw log is written as a watch at 3,000 positions a second writes it: twenty pieces a second.
"""

from __future__ import annotations

import shutil
import time
from itertools import chain, islice
from pathlib import Path
from statistics import median

from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.history import History
from anchorwatch.edges.raw_log import Logged, RawLog, read
from anchorwatch.watch.desk import Desk
from benchmarks.live import sea, watching
from benchmarks.live.sender import seconds_of, shifted
from benchmarks.table import Figure

BAR_S, KNOWN_S, LOG_S, PIECES = 15.0, 600, 3600, 20
FEED = "sea"


def prepared(folder: Path) -> Path:
    """A folder as a watch leaves it that was killed an hour after its last checkpoint."""
    data = folder / "restart"
    shutil.rmtree(data, ignore_errors=True)
    known = folder / "known.nmea"
    seconds = seconds_of(sea.log())
    first, lines = next(seconds)
    # the newest is of now: a watch whose feeds are a year old says that a clock is wrong, and is not ready
    by_s = (int(time.time()) - first - KNOWN_S - LOG_S) // 60 * 60 - 60
    seconds = chain([(first, lines)], seconds)
    known.write_bytes(b"".join(shifted(lines, second, by_s) for second, lines in islice(seconds, KNOWN_S)))
    port = watching.free_port()
    options = ("--feed", f"{FEED}=tcp-listen://127.0.0.1:{port}", "--checkpoint-s", "1")
    with watching.running(data, *options) as watch:
        watch.until_listening()
        watching.sent(watching.sending("tcp", "127.0.0.1", port, known, "--rate", 100_000, "--stay", "8"))
        watch.kill()
    log = RawLog(data / "raw", SystemClock())
    for second, lines in islice(seconds, LOG_S):
        now = shifted(lines, second, by_s).splitlines(keepends=True)
        for k in range(PIECES):
            first, last = (len(now) * n // PIECES for n in (k, k + 1))
            arrived_us = round((second + by_s + (k + 1) / PIECES) * 1e6)
            log.append(Piece(FEED, "nmea", arrived_us, b"".join(now[first:last])))
        log.tick()
    log.close()
    _remember_places(data)
    return data


def _remember_places(data: Path) -> None:
    """Write the history as a watch does every minute: all of it but the last minute is on disk."""
    clock, desk = SystemClock(), Desk()
    history = History(data / "history", clock)
    last = LOG_S * PIECES - 60 * PIECES
    group: list[Logged] = []
    for number, logged in enumerate(read(data / "raw"), 1):
        group.append(logged)
        if number % 1000 == 0:
            decoded, _ = desk.read([one.piece for one in group])
            history.add(decoded.positions, group[-1].seq)
            group = []
        if number % 6000 == 0:
            history.flush()
        if number >= last:
            break
    history.close()


def started(prepared: Path, copy: Path) -> tuple[float, float, int]:
    """Start a watch on a copy: seconds until it is ready, MiB that it holds then, vessels."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(prepared, copy)
    port = watching.free_port()
    began_s = time.monotonic()
    with watching.running(copy, "--feed", f"{FEED}=tcp-listen://127.0.0.1:{port}") as watch:
        # somebody speaks, nonsense: without any healthy feed no watch is ready
        sender = watching.sending("tcp", "127.0.0.1", port, Path(__file__), "--rate", 1)
        watch.until_ready(120.0)
        seconds = time.monotonic() - began_s
        sender.kill()
        sender.communicate()
        return seconds, watch.rss_mib(), int(watch.status()["vessels"])


def measure(runs: int = 3) -> list[Figure]:
    """Return the figure of the table."""
    folder = sea.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    data = prepared(folder)
    taken = [started(data, folder / "restarted") for _ in range(runs)]
    shutil.rmtree(folder / "restarted")
    seconds = [s for s, _, _ in taken]
    return [
        Figure(
            f"restart, {taken[0][2]:,} vessels, an hour of raw log",
            f"{median(seconds):.1f} s",
            f"under {BAR_S:g} s",
            median(seconds) < BAR_S,
            note=f"process start to /readyz 200, median of {runs} ({min(seconds):.1f} to {max(seconds):.1f} s), "
            f"{LOG_S * sea.RATE:,} positions in {LOG_S * PIECES:,} pieces, all cores, {taken[0][1]:.0f} MiB then",
        )
    ]


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
