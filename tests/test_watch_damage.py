"""What a killed watch left is damaged, lost or meant for another: the next start says what an undisturbed one says."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from anchorwatch.decode import Options
from anchorwatch.edges import raw_log
from anchorwatch.edges.clock import SystemClock
from anchorwatch.errors import BadStore, BadUse
from anchorwatch.watch import restart
from anchorwatch.watch.replay import Replay
from house_at_work import Warned, alerts_in, calm_of, differences, job_of, raised_in, read_up_to, said, sea_of, watch
from watching import running

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
                before = checkpoints(folder / "data")
                file.write(lines[len(lines) * (part - 1) // 10 : len(lines) * part // 10])
                file.flush()
                if part == 4:
                    shutil.copytree(folder / "data", folder / "earlier", ignore=shutil.ignore_patterns("*.new"))
                wait(partial(newer, folder / "data", before))
            time.sleep(0.3)
        watching.kill()
    assert len(checkpoints(folder / "data")) >= 3  # the oldest may just have been on its way out
    return folder


def newer(data: Path, before: list[Path]) -> bool:
    return checkpoints(data)[-1:] != before[-1:]


def checkpoints(data: Path) -> list[Path]:
    return sorted(p for p in (data / "checkpoints").glob("*") if p.name.isdigit())


def whole(data: Path) -> list[Path]:
    """Those that the kill did not find on their way out."""
    return [p for p in checkpoints(data) if (p / "checkpoint.json").exists() and (p / "vessels.arrow").exists()]


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
    for place in whole(data):
        flip(place / "vessels.arrow")
    return "learns anew"


def of_another_version(data: Path) -> str:
    for place in whole(data):
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
        nothing, flip_newest, lose_a_file, lose_the_seal, flip_all, of_another_version, no_checkpoints, no_store,
        older_store, no_log, torn_log,
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


def test_damage_within_the_log_costs_what_was_hit(hurt: Path, sea: Path, lines: bytes, tmp_path: Path) -> None:
    raw = hurt / "data" / "raw"
    before = [one.seq for one in raw_log.read(raw)]
    for path in raw.glob("*/*.zst"):
        flip(path)
    no_checkpoints(hurt / "data")
    left = list(raw_log.read(raw))
    assert 0 < len(left) < len(before)
    house = gone_on(hurt, sea, lines)
    assert "damaged" in said(house)
    rest = lines[(hurt / "growing.nmea").stat().st_size :]  # nothing: the file has grown to its end
    remaining = tmp_path / "remaining.nmea"
    remaining.write_bytes(b"".join(one.piece.data for one in raw_log.read(raw)) + rest)
    other = watch(job_of(sea), tmp_path / "other", [f"file:{remaining}?format=nmea"], read_up_to(remaining))
    assert differences(house.standing(), other.standing()) == []


# ---- another watch over the same folder


def test_other_assets_are_learnt_anew(hurt: Path, sea: Path, lines: bytes, tmp_path: Path) -> None:
    less = json.loads((sea / "assets.geojson").read_text())["features"][0]["properties"]["id"]
    house = gone_on(hurt, sea, lines, less)
    assert "other assets" in said(house)
    assert "learns anew" in said(house)
    file = sea / "traffic.nmea"
    other = watch(job_of(sea, less), tmp_path / "other", [f"file:{file}?format=nmea"], read_up_to(file))
    assert differences(house.standing(), other.standing()) == []


def test_other_rules_are_learnt_anew(hurt: Path, sea: Path, lines: bytes, tmp_path: Path) -> None:
    job = job_of(sea)
    one = job.detectors["loitering"]
    stricter = job.detectors | {"loitering": replace(one, params=one.params._replace(hold_s=7200.0))}
    job = job._replace(detectors=stricter)
    growing, file = hurt / "growing.nmea", sea / "traffic.nmea"
    growing.write_bytes(lines)
    house = watch(job, hurt / "data", [f"file:{growing}?format=nmea"], read_up_to(growing))
    assert "the rules of loitering" in said(house)
    other = watch(job, tmp_path / "other", [f"file:{file}?format=nmea"], read_up_to(file))
    assert differences(house.standing(), other.standing()) == []


def test_a_live_watch_over_the_folder_of_a_replay_is_refused(sea: Path, tmp_path: Path) -> None:
    data, file = tmp_path / "data", sea / "traffic.nmea"
    replay = Replay([str(file)], job_of(sea), 0.0, SystemClock(), Options())
    watch(job_of(sea), data, [], lambda house: False, replay=replay)
    with pytest.raises(BadUse, match="holds a replay"):
        watch(job_of(sea), data, [f"file:{file}"], lambda house: False)


def test_a_folder_of_a_newer_version_is_refused(hurt: Path, sea: Path, lines: bytes) -> None:
    with closing(sqlite3.connect(hurt / "data" / "store.sqlite")) as database, database:
        database.execute("update meta set value = '999' where name = 'version'")
    with pytest.raises(BadStore, match="of version 999"):
        gone_on(hurt, sea, lines)


# ---- ended in order, in the middle of something


def test_ended_while_it_catches_up(
    hurt: Path, sea: Path, lines: bytes, calm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = hurt / "data"
    no_checkpoints(data)
    monkeypatch.setattr(restart, "GROUP_BYTES", 1 << 16)
    url = [f"file:{hurt / 'growing.nmea'}?format=nmea"]
    house = watch(job_of(sea), data, url, lambda house: house.keeper.seq > 0)
    assert not house.room.progress.caught_up
    gone_on(hurt, sea, lines)
    assert differences(alerts_in(data), alerts_in(calm)) == []


def test_ended_while_a_checkpoint_is_written(hurt: Path, sea: Path, lines: bytes, calm: Path) -> None:
    data, growing = hurt / "data", hurt / "growing.nmea"
    growing.write_bytes(lines)

    def written(house: Warned) -> bool:
        return any((data / "checkpoints").glob("*.new"))

    watch(job_of(sea), data, [f"file:{growing}?format=nmea"], written, checkpoint_s=0.05)
    assert not list((data / "checkpoints").glob("*.new"))
    gone_on(hurt, sea, lines)
    assert differences(alerts_in(data), alerts_in(calm)) == []


def test_a_replay_ended_in_the_middle_goes_on(sea: Path, tmp_path: Path) -> None:
    def play(data: Path, until: Callable[[Warned], bool]) -> Warned:
        replay = Replay([str(sea / "traffic.nmea")], job_of(sea), 0.0, SystemClock(), Options())
        return watch(job_of(sea), data, [], until, replay=replay, checkpoint_s=0.1)

    half = play(tmp_path / "data", lambda house: house.room.progress.positions > 40_000)
    assert half.room.progress.positions < 100_000
    play(tmp_path / "data", lambda house: False)
    play(tmp_path / "whole", lambda house: False)
    assert differences(alerts_in(tmp_path / "data"), alerts_in(tmp_path / "whole")) == []
