"""`make bench`: every figure the project promises, measured now, as one table.

python -m benchmarks                  all of it, an hour, a third of it for the live watch
python -m benchmarks --only nmea nearest
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable

from benchmarks.table import Figure, as_text


def _starting(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks import starting

    return starting.measure()


def _scanning(said: argparse.Namespace) -> list[Figure]:
    from benchmarks import scanning

    return scanning.measure(said.rows, said.runs)


def _nmea(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks import decode_nmea

    return decode_nmea.measure()


def _nearest(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks import nearest

    return nearest.measure()


def _making(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks import making

    return making.measure()


def _keeping_watch(said: argparse.Namespace) -> list[Figure]:
    from benchmarks import exam

    return exam.measure(said.seeds)


def _live_latency(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks.live import latency

    return latency.measure()


def _live_load(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks.live import throughput

    return throughput.measure()


def _live_restart(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks.live import restart

    return restart.measure()


def _live_equal(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks.live import equal

    return equal.measure()


def _live_kills(said: argparse.Namespace) -> list[Figure]:
    from benchmarks.live import kills

    return kills.measure(said.kills)


def _live_memory(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks.live import memory

    return memory.measure()


def _trials(said: argparse.Namespace) -> list[Figure]:
    from benchmarks import watch

    return watch.measure(said.trials)


def _page(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks import console_page

    return console_page.measure()


def _page_first(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks import console_first

    return console_first.measure()


def _page_heap(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks import console_heap

    return console_heap.measure()


def _desk(_said: argparse.Namespace) -> list[Figure]:
    from benchmarks.desk import measure

    return measure.measure()


PARTS: dict[str, Callable[[argparse.Namespace], list[Figure]]] = {
    "start": _starting,
    "nearest": _nearest,
    "nmea": _nmea,
    "scan": _scanning,
    "made": _making,
    "desk": _desk,
    "exam": _keeping_watch,
    "trials": _trials,
    "live-latency": _live_latency,
    "live-load": _live_load,
    "live-restart": _live_restart,
    "live-equal": _live_equal,
    "live-kills": _live_kills,
    "live-memory": _live_memory,
    "page": _page,
    "page-first": _page_first,
    "page-heap": _page_heap,
}


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what the project promises.")
    ask.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="some parts of it")
    ask.add_argument("--rows", type=int, default=10_000_000, help="size of the made day")
    ask.add_argument("--runs", type=int, default=3, help="runs of each scan; the median counts")
    ask.add_argument("--seeds", type=int, default=2, help="injected sets of the exam")
    ask.add_argument("--trials", type=int, default=20, help="random trials of seeds kept for reporting")
    ask.add_argument("--kills", type=int, default=50, help="how often the live watch is killed")
    said = ask.parse_args()
    figures = []
    for part in said.only:
        print(f"measuring: {part} ...", file=sys.stderr)
        try:
            figures += PARTS[part](said)
        except (ImportError, RuntimeError, FileNotFoundError) as error:  # one part cannot be measured: say so, go on
            figures.append(Figure(part, "could not be measured", note=f"{type(error).__name__}: {str(error)[-300:]}"))
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}\n")
    print(as_text(figures))
    sys.exit(any(f.holds is False for f in figures))


if __name__ == "__main__":
    main()
