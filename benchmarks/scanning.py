"""Scan of a day of a sea: file to alerts, all detectors, beside what polars and movingpandas do with the same file."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.children import Ran, python, run
from benchmarks.table import Figure, millions, times

SPLIT_ROWS = 50_000  # what movingpandas manages in reasonable time

# The columns of a Danish file that a scan reads.
READ = (
    *("# Timestamp", "Type of mobile", "MMSI", "Latitude", "Longitude", "Navigational status", "ROT", "SOG", "COG"),
    *("Heading", "IMO", "Callsign", "Name", "Ship type", "Width", "Length", "Draught", "Destination", "ETA"),
)


def made_file(rows: int, ending: str) -> Path:
    """A day of made traffic, kept from run to run."""
    path = Path("out/bench") / f"day-{rows}.{ending}"
    if not path.exists():
        part = path.with_name("part-" + path.name)
        print(f"making {path} ...", file=sys.stderr)
        run(python("-m", "anchorwatch.trials.traffic", "--rows", str(rows), "--out", str(part)))
        part.rename(path)
    return path


def scan(path: Path) -> Ran:
    """The command of a user, whole: start of Python, reading, detecting, judging, alerts written."""
    out = path.with_suffix(".alerts.jsonl")
    return run(python("-m", "anchorwatch", "scan", str(path), "--out", str(out), "--quiet"))


def polars_reads(path: Path) -> Ran:
    """Polars merely reads the same columns, as text and numbers, in a process of its own."""
    return run(
        python(
            "-c", f"import polars; polars.read_csv({str(path)!r}, columns={list(READ)!r}, infer_schema_length=10000)"
        )
    )


def csv(rows: int, runs: int) -> list[Figure]:
    """Time and memory of a scan of a Danish CSV."""
    path = made_file(rows, "csv")
    scan(path)  # compiles, and warms the disk's cache for both
    pairs = [(scan(path), polars_reads(path)) for _ in range(runs)]
    ours, theirs = (median(r.seconds for r in side) for side in zip(*pairs, strict=True))
    peak, their_peak = (max(r.peak_mib for r in side) for side in zip(*pairs, strict=True))
    slowest = max(a.seconds / b.seconds for a, b in pairs)
    return [
        Figure(
            f"scan of {rows / 1e6:g} M rows of CSV",
            f"{ours:.1f} s, {millions(rows / ours, 'rows')}",
            "at most 2.5 x polars' reading",
            ours <= 2.5 * theirs,
            f"polars reads them in {theirs:.1f} s",
            f"{ours / theirs:.2f} x",
            f"whole processes; medians of {runs}; slowest pair {slowest:.2f} x",
        ),
        Figure(
            "its memory, whole process tree",
            f"{peak / 1024:.2f} GiB",
            "under 2.5 GiB",
            peak < 2.5 * 1024,
            f"polars {their_peak / 1024:.2f} GiB",
            f"{peak / their_peak:.2f} x",
        ),
    ]


def parquet(rows: int, runs: int) -> list[Figure]:
    """Speed of a scan of our own Parquet, beside a mere split into trips and stops."""
    path = made_file(rows, "parquet")
    scan(path)
    ours = rows / median(scan(path).seconds for _ in range(runs))
    peer, ratio = "movingpandas is not installed", ""
    if find_spec("movingpandas"):
        split = SPLIT_ROWS / float(run(python("-m", "benchmarks.moving", str(path), str(SPLIT_ROWS))).out.split()[-1])
        peer, ratio = f"polars + movingpandas split {millions(split, 'rows')}", times(ours, split)
    return [
        Figure(
            "scan of the same from Parquet",
            millions(ours, "rows"),
            "at least 4 M rows/s",
            ours >= 4e6,
            peer,
            ratio,
            f"ours: whole process, file to alerts; the peer: gaps and stops only, {SPLIT_ROWS:,} rows, no start",
        )
    ]


def measure(rows: int = 10_000_000, runs: int = 3) -> list[Figure]:
    """Both formats."""
    return csv(rows, runs) + parquet(rows, runs)
