"""A real `anchorwatch watch` as a process: on a core of its own, asked over its API, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.children import PAGE, python

TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """Return a port that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Watching:
    """One watch over one folder."""

    def __init__(self, data: Path, *options: str, core: int | None = None, web: bool = True) -> None:
        """Say how it is to be started; `core` = the only one that it may use."""
        self.data, self.core = data, core
        self.port = free_port()
        listen = f"127.0.0.1:{self.port}" if web else "none"
        self.command = python(
            "-m", "anchorwatch", "watch", "--data", str(data), "--quiet", "--listen", listen, *options
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30.0)

    def start(self) -> None:
        """Start it."""
        cores = {self.core} if self.core is not None else os.sched_getaffinity(0)
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, preexec_fn=lambda: os.sched_setaffinity(0, cores)
            )

    @property
    def pid(self) -> int:
        """Its number; RuntimeError where it has ended by itself."""
        assert self.process is not None
        if self.process.poll() is not None:
            said = (self.data.parent / f"{self.data.name}.log").read_text()[-2000:]
            raise RuntimeError(f"the watch ended by itself ({self.process.returncode}): {said}")
        return self.process.pid

    def kill(self) -> None:
        """Take it away at once."""
        os.kill(self.pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait()

    def stop(self, timeout_s: float = 120.0) -> int:
        """End it in order; returns its exit code."""
        os.kill(self.pid, signal.SIGTERM)
        assert self.process is not None
        return self.process.wait(timeout_s)

    # ---- asked

    @property
    def key(self) -> str:
        """The key of this machine."""
        return (self.data / "local_key").read_text().strip()

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        return {"Authorization": f"Bearer {self.key}", "X-Anchorwatch": "1"}

    def until_listening(self, timeout_s: float = 60.0) -> None:
        """Wait until it answers."""
        self._until(lambda: self.client.get("/healthz").status_code == 200, timeout_s)

    def until_ready(self, timeout_s: float = 120.0) -> None:
        """Wait until what it shows can be relied on."""
        self._until(lambda: self.client.get("/readyz").status_code == 200, timeout_s)

    def _until(self, done: Any, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            assert self.pid
            try:
                if done():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.01)
        try:
            why = self.client.get("/readyz").text
        except httpx.TransportError as error:
            why = str(error)
        raise RuntimeError(f"the watch was not ready within {timeout_s:g} s: {why}")

    def status(self) -> dict[str, Any]:
        """How it is."""
        answer = self.client.get("/api/v1/status", headers=self.headers)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    def cpu_s(self) -> float:
        """Seconds of processor that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_S

    def rss_mib(self) -> float:
        """Memory that it holds now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE / 2**20

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        """Ask its database."""
        file = self.data / "store.sqlite"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as database:
            try:
                return database.execute(question).fetchall()
            except sqlite3.OperationalError:
                return []

    def alerts(self) -> dict[str, Any]:
        """Every alert that is kept, by id."""
        return {key: json.loads(record) for key, record in self.asked("select id, record from alerts")}

    def settled_us(self) -> int:
        """How far the store says that it is."""
        rows = self.asked("select data from progress")
        return int(json.loads(rows[0][0])["settled_us"]) if rows else 0


@contextmanager
def running(data: Path, *options: str, core: int | None = None, web: bool = True) -> Iterator[Watching]:
    """A watch that runs, and is gone afterwards."""
    data.parent.mkdir(parents=True, exist_ok=True)
    watching = Watching(data, *options, core=core, web=web)
    watching.start()
    try:
        yield watching
    finally:
        if watching.process is not None and watching.process.poll() is None:
            watching.process.kill()
            watching.process.wait()
        watching.client.close()


def sending(*words: str | Path | float, core: int | None = None) -> subprocess.Popen[str]:
    """Start a sender (benchmarks/live/sender.py)."""
    cores = {core} if core is not None else os.sched_getaffinity(0)
    return subprocess.Popen(
        python("-m", "benchmarks.live.sender", *map(str, words)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip


def sent(sender: subprocess.Popen[str], timeout_s: float = 600.0) -> dict[str, float]:
    """Wait for a sender's end; what it did."""
    out, err = sender.communicate(timeout=timeout_s)
    if sender.returncode:
        raise RuntimeError(f"the sender: {err[-1000:]}")
    done: dict[str, float] = json.loads(out)
    return done


def apart(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Ids of the alerts that differ in any field, or that only one has."""
    return sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))


def cores() -> Sequence[int]:
    """The processors that we may use."""
    return sorted(os.sched_getaffinity(0))
