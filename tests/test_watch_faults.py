"""Nothing is lost: a watch that is disturbed in every way we know says in the end what an undisturbed one says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from anchorwatch.edges import raw_log
from house_at_work import Warned, alerts_in, differences, job_of, made_sea, raised_in, read_up_to, watch
from watching import running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sea(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_sea(tmp_path_factory.mktemp("sea"))


@pytest.fixture(scope="module")
def lines(sea: Path) -> bytes:
    return (sea / "traffic.nmea").read_bytes()


def calm_of(sea: Path, folder: Path, file: Path, *less: str) -> dict[str, object]:
    """What a watch over a file says that nobody disturbs."""
    watch(job_of(sea, *less), folder, [f"file:{file}?format=nmea"], read_up_to(file))
    return alerts_in(folder)


@pytest.fixture(scope="module")
def calm(sea: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calm")
    assert len(calm_of(sea, folder, sea / "traffic.nmea")) >= 10
    return folder


@pytest.fixture(scope="module")
def killed(sea: Path, lines: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a watch that was killed, with three checkpoints and a log behind them, and what it read."""
    folder = tmp_path_factory.mktemp("killed")
    growing = folder / "growing.nmea"
    growing.touch()
    options = ["--assets", str(sea / "assets.geojson"), "--zones", str(sea / "zones.geojson")]
    with running(folder / "data", "--feed", f"file:{growing}", *options, "--checkpoint-s", "0.1") as watching:
        with growing.open("ab") as file:
            for part in range(1, 9):
                file.write(lines[len(lines) * (part - 1) // 10 : len(lines) * part // 10])
                file.flush()
                before = checkpoints(folder / "data")
                if part == 4:
                    shutil.copytree(folder / "data", folder / "earlier", ignore=shutil.ignore_patterns("*.new"))
                wait(lambda before=before: checkpoints(folder / "data")[-1:] != before[-1:])
            time.sleep(0.3)
        watching.kill()
    assert len(checkpoints(folder / "data")) == 3
    return folder


def checkpoints(data: Path) -> list[Path]:
    return sorted(p for p in (data / "checkpoints").glob("*") if p.name.isdigit())


def wait(done: Callable[[], object], timeout_s: float = 60.0) -> None:
    end = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def hurt(killed: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    shutil.copytree(killed / "data", tmp_path / "data")
    shutil.copy(killed / "growing.nmea", tmp_path / "growing.nmea")
    return tmp_path


def gone_on(hurt: Path, sea: Path, lines: bytes, *less: str) -> Warned:
    """Let the file grow to its end, and the watch go on with it."""
    growing = hurt / "growing.nmea"
    growing.write_bytes(lines)
    data = hurt / "data"
    return watch(job_of(sea, *less), data, [f"file:{growing}?format=nmea"], read_up_to(growing), checkpoint_s=1e6)


def said(house: Warned) -> str:
    return " | ".join(house.said)


def flip(path: Path, at: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 0xFF
    path.write_bytes(bytes(data))


def nothing(data: Path) -> str:
    return ""


def flip_newest(data: Path) -> str:
    flip(checkpoints(data)[-1] / "tracks.arrow")
    return "passed over"


def lose_a_file(data: Path) -> str:
    (checkpoints(data)[-1] / "docket.json").unlink()
    return "passed over"


def lose_the_seal(data: Path) -> str:
    (checkpoints(data)[-1] / "checkpoint.json").unlink()
    return "passed over"


def flip_all(data: Path) -> str:
    for place in checkpoints(data):
        flip(place / "vessels.arrow")
    return "learns anew"


def of_another_version(data: Path) -> str:
    for place in checkpoints(data):
        seal = json.loads((place / "checkpoint.json").read_text())
        for feed in seal["extra"]["feeds"].values():
            feed["time"]["of_the_future"] = 1
        (place / "checkpoint.json").write_text(json.dumps(seal))
    return "another version"


def no_checkpoints(data: Path) -> str:
    shutil.rmtree(data / "checkpoints")
    return ""


def no_store(data: Path) -> str:
    for file in data.glob("store.sqlite*"):
        file.unlink()
    return ""


def older_store(data: Path) -> str:
    no_store(data)
    for file in (data.parent / "earlier").glob("store.sqlite*"):
        shutil.copy(file, data)
    return ""


def no_log(data: Path) -> str:
    shutil.rmtree(data / "raw")
    return "is gone"


def torn_log(data: Path) -> str:
    newest = max((data / "raw").glob("*/*.zst"), key=lambda p: p.name)
    os.truncate(newest, newest.stat().st_size - 7)
    return "log: "


@pytest.mark.parametrize(
    "damage",
    [
        nothing, flip_newest, lose_a_file, lose_the_seal, flip_all, of_another_version, no_checkpoints, no_store, older_store,
        no_log, torn_log,
    ],
)  # fmt: skip
def test_damage_behind_a_kill(
    damage: Callable[[Path], str], hurt: Path, killed: Path, sea: Path, lines: bytes, calm: Path
) -> None:
    (hurt / "earlier").symlink_to(killed / "earlier")
    words = damage(hurt / "data")
    house = gone_on(hurt, sea, lines)
    assert words in said(house)
    assert differences(alerts_in(hurt / "data"), alerts_in(calm)) == []
    assert raised_in(hurt / "data") == raised_in(calm)
