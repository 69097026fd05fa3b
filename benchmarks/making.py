"""A simulated day of 2,000 vessels: sailed, sent, received and written, twice; and the log's encoder alone."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from anchorwatch.trials import traffic
from anchorwatch.trials.layouts import nmea_log
from benchmarks.children import python, run
from benchmarks.table import Figure, millions

VESSELS, HOURS, BAR_S = 2000, 24, 60.0
ENCODER_BAR = 1e6


def measure() -> list[Figure]:
    """Return the figures of the table."""
    return [_day(), _encoder()]


def _day() -> Figure:
    folder = Path("out/bench")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"made-{k}.nmea" for k in range(2)]
    make = ("-m", "anchorwatch.trials.traffic", "--vessels", str(VESSELS), "--hours", str(HOURS))
    run(
        python("-m", "anchorwatch.trials.traffic", "--vessels", "20", "--hours", "1", "--out", str(paths[0]))
    )  # compiles
    ran = [run(python(*make, "--out", str(path))) for path in paths]
    sums = {hashlib.file_digest(path.open("rb"), "sha256").hexdigest() for path in paths}
    size_mb = paths[0].stat().st_size / 1e6
    for path in paths:
        path.unlink()
    seconds, peak = max(r.seconds for r in ran), max(r.peak_mib for r in ran)
    return Figure(
        f"a simulated day of {VESSELS:,} vessels",
        f"{seconds:.0f} s, {peak / 1024:.1f} GiB",
        f"under {BAR_S:g} s, same bytes",
        seconds < BAR_S and len(sums) == 1,
        note=f"whole process, to a log of {size_mb:.0f} MB with tag blocks; the slower of two runs, whose bytes "
        f"are {'the same' if len(sums) == 1 else 'NOT the same'}",
    )


def _encoder() -> Figure:
    made = traffic.day(None, 200, 12.0, 1)
    made = made._replace(positions=made.positions.head(400_000))
    sum(map(len, nmea_log.chunks(made._replace(positions=made.positions.head(100)))))  # compiles
    began = time.process_time()
    sentences = sum(chunk.count(b"\n") for chunk in nmea_log.chunks(made))
    rate = sentences / (time.process_time() - began)
    return Figure(
        "NMEA encode, with tag blocks", millions(rate, "sentences"), "1 M sentences/s, one core", rate >= ENCODER_BAR
    )


if __name__ == "__main__":
    from benchmarks.table import as_text

    print(as_text(measure()))
