"""From the start of the process to /readyz 200: a checkpoint with 20,000 vessels, an hour of raw log behind it.

The raw log is written as a watch at 3,000 positions a second writes it: twenty pieces a second.
"""

from __future__ import annotations

import shutil
import time
from itertools import islice
from pathlib import Path
from statistics import median

from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.raw_log import RawLog
from benchmarks.live import sea, watching
from benchmarks.live.sender import seconds_of
from benchmarks.table import Figure

BAR_S, KNOWN_S, LOG_S, PIECES = 15.0, 600, 3600, 20
FEED = "sea"


def prepared(folder: Path) -> Path:
    """A folder as a watch leaves it that was killed an hour after its last checkpoint."""
    data = folder / "restart"
    shutil.rmtree(data, ignore_errors=True)
    known = folder / "known.nmea"
    seconds = seconds_of(sea.log())
    known.write_bytes(b"".join(b"".join(lines) for _, lines in islice(seconds, KNOWN_S)))
    port = watching.free_port()
    options = ("--feed", f"{FEED}=tcp-listen://127.0.0.1:{port}", "--checkpoint-s", "1")
    with watching.running(data, *options) as watch:
        watch.until_listening()
        watching.sent(watching.sending("tcp", "127.0.0.1", port, known, "--rate", 100_000, "--stay", "8"))
        watch.kill()
    log = RawLog(data / "raw", SystemClock())
    for second, lines in islice(seconds, LOG_S):
        for k in range(PIECES):
            first, last = (len(lines) * n // PIECES for n in (k, k + 1))
            arrived_us = round((second + (k + 1) / PIECES) * 1e6)
            log.append(Piece(FEED, "nmea", arrived_us, b"".join(lines[first:last])))
        log.tick()
    log.close()
    return data


def started(prepared: Path, copy: Path) -> tuple[float, float, int]:
    """Start a watch on a copy: seconds until it is ready, MiB that it holds then, vessels."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(prepared, copy)
    port = watching.free_port()
    began_s = time.monotonic()
    with watching.running(copy, "--feed", f"{FEED}=tcp-listen://127.0.0.1:{port}") as watch:
        sender = watching.sending(  # somebody speaks: without any healthy feed no watch is ready
            "tcp", "127.0.0.1", port, sea.log(), "--rate", 10, "--first", 1000, "--lines", 600
        )
        watch.until_ready(300.0)
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
