"""How many lines a second one core takes for good, all detectors on; and what becomes of a flood over TCP and UDP.

An hour of 20,000 vessels is sent faster than it happened, so every line is news: no cheap copies. "Holds" is that the
sender was never held up, and that the lag and the queue at the end are those of the beginning.
"""

from __future__ import annotations

import shutil
import socket
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.live import sea, watching
from benchmarks.table import Figure, millions, times

BAR, SECONDS = 100_000, 60.0
FASTER = (150_000, 200_000, 250_000, 300_000, 400_000)
FASTER_S = 25.0
LAG_S, BEHIND_S = 2.0, 1.0  # what is called falling behind
PEER_LINES = 400_000


class Load(NamedTuple):
    """What was seen under a load."""

    rate: float
    lines: int
    lag_s: list[float]
    queue_mb: float  # most
    rss_mib: float  # most
    core: float  # share of the core that it used
    behind_s: float  # of the sender, at the end
    lost: int
    said: str

    @property
    def holds(self) -> bool:
        """Whether it could go on so."""
        late = self.lag_s[-5:]
        return self.behind_s < BEHIND_S and median(late or [0.0]) < LAG_S and self.lost == 0


def load(rate: float, seconds: float, scheme: str = "tcp", data: Path | None = None) -> Load:
    """Send so fast for so long; the watch has one core, the sender another."""
    data = data or sea.FOLDER / "load"
    shutil.rmtree(data, ignore_errors=True)
    kind = socket.SOCK_DGRAM if scheme == "udp" else socket.SOCK_STREAM
    port, cores, path, lines = watching.free_port(kind), watching.cores(), sea.log(), int(rate * seconds)
    url = f"udp://127.0.0.1:{port}" if scheme == "udp" else f"tcp-listen://127.0.0.1:{port}"
    lag, queue, rss = [], [0.0], [0.0]
    with watching.running(data, "--feed", f"sea={url}", core=cores[0]) as watch:
        watch.until_listening()
        time.sleep(1.0)
        sender = watching.sending(
            scheme, "127.0.0.1", port, path, "--rate", rate, "--lines", lines, "--stay", "1", core=cores[-1]
        )
        while not watch.status()["positions"]:
            time.sleep(0.1)
        began_s, began_cpu_s = time.monotonic(), watch.cpu_s()
        while sender.poll() is None:
            time.sleep(1.0)
            status = watch.status()
            lag.append(status["lag_s"])
            queue.append(status["queue_bytes"] / 1e6)
            rss.append(watch.rss_mib())
        core = (watch.cpu_s() - began_cpu_s) / (time.monotonic() - began_s)
        done = watching.sent(sender)
        lost = int(done["lines"]) - _heard(watch) if scheme == "udp" else 0
        said = status["feeds"][0]["why"]
    return Load(rate, int(done["lines"]), lag, max(queue), max(rss), core, done["behind_s"], lost, said)


def _heard(watch: watching.Watching) -> int:
    """Return how many lines are in the raw log, once nothing more comes."""
    from anchorwatch.edges.raw_log import read

    before = -1
    while before != (size := sum(f.stat().st_size for f in (watch.data / "raw").rglob("*.zst"))):
        before = size
        time.sleep(1.5)
    return sum(logged.piece.data.count(b"\n") for logged in read(watch.data / "raw"))


def pyais_reads() -> float:
    """Lines a second that pyais reads and decodes from the same socket, with nothing behind it; processor time."""
    from pyais.stream import TCPConnection  # noqa: F401  # the peer is there at all

    port = watching.free_port()
    script = (
        "import socket, sys, time\n"
        "from pyais.stream import SocketStream\n"
        f"server = socket.create_server(('127.0.0.1', {port}))\n"
        "conn, _ = server.accept()\n"
        "began, n = time.process_time(), 0\n"
        "for message in SocketStream(conn):\n"
        "    n += message.decode() is not None\n"
        "    if time.process_time() - began > 10: break\n"
        "print(n / (time.process_time() - began))\n"
    )
    import subprocess

    from benchmarks.children import python

    with subprocess.Popen(python("-c", script), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as peer:
        sender = watching.sending(
            "tcp", "127.0.0.1", port, sea.log(), "--rate", 1_000_000, "--lines", PEER_LINES, core=watching.cores()[-1]
        )
        out, err = peer.communicate(timeout=120)
        sender.kill()
        sender.communicate()
    if not out:
        raise RuntimeError(f"pyais: {err[-500:]}")
    return float(out)


def steady() -> Figure:
    """The bar, and the highest rate that holds."""
    bar = load(BAR, SECONDS)
    best = bar
    for rate in FASTER if bar.holds else ():
        tried = load(rate, FASTER_S)
        if not tried.holds:
            break
        best = tried
    try:
        peer = pyais_reads()
        beside, ratio = f"pyais merely decodes {millions(peer, 'lines')}", times(best.rate, peer)
    except (ImportError, RuntimeError) as error:
        beside, ratio = f"pyais could not be measured: {error}", ""
    return Figure(
        "steady live load, one core, all detectors",
        f"{millions(best.rate, 'lines')} held",
        f"{millions(BAR, 'lines')} for {SECONDS:g} s",
        bar.holds,
        beside,
        ratio,
        f"at {BAR:,}: {bar.core:.2f} of the core, lag median {median(bar.lag_s):.2f} s, most {max(bar.lag_s):.2f} s, "
        f"queue at most {bar.queue_mb:.1f} MB, {bar.rss_mib:.0f} MiB, sender {max(0.0, bar.behind_s):.2f} s behind at "
        f"the end; {sea.VESSELS:,} vessels, an hour sent in {3600 * sea.RATE / BAR:.0f} s, NMEA over TCP",
    )


def flood() -> list[Figure]:
    """100,000 lines a second for a minute over both, and what is lost."""
    figures = []
    for scheme in ("tcp", "udp"):
        one = load(BAR, SECONDS, scheme)
        figures.append(
            Figure(
                f"a minute of {BAR:,} lines a second over {scheme}",
                f"{one.lost:,} of {one.lines:,} lost",
                "",
                None,
                note=f"queue at most {one.queue_mb:.1f} MB, {one.rss_mib:.0f} MiB, lag at most {max(one.lag_s):.2f} s"
                + (f"; {one.said}" if one.said else ""),
            )
        )
    return figures


def measure() -> list[Figure]:
    """Both."""
    return [steady(), *flood()[1:]]


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
