"""Nothing is lost: a watch that is disturbed in every way we know says in the end what an undisturbed one says.

Feeds, the clock of the machine, the disk. What a kill leaves behind is in test_watch_damage.py.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from anchorwatch.edges.clock import SystemClock
from house_at_work import (
    Warned,
    alerts_in,
    calm_of,
    differences,
    job_of,
    learnt_anew,
    raised_in,
    read_up_to,
    said,
    sea_of,
    watch,
)
from watching import command, running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sea(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sea_of(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def lines(sea: Path) -> bytes:
    return (sea / "traffic.nmea").read_bytes()


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return calm_of(tmp_path_factory.getbasetemp())


# ---- feeds


class Sender:
    """A receiver on the network that sends what it is told to."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"
        self.peer: socket.socket | None = None

    def send(self, data: bytes) -> None:
        if self.peer is None:
            self.socket.settimeout(30)
            self.peer = self.socket.accept()[0]
        self.peer.sendall(data)

    def hang_up(self) -> None:
        if self.peer is not None:
            self.peer.close()
            self.peer = None

    def close(self) -> None:
        self.hang_up()
        self.socket.close()


@pytest.fixture
def sender() -> Iterator[Sender]:
    made = Sender()
    yield made
    made.close()


@pytest.fixture
def second(sender: Sender) -> Iterator[Sender]:
    made = Sender()
    yield made
    made.close()


class JumpingClock(SystemClock):
    """A machine's clock that is set while the watch runs."""

    def __init__(self) -> None:
        self.ahead_us = 0

    def now_us(self) -> int:
        return super().now_us() + self.ahead_us


def without_times(lines: bytes) -> list[bytes]:
    """Sentences without tag blocks: their arrival is their time."""
    return [line[line.index(b"!") :] for line in lines.splitlines(keepends=True)]


NOT_YET = object()  # what a step returns that is to be tried again


def in_steps(steps: list[Callable[[Warned], object]], every_s: float = 0.2) -> Callable[[Warned], bool]:
    """Do one thing after the other while a watch runs; then wait until all was heard."""
    due = [0.0]

    def until(house: Warned) -> bool:
        if not house.room.progress.caught_up or time.monotonic() < due[0]:
            return False
        due[0] = time.monotonic() + every_s
        if steps:
            if steps[0](house) is not NOT_YET:
                steps.pop(0)
            return False
        return house.intake.bytes == 0

    return until


def test_the_clock_of_the_machine_jumps(sea: Path, lines: bytes, sender: Sender, tmp_path: Path) -> None:
    clock, hour_us, data = JumpingClock(), 3_600_000_000, tmp_path / "data"
    sentences = without_times(lines)

    def send(first: int) -> Callable[[Warned], object]:
        return lambda house: sender.send(b"".join(sentences[first : first + 200]))

    def jump(by_us: int) -> Callable[[Warned], object]:
        return lambda house: setattr(clock, "ahead_us", clock.ahead_us + by_us)

    times: list[int] = []

    def look(house: Warned) -> object:
        if not house.keeper.live.feeds:  # on a fresh clone the watch compiles before it hears
            return NOT_YET
        times.append(house.keeper.live.feeds[0].newest_us)
        return None

    steps = [send(0), look, jump(-hour_us), send(200), look, jump(hour_us), send(400), look, jump(hour_us),
             send(600), look, send(800), look]  # fmt: skip
    house = watch(job_of(sea), data, [f"{sender.url}?hold=0.2"], in_steps(steps), clock)
    feed = next(iter(house.room.progress.feeds.values()))
    assert feed.late == 0
    assert feed.rows > 700
    assert times == sorted(times)  # back: the watch goes on in its own time
    assert times[2] - times[0] < 60_000_000
    assert times[3] - times[2] > hour_us - 60_000_000  # ahead: believed, and said
    assert "3600 s behind" in said(house)
    assert "jumped 3600 s ahead" in " ".join([said(house), *house.room.progress.troubles.values()])
    again = learnt_anew(job_of(sea), data, tmp_path / "again", [f"{sender.url}?hold=0.2"])
    assert differences(alerts_in(data), again) == []


def test_the_clock_was_ahead_before_a_restart(sea: Path, lines: bytes, sender: Sender, tmp_path: Path) -> None:
    clock, data, sentences = JumpingClock(), tmp_path / "data", without_times(lines)
    url = [f"{sender.url}?hold=0.2"]

    def send(first: int) -> Callable[[Warned], object]:
        return lambda house: sender.send(b"".join(sentences[first : first + 200]))

    clock.ahead_us = 3_600_000_000
    watch(job_of(sea), data, url, in_steps([send(0)]), clock)
    sender.hang_up()
    clock.ahead_us = 0
    house = watch(job_of(sea), data, url, in_steps([send(200), lambda house: None]), clock)
    feed = next(iter(house.room.progress.feeds.values()))
    assert (feed.late, feed.rows > 300) == (0, True)
    assert "behind the time" in said(house)


def test_one_of_two_feeds_stalls_ends_and_comes_back_with_a_backlog(
    sea: Path, lines: bytes, sender: Sender, second: Sender, tmp_path: Path
) -> None:
    """Its rows count as late; the other is not held up; and all of it follows from the raw log alone."""
    rows = lines.splitlines(keepends=True)[:60_000]
    clock, data = JumpingClock(), tmp_path / "data"

    def both(first: int, stalled: bool = False) -> Callable[[Warned], object]:
        def send(house: Warned) -> None:
            clock.ahead_us += 1_800_000_000  # half an hour of data in a moment
            sender.send(b"".join(rows[first : first + 5000 : 2]))
            if not stalled:
                second.send(b"".join(rows[first + 1 : first + 5000 : 2]))

        return send

    def back(house: Warned) -> None:
        second.hang_up()
        second.send(b"".join(rows[20_001:40_000:2]))

    steps = [
        both(0),
        both(5000),
        both(10_000),
        both(15_000),
        *(both(n, True) for n in range(20_000, 40_000, 5000)),
        back,
        both(40_000),
        both(45_000),
        lambda house: second.hang_up(),
        both(50_000, True),
        both(55_000, True),
    ]
    urls = [f"a={sender.url}?hold=1800", f"b={second.url}?hold=1800"]
    house = watch(job_of(sea), data, urls, in_steps(steps, 0.3), clock)
    times = house.room.progress.feeds
    assert times["a"].rows > 25_000
    assert times["a"].late == 0
    assert times["b"].late > 5000
    assert house.room.progress.settled_us == times["a"].newest_us - 1_800_000_000
    again = learnt_anew(job_of(sea), data, tmp_path / "again", urls)
    assert len(again) >= 3
    assert differences(alerts_in(data), again) == []


def test_a_flood(sea: Path, lines: bytes, sender: Sender, tmp_path: Path) -> None:
    """As much as the network gives, for some seconds: nothing is lost, and memory stays bounded."""
    day = 86_400
    start = re.compile(rb"c:(\d+)")

    def later(days: int) -> bytes:
        def moved(found: re.Match[bytes]) -> bytes:
            tag = b"c:%d" % (int(found[1]) + days * day)
            return tag

        return start.sub(moved, lines)

    parts = [re.sub(rb"\*[0-9A-F]{2}\\", b"\\\\", later(n)) if n else lines for n in range(3)]
    data = tmp_path / "data"
    options = ["--assets", str(sea / "assets.geojson"), "--zones", str(sea / "zones.geojson"), "--hold", "120"]
    with running(data, "--feed", f"mast={sender.url}?format=nmea", *options) as watching:
        sender.send(b"".join(parts))
        newest_s = max(int(one) for one in start.findall(parts[-1]))
        watching.until_settled(newest_s * 1_000_000 - 120_000_000)
        assert watching.process is not None
        peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{watching.process.pid}/status").read_text())
        assert watching.stop() == 0
    assert peak is not None
    assert int(peak[1]) < 1_500_000
    file = tmp_path / "all.nmea"
    file.write_bytes(b"".join(parts))
    other = watch(job_of(sea), tmp_path / "other", [f"file:{file}?format=nmea"], read_up_to(file))
    assert differences(alerts_in(data), alerts_in(other.orders.data)) == []


# ---- the disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)], capture_output=True)
    if made.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, left: int) -> None:
    """Leave so many bytes."""
    filler = disk / "filler"
    with filler.open("ab") as file:
        free = shutil.disk_usage(disk).free - left
        if free > 0:
            with suppress(OSError):  # the watch was faster
                os.posix_fallocate(file.fileno(), file.tell(), free)


def test_a_full_disk_at_any_moment(sea: Path, lines: bytes, calm: Path, small_disk: Path, tmp_path: Path) -> None:
    data, growing = small_disk / "data", tmp_path / "growing.nmea"
    rows = lines.splitlines(keepends=True)
    growing.write_bytes(b"".join(rows[:5000]))
    options = ["--assets", str(sea / "assets.geojson"), "--zones", str(sea / "zones.geojson"), "--checkpoint-s", "0.2"]
    with running(data, "--feed", f"file:{growing}?format=nmea", *options) as watching, growing.open("ab") as file:
        watching.until_settled(1)
        lefts = [0, 12_288, 65_536, 400_000, 1_500_000]  # of the log, the database, a checkpoint
        for number, left in enumerate(lefts):
            fill(small_disk, left)
            first = 5000 + 20_000 * number
            file.write(b"".join(rows[first : first + 20_000]))
            file.flush()
            time.sleep(1.1)
            (small_disk / "filler").unlink()
            time.sleep(0.5)
        file.write(b"".join(rows[105_000:]))
        file.flush()
        with closing(sqlite3.connect(calm / "store.sqlite")) as database:
            settled = json.loads(database.execute("select data from progress").fetchone()[0])["settled_us"]
        watching.until_settled(settled)
        assert watching.process is not None
        watching.process.send_signal(signal.SIGTERM)
        code, words = watching.ended()
    assert code == 0, words
    assert "disk: " in words
    assert "disk: over" in words
    assert differences(alerts_in(data), alerts_in(calm)) == []
    assert raised_in(data) == raised_in(calm)


def test_stopped_while_the_disk_is_full(sea: Path, lines: bytes, calm: Path, small_disk: Path, tmp_path: Path) -> None:
    data, growing = small_disk / "data", tmp_path / "growing.nmea"
    rows = lines.splitlines(keepends=True)
    growing.write_bytes(b"".join(rows[:30_000]))
    options = ["--assets", str(sea / "assets.geojson"), "--zones", str(sea / "zones.geojson")]
    with running(data, "--feed", f"file:{growing}?format=nmea", *options) as watching:
        watching.until_settled(1)
        fill(small_disk, 0)
        with growing.open("ab") as file:
            file.write(b"".join(rows[30_000:]))
        for _ in range(40):  # also what a seal, or a database that is brought into order, gives back
            time.sleep(0.05)
            fill(small_disk, 0)
        assert watching.process is not None
        watching.process.send_signal(signal.SIGTERM)
        code, words = watching.ended()
        print(words)
        assert code == 2, words
        assert "Traceback" not in words
        assert "No space left" in words or "disk is full" in words
        (small_disk / "filler").unlink()
    house = watch(job_of(sea), data, [f"file:{growing}?format=nmea"], read_up_to(growing))
    assert house.failure is None
    assert differences(alerts_in(data), alerts_in(calm)) == []


def test_a_folder_that_cannot_be_written(sea: Path, small_disk: Path) -> None:
    data = small_disk / "data"
    data.mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    said = command("watch", "--feed", f"file:{sea / 'traffic.nmea'}", "--data", str(data), "--listen", "none")
    assert said.returncode == 2
    assert "Read-only file system" in said.stderr
    assert len(said.stderr.splitlines()) == 1
