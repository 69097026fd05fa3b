"""A real `anchorwatch watch` as a process of its own, for tests: started, killed, stopped, looked at."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ENV = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path), PYTHONWARNINGS="error")


class Watching:
    """One watch over one folder; `start` it again after a `kill`."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.options = ["--data", str(data), "--listen", "none", "--quiet", *options]
        self.process: subprocess.Popen[bytes] | None = None
        self.said = b""

    def start(self) -> None:
        """Start it; it runs until `stop` or `kill`."""
        command = [sys.executable, "-m", "anchorwatch", "watch", *self.options]
        self.process = subprocess.Popen(command, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def kill(self) -> None:
        """Take the process away at once; it must have been running."""
        assert self.process is not None
        assert self.process.poll() is None, self.ended()
        self.process.send_signal(signal.SIGKILL)
        self.ended()

    def stop(self) -> int:
        """End it in order; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.ended()[0]

    def ended(self, timeout_s: float = 60.0) -> tuple[int, str]:
        """Wait for its end: exit code and what it said."""
        assert self.process is not None
        out, _ = self.process.communicate(timeout=timeout_s)
        return self.process.returncode, out.decode()

    def until_settled(self, until_us: int, timeout_s: float = 90.0) -> None:
        """Wait until everything before a time is judged and recorded."""
        end = time.monotonic() + timeout_s
        while self.settled_us() < until_us:
            assert self.process is not None
            assert self.process.poll() is None, self.ended()
            assert time.monotonic() < end, f"settled {self.settled_us()} of {until_us}"
            time.sleep(0.1)

    def settled_us(self) -> int:
        """How far the store says the watch is."""
        rows = self.asked("select data from progress")
        return int(json.loads(rows[0][0])["settled_us"]) if rows else 0

    def alerts(self) -> dict[str, Any]:
        """Every alert that is kept, by id."""
        return {key: json.loads(record) for key, record in self.asked("select id, record from alerts")}

    def history(self) -> list[tuple[Any, ...]]:
        """Every line of the history."""
        return self.asked("select alert_id, actor, verb, data from history order by seq")

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        """Ask the database; nothing where there is none yet."""
        file = self.data / "store.sqlite"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            try:
                return database.execute(question).fetchall()
            except sqlite3.OperationalError:  # its tables are being made
                return []


@contextmanager
def running(data: Path, *options: str) -> Iterator[Watching]:
    """A watch that runs, and is gone afterwards."""
    watching = Watching(data, *options)
    watching.start()
    try:
        yield watching
    finally:
        if watching.process is not None and watching.process.poll() is None:
            watching.process.kill()
            watching.ended()


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    return subprocess.run(
        [sys.executable, "-m", "anchorwatch", *words], env=ENV, capture_output=True, text=True, timeout=120, check=False
    )


SEVERAL = """
import contextlib, io, json, sys
from anchorwatch import cli
for words in json.load(sys.stdin):
    sys.argv, out, err, code = ["anchorwatch", *words], io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""


class Said(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def commands(*several: Sequence[str]) -> list[Said]:
    """Run commands of ours one after the other in one process: its start costs more than most of them."""
    child = [sys.executable, "-c", SEVERAL]
    done = subprocess.run(
        child, env=ENV, input=json.dumps(several), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return [Said(*json.loads(line)) for line in done.stdout.splitlines()]


def last_words(lines: str | Sequence[str]) -> dict[str, Any]:
    """The last word on each alert of some lines of JSON."""
    records = [json.loads(line) for line in (lines.splitlines() if isinstance(lines, str) else lines)]
    return {record["id"]: record for record in records}
