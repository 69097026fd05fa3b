"""Run a program and see how long it takes and how much memory it and all its children hold."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

PAGE = os.sysconf("SC_PAGE_SIZE")


class Ran(NamedTuple):
    """One finished run."""

    seconds: float
    peak_mib: float  # resident, summed over the process and its children at one moment
    out: str


def python(*words: str) -> list[str]:
    """Return a command line for this very Python."""
    return [sys.executable, *words]


def run(command: list[str], every_s: float = 0.05) -> Ran:
    """Run to the end; RuntimeError with what it said if it fails."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        peak = [0]
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(child.pid, done, peak, every_s))
        watcher.start()
        out, err = child.communicate()
        seconds = time.perf_counter() - began
        done.set()
        watcher.join()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {child.returncode}: {err[-2000:]}")
    return Ran(seconds, peak[0] / 2**20, out)


def _watch(pid: int, done: threading.Event, peak: list[int], every_s: float) -> None:
    while not done.wait(every_s):
        peak[0] = max(peak[0], sum(_resident(p) for p in _family(pid)))


def _family(pid: int) -> list[int]:
    """The process and its children, their children and so on (Linux; elsewhere nobody)."""
    found = [pid]
    for parent in found:
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            found += [int(c) for t in tasks for c in (t / "children").read_text().split()]
        except OSError:  # it ended while we looked
            continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
