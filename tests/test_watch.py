"""The watch as a process: the same alerts as a scan, killed and gone on, ended in order, refused in words."""

from __future__ import annotations

import random
import time
from itertools import pairwise
from pathlib import Path

import pytest

from anchorwatch.edges.feeds import offers
from house_at_work import made_sea
from watching import Watching, command, commands, last_words, running


@pytest.fixture(scope="module")
def sea(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_sea(tmp_path_factory.mktemp("sea"), vessels=16)


def chart_of(sea: Path) -> list[str]:
    return ["--assets", str(sea / "assets.geojson"), "--zones", str(sea / "zones.geojson")]


@pytest.fixture(scope="module")
def scanned(sea: Path) -> dict[str, object]:
    scan = command("scan", str(sea / "traffic.nmea"), *chart_of(sea), "--quiet")
    assert scan.returncode == 0, scan.stderr
    return last_words(scan.stdout)


@pytest.fixture(scope="module")
def calm(sea: Path, tmp_path_factory: pytest.TempPathFactory) -> Watching:
    """What a watch over a file says that nobody disturbs."""
    with running(tmp_path_factory.mktemp("calm"), "--feed", f"file:{sea / 'traffic.nmea'}", *chart_of(sea)) as watching:
        settled = 0
        while not settled or watching.settled_us() > settled:
            settled = watching.settled_us()
            time.sleep(6.0 if settled else 0.2)  # progress is recorded every five seconds
        assert watching.stop() == 0
    return watching


def test_a_replay_says_what_a_scan_says(sea: Path, scanned: dict[str, object]) -> None:
    replay = command(
        "watch", "--replay", str(sea / "traffic.nmea"), *chart_of(sea), "--speed", "0", "--json", "--listen", "none"
    )
    assert replay.returncode == 0, replay.stderr
    assert len(scanned) >= 10
    assert last_words(replay.stdout) == scanned


@pytest.mark.slow
def test_a_replay_at_some_speed_killed_and_gone_on(sea: Path, scanned: dict[str, object], tmp_path: Path) -> None:
    options = ["--replay", str(sea / "traffic.nmea"), *chart_of(sea), "--speed", "4000", "--checkpoint-s", "0.5"]
    with running(tmp_path / "data", *options) as watching:
        chance = random.Random(5)
        for _ in range(3):
            time.sleep(chance.uniform(1.0, 4.0))
            watching.kill()
            watching.start()
        assert watching.ended(120.0)[0] == 0
        assert watching.alerts() == scanned


@pytest.mark.slow
def test_killed_at_random_moments_under_load(sea: Path, calm: Watching, tmp_path: Path) -> None:
    data = (sea / "traffic.nmea").read_bytes()
    growing = tmp_path / "growing.nmea"
    growing.touch()
    chance = random.Random(11)
    cuts = sorted(chance.randrange(len(data)) for _ in range(9))
    options = ["--feed", f"file:{growing}?format=nmea", *chart_of(sea), "--checkpoint-s", "1"]
    with running(tmp_path / "data", *options) as watching, growing.open("ab") as file:
        for begin, end in pairwise([0, *cuts, len(data)]):
            for at in range(begin, end, 1 << 16):  # in pieces that end within lines
                file.write(data[at : min(at + (1 << 16), end)])
                file.flush()
                time.sleep(0.01)
            if end < len(data):
                time.sleep(chance.uniform(0.0, 2.5))
                watching.kill()
                watching.start()
        watching.until_settled(calm.settled_us())
        assert watching.stop() == 0
        assert watching.alerts() == calm.alerts()
        assert raised(watching) == raised(calm)


def raised(watching: Watching) -> list[tuple[object, ...]]:
    """Which alerts the history says were raised, each once."""
    return sorted(line[:3] for line in watching.history() if line[2] == "raised")


def test_a_second_watch_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    options = ["--feed", f"file:{tmp_path / 'nothing'}"]
    with running(tmp_path / "data", *options):
        end = time.monotonic() + 30
        while not (tmp_path / "data/store.sqlite").exists() and time.monotonic() < end:
            time.sleep(0.1)
        second = command("watch", *options, "--data", str(tmp_path / "data"), "--listen", "none")
    assert (second.returncode, "another watch" in second.stderr) == (2, True), second.stderr


BAD_USE: list[tuple[list[str], str]] = [
    (["--listen", "none"], "nothing to watch"),
    (["--feed", "stdin:", "--replay", "x"], "cannot be watched together"),
    (["--feed", "tcp://127.0.0.1:1", "--listen", "nowhere"], "needs a host and a port"),
    (["--feed", "tcp://127.0.0.1:1", "--listen", "0.0.0.0:0"], "no users"),
    (["--feed", "tcp://user:secret@127.0.0.1:1"], "does not belong into a URL"),
    (["--replay", "nowhere.nmea"], "no such file"),
]


def test_bad_use_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    offers.keep(tmp_path / "data", ())  # switched on once, and off again
    runs = commands(*(["watch", *options, "--data", str(tmp_path / "data")] for options, _ in BAD_USE))
    for run, (options, words) in zip(runs, BAD_USE, strict=True):
        assert run.returncode == 2, options
        assert words in run.stderr
        assert len(run.stderr.splitlines()) == 1
        assert "secret@" not in run.stderr


def test_a_folder_of_another_replay_is_refused(sea: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.nmea"
    small.write_bytes(b"".join((sea / "traffic.nmea").read_bytes().splitlines(keepends=True)[:3000]))
    options = ["--speed", "0", "--listen", "none", "--quiet", "--data", str(tmp_path / "data")]
    replays = (small, small, sea / "traffic.nmea")  # the same again has nothing more to say
    *same, other = commands(*(["watch", "--replay", str(file), *options] for file in replays))
    assert [run.returncode for run in same] == [0, 0], same
    assert (other.returncode, "holds another watch" in other.stderr) == (2, True), other.stderr
